//! The whole path: verify the signature, recognise the operation, gather the caller's policies,
//! evaluate, answer.

use crate::compile::StatementInfo;
use crate::error::{ErrorProfile, error_xml};
use crate::evaluate::Decision;
use crate::http::HttpRequest;
use crate::identity::{Directory, Problem};
use crate::operation::{Hosting, Recognised};
use crate::signature::{self, Payload, Verifier};
use crate::{Error, ErrorCode, Timestamp};
use arc_swap::ArcSwap;
use std::sync::Arc;

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
    directory: ArcSwap<Directory>,
    problems: ArcSwap<Vec<Problem>>,
}

/// The answer to a request. Owns what it names, so it outlives the snapshot's replacement.
#[derive(Clone, Debug)]
pub struct Verdict {
    directory: Arc<Directory>,
    owner: Option<u32>,
    recognised: Option<Recognised>,
    decision: Option<Decision>,
    payload: Option<Payload>,
    error: Option<Box<Error>>,
    profile: ErrorProfile,
    /// The path as sent, for error bodies; empty if allowed.
    resource: String,
}

/// The answer for one key of a `DeleteObjects` request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyVerdict {
    /// The object key.
    pub key: String,
    /// The version, if one was named.
    pub version_id: Option<String>,
    /// The decision.
    pub decision: Decision,
}

impl Iam {
    /// Reads a directory document; see [`Directory::read`].
    pub fn load(directory: &[u8], options: Options) -> Result<Self, Error> {
        let (directory, problems) = Directory::read(directory)?;
        Ok(Self {
            verifier: Verifier::new(options.signature),
            hosting: options.hosting,
            directory: ArcSwap::from_pointee(directory),
            problems: ArcSwap::from_pointee(problems),
        })
    }

    /// Replaces the directory. Requests under way finish with the one they started with. On an
    /// error the old directory stays.
    pub fn replace(&self, directory: &[u8]) -> Result<(), Error> {
        let (directory, problems) = Directory::read(directory)?;
        self.directory.store(Arc::new(directory));
        self.problems.store(Arc::new(problems));
        Ok(())
    }

    /// What was wrong with single records of the directory.
    pub fn problems(&self) -> Arc<Vec<Problem>> {
        self.problems.load_full()
    }

    /// The directory as it is now.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.load_full()
    }

    /// Authorizes a raw request at the time `now`.
    pub fn authorize(&self, request: &HttpRequest<'_>, facts: &Facts<'_>, now: Timestamp) -> Verdict {
        let _ = (request, facts, now, &self.verifier, &self.hosting);
        Verdict {
            directory: self.directory(),
            owner: None,
            recognised: None,
            decision: None,
            payload: None,
            error: Some(Box::new(ErrorCode::AccessDenied.into())),
            profile: self.verifier.options().error_profile,
            resource: String::new(),
        }
    }
}

impl Verdict {
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
        &[]
    }
}
