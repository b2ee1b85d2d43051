//! What a client may have signed in place of what arrived.
//!
//! A change replaces one element of the server's canonical request, or several that always change together.
//! [`Search`] tries them singly and then in pairs; a change under which the client's signature holds is
//! what happened, beyond doubt, since nobody hits a signature by chance.

use super::Cause;
use super::reading::Reading;
use crate::bytes::same;
use crate::signature::SecretKey;
use crate::signature::canonical::StringToSign;
use crate::signature::hash::{Buffer, Hashing};
use crate::signature::key::SigningKey;
use crate::signature::scope::Scope;
use crate::signature::sink::{Sink, hex};

/// Most signatures that are computed for one diagnosis. The derivation of a signing key counts as two.
pub(super) const MAX_TRIES: u32 = 4096;
/// Most bytes that are hashed for one diagnosis.
pub(super) const MAX_HASHED_BYTES: usize = 32 << 20;
/// Most changes that are thought of.
pub(super) const MAX_CHANGES: usize = 768;
/// Most changes that are tried in pairs.
const MAX_PAIRED: usize = 96;

/// A place in what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Method,
    Path,
    Query,
    /// The value of the header line at this place.
    Header(usize),
    Payload,
    /// The time in the string to sign.
    Date,
    /// The scope in the string to sign.
    Scope,
    /// The whole canonical request.
    Whole,
}

/// Something that the client may have done, or that may have happened on the way.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub cause: Cause,
    /// What was signed in place of what arrived.
    pub replaced: Vec<(Element, Vec<u8>)>,
    /// The key that it was signed with, by its place; the first is the right one.
    pub key: usize,
}

/// Changes in the order in which they are tried.
#[derive(Default)]
pub(super) struct Changes {
    list: Vec<Change>,
    /// So many at the front are likely enough to be tried in pairs.
    paired: usize,
    /// Keys other than the right one, each made of a secret and a scope.
    pub keys: Vec<SigningKey>,
}

impl Changes {
    /// Adds a change of one element, unless it is none or is there already.
    pub(super) fn add(&mut self, base: &Reading, cause: Cause, element: Element, text: impl Into<Vec<u8>>) {
        self.add_all(base, cause, vec![(element, text.into())]);
    }

    /// Adds a change of several elements at once.
    pub(super) fn add_all(&mut self, base: &Reading, cause: Cause, replaced: Vec<(Element, Vec<u8>)>) {
        let is_change = replaced.iter().any(|(element, text)| base.text(*element) != Some(text));
        let is_known = || self.list.iter().any(|other| other.key == 0 && other.replaced == replaced);
        if is_change && self.list.len() < MAX_CHANGES && !is_known() {
            self.list.push(Change { cause, replaced, key: 0 });
        }
    }

    /// Adds signing with another key.
    pub(super) fn add_key(
        &mut self,
        cause: Cause,
        secret: &SecretKey,
        scope: &Scope<'_>,
        replaced: Vec<(Element, Vec<u8>)>,
    ) {
        if self.list.len() < MAX_CHANGES {
            self.keys.push(SigningKey::derive(secret, scope));
            self.list.push(Change { cause, replaced, key: self.keys.len() });
        }
    }

    /// From here on changes are tried by themselves only.
    pub(super) fn end_of_pairs(&mut self) {
        self.paired = self.list.len().min(MAX_PAIRED);
    }

    /// The change of one element to this text, if it was thought of.
    pub(super) fn cause_of(&self, element: Element, text: &[u8]) -> Option<Cause> {
        let is_it = |change: &&Change| matches!(&*change.replaced, [(e, t)] if *e == element && t == text);
        self.list.iter().find(is_it).map(|change| change.cause)
    }
}

impl Reading {
    /// What the server has in this place; nothing for the whole.
    pub(super) fn text(&self, element: Element) -> Option<&[u8]> {
        let parts = &self.parts;
        match element {
            Element::Method => Some(&parts.method),
            Element::Path => Some(&parts.path),
            Element::Query => Some(&parts.query),
            Element::Header(at) => parts.headers.get(at).map(|(_, value)| value.as_slice()),
            Element::Payload => Some(&parts.payload),
            Element::Date => Some(&self.date),
            Element::Scope => self.scope().map(|scope| scope.text),
            Element::Whole => None,
        }
    }
}

