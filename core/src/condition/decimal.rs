//! Decimal numbers of any length, compared exactly (`aws-evaluation` 7.3).

use crate::short::SmallVec;
use std::cmp::Ordering;

/// A decimal number: sign, digits without zeros at either end, and where its point is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    /// Nothing is zero.
    digits: SmallVec<[u8; 24]>,
    /// How many digits stand before the point; fewer than none for leading zeros after it.
    point: i64,
}

/// The largest exponent that is read; beyond it a text is no number.
const MAX_EXPONENT: i64 = 1_000_000;

impl Decimal {
    /// Reads an optional sign, digits with at most one point, and an optional exponent.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let (mantissa, exponent) = match text.iter().position(|b| matches!(b, b'e' | b'E')) {
            Some(at) => (text.get(..at)?, exponent(text.get(at + 1..)?)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.iter().position(|&b| b == b'.') {
            Some(at) => (mantissa.get(..at)?, mantissa.get(at + 1..)?),
            None => (mantissa, &b""[..]),
        };
        let all = || whole.iter().chain(fraction);
        if all().next().is_none() || !all().all(u8::is_ascii_digit) {
            return None;
        }
        let zeros = all().take_while(|&&b| b == b'0').count();
        let mut digits: SmallVec<[u8; 24]> = all().skip(zeros).copied().collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let is_zero = digits.is_empty();
        let point = whole.len() as i64 - zeros as i64 + exponent;
        Some(Self { negative: negative && !is_zero, digits, point: if is_zero { 0 } else { point } })
    }

    /// The order of the absolute values.
    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.point.cmp(&other.point).then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn exponent(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let exponent = is_number.then(|| text.parse::<i64>().ok()).flatten()?;
    (exponent.abs() <= MAX_EXPONENT).then_some(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn numbers_compare_by_value_and_not_by_text() {
        for (less, more) in [
            ("9", "10"),
            ("1.1", "1.2"),
            ("-2", "-1"),
            ("-1", "0"),
            ("0.09", "0.1"),
            ("0.1", "1"),
            ("99999999999999999999", "99999999999999999999.5"),
            ("1e2", "101"),
            ("-1e9", "1e-9"),
        ] {
            assert!(decimal(less) < decimal(more), "{less} {more}");
        }
        for (a, b) in [("10", "10.0"), ("-0", "0"), ("007", "7"), ("1e3", "1000"), (".5", "0.5"), ("5.", "5")]
        {
            assert_eq!(decimal(a), decimal(b), "{a} {b}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", ".", "-", "1.2.3", "1 ", "0x1", "1e", "1e+", "e5", "1_0", "1e99999999999", "NaN"] {
            assert_eq!(Decimal::parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn order_is_that_of_integers(a in any::<i32>(), b in any::<i32>(), shift in 0_u32..4) {
            let text = |n: i32| {
                let n = i64::from(n);
                let (sign, n, unit) = (if n < 0 { "-" } else { "" }, n.abs(), 10_i64.pow(shift));
                format!("{sign}{}.{:0width$}", n / unit, n % unit, width = shift as usize)
            };
            prop_assert_eq!(decimal(&text(a)).cmp(&decimal(&text(b))), a.cmp(&b));
        }
    }
}
