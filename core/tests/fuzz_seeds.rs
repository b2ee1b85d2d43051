//! What fuzzing checks holds for the inputs that it begins with, among them every one that failed before.

#![cfg(all(feature = "aws", feature = "accounts", feature = "forms"))]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::path::{Path, PathBuf};

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

#[test]
fn the_seeds_of_every_target_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let targets: Vec<PathBuf> =
        fuzz::ALL.iter().map(|(name, _)| folder.join(format!("targets/{name}.rs"))).collect();
    assert_eq!(entries(&folder.join("targets")), targets, "each check has its program");
    for (name, check) in fuzz::ALL {
        let seeds = entries(&folder.join("seeds").join(name));
        assert!(!seeds.is_empty(), "{name} has seeds");
        for seed in seeds {
            // The name is shown if the check panics.
            println!("{}", seed.display());
            check(&std::fs::read(seed).unwrap());
        }
    }
}
