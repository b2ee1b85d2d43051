//! The plain interpreter of the AWS dialect: policies evaluated straight from their documents, statement
//! by statement, word for word as `aws-evaluation` puts it; the numbers are its sections. Slow and obvious;
//! property tests hold the compiled program and the walk over layers equal to it.

mod condition;
mod layers;
mod s3;
mod text;

pub use layers::{LayerDocuments, decide_layers};
pub use s3::is_public;

use super::{Caller, Decision, Outcome, Reason, Request, StatementRef, Truth};
use crate::policy::{Document, Element, Kind, Principal, PrincipalType, Statement};
use crate::validate::Status;
use text::{Pieces, matches_arn};

/// What policies of one layer answer together (1): any Deny wins, whatever the order, else any Allow.
pub fn decide(documents: &[&Document], request: &Request<'_>) -> Decision {
    let decision = |outcome, reason, statement| Decision { outcome, reason, statement };
    // An evaluation error is a deny, never an allow (1).
    if documents.iter().any(|document| is_broken(document)) {
        return decision(Outcome::ExplicitDeny, Reason::PolicyBroken, None);
    }
    let denies = applying(documents, request, true);
    if let Some(&(statement, truth)) = first(&denies) {
        let reason = if truth == Truth::True { Reason::Statement } else { Reason::FactsMissing };
        return decision(Outcome::ExplicitDeny, reason, Some(statement));
    }
    if request.deny_only {
        return decision(Outcome::Allow, Reason::DenyOnly, None);
    }
    if request.is_owner {
        return decision(Outcome::Allow, Reason::Owner, None);
    }
    match first(&applying(documents, request, false)) {
        Some(&(statement, Truth::True)) => decision(Outcome::Allow, Reason::Statement, Some(statement)),
        _ => decision(Outcome::ImplicitDeny, Reason::NoStatement, None),
    }
}

/// How a resource's policy grants something to a caller of its account (3.1), the least direct first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grant {
    /// To the account, which only delegates: identity, boundary and session must allow.
    ToAccount,
    /// To the role or the user behind the session: boundary and session must allow.
    BehindSession,
    /// To the caller itself or to everyone: nothing else need allow.
    Direct,
}

/// The most direct grant of a resource's policies, and the first statement that makes it.
fn grant(documents: &[&Document], request: &Request<'_>) -> Option<(Grant, StatementRef)> {
    if documents.iter().any(|document| is_broken(document)) {
        return None;
    }
    let mut best: Option<(Grant, StatementRef)> = None;
    for (reference, truth) in applying(documents, request, false) {
        let statement = documents
            .get(reference.policy as usize)
            .and_then(|document| document.statements.get(reference.statement as usize));
        let Some(statement) = statement.filter(|_| truth == Truth::True) else { continue };
        let grant = match (&statement.principal, request.caller) {
            (Some(principal), Some(caller)) => ways(principal, caller).into_iter().max(),
            // Everybody who is not listed is meant, as with `*`.
            (None, Some(_)) if statement.not_principal.is_some() => Some(Grant::Direct),
            _ => None,
        };
        let grant = grant.unwrap_or(Grant::ToAccount);
        if best.is_none_or(|(other, _)| grant > other) {
            best = Some((grant, reference));
        }
    }
    best
}

/// The first statement that certainly applies, else the first that may.
fn first(applying: &[(StatementRef, Truth)]) -> Option<&(StatementRef, Truth)> {
    applying.iter().find(|(_, truth)| *truth == Truth::True).or(applying.first())
}

/// The statements of one effect that apply or may apply, in their order.
fn applying(documents: &[&Document], request: &Request<'_>, deny: bool) -> Vec<(StatementRef, Truth)> {
    let mut out = Vec::new();
    for (policy, document) in documents.iter().enumerate() {
        for (index, statement) in document.statements.iter().enumerate() {
            // An effect that is neither word may have been meant as a Deny.
            let is_deny = statement.effect.as_ref().map(|effect| effect.text.as_str()) != Some("Allow");
            if is_deny != deny {
                continue;
            }
            match applies(document, statement, is_deny, request) {
                Truth::False => {}
                truth => {
                    out.push((StatementRef { policy: policy as u32, statement: index as u32 }, truth));
                }
            }
        }
    }
    out
}

