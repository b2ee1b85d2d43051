//! A small, strict XML reader for the bodies that name what is touched.
//!
//! It reads elements and their text. There is no document type, so there are no entities but the
//! five of XML and numeric ones, and nothing to expand or fetch. Names compare without their
//! namespace prefix. Whatever two readers might take differently is refused.

use crate::{Error, ErrorCode};
use std::borrow::Cow;

/// The deepest nesting. The bodies of S3 need four.
const MAX_DEPTH: usize = 8;

/// What comes next in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// An element begins; its name without prefix.
    Start(&'a str),
    /// A piece of text, still with entities.
    Text(&'a str),
    /// A piece of text that is as it is.
    Literal(&'a str),
    /// The innermost element ends.
    End,
    /// The document ends.
    Finished,
}

/// Reads a document from front to back.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    /// The element that began last was written `<name/>`.
    empty: bool,
    root_seen: bool,
}

impl<'a> Reader<'a> {
    /// A reader at the start of a document whose root element is `root`.
    pub(super) fn new(document: &'a [u8], root: &str) -> Result<Self, Error> {
        let text = std::str::from_utf8(document).map_err(|_| malformed())?;
        let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some(after) = rest.strip_prefix("<?xml") {
            rest = split_once(after, "?>")?.1;
        }
        let mut reader = Self { rest, open: Vec::new(), empty: false, root_seen: false };
        match reader.next()? {
            Event::Start(name) if name == root => Ok(reader),
            _ => Err(malformed()),
        }
    }

    /// The next child element of the one that is open, or `None` at its end. Between children only
    /// white space may stand.
    pub(super) fn child(&mut self) -> Result<Option<&'a str>, Error> {
        loop {
            match self.next()? {
                Event::Start(name) => return Ok(Some(name)),
                Event::End => return Ok(None),
                Event::Text(text) if text.trim_ascii().is_empty() => {}
                _ => return Err(malformed()),
            }
        }
    }

    /// The text of the element that is open, up to its end. It must not have children.
    pub(super) fn text(&mut self) -> Result<String, Error> {
        let mut out = String::new();
        loop {
            match self.next()? {
                Event::Text(text) => unescape(&mut out, text)?,
                Event::Literal(text) => out.push_str(&one_line_end(text)),
                Event::End => return Ok(out),
                _ => return Err(malformed()),
            }
        }
    }

    /// Passes over the element that is open.
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        let depth = self.open.len();
        loop {
            match self.next()? {
                Event::Finished => return Err(malformed()),
                Event::End if self.open.len() < depth => return Ok(()),
                Event::Text(text) => unescape(&mut String::new(), text)?,
                _ => {}
            }
        }
    }

    /// Makes sure that nothing but white space and comments follows the root element.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        match self.next()? {
            Event::Finished => Ok(()),
            _ => Err(malformed()),
        }
    }

    fn next(&mut self) -> Result<Event<'a>, Error> {
        if std::mem::take(&mut self.empty) {
            self.open.pop();
            return Ok(Event::End);
        }
        loop {
            if self.open.is_empty() {
                self.rest = self.rest.trim_ascii_start();
                if self.rest.is_empty() && self.root_seen {
                    return Ok(Event::Finished);
                }
            }
            if let Some(after) = self.rest.strip_prefix("<!--") {
                // `--` inside a comment is not XML, and readers differ on where such a comment ends.
                let (comment, after) = split_once(after, "--")?;
                self.rest = after.strip_prefix('>').ok_or_else(malformed)?;
                check_characters(comment)?;
                continue;
            }
            return self.markup_or_text();
        }
    }

    fn markup_or_text(&mut self) -> Result<Event<'a>, Error> {
        let inside = !self.open.is_empty();
        if let Some(after) = self.rest.strip_prefix("<![CDATA[") {
            let (text, after) = split_once(after, "]]>")?;
            check_characters(text)?;
            self.rest = after;
            return if inside { Ok(Event::Literal(text)) } else { Err(malformed()) };
        }
        if let Some(after) = self.rest.strip_prefix("</") {
            let (name, after) = after.split_once('>').ok_or_else(malformed)?;
            if self.open.pop() != Some(name.trim_ascii_end()) {
                return Err(malformed());
            }
            self.rest = after;
            return Ok(Event::End);
        }
        if let Some(after) = self.rest.strip_prefix('<') {
            return self.start(after);
        }
        let end = self.rest.find('<').ok_or_else(malformed)?;
        let (text, after) = self.rest.split_at(end);
        check_characters(text)?;
        self.rest = after;
        if inside && split_once(text, "]]>").is_err() { Ok(Event::Text(text)) } else { Err(malformed()) }
    }

    /// An element's beginning, after its `<`.
    fn start(&mut self, after: &'a str) -> Result<Event<'a>, Error> {
        if self.open.is_empty() && self.root_seen || self.open.len() == MAX_DEPTH {
            return Err(malformed());
        }
        let end = after.find(|c: char| !is_name(c)).ok_or_else(malformed)?;
        let (name, mut rest) = after.split_at(end);
        let (prefix, local) = name.split_once(':').unwrap_or(("-", name));
        if prefix.is_empty() || local.is_empty() || local.contains(':') {
            return Err(malformed());
        }
        loop {
            let trimmed = rest.trim_ascii_start();
            if let Some(after) = trimmed.strip_prefix('>') {
                self.rest = after;
                break;
            }
            if let Some(after) = trimmed.strip_prefix("/>") {
                self.rest = after;
                self.empty = true;
                break;
            }
            // An attribute needs white space before it.
            if trimmed.len() == rest.len() {
                return Err(malformed());
            }
            rest = attribute(trimmed)?;
        }
        self.root_seen = true;
        self.open.push(name);
        Ok(Event::Start(local))
    }
}

