//! The verbs `account` and `operation`: what a caller with all its policies may do.

use super::{Out, counted};
use crate::protocol::{Field, Fields, boolean, optional};

/// A caller with its policies, as both verbs begin with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// `root`, `user`, `service-account`, `temporary` or `anonymous`.
    pub credential: String,
    /// Whether its parent is the owner.
    pub parent_is_root: bool,
    /// The identity policies.
    pub policies: Vec<Field>,
    /// The session policy.
    pub session_policy: Option<Field>,
    /// The bucket policy.
    pub bucket_policy: Option<Field>,
    /// Its name.
    pub account: String,
}

/// The verb `account`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskAccount {
    /// Who asks.
    pub caller: Caller,
    /// Whether only an explicit Deny matters.
    pub deny_only: bool,
    /// The action.
    pub action: String,
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub object: String,
    /// Condition values.
    pub context: Vec<(String, Field)>,
}

/// The verb `operation`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskOperation {
    /// Who asks.
    pub caller: Caller,
    /// The operation.
    pub operation: String,
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub object: String,
    /// The version.
    pub version_id: Option<String>,
    /// What a copy reads.
    pub copy_source: Option<CopySource>,
    /// What it asks for besides, by the names of the options.
    pub flags: Vec<String>,
    /// The buckets that a list may show.
    pub buckets: Vec<String>,
    /// Condition values.
    pub context: Vec<(String, Field)>,
}

/// What a copy reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopySource {
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub object: String,
    /// The version.
    pub version_id: Option<String>,
}

fn optional_text(text: Option<&String>) -> Field {
    optional(text.map(|text| text.as_bytes()))
}

impl Caller {
    fn write(&self, out: &mut Out) {
        out.text(&self.credential);
        out.field(boolean(self.parent_is_root));
        out.number(self.policies.len());
        self.policies.iter().for_each(|policy| out.field(policy.clone()));
        out.field(optional(self.session_policy.as_deref()));
        out.field(optional(self.bucket_policy.as_deref()));
        out.text(&self.account);
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            credential: fields.text("credential")?,
            parent_is_root: fields.boolean("parent is root")?,
            policies: counted(fields, "number of policies", |fields| fields.bytes("policy"))?,
            session_policy: fields.optional("session policy")?,
            bucket_policy: fields.optional("bucket policy")?,
            account: fields.text("account")?,
        })
    }
}

impl AskAccount {
    pub(super) fn write(&self, out: &mut Out) {
        out.text("account");
        self.caller.write(out);
        out.field(boolean(self.deny_only));
        out.texts(&[&self.action, &self.bucket, &self.object]);
        out.context(&self.context);
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            caller: Caller::read(fields)?,
            deny_only: fields.boolean("deny only")?,
            action: fields.text("action")?,
            bucket: fields.text("bucket")?,
            object: fields.text("object")?,
            context: super::context(fields)?,
        })
    }
}

impl AskOperation {
    pub(super) fn write(&self, out: &mut Out) {
        out.text("operation");
        self.caller.write(out);
        out.texts(&[&self.operation, &self.bucket, &self.object]);
        out.field(optional_text(self.version_id.as_ref()));
        match &self.copy_source {
            None => out.text("0"),
            Some(source) => {
                out.texts(&["1", &source.bucket, &source.object]);
                out.field(optional_text(source.version_id.as_ref()));
            }
        }
        out.text(&self.flags.join(","));
        out.number(self.buckets.len());
        self.buckets.iter().for_each(|bucket| out.text(bucket));
        out.context(&self.context);
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            caller: Caller::read(fields)?,
            operation: fields.text("operation")?,
            bucket: fields.text("bucket")?,
            object: fields.text("object")?,
            version_id: fields.optional_text("version id")?,
            copy_source: match fields.boolean("whether there is a copy source")? {
                false => None,
                true => Some(CopySource {
                    bucket: fields.text("source bucket")?,
                    object: fields.text("source object")?,
                    version_id: fields.optional_text("source version id")?,
                }),
            },
            flags: super::list(&fields.text("flags")?),
            buckets: counted(fields, "number of buckets", |fields| fields.text("bucket"))?,
            context: super::context(fields)?,
        })
    }
}
