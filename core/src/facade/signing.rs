//! Signing in JavaScript: what crosses as text or as pieces of text, and headers and fields as JSON.

use super::answer::pairs_json;
use super::{ChunkKind, ChunkSigner, PolicyCondition, PolicyDraft, PolicyKey, SignedPayload, Signer};
use crate::{Error, ErrorCode, Timestamp};

/// The pieces of text of a call.
type Piece<'a> = Result<&'a str, Error>;

/// What is signed of a body: `body`, `unsigned`, or its SHA-256 in hex digits.
///
/// # Errors
///
/// [`ErrorCode::InvalidArgument`] for any other text.
pub fn signed_payload(text: &str) -> Result<SignedPayload, Error> {
    match text {
        "body" => Ok(SignedPayload::Body),
        "unsigned" => Ok(SignedPayload::Unsigned),
        _ => SignedPayload::from_hex(text).ok_or_else(|| {
            super::invalid("the payload is \"body\", \"unsigned\" or the body's SHA-256 in 64 hex digits")
        }),
    }
}

/// How a body is cut, by [`ChunkKind::name`].
///
/// # Errors
///
/// [`ErrorCode::InvalidArgument`] for a name that there is not.
pub fn chunk_kind(name: &str) -> Result<ChunkKind, Error> {
    ChunkKind::named(name).ok_or_else(|| {
        super::invalid(format!(
            "the kind of chunks is one of {}",
            ChunkKind::ALL.map(ChunkKind::name).join(", ")
        ))
    })
}

/// Signs the policy of a form, and gives its fields as `[[name, value]]`.
///
/// The pieces are bucket; `exact` or `prefix`; key; expiration in milliseconds since 1970; then of each condition its
/// kind and two texts: `equals`, field, value; `startsWith`, field, prefix; `contentLength`, least, most.
///
/// # Errors
///
/// Those of [`Signer::post_policy`], and [`ErrorCode::InvalidArgument`] if the pieces are not these.
pub fn post_policy_packed<'a>(
    signer: &Signer,
    mut pieces: impl Iterator<Item = Piece<'a>>,
    now: Timestamp,
) -> Result<String, Error> {
    let [bucket, kind, key, expiration] = take(&mut pieces)?;
    let mut conditions = Vec::new();
    while let Some(kind) = pieces.next() {
        let (kind, [a, b]) = (kind?, take(&mut pieces)?);
        conditions.push(match kind {
            "equals" => PolicyCondition::Equals { field: a, value: b },
            "startsWith" => PolicyCondition::StartsWith { field: a, prefix: b },
            "contentLength" => PolicyCondition::ContentLength { least: number(a)?, most: number(b)? },
            _ => return Err(malformed()),
        });
    }
    let draft = PolicyDraft {
        bucket,
        key: match kind {
            "exact" => PolicyKey::Exact(key),
            "prefix" => PolicyKey::Prefix(key),
            _ => return Err(malformed()),
        },
        conditions: &conditions,
        expiration: Timestamp::from_unix_millis(number(expiration)?),
    };
    Ok(pairs_json(&signer.post_policy(&draft, now)?))
}

/// The end of a body in chunks. The pieces are name and value of each trailer.
///
/// # Errors
///
/// Those of [`ChunkSigner::finish`], and [`ErrorCode::InvalidArgument`] if the pieces are not these.
pub fn finish_packed<'a>(
    chunks: ChunkSigner,
    mut pieces: impl Iterator<Item = Piece<'a>>,
) -> Result<Vec<u8>, Error> {
    let mut trailers = Vec::new();
    while let Some(name) = pieces.next() {
        let [value] = take(&mut pieces)?;
        trailers.push((name?, value));
    }
    let mut out = Vec::new();
    chunks.finish(&trailers, &mut out)?;
    Ok(out)
}

/// How long a body in chunks becomes. The pieces are name and length of the value of each trailer.
///
/// # Errors
///
/// Those of [`Signer::encoded_length`], and [`ErrorCode::InvalidArgument`] if the pieces are not these.
pub fn encoded_length_packed<'a>(
    signer: &Signer,
    kind: ChunkKind,
    (data_bytes, chunk_bytes): (u64, u64),
    mut pieces: impl Iterator<Item = Piece<'a>>,
) -> Result<u64, Error> {
    let mut trailers = Vec::new();
    while let Some(name) = pieces.next() {
        let [length] = take(&mut pieces)?;
        trailers.push((name?, number(length)?));
    }
    signer.encoded_length(kind, data_bytes, chunk_bytes, &trailers)
}

