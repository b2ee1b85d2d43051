//! Why a decision is what it is: for each statement, which of its elements match and which do not.
//!
//! Every element is answered by the parts that decide ([`crate::compile`]); property tests hold what
//! the statements of an explanation say together equal to the decision.

use super::acl::Acl;
use super::explain_s3;
use super::layers::{self, Layer, LayeredDecision, LayeredRequest, Layers};
use super::public_access::PublicAccessBlock;
use super::s3::S3;
use super::{Context, ContextKey, Decision, Outcome, Reason, Request, Truth, Values};
use crate::compile::{Elements, Named, Program, Trace};
use crate::condition::Key;
use crate::json::Span;
use crate::policy::{ConditionEntry, Dialect, Document, Element, Kind, Statement};
use crate::validate::report::shown;
use crate::{Error, ErrorCode};

/// Values of one key that a text shows at most.
const MOST_VALUES: usize = 5;

/// A decision and what every statement had to say.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The decision.
    pub decision: Decision,
    /// Every statement, in the order of the policies.
    pub statements: Vec<StatementTrace>,
    /// The decision and its reason in a sentence.
    pub sentence: String,
}

/// What a statement answers to a request.
#[derive(Clone, Debug)]
pub struct StatementTrace {
    /// The name of its policy.
    pub policy: String,
    /// The position of its policy.
    pub policy_index: u32,
    /// Its position in the policy.
    pub index: u32,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// Whether it is a Deny; an effect that is neither word counts as one.
    pub is_deny: bool,
    /// Where it stands in the policy's text.
    pub span: Span,
    /// Whether it applies.
    pub applies: Truth,
    /// Its elements that bear on the request.
    pub elements: Vec<ElementTrace>,
}

/// What an element answers to a request.
#[derive(Clone, Debug)]
pub struct ElementTrace {
    /// The element's name, such as `Action` or `Condition`.
    pub element: &'static str,
    /// Whether it matches.
    pub holds: Truth,
    /// Where it stands; the statement where it is absent.
    pub span: Span,
    /// Why, as a phrase: `Condition StringEquals aws:SourceVpc: the request has no value`.
    pub detail: String,
    /// The condition keys that the request has no value for, or whose value was not given.
    pub missing_keys: Vec<String>,
}

/// An explanation over the layers of the AWS dialect.
#[derive(Clone, Debug)]
pub struct LayeredExplanation {
    /// The decision.
    pub decision: LayeredDecision,
    /// What each layer answers, in the order in which reasons are named.
    pub layers: Vec<LayerTrace>,
    /// The decision and its reason in a sentence.
    pub sentence: String,
}

/// What a layer answers by itself.
#[derive(Clone, Debug)]
pub struct LayerTrace {
    /// The layer.
    pub layer: Layer,
    /// The level of an organisation's layer, from its root.
    pub level: u32,
    /// Its own answer and its statements.
    pub explanation: Explanation,
}

/// Explains what policies answer together.
///
/// # Errors
///
/// As [`Program::compile`].
pub fn explain(policies: &[Named<'_>], request: &Request<'_>) -> Result<Explanation, Error> {
    let decision = Program::compile(policies)?.decide(request);
    let mut statements = Vec::new();
    for (at, policy) in policies.iter().enumerate() {
        for (index, statement) in policy.document.statements.iter().enumerate() {
            statements.push(trace(policy, at as u32, (index as u32, statement), request));
        }
    }
    let sentence = sentence(&decision, &statements, request);
    Ok(Explanation { decision, statements, sentence })
}

/// The documents of the layers, as [`Layers`] has their programs.
#[derive(Clone, Copy, Debug, Default)]
pub struct LayerDocuments<'a> {
    /// Those of the user and its groups, or of the role.
    pub identity: &'a [Named<'a>],
    /// The permissions boundary.
    pub boundary: &'a [Named<'a>],
    /// Session policies.
    pub session: &'a [Named<'a>],
    /// Service control policies, by level from the root.
    pub scp: &'a [&'a [Named<'a>]],
    /// Resource control policies, by level from the root.
    pub rcp: &'a [&'a [Named<'a>]],
    /// The resource's policy.
    pub resource: &'a [Named<'a>],
    /// The endpoint's policy.
    pub endpoint: &'a [Named<'a>],
    /// The access control lists of an S3 bucket and object.
    pub acl: Option<Acl<'a>>,
    /// What an S3 bucket blocks of public access.
    pub public_access_block: PublicAccessBlock,
}

