//! The verdict that nearly every request gets, in a form that is quicker to write than JSON and need
//! not be read before somebody asks for more than the answer.

use super::{Payload, Verdict};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facade::{Facts, HttpRequest, Iam, Options};
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
}
