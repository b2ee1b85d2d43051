//! A JSON reader that keeps the place of every token, reports every problem it meets, and bounds
//! what it reads.
//!
//! It goes on after an error as well as it can, so that one reading finds all mistakes of a text
//! and later stages see the rest of it. A text without a problem of a fatal kind
//! ([`ProblemKind::is_fatal`]) is JSON as RFC 8259 has it, apart from text after the value and
//! invalid UTF-8, which are reported and read as common readers do.

mod problem;
mod reader;
mod repeats;
mod scalar;
mod value;

pub(crate) use repeats::repeats;

pub use problem::{MOST_PROBLEMS, Problem, ProblemKind};
pub use value::{Member, Node, Object, Path, Value};

/// What a reading gives.
#[derive(Clone, Debug)]
pub struct Reading<'t> {
    /// The value, as far as it could be read; `None` if there is none or the text is too long.
    pub root: Option<Node<'t>>,
    /// Everything that is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Reads a text of at most `bytes` bytes, with at most `depth` levels of objects and lists (and
/// never more than 128), in time linear in its length but for sorting the names of each object.
pub fn read(text: &[u8], bytes: usize, depth: usize) -> Reading<'_> {
    reader::read(text, bytes, depth)
}

/// The line and column of a byte of a text, both from 1; columns count bytes.
pub fn line_and_column(text: &[u8], offset: u32) -> (usize, usize) {
    let before = text.get(..offset as usize).unwrap_or(text);
    let lines = before.iter().filter(|&&b| b == b'\n').count();
    let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    (lines + 1, before.len() - line_start + 1)
}

/// A half-open range of bytes in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A range; places past 4 GiB are clamped.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The bytes of the range in a text; empty if it lies outside.
    pub fn of(self, text: &[u8]) -> &[u8] {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Writes a text as a JSON string, with its quotes.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| b < 0x20 || b == b'"' || b == b'\\') {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        match tail.as_bytes().first() {
            Some(b'"') => out.push_str("\\\""),
            Some(b'\\') => out.push_str("\\\\"),
            Some(b'\n') => out.push_str("\\n"),
            Some(b'\r') => out.push_str("\\r"),
            Some(b'\t') => out.push_str("\\t"),
            Some(&b) => {
                out.push_str("\\u00");
                out.push(char::from(if b >> 4 == 0 { b'0' } else { b'1' }));
                out.push(char::from_digit(u32::from(b & 15), 16).unwrap_or('0'));
            }
            None => {}
        }
        rest = tail.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests;
