//! Questions over layers, in bulk, about actions and about access; and the explanation of every decision.

use crate::core_adapter;
use crate::expect::Expect;
use crate::job::{AskAccess, AskActions, AskLayers, AskMany, Context, Job, LayerPolicy, Policies};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct LayersCase<'a> {
    #[serde(borrow)]
    layers: Layers<'a>,
    request: LayersRequest,
    expected: String,
    layer: Option<String>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layers<'a> {
    #[serde(borrow, default)]
    identity: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    group: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    session: Vec<&'a RawValue>,
    #[serde(borrow)]
    boundary: Option<&'a RawValue>,
    #[serde(borrow, default)]
    scp: Vec<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    rcp: Vec<Vec<&'a RawValue>>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(borrow)]
    vpce: Option<&'a RawValue>,
    acl: Option<Map<String, Value>>,
    #[serde(default)]
    public_access_block: Vec<String>,
}

#[derive(Deserialize)]
struct LayersRequest {
    principal: Principal,
    action: String,
    resource: String,
    resource_account: Option<String>,
    context: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Principal {
    #[serde(rename = "type")]
    kind: String,
    arn: Option<String>,
    role_arn: Option<String>,
    user_arn: Option<String>,
}

/// The jobs of a case of the AWS dialect.
pub fn layers(raw: &RawValue) -> Result<Vec<(Job, Expect)>, String> {
    let case: LayersCase<'_> = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    if !["allow", "explicit_deny", "implicit_deny"].contains(&case.expected.as_str()) {
        return Err(format!("unknown expectation {:?}", case.expected));
    }
    let mut expect = Expect::new().is(0, "outcome", &case.expected);
    if let Some(layer) = &case.layer {
        expect = expect.is(3, "layer", layer);
    }
    if let Some(reason) = &case.reason {
        expect = expect.is(1, "reason", reason);
    }
    let LayersRequest { principal, action, resource, resource_account, context } = case.request;
    let resource_kind = if action.starts_with("sts:") { "trust" } else { "bucket" };
    let kind = match principal.kind.as_str() {
        "account_root" => "root".to_owned(),
        other => other.replace('_', "-"),
    };
    let job = AskLayers {
        name: if kind == "anonymous" { String::new() } else { principal.arn.unwrap_or_default() },
        principal: kind,
        behind: principal.role_arn.or(principal.user_arn),
        action,
        resource,
        resource_account,
        context: values(context),
        scp_levels: case.layers.scp.len() as u32,
        rcp_levels: case.layers.rcp.len() as u32,
        policies: policies(&case.layers, resource_kind),
        acl: case.layers.acl.map(|acl| in_camel_case(acl).to_string().into_bytes()),
        public_access_block: case.layers.public_access_block,
    };
    with_explanation(Job::Layers(Box::new(job)), expect)
}

/// The lists with the names of members that the library has.
fn in_camel_case(mut acl: Map<String, Value>) -> Value {
    for (name, own) in [("object_owner", "objectOwner"), ("caller_canonical_id", "callerCanonicalId")] {
        if let Some(value) = acl.remove(name) {
            acl.insert(own.to_owned(), value);
        }
    }
    Value::Object(acl)
}

fn policies(layers: &Layers<'_>, resource_kind: &str) -> Vec<LayerPolicy> {
    let mut policies = Vec::new();
    let mut add = |layer: &str, level: usize, kind: &str, texts: &[&RawValue]| {
        policies.extend(texts.iter().map(|text| LayerPolicy {
            layer: layer.to_owned(),
            level: level as u32,
            kind: kind.to_owned(),
            text: text.get().into(),
        }));
    };
    add("identity", 0, "identity", &layers.identity);
    add("identity", 0, "identity", &layers.group);
    add("session", 0, "session", &layers.session);
    add("boundary", 0, "boundary", layers.boundary.as_slice());
    layers.scp.iter().enumerate().for_each(|(level, texts)| add("scp", level, "scp", texts));
    layers.rcp.iter().enumerate().for_each(|(level, texts)| add("rcp", level, "rcp", texts));
    add("resource", 0, resource_kind, layers.resource.as_slice());
    add("endpoint", 0, "endpoint", layers.vpce.as_slice());
    policies
}

