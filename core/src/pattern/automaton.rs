//! Matching by a bit-parallel automaton: 64 pattern positions a step, whatever the pattern is. It
//! takes over from the usual matcher where a contrived pattern makes that one go back too often.

use super::{ANY_BYTE, ANY_CHARACTER, ANY_RUN, Symbol, is_inside_character};

/// Whether `symbols`, in which no variable is left, match the whole of `text`, in time proportional to
/// the length of the text times a 64th of the length of the pattern.
pub(super) fn matches(symbols: &[Symbol], text: &[u8]) -> bool {
    let positions: Vec<Symbol> = symbols.iter().copied().filter(|&s| s != ANY_RUN).collect();
    // Each position takes one byte.
    if positions.len() > text.len() {
        return false;
    }
    let words = positions.len() / 64 + 1;
    let loops = loops(symbols, words);
    let characters = characters(&positions, words);
    let mut steps: Vec<Option<Vec<u64>>> = vec![None; 256];
    // Bit i: the positions before i have been matched.
    let mut states = vec![0u64; words];
    set(&mut states, 0);
    for (at, &b) in text.iter().enumerate() {
        let is_inside = is_inside_character(text, at);
        let Some(step) = steps.get_mut(usize::from(b)) else { return false };
        let step = step.get_or_insert_with(|| step_of(b, &positions, words));
        let (mut carry, mut after) = (0, 0);
        for (((state, step), looped), word) in states.iter_mut().zip(step.iter()).zip(&loops).zip(0..) {
            let character = characters.get(word).copied().unwrap_or(0);
            // A character begins with one byte, and takes those that continue it.
            let (begins, continued) =
                if is_inside { (0, *state & (character << 1 | after)) } else { (character, 0) };
            let taken = *state & (step | begins);
            *state = taken << 1 | carry | *state & looped | continued;
            carry = taken >> 63;
            after = character >> 63;
        }
    }
    states.get(positions.len() / 64).is_some_and(|word| word >> (positions.len() % 64) & 1 == 1)
}

/// The states that stay on any byte: those before which a `*` stands.
fn loops(symbols: &[Symbol], words: usize) -> Vec<u64> {
    let mut loops = vec![0; words];
    let mut position = 0;
    for &symbol in symbols {
        if symbol == ANY_RUN {
            set(&mut loops, position);
        } else {
            position += 1;
        }
    }
    loops
}

/// The states that go on with any character, which only the AWS dialect has.
fn characters(positions: &[Symbol], words: usize) -> Vec<u64> {
    if cfg!(not(feature = "aws")) {
        return Vec::new();
    }
    let mut characters = vec![0; words];
    for (at, _) in positions.iter().enumerate().filter(|&(_, &symbol)| symbol == ANY_CHARACTER) {
        set(&mut characters, at);
    }
    characters
}

/// The states that go on with the byte `b`.
fn step_of(b: u8, positions: &[Symbol], words: usize) -> Vec<u64> {
    let mut step = vec![0; words];
    for (at, &symbol) in positions.iter().enumerate() {
        if symbol == ANY_BYTE || symbol == Symbol::from(b) {
            set(&mut step, at);
        }
    }
    step
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}