/// The next pieces.
fn take<'a, const N: usize>(pieces: &mut impl Iterator<Item = Piece<'a>>) -> Result<[&'a str; N], Error> {
    let mut taken = [""; N];
    for place in &mut taken {
        *place = pieces.next().ok_or_else(malformed)??;
    }
    Ok(taken)
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| super::invalid("a number is not whole, or out of range"))
}

fn malformed() -> Error {
    Error::with_message(ErrorCode::InvalidArgument, "the packed pieces are malformed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facade::{HttpRequest, SecretKey, SignerOptions, SigningCredentials};

    fn now() -> Timestamp {
        Timestamp::from_unix_millis(1_768_478_400_000)
    }

    fn signer() -> Result<Signer, Error> {
        let credentials = SigningCredentials {
            access_key: "AKIDEXAMPLEUSER00001".to_owned(),
            secret_key: SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: None,
        };
        Signer::new(credentials, SignerOptions::default())
    }

    fn texts<'a>(pieces: &'a [&'a str]) -> impl Iterator<Item = Piece<'a>> {
        pieces.iter().copied().map(Ok)
    }

    #[test]
    fn a_payload_has_three_forms() {
        assert_eq!(signed_payload("body"), Ok(SignedPayload::Body));
        assert_eq!(signed_payload("unsigned"), Ok(SignedPayload::Unsigned));
        assert_eq!(signed_payload(&"a0".repeat(32)), Ok(SignedPayload::Sha256([0xa0; 32])));
        for wrong in ["", "BODY", &"a0".repeat(31), &"g0".repeat(32)] {
            assert!(signed_payload(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_policy_crosses_in_pieces() -> Result<(), Error> {
        let signer = signer()?;
        let pieces = [
            "bucket",
            "prefix",
            "user/",
            "1768482000000",
            "equals",
            "acl",
            "private",
            "startsWith",
            "x-amz-meta-tag",
            "",
            "contentLength",
            "1",
            "1024",
        ];
        let fields = post_policy_packed(&signer, texts(&pieces), now())?;
        assert!(fields.starts_with(r#"[["key","user/${filename}"],["acl","private"],["x-amz-algorithm","#));
        for end in (0..4).chain([5, 6, 8, 9, 11, 12]) {
            assert!(post_policy_packed(&signer, texts(&pieces[..end]), now()).is_err(), "{end}");
        }
        for at in [1, 3, 4, 7, 10, 11] {
            let mut pieces = pieces;
            pieces[at] = "-x";
            assert!(post_policy_packed(&signer, texts(&pieces), now()).is_err(), "{at}");
        }
        Ok(())
    }

    #[test]
    fn trailers_cross_in_pieces() -> Result<(), Error> {
        let signer = signer()?;
        let headers: [(&[u8], &[u8]); 3] = [
            (b"host", b"s3.example.com"),
            (b"x-amz-decoded-content-length", b"7"),
            (b"x-amz-trailer", b"x-amz-checksum-crc32"),
        ];
        let request = HttpRequest {
            method: b"PUT",
            target: b"/b/k",
            headers: &headers,
            peer: None,
            secure: true,
            body: None,
        };
        let kind = chunk_kind("unsigned-trailer")?;
        let mut body = Vec::new();
        let (_, mut chunks) = signer.sign_chunks(&request, kind, now())?;
        chunks.encode(b"payload", &mut body);
        body.extend(finish_packed(chunks, texts(&["x-amz-checksum-crc32", "QixqFQ=="]))?);
        let length = encoded_length_packed(&signer, kind, (7, 65536), texts(&["x-amz-checksum-crc32", "8"]))?;
        assert_eq!(length, body.len() as u64);
        assert!(
            encoded_length_packed(&signer, kind, (7, 65536), texts(&["x-amz-checksum-crc32", "x"])).is_err()
        );
        assert!(encoded_length_packed(&signer, kind, (7, 65536), texts(&["x-amz-checksum-crc32"])).is_err());
        assert!(chunk_kind("Signed").is_err());
        Ok(())
    }
}
