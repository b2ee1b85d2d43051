//! Policy variables: `${aws:username}` in resources and condition values.
//!
//! A variable's value is literal: its `*`, `?` and `$` mean nothing (departure 1; MinIO lets a user
//! named `*` match every home folder). A variable that is unknown, or has no value, stays as written,
//! as in MinIO, and can then only match that very text.

use super::{
    ANY_BYTE, ANY_CHARACTER, ANY_RUN, FIRST_VARIABLE, Symbol, UNKNOWN, equals_as_written, matches_symbols,
    written,
};
use crate::bytes;
use crate::catalog::{self, ConditionKeyRow};
use crate::evaluate::{Context, ContextKey, Truth, Values};
use crate::short::SmallVec;
use std::ops::Range;

/// Symbols that usually stay on the stack.
pub type Symbols = SmallVec<[Symbol; 128]>;

/// A pattern after its variables were replaced.
#[derive(Clone, Debug)]
pub struct Expanded {
    symbols: Symbols,
    /// Every variable's value was known.
    is_certain: bool,
    /// A variable has neither a value nor a default, so that nothing matches.
    is_impossible: bool,
}

impl Expanded {
    /// The symbols, if every variable's value was known.
    pub fn certain(self) -> Option<Symbols> {
        self.is_certain.then_some(self.symbols)
    }

    /// The symbols, those of unknown values among them; `None` if nothing can match.
    pub fn possible(self) -> Option<Symbols> {
        (!self.is_impossible).then_some(self.symbols)
    }

    /// The text in other letters: each run of it between values that are not known is changed.
    #[cfg(feature = "aws")]
    pub(crate) fn changed(mut self, change: impl Fn(&[u8]) -> Symbols) -> Self {
        let mut symbols = Symbols::new();
        for (number, run) in self.symbols.split(|&symbol| symbol == UNKNOWN).enumerate() {
            if number > 0 {
                symbols.push(UNKNOWN);
            }
            let run: SmallVec<[u8; 128]> = run.iter().filter_map(|&s| u8::try_from(s).ok()).collect();
            symbols.extend(change(&run));
        }
        self.symbols = symbols;
        self
    }

    /// The text that the pattern without wildcards is; `None` if a variable has no value.
    #[cfg(feature = "aws")]
    pub(crate) fn into_text(self) -> Option<SmallVec<[u8; 64]>> {
        (!self.is_impossible).then(|| self.symbols.iter().filter_map(|&s| u8::try_from(s).ok()).collect())
    }

    /// Whether every variable's value was known.
    #[cfg(feature = "aws")]
    pub(crate) fn is_certain(&self) -> bool {
        self.is_certain || self.is_impossible
    }

