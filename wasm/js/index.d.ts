/**
 * Identity and access management for S3-compatible storage.
 *
 * In browsers, bundlers and workers call `await init()` once before anything else; in Node the module
 * is loaded with the import and `init()` does nothing. Every call is synchronous and pure: nothing is
 * read from or sent to anywhere, and the clock is read only where `now` is left out.
 */

/** Where the module comes from, if not from beside the package's own files. */
export type ModuleSource = string | URL | Request | Response | BufferSource | WebAssembly.Module

/** Loads the module, once. */
export default function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>

/** Loads the module from its bytes, or as already compiled, without waiting. */
export function initSync(source?: BufferSource | WebAssembly.Module): void

/** The version of the module. */
export function version(): string

/** A document as text, or as the bytes of its UTF-8. */
export type DocumentSource = string | Uint8Array

/** Whose rules a policy follows. */
export type Dialect = 'minio' | 'aws'

/** What a policy is attached to; it decides which elements are allowed. */
export type Kind = 'identity' | 'bucket' | 'session'

/** How a policy is read. */
export interface PolicyOptions {
  /** `minio` if left out. */
  dialect?: Dialect
  /** `identity` if left out. */
  kind?: Kind
}

/** How a policy is read for deciding. */
export interface ParseOptions extends PolicyOptions {
  /** Take a policy that is not valid as long as it can be read, as stored policies are taken. */
  lenient?: boolean
}

/** Each status includes the ones after it: a document that is `good` can be created, attached and evaluated. */
export type Status = 'unreadable' | 'invalid' | 'refused' | 'good'

export type Severity = 'error' | 'security' | 'warning' | 'suggestion' | 'info'

/** A place in a document. Lines and columns count from 1. */
export interface Position {
  line: number
  /** In bytes of UTF-8. */
  column: number
  /** In UTF-16 units, as JavaScript strings and editors count. */
  columnUtf16: number
  /** Bytes of UTF-8 from the beginning of the document, from 0. */
  offset: number
}

/** Something found about a policy document. */
export interface Finding {
  /** The stable code, for example `E311`. */
  code: string
  /** The name of the check. */
  name: string
  severity: Severity
  /** What is wrong, in a sentence. */
  message: string
  /** What to do about it; empty if the message says it. */
  help: string
  /** Where, as an RFC 6901 pointer into the document. */
  pointer: string
  /** Where, in the text. */
  span: { start: Position; end: Position }
}

/** Everything found about a document, and how far it can be used. */
export interface Validation {
  status: Status
  /** In the order of the text. */
  findings: Finding[]
}

/** Everything found about a policy document. Never throws for what the document says. */
export function validate(policy: DocumentSource, options?: PolicyOptions): Validation

/** The names of the built-in policies. */
export function builtInPolicies(): string[]

/** A value of the request context. */
export type ContextValue = string | number | bigint | boolean | Date

/** A question to a policy. */
export interface Question {
  /** For example `s3:GetObject`. */
  action: string
  /** An ARN such as `arn:aws:s3:::photos/cat.jpg`, or its last part alone. Not together with `bucket`. */
  resource?: string
  /** The bucket; for KMS actions the key name. */
  bucket?: string
  /** The object key, decoded. */
  object?: string
  /** Condition values by name, with or without their prefix: `aws:username` is `username`. */
  context?: Readonly<Record<string, ContextValue | readonly ContextValue[] | undefined>>
  /** The account that asks, as bucket policies match it; empty for anonymous. */
  account?: string
  /** The caller owns the storage: allowed unless a Deny applies. */
  isOwner?: boolean
  /** Only an explicit Deny matters. */
  denyOnly?: boolean
}

export type Outcome = 'allow' | 'explicit_deny' | 'implicit_deny'

/** Why a decision is what it is. */
export type Reason =
  | 'statement'
  | 'owner'
  | 'deny-only'
  | 'no-statement'
  | 'facts-missing'
  | 'policy-broken'
  | 'no-policy'

