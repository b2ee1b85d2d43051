//! Condition values as policies write them, read once for validation and compilation alike
//! (`policy-language` 3.3).

use crate::time::Timestamp;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An integer: decimal digits with an optional sign, within 64 bits.
///
/// The request side of the numeric operators reads the same form.
pub fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// An instant in RFC 3339 with time and offset.
///
/// The request side of the date operators reads the same form.
pub fn date(text: &str) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(text.as_bytes())
}

/// A boolean in one of the spellings that MinIO takes: `1 t T TRUE true True` and
/// `0 f F FALSE false False`.
pub fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// A network of addresses: an address and how many of its leading bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// The first address, with the host bits cleared.
    base: IpAddr,
    /// How many leading bits count: at most 32 for IPv4, 128 for IPv6.
    prefix: u8,
}

impl Network {
    /// Reads `address` or `address/prefix`. Host bits are cleared. Without a prefix the network is
    /// that one address, in IPv6 too (where MinIO opens a whole /32).
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().ok()?;
        let most: u8 = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => most,
            Some(digits) => prefix_length(digits).filter(|n| *n <= most)?,
        };
        Some(Self { base: masked(address, prefix), prefix }.unmapped())
    }

    /// Whether an address lies in the network. An IPv4-mapped IPv6 address counts as IPv4, and no
    /// address of one family lies in a network of the other.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.base.is_ipv4() && masked(address, self.prefix) == self.base
    }

    /// The first address of the network.
    pub fn base(&self) -> IpAddr {
        self.base
    }

    /// How many leading bits count.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// An IPv4-mapped network as the IPv4 network that it stands for, so that it can be reached:
    /// mapped request addresses count as IPv4.
    fn unmapped(self) -> Self {
        match (self.base, self.prefix.checked_sub(96)) {
            (IpAddr::V6(base), Some(prefix)) => match base.to_ipv4_mapped() {
                Some(v4) => Self { base: IpAddr::V4(v4), prefix },
                None => self,
            },
            _ => self,
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.base, self.prefix)
    }
}

/// The address of a request: textual, without port or zone, an IPv4-mapped one as IPv4.
pub fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// A prefix length: one to three decimal digits.
fn prefix_length(digits: &str) -> Option<u8> {
    if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// An address with all but its leading bits cleared.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(a) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix.min(32))).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(a.to_bits() & mask))
        }
        IpAddr::V6(a) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix.min(128))).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(a.to_bits() & mask))
        }
    }
}

/// Bytes in base64 with the standard alphabet, padded to a multiple of four.
///
/// Line breaks are skipped, as MinIO does; any other foreign character is refused, and so are
/// padding in the wrong place and text after it.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut group = [0u8; 4];
    let (mut filled, mut padding) = (0usize, 0usize);
    for b in text.bytes().filter(|b| !matches!(b, b'\r' | b'\n')) {
        let sextet = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if filled >= 2 => {
                padding += 1;
                0
            }
            _ => return None,
        };
        // After padding nothing but padding may follow, up to the end of its group.
        if padding > 0 && (b != b'=' || filled == 0) {
            return None;
        }
        if let Some(slot) = group.get_mut(filled) {
            *slot = sextet;
        }
        filled += 1;
        if filled == 4 {
            let [a, b, c, d] = group;
            let bytes = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
            out.extend(bytes.iter().take(3 - padding));
            filled = 0;
        }
    }
    (filled == 0).then_some(out)
}

/// Writes bytes in base64 with the standard alphabet and padding.
pub fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    out.extend(letters(bytes));
    out
}

/// The letters of bytes in base64.
pub(crate) fn letters(bytes: &[u8]) -> impl Iterator<Item = char> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes.chunks(3).flat_map(|chunk| {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        [0, 1, 2, 3].map(|at| {
            let letter = ALPHABET.get((group >> (18 - 6 * at) & 63) as usize);
            letter.filter(|_| at <= chunk.len()).map_or('=', |&letter| char::from(letter))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn integers_are_signed_decimals_of_64_bits() {
        assert_eq!(integer("10"), Some(10));
        assert_eq!(integer("+007"), Some(7));
        assert_eq!(integer("-9223372036854775808"), Some(i64::MIN));
        for text in
            ["", "+", "-", "1.0", "1e3", " 1", "1 ", "1_000", "0x10", "9223372036854775808", "+-1", "١"]
        {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn booleans_have_twelve_spellings() {
        for text in ["1", "t", "T", "TRUE", "true", "True"] {
            assert_eq!(boolean(text), Some(true));
        }
        for text in ["0", "f", "F", "FALSE", "false", "False"] {
            assert_eq!(boolean(text), Some(false));
        }
        for text in ["", "yes", "tRUE", "true ", "2", "null"] {
            assert_eq!(boolean(text), None, "{text}");
        }
    }

    fn network(text: &str) -> Network {
        Network::parse(text).unwrap()
    }

    fn contains(net: &str, address: &str) -> bool {
        network(net).contains(address.parse().unwrap())
    }

    #[test]
    fn host_bits_are_cleared() {
        assert_eq!(network("10.1.2.3/8").to_string(), "10.0.0.0/8");
        assert_eq!(network("10.1.2.3").to_string(), "10.1.2.3/32");
        assert_eq!(network("0.0.0.0/0").to_string(), "0.0.0.0/0");
        assert_eq!(network("2001:db8::1/64").to_string(), "2001:db8::/64");
    }

    #[test]
    fn an_address_without_prefix_is_one_address_in_both_families() {
        assert!(contains("2001:db8::1", "2001:db8::1"));
        assert!(!contains("2001:db8::1", "2001:db8::2"));
        assert!(!contains("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn mapped_addresses_count_as_ipv4_and_families_never_meet() {
        assert!(contains("192.0.2.0/24", "::ffff:192.0.2.7"));
        assert!(contains("::ffff:192.0.2.0/120", "192.0.2.7"));
        assert!(!contains("::/0", "192.0.2.7"));
        assert!(!contains("0.0.0.0/0", "2001:db8::1"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "10.0.0.256",
            "10.0.0",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "010.0.0.0",
            " 10.0.0.0",
            "::/129",
            "fe80::1%eth0",
            "[::1]",
            "localhost",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn base64_is_strict() {
        assert_eq!(base64("aGVsbG8="), Some(b"hello".to_vec()));
        assert_eq!(base64("aGk="), Some(b"hi".to_vec()));
        assert_eq!(base64("YQ=="), Some(b"a".to_vec()));
        assert_eq!(base64(""), Some(Vec::new()));
        assert_eq!(base64("aGVs\nbG8="), Some(b"hello".to_vec()));
        for text in
            ["%%", "aGk", "a===", "=", "aGk=aGk=", "aG=k", "aGVsbG8==", "aGVs-_==", "YQ=\u{3d}=", "YQ== "]
        {
            assert_eq!(base64(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn written_base64_reads_back(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(base64(&to_base64(&bytes)), Some(bytes));
        }

        #[test]
        fn a_network_contains_its_first_address(bits in any::<u32>(), prefix in 0u8..=32) {
            let net = network(&format!("{}/{prefix}", Ipv4Addr::from_bits(bits)));
            prop_assert!(net.contains(net.base()));
            prop_assert!(net.contains(IpAddr::V4(Ipv4Addr::from_bits(bits))));
        }

        #[test]
        fn reading_never_panics(text in any::<String>()) {
            let _ = (integer(&text), boolean(&text), date(&text), Network::parse(&text), base64(&text));
        }
    }
}
