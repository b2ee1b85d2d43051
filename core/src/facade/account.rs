//! The decision for a whole account, as the bindings ask for it.

use super::{
    Access, Answer, Ask, Context, ContextMap, EmptyContext, Explained, LayerExplained, Policy, Query,
    StatementInfo, StatementRef, invalid, named,
};
use crate::account::{self, AccountDecision, Attached, Credential, Layer, SessionPolicy, decide_operation};
use crate::compile::{Named, Program};
use crate::evaluate::{Reason, Request, explain};
use crate::operation::{Call, CopySource, Operation, Traits};
use crate::policy::{Dialect, Document, Kind};
use crate::{Error, ErrorCode};
use std::sync::Arc;

/// A caller with its policies: what MinIO decides by, in the order in which it does. Immutable and
/// shareable between threads.
///
/// ```
/// use s3iam::{Account, Credential, Policy, Query, Target};
/// # use s3iam::PolicyOptions;
/// # let text = br#"{"Version": "2012-10-17", "Statement": [
/// #     {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::photos/*"}]}"#;
/// let alice = Policy::parse(text, &PolicyOptions::default())?;
/// let session = br#"{"Version": "2012-10-17", "Statement": [
///     {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]}"#;
///
/// let account = Account::new(Credential::Temporary { parent_is_root: false }, &[&alice], Some(session))?;
/// let ask = |action| account.decide(&Query::new(action, Target::Resource("photos/cat.jpg")), None);
/// assert!(ask("s3:GetObject")?.allowed());
/// assert_eq!(ask("s3:PutObject")?.layer.name(), "session");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Account {
    credential: Credential,
    documents: Vec<Arc<Document>>,
    identity: Option<Program>,
    session: SessionPolicy,
}

/// An account that is asked about a bucket with this policy.
#[derive(Clone, Copy, Debug)]
pub struct AccountOnBucket<'a> {
    /// The account.
    pub account: &'a Account,
    /// The policy of the bucket asked about; it matters for anonymous callers alone.
    pub bucket_policy: Option<&'a Policy>,
}

/// A question about a whole API call, with all the actions that it needs.
#[derive(Clone, Copy)]
pub struct OperationQuery<'a> {
    /// The operation, for example `DeleteObject`.
    pub operation: &'a str,
    /// The bucket; empty for `ListBuckets`.
    pub bucket: &'a str,
    /// The object key, decoded; empty for operations on a bucket.
    pub object: &'a str,
    /// The version, if the call names one.
    pub version_id: Option<&'a str>,
    /// Bucket, key and version of what a copy reads.
    pub copy_source: Option<(&'a str, &'a str, Option<&'a str>)>,
    /// The buckets that `ListBuckets` may show one by one. With one of them the answer is whether the
    /// list may show that one.
    pub buckets: &'a [&'a str],
    /// Condition values.
    pub context: &'a dyn Context,
    /// The account's name.
    pub account: &'a str,
    /// It sets a retention (`PutObject`, `CopyObject`, `CreateMultipartUpload`).
    pub retention: bool,
    /// It sets a legal hold (the same).
    pub legal_hold: bool,
    /// It asks to bypass the governance mode; of `PutObjectRetention` only where that is the mode.
    pub bypass_governance: bool,
    /// It says that it comes from replication.
    pub replica: bool,
    /// `CreateBucket` with object lock.
    pub object_lock: bool,
    /// `DeleteBucket` with all that is in it.
    pub force_delete: bool,
}

impl<'a> OperationQuery<'a> {
    /// A plain question, in an empty context.
    pub fn new(operation: &'a str, bucket: &'a str, object: &'a str) -> Self {
        Self {
            operation,
            bucket,
            object,
            version_id: None,
            copy_source: None,
            buckets: &[],
            context: &EmptyContext,
            account: "",
            retention: false,
            legal_hold: false,
            bypass_governance: false,
            replica: false,
            object_lock: false,
            force_delete: false,
        }
    }

    fn traits(&self) -> Traits {
        let mut traits = Traits::default();
        traits.retention = self.retention;
        traits.legal_hold = self.legal_hold;
        traits.bypass_governance = self.bypass_governance;
        traits.replica = self.replica;
        traits.object_lock = self.object_lock;
        traits.force_delete = self.force_delete;
        traits
    }
}

