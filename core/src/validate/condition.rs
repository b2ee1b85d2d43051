//! Operators, keys and values of a `Condition` (`policy-language` 1.6, 3.3, 3.5).

use super::Stage;
use super::check::{self, Check};
use super::nearest::nearest;
use super::report::{Quoted, Report, Words, part, say, shown};
use crate::catalog;
use crate::condition::operator::{Base, Family, Operator};
use crate::condition::value;
use crate::json::{Path, Span};
use crate::policy::{Dialect, Scalar, ScalarKind};
use std::fmt::{self, Display, Formatter};

const READ: Stage = Stage::Read;

/// Reads an operator's name, and reports one that MinIO does not take.
pub(crate) fn operator(report: &mut Report<'_>, name: &str, span: Span, path: &Path<'_>) -> Option<Operator> {
    let Some(operator) = Operator::parse(name) else {
        report.add_with(&check::INVALID_CONDITION_OPERATOR, READ, span, path, &|| unknown_operator(name));
        return None;
    };
    if operator.is_in(Dialect::Minio) {
        return Some(operator);
    }
    let suffix = part(span, name, name.len().saturating_sub("IfExists".len()), name.len());
    let base = operator.base.name();
    if operator.base == Base::Null {
        report.add(
            &check::NULL_WITH_IF_EXISTS,
            READ,
            suffix,
            path,
            format_args!("`Null` takes no `IfExists`: it asks whether the key exists"),
            format_args!("write `Null`"),
        );
    } else if operator.base.family() == Family::Arn {
        let like = if operator.base.is_negated() { "StringNotLike" } else { "StringLike" };
        report.add(
            &check::MINIO_OPERATOR_UNSUPPORTED,
            READ,
            span,
            path,
            format_args!("MinIO has no operator {}", shown(name)),
            format_args!("write `{like}`"),
        );
    } else {
        report.add(
            &check::MINIO_OPERATOR_UNSUPPORTED,
            READ,
            suffix,
            path,
            format_args!("MinIO has no operator {}", shown(name)),
            format_args!("write `{base}`, and a second statement for requests without the key"),
        );
    }
    None
}

fn unknown_operator(name: &str) -> Words {
    let (qualifier, stem) = match name.split_once(':') {
        Some((qualifier, stem)) => (Some(qualifier), stem),
        None => (None, name),
    };
    let base = nearest(stem, &mut Base::all().map(Base::name));
    let prefix = qualifier.map(|q| nearest(q, &mut ["ForAllValues", "ForAnyValue"].into_iter()));
    let help = match (prefix, base) {
        (None, Some(base)) => format!("did you mean `{base}`?"),
        (Some(Some(qualifier)), Some(base)) => format!("did you mean `{qualifier}:{base}`?"),
        (Some(None), _) => "the qualifiers are `ForAllValues:` and `ForAnyValue:`".to_owned(),
        _ => {
            "the operators are String…, Numeric…, Date…, Bool, BinaryEquals, IpAddress, NotIpAddress and Null"
                .to_owned()
        }
    };
    say(format!("there is no condition operator {}", shown(name)), help)
}

/// Reports a key that MinIO does not know; whether it is known.
pub(crate) fn key(report: &mut Report<'_>, name: &str, span: Span, path: &Path<'_>) -> bool {
    let (base, suffix) = match name.split_once('/') {
        Some((base, suffix)) => (base, suffix),
        None => (name, ""),
    };
    if catalog::condition_key(base).is_some_and(|(_, row)| row.in_policy) {
        if suffix.is_empty() && matches!(base, "s3:ExistingObjectTag" | "s3:RequestObjectTag") {
            report.add(
                &check::MISSING_TAG_KEY,
                Stage::Advice,
                span,
                path,
                format_args!("the key {} names no tag, so it has no value", shown(name)),
                format_args!("write `{base}/NAME`"),
            );
        }
        return true;
    }
    let check = match base.split_once(':') {
        None => &check::INVALID_CONDITION_KEY_FORMAT,
        Some(("aws", _)) => &check::UNKNOWN_GLOBAL_CONDITION_KEY,
        Some(_) => &check::UNKNOWN_SERVICE_CONDITION_KEY,
    };
    report.add_with(check, READ, span, path, &|| unknown_key(name, base));
    false
}

