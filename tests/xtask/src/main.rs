//! `cargo xtask …`: everything that is done to this repository, by people and by CI.

mod generate;
mod language;
mod workshop;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["generate"] => generate::run(false),
        ["generate", "--check"] => generate::run(true),
        _ => Err("usage: cargo xtask generate [--check]".to_owned()),
    };
    if let Err(message) = result {
        eprintln!("xtask: {message}");
        std::process::exit(1);
    }
}
