//! Condition tests of the AWS dialect (`aws-evaluation` 7).
//!
//! A test compares every request value with every policy value. The qualifier says how the request's
//! values count together; without one a key of several values counts as `ForAnyValue`, negated as
//! `ForAllValues`. What cannot be read as the operator's type is equal to nothing, and makes a negated
//! test unknown: it then denies in a Deny and does not allow in an Allow.

use super::decimal::Decimal;
use super::operator::{Base, Family, Operator, Qualifier};
use super::scalar::Order;
use super::string::lowered;
use super::value::{self, Network};
use crate::Timestamp;
use crate::evaluate::{Context, ContextKey, Truth, Value, Values};
use crate::pattern::arn::{self, ArnPattern};
use crate::pattern::{Symbol, Symbols, Template};
use crate::policy::{ConditionEntry, Scalar};
use crate::time::fraction;
use crate::validate::check::{self, Check};
use std::net::IpAddr;

/// A compiled test of one key.
#[derive(Clone, Debug)]
pub(super) struct AwsTest {
    key: Box<str>,
    operator: Operator,
    operand: Operand,
}

/// The values of a policy, read for their operator; what could not be read is `None`.
#[derive(Clone, Debug)]
enum Operand {
    Text {
        values: Box<[Template]>,
        ignore_case: bool,
    },
    Binary(Box<[Option<Vec<u8>>]>),
    Number(Order, Box<[Option<Decimal>]>),
    /// In milliseconds since 1970, far beyond the years that a [`Timestamp`] has.
    Date(Order, Box<[Option<i64>]>),
    /// With variables, which the operator page of AWS has for `Bool`.
    Flag(Box<[Template]>),
    Address(Box<[Option<Network>]>),
    Arn(Box<[Option<ArnPattern>]>),
    /// The key must be missing.
    Null(bool),
}

impl AwsTest {
    /// Compiles a test; `None` for an operator that does not exist, or values it cannot have. Without
    /// `variables`, in policies of version 2008-10-17, a `${` is text.
    pub(super) fn compile(entry: &ConditionEntry, variables: bool) -> Option<Self> {
        let operator =
            Operator::parse(&entry.operator.text).filter(|o| o.is_in(crate::policy::Dialect::Aws))?;
        let operand = operand(operator, &entry.values, variables)?;
        Some(Self { key: entry.key.text.as_str().into(), operator, operand })
    }

    /// Whether the test holds for the request's values.
    pub(super) fn evaluate(&self, context: &dyn Context) -> Truth {
        // Whether the key is there or not.
        if let (Operand::Null(_), Some(qualifier)) = (&self.operand, self.operator.qualifier) {
            return (qualifier == Qualifier::ForAllValues).into();
        }
        let suffix = self.key.split_once('/').map(|(_, suffix)| suffix);
        let values = context.values(ContextKey { value: None, suffix, name: &self.key });
        if matches!(values, Values::Unknown) {
            return Truth::Unknown;
        }
        let is_missing = matches!(values, Values::Missing | Values::Texts([]));
        if let Operand::Null(missing) = self.operand {
            return (is_missing == missing).into();
        }
        let is_empty = self.operator.qualifier.is_some() && is_empty_set(values);
        if is_missing || is_empty {
            return self.if_missing().into();
        }
        // Over no values at all, nothing but a missing key fits (`aws-evaluation` 7.1).
        if self.operator.qualifier.is_some() && self.operand.is_empty() {
            return Truth::False;
        }
        let holds = |value: Value<'_>| {
            let negated = self.operator.base.is_negated();
            let equal =
                self.operand.matches(value, if negated { Truth::Unknown } else { Truth::False }, context);
            if negated { !equal } else { equal }
        };
        let all = match self.operator.qualifier {
            Some(qualifier) => qualifier == Qualifier::ForAllValues,
            None => self.operator.base.is_negated(),
        };
        match values {
            Values::One(value) => holds(value),
            Values::Texts(texts) if all => {
                texts.iter().fold(Truth::True, |truth, text| truth.and(|| holds(Value::Text(text))))
            }
            Values::Texts(texts) => {
                texts.iter().fold(Truth::False, |truth, text| truth.or(|| holds(Value::Text(text))))
            }
            Values::Missing | Values::Unknown => Truth::Unknown,
        }
    }

    /// The answer for a missing key (`aws-evaluation` 7.1, 7.2).
    fn if_missing(&self) -> bool {
        match self.operator.qualifier {
            Some(qualifier) => qualifier == Qualifier::ForAllValues,
            None => self.operator.if_exists || self.operator.base.is_negated(),
        }
    }
}

