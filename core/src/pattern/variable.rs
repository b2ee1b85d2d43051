//! Policy variables: `${aws:username}` in resources and condition values.
//!
//! A variable's value is literal: its `*`, `?` and `$` mean nothing (departure 1; MinIO lets a user
//! named `*` match every home folder). A variable that is unknown, or has no value, stays as written,
//! as in MinIO, and can then only match that very text.

use super::{
    ANY_BYTE, ANY_RUN, FIRST_VARIABLE, Symbol, UNKNOWN, equals_as_written, matches_symbols, written,
};
use crate::catalog::{self, ConditionKeyRow};
use crate::evaluate::{Context, ContextKey, Truth, Values};
use crate::short::SmallVec;

/// Symbols that usually stay on the stack.
pub type Symbols = SmallVec<[Symbol; 128]>;

/// A pattern after its variables were replaced.
#[derive(Clone, Debug)]
pub struct Expanded {
    symbols: Symbols,
    /// Every variable's value was known.
    is_certain: bool,
}

impl Expanded {
    /// The symbols, if every variable's value was known.
    pub fn certain(self) -> Option<Symbols> {
        self.is_certain.then_some(self.symbols)
    }

    /// Whether the pattern matches the whole of `text`.
    pub fn matches(&self, text: &[u8]) -> Truth {
        if self.is_certain {
            return matches_symbols(&self.symbols, text).into();
        }
        self.possibly(text, |symbol| symbol)
    }

    /// Whether the pattern written out as text, wildcards as their characters, is `text`.
    pub fn equals_as_written(&self, text: &[u8]) -> Truth {
        if self.is_certain {
            return equals_as_written(&self.symbols, text).into();
        }
        self.possibly(text, |symbol| Symbol::from(written(symbol)))
    }

    /// Whether some values of the unknown variables make it match.
    fn possibly(&self, text: &[u8], of: impl Fn(Symbol) -> Symbol) -> Truth {
        let any = |&symbol: &Symbol| if symbol == UNKNOWN { ANY_RUN } else { of(symbol) };
        let symbols: Symbols = self.symbols.iter().map(any).collect();
        if matches_symbols(&symbols, text) { Truth::Unknown } else { Truth::False }
    }
}

/// A pattern as the policy writes it, read once: bytes, wildcards, and places for variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    symbols: Box<[Symbol]>,
    variables: Box<[&'static ConditionKeyRow]>,
}

impl PartialEq for ConditionKeyRow {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for ConditionKeyRow {}

impl Template {
    /// Reads a pattern in which `*` and `?` are wildcards.
    pub fn pattern(text: &str) -> Self {
        Self::read(text.as_bytes(), |b| match b {
            b'*' => ANY_RUN,
            b'?' => ANY_BYTE,
            b => Symbol::from(b),
        })
    }

    /// Reads a text in which only variables are special.
    pub fn text(text: &[u8]) -> Self {
        Self::read(text, Symbol::from)
    }

    /// One pass from left to right; a `${` belongs to the first `}` after it (`policy-language` 4).
    fn read(text: &[u8], symbol: impl Fn(u8) -> Symbol) -> Self {
        let mut symbols = Vec::with_capacity(text.len());
        let mut variables: Vec<&'static ConditionKeyRow> = Vec::new();
        let mut rest = text;
        while let Some((&first, after)) = rest.split_first() {
            if let Some((row, tail)) = read_variable(rest) {
                let at = variables.iter().position(|v| v.name == row.name).unwrap_or(variables.len());
                // A document has less than 20 KiB by default, and the catalogue fewer than 100 keys.
                symbols.push(FIRST_VARIABLE.saturating_add(at as Symbol));
                if at == variables.len() {
                    variables.push(row);
                }
                rest = tail;
            } else {
                symbols.push(symbol(first));
                rest = after;
            }
        }
        Self { symbols: symbols.into(), variables: variables.into() }
    }

    /// The symbols, variables included.
    pub fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    /// Whether a variable occurs.
    pub fn has_variables(&self) -> bool {
        !self.variables.is_empty()
    }

    /// The bytes before the first wildcard or variable.
    pub fn literal_prefix(&self) -> impl Iterator<Item = u8> + Clone {
        self.symbols.iter().map_while(|&symbol| u8::try_from(symbol).ok())
    }

