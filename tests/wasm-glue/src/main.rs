//! `wasm-glue MODULE FOLDER`: writes the module and its JavaScript glue into a folder.
//!
//! The generator must be of exactly the version of the `wasm-bindgen` that is linked into the module;
//! as a dependency it is, because `Cargo.toml` pins both and `Cargo.lock` holds them.

use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

fn main() {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(module), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: wasm-glue MODULE FOLDER");
        std::process::exit(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("s3iam")
        .typescript(false)
        // Without a path given, the module is looked for beside the glue, which bundlers understand.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    if let Err(error) = bindgen.web(true).and_then(|bindgen| bindgen.generate(folder)) {
        eprintln!("wasm-glue: {error:#}");
        std::process::exit(1);
    }
}
