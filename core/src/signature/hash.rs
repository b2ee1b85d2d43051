//! SHA-256 and HMAC over text that arrives in many short pieces.
//!
//! The compression function is that of the crate `sha2`. What stands here is only how text is cut
//! into blocks: the pieces are gathered in one buffer that is padded and hashed where it lies, and an
//! HMAC key is two states, ready to go on from. That halves the cost of what is not compression.

use super::sink::Sink;
use crate::bytes::{PLAIN, copy};
use sha2::block_api::compress256;
use zeroize::{DefaultIsZeroes, Zeroize, ZeroizeOnDrop, Zeroizing};

/// The state that SHA-256 begins with (FIPS 180-4, section 5.3.3).
const BEGIN: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
const BLOCK: usize = 64;
/// A final 1 bit and the length of the text in bits follow the text.
const ENDING: usize = 1 + 8;

/// Where text is gathered before it is hashed. One serves several hashes in turn, since clearing it costs
/// as much as hashing a block. Keys are never put into it.
pub(super) struct Buffer([u8; 8 * BLOCK]);

impl Buffer {
    /// An empty buffer.
    pub(super) fn new() -> Self {
        Self([0; 8 * BLOCK])
    }
}

/// Wipes a key. What is a slice is wiped at once; of an array each item would be wiped on its own.
fn wipe<T: DefaultIsZeroes>(key: &mut [T]) {
    if PLAIN { key.iter_mut().zeroize() } else { key.zeroize() }
}

/// The hash of a text in pieces, which may be a secret.
pub(crate) fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    let mut buffer = Buffer::new();
    let mut hashing = Hashing::new(&mut buffer);
    pieces.iter().for_each(|piece| hashing.put(piece));
    let hash = hashing.finish();
    wipe(&mut buffer.0);
    hash
}

/// A hash under way. The state that a key gives it is gone as soon as a block is hashed, so there is
/// nothing to wipe once it has finished.
pub(super) struct Hashing<'b> {
    state: [u32; 8],
    buffer: &'b mut [u8; 8 * BLOCK],
    used: usize,
    /// How much of the buffer is in the state already: whole blocks.
    hashed: usize,
    /// Bytes that were hashed and are not in the buffer any more.
    before: u64,
}

impl<'b> Hashing<'b> {
    /// A hash of nothing yet.
    #[inline(always)]
    pub(super) fn new(buffer: &'b mut Buffer) -> Self {
        Self::resume(BEGIN, 0, buffer)
    }

    #[inline(always)]
    fn resume(state: [u32; 8], before: u64, buffer: &'b mut Buffer) -> Self {
        Self { state, buffer: &mut buffer.0, used: 0, hashed: 0, before }
    }

    /// The hash of everything that was put in.
    #[inline(always)]
    pub(super) fn finish(mut self) -> [u8; 32] {
        self.end();
        output(&self.state)
    }

    fn end(&mut self) {
        let bits = (self.before + self.used as u64) * 8;
        if self.used + ENDING > self.buffer.len() {
            self.compress_whole_blocks();
        }
        let end = (self.used + ENDING).next_multiple_of(BLOCK);
        if let Some([first, zeros @ ..]) = self.buffer.get_mut(self.used..end) {
            *first = 0x80;
            zeros.fill(0);
            if let Some(length) = zeros.last_chunk_mut() {
                *length = bits.to_be_bytes();
            }
        }
        self.compress(end);
    }

    /// Takes the blocks up to there into the state.
    #[inline]
    fn compress(&mut self, end: usize) {
        let blocks = self.buffer.get(self.hashed..end).unwrap_or_default();
        compress256(&mut self.state, blocks.as_chunks().0);
        self.hashed = end;
    }

    /// Takes the whole blocks into the state and keeps the rest at the front of the buffer.
    fn compress_whole_blocks(&mut self) {
        let whole = self.used - self.used % BLOCK;
        self.compress(whole);
        self.hashed = 0;
        self.buffer.copy_within(whole..self.used, 0);
        self.before += whole as u64;
        self.used -= whole;
    }

