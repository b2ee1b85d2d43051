import { S3IamError, invalidArgument, translated } from './errors.js'

/** Buffers larger than this are given back with the next call. */
const KEPT_BYTES = 1024 * 1024

const encoder = new TextEncoder()
let raw = null
let memory = null
let stopped = null
let view = new Uint8Array(0)

/** Takes the loaded module into use. */
export function use(module, instance) {
  raw = module
  memory = instance.memory
}

/** The module's own functions and classes. */
export function engine() {
  if (raw === null) throw invalidArgument('s3iam-wasm is not loaded yet: await init() first')
  if (stopped !== null) throw stopped
  return raw
}

/** The error to throw for what a call threw. Once the module has stopped, every later call says so. */
export function failure(thrown) {
  const error = translated(thrown)
  if (error instanceof S3IamError && error.cause instanceof WebAssembly.RuntimeError) stopped = error
  return error
}

/** Calls into the module. */
export function call(work) {
  try {
    return work(engine())
  } catch (thrown) {
    throw failure(thrown)
  }
}

/**
 * Room for at least `bytes` bytes of input to the next call. The place only moves here, and a view
 * that lost its memory because that grew has length 0, so a view that is long enough is the right one.
 */
export function room(bytes) {
  if (view.length < bytes || view.length > KEPT_BYTES) {
    const length = Math.max(bytes, 4096)
    const pointer = engine().exchange(length)
    view = new Uint8Array(memory.buffer, pointer, length)
  }
  return view
}

/** Writes text as UTF-8 into the exchange buffer and returns how many bytes it took. */
export function exchangeText(text) {
  return encoder.encodeInto(text, room(3 * text.length)).written
}

/** A document given as text or as bytes, as bytes. */
export function documentBytes(document, name) {
  if (typeof document === 'string') return encoder.encode(document)
  if (document instanceof Uint8Array) return document
  throw invalidArgument(`${name} must be a string or a Uint8Array`)
}

/** Checks that an argument is a string. */
export function text(value, name) {
  if (typeof value !== 'string') throw invalidArgument(`${name} must be a string`)
  return value
}
