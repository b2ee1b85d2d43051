// Answers the case runner's jobs with the npm package, through what any user of it has. The lines are
// described in `../PROTOCOL.md`.
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import {
  Account,
  Iam,
  Layers,
  Policy,
  PolicySet,
  S3IamError,
  Verifier,
  validate,
} from '../../../bindings-node/lib/index.js'

/** A field as text whose characters are the field's bytes: one piece in memory, as Node's own parser
 * makes it, and not a chain of pieces to be put together in whatever is measured. */
const decode = (field) => {
  const text = field.replace(/\\x([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(text, 'latin1').latin1Slice()
}

/** A field, of text in UTF-8. */
const encode = (value) =>
  Buffer.from(String(value), 'utf8')
    .toString('latin1')
    .replace(/[^ -[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** Takes the fields of a job one after another. */
class Fields {
  constructor(line) {
    this.rest = line.split('\t').map(decode)
    this.at = 0
  }

  /** Bytes as Latin-1 text, as Node hands out what was on the wire. */
  wire() {
    if (this.at >= this.rest.length) throw new Error('the job ends too early')
    return this.rest[this.at++]
  }

  bytes() {
    return Buffer.from(this.wire(), 'latin1')
  }

  text() {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes())
  }

  number() {
    return Number(this.wire())
  }

  boolean() {
    return this.wire() === '1'
  }

  list() {
    return this.text().split(',').filter((item) => item !== '')
  }

  /** What `read` makes of the value of a field that may be absent. */
  optional(read) {
    const field = this.wire()
    if (field === '-') return undefined
    this.rest[--this.at] = field.slice(1)
    return read()
  }

  times(read) {
    return Array.from({ length: this.number() }, read)
  }

  context() {
    const context = Object.create(null)
    for (const [name, value] of this.pairs(() => this.text())) (context[name] ??= []).push(value)
    return context
  }

  pairs(read) {
    return this.times(() => [read(), read()])
  }

  /** Method, target, headers, body. */
  http() {
    const [method, url] = [this.wire(), this.wire()]
    const rawHeaders = this.pairs(() => this.wire()).flat()
    return { method, url, rawHeaders, body: this.optional(() => this.bytes()) }
  }
}

const VERBS = {
  validate(job) {
    const options = { dialect: job.text(), kind: job.text(), bucket: job.optional(() => job.text()) }
    const { status, findings } = validate(job.bytes(), options)
    return [status, findings.map((finding) => finding.code).join(',')]
  },

  decide(job) {
    const [set, query] = QUESTIONS.decide(job)
    return outcome(set.decide(query))
  },

  account(job) {
    const [account, query] = QUESTIONS.account(job)
    const decision = account.decide(query)
    return [...outcome(decision), decision.layer]
  },

  layers(job) {
    const [layers, query] = QUESTIONS.layers(job)
    const decision = layers.decide(query)
    return [...outcome(decision), decision.layer, decision.level ?? 0]
  },

  explain(job) {
    const [asked, query] = QUESTIONS[job.text()](job)
    const { decision, statements, sentence } = asked.explain(query)
    const { layer = '', level = layer === '' ? '' : 0 } = decision
    return [...outcome(decision), layer, level, statements.map(trace).join(','), sentence]
  },

  many(job) {
    const set = policies(job)
    const [actions, resources] = [job.times(() => job.text()), job.times(() => job.text())]
    const decisions = set.decideMany({ actions, resources, contexts: job.times(() => job.context()) })
    return [decisions.map((decision) => decision.outcome).join(',')]
  },

  actions(job) {
    const set = policies(job)
    return [set.allowedActions({ resource: job.text(), context: job.context() }).join(',')]
  },

  access(job) {
    const set = policies(job)
    const access = set.access({ action: job.text(), complete: job.boolean(), context: job.context() })
    const allows = access.layers.flatMap((layer) => layer.allow)
    const denies = access.layers.flatMap((layer) => layer.deny)
    const conditions = [...allows, ...denies].flatMap((region) => region.conditions)
    return [
      job.times(() => mark(access.allows(job.text()))).join(','),
      allows.flatMap((region) => region.resources).join(','),
      denies.flatMap((region) => region.resources).join(','),
      conditions.map(({ operator, key }) => `${operator} ${key}`).join(','),
    ]
  },

  operation(job) {
    const [account, query] = asker(job)
    Object.assign(query, { operation: job.text(), bucket: job.text(), object: job.text() })
    query.versionId = job.optional(() => job.text())
    if (job.boolean()) {
      const [bucket, object] = [job.text(), job.text()]
      query.copySource = { bucket, object, versionId: job.optional(() => job.text()) }
    }
    for (const flag of job.list()) query[flag.replace(/_(.)/g, (_, letter) => letter.toUpperCase())] = true
    query.buckets = job.times(() => job.text())
    const decision = account.decideOperation({ ...query, context: job.context() })
    return [...outcome(decision), decision.layer]
  },

  verify(job) {
    const { verifier, piece, request } = verification(job)
    const { body, ...head } = request
    const isChunked = request.rawHeaders.some(
      (name, i, all) =>
        i % 2 === 0 && name.toLowerCase() === 'x-amz-content-sha256' && all[i + 1]?.trim().startsWith('STREAMING-'),
    )
    return unlessRejected(() => {
      const sent = isChunked ? head : request
      const verified = verifier.verify(sent)
      const { anonymous, accessKey, form, payload } = verified
      const reader = anonymous ? verifier.anonymousBody(sent) : verified.bodyReader()
      const of = body === undefined ? [] : read(reader, body, piece)
      return anonymous ? ['anonymous', ...of] : ['accept', accessKey, form, payload, ...of]
    })
  },

  time(job) {
    const repetitions = job.number()
    const { verifier, request } = verification(job)
    return unlessRejected(() => {
      verifier.verify(request)
      return ['accept', nanosecondsACall(repetitions, () => verifier.verify(request).anonymous)]
    })
  },

  post(job) {
    const { verifier, domains, request } = verification(job)
    const fields = job.pairs(() => job.bytes())
    const form = { fields, fileName: job.optional(() => job.bytes()), fileLength: job.optional(() => job.number()) }
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
    const client = { canonicalRequest: job.optional(() => job.bytes()), stringToSign: job.optional(() => job.bytes()) }
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
    const options = { errorProfile: job.text(), region: job.text(), domains: job.list() }
    const facts = { now: job.number(), remoteAddress: job.text(), secure: job.boolean(), requestId: job.text() }
    const request = { ...facts, ...job.http(), objectTags: tags(job) }
    const iam = Iam.load(directory, options)
    const verdict = iam.authorize(request)
    const { statement = null, outcome = '' } = verdict.decision ?? {}
    return [
      verdict.allowed ? 'allowed' : 'refused',
      verdict.user ?? '',
      verdict.operation ?? '',
      verdict.bucket ?? '',
      verdict.key ?? '',
      verdict.error?.s3Code ?? '',
      verdict.httpStatus,
      outcome,
      statement?.policy ?? '',
      statement?.index ?? '',
      verdict.keys.filter((key) => key.allowed).length,
      verdict.errorXml,
      repetitions > 1 ? nanosecondsACall(repetitions, () => iam.authorize(request).allowed) : '',
    ]
  },
}

/** A verifier with its keys, and a request to it. */
function verification(job) {
  const errorProfile = job.text()
  const options = { errorProfile, region: job.text(), services: job.list(), maxSkewSeconds: job.number() }
  options.requireContentSha256 = job.boolean()
  const flags = new Set(job.list())
  options.allowSigv2 = flags.has('allow_sigv2')
  options.allowSigv4a = !flags.has('refuse_sigv4a')
  options.requireSignedAmzHeaders = !flags.has('unsigned_amz_headers')
  options.requireMinChunk = flags.has('min_chunk')
  const maxChunkBytes = job.number()
  if (maxChunkBytes > 0) options.maxChunkBytes = maxChunkBytes
  const domains = job.list()
  const [piece, now] = [job.number(), job.number()]
  const verifier = new Verifier({ ...options, domains })
  job.times(() => {
    const key = { accessKey: job.text(), secretKey: job.text(), sessionToken: job.optional(() => job.text()) }
    verifier.addKey({ ...key, expires: job.optional(() => job.number()), enabled: job.boolean() })
  })
  return { verifier, domains, piece, request: { ...job.http(), now } }
}

/** Gives a body to its reader: its decoded length, and the hash of what was released. */
function read(reader, body, piece) {
  const hash = createHash('sha256')
  const size = piece === 0 ? Math.max(body.length, 1) : piece
  for (let at = 0; at < body.length; at += size) hash.update(reader.push(body.subarray(at, at + size)))
  return [reader.finish().decodedLength, hash.digest('hex')]
}

/** The bucket of a form's URL: the path, or the host below a domain. */
function bucketOf({ url, rawHeaders }, domains) {
  const host = rawHeaders[rawHeaders.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'host') + 1] ?? ''
  const domain = domains.find((name) => host.endsWith(`.${name}`))
  return domain === undefined ? (url.split('?')[0].split('/')[1] ?? '') : host.slice(0, -domain.length - 1)
}

/** The answer, or the rejection that was thrown. */
function unlessRejected(answer) {
  try {
    return answer()
  } catch (error) {
    if (!(error instanceof S3IamError)) throw error
    return ['reject', error.code, error.s3Code, error.httpStatus]
  }
}

/** Who is asked, and what. */
const QUESTIONS = {
  decide(job) {
    const options = { dialect: job.text(), kind: job.text() }
    const [account, isOwner, denyOnly] = [job.text(), job.boolean(), job.boolean()]
    const [action, bucket, object] = [job.text(), job.text(), job.text()]
    const set = policies(job, options)
    return [set, { action, bucket, object, account, isOwner, denyOnly, context: job.context() }]
  },

  account(job) {
    const [account, caller] = asker(job)
    const denyOnly = job.boolean()
    const [action, bucket, object] = [job.text(), job.text(), job.text()]
    return [account, { ...caller, denyOnly, action, bucket, object, context: job.context() }]
  },

  layers(job) {
    const principal = principalOf(job.text(), job.text(), job.optional(() => job.text()))
    const query = { principal, action: job.text(), resource: job.text() }
    query.resourceAccount = job.optional(() => job.text())
    query.context = job.context()
    const [scp, rcp] = [job.times(() => []), job.times(() => [])]
    const layers = { identity: [], session: [], scp, rcp }
    job.times(() => {
      const [layer, level, kind] = [job.text(), job.number(), job.text()]
      const policy = Policy.parse(job.bytes(), { dialect: 'aws', kind, lenient: true })
      if (layer === 'scp' || layer === 'rcp') layers[layer][level].push(policy)
      else if (Array.isArray(layers[layer])) layers[layer].push(policy)
      else layers[layer] = policy
    })
    const acl = job.optional(() => job.text())
    if (acl !== undefined) query.acl = JSON.parse(acl)
    const settings = job.list().map((name) => [name[0].toLowerCase() + name.slice(1), true])
    return [new Layers({ ...layers, publicAccessBlock: Object.fromEntries(settings) }), query]
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

function policies(job, { dialect, kind } = { dialect: job.text(), kind: job.text() }) {
  return new PolicySet(job.times(() => Policy.parse(job.bytes(), { dialect, kind, lenient: true })))
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
  const [credential, parentIsRoot] = [job.text(), job.boolean()]
  const policies = job.times(() => Policy.parse(job.bytes(), { lenient: true }))
  const [sessionPolicy, bucketPolicy] = [job.optional(() => job.bytes()), job.optional(() => job.bytes())]
  const query = { account: job.text() }
  if (bucketPolicy !== undefined) {
    query.bucketPolicy = Policy.parse(bucketPolicy, { kind: 'bucket', lenient: true })
  }
  return [new Account({ credential, parentIsRoot, policies, sessionPolicy }), query]
}

/** The number of tags, or `-`, then keys and values. */
function tags(job) {
  const count = job.wire()
  return count === '-' ? undefined : Array.from({ length: Number(count) }, () => [job.text(), job.text()])
}

/** The median of several batches. */
function nanosecondsACall(repetitions, call) {
  const batches = 7
  const size = Math.max(1, Math.floor(repetitions / batches))
  const times = Array.from({ length: batches }, () => {
    const start = process.hrtime.bigint()
    for (let i = 0; i < size; i++) call()
    return Number(process.hrtime.bigint() - start) / size
  })
  return Math.round(times.sort((a, b) => a - b)[Math.floor(batches / 2)])
}

function answer(line) {
  try {
    const job = new Fields(line)
    const verb = job.text()
    if (!Object.hasOwn(VERBS, verb)) throw new Error(`unknown verb ${verb}`)
    return VERBS[verb](job)
  } catch (error) {
    return ['error', error instanceof S3IamError ? error.code : 'adapter', error.message]
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${answer(line).map(encode).join('\t')}\n`)
}
