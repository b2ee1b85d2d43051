//! Entries of `Action`: which namespace they belong to, what they cover, and what is wrong with
//! them (`policy-language` 1.5, 2).

use super::Stage;
use super::check::{self, Check};
use super::nearest::nearest;
use super::report::{Report, Words, part, say, shown};
use crate::catalog::{self, ActionRow, KeySet, Level, Namespace};
use crate::json::{Path, Span};
use crate::pattern::actions::{covered, literal_prefix};
use crate::pattern::{self, has_wildcard};
use std::sync::OnceLock;

/// What an entry of `Action` covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its namespace; for an unknown one, that of its prefix, or S3.
    pub(super) namespace: Namespace,
    /// Whether it covers a known action in a way that its namespace takes.
    pub(super) is_known: bool,
    /// The condition keys that every statement naming it may use.
    pub(super) keys: KeySet,
    /// Whether it covers an admin action that acts on a bucket.
    pub(super) is_bucket_scoped: bool,
    /// Whether it covers an S3 action on objects.
    pub(super) is_object: bool,
}

/// Looks an entry up. Namespaces are tried in MinIO's order: a pattern that covers an admin action
/// is an admin pattern, `*` among them; S3 takes patterns too, the others only literal entries.
pub(super) fn look_up(entry: &str) -> Entry {
    let literal = catalog::find_action(entry).map(catalog::action);
    let mut found = Entry {
        namespace: match literal {
            Some(row) => row.namespace,
            None => prefix_namespace(entry).unwrap_or(Namespace::S3),
        },
        is_known: literal.is_some(),
        keys: literal.map_or(0, ActionRow::keys),
        is_bucket_scoped: false,
        is_object: false,
    };
    if let Some(row) = literal {
        if !entry.contains('*') {
            found.is_bucket_scoped = row.namespace == Namespace::Admin && row.level == Level::Bucket;
            found.is_object = is_object(row);
            return found;
        }
    } else if !has_wildcard(entry) {
        found.keys = common_keys();
        return found;
    }
    let mut s3_keys = 0;
    for (_, row) in covered(entry) {
        if row.namespace == Namespace::Admin {
            found.is_bucket_scoped |= row.level == Level::Bucket;
            if literal.is_none() {
                // Only literal entries have condition keys.
                found = Entry { namespace: Namespace::Admin, is_known: true, ..found };
            }
        } else if row.namespace == Namespace::S3 {
            found.is_object |= is_object(row);
            s3_keys |= row.keys();
        }
    }
    if literal.is_none() && found.namespace != Namespace::Admin {
        found.keys = common_keys() | s3_keys;
        if s3_keys != 0 {
            found = Entry { namespace: Namespace::S3, is_known: true, ..found };
        }
    }
    found
}

/// The condition keys that an entry of a bucket policy may use: those of every S3 action that it
/// covers, whatever its namespace.
pub(super) fn bucket_policy_keys(entry: &str) -> KeySet {
    let s3 = covered(entry).filter(|(_, row)| row.namespace == Namespace::S3);
    s3.fold(common_keys(), |keys, (_, row)| keys | row.keys())
}

