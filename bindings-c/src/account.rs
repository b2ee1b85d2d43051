//! Accounts: a caller with its policies, asked as a whole.

use crate::access::s3iam_access;
use crate::ask;
use crate::decision::{OfAnswer, s3iam_layer, s3iam_layered_decision, sid};
use crate::error::s3iam_error;
use crate::names::s3iam_names;
use crate::options::c_bool;
use crate::panic::{call, give, given, value};
use crate::pointer;
use crate::policy::s3iam_policy;
use crate::query::s3iam_query;
use crate::status::s3iam_status;
use crate::text::{s3iam_pair, s3iam_string, s3iam_text};
use s3iam::facade::{
    Account, AccountOnBucket, Answer, ContextMap, Credential, Layer, OperationQuery, StatementRef,
};
use std::mem::MaybeUninit;

/// A caller and all its policies, decided as MinIO does: the owner may do everything, a temporary
/// credential or service account what its parent and its session policy both allow, an anonymous
/// caller what the bucket policy allows. Immutable: any number of threads may ask it at once. Free
/// with `s3iam_account_free`.
pub struct s3iam_account(Account);

/// What kind of credential a caller has.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_credential {
    /// None: the request is not signed.
    S3IAM_CREDENTIAL_ANONYMOUS = 0,
    /// A user's own access key.
    S3IAM_CREDENTIAL_USER = 1,
    /// An access key that acts for a user.
    S3IAM_CREDENTIAL_SERVICE_ACCOUNT = 2,
    /// A key from a security token service.
    S3IAM_CREDENTIAL_TEMPORARY = 3,
    /// The owner's own access key.
    S3IAM_CREDENTIAL_ROOT = 4,
}

/// A caller. Members that are zero are not given.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_account_options {
    /// `sizeof(s3iam_account_options)`.
    pub size: usize,
    /// An `s3iam_credential`.
    pub credential: u32,
    /// A temporary credential or service account acts for the owner.
    pub parent_is_root: c_bool,
    /// There is a session policy, which may be the empty text.
    pub has_session_policy: c_bool,
    /// The text of the session policy of a temporary credential, or of the embedded policy of a service
    /// account. One that cannot be used denies everything.
    pub session_policy: s3iam_text,
}

/// A question about a whole API call, with all the actions that it needs. Members that are zero are
/// not given.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_operation_query {
    /// `sizeof(s3iam_operation_query)`.
    pub size: usize,
    /// The operation, for example `DeleteObject`.
    pub operation: s3iam_text,
    /// The bucket; empty for `ListBuckets`.
    pub bucket: s3iam_text,
    /// The object key, decoded; empty for operations on a bucket.
    pub object: s3iam_text,
    /// The version that the call names; empty if it names none.
    pub version_id: s3iam_text,
    /// The bucket that a copy reads from.
    pub source_bucket: s3iam_text,
    /// The object that a copy reads.
    pub source_object: s3iam_text,
    /// The version that a copy reads; empty if none is named.
    pub source_version_id: s3iam_text,
    /// The account's name.
    pub account: s3iam_text,
    /// The buckets that `ListBuckets` may show one by one. With one of them the answer is whether the
    /// list may show that one.
    pub buckets: *const s3iam_text,
    /// The number of buckets.
    pub buckets_len: usize,
    /// Condition values, for example `aws:SourceIp`. A name given several times has several values.
    pub context: *const s3iam_pair,
    /// The number of condition values.
    pub context_len: usize,
    /// It sets a retention.
    pub retention: c_bool,
    /// It sets a legal hold.
    pub legal_hold: c_bool,
    /// It asks to bypass the governance mode; of `PutObjectRetention` only where that is the mode.
    pub bypass_governance: c_bool,
    /// It says that it comes from replication.
    pub replica: c_bool,
    /// `CreateBucket` with object lock.
    pub object_lock: c_bool,
    /// `DeleteBucket` with all that is in it.
    pub force_delete: c_bool,
}

