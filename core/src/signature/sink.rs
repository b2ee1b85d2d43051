//! Where canonical text goes: into a hash as it is produced, or into a buffer for people to read.
//! Both come from the same code, so what is shown is what was hashed.

use sha2::digest::Update;

/// Takes text piece by piece.
pub(super) trait Sink {
    /// Takes the next piece.
    fn put(&mut self, bytes: &[u8]);

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

/// Feeds a hash in long runs: many short pieces would cost more than the hashing itself.
pub(super) struct Hashing<D> {
    digest: D,
    buffer: [u8; BUFFER],
    used: usize,
}

/// A typical canonical request fits; longer ones go through in several runs.
const BUFFER: usize = 1024;

impl<D: Update> Hashing<D> {
    /// Starts with a hash that may have taken something already.
    pub(super) fn new(digest: D) -> Self {
        Self { digest, buffer: [0; BUFFER], used: 0 }
    }

    /// The hash with everything in it.
    pub(super) fn into_digest(mut self) -> D {
        self.flush();
        self.digest
    }

    fn flush(&mut self) {
        self.digest.update(self.buffer.get(..self.used).unwrap_or_default());
        self.used = 0;
    }

    #[cold]
    fn put_after_flush(&mut self, bytes: &[u8]) {
        self.flush();
        match self.buffer.get_mut(..bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.used = bytes.len();
            }
            None => self.digest.update(bytes),
        }
    }
}

impl<D: Update> Sink for Hashing<D> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        match self.buffer.get_mut(self.used..self.used + bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.used += bytes.len();
            }
            None => self.put_after_flush(bytes),
        }
    }
}

/// The 64 lower-case hexadecimal digits of a hash.
pub(super) fn hex(hash: &[u8; 32]) -> [u8; 64] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| DIGITS.get(usize::from(value & 15)).copied().unwrap_or_default();
    let mut out = [0; 64];
    for (pair, &byte) in out.chunks_exact_mut(2).zip(hash) {
        pair.copy_from_slice(&[digit(byte >> 4), digit(byte)]);
    }
    out
}

/// Reads 64 hexadecimal digits; only lower case if `lower` is set.
pub(super) fn unhex(text: &[u8], lower: bool) -> Option<[u8; 32]> {
    if text.len() != 64 || (lower && text.iter().any(u8::is_ascii_uppercase)) {
        return None;
    }
    let mut out = [0; 32];
    for (byte, pair) in out.iter_mut().zip(text.chunks_exact(2)) {
        let [high, low] = *pair else { return None };
        *byte = crate::http::hex_digit(high)? << 4 | crate::http::hex_digit(low)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    proptest! {
        #[test]
        fn hashing_in_pieces_is_hashing_the_whole(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..1500), 0..8)
        ) {
            let mut sink = Hashing::new(Sha256::new());
            let mut text = Vec::new();
            for piece in &pieces {
                sink.put(piece);
                text.put(piece);
            }
            prop_assert_eq!(sink.into_digest().finalize(), Sha256::digest(&text));
        }

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
