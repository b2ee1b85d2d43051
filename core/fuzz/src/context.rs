//! Contexts whose values are text, typed or not known, from lines of bytes.

use s3iam::Timestamp;
use s3iam::evaluate::{Context, ContextKey, Value, Values};
use s3iam::policy::Dialect;

/// Values by their keys; of two of one key the first counts.
#[derive(Debug)]
pub struct Known<'a> {
    dialect: Dialect,
    entries: Vec<(&'a str, Held<'a>)>,
}

#[derive(Debug)]
enum Held<'a> {
    Unknown,
    One(Value<'a>),
    Texts(Vec<&'a [u8]>),
}

impl<'a> Known<'a> {
    /// Nothing yet.
    pub fn of(dialect: Dialect) -> Self {
        Self { dialect, entries: Vec::new() }
    }

    /// Adds the values of a key with its prefix: `?` for values that are not known, one typed value after
    /// `!`, or texts with commas between.
    pub fn add(&mut self, key: &'a str, values: &'a [u8]) {
        let held = match values {
            b"?" => Held::Unknown,
            [b'!', text @ ..] => Held::One(typed(text)),
            texts => Held::Texts(texts.split(|&b| b == b',').collect()),
        };
        self.entries.push((key, held));
    }

    /// Adds texts that may hold commas.
    pub fn add_texts(&mut self, key: &'a str, texts: Vec<&'a [u8]>) {
        self.entries.push((key, Held::Texts(texts)));
    }
}

/// A boolean, an address, an integer, or after `@` the milliseconds of an instant; else text.
fn typed(bytes: &[u8]) -> Value<'_> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if let Ok(flag) = text.parse() {
        return Value::Bool(flag);
    }
    if let Ok(address) = text.parse() {
        return Value::Address(address);
    }
    if let Ok(number) = text.parse() {
        return Value::Integer(number);
    }
    match text.strip_prefix('@').and_then(|millis| millis.parse().ok()) {
        Some(millis) => Value::Time(Timestamp::from_unix_millis(millis)),
        None => Value::Text(bytes),
    }
}

impl Context for Known<'_> {
    fn values(&self, key: ContextKey<'_>) -> Values<'_> {
        let is_key = |name: &str| match self.dialect {
            Dialect::Aws => name.eq_ignore_ascii_case(key.name),
            // What follows the service's prefix is the value's name.
            Dialect::Minio => name.split_once(':').map_or(name, |(_, name)| name) == key.name,
        };
        match self.entries.iter().find(|(name, _)| is_key(name)) {
            None => Values::Missing,
            Some((_, Held::Unknown)) => Values::Unknown,
            Some((_, Held::One(value))) => Values::One(*value),
            Some((_, Held::Texts(texts))) => Values::Texts(texts),
        }
    }
}
