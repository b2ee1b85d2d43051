//! The query of a request: its pairs in canonical order, and the parameters that authenticate.

use super::encode::{BrokenEscape, Encoded};
use super::limits::MAX_QUERY_PARAMETERS;
use super::options::RepeatedQueryOrder;
use super::sink::Sink;
use crate::short::SmallVec;
use crate::{Error, ErrorCode};
use std::cmp::Ordering;

/// The parameters that carry authentication. Their names are case-sensitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Algorithm,
    Credential,
    Date,
    Expires,
    SignedHeaders,
    Signature,
    SecurityToken,
    SessionToken,
    ContentSha256,
    AccessKeyV2,
    SignatureV2,
}

const PARAMETERS: usize = 11;

/// The query of a request. It is filled where it lies, since it is too large to be passed around.
#[derive(Default)]
pub(super) struct Query<'r> {
    pairs: SmallVec<[Pair<'r>; 16]>,
    parameters: [Option<Encoded<'r>>; PARAMETERS],
    repeated: bool,
    /// The canonical query, if it is a part of the query as received.
    text: Option<&'r [u8]>,
}

struct Pair<'r> {
    name: Encoded<'r>,
    value: Encoded<'r>,
    arrival: u16,
    is_signature: bool,
}

impl<'r> Query<'r> {
    /// Reads a query and puts it into canonical order.
    pub(super) fn read(&mut self, text: &'r [u8], order: RepeatedQueryOrder) -> Result<(), Error> {
        let (mut sorted, mut canonical, mut length) = (true, true, 0);
        let read = |text: Result<_, BrokenEscape>| text.map_err(|_| Error::new(ErrorCode::InvalidUri));
        let mut rest = text;
        while let Some(&first) = rest.first() {
            if first == b'&' {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let arrival = self.pairs.len();
            if arrival == MAX_QUERY_PARAMETERS {
                return Err(ErrorCode::TooManyQueryParameters.into());
            }
            let name = read(Encoded::name(rest))?;
            rest = rest.get(name.text.len()..).unwrap_or_default();
            let behind = rest.strip_prefix(b"=");
            rest = behind.unwrap_or(rest);
            let value = read(Encoded::value(rest))?;
            rest = rest.get(value.text.len()..).unwrap_or_default();
            let parameter = name.as_is().map_or_else(|| name.with_decoded(Parameter::of), Parameter::of);
            let is_signature = parameter == Some(Parameter::Signature);
            self.note(parameter, value);
            let pair = Pair { name, value, arrival: arrival as u16, is_signature };
            // Where the signature stands does not matter.
            sorted &= is_signature || self.pairs.last().is_none_or(|last| last.compare(&pair, order).is_le());
            // An `=` that is missing and an `&` too many would make up for each other in the length.
            canonical &= behind.is_some() && name.is_canonical() && value.is_canonical();
            // The name, `=`, the value and the `&` before the next name.
            length += name.text.len() + value.text.len() + 2;
            self.pairs.push(pair);
        }
        if !sorted {
            self.pairs.sort_unstable_by(|a, b| a.compare(b, order));
        }
        if sorted && canonical && length == text.len() + 1 {
            self.text = without_signature(text, &self.pairs);
        }
        Ok(())
    }

    fn note(&mut self, parameter: Option<Parameter>, value: Encoded<'r>) {
        let Some(parameter) = parameter else { return };
        if let Some(slot) = self.parameters.get_mut(parameter as usize) {
            // `Signature` may be an ordinary parameter of a request that is authenticated otherwise.
            let ambiguous = !matches!(parameter, Parameter::AccessKeyV2 | Parameter::SignatureV2);
            self.repeated |= slot.is_some() && ambiguous;
            *slot = Some(value);
        }
    }

    /// Whether an authentication parameter occurs more than once.
    pub(super) fn repeats_authentication(&self) -> bool {
        self.repeated
    }

    /// Whether the parameter is there, even if empty.
    pub(super) fn has(&self, parameter: Parameter) -> bool {
        self.get(parameter).is_some()
    }

    /// The value of a parameter, still encoded.
    pub(super) fn get(&self, parameter: Parameter) -> Option<Encoded<'r>> {
        self.parameters.get(parameter as usize).copied().flatten()
    }

