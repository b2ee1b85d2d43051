//! The test programs of `bindings-c/tests`: each compiled and run plainly, under the sanitizers and
//! under valgrind.

use super::compiler::Dialect;
use super::{SYSTEM_LIBRARIES, folder, run_quietly};
use crate::workshop::{Report, Workshop};
use std::path::Path;
use std::process::Command;

/// How a program is run.
#[derive(Clone, Copy, Debug)]
enum Mode {
    /// With the shared library.
    Plain,
    /// With the static library, under AddressSanitizer (with its search for leaks) and
    /// UndefinedBehaviorSanitizer.
    Sanitized,
    /// With the shared library, under memcheck.
    Valgrind,
}

/// Compiles and runs every program in every mode.
pub fn test(workshop: &Workshop, prefix: &Path, report: &mut Report) -> Result<(), String> {
    let mut count = 0;
    for (name, dialect) in sources(workshop)? {
        for mode in [Mode::Plain, Mode::Sanitized, Mode::Valgrind] {
            let result = compile(workshop, prefix, &name, dialect, mode);
            report.count(&format!("c: {name}, {mode:?}"), result.and_then(|mut run| run_quietly(&mut run)));
            count += 1;
        }
    }
    if count == 0 { Err("c: there are no test programs".to_owned()) } else { Ok(()) }
}

/// The names of the programs' source files, in order.
fn sources(workshop: &Workshop) -> Result<Vec<(String, Dialect)>, String> {
    let folder = workshop.path("bindings-c/tests");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut sources: Vec<(String, Dialect)> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Dialect::of(&name).map(|dialect| (name, dialect)))
        .collect();
    sources.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(sources)
}

/// Compiles a program and returns the command that runs it.
fn compile(
    workshop: &Workshop,
    prefix: &Path,
    name: &str,
    dialect: Dialect,
    mode: Mode,
) -> Result<Command, String> {
    let program = folder(workshop, "programs")?.join(format!("{name}.{mode:?}"));
    let mut compiler = dialect.compile(workshop, dialect.usual_compiler());
    compiler.args(["-g", "-O1"]).arg("-I").arg(prefix.join("include"));
    compiler.args((name == "no_exceptions.cpp").then_some("-fno-exceptions"));
    if matches!(mode, Mode::Sanitized) {
        compiler.args([
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
            "-fno-omit-frame-pointer",
        ]);
    }
    compiler.arg("-o").arg(&program).arg(format!("bindings-c/tests/{name}"));
    let lib = prefix.join("lib");
    match mode {
        Mode::Sanitized => {
            compiler.arg(lib.join("libs3iam.a")).args(SYSTEM_LIBRARIES);
        }
        Mode::Plain | Mode::Valgrind => {
            compiler.arg("-L").arg(&lib).args(["-ls3iam", "-lpthread"]);
            compiler.arg(format!("-Wl,-rpath,{}", lib.display()));
        }
    }
    run_quietly(&mut compiler)?;
    let mut run = workshop.command(if matches!(mode, Mode::Valgrind) {
        "valgrind".as_ref()
    } else {
        program.as_path()
    });
    if matches!(mode, Mode::Valgrind) {
        run.args(["--quiet", "--error-exitcode=99", "--leak-check=full"]);
        run.args(["--errors-for-leak-kinds=definite,indirect,possible"]).arg(program);
    }
    run.env("ASAN_OPTIONS", "detect_leaks=1").env("UBSAN_OPTIONS", "print_stacktrace=1");
    Ok(run)
}