fn unknown_key(name: &str, base: &str) -> Words {
    if base == "s3express:SessionMode" {
        let help = "it can only stand in a variable, `${s3express:SessionMode}`";
        return say(format!("the key {} cannot be used in a condition", shown(name)), help);
    }
    let known = || catalog::all_condition_keys().filter(|(_, row)| row.in_policy).map(|(_, row)| row.name);
    let Some((prefix, _)) = base.split_once(':') else {
        let message = format!("the condition key {} names no service", shown(name));
        let named = |key: &&str| key.split_once(':').is_some_and(|(_, k)| k.eq_ignore_ascii_case(base));
        let help =
            match known().find(|key| key.starts_with("s3:") && named(key)).or_else(|| known().find(named)) {
                Some(key) => format!("write `{key}`"),
                None => "write `service:key`, for example `s3:prefix`".to_owned(),
            };
        return say(message, help);
    };
    let same_service = |key: &&str| key.split_once(':').is_some_and(|(p, _)| p.eq_ignore_ascii_case(prefix));
    let near = nearest(base, &mut known().filter(same_service)).or_else(|| nearest(base, &mut known()));
    let help = near.map(|key| format!("did you mean `{key}`?")).unwrap_or_default();
    say(format!("MinIO has no condition key {}", shown(name)), help)
}

/// The values of one key of one operator, and where each stands.
#[derive(Clone, Copy)]
pub(crate) struct Test<'a> {
    pub(crate) operator: Operator,
    pub(crate) key: &'a str,
    pub(crate) key_span: Span,
    pub(crate) values: &'a [Scalar],
    pub(crate) is_list: bool,
    pub(crate) span: Span,
}

/// Checks the values of one key against its operator, and the key where the operator takes only one.
pub(crate) fn test(report: &mut Report<'_>, test: Test<'_>, path: &Path<'_>) {
    let family = test.operator.base.family();
    check_only_key(report, test, path);
    check_count(report, test, path);
    for (index, value) in test.values.iter().enumerate() {
        let inner = Path::Index(path, index);
        let path = if test.is_list { &inner } else { path };
        if let Some((check, wanted, help)) = wrong_type(family, value) {
            report.add(
                check,
                READ,
                value.span,
                path,
                format_args!("the value {} is not {wanted}", Written(value)),
                format_args!("{help}"),
            );
        } else if matches!(family, Family::String | Family::Binary) {
            check_enumerated(report, test, value, path);
        }
    }
}

/// Address operators take one key, and so does `Bool`.
fn check_only_key(report: &mut Report<'_>, test: Test<'_>, path: &Path<'_>) {
    let (check, only) = match test.operator.base.family() {
        Family::Address => (&check::MINIO_IP_KEY, "aws:SourceIp"),
        Family::Bool => (&check::MINIO_BOOL_KEY, "aws:SecureTransport"),
        _ => return,
    };
    if test.key.split('/').next() != Some(only) {
        let name = test.operator.base.name();
        report.add(
            check,
            READ,
            test.key_span,
            path,
            format_args!("`{name}` takes no key but `{only}`, not {}", shown(test.key)),
            format_args!("use a String operator"),
        );
    }
}

/// Typed operators take one value.
fn check_count(report: &mut Report<'_>, test: Test<'_>, path: &Path<'_>) {
    let check = match test.operator.base.family() {
        Family::Numeric | Family::Date => &check::MULTIPLE_VALUES_NOT_SUPPORTED,
        Family::Bool => &check::MULTIPLE_BOOLEANS,
        Family::Null => &check::NULL_VALUE_NOT_BOOLEAN,
        _ => return,
    };
    if test.values.len() > 1 {
        let name = test.operator.base.name();
        report.add(
            check,
            READ,
            test.span,
            path,
            format_args!("`{name}` takes one value, not {}", test.values.len()),
            format_args!("split the statement: one for each value"),
        );
    }
}

