//! The whole path: recognise the operation, verify the signature, find the caller's policies,
//! evaluate every check, answer.
//!
//! Recognition comes first. It is a pure function of the request and cheaper than a single hash; a
//! path that two readers could take differently never reaches the verifier, and since it knows of no
//! identity, bucket or object, what it answers gives nothing away to a caller without a key. All
//! that depends on what is stored comes after the signature was verified.

use crate::account::{Account, AccountDecision, Attached, Credential, decide_checks};
use crate::compile::StatementInfo;
use crate::error::{ErrorProfile, error_xml};
use crate::evaluate::{Decision, Reason, Request};
use crate::http::{HttpRequest, Plus};
use crate::identity::{Caller, Directory, Problem};
use crate::operation::{
    About, Check, DeleteKey, Derived, Hosting, Operation, Recognised, RequestContext, Requirement, Subject,
    read_delete_keys, recognise,
};
use crate::shared::Shared;
use crate::signature::{self, Identity, Payload, Verified, Verifier};
use crate::{Error, ErrorCode, Timestamp};
use std::sync::Arc;
#[cfg(feature = "forms")]
use {
    crate::http::Header,
    crate::signature::{ClientSide, Diagnosis, LengthRange, PostForm},
};

/// Options of an [`Iam`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What signature verification insists on.
    pub signature: signature::Options,
    /// Where buckets are looked for in a request.
    pub hosting: Hosting,
}

/// What the gateway knows and the request does not say. Whatever is left out is unknown, and a
/// statement that needs it fails closed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// The stored tags of the addressed object version.
    pub object_tags: Option<&'a [(&'a str, &'a str)]>,
}

/// A directory of identities and everything needed to authorize requests against it. Shareable
/// between threads; the directory can be replaced while requests are under way.
#[derive(Debug)]
pub struct Iam {
    verifier: Verifier,
    hosting: Hosting,
    loaded: Shared<Loaded>,
}

/// A directory and what was wrong with it.
#[derive(Debug)]
struct Loaded {
    directory: Arc<Directory>,
    problems: Arc<Vec<Problem>>,
}

impl Loaded {
    fn read(directory: &[u8]) -> Result<Arc<Self>, Error> {
        let (directory, problems) = Directory::read(directory)?;
        Ok(Arc::new(Self { directory: Arc::new(directory), problems: Arc::new(problems) }))
    }
}

/// The answer to a request. Owns what it names, so it outlives the snapshot's replacement.
#[derive(Clone, Debug)]
pub struct Verdict {
    directory: Arc<Directory>,
    owner: Option<u32>,
    recognised: Option<Recognised>,
    decision: Option<Decision>,
    payload: Option<Payload>,
    #[cfg(feature = "forms")]
    body: Option<signature::Body>,
    keys: Vec<KeyVerdict>,
    #[cfg(feature = "forms")]
    length_range: Option<LengthRange>,
    error: Option<Box<Error>>,
    profile: ErrorProfile,
    /// The path as sent, for error bodies; empty if allowed.
    resource: String,
}

/// The answer for one key of a `DeleteObjects` request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyVerdict {
    /// The object key, without leading slashes.
    pub key: String,
    /// The version, if one was named.
    pub version_id: Option<String>,
    /// The decision.
    pub decision: Decision,
}

impl Iam {
    /// Reads a directory document; see [`Directory::read`].
    ///
    /// # Errors
    ///
    /// Those of [`Directory::read`], and [`ErrorCode::InvalidArgument`] for `path_plus` other than
    /// literal: object keys are decoded literally here, and a key must be what was signed.
    pub fn load(directory: &[u8], options: Options) -> Result<Self, Error> {
        if options.signature.path_plus != Plus::Literal {
            let message = "object keys are decoded with a literal '+'; path_plus must say so as well";
            return Err(Error::with_message(ErrorCode::InvalidArgument, message));
        }
        let loaded = Shared::new(Loaded::read(directory)?);
        #[cfg(feature = "forms")]
        let signature = signature::Options { hosting: options.hosting.clone(), ..options.signature };
        #[cfg(not(feature = "forms"))]
        let signature = options.signature;
        Ok(Self { verifier: Verifier::new(signature), hosting: options.hosting, loaded })
    }

