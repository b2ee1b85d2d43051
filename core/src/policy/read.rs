//! Reading a document: its members and what reading refuses (`policy-language` 1.1 to 1.4).

use super::Dialect;
use super::document::{Document, Kind, Limits, Statement, Text};
use super::member::{self, Level, Members, Name};
use super::read_statement::{self, StatementDraft};
use crate::json::{self, Member, Node, Object, Path, Span, Value};
use crate::validate::check;
use crate::validate::report::{Report, shown};
use crate::validate::{Stage, document as rules, statement};

/// Reads a document. `bucket` is the bucket that a bucket policy is put on, where known.
pub(super) fn read(
    text: &[u8],
    dialect: Dialect,
    kind: Kind,
    limits: Limits,
    bucket: Option<&str>,
) -> Document {
    let mut report = Report::new(text);
    let mut document = Document {
        dialect,
        kind,
        version: None,
        id: None,
        #[cfg(feature = "accounts")]
        has_statements: false,
        statements: Vec::new(),
        findings: Vec::new(),
    };
    if dialect == Dialect::Aws && !dialect.is_aws() {
        let whole = Span::new(0, text.len());
        report.add(
            &check::DIALECT_NOT_SUPPORTED,
            Stage::Read,
            whole,
            &Path::Root,
            format_args!("this build does not have the AWS dialect"),
            format_args!("read it in the minio dialect"),
        );
        document.findings = report.finish();
        return document;
    }
    let reading = json::read(text, limits.document_bytes, limits.depth);
    reading.problems.into_iter().for_each(|problem| report.add_problem(problem));
    if let Some(root) = &reading.root {
        report.keep_text();
        read_root(&mut report, root, &mut document, bucket);
    }
    document.findings = report.finish();
    document
}

fn read_root<'t>(report: &mut Report<'t>, root: &'t Node<'t>, document: &mut Document, bucket: Option<&str>) {
    match &root.value {
        #[cfg(feature = "aws")]
        Value::Object(object) if document.dialect.is_aws() => {
            super::read_aws::read_document(report, object, root.span, document);
        }
        Value::Object(object) => read_document(report, object, root.span, document, bucket),
        // MinIO reads `null` as a policy without members.
        Value::Null if !document.dialect.is_aws() => {
            rules::check_missing(report, &Members::default(), root.span, false);
        }
        Value::Unreadable => {}
        other => {
            report.add(
                &check::DOCUMENT_NOT_OBJECT,
                Stage::Read,
                root.span,
                &Path::Root,
                format_args!("a policy is an object, not {}", other.kind()),
                format_args!("wrap it in `{{` and `}}`"),
            );
        }
    }
}

fn read_document<'t>(
    report: &mut Report<'t>,
    object: &'t Object<'t>,
    span: Span,
    document: &mut Document,
    bucket: Option<&str>,
) {
    let mut members = Members::default();
    let mut drafts = Vec::new();
    for (name, member) in member::known(report, object, Level::Document, &Path::Root) {
        let path = Path::Name(&Path::Root, &member.name);
        match name {
            Name::Version => {
                if let Some(text) = string(report, member, &path) {
                    document.version = Some(text);
                    members.set(name, member);
                } else if members.get(name).is_none() {
                    members.set(name, member);
                }
            }
            Name::Id => {
                document.id = string(report, member, &path).or(document.id.take());
                members.set(name, member);
            }
            _ => {
                drafts = read_statements(report, member, &path);
                members.set(name, member);
            }
        }
    }
    rules::check(report, &members, span, object.damaged, document.kind);
    let statement_member = members.get(Name::Statement);
    #[cfg(feature = "accounts")]
    {
        document.has_statements = statement_member.is_some_and(|member| member.value.value != Value::Null);
    }
    for draft in &mut drafts {
        let base = statement_member.map_or("Statement", |m| &m.name);
        let base = Path::Name(&Path::Root, base);
        let path = draft.index.map_or(base, |index| Path::Index(&base, index));
        let reads = report.reads();
        statement::check(report, draft, document.kind, bucket, &path);
        draft.statement.broken |= report.reads() > reads;
    }
    rules::check_sids(report, &drafts, statement_member.map_or("Statement", |m| &m.name));
    document.statements = drafts.into_iter().map(|draft| draft.statement).collect();
}

/// Reads `Statement`. A single object is refused, but read all the same for what else is wrong.
fn read_statements<'t>(
    report: &mut Report<'t>,
    member: &'t Member<'t>,
    path: &Path<'_>,
) -> Vec<StatementDraft<'t>> {
    match &member.value.value {
        Value::List(entries) => entries
            .iter()
            .enumerate()
            .map(|(index, node)| read_statement(report, node, Some(index), &Path::Index(path, index)))
            .collect(),
        Value::Object(_) => {
            report.add(
                &check::DATA_TYPE_MISMATCH,
                Stage::Read,
                member.value.span,
                path,
                format_args!("`Statement` is a list, not an object"),
                format_args!("wrap the statement in `[` and `]`"),
            );
            vec![read_statement(report, &member.value, None, path)]
        }
        Value::Null | Value::Unreadable => Vec::new(),
        other => {
            mismatch(report, &member.name, "a list of objects", other, member.value.span, path);
            Vec::new()
        }
    }
}

fn read_statement<'t>(
    report: &mut Report<'t>,
    node: &'t Node<'t>,
    index: Option<usize>,
    path: &Path<'_>,
) -> StatementDraft<'t> {
    let mut draft = StatementDraft {
        index,
        is_null: false,
        object: None,
        members: Members::default(),
        conditions: Vec::new(),
        statement: Statement { span: node.span, ..Statement::default() },
    };
    match &node.value {
        Value::Object(object) => read_statement::read(report, &mut draft, object, path),
        // MinIO reads an empty statement, which is not valid and never applies.
        Value::Null => draft.is_null = true,
        Value::Unreadable => draft.statement.broken = true,
        other => {
            draft.statement.broken = true;
            not_a_statement(report, other, node.span, path);
        }
    }
    draft
}

/// Reports a statement that is no object.
pub(super) fn not_a_statement(report: &mut Report<'_>, value: &Value<'_>, span: Span, path: &Path<'_>) {
    report.add(
        &check::STATEMENT_NOT_OBJECT,
        Stage::Read,
        span,
        path,
        format_args!("a statement is an object, not {}", value.kind()),
        format_args!("write it as an object"),
    );
}

/// Reads a member that is a string; `null` counts as absent.
pub(super) fn string(report: &mut Report<'_>, member: &Member<'_>, path: &Path<'_>) -> Option<Text> {
    match &member.value.value {
        Value::String(text) => Some(report.copy(text, member.value.span)),
        Value::Null | Value::Unreadable => None,
        other => {
            mismatch(report, &member.name, "a string", other, member.value.span, path);
            None
        }
    }
}

/// Reports a member of the wrong type.
pub(super) fn mismatch(
    report: &mut Report<'_>,
    name: &str,
    wanted: &str,
    found: &Value<'_>,
    span: Span,
    path: &Path<'_>,
) {
    let (verb, what) = match (wanted, found) {
        ("a string", Value::Number(_) | Value::Boolean(_)) => ("put", "the value in double quotes"),
        _ => ("write", wanted),
    };
    report.add(
        &check::DATA_TYPE_MISMATCH,
        Stage::Read,
        span,
        path,
        format_args!("{} is {wanted}, not {}", shown(name), found.kind()),
        format_args!("{verb} {what}"),
    );
}
