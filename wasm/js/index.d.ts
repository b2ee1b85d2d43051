import type { ErrorCode, S3ErrorCode } from './codes.js'
import type { AuthenticationForm, BodyReader, ClientSide, Diagnosis, PostForm, Upload } from './forms.js'
import type { Decision, Finding, Text } from './policies.js'

export type { ErrorCode, S3ErrorCode }
export * from './forms.js'
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
  /** The whole body. Needed for `DeleteObjects`, and compared with what was announced of it when given. */
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
  /** Accept SigV2, which signs with SHA-1 and covers neither all headers nor the body; default false. */
  allowSigv2?: boolean
  /** Accept SigV4A, as multi-region access points use it; default true. */
  allowSigv4a?: boolean
  /** Refuse chunks of less than 8192 bytes that are not the last, as AWS does; default false. */
  requireMinChunk?: boolean
  /** The largest chunk of a signed body, of which so much is kept until its signature is verified; default 16 MiB. */
  maxChunkBytes?: number
  /** How many signing keys are kept; default 4096. */
  cachedKeys?: number
  /** The domains under which `<bucket>.<domain>` names a bucket; by default path style only. Of all signatures only
   * SigV2 needs them. */
  domains?: readonly string[]
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
  readonly form: AuthenticationForm
  /** `unsigned`, the SHA-256 that the body must have, in hex, or `STREAMING-…` for a body in chunks, which is no object
   * as it arrives. */
  readonly payload: string
  readonly signedAt: Date
  /** A reader that checks the body, and decodes it if it is chunked. Unless `body` was given, nothing of the body is
   * checked without it. */
  bodyReader(): BodyReader
  toJSON(): Omit<Signed, 'bodyReader' | 'toJSON'>
}

interface Anonymous {
  readonly anonymous: true
  readonly accessKey: null
  readonly form: null
  readonly payload: null
  readonly signedAt: null
  toJSON(): Omit<Anonymous, 'toJSON'>
}

/** Who signed a request. Its properties are getters, which read the answer when they are asked; `toJSON` gives them all. */
export type Verified = Signed | Anonymous

/** Who signed a browser form, and what it uploads. */
export type VerifiedPost = Readonly<
  (Omit<Signed, 'payload' | 'bodyReader' | 'toJSON'> | Omit<Anonymous, 'payload' | 'toJSON'>) & {
    /** The object key: `${filename}` is replaced. */
    key: string
    upload: Upload
  }
>

/** The name of the authentication that a request claims to have. Nothing of it is verified. Of browser forms the fields
 * decide which one it is, so they are `post-policy`.
 * @throws {SignatureError} There is more than one, or one that S3 does not know. */
export function classify(request: IncomingRequest | RequestParts): AuthenticationForm | 'anonymous' | 'bearer'

/** Verifies request signatures against the keys added to it. */
export class Verifier {
  constructor(options?: VerifierOptions)

  /** Adds a key, or replaces the one of that name; what is kept of the replaced secret is wiped. */
  addKey(key: Key): this

  /** Removes a key, so that requests signed with it are refused, and wipes what is kept of its secret.
   * @returns Whether there was one. */
  removeKey(accessKey: string): boolean

  /** Says who signed a request, or that nobody did.
   * @throws {SignatureError} The authentication does not hold; what to answer is in the error. */
  verify(request: IncomingRequest, facts?: Facts): Verified
  verify(request: RequestParts, facts?: Facts): Verified

  /** A reader for the body of a request that nobody signed, which checks the hash, the checksums or the chunks that the
   * request announces.
   * @throws {S3IamError} The request is signed, or announces what cannot be. */
  anonymousBody(request: IncomingRequest | RequestParts, facts?: Facts): BodyReader

  /** Says who signed a browser form to a bucket, or that nobody did, and what it may upload. The bucket is that of the
   * URL. A signature proves who signed, not what they may do: `Iam.authorizePost` decides that.
   * @throws {S3IamError} The form does not hold; what to answer is in the error. */
  verifyPost(request: IncomingRequest | RequestParts, bucket: string, form: PostForm, facts?: Facts): VerifiedPost

  /** Says why a request's signature is refused: a tool for operators, asked for a request at a time. It computes up to
   * 4096 signatures, and accepts nothing. What a client may be told is `forClient` alone. */
  diagnose(request: IncomingRequest | RequestParts, client?: ClientSide, facts?: Facts): Diagnosis
}

// ── The whole path ───────────────────────────────────────────────────────────────────────────────

export type IamOptions = VerifierOptions

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

  /** Authorizes an upload by a browser form, a `POST` to a bucket of which you have read the form up to the file. The
   * verdict's `upload` says how large the file may be and what goes with it. */
  authorizePost(request: IncomingRequest | RequestParts, form: PostForm, facts?: Facts): Verdict

  /** Says why a request's signature is refused, as `Verifier.diagnose`: a tool for operators. It is about the signature
   * alone; one of a request that is refused for its operation or by the caller's policies verifies. */
  diagnose(request: IncomingRequest | RequestParts, client?: ClientSide, facts?: Facts): Diagnosis
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
  /** `unsigned`, the SHA-256 that the body must have, in hex, or `STREAMING-…` for a body in chunks, which is no object
   * as it arrives. */
  readonly payload: string | null
  /** Each key of a `DeleteObjects` request. */
  readonly keys: readonly KeyVerdict[]
  /** Why the request was refused. */
  readonly error: S3IamError | null
  /** The HTTP status to answer with: 200 if allowed. */
  readonly httpStatus: number
  /** The S3 error body to answer with, XML; empty if allowed. */
  readonly errorXml: string
  /** What an allowed form upload may be; null for every other verdict. */
  readonly upload: Upload | null

  /** A reader that checks the body of an allowed request, and decodes it if it is chunked. Unless `body` was given,
   * nothing of the body is checked without it.
   * @throws {S3IamError} The verdict's error if it is not allowed. */
  bodyReader(): BodyReader

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
