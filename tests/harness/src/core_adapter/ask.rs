//! Questions to policies, accounts and layers.

use super::{Failure, decision_fields, fill, policy_options};
use crate::job::{AskAccess, AskAccount, AskActions, AskLayers, AskMany, Caller, Decide, Job, Policies};
use s3iam::analyze::partial::{self, Region};
use s3iam::evaluate::explain::StatementTrace;
use s3iam::facade::{
    Account, AccountOnBucket, Acl, Answer, Ask, Batch, Caller as Principal, Context, ContextMap, Credential,
    Dialect, Explained, Kind, LayerPolicies, Layers, Policy, PolicyOptions, PolicySet, PublicAccessBlock,
    Query, Target, Truth, allowed_actions, decide_many,
};

/// What is done with a question.
type Then<'t> = &'t dyn Fn(&dyn Ask, &Query<'_>) -> Result<Vec<String>, Failure>;

/// The verbs `decide`, `account` and `layers`: what is answered.
pub fn answer(job: &Job) -> Result<Vec<String>, Failure> {
    with_question(job, &|asked, query| Ok(answer_fields(&asked.answer(query)?)))
}

/// The verb `explain`.
pub fn explain(job: &Job) -> Result<Vec<String>, Failure> {
    with_question(job, &|asked, query| {
        let Explained { decision, layer, level, sentence, layers } = asked.explain(query)?;
        let mut fields = answer_fields(&Answer { decision, layer, level, statement: None });
        fields.resize(5, String::new());
        let traces = layers.iter().flat_map(|layer| {
            let place = format!("{}:{}", layer.layer.unwrap_or_default(), layer.level);
            layer.explanation.statements.iter().map(move |statement| trace(&place, statement))
        });
        fields.push(traces.collect::<Vec<_>>().join(","));
        fields.push(sentence);
        Ok(fields)
    })
}

fn trace(place: &str, statement: &StatementTrace) -> String {
    let elements = statement.elements.iter();
    let elements: Vec<String> =
        elements.map(|element| format!("{}={}", element.element, mark(element.holds))).collect();
    let StatementTrace { policy_index, index, .. } = statement;
    format!("{place}:{policy_index}:{index}:{}:{}", mark(statement.applies), elements.join("+"))
}

fn mark(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "1",
        Truth::False => "0",
        Truth::Unknown => "?",
    }
}

/// The decision, and the layer and level where there are any.
fn answer_fields(answer: &Answer<'_>) -> Vec<String> {
    let mut fields = decision_fields(&answer.decision);
    if let Some(layer) = answer.layer {
        fields.extend([layer.to_owned(), answer.level.to_string()]);
    }
    fields
}

fn with_question(job: &Job, then: Then<'_>) -> Result<Vec<String>, Failure> {
    match job {
        Job::Decide(job) => with_policies(job, then),
        Job::Account(job) => with_account(job, then),
        Job::Layers(job) => with_layers(job, then),
        _ => Err(Failure::adapter("that is no question".to_owned())),
    }
}

fn with_policies(job: &Decide, then: Then<'_>) -> Result<Vec<String>, Failure> {
    let set = policy_set(&job.dialect, &job.kind, &job.policies)?;
    let mut context = ContextMap::of(set.dialect());
    fill(&mut context, &job.context);
    let query = Query {
        context: &context,
        account: &job.account,
        is_owner: job.is_owner,
        deny_only: job.deny_only,
        ..Query::new(&job.action, Target::Object { bucket: &job.bucket, object: &job.object })
    };
    then(&set, &query)
}

fn with_account(job: &AskAccount, then: Then<'_>) -> Result<Vec<String>, Failure> {
    let mut context = ContextMap::new();
    fill(&mut context, &job.context);
    let query = Query {
        context: &context,
        account: &job.caller.account,
        deny_only: job.deny_only,
        ..Query::new(&job.action, Target::Object { bucket: &job.bucket, object: &job.object })
    };
    on_account(&job.caller, |account, bucket_policy| {
        then(&AccountOnBucket { account, bucket_policy }, &query)
    })
}

/// Calls `ask` with the account of a caller and its bucket policy.
pub fn on_account(
    caller: &Caller,
    ask: impl FnOnce(&Account, Option<&Policy>) -> Result<Vec<String>, Failure>,
) -> Result<Vec<String>, Failure> {
    let parse = |text: &Vec<u8>, kind| parse(text, Dialect::Minio, kind);
    let policies: Vec<Policy> =
        caller.policies.iter().map(|text| parse(text, Kind::Identity)).collect::<Result<_, _>>()?;
    let bucket_policy = caller.bucket_policy.as_ref().map(|text| parse(text, Kind::Bucket)).transpose()?;
    let credential = Credential::named(&caller.credential, caller.parent_is_root)?;
    let account =
        Account::new(credential, &policies.iter().collect::<Vec<_>>(), caller.session_policy.as_deref())?;
    ask(&account, bucket_policy.as_ref())
}

