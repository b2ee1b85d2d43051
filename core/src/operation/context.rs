//! The condition values of a request: a closed list, each with one source.
//!
//! | value | source |
//! |---|---|
//! | `CurrentTime`, `EpochTime` | the time given |
//! | `SecureTransport`, `SourceIp` | the connection; no header is consulted |
//! | `UserAgent`, `Referer` | the header of that name, or empty |
//! | `principaltype`, `userid`, `username`, `groups` | the verified identity; for an access key of a user, the user |
//! | `signatureversion`, `authType`, `signatureAge` | the verified signature; the age in milliseconds, presigned only |
//! | `versionid` | `versionId` of what is checked: a copy source's own, a listed key's own, else the query's, else the copy source's, else empty |
//! | `prefix`, `delimiter`, `max-keys` | the query of a listing |
//! | `x-amz-…` | the header of that name; `x-amz-content-sha256` also from a presigned query |
//! | `object-lock-…` | the `x-amz-object-lock-…` header; the days from its date and the time given |
//! | `RequestObjectTag`, `RequestObjectTagKeys` | `x-amz-tagging` of a write, the body of `PutObjectTagging`, the field `tagging` of a form |
//! | `ExistingObjectTag` | the stored tags that the gateway gives |
//! | `LocationConstraint` | the body of `CreateBucket` |
//!
//! Every other value is missing. A value that the request has, but that is not given here or cannot
//! be read without doubt, is unknown, and a statement that needs it fails closed. A header sent in
//! several lines has several values. Of signed requests the `x-amz-*` headers are signed, unless the
//! signature options are relaxed; `Referer` and `User-Agent` are the caller's word in any case.

use super::body::read_location;
use super::query::decode_value;
use super::tagging::Tags;
use super::{DeleteKey, Operation, Recognised};
use crate::Timestamp;
use crate::authorize::Facts;
use crate::catalog::ValueName;
use crate::evaluate::{Context, ContextKey, Value, Values};
use crate::http::{HttpRequest, ShortBytes, query_pairs};
use crate::identity::Caller;
use crate::short::SmallVec;
use crate::signature::Identity;
use std::cell::OnceCell;

const DAY_MILLIS: i64 = 86_400_000;

/// What a check is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// What the request addresses.
    Addressed,
    /// The object that a copy reads.
    Source,
    /// One key of a `DeleteObjects` request.
    Listed(&'a DeleteKey),
}

/// Values that have to be decoded before they can be compared; filled when they are first asked for
/// and shared by all checks of a request.
#[derive(Debug, Default)]
pub struct Derived {
    tags: OnceCell<Option<Tags>>,
    location: OnceCell<Option<Option<String>>>,
    prefix: OnceCell<Option<ShortBytes>>,
    delimiter: OnceCell<Option<ShortBytes>>,
    max_keys: OnceCell<Option<ShortBytes>>,
    content_sha256: OnceCell<Option<ShortBytes>>,
}