/// Makes an account of a caller and its policies: those of the user, or of the parent, and of its
/// groups. They are copied and stay the caller's. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_new(
    options: *const s3iam_account_options,
    policies: *const Option<&s3iam_policy>,
    policies_len: usize,
    out: Option<&mut MaybeUninit<Box<s3iam_account>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let options = pointer::sized(options)?;
        let policies = s3iam_policy::list(&policies, policies_len)?;
        let credential = s3iam_credential::read(options.credential, options.parent_is_root.is_set())?;
        let session_policy = match options.has_session_policy.is_set() {
            true => Some(options.session_policy.bytes()?),
            false => None,
        };
        give(out, Box::new(s3iam_account(Account::new(credential, &policies, session_policy)?)))
    })
}

/// Gives the answer of an account to a question about one action. `bucket_policy` is the policy of the
/// bucket asked about, or NULL if it has none; it matters for anonymous callers alone. The query's
/// `is_owner` is not looked at: the credential says who the owner is.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_decide(
    account: Option<&s3iam_account>,
    query: *const s3iam_query,
    bucket_policy: Option<&s3iam_policy>,
    out: Option<&mut MaybeUninit<s3iam_layered_decision>>,
) -> s3iam_status {
    call(None, || ask::decide(&on_bucket(account, bucket_policy)?, query, out))
}

/// Gives the answers of an account to `len` questions, as `s3iam_policy_decide_many` does. `bucket_policy`
/// is as for `s3iam_account_decide`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_decide_many(
    account: Option<&s3iam_account>,
    queries: *const s3iam_query,
    len: usize,
    bucket_policy: Option<&s3iam_policy>,
    out: *mut MaybeUninit<s3iam_layered_decision>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::decide_many(&on_bucket(account, bucket_policy)?, queries, len, out))
}

/// Gives the answer of an account to a question with the reasons for it, as JSON text like that of
/// `s3iam_policy_explain`. `bucket_policy` is as for `s3iam_account_decide`. The string is the caller's to
/// free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_explain(
    account: Option<&s3iam_account>,
    query: *const s3iam_query,
    bucket_policy: Option<&s3iam_policy>,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::explain(&on_bucket(account, bucket_policy)?, query, out))
}

/// Gives the names of the actions that an account may do on the resource of a query, as
/// `s3iam_policy_allowed_actions` does. `bucket_policy` is as for `s3iam_account_decide`. The list is the
/// caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_allowed_actions(
    account: Option<&s3iam_account>,
    query: *const s3iam_query,
    bucket_policy: Option<&s3iam_policy>,
    out: Option<&mut MaybeUninit<Box<s3iam_names>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::allowed_actions(&on_bucket(account, bucket_policy)?, query, out))
}

/// Gives the resources on which an account may do the action of a query, as `s3iam_policy_access` does.
/// `bucket_policy` is as for `s3iam_account_decide`. An account whose session policy cannot be used is
/// `S3IAM_ERROR_UNSUPPORTED`. The access is the caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_access(
    account: Option<&s3iam_account>,
    query: *const s3iam_query,
    complete: c_bool,
    bucket_policy: Option<&s3iam_policy>,
    out: Option<&mut MaybeUninit<Box<s3iam_access>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || ask::access(&on_bucket(account, bucket_policy)?, query, complete.is_set(), out))
}

/// Gives the answer of an account to a question about a whole API call. `bucket_policy` is as for
/// `s3iam_account_decide`. An operation that is not known is `S3IAM_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_decide_operation(
    account: Option<&s3iam_account>,
    query: *const s3iam_operation_query,
    bucket_policy: Option<&s3iam_policy>,
    out: Option<&mut MaybeUninit<s3iam_layered_decision>>,
) -> s3iam_status {
    call(None, || {
        let AccountOnBucket { account, bucket_policy } = on_bucket(account, bucket_policy)?;
        let ask = |query: &OperationQuery<'_>| account.decide_operation(query, bucket_policy);
        let decided = s3iam_operation_query::read(query, ask)??;
        let statement = account.statement(&decided, bucket_policy);
        let layer = Some(decided.layer.name());
        let answer = Answer { decision: decided.decision, layer, level: 0, statement };
        give(out, s3iam_layered_decision::of(&answer)?)
    })
}

