//! Properties of evaluation in the AWS dialect: the compiled program and the walk over all layers answer as
//! the plain interpreter does, and policies combine as they must.
//!
//! `S3IAM_PROPERTY_CASES` sets how many random policies are tried, each with ten requests; the default is a
//! thousand. A million pairs of policy and request are
//! `S3IAM_PROPERTY_CASES=100000 cargo test --release -p s3iam --test aws_evaluation`.

#![cfg(feature = "aws")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod aws_random;
#[path = "../fuzz/src/compare.rs"]
mod compare;

use aws_random::{
    Asked, Known, Lists, Policy, asked, cases, compile, grant, limited_statement, lists, policy, principal,
    public_access_block, statement,
};
use compare::explained;
use proptest::prelude::*;
use proptest::sample::select;
use s3iam::analyze::public;
use s3iam::compile::Program;
use s3iam::evaluate::layers::{LayeredDecision, LayeredRequest, Layers, decide};
use s3iam::evaluate::public_access::PublicAccessBlock;
use s3iam::evaluate::reference_aws::{self, LayerDocuments};
use s3iam::evaluate::{Action, Outcome};
use s3iam::policy::{Document, Kind};
use serde_json::json;

/// The policies of one kind.
fn policies() -> impl Strategy<Value = Vec<Policy>> {
    select(Kind::ALL.to_vec()).prop_flat_map(|kind| proptest::collection::vec(policy(kind), 1..3))
}

fn documents(policies: &[Policy]) -> Vec<Document> {
    policies.iter().map(Policy::document).collect()
}

fn outcome(policies: &[Policy], asked: &Asked) -> Outcome {
    let documents = documents(policies);
    compile(&documents.iter().collect::<Vec<_>>()).decide(&asked.request()).outcome
}

/// A set of policies for each layer that is there.
#[derive(Clone, Debug)]
struct Everything {
    identity: Option<Vec<Policy>>,
    boundary: Option<Vec<Policy>>,
    session: Option<Vec<Policy>>,
    scp: Vec<Vec<Policy>>,
    rcp: Vec<Vec<Policy>>,
    resource: Option<Vec<Policy>>,
    endpoint: Option<Vec<Policy>>,
    lists: Option<Lists>,
    public_access_block: PublicAccessBlock,
}

/// Policies of a layer, often with one that allows everything, so that the others come to matter; those of
/// a resource allow it to somebody.
fn layer(kind: Kind, open: f64) -> impl Strategy<Value = Vec<Policy>> {
    (proptest::collection::vec(policy(kind), 0..2), proptest::bool::weighted(open), principal()).prop_map(
        move |(mut policies, is_open, principal)| {
            if is_open {
                let mut all = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
                match kind {
                    Kind::Rcp | Kind::Endpoint => all["Principal"] = json!("*"),
                    Kind::Bucket | Kind::Trust => all["Principal"] = principal,
                    _ => {}
                }
                policies.push(Policy { kind, version: Some("2012-10-17"), statements: vec![all] });
            }
            policies
        },
    )
}

fn everything() -> impl Strategy<Value = Everything> {
    let some = |kind, there, open| proptest::option::weighted(there, layer(kind, open));
    let levels = |kind| {
        prop_oneof![
            2 => Just(Vec::new()),
            1 => proptest::collection::vec(layer(kind, 0.9), 1..4),
        ]
    };
    (
        some(Kind::Identity, 0.8, 0.4),
        some(Kind::Boundary, 0.3, 0.5),
        some(Kind::Session, 0.5, 0.5),
        levels(Kind::Scp),
        levels(Kind::Rcp),
        select(vec![Kind::Bucket, Kind::Bucket, Kind::Trust]).prop_flat_map(move |kind| some(kind, 0.8, 0.5)),
        some(Kind::Endpoint, 0.2, 0.8),
        proptest::option::of(lists()),
        public_access_block(),
    )
        .prop_map(
            |(identity, boundary, session, scp, rcp, resource, endpoint, lists, public_access_block)| {
                Everything {
                    identity,
                    boundary,
                    session,
                    scp,
                    rcp,
                    resource,
                    endpoint,
                    lists,
                    public_access_block,
                }
            },
        )
}

