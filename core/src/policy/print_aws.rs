//! Writing a document of the AWS dialect in canonical form: members in one order, sets sorted and without
//! repeats, values in the form that they are compared in. Names of actions and condition keys stay in the
//! letter case that they are written in.

use super::document::{Document, Element, Principal, PrincipalType, Scalar, Statement};
use super::print::{list, member, name, write_conditions, write_statements};
use crate::condition::operator::Family;
use crate::condition::value;
use crate::json::write_string;
use std::collections::BTreeSet;

/// The text of a document that could be read.
pub(super) fn print(document: &Document) -> String {
    let mut out = String::from("{");
    for (title, text) in [("Version", &document.version), ("Id", &document.id)] {
        if let Some(text) = text {
            member(&mut out, title, &text.text);
        }
    }
    write_statements(&mut out, &document.statements, write_statement);
    out.push('}');
    out
}

fn write_statement(out: &mut String, statement: &Statement) {
    out.push('{');
    for (title, text) in [("Sid", &statement.sid), ("Effect", &statement.effect)] {
        if let Some(text) = text {
            member(out, title, &text.text);
        }
    }
    for (title, principal) in
        [("Principal", &statement.principal), ("NotPrincipal", &statement.not_principal)]
    {
        if let Some(principal) = principal {
            write_principal(out, title, principal);
        }
    }
    for (title, element) in [
        ("Action", &statement.action),
        ("NotAction", &statement.not_action),
        ("Resource", &statement.resource),
        ("NotResource", &statement.not_resource),
    ] {
        if let Some(element) = element {
            write_element(out, title, element);
        }
    }
    if !statement.conditions.is_empty() {
        write_conditions(out, &statement.conditions, value_text);
    }
    out.push('}');
}

/// `"*"` is written as the `AWS` principal that means the same, and leaves nothing for others to add.
fn write_principal(out: &mut String, title: &str, principal: &Principal) {
    let aws: BTreeSet<&str> = principal.aws.iter().map(|text| text.text.as_str()).collect();
    let aws = if principal.everyone || aws.contains("*") { BTreeSet::from(["*"]) } else { aws };
    let of_type = |wanted| {
        let others = principal.others.iter().filter(move |(kind, _)| *kind == wanted);
        others.map(|(_, text)| text.text.as_str()).collect::<BTreeSet<&str>>()
    };
    name(out, title);
    out.push('{');
    for (kind, names) in [
        ("AWS", aws),
        ("CanonicalUser", of_type(PrincipalType::CanonicalUser)),
        ("Federated", of_type(PrincipalType::Federated)),
        ("Service", of_type(PrincipalType::Service)),
    ] {
        if !names.is_empty() {
            name(out, kind);
            list(out, names.into_iter());
        }
    }
    out.push('}');
}

fn write_element(out: &mut String, title: &str, element: &Element) {
    let values: BTreeSet<&str> = element.values.iter().map(|value| value.text.as_str()).collect();
    name(out, title);
    list(out, values.into_iter());
}

/// The JSON of a value: whole numbers as numbers, bytes in base64 again, networks with their prefix and
/// without host bits, `Bool` as a string, `Null` as a boolean, everything else as a string.
fn value_text(family: Option<Family>, scalar: &Scalar) -> String {
    let text = scalar.text.as_str();
    let flag = || ["true", "false"].into_iter().find(|flag| flag.eq_ignore_ascii_case(text));
    let plain = match family {
        Some(Family::Numeric) => match value::integer(text) {
            Some(number) => return number.to_string(),
            None => None,
        },
        Some(Family::Null) => match flag() {
            Some(flag) => return flag.to_owned(),
            None => None,
        },
        Some(Family::Bool) => flag().map(str::to_owned),
        Some(Family::Binary) => value::base64(text).map(|bytes| value::to_base64(&bytes)),
        Some(Family::Address) => value::Network::parse(text).map(|network| network.to_string()),
        _ => None,
    };
    let mut out = String::new();
    write_string(&mut out, plain.as_deref().unwrap_or(text));
    out
}
