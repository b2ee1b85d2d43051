//! The request context: the values that conditions and policy variables read.
//!
//! The context is typed and closed. Each value has exactly one source; what the caller sends in a
//! header or query parameter can never shadow what the server knows (decision 6). Values are asked
//! for only when a candidate statement needs them.

use crate::catalog::ValueName;
use crate::policy::Dialect;
use crate::short::SmallVec;
use crate::time::Timestamp;
use std::fmt::{self, Write};
use std::net::IpAddr;

/// One value of the request context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text, as bytes: header values need not be UTF-8.
    Text(&'a [u8]),
    /// A boolean; its text form is `true` or `false`.
    Bool(bool),
    /// An instant; its text form is RFC 3339 with whole seconds (`aws:CurrentTime`).
    Time(Timestamp),
    /// A whole number; its text form is decimal.
    Integer(i64),
    /// An IP address; its text form is the usual one.
    Address(IpAddr),
}

impl Value<'_> {
    /// Calls `f` with the value's text form, without allocating.
    pub fn with_text<R>(self, f: impl FnOnce(&[u8]) -> R) -> R {
        match self {
            Value::Text(text) => f(text),
            Value::Bool(true) => f(b"true"),
            Value::Bool(false) => f(b"false"),
            Value::Time(time) => f(&time.rfc3339()),
            Value::Integer(n) => f(Written::of(format_args!("{n}")).text()),
            Value::Address(ip) => f(Written::of(format_args!("{ip}")).text()),
        }
    }
}

/// A text that needs no memory of its own. 48 bytes hold any i64 and any IP address.
struct Written {
    bytes: [u8; 48],
    length: usize,
}

impl Written {
    fn of(text: fmt::Arguments<'_>) -> Self {
        let mut written = Self { bytes: [0; 48], length: 0 };
        let _ = written.write_fmt(text);
        written
    }

    fn text(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Write for Written {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// The values of one condition key.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// The request has no such value.
    Missing,
    /// The value exists or not, but the gateway did not say (for example the stored tags of an
    /// object). A statement that needs it denies if it is a Deny and does not allow if it is an Allow.
    Unknown,
    /// One value.
    One(Value<'a>),
    /// Any number of text values; none is the same as [`Values::Missing`].
    Texts(&'a [&'a [u8]]),
}

impl<'a> Values<'a> {
    /// The first value, if one is known.
    pub fn first(&self) -> Option<Value<'a>> {
        match *self {
            Values::Missing | Values::Unknown => None,
            Values::One(value) => Some(value),
            Values::Texts(texts) => texts.first().map(|text| Value::Text(text)),
        }
    }
}

/// The name of a value in the request context: the condition key without its service prefix
/// (`policy-language` 3.2), for example `username`, `prefix` or `ExistingObjectTag/env`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContextKey<'a> {
    /// The known value name, without suffix. `None` for names outside the catalogue.
    pub value: Option<ValueName>,
    /// The text after the first `/` of the key, for example the tag key `env`.
    pub suffix: Option<&'a str>,
    /// The whole name as text, with suffix.
    pub name: &'a str,
}

