//! Whom a statement of a bucket policy of the MinIO dialect is about (`policy-language` 1.3, 5.1): accounts,
//! by their names.

use crate::numbers::Numbers;
use crate::pattern;
use crate::policy::Statement;

/// The most names that a statement may have for its resources to be indexed under each of them. More
/// are looked up in the statement, so that names times resources never make a large index.
const MOST_INDEXED: usize = 8;

/// The accounts that a statement is about.
#[derive(Clone, Debug, Default)]
pub(super) enum Accounts {
    /// Everyone, anonymous callers included. Identity policies speak of whoever has them.
    #[default]
    Everyone,
    /// Nobody.
    Nobody,
    /// The accounts of these names, and those that a pattern covers.
    Named {
        /// Sorted.
        names: Box<[String]>,
        patterns: Box<[String]>,
    },
}

impl Accounts {
    /// Those of a statement in a bucket policy.
    ///
    /// A `NotPrincipal` means the opposite of what MinIO makes of it, so an Allow that has one allows
    /// nobody; a Deny that has one denies all whom its `Principal` names (departure 4).
    pub(super) fn of(statement: &Statement, is_deny: bool) -> Self {
        let unnamed = if is_deny { Self::Everyone } else { Self::Nobody };
        let Some(principal) = &statement.principal else { return unnamed };
        if statement.not_principal.is_some() && !is_deny {
            return Self::Nobody;
        }
        if principal.everyone || principal.aws.iter().any(|name| name.text == "*") {
            return Self::Everyone;
        }
        if principal.aws.is_empty() {
            return unnamed;
        }
        let (mut names, mut patterns) = (Vec::new(), Vec::new());
        for name in &principal.aws {
            let list = if name.text.contains(['*', '?']) { &mut patterns } else { &mut names };
            list.push(name.text.to_string());
        }
        names.sort_unstable();
        names.dedup();
        Self::Named { names: names.into(), patterns: patterns.into() }
    }

    /// Whether they cover an account. The anonymous caller has no name, so only `*` covers it.
    #[inline]
    pub(super) fn cover(&self, account: &str) -> bool {
        match self {
            Self::Everyone => true,
            Self::Nobody => false,
            Self::Named { .. } if account.is_empty() => false,
            Self::Named { names, patterns } => {
                names.binary_search_by(|name| name.as_str().cmp(account)).is_ok()
                    || patterns.iter().any(|p| pattern::matches(p.as_bytes(), account.as_bytes()))
            }
        }
    }

    /// The names under which the statement's resources are indexed, if it has names alone and few.
    pub(super) fn indexed(&self) -> Option<&[String]> {
        match self {
            Self::Named { names, patterns } if patterns.is_empty() && names.len() <= MOST_INDEXED => {
                Some(names)
            }
            _ => None,
        }
    }
}

/// The accounts that an index knows by name, each with its number.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(Numbers);

impl Known {
    /// The bytes that stand before a resource in the index for an account, which it gets if it is new.
    pub(super) fn add(&mut self, account: &str) -> [u8; 4] {
        self.prefix(account).unwrap_or_else(|| {
            let number = self.0.len() as u32;
            self.0.insert(account.into(), number);
            number.to_be_bytes()
        })
    }

    /// The same for an account that may not be known.
    pub(super) fn prefix(&self, account: &str) -> Option<[u8; 4]> {
        self.0.get(account).map(|number| number.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Principal, Text};

    fn accounts(names: &[&str], effect_is_deny: bool) -> Accounts {
        let aws = names.iter().map(|name| Text { text: (*name).into(), ..Text::default() }).collect();
        let principal = Some(Principal { aws, ..Principal::default() });
        Accounts::of(&Statement { principal, ..Statement::default() }, effect_is_deny)
    }

    #[test]
    fn only_the_star_covers_the_anonymous_caller() {
        assert!(accounts(&["alice", "*"], false).cover(""));
        for name in ["", "?", "??", "?*", "**", "alice"] {
            assert!(!accounts(&[name], false).cover(""), "{name}");
        }
    }

    #[test]
    fn a_question_mark_is_one_character() {
        for (name, account, covers) in [
            ("alice?", "alice", false),
            ("alice?", "alice1", true),
            ("a?b", "a", false),
            ("a?b", "axb", true),
            ("a*", "a", true),
            ("Alice", "alice", false),
        ] {
            assert_eq!(accounts(&[name], false).cover(account), covers, "{name} {account}");
        }
    }

    #[test]
    fn a_statement_without_principals_allows_nobody_and_denies_everyone() {
        for (is_deny, covers) in [(false, false), (true, true)] {
            assert_eq!(Accounts::of(&Statement::default(), is_deny).cover("alice"), covers);
            assert_eq!(accounts(&[], is_deny).cover("alice"), covers);
        }
    }
}
