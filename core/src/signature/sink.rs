//! Where canonical text goes: into a hash as it is produced, or into a buffer for people to read.
//! Both come from the same code, so what is shown is what was hashed.

/// Takes text piece by piece.
pub(super) trait Sink {
    /// Takes the next piece.
    fn put(&mut self, bytes: &[u8]);

    /// Takes a canonical header line: `name:value` and a line feed.
    fn put_line(&mut self, name: &[u8], value: &[u8]) {
        for piece in [name, b":", value, b"\n"] {
            self.put(piece);
        }
    }

    /// Works on what was taken so far. A processor hashes beside its other work, so between two pieces this
    /// costs less than at their end.
    fn advance(&mut self) {}

    /// Takes the next byte.
    fn put_byte(&mut self, byte: u8) {
        self.put(&[byte]);
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// The 64 lower-case hexadecimal digits of a hash.
pub(super) fn hex(hash: &[u8; 32]) -> [u8; 64] {
    // Arithmetic without branches and tables runs over many bytes at once.
    let mut out = [0; 64];
    for (pair, &byte) in out.chunks_exact_mut(2).zip(hash) {
        if let [high, low] = pair {
            (*high, *low) = (byte >> 4, byte & 15);
        }
    }
    out.map(|value: u8| value + b'0' + u8::from(value > 9) * (b'a' - b'9' - 1))
}

/// Reads 64 hexadecimal digits; only lower case if `lower` is set.
pub(super) fn unhex(text: &[u8], lower: bool) -> Option<[u8; 32]> {
    let text = <[u8; 64]>::try_from(text).ok()?;
    let is_digit = |b: u8| b.wrapping_sub(b'0') < 10;
    let is_letter = |b: u8| (b | 0x20).wrapping_sub(b'a') < 6 && (!lower || b & 0x20 != 0);
    if !text.iter().fold(true, |all, &b| all & (is_digit(b) | is_letter(b))) {
        return None;
    }
    // The low four bits of a digit are its value, those of a letter its place in the alphabet.
    let values = text.map(|b| (b & 15) + u8::from(b > b'9') * 9);
    let mut out = [0; 32];
    for (byte, pair) in out.iter_mut().zip(values.chunks_exact(2)) {
        if let [high, low] = pair {
            *byte = high << 4 | low;
        }
    }
    Some(out)
}

/// Reads a size of one to sixteen hexadecimal digits in any case.
#[cfg(feature = "forms")]
pub(super) fn unhex_size(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 16 {
        return None;
    }
    text.iter().try_fold(0, |size: u64, &b| Some(size << 4 | u64::from(char::from(b).to_digit(16)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hexadecimal_reads_back(hash in any::<[u8; 32]>()) {
            prop_assert_eq!(unhex(&hex(&hash), true), Some(hash));
            let upper = hex(&hash).to_ascii_uppercase();
            prop_assert_eq!(unhex(&upper, false), Some(hash));
        }
    }

    #[test]
    fn lower_case_is_insisted_on_where_asked() {
        assert!(unhex(&[b'A'; 64], true).is_none());
        assert!(unhex(&[b'A'; 64], false).is_some());
        assert!(unhex(&[b'a'; 63], true).is_none());
        assert!(unhex(&[b'g'; 64], true).is_none());
    }
}