impl Everything {
    /// Every set of policies that is there.
    fn sets(&mut self) -> Vec<&mut Vec<Policy>> {
        let single = [
            &mut self.identity,
            &mut self.boundary,
            &mut self.session,
            &mut self.resource,
            &mut self.endpoint,
        ];
        single.into_iter().flatten().chain(&mut self.scp).chain(&mut self.rcp).collect()
    }

    fn compiled(&self, asked: &Asked) -> LayeredDecision {
        self.all_compiled(std::slice::from_ref(asked))[0]
    }

    fn all_compiled(&self, asked: &[Asked]) -> Vec<LayeredDecision> {
        let program = |policies: &Vec<Policy>| {
            let documents = documents(policies);
            compile(&documents.iter().collect::<Vec<_>>())
        };
        let one = |policies: &Option<Vec<Policy>>| policies.as_ref().map(program);
        let levels = |levels: &[Vec<Policy>]| levels.iter().map(program).collect::<Vec<_>>();
        let (identity, boundary, session) = (one(&self.identity), one(&self.boundary), one(&self.session));
        let (resource, endpoint) = (one(&self.resource), one(&self.endpoint));
        let (scp, rcp) = (levels(&self.scp), levels(&self.rcp));
        let layers = Layers {
            identity: identity.as_ref(),
            boundary: boundary.as_ref(),
            session: session.as_ref(),
            scp: &scp.iter().collect::<Vec<&Program>>(),
            rcp: &rcp.iter().collect::<Vec<&Program>>(),
            resource: resource.as_ref(),
            endpoint: endpoint.as_ref(),
            acl: self.lists.as_ref().map(Lists::acl),
            public_access_block: self.public_access_block,
        };
        asked.iter().map(|asked| decide(&layers, &layered(asked))).collect()
    }

    fn all_plain(&self, asked: &[Asked]) -> Vec<LayeredDecision> {
        let one = |policies: &Option<Vec<Policy>>| policies.as_deref().map(documents);
        let levels = |levels: &[Vec<Policy>]| levels.iter().map(|l| documents(l)).collect::<Vec<_>>();
        let (identity, boundary, session) = (one(&self.identity), one(&self.boundary), one(&self.session));
        let (resource, endpoint) = (one(&self.resource), one(&self.endpoint));
        let (scp, rcp) = (levels(&self.scp), levels(&self.rcp));
        fn refs(documents: &[Document]) -> Vec<&Document> {
            documents.iter().collect()
        }
        let (identity, boundary, session) =
            (identity.as_deref().map(refs), boundary.as_deref().map(refs), session.as_deref().map(refs));
        let (resource, endpoint) = (resource.as_deref().map(refs), endpoint.as_deref().map(refs));
        let scp: Vec<Vec<&Document>> = scp.iter().map(|level| refs(level)).collect();
        let rcp: Vec<Vec<&Document>> = rcp.iter().map(|level| refs(level)).collect();
        let layers = LayerDocuments {
            identity: identity.as_deref(),
            boundary: boundary.as_deref(),
            session: session.as_deref(),
            scp: &scp.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            rcp: &rcp.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            resource: resource.as_deref(),
            endpoint: endpoint.as_deref(),
            acl: self.lists.as_ref().map(Lists::acl),
            public_access_block: self.public_access_block,
        };
        asked.iter().map(|asked| reference_aws::decide_layers(&layers, &layered(asked))).collect()
    }
}

fn layered(asked: &Asked) -> LayeredRequest<'_> {
    LayeredRequest {
        caller: asked.caller,
        action: Action::named(asked.action),
        resource: if asked.resource.is_empty() { "arn:aws:s3:::b/a" } else { asked.resource },
        resource_account: asked.owner,
        context: &asked.context,
    }
}

