//! Whether the policy of a bucket is public, as Block Public Access of S3 judges it (`aws-evaluation` 10).
//!
//! A policy is public unless each of its Allows names fixed principals, or is limited by fixed values of keys
//! that tell where a request comes from. A Deny takes nothing away from that.

use crate::condition::operator::{Base, Operator, Qualifier};
use crate::condition::value::Network;
use crate::policy::{ConditionEntry, Document, Statement};
use crate::validate::Status;
use std::net::IpAddr;

/// Keys that limit an Allow by fixed values, in lower case; `aws:sourceip`, `aws:userid` and
/// `s3:dataaccesspointarn` have rules of their own. AWS once took
/// `s3:x-amz-server-side-encryption-aws-kms-key-id` for one too; its documentation no longer does, and whoever asks
/// can send it.
const FIXED_KEYS: [&str; 7] = [
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:principalorgid",
    "s3:dataaccesspointaccount",
];

/// Whether a bucket's policy is public. One that cannot be read counts as public.
pub fn is_public(policy: &Document) -> bool {
    policy.status() == Status::Unreadable || policy.statements.iter().any(is_public_statement)
}

/// The places of the statements that make a bucket's policy public.
pub fn public_statements(policy: &Document) -> Vec<u32> {
    let statements = policy.statements.iter().zip(0..);
    statements.filter(|(statement, _)| is_public_statement(statement)).map(|(_, at)| at).collect()
}

fn is_public_statement(statement: &Statement) -> bool {
    !statement.is_deny() && !names_fixed_principals(statement) && !statement.conditions.iter().any(is_limit)
}

/// Whether it names somebody, and nobody by a wildcard. `NotPrincipal` is everyone else.
fn names_fixed_principals(statement: &Statement) -> bool {
    let Some(principal) = statement.principal.as_ref().filter(|_| statement.not_principal.is_none()) else {
        return false;
    };
    let others = principal.others.iter().map(|(_, value)| value);
    let mut names = principal.aws.iter().chain(others).map(|value| value.text.as_str()).peekable();
    !principal.everyone && names.peek().is_some() && names.all(is_fixed)
}

/// Whether a condition holds for requests with fixed values only. It must not hold without a value, as negated
/// operators, `IfExists` and `ForAllValues` do.
fn is_limit(entry: &ConditionEntry) -> bool {
    let Some(operator) = Operator::parse(&entry.operator.text) else { return false };
    if operator.if_exists || operator.qualifier == Some(Qualifier::ForAllValues) || entry.values.is_empty() {
        return false;
    }
    let key = entry.key.text.to_ascii_lowercase();
    let all = |is_fixed: fn(&str) -> bool| entry.values.iter().all(|value| is_fixed(&value.text));
    match (operator.base, key.as_str()) {
        (Base::IpAddress, "aws:sourceip") => all(is_narrow),
        (
            Base::StringEquals
            | Base::StringEqualsIgnoreCase
            | Base::StringLike
            | Base::ArnEquals
            | Base::ArnLike,
            key,
        ) => match key {
            "aws:userid" => all(is_fixed_user_id),
            "s3:dataaccesspointarn" => all(is_of_fixed_account),
            key => FIXED_KEYS.contains(&key) && all(is_fixed),
        },
        _ => false,
    }
}

/// A value without wildcards and variables, whether or not its operator would take them for such.
fn is_fixed(value: &str) -> bool {
    !value.contains(['*', '?']) && !value.contains("${")
}

/// Networks broader than /8, of IPv6 broader than /32, are everyone. The documentation excludes the private ranges of
/// RFC 1918, none of which is broader.
fn is_narrow(value: &str) -> bool {
    Network::parse(value).is_some_and(|network| match network.base() {
        IpAddr::V4(_) => network.prefix() >= 8,
        IpAddr::V6(_) => network.prefix() >= 32,
    })
}

/// Ids "outside the pattern `AROLEID:*`". Whether that means fixed sessions of a role too is left open; they do
/// not count here, which is the stricter reading.
fn is_fixed_user_id(value: &str) -> bool {
    is_fixed(value) && !(value.starts_with("ARO") && value.contains(':'))
}

/// The name of an access point may have wildcards, as long as the account is fixed.
fn is_of_fixed_account(value: &str) -> bool {
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    is_fixed(value)
        || match parts.as_slice() {
            [before @ .., account, resource] => {
                before.len() == 4
                    && !account.is_empty()
                    && before.iter().chain([account]).all(|part| is_fixed(part))
                    && resource.starts_with("accesspoint/")
                    && !resource.contains("${")
            }
            _ => false,
        }
}
