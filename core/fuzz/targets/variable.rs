//! Variables in resources and in condition values, in both dialects. Lines: the resource, the condition
//! value, the user's name, the tag, the request's resource.
#![no_main]

use libfuzzer_sys::fuzz_target;
use s3iam::evaluate::{Action, ContextMap, Request};
use s3iam::policy::{Dialect, Kind};
use s3iam_fuzz::{compare, json_string, read};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let mut line = || lines.next();
    let (Some(resource), Some(value), Some(user)) = (line(), line(), line()) else { return };
    let (tag, asked) = (line(), line().unwrap_or_default());
    for (dialect, version) in
        [(Dialect::Aws, "2012-10-17"), (Dialect::Aws, "2008-10-17"), (Dialect::Minio, "2012-10-17")]
    {
        for (element, operator) in [("Resource", "StringLike"), ("NotResource", "StringNotEqualsIgnoreCase")]
        {
            let text = format!(
                r#"{{"Version":"{version}","Statement":[{{"Effect":"Allow","Action":"s3:*","{element}":{},
                    "Condition":{{"{operator}":{{"aws:username":{}}}}}}}]}}"#,
                json_string(&format!("arn:aws:s3:::{resource}")),
                json_string(value)
            );
            let document = read(text.as_bytes(), dialect, Kind::Identity);
            let mut context = ContextMap::of(dialect);
            context.add("aws:username", user.as_bytes());
            if let Some(tag) = tag {
                context.add("aws:PrincipalTag/t", tag.as_bytes());
                context.add("jwt:sub", tag.as_bytes());
            }
            let (bucket, object) = asked.split_once('/').unwrap_or((asked, ""));
            let action = Action::named("s3:GetObject");
            compare(&document, &Request::new(action, bucket.as_bytes(), object.as_bytes(), &context));
        }
    }
});
