//! Rules that only bucket policies have (`policy-language` 1.2, 1.3, 1.7).

use super::Stage;
use super::action;
use super::check;
use super::report::{Report, part, shown};
use super::statement::{ActionEntry, Subject, report_invalid_resource};
use crate::json::{Member, Path, Value};
use crate::policy::member::{Name, is_named};
use crate::policy::read_statement::{check_principal, check_principal_format, entry_path};

/// Bucket policies need a principal; identity policies have none, and MinIO ignores it there.
pub(super) fn check_principals(report: &mut Report<'_>, subject: &Subject<'_, '_>) {
    let given = [Name::Principal, Name::NotPrincipal].map(|name| subject.member(name));
    if !subject.is_bucket_policy {
        for member in given.into_iter().flatten() {
            let path = Path::Name(subject.path, &member.name);
            report.add(
                &check::UNSUPPORTED_PRINCIPAL,
                Stage::Advice,
                member.span(),
                &path,
                format_args!("`{}` is ignored: the policy is about whoever it is attached to", member.name),
                format_args!("delete it, or put the policy on a bucket"),
            );
        }
        return;
    }
    let [principal, not_principal] = given;
    check_hidden_principals(report, subject, principal);
    match principal.filter(|m| !m.value.value.is_null()) {
        Some(member) => {
            check_principal(report, member, &Path::Name(subject.path, &member.name));
            if let Some(not_principal) = not_principal {
                // MinIO ignores it, which would grant what it was meant to take back.
                let path = Path::Name(subject.path, &not_principal.name);
                report.add(
                    &check::UNSUPPORTED_ELEMENT_COMBINATION,
                    Stage::Read,
                    not_principal.name_span,
                    &path,
                    format_args!(
                        "`{}` cannot stand beside `{}`, at {}",
                        not_principal.name,
                        member.name,
                        report.place(member.name_span)
                    ),
                    format_args!("use a Deny statement instead"),
                );
            }
        }
        None if subject.draft.object.is_some_and(|object| !object.damaged) => {
            let more = if not_principal.is_some() { ", and `NotPrincipal` is not known" } else { "" };
            report.add(
                &check::MISSING_PRINCIPAL,
                Stage::Read,
                subject.draft.statement.span,
                subject.path,
                format_args!("the statement has no Principal{more}"),
                format_args!("add `\"Principal\": \"*\"`"),
            );
        }
        None => {}
    }
}

/// Principals that a later one takes the place of are read all the same.
fn check_hidden_principals(report: &mut Report<'_>, subject: &Subject<'_, '_>, last: Option<&Member<'_>>) {
    let members = subject.draft.object.map(|object| object.members.as_slice()).unwrap_or_default();
    for member in members.iter().filter(|m| is_named(m, Name::Principal)) {
        if last.is_some_and(|last| last.name_span != member.name_span) {
            check_principal_format(report, member, &Path::Name(subject.path, &member.name));
        }
    }
}

/// Actions need resources of their level, resources must be of the bucket, keys must fit.
pub(super) fn check(
    report: &mut Report<'_>,
    subject: &Subject<'_, '_>,
    actions: &[ActionEntry<'_>],
    bucket: Option<&str>,
) {
    check_levels(report, subject, actions);
    for name in [Name::Resource, Name::NotResource] {
        check_reach(report, subject, name, bucket);
    }
    subject.check_condition_keys(report, actions, &|action| Some(action::bucket_policy_keys(&action.text)));
}

fn check_levels(report: &mut Report<'_>, subject: &Subject<'_, '_>, actions: &[ActionEntry<'_>]) {
    let name =
        if subject.count(Name::Resource).unwrap_or(0) > 0 { Name::Resource } else { Name::NotResource };
    let resources = subject.resources(name);
    if resources.is_empty() {
        return;
    }
    let member_name = subject.member(Name::Action).map_or("Action", |m| &m.name);
    let path = Path::Name(subject.path, member_name);
    let for_objects = resources.iter().any(|(.., resource)| resource.suits_objects());
    let for_buckets = resources.iter().any(|(.., resource)| resource.suits_buckets());
    for action in actions {
        let (fits, level, example) = match action.entry.is_object {
            true => (for_objects, "objects", "arn:aws:s3:::bucket/*"),
            false => (for_buckets, "buckets", "arn:aws:s3:::bucket"),
        };
        if !fits {
            let path = entry_path(&path, action.index);
            report.add(
                &check::ACTION_RESOURCE_MISMATCH,
                subject.invalid,
                action.span,
                &path,
                format_args!(
                    "the action {} acts on {level}, and no resource here is one",
                    shown(&action.text)
                ),
                format_args!("add `{example}`"),
            );
        }
    }
}

fn check_reach(report: &mut Report<'_>, subject: &Subject<'_, '_>, name: Name, bucket: Option<&str>) {
    let Some(member) = subject.member(name) else { return };
    let path = Path::Name(subject.path, &member.name);
    for (index, node, resource) in subject.resources(name) {
        let Value::String(text) = &node.value else { continue };
        let path = entry_path(&path, index);
        if resource.is_bare() {
            super::resource::report_bare(report, subject.invalid, text, node.span, &path);
        } else if !resource.is_valid() {
            report_invalid_resource(report, subject.invalid, text, resource, node.span, &path);
        } else if let Some(bucket) = bucket.filter(|bucket| !resource.reaches(bucket)) {
            let start = text.len() - resource.pattern.len();
            let end = start + resource.pattern.find('/').unwrap_or(resource.pattern.len());
            let place = part(node.span, text, start, end);
            report.add(
                &check::RESOURCE_NOT_OF_THIS_BUCKET,
                subject.invalid,
                place,
                &path,
                format_args!("the resource {} is not of the bucket {}", shown(text), shown(bucket)),
                format_args!("write {}", shown(&format!("arn:aws:s3:::{bucket}/*"))),
            );
        }
    }
}
