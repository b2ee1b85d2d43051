//! One condition of a policy: its forms, and when it holds.

use super::refusal;
use crate::json::{Node, Object, Value, write_string};
use crate::signature::Options;
use crate::{Error, ErrorCode};

/// What a policy demands.
pub(super) enum Condition {
    /// A field has this value.
    Equals(Field),
    /// The value of a field begins with this.
    StartsWith(Field),
    /// The file has at least and at most so many bytes.
    Length { min: u64, max: u64 },
}

/// A field and what it is compared with.
pub(super) struct Field {
    /// The name in lower case.
    pub name: String,
    /// The value, or how it begins.
    pub value: String,
}

/// Fields that are compared as a whole only.
const WHOLE: [&str; 4] = ["tagging", "x-amz-algorithm", "x-amz-credential", "x-amz-date"];

impl Condition {
    /// Reads `{"field": "value"}`, `["eq", "$field", "value"]`, `["starts-with", "$field", "prefix"]` or
    /// `["content-length-range", min, max]`.
    pub(super) fn read(value: &Value<'_>, options: &Options) -> Result<Self, Error> {
        match value {
            Value::Object(object) => Self::read_object(object),
            Value::List(entries) => Self::read_list(entries, options),
            _ => Err(ErrorCode::FormConditionKind.into()),
        }
    }

    fn read_object(object: &Object<'_>) -> Result<Self, Error> {
        let [member] = object.members.as_slice() else {
            return Err(ErrorCode::FormSimpleConditionCount.into());
        };
        let Value::String(value) = &member.value.value else {
            return Err(ErrorCode::FormSimpleConditionValue.into());
        };
        Ok(Condition::Equals(Field { name: member.name.to_ascii_lowercase(), value: value.to_string() }))
    }

    fn read_list(entries: &[Node<'_>], options: &Options) -> Result<Self, Error> {
        let Some((Node { value: Value::String(operator), .. }, arguments)) = entries.split_first() else {
            return Err(ErrorCode::FormConditionEmpty.into());
        };
        let lower_case = operator.to_ascii_lowercase();
        if !["eq", "starts-with", "content-length-range"].contains(&&*lower_case) {
            return Err(refusal::operator(operator, options));
        }
        let [Node { value: one, .. }, Node { value: other, .. }] = arguments else {
            return Err(refusal::argument_count(&lower_case, options));
        };
        let wrong = || refusal::condition_argument(&lower_case, options);
        if lower_case == "content-length-range" {
            let (min, max) = number(one).zip(number(other)).ok_or_else(wrong)?;
            return Ok(Condition::Length { min, max });
        }
        let (Value::String(name), Value::String(value)) = (one, other) else { return Err(wrong()) };
        let name = name.strip_prefix('$').filter(|name| !name.is_empty()).ok_or_else(wrong)?;
        let field = Field { name: name.to_ascii_lowercase(), value: value.to_string() };
        match lower_case == "starts-with" {
            true if WHOLE.contains(&&*field.name) => Err(ErrorCode::FormPrefixUnsupported.into()),
            true => Ok(Condition::StartsWith(field)),
            false => Ok(Condition::Equals(field)),
        }
    }

    /// Whether a value of its field is as demanded; what is about no field is not.
    pub(super) fn holds_for(&self, value: &[u8]) -> bool {
        match self {
            Condition::Equals(field) => value == field.value.as_bytes(),
            // A list of types is as good as its worst.
            Condition::StartsWith(field) if field.name == "content-type" => {
                value.split(|&b| b == b',').all(|kind| kind.starts_with(field.value.as_bytes()))
            }
            Condition::StartsWith(field) => value.starts_with(field.value.as_bytes()),
            Condition::Length { .. } => false,
        }
    }

    /// The condition as a list, for people. What a token is compared with is not shown.
    pub(super) fn text(&self) -> String {
        let (operator, field) = match self {
            Condition::Equals(field) => ("eq", field),
            Condition::StartsWith(field) => ("starts-with", field),
            Condition::Length { min, max } => return format!("[\"content-length-range\", {min}, {max}]"),
        };
        let mut out = format!("[\"{operator}\", ");
        write_string(&mut out, &format!("${}", field.name));
        out.push_str(", ");
        let is_token = field.name == "x-amz-security-token";
        write_string(&mut out, if is_token { "(session token)" } else { &field.value });
        out.push(']');
        out
    }
}

/// A whole number, or a text of digits.
fn number(value: &Value<'_>) -> Option<u64> {
    let digits = match value {
        Value::Number(digits) => digits,
        Value::String(digits) => &**digits,
        _ => return None,
    };
    let is_whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if is_whole { digits.parse().ok() } else { None }
}