    /// The value of a parameter, still encoded; `None` if it is missing or empty.
    pub(super) fn value(&self, parameter: Parameter) -> Option<Encoded<'r>> {
        self.get(parameter).filter(|value| !value.text.is_empty())
    }

    /// Shows every name and value, decoded.
    #[cfg(feature = "forms")]
    pub(super) fn each(&self, mut see: impl FnMut(&[u8], &[u8])) {
        for pair in &self.pairs {
            let mut value = SmallVec::<[u8; 128]>::new();
            pair.value.decode_into(|bytes| value.extend_from_slice(bytes));
            let mut name = SmallVec::<[u8; 128]>::new();
            pair.name.decode_into(|bytes| name.extend_from_slice(bytes));
            see(&name, &value);
        }
    }

    /// Whether there is such a name.
    #[cfg(feature = "forms")]
    pub(super) fn any_name(&self, is: impl Fn(&[u8]) -> bool) -> bool {
        let mut any = false;
        self.each(|name, _| any |= is(name));
        any
    }

    /// The names and values in canonical order, still encoded.
    #[cfg(feature = "forms")]
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Encoded<'r>, Encoded<'r>)> {
        self.pairs.iter().map(|pair| (pair.name, pair.value))
    }

    /// Writes the canonical query, without `X-Amz-Signature`.
    pub(super) fn write(&self, sink: &mut impl Sink) {
        if let Some(text) = self.text {
            return sink.put(text);
        }
        let mut first = true;
        for pair in self.pairs.iter().filter(|pair| !pair.is_signature) {
            if !first {
                sink.put_byte(b'&');
            }
            first = false;
            pair.name.write(sink);
            sink.put_byte(b'=');
            pair.value.write(sink);
        }
    }
}

impl Pair<'_> {
    /// The order in which pairs are signed.
    fn compare(&self, other: &Self, order: RepeatedQueryOrder) -> Ordering {
        self.name.compare(other.name).then_with(|| match order {
            RepeatedQueryOrder::Value => self.value.compare(other.value),
            RepeatedQueryOrder::Arrival => self.arrival.cmp(&other.arrival),
        })
    }
}

