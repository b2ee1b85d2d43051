//! Instants and the handful of date formats that requests and policies use. The clock itself is
//! always an argument; nothing here reads it.

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Latest representable instant, 9999-12-31T23:59:59.999Z; all formats here have four-digit years.
const LATEST: i64 = 253_402_300_799_999;
/// Earliest representable instant, 0000-01-01T00:00:00Z.
const EARLIEST: i64 = -62_167_219_200_000;
const DAY_SECONDS: i64 = 86_400;

impl Timestamp {
    /// The instant so many milliseconds after 1970-01-01T00:00:00Z, clamped to the years 0 to 9999.
    pub fn from_unix_millis(millis: i64) -> Self {
        Self(millis.clamp(EARLIEST, LATEST))
    }

    /// The instant so many seconds after 1970-01-01T00:00:00Z, clamped to the years 0 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self::from_unix_millis(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn unix_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Reads the basic form of ISO 8601 that signatures use, `yyyymmddThhmmssZ`, and nothing else.
    pub fn parse_basic(text: &[u8]) -> Option<Self> {
        let text = <&[u8; 16]>::try_from(text).ok()?;
        let (date, time) = (text.first_chunk()?, text.last_chunk()?);
        let [b'T', h1, h2, m1, m2, s1, s2, b'Z'] = *time else { return None };
        let [hour, minute, second, _] = pairs([h1, h2, m1, m2, s1, s2, b'0', b'0'])?;
        Some(Self(civil_seconds(year_month_day(*date)?, (hour, minute, second))?.checked_mul(1000)?))
    }

    /// Reads RFC 3339 with time and offset, `yyyy-mm-ddThh:mm:ss[.fraction](Z|±hh:mm)`, capital `T`
    /// and `Z` (the form that MinIO's date conditions take). Digits past milliseconds are dropped.
    pub fn parse_rfc3339(text: &[u8]) -> Option<Self> {
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if separators.iter().any(|&(at, b)| text.get(at) != Some(&b)) {
            return None;
        }
        let date = (digits(text, 0, 4)?, digits(text, 5, 2)?, digits(text, 8, 2)?);
        let time = (digits(text, 11, 2)?, digits(text, 14, 2)?, digits(text, 17, 2)?);
        let rest = text.get(19..)?;
        let zone = rest.iter().position(|b| matches!(b, b'Z' | b'+' | b'-'))?;
        let (millis, offset) = (fraction(rest.get(..zone)?)?, offset_seconds(rest.get(zone..)?)?);
        Some(Self((civil_seconds(date, time)? - offset) * 1000 + millis))
    }

    /// Reads the forms of ISO 8601 that AWS takes: a year, a month (`2020-01`), a day, or a day with a
    /// time of hours and minutes, and maybe seconds and a fraction of them, and a zone (`Z` or `+01:00`);
    /// without a zone it is UTC (W3C note on date formats; `aws-evaluation` 7.3).
    pub fn parse_iso8601(text: &[u8]) -> Option<Self> {
        let (date, time) = match text.iter().position(|&b| b == b'T') {
            Some(at) => (text.get(..at)?, Some(text.get(at + 1..)?)),
            None => (text, None),
        };
        let (month, day) = match (date.len(), date.get(4), date.get(7)) {
            (4, None, None) => (1, 1),
            (7, Some(b'-'), None) => (digits(date, 5, 2)?, 1),
            (10, Some(b'-'), Some(b'-')) => (digits(date, 5, 2)?, digits(date, 8, 2)?),
            _ => return None,
        };
        let date = (digits(date, 0, 4)?, month, day);
        let Some(time) = time.filter(|_| text.get(10) == Some(&b'T')) else {
            return time.is_none().then(|| civil_seconds(date, (0, 0, 0)).map(Self::from_unix_seconds))?;
        };
        let zone = time.iter().position(|b| matches!(b, b'Z' | b'+' | b'-')).unwrap_or(time.len());
        let (clock, zone) = time.split_at_checked(zone)?;
        let offset = if zone.is_empty() { 0 } else { offset_seconds(zone)? };
        let (second, millis) = match (clock.get(2)?, clock.len()) {
            (b':', 5) => (0, 0),
            (b':', 8..) if clock.get(5) == Some(&b':') => (digits(clock, 6, 2)?, fraction(clock.get(8..)?)?),
            _ => return None,
        };
        let seconds = civil_seconds(date, (digits(clock, 0, 2)?, digits(clock, 3, 2)?, second))?;
        Some(Self((seconds - offset) * 1000 + millis))
    }

