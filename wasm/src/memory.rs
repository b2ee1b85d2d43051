//! The module's memory, in blocks whose sizes are powers of two.
//!
//! A block that is given back waits in the list of its size for the next text of about that length.
//! Blocks are neither cut nor joined. That is a twentieth of the code of the allocator of the standard
//! library, which alone was a fiftieth of the module, and what it wastes is bounded: half of a block, and
//! per size what was ever in use at once.

// A global allocator cannot be written otherwise.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::memory_grow;
use std::cell::UnsafeCell;
use std::ptr::{self, null_mut};

/// No block is smaller, and every block begins at a multiple of this.
const SMALLEST: usize = 16;
/// One for each power of two that an address can hold.
const SIZES: usize = usize::BITS as usize;
/// How memory grows.
const PAGE: usize = 64 * 1024;

#[global_allocator]
static MEMORY: Memory = Memory(UnsafeCell::new(Blocks { free: [null_mut(); SIZES], next: 0, end: 0 }));

struct Memory(UnsafeCell<Blocks>);

struct Blocks {
    /// The free blocks of each size; each holds the address of the next.
    free: [*mut u8; SIZES],
    /// What was never used lies from here …
    next: usize,
    /// … to here.
    end: usize,
}

// SAFETY: the module has one thread.
unsafe impl Sync for Memory {}

// SAFETY: a block is handed out once until it is given back: it comes off a list, or from memory that
// nothing was in. It is as large as its size says, which is at least the layout's, and aligned to
// `SMALLEST`, which no larger alignment passes.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: one thread, and nothing below calls back.
        let blocks = unsafe { &mut *self.0.get() };
        let size = size(layout.size());
        match blocks.free.get_mut(size) {
            Some(free) if !free.is_null() && layout.align() <= SMALLEST => {
                let block = *free;
                // SAFETY: a block in a list holds the address of the next.
                *free = unsafe { *block.cast() };
                block
            }
            Some(_) if layout.align() <= SMALLEST => blocks.unused(1 << size),
            _ => null_mut(),
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: one thread, and nothing below calls back.
        let blocks = unsafe { &mut *self.0.get() };
        if let Some(free) = blocks.free.get_mut(size(layout.size())) {
            // SAFETY: the block is nobody's any more, and holds an address.
            unsafe { *block.cast() = *free };
            *free = block;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        if size(bytes) == size(layout.size()) {
            return block;
        }
        // SAFETY: the caller has made sure that so many bytes can be asked for.
        let larger = unsafe { self.alloc(Layout::from_size_align_unchecked(bytes, layout.align())) };
        if !larger.is_null() {
            // SAFETY: both are at least so long, they are different blocks, and the old one is done with.
            unsafe {
                ptr::copy_nonoverlapping(block, larger, layout.size().min(bytes));
                self.dealloc(block, layout);
            }
        }
        larger
    }
}

/// Which power of two so many bytes take.
fn size(bytes: usize) -> usize {
    bytes.max(SMALLEST).next_power_of_two().trailing_zeros() as usize
}

impl Blocks {
    /// A block of memory that was never used; null if there is no more.
    fn unused(&mut self, bytes: usize) -> *mut u8 {
        if self.end - self.next < bytes {
            let pages = bytes.div_ceil(PAGE);
            let start = match memory_grow(0, pages) {
                usize::MAX => return null_mut(),
                page => page * PAGE,
            };
            // What is left of the memory before goes on in this one, unless somebody else has grown it.
            if start != self.end {
                self.next = start;
            }
            self.end = start + pages * PAGE;
        }
        let block = self.next;
        self.next += bytes;
        ptr::with_exposed_provenance_mut(block)
    }
}
