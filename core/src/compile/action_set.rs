//! Which actions a statement is about.

use super::rule::Profile;
use super::texts;
use crate::catalog::{self, ActionId};
use crate::evaluate::Action;
use crate::numbers::Numbers;
use crate::pattern::{self, has_wildcard};
use crate::policy::{Element, Statement};

const WORDS: usize = catalog::action_count().div_ceil(64);

/// The actions of a statement: a bit for each catalogued action, and the patterns for the others.
#[derive(Clone, Debug)]
pub(super) struct ActionSet {
    bits: [u64; WORDS],
    /// No `Action` is given, so all are meant but those of `not_actions`.
    all: bool,
    actions: Box<[Box<str>]>,
    not_actions: Box<[Box<str>]>,
}

/// Action sets by what they are made of, so that equal ones are stored once.
#[derive(Default)]
pub(super) struct ActionSets {
    numbers: Numbers,
    sets: Vec<ActionSet>,
    profiles: Vec<Profile>,
}

impl ActionSets {
    /// The number of a statement's action set.
    pub(super) fn number(&mut self, statement: &Statement) -> u32 {
        let actions = names(statement.action.as_ref());
        let not_actions = names(statement.not_action.as_ref());
        let key = key(&actions, &not_actions);
        if let Some(&number) = self.numbers.get(key.as_str()) {
            return number;
        }
        let number = self.sets.len() as u32;
        self.sets.push(ActionSet::new(&actions, &not_actions));
        self.profiles.push(Profile::of(&actions));
        self.numbers.insert(key.into(), number);
        number
    }

    /// What the `Action` entries of a set have in common.
    pub(super) fn profile(&self, number: u32) -> Option<&Profile> {
        self.profiles.get(number as usize)
    }

    pub(super) fn finish(self) -> Box<[ActionSet]> {
        self.sets.into()
    }
}

/// The entries, sorted, each once.
fn names(element: Option<&Element>) -> Vec<&str> {
    let mut names: Vec<&str> = texts(element).iter().map(|text| text.text.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A text that only the same names make: each stands behind its length.
fn key(actions: &[&str], not_actions: &[&str]) -> String {
    let mut key = String::new();
    for name in actions.iter().chain(&[""]).chain(not_actions) {
        key.push_str(&name.len().to_string());
        key.push(':');
        key.push_str(name);
    }
    key
}

impl ActionSet {
    fn new(actions: &[&str], not_actions: &[&str]) -> Self {
        let mut bits = if actions.is_empty() { [u64::MAX; WORDS] } else { bits(actions) };
        for (word, not) in bits.iter_mut().zip(self::bits(not_actions)) {
            *word &= !not;
        }
        Self {
            bits,
            all: actions.is_empty(),
            actions: uncatalogued(actions),
            not_actions: uncatalogued(not_actions),
        }
    }

    /// Whether the statement is about `action`.
    #[inline]
    pub(super) fn contains(&self, action: Action<'_>) -> bool {
        match action.id() {
            Some(id) => self.bits.get(id.index() / 64).is_some_and(|word| word >> (id.index() % 64) & 1 == 1),
            None => {
                let covers = |patterns: &[Box<str>]| {
                    patterns.iter().any(|p| pattern::matches(p.as_bytes(), action.name().as_bytes()))
                };
                (self.all || covers(&self.actions)) && !covers(&self.not_actions)
            }
        }
    }
}

/// The catalogued actions that the entries cover: by name with what the name implies
/// (`policy-language` 2.2), or as patterns.
fn bits(entries: &[&str]) -> [u64; WORDS] {
    let mut bits = [0; WORDS];
    let mut set = |id: ActionId| {
        if let Some(word) = bits.get_mut(id.index() / 64) {
            *word |= 1 << (id.index() % 64);
        }
    };
    for entry in entries {
        if let Some(id) = catalog::find_action(entry) {
            set(id);
            catalog::implied(id).for_each(&mut set);
        }
        if has_wildcard(entry) {
            catalog::all_actions()
                .filter(|(_, row)| pattern::matches(entry.as_bytes(), row.name.as_bytes()))
                .for_each(|(id, _)| set(id));
        }
    }
    bits
}

/// The entries that can cover an action outside the catalogue.
fn uncatalogued(entries: &[&str]) -> Box<[Box<str>]> {
    entries
        .iter()
        .filter(|entry| has_wildcard(entry) || catalog::find_action(entry).is_none())
        .map(|&entry| entry.into())
        .collect()
}
