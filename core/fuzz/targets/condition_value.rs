//! Values of every operator, of the policy and of the request: numbers, dates, addresses, base64, booleans,
//! ARNs and texts. The first byte chooses the operator, the rest is policy values and request values.
#![no_main]

use libfuzzer_sys::fuzz_target;
use s3iam::condition::operator::Base;
use s3iam::evaluate::{Action, ContextMap, Request};
use s3iam::policy::{Dialect, Kind};
use s3iam_fuzz::{compare, json_string, read};

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let Some((&how, rest)) = rest.split_first() else { return };
    let Ok(rest) = std::str::from_utf8(rest) else { return };
    let (policy, request) = rest.split_once('\n').unwrap_or((rest, ""));
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
        let mut context = ContextMap::of(dialect);
        if how & 32 == 0 {
            request.split('\t').for_each(|value| context.add(key, value.as_bytes()));
        }
        compare(&document, &Request::new(Action::named("s3:GetObject"), b"b", b"a", &context));
    }
});
