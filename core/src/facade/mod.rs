//! Plain calls and answers for the bindings, the only module that they import.
//!
//! A binding converts types and lifetimes and nothing else; every rule is behind these calls.

mod access;
#[cfg(feature = "accounts")]
mod account;
#[cfg(feature = "aws")]
mod acl;
mod answer;
mod ask;
#[cfg(feature = "forms")]
mod body;
#[cfg(feature = "forms")]
mod diagnosis;
mod explanation;
#[cfg(feature = "aws")]
mod layers;
mod packed;
#[cfg(feature = "accounts")]
mod packed_operation;
mod packed_question;
mod record;
#[cfg(feature = "forms")]
mod signing;
#[cfg(feature = "forms")]
mod upload;

#[cfg(feature = "accounts")]
pub use crate::account::{AccountDecision, Credential, Layer};
pub use crate::analyze::partial::{OpenCondition, Region};
pub use crate::authorize::{Facts, Iam, KeyVerdict, Options, Verdict};
pub use crate::compile::StatementInfo;
pub use crate::error::{ErrorProfile, S3Answer, TABLE};
pub use crate::evaluate::explain::{ElementTrace, StatementTrace};
#[cfg(feature = "aws")]
pub use crate::evaluate::layers::Layer as AwsLayer;
#[cfg(feature = "aws")]
pub use crate::evaluate::layers::Layer as PolicyLayer;
#[cfg(feature = "aws")]
pub use crate::evaluate::public_access::PublicAccessBlock;
pub use crate::evaluate::{
    Caller, Context, ContextMap, Decision, EmptyContext, Outcome, Reason, StatementRef, Truth,
};
pub use crate::http::{Header, HttpRequest};
pub use crate::identity::Problem;
pub use crate::operation::Hosting;
pub use crate::policy::{Dialect, Kind, Limits, built_in, built_in_names};
#[cfg(feature = "forms")]
pub use crate::signature::Authentication;
#[cfg(feature = "forms")]
pub use crate::signature::{
    Body, BodyReader, BodySummary, Checksum, ChecksumAlgorithm, Chunking, Pushed, stored_content_encoding,
};
#[cfg(feature = "forms")]
pub use crate::signature::{Cause, Checked, ClientSide, Diagnosis, Difference, ForClient};
#[cfg(feature = "forms")]
pub use crate::signature::{
    ChunkKind, ChunkSigner, PolicyCondition, PolicyDraft, PolicyKey, SignedPayload, Signer, SignerOptions,
    SigningAlgorithm, SigningCredentials,
};
pub use crate::signature::{
    CredentialState, Form, Identity, KeyRing, NewKey, Options as SignatureOptions, Payload, SecretKey,
    Verified, Verifier,
};
#[cfg(feature = "forms")]
pub use crate::signature::{LengthRange, PostForm, PostUpload};
pub use crate::validate::{Finding, Position, Severity, Stage, Status};
pub use crate::{Error, ErrorCode, Timestamp};
pub use access::{Access, access_json};
#[cfg(feature = "accounts")]
pub use account::{Account, AccountOnBucket, OperationQuery};
#[cfg(feature = "aws")]
pub use acl::Acl;
#[cfg(feature = "accounts")]
pub use answer::account_decision_json;
#[cfg(feature = "forms")]
pub use answer::pairs_json;
pub use answer::{
    answer_json, answers_json, batch_json, built_ins_json, decision_json, error_json, findings_json,
    names_json, problems_json, verdict_json,
};
pub use ask::{Answer, Ask, Batch, MAX_ANSWERS, allowed_actions, decide_many};
#[cfg(feature = "forms")]
pub use body::{body_summary_json, plain_body, push_all};
#[cfg(feature = "forms")]
pub use diagnosis::{diagnosis_json, for_client_json};
pub use explanation::{Explained, LayerExplained, explanation_json, has_levels};
#[cfg(feature = "aws")]
pub use layers::{LayerPolicies, Layers};
pub use packed::{MAX_PACKED_BYTES, PackedRequest, VERSION as PACKED_VERSION};
#[cfg(feature = "accounts")]
pub use packed_operation::ask_packed_operation;
pub use packed_question::{Pieces, access_packed, answer_packed, ask_packed, fingerprint};
pub use record::{write_verdict_record, write_verified_record};
#[cfg(feature = "forms")]
pub use signing::{chunk_kind, encoded_length_packed, finish_packed, post_policy_packed, signed_payload};
#[cfg(feature = "forms")]
pub use upload::{PackedForm, post_verdict_json, upload_json};

