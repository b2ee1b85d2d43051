//! Lists, blocked public access and the owner's right to repair its bucket's policy (10).

use crate::evaluate::Caller;
use crate::evaluate::acl::{Acl, AclGrant, AclPermission, Grantee, ObjectOwnership};
use crate::evaluate::layers::LayeredRequest;
use crate::evaluate::public_access::PublicAccessBlock;
use crate::policy::{ConditionEntry, Document, Statement};
use crate::validate::Status;
use std::net::IpAddr;

/// What the lists say to a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    Granted,
    OnlyToThePublicWhichIsIgnored,
    Nothing,
}

/// "Bucket-owner root user can always Get/Put/DeleteBucketPolicy even when the bucket policy denies it."
pub(super) fn may_repair(asked: &LayeredRequest<'_>) -> bool {
    let is_root = matches!(asked.caller, Caller::Root { .. });
    let is_repair = matches!(
        asked.action.name().to_lowercase().as_str(),
        "s3:getbucketpolicy" | "s3:putbucketpolicy" | "s3:deletebucketpolicy"
    );
    is_root && is_repair && is_of_bucket_owner(asked)
}

fn is_of_bucket_owner(asked: &LayeredRequest<'_>) -> bool {
    match (asked.caller.account(), asked.resource_account) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(own), Some(owner)) => own == owner,
    }
}

/// "RestrictPublicBuckets then leaves only service principals and the owner account."
pub(super) fn is_restricted(
    block: PublicAccessBlock,
    policy: Option<&[&Document]>,
    asked: &LayeredRequest<'_>,
) -> bool {
    let is_public = policy.is_some_and(|documents| {
        let of_bucket = documents.iter().filter(|document| document.kind == crate::policy::Kind::Bucket);
        of_bucket.into_iter().any(|document| is_public(document))
    });
    let is_let_in = matches!(asked.caller, Caller::Service { .. }) || is_of_bucket_owner(asked);
    block.restrict_public_buckets && is_public && !is_let_in
}

/// Whose permission an operation on somebody else's object in the bucket needs: reading and changing what is
/// there is the object owner's to allow; writing, deleting and restoring stay the bucket owner's.
pub(super) fn object_owner<'a>(acl: Option<Acl<'a>>, asked: &LayeredRequest<'_>) -> Option<&'a str> {
    let acl = acl.filter(|acl| acl.ownership != ObjectOwnership::BucketOwnerEnforced)?;
    let action = asked.action.name().to_lowercase();
    let stays = [
        "s3:putobject",
        "s3:deleteobject",
        "s3:deleteobjectversion",
        "s3:abortmultipartupload",
        "s3:listmultipartuploadparts",
        "s3:restoreobject",
        "s3:replicateobject",
        "s3:replicatedelete",
        "s3:replicatetags",
    ];
    if !action.starts_with("s3:") || stays.contains(&action.as_str()) || !asked.resource.contains('/') {
        return None;
    }
    let bucket_owner = asked.resource_account.or_else(|| asked.caller.account());
    acl.object_owner.filter(|owner| bucket_owner != Some(*owner))
}

/// What the lists of bucket and object grant.
pub(super) fn listed(acl: Option<Acl<'_>>, block: PublicAccessBlock, asked: &LayeredRequest<'_>) -> Listed {
    let Some(acl) = acl.filter(|acl| acl.ownership != ObjectOwnership::BucketOwnerEnforced) else {
        return Listed::Nothing;
    };
    let of = |grants: &[AclGrant], permission| -> Vec<AclGrant> {
        let covers = |grant: &&AclGrant| {
            (grant.permission == permission || grant.permission == AclPermission::FullControl)
                && is_grantee(&grant.grantee, asked, acl.caller_canonical_id)
        };
        grants.iter().filter(covers).cloned().collect()
    };
    let account = asked.caller.account().filter(|account| !account.is_empty());
    let owns_bucket = account.is_some() && is_of_bucket_owner(asked);
    let owns_object = account.is_some() && account == acl.object_owner;
    let grants = match asked.action.name().to_lowercase().as_str() {
        "s3:listbucket" | "s3:listbucketversions" | "s3:listbucketmultipartuploads" => {
            of(acl.bucket, AclPermission::Read)
        }
        // New objects by anyone, those that are there by their owner and the bucket's.
        "s3:putobject" if acl.object_owner.is_none() || owns_bucket || owns_object => {
            of(acl.bucket, AclPermission::Write)
        }
        "s3:deleteobject" if owns_bucket || owns_object => of(acl.bucket, AclPermission::Write),
        "s3:deleteobjectversion" if owns_bucket => of(acl.bucket, AclPermission::Write),
        "s3:getbucketacl" => of(acl.bucket, AclPermission::ReadAcp),
        "s3:putbucketacl" => of(acl.bucket, AclPermission::WriteAcp),
        "s3:getobject" | "s3:getobjectversion" => of(acl.object, AclPermission::Read),
        "s3:getobjectacl" | "s3:getobjectversionacl" => of(acl.object, AclPermission::ReadAcp),
        "s3:putobjectacl" | "s3:putobjectversionacl" => of(acl.object, AclPermission::WriteAcp),
        _ => Vec::new(),
    };
    let is_public =
        |grant: &AclGrant| matches!(grant.grantee, Grantee::AllUsers | Grantee::AuthenticatedUsers);
    match grants.as_slice() {
        [] => Listed::Nothing,
        grants if block.ignore_public_acls && grants.iter().all(is_public) => {
            Listed::OnlyToThePublicWhichIsIgnored
        }
        _ => Listed::Granted,
    }
}

