//! Values of every operator, of the policy and of the request: numbers, dates, addresses, base64, booleans,
//! ARNs and texts, those of the request also typed. The first byte chooses the operator, the bits of the
//! second what stands around it; then policy values, a line end, and request values, with tabs between.

use super::compare::decide;
use super::context::Known;
use super::{json_string, read};
use s3iam::condition::operator::Base;
use s3iam::evaluate::{Action, Request};
use s3iam::policy::{Dialect, Kind};

/// Checks a condition.
pub fn check(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    let Some((&how, rest)) = rest.split_first() else { return };
    let (policy, request) = match rest.iter().position(|&b| b == b'\n') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &b""[..]),
    };
    let Ok(policy) = std::str::from_utf8(policy) else { return };
    let bases: Vec<Base> = Base::all().collect();
    let base = bases[usize::from(choice) % bases.len()];
    let prefix = ["", "ForAllValues:", "ForAnyValue:"][usize::from(how & 3) % 3];
    let suffix = if how & 4 == 0 || base == Base::Null { "" } else { "IfExists" };
    let effect = if how & 8 == 0 { "Allow" } else { "Deny" };
    let version = if how & 16 == 0 { "2012-10-17" } else { "2008-10-17" };
    let values: Vec<String> = policy.split('\t').map(json_string).collect();
    for (dialect, key) in [(Dialect::Aws, "aws:k"), (Dialect::Minio, "aws:username")] {
        let text = format!(
            r#"{{"Version":"{version}","Statement":[{{"Effect":"{effect}","Action":"*","Resource":"*",
                "Condition":{{"{prefix}{}{suffix}":{{"{key}":[{}]}}}}}}]}}"#,
            base.name(),
            values.join(",")
        );
        let document = read(text.as_bytes(), dialect, Kind::Identity);
        let mut context = Known::of(dialect);
        if how & 64 != 0 {
            context.add(key, request);
        } else if how & 32 == 0 {
            context.add_texts(key, request.split(|&b| b == b'\t').collect());
        }
        decide(&[&document], &Request::new(Action::named("s3:GetObject"), b"b", b"a", &context));
    }
}
