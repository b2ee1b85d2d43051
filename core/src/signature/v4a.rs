//! SigV4A: signatures of ECDSA over P-256, which are good in a set of regions (spec: sigv4, section 2.7).
//!
//! The key is derived from secret and access key alone, so one public key serves all days and regions.
//! A signature has a part that is random: it is verified and can never be computed again.

use super::SecretKey;
use super::canonical::StringToSign;
use super::ecdsa_key;
use super::hash::{Buffer, Hashing};
use super::headers::Headers;
use super::limits::MAX_REGION_SET_BYTES;
use super::query::Query;
use crate::http::hex_digit;
use crate::short::SmallVec;
use crate::{Error, ErrorCode};
use p256::FieldBytes;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};
use zeroize::Zeroize;

/// The header that names the regions.
pub(super) const REGION_SET: &[u8] = b"x-amz-region-set";
/// The parameter that names them.
const REGION_SET_PARAMETER: &[u8] = b"X-Amz-Region-Set";
/// Longest DER text of a signature: two numbers of 33 bytes with their headers, and the header of both.
const MAX_SIGNATURE_BYTES: usize = 72;

/// A decoded region set.
pub(super) type RegionSet = SmallVec<[u8; 64]>;

/// The public key of an access key and its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EcdsaKey {
    /// Nothing if no candidate was a key, which one in 2^8000 secrets would see.
    point: Option<VerifyingKey>,
}

/// A public key is no secret; it only goes.
impl Zeroize for EcdsaKey {
    fn zeroize(&mut self) {
        self.point = None;
    }
}

impl EcdsaKey {
    /// Derives the key of a secret and its access key.
    pub(super) fn derive(secret: &SecretKey, access_key: &str) -> Self {
        let point = ecdsa_key::derive(access_key, secret).map(|key| key.public_key().into());
        Self { point }
    }

    /// Whether a signature is one of this string to sign.
    pub(super) fn holds(&self, text: &StringToSign<'_>, signature: &Signature, buffer: &mut Buffer) -> bool {
        let mut hashing = Hashing::new(buffer);
        text.write_v4a(&mut hashing);
        self.holds_hash(&hashing.finish(), signature)
    }

    /// Whether a signature in hexadecimal digits, which `*` may fill up to the length of the longest, is one of
    /// a text with this hash. So the chunks of a body are signed.
    pub(super) fn verifies(&self, hash: &[u8; 32], signature: &[u8]) -> bool {
        read_signature(unpadded(signature)).is_some_and(|signature| self.holds_hash(hash, &signature))
    }

    fn holds_hash(&self, hash: &[u8; 32], signature: &Signature) -> bool {
        self.point.as_ref().is_some_and(|point| point.verify_prehash(hash, signature).is_ok())
    }
}

/// A signature as it stands in the next chunk's string to sign: without the `*` that fill it up.
pub(super) fn unpadded(signature: &[u8]) -> &[u8] {
    let end = signature.iter().rposition(|&b| b != b'*').map_or(0, |last| last + 1);
    signature.get(..end).unwrap_or_default()
}

/// Reads a signature: the DER text of its two numbers in hexadecimal digits of lower case.
///
/// There is exactly one text of two numbers. Of the two signatures that are as good as each other
/// (`s` and `n - s`) either is taken, as AWS's clients send either.
pub(super) fn read_signature(text: &[u8]) -> Option<Signature> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    if pairs.len() > MAX_SIGNATURE_BYTES || text.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut bytes = SmallVec::<[u8; MAX_SIGNATURE_BYTES]>::new();
    for [high, low] in pairs {
        bytes.push(hex_digit(*high)? << 4 | hex_digit(*low)?);
    }
    let (0x30, numbers, []) = element(&bytes)? else { return None };
    let (0x02, r, rest) = element(numbers)? else { return None };
    let (0x02, s, []) = element(rest)? else { return None };
    // Neither may be zero, nor the order or more.
    Signature::from_scalars(number(r)?, number(s)?).ok()
}

/// The tag and content of a DER element of less than 128 bytes, and what follows it.
fn element(text: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let ([tag, length @ 0..128], rest) = text.split_first_chunk()? else { return None };
    let (content, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((*tag, content, rest))
}

/// A positive DER integer in its one spelling.
fn number(content: &[u8]) -> Option<FieldBytes> {
    let digits = match content {
        // A zero byte stands before a number only where its first bit would make it negative.
        [0, digits @ ..] if digits.first()? & 0x80 != 0 => digits,
        [first, ..] if first & 0x80 == 0 && *first != 0 => content,
        _ => return None,
    };
    let mut out = [0; 32];
    let room = out.get_mut(32_usize.checked_sub(digits.len())?..)?;
    room.copy_from_slice(digits);
    Some(out.into())
}

/// The region set in the header; `None` if there is none.
pub(super) fn region_set<'r>(headers: &Headers<'r>) -> Result<Option<&'r [u8]>, Error> {
    Ok(headers.only(REGION_SET)?.filter(|set| !set.is_empty()))
}

