//! Tags as a request brings them: in the header `x-amz-tagging`, or in a `Tagging` document.

use super::xml::{Reader, malformed};
use crate::Error;
use crate::http::{Plus, ShortBytes, decode, query_pairs};
use crate::short::SmallVec;

/// The most tags that an object may have.
const MAX_TAGS: usize = 10;
/// The largest `Tagging` document, in bytes.
const MAX_TAGGING_BODY: usize = 64 * 1024;

/// Tags in the order of the request, in one buffer that usually stays on the stack.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags {
    text: ShortBytes,
    /// Where each tag's key starts, its value starts, and its value ends.
    tags: SmallVec<[(usize, usize, usize); MAX_TAGS]>,
}

impl Tags {
    /// Reads the header's form, `key=value&key=value`, encoded as a query. `None` if it is not one
    /// list of at most ten tags with different keys.
    pub(super) fn from_header(value: &[u8]) -> Option<Self> {
        let mut tags = Self::default();
        for (key, value) in query_pairs(value.trim_ascii()) {
            tags.add(&decode(key, Plus::Space)?, &decode(value, Plus::Space)?)?;
        }
        Some(tags)
    }

    /// Reads a `Tagging` document.
    pub(super) fn from_body(body: &[u8]) -> Option<Self> {
        if body.len() > MAX_TAGGING_BODY {
            return None;
        }
        Self::read_document(body).ok()
    }

    /// The value of a tag.
    pub(super) fn get(&self, key: &[u8]) -> Option<&[u8]> {
        let (_, value, end) = self.tags.iter().find(|&&(start, value, _)| self.slice(start, value) == key)?;
        Some(self.slice(*value, *end))
    }

    /// The keys, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.tags.iter().map(|&(start, value, _)| self.slice(start, value))
    }

    fn read_document(body: &[u8]) -> Result<Self, Error> {
        let mut tags = Self::default();
        let mut reader = Reader::new(body, "Tagging")?;
        let mut sets = 0;
        while let Some(name) = reader.child()? {
            sets += 1;
            if name != "TagSet" || sets > 1 {
                return Err(malformed());
            }
            while let Some(name) = reader.child()? {
                if name != "Tag" {
                    return Err(malformed());
                }
                let (mut key, mut value) = (None, None);
                while let Some(name) = reader.child()? {
                    let slot = match name {
                        "Key" => &mut key,
                        "Value" => &mut value,
                        _ => return Err(malformed()),
                    };
                    if slot.replace(reader.text()?).is_some() {
                        return Err(malformed());
                    }
                }
                let (key, value) = key.zip(value).ok_or_else(malformed)?;
                tags.add(key.as_bytes(), value.as_bytes()).ok_or_else(malformed)?;
            }
        }
        reader.finish()?;
        Ok(tags)
    }

    fn add(&mut self, key: &[u8], value: &[u8]) -> Option<()> {
        let good = !key.is_empty()
            && self.tags.len() < MAX_TAGS
            && self.get(key).is_none()
            && std::str::from_utf8(key).is_ok()
            && std::str::from_utf8(value).is_ok();
        if !good {
            return None;
        }
        let start = self.text.len();
        self.text.extend_from_slice(key);
        self.text.extend_from_slice(value);
        self.tags.push((start, start + key.len(), self.text.len()));
        Some(())
    }

    fn slice(&self, start: usize, end: usize) -> &[u8] {
        self.text.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_a_query() {
        let tags = Tags::from_header(b" env=prod&a%20b=c+d&empty ").unwrap();
        assert_eq!(tags.keys().collect::<Vec<_>>(), [&b"env"[..], b"a b", b"empty"]);
        assert_eq!(tags.get(b"a b"), Some(&b"c d"[..]));
        assert_eq!(tags.get(b"empty"), Some(&b""[..]));
        assert_eq!(tags.get(b"ENV"), None);
        for value in ["=x", "a=1&a=2", "a=%4", "a=%ff", "1&2&3&4&5&6&7&8&9&10&11"] {
            assert!(Tags::from_header(value.as_bytes()).is_none(), "{value}");
        }
    }

    #[test]
    fn the_document_says_the_same() {
        let tags = Tags::from_body(
            b"<Tagging><TagSet><Tag><Key>env</Key><Value>prod</Value></Tag>\
              <Tag><Value/><Key>x</Key></Tag></TagSet></Tagging>",
        )
        .unwrap();
        assert_eq!((tags.get(b"env"), tags.get(b"x")), (Some(&b"prod"[..]), Some(&b""[..])));
        assert_eq!(Tags::from_body(b"<Tagging><TagSet/></Tagging>").unwrap().keys().count(), 0);
        for body in [
            "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>",
            "<Tagging><TagSet/><TagSet/></Tagging>",
            "<Tagging><Tag><Key>a</Key><Value>b</Value></Tag></Tagging>",
            "<x/>",
        ] {
            assert!(Tags::from_body(body.as_bytes()).is_none(), "{body}");
        }
    }
}
