//! Rules for the document as a whole (`policy-language` 1.1, 1.8).

use super::Stage;
use super::check;
use super::report::{Report, part, shown};
use crate::json::{Path, Span, Value, repeats};
use crate::policy::member::{Members, Name};
use crate::policy::read_statement::{StatementDraft, entry_path};
use crate::policy::{Kind, Text};

/// The one version that MinIO knows.
const VERSION: &str = "2012-10-17";

/// Checks the members of the document.
pub(crate) fn check(report: &mut Report<'_>, members: &Members<'_>, span: Span, damaged: bool, kind: Kind) {
    if let Some(member) = members.get(Name::Version)
        && let Value::String(version) = &member.value.value
        && version != VERSION
        && !version.is_empty()
    {
        let path = Path::Name(&Path::Root, &member.name);
        let stage = if kind == Kind::Bucket { Stage::Read } else { Stage::Validate };
        report.add(
            &check::INVALID_VERSION,
            stage,
            member.value.span,
            &path,
            format_args!("there is no policy version {}", shown(version)),
            format_args!("write `\"{VERSION}\"`"),
        );
    }
    if let Some(member) = members.get(Name::Id).filter(|_| kind != Kind::Bucket) {
        let path = Path::Name(&Path::Root, &member.name);
        report.add(
            &check::ID_NOT_ALLOWED,
            Stage::Advice,
            member.span(),
            &path,
            format_args!("only resource policies have an `Id`"),
            format_args!("delete it; MinIO gives it no meaning"),
        );
    }
    check_missing(report, members, span, damaged);
}

/// What the write APIs ask for: a version and statements.
pub(crate) fn check_missing(report: &mut Report<'_>, members: &Members<'_>, span: Span, damaged: bool) {
    let version = members.get(Name::Version);
    let given = version.filter(|m| !is_empty(&m.value.value));
    if given.is_none() && !(damaged && version.is_none()) {
        let name = version.map_or("", |m| &m.name);
        let (place, path) = match version {
            Some(member) => (member.value.span, Path::Name(&Path::Root, name)),
            None => (span, Path::Root),
        };
        report.add(
            &check::MISSING_VERSION,
            Stage::Create,
            place,
            &path,
            format_args!("the policy has no version"),
            format_args!("add `\"Version\": \"{VERSION}\"`"),
        );
    }
    let statement = members.get(Name::Statement);
    let given = statement.filter(|m| !is_empty(&m.value.value));
    if given.is_none() && !(damaged && statement.is_none()) {
        let name = statement.map_or("", |m| &m.name);
        let (place, path) = match statement {
            Some(member) => (member.value.span, Path::Name(&Path::Root, name)),
            None => (span, Path::Root),
        };
        report.add(
            &check::MISSING_STATEMENT,
            Stage::Create,
            place,
            &path,
            format_args!("the policy has no statements"),
            format_args!("add a `Statement`"),
        );
    }
}

/// A member of `null`, an empty string or an empty list says nothing.
fn is_empty(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Remarks on statement names: MinIO takes any, AWS wants letters and digits, each once.
pub(crate) fn check_sids(report: &mut Report<'_>, drafts: &[StatementDraft<'_>], statement_name: &str) {
    if drafts.iter().all(|draft| draft.statement.sid.is_none()) {
        return;
    }
    let mut sids: Vec<(&Text, Path<'_>)> = Vec::new();
    let base = Path::Name(&Path::Root, statement_name);
    let paths: Vec<Path<'_>> = drafts.iter().map(|draft| entry_path(&base, draft.index)).collect();
    for (draft, path) in drafts.iter().zip(&paths) {
        let Some(sid) = draft.statement.sid.as_ref().filter(|sid| !sid.text.is_empty()) else { continue };
        let path = Path::Name(path, draft.members.get(Name::Sid).map_or("Sid", |m| &m.name));
        // A character that stands for unreadable text is reported already.
        let is_odd = |c: char| !c.is_ascii_alphanumeric() && c != char::REPLACEMENT_CHARACTER;
        if let Some((at, c)) = sid.text.char_indices().find(|(_, c)| is_odd(*c)) {
            let place = part(sid.span, &sid.text, at, at + c.len_utf8());
            report.add(
                &check::UNSUPPORTED_SID,
                Stage::Advice,
                place,
                &path,
                format_args!("the Sid {} has other characters than letters and digits", shown(&sid.text)),
                format_args!("use letters and digits only; AWS refuses others"),
            );
        }
        sids.push((sid, path));
    }
    for (at, first) in repeats(sids.len(), &|at| sids.get(at).map_or("", |(sid, _)| &*sid.text)) {
        let (Some((sid, path)), Some((first, _))) = (sids.get(at), sids.get(first)) else { continue };
        report.add(
            &check::DUPLICATE_SID,
            Stage::Advice,
            sid.span,
            path,
            format_args!("the Sid {} is already given at {}", shown(&sid.text), report.place(first.span)),
            format_args!("rename one; AWS refuses repeats"),
        );
    }
}
