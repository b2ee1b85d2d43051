//! Bucket policies of the MinIO dialect and a request, as the lines of `form`: both ways to evaluate agree
//! for accounts that a policy names, a policy means the same once it is held against its bucket, and
//! its canonical text means what it means.

use super::compare::explained;
use super::form::Form;
use super::read;
use s3iam::evaluate::Request;
use s3iam::policy::{Dialect, Document, Kind, Limits};
use s3iam::validate::Status;

/// The most names that are asked for.
const MOST_NAMES: usize = 3;

/// Checks the decisions of an input.
pub fn check(data: &[u8]) {
    let Some(mut form) = Form::parse(data, Some(Dialect::Minio)) else { return };
    form.policies.iter_mut().for_each(|policy| policy.kind = Kind::Bucket);
    let documents = form.documents();
    let documents: Vec<&Document> = documents.iter().collect();
    let names = form.policies.iter().flat_map(|policy| policy.names()).take(MOST_NAMES);
    for account in names.chain([form.account, ""]) {
        let request = Request { account, ..form.request() };
        explained(&documents, &request);
        for (policy, document) in form.policies.iter().zip(&documents) {
            check_one(&policy.text(), document, &request);
        }
    }
}

fn check_one(text: &str, document: &Document, request: &Request<'_>) {
    let decision = explained(&[document], request);
    if let Ok(bucket) = std::str::from_utf8(request.bucket) {
        let bound = Document::read_for_bucket(text.as_bytes(), Dialect::Minio, Limits::default(), bucket);
        if bound.status() != Status::Unreadable {
            assert_eq!(explained(&[&bound], request), decision);
        }
    }
    if let Some(text) = document.canonical_text() {
        let again = read(text.as_bytes(), Dialect::Minio, Kind::Bucket);
        assert_eq!(explained(&[&again], request), decision, "{text}");
    }
}
