// Answers case jobs with the npm package `s3iam-wasm`, as `../PROTOCOL.md` says; with its module for gateways
// if the argument is `gateway`.

import { createInterface } from 'node:readline'

const entry = process.argv[2] === 'gateway' ? 'gateway-node.js' : 'node.js'
const { Account, Iam, Policy, PolicySet, S3IamError, Verifier, validate } = await import(`../../../wasm/js/${entry}`)
const BATCHES = 7
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Takes the fields of a job one after another; a field is kept with one character for each byte. */
class Fields {
  #fields
  #next = 0

  constructor(line) {
    this.#fields = line.split('\t').map((field) =>
      field.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))))
  }

  latin1() {
    if (this.#next === this.#fields.length) throw new Error('a field is missing')
    return this.#fields[this.#next++]
  }

  bytes() {
    return Uint8Array.from(this.latin1(), (character) => character.charCodeAt(0))
  }

  text() {
    return utf8.decode(this.bytes())
  }

  flag() {
    return this.latin1() === '1'
  }

  number() {
    return Number(this.latin1())
  }

  list() {
    const text = this.text()
    return text === '' ? [] : text.split(',')
  }

  /** The value after `=`, read by `read`; undefined for `-`. */
  optional(read) {
    const field = this.latin1()
    if (field === '-') return undefined
    this.#fields[--this.#next] = field.slice(1)
    return read.call(this)
  }

  pairs(count, read) {
    return Array.from({ length: count }, () => [read.call(this), read.call(this)])
  }

  context() {
    const context = {}
    for (const [name, value] of this.pairs(this.number(), this.text)) (context[name] ??= []).push(value)
    return context
  }

  /** Method, target, headers and body, as on the wire. */
  request() {
    return {
      method: this.latin1(),
      url: this.latin1(),
      headers: this.pairs(this.number(), this.latin1),
      body: this.optional(this.bytes),
    }
  }
}

const verbs = {
  validate(job) {
    const options = { dialect: job.text(), kind: job.text(), bucket: job.optional(job.text) }
    const { status, findings } = validate(job.bytes(), options)
    return [status, findings.map((finding) => finding.code).join(',')]
  },

  decide(job) {
    const options = { dialect: job.text(), kind: job.text(), lenient: true }
    const question = { account: job.text(), isOwner: job.flag(), denyOnly: job.flag() }
    Object.assign(question, { action: job.text(), bucket: job.text(), object: job.text() })
    const policies = Array.from({ length: job.number() }, () => Policy.parse(job.bytes(), options))
    question.context = job.context()
    return outcome(new PolicySet(policies).decide(question))
  },

  account(job) {
    const [account, question] = asker(job)
    question.denyOnly = job.flag()
    Object.assign(question, { action: job.text(), bucket: job.text(), object: job.text(), context: job.context() })
    const decision = account.decide(question)
    return [...outcome(decision), decision.layer]
  },

  operation(job) {
    const [account, question] = asker(job)
    Object.assign(question, { operation: job.text(), bucket: job.text(), object: job.text() })
    question.versionId = job.optional(job.text)
    if (job.flag()) {
      question.copySource = { bucket: job.text(), object: job.text(), versionId: job.optional(job.text) }
    }
    for (const name of job.list()) question[name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())] = true
    question.buckets = Array.from({ length: job.number() }, () => job.text())
    question.context = job.context()
    const decision = account.decideOperation(question)
    return [...outcome(decision), decision.layer]
  },

  verify(job) {
    const verifier = new Verifier({
      errorProfile: job.text(),
      region: job.text(),
      services: job.list(),
      maxSkewSeconds: job.number(),
      requireContentSha256: job.flag(),
    })
    const now = job.number()
    for (let left = job.number(); left > 0; left--) {
      verifier.addKey({
        accessKey: job.text(),
        secretKey: job.text(),
        sessionToken: job.optional(job.text),
        expires: job.optional(job.number),
        enabled: job.flag(),
      })
    }
    try {
      const { anonymous, accessKey, form, payload } = verifier.verify(job.request(), { now })
      return anonymous ? ['anonymous'] : ['accept', accessKey, form, payload]
    } catch (error) {
      if (!(error instanceof S3IamError)) throw error
      return ['reject', error.code, error.s3Code, error.httpStatus]
    }
  },

  authorize(job) {
    const repetitions = job.number()
    const directory = job.bytes()
    const iam = Iam.load(directory, { errorProfile: job.text(), region: job.text(), domains: job.list() })
    const facts = { now: job.number(), remoteAddress: job.text(), secure: job.flag(), requestId: job.text() }
    const request = { ...job.request(), ...facts }
    const tags = job.latin1()
    if (tags !== '-') request.objectTags = job.pairs(Number(tags), job.text)
    const verdict = iam.authorize(request)
    const { error, decision } = verdict
    return [
      verdict.allowed ? 'allowed' : 'refused',
      verdict.user ?? '',
      verdict.operation ?? '',
      verdict.bucket ?? '',
      verdict.key ?? '',
      error?.s3Code ?? '',
      verdict.httpStatus,
      decision?.outcome ?? '',
      decision?.statement?.policy ?? '',
      decision?.statement?.index ?? '',
      verdict.keys.filter((key) => key.allowed).length,
      verdict.errorXml,
      repetitions > 1 ? nanosecondsPerCall(repetitions, () => iam.authorize(request).allowed) : '',
    ]
  },
}

function outcome({ outcome, reason, statement }) {
  return [outcome, reason, statement === null ? '' : `${statement.policyIndex}:${statement.index}`]
}

/** The account, and what else it is asked with. */
function asker(job) {
  const options = { credential: job.text(), parentIsRoot: job.flag() }
  options.policies = Array.from({ length: job.number() }, () => Policy.parse(job.bytes(), { lenient: true }))
  options.sessionPolicy = job.optional(job.bytes)
  const bucketPolicy = job.optional(job.bytes)
  const question = { account: job.text() }
  if (bucketPolicy !== undefined) {
    question.bucketPolicy = Policy.parse(bucketPolicy, { kind: 'bucket', lenient: true })
  }
  return [new Account(options), question]
}

/** The median of several batches. */
function nanosecondsPerCall(repetitions, call) {
  const size = Math.max(1, Math.floor(repetitions / BATCHES))
  const times = Array.from({ length: BATCHES }, () => {
    const start = process.hrtime.bigint()
    for (let i = 0; i < size; i++) call()
    return Number(process.hrtime.bigint() - start) / size
  })
  return Math.round(times.sort((a, b) => a - b)[BATCHES >> 1])
}

function answer(line) {
  const job = new Fields(line)
  const verb = job.text()
  try {
    if (!Object.hasOwn(verbs, verb)) throw new Error(`unknown verb ${verb}`)
    return verbs[verb](job)
  } catch (error) {
    return ['error', error instanceof S3IamError ? error.code : 'adapter', error.message]
  }
}

function encoded(field) {
  return Array.from(new TextEncoder().encode(String(field)), (byte) =>
    byte >= 0x20 && byte <= 0x7e && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${answer(line).map(encoded).join('\t')}\n`)
}
