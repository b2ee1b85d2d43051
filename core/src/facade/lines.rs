//! The verdict that nearly every request gets, in a form that is quicker to write and to read than
//! JSON: for the languages in which an answer is one text.

use super::answer::{push_digits, push_hex};
use super::{Payload, Verdict};

/// An allowed verdict as lines: `allowed`, user, access key, operation, bucket, key, payload
/// (`unsigned` or hex digits), reason; then, where a statement decided, its policy, the policy's
/// position, the statement's position, where it starts and ends; then, if it has one, its `Sid`.
///
/// `None` for every other verdict, and where a line feed inside a value would shift the lines:
/// [`verdict_json`](super::verdict_json) takes them all.
pub fn verdict_lines(verdict: &Verdict) -> Option<String> {
    let recognised = verdict.recognised().filter(|_| verdict.allowed() && verdict.keys().is_empty())?;
    let mut out = String::with_capacity(384);
    let mut lines = 8;
    out.push_str("allowed\n");
    for text in [verdict.user()?, verdict.access_key()?, recognised.operation.name()] {
        out.push_str(text);
        out.push('\n');
    }
    for bytes in [recognised.bucket(), recognised.key()] {
        out.push_str(std::str::from_utf8(bytes).ok()?);
        out.push('\n');
    }
    match verdict.payload()? {
        Payload::Unsigned => out.push_str("unsigned"),
        Payload::Sha256(hash) => push_hex(&mut out, &hash),
    }
    out.push('\n');
    let decision = verdict.decision()?;
    out.push_str(decision.reason.name());
    if let (Some(reference), Some(statement)) = (decision.statement, verdict.statement()) {
        lines += 5;
        out.push('\n');
        out.push_str(statement.policy);
        for number in [reference.policy, statement.index, statement.span.start, statement.span.end] {
            out.push('\n');
            push_digits(&mut out, u64::from(number));
        }
        if let Some(sid) = statement.sid {
            lines += 1;
            out.push('\n');
            out.push_str(sid);
        }
    }
    (out.bytes().filter(|&b| b == b'\n').count() + 1 == lines).then_some(out)
}
