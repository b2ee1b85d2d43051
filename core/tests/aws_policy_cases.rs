//! Every case of `tests/cases/aws-policy`, on the core.
#![cfg(feature = "aws")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use s3iam::compile::{Named, Program};
use s3iam::evaluate::acl::{Acl, AclGrant, AclPermission, Grantee, ObjectOwnership};
use s3iam::evaluate::layers::{LayeredDecision, LayeredRequest, Layers, decide};
use s3iam::evaluate::public_access::PublicAccessBlock;
use s3iam::evaluate::{Action, Caller, ContextMap};
use s3iam::policy::{Dialect, Document, Kind, Limits};
use serde_json::Value;
use std::path::Path;

fn program(policies: &Value, kind: Kind) -> Option<Program> {
    let texts: Vec<String> = match policies {
        Value::Null => return None,
        Value::Array(policies) => policies.iter().map(Value::to_string).collect(),
        policy => vec![policy.to_string()],
    };
    let read = |text: &String| Document::read(text.as_bytes(), Dialect::Aws, kind, Limits::default());
    let documents: Vec<Document> = texts.iter().map(read).collect();
    let named: Vec<Named<'_>> = documents.iter().map(|document| Named { name: "", document }).collect();
    Some(Program::compile(&named).unwrap())
}

fn levels(levels: &Value) -> Vec<Program> {
    levels.as_array().into_iter().flatten().map(|level| program(level, Kind::Scp).unwrap()).collect()
}

fn caller(principal: &Value) -> Caller<'_> {
    let arn = principal["arn"].as_str().unwrap_or_default();
    match principal["type"].as_str().unwrap() {
        "user" => Caller::User { arn },
        "account_root" => Caller::Root { arn },
        "role_session" => Caller::RoleSession { arn, role: principal["role_arn"].as_str().unwrap() },
        "federated_user" => Caller::FederatedUser { arn, user: principal["user_arn"].as_str() },
        "service" => Caller::Service { name: arn },
        "federated" => Caller::Federated { provider: arn },
        "anonymous" => Caller::Anonymous,
        other => panic!("{other}"),
    }
}

fn grants(grants: &Value) -> Vec<AclGrant> {
    let grant = |grant: &Value| {
        let grantee = grant["grantee"].as_object().unwrap();
        let (kind, name) = grantee.iter().next().unwrap();
        let name = name.as_str().unwrap();
        let grantee = match kind.as_str() {
            "account" => Grantee::Account(name.into()),
            "id" => Grantee::CanonicalUser(name.into()),
            "uri" => Grantee::of_group(name).unwrap(),
            other => panic!("{other}"),
        };
        let permission = AclPermission::parse(grant["permission"].as_str().unwrap()).unwrap();
        AclGrant { grantee, permission }
    };
    grants.as_array().into_iter().flatten().map(grant).collect()
}

/// The settings that are on.
fn public_access_block(settings: &Value) -> PublicAccessBlock {
    let mut block = PublicAccessBlock::default();
    for setting in settings.as_array().into_iter().flatten() {
        match setting.as_str().unwrap() {
            "BlockPublicAcls" => block.block_public_acls = true,
            "IgnorePublicAcls" => block.ignore_public_acls = true,
            "BlockPublicPolicy" => block.block_public_policy = true,
            "RestrictPublicBuckets" => block.restrict_public_buckets = true,
            other => panic!("{other}"),
        }
    }
    block
}

fn answer(case: &Value) -> LayeredDecision {
    let layers = &case["layers"];
    let request = &case["request"];
    let action = request["action"].as_str().unwrap();
    let mut own: Vec<Value> = Vec::new();
    for name in ["identity", "group"] {
        own.extend(layers[name].as_array().into_iter().flatten().cloned());
    }
    let identity = if own.is_empty() { None } else { program(&Value::Array(own), Kind::Identity) };
    let boundary = program(&layers["boundary"], Kind::Boundary);
    let session = program(&layers["session"], Kind::Session);
    let kind = if action.starts_with("sts:") { Kind::Trust } else { Kind::Bucket };
    let resource = program(&layers["resource"], kind);
    let endpoint = program(&layers["vpce"], Kind::Endpoint);
    let (scp, rcp) = (levels(&layers["scp"]), levels(&layers["rcp"]));
    let (scp, rcp): (Vec<&Program>, Vec<&Program>) = (scp.iter().collect(), rcp.iter().collect());
    let texts: Vec<(&str, Vec<String>)> = request["context"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let values =
                value.as_array().map_or_else(|| vec![text(value)], |list| list.iter().map(text).collect());
            (key.as_str(), values)
        })
        .collect();
    let mut context = ContextMap::of(Dialect::Aws);
    for (key, values) in &texts {
        values.iter().for_each(|value| context.add(key, value.as_bytes()));
    }
    let lists = &layers["acl"];
    let (bucket_list, object_list) = (grants(&lists["bucket"]), grants(&lists["object"]));
    let acl = lists.as_object().map(|_| Acl {
        ownership: ObjectOwnership::parse(lists["ownership"].as_str().unwrap()).unwrap(),
        bucket: &bucket_list,
        object: &object_list,
        object_owner: lists["object_owner"].as_str(),
        caller_canonical_id: lists["caller_canonical_id"].as_str(),
    });
    let layers = Layers {
        identity: identity.as_ref(),
        boundary: boundary.as_ref(),
        session: session.as_ref(),
        scp: &scp,
        rcp: &rcp,
        resource: resource.as_ref(),
        endpoint: endpoint.as_ref(),
        acl,
        public_access_block: public_access_block(&layers["public_access_block"]),
    };
    decide(
        &layers,
        &LayeredRequest {
            caller: caller(&request["principal"]),
            action: Action::named(action),
            resource: request["resource"].as_str().unwrap(),
            resource_account: request["resource_account"].as_str(),
            context: &context,
        },
    )
}

#[test]
fn every_case_is_answered_as_aws_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/aws-policy");
    let (mut count, mut wrong) = (0, Vec::new());
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        for case in file["cases"].as_array().unwrap() {
            count += 1;
            let answer = answer(case);
            let names = [answer.decision.outcome.name(), answer.layer.name(), answer.decision.reason.name()];
            let differs =
                |(name, member): (&&str, &str)| case[member].as_str().is_some_and(|wanted| wanted != *name);
            if names.iter().zip(["expected", "layer", "reason"]).any(differs) {
                let wanted = [&case["expected"], &case["layer"], &case["reason"]];
                wrong.push(format!("{}: {names:?}, not {wanted:?}: {}", case["id"], case["why"]));
            }
        }
    }
    assert!(count > 800, "{count}");
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
