//! The tree that the reader builds, and paths into it.

use super::Span;
use std::borrow::Cow;

/// A JSON value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'t> {
    /// The whole value, brackets and quotes included.
    pub span: Span,
    /// The value.
    pub value: Value<'t>,
}

/// A JSON value. What needs no decoding is borrowed from the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number, as written.
    Number(&'t str),
    /// A string, decoded.
    String(Cow<'t, str>),
    /// A list.
    List(Vec<Node<'t>>),
    /// An object.
    Object(Object<'t>),
    /// Something that is no JSON value; a problem says why.
    Unreadable,
}

/// The members of an object in the order of the text, repeats included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object<'t> {
    /// The members.
    pub members: Vec<Member<'t>>,
    /// Part of the object could not be read, so what seems to be missing may be there.
    pub damaged: bool,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'t> {
    /// The name, decoded.
    pub name: Cow<'t, str>,
    /// The name, with its quotes.
    pub name_span: Span,
    /// The value.
    pub value: Node<'t>,
}

impl Member<'_> {
    /// The name and the value.
    pub fn span(&self) -> Span {
        Span { start: self.name_span.start, end: self.value.span.end.max(self.name_span.end) }
    }
}

impl Value<'_> {
    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether it is a JSON value at all.
    pub fn is_readable(&self) -> bool {
        !matches!(self, Value::Unreadable)
    }

    /// What the value is, in words: `a string`, `a list`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Boolean(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Unreadable => "unreadable",
        }
    }
}

/// The way from the root of a document to a value, kept on the stack while reading; it becomes text
/// only when something is reported.
#[derive(Clone, Copy, Debug)]
pub enum Path<'p> {
    /// The document.
    Root,
    /// A member of an object.
    Name(&'p Path<'p>, &'p str),
    /// An entry of a list.
    Index(&'p Path<'p>, usize),
}

impl Path<'_> {
    /// The path as an RFC 6901 pointer: empty for the root, else `/` before each step.
    pub fn pointer(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Path::Root => {}
            Path::Name(parent, name) => {
                parent.write(out);
                out.push('/');
                for c in name.chars() {
                    match c {
                        '~' => out.push_str("~0"),
                        '/' => out.push_str("~1"),
                        c => out.push(c),
                    }
                }
            }
            Path::Index(parent, index) => {
                parent.write(out);
                out.push('/');
                out.push_str(&index.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_tilde_and_slash() {
        let statement = Path::Name(&Path::Root, "Statement");
        let first = Path::Index(&statement, 0);
        let key = Path::Name(&first, "s3:ExistingObjectTag/a~b");
        assert_eq!(Path::Root.pointer(), "");
        assert_eq!(key.pointer(), "/Statement/0/s3:ExistingObjectTag~1a~0b");
    }
}
