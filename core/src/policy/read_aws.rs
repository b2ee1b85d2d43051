//! Reading a document of the AWS dialect (`aws-evaluation` 11): its members, and the structure that AWS
//! asks for. Element names are exact; of a repeated one the last counts, as the finding says.

use super::document::{
    ConditionEntry, Document, Element, Kind, Principal, PrincipalType, Scalar, ScalarKind, Statement, Text,
};
use super::member::{self, Members, Name};
use super::read::{mismatch, not_a_statement, string};
use super::read_statement::{entries, entry_path};
use crate::condition::{
    self,
    operator::{Base, Operator},
};
use crate::json::{self, Member, Node, Object, Path, Span, Value};
use crate::policy::Dialect;
use crate::validate::Stage;
use crate::validate::check::{self, Check};
use crate::validate::report::{Report, shown};

/// Reads the members of a document.
pub(super) fn read_document(
    report: &mut Report<'_>,
    object: &Object<'_>,
    span: Span,
    document: &mut Document,
) {
    let mut has_statement = object.damaged;
    for member in &object.members {
        let path = Path::Name(&Path::Root, &member.name);
        match &*member.name {
            "Version" => document.version = version(report, member, &path),
            "Id" => document.id = string(report, member, &path),
            "Statement" => {
                has_statement = true;
                #[cfg(feature = "accounts")]
                {
                    document.has_statements = member.value.value != Value::Null;
                }
                document.statements = statements(report, member, document.kind, &path);
            }
            _ => unknown(report, member, &["Version", "Id", "Statement"], &path),
        }
    }
    if !has_statement {
        report.add(
            &check::MISSING_STATEMENT,
            Stage::Validate,
            span,
            &Path::Root,
            format_args!("the policy has no statements"),
            format_args!("add a `Statement`"),
        );
    }
}

fn version(report: &mut Report<'_>, member: &Member<'_>, path: &Path<'_>) -> Option<Text> {
    let version = string(report, member, path)?;
    if !matches!(version.text.as_str(), "2012-10-17" | "2008-10-17") {
        report.add(
            &check::INVALID_VERSION,
            Stage::Validate,
            version.span,
            path,
            format_args!("there is no policy version {}", shown(&version.text)),
            format_args!("write `\"2012-10-17\"`"),
        );
    }
    Some(version)
}

/// A member that the grammar does not know; at evaluation it says nothing.
fn unknown(report: &mut Report<'_>, member: &Member<'_>, known: &[&str], path: &Path<'_>) {
    let similar = known.iter().find(|name| name.eq_ignore_ascii_case(&member.name));
    let help = match similar {
        Some(name) => format!("write `{name}`"),
        None => format!("delete it; there are {}", known.join(", ")),
    };
    report.add(
        &check::INVALID_POLICY_ELEMENT,
        Stage::Create,
        member.name_span,
        path,
        format_args!("there is no policy element {}", shown(&member.name)),
        format_args!("{help}"),
    );
}

fn statements(report: &mut Report<'_>, member: &Member<'_>, kind: Kind, path: &Path<'_>) -> Vec<Statement> {
    if matches!(member.value.value, Value::Null) {
        mismatch(
            report,
            "Statement",
            "an object or a list of objects",
            &Value::Null,
            member.value.span,
            path,
        );
    }
    entries(&member.value)
        .map(|(index, node)| statement(report, node, kind, &entry_path(path, index)))
        .collect()
}

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

fn statement(report: &mut Report<'_>, node: &Node<'_>, kind: Kind, path: &Path<'_>) -> Statement {
    let mut statement = Statement { span: node.span, ..Statement::default() };
    let object = match &node.value {
        Value::Object(object) => object,
        other => {
            statement.broken = true;
            if !matches!(other, Value::Unreadable) {
                not_a_statement(report, other, node.span, path);
            }
            return statement;
        }
    };
    let reads = report.reads();
    let mut members = Members::default();
    for member in &object.members {
        let inner = Path::Name(path, &member.name);
        let mut element = || element(report, member, &inner);
        let name = member::exact(&member.name);
        match name {
            Some(Name::Action) => statement.action = element(),
            Some(Name::NotAction) => statement.not_action = element(),
            Some(Name::Resource) => statement.resource = element(),
            Some(Name::NotResource) => statement.not_resource = element(),
            Some(Name::Sid) => statement.sid = string(report, member, &inner),
            Some(Name::Effect) => statement.effect = string(report, member, &inner),
            Some(Name::Principal) => statement.principal = Some(principal(report, member, &inner)),
            Some(Name::NotPrincipal) => statement.not_principal = Some(principal(report, member, &inner)),
            Some(Name::Condition) => statement.conditions = conditions(report, member, &inner),
            _ => unknown(report, member, &ELEMENTS, &inner),
        }
        if let Some(name) = name {
            members.set(name, member);
        }
    }
    statement.broken |= object.damaged || report.reads() > reads;
    if !object.damaged {
        check_structure(report, &members, &statement, kind, path);
    }
    statement
}