/// A bounded search for the changes under which a signature holds.
pub(super) struct Search<'a> {
    base: &'a Reading,
    key: &'a SigningKey,
    left: u32,
    /// Signatures computed so far.
    pub tried: u32,
}

impl<'a> Search<'a> {
    /// A search with the right key.
    pub(super) fn new(base: &'a Reading, key: &'a SigningKey) -> Self {
        let mut canonical = Vec::new();
        base.parts.write(&mut canonical);
        let most = MAX_HASHED_BYTES / canonical.len().max(1);
        let left = u32::try_from(most).unwrap_or(u32::MAX).min(MAX_TRIES);
        Self { base, key, left, tried: 0 }
    }

    /// Finds one change, or two, under which the signature holds.
    pub(super) fn find<'c>(&mut self, changes: &'c Changes) -> Option<Vec<&'c Change>> {
        self.left = self.left.saturating_sub(2 * changes.keys.len() as u32);
        for change in &changes.list {
            if self.holds(&[change], &changes.keys) {
                return Some(vec![change]);
            }
        }
        let likely = changes.list.get(..changes.paired).unwrap_or_default();
        // The likeliest pairs first: those whose places in the order have the smallest sum.
        for sum in 1..(2 * likely.len()).saturating_sub(2) {
            for first in sum.saturating_sub(likely.len() - 1)..sum.div_ceil(2) {
                let (Some(one), Some(two)) = (likely.get(first), likely.get(sum - first)) else { continue };
                let is_same = |(element, _): &(Element, _)| one.replaced.iter().any(|(e, _)| e == element);
                if !two.replaced.iter().any(is_same) && self.holds(&[one, two], &changes.keys) {
                    return Some(vec![one, two]);
                }
            }
        }
        None
    }

    /// Whether the request's signature holds under these changes. Says no when the budget is used up.
    pub(super) fn holds(&mut self, changes: &[&Change], keys: &[SigningKey]) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        self.tried += 1;
        let number = changes.iter().map(|change| change.key).max().unwrap_or_default();
        let key = number.checked_sub(1).map_or(Some(self.key), |number| keys.get(number));
        let (Some(key), Some(claimed)) = (key, self.base.signature) else { return false };
        let mut buffer = Buffer::new();
        let request = self.hash(changes, &mut buffer);
        let date = self.text(changes, Element::Date).try_into().unwrap_or(&self.base.date);
        let string = StringToSign { date, scope: self.text(changes, Element::Scope), request: &request };
        same(&key.sign(&string, &mut buffer), &claimed)
    }

    /// Whether the request's signature is that of a canonical request.
    pub(super) fn holds_of(&mut self, canonical: &[u8]) -> bool {
        let whole = Change {
            cause: Cause::CanonicalForm,
            replaced: vec![(Element::Whole, canonical.to_vec())],
            key: 0,
        };
        self.holds(&[&whole], &[])
    }

    fn hash(&self, changes: &[&Change], buffer: &mut Buffer) -> [u8; 64] {
        let mut hashing = Hashing::new(buffer);
        match self.text(changes, Element::Whole) {
            b"" => self.write(changes, &mut hashing),
            whole => hashing.put(whole),
        }
        hex(&hashing.finish())
    }

    fn write(&self, changes: &[&Change], sink: &mut impl Sink) {
        for element in [Element::Method, Element::Path, Element::Query] {
            sink.put(self.text(changes, element));
            sink.put_byte(b'\n');
        }
        for (at, (name, _)) in self.base.parts.headers.iter().enumerate() {
            sink.put_line(name, self.text(changes, Element::Header(at)));
        }
        sink.put_byte(b'\n');
        sink.put(&self.base.parts.list);
        sink.put_byte(b'\n');
        sink.put(self.text(changes, Element::Payload));
    }

    fn text<'t>(&'t self, changes: &[&'t Change], element: Element) -> &'t [u8] {
        let replaced = changes.iter().flat_map(|change| &change.replaced).find(|(e, _)| *e == element);
        replaced.map_or_else(|| self.base.text(element).unwrap_or_default(), |(_, text)| text)
    }
}
