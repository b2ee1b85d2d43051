//! The texts of a document.

/// A text of a document; it is used as a `&str`.
#[cfg(not(target_family = "wasm"))]
pub use shared::Piece;

#[cfg(not(target_family = "wasm"))]
pub(crate) use shared::Source;

/// A text of a document. The wasm module is to be small first, and copies each text by itself.
#[cfg(target_family = "wasm")]
pub type Piece = String;

#[cfg(target_family = "wasm")]
pub(crate) use plain::Source;

#[cfg(target_family = "wasm")]
mod plain {
    #[derive(Default)]
    pub(crate) struct Source;

    impl Source {
        pub(crate) fn of(_: &[u8]) -> Self {
            Self
        }

        pub(crate) fn piece(&self, _: u32, text: &str) -> String {
            text.to_owned()
        }
    }
}

/// Pieces of one copy of the whole text. Most texts are a few bytes of it, and sharing them spares a block of
/// memory for each.
#[cfg(not(target_family = "wasm"))]
mod shared {
    use std::fmt::{self, Debug, Display, Formatter};
    use std::ops::Deref;
    use std::sync::Arc;

    /// The text that pieces are taken from.
    #[derive(Default)]
    pub(crate) struct Source(Arc<str>);

    impl Source {
        /// A copy of the text of a document; nothing, if it is not UTF-8.
        pub(crate) fn of(text: &[u8]) -> Self {
            Self(std::str::from_utf8(text).unwrap_or_default().into())
        }

        /// What stands in the source from `start` on, if that is `text`; else a copy of it.
        pub(crate) fn piece(&self, start: u32, text: &str) -> Piece {
            let end = start as usize + text.len();
            match self.0.get(start as usize..end) {
                Some(found) if found == text => Piece { source: self.0.clone(), start, end: end as u32 },
                _ => text.into(),
            }
        }
    }

    /// A text of a document.
    #[derive(Clone, Default)]
    pub struct Piece {
        source: Arc<str>,
        start: u32,
        end: u32,
    }

    impl Piece {
        /// The text.
        pub fn as_str(&self) -> &str {
            self.source.get(self.start as usize..self.end as usize).unwrap_or_default()
        }

        /// How many bytes it has; the text itself is not looked at.
        pub fn len(&self) -> usize {
            (self.end - self.start) as usize
        }

        /// Whether it has no bytes.
        pub fn is_empty(&self) -> bool {
            self.start == self.end
        }
    }

    impl From<&str> for Piece {
        fn from(text: &str) -> Self {
            Self { source: text.into(), start: 0, end: text.len() as u32 }
        }
    }

    impl Deref for Piece {
        type Target = str;

        fn deref(&self) -> &str {
            self.as_str()
        }
    }

    impl Debug for Piece {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            Debug::fmt(self.as_str(), f)
        }
    }

    impl Display for Piece {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            Display::fmt(self.as_str(), f)
        }
    }

    impl PartialEq for Piece {
        fn eq(&self, other: &Self) -> bool {
            self.as_str() == other.as_str()
        }
    }

    impl Eq for Piece {}

    impl PartialEq<str> for Piece {
        fn eq(&self, other: &str) -> bool {
            self.as_str() == other
        }
    }

    impl PartialEq<&str> for Piece {
        fn eq(&self, other: &&str) -> bool {
            self.as_str() == *other
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_piece_is_shared_where_it_stands_and_else_copied() {
            let source = Source::of("say \"é\" once".as_bytes());
            let shared = source.piece(5, "é");
            assert_eq!((&*shared, Arc::strong_count(&source.0)), ("é", 2));
            for (start, text) in [(0, "é"), (6, "é"), (5, "e"), (u32::MAX, "é"), (13, ""), (14, "")] {
                assert_eq!(source.piece(start, text), text, "{start}");
            }
            assert_eq!(Source::of(b"\xff").piece(0, ""), Piece::default());
        }
    }
}
