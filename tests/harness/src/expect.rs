//! What the answer to a job must be.

use crate::protocol::decode;

/// An answer that is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What was expected, in short.
    pub expected: String,
    /// What came, in short.
    pub actual: String,
    /// Whether there was an answer at all.
    pub answered: bool,
}

/// What the answer to a job must be: for each field that matters, its place, its name and the values
/// that are right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    fields: Vec<Wanted>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    place: usize,
    name: &'static str,
    values: Values,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Values {
    OneOf(Vec<String>),
    /// Items joined by `,` that must hold each of these.
    Holding(Vec<String>),
    /// Anything but this.
    Not(String),
    /// 64 hex digits.
    Sha256,
}

impl Expect {
    /// Nothing is expected yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The field at `place` must be one of `values`.
    #[must_use]
    pub fn one_of(self, place: usize, name: &'static str, values: &[&str]) -> Self {
        self.with(place, name, Values::OneOf(values.iter().map(|value| (*value).to_owned()).collect()))
    }

    /// The field at `place` must be exactly that.
    #[must_use]
    pub fn is(self, place: usize, name: &'static str, value: &str) -> Self {
        self.one_of(place, name, &[value])
    }

    /// The field at `place` must be there and must not be exactly that.
    #[must_use]
    pub fn is_not(self, place: usize, name: &'static str, value: &str) -> Self {
        self.with(place, name, Values::Not(value.to_owned()))
    }

    /// The list in the field at `place` must hold each of `items`.
    #[must_use]
    pub fn holding(self, place: usize, name: &'static str, items: &[String]) -> Self {
        self.with(place, name, Values::Holding(items.to_vec()))
    }

    /// The field at `place` must be a SHA-256 in hex.
    #[must_use]
    pub fn sha256(self, place: usize, name: &'static str) -> Self {
        self.with(place, name, Values::Sha256)
    }

    fn with(mut self, place: usize, name: &'static str, values: Values) -> Self {
        self.fields.push(Wanted { place, name, values });
        self
    }

    /// Compares an answer. An answer that says `error` satisfies only an expectation of `error`,
    /// and an expectation of nothing is satisfied by nothing.
    pub fn check(&self, answer: &str) -> Result<(), Mismatch> {
        let mismatch = |actual: String| Mismatch { expected: self.text(), actual, answered: true };
        let fields = decode(answer).map_err(|error| mismatch(format!("{answer:?}: {error}")))?;
        let fields: Vec<String> =
            fields.into_iter().map(|field| String::from_utf8_lossy(&field).into_owned()).collect();
        let right =
            |wanted: &Wanted| fields.get(wanted.place).is_some_and(|field| wanted.values.accept(field));
        if !self.fields.is_empty() && self.fields.iter().all(right) {
            return Ok(());
        }
        if fields.first().is_some_and(|verb| verb == "error") {
            return Err(mismatch(fields.join(" ")));
        }
        let actual = self.fields.iter().map(|wanted| {
            let field = fields.get(wanted.place).map_or("(missing)", String::as_str);
            format!("{} {}", wanted.name, if field.is_empty() { "(empty)" } else { field })
        });
        Err(mismatch(actual.collect::<Vec<_>>().join(", ")))
    }

    /// The mismatch of a job that was not answered.
    pub fn unanswered(&self, message: &str) -> Mismatch {
        Mismatch { expected: self.text(), actual: message.to_owned(), answered: false }
    }

    fn text(&self) -> String {
        let parts = self.fields.iter().map(|wanted| format!("{} {}", wanted.name, wanted.values.text()));
        parts.collect::<Vec<_>>().join(", ")
    }
}

impl Values {
    fn accept(&self, field: &str) -> bool {
        match self {
            Values::OneOf(values) => values.iter().any(|value| value == field),
            Values::Not(value) => value != field,
            Values::Holding(items) => items.iter().all(|item| field.split(',').any(|f| f == item)),
            Values::Sha256 => field.len() == 64 && field.bytes().all(|b| b.is_ascii_hexdigit()),
        }
    }

    fn text(&self) -> String {
        let shown = |value: &String| if value.is_empty() { "(empty)".to_owned() } else { value.clone() };
        match self {
            Values::OneOf(values) => values.iter().map(shown).collect::<Vec<_>>().join(" or "),
            Values::Holding(items) => format!("with {}", items.join(" and ")),
            Values::Not(value) => format!("not {value}"),
            Values::Sha256 => "a SHA-256".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_fields_matter() {
        let expect = Expect::new().is(0, "outcome", "allow").is(2, "statement", "");
        assert_eq!(expect.check("allow\tanything\t"), Ok(()));
        let mismatch = expect.check("explicit_deny\tstatement\t0:1").unwrap_err();
        assert_eq!(mismatch.expected, "outcome allow, statement (empty)");
        assert_eq!(mismatch.actual, "outcome explicit_deny, statement 0:1");
    }

    #[test]
    fn a_missing_field_never_passes() {
        let mismatch = Expect::new().is(1, "code", "").check("allow").unwrap_err();
        assert_eq!(mismatch.actual, "code (missing)");
        assert!(Expect::new().check("allow").is_err());
    }

    #[test]
    fn an_error_is_shown_whole() {
        let mismatch =
            Expect::new().is(0, "outcome", "allow").check("error\tpolicy-unreadable\tno").unwrap_err();
        assert_eq!(mismatch.actual, "error policy-unreadable no");
    }

    #[test]
    fn lists_and_hashes() {
        let codes = Expect::new().holding(1, "codes", &["E001".to_owned(), "E002".to_owned()]);
        assert!(codes.check("invalid\tE002,E105,E001").is_ok());
        assert!(codes.check("invalid\tE002,E0011").is_err());
        assert!(Expect::new().sha256(0, "payload").check("unsigned").is_err());
    }
}