    /// Replaces the directory. Requests under way finish with the one they started with. On an
    /// error the old directory stays. Signing keys of secrets that are no longer there are wiped.
    pub fn replace(&self, directory: &[u8]) -> Result<(), Error> {
        let loaded = Loaded::read(directory)?;
        #[cfg(any(feature = "forms", not(target_family = "wasm")))]
        {
            self.loaded.swap(loaded.clone()).directory.retire();
            self.verifier.keep_only(loaded.directory.secrets());
        }
        // The smallest module leaves them where they are: they are found for no secret.
        #[cfg(not(any(feature = "forms", not(target_family = "wasm"))))]
        self.loaded.store(loaded);
        Ok(())
    }

    /// What was wrong with single records of the directory.
    pub fn problems(&self) -> Arc<Vec<Problem>> {
        self.loaded.load().problems.clone()
    }

    /// The directory as it is now.
    pub fn directory(&self) -> Arc<Directory> {
        self.loaded.load().directory.clone()
    }

    /// Authorizes a raw request at the time `now`.
    ///
    /// Allowed is a request whose operation was recognised, whose signature is good, and of whose
    /// checks all hold. Everything else is refused with the error to send. An anonymous request is
    /// refused as soon as its operation is known. A form upload is refused here: `authorize_post` takes
    /// its fields.
    pub fn authorize(&self, request: &HttpRequest<'_>, facts: &Facts<'_>, now: Timestamp) -> Verdict {
        let mut verdict = self.undecided();
        if let Err(error) = self.fill(&mut verdict, request, facts, now) {
            verdict.refuse(error, request);
        }
        verdict
    }

    /// Authorizes a form upload at the time `now`: a `POST` to a bucket whose form the gateway has read up
    /// to the file.
    ///
    /// The bucket is that of the URL, the key that of the form; a gateway takes both from
    /// [`Verdict::recognised`], and asks [`Verdict::length_range`] while the file arrives. The upload needs
    /// `s3:PutObject`; with tags also `s3:PutObjectTagging`, with a lock what a locked write needs, and with
    /// an ACL or grants `s3:PutObjectAcl`. Of the request's own headers conditions see `User-Agent` and
    /// `Referer` alone: for the others the fields stand.
    ///
    /// MinIO asks for `s3:PutObject` alone, and its policies cannot name `s3:PutObjectAcl`; patterns such as
    /// `s3:Put*` match it.
    #[cfg(feature = "forms")]
    pub fn authorize_post(
        &self,
        request: &HttpRequest<'_>,
        form: &PostForm<'_>,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Verdict {
        let mut verdict = self.undecided();
        if let Err(error) = self.fill_post(&mut verdict, request, form, facts, now) {
            verdict.refuse(error, request);
        }
        verdict
    }

    /// Says why the signature of a request is refused, and what the client did otherwise: as
    /// [`Verifier::diagnose`], with the keys of the directory as it is now.
    ///
    /// It is about the signature alone. A request that [`Iam::authorize`] refuses for its operation or by its
    /// caller's policies has one that verifies.
    #[cfg(feature = "forms")]
    pub fn diagnose(&self, request: &HttpRequest<'_>, now: Timestamp, client: ClientSide<'_>) -> Diagnosis {
        self.verifier.diagnose(request, &*self.directory(), now, client)
    }

    /// A verdict before the first step.
    fn undecided(&self) -> Verdict {
        Verdict {
            directory: self.directory(),
            owner: None,
            recognised: None,
            decision: None,
            payload: None,
            #[cfg(feature = "forms")]
            body: None,
            keys: Vec::new(),
            #[cfg(feature = "forms")]
            length_range: None,
            error: None,
            profile: self.verifier.options().error_profile,
            resource: String::new(),
        }
    }

