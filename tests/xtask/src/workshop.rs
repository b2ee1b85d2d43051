//! Where the task runner works: the repository's folders, running commands, counting what passed.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository, and how commands are run in it.
pub struct Workshop {
    root: PathBuf,
}

/// What passed and failed so far.
#[derive(Debug, Default)]
pub struct Report {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, each with a line that says which.
    pub failed: Vec<String>,
}

impl Workshop {
    /// The workshop of the repository that this task runner was built from.
    pub fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        Self { root: root.canonicalize().unwrap_or(root) }
    }

    /// The repository's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A folder or file of the repository.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Runs a command to its end, with its output passed through; an error names it.
    pub fn run(&self, command: &mut Command) -> Result<(), String> {
        let text = format!("{command:?}");
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{text}: {status}")),
            Err(error) => Err(format!("{text}: {error}")),
        }
    }

    /// Runs a command and returns what it prints.
    pub fn output(&self, command: &mut Command) -> Result<String, String> {
        let text = format!("{command:?}");
        let output = command.output().map_err(|error| format!("{text}: {error}"))?;
        if !output.status.success() {
            let detail = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{text}: {}\n{detail}", output.status));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Report {
    /// Counts one test.
    pub fn count(&mut self, name: &str, result: Result<(), String>) {
        match result {
            Ok(()) => self.passed += 1,
            Err(message) => self.failed.push(format!("{name}: {message}")),
        }
    }
}
