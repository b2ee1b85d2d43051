//! The policy that a session token or a service account carries, read from its text
//! (`policy-language` 6.4.1, 6.4.2).

use super::{Attached, Credential};
use crate::compile::{Named, Program};
use crate::policy::{Dialect, Document, Kind, Limits};
use crate::validate::Status;

/// The session policy of a temporary credential, or the embedded policy of a service account.
#[derive(Debug)]
pub enum SessionPolicy {
    /// It says nothing: the credential may do what its parent may.
    Inherited,
    /// It cannot be used: everything is denied.
    Broken,
    /// What narrows the parent's policies.
    Policy(Box<Narrowing>),
}

/// A policy that narrows what the parent may do.
#[derive(Debug)]
pub struct Narrowing {
    /// Its document.
    pub document: Document,
    /// What decides.
    pub program: Program,
}

impl SessionPolicy {
    /// Reads the policy of a credential. One that cannot be read or is not valid denies everything, and
    /// so does a session policy without `Version`. The empty policy of a service account inherits.
    pub fn read(text: &[u8], credential: Credential) -> Self {
        let document = Document::read(text, Dialect::Minio, Kind::Session, Limits::default());
        let has_version = document.version.as_ref().is_some_and(|version| !version.text.is_empty());
        let has_id = document.id.as_ref().is_some_and(|id| !id.text.is_empty());
        let is_service_account = matches!(credential, Credential::ServiceAccount { .. });
        let is_usable = document.status() >= Status::Refused;
        if is_usable && is_service_account && !has_version && !has_id && !document.has_statements {
            return Self::Inherited;
        }
        if !is_usable || !has_version && !is_service_account {
            return Self::Broken;
        }
        match Program::compile(&[Named { name: "", document: &document }]) {
            Ok(program) => Self::Policy(Box::new(Narrowing { document, program })),
            Err(_) => Self::Broken,
        }
    }

    /// The layer that it makes.
    pub fn attached(&self) -> Attached<'_> {
        match self {
            Self::Inherited => Attached::Nothing,
            Self::Broken => Attached::Broken,
            Self::Policy(policy) => Attached::Program(&policy.program),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE_ACCOUNT: Credential = Credential::ServiceAccount { parent_is_root: false };
    const TEMPORARY: Credential = Credential::Temporary { parent_is_root: false };

    fn kind(text: &str, credential: Credential) -> &'static str {
        match SessionPolicy::read(text.as_bytes(), credential) {
            SessionPolicy::Inherited => "inherited",
            SessionPolicy::Broken => "broken",
            SessionPolicy::Policy(_) => "policy",
        }
    }

    #[test]
    fn what_a_service_account_does_not_say_it_inherits() {
        for text in ["null", "{}", r#"{"Version": "", "Statement": null}"#, r#"{"Other": 1}"#] {
            assert_eq!(kind(text, SERVICE_ACCOUNT), "inherited", "{text}");
            assert_eq!(kind(text, TEMPORARY), "broken", "{text}");
        }
        for text in [r#"{"Statement": []}"#, r#"{"Id": "x"}"#, r#"{"Version": "2012-10-17"}"#] {
            assert_eq!(kind(text, SERVICE_ACCOUNT), "policy", "{text}");
        }
    }

    #[test]
    fn what_cannot_be_used_denies() {
        for text in [
            "",
            "{",
            "[]",
            r#"{"Version": "2008-10-17", "Statement": []}"#,
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}"#,
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Nothing", "Resource": "*"}]}"#,
        ] {
            assert_eq!(kind(text, SERVICE_ACCOUNT), "broken", "{text}");
            assert_eq!(kind(text, TEMPORARY), "broken", "{text}");
        }
        assert_eq!(kind(r#"{"Statement": []}"#, TEMPORARY), "broken");
        assert_eq!(kind(r#"{"Version": "2012-10-17"}"#, TEMPORARY), "policy");
    }
}