/** The statement that decided. */
export interface StatementInfo {
  /** The name of its policy; empty for one without. */
  readonly policy: string
  /** The position of its policy in a set, from 0. */
  readonly policyIndex: number
  /** Its position in the policy's `Statement` list, from 0. */
  readonly index: number
  readonly sid: string | null
  /** Where it begins in the policy's text, in bytes of UTF-8. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

/** What a policy answers to a question. */
export class Decision {
  private constructor()
  readonly outcome: Outcome
  /** Whether the outcome is `allow`. */
  readonly allowed: boolean
  readonly reason: Reason
  readonly statement: StatementInfo | null
}

/** A policy, read and compiled: parse once, ask often. */
export class Policy {
  private constructor()
  /**
   * Reads and compiles a policy.
   * @throws {PolicyError} if it cannot be read, is too large, or (unless `lenient`) would be refused
   * where policies are created; `findings` says why.
   */
  static parse(policy: DocumentSource, options?: ParseOptions): Policy
  /** A built-in policy, for example `readonly`. */
  static builtIn(name: string): Policy
  /** Everything found about the document. */
  get findings(): Finding[]
  /** What the policy answers to a question. */
  decide(question: Question): Decision
}

/** Policies that decide together, as those of a user and its groups do: any Deny wins, else any Allow. */
export class PolicySet {
  constructor(policies: readonly Policy[])
  /** What the policies answer together. */
  decide(question: Question): Decision
}

/** What signature verification insists on. The defaults are strict. */
export interface VerifierOptions {
  /** Whose error codes and wording are sent; `aws` if left out. */
  errorProfile?: 'aws' | 'minio'
  /** The region that requests must be signed for; any if left out or empty. */
  region?: string
  /** The services that requests may be signed for; `s3` if left out. */
  services?: string[]
  /** How far the request's time may be from the server's; 900 if left out. */
  maxSkewSeconds?: number
  /** Refuse requests signed in the header without `x-amz-content-sha256`; true if left out. */
  requireContentSha256?: boolean
  /** Refuse requests with an unsigned `x-amz-*` header; true if left out. */
  requireSignedAmzHeaders?: boolean
  /** Refuse signatures whose date is not the request's; true if left out. */
  requireScopeDateMatch?: boolean
  /** Accept `X-Amz-Expires=0`; false if left out. */
  acceptExpiresZero?: boolean
  /** How many signing keys are kept; 4096 if left out. */
  cachedKeys?: number
}

/** Options of an {@link Iam}. */
export interface IamOptions extends VerifierOptions {
  /** The domains under which `<bucket>.<domain>` names a bucket; path style alone if left out. */
  domains?: string[]
}

/** Names and values: pairs (a list, a `Map`, a `Headers`), or an object in which a value may be a list. */
export type Pairs =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** What the gateway knows of a request beside what was sent. */
export interface Facts {
  /** The client's address, after the gateway has resolved its own trusted proxies. */
  remoteAddress?: string
  /** Whether the client's connection is TLS; false if left out. */
  secure?: boolean
  /** The whole body, where its content decides (`DeleteObjects`) or is to be compared with its signed hash. */
  body?: Uint8Array
  /** The stored tags of the addressed object; a statement that needs them fails closed without. */
  objectTags?: Pairs
  /** The gateway's id of the request, for error bodies. */
  requestId?: string
  /** The time of the request's arrival; the clock is read if left out. */
  now?: Date | number
}

/**
 * A raw HTTP request, as it stood on the wire: nothing decoded, nothing merged. An
 * `http.IncomingMessage` of Node is one. Text holds one character for each byte sent (Latin-1), which is
 * what `node:http` and `fetch` give.
 */
export interface RawRequest extends Facts {
  method?: string
  /** The request target: path and query, still encoded. */
  url?: string
  /** The target before a router shortened it; goes before `url`. */
  originalUrl?: string
  /** Names and values by turns, as `node:http` has them; goes before `headers`. */
  rawHeaders?: readonly string[]
  headers?: Pairs | object
  socket?: { readonly remoteAddress?: string; readonly encrypted?: boolean } | null
}

/** Who signed a request. */
export interface Verified {
  /** The request carries no authentication at all. */
  anonymous: boolean
  accessKey: string | null
  form: 'sigv4-header' | 'sigv4-presigned' | null
  /** `unsigned`, or the SHA-256 that the body must have, in hex. */
  payload: string | null
  /** The time that the client signed. */
  signedAt: Date | null
}

/** An access key. */
export interface AccessKey {
  accessKey: string
  secretKey: string
  /** For temporary credentials. */
  sessionToken?: string
  /** When it stops working. */
  expires?: Date | number
  /** True if left out. */
  enabled?: boolean
}

/** Verifies request signatures against the keys added to it. */
export class Verifier {
  constructor(options?: VerifierOptions)
  /** Adds a key, or replaces the one of that name. */
  addKey(key: AccessKey): this
  /**
   * Says who signed a request, or that nobody did.
   * @throws {SignatureError} the error to send.
   */
  verify(request: RawRequest, facts?: Facts): Verified
}

/** Something wrong with one record of a directory; whoever depends on it is denied. */
export interface Problem {
  /** Where, as an RFC 6901 pointer into the directory document. */
  pointer: string
  message: string
}

/** A directory of users, groups, access keys and policies, ready to authorize requests. */
export class Iam {
  private constructor()
  /**
   * Reads a directory document.
   * @throws {DirectoryError} if it cannot be read as a whole.
   */
  static load(directory: DocumentSource, options?: IamOptions): Iam
  /** Replaces the directory at once and whole. On an error the old one stays. */
  replace(directory: DocumentSource): this
  /** What was wrong with single records of the directory. */
  get problems(): Problem[]
  /** Authorizes a raw request: who is calling, what they want to do, and whether they may. */
  authorize(request: RawRequest, facts?: Facts): Verdict
}

/** The decision of a verdict. */
export interface VerdictDecision {
  readonly outcome: Outcome
  readonly allowed: boolean
  readonly reason: Reason
  readonly statement: StatementInfo | null
}

/** The answer for one key of a `DeleteObjects` request. */
export interface KeyVerdict {
  key: string
  versionId: string | null
  allowed: boolean
  outcome: Outcome
}

/** The answer to a request. */
export class Verdict {
  private constructor()
  /** Whether the request may proceed; `DeleteObjects` only for the keys that `keys` allows. */
  get allowed(): boolean
  /** The user, or null for an anonymous or unverified request. */
  get user(): string | null
  /** The access key that signed, or null. */
  get accessKey(): string | null
  /** The S3 operation, for example `GetObject`, or null where none was recognised. */
  get operation(): string | null
  /** The bucket, decoded; empty where the operation has none, null where none was recognised. */
  get bucket(): string | null
  /** The object key, decoded; empty where the operation has none, null where none was recognised. */
  get key(): string | null
  /** The policy decision, or null if it did not come to one. */
  get decision(): VerdictDecision | null
  /** What the signature says of the body: `unsigned`, the SHA-256 in hex, or null. */
  get payload(): string | null
  /** Each key of a `DeleteObjects` request with its own decision. */
  get keys(): KeyVerdict[]
  /** Why the request was refused, or null. */
  get error(): S3IamError | null
  /** The HTTP status to answer with: 200 if allowed, else the error's. */
  get httpStatus(): number
  /** The S3 error body to answer with; empty if allowed. */
  get errorXml(): string
  /** The verdict itself if it is allowed; else its error is thrown. */
  orThrow(): this
  /** The verdict as plain data. */
  toJSON(): Record<string, unknown>
}

/** Any error of this package. */
export class S3IamError extends Error {
  /** The stable code, the same in every language, for example `signature-does-not-match`. */
  readonly code: string
  /** The stable number of the code. */
  readonly number: number
  /** The `<Code>` of the S3 error body. */
  readonly s3Code: string
  readonly httpStatus: number
  /** The detail elements of the S3 error body. */
  readonly details: Readonly<Record<string, string>>
}

/** A policy that cannot be used. */
export class PolicyError extends S3IamError {
  /** Everything found about it. */
  readonly findings: Finding[]
}

/** A directory of identities that cannot be used. */
export class DirectoryError extends S3IamError {}

/** A request whose authentication does not hold. */
export class SignatureError extends S3IamError {}

/** A request that asks for nothing that S3 has, or asks in a way that S3 refuses. */
export class OperationError extends S3IamError {}

/** A request that the caller's policies do not allow. */
export class AccessDenied extends S3IamError {}
