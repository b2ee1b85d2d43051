//! The header lines of a request: the few that authentication reads, and all of them in order of
//! name for the canonical request.

use super::limits::MAX_HEADERS;
#[cfg(feature = "forms")]
use super::limits::{MAX_HEADER_NAME_BYTES, MAX_HEADER_VALUE_BYTES};
use super::sink::Sink;
use crate::bytes::{has_space, lower_case, prefix};
use crate::http::Header;
use crate::short::SmallVec;
use crate::{Error, ErrorCode};
use std::cmp::Ordering;

/// Headers that authentication reads. Each but `Date` must not be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Authorization,
    Host,
    /// What HTTP/2 sends in place of `Host`.
    Authority,
    Date,
    AmzDate,
    ContentSha256,
    SecurityToken,
    SessionToken,
}

const FIELDS: usize = 8;

/// The power of two between the longest name and the longest value.
#[cfg(feature = "forms")]
const NAME_TO_VALUE: u32 = (MAX_HEADER_VALUE_BYTES + 1).ilog2() - (MAX_HEADER_NAME_BYTES + 1).ilog2();

/// The header lines of a request. It is filled where it lies, since it is too large to be passed around.
#[derive(Default)]
pub(super) struct Headers<'r> {
    lines: &'r [Header<'r>],
    names: SmallVec<[Name<'r>; 32]>,
    fields: [Option<&'r [u8]>; FIELDS],
    date_repeated: bool,
}

impl<'r> Headers<'r> {
    /// Looks through the header lines once.
    pub(super) fn read(&mut self, lines: &'r [Header<'r>]) -> Result<(), Error> {
        if lines.len() > MAX_HEADERS {
            return Err(ErrorCode::TooManyHeaders.into());
        }
        self.lines = lines;
        #[cfg(feature = "forms")]
        let mut lengths = 0;
        for (name, value) in lines {
            // Of limits that are one below a power of two, lengths joined bit by bit keep what exceeds them.
            #[cfg(feature = "forms")]
            (lengths |= value.len() | name.len() << NAME_TO_VALUE);
            let name = Name::new(name);
            self.names.push(name);
            if let Some(field) = Field::of(&name) {
                self.note(field, &name, trim(value))?;
            }
        }
        #[cfg(feature = "forms")]
        if lengths > MAX_HEADER_VALUE_BYTES {
            return Err(ErrorCode::HeaderTooLong.into());
        }
        Ok(())
    }

    fn note(&mut self, field: Field, name: &Name<'_>, value: &'r [u8]) -> Result<(), Error> {
        let Some(slot) = self.fields.get_mut(field as usize) else { return Ok(()) };
        match (slot.replace(value), field) {
            (None, _) => Ok(()),
            (Some(_), Field::Date) => {
                self.date_repeated = true;
                Ok(())
            }
            (Some(_), Field::Authorization) => Err(ErrorCode::RepeatedAuthParameter.into()),
            (Some(_), _) => Err(repeated(name.text)),
        }
    }

    /// The trimmed value of a header; `None` if it is not there.
    pub(super) fn get(&self, field: Field) -> Option<&'r [u8]> {
        self.fields.get(field as usize).copied().flatten()
    }

    /// The trimmed value of a header; `None` if it is missing or empty.
    pub(super) fn value(&self, field: Field) -> Option<&'r [u8]> {
        self.get(field).filter(|value| !value.is_empty())
    }

    /// The trimmed value of any header, given by its name in lower case, which must not be repeated.
    #[cfg(feature = "forms")]
    pub(super) fn only(&self, name: &[u8]) -> Result<Option<&'r [u8]>, Error> {
        let wanted = Name::lower(name);
        let mut lines = self.names.iter().zip(0..).filter(|(line, _)| line.is(&wanted));
        let found = lines.next().map(|(_, arrival)| trim(self.line(arrival)));
        if lines.next().is_some() { Err(repeated(name)) } else { Ok(found) }
    }

    /// The value of `Date`.
    pub(super) fn date(&self) -> Result<Option<&'r [u8]>, Error> {
        if self.date_repeated { Err(repeated(b"date")) } else { Ok(self.value(Field::Date)) }
    }

    /// The host as received, or what HTTP/2 has in its place.
    pub(super) fn host(&self) -> Option<&'r [u8]> {
        self.value(Field::Host).or_else(|| self.value(Field::Authority))
    }

    /// The names of the lines, in order of arrival.
    pub(super) fn names(&self) -> &[Name<'r>] {
        &self.names
    }

    /// The value of a line as received.
    pub(super) fn line(&self, arrival: u16) -> &'r [u8] {
        self.lines.get(usize::from(arrival)).map_or(&[], |(_, value)| value)
    }

    /// The lines in order of name, those of one name in order of arrival.
    pub(super) fn sorted(&self) -> SmallVec<[(Name<'r>, u16); 32]> {
        let mut sorted: SmallVec<[_; 32]> = self.names.iter().copied().zip(0..).collect();
        sorted.sort_unstable_by(|(a, first), (b, second)| a.cmp(b).then_with(|| first.cmp(second)));
        sorted
    }
}

