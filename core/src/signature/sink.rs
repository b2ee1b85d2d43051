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
pub(super) struct Hashing<D, const BUFFER: usize> {
    digest: D,
    buffer: [u8; BUFFER],
    used: usize,
}

impl<D: Update, const BUFFER: usize> Hashing<D, BUFFER> {
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

impl<D: Update, const BUFFER: usize> Sink for Hashing<D, BUFFER> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        match self.buffer.get_mut(self.used..self.used + bytes.len()) {
            Some(room) => {
                copy(room, bytes);
                self.used += bytes.len();
            }
            None => self.put_after_flush(bytes),
        }
    }
}

/// Copies a text into room of its size. Most texts are short, and a call to the general routine costs
/// more than they do: two blocks that may overlap copy anything from one to two blocks long.
#[inline]
fn copy(room: &mut [u8], text: &[u8]) {
    fn blocks<const N: usize>(room: &mut [u8], text: &[u8]) -> Option<()> {
        let (first, last) = (text.first_chunk::<N>()?, text.last_chunk::<N>()?);
        *room.first_chunk_mut()? = *first;
        *room.last_chunk_mut()? = *last;
        Some(())
    }
    let copied = match text.len() {
        0 => Some(()),
        1..4 => {
            room.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
            Some(())
        }
        4..8 => blocks::<4>(room, text),
        8..16 => blocks::<8>(room, text),
        16..=32 => blocks::<16>(room, text),
        33..=64 => blocks::<32>(room, text),
        _ => None,
    };
    if copied.is_none() {
        room.copy_from_slice(text);
    }
}

/// Whether all bytes pass. Written so that it runs over sixteen bytes at once.
#[inline]
pub(super) fn all(text: &[u8], pass: impl Fn(u8) -> bool) -> bool {
    let block = |block: &[u8]| block.iter().fold(true, |all, &b| all & pass(b));
    // The last block may overlap the one before it.
    if let Some(last) = text.last_chunk::<16>() {
        text.as_chunks::<16>().0.iter().all(|chunk| block(chunk)) && block(last)
    } else if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        block(first) && block(last)
    } else {
        text.iter().all(|&b| pass(b))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    proptest! {
        #[test]
        fn hashing_in_pieces_is_hashing_the_whole(
            pieces in proptest::collection::vec(
                prop_oneof![proptest::collection::vec(any::<u8>(), 0..70), proptest::collection::vec(any::<u8>(), 0..1500)],
                0..12,
            )
        ) {
            let mut sink = Hashing::<_, 512>::new(Sha256::new());
            let mut text = Vec::new();
            for piece in &pieces {
                sink.put(piece);
                text.put(piece);
            }
            prop_assert_eq!(sink.into_digest().finalize(), Sha256::digest(&text));
        }

        #[test]
        fn all_looks_at_every_byte(length in 0_usize..70, at in 0_usize..70) {
            let mut text = vec![b'a'; length];
            prop_assert!(all(&text, |b| b == b'a'));
            if let Some(b) = text.get_mut(at) {
                *b = b'b';
                prop_assert!(!all(&text, |b| b == b'a'));
            }
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
