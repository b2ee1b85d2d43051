//! What an adapter is asked to do, and how it is written as a line.

mod account;
mod ask;

pub use account::{AskAccount, AskOperation, Caller, CopySource};
pub use ask::{AskAccess, AskActions, AskLayers, AskMany, Context, LayerPolicy, Policies};

use crate::protocol::{Field, Fields, boolean, encode, optional};

/// A question to an adapter. The fields are those of the table in `PROTOCOL.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Which findings a policy has.
    Validate(Validate),
    /// What policies answer.
    Decide(Box<Decide>),
    /// What a caller with all its policies may do.
    Account(Box<AskAccount>),
    /// Whether such a caller may make an API call.
    Operation(Box<AskOperation>),
    /// What the layers of the AWS dialect answer.
    Layers(Box<AskLayers>),
    /// Why an answer is what it is.
    Explain(Box<Job>),
    /// Many questions at once.
    Many(Box<AskMany>),
    /// Which actions are allowed.
    Actions(Box<AskActions>),
    /// Which resources can be reached.
    Access(Box<AskAccess>),
    /// Who signed a request, and its body.
    Verify(Box<Verify>),
    /// How long a verification takes.
    Time(Box<Time>),
    /// Who signed a browser form, and what it may upload.
    Post(Box<Post>),
    /// Why a signature does not match.
    Diagnose(Box<Diagnose>),
    /// What a directory answers to a raw request.
    Authorize(Box<Authorize>),
}

/// The verb `validate`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validate {
    /// `minio` or `aws`.
    pub dialect: String,
    /// `identity`, `bucket` or `session`.
    pub kind: String,
    /// The bucket that it is put on.
    pub bucket: Option<String>,
    /// The document.
    pub policy: Field,
}

/// The verb `decide`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decide {
    /// `minio` or `aws`.
    pub dialect: String,
    /// `identity`, `bucket` or `session`.
    pub kind: String,
    /// The account.
    pub account: String,
    /// Whether the caller owns the storage.
    pub is_owner: bool,
    /// Whether only an explicit Deny matters.
    pub deny_only: bool,
    /// The action.
    pub action: String,
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub object: String,
    /// The policies.
    pub policies: Vec<Field>,
    /// Condition values; a name given several times has several values.
    pub context: Vec<(String, Field)>,
}

/// The verb `verify`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verify {
    /// `aws` or `minio`.
    pub profile: String,
    /// The region, or empty for any.
    pub region: String,
    /// The services.
    pub services: Vec<String>,
    /// The largest difference of clocks, in seconds.
    pub max_skew_seconds: u32,
    /// Whether `x-amz-content-sha256` must be there.
    pub require_content_sha256: bool,
    /// What is asked for otherwise than usual: `allow_sigv2`, `refuse_sigv4a`, `unsigned_amz_headers`, `min_chunk`.
    pub flags: Vec<String>,
    /// The largest chunk; 0 for the usual limit.
    pub max_chunk_bytes: u32,
    /// Domains of virtual-host style, for SigV2 and forms.
    pub domains: Vec<String>,
    /// How many bytes of a chunked body are given to its reader at a time; 0 for all at once.
    pub piece: usize,
    /// The time, in milliseconds since 1970.
    pub now: i64,
    /// The access keys.
    pub keys: Vec<Key>,
    /// The request.
    pub http: Http,
}

/// The verb `time`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// How often the request is verified.
    pub repetitions: u32,
    /// The request, and how it is verified.
    pub verify: Verify,
}

/// The verb `post`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Post {
    /// The request without its body, and how it is verified.
    pub verify: Verify,
    /// The fields of the form, in order, without the file.
    pub fields: Vec<(Field, Field)>,
    /// The name of the file.
    pub file_name: Option<Field>,
    /// How long the file is, if that is known.
    pub file_length: Option<u64>,
}

