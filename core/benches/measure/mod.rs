//! Timing of calls far shorter than the clock's resolution: batches of about 2 ms, the least and the
//! median of many. The least is what to compare: it is the least disturbed batch.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Nanoseconds a call.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Of the fastest batch.
    pub least: f64,
    /// Of the middle one.
    pub median: f64,
}

const BATCH: Duration = Duration::from_millis(2);
const BATCHES: usize = 100;
/// Calls longer than a batch are measured for so long at most.
const LONGEST: Duration = Duration::from_secs(2);

/// Measures a call.
pub fn measure<R>(mut call: impl FnMut() -> R) -> Timing {
    let mut calls = 1u32;
    while time(calls, &mut call) < BATCH && calls < 1 << 28 {
        calls *= 2;
    }
    let start = Instant::now();
    let mut batches = Vec::with_capacity(BATCHES);
    while batches.len() < BATCHES && (batches.len() < 5 || start.elapsed() < LONGEST) {
        batches.push(time(calls, &mut call).as_nanos() as f64 / f64::from(calls));
    }
    batches.sort_by(f64::total_cmp);
    Timing { least: batches[0], median: batches[batches.len() / 2] }
}

fn time<R>(calls: u32, call: &mut impl FnMut() -> R) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call());
    }
    start.elapsed()
}

/// Prints one row: name, least, median, and a remark.
pub fn row(name: &str, timing: Timing, remark: &str) {
    println!("{name:<58} {:>12.1} {:>12.1}   {remark}", timing.least, timing.median);
}

/// Prints the head of a table.
pub fn head(title: &str) {
    println!("\n{title:<58} {:>12} {:>12}", "least ns", "median ns");
}