/// The condition values of one check of a request. Values are derived when asked for, without
/// allocating as long as they are short and sent once.
#[derive(Debug)]
pub struct RequestContext<'a> {
    request: &'a HttpRequest<'a>,
    recognised: &'a Recognised,
    signer: Option<(&'a Identity<'a>, Caller<'a>)>,
    facts: &'a Facts<'a>,
    now: Timestamp,
    derived: &'a Derived,
    subject: Subject<'a>,
    groups: OnceCell<SmallVec<[&'a [u8]; 8]>>,
    tag_keys: OnceCell<SmallVec<[&'a [u8]; 10]>>,
    repeated: Kept<'a>,
}

impl<'a> RequestContext<'a> {
    /// The values for checks about what the request addresses; `signer` is `None` for an anonymous
    /// request.
    pub fn new(
        request: &'a HttpRequest<'a>,
        recognised: &'a Recognised,
        signer: Option<(&'a Identity<'a>, Caller<'a>)>,
        facts: &'a Facts<'a>,
        now: Timestamp,
        derived: &'a Derived,
    ) -> Self {
        Self {
            request,
            recognised,
            signer,
            facts,
            now,
            derived,
            subject: Subject::Addressed,
            groups: OnceCell::new(),
            tag_keys: OnceCell::new(),
            repeated: Kept::default(),
        }
    }

    /// The values for checks about something else in the same request.
    #[must_use]
    pub fn about(&self, subject: Subject<'a>) -> Self {
        let mut other =
            Self::new(self.request, self.recognised, self.signer, self.facts, self.now, self.derived);
        other.subject = subject;
        other
    }

    /// The values of a header, or `None` if it was not sent.
    fn header(&self, value: ValueName, name: &str) -> Option<Values<'_>> {
        let mut lines = self.request.header_values(name).map(<[u8]>::trim_ascii);
        let first = lines.next()?;
        if lines.next().is_none() {
            return Some(text(first));
        }
        let all = || self.request.header_values(name).map(<[u8]>::trim_ascii).collect();
        Some(Values::Texts(self.repeated.get_or_keep(value, all)))
    }

    fn header_or_missing(&self, value: ValueName, name: &str) -> Values<'_> {
        self.header(value, name).unwrap_or(Values::Missing)
    }

    fn header_or_empty(&self, value: ValueName, name: &str) -> Values<'_> {
        self.header(value, name).unwrap_or(text(b""))
    }

    /// A header that asks for a lock. Where the lock is asked for in the query, its value is unknown.
    fn lock(&self, value: ValueName, name: &str) -> Values<'_> {
        let absent = if self.recognised.traits.lock_in_query { Values::Unknown } else { Values::Missing };
        self.header(value, name).unwrap_or(absent)
    }

    /// Days from now to the end of the retention asked for, rounded up.
    fn retention_days(&self) -> Values<'_> {
        let lock = self.lock(ValueName::ObjectLockRetainUntilDate, "x-amz-object-lock-retain-until-date");
        let Values::One(Value::Text(date)) = lock else {
            return if matches!(lock, Values::Missing) { Values::Missing } else { Values::Unknown };
        };
        let Some(until) = Timestamp::parse_rfc3339(date) else { return Values::Unknown };
        let millis = until.unix_millis().saturating_sub(self.now.unix_millis());
        match millis {
            ..=0 => Values::Missing,
            millis => Values::One(Value::Integer(millis.saturating_add(DAY_MILLIS - 1) / DAY_MILLIS)),
        }
    }

    /// A parameter of a listing.
    fn listed<'s>(&'s self, cell: &'s OnceCell<Option<ShortBytes>>, name: &str) -> Values<'s> {
        if self.recognised.operation.lists() {
            self.parameter(cell, name.as_bytes())
        } else {
            Values::Missing
        }
    }

    fn parameter<'s>(&'s self, cell: &'s OnceCell<Option<ShortBytes>>, name: &[u8]) -> Values<'s> {
        let find = || {
            let mut pairs = query_pairs(self.request.query());
            let (_, value) = pairs.find(|(n, _)| decode_value(n).is_ok_and(|n| n.as_slice() == name))?;
            decode_value(value).ok()
        };
        cell.get_or_init(find).as_deref().map_or(Values::Missing, text)
    }

    fn content_sha256(&self) -> Values<'_> {
        let presigned = self.signer.is_some_and(|(identity, _)| identity.form().is_presigned());
        match self.header(ValueName::XAmzContentSha256, "x-amz-content-sha256") {
            Some(values) => values,
            None if presigned => self.parameter(&self.derived.content_sha256, b"X-Amz-Content-Sha256"),
            None => Values::Missing,
        }
    }

    fn version_id(&self) -> &[u8] {
        let source = || self.recognised.copy_source().and_then(|source| source.version_id);
        let version = match self.subject {
            Subject::Addressed => self.recognised.version_id().or_else(source),
            Subject::Source => source(),
            Subject::Listed(key) => key.version_id.as_ref().map(String::as_bytes),
        };
        version.unwrap_or_default()
    }

    fn principal_type(&self) -> &'static [u8] {
        match self.signer {
            None => b"Anonymous",
            Some((_, caller)) if caller.is_owner => b"Account",
            Some((identity, caller)) if identity.is_temporary() || caller.is_derived => b"AssumedRole",
            Some(_) => b"User",
        }
    }

    fn user_name(&self) -> &[u8] {
        self.signer.map_or(b"", |(_, caller)| caller.name.as_bytes())
    }

    fn groups(&self) -> Values<'_> {
        let Some((_, caller)) = self.signer else { return Values::Missing };
        Values::Texts(self.groups.get_or_init(|| caller.groups.iter().map(|g| g.as_bytes()).collect()))
    }

    fn existing_tag(&self, key: &str) -> Values<'_> {
        match (self.subject, self.facts.object_tags) {
            (Subject::Addressed, _) if self.recognised.key().is_empty() => Values::Missing,
            (Subject::Addressed, Some(tags)) => {
                let tag = tags.iter().find(|(k, _)| *k == key);
                tag.map_or(Values::Missing, |(_, value)| text(value.as_bytes()))
            }
            _ => Values::Unknown,
        }
    }

    fn request_tag(&self, key: &str) -> Values<'_> {
        match self.request_tags() {
            Some(tags) => tags.get(key.as_bytes()).map_or(Values::Missing, text),
            None => Values::Unknown,
        }
    }

    fn request_tag_keys(&self) -> Values<'_> {
        match self.request_tags() {
            Some(tags) => Values::Texts(self.tag_keys.get_or_init(|| tags.keys().collect())),
            None => Values::Unknown,
        }
    }

    /// The tags that the request gives an object, or `None` if they cannot be known.
    fn request_tags(&self) -> Option<&'a Tags> {
        self.derived.tags.get_or_init(|| self.read_request_tags()).as_ref()
    }

    fn read_request_tags(&self) -> Option<Tags> {
        let replaces = || {
            let mut directives = self.request.header_values("x-amz-tagging-directive");
            directives.next().is_some_and(|d| d.trim_ascii() == b"REPLACE") && directives.next().is_none()
        };
        #[cfg(feature = "forms")]
        if self.recognised.operation == Operation::PostObject {
            return self.read_form_tags();
        }
        let mut lines = self.request.header_values("x-amz-tagging");
        match (self.recognised.operation, lines.next(), lines.next()) {
            (Operation::PutObjectTagging, _, _) => Tags::from_body(self.request.body?),
            (_, None, _) => Some(Tags::default()),
            (Operation::PutObject | Operation::CreateMultipartUpload, Some(line), None) => {
                Tags::from_header(line)
            }
            (Operation::CopyObject, Some(line), None) if replaces() => Tags::from_header(line),
            (Operation::PutObject | Operation::CreateMultipartUpload | Operation::CopyObject, ..) => None,
            _ => Some(Tags::default()),
        }
    }

    /// The tags of a form: a document in the field `tagging`, or a query as in the header of that name.
    #[cfg(feature = "forms")]
    fn read_form_tags(&self) -> Option<Tags> {
        match (self.request.header("tagging"), self.request.header("x-amz-tagging")) {
            (None, None) => Some(Tags::default()),
            (Some(document), None) => Tags::from_body(document),
            (None, Some(query)) => Tags::from_header(query),
            (Some(_), Some(_)) => None,
        }
    }

    fn location(&self) -> Values<'_> {
        if self.recognised.operation != Operation::CreateBucket {
            return Values::Missing;
        }
        let read = || match self.request.body {
            Some(body) => read_location(body).ok(),
            // Without a body there is no location; whether there is one the length says.
            None => self.request.header("content-length").filter(|l| l.trim_ascii() == b"0").map(|_| None),
        };
        match self.derived.location.get_or_init(read) {
            None => Values::Unknown,
            Some(None) => Values::Missing,
            Some(Some(location)) => text(location.as_bytes()),
        }
    }

    /// Values that only a verified signature gives; empty for an anonymous request.
    fn signed(&self, of: impl Fn(&Identity<'_>) -> &'static str) -> Values<'_> {
        text(self.signer.map_or("", |(identity, _)| of(identity)).as_bytes())
    }

    fn signature_age(&self) -> Values<'_> {
        match self.signer {
            Some((identity, _)) if identity.form().is_presigned() => {
                let age = self.now.unix_millis().saturating_sub(identity.signed_at().unix_millis());
                Values::One(Value::Integer(age))
            }
            _ => Values::Missing,
        }
    }
}

