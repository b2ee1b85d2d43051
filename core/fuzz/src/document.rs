//! Documents of both dialects and all kinds. The first byte chooses those, the rest is the text. Every place
//! is in the text and says what stands there; the canonical text reads back to the same text and the same
//! meaning; all ways to evaluate agree.

use super::compare::explained;
use super::context::Known;
use super::read;
use s3iam::evaluate::{Action, Caller, Request};
use s3iam::json::{self, Span, Value};
use s3iam::policy::{Dialect, Document, Kind, Principal, Statement, Text};
use s3iam::validate::{Position, Status};
use std::collections::BTreeSet;

/// Checks a document.
pub fn check(data: &[u8]) {
    let Some((&choice, text)) = data.split_first() else { return };
    let dialect = if choice & 1 == 0 { Dialect::Aws } else { Dialect::Minio };
    let kind = Kind::ALL[usize::from(choice >> 1) % Kind::ALL.len()];
    let document = read(text, dialect, kind);
    check_findings(&document, text);
    if document.status() != Status::Unreadable {
        check_spans(&document, text);
    }
    let again = document.canonical_text().map(|text| {
        let again = read(text.as_bytes(), dialect, kind);
        assert_eq!(again.canonical_text().as_ref(), Some(&text));
        let shapes = |document: &Document| document.statements.iter().map(Shape::of).collect::<Vec<_>>();
        assert_eq!(shapes(&again), shapes(&document), "{text}");
        check_findings(&again, text.as_bytes());
        check_spans(&again, text.as_bytes());
        again
    });
    let mut context = Known::of(dialect);
    context.add("aws:username", b"bob");
    context.add("aws:SourceIp", b"!10.0.0.1");
    context.add("aws:CurrentTime", b"!@1577836800000");
    context.add("s3:prefix", b"a,b");
    context.add("aws:SecureTransport", b"!true");
    context.add("s3:ExistingObjectTag/team", b"?");
    let caller = Caller::User { arn: "arn:aws:iam::111122223333:user/bob" };
    for (action, bucket, object) in [
        ("s3:GetObject", &b"data"[..], &b"a/b.txt"[..]),
        ("s3:ListBucket", b"data", b""),
        ("foo:Bar", b"", b""),
    ] {
        let request = Request::new(Action::named(action), bucket, object, &context);
        let request = Request { caller: Some(&caller), account: "bob", ..request };
        let decision = explained(&[&document], &request);
        if let Some(again) = &again {
            assert_eq!(explained(&[again], &request), decision);
        }
    }
}

/// Findings stand in the text, at the lines and columns that they say, in its order.
fn check_findings(document: &Document, text: &[u8]) {
    for finding in &document.findings {
        assert!(finding.span.start <= finding.span.end, "{finding:?}");
        assert!(finding.span.end as usize <= text.len(), "{finding:?}");
        for (position, offset) in [(finding.start, finding.span.start), (finding.end, finding.span.end)] {
            check_position(position, text, offset);
        }
        assert!(finding.pointer.is_empty() || finding.pointer.starts_with('/'), "{finding:?}");
        assert!(!finding.message.is_empty());
    }
}

/// A position is that of its byte. What is no UTF-8 has no UTF-16 units that everyone agrees on.
fn check_position(position: Position, text: &[u8], offset: u32) {
    let (line, column) = json::line_and_column(text, offset);
    assert_eq!((position.line as usize, position.column as usize), (line, column));
    if let Ok(text) = std::str::from_utf8(text) {
        let before = &text[..offset as usize];
        let line = before.rsplit('\n').next().unwrap_or_default();
        assert_eq!(position.column_utf16 as usize, line.encode_utf16().count() + 1);
    }
}

/// Every text stands where it says.
fn check_spans(document: &Document, text: &[u8]) {
    let stands = |one: &Text| {
        let written = one.span.of(text);
        let reading = json::read(written, usize::MAX, 8);
        match reading.root.map(|root| root.value) {
            Some(Value::String(decoded)) => assert_eq!(decoded, *one.text),
            // An action or a principal may be something else, which stands for a text.
            other => assert!(other.is_some(), "{one:?}"),
        }
    };
    let is_in = |outer: Span, inner: Span| {
        assert!(outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end);
    };
    let whole = Span::new(0, text.len());
    document.version.iter().chain(&document.id).for_each(stands);
    for statement in &document.statements {
        is_in(whole, statement.span);
        statement.sid.iter().chain(&statement.effect).for_each(|one| {
            is_in(statement.span, one.span);
            stands(one);
        });
        for element in
            [&statement.action, &statement.not_action, &statement.resource, &statement.not_resource]
                .into_iter()
                .flatten()
        {
            is_in(statement.span, element.span);
            element.values.iter().for_each(|one| {
                is_in(element.span, one.span);
                stands(one);
            });
        }
        for principal in statement.principal.iter().chain(&statement.not_principal) {
            is_in(statement.span, principal.span);
            principal.aws.iter().chain(principal.others.iter().map(|(_, one)| one)).for_each(stands);
        }
        for entry in &statement.conditions {
            is_in(statement.span, entry.span);
            stands(&entry.operator);
            stands(&entry.key);
            entry.values.iter().for_each(|value| is_in(entry.span, value.span));
        }
    }
}

/// What counts about a statement, without order, repeats and spelling. Values of conditions are left to the
/// decisions and to the text that is printed again.
#[derive(Debug, PartialEq)]
struct Shape {
    effect: String,
    /// Actions and resources, principals.
    sets: Vec<Option<BTreeSet<String>>>,
    /// Operators with their keys.
    tests: BTreeSet<(String, String)>,
    broken: bool,
}

impl Shape {
    fn of(statement: &Statement) -> Self {
        let set = |texts: &[Text]| -> BTreeSet<String> {
            texts.iter().map(|one| one.text.replace("**", "*")).collect()
        };
        let principals = |principal: &Principal| {
            let everyone = principal.everyone || principal.aws.iter().any(|one| one.text == "*");
            let aws = if everyone { BTreeSet::from(["*".to_owned()]) } else { set(&principal.aws) };
            let others = principal.others.iter().map(|(kind, one)| format!("{kind:?} {}", one.text));
            aws.into_iter().chain(others).collect()
        };
        let Statement { action, not_action, resource, not_resource, .. } = statement;
        let elements = [action, not_action, resource, not_resource];
        let mut sets: Vec<_> = elements.map(|element| element.as_ref().map(|e| set(&e.values))).into();
        sets.extend([&statement.principal, &statement.not_principal].map(|p| p.as_ref().map(principals)));
        let tests = statement.conditions.iter();
        Self {
            effect: statement.effect.as_ref().map(|effect| effect.text.to_string()).unwrap_or_default(),
            sets,
            tests: tests.map(|entry| (entry.operator.text.to_string(), entry.key.text.to_string())).collect(),
            broken: statement.broken,
        }
    }
}