impl Account {
    /// A caller. `policies` are those of the user, or of the parent, and of its groups; the owner and
    /// anonymous callers need none. `session_policy` is the text of the session policy of a temporary
    /// credential or of the embedded policy of a service account, as the token has it: one that cannot
    /// be used denies everything.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for a session policy of a caller that has none, and for a policy
    /// that is put on a bucket among `policies`.
    pub fn new(
        credential: Credential,
        policies: &[&Policy],
        session_policy: Option<&[u8]>,
    ) -> Result<Self, Error> {
        let has_session =
            matches!(credential, Credential::ServiceAccount { .. } | Credential::Temporary { .. });
        if session_policy.is_some() && !has_session {
            return Err(invalid("only temporary credentials and service accounts have a session policy"));
        }
        if policies.iter().any(|policy| policy.document.kind != Kind::Identity) {
            return Err(invalid("the policies of an account are of the kind `identity`"));
        }
        if policies.iter().any(|policy| policy.dialect().is_aws()) {
            return Err(invalid("the policies of an account are of the MinIO dialect"));
        }
        let documents: Vec<Arc<Document>> =
            policies.iter().map(|policy| Arc::clone(&policy.document)).collect();
        let identity = if documents.is_empty() { None } else { Some(Program::compile(&named(&documents))?) };
        let session =
            session_policy.map_or(SessionPolicy::Inherited, |text| SessionPolicy::read(text, credential));
        Ok(Self { credential, documents, identity, session })
    }

    /// What kind of credential the caller has.
    pub fn credential(&self) -> Credential {
        self.credential
    }

    /// Whether the account may do one action. `bucket_policy` is that of the bucket asked about; it
    /// matters for anonymous callers alone. [`Query::is_owner`] is not looked at: the credential says
    /// who the owner is.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for a `bucket_policy` of another kind.
    pub fn decide(
        &self,
        query: &Query<'_>,
        bucket_policy: Option<&Policy>,
    ) -> Result<AccountDecision, Error> {
        let account = self.with(bucket_policy)?;
        Ok(query.request(|request| account.decide(request)))
    }

    /// Whether the account may make an API call, which may need several actions, or one of several, or
    /// that one is not denied.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for an operation that is not known, and for a `bucket_policy` of
    /// another kind.
    pub fn decide_operation(
        &self,
        query: &OperationQuery<'_>,
        bucket_policy: Option<&Policy>,
    ) -> Result<AccountDecision, Error> {
        let account = self.with(bucket_policy)?;
        let operation = Operation::named(query.operation)
            .ok_or_else(|| invalid(format!("there is no operation `{}`", query.operation)))?;
        let buckets: Vec<&[u8]> = query.buckets.iter().map(|bucket| bucket.as_bytes()).collect();
        let source = query.copy_source.map(|(bucket, key, version_id)| CopySource {
            bucket: bucket.as_bytes(),
            key: key.as_bytes(),
            version_id: version_id.map(str::as_bytes),
        });
        let call = Call {
            operation,
            bucket: query.bucket.as_bytes(),
            key: query.object.as_bytes(),
            version_id: query.version_id.map(str::as_bytes),
            source,
            buckets: &buckets,
            traits: query.traits(),
        };
        Ok(decide_operation(&account, &call, query.account, query.context))
    }

    /// The statement that a decision names; `bucket_policy` is the one with which it was asked for.
    pub fn statement<'a>(
        &'a self,
        decision: &AccountDecision,
        bucket_policy: Option<&'a Policy>,
    ) -> Option<StatementInfo<'a>> {
        self.statement_of(decision.layer, decision.decision.statement?, bucket_policy)
    }

    /// The statement at a place of a layer.
    pub fn statement_of<'a>(
        &'a self,
        layer: Layer,
        reference: StatementRef,
        bucket_policy: Option<&'a Policy>,
    ) -> Option<StatementInfo<'a>> {
        match (layer, &self.session) {
            (Layer::Identity, _) => self.identity.as_ref()?.statement(reference),
            (Layer::Session, SessionPolicy::Policy(policy)) => policy.program.statement(reference),
            (Layer::Bucket, _) => bucket_policy?.statement(reference),
            (Layer::Owner | Layer::Session, _) => None,
        }
    }

    fn with<'p>(&'p self, bucket_policy: Option<&'p Policy>) -> Result<account::Account<'p>, Error> {
        if bucket_policy
            .is_some_and(|policy| policy.document.kind != Kind::Bucket || policy.dialect().is_aws())
        {
            return Err(invalid("a bucket policy is of the kind `bucket`, in the MinIO dialect"));
        }
        let attached = |program: Option<&'p Program>| program.map_or(Attached::Nothing, Attached::Program);
        Ok(account::Account {
            credential: self.credential,
            identity: attached(self.identity.as_ref()),
            session: self.session.attached(),
            bucket: attached(bucket_policy.map(|policy| &policy.program)),
        })
    }
}

