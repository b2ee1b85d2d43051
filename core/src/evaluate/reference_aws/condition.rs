//! Conditions (7).

use super::text::{Pieces, lower, matches_arn};
use crate::condition::operator::{Base, Family, Operator, Qualifier};
use crate::condition::value::base64;
use crate::evaluate::{Context, ContextKey, Truth, Value, Values};
use crate::policy::{ConditionEntry, Dialect};
use std::cmp::Ordering;
use std::net::IpAddr;

/// Whether a test cannot be evaluated: its operator does not exist, or it is a `Null` without a boolean.
pub(super) fn is_broken(entry: &ConditionEntry) -> bool {
    match operator(entry) {
        None => true,
        Some(operator) if operator.base == Base::Null => match entry.values.as_slice() {
            [only] => flag(only.text.as_bytes()).is_none(),
            _ => true,
        },
        Some(_) => false,
    }
}

fn operator(entry: &ConditionEntry) -> Option<Operator> {
    Operator::parse(&entry.operator.text).filter(|operator| operator.is_in(Dialect::Aws))
}

/// Whether one key of one operator holds.
pub(super) fn holds(entry: &ConditionEntry, variables: bool, context: &dyn Context) -> Truth {
    let Some(operator) = operator(entry) else { return Truth::Unknown };
    if operator.base == Base::Null {
        return null(operator, entry, context);
    }
    let Some(values) = values(&entry.key.text, context) else { return Truth::Unknown };
    let negated = operator.base.is_negated();
    // "A request value set holding one empty string counts as an empty set" (7.2).
    let is_empty_set = match values.as_slice() {
        [] => true,
        [value] => operator.qualifier.is_some() && value.with_text(<[u8]>::is_empty),
        _ => false,
    };
    let each: Vec<Truth> =
        values.iter().map(|value| test(operator, entry, *value, variables, context)).collect();
    let all = || each.iter().fold(Truth::True, |all, &truth| all.and(|| truth));
    let any = || each.iter().fold(Truth::False, |any, &truth| any.or(|| truth));
    match operator.qualifier {
        // The table of 7.2, whose rows for a missing key `IfExists` does not change.
        Some(Qualifier::ForAllValues) if is_empty_set => Truth::True,
        Some(Qualifier::ForAnyValue) if is_empty_set => Truth::False,
        // "ForAllValues … with an empty list match[es] only when the key is missing, … ForAnyValue never" (7.1).
        Some(_) if entry.values.is_empty() => Truth::False,
        Some(Qualifier::ForAllValues) => all(),
        Some(Qualifier::ForAnyValue) => any(),
        // The column "missing key" of 7.1.
        None if is_empty_set => (operator.if_exists || negated).into(),
        // Several values without a prefix: as `ForAllValues` for negated operators, else as `ForAnyValue` (7.2).
        None if negated => all(),
        None => any(),
    }
}

/// Presence of a key (7.1); with a set prefix it does not depend on the key (7.2).
fn null(operator: Operator, entry: &ConditionEntry, context: &dyn Context) -> Truth {
    match operator.qualifier {
        Some(Qualifier::ForAllValues) => return Truth::True,
        Some(Qualifier::ForAnyValue) => return Truth::False,
        None => {}
    }
    let wanted_missing = entry.values.iter().any(|value| flag(value.text.as_bytes()) == Some(true));
    match values(&entry.key.text, context) {
        None => Truth::Unknown,
        Some(values) => (values.is_empty() == wanted_missing).into(),
    }
}

/// The values of a key; `None` if they are not known.
fn values<'c>(key: &'c str, context: &'c dyn Context) -> Option<Vec<Value<'c>>> {
    let suffix = key.split_once('/').map(|(_, suffix)| suffix);
    match context.values(ContextKey { value: None, suffix, name: key }) {
        Values::Unknown => None,
        Values::Missing => Some(Vec::new()),
        Values::One(value) => Some(vec![value]),
        Values::Texts(texts) => Some(texts.iter().map(|text| Value::Text(text)).collect()),
    }
}

