//! Variables in resources and in condition values, in both dialects. Lines: the resource, the condition
//! value, the user's name, the tag (`?` for one that is not known), the request's resource.

use super::compare::decide;
use super::context::Known;
use super::{json_string, read};
use s3iam::evaluate::{Action, Request};
use s3iam::policy::{Dialect, Kind};

/// Checks the variables of an input.
pub fn check(data: &[u8]) {
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
            let mut context = Known::of(dialect);
            context.add_texts("aws:username", vec![user.as_bytes()]);
            if let Some(tag) = tag {
                for key in ["aws:PrincipalTag/t", "jwt:sub"] {
                    match tag {
                        "?" => context.add(key, b"?"),
                        tag => context.add_texts(key, vec![tag.as_bytes()]),
                    }
                }
            }
            let (bucket, object) = asked.split_once('/').unwrap_or((asked, ""));
            let action = Action::named("s3:GetObject");
            decide(&[&document], &Request::new(action, bucket.as_bytes(), object.as_bytes(), &context));
        }
    }
}
