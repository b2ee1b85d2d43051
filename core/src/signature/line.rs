//! Lines of a chunked body, which may arrive in any pieces.

use crate::bytes::find;

/// The longest line that means anything: a trailer with the signature of SigV4A has 170 bytes.
const MAX_LINE: usize = 192;

/// A line as far as it has arrived.
#[derive(Clone, Debug)]
pub(super) struct Line {
    room: [u8; MAX_LINE],
    used: usize,
}

/// A line is longer than any that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Line {
    /// A line of which nothing has arrived.
    pub(super) fn new() -> Self {
        Self { room: [0; MAX_LINE], used: 0 }
    }

    /// Takes input up to the end of the line. Answers how much that was, and the line with its line feed if
    /// it is whole.
    pub(super) fn take<'l>(&'l mut self, input: &'l [u8]) -> Result<(usize, Option<&'l [u8]>), TooLong> {
        let end = find(input, b'\n').map(|at| at + 1);
        let taken = end.unwrap_or(input.len());
        let piece = input.get(..taken).unwrap_or_default();
        if self.used == 0 && end.is_some() {
            return if taken <= MAX_LINE { Ok((taken, Some(piece))) } else { Err(TooLong) };
        }
        let length = self.used + taken;
        self.room.get_mut(self.used..length).ok_or(TooLong)?.copy_from_slice(piece);
        if end.is_none() {
            self.used = length;
            // A line of this length cannot end any more.
            return if length < MAX_LINE { Ok((taken, None)) } else { Err(TooLong) };
        }
        self.used = 0;
        Ok((taken, self.room.get(..length)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_in_any_pieces() {
        for length in [1, 2, 80, MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, MAX_LINE * 3] {
            let mut text = vec![b'x'; length - 1];
            text.extend_from_slice(b"\nnext");
            for step in [1, 2, 3, 79, 191, 192, 193, text.len()] {
                let (mut line, mut at) = (Line::new(), 0);
                let found = loop {
                    let input = &text[at..(at + step).min(text.len())];
                    match line.take(input) {
                        Ok((taken, Some(line))) => break Ok((at + taken, line.len())),
                        Ok((taken, None)) => at += taken,
                        Err(TooLong) => break Err(TooLong),
                    }
                };
                let expected = if length <= MAX_LINE { Ok((length, length)) } else { Err(TooLong) };
                assert_eq!(found, expected, "{length} in steps of {step}");
            }
        }
    }
}
