//! What the sender of a refused form is told (spec: sigv4, section 5.3).

use super::condition::Condition;
use super::upload::LengthRange;
use crate::error::ErrorProfile;
use crate::signature::Options;
use crate::signature::refusal::{bytes, detailed, text, worded};
use crate::signature::scope::{MalformedScope, Scope};
use crate::{Error, ErrorCode};

const CREDENTIAL: &[u8] = b"x-amz-credential";

/// A request that is no form.
pub(super) fn not_multipart(options: &Options) -> Error {
    detailed(ErrorCode::FormNotMultipart.into(), options, || {
        [("Condition", "Bucket POST must be of the enclosure-type multipart/form-data".to_owned())]
    })
}

/// Something is wrong with a field.
pub(super) fn argument(code: ErrorCode, name: &[u8], value: &[u8], options: &Options) -> Error {
    named(code.into(), name, value, options)
}

fn named(error: Error, name: &[u8], value: &[u8], options: &Options) -> Error {
    detailed(error, options, || [("ArgumentName", text(name)), ("ArgumentValue", text(value))])
}

/// A field that a signed form must have.
pub(super) fn field_missing(name: &'static str, options: &Options) -> Error {
    let error = worded(ErrorCode::FormFieldMissing, options, || {
        format!(
            "Bucket POST must contain a field named '{name}'. If it is specified, please check the order of the fields."
        )
    });
    named(error, name.as_bytes(), b"", options)
}

/// A credential that cannot be read.
pub(super) fn credential(malformed: MalformedScope<'_>, sent: &[u8], options: &Options) -> Error {
    let error = match malformed {
        MalformedScope::Parts => ErrorCode::FormCredentialMalformed.into(),
        MalformedScope::Date(date) => worded(ErrorCode::FormScopeDateMalformed, options, || {
            format!(
                "Error parsing the X-Amz-Credential parameter; incorrect date format \"{}\". This date in the credential must be in the format \"yyyyMMdd\".",
                text(date)
            )
        }),
    };
    named(error, CREDENTIAL, sent, options)
}

/// A scope that is not for this endpoint or not for the day of the form.
pub(super) fn scope(code: ErrorCode, scope: &Scope<'_>, sent: &[u8], options: &Options) -> Error {
    let region = &options.region;
    let services = options.services.join("\" or \"");
    let message = match (code, options.error_profile) {
        (ErrorCode::FormWrongRegion, ErrorProfile::Aws) => format!(
            "Error parsing the X-Amz-Credential parameter; the region '{}' is wrong; expecting '{region}'",
            text(scope.region)
        ),
        (ErrorCode::FormWrongRegion, ErrorProfile::Minio) => {
            format!("The authorization header is malformed; the region is wrong; expecting '{region}'.")
        }
        (ErrorCode::FormWrongService, ErrorProfile::Aws) => format!(
            "Error parsing the X-Amz-Credential parameter; incorrect service \"{}\". This endpoint belongs to \"{services}\".",
            text(scope.service)
        ),
        (ErrorCode::FormWrongService, ErrorProfile::Minio) => format!(
            "Error parsing the Credential/X-Amz-Credential parameter; incorrect service. This endpoint belongs to \"{services}\"."
        ),
        (ErrorCode::FormWrongTerminal, ErrorProfile::Aws) => format!(
            "Error parsing the X-Amz-Credential parameter; incorrect terminal \"{}\". This endpoint uses \"aws4_request\".",
            text(scope.terminal)
        ),
        _ => return named(code.into(), CREDENTIAL, sent, options),
    };
    let error = named(Error::with_message(code, message), CREDENTIAL, sent, options);
    if code == ErrorCode::FormWrongRegion { error.detail("Region", region.as_str()) } else { error }
}

/// A wrong signature. A policy that carries a session token in its conditions is not shown: error bodies
/// end up in logs, and the token is half of a credential.
pub(super) fn mismatch(
    access_key: &str,
    provided: &[u8],
    policy: &[u8],
    token: &[u8],
    options: &Options,
) -> Error {
    let error = detailed(ErrorCode::SignatureDoesNotMatch.into(), options, || {
        [("AWSAccessKeyId", access_key.to_owned()), ("SignatureProvided", text(provided))]
    });
    if !token.is_empty() {
        return error;
    }
    detailed(error, options, || [("StringToSign", text(policy)), ("StringToSignBytes", bytes(policy))])
}

/// A member that policies do not have.
pub(super) fn unknown_member(name: &str, options: &Options) -> Error {
    worded(ErrorCode::FormPolicyUnknownMember, options, || format!("Invalid Policy: Unexpected: \"{name}\""))
}

/// An expiration that is no time.
pub(super) fn expiration(sent: &str, options: &Options) -> Error {
    worded(ErrorCode::FormExpirationInvalid, options, || {
        format!("Invalid Policy: Invalid 'expiration' value: '{sent}'")
    })
}

/// An operation that conditions do not have.
pub(super) fn operator(operator: &str, options: &Options) -> Error {
    worded(ErrorCode::FormConditionOperator, options, || {
        format!("Invalid Policy: Invalid Condition: unknown operation '{operator}'.")
    })
}

/// Too few or too many arguments of an operation.
pub(super) fn argument_count(operator: &str, options: &Options) -> Error {
    worded(ErrorCode::FormConditionArgumentCount, options, || {
        format!("Invalid Policy: Invalid {operator}: wrong number of arguments.")
    })
}

/// An argument that is not what the operation takes.
pub(super) fn condition_argument(operator: &str, options: &Options) -> Error {
    worded(ErrorCode::FormConditionArgument, options, || {
        format!("Invalid Policy: Invalid {operator}: invalid argument.")
    })
}

/// A condition that does not hold.
pub(super) fn condition(condition: &Condition) -> Error {
    let message = format!("Invalid according to Policy: Policy Condition failed: {}", condition.text());
    Error::with_message(ErrorCode::FormConditionFailed, message)
}

/// A field that no condition names.
pub(super) fn not_covered(name: &[u8], options: &Options) -> Error {
    let name = text(name);
    let message = match options.error_profile {
        ErrorProfile::Aws => format!("Invalid according to Policy: Extra input fields: {name}"),
        ErrorProfile::Minio => format!(
            "Each form field that you specify in a form must appear in the list of policy conditions. \"{name}\" not specified in the policy."
        ),
    };
    Error::with_message(ErrorCode::FormFieldNotCovered, message)
}

/// A file that is too large or too small.
pub(super) fn length(code: ErrorCode, received: u64, range: &LengthRange) -> Error {
    if range.profile == ErrorProfile::Minio {
        return code.into();
    }
    let limit = match code {
        ErrorCode::FormFileTooLarge => ("MaxSizeAllowed", range.max.to_string()),
        _ => ("MinSizeAllowed", range.min.to_string()),
    };
    Error::new(code).detail("ProposedSize", received.to_string()).detail(limit.0, limit.1)
}
