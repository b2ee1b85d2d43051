import type { ErrorCode, S3ErrorCode } from './codes.js'

export type { ErrorCode, S3ErrorCode }

// ── Loading ──────────────────────────────────────────────────────────────────────────────────────

/** Where the module comes from, if not from beside the package's own files: its address, the answer
 * to a request for it, its bytes, or the module already compiled. */
export type ModuleSource = string | URL | Request | Response | BufferSource | WebAssembly.Module

/** Loads the module, once, before anything else is called. In Node it is loaded by the import, and
 * this does nothing. */
export default function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>

/** Loads the module without waiting, from its bytes or as already compiled. Does nothing in Node. */
export function initSync(source: BufferSource | WebAssembly.Module): void

/** The version of the module. */
export function version(): string

// ── Terms ────────────────────────────────────────────────────────────────────────────────────────

/** Whose rules a policy follows. */
export type Dialect = 'minio' | 'aws'

/** What a policy is attached to. */
export type PolicyKind = 'identity' | 'bucket' | 'session'

/** What kind of credential a caller has. */
export type Credential = 'root' | 'user' | 'service-account' | 'temporary' | 'anonymous'

/** Whose answer a decision about an account is. */
export type Layer = 'owner' | 'identity' | 'session' | 'bucket'

/** Whose codes, statuses and wording S3 errors carry. */
export type ErrorProfile = 'aws' | 'minio'

/** A document: text, or its bytes in UTF-8. */
export type Text = string | Uint8Array

/** An instant: a `Date`, or milliseconds since 1970. */
export type Instant = Date | number

// ── Policies ─────────────────────────────────────────────────────────────────────────────────────

export interface ValidateOptions {
  /** Default `minio`. */
  dialect?: Dialect
  /** Default `identity`. */
  kind?: PolicyKind
  /** The bucket that a bucket policy is put on: then a resource that cannot be of this bucket is an error. */
  bucket?: string
}

export interface PolicyOptions extends ValidateOptions {
  /** Take a policy that is not valid as long as it can be read, as stored policies are taken. */
  lenient?: boolean
}

/** A place in a text. */
export interface Position {
  /** From 1. */
  readonly line: number
  /** In bytes, from 1. */
  readonly column: number
  /** In UTF-16 units, from 1: what editors and JavaScript strings count in. */
  readonly columnUtf16: number
  /** In bytes, from 0. */
  readonly offset: number
}

/** Something found about a policy document. */
export interface Finding {
  /** The stable code, for example `E311`. */
  readonly code: string
  /** The name of the check. */
  readonly name: string
  readonly severity: 'error' | 'security' | 'warning' | 'suggestion' | 'info'
  /** What is wrong. */
  readonly message: string
  /** What to do about it; empty if the message says it. */
  readonly help: string
  /** Where, as an RFC 6901 pointer into the document. */
  readonly pointer: string
  /** Where in the text. */
  readonly span: { readonly start: Position; readonly end: Position }
}

export interface Validation {
  /** `unreadable`: denies everything to whoever has it; `invalid`: evaluated if it is stored already;
   * `refused`: not to be created; `good`: fit for use. */
  readonly status: 'unreadable' | 'invalid' | 'refused' | 'good'
  /** In the order of the text. */
  readonly findings: readonly Finding[]
}

/** Everything found about a policy document, and how far it can be used. */
export function validate(policy: Text, options?: ValidateOptions): Validation

export type ContextValue = string | number | bigint | boolean | Date

/** Condition values by their name: `aws:SourceIp`, `s3:prefix`, or without the service, `prefix`. */
export type ConditionContext = Readonly<Record<string, ContextValue | readonly ContextValue[] | undefined>>

interface QueryBase {
  /** For example `s3:GetObject`. */
  action: string
  /** What conditions and policy variables read. */
  context?: ConditionContext
  /** The caller's account, as bucket policies match it. */
  account?: string
  /** The caller owns the storage. */
  isOwner?: boolean
  /** Only an explicit Deny matters. */
  denyOnly?: boolean
}

interface ResourceQuery extends QueryBase {
  /** An ARN such as `arn:aws:s3:::photos/cat.jpg`, or its last part alone. */
  resource?: string
  bucket?: undefined
  object?: undefined
}