/// Whether a statement cannot be evaluated, so that its policy denies everything.
fn is_broken(kind: Kind, statement: &serde_json::Value) -> bool {
    let policy = Policy { kind, version: None, statements: vec![statement.clone()] };
    let program = compile(&[&policy.document()]);
    let context = s3iam::evaluate::EmptyContext;
    let request = s3iam::evaluate::Request::new(Action::named("none:None"), b"", b"", &context);
    program.decide(&request).reason == s3iam::evaluate::Reason::PolicyBroken
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn compiled_and_reference_agree(
        policies in policies(),
        requests in proptest::collection::vec(asked(), 10..11),
    ) {
        let documents = documents(&policies);
        let documents: Vec<&Document> = documents.iter().collect();
        let program = compile(&documents);
        for asked in &requests {
            let request = asked.request();
            let (compiled, plain) = (program.decide(&request), reference_aws::decide(&documents, &request));
            prop_assert_eq!(compiled, plain, "{:?}", asked);
        }
    }

    #[test]
    fn an_explanation_says_what_decides(policies in policies(), asked in asked()) {
        explained(&documents(&policies).iter().collect::<Vec<_>>(), &asked.request());
    }

    #[test]
    fn compiled_layers_and_reference_agree(
        everything in everything(),
        requests in proptest::collection::vec(asked(), 10..11),
    ) {
        let (compiled, plain) = (everything.all_compiled(&requests), everything.all_plain(&requests));
        for ((compiled, plain), asked) in compiled.iter().zip(&plain).zip(&requests) {
            prop_assert_eq!(compiled, plain, "{:?}", asked);
        }
    }

    #[test]
    fn order_does_not_matter(policies in policies(), everything in everything(), asked in asked()) {
        let reversed = |policies: &[Policy]| -> Vec<Policy> {
            let mut policies = policies.to_vec();
            policies.reverse();
            policies.iter_mut().for_each(|policy| policy.statements.reverse());
            policies
        };
        prop_assert_eq!(outcome(&policies, &asked), outcome(&reversed(&policies), &asked));
        let mut other = everything.clone();
        other.sets().into_iter().for_each(|set| *set = reversed(set));
        other.scp.reverse();
        other.rcp.reverse();
        prop_assert_eq!(everything.compiled(&asked).decision.outcome, other.compiled(&asked).decision.outcome);
    }

    #[test]
    fn a_further_deny_never_allows_more(
        everything in everything(),
        more in statement(Kind::Bucket),
        place in any::<prop::sample::Index>(),
        asked in asked(),
    ) {
        let mut more = more;
        more["Effect"] = json!("Deny");
        let mut denied = everything.clone();
        let mut sets = denied.sets();
        prop_assume!(!sets.is_empty());
        let set = place.index(sets.len());
        sets[set].push(Policy { kind: Kind::Bucket, version: Some("2012-10-17"), statements: vec![more] });
        if denied.compiled(&asked).allowed() {
            prop_assert!(everything.compiled(&asked).allowed());
        }
    }

    #[test]
    fn a_further_allow_of_a_granting_layer_never_denies_more(
        everything in everything(),
        identity in statement(Kind::Identity),
        resource in statement(Kind::Bucket),
        asked in asked(),
    ) {
        let (mut identity, mut resource) = (identity, resource);
        identity["Effect"] = json!("Allow");
        resource["Effect"] = json!("Allow");
        prop_assume!(!is_broken(Kind::Identity, &identity) && !is_broken(Kind::Bucket, &resource));
        let mut granted = everything.clone();
        let one = |kind, statement| Policy { kind, version: Some("2012-10-17"), statements: vec![statement] };
        granted.identity.get_or_insert_default().push(one(Kind::Identity, identity));
        granted.resource.get_or_insert_default().push(one(Kind::Bucket, resource));
        // One that opens a bucket to everyone may close it, where such buckets are restricted.
        granted.public_access_block.restrict_public_buckets = false;
        if everything.compiled(&asked).allowed() {
            prop_assert!(granted.compiled(&asked).allowed());
        }
    }

    #[test]
    fn a_further_grant_of_a_list_never_denies_more(
        everything in everything(),
        lists in lists(),
        grant in grant(),
        is_of_object in any::<bool>(),
        asked in asked(),
    ) {
        let with = |lists| Everything { lists: Some(lists), ..everything.clone() };
        let (before, after) = (with(lists.clone()), with(lists.with(&grant, is_of_object)));
        if before.compiled(&asked).allowed() {
            prop_assert!(after.compiled(&asked).allowed());
        }
    }

    #[test]
    fn blocking_public_access_never_allows_more(everything in everything(), asked in asked()) {
        let with = |block| Everything { public_access_block: block, ..everything.clone() };
        if with(PublicAccessBlock::ALL).compiled(&asked).allowed() {
            prop_assert!(everything.compiled(&asked).allowed());
            prop_assert!(with(PublicAccessBlock::default()).compiled(&asked).allowed());
        }
    }

    #[test]
    fn both_know_which_policies_are_public(
        statements in proptest::collection::vec(prop_oneof![limited_statement(), statement(Kind::Bucket)], 1..3),
    ) {
        let policy = Policy { kind: Kind::Bucket, version: Some("2012-10-17"), statements };
        let document = policy.document();
        let is_public = public::is_public(&document);
        prop_assert_eq!(is_public, reference_aws::is_public(&document));
        prop_assert_eq!(is_public, compile(&[&document]).is_public());
        prop_assert!(is_public || public::public_statements(&document).is_empty());
    }
}

