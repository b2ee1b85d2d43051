//! Patterns of Amazon resource names: six parts between colons, each compared by itself
//! (`aws-evaluation` 6 and 7.3).

use super::{ANY_RUN, Expanded, Symbol, Template};
use crate::bytes;
use crate::evaluate::{Context, Truth};

/// How many parts a name has; the last one may hold further colons.
const PARTS: usize = 6;

/// A pattern that is compared part by part: a wildcard does not reach beyond its part.
#[derive(Clone, Debug)]
pub struct ArnPattern {
    template: Template,
    /// Where the parts but the last end, each before its colon.
    ends: [u32; PARTS - 1],
}

impl ArnPattern {
    /// Takes a pattern apart, or gives it back if it has fewer than six parts.
    ///
    /// # Errors
    ///
    /// The pattern, if it has fewer parts.
    pub fn new(template: Template) -> Result<Self, Template> {
        let mut ends = [0; PARTS - 1];
        // Colons of the policy's own text; those in a variable's name are part of it.
        let symbols = template.symbols().iter().enumerate();
        let mut colons = symbols.filter(|(_, symbol)| **symbol == Symbol::from(b':'));
        for end in &mut ends {
            let Some((at, _)) = colons.next() else { return Err(template) };
            *end = at as u32;
        }
        Ok(Self { template, ends })
    }

    /// Whether wildcards and variables are in the last part only, so that comparing the whole text is
    /// the same.
    pub fn is_plain(&self) -> bool {
        let [.., last] = self.ends;
        self.template.literal_prefix().count() > last as usize
    }

    /// The pattern as a whole.
    pub fn into_template(self) -> Template {
        self.template
    }

    /// Whether a name matches.
    pub fn matches(&self, name: &[u8], context: &dyn Context) -> Truth {
        let Some(texts) = split(name) else { return Truth::False };
        let ends = self.ends.iter().map(|&end| end as usize).chain([self.template.symbols().len()]);
        let mut start = 0;
        ends.zip(texts).fold(Truth::True, |truth, (end, text)| {
            let part = start..end;
            start = end + 1;
            truth.and(|| match self.template.symbols().get(part.clone()) {
                Some([ANY_RUN]) => Truth::True,
                _ => Expanded::matches(&self.template.expand_part(part, context), text),
            })
        })
    }
}

/// Whether a text has the six parts of a pattern.
pub fn is_pattern(text: &str) -> bool {
    if bytes::find(text.as_bytes(), b'$').is_some() {
        return ArnPattern::new(Template::aws_pattern(text)).is_ok();
    }
    text.bytes().filter(|&b| b == b':').count() >= PARTS - 1
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
        let pattern = ArnPattern::new(Template::aws_pattern(pattern));
        pattern.is_ok_and(|p| p.matches(name.as_bytes(), &EmptyContext) == Truth::True)
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
        for (text, is_one) in [("arn:aws:s3:::b", true), ("a:b:c:d:e", false), (":::::", true)] {
            assert_eq!(is_pattern(text), is_one, "{text}");
        }
        assert!(is_pattern("a:b:c:d:${aws:username}:e") && !is_pattern("a:b:c:d${aws:username}:e"));
    }

    #[test]
    fn plain_patterns_have_wildcards_in_their_last_part_only() {
        let is_plain = |text: &str| ArnPattern::new(Template::aws_pattern(text)).unwrap().is_plain();
        assert!(is_plain("arn:aws:s3:::b/*"));
        assert!(is_plain("arn:aws:s3:::${aws:username}"));
        assert!(!is_plain("arn:*:s3:::b"));
    }
}
