//! Accounts: a caller with its policies, asked as a whole.

use crate::ask::{Access, answer, pieces, thrown};
use crate::policy::Policy;
use napi_derive::napi;
use s3iam::facade::{
    self, AccountOnBucket, Credential, OperationQuery, account_decision_json, ask_packed_operation,
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
        let policies: Vec<&facade::Policy> = policies.into_iter().map(Policy::inner).collect();
        let account = Credential::named(&credential, parent_is_root)
            .and_then(|credential| facade::Account::new(credential, &policies, session_policy));
        account.map(|inner| Self { inner }).map_err(thrown)
    }

    /// Answers a packed question, as JSON.
    #[napi(catch_unwind)]
    pub fn ask(
        &self,
        verb: String,
        text: &[u8],
        lengths: &[u32],
        flags: u32,
        bucket_policy: Option<&Policy>,
    ) -> napi::Result<String> {
        answer(&self.on_bucket(bucket_policy), &verb, text, lengths, flags)
    }

    /// What a packed question can reach.
    #[napi(catch_unwind)]
    pub fn access(
        &self,
        text: &[u8],
        lengths: &[u32],
        flags: u32,
        bucket_policy: Option<&Policy>,
    ) -> napi::Result<Access> {
        Access::of(&self.on_bucket(bucket_policy), text, lengths, flags)
    }

    /// Answers a packed question about an API call: the decision as JSON.
    #[napi(catch_unwind)]
    pub fn decide_operation(
        &self,
        text: &[u8],
        lengths: &[u32],
        flags: u32,
        bucket_policy: Option<&Policy>,
    ) -> napi::Result<String> {
        let bucket_policy = bucket_policy.map(Policy::inner);
        let ask = |query: &OperationQuery<'_>| self.inner.decide_operation(query, bucket_policy);
        let pieces: Result<Vec<&str>, _> = pieces(text, lengths).collect();
        let decision =
            pieces.and_then(|pieces| ask_packed_operation(&pieces, flags, ask)?).map_err(thrown)?;
        Ok(account_decision_json(&decision, self.inner.statement(&decision, bucket_policy)))
    }
}

impl Account {
    fn on_bucket<'a>(&'a self, policy: Option<&'a Policy>) -> AccountOnBucket<'a> {
        AccountOnBucket { account: &self.inner, bucket_policy: policy.map(Policy::inner) }
    }
}
