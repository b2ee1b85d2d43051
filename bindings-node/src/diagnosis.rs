//! Why the signature of a packed request is refused.

use crate::request::packed;
use s3iam::facade::{ClientSide, Diagnosis, ErrorProfile, HttpRequest, Timestamp, diagnosis_json};

/// What the client says that it signed.
pub type Client<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

/// What a verifier or a directory answers when it is asked, as JSON.
pub fn diagnosed(
    (canonical_request, string_to_sign): Client<'_>,
    (request, body): (&[u8], Option<&[u8]>),
    profile: ErrorProfile,
    ask: impl FnOnce(&HttpRequest<'_>, Timestamp, ClientSide<'_>) -> Diagnosis,
) -> napi::Result<String> {
    let packed = packed(request, body, profile)?;
    let client = ClientSide { canonical_request, string_to_sign };
    Ok(diagnosis_json(&ask(&packed.http(), packed.now, client)))
}
