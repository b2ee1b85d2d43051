//! One object of a directory document, read member by member.

use crate::json::{Node, Object, Path, Value};

/// The most members of a record; names are compared one by one.
const MOST_MEMBERS: usize = 64;

/// An object whose members have different names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'n, 't>(&'n Object<'t>);

impl<'n, 't> Record<'n, 't> {
    /// The object, or what is wrong with it.
    pub(super) fn of(node: &'n Node<'t>) -> Result<Self, String> {
        let Value::Object(object) = &node.value else {
            return Err(format!("is {}, not an object", node.value.kind()));
        };
        if object.members.len() > MOST_MEMBERS {
            return Err(format!("has more than {MOST_MEMBERS} members"));
        }
        for (at, member) in object.members.iter().enumerate() {
            if object.members.iter().take(at).any(|earlier| earlier.name == member.name) {
                return Err(format!("has the member `{}` twice", member.name));
            }
        }
        Ok(Self(object))
    }

    /// A member's value; `null` is the same as no member.
    pub(super) fn get(&self, name: &str) -> Option<&'n Node<'t>> {
        let member = self.0.members.iter().find(|member| member.name == name)?;
        (!member.value.value.is_null()).then_some(&member.value)
    }

    /// The text of a member.
    pub(super) fn text(&self, name: &str) -> Option<&'n str> {
        self.get(name).and_then(text)
    }

    /// The names of members that are none of `known`.
    pub(super) fn unknown(&self, known: &'static [&'static str]) -> impl Iterator<Item = &'n str> {
        self.0.members.iter().map(|member| member.name.as_ref()).filter(|name| !known.contains(name))
    }
}

/// The text of a string.
pub(super) fn text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Something wrong with one record of a directory; the others are loaded all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as an RFC 6901 pointer into the directory document.
    pub pointer: String,
    /// What is wrong and what follows from it. Never holds a secret.
    pub message: String,
}

/// The most problems that one reading reports.
const MOST_PROBLEMS: usize = 1000;

/// A list of problems that stays short.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    further: usize,
}

impl Problems {
    /// Adds a problem with the value at `path`.
    pub(super) fn report(&mut self, path: &Path<'_>, message: impl Into<String>) {
        self.report_at(|| path.pointer(), message);
    }

    /// Adds a problem.
    pub(super) fn report_at(&mut self, pointer: impl FnOnce() -> String, message: impl Into<String>) {
        if self.list.len() < MOST_PROBLEMS {
            self.list.push(Problem { pointer: pointer(), message: message.into() });
        } else {
            self.further += 1;
        }
    }

    /// The problems; the last one counts those that had no room.
    pub(super) fn into_list(mut self) -> Vec<Problem> {
        if self.further > 0 {
            let message = format!("{} further problems are not listed", self.further);
            self.list.push(Problem { pointer: String::new(), message });
        }
        self.list
    }
}