/// Explains a decision over all layers. An empty list is a layer that is not there.
///
/// # Errors
///
/// As [`Program::compile`].
pub fn explain_layers(
    documents: &LayerDocuments<'_>,
    asked: &LayeredRequest<'_>,
) -> Result<LayeredExplanation, Error> {
    let compile = |policies: &[Named<'_>]| match policies {
        [] => Ok(None),
        policies => Program::compile(policies).map(Some),
    };
    let levels = |levels: &[&[Named<'_>]]| -> Result<Vec<Program>, Error> {
        levels.iter().map(|level| Program::compile(level)).collect()
    };
    let (scp, rcp) = (levels(documents.scp)?, levels(documents.rcp)?);
    let (scp, rcp): (Vec<&Program>, Vec<&Program>) = (scp.iter().collect(), rcp.iter().collect());
    let [identity, boundary, session, resource, endpoint] =
        [documents.identity, documents.boundary, documents.session, documents.resource, documents.endpoint]
            .map(compile);
    let (identity, boundary, session) = (identity?, boundary?, session?);
    let (resource, endpoint) = (resource?, endpoint?);
    let layers = Layers {
        identity: identity.as_ref(),
        boundary: boundary.as_ref(),
        session: session.as_ref(),
        scp: &scp,
        rcp: &rcp,
        resource: resource.as_ref(),
        endpoint: endpoint.as_ref(),
        acl: documents.acl,
        public_access_block: documents.public_access_block,
    };
    let decision = layers::decide(&layers, asked);
    let request = layers::request(&layers, asked);
    let mut traces = Vec::new();
    let mut add = |layer, level, policies: &[Named<'_>]| -> Result<(), Error> {
        if !policies.is_empty() || matches!(layer, Layer::Scp | Layer::Rcp) {
            traces.push(LayerTrace { layer, level, explanation: explain(policies, &request)? });
        }
        Ok(())
    };
    for (layer, levels) in [(Layer::Scp, documents.scp), (Layer::Rcp, documents.rcp)] {
        for (policies, level) in levels.iter().zip(0..) {
            add(layer, level, policies)?;
        }
    }
    add(Layer::Endpoint, 0, documents.endpoint)?;
    add(Layer::Resource, 0, documents.resource)?;
    add(Layer::Identity, 0, documents.identity)?;
    add(Layer::Boundary, 0, documents.boundary)?;
    add(Layer::Session, 0, documents.session)?;
    traces.extend(explain_s3::traces(S3 { layers: &layers, asked }));
    let sentence = layered_sentence(&decision, &traces, &request);
    Ok(LayeredExplanation { decision, layers: traces, sentence })
}

fn trace(
    policy: &Named<'_>,
    at: u32,
    (index, statement): (u32, &Statement),
    request: &Request<'_>,
) -> StatementTrace {
    let Document { kind, .. } = *policy.document;
    let rules = policy.document.rules();
    let (applies, elements) = match Trace::of(statement, kind, rules) {
        Some(trace) => {
            let answers = trace.elements(request);
            (answers.applies(), elements(statement, &answers, (kind, rules.dialect), request))
        }
        None => (Truth::Unknown, vec![broken(statement)]),
    };
    StatementTrace {
        policy: policy.name.to_owned(),
        policy_index: at,
        index,
        sid: statement.sid.as_ref().map(|sid| sid.text.to_string()),
        is_deny: statement.is_deny(),
        span: statement.span,
        applies,
        elements,
    }
}

/// A statement that cannot be evaluated: it denies what it might deny, and allows nothing.
fn broken(statement: &Statement) -> ElementTrace {
    ElementTrace {
        element: "Statement",
        holds: Truth::Unknown,
        span: statement.span,
        detail: format!("the statement cannot be evaluated ({})", ErrorCode::PolicyBroken.name()),
        missing_keys: Vec::new(),
    }
}

fn elements(
    statement: &Statement,
    answers: &Elements,
    (kind, dialect): (Kind, Dialect),
    request: &Request<'_>,
) -> Vec<ElementTrace> {
    let action = request.action.name();
    let mut out = Vec::new();
    let mut add = |element, holds, span, detail| {
        out.push(ElementTrace { element, holds, span, detail, missing_keys: Vec::new() });
    };
    let says = |holds: Truth, what: String, yes: &str, no: &str| match holds {
        Truth::True => format!("{what} {yes}"),
        Truth::False => format!("{what} {no}"),
        Truth::Unknown => format!("whether {what} {yes} depends on a value that was not given"),
    };
    let name = if statement.not_action.is_some() { "NotAction" } else { "Action" };
    let element = statement.not_action.as_ref().or(statement.action.as_ref());
    let (yes, no) = match name {
        "NotAction" => ("is not among the exceptions", "is among the exceptions"),
        _ => ("is among the actions", "is not among the actions"),
    };
    let span = element.map_or(statement.span, |element| element.span);
    add(
        name,
        answers.action,
        span,
        format!("{name}: {}", says(answers.action, shown(action).to_string(), yes, no)),
    );
    let principal = statement.not_principal.as_ref().map(|p| ("NotPrincipal", p));
    if let Some((name, principal)) = principal.or(statement.principal.as_ref().map(|p| ("Principal", p)))
        && (kind.is_of_a_resource() || dialect == Dialect::Aws)
    {
        let account = Some(request.account).filter(|account| !account.is_empty());
        let caller = request.caller.and_then(|caller| caller.name()).or(account);
        let caller = caller.unwrap_or("an anonymous caller");
        let text = says(answers.principal, shown(caller).to_string(), "is meant", "is not meant");
        add(name, answers.principal, principal.span, format!("{name}: {text}"));
    } else if answers.principal != Truth::True {
        let text = "Principal: the statement names nobody".to_owned();
        add("Principal", answers.principal, statement.span, text);
    }
    let resource = quoted(&resource(request, dialect));
    let of = |element: Option<&Element>| element.map_or(statement.span, |element| element.span);
    if statement.resource.is_some() || answers.resource == Truth::False {
        let text = says(answers.resource, resource.clone(), "matches", "matches none of the resources");
        add("Resource", answers.resource, of(statement.resource.as_ref()), format!("Resource: {text}"));
    }
    if statement.not_resource.is_some() {
        let text =
            says(answers.not_resource, resource, "is not among the exceptions", "is among the exceptions");
        add(
            "NotResource",
            answers.not_resource,
            of(statement.not_resource.as_ref()),
            format!("NotResource: {text}"),
        );
    }
    let tests = statement.conditions.iter().zip(&answers.tests);
    out.extend(tests.map(|(entry, holds)| condition(entry, *holds, dialect, request.context)));
    out
}

/// The name of the resource that is asked about.
fn resource(request: &Request<'_>, dialect: Dialect) -> Vec<u8> {
    match (dialect, request.resource) {
        (Dialect::Aws, name) if !name.is_empty() => name.to_vec(),
        _ if request.object.is_empty() => request.bucket.to_vec(),
        _ => [request.bucket, b"/", request.object].concat(),
    }
}

fn condition(entry: &ConditionEntry, holds: Truth, dialect: Dialect, context: &dyn Context) -> ElementTrace {
    let (operator, key) = (&entry.operator.text, &entry.key.text);
    let (has, is_missing) = with_values(key, dialect, context, |values| match values {
        Values::Unknown => ("the value was not given".to_owned(), true),
        Values::Missing | Values::Texts([]) => ("the request has no value".to_owned(), true),
        Values::One(value) => (value.with_text(|text| format!("the request has {}", quoted(text))), false),
        Values::Texts(texts) => {
            let mut list: Vec<String> = texts.iter().take(MOST_VALUES).map(|text| quoted(text)).collect();
            if texts.len() > MOST_VALUES {
                list.push("…".to_owned());
            }
            (format!("the request has {}", list.join(", ")), false)
        }
    });
    let verdict = match holds {
        Truth::True => "holds",
        Truth::False => "does not hold",
        Truth::Unknown => "cannot be decided",
    };
    ElementTrace {
        element: "Condition",
        holds,
        span: entry.span,
        detail: format!("Condition {operator} {key} {verdict}: {has}"),
        missing_keys: if is_missing { vec![key.to_string()] } else { Vec::new() },
    }
}

fn with_values<R>(
    key: &str,
    dialect: Dialect,
    context: &dyn Context,
    read: impl FnOnce(Values<'_>) -> R,
) -> R {
    let suffix = key.split_once('/').map(|(_, suffix)| suffix);
    match (dialect, Key::parse(key)) {
        (Dialect::Minio, Some(key)) => read(context.values(key.lookup())),
        _ => read(context.values(ContextKey { value: None, suffix, name: key })),
    }
}

fn quoted(text: &[u8]) -> String {
    shown(&String::from_utf8_lossy(text)).to_string()
}

/// The decision in a sentence.
fn sentence(decision: &Decision, statements: &[StatementTrace], request: &Request<'_>) -> String {
    let action = shown(request.action.name());
    let deciding = decision.statement.and_then(|wanted| {
        statements.iter().find(|s| (s.policy_index, s.index) == (wanted.policy, wanted.statement))
    });
    match (decision.outcome, decision.reason, deciding) {
        (Outcome::Allow, Reason::Owner, _) => format!("{action} is allowed: the caller owns the storage."),
        (Outcome::Allow, _, Some(statement)) => format!("{action} is allowed by {}.", statement.title()),
        (Outcome::Allow, ..) => format!("{action} is allowed: no Deny applies, and no more is needed."),
        (_, Reason::PolicyBroken, _) => format!("{action} is denied: a policy cannot be evaluated."),
        (Outcome::ExplicitDeny, Reason::FactsMissing, Some(statement)) => {
            format!("{action} is denied by {}: {}.", statement.title(), statement.open())
        }
        (Outcome::ExplicitDeny, _, Some(statement)) => {
            format!("{action} is denied by {}.", statement.title())
        }
        _ => match nearest(statements) {
            Some((statement, element)) => format!(
                "{action} is denied: no statement allows it; the nearest is {}, but {}.",
                statement.title(),
                element.detail
            ),
            None => format!("{action} is denied: no statement allows anything."),
        },
    }
}

fn layered_sentence(decision: &LayeredDecision, layers: &[LayerTrace], request: &Request<'_>) -> String {
    let own = layers.iter().find(|trace| (trace.layer, trace.level) == (decision.layer, decision.level));
    let layer = decision.layer.name();
    let mut out = match own {
        _ if decision.decision.reason == Reason::Owner => {
            format!("{} is allowed: a root user needs no identity policy.", shown(request.action.name()))
        }
        Some(trace) => format!("In the layer `{layer}`: {}", trace.explanation.sentence),
        None => format!("Denied: the layer `{layer}` has no policy that allows it."),
    };
    let denies = |trace: &LayerTrace| trace.explanation.decision.outcome == Outcome::ExplicitDeny;
    if decision.allowed() && layers.iter().any(|trace| trace.layer == Layer::Resource && denies(trace)) {
        out +=
            " The bucket's policy denies it, but the root user of its owner may always repair that policy.";
    }
    out
}

/// The Allow that comes nearest, and what it fails at: first one about the action, then one about the
/// resource, then the one that fails in the fewest elements.
fn nearest(statements: &[StatementTrace]) -> Option<(&StatementTrace, &ElementTrace)> {
    let fails = |element: &&ElementTrace| element.holds != Truth::True;
    let allows = statements.iter().filter(|statement| !statement.is_deny);
    let distance = |statement: &&StatementTrace| {
        let failing = || statement.elements.iter().filter(fails);
        let misses = |end: &str| failing().any(|element| element.element.ends_with(end));
        (misses("Action"), misses("Resource"), failing().count())
    };
    let nearest = allows.min_by_key(distance)?;
    Some((nearest, nearest.elements.iter().find(fails)?))
}

impl StatementTrace {
    /// `statement 0 (`Sid`) of the policy `name``.
    fn title(&self) -> String {
        let mut out = format!("statement {}", self.index);
        if let Some(sid) = self.sid.as_ref().filter(|sid| !sid.is_empty()) {
            out += &format!(" ({})", shown(sid));
        }
        if !self.policy.is_empty() {
            out += &format!(" of the policy {}", shown(&self.policy));
        }
        out
    }

    /// What is not known of it.
    fn open(&self) -> &str {
        let open = self.elements.iter().find(|element| element.holds == Truth::Unknown);
        open.map_or("something that it needs was not given", |element| &element.detail)
    }
}