/// A header that must be sent once.
pub(super) fn repeated(name: &[u8]) -> Error {
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    Error::with_message(
        ErrorCode::RepeatedHeader,
        format!("The header '{name}' must be sent once and was sent more than once."),
    )
}

impl Field {
    fn of(name: &Name<'_>) -> Option<Self> {
        // The length leaves at most two names, and the prefix is most of the comparison or all of it.
        let is = |wanted: &[u8; 16], field| (name.prefix == u128::from_be_bytes(*wanted)).then_some(field);
        let ends = |rest: &[u8]| name.text.get(16..).is_some_and(|end| end.eq_ignore_ascii_case(rest));
        match name.text.len() {
            4 => is(b"host\0\0\0\0\0\0\0\0\0\0\0\0", Field::Host)
                .or_else(|| is(b"date\0\0\0\0\0\0\0\0\0\0\0\0", Field::Date)),
            10 => is(b"x-amz-date\0\0\0\0\0\0", Field::AmzDate)
                .or_else(|| is(b":authority\0\0\0\0\0\0", Field::Authority)),
            13 => is(b"authorization\0\0\0", Field::Authorization),
            20 => is(b"x-amz-content-sh", Field::ContentSha256)
                .filter(|_| ends(b"a256"))
                .or_else(|| is(b"x-amz-security-t", Field::SecurityToken).filter(|_| ends(b"oken"))),
            21 => is(b"x-amz-s3session-", Field::SessionToken).filter(|_| ends(b"token")),
            _ => None,
        }
    }
}

/// A header name that compares without regard to ASCII case. Its first 16 bytes, in lower case, are
/// one number, so that most comparisons are one instruction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'r> {
    prefix: u128,
    /// The name as received.
    pub text: &'r [u8],
}

impl<'r> Name<'r> {
    /// Takes a name.
    pub(super) fn new(text: &'r [u8]) -> Self {
        Self { prefix: lower_case(prefix(text)), text }
    }

    /// Takes a name that is in lower case already.
    pub(super) fn lower(text: &'r [u8]) -> Self {
        Self { prefix: prefix(text), text }
    }

    /// Whether it begins with `x-amz-`.
    pub(super) fn is_amz(&self) -> bool {
        self.prefix.to_be_bytes().starts_with(b"x-amz-")
    }

    /// Whether names are the same in lower case.
    #[inline]
    pub(super) fn is(&self, other: &Self) -> bool {
        self.prefix == other.prefix && self.cmp_rest(other).is_eq()
    }

    /// The order of names in lower case.
    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        self.prefix.cmp(&other.prefix).then_with(|| self.cmp_rest(other))
    }

    /// The order of names that begin alike.
    #[inline]
    fn cmp_rest(&self, other: &Self) -> Ordering {
        if self.text.len() <= 16 && self.text.len() == other.text.len() {
            return Ordering::Equal;
        }
        self.cmp_long(other)
    }

    fn cmp_long(&self, other: &Self) -> Ordering {
        let rest = |name: &Self| name.text.get(16..).unwrap_or_default();
        if self.text.len() == other.text.len() && rest(self).eq_ignore_ascii_case(rest(other)) {
            return Ordering::Equal;
        }
        let lower = |name| rest(name).iter().map(u8::to_ascii_lowercase);
        lower(self).cmp(lower(other)).then(self.text.len().cmp(&other.text.len()))
    }
}

/// Without white space at the ends.
pub(super) fn trim(value: &[u8]) -> &[u8] {
    match (value.first(), value.last()) {
        (Some(first), Some(last)) if *first > b' ' && *last > b' ' => value,
        _ => value.trim_ascii(),
    }
}

