//! A question to a policy, as it lies in the exchange buffer.
//!
//! First the length of each piece in bytes, 32 bits little-endian, then the pieces' text without
//! anything between; the pieces are those of [`ask_packed`].

use crate::refusal::invalid_argument;
use s3iam::facade::{Dialect, Error, Pieces, Query, ask_packed};

/// Reads a question to whoever follows the rules of `dialect` from `buffer` and has it answered by `decide`.
pub(crate) fn answer<R>(
    buffer: &[u8],
    count: usize,
    flags: u32,
    dialect: Dialect,
    decide: &dyn Fn(&Query<'_>) -> R,
) -> Result<R, Error> {
    ask_packed(pieces(buffer, count)?, dialect, flags, |query, _| decide(query))
}

/// The pieces of a question, all of them.
pub(crate) fn pieces(
    buffer: &[u8],
    count: usize,
) -> Result<impl Iterator<Item = Result<&str, Error>>, Error> {
    let (lengths, text) = buffer
        .split_at_checked(count.saturating_mul(4))
        .ok_or_else(|| invalid_argument("the packed question is malformed"))?;
    let lengths = lengths.as_chunks().0.iter().map(|length| u32::from_le_bytes(*length));
    Ok(Pieces::new(text, lengths))
}

#[cfg(test)]
mod tests {
    use super::*;
    use s3iam::facade::{ErrorCode, Target};

    fn packed(pieces: &[&str]) -> Vec<u8> {
        let mut out: Vec<u8> = pieces.iter().flat_map(|piece| (piece.len() as u32).to_le_bytes()).collect();
        out.extend(pieces.concat().into_bytes());
        out
    }

    #[test]
    fn every_piece_arrives() {
        let buffer = packed(&["s3:GetObject", "photos", "a\0ü.jpg", "acme", "aws:username", "bob"]);
        let result = answer(&buffer, 6, 4, Dialect::Minio, &|query| {
            assert_eq!((query.action, query.account), ("s3:GetObject", "acme"));
            assert!(matches!(query.target, Target::Object { bucket: "photos", object: "a\0ü.jpg" }));
        });
        assert_eq!(result, Ok(()));
    }

    #[test]
    fn what_is_cut_short_or_not_utf_8_is_refused() {
        let refuse = |buffer: &[u8], pieces| {
            answer(buffer, pieces, 0, Dialect::Minio, &|_| unreachable!()).map(|()| 0).unwrap_err().code()
        };
        let buffer = packed(&["s3:GetObject", "photos", "", ""]);
        for end in 0..buffer.len() {
            assert_eq!(refuse(&buffer[..end], 4), ErrorCode::InvalidArgument, "cut at {end}");
        }
        assert_eq!(refuse(&buffer, 5), ErrorCode::InvalidArgument);
        assert_eq!(refuse(&buffer, usize::MAX), ErrorCode::InvalidArgument);
        assert_eq!(refuse(b"\x01\0\0\0\xff", 1), ErrorCode::InvalidUtf8);
    }
}
