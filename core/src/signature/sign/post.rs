//! Policies of browser forms (spec: sigv4, section 5).

use super::{Moment, Signer, invalid, text};
use crate::condition::value::to_base64;
use crate::json::write_string;
use crate::{Error, Timestamp};
use std::fmt::Write;

/// What a form may upload, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyDraft<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The object key.
    pub key: PolicyKey<'a>,
    /// What else must hold. Every field of the form needs a condition.
    pub conditions: &'a [PolicyCondition<'a>],
    /// The instant from which on nothing may be uploaded any more.
    pub expiration: Timestamp,
}

/// Which object key a form may upload to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKey<'a> {
    /// This one.
    Exact(&'a str),
    /// Any that begins like this, which may be empty. The form uploads to this prefix and the name of the
    /// file.
    Prefix(&'a str),
}

/// A condition of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyCondition<'a> {
    /// The field has this value. It becomes a field of the form.
    Equals {
        /// The field, for example `acl` or `x-amz-meta-tag`.
        field: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// The value of the field begins like this; an empty prefix takes any value. The form has to set it.
    StartsWith {
        /// The field.
        field: &'a str,
        /// How its value begins.
        prefix: &'a str,
    },
    /// The file has a length from the least to the most, both included.
    ContentLength {
        /// The least number of bytes.
        least: u64,
        /// The most.
        most: u64,
    },
}

impl Signer {
    /// Signs a policy for uploads by a browser form, and answers with the fields of the form in their order.
    /// The file comes after them, and so do fields that the draft allows without setting them.
    ///
    /// # Errors
    ///
    /// [`crate::ErrorCode::InvalidArgument`] for a service other than S3 and for SigV4A, which have no forms, and
    /// for a draft that no form can fulfil: one that has expired, an empty bucket or key, a condition on a field
    /// that signing sets, two values of one field, a size of which the least is more than the most.
    ///
    /// ```
    /// use s3iam::signature::{
    ///     PolicyCondition, PolicyDraft, PolicyKey, SecretKey, Signer, SignerOptions, SigningCredentials,
    /// };
    /// use s3iam::Timestamp;
    ///
    /// let signer = Signer::new(
    ///     SigningCredentials {
    ///         access_key: "AKIDEXAMPLEUSER00001".to_owned(),
    ///         secret_key: SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    ///         session_token: None,
    ///     },
    ///     SignerOptions::default(),
    /// )?;
    /// let now = Timestamp::parse_rfc3339(b"2026-01-15T12:00:00Z").unwrap();
    /// let draft = PolicyDraft {
    ///     bucket: "bucket",
    ///     key: PolicyKey::Prefix("user/alice/"),
    ///     conditions: &[PolicyCondition::ContentLength { least: 1, most: 1_048_576 }],
    ///     expiration: Timestamp::from_unix_seconds(now.unix_seconds() + 3600),
    /// };
    /// let fields = signer.post_policy(&draft, now)?;
    /// let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    /// assert_eq!(
    ///     names,
    ///     ["key", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"]
    /// );
    /// assert_eq!(fields[0].1, "user/alice/${filename}");
    /// # Ok::<(), s3iam::Error>(())
    /// ```
    pub fn post_policy(
        &self,
        draft: &PolicyDraft<'_>,
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, Error> {
        if !self.is_s3() {
            return Err(invalid("only S3 takes browser forms"));
        }
        if self.is_v4a() {
            return Err(invalid("forms are signed with SigV4; use a signer of that algorithm"));
        }
        let token_name = if self.is_express() { "X-Amz-S3session-Token" } else { "x-amz-security-token" };
        let token = self.credentials.session_token.as_deref().map(|token| (token_name, token));
        fields(draft, &self.at(now)?, token, now)
    }
}

/// The fields of a form.
fn fields(
    draft: &PolicyDraft<'_>,
    moment: &Moment,
    token: Option<(&str, &str)>,
    now: Timestamp,
) -> Result<Vec<(String, String)>, Error> {
    check(draft, now)?;
    let mut fields = Vec::new();
    let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    match draft.key {
        PolicyKey::Exact(key) => add("key", key),
        PolicyKey::Prefix(prefix) => add("key", &[prefix, "${filename}"].concat()),
    }
    for condition in draft.conditions {
        if let PolicyCondition::Equals { field, value } = condition {
            add(field, value);
        }
    }
    let signing = [
        ("x-amz-algorithm", text(moment.key.algorithm())),
        ("x-amz-credential", &moment.credential),
        ("x-amz-date", text(&moment.date)),
    ];
    let signing: Vec<(&str, &str)> = signing.into_iter().chain(token).collect();
    for (name, value) in &signing {
        add(name, value);
    }
    let policy = to_base64(document(draft, &signing).as_bytes());
    let signature = moment.key.sign(policy.as_bytes());
    add("policy", &policy);
    add("x-amz-signature", &signature);
    Ok(fields)
}

/// Checks that a form can fulfil the draft.
fn check(draft: &PolicyDraft<'_>, now: Timestamp) -> Result<(), Error> {
    const SET: [&str; 9] = [
        "bucket",
        "key",
        "policy",
        "file",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-signature",
        "x-amz-security-token",
    ];
    if draft.bucket.is_empty() || draft.key == PolicyKey::Exact("") {
        return Err(invalid("the bucket and the key of a policy must not be empty"));
    }
    if draft.expiration <= now {
        return Err(invalid("the expiration of a policy must be later than the time of signing"));
    }
    let mut exact: Vec<String> = Vec::new();
    for condition in draft.conditions {
        let field = match *condition {
            PolicyCondition::ContentLength { least, most } if least > most => {
                return Err(invalid(format!("no file is at least {least} and at most {most} bytes long")));
            }
            PolicyCondition::ContentLength { .. } => continue,
            PolicyCondition::Equals { field, .. } | PolicyCondition::StartsWith { field, .. } => field,
        };
        let name = field.to_ascii_lowercase();
        if name.is_empty()
            || name.starts_with('$')
            || SET.contains(&name.as_str())
            || name == "x-amz-s3session-token"
        {
            return Err(invalid(format!(
                "a condition cannot be on the field '{}', which is set by signing or is none",
                field.escape_debug()
            )));
        }
        if let PolicyCondition::Equals { .. } = condition {
            if exact.contains(&name) {
                return Err(invalid(format!("the field '{}' can only have one value", field.escape_debug())));
            }
            exact.push(name);
        }
    }
    Ok(())
}

/// The policy as botocore would write it, so that both sign the same text.
fn document(draft: &PolicyDraft<'_>, signing: &[(&str, &str)]) -> String {
    let mut out = "{\"expiration\": \"".to_owned();
    let expiration = draft.expiration.rfc3339();
    out.push_str(text(expiration.get(..19).unwrap_or_default()));
    let _ = write!(out, ".{:03}Z\", \"conditions\": [", draft.expiration.unix_millis().rem_euclid(1000));
    equals(&mut out, "bucket", draft.bucket);
    out.push_str(", ");
    match draft.key {
        PolicyKey::Exact(key) => equals(&mut out, "key", key),
        PolicyKey::Prefix(prefix) => starts_with(&mut out, "key", prefix),
    }
    for condition in draft.conditions {
        out.push_str(", ");
        match *condition {
            PolicyCondition::Equals { field, value } => equals(&mut out, field, value),
            PolicyCondition::StartsWith { field, prefix } => starts_with(&mut out, field, prefix),
            PolicyCondition::ContentLength { least, most } => {
                let _ = write!(out, "[\"content-length-range\", {least}, {most}]");
            }
        }
    }
    for (name, value) in signing {
        out.push_str(", ");
        equals(&mut out, name, value);
    }
    out.push_str("]}");
    ascii(&out)
}

fn equals(out: &mut String, field: &str, value: &str) {
    out.push('{');
    write_string(out, field);
    out.push_str(": ");
    write_string(out, value);
    out.push('}');
}

fn starts_with(out: &mut String, field: &str, prefix: &str) {
    out.push_str("[\"starts-with\", ");
    write_string(out, &["$", field].concat());
    out.push_str(", ");
    write_string(out, prefix);
    out.push(']');
}

/// JSON with everything but ASCII as escapes, as AWS asks for it.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, ' '..='~') {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}
