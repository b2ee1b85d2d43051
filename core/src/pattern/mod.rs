//! Wildcard patterns over bytes: `*` is any run of bytes, also none, and crosses `/`; `?` is exactly
//! one byte. There are no escapes and no classes (`policy-language` 5.1). In the AWS dialect `?` is one
//! character of UTF-8 (`aws-evaluation` 6).
//!
//! A pattern is a list of [`Symbol`]s, so that a literal `*` (from a variable's value) and a wildcard
//! `*` (from the policy) can never be taken for each other.

pub(crate) mod actions;
pub mod arn;
mod automaton;
mod variable;

pub use variable::{Expanded, Symbols, Template};

use crate::bytes::{self, PLAIN};

/// One position of a pattern: a byte below 256, a wildcard, or a variable.
pub type Symbol = u16;

/// `*`: any run of bytes.
pub const ANY_RUN: Symbol = 256;
/// `?`: any one byte.
pub const ANY_BYTE: Symbol = 257;
/// A variable whose value is not known: it may be any run of bytes.
const UNKNOWN: Symbol = 258;
/// `?` of the AWS dialect: any one character.
pub const ANY_CHARACTER: Symbol = 259;
/// The first of the symbols that stand for variables.
const FIRST_VARIABLE: Symbol = 512;

/// Whether a text has a wildcard.
pub(crate) fn has_wildcard(text: &str) -> bool {
    text.bytes().any(|b| matches!(b, b'*' | b'?'))
}

/// Whether the pattern `pattern`, as policies write it, matches the whole of `text`.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let symbol = |&b: &u8| match b {
        b'*' => ANY_RUN,
        b'?' => ANY_BYTE,
        b => Symbol::from(b),
    };
    greedy(pattern, text, symbol)
        .unwrap_or_else(|| automaton::matches(&pattern.iter().map(symbol).collect::<Vec<_>>(), text))
}

/// Whether `symbols`, in which no variable is left, match the whole of `text`.
pub fn matches_symbols(symbols: &[Symbol], text: &[u8]) -> bool {
    greedy(symbols, text, |&symbol| symbol).unwrap_or_else(|| automaton::matches(symbols, text))
}

/// Whether `symbols` written out as text, wildcards as their characters, are `text`.
pub fn equals_as_written(symbols: &[Symbol], text: &[u8]) -> bool {
    symbols.len() == text.len() && symbols.iter().zip(text).all(|(&symbol, &b)| written(symbol) == b)
}

fn written(symbol: Symbol) -> u8 {
    match symbol {
        ANY_RUN => b'*',
        ANY_BYTE | ANY_CHARACTER => b'?',
        byte => byte as u8,
    }
}

/// Whether the byte at `at` continues the character before it. In what is not UTF-8, a byte that continues
/// nothing is a character.
fn is_inside_character(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    cfg!(feature = "aws")
        && before.is_some_and(|b| !b.is_ascii())
        && text.get(at).is_some_and(|b| b & 0xc0 == 0x80)
}

