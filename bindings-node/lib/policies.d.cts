// Policies and whoever else answers questions.

export {}

/** Whose rules a policy follows. */
export type Dialect = 'minio' | 'aws'

/** What a policy is attached to. The kinds after the first three are of the AWS dialect; in MinIO's, such a
 * policy is read as one of the kind `identity`. */
export type PolicyKind = 'identity' | 'bucket' | 'session' | 'trust' | 'boundary' | 'scp' | 'rcp' | 'endpoint'

/** A document: text, or its bytes in UTF-8. */
export type Text = string | Uint8Array

// ── Documents ────────────────────────────────────────────────────────────────────────────────────

export interface ValidateOptions {
  /** Default `minio`. */
  dialect?: Dialect
  /** Default `identity`. */
  kind?: PolicyKind
  /** The bucket that a bucket policy is put on: then a resource that cannot be of this bucket is an error. */
  bucket?: string
}

export interface PolicyOptions extends ValidateOptions {
  /** Take a policy whatever is wrong with it, as stored policies are taken. One that cannot be read denies
   * everything. */
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

/** The built-in policies: name and document. */
export function builtInPolicies(): Record<string, string>

// ── Questions ────────────────────────────────────────────────────────────────────────────────────

export type ContextValue = string | number | bigint | boolean | Date

/** Condition values by their name. In MinIO's dialect `aws:SourceIp`, or without the service, `SourceIp`; in the
 * AWS dialect the whole name, in upper or lower case. */
export type ConditionContext = Readonly<Record<string, ContextValue | readonly ContextValue[] | undefined>>

/** Who asks, for policies of the AWS dialect that name principals, and for layers. */
export type Principal =
  | {
      type: 'user'
      /** For example `arn:aws:iam::111122223333:user/alice`. */
      arn: string
    }
  | {
      /** The root user of an account. */
      type: 'root'
      /** For example `arn:aws:iam::111122223333:root`. */
      arn: string
    }
  | {
      /** A session of a role. */
      type: 'role-session'
      /** For example `arn:aws:sts::111122223333:assumed-role/reader/session`. */
      arn: string
      /** For example `arn:aws:iam::111122223333:role/reader`. */
      role: string
    }
  | {
      /** A session that a user made for somebody else. */
      type: 'federated-user'
      /** For example `arn:aws:sts::111122223333:federated-user/bob`. */
      arn: string
      /** The ARN of the user who made it, if that is known. */
      user?: string | undefined
    }
  | {
      /** A service of AWS. */
      type: 'service'
      /** For example `cloudtrail.amazonaws.com`. */
      name: string
    }
  | {
      /** Somebody whom an identity provider vouches for, as trust policies see them. */
      type: 'federated'
      /** For example `accounts.google.com`, or the ARN of a provider. */
      provider: string
    }
  | {
      /** Nobody who is known. */
      type: 'anonymous'
    }

/** A resource: an ARN such as `arn:aws:s3:::photos/cat.jpg`, or its last part alone, or bucket and object. */
export type Resource =
  | string
  | {
      bucket: string
      /** The object key, as it is, not encoded. */
      object?: string
    }

interface ByResource {
  /** An ARN such as `arn:aws:s3:::photos/cat.jpg`, or its last part alone. */
  resource?: string
  bucket?: undefined
  object?: undefined
}

interface ByObject {
  bucket: string
  /** The object key, as it is, not encoded. */
  object?: string
  resource?: undefined
}

interface Circumstances {
  /** What conditions and policy variables read. */
  context?: ConditionContext
}

interface Action {
  /** For example `s3:GetObject`. */
  action: string
}

/** What is asked, by `Asker` in the words of whoever answers. */
type Question<Asker> = Asker & Action & Circumstances & (ByResource | ByObject)
type ActionsQuestion<Asker> = Asker & Circumstances & (ByResource | ByObject)
type AccessQuestion<Asker> = Omit<Asker, 'isOwner' | 'denyOnly'> &
  Action &
  Circumstances & {
    /** The context is all that there is: what it does not have is missing, and not unknown. */
    complete?: boolean
  }
type BatchQuestion<Asker> = Asker & {
  actions: readonly string[]
  /** By default none in particular, as for `s3:ListAllMyBuckets`. */
  resources?: readonly Resource[]
  /** By default one without values. */
  contexts?: readonly ConditionContext[]
}

interface OfPolicies {
  /** The caller's account, as bucket policies of MinIO's dialect match it. */
  account?: string
  /** Who asks, as policies of the AWS dialect match it. */
  principal?: Principal
  /** The caller owns the storage. */
  isOwner?: boolean
  /** Only an explicit Deny matters. */
  denyOnly?: boolean
}

/** A question to a policy. */
export type Query = Question<OfPolicies>

/** A question to a policy about all actions. */
export type ActionsQuery = ActionsQuestion<OfPolicies>

/** Many questions to a policy. */
export type BatchQuery = BatchQuestion<OfPolicies>

/** A question to a policy about all resources. */
export type AccessQuery = AccessQuestion<OfPolicies>

// ── Answers ──────────────────────────────────────────────────────────────────────────────────────

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
    | 'acl-grant'
    | 'other-owner'
    | 'public-access-blocked'
  /** The deciding statement, or null if none decided. */
  readonly statement: DecidingStatement | null
}

