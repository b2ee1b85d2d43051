//! Patterns of bytes and of characters against their definition, and ARN patterns: a pattern, a line end and
//! a text.

use s3iam::evaluate::{EmptyContext, Truth};
use s3iam::pattern::arn::ArnPattern;
use s3iam::pattern::{Template, matches};

/// The definition, over whatever a text is made of: which beginnings of the text the pattern so far matches.
fn defined<T: Copy + PartialEq>(pattern: &[T], text: &[T], run: T, one: T) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for &p in pattern {
        if p == run {
            (1..=text.len()).for_each(|at| reached[at] |= reached[at - 1]);
        } else {
            for at in (1..=text.len()).rev() {
                reached[at] = reached[at - 1] && (p == one || p == text[at - 1]);
            }
            reached[0] = false;
        }
    }
    reached[text.len()]
}

/// Checks a pattern with a text, and with both repeated so often that the usual matcher gives up and the
/// automaton answers.
pub fn check(data: &[u8]) {
    let Some(at) = data.iter().position(|&b| b == b'\n') else { return };
    let (pattern, text) = (&data[..at], &data[at + 1..]);
    check_pair(pattern, text);
    let times = |length: usize, part: &[u8]| 1 + length / part.len().max(1);
    check_pair(&pattern.repeat(times(80, pattern)), &text.repeat(times(160, text)));
}

fn check_pair(pattern: &[u8], text: &[u8]) {
    // The definition takes the product of the two lengths.
    if pattern.len() > 2000 || text.len() > 2000 {
        return;
    }
    assert_eq!(matches(pattern, text), defined(pattern, text, b'*', b'?'));
    let (Ok(pattern), Ok(text)) = (std::str::from_utf8(pattern), std::str::from_utf8(text)) else { return };
    let template = Template::without_variables(pattern);
    let answer = template.expand(0, &EmptyContext).matches(text.as_bytes());
    let characters = |text: &str| text.chars().collect::<Vec<_>>();
    let expected = defined(&characters(pattern), &characters(text), '*', '?');
    assert_eq!(answer, Truth::from(expected));
    let parts = |text: &str| -> Vec<Vec<char>> { text.splitn(6, ':').map(characters).collect() };
    let (own, names) = (parts(pattern), parts(text));
    let expected = own.len() == 6
        && names.len() == 6
        && own.iter().zip(&names).all(|(part, name)| defined(part, name, '*', '?'));
    let arn = ArnPattern::new(template);
    let answer = arn.map_or(Truth::False, |arn| arn.matches(text.as_bytes(), &EmptyContext));
    assert_eq!(answer, Truth::from(expected));
}
