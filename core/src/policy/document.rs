//! The document as data: every element with the place where it stands.

use super::{Dialect, Piece, Version};
use crate::json::Span;
use crate::validate::Finding;

/// What a policy is attached to; it decides which elements are allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Attached to a user or group.
    #[default]
    Identity,
    /// Attached to a bucket.
    Bucket,
    /// Part of a session.
    Session,
    /// The trust policy of a role.
    Trust,
    /// A permissions boundary.
    Boundary,
    /// A service control policy of an organisation.
    Scp,
    /// A resource control policy of an organisation.
    Rcp,
    /// Attached to a VPC endpoint.
    Endpoint,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] = [
        Kind::Identity,
        Kind::Bucket,
        Kind::Session,
        Kind::Trust,
        Kind::Boundary,
        Kind::Scp,
        Kind::Rcp,
        Kind::Endpoint,
    ];

    /// Its name: `identity`, `bucket`, `session`, `trust`, `boundary`, `scp`, `rcp` or `endpoint`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Identity => "identity",
            Kind::Bucket => "bucket",
            Kind::Session => "session",
            Kind::Trust => "trust",
            Kind::Boundary => "boundary",
            Kind::Scp => "scp",
            Kind::Rcp => "rcp",
            Kind::Endpoint => "endpoint",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether such a policy is attached to a resource, and so says of whom it speaks.
    pub fn is_of_a_resource(self) -> bool {
        matches!(self, Kind::Bucket | Kind::Trust | Kind::Rcp | Kind::Endpoint)
    }
}

/// Limits that reading enforces before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest document, in bytes. MinIO and AWS take 20 KiB for bucket and managed policies.
    pub document_bytes: usize,
    /// The deepest nesting of objects and arrays. No policy needs more than 8.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { document_bytes: 20 * 1024, depth: 8 }
    }
}

/// A policy document that was read, with everything that was found on the way.
#[derive(Clone, Debug)]
pub struct Document {
    /// The dialect it was read in.
    pub dialect: Dialect,
    /// What it is attached to.
    pub kind: Kind,
    /// `Version`, where present and a string.
    pub version: Option<Text>,
    /// `Id`, where present and a string.
    pub id: Option<Text>,
    /// Whether there is a `Statement` that is not `null`; it may be empty.
    #[cfg(feature = "accounts")]
    pub has_statements: bool,
    /// The statements, in order. A statement that cannot be read is still here, with what could be
    /// read of it, and with [`Statement::broken`] set.
    pub statements: Vec<Statement>,
    /// Everything found about the document, in the order of the text.
    pub findings: Vec<Finding>,
}

/// One statement.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// The whole object.
    pub span: Span,
    /// `Sid`.
    pub sid: Option<Text>,
    /// `Effect`, as written.
    pub effect: Option<Text>,
    /// `Principal`.
    pub principal: Option<Principal>,
    /// `NotPrincipal`.
    pub not_principal: Option<Principal>,
    /// `Action`; `None` if it has no entries.
    pub action: Option<Element>,
    /// `NotAction`; `None` if it has no entries.
    pub not_action: Option<Element>,
    /// `Resource`; `None` if it has no entries.
    pub resource: Option<Element>,
    /// `NotResource`; `None` if it has no entries.
    pub not_resource: Option<Element>,
    /// `Condition`, one entry for each operator and key that count: of repeated ones the last.
    pub conditions: Vec<ConditionEntry>,
    /// Part of the statement could not be read: it denies everything that it might have denied and
    /// allows nothing.
    pub broken: bool,
}

impl Statement {
    /// Whether it is a Deny. An effect that is neither word, or is not there, may have been meant as one.
    pub fn is_deny(&self) -> bool {
        self.effect.as_ref().is_none_or(|effect| effect.text != "Allow")
    }
}

/// A string or list of strings.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// The value: the string or the whole list.
    pub span: Span,
    /// Whether it was written as a list.
    pub is_list: bool,
    /// The entries in order, repeats included.
    pub values: Vec<Text>,
}

/// A string and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The decoded text.
    pub text: Piece,
    /// The JSON string, with its quotes.
    pub span: Span,
}

/// Who a resource policy speaks of.
#[derive(Clone, Debug, Default)]
pub struct Principal {
    /// The value.
    pub span: Span,
    /// `"*"` as a bare string.
    pub everyone: bool,
    /// The entries of the `AWS` member.
    pub aws: Vec<Text>,
    /// The entries of the other members, of the AWS dialect.
    pub others: Vec<(PrincipalType, Text)>,
}

/// The type of a principal that is not an AWS one (`aws-evaluation` 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrincipalType {
    /// `Federated`: an identity provider.
    Federated,
    /// `Service`: a service of AWS.
    Service,
    /// `CanonicalUser`: an account by its canonical id.
    CanonicalUser,
}

/// One key of one operator of a `Condition`.
#[derive(Clone, Debug)]
pub struct ConditionEntry {
    /// The operator as written, with qualifier and suffix, for example `ForAnyValue:StringLike`.
    pub operator: Text,
    /// The condition key as written, for example `s3:ExistingObjectTag/env`.
    pub key: Text,
    /// The values, one or several.
    pub values: Vec<Scalar>,
    /// Whether the values were written as a list.
    pub is_list: bool,
    /// The value: a scalar or the whole list.
    pub span: Span,
}

/// A condition value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text form: a string's content, a number as written, `true` or `false`, `null`.
    pub text: Piece,
    /// Its JSON type.
    pub kind: ScalarKind,
    /// Where it stands.
    pub span: Span,
}

/// The JSON type of a condition value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
}

impl Document {
    /// Reads a policy document. Reading never fails as a whole: what is wrong is in
    /// [`Document::findings`], and [`Document::status`] says how far the document can be used.
    ///
    /// A bucket policy read so is not checked for naming other buckets; see
    /// [`Document::read_for_bucket`].
    pub fn read(text: &[u8], dialect: Dialect, kind: Kind, limits: Limits) -> Self {
        super::read::read(text, dialect, kind, limits, None)
    }

    /// Reads a policy that is put on `bucket`: a resource that cannot be of that bucket makes it
    /// unreadable (`policy-language` 1.7).
    pub fn read_for_bucket(text: &[u8], dialect: Dialect, limits: Limits, bucket: &str) -> Self {
        super::read::read(text, dialect, Kind::Bucket, limits, Some(bucket))
    }

    /// The document in canonical form: one line, members in one order, that of MinIO in its dialect
    /// (`policy-language` 1.9), sets sorted and without repeats, values in the form that they are compared in. Documents that
    /// differ in spelling only have the same text, and it reads back to the same meaning.
    ///
    /// `None` if the document could not be read.
    pub fn canonical_text(&self) -> Option<String> {
        (self.status() != crate::validate::Status::Unreadable).then(|| super::print::print(self))
    }

    /// The rules that the document is evaluated by.
    pub fn rules(&self) -> Version {
        let is_2012 = self.version.as_ref().is_some_and(|version| version.text == "2012-10-17");
        Version { dialect: self.dialect, variables: !self.dialect.is_aws() || is_2012 }
    }

    /// How far the document can be used.
    pub fn status(&self) -> crate::validate::Status {
        crate::validate::Status::of(&self.findings)
    }
}
