//! Which patterns a text cannot match, seen without comparing them.
//!
//! A pattern needs the pairs of neighbouring bytes that it has, and a text offers those that it has. Of many
//! patterns that no index can serve a look at a few pairs leaves hardly one to be compared.

use crate::bytes::PLAIN;
use crate::pattern::Symbol;

/// Pairs are told apart by their class only.
const CLASSES: usize = 1024;
/// The class that every text offers.
const NOTHING: u16 = 0;
/// How many pairs of a pattern are looked for.
const KEPT: usize = 4;

/// Classes of pairs that a text must offer for a pattern to match it, the rarest first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Needs([u16; KEPT]);

/// Whether so many patterns are worth gathering what a text offers. The wasm module compares every pattern.
#[inline]
pub(super) fn are_many(patterns: usize) -> bool {
    !PLAIN && patterns >= 8
}

/// The classes of the pairs that a text has.
#[derive(Debug)]
pub(super) struct Offers([u64; CLASSES / 64]);

impl Needs {
    /// What each of some patterns needs: of its pairs those that the fewest of the patterns have.
    pub(super) fn of<'p>(patterns: impl ExactSizeIterator<Item = &'p [Symbol]> + Clone) -> Vec<Self> {
        if !are_many(patterns.len()) {
            return vec![Self::default(); patterns.len()];
        }
        let mut counts = vec![0_u32; CLASSES];
        for class in patterns.clone().flat_map(classes) {
            if let Some(count) = counts.get_mut(usize::from(class)) {
                *count += 1;
            }
        }
        let count = |class: u16| counts.get(usize::from(class)).copied().unwrap_or_default();
        patterns.map(|pattern| Self::rarest(pattern, &count)).collect()
    }

    fn rarest(pattern: &[Symbol], count: &dyn Fn(u16) -> u32) -> Self {
        let mut kept = [NOTHING; KEPT];
        for mut class in classes(pattern) {
            if kept.contains(&class) {
                continue;
            }
            for place in &mut kept {
                if *place == NOTHING || count(class) < count(*place) {
                    std::mem::swap(place, &mut class);
                }
            }
        }
        Self(kept)
    }

    /// Whether a text has what the pattern needs.
    #[inline]
    pub(super) fn are_met(&self, offers: &Offers) -> bool {
        self.0.iter().all(|&class| offers.has(class))
    }
}

impl Offers {
    /// What a text offers, and so does what it ends with.
    pub(super) fn of(text: &[u8]) -> Self {
        let mut words = [0; CLASSES / 64];
        let pairs = text.iter().zip(text.iter().skip(1)).map(|(&a, &b)| class(a, b));
        for class in pairs.chain([NOTHING]) {
            if let Some(word) = words.get_mut(usize::from(class / 64)) {
                *word |= 1 << (class % 64);
            }
        }
        Self(words)
    }

    #[inline]
    fn has(&self, class: u16) -> bool {
        self.0.get(usize::from(class / 64)).is_none_or(|word| word >> (class % 64) & 1 == 1)
    }
}

/// The classes of the pairs of bytes in a pattern.
fn classes(pattern: &[Symbol]) -> impl Iterator<Item = u16> {
    let byte = |symbol: Symbol| u8::try_from(symbol).ok();
    let pairs = pattern.iter().zip(pattern.iter().skip(1));
    pairs.filter_map(move |(&a, &b)| Some(class(byte(a)?, byte(b)?)))
}

#[inline]
fn class(a: u8, b: u8) -> u16 {
    u16::from_be_bytes([a, b]).wrapping_mul(0x9e3b) >> 6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Template, matches_symbols};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_that_matches_has_what_is_needed(patterns in proptest::collection::vec("[ab/*?]{0,9}", 0..20), text in "[ab/]{0,12}", from in 0..12_usize) {
            let templates: Vec<Template> = patterns.iter().map(|pattern| Template::pattern(pattern)).collect();
            let needs = Needs::of(templates.iter().map(Template::symbols));
            let end = &text.as_bytes()[from.min(text.len())..];
            for (needs, template) in needs.iter().zip(&templates) {
                if matches_symbols(template.symbols(), end) {
                    prop_assert!(needs.are_met(&Offers::of(text.as_bytes())));
                }
            }
        }
    }

    #[test]
    fn the_rarest_pairs_are_needed() {
        let patterns: Vec<Template> = (10..90).map(|i| Template::pattern(&format!("*-x{i}y-*"))).collect();
        let needs = Needs::of(patterns.iter().map(Template::symbols));
        let met = |text: &[u8]| needs.iter().filter(|needs| needs.are_met(&Offers::of(text))).count();
        assert_eq!(met(b"bucket-x42y-z"), 1);
        assert!(met(b"-xy-") < 5);
    }
}
