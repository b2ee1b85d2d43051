//! The S3 error body.

use super::{Error, ErrorProfile};

/// The S3 error body: code, message, details, resource and request id, without a namespace, as
/// both AWS and MinIO send it. Everything is escaped; characters that XML 1.0 cannot hold become
/// U+FFFD.
pub fn error_xml(error: &Error, profile: ErrorProfile, resource: &str, request_id: &str) -> String {
    let answer = error.code().answer(profile);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
    element(&mut out, "Code", answer.code);
    element(&mut out, "Message", error.message(profile));
    for (name, value) in error.details() {
        element(&mut out, name, value);
    }
    element(&mut out, "Resource", resource);
    element(&mut out, "RequestId", request_id);
    out.push_str("</Error>");
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\r' => out.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c < ' ' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn body_is_escaped_and_complete() {
        let error = Error::new(ErrorCode::WrongRegion).detail("Region", "eu<west>&\u{0}");
        assert_eq!(
            error_xml(&error, ErrorProfile::Aws, "/b/k", "R1"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AuthorizationHeaderMalformed</Code>\
             <Message>The authorization header is malformed; the region is wrong.</Message>\
             <Region>eu&lt;west&gt;&amp;\u{fffd}</Region><Resource>/b/k</Resource><RequestId>R1</RequestId></Error>"
        );
    }
}
