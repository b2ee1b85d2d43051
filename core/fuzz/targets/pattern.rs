//! Patterns of bytes and of characters against their definition, and ARN patterns.
#![no_main]

use libfuzzer_sys::fuzz_target;
use s3iam::evaluate::{EmptyContext, Truth};
use s3iam::pattern::arn::ArnPattern;
use s3iam::pattern::{Template, matches};

/// The definition, over whatever a text is made of.
fn defined<T: Copy + PartialEq>(pattern: &[T], text: &[T], run: T, one: T) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for &p in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = if p == run {
                reached[at] || at > 0 && next[at - 1]
            } else {
                at > 0 && reached[at - 1] && (p == one || p == text[at - 1])
            };
        }
        reached = next;
    }
    reached[text.len()]
}

fuzz_target!(|data: &[u8]| {
    let Some(at) = data.iter().position(|&b| b == b'\n') else { return };
    let (pattern, text) = (&data[..at], &data[at + 1..]);
    // The definition takes the product of the two lengths.
    if pattern.len() > 2000 || text.len() > 2000 {
        return;
    }
    assert_eq!(matches(pattern, text), defined(pattern, text, b'*', b'?'));
    let Ok(pattern) = std::str::from_utf8(pattern) else { return };
    let template = Template::without_variables(pattern);
    let answer = template.expand(0, &EmptyContext).matches(text);
    if let Ok(text) = std::str::from_utf8(text) {
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = defined(&characters(pattern), &characters(text), '*', '?');
        assert_eq!(answer, Truth::from(expected));
        let parts = |text: &str| -> Vec<Vec<char>> { text.splitn(6, ':').map(characters).collect() };
        let (own, names) = (parts(pattern), parts(text));
        let expected = own.len() == 6
            && names.len() == 6
            && own.iter().zip(&names).all(|(part, name)| defined(part, name, '*', '?'));
        let arn = ArnPattern::new(&template);
        let answer = arn.map_or(Truth::False, |arn| arn.matches(text.as_bytes(), &EmptyContext));
        assert_eq!(answer, Truth::from(expected));
    }
});
