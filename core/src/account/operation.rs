//! Whole API calls: all the checks that a call needs, decided together (`policy-language` 6.6).

use super::checks::refused;
use super::{Account, AccountDecision, Credential, Layer, decide_checks};
use crate::catalog::ValueName;
use crate::evaluate::{Context, ContextKey, Request, Value, Values};
use crate::operation::{About, Call, Operation, Requirement};

/// Decides a call by all that it needs. `name` is the account's name.
///
/// `context` has the condition values of the request. What differs between the checks of one call is
/// given here: the version and the tags of a copy's source, which are the source's own (its tags are
/// unknown), and what MinIO sets when it asks for each bucket of a list.
///
/// The bucket policy of the account is that of the bucket that the call addresses; a copy that an
/// anonymous caller makes from another bucket is denied.
pub fn decide_operation(
    account: &Account<'_>,
    call: &Call<'_>,
    name: &str,
    context: &dyn Context,
) -> AccountDecision {
    let is_anonymous = account.credential == Credential::Anonymous;
    if is_anonymous && call.operation == Operation::PutObjectRetention {
        return refused(Layer::Bucket);
    }
    let mut checks = call.checks();
    if is_anonymous {
        // MinIO asks this of signed requests only.
        checks.retain(|check| check.requirement != Requirement::NotDenied);
    }
    decide_checks(&checks, |check| {
        if is_anonymous && check.bucket != call.bucket {
            return refused(Layer::Bucket);
        }
        let context = CheckContext { context, call, about: check.about };
        account.decide(&Request {
            account: name,
            deny_only: check.requirement == Requirement::NotDenied,
            ..Request::new(check.action, check.bucket, check.key, &context)
        })
    })
}

/// The condition values of one check of a call.
struct CheckContext<'a> {
    context: &'a dyn Context,
    call: &'a Call<'a>,
    about: About,
}

impl CheckContext<'_> {
    /// The value, where it is not the request's.
    fn own(&self, key: ContextKey<'_>) -> Option<Values<'_>> {
        let text = |text| Some(Values::One(Value::Text(text)));
        match (self.about, key.value?) {
            (About::Addressed, ValueName::Versionid) => self.call.version_id.and_then(text),
            (About::Source, ValueName::Versionid) => {
                text(self.call.source.and_then(|source| source.version_id).unwrap_or_default())
            }
            (About::Source, ValueName::ExistingObjectTag) => Some(Values::Unknown),
            (About::ListedBucket, ValueName::Prefix) => text(b""),
            (About::ListedBucket, ValueName::Delimiter) => text(b"/"),
            _ => None,
        }
    }
}

impl Context for CheckContext<'_> {
    fn values(&self, key: ContextKey<'_>) -> Values<'_> {
        self.own(key).unwrap_or_else(|| self.context.values(key))
    }

    fn variable(&self, key: ContextKey<'_>) -> Values<'_> {
        self.own(key).unwrap_or_else(|| self.context.variable(key))
    }
}
