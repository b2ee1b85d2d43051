//! The names that the shared library exports: those of the header, each tried with NULL, and no other.

use crate::workshop::Workshop;
use std::path::Path;

/// Compares what is exported with the header, and with the programs that try every function with NULL.
pub fn test(workshop: &Workshop, prefix: &Path) -> Result<(), String> {
    let mut nm = workshop.command("nm");
    nm.args(["--dynamic", "--defined-only", "--format=posix"]).arg(prefix.join("lib/libs3iam.so"));
    let output = workshop.output(&mut nm)?;
    let exported: Vec<&str> = output.lines().filter_map(|line| line.split(' ').next()).collect();
    if exported.is_empty() {
        return Err("the library exports nothing".to_owned());
    }
    let text =
        |path: &str| std::fs::read_to_string(workshop.path(path)).map_err(|error| format!("{path}: {error}"));
    let header = text("bindings-c/include/s3iam.h")?;
    let null = text("bindings-c/tests/null.c")? + &text("bindings-c/tests/null_signed.c")?;
    let declared = declared(&header);
    let mut wrong = Vec::new();
    for name in &exported {
        if !declared.contains(name) {
            wrong.push(format!("{name} is exported and not in the header"));
        } else if !null.contains(&format!("{name}(")) {
            wrong.push(format!("{name} is not tried with NULL"));
        }
    }
    let lost = declared.iter().filter(|name| !exported.contains(name));
    wrong.extend(lost.map(|name| format!("{name} is in the header and not exported")));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// The functions that a header declares: what stands before the parenthesis of a declaration, which
/// begins in the first column.
fn declared(header: &str) -> Vec<&str> {
    let declarations = header.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
    declarations
        .filter(|line| !line.starts_with("static") && !line.starts_with("typedef"))
        .filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_in_a_header() {
        let header = "/* a(b) */\n#define F(x) x\ntypedef struct {\n    void (*f)(int);\n} t;\n\
                      bool s3iam_one(int a);\nconst t *s3iam_two(int a,\n                   int b);\n\
                      static inline int three(void)\n{\n    return f(2);\n}\n";
        assert_eq!(declared(header), ["s3iam_one", "s3iam_two"]);
    }
}
