//! Accounts: a caller with its policies, asked as a whole.

use crate::ask::{Access, answer};
use crate::exchange::with_exchange;
use crate::policy::PolicyList;
use crate::question::pieces;
use crate::refusal::misuse;
use s3iam::facade::{
    self, AccountOnBucket, Credential, OperationQuery, account_decision_json, ask_packed_operation,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A caller and all its policies.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Account {
    account: facade::Account,
}

#[wasm_bindgen]
impl Account {
    /// A caller with its policies.
    pub fn of(
        credential: &str,
        parent_is_root: bool,
        policies: PolicyList,
        session_policy: Option<Vec<u8>>,
    ) -> Result<Account, JsValue> {
        let account = Credential::named(credential, parent_is_root).and_then(|credential| {
            facade::Account::new(credential, &policies.policies(), session_policy.as_deref())
        });
        account.map(|account| Self { account }).map_err(|error| misuse(&error))
    }

    /// Answers the question in the exchange buffer, as JSON. `bucket_policy` has one policy or none.
    pub fn ask(
        &self,
        verb: &str,
        length: usize,
        count: usize,
        flags: u32,
        bucket_policy: PolicyList,
    ) -> Result<String, JsValue> {
        answer(&self.on_bucket(&bucket_policy), verb, length, count, flags)
    }

    /// What the question in the exchange buffer can reach.
    pub fn access(
        &self,
        length: usize,
        count: usize,
        flags: u32,
        bucket_policy: PolicyList,
    ) -> Result<Access, JsValue> {
        Access::of(&self.on_bucket(&bucket_policy), length, count, flags)
    }

    /// Answers the question about an API call in the exchange buffer: the decision as JSON.
    #[wasm_bindgen(js_name = decideOperation)]
    pub fn decide_operation(
        &self,
        length: usize,
        count: usize,
        flags: u32,
        bucket_policy: PolicyList,
    ) -> Result<String, JsValue> {
        let bucket_policy = bucket_policy.policies().first().copied();
        let ask = |query: &OperationQuery<'_>| self.account.decide_operation(query, bucket_policy);
        let decision = with_exchange(length, |buffer| {
            let pieces: Vec<&str> = pieces(buffer, count)?.collect::<Result<_, _>>()?;
            ask_packed_operation(&pieces, flags, ask)
        });
        let decision = decision.and_then(|decision| decision).map_err(|error| misuse(&error))?;
        Ok(account_decision_json(&decision, self.account.statement(&decision, bucket_policy)))
    }
}

impl Account {
    fn on_bucket<'a>(&'a self, policy: &'a PolicyList) -> AccountOnBucket<'a> {
        AccountOnBucket { account: &self.account, bucket_policy: policy.policies().first().copied() }
    }
}