/// What is wrong with a value for operators of a family, if anything: what it should be, and help.
fn wrong_type(family: Family, value: &Scalar) -> Option<(&'static Check, &'static str, &'static str)> {
    let text = value.text.as_str();
    let is_string = value.kind == ScalarKind::String;
    Some(match family {
        Family::String | Family::Binary if !is_string => {
            (&check::DATA_TYPE_MISMATCH, "a string", "put the value in double quotes")
        }
        Family::Binary if value::base64(text).is_none() => {
            (&check::VALUE_NOT_BASE64, "base64 text", "encode the bytes in base64, with padding")
        }
        Family::Numeric
            if !matches!(value.kind, ScalarKind::String | ScalarKind::Number)
                || value::integer(text).is_none() =>
        {
            (&check::VALUE_NOT_NUMBER, "an integer of 64 bits", "write for example `\"10\"`")
        }
        Family::Date if !is_string || value::date(text).is_none() => (
            &check::VALUE_NOT_DATE,
            "a date with time and offset",
            "write for example `\"2026-01-31T00:00:00Z\"`",
        ),
        Family::Bool if !is_boolean(value) => {
            (&check::VALUE_NOT_BOOLEAN, "a boolean", "write `\"true\"` or `\"false\"`")
        }
        Family::Null if !is_boolean(value) => (
            &check::NULL_VALUE_NOT_BOOLEAN,
            "a boolean",
            "write `\"true\"` (the key is missing) or `\"false\"`",
        ),
        Family::Address if !is_string || value::Network::parse(text).is_none() => (
            &check::VALUE_NOT_CIDR,
            "an address or a network",
            "write for example `\"203.0.113.0/24\"`; the prefix is at most 32, for IPv6 128",
        ),
        _ => return None,
    })
}

/// A JSON boolean, one of its spellings, or `null`, which means false.
fn is_boolean(value: &Scalar) -> bool {
    match value.kind {
        ScalarKind::String => value::boolean(&value.text).is_some(),
        ScalarKind::Boolean | ScalarKind::Null => true,
        ScalarKind::Number => false,
    }
}

/// A value for a message: strings with quotes.
struct Written<'a>(&'a Scalar);

impl Display for Written<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            ScalarKind::String => Quoted(&self.0.text).fmt(f),
            _ => shown(&self.0.text).fmt(f),
        }
    }
}

/// Some keys can only ever have certain values; pattern operators may name a part of one.
fn check_enumerated(report: &mut Report<'_>, test: Test<'_>, value: &Scalar, path: &Path<'_>) {
    let base = test.key.split('/').next().unwrap_or_default();
    let decoded = match test.operator.base {
        Base::BinaryEquals => value::base64(&value.text).and_then(|bytes| String::from_utf8(bytes).ok()),
        _ => Some(value.text.to_string()),
    };
    // Bytes that are no text are none of the words below.
    let text = decoded.unwrap_or_else(|| "\u{fffd}".to_owned());
    let is_pattern = matches!(test.operator.base, Base::StringLike | Base::StringNotLike);
    let help = match base {
        "s3:x-amz-copy-source" if !is_copy_source(&text) => "write `bucket/object`",
        _ if is_pattern => return,
        "s3:x-amz-server-side-encryption" if !matches!(&*text, "AES256" | "aws:kms") => {
            "write `AES256` or `aws:kms`"
        }
        "s3:x-amz-server-side-encryption-customer-algorithm" if text != "AES256" => "write `AES256`",
        "s3:x-amz-metadata-directive" if !matches!(&*text, "COPY" | "REPLACE") => "write `COPY` or `REPLACE`",
        "s3:x-amz-content-sha256" if text.is_empty() => "write the hash of a body",
        _ => return,
    };
    report.add(
        &check::INVALID_ENUMERATED_VALUE,
        READ,
        value.span,
        path,
        format_args!("{} can never have the value {}", shown(base), Written(value)),
        format_args!("{help}"),
    );
}

/// `bucket/object`, with or without a slash before, and a bucket name that can exist.
fn is_copy_source(text: &str) -> bool {
    let text = text.strip_prefix('/').unwrap_or(text);
    text.split_once('/').is_some_and(|(bucket, object)| !object.is_empty() && is_bucket_name(bucket))
}

fn is_bucket_name(name: &str) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    let parts: Vec<&str> = name.split('.').collect();
    let looks_like_address =
        parts.len() == 4 && parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    (3..=63).contains(&bytes.len())
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b".-_:".contains(b))
        && !bytes.windows(2).any(|two| matches!(two, b".." | b".-" | b"-."))
        && !looks_like_address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_source_is_a_bucket_and_an_object() {
        for good in ["/mybucket/a", "mybucket/a/b", "mybucket/*", "a.b-c/x"] {
            assert!(is_copy_source(good), "{good}");
        }
        for bad in [
            "",
            "mybucket",
            "mybucket/",
            "/a",
            "ab/x",
            "my*/x",
            "10.0.0.1/x",
            "a..b/x",
            "-ab/x",
            "//mybucket/a",
        ] {
            assert!(!is_copy_source(bad), "{bad}");
        }
    }
}
