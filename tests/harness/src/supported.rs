//! The one place that says which cases need a feature that is not built yet.
//!
//! A rule looks at the case as it stands in its file and never at an answer. A rule goes when its
//! feature comes.

use crate::format::Format;
use serde_json::Value;

/// Why a case is not run, or `None` if it is.
pub fn missing_feature(format: Format, case: &Value) -> Option<&'static str> {
    RULES.iter().find(|rule| rule.format == format && (rule.applies)(case)).map(|rule| rule.reason)
}

struct Rule {
    format: Format,
    reason: &'static str,
    applies: fn(&Value) -> bool,
}

const fn rule(format: Format, reason: &'static str, applies: fn(&Value) -> bool) -> Rule {
    Rule { format, reason, applies }
}

const RULES: &[Rule] = &[
    rule(Format::Policy, "decisions on bucket policies", |case| has(case, "kind", "bucket")),
    rule(
        Format::Policy,
        "holding a bucket policy against the bucket that it is put on",
        names_another_bucket,
    ),
    rule(Format::Policy, "decisions on a whole account", |case| has(case, "kind", "account")),
    rule(Format::Policy, "composite rules of single API calls", |case| has(case, "kind", "handler")),
    rule(Format::AwsPolicy, "the aws dialect", |_| true),
    rule(Format::Signature, "streaming signatures", |case| has(case, "form", "streaming")),
    rule(Format::Signature, "POST policy signatures", |case| has(case, "form", "post-policy")),
    rule(Format::Signature, "SigV4A", |case| has(case, "form", "sigv4a")),
    rule(Format::Signature, "SigV2", |case| has(case, "form", "sigv2")),
    rule(Format::Signature, "S3 Express sessions", |case| {
        case.pointer("/server/service").and_then(Value::as_str) == Some("s3express")
    }),
];

fn has(case: &Value, member: &str, value: &str) -> bool {
    case.get(member).and_then(Value::as_str) == Some(value)
}

/// Whether a bucket policy names, without wildcards, another bucket than it is put on, or is to be found
/// not to be of its bucket.
fn names_another_bucket(case: &Value) -> bool {
    let findings = case.get("findings").and_then(Value::as_array);
    if findings.into_iter().flatten().filter_map(Value::as_str).any(|finding| finding.starts_with("E317 ")) {
        return true;
    }
    let Some(bucket) = case.get("bucket").and_then(Value::as_str) else { return false };
    let other = |text: &str| {
        let name = text.strip_prefix("arn:aws:s3:::").and_then(|path| path.split('/').next());
        name.is_some_and(|name| name != bucket && !name.contains(['*', '?']))
    };
    let statements = case.pointer("/policy/Statement").and_then(Value::as_array);
    statements.into_iter().flatten().filter_map(|statement| statement.get("Resource")).any(|resource| {
        match resource {
            Value::String(text) => other(text),
            Value::Array(texts) => texts.iter().filter_map(Value::as_str).any(other),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cases_are_left_out_for_what_they_need() {
        let bucket = json!({"kind": "bucket", "policy": {}});
        assert_eq!(missing_feature(Format::Policy, &bucket), Some("decisions on bucket policies"));
        let streaming = json!({"form": "streaming"});
        assert_eq!(missing_feature(Format::Signature, &streaming), Some("streaming signatures"));
        assert_eq!(missing_feature(Format::Signature, &json!({"form": "header"})), None);
    }

    #[test]
    fn a_bucket_policy_that_names_another_bucket_is_left_out() {
        let case = |resource: Value| {
            json!({"kind": "validate", "policy_kind": "bucket", "bucket": "b",
                "policy": {"Statement": [{"Resource": resource}]}})
        };
        assert!(!names_another_bucket(&case(json!("arn:aws:s3:::b/*"))));
        assert!(!names_another_bucket(&case(json!(["*", "arn:aws:s3:::o*/x"]))));
        assert!(names_another_bucket(&case(json!(["arn:aws:s3:::b", "arn:aws:s3:::other/*"]))));
    }
}