/// Matches by taking the shortest run for each `*` and going back to the last `*` only: the runs
/// before it never need to grow. `None` if that takes more than a few steps a byte, as it does only
/// for contrived patterns.
fn greedy<T>(pattern: &[T], text: &[u8], symbol: impl Fn(&T) -> Symbol) -> Option<bool> {
    let byte_at = |at: usize| pattern.get(at).and_then(|s| u8::try_from(symbol(s)).ok());
    // Most patterns that end in a byte are told by it.
    if !PLAIN && pattern.len().checked_sub(1).and_then(byte_at).is_some_and(|last| text.last() != Some(&last))
    {
        return Some(false);
    }
    let mut steps = 64 + 4 * (pattern.len() + text.len());
    let (mut p, mut t) = (0, 0);
    // Where to go on if the current try fails: after the last `*`, one byte further in the text.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        steps = steps.checked_sub(1)?;
        match (pattern.get(p).map(&symbol), text.get(t)) {
            (None, None) => return Some(true),
            (Some(ANY_RUN), _) => {
                p += 1;
                if p == pattern.len() {
                    return Some(true);
                }
                retry = Some((p, t));
                continue;
            }
            (Some(ANY_BYTE), Some(_)) => {
                p += 1;
                t += 1;
                continue;
            }
            (Some(s), Some(&b)) if s == Symbol::from(b) => {
                p += 1;
                t += 1;
                continue;
            }
            (Some(ANY_CHARACTER), Some(_)) if cfg!(feature = "aws") && !is_inside_character(text, t) => {
                p += 1;
                t += 1;
                while is_inside_character(text, t) {
                    t += 1;
                }
                continue;
            }
            (Some(_), None) => return Some(false),
            _ => {}
        }
        match &mut retry {
            None => return Some(false),
            Some((after_run, from)) => {
                *from += 1;
                // A byte that comes next in the pattern must come somewhere in the text.
                if let Some(byte) = byte_at(*after_run).filter(|_| !PLAIN) {
                    match bytes::find(text.get(*from..).unwrap_or_default(), byte) {
                        Some(skipped) => *from += skipped,
                        None => return Some(false),
                    }
                }
                (p, t) = (*after_run, *from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, word for word.
    fn naive(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, _) => text.is_empty(),
            (Some((b'*', rest)), _) => (0..=text.len()).any(|n| naive(rest, &text[n..])),
            (Some((b'?', rest)), Some((_, text))) => naive(rest, text),
            (Some((p, rest)), Some((t, text))) => p == t && naive(rest, text),
            (Some(_), None) => false,
        }
    }

    #[test]
    fn wildcards_count_bytes() {
        assert!(matches(b"s3:Get*", b"s3:GetObject"));
        assert!(matches(b"mybucket/*", b"mybucket/"));
        assert!(matches(b"a/*/c", b"a/x/y/c"));
        assert!(!matches(b"file.tx?", b"file.tx"));
        assert!(matches("??".as_bytes(), "é".as_bytes()));
        assert!(!matches(b"?", "é".as_bytes()));
        assert!(matches(b"", b"") && !matches(b"", b"a") && matches(b"*", b""));
    }

    #[cfg(feature = "aws")]
    #[test]
    fn in_the_aws_dialect_a_question_mark_is_a_character() {
        let matches = |pattern: &str, text: &[u8]| {
            let symbols = Template::aws_pattern(pattern);
            let answer = matches_symbols(symbols.symbols(), text);
            assert_eq!(automaton::matches(symbols.symbols(), text), answer, "{pattern}");
            answer
        };
        assert!(matches("?", "é".as_bytes()) && matches("a?b?", "a€b😀".as_bytes()));
        assert!(
            !matches("??", "€".as_bytes())
                && !matches("*??", "€".as_bytes())
                && !matches("?*?", "😀".as_bytes())
        );
        assert!(matches("*?é", "€é".as_bytes()));
        assert!(matches("a??", b"a\x80b") && matches("?", b"\xe2\x82") && matches("?", b"\x80"));
    }

    #[test]
    fn many_stars_do_not_blow_up() {
        let text = vec![b'a'; 100_000];
        assert!(!matches(b"*a*a*a*a*a*a*a*a*a*a*a*b", &text));
        let long_segment = [b"*", vec![b'a'; 10_000].as_slice(), b"b*"].concat();
        assert!(!matches(&long_segment, &text));
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            prop_assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), naive(pattern.as_bytes(), text.as_bytes()));
        }

        #[test]
        fn the_automaton_agrees_with_the_usual_matcher(pattern in "([ab?]{0,90}[*]){0,3}[ab?]{0,90}", text in "[ab]{0,200}") {
            let symbols = Template::pattern(&pattern);
            if let Some(usual) = greedy(symbols.symbols(), text.as_bytes(), |&s| s) {
                prop_assert_eq!(automaton::matches(symbols.symbols(), text.as_bytes()), usual);
            }
        }

        #[cfg(feature = "aws")]
        #[test]
        fn the_automaton_knows_characters(pattern in "[aé€*?]{0,8}", text in "[aé€]{0,8}") {
            let symbols = Template::aws_pattern(&pattern);
            // By characters: each is written as one letter.
            let letter = |text: &str| text.replace('é', "b").replace('€', "c");
            let expected = naive(letter(&pattern).as_bytes(), letter(&text).as_bytes());
            prop_assert_eq!(automaton::matches(symbols.symbols(), text.as_bytes()), expected);
            prop_assert_eq!(greedy(symbols.symbols(), text.as_bytes(), |&s| s), Some(expected));
        }

        #[test]
        fn the_automaton_agrees_with_the_definition(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            let symbols = Template::pattern(&pattern);
            prop_assert_eq!(automaton::matches(symbols.symbols(), text.as_bytes()), naive(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
