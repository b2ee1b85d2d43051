//! A question to a policy, as it lies in the exchange buffer.
//!
//! UTF-8 pieces with one NUL between two: `r` or `o`; then the resource, or the bucket and the
//! object; the action; the account; then name and value of each context value. A NUL inside a piece
//! would shift the others, so the caller sends the number of pieces along and it must match.

use crate::refusal::invalid_argument;
use s3iam::facade::{ContextMap, Decision, Error, ErrorCode, Query, Target};

/// The caller owns the storage.
const IS_OWNER: u32 = 1;
/// Only an explicit Deny matters.
const DENY_ONLY: u32 = 2;

/// Reads a question from `buffer` and has it answered by `decide`.
pub(crate) fn answer(
    buffer: &[u8],
    pieces: usize,
    flags: u32,
    decide: impl FnOnce(&Query<'_>) -> Decision,
) -> Result<Decision, Error> {
    let text = std::str::from_utf8(buffer).map_err(|_| ErrorCode::InvalidUtf8)?;
    if text.bytes().filter(|&b| b == 0).count() + 1 != pieces {
        return Err(invalid_argument("a name or value contains a NUL character".to_owned()));
    }
    let mut pieces = text.split('\0');
    let mut piece = || pieces.next().unwrap_or_default();
    let target = match piece() {
        "r" => Target::Resource(piece()),
        "o" => Target::Object { bucket: piece(), object: piece() },
        _ => return Err(invalid_argument("the question is malformed".to_owned())),
    };
    let (action, account) = (piece(), piece());
    let mut context = ContextMap::new();
    while let (Some(name), Some(value)) = (pieces.next(), pieces.next()) {
        context.add(name, value.as_bytes());
    }
    Ok(decide(&Query {
        action,
        target,
        context: &context,
        account,
        is_owner: flags & IS_OWNER != 0,
        deny_only: flags & DENY_ONLY != 0,
    }))
}

/// A number that is the same for equal decisions of one policy or set, and different for different
/// ones; the caller keeps the decisions that it has already seen under it.
pub(crate) fn fingerprint(decision: &Decision) -> f64 {
    let kind = decision.outcome as u32 | (decision.reason as u32) << 2;
    let (policy, statement) = decision.statement.map_or((0, 0), |s| (s.policy, s.statement + 1));
    // 2^6 kinds and 2^21 statements in each policy keep a number below 2^53 for 2^26 policies.
    f64::from(policy) * 134_217_728.0 + f64::from(statement) * 64.0 + f64::from(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use s3iam::facade::{Outcome, Reason, StatementRef};

    const DECISION: Decision =
        Decision { outcome: Outcome::ImplicitDeny, reason: Reason::NoStatement, statement: None };

    #[test]
    fn every_piece_arrives() {
        let text = "o\0photos\0cat.jpg\0s3:GetObject\0acme\0aws:username\0bob";
        let result = answer(text.as_bytes(), 7, IS_OWNER, |query| {
            assert_eq!((query.action, query.account), ("s3:GetObject", "acme"));
            assert!(matches!(query.target, Target::Object { bucket: "photos", object: "cat.jpg" }));
            assert!(query.is_owner && !query.deny_only);
            DECISION
        });
        assert_eq!(result, Ok(DECISION));
    }

    #[test]
    fn a_smuggled_nul_and_invalid_utf_8_are_refused() {
        let refuse =
            |buffer: &[u8], pieces| answer(buffer, pieces, 0, |_| unreachable!()).unwrap_err().code();
        assert_eq!(refuse(b"r\0photos\0x\0s3:GetObject\0", 4), ErrorCode::InvalidArgument);
        assert_eq!(refuse(b"r\0\xff\0s3:GetObject\0", 4), ErrorCode::InvalidUtf8);
        assert_eq!(refuse(b"", 1), ErrorCode::InvalidArgument);
    }

    #[test]
    fn fingerprints_tell_decisions_apart() {
        let at = |policy, statement| {
            let statement = Some(StatementRef { policy, statement });
            fingerprint(&Decision { outcome: Outcome::Allow, reason: Reason::Statement, statement })
        };
        let all = [at(0, 0), at(0, 1), at(1, 0), at(1_000_000, 20_000), fingerprint(&DECISION)];
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b));
        }
    }
}
