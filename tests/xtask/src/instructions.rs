//! `cargo xtask instructions`: what the time of an answer could say of a secret, and how the work grows with the
//! request, counted in instructions: times vary, these do not.
//!
//! The program that is counted is `core/examples/instructions.rs`, and valgrind counts.

use crate::debian;
use crate::stage::stage;
use crate::workshop::Workshop;

/// Requests that are refused for one wrong byte or more, each list for the same reason: the place of the byte
/// must not be seen.
const ALIKE: [&[&str]; 3] = [
    &["signature-first-byte", "signature-middle-byte", "signature-last-byte", "signature-all-bytes"],
    &["presigned-first-byte", "presigned-last-byte"],
    &["token-first-byte", "token-last-byte"],
];
/// An access key that nobody has takes as much work as a wrong signature, but for so many in a thousand.
const UNKNOWN: [&str; 2] = ["unknown-key", "signature-first-byte"];
const UNKNOWN_PER_MILLE: u64 = 10;
/// Requests of a size.
const LONG: [&str; 5] = ["long-path", "long-query", "one-name", "many-headers", "long-header"];
const SIZE: u32 = 12_000;
/// Twice the size takes at most so many hundredths of the work.
const GROWTH_PERCENT: u64 = 220;

/// Counts and compares.
pub fn run(workshop: &Workshop) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("instructions are counted on Linux only");
        return Ok(());
    }
    set_up(workshop)?;
    stage("build what is counted", || {
        let mut cargo = workshop.cargo("build");
        cargo.args(["--release", "--locked", "--quiet", "--package", "s3iam", "--example", "instructions"]);
        workshop.run(&mut cargo)
    })?;
    for requests in ALIKE {
        let counts = counts(workshop, requests, 0)?;
        println!("{}: {} instructions", requests.join(", "), counts.first().copied().unwrap_or(0));
        if counts.windows(2).any(|pair| matches!(pair, [a, b] if a != b)) {
            return Err(format!("the place of a wrong byte is seen: {counts:?}"));
        }
    }
    let counts = counts(workshop, &UNKNOWN, 0)?;
    println!("{}: {counts:?} instructions", UNKNOWN.join(", "));
    if let [unknown, wrong] = counts[..]
        && unknown.abs_diff(wrong) * 1000 > wrong * UNKNOWN_PER_MILLE
    {
        return Err(format!("an unknown access key is seen: {unknown} for {wrong} instructions"));
    }
    for request in LONG {
        let (one, two) = (count(workshop, request, SIZE)?, count(workshop, request, 2 * SIZE)?);
        println!("{request}: {one} instructions, {two} for twice the size");
        if two * 100 > one * GROWTH_PERCENT {
            return Err(format!("{request} takes more than its size: {one}, then {two} instructions"));
        }
    }
    Ok(())
}

/// Installs valgrind if there is none: by apt-get as root.
fn set_up(workshop: &Workshop) -> Result<(), String> {
    let is_there = || workshop.output(workshop.command("valgrind").arg("--version")).is_ok();
    if is_there() {
        return Ok(());
    }
    let _ = debian::install(workshop, &["valgrind"]);
    if is_there() {
        return Ok(());
    }
    Err("no valgrind, which counts instructions: on Debian the package valgrind".to_owned())
}

fn counts(workshop: &Workshop, requests: &[&str], size: u32) -> Result<Vec<u64>, String> {
    requests.iter().map(|request| count(workshop, request, size)).collect()
}

/// How many instructions two verifications of a request take.
fn count(workshop: &Workshop, request: &str, size: u32) -> Result<u64, String> {
    let all = |rounds: u32| -> Result<u64, String> {
        let mut valgrind = workshop.command("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1"]);
        valgrind.arg(workshop.release_file("examples").join("instructions"));
        valgrind.args([request, &size.to_string(), &rounds.to_string()]);
        let log = workshop.output(&mut valgrind)?;
        collected(&log).ok_or_else(|| format!("valgrind counts nothing:\n{log}"))
    };
    // The first verification may find other things for the first time.
    Ok(all(3)?.saturating_sub(all(1)?))
}

/// What valgrind's log says.
fn collected(log: &str) -> Option<u64> {
    let (_, rest) = log.lines().find_map(|line| line.split_once("Collected : "))?;
    rest.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_says_how_many_were_counted() {
        let log = "==7== Events    : Ir\n==7== Collected : 3291834\n==7== \n";
        assert_eq!(collected(log), Some(3_291_834));
        assert_eq!(collected("==7== Command: x\n"), None);
    }
}
