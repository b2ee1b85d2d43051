//! What must agree: the compiled program with the plain interpreter, and an explanation with the decision.

use s3iam::compile::{Named, Program};
use s3iam::evaluate::explain::{StatementTrace, explain};
use s3iam::evaluate::{Decision, Outcome, Reason, Request, StatementRef, Truth, reference};
use s3iam::policy::{Dialect, Document, Kind};

/// Documents with a name each.
pub fn named<'a>(documents: &[&'a Document]) -> Vec<Named<'a>> {
    documents.iter().map(|&document| Named { name: "p", document }).collect()
}

/// What documents decide together, in which both ways to evaluate must agree.
pub fn decide(documents: &[&Document], request: &Request<'_>) -> Decision {
    let program = Program::compile(&named(documents)).expect("they are of one dialect");
    let compiled = program.decide(request);
    assert_eq!(compiled, reference::decide(documents, request));
    compiled
}

/// What documents decide together, which an explanation must say as well: its statements together are the
/// decision, and the elements of each statement are what it answers.
pub fn explained(documents: &[&Document], request: &Request<'_>) -> Decision {
    let decision = decide(documents, request);
    let explained = explain(&named(documents), request).expect("they are of one dialect");
    assert_eq!(explained.decision, decision);
    assert!(explained.sentence.ends_with('.'), "{}", explained.sentence);
    for statement in &explained.statements {
        let all = statement.elements.iter().fold(Truth::True, |truth, e| truth.and(|| e.holds));
        assert_eq!(all, statement.applies, "{statement:#?}");
    }
    // A policy that cannot be evaluated denies whatever its statements say.
    if decision.reason == Reason::PolicyBroken {
        return decision;
    }
    let first = |is_deny: bool, truth: Truth| {
        let applies = |s: &&StatementTrace| s.is_deny == is_deny && s.applies == truth;
        let found = explained.statements.iter().find(applies);
        found.map(|s| StatementRef { policy: s.policy_index, statement: s.index })
    };
    let deny = first(true, Truth::True).or(first(true, Truth::Unknown));
    let expected = match (deny, first(false, Truth::True)) {
        (Some(deny), _) => (Outcome::ExplicitDeny, Some(deny)),
        _ if request.deny_only && !are_of_bucket(documents) => (Outcome::Allow, None),
        _ if request.is_owner => (Outcome::Allow, None),
        (None, Some(allow)) => (Outcome::Allow, Some(allow)),
        (None, None) => (Outcome::ImplicitDeny, None),
    };
    assert_eq!((decision.outcome, decision.statement), expected, "{explained:#?}");
    decision
}

/// Whether they are bucket policies of the MinIO dialect.
fn are_of_bucket(documents: &[&Document]) -> bool {
    documents.first().is_some_and(|one| one.dialect == Dialect::Minio && one.kind == Kind::Bucket)
}