/// The `Sid` of the statement that a decision names; empty if it has none, and for NULL. It belongs to
/// the account. If the bucket policy decided, ask `s3iam_policy_sid` of it.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_sid(
    account: Option<&s3iam_account>,
    layer: u32,
    policy: u32,
    statement: u32,
) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        let layer = match s3iam_layer::numbered(layer) {
            Some(s3iam_layer::S3IAM_LAYER_IDENTITY) => Some(Layer::Identity),
            Some(s3iam_layer::S3IAM_LAYER_SESSION) => Some(Layer::Session),
            _ => None,
        };
        let (Some(account), Some(layer)) = (account, layer) else { return s3iam_text::EMPTY };
        sid(account.0.statement_of(layer, StatementRef { policy, statement }, None))
    })
}

/// Frees an account. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_account_free(account: Option<Box<s3iam_account>>) {
    value((), || drop(account));
}

/// An account that is asked about a bucket with that policy.
fn on_bucket<'a>(
    account: Option<&'a s3iam_account>,
    bucket_policy: Option<&'a s3iam_policy>,
) -> Result<AccountOnBucket<'a>, s3iam_error> {
    Ok(AccountOnBucket { account: &given(account)?.0, bucket_policy: bucket_policy.map(s3iam_policy::core) })
}

impl s3iam_credential {
    fn read(number: u32, parent_is_root: bool) -> Result<Credential, s3iam_error> {
        let name = match number {
            n if n == Self::S3IAM_CREDENTIAL_ANONYMOUS as u32 => "anonymous",
            n if n == Self::S3IAM_CREDENTIAL_USER as u32 => "user",
            n if n == Self::S3IAM_CREDENTIAL_SERVICE_ACCOUNT as u32 => "service-account",
            n if n == Self::S3IAM_CREDENTIAL_TEMPORARY as u32 => "temporary",
            n if n == Self::S3IAM_CREDENTIAL_ROOT as u32 => "root",
            _ => return Err(s3iam_error::argument("the credential is not an s3iam_credential")),
        };
        Ok(Credential::named(name, parent_is_root)?)
    }
}

impl s3iam_operation_query {
    /// Calls `ask` with the question that the caller filled in.
    fn read<R>(query: *const Self, ask: impl FnOnce(&OperationQuery<'_>) -> R) -> Result<R, s3iam_error> {
        let query: Self = pointer::sized(query)?;
        let mut context = ContextMap::new();
        for entry in pointer::slice(&query.context, query.context_len)? {
            context.add(entry.name.utf8("the name of a condition value")?, entry.value.bytes()?);
        }
        let buckets = pointer::slice(&query.buckets, query.buckets_len)?;
        let buckets: Vec<&str> =
            buckets.iter().map(|bucket| bucket.utf8("a bucket")).collect::<Result<_, _>>()?;
        let given = |text: &str| !text.is_empty();
        let (source_bucket, source_object) = (
            query.source_bucket.utf8("the source's bucket")?,
            query.source_object.utf8("the source's object")?,
        );
        let source_version = Some(query.source_version_id.utf8("the source's version")?);
        let (bucket, object) = (query.bucket.utf8("the bucket")?, query.object.utf8("the object")?);
        Ok(ask(&OperationQuery {
            version_id: Some(query.version_id.utf8("the version")?).filter(|text| given(text)),
            copy_source: given(source_bucket)
                .then(|| (source_bucket, source_object, source_version.filter(|text| given(text)))),
            buckets: &buckets,
            context: &context,
            account: query.account.utf8("the account")?,
            retention: query.retention.is_set(),
            legal_hold: query.legal_hold.is_set(),
            bypass_governance: query.bypass_governance.is_set(),
            replica: query.replica.is_set(),
            object_lock: query.object_lock.is_set(),
            force_delete: query.force_delete.is_set(),
            ..OperationQuery::new(query.operation.utf8("the operation")?, bucket, object)
        }))
    }
}
