//! Looking at short texts many bytes at once. A request is a hundred texts of a few bytes each; what
//! the general routines do before they begin would cost more than the hashing of the request.

use subtle::ConstantTimeEq;

/// A wasm module is to be small first and takes the plain way, unless it is built for speed, with instructions for
/// many bytes at once.
pub(crate) const PLAIN: bool = cfg!(all(target_family = "wasm", not(target_feature = "simd128")));

/// The bits that a table has for any byte of a text.
#[inline]
pub(crate) fn classes(text: &[u8], table: &[u8; 256]) -> u8 {
    let class = |bits: u8, &b: &u8| bits | table.get(usize::from(b)).copied().unwrap_or_default();
    let (words, rest) = text.as_chunks::<8>();
    rest.iter().fold(words.iter().fold(0, |bits, word| word.iter().fold(bits, class)), class)
}

/// How many bytes come before the first that the table gives a bit of `stop`, and the bits of those.
#[inline]
pub(crate) fn span(text: &[u8], table: &[u8; 256], stop: u8) -> (usize, u8) {
    let class = |b: u8| table.get(usize::from(b)).copied().unwrap_or_default();
    let (mut length, mut bits) = (0, 0);
    for word in text.as_chunks::<8>().0.iter().filter(|_| !PLAIN) {
        let of_word = word.iter().fold(0, |bits, &b| bits | class(b));
        if of_word & stop != 0 {
            break;
        }
        bits |= of_word;
        length += word.len();
    }
    for &b in text.get(length..).unwrap_or_default() {
        let class = class(b);
        if class & stop != 0 {
            break;
        }
        bits |= class;
        length += 1;
    }
    (length, bits)
}

/// Whether a text has a space or a control character.
#[inline]
pub(crate) fn has_space(text: &[u8]) -> bool {
    const EACH: u64 = u64::MAX / 0xff;
    if PLAIN {
        return text.iter().any(|&b| b <= b' ');
    }
    // The high bit of each byte that is more than a space.
    let above = |word: u64| (((word & (EACH * 0x7f)) + EACH * (0x7f - b' ' as u64)) | word) & (EACH * 0x80);
    let whole = |word: &[u8; 8]| above(u64::from_ne_bytes(*word));
    let all = match text.last_chunk() {
        // The last word may overlap the one before it.
        Some(last) => text.as_chunks().0.iter().fold(whole(last), |all, word| all & whole(word)),
        None => above(spread(text)),
    };
    all != EACH * 0x80
}

/// Up to seven bytes as eight: each at least once, and no others but `0xff`.
#[inline]
fn spread(text: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return u64::from(u32::from_ne_bytes(*first)) << 32 | u64::from(u32::from_ne_bytes(*last));
    }
    text.iter().fold(u64::MAX, |word, &b| word << 8 | u64::from(b))
}

/// Where a byte first occurs.
#[inline]
pub(crate) fn find(text: &[u8], byte: u8) -> Option<usize> {
    const EACH: u64 = u64::MAX / 0xff;
    if PLAIN {
        return text.iter().position(|&b| b == byte);
    }
    let wanted = EACH * u64::from(byte);
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        // A byte that is wanted becomes zero, which is what borrows from its high bit. The first one is
        // never wrong; beyond it a 1 may be.
        let difference = u64::from_le_bytes(*word) ^ wanted;
        let found = difference.wrapping_sub(EACH) & !difference & (EACH * 0x80);
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    Some(words.len() * 8 + rest.iter().position(|&b| b == byte)?)
}

/// How many bytes at the beginning of a JSON text are part of a string as they are: none that ends the string,
/// begins an escape or is a control character. It may stop before the first that is not; `None` if it is not
/// worth asking.
#[inline]
pub(crate) fn plain(text: &[u8]) -> Option<usize> {
    const EACH: u64 = u64::MAX / 0xff;
    if PLAIN {
        return None;
    }
    let words = text.as_chunks::<8>().0;
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // With one bit turned a quote comes right behind the control characters. Each of the differences sets
        // the high bit of the first byte that is looked for; beyond it a 1 may be wrong.
        let quote_or_control = (word ^ (EACH * 0x02)).wrapping_sub(EACH * 0x21);
        let backslash = (word ^ (EACH * b'\\' as u64)).wrapping_sub(EACH);
        let found = (quote_or_control | backslash) & !word & (EACH * 0x80);
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    Some(words.len() * 8)
}

/// Whether two texts are equal, in a time that depends on nothing but their lengths. Differences are
/// gathered in words, of which only the last is compared.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    let ((a_words, a_rest), (b_words, b_rest)) = (a.as_chunks(), b.as_chunks());
    let words = a_words
        .iter()
        .zip(b_words)
        .fold(0, |differences, (a, b)| differences | (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b)));
    let rest = a_rest.iter().zip(b_rest).fold(0, |differences, (a, b)| differences | (a ^ b));
    a.len() == b.len() && bool::from((words | u64::from(rest)).ct_eq(&0))
}

