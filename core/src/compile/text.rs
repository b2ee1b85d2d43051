//! The resource text of a request: what resource patterns are compared with (`policy-language` 5.3).

use crate::evaluate::Request;
use crate::short::SmallVec;

/// A resource text; usual ones stay on the stack.
pub(super) type Buffer = SmallVec<[u8; 256]>;

/// A resource text and, where it differs, its cleaned form.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) raw: Buffer,
    pub(super) cleaned: Option<Buffer>,
}

impl Text {
    /// `bucket/object`; `bucket/` for the bucket itself, `/` for the service.
    pub(super) fn plain(request: &Request<'_>) -> Self {
        let mut raw = Buffer::new();
        raw.extend_from_slice(request.bucket);
        if request.object.first() != Some(&b'/') {
            raw.push(b'/');
        }
        raw.extend_from_slice(request.object);
        Self::with_cleaned(raw)
    }

    #[cfg(feature = "accounts")]
    /// What bucket policies compare with: as above, but `bucket` for the bucket itself.
    pub(super) fn of_bucket_policy(request: &Request<'_>) -> Self {
        if !request.object.is_empty() {
            return Self::plain(request);
        }
        let mut raw = Buffer::new();
        raw.extend_from_slice(request.bucket);
        Self::with_cleaned(raw)
    }

    #[cfg(feature = "accounts")]
    /// The same text behind the prefix of an account in the index of named accounts.
    pub(super) fn behind(&self, prefix: [u8; 4]) -> Self {
        let behind = |text: &Buffer| {
            let mut out = Buffer::new();
            out.extend_from_slice(&prefix);
            out.extend_from_slice(text);
            out
        };
        Self { raw: behind(&self.raw), cleaned: self.cleaned.as_ref().map(behind) }
    }

    /// The whole name of the resource, as policies of the AWS dialect have it.
    pub(super) fn arn(request: &Request<'_>) -> Self {
        let mut raw = Buffer::new();
        raw.extend_from_slice(request.resource);
        if raw.is_empty() && request.bucket.is_empty() {
            raw.push(b'*');
        } else if raw.is_empty() {
            raw.extend_from_slice(b"arn:aws:s3:::");
            raw.extend_from_slice(request.bucket);
            if !request.object.is_empty() {
                raw.push(b'/');
                raw.extend_from_slice(request.object);
            }
        }
        Self { raw, cleaned: None }
    }

    /// The text of a table for an action on its files: `bucket/<bucket>/table/<first segment>`,
    /// unless it is one already. `None` where no table can be meant.
    pub(super) fn table(request: &Request<'_>) -> Option<Self> {
        if request.bucket.is_empty() || request.object.is_empty() {
            return None;
        }
        if is_table_text(request) {
            return Some(Self::plain(request));
        }
        let mut raw = Buffer::new();
        raw.extend_from_slice(b"bucket/");
        raw.extend_from_slice(request.bucket);
        raw.extend_from_slice(b"/table/");
        // A key that begins with a slash names no table, and only `…/table/` or a star covers it.
        let segment = request.object.split(|&b| b == b'/').next().unwrap_or_default();
        raw.extend_from_slice(segment);
        Some(Self::with_cleaned(raw))
    }

    /// The text that memory resources are compared with: cleaned, where that is something.
    pub(super) fn clean(&self) -> &[u8] {
        self.cleaned.as_ref().unwrap_or(&self.raw)
    }

    fn with_cleaned(raw: Buffer) -> Self {
        let cleaned = needs_cleaning(&raw).then(|| clean(&raw)).filter(|c| c.as_slice() != b".");
        Self { raw, cleaned }
    }
}

/// `bucket/<name>/table/<id>`, `…/view/<id>` and the same without id.
fn is_table_text(request: &Request<'_>) -> bool {
    if request.bucket != b"bucket" {
        return false;
    }
    let mut segments = request.object.split(|&b| b == b'/');
    let (name, kind) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    let rest = segments.count();
    !name.is_empty() && (kind == b"table" || kind == b"view") && rest <= 1
}

/// Whether cleaning would change the text: it has an empty, `.` or `..` segment, or ends in `/`.
fn needs_cleaning(text: &[u8]) -> bool {
    let mut previous = 0u8;
    for &b in text {
        if previous == b'/' && (b == b'/' || b == b'.') {
            return true;
        }
        previous = b;
    }
    previous == b'/' || text.first() == Some(&b'.')
}

/// Cleans a path lexically: `//` collapses, `.` goes away, `..` takes the segment before it along,
/// a trailing `/` is dropped; an empty result is `.`.
fn clean(text: &[u8]) -> Buffer {
    let rooted = text.first() == Some(&b'/');
    let mut out = Buffer::new();
    if rooted {
        out.push(b'/');
    }
    // What `..` must not cross: the root, or leading `..` segments of a relative path.
    let mut floor = out.len();
    for segment in text.split(|&b| b == b'/') {
        match segment {
            b"" | b"." => {}
            b".." if out.len() > floor => {
                let end = out.iter().rposition(|&b| b == b'/').unwrap_or(0);
                out.truncate(end.max(floor));
            }
            b".." if rooted => {}
            segment => {
                if out.last().is_some_and(|&b| b != b'/') {
                    out.push(b'/');
                }
                out.extend_from_slice(segment);
                if segment == b".." {
                    floor = out.len();
                }
            }
        }
    }
    if out.is_empty() {
        out.push(b'.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cleaning_is_lexical() {
        for (text, cleaned) in [
            ("b/", "b"),
            ("b//a", "b/a"),
            ("b/./a/", "b/a"),
            ("b/x/../a", "b/a"),
            ("b/../other/x", "other/x"),
            ("/", "/"),
            ("/..", "/"),
            ("/../a", "/a"),
            ("../../a", "../../a"),
            ("a/../..", ".."),
            ("a/..", "."),
            ("", "."),
            ("b/.hidden", "b/.hidden"),
        ] {
            assert_eq!(String::from_utf8_lossy(&clean(text.as_bytes())), cleaned, "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_that_needs_no_cleaning_is_clean(text in "[ab./]{1,12}") {
            if !needs_cleaning(text.as_bytes()) {
                let cleaned = clean(text.as_bytes());
                prop_assert_eq!(cleaned.as_slice(), text.as_bytes());
            }
        }

        #[test]
        fn cleaning_twice_changes_nothing(text in "[ab./]{0,12}") {
            let once = clean(text.as_bytes());
            prop_assert_eq!(clean(&once), once);
        }
    }
}