#[cfg(feature = "aws")]
use crate::analyze::public;
use crate::compile::{Named, Program};
use crate::evaluate::{Action, Request};
use crate::policy::Document;
use std::fmt;
use std::sync::Arc;

/// How a policy is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct PolicyOptions<'a> {
    /// Whose rules it follows.
    pub dialect: Dialect,
    /// What it is attached to.
    pub kind: Kind,
    /// The bucket that a bucket policy is put on, where that is known: then a resource that cannot be
    /// of this bucket makes the policy unreadable, as with MinIO.
    #[cfg(feature = "accounts")]
    pub bucket: Option<&'a str>,
    /// Nothing: it keeps the type the same in builds without a bucket.
    #[cfg(not(feature = "accounts"))]
    #[doc(hidden)]
    pub no_bucket: std::marker::PhantomData<&'a str>,
    /// Take a policy whatever is wrong with it, as stored policies are taken. One that cannot be read
    /// denies everything, with [`Reason::PolicyBroken`].
    pub lenient: bool,
    /// Limits of size and depth.
    pub limits: Limits,
}

/// A policy, read and compiled. Immutable and shareable between threads.
#[derive(Debug)]
pub struct Policy {
    document: Arc<Document>,
    program: Program,
}

/// A policy that was refused: the error, and everything that was found about the document.
#[derive(Clone, Debug)]
pub struct PolicyRefused {
    /// [`ErrorCode::PolicyUnreadable`], [`ErrorCode::PolicyInvalid`] or [`ErrorCode::PolicyTooLarge`];
    /// [`ErrorCode::InvalidArgument`] for options that do not go together.
    pub error: Error,
    /// The findings, in the order of the text.
    pub findings: Vec<Finding>,
}

/// What a [`Query`] asks about.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// An ARN such as `arn:aws:s3:::photos/cat.jpg`, or its last part alone, or empty.
    Resource(&'a str),
    /// A bucket and an object key, each as it is; the key may be empty.
    Object {
        /// The bucket; for KMS actions the key name.
        bucket: &'a str,
        /// The object key, decoded.
        object: &'a str,
    },
}

/// A question to a policy.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// The action, for example `s3:GetObject`.
    pub action: &'a str,
    /// What it is to be done on.
    pub target: Target<'a>,
    /// Condition values.
    pub context: &'a dyn Context,
    /// The account, as bucket policies match it.
    pub account: &'a str,
    /// The caller owns the storage.
    pub is_owner: bool,
    /// Only an explicit Deny matters.
    pub deny_only: bool,
    /// Who asks, for policies of the AWS dialect that name principals.
    pub caller: Option<Caller<'a>>,
    /// The account that owns the resource, for the layers of the AWS dialect; the caller's own where it
    /// is not given.
    pub resource_account: Option<&'a str>,
    /// The access control lists that bear on the request, for the layers of the AWS dialect.
    #[cfg(feature = "aws")]
    pub acl: Option<&'a Acl>,
}

impl Policy {
    /// Reads and compiles a policy.
    ///
    /// Refused are documents that are larger than the limit and, unless `options.lenient`, those that
    /// cannot be read and those with a finding that stops them from being created.
    pub fn parse(text: &[u8], options: &PolicyOptions<'_>) -> Result<Self, PolicyRefused> {
        let bare = |error| PolicyRefused { error, findings: Vec::new() };
        check(options).map_err(bare)?;
        let document = read(text, options);
        let code = match document.status() {
            Status::Unreadable if text.len() > options.limits.document_bytes => ErrorCode::PolicyTooLarge,
            Status::Unreadable if !options.lenient => ErrorCode::PolicyUnreadable,
            Status::Invalid | Status::Refused if !options.lenient => ErrorCode::PolicyInvalid,
            _ => return Self::compile(document),
        };
        Err(refused(code, document.findings))
    }

