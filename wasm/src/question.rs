//! A question to a policy, as it lies in the exchange buffer.
//!
//! First the length of each piece in bytes, 32 bits little-endian, then the pieces' text without
//! anything between: action; bucket or resource; object; account; name and value of each context value.

use crate::refusal::invalid_argument;
use s3iam::facade::{ContextMap, Decision, Error, ErrorCode, Query, Target};

/// The caller owns the storage.
const OWNER: u32 = 1;
/// Only an explicit Deny matters.
const DENY_ONLY: u32 = 2;
/// The second piece is a bucket and the third an object; else the second is a resource.
const OBJECT: u32 = 4;

/// Reads a question from `buffer` and has it answered by `decide`.
pub(crate) fn answer<R>(
    buffer: &[u8],
    pieces: usize,
    flags: u32,
    decide: &dyn Fn(&Query<'_>) -> R,
) -> Result<R, Error> {
    let mut pieces = Pieces::read(buffer, pieces)?;
    let action = pieces.next()?;
    let second = pieces.next()?;
    let object = pieces.next()?;
    let target = match flags & OBJECT {
        0 => Target::Resource(second),
        _ => Target::Object { bucket: second, object },
    };
    let account = pieces.next()?;
    let mut context = ContextMap::new();
    while !pieces.lengths.is_empty() {
        let name = pieces.next()?;
        context.add(name, pieces.next()?.as_bytes());
    }
    Ok(decide(&Query {
        context: &context,
        account,
        is_owner: flags & OWNER != 0,
        deny_only: flags & DENY_ONLY != 0,
        ..Query::new(action, target)
    }))
}

/// The pieces of a question, all of them.
#[cfg(feature = "complete")]
pub(crate) fn pieces(buffer: &[u8], count: usize) -> Result<Vec<&str>, Error> {
    let mut pieces = Pieces::read(buffer, count)?;
    (0..count).map(|_| pieces.next()).collect()
}

/// Takes the pieces one after another.
struct Pieces<'a> {
    lengths: &'a [u8],
    text: &'a str,
}

impl<'a> Pieces<'a> {
    fn read(buffer: &'a [u8], count: usize) -> Result<Self, Error> {
        let (lengths, text) = buffer.split_at_checked(count.saturating_mul(4)).ok_or_else(malformed)?;
        Ok(Self { lengths, text: std::str::from_utf8(text).map_err(|_| ErrorCode::InvalidUtf8)? })
    }

    fn next(&mut self) -> Result<&'a str, Error> {
        let (length, lengths) = self.lengths.split_first_chunk().ok_or_else(malformed)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (piece, text) = self.text.split_at_checked(length).ok_or_else(malformed)?;
        (self.lengths, self.text) = (lengths, text);
        Ok(piece)
    }
}

fn malformed() -> Error {
    invalid_argument("the question is malformed")
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

    fn packed(pieces: &[&str]) -> Vec<u8> {
        let mut out: Vec<u8> = pieces.iter().flat_map(|piece| (piece.len() as u32).to_le_bytes()).collect();
        out.extend(pieces.concat().into_bytes());
        out
    }

    #[test]
    fn every_piece_arrives() {
        let buffer = packed(&["s3:GetObject", "photos", "a\0ü.jpg", "acme", "aws:username", "bob"]);
        let result = answer(&buffer, 6, OWNER | OBJECT, &|query| {
            assert_eq!((query.action, query.account), ("s3:GetObject", "acme"));
            assert!(matches!(query.target, Target::Object { bucket: "photos", object: "a\0ü.jpg" }));
            assert!(query.is_owner && !query.deny_only);
            DECISION
        });
        assert_eq!(result, Ok(DECISION));
    }

    #[test]
    fn what_is_cut_short_or_not_utf_8_is_refused() {
        let refuse =
            |buffer: &[u8], pieces| answer(buffer, pieces, 0, &|_| unreachable!()).unwrap_err().code();
        let buffer = packed(&["s3:GetObject", "photos", "", ""]);
        for end in 0..buffer.len() {
            assert_eq!(refuse(&buffer[..end], 4), ErrorCode::InvalidArgument, "cut at {end}");
        }
        assert_eq!(refuse(&buffer, 5), ErrorCode::InvalidArgument);
        assert_eq!(refuse(&buffer, usize::MAX), ErrorCode::InvalidArgument);
        assert_eq!(refuse(b"\x01\0\0\0\xff", 1), ErrorCode::InvalidUtf8);
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