impl Ask for AccountOnBucket<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Minio
    }

    fn answer(&self, query: &Query<'_>) -> Result<Answer<'_>, Error> {
        let decided = self.account.decide(query, self.bucket_policy)?;
        Ok(Answer {
            decision: decided.decision,
            layer: Some(decided.layer.name()),
            level: 0,
            statement: self.account.statement(&decided, self.bucket_policy),
        })
    }

    fn explain(&self, query: &Query<'_>) -> Result<Explained, Error> {
        let AccountDecision { decision, layer } = self.account.decide(query, self.bucket_policy)?;
        let mut layers = Vec::new();
        for (layer, policies) in self.asked() {
            let explanation = query.request(|request| {
                let request = Request { is_owner: false, ..*request };
                let request = match layer {
                    Layer::Session => Request { deny_only: false, ..request },
                    Layer::Bucket => Request { account: "", ..request },
                    Layer::Identity | Layer::Owner => request,
                };
                explain::explain(&policies, &request)
            })?;
            layers.push(LayerExplained { layer: Some(layer.name()), level: 0, explanation });
        }
        let own = layers.iter().find(|own| own.layer == Some(layer.name()));
        let sentence = match (layer, own) {
            (Layer::Owner, _) => "Allowed: the caller owns the storage.".to_owned(),
            (_, Some(own)) if own.explanation.decision == decision => {
                format!("In the layer `{}`: {}", layer.name(), own.explanation.sentence)
            }
            _ if decision.reason == Reason::PolicyBroken => {
                format!("Denied: the policy of the layer `{}` cannot be used.", layer.name())
            }
            _ => format!("Denied: the layer `{}` has no policy that allows it.", layer.name()),
        };
        Ok(Explained { decision, layer: Some(layer.name()), level: 0, sentence, layers })
    }

    fn access(&self, query: &Query<'_>, known: &ContextMap<'_>, is_complete: bool) -> Result<Access, Error> {
        self.account.with(self.bucket_policy)?;
        if matches!(self.account.session, SessionPolicy::Broken) {
            return Err(Error::with_message(
                ErrorCode::Unsupported,
                "the session policy cannot be used, so everything is denied",
            ));
        }
        let asked = self.asked();
        let layers: Vec<(Option<&'static str>, &[Named<'_>])> =
            asked.iter().map(|(layer, policies)| (Some(layer.name()), policies.as_slice())).collect();
        Access::of(Dialect::Minio, &layers, query, known, is_complete)
    }

    fn for_each_document(&self, f: &mut dyn FnMut(&Document)) {
        self.account.documents.iter().for_each(|document| f(document));
        if let Some(policy) = self.bucket_policy {
            f(&policy.document);
        }
    }
}

impl<'a> AccountOnBucket<'a> {
    /// The layers that are asked, each with its policies.
    fn asked(&self) -> Vec<(Layer, Vec<Named<'a>>)> {
        let identity = || (Layer::Identity, named(&self.account.documents));
        let session = match &self.account.session {
            SessionPolicy::Policy(policy) => {
                Some((Layer::Session, vec![Named { name: "", document: &policy.document }]))
            }
            SessionPolicy::Inherited | SessionPolicy::Broken => None,
        };
        match self.account.credential {
            Credential::Root => Vec::new(),
            Credential::User => vec![identity()],
            Credential::ServiceAccount { parent_is_root } | Credential::Temporary { parent_is_root } => {
                (!parent_is_root).then(identity).into_iter().chain(session).collect()
            }
            Credential::Anonymous => {
                let policy = self.bucket_policy.map(|policy| Named { name: "", document: &policy.document });
                vec![(Layer::Bucket, policy.into_iter().collect())]
            }
        }
    }
}