interface ObjectQuery extends QueryBase {
  bucket: string
  /** The object key, as it is, not encoded. */
  object?: string
  resource?: undefined
}

/** A question to a policy. */
export type Query = ResourceQuery | ObjectQuery

/** The statement that decided. */
export interface DecidingStatement {
  /** The policy's name; empty for a policy that was parsed alone. */
  readonly policy: string
  /** The policy's position among those that decided together, from 0. */
  readonly policyIndex: number
  /** The statement's position in the policy, from 0. */
  readonly index: number
  readonly sid: string | null
  /** Where the statement begins in the policy's text, in bytes. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

/** What a policy answers. */
export interface Decision {
  readonly outcome: 'allow' | 'explicit_deny' | 'implicit_deny'
  readonly allowed: boolean
  readonly reason:
    | 'statement'
    | 'owner'
    | 'deny-only'
    | 'no-statement'
    | 'facts-missing'
    | 'policy-broken'
    | 'no-policy'
  /** The deciding statement, or null if none decided. */
  readonly statement: DecidingStatement | null
}

/** A policy, read and compiled. */
export class Policy {
  private constructor()

  /** Reads and compiles a policy document.
   * @throws {PolicyError} It cannot be read, is not valid (unless `lenient`), or is too large. */
  static parse(policy: Text, options?: PolicyOptions): Policy

  /** A built-in policy, for example `readonly`.
   * @throws {S3IamError} `invalid-argument`: there is none of that name. */
  static builtIn(name: string): Policy

  /** What the policy answers to a question. */
  decide(query: Query): Decision

  /** Everything found about the document. */
  readonly findings: readonly Finding[]
}

/** Policies that decide together: any Deny wins, else any Allow. */
export class PolicySet {
  constructor(policies: readonly Policy[])

  /** What the policies answer together. */
  decide(query: Query): Decision
}

/** What an account answers. */
export interface AccountDecision extends Decision {
  /** Who decided; the statement is one of that layer's. */
  readonly layer: Layer
}

/** A caller and the policies that apply. */
export interface AccountOptions {
  credential: Credential
  /** Those of the user, or of the parent, and of its groups. */
  policies?: readonly Policy[]
  /** The session policy of a temporary credential, or the embedded policy of a service account. One that
   * cannot be used denies everything. */
  sessionPolicy?: Text
  /** A temporary credential or service account acts for the owner. */
  parentIsRoot?: boolean
}

interface BucketPolicy {
  /** The policy of the bucket asked about; it matters for anonymous callers alone. */
  bucketPolicy?: Policy
}

/** A question to an account. */
export type AccountQuery = (Omit<ResourceQuery, 'isOwner'> | Omit<ObjectQuery, 'isOwner'>) & BucketPolicy

/** A question about a whole API call. */
export interface OperationQuery extends BucketPolicy {
  /** For example `DeleteObject`. */
  operation: string
  bucket?: string
  /** The object key, as it is, not encoded. */
  object?: string
  /** The version, if the call names one. */
  versionId?: string
  /** What a copy reads. */
  copySource?: { bucket: string; object: string; versionId?: string }
  /** The buckets that `ListBuckets` may show one by one. With one of them the answer is whether the list
   * may show that one. */
  buckets?: readonly string[]
  context?: ConditionContext
  /** The account's name. */
  account?: string
  /** It sets a retention. */
  retention?: boolean
  /** It sets a legal hold. */
  legalHold?: boolean
  /** It asks to bypass the governance mode; of `PutObjectRetention` only where that is the mode. */
  bypassGovernance?: boolean
  /** It says that it comes from replication. */
  replica?: boolean
  /** `CreateBucket` with object lock. */
  objectLock?: boolean
  /** `DeleteBucket` with all that is in it. */
  forceDelete?: boolean
}

/** A caller and all its policies, decided as MinIO does: the owner may do everything, a temporary
 * credential or service account what its parent and its session policy both allow, an anonymous caller
 * what the bucket policy allows. */
export class Account {
  constructor(options: AccountOptions)

  /** Whether the account may do one action. */
  decide(query: AccountQuery): AccountDecision