/// The verb `diagnose`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnose {
    /// The request, and how it is verified.
    pub verify: Verify,
    /// The canonical request of the client.
    pub canonical_request: Option<Field>,
    /// The string to sign of the client.
    pub string_to_sign: Option<Field>,
}

/// An access key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The access key.
    pub access_key: String,
    /// The secret key.
    pub secret_key: String,
    /// The session token.
    pub session_token: Option<String>,
    /// When it ends, in milliseconds since 1970.
    pub expires: Option<i64>,
    /// Whether it may be used.
    pub enabled: bool,
}

/// A raw HTTP request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http {
    /// The method.
    pub method: Field,
    /// The target.
    pub target: Field,
    /// The headers.
    pub headers: Vec<(Field, Field)>,
    /// The body.
    pub body: Option<Field>,
}

/// The verb `authorize`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorize {
    /// How often the call is made.
    pub repetitions: u32,
    /// The directory document.
    pub directory: Field,
    /// `aws` or `minio`.
    pub profile: String,
    /// The region, or empty for any.
    pub region: String,
    /// Domains of virtual-host style.
    pub domains: Vec<String>,
    /// The time, in milliseconds since 1970.
    pub now: i64,
    /// The client's address, or empty.
    pub peer: String,
    /// Whether the connection is TLS.
    pub secure: bool,
    /// The request's id.
    pub request_id: String,
    /// The request.
    pub http: Http,
    /// The stored tags of the object, where known.
    pub object_tags: Option<Vec<(String, String)>>,
}

impl Job {
    /// The line that asks for it.
    pub fn line(&self) -> String {
        let mut out = Out(Vec::new());
        self.write(&mut out);
        encode(&out.0)
    }

    fn write(&self, out: &mut Out) {
        match self {
            Job::Validate(job) => {
                out.texts(&["validate", &job.dialect, &job.kind]);
                out.field(optional(job.bucket.as_deref().map(str::as_bytes)));
                out.field(job.policy.clone());
            }
            Job::Decide(job) => job.write(out),
            Job::Account(job) => job.write(out),
            Job::Operation(job) => job.write(out),
            Job::Layers(job) => job.write(out),
            Job::Explain(job) => {
                out.text("explain");
                job.write(out);
            }
            Job::Many(job) => job.write(out),
            Job::Actions(job) => job.write(out),
            Job::Access(job) => job.write(out),
            Job::Verify(job) => {
                out.text("verify");
                job.write(out);
            }
            Job::Time(job) => job.write(out),
            Job::Post(job) => job.write(out),
            Job::Diagnose(job) => job.write(out),
            Job::Authorize(job) => job.write(out),
        }
    }

    /// Reads a line.
    pub fn read(line: &str) -> Result<Self, String> {
        let mut fields = Fields::of(line)?;
        let job = Self::read_fields(&mut fields)?;
        fields.end()?;
        Ok(job)
    }

    fn read_fields(fields: &mut Fields) -> Result<Self, String> {
        Ok(match fields.text("verb")?.as_str() {
            "validate" => Job::Validate(Validate {
                dialect: fields.text("dialect")?,
                kind: fields.text("kind")?,
                bucket: fields.optional_text("bucket")?,
                policy: fields.bytes("policy")?,
            }),
            "decide" => Job::Decide(Box::new(Decide::read(fields)?)),
            "account" => Job::Account(Box::new(AskAccount::read(fields)?)),
            "operation" => Job::Operation(Box::new(AskOperation::read(fields)?)),
            "layers" => Job::Layers(Box::new(AskLayers::read(fields)?)),
            "explain" => Job::Explain(ask::explained(Self::read_fields(fields)?)?),
            "many" => Job::Many(Box::new(AskMany::read(fields)?)),
            "actions" => Job::Actions(Box::new(AskActions::read(fields)?)),
            "access" => Job::Access(Box::new(AskAccess::read(fields)?)),
            "verify" => Job::Verify(Box::new(Verify::read(fields)?)),
            "time" => Job::Time(Box::new(Time::read(fields)?)),
            "post" => Job::Post(Box::new(Post::read(fields)?)),
            "diagnose" => Job::Diagnose(Box::new(Diagnose::read(fields)?)),
            "authorize" => Job::Authorize(Box::new(Authorize::read(fields)?)),
            other => return Err(format!("unknown verb {other:?}")),
        })
    }
}

