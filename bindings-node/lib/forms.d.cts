// Bodies, browser forms, signing, and diagnoses.

import type { Instant, RequestParts } from './index.cjs'
import type { ErrorCode } from './codes.cjs'

// ── Forms of authentication ──────────────────────────────────────────────────────────────────────

/** How a request or a browser form is signed. */
export type AuthenticationForm =
  | 'sigv4-header'
  | 'sigv4-presigned'
  | 'sigv4a-header'
  | 'sigv4a-presigned'
  | 'sigv2-header'
  | 'sigv2-presigned'
  | 'post-policy'
  | 'post-policy-v2'

// ── Bodies ───────────────────────────────────────────────────────────────────────────────────────

/** What is known of a body that was read to its end. */
export interface BodySummary {
  /** The length of the object in bytes. */
  readonly decodedLength: number
  /** The checksum that came as a header, parameter or trailer, and is right: store it with the object. */
  readonly checksum: {
    readonly algorithm:
      | 'CRC32'
      | 'CRC32C'
      | 'CRC64NVME'
      | 'SHA1'
      | 'SHA256'
      | 'SHA512'
      | 'MD5'
      | 'XXHASH64'
      | 'XXHASH3'
      | 'XXHASH128'
    /** In base64. */
    readonly value: string
  } | null
  /** The value of `Content-MD5`, which is right. */
  readonly contentMd5: string | null
  /** The trailers by name: the checksum, if it came as one. There are no others. */
  readonly trailers: Readonly<Record<string, string>>
}

/** Reads a request body while it arrives: decodes its chunks, and checks all that was announced of it.
 *
 * What `push` released is an object only once `finish` has answered; store it under its name then and not before.
 * A signed chunk is released once its signature is verified, and is kept until then, up to `maxChunkBytes`. After an
 * error every further call throws that error. */
export class BodyReader {
  private constructor()

  /** The length of the object that a chunked body announces; null for others, whose length is `Content-Length`. */
  readonly decodedLength: number | null

  /** What `finish` answered; null before. */
  readonly summary: BodySummary | null

  /** Takes the next bytes of the body, and gives what they release of the object: often none, and of a body without
   * chunks the very bytes.
   * @throws {SignatureError} A chunk is malformed or its signature does not match. */
  push(bytes: Uint8Array): Uint8Array

  /** Says that the body has ended, and checks what can be checked then alone.
   * @throws {SignatureError} It was cut short, or is another body than was announced. */
  finish(): BodySummary
}

/** A `TransformStream`, where the types of the web or of Node are there. */
export type BodyTransformStream = typeof globalThis extends { TransformStream: { prototype: infer Stream } }
  ? Stream
  : { readonly readable: unknown; readonly writable: unknown }

/** A stream of the web through which a body passes: the request's bytes in, the object's out. It ends well only where
 * the body is what was announced; else it fails with the reader's error, and what came out is no object. */
export function bodyTransformStream(reader: BodyReader): BodyTransformStream

/** A `Content-Encoding` as it is stored with the object, without `aws-chunked`; null if nothing is left. */
export function storedContentEncoding(value: string): string | null

// ── Browser forms ────────────────────────────────────────────────────────────────────────────────

/** A browser form as you read it from the body, up to the file. */
export interface PostForm {
  /** The fields before the file, in the order of the form: name and value. Text stands for its UTF-8. */
  fields: Iterable<readonly [name: string | Uint8Array, value: string | Uint8Array]>
  /** The `filename` of the file. */
  fileName?: string | Uint8Array | null | undefined
  /** The length of the file in bytes, if it is known already: then it is checked at once. */
  fileLength?: number | null | undefined
}

/** What a verified form says of the upload. */
export class Upload {
  private constructor()

  /** How many bytes the file must have at least. */
  readonly leastLength: number
  /** How many it may have; `Infinity` if the policy says nothing of it. */
  readonly mostLength: number
  /** The status of a successful answer without a redirect: 200, 201 or 204. */
  readonly successStatus: number
  /** Where a successful answer redirects to, with status 303. */
  readonly successRedirect: string | null
  /** The fields that act as headers of the upload, names in lower case. They stand for the headers of an upload: act on
   * no `x-amz-` header of the request itself. */
  readonly headers: readonly (readonly [name: string, value: string])[]

  /** Checks how much of the file has arrived: the most at any time, the least once it is done. Ask with every piece
   * before you store it, and at the end before you commit.
   * @throws {S3IamError} `form-file-too-large` or `form-file-too-small`. */
  checkLength(received: number, done?: boolean): void
}

// ── Signing ──────────────────────────────────────────────────────────────────────────────────────

/** Who signs. */
export interface SigningCredentials {
  accessKey: string
  secretKey: string
  /** For temporary credentials; for the service `s3express` the token of the session. */
  sessionToken?: string | undefined
}

export interface SignerOptions {
  /** Default `us-east-1`. */
  region?: string
  /** Default `s3`; also `s3express`, `sts` and so on. */
  service?: string
  /** Default `sigv4`. */
  algorithm?: 'sigv4' | 'sigv4a'
  /** For `sigv4a` the regions: names, in which `*` stands for anything, with `,` between two. */
  regionSet?: string
}