/// Copies a text into room of its size. Two blocks that may overlap copy anything from one to two
/// blocks long.
#[inline]
pub(crate) fn copy(room: &mut [u8], text: &[u8]) {
    fn blocks<const N: usize>(room: &mut [u8], text: &[u8]) -> Option<()> {
        let (first, last) = (text.first_chunk::<N>()?, text.last_chunk::<N>()?);
        *room.first_chunk_mut()? = *first;
        *room.last_chunk_mut()? = *last;
        Some(())
    }
    let copied = match text.len() {
        _ if PLAIN => None,
        0 => Some(()),
        1..4 => {
            room.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
            Some(())
        }
        4..8 => blocks::<4>(room, text),
        8..16 => blocks::<8>(room, text),
        16..32 => blocks::<16>(room, text),
        32..=64 => blocks::<32>(room, text),
        _ => None,
    };
    if copied.is_none() {
        room.copy_from_slice(text);
    }
}

/// The first sixteen bytes as a number, most significant first, so that numbers compare as the texts
/// do; what a shorter text lacks is zero.
#[inline]
pub(crate) fn prefix(text: &[u8]) -> u128 {
    if PLAIN {
        return text.iter().chain(&[0; 16]).take(16).fold(0, |number, &b| number << 8 | u128::from(b));
    }
    if let Some(whole) = text.first_chunk::<16>() {
        return u128::from_be_bytes(*whole);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        // The last eight bytes overlap the first; the shift drops what is there already.
        let low = u64::from_be_bytes(*last).checked_shl(8 * (16 - text.len() as u32)).unwrap_or(0);
        return u128::from(u64::from_be_bytes(*first)) << 64 | u128::from(low);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let low = u32::from_be_bytes(*last).checked_shl(8 * (8 - text.len() as u32)).unwrap_or(0);
        return u128::from(u32::from_be_bytes(*first)) << 96 | u128::from(low) << 64;
    }
    let short = text.iter().fold(0_u64, |number, &b| number << 8 | u64::from(b));
    u128::from(short).checked_shl(8 * (16 - text.len() as u32)).unwrap_or(0)
}

/// Sixteen ASCII characters in lower case.
#[inline]
pub(crate) fn lower_case(text: u128) -> u128 {
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
        fn a_space_is_seen_anywhere(text in proptest::collection::vec(prop_oneof![1 => any::<u8>(), 20 => 0x21_u8..], 0..40)) {
            prop_assert_eq!(has_space(&text), text.iter().any(|&b| b <= b' '));
        }

        #[test]
        fn classes_are_those_of_every_byte(text in proptest::collection::vec(any::<u8>(), 0..20)) {
            let table: [u8; 256] = std::array::from_fn(|b| u8::from(b < 16) | u8::from(b > 250) << 7);
            let any = |text: &[u8]| text.iter().fold(0, |bits, &b| bits | table[usize::from(b)]);
            prop_assert_eq!(classes(&text, &table), any(&text));
            let length = text.iter().position(|&b| b < 16).unwrap_or(text.len());
            prop_assert_eq!(span(&text, &table, 1), (length, any(&text[..length])));
        }

        #[test]
        fn find_finds_the_first(text in proptest::collection::vec(prop_oneof![Just(0x3a_u8), Just(0x3b), Just(0xbb), any::<u8>()], 0..40), byte in prop_oneof![Just(0x3b_u8), any::<u8>()]) {
            prop_assert_eq!(find(&text, byte), text.iter().position(|&b| b == byte));
        }

        #[test]
        fn a_string_is_plain_up_to_what_is_special(text in proptest::collection::vec(prop_oneof![1 => Just(b'"'), 1 => Just(b'\\'), 1 => any::<u8>(), 20 => 0x1e_u8..0x24, 20 => 0x5b_u8..0x5e, 20 => 0x80_u8..], 0..40)) {
            let is_plain = |b: &u8| !matches!(b, b'"' | b'\\' | 0..0x20);
            let length = text.iter().position(|b| !is_plain(b)).unwrap_or(text.len());
            let found = plain(&text).unwrap();
            prop_assert!(found == length || found == text.len() / 8 * 8 && length > found);
        }

        #[test]
        fn every_bit_counts_in_the_comparison(text in proptest::collection::vec(any::<u8>(), 1..70), at in any::<proptest::sample::Index>(), bit in 0..8) {
            prop_assert!(same(&text, &text));
            prop_assert!(!same(&text, &text[1..]));
            let mut other = text.clone();
            other[at.index(text.len())] ^= 1_u8 << bit;
            prop_assert!(!same(&text, &other));
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