struct Out(Vec<Field>);

impl Out {
    fn field(&mut self, value: Field) {
        self.0.push(value);
    }

    fn text(&mut self, value: &str) {
        self.field(value.as_bytes().to_vec());
    }

    fn texts(&mut self, values: &[&str]) {
        values.iter().for_each(|value| self.text(value));
    }

    fn number(&mut self, value: impl ToString) {
        self.text(&value.to_string());
    }

    fn context(&mut self, context: &[(String, Field)]) {
        self.number(context.len());
        for (name, value) in context {
            self.text(name);
            self.field(value.clone());
        }
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn context(fields: &mut Fields) -> Result<Vec<(String, Field)>, String> {
    counted(fields, "number of context values", |fields| {
        Ok((fields.text("context name")?, fields.bytes("context value")?))
    })
}

/// As many items as the next field says.
fn counted<T>(
    fields: &mut Fields,
    what: &str,
    mut item: impl FnMut(&mut Fields) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let count: usize = fields.number(what)?;
    (0..count).map(|_| item(fields)).collect()
}

impl Decide {
    fn write(&self, out: &mut Out) {
        out.texts(&["decide", &self.dialect, &self.kind, &self.account]);
        out.field(boolean(self.is_owner));
        out.field(boolean(self.deny_only));
        out.texts(&[&self.action, &self.bucket, &self.object]);
        out.number(self.policies.len());
        self.policies.iter().for_each(|policy| out.field(policy.clone()));
        out.context(&self.context);
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            dialect: fields.text("dialect")?,
            kind: fields.text("kind")?,
            account: fields.text("account")?,
            is_owner: fields.boolean("is owner")?,
            deny_only: fields.boolean("deny only")?,
            action: fields.text("action")?,
            bucket: fields.text("bucket")?,
            object: fields.text("object")?,
            policies: counted(fields, "number of policies", |fields| fields.bytes("policy"))?,
            context: context(fields)?,
        })
    }
}

impl Verify {
    fn write(&self, out: &mut Out) {
        out.texts(&[&self.profile, &self.region, &self.services.join(",")]);
        out.number(self.max_skew_seconds);
        out.field(boolean(self.require_content_sha256));
        out.text(&self.flags.join(","));
        out.number(self.max_chunk_bytes);
        out.text(&self.domains.join(","));
        out.number(self.piece);
        out.number(self.now);
        out.number(self.keys.len());
        for key in &self.keys {
            out.texts(&[&key.access_key, &key.secret_key]);
            out.field(optional(key.session_token.as_deref().map(str::as_bytes)));
            out.field(optional(key.expires.map(|time| time.to_string()).as_deref().map(str::as_bytes)));
            out.field(boolean(key.enabled));
        }
        self.http.write(out);
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            profile: fields.text("error profile")?,
            region: fields.text("region")?,
            services: list(&fields.text("services")?),
            max_skew_seconds: fields.number("max skew seconds")?,
            require_content_sha256: fields.boolean("require content sha256")?,
            flags: list(&fields.text("flags")?),
            max_chunk_bytes: fields.number("max chunk bytes")?,
            domains: list(&fields.text("domains")?),
            piece: fields.number("piece")?,
            now: fields.number("now")?,
            keys: counted(fields, "number of keys", Key::read)?,
            http: Http::read(fields)?,
        })
    }
}