/// Where conditions and policy variables read their values.
pub trait Context {
    /// The values of `key`.
    fn values(&self, key: ContextKey<'_>) -> Values<'_>;

    /// The values of `key` for a policy variable, which takes the first one. Contexts that find a
    /// value under several names use only the exact name here (`policy-language` 4).
    fn variable(&self, key: ContextKey<'_>) -> Values<'_> {
        self.values(key)
    }
}

/// A context without any value.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyContext;

impl Context for EmptyContext {
    fn values(&self, _: ContextKey<'_>) -> Values<'_> {
        Values::Missing
    }
}

/// A context given as names and values, as the bindings' `decide` takes it.
///
/// A name is a value name (`username`) or a full condition key (`aws:username`, `jwt:sub`); both
/// mean the same entry. Look-up is by exact name, then by the name's canonical HTTP header spelling
/// (`x-amz-copy-source`, then `X-Amz-Copy-Source`), as MinIO does.
#[derive(Clone, Debug, Default)]
pub struct ContextMap<'a> {
    entries: SmallVec<[Entry<'a>; 8]>,
    /// Names are full condition keys, as in the AWS dialect.
    full_keys: bool,
}

/// A value name and its values.
type Entry<'a> = (&'a str, SmallVec<[&'a [u8]; 1]>);

/// Service prefixes that a condition key may carry; what follows is the value name.
const PREFIXES: [&str; 8] = ["aws:", "s3:", "jwt:", "ldap:", "sts:", "svc:", "s3tables:", "memory:"];

impl<'a> ContextMap<'a> {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty map for policies of a dialect. In the AWS dialect a name is a full condition key
    /// (`aws:username`), compared without regard to letter case.
    pub fn of(dialect: Dialect) -> Self {
        // Set in place, because moving a map takes as long as many a condition.
        let mut map = Self::new();
        map.full_keys = dialect.is_aws();
        map
    }

    /// Adds one value to the entry of `name`.
    pub fn add(&mut self, name: &'a str, value: &'a [u8]) {
        let name = if cfg!(feature = "aws") && self.full_keys { name } else { value_name(name) };
        let full_keys = self.full_keys;
        let same = |n: &str| n == name || full_keys && n.eq_ignore_ascii_case(name);
        match self.entries.iter_mut().find(|(n, _)| same(n)) {
            Some((_, values)) => values.push(value),
            None => self.entries.push((name, [value].into())),
        }
    }

    /// Every name with each of its values.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.entries.iter().flat_map(|(name, values)| values.iter().map(move |value| (*name, *value)))
    }

    fn find(&self, is_name: impl Fn(&str) -> bool) -> Option<Values<'_>> {
        let (_, values) = self.entries.iter().find(|(n, _)| is_name(n))?;
        Some(Values::Texts(values))
    }
}

impl Context for ContextMap<'_> {
    fn values(&self, key: ContextKey<'_>) -> Values<'_> {
        if cfg!(feature = "aws") && self.full_keys {
            return self.find(|name| name.eq_ignore_ascii_case(key.name)).unwrap_or(Values::Missing);
        }
        self.find(|name| name == key.name)
            .or_else(|| self.find(|name| is_header_spelling(name, key.name)))
            .unwrap_or(Values::Missing)
    }

    fn variable(&self, key: ContextKey<'_>) -> Values<'_> {
        if cfg!(feature = "aws") && self.full_keys {
            return self.values(key);
        }
        self.find(|name| name == key.name).unwrap_or(Values::Missing)
    }
}

/// A condition key without its service prefix.
fn value_name(name: &str) -> &str {
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// Whether `text` is the canonical HTTP header spelling of `name`: first letter and every letter
/// after `-` upper case, the rest lower case. A name with a byte that no header name has (such as
/// `/`) has no other spelling than its own.
fn is_header_spelling(text: &str, name: &str) -> bool {
    if text.len() != name.len() || !name.bytes().all(is_header_name_byte) {
        return false;
    }
    let mut upper = true;
    text.bytes().zip(name.bytes()).all(|(t, n)| {
        let canonical = if upper { n.to_ascii_uppercase() } else { n.to_ascii_lowercase() };
        upper = n == b'-';
        t == canonical
    })
}

fn is_header_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: Values<'_>) -> Vec<&[u8]> {
        match values {
            Values::Texts(texts) => texts.to_vec(),
            _ => Vec::new(),
        }
    }

    fn key(name: &str) -> ContextKey<'_> {
        ContextKey { value: None, suffix: None, name }
    }

    #[test]
    fn full_keys_and_value_names_are_one_entry() {
        let mut map = ContextMap::new();
        map.add("aws:username", b"bob");
        map.add("username", b"eve");
        assert_eq!(texts(map.values(key("username"))), [b"bob", b"eve"]);
        assert!(texts(map.values(key("Username"))).is_empty());
    }

    #[test]
    fn exact_name_wins_over_header_spelling() {
        let mut map = ContextMap::new();
        map.add("Prefix", b"header");
        assert_eq!(texts(map.values(key("prefix"))), [b"header"]);
        map.add("prefix", b"query");
        assert_eq!(texts(map.values(key("prefix"))), [b"query"]);
        map.add("X-Amz-Copy-Source", b"b/k");
        assert_eq!(texts(map.values(key("x-amz-copy-source"))), [b"b/k"]);
    }

    #[test]
    fn every_value_has_a_text_form() {
        let text = |value: Value<'_>| value.with_text(|t| String::from_utf8_lossy(t).into_owned());
        assert_eq!(text(Value::Bool(false)), "false");
        assert_eq!(text(Value::Integer(i64::MIN)), "-9223372036854775808");
        assert_eq!(
            text(Value::Address("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".parse().unwrap())).len(),
            39
        );
        assert_eq!(text(Value::Time(Timestamp::from_unix_seconds(0))), "1970-01-01T00:00:00Z");
    }
}
