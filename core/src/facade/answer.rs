//! Answers as JSON text, for the languages in which building an object value by value is slow.

use super::{
    Answer, Decision, Error, ErrorProfile, Finding, Payload, Position, Problem, StatementInfo, Status, Truth,
    Verdict, built_in, built_in_names, has_levels,
};
use crate::json::{Span, write_string};
use std::collections::BTreeMap;
use std::fmt::Write;

/// `{"status", "findings": [{"code", "name", "severity", "message", "help", "pointer", "span"}]}`.
pub fn findings_json(status: Status, findings: &[Finding]) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    object.text("status", status.name());
    object.raw("findings");
    out.push('[');
    for (i, finding) in findings.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_finding(&mut out, finding);
    }
    out.push_str("]}");
    out
}

fn write_finding(out: &mut String, finding: &Finding) {
    let mut object = Object::new(out);
    object.text("code", finding.code);
    object.text("name", finding.name);
    object.text("severity", finding.severity.name());
    object.text("message", &finding.message);
    object.text("help", &finding.help);
    object.text("pointer", &finding.pointer);
    object.raw("span");
    out.push_str("{\"start\":");
    write_position(out, finding.start, finding.span.start);
    out.push_str(",\"end\":");
    write_position(out, finding.end, finding.span.end);
    out.push_str("}}");
}

fn write_position(out: &mut String, position: Position, offset: u32) {
    let _ = write!(
        out,
        "{{\"line\":{},\"column\":{},\"columnUtf16\":{},\"offset\":{offset}}}",
        position.line, position.column, position.column_utf16
    );
}

/// `{name: text}` of the built-in policies.
pub fn built_ins_json() -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    for name in built_in_names() {
        object.optional(name, built_in(name));
    }
    object.end();
    out
}

/// `[{"pointer", "message"}]` of the records of a directory.
pub fn problems_json(problems: &[Problem]) -> String {
    let mut out = String::from("[");
    for (i, problem) in problems.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let mut object = Object::new(&mut out);
        object.text("pointer", &problem.pointer);
        object.text("message", &problem.message);
        object.end();
    }
    out.push(']');
    out
}

/// `{"outcome", "allowed", "reason", "statement": {"policy", "index", "sid", "start", "end"} | null}`.
pub fn decision_json(decision: &Decision, statement: Option<StatementInfo<'_>>) -> String {
    let mut out = String::new();
    write_decision(&mut out, decision, statement);
    out
}

/// The same, with `"layer"` at its end.
#[cfg(feature = "accounts")]
pub fn account_decision_json(
    decision: &crate::account::AccountDecision,
    statement: Option<StatementInfo<'_>>,
) -> String {
    let layer = Some(decision.layer.name());
    answer_json(&Answer { decision: decision.decision, layer, level: 0, statement })
}

/// The decision as in [`decision_json`], with `"layer"` if it has one, and `"level"` if the layer has several.
pub fn answer_json(answer: &Answer<'_>) -> String {
    let mut out = String::new();
    write_answer(&mut out, answer);
    out
}

/// A list of answers, each as in [`answer_json`].
pub fn answers_json(answers: &[Answer<'_>]) -> String {
    let mut out = String::from("[");
    for (i, answer) in answers.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_answer(&mut out, answer);
    }
    out.push(']');
    out
}

/// Many answers, of which many are the same: `{"decisions", "answers"}`, each different decision once, as in
/// [`answer_json`], and for every answer the position of its decision among them.
pub fn batch_json(answers: &[Answer<'_>]) -> String {
    let mut positions = BTreeMap::new();
    let mut out = String::from("{\"decisions\":[");
    let mut order = String::new();
    for answer in answers {
        let Decision { outcome, reason, statement } = answer.decision;
        let next = positions.len() as u64;
        let decision = (outcome as u8, reason as u8, statement, answer.layer, answer.level);
        let position = *positions.entry(decision).or_insert_with(|| {
            if next > 0 {
                out.push(',');
            }
            write_answer(&mut out, answer);
            next
        });
        if !order.is_empty() {
            order.push(',');
        }
        push_digits(&mut order, position);
    }
    out.push_str("],\"answers\":[");
    out.push_str(&order);
    out.push_str("]}");
    out
}

fn write_answer(out: &mut String, answer: &Answer<'_>) {
    write_decision(out, &answer.decision, answer.statement);
    if let Some(layer) = answer.layer {
        reopen(out, |object| object.layer(layer, answer.level));
    }
}

/// A list of names.
pub fn names_json(names: &[String]) -> String {
    let mut out = String::from("[");
    for (i, name) in names.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_string(&mut out, name);
    }
    out.push(']');
    out
}