/// Reports what is wrong with an entry that covers nothing.
pub(super) fn report_unknown(
    report: &mut Report<'_>,
    stage: Stage,
    entry: &str,
    span: Span,
    path: &Path<'_>,
) {
    let mut add = |check: &'static Check, span: Span, words: &dyn Fn() -> Words| {
        report.add_with(check, stage, span, path, words);
    };
    let blank = |c: char| c.is_whitespace();
    if let Some(start) = entry.find(blank) {
        let width = entry.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(blank).len());
        let words = || say(format!("the action {} contains a blank", shown(entry)), "delete the blank");
        return add(&check::ACTION_WHITESPACE, part(span, entry, start, start + width), &words);
    }
    if let Some(name) = ignoring_case(entry) {
        let words = || {
            // A pattern is right as far as it is literal.
            let literal = if has_wildcard(entry) { literal_prefix(entry).len() } else { name.len() };
            let (start, rest) = (name.get(..literal), entry.get(literal..));
            say(
                format!("the action {} is written in other letter case", shown(entry)),
                format!("write `{}{}`", start.unwrap_or(name), rest.unwrap_or_default()),
            )
        };
        return add(&check::ACTION_CASE_MISMATCH, span, &words);
    }
    let Some((prefix, _)) = entry.split_once(':') else {
        if has_wildcard(entry) {
            return add(&check::ACTION_PATTERN_MATCHES_NOTHING, span, &|| no_match(entry));
        }
        return add(&check::INVALID_ACTION_FORMAT, span, &|| no_service(entry));
    };
    match prefix_namespace(entry) {
        None if has_wildcard(prefix) => {
            add(&check::ACTION_PATTERN_MATCHES_NOTHING, span, &|| no_match(entry))
        }
        None => add(&check::UNKNOWN_SERVICE, part(span, entry, 0, prefix.len()), &|| {
            unknown_service(entry, prefix)
        }),
        Some(namespace) if has_wildcard(entry) => {
            let takes_patterns = matches!(namespace, Namespace::S3 | Namespace::Admin);
            let words = || if takes_patterns { no_match(entry) } else { no_patterns(entry, prefix) };
            add(&check::ACTION_PATTERN_MATCHES_NOTHING, span, &words);
        }
        Some(namespace) => {
            let name = part(span, entry, prefix.len() + 1, entry.len());
            add(&check::UNKNOWN_ACTION, name, &|| unknown_action(entry, namespace));
        }
    }
}

/// Remarks on a pattern before the colon, which covers actions of services that may not be meant.
pub(super) fn advise(report: &mut Report<'_>, entry: &str, span: Span, path: &Path<'_>) {
    if !has_wildcard(entry) {
        return;
    }
    let Some((prefix, _)) = entry.split_once(':').filter(|(prefix, _)| has_wildcard(prefix)) else { return };
    let place = part(span, entry, 0, prefix.len());
    report.add(
        &check::WILDCARD_IN_SERVICE,
        Stage::Advice,
        place,
        path,
        format_args!("the action {} has a wildcard in its service", shown(entry)),
        format_args!("spell the service"),
    );
}

fn no_match(entry: &str) -> Words {
    let prefix = literal_prefix(entry);
    // Short beginnings are near to anything.
    let prefix = if prefix.len() < 4 { "" } else { prefix };
    let near =
        nearest(prefix, &mut catalog::all_actions().filter_map(|(_, row)| row.name.get(..prefix.len())));
    let near = near.filter(|near| !near.is_empty());
    let help = near.map(|name| format!("did you mean `{name}*`?")).unwrap_or_default();
    say(format!("the pattern {} covers no action", shown(entry)), help)
}

fn no_patterns(entry: &str, prefix: &str) -> Words {
    say(
        format!("{} is a pattern, and `{prefix}` actions take none but `{prefix}:*`", shown(entry)),
        format!("list the actions, or write `{prefix}:*`"),
    )
}

fn no_service(entry: &str) -> Words {
    let named = |row: &&ActionRow| row.name.split_once(':').is_some_and(|(_, name)| name == entry);
    let help = match catalog::all_actions().map(|(_, row)| row).find(named) {
        Some(row) => format!("write `{}`", row.name),
        None => "write `service:name`, for example `s3:GetObject`".to_owned(),
    };
    say(format!("the action {} names no service", shown(entry)), help)
}

fn unknown_service(entry: &str, prefix: &str) -> Words {
    let help = match nearest(prefix, &mut PREFIXES.iter().map(|(name, _)| *name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => KNOWN_SERVICES.to_owned(),
    };
    say(format!("the action {} is of an unknown service", shown(entry)), help)
}

fn unknown_action(entry: &str, namespace: Namespace) -> Words {
    let mut names =
        catalog::all_actions().filter(|(_, row)| row.namespace == namespace).map(|(_, row)| row.name);
    let help = nearest(entry, &mut names).map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
    say(format!("MinIO has no action {}", shown(entry)), help)
}

const KNOWN_SERVICES: &str = "known services are `s3`, `admin`, `sts`, `kms`, `s3tables`, `s3vectors`, \
    `memory`, `s3express`";
const PREFIXES: [(&str, Namespace); 8] = [
    ("s3", Namespace::S3),
    ("admin", Namespace::Admin),
    ("sts", Namespace::Sts),
    ("kms", Namespace::Kms),
    ("s3tables", Namespace::Tables),
    ("s3vectors", Namespace::Vectors),
    ("memory", Namespace::Memory),
    ("s3express", Namespace::S3),
];

/// The namespace that an entry's prefix names.
fn prefix_namespace(entry: &str) -> Option<Namespace> {
    let (prefix, _) = entry.split_once(':')?;
    PREFIXES.iter().find(|(name, _)| *name == prefix).map(|(_, namespace)| *namespace)
}

/// `s3:*` counts as an object action, as everything that covers it does.
fn is_object(row: &ActionRow) -> bool {
    row.namespace == Namespace::S3 && matches!(row.level, Level::Object | Level::Any)
}

/// The known name that an entry is but for letter case; a pattern stands for what it would cover.
fn ignoring_case(entry: &str) -> Option<&'static str> {
    let lower = entry.to_ascii_lowercase();
    catalog::all_actions().map(|(_, row)| row).find_map(|row| {
        let takes_patterns = matches!(row.namespace, Namespace::S3 | Namespace::Admin);
        let same = if has_wildcard(entry) && takes_patterns {
            pattern::matches(lower.as_bytes(), row.name.to_ascii_lowercase().as_bytes())
        } else {
            row.name.eq_ignore_ascii_case(entry)
        };
        same.then_some(row.name)
    })
}