/// Whether one value of the request passes: it matches some value of the policy, or, negated, none of them.
fn test(
    operator: Operator,
    entry: &ConditionEntry,
    value: Value<'_>,
    variables: bool,
    context: &dyn Context,
) -> Truth {
    let context = variables.then_some(context);
    let negated = operator.base.is_negated();
    let one = |policy: &str| match related(operator.base, value, policy, context) {
        Some(truth) => truth,
        // What cannot be read fails a positive operator, and leaves a negated one open: a Deny then applies
        // and an Allow does not (7.1).
        None if negated => Truth::Unknown,
        None => Truth::False,
    };
    let some = entry.values.iter().map(|policy| one(&policy.text)).fold(Truth::False, |any, t| any.or(|| t));
    if negated { !some } else { some }
}

/// Whether a value of the request stands in the positive relation of an operator to a value of the policy;
/// `None` if one of them is not of the operator's type.
fn related(base: Base, value: Value<'_>, policy: &str, variables: Option<&dyn Context>) -> Option<Truth> {
    let text = value.with_text(<[u8]>::to_vec);
    let read = |wildcards| Pieces::read(policy, wildcards, variables);
    Some(match base.family() {
        // A variable without a value matches nothing (8).
        Family::String => match base.positive() {
            Base::StringLike => read(true).map_or(Truth::False, |pattern| pattern.matches(&text)),
            Base::StringEqualsIgnoreCase => {
                read(false).map_or(Truth::False, |pattern| pattern.lowered().matches(&lower(&text)))
            }
            _ => read(false).map_or(Truth::False, |pattern| pattern.matches(&text)),
        },
        // The two are identical, and take wildcards in each part.
        Family::Arn => read(true).map_or(Truth::False, |pattern| matches_arn(&pattern, &text)),
        Family::Numeric => {
            let order = compare(&number(&text)?, &number(policy.as_bytes())?);
            stands(base, order).into()
        }
        Family::Date => {
            let request = match value {
                Value::Time(time) => time.unix_millis(),
                _ => date(&text)?,
            };
            stands(base, request.cmp(&date(policy.as_bytes())?)).into()
        }
        Family::Bool => {
            let request = flag(&text)?;
            match read(false).map(|pieces| pieces.text()) {
                None => Truth::False,
                Some(None) => Truth::Unknown,
                Some(Some(policy)) => (flag(&policy)? == request).into(),
            }
        }
        // The policy's value is the base64 of the request's bytes (7.3).
        Family::Binary => (base64(policy)? == text).into(),
        Family::Address => {
            let request = match value {
                Value::Address(address) => address,
                _ => std::str::from_utf8(&text).ok()?.parse().ok()?,
            };
            is_inside(request, policy)?.into()
        }
        Family::Null => return None,
    })
}

fn stands(base: Base, order: Ordering) -> bool {
    match base {
        Base::NumericLessThan | Base::DateLessThan => order.is_lt(),
        Base::NumericLessThanEquals | Base::DateLessThanEquals => order.is_le(),
        Base::NumericGreaterThan | Base::DateGreaterThan => order.is_gt(),
        Base::NumericGreaterThanEquals | Base::DateGreaterThanEquals => order.is_ge(),
        _ => order.is_eq(),
    }
}

/// Only `true` and `false`, without case (7.3).
fn flag(text: &[u8]) -> Option<bool> {
    match text.to_ascii_lowercase().as_slice() {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    }
}

/// A number: whether it is negative, its digits before the point without leading zeros, and those after it
/// without trailing ones.
type Number = (bool, Vec<u8>, Vec<u8>);

/// Sign, digits, fraction and exponent (7.3).
fn number(text: &[u8]) -> Option<Number> {
    let text = std::str::from_utf8(text).ok()?;
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let exponent_digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_number = is_digits(whole) && is_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    if !is_number || exponent_digits.is_empty() || !is_digits(exponent_digits) {
        return None;
    }
    // As far as numbers are read at all.
    let exponent: i64 = exponent.parse().ok().filter(|exponent: &i64| exponent.abs() <= 1_000_000)?;
    let mut whole: Vec<u8> = whole.bytes().collect();
    let mut fraction: Vec<u8> = fraction.bytes().collect();
    // The exponent moves digits over the point, and zeros where there are none.
    let moved = exponent.unsigned_abs() as usize;
    if exponent > 0 {
        fraction.resize(fraction.len().max(moved), b'0');
        whole.extend(fraction.drain(..moved));
    } else {
        let mut digits = vec![b'0'; moved.saturating_sub(whole.len())];
        digits.extend(whole.split_off(whole.len().saturating_sub(moved)));
        digits.append(&mut fraction);
        fraction = digits;
    }
    let zeros = whole.iter().take_while(|&&b| b == b'0').count();
    whole.drain(..zeros);
    while fraction.last() == Some(&b'0') {
        fraction.pop();
    }
    let is_zero = whole.is_empty() && fraction.is_empty();
    Some((text.starts_with('-') && !is_zero, whole, fraction))
}

