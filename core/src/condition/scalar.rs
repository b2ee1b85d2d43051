//! Numeric and date operators. Both read the first request value only, and a value that cannot be
//! read, or is missing, makes every one of them false, negated or not (`policy-language` 3.3).

use super::value;
use crate::Timestamp;
use crate::evaluate::{Value, Values};

/// How two values are compared, the request's on the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub(super) fn holds<T: Ord>(self, left: T, right: T) -> bool {
        match self {
            Order::Equal => left == right,
            Order::NotEqual => left != right,
            Order::Less => left < right,
            Order::LessOrEqual => left <= right,
            Order::Greater => left > right,
            Order::GreaterOrEqual => left >= right,
        }
    }
}

/// A `Numeric…` operator with its value.
#[derive(Clone, Debug)]
pub(super) struct NumericTest {
    pub(super) order: Order,
    pub(super) value: i64,
    /// The answer for a missing key: true for `…IfExists`.
    pub(super) if_missing: bool,
}

impl NumericTest {
    pub(super) fn evaluate(&self, values: Values<'_>) -> bool {
        let Some(first) = values.first() else { return self.if_missing };
        let number = match first {
            Value::Integer(number) => Some(number),
            value => value.with_text(|text| std::str::from_utf8(text).ok().and_then(value::integer)),
        };
        number.is_some_and(|number| self.order.holds(number, self.value))
    }
}

/// A `Date…` operator with its value.
#[derive(Clone, Debug)]
pub(super) struct DateTest {
    pub(super) order: Order,
    pub(super) value: Timestamp,
}

impl DateTest {
    pub(super) fn evaluate(&self, values: Values<'_>) -> bool {
        let Some(first) = values.first() else { return false };
        let instant = match first {
            // The text form has whole seconds.
            Value::Time(time) => Some(Timestamp::from_unix_seconds(time.unix_seconds())),
            value => value.with_text(|text| std::str::from_utf8(text).ok().and_then(value::date)),
        };
        instant.is_some_and(|instant| self.order.holds(instant, self.value))
    }
}
