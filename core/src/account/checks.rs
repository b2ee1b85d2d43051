//! The answers to all checks of an API call, taken together (`policy-language` 6.6). Which checks a call
//! needs is for [`operation`](crate::operation) to say.

use super::{AccountDecision, Layer};
use crate::evaluate::{Outcome, Reason};
use crate::operation::{Check, Requirement};

/// What the checks of a call come to: the decision that refuses, or the first one that allows. All must
/// hold, but of those of which one suffices ([`Requirement::AnyOf`]) one. A call without any check is
/// not allowed.
pub fn decide_checks(
    checks: &[Check<'_>],
    mut ask: impl FnMut(&Check<'_>) -> AccountDecision,
) -> AccountDecision {
    let (mut allowed, mut any_of) = (None, None::<AccountDecision>);
    for check in checks {
        let is_any_of = check.requirement == Requirement::AnyOf;
        if is_any_of && any_of.is_some_and(|earlier| earlier.allowed()) {
            continue;
        }
        let decision = ask(check);
        if is_any_of {
            any_of = Some(better(any_of, decision));
        } else if decision.allowed() {
            allowed = allowed.or(Some(decision));
        } else {
            return decision;
        }
    }
    match any_of {
        Some(decision) if !decision.allowed() => decision,
        any_of => allowed.or(any_of).unwrap_or(refused(Layer::Identity)),
    }
}

/// The answer of several checks of which one suffices: the first that allows, else the explicit Deny.
fn better(earlier: Option<AccountDecision>, later: AccountDecision) -> AccountDecision {
    match earlier {
        Some(earlier) if !later.allowed() && earlier.decision.outcome == Outcome::ExplicitDeny => earlier,
        _ => later,
    }
}

pub(super) fn refused(layer: Layer) -> AccountDecision {
    AccountDecision::without_statement(layer, Outcome::ImplicitDeny, Reason::NoStatement)
}
