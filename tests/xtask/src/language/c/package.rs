//! The installed library, as a user gets it: installed into a prefix of its own and used from a
//! project that knows nothing of this repository (`tests/packages/c`).

use super::compiler::Dialect;
use super::{folder, run_quietly};
use crate::workshop::{Report, Workshop};
use std::path::{Path, PathBuf};
use std::process::Command;

const PROJECT: &str = "tests/packages/c";

/// Installs the built library into a fresh prefix.
pub fn install(workshop: &Workshop) -> Result<PathBuf, String> {
    let prefix = folder(workshop, "prefix")?;
    std::fs::remove_dir_all(&prefix).map_err(|error| format!("{}: {error}", prefix.display()))?;
    let mut make = workshop.command("make");
    make.args(["--no-print-directory", "-C", "bindings-c", "install"]);
    make.arg(format!("PREFIX={}", prefix.display()));
    make.env("CARGO", std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    if let Some(target) = std::env::var_os("CARGO_TARGET_DIR") {
        // A relative one is meant from here, not from where make goes.
        make.env("CARGO_TARGET_DIR", workshop.root().join(target));
    }
    run_quietly(&mut make)?;
    Ok(prefix)
}

/// Builds and runs the project in every way that the library can be found.
pub fn test(workshop: &Workshop, prefix: &Path, report: &mut Report) -> Result<(), String> {
    let project = folder(workshop, "project")?;
    for (file, dialect) in [("app.c", Dialect::C), ("app.cpp", Dialect::Cpp)] {
        for linked in [Linked::Shared, Linked::Static] {
            let built = with_pkg_config(workshop, prefix, &project, file, dialect, linked);
            let result = built.and_then(|program| runs(workshop, prefix, &program));
            report.count(&format!("c: {file}, pkg-config, {linked:?}"), result);
        }
    }
    let build = project.join("cmake");
    let built = with_cmake(workshop, prefix, &build);
    for program in ["app_c", "app_c_static", "app_cpp", "app_cpp_static"] {
        let result = built.clone().and_then(|()| runs(workshop, prefix, &build.join(program)));
        report.count(&format!("c: {program}, CMake"), result);
    }
    Ok(())
}

#[derive(Clone, Copy, Debug)]
enum Linked {
    Shared,
    Static,
}

/// Compiles a file of the project with the flags that pkg-config gives; returns the program.
fn with_pkg_config(
    workshop: &Workshop,
    prefix: &Path,
    project: &Path,
    file: &str,
    dialect: Dialect,
    linked: Linked,
) -> Result<PathBuf, String> {
    let mut pkg_config = workshop.command("pkg-config");
    pkg_config.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")).args(["--cflags", "--libs", "s3iam"]);
    let mut compiler = dialect.compile(workshop, dialect.usual_compiler());
    if matches!(linked, Linked::Static) {
        pkg_config.arg("--static");
        compiler.arg("-static");
    }
    let flags = workshop.output(&mut pkg_config)?;
    let program = project.join(format!("{file}.{linked:?}"));
    compiler.arg(format!("{PROJECT}/{file}")).args(flags.split_whitespace());
    run_quietly(compiler.arg("-o").arg(&program))?;
    Ok(program)
}

/// Builds the project with CMake, which finds the installed package.
fn with_cmake(workshop: &Workshop, prefix: &Path, build: &Path) -> Result<(), String> {
    let _ = std::fs::remove_dir_all(build);
    let mut configure = workshop.command("cmake");
    configure.arg("-S").arg(PROJECT).arg("-B").arg(build);
    run_quietly(configure.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())))?;
    run_quietly(workshop.command("cmake").arg("--build").arg(build))
}

/// The program runs, finds the library where it was installed, and says what it should.
fn runs(workshop: &Workshop, prefix: &Path, program: &Path) -> Result<(), String> {
    let mut run: Command = workshop.command(program);
    let said = workshop.output(run.env("LD_LIBRARY_PATH", prefix.join("lib")))?;
    if said == "allow\n" { Ok(()) } else { Err(format!("{}: said {said:?}", program.display())) }
}
