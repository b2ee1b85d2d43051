//! Accounts: a caller with its policies, asked as a whole.

use crate::failure::failure;
use crate::policy::Policy;
use crate::query::{ask, pieces};
use napi_derive::napi;
use s3iam::facade::{
    self, AccountDecision, Credential, Error, ErrorProfile, account_decision_json, ask_packed_operation,
};

/// A caller and all its policies.
#[napi]
pub struct Account {
    inner: facade::Account,
}

#[napi]
impl Account {
    /// A caller with its policies.
    #[napi(factory, catch_unwind)]
    pub fn of(
        credential: String,
        parent_is_root: bool,
        policies: Vec<&Policy>,
        session_policy: Option<&[u8]>,
    ) -> napi::Result<Self> {
        let policies: Vec<&facade::Policy> = policies.iter().map(|policy| policy.inner.as_ref()).collect();
        let account = Credential::named(&credential, parent_is_root)
            .and_then(|credential| facade::Account::new(credential, &policies, session_policy));
        account.map(|inner| Self { inner }).map_err(thrown)
    }

    /// Answers a packed question about one action: the decision as JSON.
    #[napi(catch_unwind)]
    pub fn decide(
        &self,
        text: &[u8],
        lengths: &[u32],
        count: u32,
        flags: u32,
        bucket_policy: Option<&Policy>,
    ) -> napi::Result<String> {
        let bucket_policy = bucket_policy.map(|policy| policy.inner.as_ref());
        let lengths = lengths.get(..count as usize).unwrap_or_default();
        let decision = ask(text, lengths, flags, |query| self.inner.decide(query, bucket_policy))?;
        self.answer(decision, bucket_policy)
    }

    /// Answers a packed question about an API call: the decision as JSON.
    #[napi(catch_unwind)]
    pub fn decide_operation(
        &self,
        text: &[u8],
        lengths: &[u32],
        count: u32,
        flags: u32,
        bucket_policy: Option<&Policy>,
    ) -> napi::Result<String> {
        let bucket_policy = bucket_policy.map(|policy| policy.inner.as_ref());
        let pieces = pieces(text, lengths.get(..count as usize).unwrap_or_default())?;
        let ask = |query: &facade::OperationQuery<'_>| self.inner.decide_operation(query, bucket_policy);
        self.answer(ask_packed_operation(&pieces, flags, ask).and_then(|answer| answer), bucket_policy)
    }
}

impl Account {
    fn answer(
        &self,
        decision: Result<AccountDecision, Error>,
        bucket_policy: Option<&facade::Policy>,
    ) -> napi::Result<String> {
        let decision = decision.map_err(thrown)?;
        Ok(account_decision_json(&decision, self.inner.statement(&decision, bucket_policy)))
    }
}

fn thrown(error: Error) -> napi::Error {
    failure(&error, ErrorProfile::Aws)
}