    fn compile(document: Document) -> Result<Self, PolicyRefused> {
        match Program::compile(&[Named { name: "", document: &document }]) {
            Ok(program) => Ok(Self { document: Arc::new(document), program }),
            Err(error) => Err(PolicyRefused { error, findings: document.findings }),
        }
    }

    /// What the policy answers to a question.
    pub fn decide(&self, query: &Query<'_>) -> Decision {
        decide(&self.program, query)
    }

    /// The places of the statements that make it a public policy, as Block Public Access has it: they are to
    /// be put on no bucket where `BlockPublicPolicy` is set. Only policies of a bucket in the AWS dialect can
    /// be public. Of one that cannot be read nobody can say, so [`Policy::is_public`] says yes.
    #[cfg(feature = "aws")]
    pub fn public_statements(&self) -> Vec<u32> {
        if self.is_public() { public::public_statements(&self.document) } else { Vec::new() }
    }

    /// Whether it is a public policy, as Block Public Access has it.
    #[cfg(feature = "aws")]
    pub fn is_public(&self) -> bool {
        self.dialect().is_aws() && self.document.kind == Kind::Bucket && public::is_public(&self.document)
    }

    /// Everything found about the document.
    pub fn findings(&self) -> &[Finding] {
        &self.document.findings
    }

    /// Whose rules it follows; a context for it is a [`ContextMap::of`] this dialect.
    pub fn dialect(&self) -> Dialect {
        self.document.dialect
    }

    /// The document.
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The statement that a decision of this policy names.
    pub fn statement(&self, reference: StatementRef) -> Option<StatementInfo<'_>> {
        self.program.statement(reference)
    }
}

/// Several policies that decide together, as those of a user and its groups do.
#[derive(Debug)]
pub struct PolicySet {
    documents: Vec<Arc<Document>>,
    program: Program,
}

impl PolicySet {
    /// Compiles the union of policies. Decisions name a policy by its position in the list.
    pub fn of(policies: &[&Policy]) -> Result<Self, Error> {
        let documents: Vec<Arc<Document>> =
            policies.iter().map(|policy| Arc::clone(&policy.document)).collect();
        let program = Program::compile(&named(&documents))?;
        Ok(Self { documents, program })
    }

    /// Whose rules the policies follow.
    pub fn dialect(&self) -> Dialect {
        self.program.dialect()
    }

    /// What the policies answer together: any Deny wins, else any Allow.
    pub fn decide(&self, query: &Query<'_>) -> Decision {
        decide(&self.program, query)
    }

    /// The statement that a decision of this set names.
    pub fn statement(&self, reference: StatementRef) -> Option<StatementInfo<'_>> {
        self.program.statement(reference)
    }
}

/// Everything found about a policy document, and how far it can be used.
///
/// # Errors
///
/// [`ErrorCode::InvalidArgument`] for a bucket of a policy that is not put on one.
pub fn validate(text: &[u8], options: &PolicyOptions<'_>) -> Result<(Status, Vec<Finding>), Error> {
    check(options)?;
    let document = read(text, options);
    Ok((document.status(), document.findings))
}

/// Whether the options go together.
fn check(options: &PolicyOptions<'_>) -> Result<(), Error> {
    #[cfg(feature = "accounts")]
    if let Some(bucket) = options.bucket {
        let wrong = |message| Err(Error::with_message(ErrorCode::InvalidArgument, message));
        if bucket.is_empty() {
            return wrong("the name of the bucket is empty");
        }
        if options.kind != Kind::Bucket {
            return wrong("a bucket is given for a policy that is not of the kind `bucket`");
        }
    }
    let _ = options;
    Ok(())
}

#[inline]
fn read(text: &[u8], options: &PolicyOptions<'_>) -> Document {
    #[cfg(feature = "accounts")]
    if let Some(bucket) = options.bucket {
        return Document::read_for_bucket(text, options.dialect, options.limits, bucket);
    }
    Document::read(text, options.dialect, options.kind, options.limits)
}

/// The error for what is given and makes no sense.
#[cfg(any(feature = "aws", feature = "accounts", feature = "forms"))]
fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::with_message(ErrorCode::InvalidArgument, message)
}

