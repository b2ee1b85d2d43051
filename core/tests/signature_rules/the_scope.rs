//! The credential scope.

use super::*;

fn signed_by(change: impl FnOnce(&mut Signer)) -> Wire {
    let mut signer = Signer::default();
    change(&mut signer);
    signer.sign(&get())
}

#[test]
fn must_name_the_region() {
    let wire = signed_by(|signer| signer.region = "eu-west-1".to_owned());
    let error = refuses(&wire, ErrorCode::WrongRegion, MALFORMED, MALFORMED);
    assert_eq!(
        error.message(ErrorProfile::Aws),
        "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'"
    );
    assert_eq!(error.details(), [("Region", "us-east-1".to_owned())]);
    accepts_with(&wire, Options { region: String::new(), ..options() });
}

#[test]
fn may_call_the_default_region_us() {
    accepts(&signed_by(|signer| signer.region = "US".to_owned()));
    let us = Options { region: "US".to_owned(), ..options() };
    accepts_with(&signed_by(|_| ()), us);
}

#[test]
fn must_name_the_service() {
    let wire = signed_by(|signer| signer.service = "ec2".to_owned());
    let error = refuses(&wire, ErrorCode::WrongService, MALFORMED, ("AuthorizationParametersError", 400));
    assert_eq!(
        error.message(ErrorProfile::Aws),
        "The authorization header is malformed; incorrect service \"ec2\". This endpoint belongs to \"s3\"."
    );
}

#[test]
fn must_end_in_its_terminal() {
    let wire = signed_by(|_| ()).replace("aws4_request", "aws_request");
    let error = refuses(&wire, ErrorCode::WrongTerminal, MALFORMED, QUERY_ERROR);
    assert!(error.message(ErrorProfile::Aws).contains("incorrect terminal \"aws_request\""));
    let slash = signed_by(|_| ()).replace("aws4_request", "aws4_request/");
    assert!(verify_with(&slash, options()).is_err());
}

#[test]
fn must_be_of_the_day_of_the_request() {
    let wire = signed_by(|signer| signer.scope_day = Some("20260114".to_owned()));
    refuses(&wire, ErrorCode::ScopeDateMismatch, MALFORMED, MALFORMED);
    accepts_with(&wire, Options { require_scope_date_match: false, ..options() });
}

#[test]
fn must_have_a_date_that_exists() {
    for day in ["20260230", "2026011", "20261301", "yyyymmdd"] {
        let wire = signed_by(|signer| signer.scope_day = Some(day.to_owned()));
        let error = refuses(&wire, ErrorCode::ScopeDateMalformed, MALFORMED, QUERY_ERROR);
        assert!(error.message(ErrorProfile::Aws).contains(&format!("\"{day}\"")));
    }
}

#[test]
fn has_five_parts() {
    let wire = signed_by(|_| ()).replace("/us-east-1/s3/", "/s3/");
    refuses(&wire, ErrorCode::CredentialMalformed, MALFORMED, QUERY_ERROR);
}

#[test]
fn follows_an_access_key_that_may_contain_slashes() {
    let signer = Signer { access_key: "team/a key/1".to_owned(), ..Signer::default() };
    verify_at(&signer.sign(&get()), options(), &signer.ring(), signer.now()).unwrap();
    verify_at(&signer.presign(&get(), "60"), options(), &signer.ring(), signer.now()).unwrap();
}
