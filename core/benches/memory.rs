//! What policies take of the heap: `cargo bench -p s3iam --bench memory`.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

mod generated;

use generated::{compile, compile_document, leading_wildcard, literal, policy, read};
use s3iam::facade::{Policy, PolicyOptions};
use s3iam::policy::{Kind, Limits};
use std::hint::black_box;

/// Counts the bytes that are in use.
mod counting {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    struct Counting;

    static LIVE: AtomicUsize = AtomicUsize::new(0);

    // A global allocator cannot be written otherwise.
    #[allow(unsafe_code)]
    // SAFETY: every call goes to the system's allocator unchanged.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            LIVE.fetch_add(layout.size(), Relaxed);
            // SAFETY: as the caller promises.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
            LIVE.fetch_sub(layout.size(), Relaxed);
            // SAFETY: as the caller promises.
            unsafe { System.dealloc(pointer, layout) }
        }
    }

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    /// The bytes that a value keeps on the heap, itself included.
    pub fn bytes<T>(make: impl FnOnce() -> T) -> usize {
        let before = LIVE.load(Relaxed);
        let value = Box::new(make());
        let bytes = LIVE.load(Relaxed) - before;
        drop(value);
        bytes
    }
}

fn main() {
    println!("\n{:<58} {:>12}", "memory", "bytes");
    for (name, resource) in
        [("literal prefixes", literal as fn(usize) -> String), ("leading wildcards", leading_wildcard)]
    {
        for statements in [1, 10, 100, 10_000] {
            let text = policy(statements, resource);
            // Tables that are built once are not part of a policy.
            black_box(compile(&text));
            let row = |name: &str, bytes: usize, goal: &str| {
                let ratio = bytes as f64 / text.len() as f64;
                let name = format!("{statements} statements, {name}");
                println!("{name:<58} {bytes:>12}   {ratio:.2} x the text{goal}");
            };
            row(&format!("{name}: JSON text"), text.len(), "");
            row("serde_json::Value", bytes_of_value(&text), "");
            let document = read(&text, Kind::Identity);
            row("Program", counting::bytes(|| compile_document(&document)), " (goal: 3)");
            let limits = Limits { document_bytes: 64 << 20, ..Limits::default() };
            let options = PolicyOptions { limits, ..PolicyOptions::default() };
            row(
                "Policy (document and program)",
                counting::bytes(|| Policy::parse(text.as_bytes(), &options).unwrap()),
                "",
            );
        }
    }
}

fn bytes_of_value(text: &str) -> usize {
    counting::bytes(|| serde_json::from_str::<serde_json::Value>(text).unwrap())
}
