//! Decisions for a whole account, and for single API calls of one.

use super::policy::{PolicyCase, Request, context};
use crate::expect::Expect;
use crate::job::{AskAccount, AskOperation, Caller, CopySource, Job};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
pub struct Credential {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    parent_is_root: bool,
}

/// The members that only these cases have.
#[derive(Deserialize)]
pub struct AccountMembers<'a> {
    credential: Option<Credential>,
    #[serde(borrow, default)]
    identity_policies: Vec<&'a RawValue>,
    #[serde(borrow)]
    session_policy: Option<&'a RawValue>,
    session_policy_text: Option<String>,
    #[serde(borrow)]
    bucket_policy: Option<&'a RawValue>,
    api: Option<String>,
    layer: Option<String>,
    reason: Option<String>,
}

/// What a request to a whole API call says besides.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CallMembers {
    version_id: Option<String>,
    copy_source: Option<SourceMembers>,
    buckets: Vec<String>,
    retention: bool,
    legal_hold: bool,
    bypass_governance: bool,
    replica: bool,
    object_lock: bool,
    force_delete: bool,
}

#[derive(Deserialize)]
struct SourceMembers {
    bucket: String,
    object: String,
    version_id: Option<String>,
}

pub fn account(
    case: PolicyCase<'_>,
    members: AccountMembers<'_>,
    expect: Expect,
) -> Result<(Job, Expect), String> {
    let (caller, expect, request) = read(case, members, expect)?;
    let job = AskAccount {
        caller,
        deny_only: request.deny_only,
        action: request.action,
        bucket: request.bucket,
        object: request.object,
        context: context(request.conditions),
    };
    Ok((Job::Account(Box::new(job)), expect))
}

pub fn operation(
    case: PolicyCase<'_>,
    mut members: AccountMembers<'_>,
    call: CallMembers,
    expect: Expect,
) -> Result<(Job, Expect), String> {
    let operation = members.api.take().ok_or("it has no api")?;
    let (caller, expect, request) = read(case, members, expect)?;
    let flags = [
        ("retention", call.retention),
        ("legal_hold", call.legal_hold),
        ("bypass_governance", call.bypass_governance),
        ("replica", call.replica),
        ("object_lock", call.object_lock),
        ("force_delete", call.force_delete),
    ];
    let job = AskOperation {
        caller,
        operation,
        bucket: request.bucket,
        object: request.object,
        version_id: call.version_id,
        copy_source: call.copy_source.map(|source| CopySource {
            bucket: source.bucket,
            object: source.object,
            version_id: source.version_id,
        }),
        flags: flags.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| (*name).to_owned()).collect(),
        buckets: call.buckets,
        context: context(request.conditions),
    };
    Ok((Job::Operation(Box::new(job)), expect))
}

fn read(
    case: PolicyCase<'_>,
    members: AccountMembers<'_>,
    mut expect: Expect,
) -> Result<(Caller, Expect, Request), String> {
    if let Some(reason) = &members.reason {
        expect = expect.is(1, "reason", reason);
    }
    if let Some(layer) = &members.layer {
        expect = expect.is(3, "layer", layer);
    }
    let text = |value: &RawValue| value.get().as_bytes().to_vec();
    let credential = members.credential.unwrap_or(Credential { kind: "user".into(), parent_is_root: false });
    let mut policies = case.texts();
    policies.extend(members.identity_policies.into_iter().map(text));
    let request = case.request.ok_or("it has no request")?;
    if request.is_owner {
        return Err("who is the owner follows from the credential".to_owned());
    }
    let caller = Caller {
        credential: match credential.kind.as_str() {
            "sts" => "temporary".to_owned(),
            "service_account" => "service-account".to_owned(),
            other => other.to_owned(),
        },
        parent_is_root: credential.parent_is_root,
        policies,
        session_policy: members
            .session_policy_text
            .map(String::into_bytes)
            .or(members.session_policy.map(text)),
        bucket_policy: members.bucket_policy.map(text),
        account: request.account.clone(),
    };
    Ok((caller, expect, request))
}