fn is_broken(document: &Document) -> bool {
    let cannot_be_evaluated =
        |statement: &Statement| statement.broken || statement.conditions.iter().any(condition::is_broken);
    document.status() == Status::Unreadable || document.statements.iter().any(cannot_be_evaluated)
}

/// Variables are in policies of version 2012-10-17 only (8).
fn has_variables(document: &Document) -> bool {
    document.version.as_ref().is_some_and(|version| version.text == "2012-10-17")
}

fn applies(document: &Document, statement: &Statement, is_deny: bool, request: &Request<'_>) -> Truth {
    let holds = |entry| condition::holds(entry, has_variables(document), request.context);
    let mut truths = vec![
        Truth::from(is_about_action(statement, request.action.name())),
        is_about_resource(document, statement, is_deny, request),
        is_about_caller(document.kind, statement, is_deny, request),
    ];
    // A block is an AND over operators and keys (7).
    truths.extend(statement.conditions.iter().map(holds));
    truths.into_iter().fold(Truth::True, |all, truth| all.and(|| truth))
}

fn entries(element: &Option<Element>) -> impl Iterator<Item = &str> {
    element.iter().flat_map(|element| &element.values).map(|value| value.text.as_str())
}

/// Names compare without case; `NotAction` is the complement (6).
fn is_about_action(statement: &Statement, action: &str) -> bool {
    let covers = |entry: &str| {
        let pattern = Pieces::pattern(&entry.to_ascii_lowercase());
        pattern.matches(action.to_ascii_lowercase().as_bytes()) == Truth::True
    };
    match (&statement.action, &statement.not_action) {
        (None, None) => false,
        (Some(_), None) => entries(&statement.action).any(covers),
        (None, Some(_)) => !entries(&statement.not_action).any(covers),
        // Refused when it is saved. An empty list of actions beside it counts as none.
        (Some(actions), Some(_)) => {
            (actions.values.is_empty() || entries(&statement.action).any(covers))
                && !entries(&statement.not_action).any(covers)
        }
    }
}

/// Wildcards inside the text; `"*"` alone is every resource; `NotResource` is the complement (6).
fn is_about_resource(
    document: &Document,
    statement: &Statement,
    is_deny: bool,
    request: &Request<'_>,
) -> Truth {
    if statement.resource.is_none() && statement.not_resource.is_none() {
        // A trust policy is about its role. Elsewhere an Allow needs a resource, and a Deny is about all (11).
        return (is_deny || document.kind == Kind::Trust).into();
    }
    let name = resource_name(request);
    let matches = |entry: &str| match entry {
        "*" => Truth::True,
        entry => {
            // Variables are expanded in every part: a managed policy of AWS has one in the account's.
            let context = has_variables(document).then_some(request.context);
            // A variable without a value: that entry matches no resource (8).
            Pieces::read(entry, true, context).map_or(Truth::False, |pattern| matches_arn(&pattern, &name))
        }
    };
    let any = |element| entries(element).map(matches).fold(Truth::False, |any, truth| any.or(|| truth));
    let named = if statement.resource.is_some() { any(&statement.resource) } else { Truth::True };
    named.and(|| !any(&statement.not_resource))
}

/// The ARN of a request; `*` for actions on no resource (6), a bucket's or an object's where it is given so.
fn resource_name(request: &Request<'_>) -> Vec<u8> {
    match (request.resource, request.bucket, request.object) {
        (b"", b"", _) => b"*".to_vec(),
        (b"", bucket, b"") => [b"arn:aws:s3:::", bucket].concat(),
        (b"", bucket, object) => [b"arn:aws:s3:::", bucket, b"/", object].concat(),
        (resource, ..) => resource.to_vec(),
    }
}