  /** Whether the account may make an API call, with all the actions that it needs. */
  decideOperation(query: OperationQuery): AccountDecision
}

/** The built-in policies: name and document. */
export function builtInPolicies(): Record<string, string>

// ── Requests ─────────────────────────────────────────────────────────────────────────────────────

/** What the gateway knows and the request does not say. */
export interface Facts {
  /** The client's address, after your own trusted proxies; for an `IncomingMessage` the socket's. */
  remoteAddress?: string | undefined
  /** Whether the client's connection is TLS; for an `IncomingMessage` whether the socket is. */
  secure?: boolean | undefined
  /** The whole body. Needed for `DeleteObjects`, and compared with the signed hash when given. */
  body?: Uint8Array | undefined
  /** When the request arrived; by default now. */
  now?: Instant | undefined
  /** The stored tags of the addressed object. Left out, they are unknown, and a statement that needs
   * them does not allow. */
  objectTags?: Readonly<Record<string, string>> | Iterable<readonly [string, string]> | undefined
  /** Your id of the request, for error bodies. */
  requestId?: string | undefined
}

/** Header lines: names and values as received, in pairs or in an object. */
export type Headers =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A raw request in its parts. */
export interface RequestParts extends Facts {
  /** As received, for example `GET`. */
  method: string
  /** The request target exactly as received: path and query, still encoded. */
  url: string
  /** Names and values by turns, as `http.IncomingMessage.rawHeaders` has them. */
  rawHeaders?: readonly string[]
  /** Instead of `rawHeaders`. */
  headers?: Headers
}

/** A request as the servers of `node:http`, `https` and `http2` receive it, and Express hands it on. */
export interface IncomingRequest {
  method?: string | undefined
  url?: string | undefined
  originalUrl?: string | undefined
  rawHeaders: readonly string[]
  socket: { remoteAddress?: string | undefined }
}

// ── Signatures ───────────────────────────────────────────────────────────────────────────────────

export interface VerifierOptions {
  /** Default `aws`. */
  errorProfile?: ErrorProfile
  /** The region that scopes must name; empty, the default, accepts any. */
  region?: string
  /** The services whose scopes are accepted; default `['s3']`. */
  services?: readonly string[]
  /** How far the request's time may be from yours; default 900. */
  maxSkewSeconds?: number
  /** Refuse requests signed in the header without `x-amz-content-sha256`; default true. */
  requireContentSha256?: boolean
  /** Refuse requests with an `x-amz-*` header that is not signed; default true. */
  requireSignedAmzHeaders?: boolean
  /** Refuse scopes whose date is not that of `x-amz-date`; default true. */
  requireScopeDateMatch?: boolean
  /** Accept `X-Amz-Expires=0`; default false. */
  acceptExpiresZero?: boolean
  /** How many signing keys are kept; default 4096. */
  cachedKeys?: number
}

export interface Key {
  accessKey: string
  secretKey: string
  /** For temporary credentials, the session token that must accompany every request. */
  sessionToken?: string | undefined
  /** When it stops working. */
  expires?: Instant | undefined
  /** Default true. */
  enabled?: boolean
}

interface Signed {
  readonly anonymous: false
  readonly accessKey: string
  readonly form: 'sigv4-header' | 'sigv4-presigned'
  /** `unsigned`, or the SHA-256 that the body must have, in hex. */
  readonly payload: string
  readonly signedAt: Date
}

interface Anonymous {
  readonly anonymous: true
  readonly accessKey: null
  readonly form: null
  readonly payload: null
  readonly signedAt: null
}

/** Who signed a request. */
export type Verified = Signed | Anonymous

/** Verifies request signatures against the keys added to it. */
export class Verifier {
  constructor(options?: VerifierOptions)

  /** Adds a key, or replaces the one of that name. */
  addKey(key: Key): this

