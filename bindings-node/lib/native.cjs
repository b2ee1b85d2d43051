'use strict'
// Finds and loads the native addon: first the file beside the package, where a local build puts it,
// then the package that holds the addon of this platform alone.

/** `gnu` or `musl` on Linux, else nothing. */
function libc() {
  if (process.platform !== 'linux') return ''
  return process.report.getReport().header.glibcVersionRuntime === undefined ? '-musl' : '-gnu'
}

/** `linux-x64-gnu`, `darwin-arm64`, `win32-x64-msvc`, … */
function target() {
  const toolchain = process.platform === 'win32' ? '-msvc' : libc()
  return `${process.platform}-${process.arch}${toolchain}`
}

/** The name of the addon's file on this platform. */
function addonFile() {
  return `s3iam.${target()}.node`
}

/** Loads the addon, or throws an error that lists everything that was tried. */
function load() {
  const tried = []
  for (const place of [`../${addonFile()}`, `s3iam-${target()}`]) {
    try {
      return require(place)
    } catch (error) {
      tried.push(`${place}: ${error.message.split('\n', 1)[0]}`)
    }
  }
  const error = new Error(
    `s3iam has no native addon for ${target()}. Tried:\n  ${tried.join('\n  ')}\n` +
      'Build it in the package folder with "npm run build".',
  )
  error.code = 'ERR_S3IAM_NO_ADDON'
  throw error
}

module.exports = { addonFile, load }
