//! Policies of any kinds and a request, as the lines of `form`: the compiled program decides as the plain
//! interpreter does, and the explanation says why; so do all layers of the AWS dialect together, and the
//! resources that partial evaluation finds in the MinIO dialect.

use super::compare::{explained, named};
use super::form::Form;
use s3iam::analyze::partial::Access;
use s3iam::compile::Program;
use s3iam::evaluate::explain::{LayerDocuments as Explained, explain_layers};
use s3iam::evaluate::layers::{LayeredDecision, LayeredRequest, Layers, decide};
use s3iam::evaluate::reference_aws::{LayerDocuments, decide_layers};
use s3iam::evaluate::{Caller, Outcome, Request, Truth};
use s3iam::policy::{Dialect, Document, Kind};

/// Checks the decisions of an input.
pub fn check(data: &[u8]) {
    let Some(form) = Form::parse(data, None) else { return };
    let documents = form.documents();
    let request = form.request();
    match form.dialect {
        Dialect::Aws => {
            explained(&documents.iter().collect::<Vec<_>>(), &request);
            check_layers(&form, &documents);
        }
        Dialect::Minio => {
            let (of_bucket, others): (Vec<&Document>, Vec<&Document>) =
                documents.iter().partition(|document| document.kind == Kind::Bucket);
            explained(&of_bucket, &request);
            let is_allowed = explained(&others, &request).outcome == Outcome::Allow;
            if !request.is_owner && !request.deny_only {
                check_access(&others, &request, is_allowed);
            }
        }
    }
}

/// What is open in partial evaluation is not allowed.
fn check_access(documents: &[&Document], request: &Request<'_>, is_allowed: bool) {
    let access = Access::of(&named(documents), request).expect("they are of one dialect");
    assert_eq!(access.allows(request) == Truth::True, is_allowed, "{access:?}");
}

/// Each policy is of the layer that its kind belongs to; those of organisations are a level each.
fn check_layers(form: &Form<'_>, documents: &[Document]) {
    let of = |kinds: &[Kind]| -> Vec<&Document> {
        documents.iter().filter(|document| kinds.contains(&document.kind)).collect()
    };
    let single = [
        of(&[Kind::Identity]),
        of(&[Kind::Boundary]),
        of(&[Kind::Session]),
        of(&[Kind::Bucket, Kind::Trust]),
        of(&[Kind::Endpoint]),
    ];
    let levels = [of(&[Kind::Scp]), of(&[Kind::Rcp])];
    let asked = LayeredRequest {
        caller: form.caller.unwrap_or(Caller::Anonymous),
        action: form.request().action,
        resource: form.resource,
        resource_account: Some(form.account).filter(|account| !account.is_empty()),
        context: &form.context,
    };
    let compiled = compiled_layers(&single, &levels, &asked);
    assert_eq!(compiled, plain_layers(&single, &levels, &asked));

    let single = single.each_ref().map(|layer| named(layer));
    let levels = levels.each_ref().map(|levels| named(levels));
    let [identity, boundary, session, resource, endpoint] = single.each_ref().map(Vec::as_slice);
    let [scp, rcp] = levels.each_ref().map(|levels| levels.chunks(1).collect::<Vec<_>>());
    let documents = Explained {
        identity,
        boundary,
        session,
        scp: &scp,
        rcp: &rcp,
        resource,
        endpoint,
        ..Explained::default()
    };
    let explained = explain_layers(&documents, &asked).expect("they are of one dialect");
    assert_eq!(explained.decision, compiled);
    assert!(explained.sentence.ends_with('.'), "{}", explained.sentence);
}

/// Identity, boundary, session, resource and endpoint.
type Single<'a> = [Vec<&'a Document>; 5];
/// Service and resource control policies, one for each level.
type Levels<'a> = [Vec<&'a Document>; 2];

fn compiled_layers(single: &Single<'_>, levels: &Levels<'_>, asked: &LayeredRequest<'_>) -> LayeredDecision {
    let program = |layer: &[&Document]| Program::compile(&named(layer)).expect("they are of one dialect");
    let some = |layer: &Vec<&Document>| (!layer.is_empty()).then(|| program(layer));
    let single = single.each_ref().map(some);
    let levels = levels.each_ref().map(|levels| levels.chunks(1).map(program).collect::<Vec<_>>());
    let [identity, boundary, session, resource, endpoint] = single.each_ref().map(Option::as_ref);
    let [scp, rcp] = levels.each_ref().map(|levels| levels.iter().collect::<Vec<_>>());
    let (scp, rcp) = (scp.as_slice(), rcp.as_slice());
    decide(&Layers { identity, boundary, session, scp, rcp, resource, endpoint, ..Layers::default() }, asked)
}

fn plain_layers(single: &Single<'_>, levels: &Levels<'_>, asked: &LayeredRequest<'_>) -> LayeredDecision {
    let [identity, boundary, session, resource, endpoint] =
        single.each_ref().map(|layer| Some(layer.as_slice()).filter(|layer| !layer.is_empty()));
    let [scp, rcp] = levels.each_ref().map(|levels| levels.chunks(1).collect::<Vec<_>>());
    let layers = LayerDocuments {
        identity,
        boundary,
        session,
        scp: &scp,
        rcp: &rcp,
        resource,
        endpoint,
        ..LayerDocuments::default()
    };
    decide_layers(&layers, asked)
}