/// Documents as the core takes them; decisions name them by their position.
fn named(documents: &[Arc<Document>]) -> Vec<Named<'_>> {
    documents.iter().map(|document| Named { name: "", document }).collect()
}

fn decide(program: &Program, query: &Query<'_>) -> Decision {
    query.request(|request| program.decide(request))
}

fn refused(code: ErrorCode, findings: Vec<Finding>) -> PolicyRefused {
    let error = match findings.iter().min_by_key(|f| f.stage) {
        Some(f) => Error::with_message(
            code,
            format!("{} at line {}, column {}: {}", f.code, f.start.line, f.start.column, f.message),
        ),
        None => code.into(),
    };
    PolicyRefused { error, findings }
}

impl<'a> Query<'a> {
    /// A plain question, in an empty context.
    pub fn new(action: &'a str, target: Target<'a>) -> Self {
        Self {
            action,
            target,
            context: &EmptyContext,
            account: "",
            is_owner: false,
            deny_only: false,
            caller: None,
            resource_account: None,
            #[cfg(feature = "aws")]
            acl: None,
        }
    }

    /// The question as the core asks it.
    fn request<R>(&self, ask: impl FnOnce(&Request<'_>) -> R) -> R {
        let (bucket, object) = self.target.split();
        ask(&Request {
            action: Action::named(self.action),
            bucket: bucket.as_bytes(),
            object: object.as_bytes(),
            resource: self.target.resource().as_bytes(),
            caller: self.caller.as_ref(),
            has_boundary: false,
            account: self.account,
            context: self.context,
            is_owner: self.is_owner,
            deny_only: self.deny_only,
        })
    }

    /// Calls `ask` with the ARN of the resource, or `*` where there is none.
    #[cfg(feature = "aws")]
    fn with_arn<R>(&self, ask: impl FnOnce(&str) -> R) -> R {
        match (self.target.resource(), self.target.split()) {
            ("", ("", _)) => ask("*"),
            ("", (bucket, "")) => ask(&format!("arn:aws:s3:::{bucket}")),
            ("", (bucket, object)) => ask(&format!("arn:aws:s3:::{bucket}/{object}")),
            (arn, _) => ask(arn),
        }
    }

    /// The same question in a context.
    #[must_use]
    pub fn with_context(mut self, context: &'a dyn Context) -> Self {
        self.context = context;
        self
    }
}

impl<'a> Target<'a> {
    /// The whole name of the resource as the AWS dialect has it; empty where it is to be made of bucket and
    /// object.
    fn resource(self) -> &'a str {
        match self {
            Target::Resource(text) if cfg!(feature = "aws") && (text == "*" || text.starts_with("arn:")) => {
                text
            }
            Target::Resource(_) | Target::Object { .. } => "",
        }
    }

    /// Bucket and object of the target.
    fn split(self) -> (&'a str, &'a str) {
        match self {
            Target::Object { bucket, object } => (bucket, object),
            Target::Resource(text) => {
                // Nearly all begin like this; counting colons takes as long as half a decision.
                let rest = match (text.strip_prefix("arn:aws:s3:::"), text.strip_prefix("arn:")) {
                    (Some(rest), _) => rest,
                    (None, Some(arn)) => arn.splitn(5, ':').nth(4).unwrap_or_default(),
                    (None, None) => text,
                };
                rest.split_once('/').unwrap_or((rest, ""))
            }
        }
    }
}

impl fmt::Display for PolicyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for PolicyRefused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_splits_into_bucket_and_object() {
        let split = |text| Target::Resource(text).split();
        assert_eq!(split("arn:aws:s3:::photos/2026/cat.jpg"), ("photos", "2026/cat.jpg"));
        assert_eq!(split("arn:aws:s3:::photos"), ("photos", ""));
        assert_eq!(split("arn:aws:s3:eu-west-1::photos/a"), ("photos", "a"));
        assert_eq!(split("arn:minio:kms:::key:1"), ("key:1", ""));
        assert_eq!(split("photos/a:b"), ("photos", "a:b"));
        assert_eq!(split(""), ("", ""));
    }
}