    #[cold]
    fn put_in_parts(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.used == 0 {
                let (whole, rest) = bytes.as_chunks();
                compress256(&mut self.state, whole);
                self.before += (bytes.len() - rest.len()) as u64;
                bytes = rest;
            }
            let room = self.buffer.get_mut(self.used..).unwrap_or_default();
            let (now, later) = bytes.split_at_checked(room.len()).unwrap_or((bytes, &[]));
            room.iter_mut().zip(now).for_each(|(to, from)| *to = *from);
            self.used += now.len();
            bytes = later;
            self.compress_whole_blocks();
        }
    }
}

impl Sink for Hashing<'_> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        match self.buffer.get_mut(self.used..self.used + bytes.len()) {
            Some(room) => {
                copy(room, bytes);
                self.used += bytes.len();
            }
            None => self.put_in_parts(bytes),
        }
    }

    #[inline]
    fn advance(&mut self) {
        // In WebAssembly nothing runs beside the hashing, which costs least when it is done at once.
        let whole = self.used - self.used % BLOCK;
        if whole > self.hashed && !cfg!(target_family = "wasm") {
            self.compress(whole);
        }
    }

    #[inline]
    fn put_line(&mut self, name: &[u8], value: &[u8]) {
        let length = name.len() + value.len() + 2;
        let room = self.buffer.get_mut(self.used..self.used + length);
        match room.and_then(|room| room.split_at_mut_checked(name.len())) {
            Some((room, [colon, rest @ .., end])) => {
                copy(room, name);
                copy(rest, value);
                (*colon, *end) = (b':', b'\n');
                self.used += length;
            }
            _ => [name, b":", value, b"\n"].into_iter().for_each(|piece| self.put(piece)),
        }
    }
}

