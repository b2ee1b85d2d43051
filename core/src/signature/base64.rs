//! Base64 as RFC 4648 has it: the standard alphabet, padded, nothing else in between.

/// Decodes a text; `None` if it is not what encoding its content would give. Bits that stand for nothing
/// must be zero, so that no two texts mean the same.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let (groups, rest) = text.as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(groups.len() * 3);
    for (index, group) in groups.iter().enumerate() {
        let digits = match group {
            [_, _, b'=', b'='] => 2,
            [_, _, _, b'='] => 3,
            _ => 4,
        };
        if digits < 4 && index + 1 < groups.len() {
            return None;
        }
        let mut bits = 0_u32;
        for &b in group.iter().take(digits) {
            bits = bits << 6 | u32::from(value(b)?);
        }
        bits <<= 6 * (4 - digits);
        let [_, bytes @ ..] = bits.to_be_bytes();
        let (bytes, unused) = bytes.split_at_checked(digits - 1)?;
        if unused.iter().any(|&b| b != 0) {
            return None;
        }
        out.extend_from_slice(bytes);
    }
    Some(out)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
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
