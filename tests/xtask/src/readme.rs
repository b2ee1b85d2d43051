//! The examples of `README.md` run as they stand. Those in Rust are doc tests of the core.

use crate::workshop::{Report, Workshop};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs every example that is not Rust; the bindings are built already.
pub fn run(workshop: &Workshop, report: &mut Report) -> Result<(), String> {
    let text =
        std::fs::read_to_string(workshop.path("README.md")).map_err(|error| format!("README.md: {error}"))?;
    let folder = workshop.path("target/readme");
    prepare(workshop, &folder)?;
    let examples = examples(&text);
    for wanted in ["python", "js", "c"] {
        if !examples.iter().any(|example| example.language == wanted) {
            report.failed.push(format!("README.md has no example in {wanted}"));
        }
    }
    for example in &examples {
        let name = format!("README.md, line {} ({})", example.line, example.language);
        match example.language {
            "python" => report.count(&name, python(workshop, &folder, example)),
            "js" => report.count(&name, js(workshop, &folder, example)),
            "c" => report.count(&name, c(workshop, &folder, example)),
            // Doc tests, and the commands that run this.
            "rust" | "sh" => {}
            other => report.failed.push(format!("{name}: nobody runs examples in {other:?}")),
        }
    }
    Ok(())
}

/// A fenced block.
#[derive(Debug, PartialEq, Eq)]
struct Example<'t> {
    language: &'t str,
    line: usize,
    text: String,
}

fn examples(text: &str) -> Vec<Example<'_>> {
    let mut examples: Vec<Example<'_>> = Vec::new();
    let mut inside = false;
    for (at, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if inside => inside = false,
            Some(language) => {
                inside = true;
                examples.push(Example { language, line: at + 1, text: String::new() });
            }
            None if inside => {
                if let Some(example) = examples.last_mut() {
                    example.text.push_str(line);
                    example.text.push('\n');
                }
            }
            None => {}
        }
    }
    examples
}

/// A folder in which the two npm packages can be imported by their names.
fn prepare(workshop: &Workshop, folder: &Path) -> Result<(), String> {
    let modules = folder.join("node_modules");
    let failed = |error: std::io::Error| format!("{}: {error}", modules.display());
    let _ = std::fs::remove_dir_all(&modules);
    std::fs::create_dir_all(&modules).map_err(failed)?;
    for (name, package) in [("s3iam", "bindings-node"), ("s3iam-wasm", "wasm")] {
        link(&workshop.path(package), &modules.join(name)).map_err(failed)?;
    }
    Ok(())
}

#[cfg(unix)]
fn link(folder: &Path, name: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(folder, name)
}

#[cfg(windows)]
fn link(folder: &Path, name: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(folder, name)
}

fn write(folder: &Path, example: &Example<'_>, ending: &str) -> Result<PathBuf, String> {
    let path = folder.join(format!("line-{}.{ending}", example.line));
    std::fs::write(&path, &example.text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

fn python(workshop: &Workshop, folder: &Path, example: &Example<'_>) -> Result<(), String> {
    let file = write(folder, example, "py")?;
    run_within(workshop, Command::new(workshop.python()).args(["-W", "error"]).arg(file))
}

fn js(workshop: &Workshop, folder: &Path, example: &Example<'_>) -> Result<(), String> {
    let file = write(folder, example, "mjs")?;
    run_within(workshop, Command::new("node").arg(file))
}

fn c(workshop: &Workshop, folder: &Path, example: &Example<'_>) -> Result<(), String> {
    let file = write(folder, example, "c")?;
    let program = file.with_extension(std::env::consts::EXE_EXTENSION);
    let mut compiler = workshop.command("cc");
    compiler.args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Ibindings-c/include"]);
    compiler.arg(&file).arg(workshop.release_file("libs3iam.a")).args(["-lpthread", "-ldl", "-lm"]);
    workshop.run(compiler.arg("-o").arg(&program))?;
    run_within(workshop, &mut Command::new(program))
}

/// Runs an example in the folder of the examples.
fn run_within(workshop: &Workshop, command: &mut Command) -> Result<(), String> {
    workshop.run(command.current_dir(workshop.path("target/readme")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fenced_blocks_are_examples() {
        let text = "# A\n```c\nint a;\n\nint b;\n```\nwords\n```\nplain\n```\n";
        let found = examples(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], Example { language: "c", line: 2, text: "int a;\n\nint b;\n".to_owned() });
        assert_eq!(found[1].language, "");
    }
}