pub(super) fn write_decision(out: &mut String, decision: &Decision, statement: Option<StatementInfo<'_>>) {
    let mut object = Object::new(out);
    object.text("outcome", decision.outcome.name());
    object.boolean("allowed", decision.allowed());
    object.text("reason", decision.reason.name());
    object.raw("statement");
    match statement {
        None => out.push_str("null"),
        Some(statement) => {
            let mut object = Object::new(out);
            object.text("policy", statement.policy);
            object.number("policyIndex", decision.statement.map_or(0, |s| i64::from(s.policy)));
            object.number("index", i64::from(statement.index));
            object.optional("sid", statement.sid);
            object.number("start", i64::from(statement.span.start));
            object.number("end", i64::from(statement.span.end));
            out.push('}');
        }
    }
    out.push('}');
}

/// `{"code", "number", "message", "s3Code", "httpStatus", "details": {}}`.
pub fn error_json(error: &Error, profile: ErrorProfile) -> String {
    let mut out = String::new();
    write_error(&mut out, error, profile);
    out
}

fn write_error(out: &mut String, error: &Error, profile: ErrorProfile) {
    let answer = error.code().answer(profile);
    let mut object = Object::new(out);
    object.text("code", error.code().name());
    object.number("number", i64::from(error.code().number()));
    object.text("message", error.message(profile));
    object.text("s3Code", answer.code);
    object.number("httpStatus", i64::from(answer.status));
    object.raw("details");
    let mut details = Object::new(out);
    for (name, value) in error.details() {
        details.text(name, value);
    }
    details.end();
    out.push('}');
}

/// The verdict as one JSON object: `allowed`, `user`, `accessKey`, `operation`, `bucket`, `key`,
/// `payload`, `decision`, `error`, `errorXml` (with `request_id` in it), `keys` for `DeleteObjects`.
/// It begins with `{"allowed":true` or `{"allowed":false`, so that this can be told without reading it.
pub fn verdict_json(verdict: &Verdict, request_id: &str) -> String {
    let mut out = String::with_capacity(512);
    let mut object = Object::new(&mut out);
    object.boolean("allowed", verdict.allowed());
    object.optional("user", verdict.user());
    object.optional("accessKey", verdict.access_key());
    if let Some(recognised) = verdict.recognised() {
        object.text("operation", recognised.operation.name());
        object.text("bucket", &String::from_utf8_lossy(recognised.bucket()));
        object.text("key", &String::from_utf8_lossy(recognised.key()));
    }
    if let Some(payload) = verdict.payload() {
        object.payload(payload);
    }
    if let Some(decision) = verdict.decision() {
        object.raw("decision");
        write_decision(object.out, decision, verdict.statement());
    }
    if let Some(error) = verdict.error() {
        object.raw("error");
        write_error(object.out, error, verdict.error_profile());
        object.text("errorXml", &verdict.error_xml(request_id));
    }
    if !verdict.keys().is_empty() {
        object.raw("keys");
        object.out.push('[');
        for (i, key) in verdict.keys().iter().enumerate() {
            if i > 0 {
                object.out.push(',');
            }
            let mut entry = Object::new(object.out);
            entry.text("key", &key.key);
            entry.optional("versionId", key.version_id.as_deref());
            entry.boolean("allowed", key.decision.allowed());
            entry.text("outcome", key.decision.outcome.name());
            entry.end();
        }
        object.out.push(']');
    }
    object.end();
    out
}

/// A list of pairs, each a list of two texts.
#[cfg(feature = "forms")]
pub fn pairs_json(pairs: &[(String, String)]) -> String {
    let mut out = String::from("[");
    for (i, (name, value)) in pairs.iter().enumerate() {
        out.push_str(if i > 0 { ",[" } else { "[" });
        write_string(&mut out, name);
        out.push(',');
        write_string(&mut out, value);
        out.push(']');
    }
    out.push(']');
    out
}

