//! The texts of a recognised request, in one buffer that usually stays on the stack.

use crate::http::ShortBytes;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Bucket,
    Key,
    Version,
    SourceBucket,
    SourceKey,
    SourceVersion,
}

const COUNT: usize = 6;

/// The texts by part, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    text: ShortBytes,
    /// Where each part lies in `text`; `None` for a part that is absent.
    ranges: [Option<(u32, u32)>; COUNT],
}

impl Parts {
    /// Sets a part. Texts are bounded by the limits on paths and headers, far below 4 GiB.
    pub(super) fn push(&mut self, part: Part, text: &[u8]) {
        let start = self.text.len() as u32;
        self.text.extend_from_slice(text);
        if let Some(range) = self.ranges.get_mut(part as usize) {
            *range = Some((start, self.text.len() as u32));
        }
    }

    /// The text of a part.
    pub(super) fn get(&self, part: Part) -> Option<&[u8]> {
        let (start, end) = (*self.ranges.get(part as usize)?)?;
        self.text.get(start as usize..end as usize)
    }
}