fn with_layers(job: &AskLayers, then: Then<'_>) -> Result<Vec<String>, Failure> {
    let mut policies = Vec::new();
    for policy in &job.policies {
        let kind = Kind::named(&policy.kind)
            .ok_or_else(|| Failure::adapter(format!("unknown kind {:?}", policy.kind)))?;
        policies.push((policy.layer.as_str(), policy.level, parse(&policy.text, Dialect::Aws, kind)?));
    }
    let of = |layer: &str| -> Vec<&Policy> {
        policies.iter().filter(|(own, ..)| *own == layer).map(|(.., policy)| policy).collect()
    };
    let levels = |layer: &str, count: u32| -> Vec<Vec<&Policy>> {
        let at = |level| {
            let own = policies.iter().filter(move |(own, at, _)| *own == layer && *at == level);
            own.map(|(.., policy)| policy).collect()
        };
        (0..count).map(at).collect()
    };
    let has = |setting: &str| job.public_access_block.iter().any(|given| given == setting);
    let layers = Layers::of(&LayerPolicies {
        identity: &of("identity"),
        boundary: of("boundary").first().copied(),
        session: &of("session"),
        scp: &levels("scp", job.scp_levels),
        rcp: &levels("rcp", job.rcp_levels),
        resource: of("resource").first().copied(),
        endpoint: of("endpoint").first().copied(),
        public_access_block: PublicAccessBlock {
            block_public_acls: has("BlockPublicAcls"),
            ignore_public_acls: has("IgnorePublicAcls"),
            block_public_policy: has("BlockPublicPolicy"),
            restrict_public_buckets: has("RestrictPublicBuckets"),
        },
    })?;
    let acl = job.acl.as_deref().map(Acl::parse).transpose()?;
    let mut context = ContextMap::of(Dialect::Aws);
    fill(&mut context, &job.context);
    let caller = Principal::named(&job.principal, &job.name, job.behind.as_deref())
        .ok_or_else(|| Failure::adapter(format!("unknown principal {:?}", job.principal)))?;
    let query = Query {
        context: &context,
        caller: Some(caller),
        resource_account: job.resource_account.as_deref(),
        acl: acl.as_ref(),
        ..Query::new(&job.action, Target::Resource(&job.resource))
    };
    then(&layers, &query)
}

/// The verb `many`.
pub fn many(job: &AskMany) -> Result<Vec<String>, Failure> {
    let set = set_of(&job.policies)?;
    let mut contexts = Vec::new();
    for values in &job.contexts {
        let mut context = ContextMap::of(set.dialect());
        fill(&mut context, values);
        contexts.push(context);
    }
    let actions: Vec<&str> = job.actions.iter().map(String::as_str).collect();
    let targets: Vec<Target<'_>> = job.resources.iter().map(|text| Target::Resource(text)).collect();
    let contexts: Vec<&dyn Context> = contexts.iter().map(|context| context as &dyn Context).collect();
    let query = Query::new("", Target::Resource(""));
    let batch = Batch { query, actions: &actions, targets: &targets, contexts: &contexts };
    let answers = decide_many(&set, &batch)?;
    let outcomes: Vec<&str> = answers.iter().map(|answer| answer.decision.outcome.name()).collect();
    Ok(vec![outcomes.join(",")])
}

/// The verb `actions`.
pub fn actions(job: &AskActions) -> Result<Vec<String>, Failure> {
    let set = set_of(&job.policies)?;
    let mut context = ContextMap::of(set.dialect());
    fill(&mut context, &job.context);
    let query = Query::new("", Target::Resource(&job.resource)).with_context(&context);
    Ok(vec![allowed_actions(&set, &query)?.join(",")])
}

/// The verb `access`.
pub fn access(job: &AskAccess) -> Result<Vec<String>, Failure> {
    let set = set_of(&job.policies)?;
    let mut context = ContextMap::of(set.dialect());
    fill(&mut context, &job.context);
    let query = Query::new(&job.action, Target::Resource(""));
    let access = set.access(&query, &context, job.is_complete)?;
    let marks: Vec<&str> =
        job.resources.iter().map(|resource| mark(access.allows(Target::Resource(resource)))).collect();
    let regions = |of: fn(&partial::Access) -> &[Region]| {
        access.layers().iter().flat_map(move |(_, access)| of(access)).collect::<Vec<_>>()
    };
    let (allows, denies) = (regions(|access| &access.allows), regions(|access| &access.denies));
    let patterns = |regions: &[&Region]| -> String {
        let texts = regions.iter().flat_map(|region| &region.resources).map(ToString::to_string);
        texts.collect::<Vec<_>>().join(",")
    };
    let conditions = allows.iter().chain(&denies).flat_map(|region| &region.conditions);
    let conditions: Vec<String> =
        conditions.map(|condition| format!("{} {}", condition.operator, condition.key)).collect();
    Ok(vec![marks.join(","), patterns(&allows), patterns(&denies), conditions.join(",")])
}

fn set_of(policies: &Policies) -> Result<PolicySet, Failure> {
    policy_set(&policies.dialect, &policies.kind, &policies.texts)
}

fn policy_set(dialect: &str, kind: &str, texts: &[Vec<u8>]) -> Result<PolicySet, Failure> {
    let PolicyOptions { dialect, kind, .. } = policy_options(dialect, kind)?;
    let policies: Vec<Policy> =
        texts.iter().map(|text| parse(text, dialect, kind)).collect::<Result<_, _>>()?;
    Ok(PolicySet::of(&policies.iter().collect::<Vec<_>>())?)
}

fn parse(text: &[u8], dialect: Dialect, kind: Kind) -> Result<Policy, Failure> {
    let options = PolicyOptions { dialect, kind, lenient: true, ..PolicyOptions::default() };
    Policy::parse(text, &options).map_err(|refused| refused.error.into())
}