/** How a body is cut into chunks: signed, signed with signed trailers, or unsigned with trailers. */
export type ChunkKind = 'signed' | 'signed-trailer' | 'unsigned-trailer'

/** A condition of a policy of a browser form. */
export type PolicyCondition =
  | {
      /** The field has this value, and becomes one of the form. */
      field: string
      equals: string
    }
  | {
      /** The value of the field begins like this; the form has to set it. */
      field: string
      startsWith: string
    }
  | {
      /** The least and the most length of the file, both included. */
      contentLength: readonly [least: number, most: number]
    }

/** What a form may upload, and until when. */
export interface PolicyDraft {
  bucket: string
  /** The object key. */
  key?: string
  /** In place of `key`: how it begins; the form uploads to this prefix and the name of the file. */
  keyPrefix?: string
  conditions?: readonly PolicyCondition[]
  /** The instant from which on nothing may be uploaded any more. */
  expiration: Instant
  /** When it is signed; by default now. */
  now?: Instant | undefined
}

/** Names and values, in their order. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** Signs requests with SigV4 or SigV4A: in the header, in the query, in chunks, and policies of browser forms. What it
 * signs, a `Verifier` accepts. Give the request as it goes over the wire, with `host` among its headers; its `now` is
 * the time at which it is signed. */
export class Signer {
  /** @throws {S3IamError} `invalid-argument` for credentials and names that nothing can be signed with. */
  constructor(credentials: SigningCredentials, options?: SignerOptions)

  /** The headers that sign a request; add them all. The payload is `body` (the default: `request.body`, or no body),
   * `unsigned`, or the body's SHA-256 in hex.
   * @throws {S3IamError} `invalid-argument` for a request that cannot be signed. */
  sign(request: RequestParts, options?: { payload?: string }): Pairs

  /** The target, or whole URL, of a request that is signed in its query, valid for so many seconds from its `now`.
   * @throws {S3IamError} `invalid-argument` for a request that cannot be signed, or for more than 604800 seconds. */
  presign(request: RequestParts, expiresSeconds: number): string

  /** The headers that sign a `PUT` whose body is sent in chunks, and what makes the body. The request must have
   * `x-amz-decoded-content-length`, and `x-amz-trailer` for trailers.
   * @throws {S3IamError} `invalid-argument` for a request that cannot be signed so. */
  signChunks(request: RequestParts, kind: ChunkKind): { headers: Pairs; chunks: ChunkSigner }

  /** How long a body in chunks becomes, which is its `content-length`. Of trailers the length of the value is given. */
  encodedLength(lengths: {
    kind: ChunkKind
    dataBytes: number
    /** The length of each chunk but the last. */
    chunkBytes: number
    trailers?: Readonly<Record<string, number>>
  }): number

  /** The fields of a browser form whose policy is signed, in their order. The file comes after them.
   * @throws {S3IamError} `invalid-argument` for a draft that no form can fulfil. */
  postPolicy(draft: PolicyDraft): Pairs
}

/** Writes a body in chunks. */
export class ChunkSigner {
  private constructor()

  /** One chunk of these bytes; nothing for no bytes. S3 takes chunks of 8 KiB or more but for the last. */
  encode(data: Uint8Array): Uint8Array

  /** The end of the body, with its trailers; after that it is used up.
   * @throws {S3IamError} `invalid-argument` where the data or the trailers are not those that the request announces. */
  finish(trailers?: Readonly<Record<string, string>>): Uint8Array
}

// ── Diagnoses ────────────────────────────────────────────────────────────────────────────────────

/** What the client says that it signed, from its debug log. */
export interface ClientSide {
  canonicalRequest?: string | Uint8Array | undefined
  stringToSign?: string | Uint8Array | undefined
}

/** A cause of a signature that does not match. */
export interface Cause {
  /** The stable code. */
  readonly code: string
  /** What is wrong. */
  readonly sentence: string
  /** What to do about it. */
  readonly remedy: string
}

/** What is wrong with a request's signature, for the operator. It holds nothing that is made from the secret. */
export interface Diagnosis {
  readonly outcome: 'verifies' | 'anonymous' | 'refused'
  /** Why it was refused. */
  readonly code: ErrorCode | null
  /** The cause, if there is anything to go by. */
  readonly cause: Cause | null
  /** Whether the cause is beyond doubt. */
  readonly certain: boolean
  /** Further causes, the likeliest first. */
  readonly others: readonly Cause[]
  /** What the client signed otherwise, as far as that is known. */
  readonly differences: readonly {
    readonly element: string
    readonly client: string | null
    readonly server: string | null
  }[]
  readonly canonicalRequest: string | null
  readonly stringToSign: string | null
  /** How many signatures were computed. */
  readonly tried: number
  /** What the client may be told; it is made without the secret. */
  readonly forClient: {
    readonly code: ErrorCode | null
    readonly message: string
    readonly causes: readonly Cause[]
    readonly elements: readonly string[]
  }
  /** The same as one text. */
  readonly safeMessage: string
}
