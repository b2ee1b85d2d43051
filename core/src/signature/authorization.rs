//! The `Authorization` header of SigV4, after its algorithm.

use super::claim::Signature;
use super::refusal;
use crate::bytes::find;
use crate::{Error, ErrorCode};

/// The three components, each as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Authorization<'r> {
    pub credential: &'r [u8],
    pub signed_headers: &'r [u8],
    pub signature: Signature<'r>,
}

impl<'r> Authorization<'r> {
    /// Reads `Credential=…, SignedHeaders=…, Signature=…`: exactly these three in this order, with
    /// or without spaces after the commas (s3cmd sends none).
    pub(super) fn read(text: &'r [u8], options: &super::Options) -> Result<Self, Error> {
        if let Some(usual) = Self::usual(text) {
            return Ok(usual);
        }
        let mut commas = text.iter().enumerate().filter(|(_, b)| **b == b',').map(|(at, _)| at);
        let (Some(one), Some(two), None) = (commas.next(), commas.next(), commas.next()) else {
            return Err(ErrorCode::AuthorizationComponents.into());
        };
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let (first, second, third) = (part(0, one), part(one + 1, two), part(two + 1, text.len()));
        let component = |piece: &'r [u8], name: &[u8], missing: ErrorCode| {
            let piece = piece.trim_ascii();
            let at = find(piece, b'=');
            let (key, value) = at
                .and_then(|at| Some((piece.get(..at)?, piece.get(at + 1..)?)))
                .ok_or_else(|| refusal::component(piece, options))?;
            if key == name { Ok(value) } else { Err(Error::new(missing)) }
        };
        let credential = component(first, b"Credential", ErrorCode::MissingCredential)?;
        let signed_headers = component(second, b"SignedHeaders", ErrorCode::MissingSignedHeaders)?;
        let signature = component(third, b"Signature", ErrorCode::MissingSignature)?;
        if find(signature, b'=').is_some() {
            return Err(refusal::component(third.trim_ascii(), options));
        }
        Ok(Self { credential, signed_headers, signature: Signature::read(signature) })
    }

    /// Reads the spelling of nearly all clients, which needs less looking around; `None` for any other.
    fn usual(text: &'r [u8]) -> Option<Self> {
        let without_space = |text: &'r [u8]| text.strip_prefix(b" ").unwrap_or(text);
        let rest = text.strip_prefix(b"Credential=")?;
        let (credential, rest) = rest.split_at_checked(find(rest, b',')?)?;
        let rest = without_space(rest.get(1..)?).strip_prefix(b"SignedHeaders=")?;
        let (signed_headers, rest) = rest.split_at_checked(find(rest, b',')?)?;
        let signature = without_space(rest.get(1..)?).strip_prefix(b"Signature=")?;
        let ends_well = |text: &[u8]| text.last().is_none_or(|&last| last > b' ');
        let signature = Signature::read(signature);
        // What is hexadecimal has neither a separator nor a space.
        let usual = ends_well(credential) && ends_well(signed_headers) && signature.value.is_some();
        usual.then_some(Self { credential, signed_headers, signature })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Options;
    use proptest::prelude::*;

    fn code(text: &str) -> ErrorCode {
        Authorization::read(text.as_bytes(), &Options::default()).unwrap_err().code()
    }

    #[test]
    fn components_are_separated_by_commas_with_or_without_spaces() {
        let expected = Authorization {
            credential: b"AK 1/d/r/s/t",
            signed_headers: b"a;b",
            signature: Signature::read(b"ff"),
        };
        for text in [
            "Credential=AK 1/d/r/s/t, SignedHeaders=a;b, Signature=ff",
            "Credential=AK 1/d/r/s/t,SignedHeaders=a;b,Signature=ff",
            "Credential=AK 1/d/r/s/t ,   SignedHeaders=a;b ,\tSignature=ff",
        ] {
            assert_eq!(Authorization::read(text.as_bytes(), &Options::default()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn there_are_exactly_three_in_this_order() {
        assert_eq!(code("Credential=a, SignedHeaders=b"), ErrorCode::AuthorizationComponents);
        assert_eq!(code("Credential=a, SignedHeaders=b, Signature=c,"), ErrorCode::AuthorizationComponents);
        assert_eq!(code("Credential=a; SignedHeaders=b; Signature=c"), ErrorCode::AuthorizationComponents);
        assert_eq!(code("SignedHeaders=b, Credential=a, Signature=c"), ErrorCode::MissingCredential);
        assert_eq!(code("credential=a, SignedHeaders=b, Signature=c"), ErrorCode::MissingCredential);
        assert_eq!(code("Credential=a, Signature=c, SignedHeaders=b"), ErrorCode::MissingSignedHeaders);
        assert_eq!(code("Credential=a, SignedHeaders=b, Sig=c"), ErrorCode::MissingSignature);
    }

    #[test]
    fn each_has_one_equals_sign() {
        let malformed = ErrorCode::AuthorizationComponentMalformed;
        assert_eq!(code("Credential, SignedHeaders=b, Signature=c"), malformed);
        assert_eq!(code("Credential=a, SignedHeaders, Signature=c"), malformed);
        assert_eq!(code("Credential=a, SignedHeaders=b, Signature=c=="), malformed);
        assert_eq!(code(",,"), malformed);
    }

    proptest! {
        #[test]
        fn the_usual_spelling_is_no_other_rule(text in "Credential=[a/ =]{0,3},? ?SignedHeaders=[a;= ,]{0,3},? ?Signature=([f=, ]{0,3}|f{63}[f=, ])") {
            let options = Options::default();
            if let Some(usual) = Authorization::usual(text.as_bytes()) {
                // A leading space keeps the text from being taken as usual and changes nothing else.
                let padded = format!(" {text}");
                prop_assert!(Authorization::usual(padded.as_bytes()).is_none());
                prop_assert_eq!(Authorization::read(padded.as_bytes(), &options), Ok(usual));
            }
        }
    }
}
