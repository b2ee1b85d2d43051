//! What must hold of every accepted request (8.5), for one of each form.

use super::*;

/// One request of every accepted form.
fn accepted() -> Vec<(Signer, Wire)> {
    let signer = Signer::default();
    let sts = Signer { service: "sts".to_owned(), ..signer.clone() };
    let get =
        Draft::new("GET", "/bucket/photos/a cat.jpg").query("versionId", "3/L4").header("Range", "bytes=0-9");
    let put = Draft::new("PUT", "/bucket/key").header("x-amz-meta-a", "value").body(b"data");
    let form =
        Draft::new("POST", "/").header("Content-Type", "application/x-www-form-urlencoded").body(b"Action=A");
    vec![
        (signer.clone(), signer.sign(&get)),
        (signer.clone(), signer.sign(&put)),
        (signer.clone(), signer.presign(&get, "60")),
        (signer.clone(), signer.presign(&put, "60")),
        (sts.clone(), sts.sign(&form)),
        (sts.clone(), sts.presign(&form, "60")),
    ]
}

/// Whether the request, whose texts need not be texts any more, is believed.
fn believed(signer: &Signer, wire: &Wire, texts: &[Vec<u8>], now: Timestamp) -> bool {
    let [method, target, values @ ..] = texts else { panic!("{texts:?}") };
    let headers: Vec<Header<'_>> =
        wire.headers.iter().zip(values).map(|((name, _), value)| (name.as_bytes(), &value[..])).collect();
    let request = HttpRequest { method, target, ..wire.request(&headers) };
    let verifier =
        Verifier::new(SignatureOptions { services: vec![signer.service.clone()], ..Default::default() });
    let ring = signer.ring();
    matches!(verifier.verify(&request, &ring, now), Ok(Verified::Signed(_)))
}

/// Method, target and header values.
fn texts(wire: &Wire) -> Vec<Vec<u8>> {
    let values = wire.headers.iter().map(|(_, value)| value);
    [&wire.method, &wire.target].into_iter().chain(values).map(|text| text.clone().into_bytes()).collect()
}

#[test]
fn no_bit_can_be_flipped() {
    for (signer, wire) in accepted() {
        let original = texts(&wire);
        assert!(believed(&signer, &wire, &original, signer.now()), "{wire:?}");
        for (which, text) in original.iter().enumerate() {
            // The path of other services is normalised and may be written in many ways.
            let path = text.iter().position(|&b| b == b'?').unwrap_or(text.len());
            let first = if which == 1 && signer.service != "s3" { path } else { 0 };
            for bit in first * 8..text.len() * 8 {
                let mut changed = original.clone();
                changed[which][bit / 8] ^= 1 << (bit % 8);
                // White space at the ends and the case of an escape's digits are no part of the meaning.
                let (was, is) = (text[bit / 8], changed[which][bit / 8]);
                let same = (which == 1
                    && was.eq_ignore_ascii_case(&is)
                    && text[..bit / 8].iter().rev().take(2).any(|&b| b == b'%'))
                    || (was == b' ' && is.is_ascii_whitespace())
                    || (was.is_ascii_whitespace() && is == b' ');
                if !same {
                    let shown = String::from_utf8_lossy(&changed[which]).into_owned();
                    assert!(!believed(&signer, &wire, &changed, signer.now()), "{shown}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_accepted_outside_its_time() {
    for (signer, wire) in accepted() {
        let texts = texts(&wire);
        let presigned = wire.target.contains("X-Amz-Signature");
        let last = if presigned { 60 } else { 900 };
        for (seconds, expected) in
            [(-901, false), (-900, true), (0, true), (last, true), (last + 1, false), (86_400, false)]
        {
            assert_eq!(
                believed(&signer, &wire, &texts, seconds_later(seconds)),
                expected,
                "{seconds} {wire:?}"
            );
        }
        for millis in [i64::MIN, i64::MAX, 0] {
            assert!(!believed(&signer, &wire, &texts, Timestamp::from_unix_millis(millis)), "{millis}");
        }
    }
}

#[test]
fn no_amz_header_or_parameter_can_be_added() {
    for (signer, wire) in accepted() {
        for (name, value) in [
            ("x-amz-acl", "private"),
            ("X-Amz-Expected-Bucket-Owner", ""),
            ("x-amz-", "x"),
            ("X-AMZ-DATE", "20260115T120000Z"),
        ] {
            let header = wire.clone().header(name, value);
            assert!(!believed(&signer, &header, &texts(&header), signer.now()), "{name}");
            let separator = if wire.target.contains('?') { '&' } else { '?' };
            let parameter =
                Wire { target: format!("{}{separator}{name}={value}", wire.target), ..wire.clone() };
            assert!(!believed(&signer, &parameter, &texts(&parameter), signer.now()), "{name}");
        }
    }
}