#[test]
fn an_unknown_value_stays_unknown_without_letter_case() {
    struct Tagged(Known);
    impl s3iam::evaluate::Context for Tagged {
        fn values(&self, key: s3iam::evaluate::ContextKey<'_>) -> s3iam::evaluate::Values<'_> {
            match key.name {
                "x:k" => s3iam::evaluate::Values::One(s3iam::evaluate::Value::Text(b"team-a")),
                _ => self.0.values(key),
            }
        }
    }
    let condition = json!({"StringEqualsIgnoreCase": {"x:k": "Team-${aws:PrincipalTag/t}"}});
    let deny = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition});
    let policy = Policy { kind: Kind::Identity, version: Some("2012-10-17"), statements: vec![deny] };
    let context = Tagged(Known::unknown("aws:principaltag/t"));
    let request = s3iam::evaluate::Request::new(Action::named("s3:GetObject"), b"b", b"a", &context);
    let decision = compile(&[&policy.document()]).decide(&request);
    assert_eq!(decision.outcome, Outcome::ExplicitDeny);
    assert_eq!(decision.reason, s3iam::evaluate::Reason::FactsMissing);
}

#[test]
fn what_is_no_utf_8_has_characters_that_everyone_agrees_on() {
    let texts: [(&[u8], bool); 6] = [
        (b"b\x80", true),
        (b"b\xfd\x9d\xbd", true),
        (b"b\xe2\x82", true),
        (b"b\xff\xff", false),
        (b"b\xc3\xa9\xff", false),
        (b"b\x80x", false),
    ];
    let condition = json!({"StringLike": {"x:k": "b?"}});
    let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    let policy = Policy { kind: Kind::Identity, version: None, statements: vec![allow] };
    let document = policy.document();
    for (text, is_one) in texts {
        let mut context = s3iam::evaluate::ContextMap::of(s3iam::policy::Dialect::Aws);
        context.add("x:k", text);
        let request = s3iam::evaluate::Request::new(Action::named("s3:GetObject"), b"b", b"a", &context);
        let decision = explained(&[&document], &request);
        assert_eq!(decision.allowed(), is_one, "{text:x?}");
    }
}