/// Writes a header value as it is signed: trimmed, and each inner run of white space, which is where
/// a folded line continues as well, as one space.
pub(super) fn write_value(value: &[u8], sink: &mut impl Sink) {
    if !has_space(value) {
        return sink.put(value);
    }
    let mut first = true;
    for word in value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        if !first {
            sink.put_byte(b' ');
        }
        first = false;
        sink.put(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read<'r>(lines: &'r [Header<'r>]) -> Result<Headers<'r>, Error> {
        let mut headers = Headers::default();
        headers.read(lines).map(|()| headers)
    }

    fn written(value: &[u8]) -> String {
        let mut out = Vec::new();
        write_value(value, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn values_are_trimmed_and_their_inner_white_space_is_folded() {
        for (value, expected) in [
            ("  a   b  c  ", "a b c"),
            ("\"a   b\"", "\"a b\""),
            ("a\tb", "a b"),
            ("value1\r\n  value2\n\tvalue3", "value1 value2 value3"),
            ("plain", "plain"),
            ("one space", "one space"),
            ("   ", ""),
            ("", ""),
        ] {
            assert_eq!(written(value.as_bytes()), expected, "{value:?}");
        }
        assert_eq!(written(b"\xff \xfe"), "\u{fffd} \u{fffd}", "other bytes pass through");
    }

    #[test]
    fn names_of_fields_compare_without_case_and_values_are_trimmed() {
        let lines: [Header<'_>; 3] =
            [(b"AUTHORIZATION", b" x "), (b"X-Amz-S3Session-Token", b"t"), (b"Host", b"")];
        let headers = read(&lines).unwrap();
        assert_eq!(headers.get(Field::Authorization), Some(&b"x"[..]));
        assert_eq!(headers.get(Field::SessionToken), Some(&b"t"[..]));
        assert_eq!(headers.get(Field::Host), Some(&b""[..]));
        assert_eq!(headers.value(Field::Host), None);
        assert_eq!(headers.get(Field::AmzDate), None);
    }

    #[test]
    fn single_valued_headers_are_refused_when_repeated() {
        for (name, code) in [
            (&b"Authorization"[..], ErrorCode::RepeatedAuthParameter),
            (b"Host", ErrorCode::RepeatedHeader),
            (b"X-Amz-Date", ErrorCode::RepeatedHeader),
            (b"x-amz-content-sha256", ErrorCode::RepeatedHeader),
            (b"x-amz-security-token", ErrorCode::RepeatedHeader),
            (b"x-amz-s3session-token", ErrorCode::RepeatedHeader),
        ] {
            let lower = name.to_ascii_lowercase();
            let lines: [Header<'_>; 2] = [(name, b"a"), (&lower, b"a")];
            assert_eq!(read(&lines).err().unwrap().code(), code);
        }
        let dates: [Header<'_>; 2] = [(b"Date", b"a"), (b"date", b"a")];
        assert_eq!(read(&dates).unwrap().date().unwrap_err().code(), ErrorCode::RepeatedHeader);
    }

    #[test]
    fn http_2_may_name_the_host_otherwise() {
        let both: [Header<'_>; 2] = [(b":authority", b"a"), (b"host", b"b")];
        assert_eq!(read(&both).unwrap().host(), Some(&b"b"[..]));
        assert_eq!(read(&both[..1]).unwrap().host(), Some(&b"a"[..]));
    }

    #[test]
    fn header_lines_are_bounded() {
        let lines = vec![(&b"a"[..], &b"b"[..]); MAX_HEADERS + 1];
        assert!(read(&lines[..MAX_HEADERS]).is_ok());
        assert_eq!(read(&lines).err().unwrap().code(), ErrorCode::TooManyHeaders);
    }

    #[cfg(feature = "forms")]
    #[test]
    fn lines_are_bounded() {
        let (name, value) = (vec![b'n'; MAX_HEADER_NAME_BYTES + 1], vec![b'v'; MAX_HEADER_VALUE_BYTES + 1]);
        let longest: [Header<'_>; 1] = [(&name[1..], &value[1..])];
        assert!(read(&longest).is_ok());
        let too_long: [Header<'_>; 2] = [(&name, b"v"), (b"n", &value)];
        for line in &too_long {
            assert_eq!(read(std::slice::from_ref(line)).err().unwrap().code(), ErrorCode::HeaderTooLong);
        }
    }

    proptest! {
        #[test]
        fn names_compare_as_their_lower_case_texts(a in "[xX]-[aA]mz-[a-bA-B0-1-]{0,14}", b in "[xX]-[aA]mz-[a-bA-B0-1-]{0,14}") {
            let expected = a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase());
            let (name_a, name_b) = (Name::new(a.as_bytes()), Name::new(b.as_bytes()));
            prop_assert_eq!(name_a.cmp(&name_b), expected);
            prop_assert!(name_a.is_amz());
            prop_assert!(!Name::new(b"x-amzn-trace-id").is_amz());
        }

        #[test]
        fn folding_is_splitting_at_white_space(value in "[a-c \t]{0,20}") {
            let words: Vec<&str> = value.split_ascii_whitespace().collect();
            prop_assert_eq!(written(value.as_bytes()), words.join(" "));
        }
    }
}
