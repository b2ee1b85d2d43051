//! What must not touch the heap: accepting ordinary requests once the signing key is cached.
//!
//! The tests count on their own thread, so they may run beside each other.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, missing_docs)]
mod signing;

use counting::allocations;
use s3iam::http::Header;
use s3iam::signature::{Options, Verified, Verifier};
use signing::{Draft, Signer, Wire};

/// Counts the allocations of a thread.
mod counting {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;

    struct Counting;

    thread_local! {
        static COUNT: Cell<usize> = const { Cell::new(0) };
    }

    // A global allocator cannot be written otherwise.
    #[allow(unsafe_code)]
    // SAFETY: every call goes to the system's allocator unchanged.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            let _ = COUNT.try_with(|count| count.set(count.get() + 1));
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
        let before = COUNT.with(Cell::get);
        let result = call();
        let count = COUNT.with(Cell::get) - before;
        drop(result);
        count
    }
}

fn verifying(signer: &Signer, wire: &Wire, token: Option<&str>) -> usize {
    let ring = signer.ring_with(token, None);
    let verifier = Verifier::new(Options { region: signer.region.clone(), ..Options::default() });
    let headers: Vec<Header<'_>> =
        wire.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    let request = wire.request(&headers);
    let verify = || match verifier.verify(&request, &ring, signer.now()) {
        Ok(Verified::Signed(identity)) => identity.owner(),
        other => panic!("{other:?}"),
    };
    assert!(allocations(verify) > 0, "the first request fills the cache, which the counter must see");
    allocations(verify)
}

#[test]
fn a_header_signed_get_allocates_nothing() {
    let signer = Signer::default();
    let get = Draft::new("GET", "/bucket/photos/2026/cat.jpg").header("Range", "bytes=0-1023");
    assert_eq!(verifying(&signer, &signer.sign(&get), None), 0);
}

#[test]
fn many_headers_and_parameters_allocate_nothing() {
    let signer = Signer::default();
    let mut list = Draft::new("GET", "/bucket/a key with späces (and more)");
    for n in 0..16 {
        list = list.query(&format!("parameter {n}"), "a/value, which is escaped");
    }
    for n in 0..28 {
        list = list.header(&format!("x-amz-meta-{n}"), " a   value  with spaces ");
    }
    let wire = signer.sign(&list);
    assert_eq!(wire.headers.len(), 32);
    assert_eq!(verifying(&signer, &wire, None), 0);
}

#[test]
fn presigned_requests_allocate_nothing() {
    let signer = Signer::default();
    let get = Draft::new("GET", "/bucket/photos/2026/cat.jpg").query("response-content-type", "image/jpeg");
    assert_eq!(verifying(&signer, &signer.presign(&get, "3600"), None), 0);
}

#[test]
fn session_tokens_allocate_nothing() {
    let signer = Signer::default();
    let token = "IQoJb3JpZ2luX2VjE//".repeat(60);
    let get = Draft::new("GET", "/bucket/key");
    let in_header = signer.sign(&get.clone().header("x-amz-security-token", &token));
    assert_eq!(verifying(&signer, &in_header, Some(&token)), 0);
    let in_query = signer.presign(&get.query("X-Amz-Security-Token", &token), "60");
    assert_eq!(verifying(&signer, &in_query, Some(&token)), 0);
}

#[test]
fn anonymous_requests_allocate_nothing() {
    let headers: [Header<'_>; 1] = [(b"Host", b"s3.example.com")];
    let wire = Wire { method: "GET".to_owned(), target: "/b/k?a=b".to_owned(), headers: vec![], body: None };
    let (ring, verifier) = (Signer::default().ring(), Verifier::default());
    let now = Signer::default().now();
    let count = allocations(|| {
        let verified = verifier.verify(&wire.request(&headers), &ring, now);
        assert!(matches!(verified, Ok(Verified::Anonymous)));
    });
    assert_eq!(count, 0);
}
