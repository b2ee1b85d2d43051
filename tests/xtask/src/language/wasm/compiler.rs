//! A compiler for `wasm32-unknown-unknown`, which an ordinary Rust installation does not come with.
//!
//! Looked for in this order: the Rust toolchain in use, if its wasm32 standard library is installed;
//! Debian's compiler and library sources, from which the standard library is built along. If there
//! is neither, the first that can be installed is: by rustup, or by apt-get as root.

use crate::debian;
use crate::workshop::Workshop;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const TARGET: &str = "wasm32-unknown-unknown";
/// How long rustup may take; without a connection it never ends.
const PATIENCE: Duration = Duration::from_secs(20);
/// Debian's compiler, package manager and library sources.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// How the module is compiled.
pub enum Compiler {
    /// By the toolchain in use.
    Toolchain,
    /// By Debian's compiler, together with the standard library, linked by this linker.
    Debian { linker: PathBuf },
}

impl Compiler {
    /// The compiler that is installed.
    pub fn find(workshop: &Workshop) -> Option<Self> {
        let library = sysroot(workshop, "rustc")?.join("lib/rustlib").join(TARGET);
        if library.is_dir() {
            return Some(Compiler::Toolchain);
        }
        let sources = sysroot(workshop, DEBIAN_RUSTC)?.join("lib/rustlib/src/rust/library/std");
        let complete = sources.is_dir() && Path::new(DEBIAN_CARGO).is_file();
        let linker = linker(workshop)?;
        complete.then_some(Compiler::Debian { linker })
    }

    /// Installs one if there is none.
    pub fn set_up(workshop: &Workshop) -> Result<(), String> {
        if Self::find(workshop).is_some() {
            return Ok(());
        }
        eprintln!("wasm: installing the standard library for {TARGET}");
        let rustup = run_within(PATIENCE, Command::new("rustup").args(["target", "add", TARGET]));
        if rustup.is_ok() && Self::find(workshop).is_some() {
            return Ok(());
        }
        let _ = debian::install(workshop, &DEBIAN_PACKAGES);
        match Self::find(workshop) {
            Some(_) => Ok(()),
            None => Err(format!(
                "no compiler for {TARGET}: run `rustup target add {TARGET}`, or on Debian `apt-get install {}`",
                DEBIAN_PACKAGES.join(" ")
            )),
        }
    }

    /// `cargo build` of the module, in the folder `target`.
    pub fn command(&self, workshop: &Workshop, target: &Path) -> Command {
        let mut command = match self {
            Compiler::Toolchain => workshop.cargo("build"),
            Compiler::Debian { linker } => {
                let mut command = workshop.command(DEBIAN_CARGO);
                command
                    .arg("build")
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                command
            }
        };
        command.args(["--quiet", "--package", "s3iam-wasm", "--profile", "wasm"]);
        command.args(["--target", TARGET, "--target-dir"]).arg(target);
        if matches!(self, Compiler::Debian { .. }) {
            command.args(["-Z", "build-std=std,panic_abort"]);
        }
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }

    /// Where [`Compiler::command`] leaves the module.
    pub fn module(target: &Path) -> PathBuf {
        target.join(TARGET).join("wasm/s3iam_wasm.wasm")
    }
}

fn sysroot(workshop: &Workshop, rustc: &str) -> Option<PathBuf> {
    let text = workshop.output(Command::new(rustc).args(["--print", "sysroot"])).ok()?;
    Some(PathBuf::from(text.trim()))
}

/// The linker inside the toolchain in use, or else Debian's.
fn linker(workshop: &Workshop) -> Option<PathBuf> {
    let text = workshop.output(Command::new("rustc").args(["--print", "target-libdir"])).ok()?;
    let own = Path::new(text.trim()).parent()?.join("bin/rust-lld");
    [own, PathBuf::from("/usr/bin/wasm-ld")].into_iter().find(|path| path.is_file())
}

/// Runs a command, and stops it when the time is over.
fn run_within(time: Duration, command: &mut Command) -> Result<(), String> {
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let end = Instant::now() + time;
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(status.to_string()),
            None if Instant::now() >= end => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("no end after {} s", time.as_secs()));
            }
            None => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}
