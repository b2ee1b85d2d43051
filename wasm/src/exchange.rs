//! The buffer that the caller fills before a call. It is reused, so a call costs no allocation.

use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

/// A buffer larger than this is given back by the next call of [`exchange`] that needs less.
const KEPT_BYTES: usize = 1024 * 1024;

thread_local! {
    static EXCHANGE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for `length` bytes and says where they go; nowhere (null) if there is no memory. Nothing
/// else moves the buffer, so the place holds until the next call of this function.
#[wasm_bindgen]
pub fn exchange(length: usize) -> *mut u8 {
    EXCHANGE.with_borrow_mut(|buffer| {
        if buffer.len() < length || buffer.len() > KEPT_BYTES {
            *buffer = Vec::new();
            if buffer.try_reserve_exact(length).is_err() {
                return std::ptr::null_mut();
            }
            buffer.resize(length, 0);
        }
        buffer.as_mut_ptr()
    })
}

/// Leaves an answer in place of what was read, and returns twice its length, and one more if it is not ASCII, which
/// alone is quick to turn into a string. An answer is shorter than any buffer that `js/engine.js` makes room for.
pub(crate) fn leave(answer: &str) -> i32 {
    EXCHANGE.with_borrow_mut(|buffer| {
        buffer.iter_mut().zip(answer.bytes()).for_each(|(to, from)| *to = from);
    });
    2 * answer.len() as i32 + i32::from(!answer.is_ascii())
}

/// Gives the first `length` bytes of the buffer to `read`; fewer if so many were never made room for.
pub(crate) fn with_exchange<R>(length: usize, read: impl FnOnce(&[u8]) -> R) -> R {
    EXCHANGE.with_borrow(|buffer| read(buffer.get(..length).unwrap_or(buffer)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_grows_stays_and_is_given_back_when_large() {
        let small = exchange(8);
        assert_eq!(exchange(4), small);
        assert_eq!(with_exchange(4, <[u8]>::len), 4);
        assert_eq!(with_exchange(4096, <[u8]>::len), 8);
        exchange(2 * KEPT_BYTES);
        assert_eq!(with_exchange(2 * KEPT_BYTES, <[u8]>::len), 2 * KEPT_BYTES);
        exchange(1);
        assert_eq!(with_exchange(2 * KEPT_BYTES, <[u8]>::len), 1);
        assert!(exchange(usize::MAX).is_null());
        assert_eq!(with_exchange(1, <[u8]>::len), 0);
        exchange(16);
        assert_eq!(leave("an answer"), 18);
        assert_eq!(with_exchange(9, <[u8]>::to_vec), b"an answer");
        assert_eq!(leave("é"), 5);
    }
}
