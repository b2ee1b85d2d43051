//! The module: compiled, given its JavaScript glue, optimised, and measured.

use super::compiler::Compiler;
use crate::workshop::Workshop;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the gzipped module must not exceed, in kB of 1000 bytes.
const CEILING: u64 = 120;
/// Compilers differ by this much, so a difference up to it does not change the committed figure.
const NOISE: u64 = 2;
/// Where the size is kept.
const SIZE_FILE: &str = "wasm/size.txt";

/// Compiles the module and writes it with its glue into `wasm/js/module`.
pub fn build(workshop: &Workshop, compiler: &Compiler) -> Result<(), String> {
    let target = workshop.path("target-wasm");
    workshop.run(&mut compiler.command(workshop, &target))?;
    let module = Compiler::module(&target);
    write_glue(workshop, &module, &target.join("glue"))?;
    keep_size(workshop)
}

/// Whether the module is no larger than it may be.
pub fn check_size(workshop: &Workshop) -> Result<(), String> {
    let size = Size::measure(workshop)?;
    println!("wasm: module {} kB, gzipped {} kB, of at most {CEILING} kB", size.module, size.gzipped);
    if size.gzipped > CEILING {
        return Err(format!("{} kB gzipped, more than {CEILING} kB", size.gzipped));
    }
    Ok(())
}

/// The optimised module.
fn shipped(workshop: &Workshop) -> PathBuf {
    workshop.path("wasm/js/module/s3iam_bg.wasm")
}

/// Writes the glue, and the optimised module beside it.
fn write_glue(workshop: &Workshop, module: &Path, folder: &Path) -> Result<(), String> {
    let mut glue = workshop.cargo("run");
    glue.args(["--quiet", "--package", "wasm-glue", "--"]).arg(module).arg(folder);
    workshop.run(&mut glue)?;
    let shipped = shipped(workshop);
    let destination = shipped.with_file_name("s3iam.js");
    destination.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| error.to_string())?;
    fs::copy(folder.join("s3iam.js"), destination).map_err(|error| error.to_string())?;
    let mut optimise = Command::new(workshop.path("wasm/node_modules/.bin/wasm-opt"));
    // The lowest kB of the memory is the far end of the stack; nothing reaches it by wrapping around.
    optimise.args(["--low-memory-unused", "--flatten", "--rereloop", "-Oz", "-Oz", "--converge"]);
    // What is computed once more is shorter, compressed, than what is kept for later.
    optimise.arg("--skip-pass=local-cse");
    optimise.args(["--one-caller-inline-max-function-size=0", "--strip-debug", "--strip-producers"]);
    workshop.run(optimise.arg(folder.join("s3iam_bg.wasm")).arg("-o").arg(shipped))
}

/// The module's size in kB.
struct Size {
    module: u64,
    gzipped: u64,
}

impl Size {
    fn measure(workshop: &Workshop) -> Result<Self, String> {
        const MEASURE: &str = "const bytes = require('fs').readFileSync(process.argv[1]);\
            console.log(bytes.length, require('zlib').gzipSync(bytes, { level: 9 }).length)";
        let text = workshop.output(Command::new("node").args(["-e", MEASURE]).arg(shipped(workshop)))?;
        let mut bytes = text.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
        match (bytes.next(), bytes.next()) {
            (Some(module), Some(gzipped)) => {
                Ok(Self { module: module.div_ceil(1000), gzipped: gzipped.div_ceil(1000) })
            }
            _ => Err(format!("the module's size is not two numbers: {text}")),
        }
    }

    /// Reads what [`Size::text`] writes.
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split_whitespace().filter_map(|word| word.parse().ok());
        Some(Self { module: numbers.next()?, gzipped: numbers.next()? })
    }

    fn text(&self) -> String {
        format!("module after wasm-opt: {} kB\ngzipped: {} kB\n", self.module, self.gzipped)
    }
}

/// Prints the size, and keeps it in its file when it has changed by more than noise.
fn keep_size(workshop: &Workshop) -> Result<(), String> {
    let size = Size::measure(workshop)?;
    println!("wasm: module {} kB, gzipped {} kB", size.module, size.gzipped);
    let file = workshop.path(SIZE_FILE);
    let kept = fs::read_to_string(&file).ok().and_then(|text| Size::read(&text));
    let same = kept.is_some_and(|kept| {
        kept.module.abs_diff(size.module) <= NOISE && kept.gzipped.abs_diff(size.gzipped) <= NOISE
    });
    if same {
        return Ok(());
    }
    println!("wasm: {SIZE_FILE} is updated; commit it");
    fs::write(&file, size.text()).map_err(|error| format!("{SIZE_FILE}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kept_size_reads_back() {
        let size = Size::read(&Size { module: 110, gzipped: 42 }.text()).unwrap();
        assert_eq!((size.module, size.gzipped), (110, 42));
        assert!(Size::read("").is_none());
    }
}
