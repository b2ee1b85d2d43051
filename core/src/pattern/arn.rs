//! Patterns of Amazon resource names: six parts between colons, each compared by itself
//! (`aws-evaluation` 6 and 7.3).

use super::{ANY_RUN, Expanded, Symbol, Template};
use crate::evaluate::{Context, Truth};

/// How many parts a name has; the last one may hold further colons.
const PARTS: usize = 6;

/// A pattern that is compared part by part: a wildcard does not reach beyond its part.
#[derive(Clone, Debug)]
pub struct ArnPattern {
    parts: Box<[Template; PARTS]>,
}

impl ArnPattern {
    /// Takes a pattern apart; `None` if it has fewer than six parts.
    pub fn new(pattern: &Template) -> Option<Self> {
        Some(Self { parts: Box::new(pattern.split()?) })
    }

    /// Whether wildcards and variables are in the last part only, so that comparing the whole text is
    /// the same.
    pub fn is_plain(&self) -> bool {
        let [names @ .., _] = &*self.parts;
        names.iter().all(|part| part.literal_prefix().count() == part.symbols().len())
    }

    /// Whether a name matches.
    pub fn matches(&self, name: &[u8], context: &dyn Context) -> Truth {
        let Some(texts) = split(name) else { return Truth::False };
        self.parts.iter().zip(texts).fold(Truth::True, |truth, (part, text)| {
            truth.and(|| match part.symbols() {
                [ANY_RUN] => Truth::True,
                _ => Expanded::matches(&part.expand(0, context), text),
            })
        })
    }
}

/// The parts of a name; `None` if it has fewer than six.
pub fn split(name: &[u8]) -> Option<[&[u8]; PARTS]> {
    let mut parts = [&b""[..]; PARTS];
    let mut pieces = name.splitn(PARTS, |&b| b == b':');
    for part in &mut parts {
        *part = pieces.next()?;
    }
    Some(parts)
}

/// The pattern that every name matches.
pub fn is_everything(pattern: &Template) -> bool {
    matches!(pattern.symbols(), [symbol] if *symbol == ANY_RUN as Symbol)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::EmptyContext;

    fn matches(pattern: &str, name: &str) -> bool {
        let pattern = ArnPattern::new(&Template::aws_pattern(pattern));
        pattern.is_some_and(|p| p.matches(name.as_bytes(), &EmptyContext) == Truth::True)
    }

    #[test]
    fn a_wildcard_stays_in_its_part() {
        assert!(matches("arn:aws:sns:*:111122223333:topic", "arn:aws:sns:us-east-1:111122223333:topic"));
        assert!(!matches("arn:aws:sns:*:topic", "arn:aws:sns:us-east-1:111122223333:topic"));
        assert!(!matches("arn:aws:sns:*:*:a", "arn:aws:sns:r:1:b:a"));
        assert!(matches("arn:aws:sns:*:*:*a", "arn:aws:sns:r:1:b:a"), "the last part keeps its colons");
        assert!(matches("arn:*:s3:::b", "arn:aws-cn:s3:::b"));
    }

    #[test]
    fn names_of_fewer_parts_match_nothing() {
        assert!(!matches("arn:aws:s3:b", "arn:aws:s3:b"));
        assert!(!matches("*", "arn:aws:s3:::b"));
        assert!(!matches("arn:*:*:*:*:*", "b"));
    }

    #[test]
    fn plain_patterns_have_wildcards_in_their_last_part_only() {
        let is_plain = |text: &str| ArnPattern::new(&Template::aws_pattern(text)).unwrap().is_plain();
        assert!(is_plain("arn:aws:s3:::b/*"));
        assert!(is_plain("arn:aws:s3:::${aws:username}"));
        assert!(!is_plain("arn:*:s3:::b"));
    }
}
