//! Strings, numbers and words.

use super::reader::Reader;
use super::{ProblemKind, Span, Value};
use crate::bytes;
use std::borrow::Cow;

/// What a string is when it is read: its text and what it covers.
pub(super) struct ScannedString<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) span: Span,
}

impl<'t> Reader<'t> {
    /// Reads a string; the cursor is at its opening quote, which may be a wrong one (`'`).
    ///
    /// A string that is not closed ends at the end of its line.
    pub(super) fn string(&mut self) -> ScannedString<'t> {
        let start = self.at;
        let quote = self.peek().unwrap_or(b'"');
        self.at += 1;
        let mut decoded = String::new();
        let mut plain = self.at;
        let mut escaped = false;
        loop {
            match self.peek() {
                Some(b) if b == quote => {
                    let text = self.finish_string(decoded, plain, escaped);
                    self.at += 1;
                    return ScannedString { text, span: self.span_from(start) };
                }
                None | Some(b'\n' | b'\r') => {
                    let text = self.finish_string(decoded, plain, escaped);
                    let span = self.span_from(start);
                    self.unclosed_string(span);
                    return ScannedString { text, span };
                }
                Some(b'\\') => {
                    escaped = true;
                    self.push_plain(&mut decoded, plain);
                    self.escape(&mut decoded);
                    plain = self.at;
                }
                Some(b) => {
                    if b < 0x20 {
                        self.control_character(b);
                    }
                    self.at += 1;
                }
            }
        }
    }

    /// Reads a string in which nothing is to be decoded, as most are. `None` if the cursor is at no string, at
    /// another one, or at one so near to the end of the text that it is not worth it.
    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<ScannedString<'t>> {
        let start = self.at;
        let rest = self.slice(start, self.end()).strip_prefix(b"\"")?;
        let length = bytes::plain(rest)?;
        if rest.get(length) != Some(&b'"') {
            return None;
        }
        let text = Cow::Borrowed(self.text(start + 1, start + 1 + length)?);
        self.at = start + length + 2;
        Some(ScannedString { text, span: self.span_from(start) })
    }

    /// The decoded text up to the cursor; borrowed if nothing had to be decoded.
    fn finish_string(&mut self, mut decoded: String, plain: usize, escaped: bool) -> Cow<'t, str> {
        if !escaped && let Some(text) = self.text(plain, self.at) {
            return Cow::Borrowed(text);
        }
        self.push_plain(&mut decoded, plain);
        Cow::Owned(decoded)
    }

    /// Appends the unescaped bytes from `from` to the cursor. Every byte that is not part of a
    /// character becomes U+FFFD.
    fn push_plain(&mut self, out: &mut String, from: usize) {
        let mut at = from;
        for chunk in self.slice(from, self.at).utf8_chunks() {
            out.push_str(chunk.valid());
            at += chunk.valid().len();
            let invalid = chunk.invalid();
            if let Some(&first) = invalid.first() {
                let span = Span::new(at, at + invalid.len());
                let message = format!("the byte 0x{first:02X} is not valid UTF-8 and is read as U+FFFD");
                self.problem(ProblemKind::ReplacedText, span, message, "save the document as UTF-8");
                out.extend(invalid.iter().map(|_| char::REPLACEMENT_CHARACTER));
                at += invalid.len();
            }
        }
    }

    /// Reads an escape; the cursor is at its backslash.
    fn escape(&mut self, out: &mut String) {
        let start = self.at;
        let simple = match self.byte(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(out),
            _ => {
                self.at += 1;
                // The character after the backslash stands for itself; a line break ends the string.
                let shown = self.shown_at(self.at);
                let message = format!("`\\` before {shown} is not an escape");
                let stands = self.peek().is_some_and(|b| b >= 0x20);
                let end = if stands { self.end_of_character(self.at) } else { self.at };
                let help = "write `\\\\` for a backslash";
                self.problem(ProblemKind::InvalidEscape, Span::new(start, end), message, help);
                return;
            }
        };
        out.push(simple);
        self.at += 2;
    }

    /// Reads `\uXXXX` or a pair of them; the cursor is at the backslash.
    fn unicode_escape(&mut self, out: &mut String) {
        let start = self.at;
        let Some(first) = self.hex4(start + 2) else {
            self.at += 2;
            let digits = (0..4).take_while(|i| self.byte(self.at + i).is_some_and(|b| b.is_ascii_hexdigit()));
            self.at += digits.count();
            let message = "`\\u` needs four hexadecimal digits".to_owned();
            self.problem(
                ProblemKind::InvalidEscape,
                self.span_from(start),
                message,
                "write for example `\\u002f`",
            );
            return;
        };
        self.at += 6;
        let mut code = first;
        if (0xD800..0xDC00).contains(&first)
            && self.byte(self.at) == Some(b'\\')
            && self.byte(self.at + 1) == Some(b'u')
            && let Some(second) = self.hex4(self.at + 2).filter(|c| (0xDC00..0xE000).contains(c))
        {
            self.at += 6;
            code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        }
        match char::from_u32(code) {
            Some(c) => out.push(c),
            None => {
                let message = format!("`\\u{first:04x}` is half of a surrogate pair and is read as U+FFFD");
                let help = "write both halves, or the character itself";
                self.problem(ProblemKind::ReplacedText, self.span_from(start), message, help);
                out.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }

    fn hex4(&self, at: usize) -> Option<u32> {
        (0..4).try_fold(0, |code, i| Some(code << 4 | char::from(self.byte(at + i)?).to_digit(16)?))
    }

    fn control_character(&mut self, b: u8) {
        let message = format!("the control character U+{b:04X} must be escaped in a string");
        let help = if b == b'\t' { "write `\\t`".to_owned() } else { format!("write `\\u{b:04x}`") };
        self.syntax(Span::new(self.at, self.at + 1), message, help);
    }

    fn unclosed_string(&mut self, span: Span) {
        self.syntax(
            span,
            "the string is not closed before the end of its line".to_owned(),
            "add the closing `\"`",
        );
        self.forgive_separator();
    }

    /// Reads a number or a bare word: everything up to the next delimiter.
    pub(super) fn word_value(&mut self) -> Value<'t> {
        let start = self.at;
        self.skip_word(b"");
        let span = self.span_from(start);
        let Some(word) = self.text(start, self.at) else {
            self.syntax(span, "expected a value, found bytes that are not UTF-8".to_owned(), "");
            return Value::Unreadable;
        };
        match word {
            "null" => return Value::Null,
            "true" => return Value::Boolean(true),
            "false" => return Value::Boolean(false),
            _ if is_number(word.as_bytes()) => return Value::Number(word),
            _ => {}
        }
        let help = if let Some(literal) =
            ["true", "false", "null"].into_iter().find(|l| l.eq_ignore_ascii_case(word))
        {
            format!("write `{literal}`")
        } else if word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
            "a number is digits, with an optional `-` before and fraction and exponent after, and no leading zero"
                .to_owned()
        } else {
            "a string needs double quotes".to_owned()
        };
        self.syntax(span, format!("expected a value, found {}", self.shown(span)), help);
        Value::Unreadable
    }

    /// Moves the cursor past a bare word; `stops` are further bytes that end it.
    pub(super) fn skip_word(&mut self, stops: &[u8]) {
        let start = self.at;
        while let Some(b) = self.peek() {
            let delimiter =
                matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | b'{' | b'}' | b'"');
            if self.at > start && (delimiter || stops.contains(&b)) {
                break;
            }
            self.at += 1;
        }
    }
}

