//! The catalogue: actions, their condition keys and levels, generated from the JSON tables in
//! `source/` by `cargo xtask generate`.
//!
//! An action has a number ([`ActionId`]) and a condition key has a value name ([`ValueName`]), so
//! that compiled programs compare numbers, not text.

mod actions;
#[cfg(feature = "aws")]
mod aws_actions;
mod condition_keys;

pub use condition_keys::ValueName;

use std::sync::OnceLock;

/// The number of a catalogued action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId(u16);

impl ActionId {
    /// The number; less than [`action_count`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The action with that number, or `None` past the end of the catalogue.
    pub fn from_index(index: usize) -> Option<Self> {
        (index < actions::ACTIONS.len()).then_some(Self(index as u16))
    }
}

/// The family of actions that an action name belongs to, by its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// `s3:` and `s3express:`.
    S3,
    /// `admin:`.
    Admin,
    /// `sts:`.
    Sts,
    /// `kms:`.
    Kms,
    /// `s3tables:`.
    Tables,
    /// `s3vectors:`.
    Vectors,
    /// `memory:`.
    Memory,
}

/// What an action acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// An object; bucket policies need an object resource for it.
    Object,
    /// A bucket.
    Bucket,
    /// Everything: evaluated with an empty bucket name.
    Service,
    /// Anything: the wildcard entry of a namespace.
    Any,
    /// Some other resource of its namespace, or none.
    Other,
}

/// A set of condition keys, as bits over [`condition_keys`](condition_key)'s order.
pub type KeySet = u128;

/// One catalogued action.
#[derive(Clone, Copy, Debug)]
pub struct ActionRow {
    /// The name, for example `s3:GetObject`, or a namespace's wildcard entry such as `s3:*`.
    pub name: &'static str,
    /// Its namespace.
    pub namespace: Namespace,
    /// What it acts on.
    pub level: Level,
    /// Where [`ActionRow::keys`] is in the table of sets.
    keys: u8,
}

impl ActionRow {
    /// The condition keys that a MinIO statement naming this action may use; all ones means any.
    pub fn keys(&self) -> KeySet {
        actions::KEY_SETS.get(usize::from(self.keys)).copied().unwrap_or_default()
    }
}

/// One condition key.
#[derive(Clone, Copy, Debug)]
pub struct ConditionKeyRow {
    /// The key as policies write it, for example `aws:username`.
    pub name: &'static str,
    /// The value that it reads.
    pub value: ValueName,
    /// Whether a `Condition` may use it.
    pub in_policy: bool,
    /// Whether `${…}` may use it.
    pub variable: bool,
}

/// How many actions the catalogue has.
pub const fn action_count() -> usize {
    actions::ACTIONS.len()
}

/// The row of an action.
pub fn action(id: ActionId) -> &'static ActionRow {
    // Numbers are made in this module only, and only for rows of the table.
    #[allow(clippy::indexing_slicing)]
    &actions::ACTIONS[id.index()]
}

/// Every action, in the order of the numbers.
pub fn all_actions() -> impl Iterator<Item = (ActionId, &'static ActionRow)> {
    actions::ACTIONS.iter().enumerate().map(|(i, row)| (ActionId(i as u16), row))
}

/// The actions of AWS's services of storage, keys and tokens, with what each acts on, sorted by name. They
/// are for lists of what can be done; policies of the AWS dialect may name the actions of any service.
#[cfg(feature = "aws")]
pub fn aws_actions() -> &'static [(&'static str, Level)] {
    aws_actions::AWS_ACTIONS
}

/// The actions that the name of an action, written literally, also covers (`policy-language` 2.2).
pub fn implied(id: ActionId) -> impl Iterator<Item = ActionId> {
    let start = actions::IMPLIED.partition_point(|(action, _)| *action < id);
    let pairs = actions::IMPLIED.get(start..).unwrap_or_default();
    pairs.iter().take_while(move |(action, _)| *action == id).map(|(_, implied)| *implied)
}