/// What every statement must have, and what it must not have twice (E102 to E109).
fn check_structure(
    report: &mut Report<'_>,
    members: &Members<'_>,
    statement: &Statement,
    kind: Kind,
    path: &Path<'_>,
) {
    let missing = |check: &'static Check, what: &'static str, names: [Name; 2]| {
        names.into_iter().all(|name| members.get(name).is_none()).then_some((check, what))
    };
    let needs_resource = !matches!(kind, Kind::Trust | Kind::Scp);
    let faults = [
        missing(&check::MISSING_EFFECT, "`Effect`", [Name::Effect; 2]),
        missing(&check::MISSING_ACTION, "`Action`", [Name::Action, Name::NotAction]),
        missing(&check::MISSING_RESOURCE, "`Resource`", [Name::Resource, Name::NotResource])
            .filter(|_| needs_resource),
        missing(&check::MISSING_PRINCIPAL, "`Principal`", [Name::Principal, Name::NotPrincipal])
            .filter(|_| kind.is_of_a_resource()),
    ];
    for (check, what) in faults.into_iter().flatten() {
        report.add(
            check,
            Stage::Validate,
            statement.span,
            path,
            format_args!("the statement has no {what}"),
            format_args!("add {what}"),
        );
    }
    for pair in [
        [Name::Action, Name::NotAction],
        [Name::Resource, Name::NotResource],
        [Name::Principal, Name::NotPrincipal],
    ] {
        if let [Some(first), Some(second)] = pair.map(|name| members.get(name)) {
            let path = Path::Name(path, &second.name);
            report.add(
                &check::UNSUPPORTED_ELEMENT_COMBINATION,
                Stage::Validate,
                second.span(),
                &path,
                format_args!("the statement has both `{}` and `{}`", first.name, second.name),
                format_args!("split it into two statements"),
            );
        }
    }
    if let Some(effect) = &statement.effect
        && !matches!(effect.text.as_str(), "Allow" | "Deny")
    {
        report.add(
            &check::INVALID_EFFECT,
            Stage::Validate,
            effect.span,
            &Path::Name(path, "Effect"),
            format_args!("an effect is `Allow` or `Deny`, not {}", shown(&effect.text)),
            format_args!("write `\"Allow\"` or `\"Deny\"`"),
        );
    }
    let principal = members.get(Name::Principal).or(members.get(Name::NotPrincipal));
    if let Some(member) = principal.filter(|_| !kind.is_of_a_resource()) {
        let path = Path::Name(path, &member.name);
        report.add(
            &check::UNSUPPORTED_PRINCIPAL,
            Stage::Validate,
            member.span(),
            &path,
            format_args!("only policies of resources name principals"),
            format_args!("delete it, or attach the policy to the resource"),
        );
    }
}

/// A string or a list of strings.
fn element(report: &mut Report<'_>, member: &Member<'_>, path: &Path<'_>) -> Option<Element> {
    let node = &member.value;
    let is_list = matches!(node.value, Value::List(_));
    let values = Vec::with_capacity(entries(node).size_hint().0);
    let mut element = Element { span: node.span, is_list, values };
    if matches!(node.value, Value::Null) {
        mismatch(report, &member.name, "a string or a list of strings", &Value::Null, node.span, path);
    }
    for (index, node) in entries(node) {
        match &node.value {
            Value::String(text) => element.values.push(report.copy(text, node.span)),
            Value::Unreadable => {}
            other => {
                let path = entry_path(path, index);
                mismatch(report, &member.name, "a string or a list of strings", other, node.span, &path);
            }
        }
    }
    Some(element)
}

fn principal(report: &mut Report<'_>, member: &Member<'_>, path: &Path<'_>) -> Principal {
    let mut principal = Principal { span: member.value.span, ..Principal::default() };
    match &member.value.value {
        Value::String(text) if text == "*" => principal.everyone = true,
        Value::Object(object) => {
            for member in last_members(object) {
                let path = Path::Name(path, &member.name);
                let values = element(report, member, &path).map(|e| e.values).unwrap_or_default();
                let kind = match &*member.name {
                    "AWS" => {
                        principal.aws.extend(values);
                        continue;
                    }
                    "Federated" => PrincipalType::Federated,
                    "Service" => PrincipalType::Service,
                    "CanonicalUser" => PrincipalType::CanonicalUser,
                    other => {
                        report.add(
                            &check::INVALID_PRINCIPAL_KEY,
                            Stage::Read,
                            member.name_span,
                            &path,
                            format_args!("there are no principals of type {}", shown(other)),
                            format_args!("write `AWS`, `Federated`, `Service` or `CanonicalUser`"),
                        );
                        continue;
                    }
                };
                principal.others.extend(values.into_iter().map(|value| (kind, value)));
            }
        }
        Value::Unreadable => {}
        other => report.add(
            &check::INVALID_PRINCIPAL_FORMAT,
            Stage::Read,
            member.value.span,
            path,
            format_args!("a principal is `\"*\"` or an object, not {}", other.kind()),
            format_args!("write `{{\"AWS\": \"111122223333\"}}`, or `\"*\"` for everyone"),
        ),
    }
    principal
}