/// Passes over `name="value"`. Attributes mean nothing in these bodies.
fn attribute(text: &str) -> Result<&str, Error> {
    let end = text.find(|c: char| !is_name(c)).filter(|&end| end > 0).ok_or_else(malformed)?;
    let rest = text.get(end..).unwrap_or_default().trim_ascii_start();
    let rest = rest.strip_prefix('=').ok_or_else(malformed)?.trim_ascii_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(malformed)?;
    let (value, rest) = rest.get(1..).and_then(|r| r.split_once(quote)).ok_or_else(malformed)?;
    check_characters(value)?;
    if value.contains('<') {
        return Err(malformed());
    }
    unescape(&mut String::new(), value)?;
    Ok(rest)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | '.')
}

/// Refuses characters that XML 1.0 does not have.
fn check_characters(text: &str) -> Result<(), Error> {
    if text.chars().all(is_character) { Ok(()) } else { Err(malformed()) }
}

fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Appends text with its entities replaced and its line ends made `\n`.
fn unescape(out: &mut String, text: &str) -> Result<(), Error> {
    let text = one_line_end(text);
    let mut rest = text.as_ref();
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, after) = after.split_once(';').ok_or_else(malformed)?;
        out.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => numeric(entity).ok_or_else(malformed)?,
        });
        rest = after;
    }
    out.push_str(rest);
    Ok(())
}

/// `#65` or `#x41`.
fn numeric(entity: &str) -> Option<char> {
    let number = entity.strip_prefix('#')?;
    let (digits, radix) = match number.strip_prefix('x') {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    // `from_str_radix` would take a sign.
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|&c| is_character(c))
}

/// What stands before and behind a mark of ASCII characters.
fn split_once<'t>(text: &'t str, mark: &str) -> Result<(&'t str, &'t str), Error> {
    let at = text.as_bytes().windows(mark.len()).position(|window| window == mark.as_bytes());
    let (before, after) = at.and_then(|at| text.split_at_checked(at)).ok_or_else(malformed)?;
    Ok((before, after.get(mark.len()..).unwrap_or_default()))
}

/// XML reads every line end as one line feed.
fn one_line_end(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return text.into();
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((line, after)) = rest.split_once('\r') {
        out.push_str(line);
        out.push('\n');
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    out.push_str(rest);
    out.into()
}

pub(super) fn malformed() -> Error {
    ErrorCode::MalformedXml.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(document: &str) -> Result<String, Error> {
        let mut reader = Reader::new(document.as_bytes(), "a")?;
        let text = reader.text()?;
        reader.finish()?;
        Ok(text)
    }

    #[test]
    fn text_comes_back_as_written() {
        for (document, text) in [
            ("<a>x</a>", "x"),
            ("<a/>", ""),
            ("<a ></a >", ""),
            ("\u{feff}<?xml version=\"1.0\"?>\n<!-- c --><s:a xmlns:s='u' b=\"&lt;\">x</s:a>\n", "x"),
            ("<a> &lt;&gt;&amp;&quot;&apos;&#65;&#x1F600; </a>", " <>&\"'A\u{1f600} "),
            ("<a>x<![CDATA[<&]]>y</a>", "x<&y"),
            ("<a>1\r\n2\r3&#13;</a>", "1\n2\n3\r"),
            ("<a>x<!-- y -->z</a>", "xz"),
        ] {
            assert_eq!(text_of(document).as_deref(), Ok(text), "{document}");
        }
    }

    #[test]
    fn whatever_readers_may_differ_on_is_refused() {
        for document in [
            "",
            "x",
            "<b/>",
            "<a>",
            "<a></b>",
            "<a/><a/>",
            "<a/>x",
            "<a><b/></a>",
            "<a>&nbsp;</a>",
            "<a>&lt</a>",
            "<a>&#x110000;</a>",
            "<a>&#+65;</a>",
            "<a>&#0;</a>",
            "<a>\u{1}</a>",
            "<a>\u{ffff}</a>",
            "<a>]]></a>",
            "<a b></a>",
            "<a b=c></a>",
            "<a b='1'c='2'/>",
            "<a b='<'/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            "<a><?pi?></a>",
            "<!-- a -- b --><a/>",
            "<:a/>",
            "<a:/>",
            "<p:q:a/>",
            "<\u{e9}/>",
        ] {
            assert!(text_of(document).is_err(), "{document}");
        }
        assert!(Reader::new(b"<a>\xff</a>", "a").is_err());
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("<a>{}{}</a>", "<b>".repeat(depth - 1), "</b>".repeat(depth - 1));
        let skip = |document: &str| {
            let mut reader = Reader::new(document.as_bytes(), "a")?;
            reader.skip()?;
            reader.finish()
        };
        assert_eq!(skip(&nested(8)), Ok(()));
        assert_eq!(skip(&nested(9)), Err(malformed()));
    }

    proptest! {
        #[test]
        fn escaped_text_comes_back(text in "[ -~\u{e9}\u{1f600}\n\t]{0,40}") {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#62;");
            prop_assert_eq!(text_of(&format!("<a>{escaped}</a>")), Ok(text));
        }

        #[test]
        fn nothing_panics(document in "(<|>|/|a|b|=|'|&|;|#|!|--|\\[CDATA\\[|\\]\\]|\\?| ){0,30}") {
            let _ = text_of(&document);
            let _ = text_of(&format!("<a>{document}</a>"));
        }
    }
}
