// Real Chromium for tests, and a loopback server for the pages that it loads.

import { existsSync, statSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { delimiter, extname, join, resolve, sep } from 'node:path'
import { chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** The policy that pages are served with: scripts from the page's own files, and WebAssembly. */
export const SECURITY_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:"

/** The path of Chromium: `CHROMIUM`, or the first of its names that is found in PATH. */
function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) if (existsSync(join(folder, name))) return join(folder, name)
  }
  throw new Error('no Chromium: install it, or set CHROMIUM to its path')
}

/** Starts Chromium with a profile of its own; `close` ends it and removes the profile. */
export async function startChromium() {
  const profile = await mkdtemp(join(tmpdir(), 's3iam-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    headless: true,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return {
    context,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Opens a page and collects what goes wrong in it: errors, console errors, and requests to elsewhere. */
export async function openPage(context, origin, path = '/', prepare = async () => {}) {
  const page = await context.newPage()
  const troubles = []
  page.on('pageerror', (error) => troubles.push(`page error: ${error.stack ?? error}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(`console: ${message.text()} (${message.location().url}:${message.location().lineNumber})`)
  })
  page.on('requestfailed', (request) => troubles.push(`failed: ${request.url()}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) troubles.push(`elsewhere: ${request.url()}`)
  })
  await prepare(page)
  await page.goto(origin + path)
  return { page, troubles }
}

/** Serves a folder on a free loopback port. `pages` has further answers by path: HTML text. */
export async function serve(folder, pages = {}) {
  const root = resolve(folder)
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://loopback')
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname
    const headers = { 'content-security-policy': SECURITY_POLICY }
    if (Object.hasOwn(pages, pathname)) {
      response.writeHead(200, { ...headers, 'content-type': TYPES[extname(path)] }).end(pages[pathname])
      return
    }
    const file = join(root, decodeURIComponent(path))
    if (!file.startsWith(root + sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { ...headers, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    response.end(await readFile(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    }),
  }
}
