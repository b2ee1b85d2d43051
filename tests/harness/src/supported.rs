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

/// Every feature that the cases need is there.
const RULES: &[Rule] = &[];