/// The keys that every S3 action takes.
fn common_keys() -> KeySet {
    static KEYS: OnceLock<KeySet> = OnceLock::new();
    let s3 = || catalog::all_actions().map(|(_, row)| row).filter(|row| row.namespace == Namespace::S3);
    *KEYS.get_or_init(|| s3().fold(KeySet::MAX, |keys, row| keys & row.keys()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_tried_in_order() {
        let namespace = |entry| look_up(entry).namespace;
        for entry in ["*", "*:*", "a*", "admin:*", "admin:Server*", "a?min:Heal"] {
            assert_eq!(namespace(entry), Namespace::Admin, "{entry}");
            assert!(look_up(entry).is_known, "{entry}");
        }
        for entry in ["s3:*", "s3*", "s3:G?t*", "s3express:CreateSession", "s*:GetObject"] {
            assert_eq!(namespace(entry), Namespace::S3, "{entry}");
            assert!(look_up(entry).is_known, "{entry}");
        }
        for entry in
            ["kms:Create*", "sts:Assume*", "s3tables:Get*", "memory:?", "s3vectors:Get*", "s3:Foo*", "x*"]
        {
            assert!(!look_up(entry).is_known, "{entry}");
        }
    }

    #[test]
    fn the_known_services_are_the_prefixes() {
        let names = PREFIXES.map(|(name, _)| format!("`{name}`"));
        assert_eq!(KNOWN_SERVICES, format!("known services are {}", names.join(", ")));
    }

    #[test]
    fn only_literal_admin_entries_have_keys() {
        assert_ne!(look_up("admin:*").keys, 0);
        assert_ne!(look_up("admin:ServerInfo").keys, 0);
        assert_eq!(look_up("admin:Server*").keys, 0);
        assert_eq!(look_up("*").keys, 0);
    }

    #[test]
    fn an_s3_pattern_has_the_keys_of_all_that_it_covers() {
        let key = |name| catalog::condition_key(name).unwrap().0;
        assert_ne!(look_up("s3:List*").keys & key("s3:prefix"), 0);
        assert_eq!(look_up("s3:GetObject*").keys & key("s3:prefix"), 0);
        assert_eq!(look_up("s3:*").keys & key("memory:prefix"), key("memory:prefix"));
        assert_eq!(look_up("s3*").keys & key("memory:prefix"), key("memory:prefix"));
        assert_ne!(bucket_policy_keys("*") & key("s3:prefix"), 0);
        assert_eq!(bucket_policy_keys("s3:Foo") & key("s3:prefix"), 0);
        assert_ne!(bucket_policy_keys("s3:Foo") & key("aws:SourceIp"), 0);
    }

    #[test]
    fn bucket_scope_and_level_are_of_anything_covered() {
        assert!(look_up("admin:*").is_bucket_scoped);
        assert!(look_up("admin:Set*").is_bucket_scoped);
        assert!(!look_up("admin:ServerInfo").is_bucket_scoped);
        assert!(look_up("*").is_object && look_up("s3:*").is_object && look_up("s3:Get*").is_object);
        assert!(!look_up("s3:ListBucket").is_object && !look_up("s3:ListB*").is_object);
    }
}