impl Context for RequestContext<'_> {
    fn values(&self, key: ContextKey<'_>) -> Values<'_> {
        let Some(value) = key.value else { return Values::Missing };
        match (value, key.suffix) {
            (ValueName::ExistingObjectTag, Some(tag)) => self.existing_tag(tag),
            (ValueName::RequestObjectTag, Some(tag)) => self.request_tag(tag),
            (_, Some(_)) => Values::Missing,
            (ValueName::CurrentTime, None) => Values::One(Value::Time(self.now)),
            (ValueName::EpochTime, None) => Values::One(Value::Integer(self.now.unix_seconds())),
            (ValueName::SecureTransport, None) => Values::One(Value::Bool(self.request.secure)),
            (ValueName::SourceIp, None) => match self.request.peer {
                // An IPv4 client of a dual-stack socket is that IPv4 address.
                Some(peer) => Values::One(Value::Address(peer.to_canonical())),
                None => Values::Unknown,
            },
            (ValueName::UserAgent, None) => self.header_or_empty(value, "user-agent"),
            (ValueName::Referer, None) => self.header_or_empty(value, "referer"),
            (ValueName::Principaltype, None) => text(self.principal_type()),
            (ValueName::Userid | ValueName::Username, None) => text(self.user_name()),
            (ValueName::Groups, None) => self.groups(),
            (ValueName::Versionid, None) => text(self.version_id()),
            (ValueName::Signatureversion, None) => self.signed(|i| i.form().signature_version()),
            (ValueName::AuthType, None) => self.signed(|i| i.form().auth_type()),
            (ValueName::SignatureAge, None) => self.signature_age(),
            (ValueName::Prefix, None) => self.listed(&self.derived.prefix, "prefix"),
            (ValueName::Delimiter, None) => self.listed(&self.derived.delimiter, "delimiter"),
            (ValueName::MaxKeys, None) => self.listed(&self.derived.max_keys, "max-keys"),
            (ValueName::LocationConstraint, None) => self.location(),
            (ValueName::RequestObjectTagKeys, None) => self.request_tag_keys(),
            (ValueName::XAmzContentSha256, None) => self.content_sha256(),
            (ValueName::ObjectLockMode, None) => self.lock(value, "x-amz-object-lock-mode"),
            (ValueName::ObjectLockLegalHold, None) => self.lock(value, "x-amz-object-lock-legal-hold"),
            (ValueName::ObjectLockRetainUntilDate, None) => {
                self.lock(value, "x-amz-object-lock-retain-until-date")
            }
            (ValueName::ObjectLockRemainingRetentionDays, None) => self.retention_days(),
            _ => match header_of(value) {
                Some(name) => self.header_or_missing(value, name),
                None => Values::Missing,
            },
        }
    }
}

