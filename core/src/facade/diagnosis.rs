//! Diagnoses as JSON text.

use super::answer::Object;
use super::{Cause, Checked, Diagnosis, ErrorCode, ForClient};

/// `{"outcome", "code", "cause", "certain", "others", "differences": [{"element", "client", "server"}], "canonicalRequest",
/// "stringToSign", "tried", "forClient", "safeMessage"}`, for the operator alone.
///
/// `outcome` is `verifies`, `anonymous` or `refused`, and `code` the error's stable code or null. A cause is
/// `{"code", "sentence", "remedy"}`, or null where there is nothing to go by; `others` is a list of them. Texts
/// that are not there or not known are null. `forClient` is as in [`for_client_json`], and `safeMessage` is
/// [`Diagnosis::safe_message`].
pub fn diagnosis_json(diagnosis: &Diagnosis) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    let (outcome, code) = match diagnosis.checked {
        Checked::Verifies => ("verifies", None),
        Checked::Anonymous => ("anonymous", None),
        Checked::Refused(code) => ("refused", Some(code)),
    };
    object.text("outcome", outcome);
    object.optional("code", code.map(ErrorCode::name));
    object.raw("cause");
    match diagnosis.cause {
        Some(cause) => {
            let mut object = Object::new(object.out);
            write_cause(&mut object, cause);
            object.end();
        }
        None => object.out.push_str("null"),
    }
    object.boolean("certain", diagnosis.certain);
    object.list("others", diagnosis.others.iter().copied(), write_cause);
    object.list("differences", &diagnosis.differences, |object, difference| {
        object.text("element", &difference.element);
        object.optional("client", difference.client.as_deref());
        object.optional("server", difference.server.as_deref());
    });
    object.optional("canonicalRequest", diagnosis.canonical_request.as_deref());
    object.optional("stringToSign", diagnosis.string_to_sign.as_deref());
    object.number("tried", i64::from(diagnosis.tried));
    object.raw("forClient");
    write_for_client(object.out, diagnosis.for_client());
    object.text("safeMessage", &diagnosis.safe_message());
    object.end();
    out
}

/// `{"code", "message", "causes", "elements"}`: what the client may be told. Causes are as in
/// [`diagnosis_json`], `elements` a list of names.
pub fn for_client_json(for_client: &ForClient) -> String {
    let mut out = String::new();
    write_for_client(&mut out, for_client);
    out
}

fn write_for_client(out: &mut String, for_client: &ForClient) {
    let mut object = Object::new(out);
    object.optional("code", for_client.code.map(ErrorCode::name));
    object.text("message", &for_client.message);
    object.list("causes", for_client.causes.iter().copied(), write_cause);
    object.texts("elements", &for_client.elements);
    object.end();
}

fn write_cause(object: &mut Object<'_>, cause: Cause) {
    object.text("code", cause.code());
    object.text("sentence", cause.sentence());
    object.text("remedy", cause.remedy());
}