/// A canonical query without its signature, if that stands at its end, where clients put it.
fn without_signature<'r>(text: &'r [u8], pairs: &[Pair<'r>]) -> Option<&'r [u8]> {
    match pairs {
        [others @ .., last] if last.is_signature => {
            let length = last.name.text.len() + last.value.text.len() + 2;
            let rest = text.get(..text.len().checked_sub(length)?)?;
            (!others.iter().any(|pair| pair.is_signature)).then_some(rest)
        }
        pairs => (!pairs.iter().any(|pair| pair.is_signature)).then_some(text),
    }
}

impl Parameter {
    /// The parameter of a name as it is spelt by nearly all clients.
    fn of(name: &[u8]) -> Option<Self> {
        const NAMES: [(&[u8], Parameter); PARAMETERS] = [
            (b"X-Amz-Algorithm", Parameter::Algorithm),
            (b"X-Amz-Credential", Parameter::Credential),
            (b"X-Amz-Date", Parameter::Date),
            (b"X-Amz-Expires", Parameter::Expires),
            (b"X-Amz-SignedHeaders", Parameter::SignedHeaders),
            (b"X-Amz-Signature", Parameter::Signature),
            (b"X-Amz-Security-Token", Parameter::SecurityToken),
            (b"X-Amz-S3session-Token", Parameter::SessionToken),
            (b"X-Amz-Content-Sha256", Parameter::ContentSha256),
            (b"AWSAccessKeyId", Parameter::AccessKeyV2),
            (b"Signature", Parameter::SignatureV2),
        ];
        NAMES.iter().find(|(text, _)| *text == name).map(|(_, parameter)| *parameter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], order: RepeatedQueryOrder) -> Result<Query<'_>, Error> {
        let mut query = Query::default();
        query.read(text, order).map(|()| query)
    }

    fn canonical(text: &str, order: RepeatedQueryOrder) -> String {
        let mut out = Vec::new();
        read(text.as_bytes(), order).unwrap().write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn pairs_are_sorted_by_name_then_value() {
        for (wire, expected) in [
            ("b=2&a=1", "a=1&b=2"),
            ("a-b=2&a=1", "a=1&a-b=2"),
            ("a=2&a=1&a", "a=&a=1&a=2"),
            ("uploads", "uploads="),
            ("b&&a=", "a=&b="),
            ("&a", "a="),
            ("a=1&&b", "a=1&b="),
            ("Z=1&a=1", "Z=1&a=1"),
            ("p=a/b:c", "p=a%2Fb%3Ac"),
            ("p=a+b&q=%2B", "p=a%20b&q=%2B"),
            ("a;b=1", "a%3Bb=1"),
            ("a=1=2", "a=1%3D2"),
            ("%61=1&B=2", "B=2&a=1"),
            ("=v", "=v"),
            ("", ""),
        ] {
            assert_eq!(canonical(wire, RepeatedQueryOrder::Value), expected, "{wire}");
        }
    }

    #[test]
    fn a_canonical_query_is_written_as_it_is() {
        let as_it_is = |text: &str| {
            let query = read(text.as_bytes(), RepeatedQueryOrder::Value).unwrap();
            query.text.map(|text| String::from_utf8(text.to_vec()).unwrap())
        };
        for text in ["a=1", "a=1&b=", "a=1&a=2&b=%2F", "X-Amz-Date=1&x=%20"] {
            assert_eq!(as_it_is(text).as_deref(), Some(text));
            assert_eq!(canonical(text, RepeatedQueryOrder::Value), text);
        }
        for text in [
            "b=1&a=1", "a", "a=1&", "&a", "a=1&&b", "a&&b=1", "&a=1", "a=1&&b=2", "a=b=c", "a=/", "a=%2f",
            "a=+",
        ] {
            assert_eq!(as_it_is(text), None, "{text}");
        }
        assert_eq!(as_it_is("X-Amz-Date=1&X-Amz-Signature=f").as_deref(), Some("X-Amz-Date=1"));
        assert_eq!(as_it_is("X-Amz-Signature=f").as_deref(), None);
        assert_eq!(as_it_is("X-Amz-Signature=f&a=1"), None);
        assert_eq!(canonical("X-Amz-Signature=f", RepeatedQueryOrder::Value), "");
    }

    #[test]
    fn repeated_names_may_keep_their_arrival_order() {
        assert_eq!(canonical("a=2&b=0&a=1", RepeatedQueryOrder::Arrival), "a=2&a=1&b=0");
    }

    #[test]
    fn exactly_the_signature_is_left_out() {
        let wire = "X-Amz-Signature=f&x-amz-signature=g&X-Amz-Date=d&X-Amz-%53ignature=h";
        assert_eq!(canonical(wire, RepeatedQueryOrder::Value), "X-Amz-Date=d&x-amz-signature=g");
    }

    #[test]
    fn every_parameter_is_found_by_its_name() {
        for (name, parameter) in [
            ("X-Amz-Algorithm", Parameter::Algorithm),
            ("X-Amz-Credential", Parameter::Credential),
            ("X-Amz-Date", Parameter::Date),
            ("X-Amz-Expires", Parameter::Expires),
            ("X-Amz-SignedHeaders", Parameter::SignedHeaders),
            ("X-Amz-Signature", Parameter::Signature),
            ("X-Amz-Security-Token", Parameter::SecurityToken),
            ("X-Amz-S3session-Token", Parameter::SessionToken),
            ("X-Amz-Content-Sha256", Parameter::ContentSha256),
            ("AWSAccessKeyId", Parameter::AccessKeyV2),
            ("Signature", Parameter::SignatureV2),
        ] {
            // As it is, and with its first letter escaped.
            let escaped = format!("%{:02x}{}", name.as_bytes()[0], &name[1..]);
            for spelling in [name, &escaped] {
                let query = read(spelling.as_bytes(), RepeatedQueryOrder::Value).unwrap();
                assert!(query.has(parameter), "{spelling}");
                assert!(query.value(parameter).is_none(), "empty counts as missing");
                assert_eq!(query.parameters.iter().flatten().count(), 1);
            }
        }
        let query = read(b"X-Amz-Date=1&x-amz-expires=2", RepeatedQueryOrder::Value).unwrap();
        assert_eq!(query.value(Parameter::Date).unwrap().text, b"1");
        assert!(!query.has(Parameter::Expires), "names are case-sensitive");
    }

    #[test]
    fn repetition_is_noticed_however_it_is_spelt() {
        let repeats = |text: &str| read(text.as_bytes(), RepeatedQueryOrder::Value).unwrap().repeated;
        assert!(repeats("X-Amz-Date=1&X-Amz-Date=1"));
        assert!(repeats("X-Amz-Date=1&X-Amz-%44ate=1"));
        assert!(!repeats("X-Amz-Date=1&x-amz-date=1&a=1&a=1"));
    }

    #[test]
    fn queries_are_bounded() {
        let many = vec!["a=1"; MAX_QUERY_PARAMETERS].join("&");
        assert!(read(many.as_bytes(), RepeatedQueryOrder::Value).is_ok());
        let error = read((many + "&a").as_bytes(), RepeatedQueryOrder::Value).err().unwrap();
        assert_eq!(error.code(), ErrorCode::TooManyQueryParameters);
        let error = read(b"a=%zz", RepeatedQueryOrder::Value).err().unwrap();
        assert_eq!(error.code(), ErrorCode::InvalidUri);
    }
}
