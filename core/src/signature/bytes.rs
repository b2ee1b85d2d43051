//! Looking at short texts many bytes at once. A request is a hundred texts of a few bytes each; what
//! the general routines do before they begin would cost more than the hashing of the request.

/// Whether all bytes pass.
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

/// Where a byte first occurs.
#[inline]
pub(crate) fn find(text: &[u8], byte: u8) -> Option<usize> {
    const LOW_BITS: u64 = u64::MAX / 0xff * 0x7f;
    let wanted = u64::from_ne_bytes([byte; 8]);
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        // A byte that is wanted becomes zero, and only a zero leaves its high bit unset here.
        let difference = u64::from_le_bytes(*word) ^ wanted;
        let found = !(((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS);
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    Some(words.len() * 8 + rest.iter().position(|&b| b == byte)?)
}

/// Copies a text into room of its size. Two blocks that may overlap copy anything from one to two
/// blocks long.
#[inline]
pub(super) fn copy(room: &mut [u8], text: &[u8]) {
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
        _ => None,
    };
    if copied.is_none() {
        room.copy_from_slice(text);
    }
}

/// The first sixteen bytes as a number, most significant first, so that numbers compare as the texts
/// do; what a shorter text lacks is zero.
#[inline]
pub(super) fn prefix(text: &[u8]) -> u128 {
    if let Some(whole) = text.first_chunk::<16>() {
        return u128::from_be_bytes(*whole);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        // The last eight bytes overlap the first; the shift drops what is there already.
        let low = u64::from_be_bytes(*last).checked_shl(8 * (16 - text.len() as u32)).unwrap_or(0);
        return u128::from(u64::from_be_bytes(*first)) << 64 | u128::from(low);
    }
    let short = text.iter().fold(0_u64, |number, &b| number << 8 | u64::from(b));
    u128::from(short).checked_shl(8 * (16 - text.len() as u32)).unwrap_or(0)
}

/// Sixteen ASCII characters in lower case.
#[inline]
pub(super) fn lower_case(text: u128) -> u128 {
    const EACH: u128 = u128::MAX / 0xff;
    let low_bits = text & (EACH * 0x7f);
    // The high bit of each byte says whether its low bits are at least `A`, and beyond `Z`.
    let from_a = low_bits + EACH * (0x80 - b'A' as u128);
    let beyond_z = low_bits + EACH * (0x7f - b'Z' as u128);
    let is_upper = from_a & !beyond_z & !text & (EACH * 0x80);
    text | is_upper >> 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
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
        fn find_finds_the_first(text in proptest::collection::vec(prop_oneof![Just(0x3a_u8), Just(0x3b), Just(0xbb), any::<u8>()], 0..40), byte in prop_oneof![Just(0x3b_u8), any::<u8>()]) {
            prop_assert_eq!(find(&text, byte), text.iter().position(|&b| b == byte));
        }

        #[test]
        fn copy_copies(text in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut room = vec![0; text.len()];
            copy(&mut room, &text);
            prop_assert_eq!(room, text);
        }

        #[test]
        fn a_prefix_is_the_padded_text(text in proptest::collection::vec(any::<u8>(), 0..24)) {
            let mut padded = [0; 16];
            padded.iter_mut().zip(&text).for_each(|(to, from)| *to = *from);
            prop_assert_eq!(prefix(&text).to_be_bytes(), padded);
        }

        #[test]
        fn sixteen_characters_are_lowered_at_once(text in any::<[u8; 16]>()) {
            let expected = text.map(|b| b.to_ascii_lowercase());
            prop_assert_eq!(lower_case(u128::from_be_bytes(text)).to_be_bytes(), expected);
        }
    }
}
