//! A compiler for `wasm32-unknown-unknown`.
//!
//! The standard library is built along with the module, which makes the module a third smaller: without
//! the machinery of panics, and itself compiled for size. That needs the library's sources, which come
//! with the toolchain in use (`rustup component add rust-src`) or with Debian's compiler, and features
//! of Cargo that are otherwise kept for nightly toolchains (`RUSTC_BOOTSTRAP`). Where there are no
//! sources, the ready-made library of `rustup target add` does, and the module is larger.

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

/// What a module is compiled for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// To be loaded over a network.
    Size,
    /// To verify signatures, by who has it on a disk.
    Speed,
}

/// Panics stop the module at once and carry no text; the core has none to begin with. The stack is half
/// as large as usual, so that the addresses behind it are a byte shorter.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Clink-arg=-zstack-size=524288";

/// Hashing is not unrolled: of a module that is to be small it would be a fifteenth. A value of more than
/// eight bytes is moved by one instruction for memory instead of several loads and stores; loops keep their
/// addresses as they are written, and loads are not doubled to save one on some path.
const SIZE_FLAGS: &str = "--cfg sha2_backend_soft=\"compact\" -Cllvm-args=--max-store-memcpy=1 \
    -Cllvm-args=--disable-lsr -Cllvm-args=--enable-pre=0 -Cllvm-args=--enable-load-pre=0";

/// Many bytes at once, which every version of Node does that the package is for.
const SPEED_FLAGS: &str = "-Ctarget-feature=+simd128";

impl Aim {
    fn profile(self) -> &'static str {
        match self {
            Aim::Size => "wasm",
            Aim::Speed => "wasm-speed",
        }
    }

    fn flags(self) -> String {
        let own = match self {
            Aim::Size => SIZE_FLAGS,
            Aim::Speed => SPEED_FLAGS,
        };
        format!("{FLAGS} {own}")
    }
}

/// How the module is compiled.
pub enum Compiler {
    /// By the toolchain in use, together with the standard library.
    WithSources,
    /// By Debian's compiler, together with the standard library, linked by this linker.
    Debian { linker: PathBuf },
    /// By the toolchain in use, with its ready-made standard library.
    Plain,
}

impl Compiler {
    /// The compiler that is installed.
    pub fn find(workshop: &Workshop) -> Option<Self> {
        let own = sysroot(workshop, "rustc")?;
        if has_sources(&own) {
            return Some(Compiler::WithSources);
        }
        let debian = sysroot(workshop, DEBIAN_RUSTC).filter(|root| has_sources(root));
        if let (Some(_), Some(linker), true) = (debian, linker(workshop), Path::new(DEBIAN_CARGO).is_file()) {
            return Some(Compiler::Debian { linker });
        }
        own.join("lib/rustlib").join(TARGET).is_dir().then_some(Compiler::Plain)
    }

    /// Installs one that makes the module small if there is none, or else any.
    pub fn set_up(workshop: &Workshop) -> Result<(), String> {
        let is_small =
            || matches!(Self::find(workshop), Some(Compiler::WithSources | Compiler::Debian { .. }));
        if is_small() {
            return Ok(());
        }
        let rustup = |arguments: &[&str]| run_within(PATIENCE, workshop.command("rustup").args(arguments));
        if rustup(&["component", "add", "rust-src"]).is_ok() && is_small() {
            return Ok(());
        }
        let debian = debian::install(workshop, &DEBIAN_PACKAGES);
        if Self::find(workshop).is_some() || rustup(&["target", "add", TARGET]).is_ok() {
            return Ok(());
        }
        Err(format!(
            "no compiler for {TARGET}: run `rustup component add rust-src`{}",
            debian.err().map_or_else(String::new, |error| format!("; {error}"))
        ))
    }

    /// `cargo build` of a module with these arguments besides, in the folder `target`.
    pub fn command(&self, workshop: &Workshop, target: &Path, aim: Aim, arguments: &[&str]) -> Command {
        let mut command = match self {
            Compiler::WithSources | Compiler::Plain => workshop.cargo("build"),
            Compiler::Debian { linker } => {
                let mut command = workshop.command(DEBIAN_CARGO);
                command
                    .arg("build")
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                command
            }
        };
        command.args(["--quiet", "--package", "s3iam-wasm", "--profile", aim.profile()]);
        command.args(["--target", TARGET, "--target-dir"]).arg(target).args(arguments);
        if !matches!(self, Compiler::Plain) {
            command.args(["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"]);
            command.env("RUSTC_BOOTSTRAP", "1");
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", aim.flags());
        }
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }

    /// Where [`Compiler::command`] leaves the module, first as it is linked and then as it is handed over.
    /// The names are the same whatever the arguments, so Cargo cannot tell whose module lies there.
    pub fn products(target: &Path, aim: Aim) -> [PathBuf; 2] {
        let folder = target.join(TARGET).join(aim.profile());
        [folder.join("deps/s3iam_wasm.wasm"), folder.join("s3iam_wasm.wasm")]
    }
}

fn sysroot(workshop: &Workshop, rustc: &str) -> Option<PathBuf> {
    let text = workshop.output(Command::new(rustc).args(["--print", "sysroot"])).ok()?;
    Some(PathBuf::from(text.trim()))
}

fn has_sources(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/std").is_dir()
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
