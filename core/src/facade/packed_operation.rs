//! A question about an API call as pieces of text, in which form it crosses from JavaScript.

use super::{ContextMap, OperationQuery};
use crate::{Error, ErrorCode};

/// The bits of the flags, from the lowest: what is asked for besides, then what is given at all.
const RETENTION: u32 = 1;
const LEGAL_HOLD: u32 = 2;
const BYPASS_GOVERNANCE: u32 = 4;
const REPLICA: u32 = 8;
const OBJECT_LOCK: u32 = 16;
const FORCE_DELETE: u32 = 32;
const VERSION: u32 = 64;
const SOURCE: u32 = 128;
const SOURCE_VERSION: u32 = 256;

/// Reads a question and has it asked. The pieces are operation, bucket, object, account, version;
/// bucket, object and version of the copy source; the number of buckets, and each of them; then name and
/// value of each condition value.
///
/// # Errors
///
/// [`ErrorCode::InvalidArgument`] if the pieces are not these.
pub fn ask_packed_operation<R>(
    pieces: &[&str],
    flags: u32,
    ask: impl FnOnce(&OperationQuery<'_>) -> R,
) -> Result<R, Error> {
    let malformed = || Error::with_message(ErrorCode::InvalidArgument, "the packed question is malformed");
    let ([operation, bucket, object, account, version, source @ .., count], rest) =
        pieces.split_first_chunk::<9>().ok_or_else(malformed)?;
    let [source_bucket, source_object, source_version] = source;
    let count = count.parse().map_err(|_| malformed())?;
    let (buckets, values) = rest.split_at_checked(count).ok_or_else(malformed)?;
    let (pairs, odd) = values.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(malformed());
    }
    let mut context = ContextMap::new();
    for [name, value] in pairs {
        context.add(name, value.as_bytes());
    }
    let has = |flag| flags & flag != 0;
    let source = (*source_bucket, *source_object, has(SOURCE_VERSION).then_some(*source_version));
    Ok(ask(&OperationQuery {
        version_id: has(VERSION).then_some(*version),
        copy_source: has(SOURCE).then_some(source),
        buckets,
        context: &context,
        account,
        retention: has(RETENTION),
        legal_hold: has(LEGAL_HOLD),
        bypass_governance: has(BYPASS_GOVERNANCE),
        replica: has(REPLICA),
        object_lock: has(OBJECT_LOCK),
        force_delete: has(FORCE_DELETE),
        ..OperationQuery::new(operation, bucket, object)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIECES: [&str; 13] =
        ["CopyObject", "b", "k", "alice", "v", "sb", "sk", "sv", "2", "x", "y", "aws:username", "bob"];

    #[test]
    fn every_piece_arrives() {
        let flags = REPLICA | VERSION | SOURCE;
        let asked = ask_packed_operation(&PIECES, flags, |query| {
            assert_eq!((query.operation, query.bucket, query.object), ("CopyObject", "b", "k"));
            assert_eq!((query.account, query.version_id), ("alice", Some("v")));
            assert_eq!(query.copy_source, Some(("sb", "sk", None)));
            assert_eq!(query.buckets, ["x", "y"]);
            assert!(query.replica && !query.force_delete);
        });
        assert_eq!(asked, Ok(()));
        let asked = ask_packed_operation(&PIECES, 0, |query| {
            assert_eq!((query.version_id, query.copy_source), (None, None));
        });
        assert_eq!(asked, Ok(()));
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        let refused = |pieces: &[&str]| ask_packed_operation(pieces, 0, |_| ()).is_err();
        for end in (0..11).chain([12]) {
            assert!(refused(PIECES.get(..end).unwrap()), "{end}");
        }
        let mut pieces = PIECES;
        for count in ["", "-1", "x", "99999999999999999999", "5"] {
            pieces[8] = count;
            assert!(refused(&pieces), "{count}");
        }
    }
}