impl Time {
    fn write(&self, out: &mut Out) {
        out.text("time");
        out.number(self.repetitions);
        self.verify.write(out);
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self { repetitions: fields.number("repetitions")?, verify: Verify::read(fields)? })
    }
}

impl Post {
    fn write(&self, out: &mut Out) {
        out.text("post");
        self.verify.write(out);
        out.number(self.fields.len());
        for (name, value) in &self.fields {
            out.field(name.clone());
            out.field(value.clone());
        }
        out.field(optional(self.file_name.as_deref()));
        out.field(optional(self.file_length.map(|length| length.to_string()).as_deref().map(str::as_bytes)));
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            verify: Verify::read(fields)?,
            fields: counted(fields, "number of form fields", |fields| {
                Ok((fields.bytes("field name")?, fields.bytes("field value")?))
            })?,
            file_name: fields.optional("file name")?,
            file_length: match fields.optional_text("file length")? {
                None => None,
                Some(text) => Some(text.parse().map_err(|_| "the file length is not a number".to_owned())?),
            },
        })
    }
}

impl Diagnose {
    fn write(&self, out: &mut Out) {
        out.text("diagnose");
        self.verify.write(out);
        out.field(optional(self.canonical_request.as_deref()));
        out.field(optional(self.string_to_sign.as_deref()));
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            verify: Verify::read(fields)?,
            canonical_request: fields.optional("canonical request")?,
            string_to_sign: fields.optional("string to sign")?,
        })
    }
}

impl Key {
    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            access_key: fields.text("access key")?,
            secret_key: fields.text("secret key")?,
            session_token: fields.optional_text("session token")?,
            expires: match fields.optional_text("expiry")? {
                None => None,
                Some(text) => Some(text.parse().map_err(|_| "the expiry is not a number".to_owned())?),
            },
            enabled: fields.boolean("enabled")?,
        })
    }
}

impl Http {
    fn write(&self, out: &mut Out) {
        out.field(self.method.clone());
        out.field(self.target.clone());
        out.number(self.headers.len());
        for (name, value) in &self.headers {
            out.field(name.clone());
            out.field(value.clone());
        }
        out.field(optional(self.body.as_deref()));
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            method: fields.bytes("method")?,
            target: fields.bytes("target")?,
            headers: counted(fields, "number of headers", |fields| {
                Ok((fields.bytes("header name")?, fields.bytes("header value")?))
            })?,
            body: fields.optional("body")?,
        })
    }
}

