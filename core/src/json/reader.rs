//! The reader: objects and lists, what may stand between them, and how to go on after an error.

use super::problem::{Problem, ProblemKind, Problems};
use super::value::{Member, Node, Object, Path, Value};
use super::{Reading, Span, repeats};
use crate::bytes::PLAIN;
use std::borrow::Cow;

/// The deepest nesting that any reading takes, whatever its limits say: the reader recurses.
const DEEPEST: usize = 128;
/// How many characters of the text a message shows at most.
const SHOWN: usize = 40;

/// Reads a text of at most `bytes` bytes and `depth` levels of objects and lists.
pub(super) fn read(text: &[u8], bytes: usize, depth: usize) -> Reading<'_> {
    let mut reader = Reader {
        text,
        valid: None,
        at: 0,
        depth: depth.min(DEEPEST),
        open: Vec::new(),
        entries: Vec::new(),
        members: Vec::new(),
        problems: Problems::default(),
        last_syntax: None,
        separator_forgiven: false,
    };
    if text.len() > bytes.min(u32::MAX as usize) {
        let message = format!("the document has {} bytes; at most {bytes} are read", text.len());
        reader.problem(ProblemKind::TooLarge, Span::new(0, text.len()), message, "split it into several");
        return Reading { root: None, problems: reader.problems.into_sorted() };
    }
    if !PLAIN {
        reader.valid = std::str::from_utf8(text).ok();
        // Usual documents need no more, and small ones not as much.
        reader.entries.reserve(text.len().min(4096) / 64);
        reader.members.reserve(text.len().min(4096) / 128);
    }
    let root = reader.root();
    Reading { root, problems: reader.problems.into_sorted() }
}

/// A cursor over a text.
pub(super) struct Reader<'t> {
    text: &'t [u8],
    /// The same, if all of it is known to be UTF-8.
    valid: Option<&'t str>,
    /// The next byte.
    pub(super) at: usize,
    depth: usize,
    /// The closing brackets that are due, innermost last.
    open: Vec<u8>,
    /// The entries and members so far of the lists and objects that are open, innermost last.
    entries: Vec<Node<'t>>,
    members: Vec<Member<'t>>,
    problems: Problems,
    /// The last syntax problem, so that one mistake is reported once.
    last_syntax: Option<Span>,
    /// The next missing comma follows from a problem that is already reported.
    separator_forgiven: bool,
}