/// A set of nothing but an empty string counts as an empty one.
fn is_empty_set(values: Values<'_>) -> bool {
    matches!(values, Values::Texts([b""]) | Values::One(Value::Text(b"")))
}

fn operand(operator: Operator, values: &[Scalar], variables: bool) -> Option<Operand> {
    let each = || values.iter().map(|value| value.text.as_str());
    let pattern =
        |text: &str| if variables { Template::aws_pattern(text) } else { Template::without_variables(text) };
    let text = |text: &str| match variables {
        true => Template::aws_text(text),
        false => Template::literal(text.as_bytes()),
    };
    Some(match operator.base.family() {
        Family::String => {
            let is_like = matches!(operator.base, Base::StringLike | Base::StringNotLike);
            let ignore_case =
                matches!(operator.base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase);
            let template = |value: &str| if is_like { pattern(value) } else { text(value) };
            Operand::Text { values: each().map(template).collect(), ignore_case }
        }
        Family::Numeric => Operand::Number(
            order(operator.base),
            each().map(|text| Decimal::parse(text.as_bytes())).collect(),
        ),
        Family::Date => {
            Operand::Date(order(operator.base), each().map(|text| date(text.as_bytes())).collect())
        }
        Family::Bool => Operand::Flag(each().map(text).collect()),
        Family::Binary => Operand::Binary(each().map(value::base64).collect()),
        Family::Address => Operand::Address(each().map(Network::parse).collect()),
        Family::Arn => Operand::Arn(each().map(|text| ArnPattern::new(pattern(text)).ok()).collect()),
        Family::Null => match values {
            [only] => Operand::Null(flag(only.text.as_bytes())?),
            _ => return None,
        },
    })
}

/// The check that a policy's value fails for an operator, and what it should be.
pub(crate) fn value_fault(operator: Operator, text: &str) -> Option<(&'static Check, &'static str)> {
    let bytes = text.as_bytes();
    let (reads, check, wanted) = match operator.base.family() {
        Family::String => return None,
        Family::Numeric => (Decimal::parse(bytes).is_some(), &check::VALUE_NOT_NUMBER, "a number"),
        Family::Date => {
            (date(bytes).is_some(), &check::VALUE_NOT_DATE, "a date such as `2026-01-15T12:00:00Z`")
        }
        Family::Bool => (flag(bytes).is_some(), &check::VALUE_NOT_BOOLEAN, "`true` or `false`"),
        Family::Null => (flag(bytes).is_some(), &check::NULL_VALUE_NOT_BOOLEAN, "`true` or `false`"),
        Family::Binary => (value::base64(text).is_some(), &check::VALUE_NOT_BASE64, "base64"),
        Family::Address => (
            Network::parse(text).is_some(),
            &check::VALUE_NOT_CIDR,
            "an address or a network such as `10.0.0.0/8`",
        ),
        Family::Arn => (arn::is_pattern(text), &check::VALUE_NOT_ARN, "a name of six parts between colons"),
    };
    (!reads).then_some((check, wanted))
}

/// The comparison of an operator, whose negation is left to the test.
fn order(base: Base) -> Order {
    match base {
        Base::NumericLessThan | Base::DateLessThan => Order::Less,
        Base::NumericLessThanEquals | Base::DateLessThanEquals => Order::LessOrEqual,
        Base::NumericGreaterThan | Base::DateGreaterThan => Order::Greater,
        Base::NumericGreaterThanEquals | Base::DateGreaterThanEquals => Order::GreaterOrEqual,
        _ => Order::Equal,
    }
}

/// An instant in milliseconds since 1970, from a form of ISO 8601 or from seconds. Four digits are a year.
fn date(text: &[u8]) -> Option<i64> {
    if let Some(instant) = Timestamp::parse_iso8601(text) {
        return Some(instant.unix_millis());
    }
    let text = std::str::from_utf8(text).ok()?;
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let (seconds, millis) = (value::integer(whole)?, fraction(rest.as_bytes())?);
    let millis = if whole.starts_with('-') { -millis } else { millis };
    Some(seconds.saturating_mul(1000).saturating_add(millis))
}

