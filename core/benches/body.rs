//! Reading bodies: `cargo bench -p s3iam --bench body`.
//!
//! 64 MiB in chunks of 64 KiB. The floor is bare SHA-256 over the same bytes in pieces of the same size, in the same
//! run; checksums are measured on unsigned chunks, where nothing else is computed.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../tests/chunking/mod.rs"]
mod chunking;
mod measure;
#[path = "../tests/signing/mod.rs"]
mod signing;

use chunking::{Chunked, Mode};
use measure::{Timing, head, measure};
use s3iam::signature::{BodyReader, ChecksumAlgorithm};
use sha2::{Digest, Sha256};

const LENGTH: usize = 64 << 20;
const CHUNK: usize = 64 << 10;

fn main() {
    head("body, 64 MiB in chunks of 64 KiB");
    let data: Vec<u8> = (0..LENGTH).map(|at| (at * 31 + at / 251) as u8).collect();
    let floor = measure(|| {
        let mut hash = Sha256::new();
        data.chunks(CHUNK).for_each(|chunk| hash.update(chunk));
        hash.finalize()
    });
    row("bare SHA-256", floor, floor);
    let signed = Chunked::new(Mode::Signed, None, data.chunks(CHUNK));
    for (name, piece) in [
        ("signed, whole chunks in the input", LENGTH * 2),
        ("signed, arriving in 16 KiB", 16 << 10),
        ("signed, arriving in 1448 bytes", 1448),
    ] {
        row(name, floor, measure(|| read(signed.reader(), &signed.body, piece)));
    }
    let unsigned = Chunked::new(Mode::Unsigned, None, data.chunks(CHUNK));
    row("unsigned, no checksum", floor, measure(|| read(unsigned.reader(), &unsigned.body, 16 << 10)));
    for algorithm in ChecksumAlgorithm::ALL {
        // What the trailer says is compared at the end, and costs nothing.
        let body = Chunked::new(Mode::Unsigned, Some(algorithm), data.chunks(CHUNK));
        row(algorithm.name(), floor, measure(|| read(body.reader(), &body.body, 16 << 10)));
    }
}

/// Reads a body to its end, however that is.
fn read(mut reader: BodyReader, body: &[u8], piece: usize) -> usize {
    let mut released = 0;
    for mut input in body.chunks(piece) {
        while !input.is_empty() {
            let pushed = reader.push(input).unwrap();
            released += pushed.released.len();
            input = &input[pushed.taken..];
        }
    }
    assert_eq!(released, LENGTH);
    let _ = reader.finish();
    released
}

fn row(name: &str, floor: Timing, timing: Timing) {
    let speed = LENGTH as f64 / timing.least;
    let share = floor.least / timing.least * 100.0;
    measure::row(name, timing, &format!("{speed:.2} GB/s, {share:.0} % of the speed of bare SHA-256"));
}
