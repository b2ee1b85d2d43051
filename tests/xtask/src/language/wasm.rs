//! WebAssembly: the npm package `s3iam-wasm` and the validator page.

mod browser;
mod compiler;
mod module;
mod node_test;

use super::Language;
use crate::cases::{self, Part};
use crate::test;
use crate::workshop::{Report, Workshop};
use compiler::Compiler;
use harness::job::{Job, Verify};
use std::path::Path;
use std::process::Command;

/// The binding.
pub struct Wasm;

impl Language for Wasm {
    fn name(&self) -> &'static str {
        "wasm"
    }

    fn set_up(&self, workshop: &Workshop) -> Result<(), String> {
        Compiler::set_up(workshop)?;
        install_packages(workshop, &workshop.path("wasm"))?;
        install_packages(workshop, &workshop.path("wasm/playground"))?;
        browser::set_up(workshop)
    }

    fn build(&self, workshop: &Workshop) -> Result<(), String> {
        let compiler = Compiler::find(workshop).ok_or("no compiler for wasm32-unknown-unknown is set up")?;
        module::build(workshop, &compiler)
    }

    fn test(&self, workshop: &Workshop, report: &mut Report) -> Result<(), String> {
        report.count("wasm: sizes", module::check_sizes(workshop));
        let wasm = workshop.path("wasm");
        for features in [&[][..], &["--no-default-features"]] {
            let mut crate_tests = workshop.cargo("test");
            crate_tests.args(["--locked", "--package", "s3iam-wasm"]).args(features);
            test::count_cargo_test(workshop, &mut crate_tests, report)?;
        }
        let types = workshop.run(npm(&wasm).args(["run", "--silent", "types"]));
        report.count("wasm: types", types);
        node_test::run(workshop, report, "wasm", &wasm.join("tests"))?;
        let mut gateway = self.adapter(workshop);
        gateway.arg("gateway");
        cases::run_part(workshop, "wasm gateway", gateway, part_of_gateway, report)?;
        node_test::run(workshop, report, "wasm package", &workshop.path("tests/packages/wasm"))
    }

    fn adapter(&self, workshop: &Workshop) -> Command {
        let mut command = Command::new("node");
        command.arg(workshop.path("tests/harness/adapters/wasm.mjs"));
        command
    }
}

/// What the module for gateways answers to a job.
fn part_of_gateway(job: &Job) -> Part {
    let has = match job {
        Job::Validate(job) => job.dialect == "minio" && job.bucket.is_none(),
        Job::Decide(job) => job.dialect == "minio" && job.kind != "bucket",
        Job::Verify(job) if needs_forms(job) => return Part::NotAccepted,
        Job::Verify(_) | Job::Authorize(_) => true,
        _ => false,
    };
    if has { Part::Answered } else { Part::Unsupported }
}

/// Whether a verification needs more than SigV4 over a whole body. Such a request may be refused for what is wrong
/// with it before that is seen.
fn needs_forms(job: &Verify) -> bool {
    let asks =
        job.max_chunk_bytes > 0 || job.flags.iter().any(|flag| flag == "allow_sigv2" || flag == "min_chunk");
    let target = job.http.target.to_ascii_lowercase();
    let in_query = |name: &[u8]| target.windows(name.len()).any(|part| part == name);
    asks || in_query(b"x-amz-checksum-")
        || in_query(b"x-amz-content-sha256=streaming-")
        || in_query(b"x-amz-algorithm=aws4-ecdsa")
        || in_query(b"awsaccesskeyid=") && in_query(b"signature=")
        || job
            .http
            .headers
            .iter()
            .any(|(name, value)| needs_forms_for(&name.to_ascii_lowercase(), value.trim_ascii()))
}

/// Whether a header says so.
fn needs_forms_for(name: &[u8], value: &[u8]) -> bool {
    match name {
        b"authorization" => value.starts_with(b"AWS4-ECDSA") || value.starts_with(b"AWS "),
        b"x-amz-content-sha256" => value.starts_with(b"STREAMING-"),
        b"content-md5" | b"x-amz-trailer" | b"x-amz-sdk-checksum-algorithm" => true,
        _ => name.starts_with(b"x-amz-checksum-"),
    }
}

/// `npm ci`, unless what is installed is newer than the lock file. No package may run a script of its own.
fn install_packages(workshop: &Workshop, folder: &Path) -> Result<(), String> {
    let lock = folder.join("package-lock.json");
    if is_newer(&folder.join("node_modules/.package-lock.json"), &lock) {
        return Ok(());
    }
    workshop.run(npm(folder).args(["ci", "--ignore-scripts", "--loglevel=error"]))
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}

/// Whether `made` exists and is not older than `source`.
fn is_newer(made: &Path, source: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    matches!((time(made), time(source)), (Some(made), Some(source)) if made >= source)
}
