//! The answer to a request.

use crate::body::s3iam_body_reader;
use crate::decision::{s3iam_decision, s3iam_outcome};
use crate::error::s3iam_error;
use crate::identity::{give_sha256, payload_name};
use crate::panic::{call, give, given, value};
use crate::post::s3iam_upload;
use crate::status::s3iam_status;
use crate::text::{s3iam_string, s3iam_text};
use s3iam::facade::{PostForm, StatementInfo, Verdict, verdict_json};
use std::mem::MaybeUninit;

/// The answer to a request. Immutable; the texts that accessors give belong to it. Free with
/// `s3iam_verdict_free`.
pub struct s3iam_verdict {
    verdict: Verdict,
    /// Of a form upload that is allowed.
    upload: Option<Box<s3iam_upload>>,
}

/// The answer for one key of a `DeleteObjects` request. The texts belong to the verdict.
#[repr(C)]
pub struct s3iam_key_verdict {
    /// The object key.
    pub key: s3iam_text,
    /// The version, or empty if none was named.
    pub version_id: s3iam_text,
    /// Whether it may be deleted: if and only if this is `S3IAM_OUTCOME_ALLOW`.
    pub outcome: s3iam_outcome,
}

/// Whether the request may proceed. For `DeleteObjects` it may be carried out for the keys that
/// `s3iam_verdict_keys_get` allows. NULL gives false.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_allowed(verdict: Option<&s3iam_verdict>) -> bool {
    value(false, || verdict.is_some_and(|verdict| verdict.verdict.allowed()))
}

/// The HTTP status to answer with: 200 if allowed, else the error's. NULL gives 500.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_http_status(verdict: Option<&s3iam_verdict>) -> u16 {
    value(500, || verdict.map_or(500, |verdict| verdict.verdict.http_status()))
}

/// Why the request was refused; `S3IAM_OK` if it was not. NULL gives `S3IAM_ERROR_NULL_POINTER`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_error_code(verdict: Option<&s3iam_verdict>) -> s3iam_status {
    value(s3iam_status::S3IAM_ERROR_INTERNAL, || match verdict {
        None => s3iam_status::S3IAM_ERROR_NULL_POINTER,
        Some(verdict) => verdict.verdict.error().map_or(s3iam_status::S3IAM_OK, |error| error.code().into()),
    })
}

/// The `Code` of the S3 error body, for example `AccessDenied`. Empty if allowed, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_s3_code(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    text(verdict, |verdict| {
        Some(s3iam_text::of(verdict.error()?.code().answer(verdict.error_profile()).code))
    })
}

/// Why the request was refused, for people. Empty if allowed, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_message(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    text(verdict, |verdict| Some(s3iam_text::of(verdict.error()?.message(verdict.error_profile()))))
}

/// The user. Empty for an anonymous or unverified request, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_user(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    text(verdict, |verdict| verdict.user().map(s3iam_text::of))
}

/// The access key that signed. Empty for an anonymous or unverified request, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_access_key(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    text(verdict, |verdict| verdict.access_key().map(s3iam_text::of))
}

/// The operation, for example `GetObject`. Empty if it was not recognised, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_operation(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    text(verdict, |verdict| Some(s3iam_text::of(verdict.recognised()?.operation.name())))
}

/// The bucket. Empty if the operation has none or was not recognised, and for NULL. A gateway takes
/// bucket and key from here and never decodes the path again.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_bucket(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    text(verdict, |verdict| Some(s3iam_text::of(verdict.recognised()?.bucket())))
}

/// The object key, decoded: any bytes. Empty if the operation has none or was not recognised, and for
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_key(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    text(verdict, |verdict| Some(s3iam_text::of(verdict.recognised()?.key())))
}

/// Whether a policy decided. If so its decision is written to `out`; if not, and for NULL, nothing is.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_decision(
    verdict: Option<&s3iam_verdict>,
    out: Option<&mut MaybeUninit<s3iam_decision>>,
) -> bool {
    value(false, || {
        let Some((verdict, out)) = verdict.zip(out) else { return false };
        let decision = verdict.verdict.decision();
        decision.map(|d| out.write(s3iam_decision::new(d, verdict.verdict.statement()))).is_some()
    })
}

/// The name of the policy whose statement decided. Empty if none did, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_policy(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    statement(verdict, |statement| Some(statement.policy))
}

/// The `Sid` of the statement that decided. Empty if it has none or none did, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_sid(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    statement(verdict, |statement| statement.sid)
}

/// What the signature says of the body, as `s3iam_identity_payload` has it. Empty for an unverified request,
/// and for NULL. It is valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_payload(verdict: Option<&s3iam_verdict>) -> s3iam_text {
    text(verdict, |verdict| Some(payload_name(verdict.payload())))
}

