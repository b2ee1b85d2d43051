//! `IpAddress` and `NotIpAddress`.

use super::value::{self, Network};
use crate::evaluate::{Value, Values};
use std::net::IpAddr;

/// An address operator with its networks.
#[derive(Clone, Debug)]
pub(super) struct AddressTest {
    pub(super) networks: Box<[Network]>,
    pub(super) negated: bool,
}

impl AddressTest {
    /// Some address lies in some network. One value that is no address makes the inner test false,
    /// so `NotIpAddress` true, even if another value matches (`policy-language` 3.3).
    pub(super) fn evaluate(&self, values: Values<'_>) -> bool {
        let inside = match values {
            Values::Missing | Values::Unknown => false,
            Values::One(Value::Address(address)) => self.covers(address),
            Values::One(value) => value.with_text(parse).is_some_and(|address| self.covers(address)),
            Values::Texts(texts) => {
                let all_parse = texts.iter().all(|text| parse(text).is_some());
                all_parse && texts.iter().filter_map(|text| parse(text)).any(|address| self.covers(address))
            }
        };
        inside != self.negated
    }

    fn covers(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }
}

fn parse(text: &[u8]) -> Option<IpAddr> {
    value::address(std::str::from_utf8(text).ok()?)
}
