// The loaded module, the buffer through which it is spoken to, and what becomes of what it throws.

import { S3IamError, errorOf, failure, invalidArgument } from './errors.js'

/** A larger buffer is given back when the next call needs less. */
const KEPT_BYTES = 1024 * 1024
const SMALLEST_BYTES = 16 * 1024

let raw = null
let memory = null
let stopped = null
let isAsked = false
let view = new Uint8Array(0)
/** Where the buffer lies in the memory. */
let place = 0
const decoder = new TextDecoder()

/**
 * Takes a loaded module into use. Where both are loaded the complete one answers, whichever came first;
 * but it comes too late once the other was asked: what that has made cannot be asked through this one's
 * buffer.
 */
export function use(module, { memory: itsMemory }) {
  if (raw === module || (raw !== null && isComplete(raw))) return
  if (isAsked) throw invalidArgument('s3iam-wasm/gateway is in use already: load s3iam-wasm before it is asked')
  raw = module
  memory = itsMemory
}

/** Whether that is the complete module, and not the gateway's. */
export function isComplete(module) {
  return module.Account !== undefined
}

/** Refuses what the gateway's module does not have. */
export function needsComplete(what) {
  if (!isComplete(engine())) throw failure('unsupported', `s3iam-wasm/gateway is without ${what}: import s3iam-wasm`)
}

/** The complete module's own functions and classes, among them `what`. */
export function complete(what) {
  needsComplete(what)
  return engine()
}

/** The module's own functions and classes. */
export function engine() {
  if (raw === null) throw invalidArgument('s3iam-wasm is not loaded yet: await init() first')
  if (stopped !== null) throw stopped
  isAsked = true
  return raw
}

/** Calls into the module. */
export function call(work) {
  try {
    return work(engine())
  } catch (thrown) {
    throw fromModule(thrown)
  }
}

/**
 * The error for what a call threw. The module throws an error's JSON as text. If it throws anything
 * else it has stopped for good, and every later call says so.
 */
export function fromModule(thrown) {
  if (typeof thrown === 'string') {
    const { error, findings } = JSON.parse(thrown)
    return errorOf(error, findings?.findings)
  }
  if (thrown instanceof WebAssembly.RuntimeError) {
    stopped = failure('internal', 'The module has stopped and cannot be used any more; load it again.', thrown)
    return stopped
  }
  return thrown instanceof S3IamError ? thrown : failure('internal', `The module failed: ${thrown}`, thrown)
}

/**
 * Room for the input of the next call, at least `bytes` long. The buffer moves only here; a view whose
 * memory was replaced because that grew has length 0, so a view that is long enough is in its place.
 */
export function room(bytes) {
  if (view.length < bytes || view.length > KEPT_BYTES) {
    const length = Math.max(bytes, SMALLEST_BYTES)
    const pointer = call((raw) => raw.exchange(length)) >>> 0
    if (pointer === 0) throw failure('internal', `There is no memory for an input of ${length} bytes.`)
    place = pointer
    view = bytesAt(pointer, length)
  }
  return view
}

/** Bytes of the memory, as it is now. Node reads and writes short texts quickest in its own kind of bytes. */
function bytesAt(pointer, length) {
  const { Buffer } = globalThis
  return Buffer === undefined ? new Uint8Array(memory.buffer, pointer, length) : Buffer.from(memory.buffer, pointer, length)
}

/** The text that the last call left in the buffer: twice its length, and one more if it is not ASCII. */
export function left(answer) {
  const length = answer >> 1
  // The memory may have grown while the module answered, which leaves the view without bytes. The buffer has not moved.
  const bytes = view.length < length ? bytesAt(place, length) : view
  const isAscii = (answer & 1) === 0
  return isAscii && bytes.latin1Slice !== undefined ? bytes.latin1Slice(0, length) : decoder.decode(bytes.subarray(0, length))
}
