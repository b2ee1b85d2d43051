//! Which actions a statement is about.

use super::rule::Profile;
use crate::catalog::{self, ActionId};
use crate::evaluate::Action;
use crate::numbers::Numbers;
use crate::pattern::{self, has_wildcard};
use crate::policy::{Dialect, Element, Statement};
use crate::short::SmallVec;

const WORDS: usize = catalog::action_count().div_ceil(64);

/// The actions of a statement: a bit for each catalogued action, and the patterns for the others.
#[derive(Clone, Debug)]
pub(super) struct ActionSet {
    bits: [u64; WORDS],
    /// No `Action` is given, so all are meant but those of `not_actions`.
    all: bool,
    actions: Box<[Box<str>]>,
    not_actions: Box<[Box<str>]>,
    /// Names are compared without regard to letter case, as AWS does; the patterns are in lower case.
    ignore_case: bool,
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
    pub(super) fn number(&mut self, statement: &Statement, dialect: Dialect) -> u32 {
        let names = |element: Option<&Element>| {
            let texts = element.into_iter().flat_map(|element| &element.values).map(|value| &value.text);
            names(texts.map(|text| if dialect.is_aws() { text.to_ascii_lowercase() } else { text.clone() }))
        };
        let actions = names(statement.action.as_ref());
        let not_actions = names(statement.not_action.as_ref());
        let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
        let not_actions: Vec<&str> = not_actions.iter().map(String::as_str).collect();
        let mut key = key(&actions, &not_actions);
        if dialect.is_aws() && statement.not_action.is_none() {
            // An empty `Action` is about nothing, an empty `NotAction` about everything.
            key.push('-');
        }
        if let Some(&number) = self.numbers.get(key.as_str()) {
            return number;
        }
        let number = self.sets.len() as u32;
        self.sets.push(match dialect.is_aws() {
            false => ActionSet::new(&actions, &not_actions),
            true => ActionSet::aws(&actions, &not_actions, statement.not_action.is_some()),
        });
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
fn names(entries: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = entries.collect();
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
            ignore_case: false,
        }
    }

    /// The set of every action.
    pub(super) fn everything() -> Self {
        Self::new(&[], &[])
    }

    /// A set of the AWS dialect, from entries in lower case. One of no entries is about nothing.
    fn aws(actions: &[&str], not_actions: &[&str], is_complement: bool) -> Self {
        let all = is_complement && actions.is_empty();
        let covers = |entries: &[&str], name: &str| {
            entries.iter().any(|entry| pattern::matches(entry.as_bytes(), name.as_bytes()))
        };
        let mut bits = [0; WORDS];
        for (id, row) in catalog::all_actions() {
            let name = row.name.to_ascii_lowercase();
            if let Some(word) = bits.get_mut(id.index() / 64)
                && (all || covers(actions, &name))
                && !covers(not_actions, &name)
            {
                *word |= 1 << (id.index() % 64);
            }
        }
        let boxed = |entries: &[&str]| entries.iter().map(|entry| (*entry).into()).collect();
        Self { bits, all, actions: boxed(actions), not_actions: boxed(not_actions), ignore_case: true }
    }

    /// Whether the statement is about `action`.
    #[inline]
    pub(super) fn contains(&self, action: Action<'_>) -> bool {
        match action.id() {
            Some(id) => self.bits.get(id.index() / 64).is_some_and(|word| word >> (id.index() % 64) & 1 == 1),
            None if cfg!(feature = "aws") && self.ignore_case => {
                let lower = action.name().bytes().map(|b| b.to_ascii_lowercase());
                self.covers(&lower.collect::<SmallVec<[u8; 64]>>())
            }
            None => self.covers(action.name().as_bytes()),
        }
    }
}

impl ActionSet {
    /// Whether the entries are about an action outside the catalogue.
    fn covers(&self, name: &[u8]) -> bool {
        let covers = |patterns: &[Box<str>]| patterns.iter().any(|p| pattern::matches(p.as_bytes(), name));
        (self.all || covers(&self.actions)) && !covers(&self.not_actions)
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
