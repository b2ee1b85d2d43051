//! What every handle that answers questions does with them, whichever it is.

use crate::access::s3iam_access;
use crate::decision::OfAnswer;
use crate::error::s3iam_error;
use crate::names::s3iam_names;
use crate::panic::give;
use crate::pointer;
use crate::query::s3iam_query;
use crate::text::s3iam_string;
use s3iam::facade::{self, Ask, Error, ErrorCode, MAX_ANSWERS, explanation_json};
use std::mem::MaybeUninit;

/// Where a handle is given to.
type Out<'a, T> = Option<&'a mut MaybeUninit<Box<T>>>;

/// Gives the answer to a question.
pub(crate) fn decide<D: OfAnswer>(
    asked: &dyn Ask,
    query: *const s3iam_query,
    out: Option<&mut MaybeUninit<D>>,
) -> Result<(), s3iam_error> {
    give(out, answer(asked, &s3iam_query::take(query)?)?)
}

/// Gives the answer to each of several questions, or of none if one of them fails.
pub(crate) fn decide_many<D: OfAnswer>(
    asked: &dyn Ask,
    queries: *const s3iam_query,
    len: usize,
    mut out: *mut MaybeUninit<D>,
) -> Result<(), s3iam_error> {
    if len > MAX_ANSWERS {
        let message = format!("more than {MAX_ANSWERS} questions in one call; ask them in parts");
        return Err(Error::with_message(ErrorCode::InvalidArgument, message).into());
    }
    let mut decisions = Vec::with_capacity(len);
    for (index, query) in pointer::sized_array(queries, len)?.enumerate() {
        let decision = query.and_then(|query| answer(asked, &query));
        decisions.push(decision.map_err(|error| error.of_query(index))?);
    }
    for (place, decision) in pointer::places(&mut out, len)?.iter_mut().zip(decisions) {
        place.write(decision);
    }
    Ok(())
}

fn answer<D: OfAnswer>(asked: &dyn Ask, query: &s3iam_query) -> Result<D, s3iam_error> {
    query.read(asked.dialect(), |query, _| D::of(&asked.answer(query)?))?
}

/// Gives the answer to a question with the reasons for it.
pub(crate) fn explain(
    asked: &dyn Ask,
    query: *const s3iam_query,
    out: Out<'_, s3iam_string>,
) -> Result<(), s3iam_error> {
    let query = s3iam_query::take(query)?;
    let explained = query.read(asked.dialect(), |query, _| asked.explain(query))??;
    give(out, explanation_json(&explained).into())
}

/// Gives the names of the actions that are allowed on what a question is about.
pub(crate) fn allowed_actions(
    asked: &dyn Ask,
    query: *const s3iam_query,
    out: Out<'_, s3iam_names>,
) -> Result<(), s3iam_error> {
    let query = s3iam_query::take(query)?;
    let names = query.read(asked.dialect(), |query, _| facade::allowed_actions(asked, query))??;
    give(out, Box::new(s3iam_names::new(names)))
}

/// Gives what may be done with the action of a question.
pub(crate) fn access(
    asked: &dyn Ask,
    query: *const s3iam_query,
    is_complete: bool,
    out: Out<'_, s3iam_access>,
) -> Result<(), s3iam_error> {
    let query = s3iam_query::take(query)?;
    let access = query.read(asked.dialect(), |query, known| asked.access(query, known, is_complete))??;
    give(out, Box::new(s3iam_access::new(access)))
}