    /// The symbols from `start` on with every variable replaced by its value.
    pub fn expand(&self, start: usize, context: &dyn Context) -> Expanded {
        let mut out = Expanded { symbols: Symbols::new(), is_certain: true };
        for &symbol in self.symbols.get(start..).unwrap_or_default() {
            let variable =
                symbol.checked_sub(FIRST_VARIABLE).and_then(|at| self.variables.get(usize::from(at)));
            match variable {
                None => out.symbols.push(symbol),
                Some(row) => out.push_value(row, context),
            }
        }
        out
    }
}

impl Expanded {
    fn push_value(&mut self, row: &ConditionKeyRow, context: &dyn Context) {
        let key = ContextKey { value: Some(row.value), suffix: None, name: row.value.name() };
        let values = context.variable(key);
        if matches!(values, Values::Unknown) {
            self.symbols.push(UNKNOWN);
            self.is_certain = false;
            return;
        }
        let length = self.symbols.len();
        if let Some(value) = values.first() {
            value.with_text(|text| self.symbols.extend(text.iter().copied().map(Symbol::from)));
        }
        if self.symbols.len() == length {
            let written = b"${".iter().chain(row.name.as_bytes()).chain(b"}");
            self.symbols.extend(written.copied().map(Symbol::from));
        }
    }
}

/// The variable that `text` begins with, and what follows it. Only common keys are variables, and
/// only in their exact spelling.
fn read_variable(text: &[u8]) -> Option<(&'static ConditionKeyRow, &[u8])> {
    let inner = text.strip_prefix(b"${")?;
    let end = inner.iter().take(MAX_NAME).position(|&b| b == b'}')?;
    let name = std::str::from_utf8(inner.get(..end)?).ok()?;
    let (_, row) = catalog::condition_key(name)?;
    row.variable.then_some((row, inner.get(end + 1..)?))
}

/// Longer than any condition key's name; bounds the search for the closing brace.
const MAX_NAME: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::ContextMap;

    fn matches(pattern: &str, username: &str, text: &str) -> bool {
        let mut context = ContextMap::new();
        context.add("aws:username", username.as_bytes());
        Template::pattern(pattern).expand(0, &context).matches(text.as_bytes()) == Truth::True
    }

    #[test]
    fn a_value_is_literal() {
        assert!(matches("home/${aws:username}/*", "bob", "home/bob/x"));
        assert!(!matches("home/${aws:username}/*", "*", "home/eve/x"));
        assert!(matches("home/${aws:username}/*", "*", "home/*/x"));
        assert!(!matches("home/${aws:username}/*", "${aws:userid}", "home/u/x"));
    }

    #[test]
    fn without_a_value_the_text_stays() {
        assert!(matches("home/${aws:username}/*", "", "home/${aws:username}/x"));
        assert!(matches("${jwt:sub}", "bob", "${jwt:sub}"));
        for name in ["${s3:prefix}", "${AWS:username}", "${unknown}", "${aws:username"] {
            assert!(matches(name, "bob", name), "{name}");
        }
        // Not an escape: the star inside stays a wildcard.
        assert!(matches("${*}", "bob", "${anything}"));
        // The brace pairs with the first one that closes.
        assert!(matches("${x${aws:username}}", "bob", "${xbob}"));
    }

    #[test]
    fn an_unknown_value_may_be_anything() {
        struct Unknown;
        impl Context for Unknown {
            fn values(&self, _: ContextKey<'_>) -> Values<'_> {
                Values::Unknown
            }
        }
        let expanded = Template::pattern("b/${aws:username}/*.jpg").expand(0, &Unknown);
        assert_eq!(expanded.matches(b"b/bob/x.jpg"), Truth::Unknown);
        assert_eq!(expanded.matches(b"b/bob/x.png"), Truth::False);
        assert_eq!(expanded.equals_as_written(b"b/bob/*.jpg"), Truth::Unknown);
        assert_eq!(expanded.equals_as_written(b"b/bob/x.jpg"), Truth::False);
    }

    #[test]
    fn written_form_keeps_wildcard_characters() {
        let template = Template::pattern("a/${aws:username}/*?");
        let expanded = template.expand(0, &ContextMap::new());
        assert_eq!(expanded.equals_as_written(b"a/${aws:username}/*?"), Truth::True);
        assert_eq!(template.literal_prefix().collect::<Vec<_>>(), b"a/");
    }
}