/** Whose answer a decision about an account is. */
export type Layer = 'owner' | 'identity' | 'session' | 'bucket'

/** What an account answers. */
export interface AccountDecision extends Decision {
  /** Who decided; the statement is one of that layer's. */
  readonly layer: Layer
}

/** Whose answer a decision over layers is. */
export type LayerName =
  | 'scp'
  | 'rcp'
  | 'endpoint'
  | 'public_access_block'
  | 'resource'
  | 'acl'
  | 'identity'
  | 'boundary'
  | 'session'

/** What layers answer. */
export interface LayeredDecision extends Decision {
  /** Who decided; the statement is one of that layer's. */
  readonly layer: LayerName
  /** The level of `scp` or `rcp`, from the root of the organisation. */
  readonly level?: number
}

/** An answer with the reasons for it. */
export interface Explanation<Answer extends Decision = Decision> {
  /** As `decide` answers it. */
  readonly decision: Answer
  /** The decision and its reason in a sentence. */
  readonly sentence: string
  /** What each layer answers by itself; none of policies that stand alone. */
  readonly layers: readonly LayerExplanation[]
  /** Every statement that was asked. */
  readonly statements: readonly StatementExplanation[]
}

/** What a layer answers by itself. */
export interface LayerExplanation {
  readonly layer: Layer | LayerName
  /** The level of `scp` or `rcp`, from the root of the organisation. */
  readonly level?: number
  readonly decision: Decision
  readonly sentence: string
}

/** What a statement had to say. */
export interface StatementExplanation extends DecidingStatement {
  /** Whose it is; not there for policies that stand alone. */
  readonly layer?: Layer | LayerName
  /** The level of `scp` or `rcp`, from the root of the organisation. */
  readonly level?: number
  readonly effect: 'Allow' | 'Deny'
  /** Whether it applies; null where that depends on a value that was not given. */
  readonly applies: boolean | null
  readonly elements: readonly ElementExplanation[]
}

/** Whether an element of a statement matches. */
export interface ElementExplanation {
  /** For example `Resource`. */
  readonly element: string
  /** Null where it depends on a value that was not given. */
  readonly holds: boolean | null
  /** Why, in a sentence. */
  readonly detail: string
  /** The condition keys that the context does not have. */
  readonly missingKeys: readonly string[]
  /** Where the element begins in the policy's text, in bytes. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

/** Resources that a statement is about, and on what that depends. */
export interface Region {
  /** The policy's position among those that decide together, from 0. */
  readonly policyIndex: number
  /** The statement's position in the policy, from 0. */
  readonly index: number
  /** Patterns of ARNs. */
  readonly resources: readonly string[]
  /** Patterns of those that are not among them. */
  readonly except: readonly string[]
  /** The conditions that depend on values that were not given. */
  readonly conditions: readonly OpenCondition[]
}

/** A condition that depends on a value that was not given. */
export interface OpenCondition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  /** Where the values begin in the policy's text, in bytes. */
  readonly start: number
  /** Where they end. */
  readonly end: number
}

/** What may be done with an action. A resource is among it if in every layer some region of `allow` has it and
 * none of `deny`. */
export class Access {
  private constructor()

  readonly layers: readonly {
    /** Whose; null for policies that stand alone. */
    readonly layer: Layer | null
    /** A policy of the layer cannot be used, so it allows nothing. */
    readonly isBroken: boolean
    readonly allow: readonly Region[]
    readonly deny: readonly Region[]
  }[]

  /** Whether a resource is among it; null where that depends on values that were not given. */
  allows(resource: Resource): boolean | null
}

// ── Who answers ──────────────────────────────────────────────────────────────────────────────────

/** Whoever answers questions. All answers are frozen. */
declare abstract class Asked<Asker, Answer extends Decision> {
  protected constructor()

  /** The answer to a question. */
  decide(query: Question<Asker>): Answer

  /** The same answer, and what every statement had to say. */
  explain(query: Question<Asker>): Explanation<Answer>

  /** The answers for every action on every resource in every context: the first action on the first resource in
   * each context, then on the next resource, then the next action.
   * @throws {S3IamError} `invalid-argument`: these are more than 100 000 questions, or 16 Mi characters. */
  decideMany(query: BatchQuestion<Asker>): readonly Answer[]

  /** The actions that are allowed, sorted by name: of those that the dialect knows for such a resource, and
   * those that the policies name in full. */
  allowedActions(query: ActionsQuestion<Asker>): readonly string[]
}