/// The job and its explanation, which must come to the same answer, and which every binding must give as
/// the core does.
pub fn with_explanation(job: Job, expect: Expect) -> Result<Vec<(Job, Expect)>, String> {
    let explain = Job::Explain(Box::new(job.clone()));
    let answer = core_adapter::answer_line(&explain.line());
    let fields = crate::protocol::decode(&answer)?;
    let mut same = expect.clone();
    for (place, name) in [(2, "statement"), (3, "layer"), (4, "level"), (5, "trace"), (6, "sentence")] {
        if let Some(field) = fields.get(place).filter(|_| fields.len() == 7) {
            same = same.is(place, name, &String::from_utf8_lossy(field));
        }
    }
    Ok(vec![(job, expect), (explain, same)])
}

#[derive(Deserialize)]
struct Question<'a> {
    kind: String,
    dialect: Option<String>,
    policy_kind: Option<String>,
    #[serde(borrow)]
    policies: Vec<&'a RawValue>,
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    contexts: Vec<BTreeMap<String, Value>>,
    #[serde(default)]
    context: BTreeMap<String, Value>,
    action: Option<String>,
    resource: Option<String>,
    #[serde(default)]
    complete: bool,
    expected: Value,
    allow: Option<Vec<String>>,
    deny: Option<Vec<String>>,
    open: Option<Vec<String>>,
}

/// The jobs of the kinds `many`, `actions` and `access`.
pub fn question(raw: &RawValue) -> Result<Vec<(Job, Expect)>, String> {
    let case: Question<'_> = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    let policies = Policies {
        dialect: case.dialect.unwrap_or_else(|| "minio".to_owned()),
        kind: case.policy_kind.unwrap_or_else(|| "identity".to_owned()),
        texts: case.policies.iter().map(|text| text.get().into()).collect(),
    };
    let expected: Vec<&str> = match &case.expected {
        Value::Array(list) => list.iter().map(|item| item.as_str().unwrap_or_default()).collect(),
        _ => return Err("what is expected of such a case is a list".to_owned()),
    };
    let mut expect = Expect::new().is(0, "answers", &expected.join(","));
    let missing = |what: &str| format!("it has no {what}");
    let job = match case.kind.as_str() {
        "many" => Job::Many(Box::new(AskMany {
            policies,
            actions: case.actions,
            resources: case.resources,
            contexts: case.contexts.into_iter().map(values).collect(),
        })),
        "actions" => Job::Actions(Box::new(AskActions {
            policies,
            resource: case.resource.ok_or_else(|| missing("resource"))?,
            context: values(case.context),
        })),
        "access" => {
            for (place, name, list) in
                [(1, "allow", case.allow), (2, "deny", case.deny), (3, "open", case.open)]
            {
                if let Some(list) = list {
                    expect = expect.is(place, name, &list.join(","));
                }
            }
            Job::Access(Box::new(AskAccess {
                policies,
                action: case.action.ok_or_else(|| missing("action"))?,
                is_complete: case.complete,
                context: values(case.context),
                resources: case.resources,
            }))
        }
        other => return Err(format!("unknown kind {other:?}")),
    };
    Ok(vec![(job, expect)])
}

/// Condition values as pairs, one for each value.
fn values(context: BTreeMap<String, Value>) -> Context {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned).into_bytes();
    let entries = |(name, value): (String, Value)| match value {
        Value::Array(list) => list.iter().map(|value| (name.clone(), text(value))).collect::<Vec<_>>(),
        one => vec![(name, text(&one))],
    };
    context.into_iter().flat_map(entries).collect()
}
