//! Decisions of policies of the minio dialect, and findings about them.

use super::{account, ask};
use crate::expect::Expect;
use crate::job::{Decide, Job, Validate};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct PolicyCase<'a> {
    kind: String,
    #[serde(borrow)]
    policy: Option<&'a RawValue>,
    policy_text: Option<String>,
    #[serde(borrow, default)]
    policies: Vec<&'a RawValue>,
    policy_kind: Option<String>,
    bucket: Option<String>,
    pub request: Option<Request>,
    expected: String,
    strict: Option<String>,
    #[serde(default)]
    codes: Vec<String>,
    /// Every finding, each beginning with its code; the core's own tests compare the rest.
    #[serde(default)]
    findings: Vec<String>,
}

#[derive(Deserialize)]
pub struct Request {
    pub action: String,
    #[serde(default)]
    pub bucket: String,
    #[serde(default)]
    pub object: String,
    #[serde(default)]
    pub account: String,
    #[serde(default)]
    pub is_owner: bool,
    #[serde(default)]
    pub deny_only: bool,
    #[serde(default)]
    pub conditions: BTreeMap<String, Vec<String>>,
}

pub fn jobs(raw: &RawValue) -> Result<Vec<(Job, Expect)>, String> {
    if let Kind { kind: "many" | "actions" | "access" } = read(raw)? {
        return ask::question(raw);
    }
    let case: PolicyCase<'_> = read(raw)?;
    let job = match case.kind.as_str() {
        "identity" | "bucket" => {
            let (job, expect) = decide(case)?;
            return ask::with_explanation(job, expect);
        }
        "account" => {
            let expect = outcome(&case.expected)?;
            let (job, expect) = account::account(case, read(raw)?, expect)?;
            return ask::with_explanation(job, expect);
        }
        "handler" => {
            let (expect, whole) = (outcome(&case.expected)?, read::<Handler>(raw)?);
            account::operation(case, read(raw)?, whole.request, expect)?
        }
        "validate" => validate(case)?,
        other => return Err(format!("unknown kind {other:?}")),
    };
    Ok(vec![job])
}

#[derive(Deserialize)]
struct Kind<'a> {
    kind: &'a str,
}

#[derive(Deserialize)]
struct Handler {
    request: account::CallMembers,
}

fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, String> {
    serde_json::from_str(raw.get()).map_err(|error| error.to_string())
}

/// The condition values as pairs, one for each value.
pub fn context(conditions: BTreeMap<String, Vec<String>>) -> Vec<(String, Vec<u8>)> {
    let values = |(name, values): (String, Vec<String>)| {
        values.into_iter().map(move |value| (name.clone(), value.into_bytes()))
    };
    conditions.into_iter().flat_map(values).collect()
}

/// What is expected of a decision.
fn outcome(expected: &str) -> Result<Expect, String> {
    let expect = Expect::new();
    match expected {
        "allow" => Ok(expect.is(0, "outcome", "allow")),
        "deny" => Ok(expect.one_of(0, "outcome", &["explicit_deny", "implicit_deny"])),
        "explicit_deny" | "implicit_deny" => Ok(expect.is(0, "outcome", expected)),
        other => Err(format!("unknown expectation {other:?}")),
    }
}

impl PolicyCase<'_> {
    pub fn texts(&self) -> Vec<Vec<u8>> {
        let one = self.policy_text.as_deref().or(self.policy.map(RawValue::get));
        one.into_iter().chain(self.policies.iter().map(|policy| policy.get())).map(Vec::from).collect()
    }
}

fn decide(case: PolicyCase<'_>) -> Result<(Job, Expect), String> {
    let expect = outcome(&case.expected)?;
    let policies = case.texts();
    let request = case.request.ok_or("it has no request")?;
    let job = Job::Decide(Box::new(Decide {
        dialect: "minio".to_owned(),
        kind: case.kind,
        account: request.account,
        is_owner: request.is_owner,
        deny_only: request.deny_only,
        action: request.action,
        bucket: request.bucket,
        object: request.object,
        policies,
        context: context(request.conditions),
    }));
    Ok((job, expect))
}

/// A document that MinIO takes (`ok`) is good, or, where the strict validator refuses it or one of
/// the departures from MinIO does, refused at creation; it is never unreadable or invalid.
fn validate(case: PolicyCase<'_>) -> Result<(Job, Expect), String> {
    let statuses: &[&str] = match (case.expected.as_str(), case.strict.as_deref()) {
        ("ok", None) => &["good", "refused"],
        ("ok", Some("invalid")) => &["refused"],
        ("parse", None) => &["unreadable"],
        // Of bucket policies the reference says only that they are refused.
        ("error", None) => &["unreadable", "invalid"],
        ("invalid", None) => &["invalid"],
        ("refused", None) => &["refused"],
        ("good", None) => &["good"],
        (expected, strict) => return Err(format!("unknown expectation {expected:?}, strict {strict:?}")),
    };
    let mut expect = Expect::new().one_of(0, "status", statuses);
    let found = case.findings.iter().filter_map(|finding| finding.split(' ').next()).map(str::to_owned);
    let codes: Vec<String> = case.codes.iter().cloned().chain(found).collect();
    if !codes.is_empty() {
        expect = expect.holding(1, "codes", &codes);
    }
    let policy = match <[Vec<u8>; 1]>::try_from(case.texts()) {
        Ok([policy]) => policy,
        Err(_) => return Err("exactly one policy is to be validated".to_owned()),
    };
    let kind = case.policy_kind.unwrap_or_else(|| "identity".to_owned());
    let bucket = case.bucket;
    Ok((Job::Validate(Validate { dialect: "minio".to_owned(), kind, bucket, policy }), expect))
}