fn is_grantee(grantee: &Grantee, asked: &LayeredRequest<'_>, canonical_id: Option<&str>) -> bool {
    let account = asked.caller.account().unwrap_or_default();
    match grantee {
        Grantee::AllUsers => true,
        Grantee::LogDelivery => {
            matches!(asked.caller, Caller::Service { name: "logging.s3.amazonaws.com" })
        }
        // The others are accounts.
        _ if account.is_empty() => false,
        Grantee::AuthenticatedUsers => true,
        Grantee::Account(number) => **number == *account,
        Grantee::CanonicalUser(id) => canonical_id.is_some_and(|own| **id == *own),
    }
}

/// "A policy is public unless every Allow names fixed principals or is limited by fixed values (no wildcards)."
pub fn is_public(policy: &Document) -> bool {
    let is_allow = |s: &&Statement| s.effect.as_ref().map(|effect| effect.text.as_str()) == Some("Allow");
    let mut allows = policy.statements.iter().filter(is_allow);
    policy.status() == Status::Unreadable || allows.any(|s| !has_fixed_principals(s) && !is_limited(s))
}

fn has_fixed_principals(statement: &Statement) -> bool {
    match (&statement.principal, &statement.not_principal) {
        (Some(principal), None) => {
            let mut names: Vec<&str> = principal.aws.iter().map(|value| value.text.as_str()).collect();
            names.extend(principal.others.iter().map(|(_, value)| value.text.as_str()));
            if principal.everyone {
                names.push("*");
            }
            !names.is_empty() && !names.into_iter().any(is_open)
        }
        _ => false,
    }
}

fn is_open(value: &str) -> bool {
    ["*", "?", "${"].iter().any(|mark| value.contains(mark))
}

fn is_limited(statement: &Statement) -> bool {
    statement.conditions.iter().any(|entry| {
        let values: Vec<&str> = entry.values.iter().map(|value| value.text.as_str()).collect();
        !values.is_empty() && values.into_iter().all(|value| limits(entry, value))
    })
}

/// Whether one value of a condition is a fixed one that a request must have.
fn limits(entry: &ConditionEntry, value: &str) -> bool {
    let operator = entry.operator.text.as_str();
    let operator = operator.strip_prefix("ForAnyValue:").unwrap_or(operator);
    let key = entry.key.text.to_lowercase();
    if key == "aws:sourceip" {
        return operator == "IpAddress" && is_narrow(value);
    }
    let equals = ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"];
    if !equals.contains(&operator) {
        return false;
    }
    match key.as_str() {
        "aws:sourcearn"
        | "aws:sourcevpc"
        | "aws:sourcevpce"
        | "aws:sourceowner"
        | "aws:sourceaccount"
        | "aws:principalorgid"
        | "s3:dataaccesspointaccount" => !is_open(value),
        "aws:userid" => !is_open(value) && (!value.starts_with("ARO") || !value.contains(':')),
        // The name of the access point may be open.
        "s3:dataaccesspointarn" => match value.split_once(":accesspoint/") {
            Some((before, name)) => {
                let has_account = before.split(':').count() == 5 && !before.ends_with(':');
                !is_open(before) && (!is_open(name) || has_account && !name.contains("${"))
            }
            None => !is_open(value),
        },
        _ => false,
    }
}

/// Not broader than /8, of IPv6 than /32.
fn is_narrow(value: &str) -> bool {
    let (address, length) = value.split_once('/').unwrap_or((value, "128"));
    let is_number = !length.is_empty() && length.len() <= 3 && length.chars().all(|c| c.is_ascii_digit());
    let (Ok(address), Ok(length)) = (address.parse::<IpAddr>(), length.parse::<u32>()) else { return false };
    let has_length = value.contains('/');
    match address {
        IpAddr::V4(_) => !has_length || is_number && (8..=32).contains(&length),
        // An address of IPv4 in the form of IPv6 stands for the former.
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() && length >= 96 => {
            is_number && (104..=128).contains(&length)
        }
        IpAddr::V6(_) => is_number && (32..=128).contains(&length),
    }
}