fn output(state: &[u32; 8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (bytes, word) in out.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    out
}

/// Puts a hash into the first half of a block: in place, since a block that were returned could leave a copy of a key
/// behind.
#[inline]
fn put_hash(block: &mut [u8; BLOCK], hash: &[u32; 8]) {
    if let Some(start) = block.first_chunk_mut() {
        *start = output(hash);
    }
}

/// A key of at most one block, with zeros behind it. Wiped when dropped.
pub(super) struct KeyBlock([u8; BLOCK]);

impl KeyBlock {
    /// The key that HMAC takes a text for, which comes in two pieces: the text, or its hash if it is longer.
    pub(super) fn new(first: &[u8], second: &[u8]) -> Self {
        let mut key = Self([0; BLOCK]);
        let mut room = key.0.iter_mut();
        let mut put = |bytes: &[u8]| bytes.iter().zip(&mut room).for_each(|(from, to)| *to = *from);
        if first.len() + second.len() <= BLOCK {
            put(first);
            put(second);
        } else {
            put(&*Zeroizing::new(sha256(&[first, second])));
        }
        key
    }
}

impl Drop for KeyBlock {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// The key at the end of a chain: each text's HMAC is the key of the next.
pub(super) fn derive(mut key: KeyBlock, texts: [&[u8]; 4]) -> MacKey {
    for text in texts {
        let mut mac = MacKey::new(&key).mac_of(text);
        key.0.fill(0);
        put_hash(&mut key.0, &mac);
        wipe(&mut mac);
    }
    MacKey::new(&key)
}

/// An HMAC key: what is left of it once both of its pads are hashed. Wiped when dropped.
#[derive(Clone)]
pub(super) struct MacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl MacKey {
    /// Takes a key of at most one block.
    pub(super) fn new(key: &KeyBlock) -> Self {
        let mut block = KeyBlock([0; BLOCK]);
        let mut padded = |pad: u8| {
            block.0.iter_mut().zip(&key.0).for_each(|(to, from)| *to = from ^ pad);
            let mut state = BEGIN;
            compress256(&mut state, std::slice::from_ref(&block.0));
            state
        };
        Self { inner: padded(0x36), outer: padded(0x5c) }
    }

    /// The HMAC of a text.
    #[inline(always)]
    pub(super) fn mac(&self, buffer: &mut Buffer, write: impl FnOnce(&mut Hashing<'_>)) -> [u8; 32] {
        let mut inner = Hashing::resume(self.inner, BLOCK as u64, buffer);
        write(&mut inner);
        inner.end();
        output(&self.close(&inner.state))
    }

    /// The HMAC of a text in one piece, which nearly always fits into a block.
    fn mac_of(&self, text: &[u8]) -> [u32; 8] {
        let mut block = [0; BLOCK];
        let inner = if let Some([end, ..]) = block.get_mut(text.len()..BLOCK - 8).filter(|_| !PLAIN) {
            *end = 0x80;
            block.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
            end_block(&mut block, BLOCK + text.len(), self.inner)
        } else {
            let mut buffer = Buffer::new();
            let mut inner = Hashing::resume(self.inner, BLOCK as u64, &mut buffer);
            inner.put(text);
            inner.end();
            inner.state
        };
        self.close(&inner)
    }

    /// The outer hash, over an inner one.
    #[inline]
    fn close(&self, inner: &[u32; 8]) -> [u32; 8] {
        let mut block = [0; BLOCK];
        put_hash(&mut block, inner);
        block[BLOCK / 2] = 0x80;
        end_block(&mut block, BLOCK + BLOCK / 2, self.outer)
    }
}

/// Hashes the last block of a text of so many bytes, which but for that number is in it.
#[inline]
fn end_block(block: &mut [u8; BLOCK], length: usize, mut state: [u32; 8]) -> [u32; 8] {
    if let Some(bits) = block.last_chunk_mut() {
        *bits = (length as u64 * 8).to_be_bytes();
    }
    compress256(&mut state, std::slice::from_ref(block));
    state
}

impl Zeroize for MacKey {
    fn zeroize(&mut self) {
        wipe(&mut self.inner);
        wipe(&mut self.outer);
    }
}

impl Drop for MacKey {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl ZeroizeOnDrop for MacKey {}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit, Mac};
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn every_length_is_padded_as_published() {
        for length in 0..700 {
            let text: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let mut buffer = Buffer::new();
            let mut hashing = Hashing::new(&mut buffer);
            hashing.put(&text);
            assert_eq!(hashing.finish(), <[u8; 32]>::from(Sha256::digest(&text)), "{length} bytes");
        }
    }

    #[test]
    fn lines_are_their_pieces() {
        for start in 0..150 {
            let mut buffer = Buffer::new();
            let mut hashing = Hashing::new(&mut buffer);
            hashing.put(&vec![b'a'; start]);
            let mut text = vec![b'a'; start];
            for (name, value) in
                [("host", "h"), ("", ""), ("x-amz-date", "20260115T120000Z"), ("n", &"v".repeat(300))]
            {
                hashing.put_line(name.as_bytes(), value.as_bytes());
                text.put_line(name.as_bytes(), value.as_bytes());
            }
            assert_eq!(hashing.finish(), <[u8; 32]>::from(Sha256::digest(&text)), "{start}");
        }
    }

    proptest! {
        #[test]
        fn hashing_in_pieces_is_hashing_the_whole(
            pieces in proptest::collection::vec(
                prop_oneof![
                    proptest::collection::vec(any::<u8>(), 0..70),
                    proptest::collection::vec(any::<u8>(), 0..1500),
                ],
                0..12,
            )
        ) {
            let mut buffer = Buffer::new();
            let mut hashing = Hashing::new(&mut buffer);
            pieces.iter().for_each(|piece| hashing.put(piece));
            let expected: [u8; 32] = Sha256::digest(pieces.concat()).into();
            prop_assert_eq!(hashing.finish(), expected);
        }

        #[test]
        fn macs_are_those_of_the_crate_hmac(key in any::<[u8; 64]>(), text in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(&text);
            let expected: [u8; 32] = mac.finalize().into_bytes().into();
            let key = MacKey::new(&KeyBlock(key));
            prop_assert_eq!(key.mac(&mut Buffer::new(), |sink| sink.put(&text)), expected);
            prop_assert_eq!(output(&key.mac_of(&text)), expected);
        }
    }
}