    /// Reads an HTTP date in its RFC 1123 form, `Thu, 15 Jan 2026 12:00:00 GMT`.
    pub fn parse_http_date(text: &[u8]) -> Option<Self> {
        const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
        if text.len() != 29 || text.get(3..5) != Some(b", ") || text.get(25..) != Some(b" GMT") {
            return None;
        }
        let name = text.get(8..11)?;
        let month = MONTHS.chunks(3).position(|m| m == name)? as i64 + 1;
        let date = (digits(text, 12, 4)?, month, digits(text, 5, 2)?);
        let time = (digits(text, 17, 2)?, digits(text, 20, 2)?, digits(text, 23, 2)?);
        Some(Self(civil_seconds(date, time)?.checked_mul(1000)?))
    }

    /// `yyyymmddThhmmssZ`.
    pub fn basic(self) -> [u8; 16] {
        let [y, mo, d, h, mi, s] = self.fields();
        let mut out = *b"00000000T000000Z";
        for (at, width, value) in [(0, 4, y), (4, 2, mo), (6, 2, d), (9, 2, h), (11, 2, mi), (13, 2, s)] {
            put_digits(&mut out, at, width, value);
        }
        out
    }

    /// RFC 3339 in UTC with whole seconds, `yyyy-mm-ddThh:mm:ssZ`.
    pub fn rfc3339(self) -> [u8; 20] {
        let [y, mo, d, h, mi, s] = self.fields();
        let mut out = *b"0000-00-00T00:00:00Z";
        for (at, width, value) in [(0, 4, y), (5, 2, mo), (8, 2, d), (11, 2, h), (14, 2, mi), (17, 2, s)] {
            put_digits(&mut out, at, width, value);
        }
        out
    }

    /// Year, month, day, hour, minute, second in UTC.
    fn fields(self) -> [i64; 6] {
        let seconds = self.unix_seconds();
        let (days, time) = (seconds.div_euclid(DAY_SECONDS), seconds.rem_euclid(DAY_SECONDS));
        // Days to civil date in the proleptic Gregorian calendar, by eras of 400 years.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        [year, month, day, time / 3600, time / 60 % 60, time % 60]
    }
}

/// Whether this is `yyyymmdd` of a day that exists.
pub(crate) fn is_day(text: &[u8]) -> bool {
    let day = <[u8; 8]>::try_from(text).ok().and_then(year_month_day);
    day.is_some_and(is_civil_day)
}

fn year_month_day(text: [u8; 8]) -> Option<(i64, i64, i64)> {
    let [century, year, month, day] = pairs(text)?;
    Some((century * 100 + year, month, day))
}

/// Eight decimal digits as four numbers of two.
fn pairs(text: [u8; 8]) -> Option<[i64; 4]> {
    const EACH: u64 = u64::MAX / 0xff;
    let digits = u64::from_le_bytes(text) ^ (EACH * b'0' as u64);
    // What is more than nine has its high bit, or gets it from the sum.
    if (digits | digits.wrapping_add(EACH * (0x80 - 10))) & (EACH * 0x80) != 0 {
        return None;
    }
    let [a, _, b, _, c, _, d, _] = (digits * 10 + (digits >> 8)).to_le_bytes();
    Some([a, b, c, d].map(i64::from))
}

fn digits(text: &[u8], at: usize, width: usize) -> Option<i64> {
    let field = text.get(at..at.checked_add(width)?)?;
    field.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
}

/// Milliseconds of a fraction of a second: nothing, or a point and digits, of which three count.
pub(crate) fn fraction(text: &[u8]) -> Option<i64> {
    let Some(digits) = text.strip_prefix(b".") else { return text.is_empty().then_some(0) };
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let millis = digits.iter().zip([100, 10, 1]).map(|(digit, unit)| i64::from(digit - b'0') * unit);
    is_number.then(|| millis.sum())
}

