// Answers case jobs with the npm package `s3iam-wasm`, as `../PROTOCOL.md` says; with its module for gateways
// if the argument is `gateway`.

import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'

const isGateway = process.argv[2] === 'gateway'
const entry = isGateway ? 'gateway-node.js' : 'node.js'
const { Account, Iam, Layers, Policy, PolicySet, S3IamError, Verifier, validate } = await import(`../../../wasm/js/${entry}`)
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

  times(read) {
    return Array.from({ length: this.number() }, () => read.call(this))
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
    const [set, question] = questions.decide(job)
    return outcome(set.decide(question))
  },

  account(job) {
    const [account, question] = questions.account(job)
    const decision = account.decide(question)
    return [...outcome(decision), decision.layer]
  },

  layers(job) {
    const [layers, question] = questions.layers(job)
    const decision = layers.decide(question)
    return [...outcome(decision), decision.layer, decision.level ?? 0]
  },

  explain(job) {
    const [asked, question] = questions[job.text()](job)
    const { decision, statements, sentence } = asked.explain(question)
    const { layer = '', level = layer === '' ? '' : 0 } = decision
    return [...outcome(decision), layer, level, statements.map(trace).join(','), sentence]
  },

  many(job) {
    const set = policies(job)
    const [actions, resources] = [job.times(job.text), job.times(job.text)]
    const decisions = set.decideMany({ actions, resources, contexts: job.times(job.context) })
    return [decisions.map((decision) => decision.outcome).join(',')]
  },

  actions(job) {
    const set = policies(job)
    return [set.allowedActions({ resource: job.text(), context: job.context() }).join(',')]
  },

  access(job) {
    const set = policies(job)
    const access = set.access({ action: job.text(), complete: job.flag(), context: job.context() })
    const allows = access.layers.flatMap((layer) => layer.allow)
    const denies = access.layers.flatMap((layer) => layer.deny)
    const conditions = [...allows, ...denies].flatMap((region) => region.conditions)
    return [
      job.times(job.text).map((resource) => mark(access.allows(resource))).join(','),
      allows.flatMap((region) => region.resources).join(','),
      denies.flatMap((region) => region.resources).join(','),
      conditions.map(({ operator, key }) => `${operator} ${key}`).join(','),
    ]
  },

  operation(job) {
    const [account, question] = asker(job)
    Object.assign(question, { operation: job.text(), bucket: job.text(), object: job.text() })
    question.versionId = job.optional(job.text)
    if (job.flag()) {
      question.copySource = { bucket: job.text(), object: job.text(), versionId: job.optional(job.text) }
    }
    for (const name of job.list()) question[name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())] = true
    question.buckets = job.times(job.text)
    question.context = job.context()
    const decision = account.decideOperation(question)
    return [...outcome(decision), decision.layer]
  },

  verify(job) {
    const { verifier, piece, request } = verification(job)
    const { body, ...head } = request
    const sent = isChunked(request) ? head : request
    return unlessRejected(() => {
      const verified = verifier.verify(sent)
      const { anonymous, accessKey, form, payload } = verified
      const fields = anonymous ? ['anonymous'] : ['accept', accessKey, form, payload]
      // The gateway's module compares a body with its hash where that is all there is to compare.
      if (body === undefined || (isGateway && !announcesMore(request))) return fields
      const reader = anonymous ? verifier.anonymousBody(sent) : verified.bodyReader()
      return [...fields, ...read(reader, body, piece)]
    })
  },

  time(job) {
    const repetitions = job.number()
    const { verifier, request } = verification(job)
    return unlessRejected(() => {
      verifier.verify(request)
      return ['accept', nanosecondsPerCall(repetitions, () => verifier.verify(request).anonymous)]
    })
  },

  post(job) {
    const { verifier, domains, request } = verification(job)
    const form = { fields: job.pairs(job.number(), job.bytes), fileName: job.optional(job.bytes), fileLength: job.optional(job.number) }
    return unlessRejected(() => {
      const { anonymous, accessKey, form: name, key, upload } = verifier.verifyPost(request, bucketOf(request, domains), form)
      const { leastLength, mostLength, successStatus, successRedirect, headers } = upload
      return [
        anonymous ? 'anonymous' : 'accept',
        accessKey ?? '',
        name ?? '',
        key,
        leastLength,
        mostLength === Infinity ? 2n ** 64n - 1n : mostLength,
        successStatus,
        successRedirect ?? '',
        headers.map((header) => header.join(':')).join('\n'),
      ]
    })
  },

  diagnose(job) {
    const { verifier, request } = verification(job)
    const client = { canonicalRequest: job.optional(job.bytes), stringToSign: job.optional(job.bytes) }
    const { outcome, code, cause, certain, differences, others, safeMessage } = verifier.diagnose(request, client)
    return [
      { verifies: 'accept', anonymous: 'anonymous', refused: 'reject' }[outcome],
      code ?? '',
      cause?.code ?? '',
      Number(certain),
      differences.map((difference) => difference.element).join(','),
      others.map((other) => other.code).join(','),
      safeMessage,
    ]
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

/** A verifier with its keys, and a request to it. */
function verification(job) {
  const options = { errorProfile: job.text(), region: job.text(), services: job.list(), maxSkewSeconds: job.number() }
  options.requireContentSha256 = job.flag()
  const flags = new Set(job.list())
  options.allowSigv2 = flags.has('allow_sigv2')
  // The gateway's module has no SigV4A to allow.
  if (!isGateway || flags.has('refuse_sigv4a')) options.allowSigv4a = !flags.has('refuse_sigv4a')
  options.requireSignedAmzHeaders = !flags.has('unsigned_amz_headers')
  options.requireMinChunk = flags.has('min_chunk')
  const maxChunkBytes = job.number()
  if (maxChunkBytes > 0) options.maxChunkBytes = maxChunkBytes
  const domains = job.list()
  const [piece, now] = [job.number(), job.number()]
  const verifier = new Verifier({ ...options, domains })
  job.times(() => {
    const key = { accessKey: job.text(), secretKey: job.text(), sessionToken: job.optional(job.text) }
    verifier.addKey({ ...key, expires: job.optional(job.number), enabled: job.flag() })
  })
  return { verifier, domains, piece, request: { ...job.request(), now } }
}

/** Whether the body is cut into chunks, which a reader puts together again. */
function isChunked({ headers }) {
  return headers.some(([name, value]) => name.toLowerCase() === 'x-amz-content-sha256' && value.trim().startsWith('STREAMING-'))
}

/** Whether the request may announce more of its body than a hash. */
function announcesMore(request) {
  const isSum = (name) => /^(x-amz-checksum-.*|content-md5|x-amz-trailer|x-amz-sdk-checksum-algorithm)$/i.test(name)
  return isChunked(request) || request.headers.some(([name]) => isSum(name)) || /[?&]x-amz-checksum-/i.test(request.url)
}

/** Gives a body to its reader: its decoded length, and the hash of what was released. */
function read(reader, body, piece) {
  const hash = createHash('sha256')
  const size = piece === 0 ? Math.max(body.length, 1) : piece
  for (let at = 0; at < body.length; at += size) hash.update(reader.push(body.subarray(at, at + size)))
  return [reader.finish().decodedLength, hash.digest('hex')]
}

/** The bucket of a form's URL: the path, or the host below a domain. */
function bucketOf({ url, headers }, domains) {
  const [, host] = headers.find(([name]) => name.toLowerCase() === 'host') ?? ['', '']
  const domain = domains.find((name) => host.endsWith(`.${name}`))
  return domain === undefined ? (url.split('?')[0].split('/')[1] ?? '') : host.slice(0, -domain.length - 1)
}

/** The answer, or the rejection that was thrown. What is not there is no judgement of the request. */
function unlessRejected(answer) {
  try {
    return answer()
  } catch (error) {
    if (!(error instanceof S3IamError) || error.code === 'unsupported') throw error
    return ['reject', error.code, error.s3Code, error.httpStatus]
  }
}

/** Who is asked, and what. */
const questions = {
  decide(job) {
    const options = { dialect: job.text(), kind: job.text() }
    const question = { account: job.text(), isOwner: job.flag(), denyOnly: job.flag() }
    Object.assign(question, { action: job.text(), bucket: job.text(), object: job.text() })
    const set = policies(job, options)
    return [set, { ...question, context: job.context() }]
  },

  account(job) {
    const [account, question] = asker(job)
    question.denyOnly = job.flag()
    Object.assign(question, { action: job.text(), bucket: job.text(), object: job.text() })
    return [account, { ...question, context: job.context() }]
  },

  layers(job) {
    const principal = principalOf(job.text(), job.text(), job.optional(job.text))
    const question = { principal, action: job.text(), resource: job.text() }
    question.resourceAccount = job.optional(job.text)
    question.context = job.context()
    const [scp, rcp] = [job.times(() => []), job.times(() => [])]
    const layers = { identity: [], session: [], scp, rcp }
    for (let left = job.number(); left > 0; left--) {
      const [layer, level, kind] = [job.text(), job.number(), job.text()]
      const policy = Policy.parse(job.bytes(), { dialect: 'aws', kind, lenient: true })
      if (layer === 'scp' || layer === 'rcp') layers[layer][level].push(policy)
      else if (Array.isArray(layers[layer])) layers[layer].push(policy)
      else layers[layer] = policy
    }
    const acl = job.optional(job.text)
    if (acl !== undefined) question.acl = JSON.parse(acl)
    const settings = job.list().map((name) => [name[0].toLowerCase() + name.slice(1), true])
    return [new Layers({ ...layers, publicAccessBlock: Object.fromEntries(settings) }), question]
  },
}

/** A principal of this package, from its kind, its name, and who is behind it. */
function principalOf(type, name, behind) {
  switch (type) {
    case 'role-session':
      return { type, arn: name, role: behind }
    case 'federated-user':
      return { type, arn: name, user: behind }
    case 'service':
      return { type, name }
    case 'federated':
      return { type, provider: name }
    case 'anonymous':
      return { type }
    default:
      return { type, arn: name }
  }
}

function policies(job, options = { dialect: job.text(), kind: job.text() }) {
  return new PolicySet(job.times(() => Policy.parse(job.bytes(), { ...options, lenient: true })))
}

function trace({ layer = '', level = 0, policyIndex, index, applies, elements }) {
  const held = elements.map(({ element, holds }) => `${element}=${mark(holds)}`)
  return [layer, level, policyIndex, index, mark(applies), held.join('+')].join(':')
}

/** Yes, no, or not known. */
function mark(truth) {
  return truth === null ? '?' : Number(truth)
}

function outcome({ outcome, reason, statement }) {
  return [outcome, reason, statement === null ? '' : `${statement.policyIndex}:${statement.index}`]
}

/** The account, and what else it is asked with. */
function asker(job) {
  const options = { credential: job.text(), parentIsRoot: job.flag() }
  options.policies = job.times(() => Policy.parse(job.bytes(), { lenient: true }))
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
