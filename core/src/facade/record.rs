//! The answers that nearly every request gets, in a form that is quicker to write than JSON and need
//! not be read before somebody asks for more than whether the request is allowed, or signed at all.

use super::answer::{push_number, push_payload};
use super::{Form, Payload, Verdict, Verified};

/// The first byte of a record. JSON begins with another one.
const ALLOWED: u8 = b'a';
const SIGNED_PAYLOAD: u8 = 1;
const STATEMENT: u8 = 2;
const SID: u8 = 4;
const HEAD: usize = 66;

/// An allowed verdict as one flat record. All numbers are little-endian.
///
/// | offset | size | content |
/// |---|---|---|
/// | 0 | 1 | `a` |
/// | 1 | 1 | flags: 1 the payload is signed, 2 a statement decided, 4 it has a `Sid` |
/// | 2 | 8 × 2 | bytes of each text |
/// | 18 | 4 × 4 | position of the policy, position of the statement, where it starts, where it ends |
/// | 34 | 32 | SHA-256 of the payload, or zeros |
/// | 66 | | the texts: user, access key, operation, bucket, key, reason, policy, `Sid` |
///
/// `None`, and nothing written, for every other verdict, and for one with a text that is too long for
/// its number: [`verdict_json`](super::verdict_json) takes them all. What `out` held is overwritten, so
/// one buffer can serve every call.
pub fn write_verdict_record(verdict: &Verdict, out: &mut Vec<u8>) -> Option<()> {
    let recognised = verdict.recognised().filter(|_| verdict.allowed() && verdict.keys().is_empty())?;
    let (payload, decision) = (verdict.payload()?, verdict.decision()?);
    let (mut flags, hash) = match payload {
        Payload::Sha256(hash) => (SIGNED_PAYLOAD, hash),
        Payload::Unsigned => (0, [0; 32]),
        #[cfg(feature = "forms")]
        Payload::Chunked(_) => return None,
    };
    let (mut policy, mut sid, mut numbers) = ("", "", [0; 4]);
    if let (Some(reference), Some(statement)) = (decision.statement, verdict.statement()) {
        flags |= STATEMENT | if statement.sid.is_some() { SID } else { 0 };
        (policy, sid) = (statement.policy, statement.sid.unwrap_or_default());
        numbers = [reference.policy, statement.index, statement.span.start, statement.span.end];
    }
    let texts = [
        verdict.user()?.as_bytes(),
        verdict.access_key()?.as_bytes(),
        recognised.operation.name().as_bytes(),
        recognised.bucket(),
        recognised.key(),
        decision.reason.name().as_bytes(),
        policy.as_bytes(),
        sid.as_bytes(),
    ];
    let mut head = [0; HEAD];
    [head[0], head[1]] = [ALLOWED, flags];
    for (place, text) in head[2..18].as_chunks_mut().0.iter_mut().zip(texts) {
        *place = u16::try_from(text.len()).ok()?.to_le_bytes();
    }
    for (place, number) in head[18..34].as_chunks_mut().0.iter_mut().zip(numbers) {
        *place = u32::to_le_bytes(number);
    }
    head[34..].copy_from_slice(&hash);
    out.clear();
    out.extend_from_slice(&head);
    texts.iter().for_each(|text| out.extend_from_slice(text));
    Some(())
}

/// Who signed a request, as one flat text: empty if nobody did, else four lines with a line feed between them,
/// which can stand in none of them.
///
/// | line | content |
/// |---|---|
/// | 1 | the name of the form |
/// | 2 | the payload: `unsigned`, the SHA-256 in hex digits, or what a chunked body has in its place |
/// | 3 | when it was signed, milliseconds since 1970 |
/// | 4 | the access key |
///
/// What `out` held is overwritten, so one buffer can serve every call.
pub fn write_verified_record(verified: &Verified<'_>, out: &mut String) {
    out.clear();
    let Verified::Signed(identity) = verified else { return };
    out.push_str(Form::name(identity.form()));
    out.push('\n');
    push_payload(out, identity.payload());
    out.push('\n');
    push_number(out, identity.signed_at().unix_millis());
    out.push('\n');
    out.push_str(identity.access_key());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facade::{CredentialState, Facts, HttpRequest, Iam, KeyRing, NewKey, Options, SecretKey};
    use crate::facade::{SignatureOptions, Verifier};
    use crate::{Error, Timestamp};

    const DIRECTORY: &[u8] = br#"{"version": 1, "users": {"alice": {"secret_key": "alice-and-her-secret"}}}"#;

    #[test]
    fn a_refused_request_has_no_record() -> Result<(), Error> {
        let iam = Iam::load(DIRECTORY, Options::default())?;
        let request = HttpRequest {
            method: b"GET",
            target: b"/photos/cat.jpg",
            headers: &[(b"Host", b"s3.example.com")],
            peer: None,
            secure: true,
            body: None,
        };
        let verdict = iam.authorize(&request, &Facts::default(), Timestamp::from_unix_millis(0));
        assert!(!verdict.allowed());
        let mut out = b"before".to_vec();
        assert_eq!(write_verdict_record(&verdict, &mut out), None);
        assert_eq!(out, b"before");
        Ok(())
    }

    /// The example of a header in AWS's documentation of SigV4 for S3.
    const SIGNED: [(&[u8], &[u8]); 5] = [
        (b"Host", b"examplebucket.s3.amazonaws.com"),
        (b"Range", b"bytes=0-9"),
        (b"x-amz-content-sha256", b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (b"x-amz-date", b"20130524T000000Z"),
        (
            b"Authorization",
            b"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
              SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
              Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
    ];

    #[test]
    fn a_record_says_who_signed() -> Result<(), Error> {
        let mut keys = KeyRing::new();
        keys.add(NewKey {
            access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_key: SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned()),
            session_token: None,
            expires: None,
            state: CredentialState::Enabled,
        })?;
        let verifier = Verifier::new(SignatureOptions::default());
        let record = |headers| -> Result<String, Error> {
            let request = HttpRequest {
                method: b"GET",
                target: b"/test.txt",
                headers,
                peer: None,
                secure: true,
                body: None,
            };
            let now = Timestamp::from_unix_seconds(1_369_353_600);
            let mut out = "before".to_owned();
            write_verified_record(&verifier.verify(&request, &keys, now)?, &mut out);
            Ok(out)
        };
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(record(&SIGNED)?, format!("sigv4-header\n{hash}\n1369353600000\nAKIAIOSFODNN7EXAMPLE"));
        assert_eq!(record(&SIGNED[..1])?, "");
        Ok(())
    }
}
