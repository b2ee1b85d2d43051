//! Where the task runner works: the repository's folders, running commands, counting what passed.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

    /// A program, run in the repository's root.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.root());
        command
    }

    /// The cargo that runs this task runner, with the lock file as it is and the virtual environment's
    /// Python where a build asks for one.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // What cargo sets for its children is about this task runner, not about what they build.
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        if self.python().exists() {
            command.env("PYO3_PYTHON", self.python());
        }
        command.arg(subcommand);
        command
    }

    /// The Python of the virtual environment `.venv/`, which `setup` makes from
    /// `tests/requirements.txt`.
    pub fn python(&self) -> PathBuf {
        self.path(if cfg!(windows) { ".venv/Scripts/python.exe" } else { ".venv/bin/python" })
    }

    /// A program of this workspace in release form.
    pub fn release_program(&self, name: &str) -> PathBuf {
        self.release_file(&format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A file that cargo makes in release form, or one beside those.
    pub fn release_file(&self, name: &str) -> PathBuf {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), PathBuf::from);
        target.join("release").join(name)
    }

    /// Runs a command to its end, with its output passed through; an error names it.
    pub fn run(&self, command: &mut Command) -> Result<(), String> {
        let text = words(command);
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{text}: {status}")),
            Err(error) => Err(format!("{text}: {error}")),
        }
    }

    /// Runs a command and returns what it prints.
    pub fn output(&self, command: &mut Command) -> Result<String, String> {
        let text = words(command);
        let output = command.output().map_err(|error| format!("{text}: {error}"))?;
        if !output.status.success() {
            let detail = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{text}: {}\n{detail}", output.status));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs a command with its output passed through, and gives each line of its standard output to
    /// `line` as well. Returns whether it succeeded.
    pub fn run_lines(&self, command: &mut Command, mut line: impl FnMut(&str)) -> Result<bool, String> {
        let text = words(command);
        let failed = |error: std::io::Error| format!("{text}: {error}");
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
        if let Some(output) = child.stdout.take() {
            for bytes in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let text = String::from_utf8_lossy(&bytes);
                println!("{text}");
                line(&text);
            }
        }
        Ok(child.wait().map_err(failed)?.success())
    }

    /// Does `work` unless it was done before with the same inputs: files or folders of the repository
    /// (only files that git knows or would add), and `extra` for whatever else it depends on.
    pub fn once(
        &self,
        name: &str,
        inputs: &[&str],
        extra: &str,
        work: impl FnOnce() -> Result<(), String>,
    ) -> Result<(), String> {
        let stamp = self.stamp(name);
        let Some(state) = self.state_of(inputs, extra) else { return work() };
        if std::fs::read_to_string(&stamp).is_ok_and(|text| text == state) {
            return Ok(());
        }
        self.forget(name);
        work()?;
        // The work may have written some of its inputs (a lock file): the stamp is of what is there now.
        let state = self.state_of(inputs, extra).unwrap_or_default();
        let folder = self.path("target/xtask");
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        std::fs::write(&stamp, state).map_err(|error| format!("{}: {error}", stamp.display()))
    }

    /// Like [`once`](Self::once), and does the work also if its product is not there.
    pub fn once_making(
        &self,
        name: &str,
        inputs: &[&str],
        product: &str,
        work: impl FnOnce() -> Result<(), String>,
    ) -> Result<(), String> {
        if !self.path(product).exists() {
            self.forget(name);
        }
        self.once(name, inputs, product, work)
    }

    /// Lets [`once`](Self::once) do the work again.
    pub fn forget(&self, name: &str) {
        let _ = std::fs::remove_file(self.stamp(name));
    }

    fn stamp(&self, name: &str) -> PathBuf {
        self.path("target/xtask").join(format!("{name}.stamp"))
    }

    /// A text that changes with the inputs, or `None` where git cannot list them.
    fn state_of(&self, inputs: &[&str], extra: &str) -> Option<String> {
        let mut list = self.command("git");
        list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]).args(inputs);
        let mut hasher = DefaultHasher::new();
        extra.hash(&mut hasher);
        for name in self.output(&mut list).ok()?.split('\0') {
            name.hash(&mut hasher);
            std::fs::read(self.root.join(name)).ok().hash(&mut hasher);
        }
        Some(format!("{:016x}\n", hasher.finish()))
    }
}

/// A command as a person would type it, without the environment.
fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_once_for_the_same_inputs() {
        let workshop = Workshop::new();
        let name = format!("test-{}", std::process::id());
        let done = std::cell::Cell::new(0);
        let once = |extra: &str| {
            workshop.once(&name, &["tests/xtask/src"], extra, || {
                done.set(done.get() + 1);
                Ok(())
            })
        };
        once("a").unwrap();
        once("a").unwrap();
        assert_eq!(done.get(), 1);
        once("b").unwrap();
        assert_eq!(done.get(), 2);
        assert!(workshop.once(&name, &[], "c", || Err("no".to_owned())).is_err());
        once("b").unwrap();
        assert_eq!(done.get(), 3, "failed work leaves no stamp behind");
        std::fs::remove_file(workshop.path("target/xtask").join(format!("{name}.stamp"))).unwrap();
    }

    #[test]
    fn lines_are_passed_on() {
        let workshop = Workshop::new();
        let mut lines = Vec::new();
        let mut git = workshop.command("git");
        git.args(["rev-parse", "--is-inside-work-tree"]);
        assert_eq!(workshop.run_lines(&mut git, |line| lines.push(line.to_owned())), Ok(true));
        assert_eq!(lines, ["true"]);
    }
}
