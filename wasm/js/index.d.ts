import type { ErrorCode, S3ErrorCode } from './codes.js'
import type { Decision, Finding, Text } from './policies.js'

export type { ErrorCode, S3ErrorCode }
export * from './policies.js'

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

/** Whose codes, statuses and wording S3 errors carry. */
export type ErrorProfile = 'aws' | 'minio'

/** An instant: a `Date`, or milliseconds since 1970. */
export type Instant = Date | number

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
