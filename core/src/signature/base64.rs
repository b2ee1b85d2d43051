//! Base64 as RFC 4648 has it: the standard alphabet, padded, nothing else in between.

use crate::condition::value::{base64, letters};

/// Decodes a text; `None` if it is not what encoding its content would give. Bits that stand for nothing
/// must be zero, so that no two texts mean the same.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    base64(text).filter(|content| letters(content).eq(text.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_rfc_are_read() {
        for (text, content) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(content.as_bytes()), "{text}");
        }
        assert_eq!(decode(b"/+8="), Some(vec![0xff, 0xef]));
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "Z", "Zg", "Zg=", "Zm8", "Z===", "====", "Zg==Zg==", "Zh==", "Zm9=", "Zm9v\n", "Zm-_", "=g==",
            "Z=g=",
        ] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }
}
