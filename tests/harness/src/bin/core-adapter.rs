//! The core as an adapter in a process of its own: jobs on standard input, answers on standard output.

use std::io::{BufRead, BufWriter, Write, stdin, stdout};

fn main() -> std::io::Result<()> {
    let mut output = BufWriter::new(stdout().lock());
    for line in stdin().lock().lines() {
        writeln!(output, "{}", harness::core_adapter::answer_line(&line?))?;
    }
    output.flush()
}