#[cfg(test)]
mod tests {
    use crate::format::read;
    use crate::job::Job;

    fn job(case: &str) -> Result<(Job, crate::expect::Expect), String> {
        let mut cases = read(&format!(r#"{{"cases": [{case}]}}"#))?;
        Ok(cases.remove(0).jobs.remove(0))
    }

    #[test]
    fn a_policy_reaches_the_adapter_as_it_is_written() {
        let case = r#"{"id": "a", "kind": "identity", "policy": {"Version" : "x", "Version": "y"},
            "request": {"action": "s3:GetObject", "bucket": "b", "object": "o", "account": "alice",
            "conditions": {"prefix": ["p", "q"]}}, "expected": "deny"}"#;
        let (job, expect) = job(case).unwrap();
        let Job::Decide(decide) = job else { panic!("{job:?}") };
        assert_eq!(decide.policies, [br#"{"Version" : "x", "Version": "y"}"#]);
        assert_eq!(decide.context, [("prefix".into(), b"p".to_vec()), ("prefix".into(), b"q".to_vec())]);
        assert!(expect.check("implicit_deny\tno-statement\t").is_ok());
        assert!(expect.check("explicit_deny\tstatement\t0:0").is_ok());
        assert!(expect.check("allow\tstatement\t0:0").is_err());
        assert!(expect.check("error\tpolicy-unreadable\tno").is_err());
    }

    #[test]
    fn a_caller_reaches_the_adapter_with_all_its_policies() {
        let case = r#"{"id": "a", "kind": "account", "credential": {"type": "sts", "parent_is_root": true},
            "identity_policies": [{}], "session_policy_text": "null", "bucket_policy": [], "layer": "session",
            "request": {"action": "s3:GetObject", "account": "x", "deny_only": true}, "expected": "deny"}"#;
        let (job, expect) = job(case).unwrap();
        let Job::Account(account) = job else { panic!("{job:?}") };
        assert_eq!((account.caller.credential.as_str(), account.caller.parent_is_root), ("temporary", true));
        assert_eq!(account.caller.session_policy.as_deref(), Some(&b"null"[..]));
        assert_eq!(account.caller.bucket_policy.as_deref(), Some(&b"[]"[..]));
        assert!(account.deny_only);
        assert!(expect.check("explicit_deny\tpolicy-broken\t\tsession").is_ok());
        assert!(expect.check("explicit_deny\tpolicy-broken\t\tidentity").is_err());
    }

    #[test]
    fn a_call_reaches_the_adapter_with_what_it_asks_for() {
        let case = r#"{"id": "a", "kind": "handler", "api": "ListBuckets", "policies": [{}],
            "request": {"action": "", "buckets": ["b"], "force_delete": true}, "expected": "allow"}"#;
        let (job, _) = job(case).unwrap();
        let Job::Operation(operation) = job else { panic!("{job:?}") };
        assert_eq!(
            (operation.operation.as_str(), operation.caller.credential.as_str()),
            ("ListBuckets", "user")
        );
        assert_eq!(
            (operation.buckets, operation.flags),
            (vec!["b".to_owned()], vec!["force_delete".to_owned()])
        );
    }

    #[test]
    fn raw_text_and_several_policies_are_taken_over() {
        let policies = |members: &str| {
            let rest = r#""request": {"action": "s3:GetObject"}, "expected": "allow""#;
            match job(&format!(r#"{{"id": "a", "kind": "identity", {members}, {rest}}}"#)).unwrap().0 {
                Job::Decide(decide) => decide.policies,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(policies(r#""policy_text": "{} x""#), [b"{} x"]);
        assert_eq!(policies(r#""policies": [{}, [1]]"#), [&b"{}"[..], b"[1]"]);
    }

    #[test]
    fn what_minio_takes_may_still_be_refused_at_creation() {
        let status = |members: &str, answer: &str| {
            let case = format!(r#"{{"id": "a", "kind": "validate", "policy": {{}}, {members}}}"#);
            job(&case).unwrap().1.check(answer).is_ok()
        };
        assert!(status(r#""expected": "ok""#, "good\t"));
        assert!(status(r#""expected": "ok""#, "refused\tE101"));
        assert!(!status(r#""expected": "ok""#, "invalid\tE101"));
        assert!(!status(r#""expected": "ok", "strict": "invalid""#, "good\t"));
        assert!(status(r#""expected": "parse""#, "unreadable\tE001"));
        assert!(!status(r#""expected": "invalid", "codes": ["E102"]"#, "invalid\tE101"));
    }
}