    /// Whether the pattern matches the whole of `text`.
    pub fn matches(&self, text: &[u8]) -> Truth {
        if self.is_impossible {
            return Truth::False;
        }
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
    variables: Box<[Variable]>,
}

/// A variable of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Variable {
    /// MinIO: one of the catalogue. Without a value it stays as it is written.
    Catalogued(&'static ConditionKeyRow),
    /// AWS: any key, and what stands in for it if it has no value. Without either nothing matches.
    Named { key: Box<str>, default: Option<Box<[u8]>> },
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

    /// Reads a pattern of the AWS dialect (`aws-evaluation` 8): variables with defaults, and `${*}`,
    /// `${?}` and `${$}` for the characters themselves.
    pub fn aws_pattern(text: &str) -> Self {
        Self::read_aws(text, aws_symbol)
    }

    /// Reads a text of the AWS dialect, in which only variables are special.
    pub fn aws_text(text: &str) -> Self {
        Self::read_aws(text, Symbol::from)
    }

    /// Reads a pattern without variables, as policies of version 2008-10-17 have them.
    pub fn without_variables(text: &str) -> Self {
        Self { symbols: text.bytes().map(aws_symbol).collect(), variables: Box::default() }
    }

    /// A text without anything special.
    pub fn literal(text: &[u8]) -> Self {
        Self { symbols: text.iter().copied().map(Symbol::from).collect(), variables: Box::default() }
    }

    fn read_aws(text: &str, symbol: impl Fn(u8) -> Symbol) -> Self {
        let (mut symbols, mut variables) = (Vec::with_capacity(text.len()), Vec::new());
        let mut rest = text;
        while let Some(at) = find_variable(rest) {
            let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
            symbols.extend(before.bytes().map(&symbol));
            rest = match read_aws_variable(from) {
                Some((AwsVariable::Character(b), after)) => {
                    symbols.push(Symbol::from(b));
                    after
                }
                Some((AwsVariable::Key(key, default), after)) => {
                    let default = default.map(|text| text.as_bytes().into());
                    symbols.push(place(Variable::Named { key: key.into(), default }, &mut variables));
                    after
                }
                None => {
                    symbols.extend(b"${".iter().copied().map(Symbol::from));
                    from.get(2..).unwrap_or_default()
                }
            };
        }
        symbols.extend(rest.bytes().map(symbol));
        Self { symbols: symbols.into(), variables: variables.into() }
    }

    /// One pass from left to right; a `${` belongs to the first `}` after it (`policy-language` 4).
    fn read(text: &[u8], symbol: impl Fn(u8) -> Symbol) -> Self {
        let mut symbols = Vec::with_capacity(text.len());
        let mut variables: Vec<Variable> = Vec::new();
        let mut rest = text;
        while let Some((&first, after)) = rest.split_first() {
            if let Some((row, tail)) = read_variable(rest) {
                symbols.push(place(Variable::Catalogued(row), &mut variables));
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
        self.expand_part(start..self.symbols.len(), context)
    }

    /// The symbols of a range with every variable replaced by its value.
    pub fn expand_part(&self, range: Range<usize>, context: &dyn Context) -> Expanded {
        let mut out = Expanded { symbols: Symbols::new(), is_certain: true, is_impossible: false };
        for &symbol in self.symbols.get(range).unwrap_or_default() {
            let variable =
                symbol.checked_sub(FIRST_VARIABLE).and_then(|at| self.variables.get(usize::from(at)));
            match variable {
                None => out.symbols.push(symbol),
                Some(Variable::Catalogued(row)) => out.push_value(row, context),
                Some(Variable::Named { key, default }) => {
                    out.is_impossible |= cfg!(not(feature = "aws"));
                    if cfg!(feature = "aws") {
                        out.push_named(key, default.as_deref(), context);
                    }
                }
            }
        }
        out
    }
}

/// Where the first `${` stands.
fn find_variable(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = text.as_bytes().get(from..)?;
        let at = bytes::find(rest, b'$')?;
        if rest.get(at + 1) == Some(&b'{') {
            return Some(from + at);
        }
        from += at + 1;
    }
}

/// What a byte of a pattern of the AWS dialect means.
fn aws_symbol(b: u8) -> Symbol {
    match b {
        b'*' => ANY_RUN,
        b'?' => ANY_CHARACTER,
        b => Symbol::from(b),
    }
}

/// The symbol of a variable.
fn place(variable: Variable, variables: &mut Vec<Variable>) -> Symbol {
    let at = variables.iter().position(|v| *v == variable).unwrap_or(variables.len());
    // A document has less than 20 KiB by default, and so far fewer variables than there are symbols. One
    // for which no symbol is left has none, and matches nothing.
    let Ok(symbol) = Symbol::try_from(at + usize::from(FIRST_VARIABLE)) else { return Symbol::MAX };
    if at == variables.len() && symbol < Symbol::MAX {
        variables.push(variable);
    }
    symbol
}

impl Expanded {
    fn push_named(&mut self, key: &str, default: Option<&[u8]>, context: &dyn Context) {
        let suffix = key.split_once('/').map(|(_, suffix)| suffix);
        let mut push = |text: &[u8]| self.symbols.extend(text.iter().copied().map(Symbol::from));
        match (context.variable(ContextKey { value: None, suffix, name: key }), default) {
            (Values::Unknown, _) => {
                self.symbols.push(UNKNOWN);
                self.is_certain = false;
            }
            (Values::One(value), _) => value.with_text(push),
            (Values::Texts([text]), _) => push(text),
            // A key of several values cannot be a variable.
            (Values::Missing | Values::Texts(_), Some(default)) => push(default),
            (Values::Missing | Values::Texts(_), None) => self.is_impossible = true,
        }
    }

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

/// What `${…}` of the AWS dialect stands for.
enum AwsVariable<'t> {
    Character(u8),
    Key(&'t str, Option<&'t str>),
}

/// The variable that `text` begins with, and what follows it: `${key}`, `${key, 'default'}`, or an
/// escaped character.
fn read_aws_variable(text: &str) -> Option<(AwsVariable<'_>, &str)> {
    let inner = text.strip_prefix("${")?;
    if let [b @ (b'*' | b'?' | b'$'), b'}', ..] = inner.as_bytes() {
        return Some((AwsVariable::Character(*b), inner.get(2..)?));
    }
    let end = inner.find(['}', ','])?;
    let (key, rest) = inner.split_at_checked(end)?;
    if key.is_empty() || key.contains([' ', '$', '{']) {
        return None;
    }
    if let Some(after) = rest.strip_prefix('}') {
        return Some((AwsVariable::Key(key, None), after));
    }
    let (default, after) = rest.strip_prefix(", '")?.split_once("'}")?;
    Some((AwsVariable::Key(key, Some(default)), after))
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