    /// Takes the steps in order and notes in the verdict how far they came.
    fn fill(
        &self,
        verdict: &mut Verdict,
        request: &HttpRequest<'_>,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let recognised = verdict.recognised.insert(recognise(request, &self.hosting)?);
        #[cfg(feature = "forms")]
        if recognised.operation == Operation::PostObject {
            return Err(ErrorCode::FormFieldsNeeded.into());
        }
        let directory = &*verdict.directory;
        let identity = match self.verifier.verify(request, directory, now)? {
            Verified::Signed(identity) => identity,
            // Nothing is granted to everyone: a directory has no bucket policies yet.
            Verified::Anonymous => return Err(ErrorCode::AccessDenied.into()),
        };
        let caller = directory.caller(identity.owner()).ok_or(ErrorCode::Internal)?;
        verdict.owner = Some(identity.owner());
        verdict.payload = Some(identity.payload());
        #[cfg(feature = "forms")]
        {
            verdict.body = Some(identity.body().clone());
            // Recognition knows more of the request than the verifier.
            let uploads = matches!(recognised.operation, Operation::PutObject | Operation::UploadPart);
            if matches!(identity.payload(), Payload::Chunked(_)) && !uploads {
                return Err(ErrorCode::StreamingNotAllowed.into());
            }
        }
        let derived = Derived::default();
        let asked = Asked { request, recognised, identity: &identity, caller, facts, now, derived: &derived };
        if recognised.operation == Operation::DeleteObjects {
            verdict.keys = asked.decide_keys()?;
            return Ok(());
        }
        let decision = asked.decide(Subject::Addressed, &recognised.checks());
        verdict.decision = Some(decision);
        if decision.allowed() { Ok(()) } else { Err(refusal(decision.reason).into()) }
    }

    /// The same for a form.
    #[cfg(feature = "forms")]
    fn fill_post(
        &self,
        verdict: &mut Verdict,
        request: &HttpRequest<'_>,
        form: &PostForm<'_>,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.verifier.check_form(request)?;
        let recognised = verdict.recognised.insert(recognise(request, &self.hosting)?);
        if recognised.operation != Operation::PostObject {
            return Err(ErrorCode::MethodNotAllowed.into());
        }
        if form.fields.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"x-minio-fanout-list")) {
            // One upload to many keys, of which the check would see none.
            return Err(ErrorCode::NotImplemented.into());
        }
        let directory = &*verdict.directory;
        let upload = self.verifier.verify_fields(request, recognised.bucket(), form, directory, now)?;
        // Nothing is granted to everyone: a directory has no bucket policies yet.
        let identity = upload.identity().ok_or(ErrorCode::AccessDenied)?;
        let caller = directory.caller(identity.owner()).ok_or(ErrorCode::Internal)?;
        verdict.owner = Some(identity.owner());
        verdict.payload = Some(identity.payload());
        verdict.length_range = Some(upload.length_range());
        let fields: Vec<(String, &[u8])> = upload.headers().collect();
        let of_client =
            |name: &str| name.eq_ignore_ascii_case("user-agent") || name.eq_ignore_ascii_case("referer");
        let of_client = |(name, _): &&Header<'_>| std::str::from_utf8(name).is_ok_and(of_client);
        let headers: Vec<Header<'_>> = request
            .headers
            .iter()
            .filter(of_client)
            .copied()
            .chain(fields.iter().map(|(name, value)| (name.as_bytes(), *value)))
            .collect();
        let request = &HttpRequest { target: request.path(), headers: &headers, body: None, ..*request };
        recognised.with_form(upload.key(), request)?;
        let derived = Derived::default();
        let asked = Asked { request, recognised, identity, caller, facts, now, derived: &derived };
        let decision = asked.decide(Subject::Addressed, &recognised.checks());
        verdict.decision = Some(decision);
        if decision.allowed() { Ok(()) } else { Err(refusal(decision.reason).into()) }
    }
}

/// What is asked: a verified request.
#[derive(Clone, Copy)]
struct Asked<'a> {
    request: &'a HttpRequest<'a>,
    recognised: &'a Recognised,
    identity: &'a Identity<'a>,
    caller: Caller<'a>,
    facts: &'a Facts<'a>,
    now: Timestamp,
    derived: &'a Derived,
}

impl<'a> Asked<'a> {
    /// Decides every key that the body of a `DeleteObjects` request names.
    fn decide_keys(self) -> Result<Vec<KeyVerdict>, Error> {
        let body = self.request.body.ok_or(ErrorCode::FactsMissing)?;
        let keys = read_delete_keys(body)?;
        let decide = |key| self.decide(Subject::Listed(key), &self.recognised.key_checks(key));
        let decisions: Vec<Decision> = keys.iter().map(decide).collect();
        let verdict = |(DeleteKey { key, version_id }, decision)| KeyVerdict { key, version_id, decision };
        Ok(keys.into_iter().zip(decisions).map(verdict).collect())
    }

