//! Reading a `Condition`: operators, keys and values (`policy-language` 1.6).

use super::document::{ConditionEntry, Scalar, ScalarKind};
use super::read::mismatch;
use super::read_statement::ConditionDraft;
use crate::condition::operator::Operator;
use crate::condition::value;
use crate::json::{Member, Node, Object, Path, Span, Value, repeats};
use crate::validate::Stage;
use crate::validate::check;
use crate::validate::condition::{self, Test};
use crate::validate::report::{Report, shown};

type Conditions<'t> = (Vec<ConditionEntry>, Vec<ConditionDraft<'t>>);

/// Reads a `Condition`. Of a repeated operator or key the last counts as a whole; the values of
/// the others must be readable all the same.
pub(super) fn read<'t>(
    report: &mut Report<'t>,
    condition: &'t Member<'t>,
    path: &Path<'_>,
) -> Conditions<'t> {
    let mut conditions = (Vec::new(), Vec::new());
    match &condition.value.value {
        Value::Object(object) => {
            if object.members.is_empty() && !object.damaged {
                report_empty(
                    report,
                    Stage::Read,
                    "a condition without operators is refused",
                    condition.value.span,
                    path,
                );
            }
            for (operator, counts) in object.members.iter().zip(are_last(&object.members)) {
                let inner = Path::Name(path, &operator.name);
                read_operator(report, condition, operator, counts, &inner, &mut conditions);
            }
        }
        Value::Null => {
            report_empty(report, Stage::Read, "a condition of null is refused", condition.value.span, path);
        }
        Value::Unreadable => {}
        other => mismatch(report, &condition.name, "an object", other, condition.value.span, path),
    }
    conditions
}

fn read_operator<'t>(
    report: &mut Report<'t>,
    condition: &'t Member<'t>,
    operator: &'t Member<'t>,
    counts: bool,
    path: &Path<'_>,
    out: &mut Conditions<'t>,
) {
    let parsed =
        if counts { condition::operator(report, &operator.name, operator.name_span, path) } else { None };
    let object = match &operator.value.value {
        Value::Object(object) if !object.members.is_empty() => object,
        Value::Object(Object { damaged: true, .. }) | Value::Unreadable => return,
        Value::Object(_) | Value::Null => {
            let message =
                format!("the operator {} has no keys, so it is always satisfied", shown(&operator.name));
            report_empty(report, Stage::Advice, &message, operator.value.span, path);
            return;
        }
        other => return mismatch(report, &operator.name, "an object", other, operator.value.span, path),
    };
    for (key, is_last) in object.members.iter().zip(are_last(&object.members)) {
        let counts = counts && is_last;
        let inner = Path::Name(path, &key.name);
        let known = counts && condition::key(report, &key.name, key.name_span, &inner);
        let values = read_values(report, &key.value, &inner);
        match (values, parsed) {
            (Some(values), Some(parsed)) if counts => {
                let entry = ConditionEntry {
                    operator: report.copy(&operator.name, operator.name_span),
                    key: report.copy(&key.name, key.name_span),
                    values,
                    is_list: matches!(key.value.value, Value::List(_)),
                    span: key.value.span,
                };
                check_entry(report, &entry, parsed, known, &inner);
                if known {
                    out.0.push(entry);
                    out.1.push(ConditionDraft { condition, operator, key });
                }
            }
            (Some(values), _) => {
                check_numbers(report, &values, matches!(key.value.value, Value::List(_)), &inner)
            }
            (None, _) => {}
        }
    }
}

/// Checks the values against the operator. An unknown key says nothing about them.
fn check_entry(
    report: &mut Report<'_>,
    entry: &ConditionEntry,
    operator: Operator,
    known: bool,
    path: &Path<'_>,
) {
    if !known {
        return check_numbers(report, &entry.values, entry.is_list, path);
    }
    let test = Test {
        operator,
        key: &entry.key.text,
        key_span: entry.key.span,
        values: &entry.values,
        is_list: entry.is_list,
        span: entry.span,
    };
    condition::test(report, test, path);
}

