//! The date of a request.

use super::*;

#[test]
fn may_differ_from_the_clock_by_fifteen_minutes() {
    let signer = Signer::default();
    let wire = signer.sign(&get());
    for (seconds, fits) in [(900, true), (-900, true), (901, false), (-901, false), (86_400 * 30, false)] {
        let answer = verify_at(&wire, options(), &signer.ring(), seconds_later(seconds));
        assert_eq!(answer.is_ok(), fits, "{seconds}");
        if let Err(error) = answer {
            assert_eq!(error.code(), ErrorCode::RequestTimeTooSkewed);
            let names: Vec<&str> = error.details().iter().map(|(name, _)| *name).collect();
            assert_eq!(names, ["RequestTime", "ServerTime", "MaxAllowedSkewMilliseconds"]);
            assert_eq!(error.details()[2].1, "900000");
        }
    }
}

#[test]
fn may_be_the_http_date_where_there_is_no_other() {
    accepts(&with_date("Thu, 15 Jan 2026 12:00:00 GMT"));
    accepts(&with_date("20260115T120000Z"));
}

#[test]
fn is_x_amz_date_where_both_are_there() {
    let signer = Signer::default();
    accepts(&signer.sign(&get().header("Date", "Thu, 01 Jan 1970 00:00:00 GMT")));
}

#[test]
fn must_be_there_once_and_well_formed() {
    let missing = Signer::default().sign_as(
        &get().header("x-amz-content-sha256", EMPTY),
        &["host".to_owned(), "x-amz-content-sha256".to_owned()],
        EMPTY,
    );
    refuses(&missing, ErrorCode::MissingDate, ("AccessDenied", 403), ("AccessDenied", 403));
    for date in ["Thu, 15 Jan 2026 12:00:00 +0000", "2026-01-15T12:00:00Z", "yesterday"] {
        refuses(&with_date(date), ErrorCode::MalformedDate, ("AccessDenied", 403), ("MalformedDate", 400));
    }
    let mut wire = Signer::default().sign(&get());
    *wire.header_mut("x-amz-date") = "Thu, 15 Jan 2026 12:00:00 GMT".to_owned();
    assert_eq!(code(&wire), ErrorCode::MalformedDate, "x-amz-date has one form only");
    let twice = Signer::default().sign(&get()).header("x-amz-date", "20260115T120000Z");
    assert_eq!(code(&twice), ErrorCode::RepeatedHeader);
    let twice = with_date("Thu, 15 Jan 2026 12:00:00 GMT").header("date", "Thu, 15 Jan 2026 12:00:00 GMT");
    assert_eq!(code(&twice), ErrorCode::RepeatedHeader);
}
