//! What the reader finds wrong with a text.

use super::Span;

/// The most problems that one reading reports; a text with more is given up.
pub const MOST_PROBLEMS: usize = 100;

/// Something wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// The RFC 6901 pointer of the value concerned; empty where there is none.
    pub pointer: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it; empty if the message says it.
    pub help: String,
}

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// Not JSON.
    Syntax,
    /// More text after the value.
    TrailingText,
    /// A name that the object already has.
    RepeatedName,
    /// An escape that JSON does not have.
    InvalidEscape,
    /// Invalid UTF-8 or half of a surrogate pair; read as U+FFFD.
    ReplacedText,
    /// Nested too deeply.
    TooDeep,
    /// Too long.
    TooLarge,
}

impl ProblemKind {
    /// Whether the text is not JSON, or too much of it, because of this. The other kinds are texts
    /// that common readers accept.
    pub fn is_fatal(self) -> bool {
        use ProblemKind::{InvalidEscape, Syntax, TooDeep, TooLarge};
        matches!(self, Syntax | InvalidEscape | TooDeep | TooLarge)
    }
}

/// A list of problems that stays short.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    fatal: usize,
}

impl Problems {
    /// Adds a problem, unless there are too many. The first fatal problem always has room.
    pub(super) fn add(&mut self, problem: Problem) {
        let first_fatal = problem.kind.is_fatal() && self.fatal == 0;
        self.fatal += usize::from(problem.kind.is_fatal());
        if self.has_room() || first_fatal {
            self.list.push(problem);
        }
    }

    /// Whether a problem that is not fatal would be kept.
    pub(super) fn has_room(&self) -> bool {
        self.list.len() < MOST_PROBLEMS
    }

    /// How many fatal problems there were, kept or not.
    pub(super) fn fatal(&self) -> usize {
        self.fatal
    }

    /// Whether reading on would report nothing new.
    pub(super) fn is_full(&self) -> bool {
        self.fatal > 0 && !self.has_room()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Sets the pointer of the problems with a value that came after the first `from`.
    #[inline]
    pub(super) fn set_pointer(&mut self, from: usize, pointer: impl Fn() -> String) {
        for problem in self.list.iter_mut().skip(from) {
            if problem.kind != ProblemKind::Syntax {
                problem.pointer = pointer();
            }
        }
    }

    /// The problems in the order of the text.
    pub(super) fn into_sorted(mut self) -> Vec<Problem> {
        self.list.sort_by_key(|p| p.span.start);
        self.list
    }
}