/// The header that a value is, where it is nothing else.
fn header_of(value: ValueName) -> Option<&'static str> {
    Some(match value {
        ValueName::XAmzAnnotationDirective => "x-amz-annotation-directive",
        ValueName::XAmzCopySource => "x-amz-copy-source",
        ValueName::XAmzMetadataDirective => "x-amz-metadata-directive",
        ValueName::XAmzObjectIfMatch => "x-amz-object-if-match",
        ValueName::XAmzServerSideEncryption => "x-amz-server-side-encryption",
        ValueName::XAmzServerSideEncryptionAwsKmsKeyId => "x-amz-server-side-encryption-aws-kms-key-id",
        ValueName::XAmzServerSideEncryptionCustomerAlgorithm => {
            "x-amz-server-side-encryption-customer-algorithm"
        }
        ValueName::XAmzStorageClass => "x-amz-storage-class",
        _ => return None,
    })
}

fn text(text: &[u8]) -> Values<'_> {
    Values::One(Value::Text(text))
}

/// The values of headers sent in several lines, kept so that they can be handed out as one slice.
/// A list, because an entry must not move once it was lent.
#[derive(Debug, Default)]
struct Kept<'a>(OnceCell<Box<KeptEntry<'a>>>);

#[derive(Debug)]
struct KeptEntry<'a> {
    name: ValueName,
    texts: Vec<&'a [u8]>,
    next: Kept<'a>,
}

impl<'a> Kept<'a> {
    fn get_or_keep(&self, name: ValueName, texts: impl FnOnce() -> Vec<&'a [u8]>) -> &[&'a [u8]] {
        let mut cell = self;
        while let Some(entry) = cell.0.get() {
            if entry.name == name {
                return &entry.texts;
            }
            cell = &entry.next;
        }
        &cell.0.get_or_init(|| Box::new(KeptEntry { name, texts: texts(), next: Kept::default() })).texts
    }
}