/// `true` or `false`, in any letter case.
fn flag(text: &[u8]) -> Option<bool> {
    match text {
        text if text.eq_ignore_ascii_case(b"true") => Some(true),
        text if text.eq_ignore_ascii_case(b"false") => Some(false),
        _ => None,
    }
}

impl Operand {
    fn is_empty(&self) -> bool {
        match self {
            Operand::Text { values, .. } => values.is_empty(),
            Operand::Binary(values) => values.is_empty(),
            Operand::Number(_, values) => values.is_empty(),
            Operand::Date(_, values) => values.is_empty(),
            Operand::Flag(values) => values.is_empty(),
            Operand::Address(values) => values.is_empty(),
            Operand::Arn(values) => values.is_empty(),
            Operand::Null(_) => false,
        }
    }

    /// Whether a request value matches some policy value. `unreadable` is the answer where one of the two
    /// cannot be read.
    fn matches(&self, value: Value<'_>, unreadable: Truth, context: &dyn Context) -> Truth {
        match self {
            Operand::Text { values, ignore_case } => value.with_text(|text| {
                values.iter().fold(Truth::False, |truth, template| {
                    truth.or(|| text_matches(template, text, *ignore_case, context))
                })
            }),
            Operand::Arn(patterns) => value.with_text(|text| {
                let matches = |pattern: &Option<ArnPattern>| {
                    pattern.as_ref().map_or(Truth::False, |pattern| pattern.matches(text, context))
                };
                patterns.iter().fold(Truth::False, |truth, pattern| truth.or(|| matches(pattern)))
            }),
            // The policy's value is the base64 of the request's bytes.
            Operand::Binary(values) => value.with_text(|bytes| {
                any(values, Some(bytes), unreadable, |one, bytes| one.as_slice() == *bytes)
            }),
            Operand::Number(order, values) => {
                let found = value.with_text(Decimal::parse);
                any(values, found, unreadable, |one, found| order.holds(found, one))
            }
            Operand::Date(order, values) => {
                let found = match value {
                    Value::Time(time) => Some(time.unix_millis()),
                    value => value.with_text(date),
                };
                any(values, found, unreadable, |one, found| order.holds(found, one))
            }
            Operand::Flag(values) => {
                let found = value.with_text(flag);
                values.iter().fold(Truth::False, |truth, one| truth.or(|| flag_matches(one, found, context)))
            }
            Operand::Address(networks) => {
                let found = match value {
                    Value::Address(address) => Some(address),
                    value => value.with_text(address),
                };
                any(networks, found, unreadable, |network, found| network.contains(*found))
            }
            Operand::Null(_) => Truth::Unknown,
        }
    }
}

/// Whether a value that was found stands in the relation to some value of the policy.
fn any<P, R>(
    values: &[Option<P>],
    found: Option<R>,
    unreadable: Truth,
    relation: impl Fn(&P, &R) -> bool,
) -> Truth {
    let Some(found) = found else { return if values.is_empty() { Truth::False } else { unreadable } };
    values.iter().fold(Truth::False, |truth, value| {
        truth.or(|| value.as_ref().map_or(unreadable, |value| relation(value, &found).into()))
    })
}

fn text_matches(template: &Template, text: &[u8], ignore_case: bool, context: &dyn Context) -> Truth {
    if !ignore_case {
        return template.expand(0, context).matches(text);
    }
    let symbols = |text: &[u8]| lowered(text).iter().copied().map(Symbol::from).collect::<Symbols>();
    template.expand(0, context).changed(symbols).matches(&lowered(text))
}

/// Whether a value of `Bool`, which may be a variable, is the flag that was found. There is no negated
/// operator, so that what is no flag is equal to nothing.
fn flag_matches(template: &Template, found: Option<bool>, context: &dyn Context) -> Truth {
    let Some(found) = found else { return Truth::False };
    let expanded = template.expand(0, context);
    if !expanded.is_certain() {
        return Truth::Unknown;
    }
    expanded.into_text().is_some_and(|text| flag(&text) == Some(found)).into()
}

fn address(text: &[u8]) -> Option<IpAddr> {
    value::address(std::str::from_utf8(text).ok()?)
}
