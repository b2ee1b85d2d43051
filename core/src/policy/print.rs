//! Writing a document in canonical form (`policy-language` 1.9, in a fixed order).

use super::document::{ConditionEntry, Document, Element, Principal, Scalar, ScalarKind, Statement, Text};
use crate::condition::operator::{Family, Operator};
use crate::condition::value;
use crate::json::write_string;
use std::collections::{BTreeMap, BTreeSet};

/// The text of a document that could be read.
pub(super) fn print(document: &Document) -> String {
    #[cfg(feature = "aws")]
    if document.dialect.is_aws() {
        return super::print_aws::print(document);
    }
    let mut out = String::from("{");
    if let Some(id) = document.id.as_ref().filter(|id| !id.text.is_empty()) {
        member(&mut out, "ID", &id.text);
    }
    member(&mut out, "Version", text_or_empty(document.version.as_ref()));
    write_statements(&mut out, &document.statements, write_statement);
    out.push('}');
    out
}

/// Writes `Statement`; `write` writes a single one.
pub(super) fn write_statements(
    out: &mut String,
    statements: &[Statement],
    write: fn(&mut String, &Statement),
) {
    name(out, "Statement");
    out.push('[');
    for statement in statements {
        separate(out);
        write(out, statement);
    }
    out.push(']');
}

fn write_statement(out: &mut String, statement: &Statement) {
    out.push('{');
    if let Some(sid) = statement.sid.as_ref().filter(|sid| !sid.text.is_empty()) {
        member(out, "Sid", &sid.text);
    }
    member(out, "Effect", text_or_empty(statement.effect.as_ref()));
    // MinIO writes no `NotPrincipal`; here an Allow that has one allows nobody, which must not get lost.
    for (title, principal) in
        [("Principal", &statement.principal), ("NotPrincipal", &statement.not_principal)]
    {
        if let Some(principal) = principal {
            write_principal(out, title, principal);
        }
    }
    for (title, element, is_resource) in [
        ("Action", &statement.action, false),
        ("NotAction", &statement.not_action, false),
        ("Resource", &statement.resource, true),
        ("NotResource", &statement.not_resource, true),
    ] {
        if let Some(element) = element {
            write_element(out, title, element, is_resource);
        }
    }
    if !statement.conditions.is_empty() {
        write_conditions(out, &statement.conditions, value_text);
    }
    out.push('}');
}

fn write_principal(out: &mut String, title: &str, principal: &Principal) {
    let names: BTreeSet<&str> = match principal.everyone {
        true => BTreeSet::from(["*"]),
        false => principal.aws.iter().map(|text| text.text.as_str()).collect(),
    };
    name(out, title);
    out.push('{');
    name(out, "AWS");
    list(out, names.into_iter());
    out.push('}');
}

fn write_element(out: &mut String, title: &str, element: &Element, is_resource: bool) {
    let values = element.values.iter().map(|value| value.text.as_str());
    // MinIO writes the resource `*` as `**`, which means the same.
    let values: BTreeSet<&str> =
        values.map(|value| if is_resource && value == "**" { "*" } else { value }).collect();
    name(out, title);
    list(out, values.into_iter());
}

/// Writes conditions; `value_text` writes a value of an operator of a family.
pub(super) fn write_conditions(
    out: &mut String,
    entries: &[ConditionEntry],
    value_text: fn(Option<Family>, &Scalar) -> String,
) {
    let mut operators: BTreeMap<&str, BTreeMap<&str, &ConditionEntry>> = BTreeMap::new();
    for entry in entries {
        operators.entry(&entry.operator.text).or_default().insert(&entry.key.text, entry);
    }
    name(out, "Condition");
    out.push('{');
    for (operator, keys) in operators {
        name(out, operator);
        out.push('{');
        for (key, entry) in keys {
            name(out, key);
            let family = Operator::parse(operator).map(|operator| operator.base.family());
            let values: BTreeSet<String> =
                entry.values.iter().map(|value| value_text(family, value)).collect();
            out.push('[');
            for value in values {
                separate(out);
                out.push_str(&value);
            }
            out.push(']');
        }
        out.push('}');
    }
    out.push('}');
}

/// The JSON of a value: numbers as numbers, bytes in base64 again, networks with their prefix and
/// without host bits, `Bool` as a string, `Null` as a boolean.
fn value_text(family: Option<Family>, scalar: &Scalar) -> String {
    let text = scalar.text.as_str();
    let plain = match family {
        Some(Family::Numeric) => match value::integer(text) {
            Some(number) => return number.to_string(),
            None => None,
        },
        Some(Family::Null) => {
            let is_true = scalar.kind != ScalarKind::Null && value::boolean(text) == Some(true);
            return is_true.to_string();
        }
        Some(Family::Bool) if scalar.kind == ScalarKind::Null => Some("false".to_owned()),
        Some(Family::Binary) => value::base64(text).map(|bytes| value::to_base64(&bytes)),
        Some(Family::Address) => value::Network::parse(text).map(|network| network.to_string()),
        _ => None,
    };
    let mut out = String::new();
    write_string(&mut out, plain.as_deref().unwrap_or(text));
    out
}

fn text_or_empty(text: Option<&Text>) -> &str {
    text.map_or("", |text| text.text.as_str())
}

pub(super) fn list<'a>(out: &mut String, values: impl Iterator<Item = &'a str>) {
    out.push('[');
    for value in values {
        separate(out);
        write_string(out, value);
    }
    out.push(']');
}

pub(super) fn member(out: &mut String, title: &str, text: &str) {
    name(out, title);
    write_string(out, text);
}

pub(super) fn name(out: &mut String, title: &str) {
    separate(out);
    write_string(out, title);
    out.push(':');
}

/// A comma, unless what comes is the first in its object or list.
pub(super) fn separate(out: &mut String) {
    if !out.ends_with(['{', '[', ':']) {
        out.push(',');
    }
}
