//! What lists and Block Public Access of S3 have to say, as layers of an explanation.

use super::acl::{AclGrant, Grantee, List};
use super::explain::{Explanation, LayerTrace};
use super::layers::{Layer, LayeredDecision};
use super::s3::{self, Listed, S3};
use super::{Decision, Outcome, Reason};
use crate::validate::report::shown;

/// Block Public Access, where it bears on requests, and the lists, where there are any.
pub(super) fn traces(s3: S3<'_>) -> Vec<LayerTrace> {
    let block = s3.layers.public_access_block;
    let is_blocking = block.restrict_public_buckets || block.ignore_public_acls;
    let traces = [is_blocking.then(|| public_access_block(s3)), s3.layers.acl.map(|_| acl(s3))];
    traces.into_iter().flatten().map(|(answer, why)| trace(s3, answer, &why)).collect()
}

fn public_access_block(s3: S3<'_>) -> (LayeredDecision, String) {
    let why = match s3.listed() {
        _ if s3.is_restricted() => {
            "the bucket's policy is public, which closes it to all but services and its owner's account"
        }
        Listed::Ignored => "a list grants it, but to everyone, which is ignored",
        _ => {
            let decision = Decision { outcome: Outcome::Allow, reason: Reason::DenyOnly, statement: None };
            let answer = LayeredDecision { decision, layer: Layer::PublicAccessBlock, level: 0 };
            return (answer, "nothing blocks it".to_owned());
        }
    };
    (s3::blocked(), why.to_owned())
}

fn acl(s3: S3<'_>) -> (LayeredDecision, String) {
    let (reason, why) = match (s3.listed(), s3.other_owner()) {
        (Listed::Granted(list, at, grant), _) => return (s3::granted(), granted(list, at, grant)),
        (Listed::Ignored, _) => {
            (Reason::PublicAccessBlocked, "what the lists grant to everyone is ignored".to_owned())
        }
        (Listed::Nothing, Some(owner)) => {
            let why =
                format!("the object belongs to the account {}, and its list does not grant it", shown(owner));
            (Reason::OtherOwner, why)
        }
        (Listed::Nothing, None) => (Reason::NoStatement, "no list grants it".to_owned()),
    };
    (s3::refused(Layer::Acl, reason), why)
}

/// `grant 0 of the object's list gives READ to everyone`.
fn granted(list: List, at: usize, grant: &AclGrant) -> String {
    let list = match list {
        List::Bucket => "bucket",
        List::Object => "object",
    };
    let grantee = match &grant.grantee {
        Grantee::Account(number) => format!("the account {}", shown(number)),
        Grantee::CanonicalUser(id) => format!("the canonical user {}", shown(id)),
        Grantee::AllUsers => "everyone".to_owned(),
        Grantee::AuthenticatedUsers => "every account".to_owned(),
        Grantee::LogDelivery => "the log delivery".to_owned(),
    };
    format!("grant {at} of the {list}'s list gives {} to {grantee}", grant.permission.name())
}

fn trace(s3: S3<'_>, answer: LayeredDecision, why: &str) -> LayerTrace {
    let verdict = if answer.allowed() { "allowed" } else { "denied" };
    let sentence = format!("{} is {verdict}: {why}.", shown(s3.asked.action.name()));
    let explanation = Explanation { decision: answer.decision, statements: Vec::new(), sentence };
    LayerTrace { layer: answer.layer, level: 0, explanation }
}
