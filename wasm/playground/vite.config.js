import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const module = fileURLToPath(new URL('../js/module/s3iam_bg.wasm', import.meta.url))
if (!existsSync(module)) {
  throw new Error('The module is not built yet. Run `cargo xtask build wasm` in the repository first.')
}

export default defineConfig({
  // The built page works in whatever folder it is served from.
  base: './',
  resolve: { alias: { 's3iam-wasm': fileURLToPath(new URL('../js/index.js', import.meta.url)) } },
  server: { host: '127.0.0.1', fs: { allow: ['..'] } },
  preview: { host: '127.0.0.1' },
  // Nothing is inlined: the page's Content-Security-Policy allows its own files only.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
