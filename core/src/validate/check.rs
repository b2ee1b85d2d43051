//! The checks: their codes, names and severities. Codes are stable; a retired one is never reused.

use super::Severity;

/// A check that a policy document can fail.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// The code and the name.
    text: &'static str,
    /// How grave a finding is where it stops something; one that stops nothing is at most a warning.
    pub severity: Severity,
}

impl Check {
    /// The stable code, for example `E311`.
    pub fn code(&self) -> &'static str {
        self.text.split(' ').next().unwrap_or_default()
    }

    /// The name, for example `s3-colon-instead-of-slash`.
    pub fn name(&self) -> &'static str {
        self.text.split(' ').nth(1).unwrap_or_default()
    }
}

/// Defines every check as a constant and lists them all.
macro_rules! checks {
    ($($constant:ident = $code:literal $name:literal $severity:ident;)*) => {
        $(
            #[doc = concat!("`", $code, "` ", $name)]
            pub const $constant: Check = Check {
                text: concat!($code, " ", $name),
                severity: Severity::$severity,
            };
        )*

        /// Every check, sorted by code.
        pub const ALL: &[Check] = &[$($constant),*];
    };
}

checks! {
    JSON_SYNTAX = "E001" "json-syntax" Error;
    JSON_TRAILING_DATA = "E002" "json-trailing-data" Error;
    DUPLICATE_JSON_KEY = "E003" "duplicate-json-key" Error;
    INVALID_UTF8_OR_ESCAPE = "E004" "invalid-utf8-or-escape" Error;
    DOCUMENT_NOT_OBJECT = "E005" "document-not-object" Error;
    DATA_TYPE_MISMATCH = "E006" "data-type-mismatch" Error;
    NESTING_TOO_DEEP = "E008" "nesting-too-deep" Error;
    DOCUMENT_TOO_LARGE = "E009" "document-too-large" Error;
    DIALECT_NOT_SUPPORTED = "E010" "dialect-not-supported" Error;
    MISSING_STATEMENT = "E101" "missing-statement" Error;
    MISSING_EFFECT = "E102" "missing-effect" Error;
    INVALID_EFFECT = "E103" "invalid-effect" Error;
    MISSING_ACTION = "E104" "missing-action" Error;
    MISSING_RESOURCE = "E105" "missing-resource" Error;
    MISSING_PRINCIPAL = "E106" "missing-principal" Error;
    UNSUPPORTED_PRINCIPAL = "E107" "unsupported-principal" Error;
    INVALID_POLICY_ELEMENT = "E108" "invalid-policy-element" Error;
    UNSUPPORTED_ELEMENT_COMBINATION = "E109" "unsupported-element-combination" Error;
    INVALID_VERSION = "E110" "invalid-version" Error;
    UNSUPPORTED_SID = "E111" "unsupported-sid" Error;
    DUPLICATE_SID = "E112" "duplicate-sid" Error;
    ID_NOT_ALLOWED = "E113" "id-not-allowed" Warning;
    STATEMENT_NOT_OBJECT = "E114" "statement-not-object" Error;
    MIXED_ACTION_TYPES = "E115" "mixed-action-types" Error;
    INVALID_ACTION_FORMAT = "E201" "invalid-action-format" Error;
    UNKNOWN_SERVICE = "E202" "unknown-service" Error;
    UNKNOWN_ACTION = "E203" "unknown-action" Error;
    ACTION_PATTERN_MATCHES_NOTHING = "E204" "action-pattern-matches-nothing" Error;
    ACTION_CASE_MISMATCH = "E206" "action-case-mismatch" Error;
    ACTION_WHITESPACE = "E207" "action-whitespace" Error;
    WILDCARD_IN_SERVICE = "E208" "wildcard-in-service" Suggestion;
    EMPTY_ACTION = "E209" "empty-action" Suggestion;
    INVALID_ARN_PREFIX = "E301" "invalid-arn-prefix" Error;
    MISSING_ARN_FIELD = "E302" "missing-arn-field" Error;
    INVALID_PARTITION = "E303" "invalid-partition" Error;
    INVALID_ARN_SERVICE_CASE = "E304" "invalid-arn-service-case" Error;
    ARN_ACCOUNT_NOT_ALLOWED = "E305" "arn-account-not-allowed" Error;
    ARN_REGION_NOT_ALLOWED = "E306" "arn-region-not-allowed" Error;
    INVALID_ARN_RESOURCE = "E310" "invalid-arn-resource" Error;
    S3_COLON_INSTEAD_OF_SLASH = "E311" "s3-colon-instead-of-slash" Error;
    S3_RESOURCE_STARTS_WITH_SLASH = "E312" "s3-resource-starts-with-slash" Error;
    ARN_PREFIX_WITHOUT_RESOURCE = "E313" "arn-prefix-without-resource" Error;
    ACTION_RESOURCE_MISMATCH = "E315" "action-resource-mismatch" Error;
    RESOURCE_NOT_OF_THIS_BUCKET = "E317" "resource-not-of-this-bucket" Error;
    RESOURCE_SERVICE_MISMATCH = "E318" "resource-service-mismatch" Error;
    WILDCARD_IN_ARN_SERVICE = "E319" "wildcard-in-arn-service" Error;
    EMPTY_RESOURCE = "E320" "empty-resource" Suggestion;
    DUPLICATE_RESOURCE = "E321" "duplicate-resource" Warning;
    INVALID_PRINCIPAL_FORMAT = "E401" "invalid-principal-format" Error;
    INVALID_PRINCIPAL_KEY = "E402" "invalid-principal-key" Error;
    EMPTY_PRINCIPAL = "E413" "empty-principal" Suggestion;
    INVALID_CONDITION_OPERATOR = "E501" "invalid-condition-operator" Error;
    NULL_WITH_IF_EXISTS = "E502" "null-with-ifexists" Error;
    NULL_VALUE_NOT_BOOLEAN = "E503" "null-value-not-boolean" Error;
    INVALID_CONDITION_KEY_FORMAT = "E504" "invalid-condition-key-format" Error;
    UNKNOWN_GLOBAL_CONDITION_KEY = "E505" "unknown-global-condition-key" Error;
    UNKNOWN_SERVICE_CONDITION_KEY = "E506" "unknown-service-condition-key" Error;
    CONDITION_KEY_NOT_FOR_ACTION = "E507" "condition-key-not-for-action" Error;
    VALUE_NOT_NUMBER = "E513" "value-not-number" Error;
    VALUE_NOT_DATE = "E514" "value-not-date" Error;
    VALUE_NOT_BOOLEAN = "E515" "value-not-boolean" Error;
    VALUE_NOT_CIDR = "E516" "value-not-cidr" Error;
    VALUE_NOT_BASE64 = "E517" "value-not-base64" Error;
    VALUE_NOT_ARN = "E518" "value-not-arn" Warning;
    MULTIPLE_BOOLEANS = "E519" "multiple-booleans" Error;
    MULTIPLE_VALUES_NOT_SUPPORTED = "E520" "multiple-values-not-supported" Error;
    EMPTY_CONDITION_VALUES = "E529" "empty-condition-values" Suggestion;
    EMPTY_CONDITION_BLOCK = "E530" "empty-condition-block" Suggestion;
    DUPLICATE_CONDITION_VALUE = "E531" "duplicate-condition-value" Suggestion;
    MISSING_TAG_KEY = "E532" "missing-tag-key" Error;
    INVALID_ENUMERATED_VALUE = "E539" "invalid-enumerated-value" Error;
    MINIO_IP_KEY = "E540" "minio-ip-key" Error;
    MINIO_BOOL_KEY = "E541" "minio-bool-key" Error;
    MINIO_OPERATOR_UNSUPPORTED = "E542" "minio-operator-unsupported" Error;
    MISSING_VERSION = "W202" "missing-version" Warning;
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_sorted_and_names_are_unique() {
        assert!(ALL.windows(2).all(|w| w[0].code() < w[1].code()));
        for (at, check) in ALL.iter().enumerate() {
            assert!(!ALL[..at].iter().any(|other| other.name() == check.name()), "{}", check.name());
        }
    }
}
