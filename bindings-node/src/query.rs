//! A question to a policy, packed by `lib/policy.cjs`: all pieces of text behind one another in one
//! buffer, and the byte length of each.

use crate::failure::{failure, invalid_argument};
use s3iam::facade::{ContextMap, Decision, Error, ErrorCode, ErrorProfile, Query, Target};

const OWNER: u32 = 1;
const DENY_ONLY: u32 = 2;
const OBJECT: u32 = 4;

/// Unpacks a question and hands it to `decide`. The pieces are action, resource or bucket, object,
/// account, then name and value of each context value.
pub fn ask<R>(
    text: &[u8],
    lengths: &[u32],
    flags: u32,
    decide: impl FnOnce(&Query<'_>) -> R,
) -> napi::Result<R> {
    let mut pieces = Pieces { text, lengths: lengths.iter() };
    let (action, first, object, account) = (pieces.next()?, pieces.next()?, pieces.next()?, pieces.next()?);
    let mut context = ContextMap::new();
    while !pieces.lengths.as_slice().is_empty() {
        let (name, value) = (pieces.next()?, pieces.next()?);
        context.add(name, value.as_bytes());
    }
    Ok(decide(&Query {
        context: &context,
        account,
        is_owner: flags & OWNER != 0,
        deny_only: flags & DENY_ONLY != 0,
        ..Query::new(
            action,
            match flags & OBJECT {
                0 => Target::Resource(first),
                _ => Target::Object { bucket: first, object },
            },
        )
    }))
}

/// The pieces of a packed question, all of them.
pub fn pieces<'a>(text: &'a [u8], lengths: &'a [u32]) -> napi::Result<Vec<&'a str>> {
    let mut pieces = Pieces { text, lengths: lengths.iter() };
    lengths.iter().map(|_| pieces.next()).collect()
}

struct Pieces<'a> {
    text: &'a [u8],
    lengths: std::slice::Iter<'a, u32>,
}

impl<'a> Pieces<'a> {
    fn next(&mut self) -> napi::Result<&'a str> {
        let length = self.lengths.next().copied().unwrap_or_default() as usize;
        let (piece, rest) = self
            .text
            .split_at_checked(length)
            .ok_or_else(|| invalid_argument("the packed question is cut short"))?;
        self.text = rest;
        std::str::from_utf8(piece)
            .map_err(|_| failure(&Error::new(ErrorCode::InvalidUtf8), ErrorProfile::Aws))
    }
}

/// A number that is the same for equal decisions of one policy or set and different for different
/// ones, so that JavaScript fetches what a decision says only once. Exact below 2^53: 6 bits for
/// outcome and reason, 21 for the statement, the rest for the policy.
pub fn fingerprint(decision: &Decision) -> f64 {
    let kind = decision.outcome as u32 | (decision.reason as u32) << 2;
    let (policy, statement) = decision.statement.map_or((0, 0), |s| (s.policy, s.statement + 1));
    f64::from(policy) * 134_217_728.0 + f64::from(statement) * 64.0 + f64::from(kind)
}