/// Whether the signature covers the body by its SHA-256. If so its 32 bytes are written to `out`; the
/// gateway must compare them with the body that arrives, as the reader of `s3iam_verdict_body_reader` does,
/// unless the request was authorized with it. If not, and for NULL, nothing is written.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_payload_sha256(
    verdict: Option<&s3iam_verdict>,
    out: Option<&mut MaybeUninit<[u8; 32]>>,
) -> bool {
    value(false, || give_sha256(verdict.and_then(|verdict| verdict.verdict.payload()), out))
}

/// Gives a reader for the body of an allowed request, which checks it while it arrives, and decodes it if it
/// is in chunks. A body that was not given with the request was not looked at: what is stored of it must come
/// out of a reader. It is the caller's to free and outlives the verdict. A request that was refused has none
/// (`S3IAM_ERROR_INVALID_ARGUMENT`), nor has a form upload, whose file is not the body. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_body_reader(
    verdict: Option<&s3iam_verdict>,
    out: Option<&mut MaybeUninit<Box<s3iam_body_reader>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let verdict = &given(verdict)?.verdict;
        let reader = verdict.body_reader();
        let reader = reader.ok_or(s3iam_error::argument("only an allowed request has a body to read"))?;
        give(out, s3iam_body_reader::new(reader, verdict.error_profile()))
    })
}

/// Gives what an allowed form upload (`s3iam_authorize_post`) uploads and asks for. It is the caller's to free
/// and outlives the verdict. Other requests, and those that were refused, upload no form
/// (`S3IAM_ERROR_INVALID_ARGUMENT`). `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_upload(
    verdict: Option<&s3iam_verdict>,
    out: Option<&mut MaybeUninit<Box<s3iam_upload>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let upload = given(verdict)?.upload.clone();
        give(out, upload.ok_or(s3iam_error::argument("only an allowed form upload uploads a form"))?)
    })
}

/// Gives the S3 error body to answer with, with the gateway's id of the request in it; empty if the
/// request was allowed. Bytes of the id that are not UTF-8 are replaced.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_error_xml(
    verdict: Option<&s3iam_verdict>,
    request_id: s3iam_text,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
) -> s3iam_status {
    call(None, || {
        let request_id = String::from_utf8_lossy(request_id.bytes()?);
        give(out, given(verdict)?.verdict.error_xml(&request_id).into())
    })
}

/// Gives the whole verdict as one JSON object, for logs. Bytes of the request's id that are not UTF-8
/// are replaced.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_json(
    verdict: Option<&s3iam_verdict>,
    request_id: s3iam_text,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
) -> s3iam_status {
    call(None, || {
        let request_id = String::from_utf8_lossy(request_id.bytes()?);
        give(out, verdict_json(&given(verdict)?.verdict, &request_id).into())
    })
}

/// The number of keys of a `DeleteObjects` request. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_keys_len(verdict: Option<&s3iam_verdict>) -> usize {
    value(0, || verdict.map_or(0, |verdict| verdict.verdict.keys().len()))
}

/// Gives the answer for the key at `index`, counted from 0. An index that is not less than
/// `s3iam_verdict_keys_len` is `S3IAM_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_keys_get(
    verdict: Option<&s3iam_verdict>,
    index: usize,
    out: Option<&mut MaybeUninit<s3iam_key_verdict>>,
) -> s3iam_status {
    call(None, || {
        let key = given(verdict)?.verdict.keys().get(index);
        let key = key.ok_or(s3iam_error::argument("there is no such key"))?;
        let version_id = key.version_id.as_deref().map_or(s3iam_text::EMPTY, s3iam_text::of);
        let outcome = key.decision.outcome.into();
        give(out, s3iam_key_verdict { key: s3iam_text::of(&key.key), version_id, outcome })
    })
}

/// Frees a verdict. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verdict_free(verdict: Option<Box<s3iam_verdict>>) {
    value((), || drop(verdict));
}

impl s3iam_verdict {
    pub(crate) fn new(verdict: Verdict) -> Self {
        Self { verdict, upload: None }
    }

    /// The verdict on a form upload.
    pub(crate) fn of_form(verdict: Verdict, form: &PostForm<'_>) -> Self {
        let upload = verdict.length_range().zip(verdict.recognised()).filter(|_| verdict.allowed());
        let upload = upload.map(|(length_range, recognised)| {
            Box::new(s3iam_upload::new(form, recognised.key(), length_range, verdict.error_profile()))
        });
        Self { verdict, upload }
    }
}

fn text(verdict: Option<&s3iam_verdict>, read: impl FnOnce(&Verdict) -> Option<s3iam_text>) -> s3iam_text {
    value(s3iam_text::EMPTY, || verdict.and_then(|v| read(&v.verdict)).unwrap_or(s3iam_text::EMPTY))
}

fn statement(
    verdict: Option<&s3iam_verdict>,
    read: impl FnOnce(StatementInfo<'_>) -> Option<&str>,
) -> s3iam_text {
    text(verdict, |verdict| read(verdict.statement()?).map(s3iam_text::of))
}