impl Authorize {
    fn write(&self, out: &mut Out) {
        out.text("authorize");
        out.number(self.repetitions);
        out.field(self.directory.clone());
        out.texts(&[&self.profile, &self.region, &self.domains.join(",")]);
        out.number(self.now);
        out.text(&self.peer);
        out.field(boolean(self.secure));
        out.text(&self.request_id);
        self.http.write(out);
        match &self.object_tags {
            None => out.text("-"),
            Some(tags) => {
                out.number(tags.len());
                tags.iter().for_each(|(key, value)| out.texts(&[key, value]));
            }
        }
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            repetitions: fields.number("repetitions")?,
            directory: fields.bytes("directory")?,
            profile: fields.text("error profile")?,
            region: fields.text("region")?,
            domains: list(&fields.text("domains")?),
            now: fields.number("now")?,
            peer: fields.text("peer")?,
            secure: fields.boolean("secure")?,
            request_id: fields.text("request id")?,
            http: Http::read(fields)?,
            object_tags: match fields.text("number of object tags")?.as_str() {
                "-" => None,
                count => {
                    let count: usize =
                        count.parse().map_err(|_| "the number of object tags is not a number".to_owned())?;
                    let tag = |_| Ok((fields.text("tag key")?, fields.text("tag value")?));
                    Some((0..count).map(tag).collect::<Result<_, String>>()?)
                }
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http() -> Http {
        Http {
            method: b"GET".to_vec(),
            target: b"/b/k".to_vec(),
            headers: vec![(b"Host".to_vec(), b"a\tb\xff".to_vec())],
            body: Some(Vec::new()),
        }
    }

    #[test]
    fn jobs_survive_their_line() {
        let key = Key { access_key: "A".into(), expires: Some(-1), enabled: true, ..Key::default() };
        let jobs = [
            Job::Validate(Validate { policy: b"{\n}".to_vec(), ..Validate::default() }),
            Job::Validate(Validate { bucket: Some("b".into()), ..Validate::default() }),
            Job::Account(Box::new(AskAccount {
                caller: Caller {
                    policies: vec![b"{}".to_vec()],
                    session_policy: Some(Vec::new()),
                    ..Caller::default()
                },
                deny_only: true,
                context: vec![("prefix".into(), b"p".to_vec())],
                ..AskAccount::default()
            })),
            Job::Operation(Box::default()),
            Job::Operation(Box::new(AskOperation {
                caller: Caller {
                    parent_is_root: true,
                    bucket_policy: Some(b"{}".to_vec()),
                    ..Caller::default()
                },
                version_id: Some("v".into()),
                copy_source: Some(CopySource { version_id: Some(String::new()), ..CopySource::default() }),
                flags: vec!["replica".into(), "retention".into()],
                buckets: vec!["a".into(), "b".into()],
                ..AskOperation::default()
            })),
            Job::Decide(Box::new(Decide {
                policies: vec![b"{}".to_vec(), Vec::new()],
                context: vec![("prefix".into(), b"\\".to_vec())],
                deny_only: true,
                ..Decide::default()
            })),
            Job::Explain(Box::new(Job::Layers(Box::new(AskLayers {
                principal: "role-session".into(),
                behind: Some("arn:aws:iam::1:role/r".into()),
                policies: vec![LayerPolicy { layer: "scp".into(), level: 1, ..LayerPolicy::default() }],
                ..AskLayers::default()
            })))),
            Job::Many(Box::new(AskMany {
                actions: vec!["s3:GetObject".into()],
                contexts: vec![Vec::new(), vec![("prefix".into(), b"p".to_vec())]],
                ..AskMany::default()
            })),
            Job::Actions(Box::default()),
            Job::Access(Box::new(AskAccess { resources: vec!["a".into()], ..AskAccess::default() })),
            Job::Verify(Box::new(Verify {
                keys: vec![key],
                services: vec!["s3".into(), "sts".into()],
                http: http(),
                ..Verify::default()
            })),
            Job::Time(Box::new(Time {
                repetitions: 9,
                verify: Verify { http: http(), ..Verify::default() },
            })),
            Job::Post(Box::new(Post {
                fields: vec![(b"key".to_vec(), b"\xff".to_vec())],
                file_name: Some(b"f".to_vec()),
                file_length: Some(3),
                ..Post::default()
            })),
            Job::Diagnose(Box::new(Diagnose {
                verify: Verify {
                    http: http(),
                    piece: 7,
                    flags: vec!["allow_sigv2".into()],
                    max_chunk_bytes: 5,
                    ..Verify::default()
                },
                string_to_sign: Some(Vec::new()),
                ..Diagnose::default()
            })),
            Job::Authorize(Box::new(Authorize {
                http: http(),
                object_tags: Some(vec![("k".into(), "v".into())]),
                ..Authorize::default()
            })),
            Job::Authorize(Box::default()),
        ];
        for job in jobs {
            assert_eq!(Job::read(&job.line()), Ok(job));
        }
    }

    #[test]
    fn cut_and_lengthened_lines_are_refused() {
        let line = Job::Authorize(Box::default()).line();
        assert!(Job::read(&format!("{line}\tx")).is_err());
        let cut = line.rsplit_once('\t').unwrap().0;
        assert!(Job::read(cut).unwrap_err().contains("missing"));
        assert!(Job::read("paint\tred").unwrap_err().contains("paint"));
    }
}