/** A policy, read and compiled. */
export class Policy extends Asked<OfPolicies, Decision> {
  private constructor()

  /** Reads and compiles a policy document.
   * @throws {PolicyError} It cannot be read or is not valid (unless `lenient`), or is too large. */
  static parse(policy: Text, options?: PolicyOptions): Policy

  /** A built-in policy, for example `readonly`.
   * @throws {S3IamError} `invalid-argument`: there is none of that name. */
  static builtIn(name: string): Policy

  /** What may be done with an action, as sets of resources.
   * @throws {S3IamError} `unsupported`: that cannot be said as sets. */
  access(query: AccessQuery): Access

  /** Everything found about the document. */
  readonly findings: readonly Finding[]

  /** Whether it is a public policy, as Block Public Access has it: it is to be put on no bucket where
   * `blockPublicPolicy` is set. Only policies of a bucket in the AWS dialect can be public, and one that cannot be
   * read is. */
  readonly isPublic: boolean

  /** The places of the statements that make it public; none where it cannot be read. */
  readonly publicStatements: readonly number[]
}

/** Policies that decide together: any Deny wins, else any Allow. */
export class PolicySet extends Asked<OfPolicies, Decision> {
  constructor(policies: readonly Policy[])

  /** What may be done with an action, as sets of resources.
   * @throws {S3IamError} `unsupported`: that cannot be said as sets. */
  access(query: AccessQuery): Access
}

// ── Accounts ─────────────────────────────────────────────────────────────────────────────────────

/** What kind of credential a caller has. */
export type Credential = 'root' | 'user' | 'service-account' | 'temporary' | 'anonymous'

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

interface OfAccounts extends BucketPolicy {
  /** The account's name. */
  account?: string
  /** Only an explicit Deny matters. */
  denyOnly?: boolean
}

/** A question to an account. */
export type AccountQuery = Question<OfAccounts>

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
export class Account extends Asked<OfAccounts, AccountDecision> {
  constructor(options: AccountOptions)

  /** What the account may do with an action, as sets of resources.
   * @throws {S3IamError} `unsupported`: that cannot be said as sets. */
  access(query: AccessQuestion<OfAccounts>): Access

  /** Whether the account may make an API call, with all the actions that it needs. */
  decideOperation(query: OperationQuery): AccountDecision
}

// ── Layers of the AWS dialect ────────────────────────────────────────────────────────────────────

/** The policies that bear on a request, by where they are attached; all are of the AWS dialect. What is left out or
 * empty does not limit. */
export interface LayerPolicies {
  /** Those of the user and its groups, or of the role. */
  identity?: readonly Policy[]
  /** The permissions boundary of the user or role. */
  boundary?: Policy
  /** Those passed when the session was made. */
  session?: readonly Policy[]
  /** Service control policies of the caller's account: a list for each level, from the root of the organisation
   * to the account. A level that has none allows nothing. */
  scp?: readonly (readonly Policy[])[]
  /** Resource control policies of the resource's account, likewise. */
  rcp?: readonly (readonly Policy[])[]
  /** That of the resource: a bucket policy, or the trust policy of a role. */
  resource?: Policy
  /** That of the VPC endpoint through which the request came. */
  endpoint?: Policy
  /** The settings of Block Public Access, of the account and the bucket together. */
  publicAccessBlock?: PublicAccessBlock
}

/** The settings of Block Public Access that are on. */
export interface PublicAccessBlock {
  /** Lists that grant to everyone are refused when they are put. */
  blockPublicAcls?: boolean
  /** What lists grant to everyone counts for nothing. */
  ignorePublicAcls?: boolean
  /** Policies that are public are refused when they are put. */
  blockPublicPolicy?: boolean
  /** Where the bucket's policy is public, services and callers of the owner's account only are let in. */
  restrictPublicBuckets?: boolean
}

/** The access control lists of a bucket and an object. */
export interface Acl {
  /** Default `BucketOwnerEnforced`, under which lists grant nothing. */
  ownership?: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'
  bucket?: readonly AclGrant[]
  object?: readonly AclGrant[]
  /** The account that owns the object, if there is one. */
  objectOwner?: string
  /** The canonical id of the caller's account, if it is known. */
  callerCanonicalId?: string
}

/** What a list grants, and to whom: an account by its number, a canonical id, or a group by its address. */
export interface AclGrant {
  grantee: { account: string } | { id: string } | { uri: string }
  permission: 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP' | 'FULL_CONTROL'
}

interface OfLayers {
  /** Who asks. */
  principal: Principal
  /** The number of the account that owns the resource; the caller's own if it is left out. */
  resourceAccount?: string
  /** The access control lists of the resource. */
  acl?: Acl
}

/** A question to layers. */
export type LayersQuery = Question<OfLayers>

/** Layers of policies, decided as AWS does. */
export class Layers extends Asked<OfLayers, LayeredDecision> {
  constructor(policies?: LayerPolicies)
}