/// The slots of the hash table over the names; at most half of them are taken.
const SLOTS: usize = (2 * action_count()).next_power_of_two();
/// What is in a slot that is not taken.
const EMPTY: u16 = u16::MAX;

/// The action with exactly that name.
pub fn find_action(name: &str) -> Option<ActionId> {
    static TABLE: OnceLock<[u16; SLOTS]> = OnceLock::new();
    let table = TABLE.get_or_init(hash_table);
    let mut slot = name_hash(name.as_bytes()) as usize % SLOTS;
    // An empty slot ends every probe.
    loop {
        let index = *table.get(slot)?;
        let row = actions::ACTIONS.get(usize::from(index))?;
        if row.name == name {
            return Some(ActionId(index));
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// The numbers of the actions, each in the first free slot from where the hash of its name points.
fn hash_table() -> [u16; SLOTS] {
    let mut table = [EMPTY; SLOTS];
    for (id, row) in all_actions() {
        let start = name_hash(row.name.as_bytes()) as usize % SLOTS;
        let (before, from) = table.split_at_mut(start);
        if let Some(slot) = from.iter_mut().chain(before).find(|slot| **slot == EMPTY) {
            *slot = id.0;
        }
    }
    table
}

/// The action with that name, looked up while compiling; for the names that the code itself uses.
/// A name that is not in the catalogue does not compile.
#[allow(clippy::indexing_slicing, clippy::panic)] // evaluated by the compiler, never at run time
pub(crate) const fn action_id(name: &str) -> ActionId {
    let mut index = 0;
    while index < actions::ACTIONS.len() {
        if same_text(actions::ACTIONS[index].name.as_bytes(), name.as_bytes()) {
            return ActionId(index as u16);
        }
        index += 1;
    }
    panic!("the catalogue has no such action")
}

#[allow(clippy::indexing_slicing)] // evaluated by the compiler, never at run time
const fn same_text(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// The hash that orders the slots: eight bytes at a time, multiply and fold.
fn name_hash(name: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = name.len() as u64;
    let mut take = |word: u64| {
        hash = (hash ^ word).wrapping_mul(K);
        hash ^= hash >> 29;
    };
    name.as_chunks().0.iter().for_each(|word| take(u64::from_le_bytes(*word)));
    match name.last_chunk() {
        // The last word may overlap the one before it.
        Some(last) => take(u64::from_le_bytes(*last)),
        None => take(name.iter().fold(0, |word, &b| word << 8 | u64::from(b))),
    }
    hash
}

/// Every condition key with its bit in a [`KeySet`].
pub fn all_condition_keys() -> impl Iterator<Item = (KeySet, &'static ConditionKeyRow)> {
    condition_keys::CONDITION_KEYS.iter().enumerate().map(|(i, row)| (1 << i, row))
}

/// The condition key with exactly that name (without a `/suffix`), with its bit in a [`KeySet`].
pub fn condition_key(name: &str) -> Option<(KeySet, &'static ConditionKeyRow)> {
    let keys = condition_keys::CONDITION_KEYS;
    let at = keys.binary_search_by(|row| row.name.cmp(name)).ok()?;
    Some((1 << at, keys.get(at)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_nothing_else() {
        for (id, row) in all_actions() {
            assert_eq!(find_action(row.name), Some(id), "{}", row.name);
        }
        for name in ["", "s3:", "s3:getobject", "s3:GetObjects", "iam:PassRole", "*"] {
            assert_eq!(find_action(name), None, "{name}");
        }
        for (bit, row) in all_condition_keys() {
            assert_eq!(condition_key(row.name).map(|(b, _)| b), Some(bit));
        }
    }

    #[test]
    fn reading_a_version_covers_reading_the_object() {
        let version = find_action("s3:GetObjectVersion").unwrap();
        assert!(implied(version).eq(find_action("s3:GetObject")));
    }
}