fn conditions(report: &mut Report<'_>, member: &Member<'_>, path: &Path<'_>) -> Vec<ConditionEntry> {
    let mut out = Vec::new();
    let Some(operators) = object(report, member, path) else { return out };
    for operator in last_members(operators) {
        let path = Path::Name(path, &operator.name);
        let parsed = Operator::parse(&operator.name).filter(|parsed| parsed.is_in(Dialect::Aws));
        if parsed.is_none() {
            report.add(
                &check::INVALID_CONDITION_OPERATOR,
                Stage::Read,
                operator.name_span,
                &path,
                format_args!("there is no condition operator {}", shown(&operator.name)),
                format_args!("write one such as `StringEquals`, `StringLike` or `ArnLike`"),
            );
        }
        for key in object(report, operator, &path).into_iter().flat_map(last_members) {
            let path = Path::Name(&path, &key.name);
            let values = scalars(report, key, &path);
            let entry = ConditionEntry {
                operator: report.copy(&operator.name, operator.name_span),
                key: report.copy(&key.name, key.name_span),
                is_list: matches!(key.value.value, Value::List(_)),
                span: key.value.span,
                values,
            };
            check_values(report, &entry, parsed, &path);
            out.push(entry);
        }
    }
    out
}

/// The members of an object that count: of several with one name the last.
fn last_members<'n, 't>(object: &'n Object<'t>) -> impl Iterator<Item = &'n Member<'t>> {
    // Backwards the last is the first, and repeats are what does not count.
    let from_end = |at: usize| object.members.len() - 1 - at;
    let name = |at| object.members.get(from_end(at)).map_or("", |member| &member.name);
    let mut repeated: Vec<usize> =
        json::repeats(object.members.len(), &name).into_iter().map(|(at, _)| from_end(at)).collect();
    repeated.sort_unstable();
    let counts = move |at: usize| repeated.binary_search(&at).is_err();
    object.members.iter().enumerate().filter(move |(at, _)| counts(*at)).map(|(_, member)| member)
}

/// The object that a member of a condition is.
fn object<'n, 't>(
    report: &mut Report<'_>,
    member: &'n Member<'t>,
    path: &Path<'_>,
) -> Option<&'n Object<'t>> {
    match &member.value.value {
        Value::Object(object) => return Some(object),
        Value::Unreadable => {}
        other => mismatch(report, &member.name, "an object", other, member.value.span, path),
    }
    None
}

fn scalars(report: &mut Report<'_>, member: &Member<'_>, path: &Path<'_>) -> Vec<Scalar> {
    let mut out = Vec::with_capacity(entries(&member.value).size_hint().0);
    if matches!(member.value.value, Value::Null) {
        mismatch(report, &member.name, "a value or a list of values", &Value::Null, member.value.span, path);
    }
    for (index, node) in entries(&member.value) {
        let (text, kind) = match &node.value {
            Value::String(text) => (report.copy(text, node.span).text, ScalarKind::String),
            Value::Number(number) => ((*number).into(), ScalarKind::Number),
            Value::Boolean(flag) => (if *flag { "true" } else { "false" }.into(), ScalarKind::Boolean),
            Value::Unreadable => continue,
            other => {
                let path = entry_path(path, index);
                mismatch(report, &member.name, "a value or a list of values", other, node.span, &path);
                continue;
            }
        };
        out.push(Scalar { text, kind, span: node.span });
    }
    out
}

/// Checks that values are of the operator's type; what is not is equal to nothing.
fn check_values(
    report: &mut Report<'_>,
    entry: &ConditionEntry,
    operator: Option<Operator>,
    path: &Path<'_>,
) {
    let Some(operator) = operator else { return };
    if operator.base == Base::Null && entry.values.len() != 1 {
        report.add(
            &check::NULL_VALUE_NOT_BOOLEAN,
            Stage::Validate,
            entry.span,
            path,
            format_args!("`Null` takes one value"),
            format_args!("write `\"true\"` or `\"false\"`"),
        );
    }
    for (index, value) in entry.values.iter().enumerate() {
        let Some((check, wanted)) = condition::value_fault(operator, &value.text) else { continue };
        let path = entry_path(path, entry.is_list.then_some(index));
        // A name of too few parts is only useless, and a variable may turn out to be a boolean.
        let is_variable = operator.base == Base::Bool && value.text.starts_with("${");
        let is_harmless = check == &check::VALUE_NOT_ARN || is_variable;
        let stage = if is_harmless { Stage::Advice } else { Stage::Validate };
        report.add(
            check,
            stage,
            value.span,
            &path,
            format_args!("{} is no value for `{}`", shown(&value.text), entry.operator.text),
            format_args!("write {wanted}"),
        );
    }
}
