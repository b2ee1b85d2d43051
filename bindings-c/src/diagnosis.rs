//! Why the signature of a request is refused.

use crate::error::s3iam_error;
use crate::iam::s3iam_iam;
use crate::panic::{call, given};
use crate::request::s3iam_http_request;
use crate::signature::s3iam_verifier;
use crate::status::s3iam_status;
use crate::text::{s3iam_string, s3iam_text};
use s3iam::facade::{ClientSide, Diagnosis, diagnosis_json};
use std::mem::MaybeUninit;

/// Where a text goes.
type Out<'a> = Option<&'a mut MaybeUninit<Box<s3iam_string>>>;

/// Says why the signature of a request is refused, and what the client did otherwise: a tool for operators. It
/// computes up to 4096 signatures, during which `s3iam_verifier_add_key` waits, and must not be run for every
/// refused request that arrives; it accepts nothing. `canonical_request` and `string_to_sign` are what the
/// client says that it signed, from its debug log; empty where they are not known.
///
/// `out` is JSON text for the operator alone:
///
/// `{"outcome", "code", "cause": {"code", "sentence", "remedy"}, "certain", "others": [cause], "differences":
/// [{"element", "client", "server"}], "canonicalRequest", "stringToSign", "tried", "forClient": {"code",
/// "message", "causes": [cause], "elements": [name]}}`.
///
/// `outcome` is `verifies`, `anonymous` or `refused`; what is not there or not known is null. `safe_message`,
/// which may be NULL, is what the client may be told: one text, made without looking at the secret. Both
/// strings are the caller's to free. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_diagnose(
    verifier: Option<&s3iam_verifier>,
    request: *const s3iam_http_request,
    canonical_request: s3iam_text,
    string_to_sign: s3iam_text,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    safe_message: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let verifier = given(verifier)?;
        diagnose(&canonical_request, &string_to_sign, out, safe_message, |client| {
            verifier.with(request, |verifier, keys, http, now| Ok(verifier.diagnose(http, keys, now, client)))
        })
    })
}

/// As `s3iam_verifier_diagnose`, with the keys of a directory, for which nobody waits meanwhile. It is about the
/// signature alone: a request that `s3iam_authorize` refuses for its operation or by the caller's policies has
/// one that verifies.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_iam_diagnose(
    iam: Option<&s3iam_iam>,
    request: *const s3iam_http_request,
    canonical_request: s3iam_text,
    string_to_sign: s3iam_text,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    safe_message: Option<&mut MaybeUninit<Box<s3iam_string>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let iam = given(iam)?.core();
        diagnose(&canonical_request, &string_to_sign, out, safe_message, |client| {
            s3iam_http_request::read(request, |http, _, now| iam.diagnose(http, now, client))
        })
    })
}

/// Gives what `ask` answers.
fn diagnose(
    canonical_request: &s3iam_text,
    string_to_sign: &s3iam_text,
    out: Out<'_>,
    safe_message: Out<'_>,
    ask: impl FnOnce(ClientSide<'_>) -> Result<Diagnosis, s3iam_error>,
) -> Result<(), s3iam_error> {
    let out = given(out)?;
    let client = ClientSide {
        canonical_request: Some(canonical_request.bytes()?).filter(|text| !text.is_empty()),
        string_to_sign: Some(string_to_sign.bytes()?).filter(|text| !text.is_empty()),
    };
    let diagnosis = ask(client)?;
    out.write(diagnosis_json(&diagnosis).into());
    if let Some(safe_message) = safe_message {
        safe_message.write(diagnosis.safe_message().into());
    }
    Ok(())
}