/// Reads the values of a key; `None` if they are no values at all.
fn read_values(report: &mut Report<'_>, node: &Node<'_>, path: &Path<'_>) -> Option<Vec<Scalar>> {
    let Value::List(entries) = &node.value else {
        return read_value(report, node, path).map(|value| vec![value]);
    };
    if entries.is_empty() {
        report.add(
            &check::EMPTY_CONDITION_VALUES,
            Stage::Read,
            node.span,
            path,
            format_args!("the key has no values"),
            format_args!("add a value, or delete the key"),
        );
        return None;
    }
    let values: Vec<Option<Scalar>> = entries
        .iter()
        .enumerate()
        .map(|(index, node)| read_value(report, node, &Path::Index(path, index)))
        .collect();
    report_repeated(report, &values, path);
    values.into_iter().collect()
}

fn read_value(report: &mut Report<'_>, node: &Node<'_>, path: &Path<'_>) -> Option<Scalar> {
    let (text, kind) = match &node.value {
        Value::String(text) => (report.copy(text, node.span).text, ScalarKind::String),
        Value::Number(number) => ((*number).into(), ScalarKind::Number),
        Value::Boolean(b) => (if *b { "true" } else { "false" }.into(), ScalarKind::Boolean),
        Value::Null => ("null".into(), ScalarKind::Null),
        Value::Unreadable => return None,
        other => {
            report.add(
                &check::DATA_TYPE_MISMATCH,
                Stage::Read,
                node.span,
                path,
                format_args!("a condition value is a string, number or boolean, not {}", other.kind()),
                format_args!("write the value, or a flat list of values"),
            );
            return None;
        }
    };
    Some(Scalar { text, kind, span: node.span })
}

/// Numbers must be integers of 64 bits, whatever the operator.
fn check_numbers(report: &mut Report<'_>, values: &[Scalar], is_list: bool, path: &Path<'_>) {
    for (index, value) in values.iter().enumerate() {
        if value.kind == ScalarKind::Number && value::integer(&value.text).is_none() {
            let inner = Path::Index(path, index);
            let path = if is_list { &inner } else { path };
            report.add(
                &check::VALUE_NOT_NUMBER,
                Stage::Read,
                value.span,
                path,
                format_args!("the value {} is not an integer of 64 bits", shown(&value.text)),
                format_args!("write an integer"),
            );
        }
    }
}

/// Reports values that stand twice in a list, in linearithmic time. `null` is the boolean false.
fn report_repeated(report: &mut Report<'_>, values: &[Option<Scalar>], path: &Path<'_>) {
    let texts: Vec<String> = values.iter().map(|value| value.as_ref().map_or(String::new(), same)).collect();
    for (at, first) in repeats(texts.len(), &|at| texts.get(at).map_or("", |text| text)) {
        let (Some(Some(value)), Some(Some(first))) = (values.get(at), values.get(first)) else { continue };
        report.add(
            &check::DUPLICATE_CONDITION_VALUE,
            Stage::Read,
            value.span,
            &Path::Index(path, at),
            format_args!("the value {} is already given at {}", shown(&value.text), report.place(first.span)),
            format_args!("delete it"),
        );
    }
}

/// A text that two values have in common if they are the same, and is never empty.
fn same(value: &Scalar) -> String {
    match (value.kind, value::integer(&value.text)) {
        (ScalarKind::String, _) => format!("\"{}", value.text),
        (ScalarKind::Number, Some(number)) => number.to_string(),
        (ScalarKind::Boolean | ScalarKind::Null, _) if value.text != "true" => "false".to_owned(),
        _ => value.text.to_string(),
    }
}

fn report_empty(report: &mut Report<'_>, stage: Stage, message: &str, span: Span, path: &Path<'_>) {
    let help = format_args!("add a condition, or delete it");
    report.add(&check::EMPTY_CONDITION_BLOCK, stage, span, path, format_args!("{message}"), help);
}

/// Of each member whether it is the last of its name.
fn are_last(members: &[Member<'_>]) -> Vec<bool> {
    let mut are_last = vec![true; members.len()];
    let name = |at: usize| members.iter().nth_back(at).map_or("", |member| &*member.name);
    for (at, _) in repeats(members.len(), &name) {
        if let Some(is_last) = are_last.iter_mut().nth_back(at) {
            *is_last = false;
        }
    }
    are_last
}