/// Whether a word is a JSON number.
fn is_number(word: &[u8]) -> bool {
    fn digits(text: &[u8]) -> Option<&[u8]> {
        let count = text.iter().take_while(|b| b.is_ascii_digit()).count();
        text.get(count..).filter(|_| count > 0)
    }
    let unsigned = word.strip_prefix(b"-").unwrap_or(word);
    let integer = if let Some(rest) = unsigned.strip_prefix(b"0") { Some(rest) } else { digits(unsigned) };
    let fraction = integer.and_then(|rest| match rest.strip_prefix(b".") {
        Some(rest) => digits(rest),
        None => Some(rest),
    });
    let exponent = fraction.and_then(|rest| match rest.split_first() {
        Some((b'e' | b'E', rest)) => match rest.split_first() {
            Some((b'+' | b'-', rest)) => digits(rest),
            _ => digits(rest),
        },
        _ => Some(rest),
    });
    exponent.is_some_and(<[u8]>::is_empty)
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn numbers_follow_the_grammar() {
        for good in ["0", "-0", "10", "-1.5", "0.0", "1e9", "1E+9", "12.50e-07"] {
            assert!(is_number(good.as_bytes()), "{good}");
        }
        for bad in ["", "-", "+1", "01", "-01", ".5", "1.", "1e", "1e+", "0x10", "1_0", "1.5.2", "NaN", "1a"]
        {
            assert!(!is_number(bad.as_bytes()), "{bad}");
        }
    }
}