impl<'t> Reader<'t> {
    fn root(&mut self) -> Option<Node<'t>> {
        if self.text.starts_with(b"\xEF\xBB\xBF") {
            let message = "the document begins with a byte order mark".to_owned();
            self.syntax(Span::new(0, 3), message, "save it as UTF-8 without one");
            self.at = 3;
        }
        self.skip_blanks();
        if self.peek().is_none() {
            let message = "the document is empty; expected `{`".to_owned();
            self.syntax(Span::new(0, self.text.len()), message, "write at least `{}`");
            return None;
        }
        let root = self.value(&Path::Root);
        self.skip_whitespace();
        if self.peek().is_some() && root.value.is_readable() && !self.problems.is_full() {
            let span = Span::new(self.at, self.text.len());
            let message = format!("more text follows the document: {}", self.shown(span));
            self.problem(ProblemKind::TrailingText, span, message, "delete the surplus text");
        }
        Some(root)
    }

    /// Reads a value, most often a string in which nothing is to be decoded.
    #[inline]
    fn node(&mut self, path: &Path<'_>) -> Node<'t> {
        match self.plain_string() {
            Some(string) => Node { span: string.span, value: Value::String(string.text) },
            None => self.value(path),
        }
    }

    /// Reads a value; the cursor is at its first byte. Takes at least one byte, unless it is at a
    /// closing bracket, at a comma or at the end.
    fn value(&mut self, path: &Path<'_>) -> Node<'t> {
        let start = self.at;
        let value = match self.peek() {
            Some(open @ (b'{' | b'[')) if self.open.len() >= self.depth => {
                let message = format!("`{}` nests deeper than {} levels", char::from(open), self.depth);
                let problems = self.problems.len();
                self.problem(
                    ProblemKind::TooDeep,
                    Span::new(start, start + 1),
                    message,
                    "flatten the document",
                );
                self.problems.set_pointer(problems, || path.pointer());
                self.skip_nested();
                Value::Unreadable
            }
            Some(b'{') => Value::Object(self.object(path)),
            Some(b'[') => Value::List(self.list(path)),
            Some(quote @ (b'"' | b'\'')) => {
                let (problems, fatal) = (self.problems.len(), self.problems.fatal());
                let string = self.string();
                self.problems.set_pointer(problems, || path.pointer());
                let is_readable = self.problems.fatal() == fatal;
                if quote == b'\'' {
                    self.wrong_quotes(string.span);
                }
                if is_readable { Value::String(string.text) } else { Value::Unreadable }
            }
            None | Some(b',' | b']' | b'}') => {
                self.expected("a value", "");
                Value::Unreadable
            }
            Some(b':') => {
                self.expected("a value", "");
                self.at += 1;
                Value::Unreadable
            }
            Some(_) => self.word_value(),
        };
        Node { span: self.span_from(start), value }
    }

    fn object(&mut self, path: &Path<'_>) -> Object<'t> {
        let fatal = self.problems.fatal();
        self.at += 1;
        self.open.push(b'}');
        let outer = self.members.len();
        let mut comma = None;
        while self.enter(b'}', "a member name", &mut comma) {
            let Some((name, name_span)) = self.member_name(path) else { continue };
            let inner = Path::Name(path, &name);
            self.skip_blanks();
            self.colon(&name);
            self.skip_blanks();
            let value = self.node(&inner);
            self.members.push(Member { name, name_span, value });
            self.skip_blanks();
            comma = self.comma("`,` or `}` after a member");
        }
        self.open.pop();
        let members = self.members.split_off(outer);
        let damaged = self.problems.fatal() > fatal;
        self.repeated_names(&members, path);
        Object { members, damaged }
    }

    fn list(&mut self, path: &Path<'_>) -> Vec<Node<'t>> {
        self.at += 1;
        self.open.push(b']');
        let outer = self.entries.len();
        let mut comma = None;
        while self.enter(b']', "a value", &mut comma) {
            let value = self.node(&Path::Index(path, self.entries.len() - outer));
            self.entries.push(value);
            self.skip_blanks();
            comma = self.comma("`,` or `]` after an entry");
        }
        self.open.pop();
        self.entries.split_off(outer)
    }

    /// Moves to the next member or entry; false when the object or list is over. `comma` is where
    /// the comma before the cursor stands.
    fn enter(&mut self, close: u8, expected: &str, comma: &mut Option<usize>) -> bool {
        loop {
            self.skip_blanks();
            if self.problems.is_full() {
                self.at = self.text.len();
                return false;
            }
            match self.peek() {
                Some(b) if b == close => {
                    if let Some(comma) = *comma {
                        let message =
                            format!("expected {expected} after the comma, found `{}`", char::from(b));
                        self.syntax(Span::new(comma, self.at), message, "drop the trailing comma");
                    }
                    self.at += 1;
                    return false;
                }
                None => {
                    self.end_of_text(close);
                    return false;
                }
                Some(b @ (b'}' | b']')) => {
                    self.expected(&format!("`{}`", char::from(close)), "");
                    if self.open.contains(&b) {
                        return false;
                    }
                    self.at += 1;
                }
                Some(b',') => {
                    self.expected(expected, "drop the comma");
                    self.at += 1;
                }
                Some(_) => {
                    *comma = None;
                    return true;
                }
            }
            *comma = None;
        }
    }

    /// Reads a member name; `None` if what is there is no name and was skipped.
    fn member_name(&mut self, path: &Path<'_>) -> Option<(Cow<'t, str>, Span)> {
        if let Some(string) = self.plain_string() {
            return Some((string.text, string.span));
        }
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                let problems = self.problems.len();
                let string = self.string();
                self.problems.set_pointer(problems, || Path::Name(path, &string.text).pointer());
                if quote == b'\'' {
                    self.wrong_quotes(string.span);
                }
                Some((string.text, string.span))
            }
            Some(b'{' | b'[') => {
                self.expected("a member name", "give the value a name, or delete it");
                self.value(path);
                self.forgive_separator();
                self.skip_blanks();
                self.comma("");
                None
            }
            _ => {
                let start = self.at;
                self.skip_word(b":='");
                let span = self.span_from(start);
                let message = format!("expected a member name, found {}", self.shown(span));
                self.syntax(span, message, "a member name needs double quotes");
                let word = std::str::from_utf8(self.slice(start, self.at)).ok()?;
                let is_name = word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_$-".contains(&b));
                is_name.then_some((Cow::Borrowed(word), span))
            }
        }
    }

    fn colon(&mut self, name: &str) {
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(b'=') => {
                self.expected("`:`", "write `:` between name and value");
                self.at += 1;
            }
            _ => {
                let expected = format!("`:` after the member name {}", quoted(name));
                self.expected(&expected, "write `:` between name and value");
            }
        }
    }

    /// Takes the comma after a member or entry, and says where it was. Anything but a comma or a
    /// closing bracket is reported and left for the next round.
    fn comma(&mut self, expected: &str) -> Option<usize> {
        let forgiven = std::mem::take(&mut self.separator_forgiven);
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Some(self.at - 1)
            }
            None | Some(b'}' | b']') => None,
            Some(_) => {
                if !forgiven {
                    self.expected(expected, "add the missing comma");
                }
                None
            }
        }
    }

    /// Reports names that an object has twice, in linearithmic time.
    fn repeated_names(&mut self, members: &[Member<'t>], path: &Path<'_>) {
        let name = |at: usize| members.get(at).map_or("", |member| &*member.name);
        for (at, first) in repeats(members.len(), &name) {
            let (Some(member), Some(first)) = (members.get(at), members.get(first)) else { continue };
            let (line, column) = super::line_and_column(self.text, first.name_span.start);
            let message = format!(
                "the member {} is already given at line {line}, column {column}",
                quoted(&member.name)
            );
            let from = self.problems.len();
            let help = "merge the two, or delete one";
            self.problem(ProblemKind::RepeatedName, member.name_span, message, help);
            self.problems.set_pointer(from, || Path::Name(path, &member.name).pointer());
            if !self.problems.has_room() {
                return;
            }
        }
    }

    /// Skips blanks, and comments, which are reported.
    #[inline]
    fn skip_blanks(&mut self) {
        // Most often there are none.
        if !PLAIN && self.peek().is_some_and(|b| b > b' ' && b != b'/') {
            return;
        }
        self.skip_whitespace_and_comments();
    }

    fn skip_whitespace_and_comments(&mut self) {
        self.skip_whitespace();
        while self.peek() == Some(b'/') && self.skip_comment() {
            self.skip_whitespace();
        }
    }

    fn skip_comment(&mut self) -> bool {
        let start = self.at;
        let rest = self.slice(start, self.text.len());
        let length = if rest.starts_with(b"//") {
            rest.iter().position(|&b| b == b'\n')
        } else if rest.starts_with(b"/*") {
            rest.windows(2).skip(2).position(|w| w == b"*/").map(|at| at + 4)
        } else {
            return false;
        };
        self.at += length.unwrap_or(rest.len());
        let span = self.span_from(start);
        self.syntax(span, "JSON has no comments".to_owned(), "delete the comment");
        true
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Skips a value that is nested too deeply, without recursion.
    fn skip_nested(&mut self) {
        let mut due = 0usize;
        while let Some(b) = self.peek() {
            match b {
                b'"' => {
                    self.at += 1;
                    while let Some(b) = self.peek().filter(|&b| b != b'"' && b != b'\n') {
                        self.at += if b == b'\\' { 2 } else { 1 };
                    }
                }
                b'{' | b'[' => due += 1,
                b'}' | b']' => due -= 1,
                _ => {}
            }
            self.at = (self.at + 1).min(self.text.len());
            if due == 0 {
                return;
            }
        }
        self.at = self.text.len();
    }

    fn end_of_text(&mut self, close: u8) {
        let end = self.text.len();
        let message = format!("the document ends where `{}` is expected", char::from(close));
        self.syntax(Span::new(end, end), message, "close what is open");
    }

    fn wrong_quotes(&mut self, span: Span) {
        let message = format!("expected double quotes around {}", self.shown(span));
        self.syntax(span, message, "write `\"` instead of `'`");
    }

    /// Reports that something else was expected at the cursor.
    fn expected(&mut self, what: &str, help: &str) {
        let start = self.at;
        if start >= self.text.len() {
            let message = format!("expected {what}, but the document ends");
            self.syntax(Span::new(start, start), message, help);
            return;
        }
        let end = match self.peek() {
            Some(b'"') => {
                let rest = self.slice(start + 1, self.text.len());
                let close = rest.iter().position(|&b| b == b'"' || b == b'\n');
                start
                    + close.map_or(rest.len(), |at| at + 1)
                    + usize::from(close.is_some_and(|at| rest.get(at) == Some(&b'"')))
            }
            Some(b) if b.is_ascii_alphanumeric() => {
                let rest = self.slice(start, self.text.len());
                start + rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count()
            }
            _ => self.end_of_character(start),
        };
        let span = Span::new(start, end);
        let message = format!("expected {what}, found {}", self.shown(span));
        self.syntax(span, message, help);
    }

    /// Reports a syntax problem, unless it continues the one before.
    pub(super) fn syntax(&mut self, span: Span, message: String, help: impl Into<String>) {
        let again = self
            .last_syntax
            .is_some_and(|last| span.start >= last.start && (span.start < last.end || span.end == last.end));
        if !again {
            self.last_syntax = Some(span);
            self.problem(ProblemKind::Syntax, span, message, help);
        }
    }

    pub(super) fn problem(
        &mut self,
        kind: ProblemKind,
        span: Span,
        message: String,
        help: impl Into<String>,
    ) {
        self.problems.add(Problem { kind, span, pointer: String::new(), message, help: help.into() });
    }

    /// The next missing comma is not worth a problem of its own.
    pub(super) fn forgive_separator(&mut self) {
        self.separator_forgiven = true;
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    /// Where the text ends.
    pub(super) fn end(&self) -> usize {
        self.text.len()
    }

    /// A piece of the text that lies between characters, if it is UTF-8.
    pub(super) fn text(&self, start: usize, end: usize) -> Option<&'t str> {
        match self.valid {
            Some(text) if !PLAIN => text.get(start..end),
            _ => std::str::from_utf8(self.slice(start, end)).ok(),
        }
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t [u8] {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// A piece of the text for a message: its beginning, in backquotes.
    pub(super) fn shown(&self, span: Span) -> String {
        let piece = String::from_utf8_lossy(
            self.slice(span.start as usize, (span.end as usize).min(span.start as usize + 4 * SHOWN)),
        );
        let mut out = String::from("`");
        for (count, c) in piece.chars().enumerate() {
            if count == SHOWN {
                out.push('…');
                break;
            }
            if c.is_control() {
                out.extend(c.escape_unicode());
            } else {
                out.push(c);
            }
        }
        out.push('`');
        out
    }

    /// The character at a place, for a message.
    pub(super) fn shown_at(&self, at: usize) -> String {
        match self.byte(at) {
            Some(_) => self.shown(Span::new(at, self.end_of_character(at))),
            None => "the end of the document".to_owned(),
        }
    }

    /// Where the character ends that begins at a place. What is no character is one byte long at least.
    pub(super) fn end_of_character(&self, at: usize) -> usize {
        let continued = match self.byte(at) {
            Some(0xF0..) => 3,
            Some(0xE0..) => 2,
            Some(0xC0..) => 1,
            _ => 0,
        };
        let rest = self.slice(at + 1, self.text.len()).iter().take(continued);
        at + 1 + rest.take_while(|b| matches!(b, 0x80..=0xBF)).count()
    }
}

/// A decoded name for a message: shortened, in backquotes.
fn quoted(name: &str) -> String {
    let mut out = String::from("`");
    out.extend(name.chars().take(SHOWN));
    if name.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out.push('`');
    out
}
