//! Rules that only bucket policies have (`policy-language` 1.2, 1.3, 1.7).

use super::Stage;
use super::action;
use super::check;
use super::report::{Report, part, say, shown};
use super::resource::Resource;
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
            report.add(&check::UNSUPPORTED_PRINCIPAL, Stage::Advice, member.span(), &path, |_| {
                say(
                    format!("`{}` is ignored: the policy is about whoever it is attached to", member.name),
                    "delete it, or put the policy on a bucket",
                )
            });
        }
        return;
    }
    let [principal, not_principal] = given;
    check_hidden_principals(report, subject, principal);
    match principal.filter(|m| m.value.value != Value::Null) {
        Some(member) => {
            check_principal(report, member, &Path::Name(subject.path, &member.name));
            if let Some(not_principal) = not_principal {
                // MinIO ignores it, which would grant what it was meant to take back. A stored policy
                // that has it never allows by it and denies as written, so it must still read.
                let path = Path::Name(subject.path, &not_principal.name);
                report.add(
                    &check::UNSUPPORTED_ELEMENT_COMBINATION,
                    Stage::Validate,
                    not_principal.name_span,
                    &path,
                    |places| {
                        let place = places.of(member.name_span);
                        let message = format!(
                            "`{}` cannot stand beside `{}`, at {place}",
                            not_principal.name, member.name
                        );
                        say(message, "use a Deny statement instead")
                    },
                );
            }
        }
        None if subject.draft.object.is_some_and(|object| !object.damaged) => {
            report.add(
                &check::MISSING_PRINCIPAL,
                Stage::Read,
                subject.draft.statement.span,
                subject.path,
                |_| {
                    let message = match not_principal {
                        Some(_) => "the statement has no Principal, and `NotPrincipal` is not known",
                        None => "the statement has no Principal",
                    };
                    say(message, "add `\"Principal\": \"*\"`")
                },
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
    subject.check_condition_keys(report, actions, |action| Some(action::bucket_policy_keys(&action.text)));
}

fn check_levels(report: &mut Report<'_>, subject: &Subject<'_, '_>, actions: &[ActionEntry<'_>]) {
    let name =
        if subject.count(Name::Resource).unwrap_or(0) > 0 { Name::Resource } else { Name::NotResource };
    let resources: Vec<Resource<'_>> = subject.resources(name).map(|(_, _, resource)| resource).collect();
    if resources.is_empty() {
        return;
    }
    let member_name = subject.member(Name::Action).map_or("Action", |m| &m.name);
    let path = Path::Name(subject.path, member_name);
    let (for_objects, for_buckets) =
        (resources.iter().any(Resource::suits_objects), resources.iter().any(Resource::suits_buckets));
    for action in actions {
        let (fits, level, example) = match action.entry.is_object {
            true => (for_objects, "objects", "arn:aws:s3:::bucket/*"),
            false => (for_buckets, "buckets", "arn:aws:s3:::bucket"),
        };
        if !fits {
            let path = entry_path(&path, action.index);
            report.add(&check::ACTION_RESOURCE_MISMATCH, subject.invalid, action.span, &path, |_| {
                let message = format!(
                    "the action {} acts on {level}, and no resource here is one",
                    shown(&action.text)
                );
                say(message, format!("add `{example}`"))
            });
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
            report.add(&check::ARN_PREFIX_WITHOUT_RESOURCE, subject.invalid, node.span, &path, |_| {
                super::resource::bare(text)
            });
        } else if !resource.is_valid() {
            report_invalid_resource(report, subject.invalid, text, resource, node.span, &path);
        } else if let Some(bucket) = bucket.filter(|bucket| !resource.reaches(bucket)) {
            let start = text.len() - resource.pattern.len();
            let end = start + resource.pattern.find('/').unwrap_or(resource.pattern.len());
            let place = part(node.span, text, start, end);
            report.add(&check::RESOURCE_NOT_OF_THIS_BUCKET, subject.invalid, place, &path, |_| {
                let message = format!("the resource {} is not of the bucket {}", shown(text), shown(bucket));
                say(message, format!("write {}", shown(&format!("arn:aws:s3:::{bucket}/*"))))
            });
        }
    }
}
