//! Path and query.

use super::*;

fn at(target: &str) -> Wire {
    Wire { target: target.to_owned(), ..Signer::default().sign(&get()) }
}

#[test]
fn may_be_spelt_in_many_ways() {
    for target in [
        "/bucket/photos/cat%2ejpg",
        "/bucket/photos/%63at.jpg",
        "/bucket%2Fphotos/cat.jpg",
        "http://ignored.example/bucket/photos/cat.jpg",
        "/bucket/photos/cat.jpg?",
        "/bucket/photos/cat.jpg?&&",
    ] {
        accepts(&at(target));
    }
}

#[test]
fn is_never_normalised() {
    for target in [
        "/bucket//photos/cat.jpg",
        "/bucket/./photos/cat.jpg",
        "/bucket/x/../photos/cat.jpg",
        "/bucket/photos/cat.jpg/",
    ] {
        refuses(&at(target), ErrorCode::SignatureDoesNotMatch, MISMATCH, MISMATCH);
    }
}

#[test]
fn has_whole_escapes() {
    for target in ["/bucket/%zz", "/bucket/%", "/bucket/k?a=%4"] {
        refuses(&at(target), ErrorCode::InvalidUri, ("InvalidURI", 400), ("InvalidURI", 400));
    }
}

#[test]
fn reads_plus_in_a_path_as_it_is_told() {
    let plus = Wire {
        target: "/bucket/a+b".to_owned(),
        ..Signer::default().sign(&Draft::new("GET", "/bucket/a+b"))
    };
    let space = Wire {
        target: "/bucket/a+b".to_owned(),
        ..Signer::default().sign(&Draft::new("GET", "/bucket/a b"))
    };
    let as_space = || Options { path_plus: Plus::Space, ..options() };
    accepts(&plus);
    accepts_with(&space, as_space());
    assert!(verify_with(&space, options()).is_err());
    assert!(verify_with(&plus, as_space()).is_err());
}

#[test]
fn has_plus_for_space_and_semicolon_as_data_in_its_query() {
    let signed = Signer::default().sign(&get().query("prefix", "a b;c").query("list-type", "2"));
    let target = "/bucket/photos/cat.jpg?prefix=a+b;c&list-type=2";
    accepts(&Wire { target: target.to_owned(), ..signed });
}

#[test]
fn may_repeat_a_parameter() {
    let repeated = get().query("a", "2").query("a", "1");
    let wire = Signer::default().sign(&repeated);
    let arrival = || Options { repeated_query_order: RepeatedQueryOrder::Arrival, ..options() };
    accepts(&wire);
    accepts_with(&wire, arrival());
    let swapped = Wire { target: "/bucket/photos/cat.jpg?a=2&a=1".to_owned(), ..wire };
    accepts(&swapped);
    assert!(verify_with(&swapped, arrival()).is_err());
}

#[test]
fn is_bounded() {
    let query = vec!["a=1"; 257].join("&");
    assert_eq!(code(&at(&format!("/bucket?{query}"))), ErrorCode::TooManyQueryParameters);
    let mut wire = Signer::default().sign(&get());
    wire.headers.extend(vec![("a".to_owned(), "b".to_owned()); 256]);
    assert_eq!(code(&wire), ErrorCode::TooManyHeaders);
}

#[cfg(feature = "forms")]
#[test]
fn and_its_headers_have_a_longest_length() {
    let long = Signer::default().sign(&Draft::new("GET", &"/k".repeat(32 * 1024)));
    accepts(&long);
    let target = format!("{}k", long.target);
    let answer = ("InvalidURI", 400);
    refuses(&Wire { target, ..long }, ErrorCode::TargetTooLong, answer, answer);
    let with = |name: usize, value: usize| {
        Signer::default().sign(&get().header(&"n".repeat(name), &"v".repeat(value)))
    };
    accepts(&with(1023, 65_535));
    let answer = ("RequestHeaderSectionTooLarge", 400);
    refuses(&with(1024, 1), ErrorCode::HeaderTooLong, answer, answer);
    refuses(&with(1, 65_536), ErrorCode::HeaderTooLong, answer, answer);
}
