//! The examples of the READMEs: every block of C and C++ is a whole program that runs.

use super::compiler::Dialect;
use super::{folder, run_quietly};
use crate::workshop::{Report, Workshop};
use std::path::Path;

const READMES: [&str; 2] = ["README.md", "bindings-c/README.md"];

/// Compiles and runs every example.
pub fn test(workshop: &Workshop, prefix: &Path, report: &mut Report) -> Result<(), String> {
    for readme in READMES {
        let text =
            std::fs::read_to_string(workshop.path(readme)).map_err(|error| format!("{readme}: {error}"))?;
        let examples = examples(&text);
        if examples.is_empty() {
            return Err(format!("{readme} has no examples"));
        }
        for (line, dialect, example) in examples {
            report.count(&format!("c: {readme}, line {line}"), run(workshop, prefix, dialect, example));
        }
    }
    Ok(())
}

fn run(workshop: &Workshop, prefix: &Path, dialect: Dialect, example: &str) -> Result<(), String> {
    let folder = folder(workshop, "readme")?;
    let source = folder.join(if dialect == Dialect::C { "example.c" } else { "example.cpp" });
    let program = folder.join("example");
    std::fs::write(&source, example).map_err(|error| format!("{}: {error}", source.display()))?;
    let mut compiler = dialect.compile(workshop, dialect.usual_compiler());
    let lib = prefix.join("lib");
    compiler.arg(source).arg("-I").arg(prefix.join("include")).arg("-L").arg(&lib).arg("-ls3iam");
    run_quietly(compiler.arg(format!("-Wl,-rpath,{}", lib.display())).arg("-o").arg(&program))?;
    run_quietly(&mut workshop.command(program))
}

/// The blocks of C and C++ of a Markdown text, each with the line in which it begins.
fn examples(text: &str) -> Vec<(usize, Dialect, &str)> {
    let mut examples = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("```") {
        let Some((language, block)) = rest.get(at + 3..).and_then(|block| block.split_once('\n')) else {
            break;
        };
        let Some((block, after)) = block.split_once("\n```") else { break };
        let line = text.len() - rest.len() + at;
        let line = text.get(..line).unwrap_or_default().lines().count() + 1;
        if let Some(dialect) = Dialect::of(&format!(".{language}")) {
            examples.push((line, dialect, block));
        }
        rest = after;
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_c_and_cpp_are_found() {
        let text = "# A\n\n```c\nint a;\n```\n\n```sh\nmake\n```\n```cpp\nint b;\nint c;\n```\nend\n";
        assert_eq!(examples(text), [(3, Dialect::C, "int a;"), (10, Dialect::Cpp, "int b;\nint c;")]);
        assert!(examples("no code").is_empty());
    }
}
