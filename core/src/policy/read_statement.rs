//! Reading a statement: its members and what reading refuses (`policy-language` 1.3 to 1.5, p1 to p4).

use super::document::{Element, Principal, Statement};
use super::member::{self, Level, Members, Name};
use super::read::{mismatch, string};
use super::read_condition;
use crate::json::{Member, Node, Object, Path, Value};
use crate::validate::check;
use crate::validate::report::{Report, shown};
use crate::validate::{Stage, resource};
use std::borrow::Cow;

/// A statement that was read, with what validation needs of the text.
pub(crate) struct StatementDraft<'t> {
    /// Its place in the list; `None` if there is no list.
    pub(crate) index: Option<usize>,
    /// It is `null`.
    pub(crate) is_null: bool,
    /// The object; `None` if it is none.
    pub(crate) object: Option<&'t Object<'t>>,
    /// The members that count.
    pub(crate) members: Members<'t>,
    /// The conditions that count, in the order of [`Statement::conditions`].
    pub(crate) conditions: Vec<ConditionDraft<'t>>,
    /// What was read.
    pub(crate) statement: Statement,
}

/// Where a condition stands.
#[derive(Clone, Copy)]
pub(crate) struct ConditionDraft<'t> {
    /// `Condition` itself.
    pub(crate) condition: &'t Member<'t>,
    /// The operator.
    pub(crate) operator: &'t Member<'t>,
    /// The key.
    pub(crate) key: &'t Member<'t>,
}

/// Reads the members of a statement into its draft.
pub(super) fn read<'t>(
    report: &mut Report<'t>,
    draft: &mut StatementDraft<'t>,
    object: &'t Object<'t>,
    path: &Path<'_>,
) {
    let reads = report.reads();
    draft.object = Some(object);
    for (name, member) in member::known(report, object, Level::Statement, path) {
        let inner = Path::Name(path, &member.name);
        let statement = &mut draft.statement;
        match name {
            Name::Sid => statement.sid = string(report, member, &inner).or(statement.sid.take()),
            Name::Effect => match string(report, member, &inner) {
                // A `null` leaves an earlier effect in force.
                None if statement.effect.is_some() => continue,
                effect => statement.effect = effect,
            },
            Name::Action => statement.action = element(report, member, &inner, false),
            Name::NotAction => statement.not_action = element(report, member, &inner, false),
            Name::Resource => statement.resource = element(report, member, &inner, true),
            Name::NotResource => statement.not_resource = element(report, member, &inner, true),
            Name::Principal => statement.principal = principal(report, member),
            #[cfg(feature = "accounts")]
            Name::NotPrincipal => statement.not_principal = principal(report, member),
            Name::Condition => {
                let (entries, drafts) = read_condition::read(report, member, &inner);
                statement.conditions = entries;
                draft.conditions = drafts;
            }
            _ => {}
        }
        draft.members.set(name, member);
    }
    draft.statement.broken |= object.damaged || report.reads() > reads;
}

/// The entries of a value that is a string or a list: each with its index in the list.
pub(crate) fn entries<'t>(node: &'t Node<'t>) -> impl Iterator<Item = (Option<usize>, &'t Node<'t>)> {
    let (nodes, is_list) = match &node.value {
        Value::List(entries) => (entries.as_slice(), true),
        Value::Null => (Default::default(), false),
        _ => (std::slice::from_ref(node), false),
    };
    nodes.iter().enumerate().map(move |(index, node)| (is_list.then_some(index), node))
}

/// The path of an entry.
pub(crate) fn entry_path<'p>(path: &'p Path<'p>, index: Option<usize>) -> Path<'p> {
    index.map_or(*path, |index| Path::Index(path, index))
}

/// Reads a string or list of strings. Anything else becomes text, which is not known as an action
/// and cannot be read as a resource. `None` if there are no entries.
fn element(
    report: &mut Report<'_>,
    member: &Member<'_>,
    path: &Path<'_>,
    is_resource: bool,
) -> Option<Element> {
    let node = &member.value;
    let values = Vec::with_capacity(entries(node).size_hint().0);
    let mut element = Element { span: node.span, is_list: matches!(node.value, Value::List(_)), values };
    for (index, node) in entries(node) {
        let path = &entry_path(path, index);
        match &node.value {
            Value::String(text) => {
                if !is_resource || resource::read(report, text, node.span, path) {
                    element.values.push(report.copy(text, node.span));
                }
            }
            Value::Unreadable => {}
            other if is_resource => {
                mismatch(report, &member.name, "a string or a list of strings", other, node.span, path)
            }
            other => element.values.push(report.copy(&as_text(other), node.span)),
        }
    }
    if is_resource {
        report_same_resource(report, &element, path);
    }
    (!element.values.is_empty()).then_some(element)
}

