//! The compilers, and that the headers compile under each without a warning.

use super::run_quietly;
use crate::workshop::{Report, Workshop};
use std::process::{Command, Stdio};

/// The language of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// C11
    C,
    /// C++17
    Cpp,
}

impl Dialect {
    /// The language of a file by its name.
    pub fn of(file: &str) -> Option<Self> {
        match file.rsplit_once('.')?.1 {
            "c" => Some(Dialect::C),
            "cpp" => Some(Dialect::Cpp),
            _ => None,
        }
    }

    /// The system's usual compiler.
    pub fn usual_compiler(self) -> &'static str {
        match self {
            Dialect::C => "cc",
            Dialect::Cpp => "c++",
        }
    }

    /// A compiler, to which every warning is an error.
    pub fn compile(self, workshop: &Workshop, compiler: &str) -> Command {
        let mut command = workshop.command(compiler);
        command.arg(match self {
            Dialect::C => "-std=c11",
            Dialect::Cpp => "-std=c++17",
        });
        command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
        command
    }
}

/// Compiles each header, and nothing else, under every compiler; each of the C++ header's parts under one.
pub fn test_headers(workshop: &Workshop, report: &mut Report) {
    let parts = parts(workshop);
    let parts = parts.iter().map(|part| (part.as_str(), "g++", Dialect::Cpp, ""));
    for (header, compiler, dialect, more) in [
        ("s3iam.h", "gcc", Dialect::C, ""),
        ("s3iam.h", "clang", Dialect::C, ""),
        ("s3iam.h", "g++", Dialect::Cpp, ""),
        ("s3iam.h", "clang++", Dialect::Cpp, ""),
        ("s3iam.hpp", "g++", Dialect::Cpp, ""),
        ("s3iam.hpp", "clang++", Dialect::Cpp, ""),
        ("s3iam.hpp", "g++", Dialect::Cpp, "-fno-exceptions"),
        ("s3iam.hpp", "clang++", Dialect::Cpp, "-fno-exceptions"),
    ]
    .into_iter()
    .chain(parts)
    {
        let mut command = dialect.compile(workshop, compiler);
        command.args(["-Wconversion", "-Wshadow", "-Ibindings-c/include", "-fsyntax-only"]);
        command.args((!more.is_empty()).then_some(more));
        command.args([
            "-include",
            header,
            "-x",
            if dialect == Dialect::C { "c" } else { "c++" },
            "/dev/null",
        ]);
        let result = run_quietly(command.stdin(Stdio::null()));
        report.count(&format!("c: {header} under {compiler} {more}"), result);
    }
}

/// The parts of the C++ header, in order.
fn parts(workshop: &Workshop) -> Vec<String> {
    let entries = std::fs::read_dir(workshop.path("bindings-c/include/s3iam"));
    let names = entries.into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut parts: Vec<String> = names.map(|name| format!("s3iam/{name}")).collect();
    parts.sort();
    parts
}
