//! A directory of identities, and requests authorized against it.

use crate::error::s3iam_error;
use crate::options::s3iam_options;
use crate::panic::{call, give, given, value};
use crate::pointer;
use crate::request::s3iam_http_request;
use crate::status::s3iam_status;
use crate::text::s3iam_text;
use crate::verdict::s3iam_verdict;
use s3iam::facade::{Facts, Iam, PackedRequest, Problem};
use std::mem::MaybeUninit;
use std::sync::Arc;

/// A directory of users, groups and access keys, and everything needed to authorize requests against
/// it. Any number of threads may use it at once, also while the directory is replaced. Free with
/// `s3iam_iam_free` when no thread uses it any more.
pub struct s3iam_iam(Iam);

/// What was wrong with single records of a directory. Immutable; free with `s3iam_problems_free`.
pub struct s3iam_problems(Arc<Vec<Problem>>);

/// Something wrong with one record of a directory. The texts belong to the problems that were asked.
#[repr(C)]
pub struct s3iam_problem {
    /// Where, as an RFC 6901 pointer into the directory document.
    pub pointer: s3iam_text,
    /// What is wrong and what follows from it. Never holds a secret.
    pub message: s3iam_text,
}

/// Reads a directory document (JSON). A bad record does not stop the others: it is listed by
/// `s3iam_iam_problems`, and whoever depends on it is denied. `options` may be NULL for the defaults,
/// `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_iam_load(
    directory: s3iam_text,
    options: *const s3iam_options,
    out: Option<&mut MaybeUninit<Box<s3iam_iam>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let out = given(out)?;
        let iam = Iam::load(directory.bytes()?, s3iam_options::read(options)?)?;
        out.write(Box::new(s3iam_iam(iam)));
        Ok(())
    })
}

/// Replaces the directory. Requests under way finish with the one they started with. On an error the
/// old directory stays. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_iam_replace(
    iam: Option<&s3iam_iam>,
    directory: s3iam_text,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || Ok(given(iam)?.0.replace(directory.bytes()?)?))
}

/// Gives what is wrong with single records of the directory as it is now.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_iam_problems(
    iam: Option<&s3iam_iam>,
    out: Option<&mut MaybeUninit<Box<s3iam_problems>>>,
) -> s3iam_status {
    call(None, || give(out, Box::new(s3iam_problems(given(iam)?.0.problems()))))
}

/// Frees a directory and wipes its secrets. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_iam_free(iam: Option<Box<s3iam_iam>>) {
    value((), || drop(iam));
}

/// The number of problems. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_problems_len(problems: Option<&s3iam_problems>) -> usize {
    value(0, || problems.map_or(0, |problems| problems.0.len()))
}

/// Gives the problem at `index`, counted from 0. An index that is not less than `s3iam_problems_len`
/// is `S3IAM_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_problems_get(
    problems: Option<&s3iam_problems>,
    index: usize,
    out: Option<&mut MaybeUninit<s3iam_problem>>,
) -> s3iam_status {
    call(None, || {
        let problem = given(problems)?.0.get(index);
        let problem = problem.ok_or(s3iam_error::argument("there is no such problem"))?;
        let (pointer, message) = (s3iam_text::of(&problem.pointer), s3iam_text::of(&problem.message));
        give(out, s3iam_problem { pointer, message })
    })
}

/// Frees problems. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_problems_free(problems: Option<Box<s3iam_problems>>) {
    value((), || drop(problems));
}

/// Authorizes a raw request: verifies its signature, recognises the operation, evaluates the caller's
/// policies, and gives the verdict. A refused request is no failure: the verdict says so. The verdict
/// is the caller's to free and may outlive `iam`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_authorize(
    iam: Option<&s3iam_iam>,
    request: *const s3iam_http_request,
    out: Option<&mut MaybeUninit<Box<s3iam_verdict>>>,
) -> s3iam_status {
    call(None, || {
        let (iam, out) = (&given(iam)?.0, given(out)?);
        let verdict = s3iam_http_request::read(request, |http, facts, now| iam.authorize(http, facts, now))?;
        out.write(Box::new(s3iam_verdict::new(verdict)));
        Ok(())
    })
}

/// As `s3iam_authorize`, for a request packed into one buffer of `len` bytes, as a program in another
/// language may hand it on. Anything but exactly this is `S3IAM_ERROR_MALFORMED_PACKED_REQUEST`; all
/// numbers are little-endian:
///
/// | offset | size | content                                                                |
/// |--------|------|------------------------------------------------------------------------|
/// | 0      | 1    | version, 1                                                             |
/// | 1      | 1    | flags: 1 the connection is TLS, 2 a body follows, 4 the tags are given |
/// | 2      | 2    | number of headers                                                      |
/// | 4      | 2    | number of object tags                                                  |
/// | 6      | 2    | zero                                                                   |
/// | 8      | 8    | when the request arrived, milliseconds since 1970 UTC, signed          |
/// | 16     | 4    | bytes of text                                                          |
/// | 20     | 4    | bytes of body                                                          |
/// | 24     |      | text, then body                                                        |
///
/// The text is a list of pieces with one line feed between two: method, target, peer address or
/// empty, request id or empty (not used here), then name and value of each header, then key and
/// value of each tag.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_authorize_packed(
    iam: Option<&s3iam_iam>,
    packed: *const u8,
    len: usize,
    out: Option<&mut MaybeUninit<Box<s3iam_verdict>>>,
) -> s3iam_status {
    call(None, || {
        let (iam, out) = (&given(iam)?.0, given(out)?);
        let packed = PackedRequest::read(pointer::slice(&packed, len)?)?;
        let facts = Facts { object_tags: packed.object_tags() };
        out.write(Box::new(s3iam_verdict::new(iam.authorize(&packed.http(), &facts, packed.now))));
        Ok(())
    })
}

impl s3iam_iam {
    /// The directory of the core.
    pub(crate) fn core(&self) -> &Iam {
        &self.0
    }
}