/// `*` and `**` are the same resource; MinIO refuses to read both in one list.
fn report_same_resource(report: &mut Report<'_>, element: &Element, path: &Path<'_>) {
    let find = |text: &str| element.values.iter().position(|v| v.text == text);
    if let (Some(one), Some(two)) = (find("*"), find("**")) {
        let (first, second) = (one.min(two), one.max(two));
        let (Some(first), Some(place)) = (element.values.get(first), element.values.get(second)) else {
            return;
        };
        let path = Path::Index(path, second);
        report.add(
            &check::DUPLICATE_RESOURCE,
            Stage::Read,
            place.span,
            &path,
            format_args!("`*` and `**` are the same resource; the first is at {}", report.place(first.span)),
            format_args!("delete one"),
        );
    }
}

/// The text that MinIO makes of a value that should be a string; of lists and objects only that
/// they are some.
pub(crate) fn as_text<'t>(value: &'t Value<'t>) -> Cow<'t, str> {
    match value {
        Value::Null => "<nil>".into(),
        Value::Boolean(b) => if *b { "true" } else { "false" }.into(),
        Value::Number(number) => (*number).into(),
        Value::List(_) => "[…]".into(),
        Value::Object(_) => "map[…]".into(),
        Value::String(text) => Cow::Borrowed(text),
        Value::Unreadable => "".into(),
    }
}

/// Reads a principal; what is wrong with it is for the rules of the policy's kind to say.
fn principal(report: &Report<'_>, member: &Member<'_>) -> Option<Principal> {
    let mut principal = Principal { span: member.value.span, ..Principal::default() };
    match &member.value.value {
        Value::String(text) => principal.everyone = text == "*",
        Value::Object(object) => {
            // Of several members that spell `AWS` the last counts.
            let aws = object.members.iter().rfind(|m| m.name.eq_ignore_ascii_case("AWS"))?;
            for (_, node) in entries(&aws.value).filter(|(_, node)| node.value.is_readable()) {
                principal.aws.push(report.copy(&as_text(&node.value), node.span));
            }
        }
        _ => return None,
    }
    Some(principal)
}

/// Checks the principal of a bucket policy; it is refused while reading (`policy-language` 1.3).
pub(crate) fn check_principal(report: &mut Report<'_>, member: &Member<'_>, path: &Path<'_>) {
    match &member.value.value {
        Value::Object(object) => check_principal_object(report, object, member.value.span, path),
        _ => check_principal_format(report, member, path),
    }
}

/// Checks that a principal is the bare string `*` or an object, as every one must be, even if a
/// later one takes its place.
pub(crate) fn check_principal_format(report: &mut Report<'_>, member: &Member<'_>, path: &Path<'_>) {
    let span = member.value.span;
    match &member.value.value {
        Value::String(text) if text == "*" => {}
        Value::String(text) => report.add(
            &check::INVALID_PRINCIPAL_FORMAT,
            Stage::Read,
            span,
            path,
            format_args!("the principal {} is a bare string other than `*`", shown(text)),
            format_args!("write `\"*\"` for everyone, or {}", shown(&format!("{{\"AWS\": \"{text}\"}}"))),
        ),
        Value::Object(_) | Value::Null | Value::Unreadable => {}
        other => report.add(
            &check::INVALID_PRINCIPAL_FORMAT,
            Stage::Read,
            span,
            path,
            format_args!("a principal is `\"*\"` or an object, not {}", other.kind()),
            format_args!("write `{{\"AWS\": [\"*\"]}}`"),
        ),
    }
}

fn check_principal_object(
    report: &mut Report<'_>,
    object: &Object<'_>,
    span: crate::json::Span,
    path: &Path<'_>,
) {
    let is_aws = |member: &&Member<'_>| member.name.eq_ignore_ascii_case("AWS");
    let aws = object.members.iter().rfind(|m| is_aws(m));
    let has_names = aws.is_some_and(|aws| entries(&aws.value).next().is_some());
    for other in object.members.iter().filter(|m| !is_aws(m)) {
        let stage = if has_names { Stage::Advice } else { Stage::Read };
        let inner = Path::Name(path, &other.name);
        report.add(
            &check::INVALID_PRINCIPAL_KEY,
            stage,
            other.name_span,
            &inner,
            format_args!("MinIO knows no principals of type {}", shown(&other.name)),
            format_args!("write `AWS`"),
        );
    }
    if let Some(aws) = aws {
        let inner = Path::Name(path, &aws.name);
        for (index, node) in entries(&aws.value) {
            if !matches!(node.value, Value::String(_) | Value::Unreadable) {
                report.add(
                    &check::DATA_TYPE_MISMATCH,
                    Stage::Create,
                    node.span,
                    &entry_path(&inner, index),
                    format_args!("a principal is a string, not {}", node.value.kind()),
                    format_args!("put it in double quotes"),
                );
            }
        }
    }
    let only_others = aws.is_none() && !object.members.is_empty();
    if !has_names && !only_others && !object.damaged {
        report.add(
            &check::EMPTY_PRINCIPAL,
            Stage::Read,
            span,
            path,
            format_args!("the principal names nobody"),
            format_args!("name somebody, or delete the statement"),
        );
    }
}
