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
    rule(Format::Signature, "streaming signatures", |case| has(case, "form", "streaming")),
    rule(Format::Signature, "POST policy signatures", |case| has(case, "form", "post-policy")),
    rule(Format::Signature, "SigV4A", |case| has(case, "form", "sigv4a")),
    rule(Format::Signature, "diagnoses of a signature", |case| has(case, "form", "diagnosis")),
    rule(Format::Signature, "SigV2", |case| has(case, "form", "sigv2")),
    rule(Format::Signature, "S3 Express sessions", |case| {
        case.pointer("/server/service").and_then(Value::as_str) == Some("s3express")
    }),
];

fn has(case: &Value, member: &str, value: &str) -> bool {
    case.get(member).and_then(Value::as_str) == Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cases_are_left_out_for_what_they_need() {
        let streaming = json!({"form": "streaming"});
        assert_eq!(missing_feature(Format::Signature, &streaming), Some("streaming signatures"));
        assert_eq!(missing_feature(Format::Signature, &json!({"form": "header"})), None);
    }
}