#[test]
fn seconds_beyond_the_years_of_four_digits_are_instants_of_their_own() {
    let outcome = |operator: &str, written: &str, asked: &'static [u8]| {
        let condition = json!({operator: {"x:k": written}});
        let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
        let policy = Policy { kind: Kind::Identity, version: None, statements: vec![allow] };
        let mut context = s3iam::evaluate::ContextMap::of(s3iam::policy::Dialect::Aws);
        context.add("x:k", asked);
        let request = s3iam::evaluate::Request::new(Action::named("s3:GetObject"), b"b", b"a", &context);
        explained(&[&policy.document()], &request).allowed()
    };
    assert!(!outcome("DateEquals", "-444444444444440.25", b"-44444444444444442"));
    assert!(outcome("DateGreaterThan", "253402300800", b"253402300801"));
    assert!(outcome("DateEquals", "253402300801", b"253402300801.0"));
}

#[test]
fn only_arns_name_keys_and_roles() {
    let all = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let all = Policy { kind: Kind::Identity, version: Some("2012-10-17"), statements: vec![all] }.document();
    let program = compile(&[&all]);
    let context = s3iam::evaluate::EmptyContext;
    for (action, resource, is_named) in [
        ("kms:Decrypt", "arn:aws:kms:r:111111111111:key/k", true),
        ("kms:Decrypt", "x:aws:kms:r:111111111111:key/k", false),
        ("sts:AssumeRole", "arn:aws:iam::111111111111:role/r", true),
        ("sts", "arn:aws:iam::111111111111:role/r", false),
    ] {
        let caller = s3iam::evaluate::Caller::User { arn: "arn:aws:iam::111111111111:user/u" };
        let action = Action::named(action);
        let asked = LayeredRequest { caller, action, resource, resource_account: None, context: &context };
        let compiled = decide(&Layers { identity: Some(&program), ..Layers::default() }, &asked);
        let identity = [&all];
        let layers = LayerDocuments { identity: Some(&identity), ..LayerDocuments::default() };
        assert_eq!(compiled, reference_aws::decide_layers(&layers, &asked), "{resource}");
        assert_eq!(compiled.allowed(), !is_named, "{resource}");
    }
}

/// The random policies are no good if they all answer the same, or by the same layer.
#[test]
fn random_policies_reach_every_outcome_in_every_layer() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..3000 {
        let everything = everything().new_tree(&mut runner).unwrap().current();
        let asked = asked().new_tree(&mut runner).unwrap().current();
        let decision = everything.compiled(&asked);
        *seen.entry((decision.decision.outcome.name(), decision.layer.name())).or_insert(0) += 1;
    }
    let layers = ["identity", "boundary", "session", "scp", "rcp", "resource", "endpoint"];
    for wanted in [("implicit_deny", "acl"), ("implicit_deny", "public_access_block"), ("allow", "acl")] {
        assert!(seen.get(&wanted).is_some_and(|&n| n > 10), "{wanted:?}: {seen:?}");
    }
    for wanted in layers.iter().flat_map(|&layer| [("explicit_deny", layer), ("implicit_deny", layer)]) {
        assert!(seen.contains_key(&wanted), "{wanted:?}: {seen:?}");
    }
    for wanted in [("allow", "identity"), ("allow", "resource")] {
        assert!(seen.get(&wanted).is_some_and(|&n| n > 30), "{wanted:?}: {seen:?}");
    }
}

#[test]
fn random_conditions_make_policies_public_and_not() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let is_public = |_| {
        let mut statement = limited_statement().new_tree(&mut runner).unwrap().current();
        statement["Principal"] = json!("*");
        let policy = Policy { kind: Kind::Bucket, version: Some("2012-10-17"), statements: vec![statement] };
        public::is_public(&policy.document())
    };
    let public = (0..1000).map(is_public).filter(|is_public| *is_public).count();
    assert!((100..900).contains(&public), "{public}");
}