fn compare(one: &Number, other: &Number) -> Ordering {
    let size = |(_, whole, fraction): &Number| (whole.len(), whole.clone(), fraction.clone());
    match (one.0, other.0) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => size(one).cmp(&size(other)),
        (true, true) => size(other).cmp(&size(one)),
    }
}

/// Milliseconds since 1970 of a form of ISO 8601 or of seconds, with or without a fraction (7.3). Four digits
/// are a year.
fn date(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    let fields: Vec<&str> = day.split('-').collect();
    let number = |text: &str, length: usize| -> Option<i64> {
        let is_number = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| text.parse().ok())?
    };
    let (year, month, day) = match (fields.as_slice(), time) {
        ([year], None) if number(year, 4).is_some() => (number(year, 4)?, 1, 1),
        ([year, month], None) if !year.is_empty() => (number(year, 4)?, number(month, 2)?, 1),
        ([year, month, day], _) => (number(year, 4)?, number(month, 2)?, number(day, 2)?),
        _ => return seconds(text),
    };
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = |month: i64| match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=12).contains(&month) || !(1..=length(month)).contains(&day) {
        return None;
    }
    let before = |year: i64| (0..year).map(|year| 365 + i64::from(is_leap(year))).sum::<i64>();
    let days = before(year) - before(1970) + (1..month).map(length).sum::<i64>() + day - 1;
    let Some(time) = time else { return Some(days * 86_400_000) };
    let (clock, offset) = match time.find(['Z', '+', '-']).and_then(|at| time.split_at_checked(at)) {
        None => (time, 0),
        Some((clock, "Z")) => (clock, 0),
        Some((clock, zone)) => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let minutes = number(minutes, 2).filter(|n| *n < 60)?;
            let offset = number(hours, 2).filter(|n| *n < 24)? * 60 + minutes;
            (clock, if zone.starts_with('-') { -offset } else { offset })
        }
    };
    let fields: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match fields.as_slice() {
        [hour, minute] => (hour, minute, "00"),
        [hour, minute, second] => (hour, minute, *second),
        _ => return None,
    };
    let (second, millis) = match second.split_once('.') {
        Some((second, fraction)) => (second, thousandths(fraction)?),
        None => (second, 0),
    };
    let hour = number(hour, 2).filter(|n| *n < 24)?;
    let minute = number(minute, 2).filter(|n| *n < 60)?;
    let second = number(second, 2).filter(|n| *n < 60)?;
    Some(((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + millis)
}

/// Seconds since 1970.
fn seconds(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let millis = i128::from(whole.parse::<i64>().ok()?) * 1000 + i128::from(thousandths(fraction)?);
    let millis = if text.starts_with('-') { -millis } else { millis };
    Some(millis.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
}

/// The milliseconds of a fraction; instants are no finer.
fn thousandths(fraction: &str) -> Option<i64> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<3}").get(..3)?.parse().ok()
}

/// Whether an address is in a network. Mapped addresses count as IPv4; no prefix means one address; bits of
/// the host are ignored (7.1, 7.3).
fn is_inside(address: IpAddr, network: &str) -> Option<bool> {
    let (base, prefix) = network.split_once('/').map_or((network, None), |(base, p)| (base, Some(p)));
    let base: IpAddr = base.parse().ok()?;
    let size = if base.is_ipv4() { 32 } else { 128 };
    let prefix = match prefix {
        None => size,
        Some(text) if (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) => {
            text.parse().ok().filter(|prefix| *prefix <= size)?
        }
        Some(_) => return None,
    };
    let (base, prefix) = match base {
        IpAddr::V6(v6) if prefix >= 96 && v6.to_ipv4_mapped().is_some() => (base.to_canonical(), prefix - 96),
        base => (base, prefix),
    };
    let bits = |address: IpAddr| -> Vec<bool> {
        let octets = match address {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        octets.iter().flat_map(|octet| (0..8).rev().map(move |at| octet >> at & 1 == 1)).collect()
    };
    let address = address.to_canonical();
    let same_family = address.is_ipv4() == base.is_ipv4();
    Some(same_family && bits(address).iter().zip(bits(base)).take(prefix).all(|(a, b)| *a == b))
}
