//! Texts with wildcards and variables (6, 7.3, 8).

use crate::evaluate::{Context, ContextKey, Truth, Values};

/// A place of a text after its variables were replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// A byte that the policy wrote.
    Own(u8),
    /// A byte of a variable's value, or an escaped one: literal, whatever it is.
    Value(u8),
    /// `*`: any run, also an empty one.
    Run,
    /// `?`: one character.
    Character,
    /// A variable whose value is not known.
    Unknown,
}

/// A text of a policy.
#[derive(Clone)]
pub(super) struct Pieces(Vec<Piece>);

/// What stands between `${` and `}`.
enum Variable<'t> {
    Escaped(u8),
    Key { name: &'t str, default: Option<&'t str> },
}

impl Pieces {
    /// A pattern without variables.
    pub(super) fn pattern(text: &str) -> Self {
        Self(text.bytes().map(|b| own(b, true)).collect())
    }

    /// A text with its variables replaced by the values of `context`, if it has any variables at all.
    /// `None` if one has neither value nor default.
    pub(super) fn read(text: &str, wildcards: bool, context: Option<&dyn Context>) -> Option<Self> {
        let Some(context) = context else {
            return Some(Self(text.bytes().map(|b| own(b, wildcards)).collect()));
        };
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let Some((variable, after)) = rest.strip_prefix("${").and_then(variable) else {
                let (character, after) = rest.split_at_checked(c.len_utf8())?;
                pieces.extend(character.bytes().map(|b| own(b, wildcards)));
                rest = after;
                continue;
            };
            rest = after;
            match variable {
                Variable::Escaped(b) => pieces.push(Piece::Value(b)),
                Variable::Key { name, default } => match value(name, context) {
                    Found::Text(text) => pieces.extend(text.into_iter().map(Piece::Value)),
                    Found::Unknown => pieces.push(Piece::Unknown),
                    Found::Nothing => pieces.extend(default?.bytes().map(Piece::Value)),
                },
            }
        }
        Some(Self(pieces))
    }

    /// The text in lower case, character by character.
    pub(super) fn lowered(&self) -> Self {
        let mut out = Vec::new();
        let mut run = Vec::new();
        for piece in self.0.iter().chain([&Piece::Unknown]) {
            match *piece {
                Piece::Own(b) | Piece::Value(b) => run.push(b),
                other => {
                    out.extend(lower(&run).into_iter().map(Piece::Value));
                    run.clear();
                    out.push(other);
                }
            }
        }
        out.pop();
        Self(out)
    }

    /// The text, if all of it is known.
    pub(super) fn text(&self) -> Option<Vec<u8>> {
        let byte = |piece: &Piece| match *piece {
            Piece::Own(b) | Piece::Value(b) => Some(b),
            _ => None,
        };
        self.0.iter().map(byte).collect()
    }

    /// Whether the text is, or may be, all of `text`: by the set of places of `text` that can be reached.
    pub(super) fn matches(&self, text: &[u8]) -> Truth {
        let mut places = vec![0];
        for piece in &self.0 {
            let from = |place: usize| -> Vec<usize> {
                match *piece {
                    Piece::Run | Piece::Unknown => (place..=text.len()).collect(),
                    Piece::Own(b) | Piece::Value(b) if text.get(place) == Some(&b) => vec![place + 1],
                    Piece::Character => end_of_character(text, place).into_iter().collect(),
                    _ => Vec::new(),
                }
            };
            let mut next: Vec<usize> = places.into_iter().flat_map(from).collect();
            next.sort_unstable();
            next.dedup();
            places = next;
        }
        match places.contains(&text.len()) {
            true if self.0.contains(&Piece::Unknown) => Truth::Unknown,
            matches => matches.into(),
        }
    }

    /// The parts between the first five colons that the policy wrote; `None` if there are fewer.
    fn parts(&self) -> Option<Vec<Self>> {
        let mut parts = vec![Vec::new()];
        for &piece in &self.0 {
            match piece {
                Piece::Own(b':') if parts.len() < 6 => parts.push(Vec::new()),
                piece => parts.last_mut()?.push(piece),
            }
        }
        (parts.len() == 6).then(|| parts.into_iter().map(Self).collect())
    }
}

fn own(b: u8, wildcards: bool) -> Piece {
    match b {
        b'*' if wildcards => Piece::Run,
        b'?' if wildcards => Piece::Character,
        b => Piece::Own(b),
    }
}

/// Text in lower case, character by character.
pub(super) fn lower(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text).into_owned();
    text.chars().filter_map(|c| c.to_lowercase().next()).collect::<String>().into_bytes()
}

/// Where the character ends that begins at `place`, if one does: a byte, and if it is not ASCII the bytes that
/// continue it. In UTF-8 that is a character; other texts have characters by the same rule.
fn end_of_character(text: &[u8], place: usize) -> Option<usize> {
    let continues = |b: &u8| (0x80..0xc0).contains(b);
    let (before, rest) = text.split_at_checked(place)?;
    let (first, rest) = rest.split_first()?;
    if continues(first) && before.last().is_some_and(|b| !b.is_ascii()) {
        return None;
    }
    let continued = rest.iter().take_while(|b| !first.is_ascii() && continues(b)).count();
    Some(place + 1 + continued)
}

/// ARNs compare part by part; with fewer than six parts there is no match (7.3).
pub(super) fn matches_arn(pattern: &Pieces, name: &[u8]) -> Truth {
    let Some(parts) = pattern.parts() else { return Truth::False };
    let names: Vec<&[u8]> = name.splitn(6, |&b| b == b':').collect();
    if names.len() < 6 {
        return Truth::False;
    }
    parts
        .iter()
        .zip(names)
        .map(|(part, name)| part.matches(name))
        .fold(Truth::True, |all, truth| all.and(|| truth))
}

/// The variable that begins a text, after its `${`, and what follows it: a key, a key with `, 'default'`, or
/// one of the characters `*`, `?` and `$` (8).
fn variable(text: &str) -> Option<(Variable<'_>, &str)> {
    for escaped in ["*", "?", "$"] {
        if let Some(after) = text.strip_prefix(escaped).and_then(|rest| rest.strip_prefix('}')) {
            return Some((Variable::Escaped(escaped.bytes().next()?), after));
        }
    }
    let length = text.find(['}', ',', ' ', '$', '{'])?;
    let (name, rest) = text.split_at_checked(length).filter(|(name, _)| !name.is_empty())?;
    if let Some(after) = rest.strip_prefix('}') {
        return Some((Variable::Key { name, default: None }, after));
    }
    let (default, after) = rest.strip_prefix(", '")?.split_once("'}")?;
    Some((Variable::Key { name, default: Some(default) }, after))
}

enum Found {
    Text(Vec<u8>),
    Unknown,
    Nothing,
}

/// Only keys of a single value can be variables (8).
fn value(name: &str, context: &dyn Context) -> Found {
    let suffix = name.split_once('/').map(|(_, suffix)| suffix);
    match context.variable(ContextKey { value: None, suffix, name }) {
        Values::Unknown => Found::Unknown,
        Values::One(value) => Found::Text(value.with_text(<[u8]>::to_vec)),
        Values::Texts([text]) => Found::Text(text.to_vec()),
        Values::Missing | Values::Texts(_) => Found::Nothing,
    }
}
