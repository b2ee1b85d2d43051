//! The three modules of the package: compiled, given their JavaScript glue, optimised, and measured.

use super::compiler::{Aim, Compiler};
use crate::workshop::Workshop;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A module of the package.
struct Module {
    name: &'static str,
    /// Which features it has.
    arguments: &'static [&'static str],
    aim: Aim,
    /// Where it lies with its glue.
    folder: &'static str,
    /// What it must not exceed gzipped, in kB of 1000 bytes.
    ceiling: u64,
}

const MODULES: [Module; 3] = [
    Module { name: "complete", arguments: &[], aim: Aim::Size, folder: "wasm/js/module", ceiling: 293 },
    Module { name: "node", arguments: &[], aim: Aim::Speed, folder: "wasm/js/module/node", ceiling: 500 },
    Module {
        name: "gateway",
        arguments: &["--no-default-features"],
        aim: Aim::Size,
        folder: "wasm/js/module/gateway",
        ceiling: 120,
    },
];

/// Compilers differ by this much, so a difference up to it does not change the committed figure.
const NOISE: u64 = 2;
/// Where the sizes are kept.
const SIZE_FILE: &str = "wasm/size.txt";

/// Compiles the modules and writes each with its glue into its folder.
pub fn build(workshop: &Workshop, compiler: &Compiler) -> Result<(), String> {
    let target = workshop.path("target-wasm");
    for module in &MODULES {
        let products = Compiler::products(&target, module.aim);
        for product in &products {
            let _ = fs::remove_file(product);
        }
        workshop.run(&mut compiler.command(workshop, &target, module.aim, module.arguments))?;
        let [_, compiled] = &products;
        module.write(workshop, compiled, &target.join("glue"))?;
    }
    keep_sizes(workshop)
}

/// Whether no module is larger than it may be.
pub fn check_sizes(workshop: &Workshop) -> Result<(), String> {
    let mut too_large = Vec::new();
    for module in &MODULES {
        let (size, Module { name, ceiling, .. }) = (module.measure(workshop)?, module);
        println!("wasm: {}, of at most {ceiling} kB", size.line(name));
        if size.gzipped > *ceiling {
            too_large.push(format!("{name}: {} kB gzipped, more than {ceiling} kB", size.gzipped));
        }
    }
    if too_large.is_empty() { Ok(()) } else { Err(too_large.join("; ")) }
}

impl Module {
    /// The optimised module.
    fn shipped(&self, workshop: &Workshop) -> PathBuf {
        workshop.path(self.folder).join("s3iam_bg.wasm")
    }

    /// Writes the glue, and the optimised module beside it.
    fn write(&self, workshop: &Workshop, compiled: &Path, scratch: &Path) -> Result<(), String> {
        let mut glue = workshop.cargo("run");
        glue.args(["--quiet", "--package", "wasm-glue", "--"]).arg(compiled).arg(scratch);
        workshop.run(&mut glue)?;
        let shipped = self.shipped(workshop);
        let destination = shipped.with_file_name("s3iam.js");
        destination.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| error.to_string())?;
        fs::copy(scratch.join("s3iam.js"), destination).map_err(|error| error.to_string())?;
        let mut optimise = Command::new(workshop.path("wasm/node_modules/.bin/wasm-opt"));
        // The lowest kB of the memory is the far end of the stack; nothing reaches it by wrapping around.
        optimise.arg("--low-memory-unused");
        match self.aim {
            Aim::Speed => optimise.args(["-O3", "--enable-simd"]),
            // What is computed once more is shorter, compressed, than what is kept for later.
            Aim::Size => optimise
                .args(["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--skip-pass=local-cse"])
                .arg("--one-caller-inline-max-function-size=0"),
        };
        optimise.args(["--strip-debug", "--strip-producers"]);
        workshop.run(optimise.arg(scratch.join("s3iam_bg.wasm")).arg("-o").arg(shipped))
    }

    fn measure(&self, workshop: &Workshop) -> Result<Size, String> {
        const MEASURE: &str = "const bytes = require('fs').readFileSync(process.argv[1]);\
            console.log(bytes.length, require('zlib').gzipSync(bytes, { level: 9 }).length)";
        let text = workshop.output(Command::new("node").args(["-e", MEASURE]).arg(self.shipped(workshop)))?;
        let mut bytes = text.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
        match (bytes.next(), bytes.next()) {
            (Some(module), Some(gzipped)) => {
                Ok(Size { module: module.div_ceil(1000), gzipped: gzipped.div_ceil(1000) })
            }
            _ => Err(format!("the module's size is not two numbers: {text}")),
        }
    }
}

/// A module's size in kB.
struct Size {
    module: u64,
    gzipped: u64,
}

impl Size {
    fn line(&self, name: &str) -> String {
        format!("{name}: {} kB, gzipped {} kB", self.module, self.gzipped)
    }

    /// Reads what [`Size::line`] writes.
    fn read(text: &str, name: &str) -> Option<Self> {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut numbers = line.split_whitespace().filter_map(|word| word.parse().ok());
        Some(Self { module: numbers.next()?, gzipped: numbers.next()? })
    }

    fn is_about(&self, other: &Self) -> bool {
        self.module.abs_diff(other.module) <= NOISE && self.gzipped.abs_diff(other.gzipped) <= NOISE
    }
}

/// Prints the sizes, and keeps them in their file when one has changed by more than noise.
fn keep_sizes(workshop: &Workshop) -> Result<(), String> {
    let file = workshop.path(SIZE_FILE);
    let kept = fs::read_to_string(&file).unwrap_or_default();
    let (mut text, mut is_same) = (String::new(), true);
    for module in &MODULES {
        let (size, name) = (module.measure(workshop)?, module.name);
        println!("wasm: {}", size.line(name));
        is_same &= Size::read(&kept, name).is_some_and(|kept| kept.is_about(&size));
        text.push_str(&size.line(name));
        text.push('\n');
    }
    if is_same {
        return Ok(());
    }
    println!("wasm: {SIZE_FILE} is updated; commit it");
    fs::write(&file, text).map_err(|error| format!("{SIZE_FILE}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kept_size_reads_back() {
        let text = format!(
            "{}\n{}\n",
            Size { module: 310, gzipped: 142 }.line("complete"),
            Size { module: 110, gzipped: 42 }.line("gateway")
        );
        let size = Size::read(&text, "gateway").unwrap();
        assert_eq!((size.module, size.gzipped), (110, 42));
        assert!(Size::read(&text, "complete").unwrap().is_about(&Size { module: 312, gzipped: 140 }));
        assert!(Size::read(&text, "other").is_none());
    }
}
