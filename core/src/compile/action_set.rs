//! Which actions a statement is about.

use super::rule::Profile;
use super::texts;
use crate::bytes::PLAIN;
use crate::catalog::{self, ActionId};
use crate::evaluate::Action;
use crate::pattern::actions::covered;
#[cfg(feature = "aws")]
use crate::pattern::actions::{covered_in_any_case, is_unknown_service};
use crate::pattern::{self, has_wildcard};
use crate::policy::{Dialect, Statement, Text};
use crate::short::SmallVec;
use std::collections::BTreeMap;
use std::sync::Arc;

const WORDS: usize = catalog::action_count().div_ceil(64);

/// The actions of a statement: a bit for each catalogued action, and the patterns for the others.
#[derive(Clone, Debug)]
pub(super) struct ActionSet {
    bits: [u64; WORDS],
    /// No `Action` is given, so all are meant but those of `not_actions`.
    all: bool,
    actions: Entries,
    not_actions: Entries,
    /// Names are compared without regard to letter case, as AWS does; the patterns are in lower case.
    ignore_case: bool,
}

/// Entries of an element: where each stands in a text.
#[derive(Clone, Debug, Default)]
struct Entries {
    text: Arc<str>,
    places: Box<[(u32, u32)]>,
}

/// Action sets by what they are made of, so that those which are written alike are stored once.
#[derive(Default)]
pub(super) struct ActionSets {
    numbers: BTreeMap<Arc<str>, u32>,
    sets: Vec<ActionSet>,
    profiles: Vec<Profile>,
    /// Room for the key of the statement at hand.
    key: String,
}

impl ActionSets {
    /// The number of a statement's action set.
    pub(super) fn number(&mut self, statement: &Statement, dialect: Dialect) -> u32 {
        let (actions, not_actions) = (texts(statement.action.as_ref()), texts(statement.not_action.as_ref()));
        let entries = || actions.iter().chain(not_actions);
        // A key that only the same entries make: their lengths, and then they themselves.
        self.key.clear();
        if !PLAIN {
            self.key.reserve(entries().map(|entry| entry.text.len() + 4).sum::<usize>().max(256));
        }
        push_lengths(&mut self.key, actions);
        push_lengths(&mut self.key, not_actions);
        let mut at = self.key.len();
        entries().for_each(|entry| self.key.push_str(&entry.text));
        if dialect.is_aws() {
            self.key.get_mut(at..).unwrap_or_default().make_ascii_lowercase();
        }
        if dialect.is_aws() && statement.not_action.is_none() {
            // An empty `Action` is about nothing, an empty `NotAction` about everything.
            self.key.push('-');
        }
        if let Some(&number) = self.numbers.get(self.key.as_str()) {
            return number;
        }
        let number = self.sets.len() as u32;
        let key: Arc<str> = self.key.as_str().into();
        let mut entries = |texts: &[Text]| Entries::of(&key, texts, &mut at);
        let (actions, not_actions) = (entries(actions), entries(not_actions));
        if !dialect.is_aws() {
            self.profiles.push(Profile::of(actions.iter()));
        }
        self.sets.push(match dialect {
            #[cfg(feature = "aws")]
            Dialect::Aws => ActionSet::aws(actions, not_actions, statement.not_action.is_some()),
            _ => ActionSet::new(actions, not_actions),
        });
        self.numbers.insert(key, number);
        number
    }

    /// What the `Action` entries of a set of the MinIO dialect have in common.
    pub(super) fn profile(&self, number: u32) -> Option<&Profile> {
        self.profiles.get(number as usize)
    }

    pub(super) fn finish(self) -> Box<[ActionSet]> {
        self.sets.into()
    }
}

/// Appends the lengths of entries, and a mark that ends them.
fn push_lengths(key: &mut String, entries: &[Text]) {
    for entry in entries {
        let mut length = entry.text.len();
        while length > 0 {
            key.push(char::from(b'@' + (length % 32) as u8));
            length /= 32;
        }
        key.push(':');
    }
    key.push(';');
}

impl Entries {
    /// The entries of an element, which stand one behind the other from `at` on.
    fn of(text: &Arc<str>, entries: &[Text], at: &mut usize) -> Self {
        let place = |entry: &Text| {
            let start = *at;
            *at += entry.text.len();
            (start as u32, *at as u32)
        };
        Self { text: text.clone(), places: entries.iter().map(place).collect() }
    }

    fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        let places = self.places.iter();
        places.map(|&(start, end)| self.text.get(start as usize..end as usize).unwrap_or_default())
    }

    fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Those that can cover an action outside the catalogue; others do no harm.
    fn uncatalogued(self) -> Self {
        if PLAIN {
            return self;
        }
        let is_uncatalogued = |entry: &str| has_wildcard(entry) || catalog::find_action(entry).is_none();
        let kept = self.iter().zip(&self.places).filter(|(entry, _)| is_uncatalogued(entry));
        let places: Box<[_]> = kept.map(|(_, place)| *place).collect();
        if places.is_empty() { Self::default() } else { Self { places, ..self } }
    }

    /// Whether one of them matches a name.
    fn match_name(&self, name: &[u8]) -> bool {
        self.iter().any(|entry| pattern::matches(entry.as_bytes(), name))
    }
}

impl ActionSet {
    fn new(actions: Entries, not_actions: Entries) -> Self {
        let all = actions.is_empty();
        Self {
            bits: difference(all, bits(&actions), bits(&not_actions)),
            all,
            actions: actions.uncatalogued(),
            not_actions: not_actions.uncatalogued(),
            ignore_case: false,
        }
    }

    /// The set of every action.
    pub(super) fn everything() -> Self {
        Self::new(Entries::default(), Entries::default())
    }

    /// A set of the AWS dialect, from entries in lower case. One of no entries is about nothing.
    #[cfg(feature = "aws")]
    fn aws(actions: Entries, not_actions: Entries, is_complement: bool) -> Self {
        let all = is_complement && actions.is_empty();
        let bits = difference(all, aws_bits(&actions), aws_bits(&not_actions));
        Self { bits, all, actions, not_actions, ignore_case: true }
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
        (self.all || self.actions.match_name(name)) && !self.not_actions.match_name(name)
    }
}

/// The catalogued actions that the entries cover: by name with what the name implies
/// (`policy-language` 2.2), or as patterns.
fn bits(entries: &Entries) -> [u64; WORDS] {
    let mut bits = [0; WORDS];
    for entry in entries.iter() {
        if let Some(id) = catalog::find_action(entry) {
            set(&mut bits, id);
            catalog::implied(id).for_each(|id| set(&mut bits, id));
        }
        if has_wildcard(entry) {
            covered(entry).for_each(|(id, _)| set(&mut bits, id));
        }
    }
    bits
}

/// The same in the AWS dialect, of entries in lower case.
#[cfg(feature = "aws")]
fn aws_bits(entries: &Entries) -> [u64; WORDS] {
    let mut bits = [0; WORDS];
    // Entries of one service mostly stand together, and most services are not in the catalogue.
    let mut unknown = None;
    for entry in entries.iter() {
        if unknown.is_some_and(|service| entry.starts_with(service)) {
            continue;
        }
        unknown = entry.split_inclusive(':').next().filter(|service| is_unknown_service(service));
        if unknown.is_none() {
            covered_in_any_case(entry).for_each(|(id, _)| set(&mut bits, id));
        }
    }
    bits
}

fn set(bits: &mut [u64; WORDS], id: ActionId) {
    if let Some(word) = bits.get_mut(id.index() / 64) {
        *word |= 1 << (id.index() % 64);
    }
}

/// The actions of one set, or all, without those of another.
fn difference(all: bool, mut bits: [u64; WORDS], without: [u64; WORDS]) -> [u64; WORDS] {
    for (word, without) in bits.iter_mut().zip(without) {
        *word = if all { u64::MAX } else { *word } & !without;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Element;

    fn statement(actions: &[&str], not_actions: &[&str]) -> Statement {
        let element = |names: &[&str]| {
            let values = names.iter().map(|name| Text { text: (*name).into(), ..Text::default() });
            (!names.is_empty()).then(|| Element { values: values.collect(), ..Element::default() })
        };
        Statement { action: element(actions), not_action: element(not_actions), ..Statement::default() }
    }

    #[test]
    fn sets_that_are_written_alike_have_one_number_and_others_their_own() {
        let mut sets = ActionSets::default();
        let long = "x".repeat(100);
        let mut number =
            |actions: &[&str], not: &[&str]| sets.number(&statement(actions, not), Dialect::Minio);
        assert_eq!(number(&["s3:a", "s3:b"], &[]), 0);
        assert_eq!(number(&["s3:a", "s3:b"], &[]), 0);
        for (at, (actions, not)) in [
            (&["s3:as3:b"][..], &[][..]),
            (&[], &["s3:a", "s3:b"]),
            (&["s3:a"], &["s3:b"]),
            (&[""], &[]),
            (&[], &[""]),
            (&[], &[]),
            (&[&long], &[]),
            (&["s3:A", "s3:b"], &[]),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(number(actions, not), at as u32 + 1, "{actions:?} {not:?}");
        }
    }
}
