//! Memory, in blocks of powers of two.
#![allow(unsafe_code)]
use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ptr::null_mut;

const CLASSES: usize = 32;
const SMALLEST: usize = 16;
const PAGE: usize = 64 * 1024;

struct Blocks(UnsafeCell<State>);
struct State {
    free: [*mut u8; CLASSES],
    next: usize,
    end: usize,
}
// SAFETY: one thread.
unsafe impl Sync for Blocks {}

#[global_allocator]
static BLOCKS: Blocks = Blocks(UnsafeCell::new(State { free: [null_mut(); CLASSES], next: 0, end: 0 }));

fn class(layout: Layout) -> usize {
    layout.size().max(SMALLEST).next_power_of_two().trailing_zeros() as usize
}

unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let state = unsafe { &mut *self.0.get() };
        let class = class(layout);
        let Some(free) = state.free.get_mut(class) else { return null_mut() };
        if !free.is_null() {
            let block = *free;
            *free = unsafe { *block.cast() };
            return block;
        }
        let size = 1usize << class;
        if state.end - state.next < size {
            let pages = size.div_ceil(PAGE);
            let at = core::arch::wasm32::memory_grow(0, pages);
            if at == usize::MAX {
                return null_mut();
            }
            let start = at * PAGE;
            if state.end != start {
                state.next = start;
            }
            state.end = start + pages * PAGE;
        }
        let block = state.next;
        state.next += size;
        block as *mut u8
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let state = unsafe { &mut *self.0.get() };
        if let Some(free) = state.free.get_mut(class(layout)) {
            unsafe { *block.cast() = *free };
            *free = block;
        }
    }
}
