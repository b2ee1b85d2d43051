//! The policy of a form: until when it is valid, and what it demands of the fields.

use super::condition::Condition;
use super::refusal;
use crate::json::{self, Value};
use crate::signature::Options;
use crate::signature::base64;
use crate::signature::limits::MAX_FORM_POLICY_BYTES;
use crate::{Error, ErrorCode, Timestamp};

/// How deep a policy may nest.
const MAX_DEPTH: usize = 10;

/// A policy, read.
pub(super) struct Document {
    /// The form is valid before that instant.
    pub expiration: Timestamp,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
}

impl Document {
    /// Reads a policy as the form carries it. Whatever two readers could understand differently is
    /// refused: a member that stands twice, an unknown one, text after the end.
    pub(super) fn read(encoded: &[u8], options: &Options) -> Result<Self, Error> {
        let text = base64::decode(encoded).ok_or(ErrorCode::FormPolicyNotBase64)?;
        if text.trim_ascii().is_empty() {
            return Err(ErrorCode::FormPolicyEmpty.into());
        }
        let reading = json::read(&text, MAX_FORM_POLICY_BYTES, MAX_DEPTH);
        let root = reading.root.filter(|_| reading.problems.is_empty()).map(|root| root.value);
        let Some(Value::Object(object)) = root else { return Err(ErrorCode::FormPolicyNotJson.into()) };
        let (mut expiration, mut conditions) = (None, None);
        for member in &object.members {
            match &*member.name {
                "expiration" => expiration = Some(&member.value),
                "conditions" => conditions = Some(&member.value.value),
                other => return Err(refusal::unknown_member(other, options)),
            }
        }
        let expiration = expiration.ok_or(ErrorCode::FormExpirationMissing)?;
        let instant = match &expiration.value {
            Value::String(text) => Timestamp::parse_rfc3339(text.as_bytes()),
            _ => None,
        };
        let sent = || match &expiration.value {
            Value::String(text) => text.clone().into_owned(),
            _ => String::from_utf8_lossy(expiration.span.of(&text)).into_owned(),
        };
        let expiration = instant.ok_or_else(|| refusal::expiration(&sent(), options))?;
        let conditions = match conditions.ok_or(ErrorCode::FormConditionsMissing)? {
            Value::List(entries) => entries,
            _ => return Err(ErrorCode::FormConditionsNotList.into()),
        };
        let conditions = conditions.iter().map(|entry| Condition::read(&entry.value, options));
        Ok(Self { expiration, conditions: conditions.collect::<Result<_, _>>()? })
    }
}
