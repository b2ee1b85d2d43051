//! The actions of the catalogue that a pattern covers.

#[cfg(feature = "aws")]
use super::has_wildcard;
use super::matches;
use crate::catalog::{self, ActionId, ActionRow};
#[cfg(any(not(target_family = "wasm"), feature = "aws"))]
use std::borrow::Cow;
#[cfg(any(not(target_family = "wasm"), feature = "aws"))]
use std::sync::OnceLock;

/// The name of an action, as patterns are compared with it.
#[cfg(any(not(target_family = "wasm"), feature = "aws"))]
struct Name {
    text: Cow<'static, str>,
    letters: u64,
    id: ActionId,
}

/// The names of all actions, sorted.
#[cfg(any(not(target_family = "wasm"), feature = "aws"))]
struct Names {
    list: Vec<Name>,
    /// What stands before the name proper, with the colon.
    #[cfg(feature = "aws")]
    services: Vec<String>,
}

/// The actions that a pattern covers; one without wildcards covers the action of that very name. The wasm module
/// is to be small first, and compares every name.
#[cfg(target_family = "wasm")]
pub(crate) fn covered(entry: &str) -> impl Iterator<Item = (ActionId, &'static ActionRow)> {
    catalog::all_actions().filter(move |(_, row)| matches(entry.as_bytes(), row.name.as_bytes()))
}

/// The actions that a pattern covers; one without wildcards covers the action of that very name.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn covered(entry: &str) -> impl Iterator<Item = (ActionId, &'static ActionRow)> {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| Names::new(Cow::Borrowed)).covered(entry)
}

/// The same for a pattern in lower case that is compared without regard to letter case.
#[cfg(feature = "aws")]
pub(crate) fn covered_in_any_case(entry: &str) -> impl Iterator<Item = (ActionId, &'static ActionRow)> {
    lower_names().covered(entry)
}

/// Whether a text is a service, in lower case and with its colon, of which the catalogue has no actions.
#[cfg(feature = "aws")]
pub(crate) fn is_unknown_service(text: &str) -> bool {
    text.ends_with(':') && !has_wildcard(text) && lower_names().services.iter().all(|service| service != text)
}

#[cfg(feature = "aws")]
fn lower_names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| Names::new(|name| name.to_ascii_lowercase().into()))
}

#[cfg(any(not(target_family = "wasm"), feature = "aws"))]
impl Names {
    fn new(spelt: impl Fn(&'static str) -> Cow<'static, str>) -> Self {
        let name = |(id, row): (ActionId, &'static ActionRow)| {
            let text = spelt(row.name);
            Name { letters: letters(&text), text, id }
        };
        #[cfg_attr(not(feature = "aws"), expect(unused_mut))]
        let mut list: Vec<Name> = catalog::all_actions().map(name).collect();
        // The catalogue is sorted, but not in lower case.
        #[cfg(feature = "aws")]
        list.sort_by(|a, b| a.text.cmp(&b.text));
        #[cfg(feature = "aws")]
        let services = {
            let service = |name: &Name| name.text.split_inclusive(':').next().map(str::to_owned);
            let mut services: Vec<String> = list.iter().filter_map(service).collect();
            services.dedup();
            services
        };
        Self {
            list,
            #[cfg(feature = "aws")]
            services,
        }
    }

    /// A policy may have thousands of patterns, so names that cannot match are passed over quickly: a name
    /// must begin as the pattern does, and have every letter of it.
    fn covered<'e>(
        &'static self,
        entry: &'e str,
    ) -> impl Iterator<Item = (ActionId, &'static ActionRow)> + use<'e> {
        let (needed, prefix) = (letters(entry), literal_prefix(entry));
        let start = self.list.partition_point(|name| &*name.text < prefix);
        let beginning = self.list.iter().skip(start).take_while(move |name| name.text.starts_with(prefix));
        beginning
            .filter(move |name| needed & !name.letters == 0)
            .filter(move |name| matches(entry.as_bytes(), name.text.as_bytes()))
            .map(|name| (name.id, catalog::action(name.id)))
    }
}

/// The bytes of a text but for wildcards, as bits; bytes that share a bit only make it less exact.
#[cfg(any(not(target_family = "wasm"), feature = "aws"))]
fn letters(text: &str) -> u64 {
    text.bytes().filter(|b| !matches!(b, b'*' | b'?')).fold(0, |bits, b| bits | 1 << (b & 63))
}

/// What stands before the first wildcard.
pub(crate) fn literal_prefix(entry: &str) -> &str {
    let end = entry.bytes().position(|b| matches!(b, b'*' | b'?')).unwrap_or(entry.len());
    entry.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_covered_is_what_matches(entry in "(s3|admin|kms|\\*)?:?(Get|Put|List|[a-zA-Z])?[*?]?(Object|B)?[*?]?[a-zA-Z]{0,2}") {
            let all = |matches: &dyn Fn(&str) -> bool| {
                let matching = catalog::all_actions().filter(|(_, row)| matches(row.name));
                matching.map(|(id, _)| id).collect::<Vec<_>>()
            };
            let exact = all(&|name| matches(entry.as_bytes(), name.as_bytes()));
            prop_assert_eq!(covered(&entry).map(|(id, _)| id).collect::<Vec<_>>(), exact);
            #[cfg(feature = "aws")]
            {
                let lower = entry.to_ascii_lowercase();
                let any = all(&|name| matches(lower.as_bytes(), name.to_ascii_lowercase().as_bytes()));
                let mut found: Vec<ActionId> = covered_in_any_case(&lower).map(|(id, _)| id).collect();
                found.sort_unstable();
                prop_assert_eq!(found, any);
            }
        }
    }
}
