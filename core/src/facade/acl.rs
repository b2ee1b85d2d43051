//! Access control lists, as the bindings give them.

use super::invalid;
use crate::Error;
use crate::evaluate::acl::{self, AclGrant, AclPermission, Grantee, ObjectOwnership};
use crate::json::{self, Node, Object, Value};

/// The longest text of lists, in bytes: S3 takes 100 grants a list.
const MAX_BYTES: usize = 64 * 1024;
const DEPTH: usize = 5;

/// The access control lists of a bucket and an object, and whose the object is.
#[derive(Clone, Debug, Default)]
pub struct Acl {
    ownership: ObjectOwnership,
    bucket: Vec<AclGrant>,
    object: Vec<AclGrant>,
    object_owner: Option<String>,
    caller_canonical_id: Option<String>,
}

impl Acl {
    /// Reads lists from JSON: `{"ownership", "bucket": [{"grantee", "permission"}], "object": [...],
    /// "objectOwner", "callerCanonicalId"}`.
    ///
    /// `ownership` is `BucketOwnerEnforced` (the default, under which lists grant nothing),
    /// `BucketOwnerPreferred` or `ObjectWriter`. A grantee is one of `{"account": number}`, `{"id": canonical
    /// id}` and `{"uri": address of a group}`; a permission is `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP` or
    /// `FULL_CONTROL`. `objectOwner` is the account that owns the object, if there is one;
    /// `callerCanonicalId` the canonical id of the caller's account, if it is known. What is `null` is not
    /// given.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for anything else.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let reading = json::read(text, MAX_BYTES, DEPTH);
        let root = match (&reading.root, reading.problems.first()) {
            (Some(Node { value: Value::Object(root), .. }), None) => root,
            (_, Some(problem)) => {
                let (line, column) = json::line_and_column(text, problem.span.start);
                return Err(invalid(format!("the ACL is no JSON at line {line}, column {column}")));
            }
            _ => return Err(invalid("the ACL is an object")),
        };
        let mut acl = Self::default();
        for member in root.members.iter().filter(|member| !member.value.value.is_null()) {
            let value = &member.value.value;
            match &*member.name {
                "ownership" => {
                    acl.ownership = ObjectOwnership::parse(string(value, "ownership")?)
                        .ok_or_else(|| invalid("there is no such object ownership"))?;
                }
                "bucket" => acl.bucket = grants(value)?,
                "object" => acl.object = grants(value)?,
                "objectOwner" => acl.object_owner = Some(string(value, "objectOwner")?.to_owned()),
                "callerCanonicalId" => {
                    acl.caller_canonical_id = Some(string(value, "callerCanonicalId")?.to_owned());
                }
                _ => return Err(invalid("the ACL has a member that is not known")),
            }
        }
        Ok(acl)
    }

    /// Whether one of the lists grants something to everyone, or to everyone who has an account. Such a list
    /// is to be refused where `BlockPublicAcls` is set.
    pub fn is_public(&self) -> bool {
        self.bucket.iter().chain(&self.object).any(|grant| grant.grantee.is_public())
    }

    /// The lists as the core takes them.
    pub(super) fn view(&self) -> acl::Acl<'_> {
        acl::Acl {
            ownership: self.ownership,
            bucket: &self.bucket,
            object: &self.object,
            object_owner: self.object_owner.as_deref(),
            caller_canonical_id: self.caller_canonical_id.as_deref(),
        }
    }
}

fn grants(value: &Value<'_>) -> Result<Vec<AclGrant>, Error> {
    let Value::List(entries) = value else { return Err(invalid("the grants of an ACL are a list")) };
    let grant = |entry: &Node<'_>| {
        let members = exactly(&entry.value, ["grantee", "permission"])?;
        let [Some(of), Some(permission)] = members else {
            return Err(invalid("a grant has a grantee and a permission"));
        };
        let permission = AclPermission::parse(string(permission, "permission")?)
            .ok_or_else(|| invalid("there is no such permission"))?;
        Ok(AclGrant { grantee: grantee(of)?, permission })
    };
    entries.iter().map(grant).collect()
}

fn grantee(value: &Value<'_>) -> Result<Grantee, Error> {
    match exactly(value, ["account", "id", "uri"])? {
        [Some(account), None, None] => Ok(Grantee::Account(string(account, "account")?.into())),
        [None, Some(id), None] => Ok(Grantee::CanonicalUser(string(id, "id")?.into())),
        [None, None, Some(uri)] => {
            Grantee::of_group(string(uri, "uri")?).ok_or_else(|| invalid("there is no such group"))
        }
        _ => Err(invalid("a grantee is one of account, id and uri")),
    }
}

/// The values of these members of an object that has no others.
fn exactly<'v, 't, const N: usize>(
    value: &'v Value<'t>,
    names: [&str; N],
) -> Result<[Option<&'v Value<'t>>; N], Error> {
    let Value::Object(Object { members, .. }) = value else {
        return Err(invalid("grants and grantees of an ACL are objects"));
    };
    if members.iter().any(|member| !names.contains(&&*member.name)) {
        return Err(invalid("a grant of the ACL has a member that is not known"));
    }
    Ok(names.map(|name| members.iter().find(|member| member.name == name).map(|member| &member.value.value)))
}

fn string<'v>(value: &'v Value<'_>, name: &str) -> Result<&'v str, Error> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(invalid(format!("{name} is a string, not {}", other.kind()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn lists_are_read() {
        let acl = Acl::parse(
            br#"{"ownership": "ObjectWriter", "object": null, "objectOwner": "111122223333", "bucket": [
                {"grantee": {"id": "c0ffee"}, "permission": "READ"},
                {"grantee": {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}, "permission": "READ"}]}"#,
        )
        .unwrap();
        assert!(acl.is_public());
        assert_eq!(acl.view().bucket.len(), 2);
        assert_eq!(acl.view().object_owner, Some("111122223333"));
        assert!(!Acl::parse(b"{}").unwrap().is_public());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "",
            "[]",
            "{",
            r#"{"ownership": "Nobody"}"#,
            r#"{"owner": "x"}"#,
            r#"{"bucket": {}}"#,
            r#"{"bucket": [{"grantee": {"id": "a"}}]}"#,
            r#"{"bucket": [{"grantee": {"id": "a", "account": "1"}, "permission": "READ"}]}"#,
            r#"{"bucket": [{"grantee": {}, "permission": "READ"}]}"#,
            r#"{"bucket": [{"grantee": {"uri": "http://example.com"}, "permission": "READ"}]}"#,
            r#"{"bucket": [{"grantee": {"id": "a"}, "permission": "read"}]}"#,
            r#"{"bucket": [{"grantee": {"id": 1}, "permission": "READ"}]}"#,
            r#"{"bucket": [{"grantee": {"id": "a"}, "permission": "READ", "more": 1}]}"#,
        ] {
            assert_eq!(Acl::parse(text.as_bytes()).unwrap_err().code(), ErrorCode::InvalidArgument, "{text}");
        }
        let long = format!("{{{}}}", " ".repeat(MAX_BYTES));
        assert!(Acl::parse(long.as_bytes()).is_err());
    }
}