/// `unsigned`, the SHA-256 in hex digits, or what a chunked body has in its place.
pub(super) fn push_payload(out: &mut String, payload: Payload) {
    match payload {
        Payload::Unsigned => out.push_str("unsigned"),
        Payload::Sha256(hash) => push_hex(out, &hash),
        #[cfg(feature = "forms")]
        Payload::Chunked(chunking) => out.push_str(chunking.name()),
    }
}

pub(super) fn push_number(out: &mut String, value: i64) {
    if value < 0 {
        out.push('-');
    }
    push_digits(out, value.unsigned_abs());
}

fn push_digits(out: &mut String, value: u64) {
    if value >= 10 {
        push_digits(out, value / 10);
    }
    out.push(char::from(b'0' + (value % 10) as u8));
}

fn push_hex(out: &mut String, hash: &[u8; 32]) {
    let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + value - 10 };
    let mut digits = [0; 64];
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(hash) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    out.push_str(std::str::from_utf8(&digits).unwrap_or_default());
}

/// Adds members to an object that was just written.
pub(super) fn reopen(out: &mut String, write: impl FnOnce(&mut Object<'_>)) {
    out.pop();
    let mut object = Object { out, first: false };
    write(&mut object);
    object.end();
}

/// Writes the members of one JSON object.
pub(super) struct Object<'o> {
    pub(super) out: &'o mut String,
    first: bool,
}

impl<'o> Object<'o> {
    pub(super) fn new(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    pub(super) fn raw(&mut self, name: &str) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        // Names are this module's own words; nothing in them needs an escape.
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.raw(name);
        write_string(self.out, value);
    }

    pub(super) fn optional(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => {
                self.raw(name);
                self.out.push_str("null");
            }
        }
    }

    pub(super) fn number(&mut self, name: &str, value: i64) {
        self.raw(name);
        push_number(self.out, value);
    }

    /// A number that may be larger than a signed one.
    #[cfg(feature = "forms")]
    pub(super) fn large(&mut self, name: &str, value: u64) {
        self.raw(name);
        push_digits(self.out, value);
    }

    fn payload(&mut self, payload: Payload) {
        self.raw("payload");
        self.out.push('"');
        push_payload(self.out, payload);
        self.out.push('"');
    }

    pub(super) fn boolean(&mut self, name: &str, value: bool) {
        self.raw(name);
        self.out.push_str(if value { "true" } else { "false" });
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, name: &str, texts: &[String]) {
        self.raw(name);
        self.out.push_str(&names_json(texts));
    }

    /// A list of pairs.
    #[cfg(feature = "forms")]
    pub(super) fn pairs(&mut self, name: &str, pairs: &[(String, String)]) {
        self.raw(name);
        self.out.push_str(&pairs_json(pairs));
    }

    /// A list of objects, whose members `write` writes.
    pub(super) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Object<'_>, T),
    ) {
        self.raw(name);
        self.out.push('[');
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            let mut object = Object::new(self.out);
            write(&mut object, item);
            object.end();
        }
        self.out.push(']');
    }

    /// A decision, with the layer that made it.
    pub(super) fn decision(
        &mut self,
        decision: &Decision,
        statement: Option<StatementInfo<'_>>,
        layer: Option<(&str, u32)>,
    ) {
        self.raw("decision");
        write_decision(self.out, decision, statement);
        if let Some((layer, level)) = layer {
            reopen(self.out, |object| object.layer(layer, level));
        }
    }

    /// The layer, and its level if it has several.
    pub(super) fn layer(&mut self, layer: &str, level: u32) {
        self.text("layer", layer);
        if has_levels(layer) {
            self.number("level", i64::from(level));
        }
    }

    /// True or false, or null for what is not known.
    pub(super) fn truth(&mut self, name: &str, truth: Truth) {
        self.raw(name);
        self.out.push_str(match truth {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "null",
        });
    }

    /// `start` and `end`, in bytes.
    pub(super) fn span(&mut self, span: Span) {
        self.number("start", i64::from(span.start));
        self.number("end", i64::from(span.end));
    }

    pub(super) fn end(self) {
        self.out.push('}');
    }
}