/// Reads the region set in the query; it stays empty if there is none.
pub(super) fn read_region_set(query: &Query<'_>, set: &mut RegionSet) -> Result<(), Error> {
    let mut found = query.pairs().filter(|(name, _)| name.decoded().eq(REGION_SET_PARAMETER.iter().copied()));
    if let Some((_, value)) = found.next() {
        value.decode_into(|bytes| set.extend_from_slice(bytes));
    }
    if found.next().is_some() { Err(ErrorCode::RepeatedAuthParameter.into()) } else { Ok(()) }
}

/// Whether a region set, names with `,` between them, covers the configured region; if none is
/// configured, any region will do.
pub(super) fn covers(set: &[u8], configured: &str) -> bool {
    if set.len() > MAX_REGION_SET_BYTES {
        return false;
    }
    let mut names = set.split(|&b| b == b',').map(<[u8]>::trim_ascii).filter(|name| !name.is_empty());
    match configured {
        "" => names.next().is_some(),
        // MinIO's old name of the default region.
        "US" => names.any(|name| matches(name, b"us-east-1")),
        configured => names.any(|name| matches(name, configured.as_bytes())),
    }
}

/// Whether a name is the region; `*` in it is any run of characters.
fn matches(name: &[u8], region: &[u8]) -> bool {
    let mut pieces = name.split(|&b| b == b'*');
    let Some(mut rest) = pieces.next().and_then(|first| region.strip_prefix(first)) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    // Each piece where it occurs first leaves the most for those after it.
    for piece in pieces {
        let mut ends = (0..=rest.len()).filter_map(|at| rest.get(at..)?.strip_prefix(piece));
        let Some(after) = ends.next() else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::super::sink::hex;
    use super::*;
    use crate::signature::sha256;
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer;
    use proptest::prelude::*;

    fn digits(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The DER text of a signature, spelt out.
    fn der(signature: &Signature) -> Vec<u8> {
        let (r, s) = signature.split_bytes();
        let integer = |number: &[u8]| {
            let number: Vec<u8> = number.iter().copied().skip_while(|&b| b == 0).collect();
            let zero: &[u8] = if number[0] >= 0x80 { &[0] } else { &[] };
            let content = [zero, &number].concat();
            [&[2, content.len() as u8], &content[..]].concat()
        };
        let numbers = [integer(&r), integer(&s)].concat();
        [&[0x30, numbers.len() as u8], &numbers[..]].concat()
    }

    fn signing_key(secret: &str, access_key: &str) -> SigningKey {
        ecdsa_key::derive(access_key, &SecretKey::new(secret)).unwrap().into()
    }

    #[test]
    fn the_public_key_is_the_one_that_aws_derives() {
        // From AWS's signing test suite, and from aws-c-auth's test of chunks.
        for (access_key, secret, point) in [
            (
                "AKIDEXAMPLE",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                "04b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1\
                 865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518",
            ),
            (
                "AKIAIOSFODNN7EXAMPLE",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "0418b7d04643359f6ec270dcbab8dce6d169d66ddc9778c75cfb08dfdb701637ab\
                 fa36b35e4fe67e3112261d2e17a956ef85b06e44712d2850bcd3c2161e9993f2",
            ),
        ] {
            let derived = EcdsaKey::derive(&SecretKey::new(secret), access_key).point.unwrap();
            assert_eq!(digits(derived.to_sec1_point(false).as_bytes()), point);
        }
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        assert_ne!(EcdsaKey::derive(&secret, "AKIDEXAMPLE"), EcdsaKey::derive(&secret, "AKIDEXAMPLF"));
    }

    #[test]
    fn region_sets_are_lists_of_names_with_wildcards() {
        for (set, region) in [
            ("us-east-1", "us-east-1"),
            ("eu-west-1,us-east-1", "us-east-1"),
            ("eu-west-1 , us-east-1", "us-east-1"),
            ("*", "us-east-1"),
            ("us-*", "us-east-1"),
            ("*-1", "us-east-1"),
            ("us-*-1", "us-east-1"),
            ("us-*east*-1", "us-east-1"),
            ("us-east-1*", "us-east-1"),
            ("**", "us-east-1"),
            ("*a*a*b", "aab"),
            ("anything", ""),
            ("us-east-1", "US"),
        ] {
            assert!(covers(set.as_bytes(), region), "{set} covers {region}");
        }
        for (set, region) in [
            ("", "us-east-1"),
            (",", ""),
            ("", ""),
            ("us-east-2", "us-east-1"),
            ("us-east", "us-east-1"),
            ("us-east-12", "us-east-1"),
            ("US-EAST-1", "us-east-1"),
            ("eu-*", "us-east-1"),
            ("us-*-2", "us-east-1"),
            ("us-east-1*1", "us-east-1"),
            ("*us-east-1-*", "us-east-1"),
            ("a*a", "a"),
            ("us-east-1;eu-west-1", "us-east-1"),
            ("us-east-?", "us-east-1"),
            (&"*,".repeat(MAX_REGION_SET_BYTES), "us-east-1"),
        ] {
            assert!(!covers(set.as_bytes(), region), "{set} does not cover {region}");
        }
    }

    #[test]
    fn a_signature_has_one_spelling() {
        let key = signing_key("s", "a");
        // Until there was one of each length.
        let texts: Vec<Vec<u8>> = (0..40_u8)
            .map(|n| {
                let signature: Signature = key.sign(&[n]);
                assert_eq!(read_signature(digits(&der(&signature)).as_bytes()), Some(signature));
                der(&signature)
            })
            .collect();
        assert!(texts.iter().any(|text| text.len() == 72) && texts.iter().any(|text| text.len() < 72));
        let text = texts.iter().find(|text| text[3] == 33 && text[3 + 33 + 2] == 32).unwrap();
        let without_zero = [&[0x30, text[1] - 1, 2, 32], &text[5..]].concat();
        let with_zero = [&[0x30, text[1] + 1], &text[2..37], &[2, 33, 0], &text[39..]].concat();
        let long_form = [&[0x30, 0x81], &text[1..]].concat();
        let trailing = [&text[..], &[0]].concat();
        let inside = [&[0x30, text[1] + 1], &text[2..], &[0]].concat();
        for wrong in
            [&without_zero, &with_zero, &long_form, &trailing, &inside, &text[..70].to_vec(), &vec![]]
        {
            assert_eq!(read_signature(digits(wrong).as_bytes()), None, "{}", digits(wrong));
        }
        let text = digits(text);
        for wrong in [text.to_uppercase(), text.clone() + "*", text.clone() + "0", " ".to_owned() + &text] {
            assert_eq!(read_signature(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn the_numbers_are_those_of_the_group() {
        const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        let below = ORDER.replace("2551", "2550");
        let signature = |r: &str, s: &str| {
            let integer = |digits: &str| format!("02{:02x}{digits}", digits.len() / 2);
            let numbers = integer(r) + &integer(s);
            read_signature(format!("30{:02x}{numbers}", numbers.len() / 2).as_bytes())
        };
        let (order, below) = (format!("00{ORDER}"), format!("00{below}"));
        assert!(signature(&below, "01").is_some() && signature("01", &below).is_some());
        for (r, s) in [("00", "01"), ("01", "00"), (&order, "01"), ("01", &order), ("80", "01"), ("", "01")] {
            assert!(signature(r, s).is_none(), "{r} {s}");
        }
        let too_long = format!("00{}", "ff".repeat(33));
        assert!(signature(&too_long, "01").is_none());
    }

    #[test]
    fn chunks_are_verified_with_or_without_what_fills_them_up() {
        let (text, key): (&[u8], _) = (b"AWS4-ECDSA-P256-SHA256-PAYLOAD\n...", signing_key("secret", "AK"));
        let public = EcdsaKey::derive(&SecretKey::new("secret"), "AK");
        let (hash, another) = (sha256(&[text]), sha256(&[b"another text"]));
        let signature: Signature = key.sign(text);
        let signature = digits(&der(&signature));
        let padded = format!("{signature:*<144}");
        assert!(public.verifies(&hash, signature.as_bytes()) && public.verifies(&hash, padded.as_bytes()));
        assert_eq!(unpadded(padded.as_bytes()), signature.as_bytes());
        assert_eq!(unpadded(b"***"), b"");
        assert!(!public.verifies(&another, padded.as_bytes()));
        assert!(!public.verifies(&hash, format!("*{signature}").as_bytes()));
        assert!(!EcdsaKey::derive(&SecretKey::new("other"), "AK").verifies(&hash, padded.as_bytes()));
        assert!(!EcdsaKey::derive(&SecretKey::new("secret"), "AL").verifies(&hash, padded.as_bytes()));
    }

    proptest! {
        #[test]
        fn a_region_matches_as_every_split_of_it_says(name in "[ab*]{0,8}", region in "[ab]{0,8}") {
            fn every_split(name: &[u8], region: &[u8]) -> bool {
                match name.split_first() {
                    None => region.is_empty(),
                    Some((b'*', rest)) => (0..=region.len()).any(|at| every_split(rest, &region[at..])),
                    Some((b, rest)) => region.first() == Some(b) && every_split(rest, &region[1..]),
                }
            }
            let (name, region) = (name.as_bytes(), region.as_bytes());
            prop_assert_eq!(matches(name, region), every_split(name, region));
        }

        #[test]
        fn reading_a_signature_never_fails_otherwise(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in "(30[0-9a-f]{2}02[0-9a-f]{2})?[0-9a-f*]{0,150}") {
            for text in [digits(&bytes).into_bytes(), bytes, text.into_bytes()] {
                if let Some(signature) = read_signature(&text) {
                    prop_assert_eq!(digits(&der(&signature)).into_bytes(), text);
                }
            }
        }
    }

    #[test]
    fn a_hash_in_hexadecimal_digits_is_no_signature() {
        assert!(read_signature(&hex(&[7; 32])).is_none());
    }
}