    /// Decides a list of checks: the decision that refuses, or the first one that allows.
    fn decide(self, subject: Subject<'_>, checks: &[Check<'_>]) -> Decision {
        let account = self.account();
        let signer = Some((self.identity, self.caller));
        let context =
            RequestContext::new(self.request, self.recognised, signer, self.facts, self.now, self.derived);
        let ask = |check: &Check<'_>| {
            let subject = if check.about == About::Source { Subject::Source } else { subject };
            self.decide_check(&account, check, &context.about(subject))
        };
        decide_checks(checks, ask).decision
    }

    /// The caller as an account. The further keys of a user do all that the user may, so they are as
    /// the user's own here.
    fn account(self) -> Account<'a> {
        let credential = if self.caller.is_owner { Credential::Root } else { Credential::User };
        let identity = match self.caller {
            Caller { policy_broken: true, .. } => Attached::Broken,
            Caller { program: Some(program), .. } => Attached::Program(program),
            Caller { program: None, .. } => Attached::Nothing,
        };
        Account {
            credential,
            identity,
            #[cfg(feature = "accounts")]
            session: Attached::Nothing,
            #[cfg(feature = "accounts")]
            bucket: Attached::Nothing,
        }
    }

    fn decide_check(
        self,
        account: &Account<'_>,
        check: &Check<'_>,
        context: &RequestContext<'_>,
    ) -> AccountDecision {
        account.decide(&Request {
            account: self.caller.name,
            deny_only: check.requirement == Requirement::NotDenied,
            ..Request::new(check.action, check.bucket, check.key, context)
        })
    }
}

/// The error of a decision that does not allow.
fn refusal(reason: Reason) -> ErrorCode {
    match reason {
        Reason::FactsMissing => ErrorCode::FactsMissing,
        Reason::PolicyBroken => ErrorCode::PolicyBroken,
        _ => ErrorCode::AccessDenied,
    }
}

impl Verdict {
    fn refuse(&mut self, error: Error, request: &HttpRequest<'_>) {
        self.error = Some(Box::new(error));
        self.resource = String::from_utf8_lossy(request.path()).into_owned();
    }

    /// Whether the request may proceed. For `DeleteObjects` this means that it may be carried out
    /// for the keys that [`Verdict::keys`] allows.
    pub fn allowed(&self) -> bool {
        self.error.is_none()
    }

    /// The user, or `None` for an anonymous or unverified request.
    pub fn user(&self) -> Option<&str> {
        self.directory.caller(self.owner?).map(|caller| caller.name)
    }

    /// The access key that signed.
    pub fn access_key(&self) -> Option<&str> {
        self.directory.caller(self.owner?).map(|caller| caller.access_key)
    }

    /// The operation and what it touches, once recognised. A gateway takes bucket and key from
    /// here and never decodes the path again.
    pub fn recognised(&self) -> Option<&Recognised> {
        self.recognised.as_ref()
    }

    /// The policy decision, if it came to one.
    pub fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }

    /// What the signature says of the body.
    pub fn payload(&self) -> Option<Payload> {
        self.payload
    }

    /// A reader that checks the body of an allowed request, and decodes it if it is chunked; `None` if the
    /// request was refused.
    #[cfg(feature = "forms")]
    pub fn body_reader(&self) -> Option<signature::BodyReader> {
        self.body().map(signature::Body::reader)
    }

    /// The body of an allowed request, which outlives the verdict; `None` if the request was refused, and for
    /// a form, whose body the gateway reads.
    #[cfg(feature = "forms")]
    pub fn body(&self) -> Option<&signature::Body> {
        self.body.as_ref().filter(|_| self.allowed())
    }

    /// How large the file of a form upload may be.
    #[cfg(feature = "forms")]
    pub fn length_range(&self) -> Option<LengthRange> {
        self.length_range
    }

    /// Why the request was refused.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_deref()
    }

    /// The statement that decided.
    pub fn statement(&self) -> Option<StatementInfo<'_>> {
        let reference = self.decision?.statement?;
        self.directory.caller(self.owner?)?.program?.statement(reference)
    }

    /// Whose wording the error body carries.
    pub fn error_profile(&self) -> ErrorProfile {
        self.profile
    }

    /// The HTTP status to answer with: 200 if allowed, else the error's.
    pub fn http_status(&self) -> u16 {
        self.error().map_or(200, |error| error.code().answer(self.profile).status)
    }

    /// The S3 error body to answer with; empty if allowed.
    pub fn error_xml(&self, request_id: &str) -> String {
        self.error().map_or_else(String::new, |e| error_xml(e, self.profile, &self.resource, request_id))
    }

    /// The keys of a `DeleteObjects` request, each with its own decision.
    pub fn keys(&self) -> &[KeyVerdict] {
        &self.keys
    }
}
