//! The actions of the catalogue that a pattern covers.

use super::matches;
use crate::catalog::{self, ActionId, ActionRow};
use std::borrow::Cow;
use std::sync::OnceLock;

/// The name of an action, as patterns are compared with it.
struct Name {
    text: Cow<'static, str>,
    letters: u64,
    id: ActionId,
}

/// The actions that a pattern covers; one without wildcards covers the action of that very name.
pub(crate) fn covered(entry: &str) -> impl Iterator<Item = (ActionId, &'static ActionRow)> {
    static NAMES: OnceLock<Vec<Name>> = OnceLock::new();
    among(NAMES.get_or_init(|| names(Cow::Borrowed)), entry)
}

/// The same for a pattern in lower case that is compared without regard to letter case.
#[cfg(feature = "aws")]
pub(crate) fn covered_in_any_case(entry: &str) -> impl Iterator<Item = (ActionId, &'static ActionRow)> {
    among(lower_names(), entry)
}

/// Whether a service, with its colon and in lower case, is one of which the catalogue has no actions.
#[cfg(feature = "aws")]
pub(crate) fn is_unknown_service(service: &str) -> bool {
    service.ends_with(':')
        && literal_prefix(service) == service
        && beginning(lower_names(), service).next().is_none()
}

#[cfg(feature = "aws")]
fn lower_names() -> &'static [Name] {
    static NAMES: OnceLock<Vec<Name>> = OnceLock::new();
    NAMES.get_or_init(|| names(|name| name.to_ascii_lowercase().into()))
}

/// A policy may have thousands of patterns, so names that cannot match are passed over quickly: a name must
/// begin as the pattern does, and have every letter of it.
fn among<'e>(
    names: &'static [Name],
    entry: &'e str,
) -> impl Iterator<Item = (ActionId, &'static ActionRow)> + use<'e> {
    let needed = letters(entry);
    beginning(names, literal_prefix(entry))
        .filter(move |name| needed & !name.letters == 0 && matches(entry.as_bytes(), name.text.as_bytes()))
        .map(|name| (name.id, catalog::action(name.id)))
}

/// The names that begin with a text.
fn beginning<'e>(names: &'static [Name], prefix: &'e str) -> impl Iterator<Item = &'static Name> + use<'e> {
    let start = names.partition_point(|name| &*name.text < prefix);
    names.iter().skip(start).take_while(move |name| name.text.starts_with(prefix))
}

/// All names, sorted.
fn names(spelt: impl Fn(&'static str) -> Cow<'static, str>) -> Vec<Name> {
    let name = |(id, row): (ActionId, &'static ActionRow)| {
        let text = spelt(row.name);
        Name { letters: letters(&text), text, id }
    };
    let mut names: Vec<Name> = catalog::all_actions().map(name).collect();
    names.sort_by(|a, b| a.text.cmp(&b.text));
    names
}

/// The bytes of a text but for wildcards, as bits; bytes that share a bit only make it less exact.
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