/// `Principal` and `NotPrincipal` (5).
fn is_about_caller(kind: Kind, statement: &Statement, is_deny: bool, request: &Request<'_>) -> Truth {
    let (principal, not_principal) = (&statement.principal, &statement.not_principal);
    if principal.is_none() && not_principal.is_none() {
        // Policies of resources must say whom they mean (11); an Allow that does not is for nobody.
        return (is_deny || !kind.is_of_a_resource()).into();
    }
    let Some(caller) = request.caller else { return Truth::Unknown };
    let named = principal.as_ref().map_or(Truth::True, |principal| is_named(principal, caller));
    let spared = match not_principal {
        None => Truth::False,
        // A principal with a boundary is always denied, whatever is listed.
        Some(_) if is_deny && request.has_boundary => Truth::False,
        Some(principal) if is_deny => is_listed_wholly(principal, caller).into(),
        Some(principal) => is_named(principal, caller),
    };
    named.and(|| !spared)
}

fn is_named(principal: &Principal, caller: &Caller<'_>) -> Truth {
    if !ways(principal, caller).is_empty() {
        return Truth::True;
    }
    // Which account a canonical id means is not known.
    let may_be =
        others(principal, PrincipalType::CanonicalUser).next().is_some() && caller.account().is_some();
    if may_be { Truth::Unknown } else { Truth::False }
}

fn others(principal: &Principal, wanted: PrincipalType) -> impl Iterator<Item = &str> {
    let of_type = principal.others.iter().filter(move |(kind, _)| *kind == wanted);
    of_type.map(|(_, value)| value.text.as_str())
}

fn lists_aws(principal: &Principal, name: &str) -> bool {
    principal.aws.iter().any(|value| value.text == name)
}

fn is_everyone(principal: &Principal) -> bool {
    principal.everyone || lists_aws(principal, "*")
}

/// `"123456789012"` or `arn:aws:iam::123456789012:root` is every principal of the account.
fn lists_account(principal: &Principal, caller: &Caller<'_>) -> bool {
    let Some(account) = caller.account() else { return false };
    let is_number = account.chars().count() == 12 && account.chars().all(|c| c.is_ascii_digit());
    let is_root = |text: &str| match text.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", _, "iam", "", number, "root"] => *number == account,
        _ => false,
    };
    is_number && principal.aws.iter().any(|value| value.text == account || is_root(&value.text))
}

/// All ways in which a caller is named, by the rows of 3.1 and 5.
fn ways(principal: &Principal, caller: &Caller<'_>) -> Vec<Grant> {
    let mut ways = Vec::new();
    let mut add = |is_so: bool, grant| ways.extend(is_so.then_some(grant));
    // Anonymous callers match `*` only (4).
    add(is_everyone(principal), Grant::Direct);
    add(lists_account(principal, caller), Grant::ToAccount);
    match *caller {
        Caller::Anonymous | Caller::Root { .. } => {}
        Caller::User { arn } => add(lists_aws(principal, arn), Grant::Direct),
        Caller::RoleSession { arn, role } => {
            add(lists_aws(principal, arn), Grant::Direct);
            add(lists_aws(principal, role), Grant::BehindSession);
        }
        Caller::FederatedUser { arn, user } => {
            add(lists_aws(principal, arn), Grant::Direct);
            add(user.is_some_and(|user| lists_aws(principal, user)), Grant::BehindSession);
        }
        Caller::Service { name } => {
            add(others(principal, PrincipalType::Service).any(|other| other == name), Grant::Direct);
        }
        Caller::Federated { provider } => {
            add(others(principal, PrincipalType::Federated).any(|other| other == provider), Grant::Direct);
        }
    }
    ways
}

/// What a `NotPrincipal` of a Deny must list to spare a caller: user and account, or session, role and
/// account (5).
fn is_listed_wholly(principal: &Principal, caller: &Caller<'_>) -> bool {
    let account = lists_account(principal, caller);
    is_everyone(principal)
        || match *caller {
            Caller::Anonymous => false,
            Caller::Root { .. } => account,
            Caller::User { arn } | Caller::FederatedUser { arn, .. } => lists_aws(principal, arn) && account,
            Caller::RoleSession { arn, role } => {
                lists_aws(principal, arn) && lists_aws(principal, role) && account
            }
            Caller::Service { .. } | Caller::Federated { .. } => !ways(principal, caller).is_empty(),
        }
}
