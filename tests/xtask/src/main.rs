//! `cargo xtask …`: everything that is done to this repository, by people and by CI.
#![forbid(unsafe_code)]

mod bench;
mod cases;
mod debian;
mod demo;
mod fuzz;
mod generate;
mod instructions;
mod language;
mod readme;
mod setup;
mod stage;
mod test;
mod workshop;

use workshop::Workshop;

const USAGE: &str = "usage: cargo xtask COMMAND

  setup                         install what the other commands need
  build [LIST]                  build bindings: some of python,node,c,wasm, all by default
  demo                          build everything, then authorize freshly signed requests in every language
  test [LIST]                   run everything, or some of checks,rust,python,node,c,wasm,readme,demo,cases;
                                the last line counts what passed and failed
  cases FILE... [--on LIST]     run case files (or folders of them) on the core and the bindings;
                                LIST is some of core,python,node,c,wasm, all by default
  fuzz [TARGET...] [--seconds N]
                                give random input to the targets of core/fuzz, or to those that are named,
                                each for 60 seconds by default; `fuzz TARGET --input FILE` tries one input
  instructions                  count what the time of an answer could say of a secret, and how work grows with the request
  bench                         measure the core beside its floor, and the bindings beside the core
  generate [--check]            write the generated files, or fail if one of them is stale";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let workshop = Workshop::new();
    let result = match words.as_slice() {
        ["setup"] => setup::run(&workshop),
        ["build"] => language::build(&workshop, "python,node,c,wasm"),
        ["build", list] => language::build(&workshop, list),
        ["demo"] => demo::run(&workshop),
        ["test"] => test::run(&workshop, None),
        ["test", parts] => test::run(&workshop, Some(parts)),
        ["cases", rest @ ..] => cases::run(&workshop, rest),
        ["fuzz", rest @ ..] => fuzz::run(&workshop, rest),
        ["instructions"] => instructions::run(&workshop),
        ["bench"] => bench::run(&workshop),
        ["generate"] => generate::run(false),
        ["generate", "--check"] => generate::run(true),
        _ => Err(USAGE.to_owned()),
    };
    if let Err(message) = result {
        eprintln!("{message}");
        std::process::exit(1);
    }
}
