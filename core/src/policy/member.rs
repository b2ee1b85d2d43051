//! The members of a policy and of a statement by name, and what else may stand there.

use crate::json::{Member, Object, Path};
use crate::short::SmallVec;
use crate::validate::check;
use crate::validate::nearest::distance;
use crate::validate::report::{Report, say, shown};
use crate::validate::{Stage, check::Check};

/// A member that policies have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Version,
    Id,
    Statement,
    Sid,
    Effect,
    Principal,
    NotPrincipal,
    Action,
    NotAction,
    Resource,
    NotResource,
    Condition,
}

/// Every member with its spelling and whether it belongs into a statement.
const NAMES: [(Name, &str, bool); 12] = [
    (Name::Version, "Version", false),
    (Name::Id, "Id", false),
    (Name::Statement, "Statement", false),
    (Name::Sid, "Sid", true),
    (Name::Effect, "Effect", true),
    (Name::Principal, "Principal", true),
    (Name::NotPrincipal, "NotPrincipal", true),
    (Name::Action, "Action", true),
    (Name::NotAction, "NotAction", true),
    (Name::Resource, "Resource", true),
    (Name::NotResource, "NotResource", true),
    (Name::Condition, "Condition", true),
];

/// Where a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Document,
    Statement,
}

/// The members of an object that count: of several with one name the last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Members<'t> {
    slots: [Option<&'t Member<'t>>; NAMES.len()],
}

impl<'t> Members<'t> {
    pub(crate) fn get(&self, name: Name) -> Option<&'t Member<'t>> {
        self.slots.get(name as usize).copied().flatten()
    }

    pub(crate) fn set(&mut self, name: Name, member: &'t Member<'t>) {
        if let Some(slot) = self.slots.get_mut(name as usize) {
            *slot = Some(member);
        }
    }
}

/// The known members of an object.
pub(crate) type Known<'t> = SmallVec<[(Name, &'t Member<'t>); NAMES.len()]>;

/// The known members of an object in the order of the text, reporting the others.
///
/// Names are matched regardless of letter case, as MinIO does (`policy-language` 1.4).
pub(crate) fn known<'t>(
    report: &mut Report<'t>,
    object: &'t Object<'t>,
    level: Level,
    path: &Path<'_>,
) -> Known<'t> {
    let mut found = Known::new();
    let mut members = Members::default();
    for member in &object.members {
        let inner = Path::Name(path, &member.name);
        let row = NAMES.iter().find(|(_, spelling, _)| member.name == *spelling);
        let row = row.or_else(|| NAMES.iter().find(|(_, spelling, _)| same_letters(&member.name, spelling)));
        match row {
            Some(&(name, spelling, in_statement)) if in_statement == (level == Level::Statement) => {
                if let Some(earlier) = members.get(name).filter(|earlier| earlier.name != member.name) {
                    report.add(
                        &check::DUPLICATE_JSON_KEY,
                        Stage::Create,
                        member.name_span,
                        &inner,
                        format_args!(
                            "the member {} is already given, as {} at {}",
                            shown(&member.name),
                            shown(&earlier.name),
                            report.place(earlier.name_span)
                        ),
                        format_args!("merge the two, or delete one"),
                    );
                } else if member.name != spelling && member.name != "ID" {
                    report.add(
                        &check::INVALID_POLICY_ELEMENT,
                        Stage::Advice,
                        member.name_span,
                        &inner,
                        format_args!("the member {} is written in other letter case", shown(&member.name)),
                        format_args!("write `{spelling}`; only MinIO reads it as written"),
                    );
                }
                members.set(name, member);
                found.push((name, member));
            }
            Some(&(name, _, _)) => misplaced(report, member, name, level, &inner),
            None => unknown(report, member, level, &inner),
        }
    }
    found
}

/// The member with exactly that name.
#[cfg(feature = "aws")]
pub(crate) fn exact(name: &str) -> Option<Name> {
    NAMES.iter().find(|(_, spelling, _)| name == *spelling).map(|(name, ..)| *name)
}

/// Whether a member has that name, in whatever letter case.
pub(crate) fn is_named(member: &Member<'_>, name: Name) -> bool {
    NAMES.iter().any(|(n, spelling, _)| *n == name && same_letters(&member.name, spelling))
}

/// A member that belongs elsewhere is ignored. It matters where it would have limited a statement.
fn misplaced(report: &mut Report<'_>, member: &Member<'_>, name: Name, level: Level, path: &Path<'_>) {
    let (stage, place) = match (level, name) {
        (Level::Document, _) => (Stage::Create, "into a statement"),
        (Level::Statement, Name::Statement) => (Stage::Create, "to the top of the policy"),
        (Level::Statement, _) => (Stage::Advice, "to the top of the policy"),
    };
    report.add(
        &check::INVALID_POLICY_ELEMENT,
        stage,
        member.name_span,
        path,
        format_args!("the member {} does not belong here and is ignored", shown(&member.name)),
        format_args!("move it {place}"),
    );
}

/// An unknown member is ignored; one that is nearly a known name was probably meant to count.
fn unknown(report: &mut Report<'_>, member: &Member<'_>, level: Level, path: &Path<'_>) {
    let near = misspelt(&member.name, level);
    let stage = if near.is_some() { Stage::Create } else { Stage::Advice };
    const CHECK: &Check = &check::INVALID_POLICY_ELEMENT;
    report.add_with(CHECK, stage, member.name_span, path, &|| {
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "delete it; policies have no such member".to_owned(),
        };
        say(format!("the member {} is unknown and ignored", shown(&member.name)), help)
    });
}

/// The known name that an unknown one is within two edits of; one edit for the shortest.
fn misspelt(name: &str, level: Level) -> Option<&'static str> {
    let here = NAMES.iter().filter(|(_, _, in_statement)| *in_statement == (level == Level::Statement));
    let near = here.filter_map(|(_, spelling, _)| {
        let most = if spelling.len() <= 4 { 1 } else { 2 };
        Some((distance(name, spelling, most)?, *spelling))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, spelling)| spelling)
}

/// Whether two names are the same but for letter case. Two letters beyond ASCII fold to ASCII ones,
/// and readers that fold accept them: the long s and the Kelvin sign.
fn same_letters(name: &str, spelling: &str) -> bool {
    let folded = name.chars().map(|c| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    });
    folded.eq(spelling.chars().map(|c| c.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_their_numbers() {
        for (index, (name, _, _)) in NAMES.iter().enumerate() {
            assert_eq!(*name as usize, index);
        }
    }

    #[test]
    fn near_misses_are_misspelt_and_others_are_not() {
        let near = |name| misspelt(name, Level::Statement);
        for (name, meant) in [
            ("Conditions", "Condition"),
            ("Resources", "Resource"),
            ("Effekt", "Effect"),
            ("Principle", "Principal"),
            ("Actons", "Action"),
            ("Sids", "Sid"),
            ("not-resource", "NotResource"),
        ] {
            assert_eq!(near(name), Some(meant), "{name}");
        }
        for name in ["Comment", "Description", "x", "Tag", "Owner", ""] {
            assert_eq!(near(name), None, "{name}");
        }
        assert_eq!(misspelt("Statements", Level::Document), Some("Statement"));
        assert_eq!(misspelt("Versoin", Level::Document), Some("Version"));
    }

    #[test]
    fn letter_case_does_not_count() {
        assert!(same_letters("eFFect", "Effect"));
        assert!(same_letters("Re\u{17f}ource", "Resource"));
        assert!(!same_letters("Effects", "Effect"));
    }
}
