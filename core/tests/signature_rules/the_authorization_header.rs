//! The `Authorization` header.

use super::*;

fn altered(change: impl Fn(&str) -> String) -> Wire {
    let mut wire = Signer::default().sign(&get());
    let value = wire.header_mut("authorization");
    *value = change(value);
    wire
}

#[test]
fn may_omit_the_spaces_after_the_commas() {
    accepts(&altered(|value| value.replace(", ", ",")));
}

#[test]
fn has_its_components_in_one_order() {
    let wire = altered(|value| {
        let (scheme, rest) = value.split_once(' ').unwrap();
        let parts: Vec<&str> = rest.split(", ").collect();
        format!("{scheme} {}, {}, {}", parts[1], parts[0], parts[2])
    });
    refuses(&wire, ErrorCode::MissingCredential, MALFORMED, ("InvalidRequest", 400));
}

#[test]
fn has_exactly_three_components() {
    let four = altered(|value| format!("{value}, Extra=1"));
    refuses(&four, ErrorCode::AuthorizationComponents, MALFORMED, ("MissingFields", 400));
    let two = altered(|value| value.split(", Signature").next().unwrap().to_owned());
    refuses(&two, ErrorCode::AuthorizationComponents, MALFORMED, ("MissingFields", 400));
}

#[test]
fn names_the_malformed_component() {
    let wire = altered(|value| value.replace("SignedHeaders=", "SignedHeaders"));
    let error = refuses(&wire, ErrorCode::AuthorizationComponentMalformed, MALFORMED, ("MissingFields", 400));
    let message = error.message(ErrorProfile::Aws);
    assert!(message.contains("\"SignedHeadershost;"), "{message}");
}

#[test]
fn carries_a_lower_case_signature_of_64_digits() {
    let signature = |value: &str| value.rsplit('=').next().unwrap().to_owned();
    for change in [
        (|signature: &str| signature.to_ascii_uppercase()) as fn(&str) -> String,
        |signature| signature[1..].to_owned(),
        |signature| format!("{signature}0"),
        |_| String::new(),
        |signature| format!("{}g", &signature[1..]),
    ] {
        let wire = altered(|value| value.replace(&signature(value), &change(&signature(value))));
        refuses(&wire, ErrorCode::SignatureForm, MISMATCH, MISMATCH);
    }
}

#[test]
fn is_bounded() {
    let wire =
        altered(|value| value.replace("SignedHeaders=", &format!("SignedHeaders={};", "a".repeat(8192))));
    assert_eq!(code(&wire), ErrorCode::AuthorizationTooLarge);
    let many: Vec<String> = (0..300).map(|n| format!("h{n}")).collect();
    let wire =
        altered(|value| value.replace("SignedHeaders=", &format!("SignedHeaders={};", many.join(";"))));
    assert_eq!(code(&wire), ErrorCode::SignedHeadersMalformed);
    let wire = altered(|value| value.replace("AKID", &"A".repeat(300)));
    assert_eq!(code(&wire), ErrorCode::CredentialMalformed);
}

#[test]
fn must_come_once() {
    let wire = Signer::default().sign(&get());
    let value = wire.headers.last().unwrap().1.clone();
    let twice = wire.header("authorization", &value);
    assert_eq!(code(&twice), ErrorCode::RepeatedAuthParameter);
}

#[test]
fn lists_signed_headers_in_lower_case_and_once() {
    for (from, to) in [
        ("=host;", "=Host;"),
        ("=host;", "=host;host;"),
        ("=host;", "=host;;"),
        (";x-amz-date", "; x-amz-date"),
    ] {
        let wire = altered(|value| value.replace(from, to));
        refuses(&wire, ErrorCode::SignedHeadersMalformed, MALFORMED, ("MissingFields", 400));
    }
}

#[test]
fn may_list_signed_headers_in_any_order() {
    let wire = altered(|value| {
        value.replace("host;x-amz-content-sha256;x-amz-date", "x-amz-date;host;x-amz-content-sha256")
    });
    accepts(&wire);
}
