//! `String…` and `BinaryEquals` operators.
//!
//! Of the request's values R, those that match some policy value are M. Without qualifier and with
//! `ForAnyValue` the test is that M is not empty, with `ForAllValues` that M is all of R; a negated
//! operator inverts the whole test (`policy-language` 3.4, MinIO's column).

use crate::evaluate::{Context, Truth, Values};
use crate::http::ShortBytes;
use crate::pattern::{Symbol, Symbols, Template, matches_symbols};
use crate::short::SmallVec;

/// A text operator with its values.
#[derive(Clone, Debug)]
pub(super) struct TextTest {
    values: Box<[TextValue]>,
    ignore_case: bool,
    /// `ForAllValues`.
    all: bool,
    negated: bool,
}

/// Values with variables, expanded.
type Expanded = SmallVec<[Symbols; 1]>;

/// A policy value. `Literal` is the usual case and the fast one.
#[derive(Clone, Debug)]
enum TextValue {
    Literal(Box<[u8]>),
    Pattern(Box<[Symbol]>),
    /// Has variables.
    Template(Template),
}

impl TextTest {
    /// Equality, byte for byte.
    pub(super) fn equal<'a>(values: impl Iterator<Item = &'a [u8]>, all: bool, negated: bool) -> Self {
        let values = values.map(|text| TextValue::of(Template::text(text))).collect();
        Self { values, ignore_case: false, all, negated }
    }

    /// Equality after lower-casing both sides, character by character.
    pub(super) fn equal_ignoring_case<'a>(
        values: impl Iterator<Item = &'a str>,
        all: bool,
        negated: bool,
    ) -> Self {
        let values = values.map(|text| TextValue::of(Template::text(text.as_bytes())).lowered()).collect();
        Self { values, ignore_case: true, all, negated }
    }

    /// Patterns.
    pub(super) fn like<'a>(values: impl Iterator<Item = &'a str>, all: bool, negated: bool) -> Self {
        let values = values.map(|text| TextValue::of(Template::pattern(text))).collect();
        Self { values, ignore_case: false, all, negated }
    }

    pub(super) fn evaluate(&self, values: Values<'_>, context: &dyn Context) -> Truth {
        let Some(expanded) = self.expand(context) else { return Truth::Unknown };
        let matches = |text: &[u8]| self.matches(text, &expanded);
        let holds = match values {
            Values::Missing | Values::Unknown => self.all,
            Values::One(value) => value.with_text(matches),
            Values::Texts(texts) if self.all => texts.iter().all(|text| matches(text)),
            Values::Texts(texts) => texts.iter().any(|text| matches(text)),
        };
        (holds != self.negated).into()
    }

    /// The values that have variables, expanded; `None` if one is not known.
    fn expand(&self, context: &dyn Context) -> Option<Expanded> {
        let mut expanded = Expanded::new();
        for value in &self.values {
            let TextValue::Template(template) = value else { continue };
            let symbols = template.expand(0, context).certain()?;
            expanded.push(if self.ignore_case { lowered_symbols(&symbols) } else { symbols });
        }
        Some(expanded)
    }

    fn matches(&self, text: &[u8], expanded: &[Symbols]) -> bool {
        let lowered = self.ignore_case.then(|| lowered(text));
        let text = lowered.as_deref().unwrap_or(text);
        self.values.iter().any(|value| match value {
            TextValue::Literal(literal) => **literal == *text,
            TextValue::Pattern(symbols) => matches_symbols(symbols, text),
            TextValue::Template(_) => false,
        }) || expanded.iter().any(|symbols| matches_symbols(symbols, text))
    }
}

impl TextValue {
    fn of(template: Template) -> Self {
        if template.has_variables() {
            return TextValue::Template(template);
        }
        let literal: Vec<u8> = template.literal_prefix().collect();
        if literal.len() == template.symbols().len() {
            TextValue::Literal(literal.into())
        } else {
            TextValue::Pattern(template.symbols().into())
        }
    }

    fn lowered(self) -> Self {
        match self {
            TextValue::Literal(text) => TextValue::Literal(lowered(&text).as_slice().into()),
            other => other,
        }
    }
}

/// The text in lower case, each character by itself. Bytes that are not UTF-8 become U+FFFD.
pub(super) fn lowered(text: &[u8]) -> ShortBytes {
    if text.is_ascii() {
        return text.iter().map(u8::to_ascii_lowercase).collect();
    }
    let mut out = ShortBytes::new();
    let mut buffer = [0; 4];
    for c in String::from_utf8_lossy(text).chars() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        out.extend_from_slice(lower.encode_utf8(&mut buffer).as_bytes());
    }
    out
}

/// The same for expanded values, which hold no wildcards under this operator.
fn lowered_symbols(symbols: &[Symbol]) -> Symbols {
    let bytes: ShortBytes = symbols.iter().filter_map(|&s| u8::try_from(s).ok()).collect();
    lowered(&bytes).iter().copied().map(Symbol::from).collect()
}
