//! Counts the allocations of a thread, and their bytes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

// A global allocator cannot be written otherwise.
#[allow(unsafe_code)]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        let _ = BYTES.try_with(|bytes| bytes.set(bytes.get() + layout.size()));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many times a call allocates.
pub fn allocations<R>(call: impl FnOnce() -> R) -> usize {
    counted(call).0
}

/// How many bytes a call allocates, whether it frees them or not.
pub fn bytes<R>(call: impl FnOnce() -> R) -> usize {
    counted(call).1
}

fn counted<R>(call: impl FnOnce() -> R) -> (usize, usize) {
    let now = || (COUNT.with(Cell::get), BYTES.with(Cell::get));
    let before = now();
    let result = call();
    let after = now();
    drop(result);
    (after.0 - before.0, after.1 - before.1)
}
