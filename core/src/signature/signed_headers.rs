//! The list of signed headers.

use super::bytes::{all, find};
use super::headers::Name;
use super::limits::MAX_SIGNED_HEADERS;
use super::sink::Sink;
use crate::short::SmallVec;
use std::cmp::Ordering;

/// A list of signed headers: lower-case names, sorted, each once. It is filled where it lies, since
/// it is too large to be passed around.
#[derive(Default)]
pub(super) struct SignedHeaders<'r> {
    names: SmallVec<[Name<'r>; 32]>,
    /// The list as received, if that is already the canonical list.
    text: Option<&'r [u8]>,
}

/// The list is malformed: a name is empty, repeated or not in lower case, or there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MalformedList;

impl<'r> SignedHeaders<'r> {
    /// Reads a list, names between `;`.
    pub(super) fn read(&mut self, text: &'r [u8]) -> Result<(), MalformedList> {
        if !all(text, |b| (b > b' ') & (b != b'=') & (b != 0x7f) & (b.wrapping_sub(b'A') >= 26)) {
            return Err(MalformedList);
        }
        self.names.clear();
        let mut in_order = true;
        let mut rest = text;
        loop {
            let end = find(rest, b';');
            let name = Name::lower(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
            if name.text.is_empty() || self.names.len() == MAX_SIGNED_HEADERS {
                return Err(MalformedList);
            }
            in_order &= self.names.last().is_none_or(|last| last.cmp(&name).is_lt());
            self.names.push(name);
            let Some(end) = end else { break };
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        if !in_order {
            self.names.sort_unstable_by(Name::cmp);
            let equal = |pair: &[Name<'_>]| matches!(pair, [a, b] if a.cmp(b) == Ordering::Equal);
            if self.names.windows(2).any(equal) {
                return Err(MalformedList);
            }
        }
        self.text = in_order.then_some(text);
        Ok(())
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> &[Name<'r>] {
        &self.names
    }

    /// Writes the canonical list.
    pub(super) fn write(&self, sink: &mut impl Sink) {
        if let Some(text) = self.text {
            return sink.put(text);
        }
        for (index, name) in self.names.iter().enumerate() {
            if index > 0 {
                sink.put_byte(b';');
            }
            sink.put(name.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(list: &str) -> Result<String, MalformedList> {
        let mut signed = SignedHeaders::default();
        signed.read(list.as_bytes())?;
        let mut out = Vec::new();
        signed.write(&mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn lists_hold_lower_case_names_once() {
        for list in
            ["", "host;", ";host", "host;;range", "Host", "host; range", "host;host", "b;host;b", "a=b"]
        {
            assert_eq!(canonical(list), Err(MalformedList), "{list}");
        }
        assert_eq!(canonical("host").as_deref(), Ok("host"));
        assert_eq!(canonical("b;a;c").as_deref(), Ok("a;b;c"), "an unsorted list is sorted");
    }

    #[test]
    fn lists_are_bounded() {
        let most = (0..MAX_SIGNED_HEADERS).map(|n| format!("h{n:03}")).collect::<Vec<_>>().join(";");
        assert!(canonical(&most).is_ok());
        assert_eq!(canonical(&format!("{most};x")), Err(MalformedList));
    }
}
