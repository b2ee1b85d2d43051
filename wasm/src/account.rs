//! Accounts: a caller with its policies, asked as a whole.

use crate::exchange::with_exchange;
use crate::policy::PolicyList;
use crate::question::{answer, pieces};
use crate::refusal::misuse;
use s3iam::facade::{
    self, AccountDecision, Credential, Dialect, Error, OperationQuery, account_decision_json,
    ask_packed_operation,
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

    /// Answers the question about one action in the exchange buffer: the decision as JSON.
    /// `bucket_policy` has one policy or none.
    pub fn decide(
        &self,
        length: usize,
        count: usize,
        flags: u32,
        bucket_policy: PolicyList,
    ) -> Result<String, JsValue> {
        let bucket_policy = bucket_policy.policies().first().copied();
        let decision = with_exchange(length, |buffer| {
            answer(buffer, count, flags, Dialect::Minio, &|query| self.account.decide(query, bucket_policy))
        });
        self.answer(decision, bucket_policy)
    }

    /// Answers the question about an API call in the exchange buffer, in the same way.
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
        self.answer(decision, bucket_policy)
    }

    fn answer(
        &self,
        decision: Result<Result<AccountDecision, Error>, Error>,
        bucket_policy: Option<&facade::Policy>,
    ) -> Result<String, JsValue> {
        let decision = decision.and_then(|decision| decision).map_err(|error| misuse(&error))?;
        Ok(account_decision_json(&decision, self.account.statement(&decision, bucket_policy)))
    }
}