impl Credential {
    /// The credential of that name: `root`, `user`, `service-account`, `temporary` or `anonymous`; of
    /// the third and fourth `parent_is_root` says whether the parent is the owner.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`] for any other name, and for `parent_is_root` of one that has no parent.
    pub fn named(name: &str, parent_is_root: bool) -> Result<Self, Error> {
        let credential = match name {
            "service-account" => return Ok(Self::ServiceAccount { parent_is_root }),
            "temporary" => return Ok(Self::Temporary { parent_is_root }),
            "root" => Self::Root,
            "user" => Self::User,
            "anonymous" => Self::Anonymous,
            _ => {
                let names = "root, user, service-account, temporary or anonymous";
                return Err(invalid(format!("a credential is {names}, not `{name}`")));
            }
        };
        if parent_is_root {
            return Err(invalid("only temporary credentials and service accounts have a parent"));
        }
        Ok(credential)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::User => "user",
            Self::ServiceAccount { .. } => "service-account",
            Self::Temporary { .. } => "temporary",
            Self::Anonymous => "anonymous",
        }
    }

    /// Whether its parent is the owner.
    pub fn parent_is_root(self) -> bool {
        matches!(
            self,
            Self::ServiceAccount { parent_is_root: true } | Self::Temporary { parent_is_root: true }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PolicyOptions, Target};

    fn policy(kind: Kind, statement: &str) -> Policy {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);
        Policy::parse(text.as_bytes(), &PolicyOptions { kind, ..PolicyOptions::default() }).unwrap()
    }

    fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorCode {
        result.unwrap_err().code()
    }

    const ALLOW: &str = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#;
    const PUBLIC: &str = r#"{"Sid": "Public", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*"}"#;

    #[test]
    fn what_makes_no_sense_is_refused() {
        let (identity, bucket) = (policy(Kind::Identity, ALLOW), policy(Kind::Bucket, PUBLIC));
        let refuse = |credential, policies: &[&Policy], session: Option<&[u8]>| {
            assert_eq!(code(Account::new(credential, policies, session)), ErrorCode::InvalidArgument);
        };
        refuse(Credential::User, &[&bucket], None);
        refuse(Credential::User, &[&identity], Some(b"{}"));
        refuse(Credential::Anonymous, &[], Some(b"{}"));
        let account = Account::new(Credential::Anonymous, &[], None).unwrap();
        let query = Query::new("s3:GetObject", Target::Resource("b/k"));
        assert_eq!(code(account.decide(&query, Some(&identity))), ErrorCode::InvalidArgument);
        let call = OperationQuery::new("FrobObject", "b", "k");
        assert_eq!(code(account.decide_operation(&call, None)), ErrorCode::InvalidArgument);
        assert_eq!(code(Credential::named("Root", false)), ErrorCode::InvalidArgument);
        assert_eq!(code(Credential::named("user", true)), ErrorCode::InvalidArgument);
    }

    #[test]
    fn the_statement_is_one_of_the_layer() {
        let (identity, bucket) = (policy(Kind::Identity, ALLOW), policy(Kind::Bucket, PUBLIC));
        let query = Query::new("s3:GetObject", Target::Resource("b/k"));
        let anonymous = Account::new(Credential::Anonymous, &[&identity], None).unwrap();
        let decision = anonymous.decide(&query, Some(&bucket)).unwrap();
        let statement = anonymous.statement(&decision, Some(&bucket)).unwrap();
        assert_eq!((decision.layer, statement.sid), (Layer::Bucket, Some("Public")));
        let user = Account::new(Credential::User, &[&identity], None).unwrap();
        let decision = user.decide(&query, Some(&bucket)).unwrap();
        assert_eq!(user.statement(&decision, Some(&bucket)).unwrap().sid, None);
        assert_eq!(decision.layer, Layer::Identity);
    }

    #[test]
    fn names_of_credentials_read_back() {
        for name in ["root", "user", "service-account", "temporary", "anonymous"] {
            assert_eq!(Credential::named(name, false).unwrap().name(), name);
        }
        assert!(Credential::named("temporary", true).unwrap().parent_is_root());
    }
}
