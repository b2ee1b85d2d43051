//! The languages: how each binding is set up, built, tested, and spoken to by the case runner.

mod c;
mod node;
mod python;
mod wasm;

use crate::workshop::{Report, Workshop};
use std::process::Command;

/// A binding, as the task runner handles it.
pub trait Language {
    /// `python`, `node`, `c` or `wasm`.
    fn name(&self) -> &'static str;

    /// Installs what a package client can install, and says what is missing otherwise. Running it
    /// again is fast and harmless.
    fn set_up(&self, workshop: &Workshop) -> Result<(), String>;

    /// Builds the package in release form.
    fn build(&self, workshop: &Workshop) -> Result<(), String>;

    /// Runs the binding's own tests and adds what passed and failed to `report`.
    fn test(&self, workshop: &Workshop, report: &mut Report) -> Result<(), String>;

    /// The process that answers case jobs on its standard input (`tests/harness/PROTOCOL.md`).
    fn adapter(&self, workshop: &Workshop) -> Command;
}

/// Every binding.
pub fn all() -> Vec<Box<dyn Language>> {
    vec![Box::new(python::Python), Box::new(node::Node), Box::new(c::C), Box::new(wasm::Wasm)]
}

/// Sets a binding up and builds it, unless nothing has changed since.
pub fn make_ready(workshop: &Workshop, language: &dyn Language) -> Result<(), String> {
    let name = language.name();
    crate::stage::stage(&format!("set up {name}"), || language.set_up(workshop))?;
    crate::stage::stage(&format!("build {name}"), || {
        let sources = [&SHARED_SOURCES, own_sources(name)].concat();
        workshop.once(&format!("build-{name}"), &sources, "", || language.build(workshop))
    })
}

/// Sets up and builds the bindings named in `list`, with commas between.
pub fn build(workshop: &Workshop, list: &str) -> Result<(), String> {
    for name in list.split(',') {
        let languages = all();
        let language = languages.iter().find(|language| language.name() == name);
        make_ready(workshop, language.ok_or_else(|| format!("there is no binding {name:?}"))?.as_ref())?;
    }
    Ok(())
}

/// What every binding is built from.
const SHARED_SOURCES: [&str; 5] = ["Cargo.toml", "Cargo.lock", ".cargo", "core", "tests/xtask/src/language"];

/// What a binding is built from beside that.
fn own_sources(name: &str) -> &'static [&'static str] {
    match name {
        "python" => &["bindings-python", "tests/requirements.txt"],
        "node" => &["bindings-node"],
        "c" => &["bindings-c", "tests/harness/adapters/c.c", "tests/harness/adapters/c_fields.h"],
        _ => &["wasm", "tests/wasm-glue"],
    }
}
