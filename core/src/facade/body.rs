//! Reading bodies in JavaScript: what an input releases as a whole, and the summary as JSON.

use super::answer::Object;
use super::{Body, BodyReader, BodySummary, ErrorProfile, Payload, SignedPayload, signed_payload};
use crate::Error;

/// The body of a request that announces nothing of it but its payload, from what
/// [`write_verified_record`](super::write_verified_record) says of that: `unsigned`, or the SHA-256 in hex digits. See
/// [`Body::plain`].
///
/// # Errors
///
/// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for any other text.
pub fn plain_body(payload: &str, profile: ErrorProfile) -> Result<Body, Error> {
    let payload = match signed_payload(payload)? {
        SignedPayload::Sha256(hash) => Some(Payload::Sha256(hash)),
        SignedPayload::Unsigned => Some(Payload::Unsigned),
        SignedPayload::Body => None,
    };
    payload
        .and_then(|payload| Body::plain(payload, profile))
        .ok_or_else(|| super::invalid("the payload is neither unsigned nor a SHA-256"))
}

/// Pushes all of an input, and gives what it released. `None` if that is the input itself, as it is for every
/// body without chunks: then nothing is copied.
///
/// # Errors
///
/// Those of [`BodyReader::push`].
pub fn push_all(reader: &mut BodyReader, input: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let (mut all, mut rest) = (Vec::new(), input);
    while !rest.is_empty() {
        let pushed = reader.push(rest)?;
        if pushed.released.as_ptr_range() == input.as_ptr_range() {
            return Ok(None);
        }
        all.extend_from_slice(pushed.released);
        rest = rest.get(pushed.taken..).unwrap_or_default();
    }
    // A reader that has failed or finished says so whatever it is given.
    if input.is_empty() {
        reader.push(input)?;
    }
    Ok(Some(all))
}

/// `{"decodedLength", "checksum": {"algorithm", "value"} | null, "contentMd5", "trailers": {}}`; values are base64.
pub fn body_summary_json(summary: &BodySummary) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    object.large("decodedLength", summary.decoded_length());
    object.raw("checksum");
    match summary.checksum() {
        Some(checksum) => {
            let mut object = Object::new(object.out);
            object.text("algorithm", checksum.algorithm().name());
            object.text("value", &checksum.base64());
            object.end();
        }
        None => object.out.push_str("null"),
    }
    object.optional("contentMd5", summary.content_md5().map(|md5| md5.base64()).as_deref());
    object.raw("trailers");
    let mut trailers = Object::new(object.out);
    for (name, value) in summary.trailers() {
        trailers.text(name, &value);
    }
    trailers.end();
    object.end();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;
    use crate::facade::{HttpRequest, Verifier};

    fn reader(headers: &[(&[u8], &[u8])]) -> BodyReader {
        let request =
            HttpRequest { method: b"PUT", target: b"/b/k", headers, peer: None, secure: true, body: None };
        Verifier::default().anonymous_body(&request).unwrap()
    }

    #[test]
    fn a_body_without_chunks_is_not_copied() -> Result<(), Error> {
        let mut reader = reader(&[(b"content-md5", b"JfnnlDI7RTiF9RgfG2JNCw==")]);
        assert_eq!(push_all(&mut reader, b"12345")?, None);
        assert_eq!(push_all(&mut reader, b"")?, Some(Vec::new()));
        assert_eq!(push_all(&mut reader, b"6789")?, None);
        assert_eq!(
            body_summary_json(&reader.finish()?),
            r#"{"decodedLength":9,"checksum":null,"contentMd5":"JfnnlDI7RTiF9RgfG2JNCw==","trailers":{}}"#
        );
        assert_eq!(push_all(&mut reader, b"").unwrap_err().code(), ErrorCode::InvalidArgument);
        Ok(())
    }

    #[test]
    fn a_plain_body_is_made_of_its_payload() -> Result<(), Error> {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert!(plain_body(empty, ErrorProfile::Aws)?.reader().finish().is_ok());
        assert!(plain_body("unsigned", ErrorProfile::Aws)?.reader().finish().is_ok());
        let mut reader = plain_body(&"0".repeat(64), ErrorProfile::Minio)?.reader();
        assert_eq!(reader.error_profile(), ErrorProfile::Minio);
        assert_eq!(reader.finish().unwrap_err().code(), ErrorCode::ContentSha256Mismatch);
        for wrong in ["", "body", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"] {
            assert!(plain_body(wrong, ErrorProfile::Aws).is_err(), "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn a_body_in_chunks_comes_out_whole() -> Result<(), Error> {
        let mut reader = reader(&[
            (b"x-amz-content-sha256", b"STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            (b"x-amz-decoded-content-length", b"9"),
            (b"x-amz-trailer", b"x-amz-checksum-crc32"),
        ]);
        let body = b"5\r\n12345\r\n4\r\n6789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n";
        assert_eq!(push_all(&mut reader, body)?, Some(b"123456789".to_vec()));
        assert_eq!(
            body_summary_json(&reader.finish()?),
            concat!(
                r#"{"decodedLength":9,"checksum":{"algorithm":"CRC32","value":"y/Q5Jg=="},"contentMd5":null,"#,
                r#""trailers":{"x-amz-checksum-crc32":"y/Q5Jg=="}}"#
            )
        );
        Ok(())
    }
}