  /** Says who signed a request, or that nobody did.
   * @throws {SignatureError} The authentication does not hold; what to answer is in the error. */
  verify(request: IncomingRequest, facts?: Facts): Verified
  verify(request: RequestParts, facts?: Facts): Verified
}

// ── The whole path ───────────────────────────────────────────────────────────────────────────────

export interface IamOptions extends VerifierOptions {
  /** The domains under which `<bucket>.<domain>` names a bucket; by default path style only. */
  domains?: readonly string[]
}

/** Something wrong with one record of a directory; the others are loaded all the same. */
export interface DirectoryProblem {
  /** Where, as an RFC 6901 pointer into the directory document. */
  readonly pointer: string
  readonly message: string
}

/** The answer for one key of a `DeleteObjects` request. */
export interface KeyVerdict {
  readonly key: string
  readonly versionId: string | null
  readonly allowed: boolean
  readonly outcome: Decision['outcome']
}

/** A directory of identities, ready to authorize requests. */
export class Iam {
  private constructor()

  /** Reads a directory of users, groups, access keys and policies.
   * @throws {DirectoryError} It cannot be read. */
  static load(directory: Text, options?: IamOptions): Iam

  /** Replaces the directory at once and whole.
   * @throws {DirectoryError} It cannot be read; the old one stays. */
  replace(directory: Text): this

  /** What was wrong with single records of the directory; whoever depends on one is denied. */
  readonly problems: readonly DirectoryProblem[]

  /** Authorizes a raw request: a message of Node's servers, or its parts. */
  authorize(request: IncomingRequest, facts?: Facts): Verdict
  authorize(request: RequestParts, facts?: Facts): Verdict
}

/** The answer to a request. */
export class Verdict {
  private constructor()

  /** Whether the request may proceed; for `DeleteObjects`, with the keys that `keys` allows. */
  readonly allowed: boolean
  /** The user, or null for an anonymous or unverified request. */
  readonly user: string | null
  /** The access key that signed. */
  readonly accessKey: string | null
  /** The S3 operation, for example `GetObject`; null if none was recognised. */
  readonly operation: string | null
  /** The bucket, decoded: take it from here, never from the path again. Empty if there is none. */
  readonly bucket: string | null
  /** The object key, decoded. Empty if there is none. */
  readonly key: string | null
  /** The policy decision, if it came to one. */
  readonly decision: Decision | null
  /** `unsigned`, or the SHA-256 that the body must have, in hex. */
  readonly payload: string | null
  /** Each key of a `DeleteObjects` request. */
  readonly keys: readonly KeyVerdict[]
  /** Why the request was refused. */
  readonly error: S3IamError | null
  /** The HTTP status to answer with: 200 if allowed. */
  readonly httpStatus: number
  /** The S3 error body to answer with, XML; empty if allowed. */
  readonly errorXml: string

  /** The verdict itself if it is allowed.
   * @throws {S3IamError} The verdict's error if it is not. */
  orThrow(): this

  toJSON(): VerdictData
}

/** A verdict as plain data. */
export interface VerdictData
  extends Pick<
    Verdict,
    | 'allowed'
    | 'user'
    | 'accessKey'
    | 'operation'
    | 'bucket'
    | 'key'
    | 'decision'
    | 'payload'
    | 'keys'
    | 'httpStatus'
    | 'errorXml'
  > {
  readonly error: Pick<S3IamError, 'code' | 'number' | 'message' | 's3Code' | 'httpStatus' | 'details'> | null
}

// ── Errors ───────────────────────────────────────────────────────────────────────────────────────

/** Any error of this package. */
export class S3IamError extends Error {
  protected constructor()
  /** The stable code, the same in every language. */
  readonly code: ErrorCode
  /** The code as a number, the same in C. */
  readonly number: number
  /** The `<Code>` of the S3 error body. */
  readonly s3Code: S3ErrorCode
  /** The HTTP status to answer with. */
  readonly httpStatus: number
  /** Further elements of the S3 error body. */
  readonly details: Readonly<Record<string, string>>
}

/** A policy that cannot be used. */
export class PolicyError extends S3IamError {
  protected constructor()
  /** Everything found about the document. */
  readonly findings: readonly Finding[]
}

/** A directory of identities that cannot be used. */
export class DirectoryError extends S3IamError {
  protected constructor()
}

/** A request whose authentication does not hold. */
export class SignatureError extends S3IamError {
  protected constructor()
}

/** A request that asks for nothing that S3 has, or asks in a way that S3 refuses. */
export class OperationError extends S3IamError {
  protected constructor()
}

/** A request that the caller's policies do not allow. */
export class AccessDenied extends S3IamError {
  protected constructor()
}