fn put_digits(out: &mut [u8], at: usize, width: usize, mut value: i64) {
    for slot in out.iter_mut().skip(at).take(width).rev() {
        *slot = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

fn offset_seconds(text: &[u8]) -> Option<i64> {
    if text == b"Z" {
        return Some(0);
    }
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if text.len() != 6 || text.get(3) != Some(&b':') {
        return None;
    }
    let (hours, minutes) = (digits(text, 1, 2)?, digits(text, 4, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn is_civil_day((year, month, day): (i64, i64, i64)) -> bool {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Seconds since 1970 of a civil date and time, or `None` if there is no such date or time.
fn civil_seconds(
    (year, month, day): (i64, i64, i64),
    (hour, minute, second): (i64, i64, i64),
) -> Option<i64> {
    if !is_civil_day((year, month, day)) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days since 1 March of the year -400, counted in years that begin with March.
    let y = (year + 400 - i64::from(month <= 2)) as u32;
    let shifted = if month > 2 { month - 3 } else { month + 9 } as u32;
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 + day as u32 - 1;
    let days = i64::from(days) - 146_097 - 719_468;
    Some(days * DAY_SECONDS + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_agree_on_one_instant() {
        let instant = Timestamp::from_unix_seconds(1_768_478_400);
        assert_eq!(Timestamp::parse_basic(b"20260115T120000Z"), Some(instant));
        assert_eq!(Timestamp::parse_rfc3339(b"2026-01-15T12:00:00Z"), Some(instant));
        assert_eq!(Timestamp::parse_rfc3339(b"2026-01-15T13:30:00+01:30"), Some(instant));
        assert_eq!(Timestamp::parse_http_date(b"Thu, 15 Jan 2026 12:00:00 GMT"), Some(instant));
        assert_eq!(&instant.basic(), b"20260115T120000Z");
        assert_eq!(&instant.rfc3339(), b"2026-01-15T12:00:00Z");
    }

    #[test]
    fn iso_8601_has_shorter_forms() {
        let read = |text: &str| Timestamp::parse_iso8601(text.as_bytes()).map(Timestamp::unix_millis);
        assert_eq!(read("2020"), Some(1_577_836_800_000));
        assert_eq!(read("2020-01"), read("2020"));
        assert_eq!(read("2020-01-01"), read("2020"));
        assert_eq!(read("2020-01-01T00:00Z"), read("2020"));
        assert_eq!(read("2020-01-01T01:00:00+01:00"), read("2020"));
        assert_eq!(read("2020-01-01T00:00:00"), read("2020"));
        assert_eq!(read("2020-01-01T00:00:00.25Z"), Some(1_577_836_800_250));
        for text in [
            "",
            "20",
            "2020-1",
            "2020-13",
            "2020-02-30",
            "2020-01-01T",
            "2020-01-01T00Z",
            "2020-01T00:00Z",
            "2020-01-01T00:00:00.Z",
            "2020-01-01 00:00Z",
            "2020-01-01T00:00:0Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "20260230T000000Z",
            "20261332T999999Z",
            "20260115T240000Z",
            "20260115t120000Z",
            "2026011ST120000Z",
        ] {
            assert_eq!(Timestamp::parse_basic(text.as_bytes()), None, "{text}");
        }
        for text in [
            "2026-01-15",
            "2026-01-15 12:00:00Z",
            "2026-01-15T12:00:00",
            "2026-01-15T12:00:00.Z",
            "2026-02-29T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_second_of_every_year_reads_back(seconds in -62_167_219_200i64..253_402_300_800) {
            let instant = Timestamp::from_unix_seconds(seconds);
            prop_assert_eq!(Timestamp::parse_basic(&instant.basic()), Some(instant));
            prop_assert_eq!(Timestamp::parse_rfc3339(&instant.rfc3339()), Some(instant));
        }

        #[test]
        fn reading_never_panics(text in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = Timestamp::parse_basic(&text);
            let _ = Timestamp::parse_rfc3339(&text);
            let _ = Timestamp::parse_http_date(&text);
        }
    }
}
