//! The list of signed headers.

use super::limits::{MAX_SIGNED_HEADERS, MAX_SIGNED_HEADERS_BYTES};
use super::sink::Sink;
use crate::bytes::classes;
use crate::short::SmallVec;
use std::ops::Range;

/// A list of signed headers: lower-case names, sorted, each once.
#[derive(Default)]
pub(super) struct SignedHeaders<'r> {
    /// As received.
    text: &'r [u8],
    names: SmallVec<[Listed; 32]>,
    sorted: bool,
}

/// A name of the list.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    start: u16,
    length: u16,
    /// Which of the lines that were found are its own.
    pub lines: Range<u16>,
}

/// The list is malformed: a name is empty, repeated or not in lower case, or there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MalformedList;

impl<'r> SignedHeaders<'r> {
    /// Takes a list without any byte that no name has.
    pub(super) fn take(&mut self, text: &'r [u8]) -> Result<(), MalformedList> {
        const REFUSED: [u8; 256] = {
            let mut refused = [0; 256];
            let mut b = 0;
            while let Some((class, _)) = refused.split_at_mut(b).1.split_first_mut() {
                *class = matches!(b as u8, 0..=b' ' | b'=' | 0x7f | b'A'..=b'Z') as u8;
                b += 1;
            }
            refused
        };
        if text.len() > MAX_SIGNED_HEADERS_BYTES || classes(text, &REFUSED) != 0 {
            return Err(MalformedList);
        }
        self.text = text;
        self.sorted = true;
        Ok(())
    }

    /// Reads the names between `;`.
    pub(super) fn read(&mut self) -> Result<(), MalformedList> {
        self.names.clear();
        let mut start = 0;
        for name in self.text.split(|&b| b == b';') {
            if name.is_empty() || self.names.len() == MAX_SIGNED_HEADERS {
                return Err(MalformedList);
            }
            self.push(start, name.len(), 0..0);
            start += name.len() + 1;
        }
        let name = |listed: &Listed| name(self.text, listed);
        let in_order = |pair: &[Listed]| matches!(pair, [a, b] if name(a) < name(b));
        self.sorted = self.names.windows(2).all(in_order);
        if !self.sorted {
            self.names.sort_unstable_by_key(name);
        }
        if self.names.windows(2).all(in_order) { Ok(()) } else { Err(MalformedList) }
    }

    /// Appends the name of so many bytes from `start` on.
    pub(super) fn push(&mut self, start: usize, length: usize, lines: Range<u16>) {
        self.names.push(Listed { start: start as u16, length: length as u16, lines });
    }

    /// The list as received.
    pub(super) fn text(&self) -> &'r [u8] {
        self.text
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = (&'r [u8], &Listed)> {
        let text = self.text;
        self.names.iter().map(move |listed| (name(text, listed), listed))
    }

    /// Where the lines of each name are is for `find` to say.
    pub(super) fn find_lines(&mut self, mut find: impl FnMut(&'r [u8]) -> Range<u16>) {
        for listed in &mut self.names {
            listed.lines = find(name(self.text, listed));
        }
    }

    /// Writes the canonical list.
    pub(super) fn write(&self, sink: &mut impl Sink) {
        if self.sorted {
            return sink.put(self.text);
        }
        for (index, (name, _)) in self.names().enumerate() {
            if index > 0 {
                sink.put_byte(b';');
            }
            sink.put(name);
        }
    }
}

fn name<'r>(text: &'r [u8], listed: &Listed) -> &'r [u8] {
    let start = usize::from(listed.start);
    text.get(start..start + usize::from(listed.length)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(list: &str) -> Result<String, MalformedList> {
        let mut signed = SignedHeaders::default();
        signed.take(list.as_bytes())?;
        signed.read()?;
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
        assert!(canonical(&"x".repeat(MAX_SIGNED_HEADERS_BYTES)).is_ok());
        assert_eq!(canonical(&"x".repeat(MAX_SIGNED_HEADERS_BYTES + 1)), Err(MalformedList));
    }
}
