//! `bindings-c/include/s3iam.h` from the Rust sources of the C library.

use super::Generated;
use std::path::Path;

/// The file.
pub fn file(root: &Path) -> Result<Generated, String> {
    let crate_folder = root.join("bindings-c");
    let mut config = cbindgen::Config::from_file(crate_folder.join("cbindgen.toml"))?;
    let preamble = config.after_includes.take().unwrap_or_default();
    config.after_includes = Some(preamble.replace("@VERSION_MACROS@", &version_macros(root)?));
    let bindings =
        cbindgen::generate_with_config(&crate_folder, config).map_err(|e| format!("cbindgen: {e}"))?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    let text = String::from_utf8(text).map_err(|e| e.to_string())?;
    Ok((Path::new("bindings-c/include/s3iam.h").to_owned(), text))
}

/// `S3IAM_VERSION` and its three numbers, from the version of the workspace.
fn version_macros(root: &Path) -> Result<String, String> {
    let manifest =
        std::fs::read_to_string(root.join("Cargo.toml")).map_err(|e| format!("Cargo.toml: {e}"))?;
    let version = manifest
        .split("[workspace.package]")
        .nth(1)
        .and_then(|section| section.lines().find_map(|line| line.strip_prefix("version = ")))
        .map(|version| version.trim_matches('"'))
        .ok_or("Cargo.toml: the workspace has no version")?;
    let mut macros = format!("#define S3IAM_VERSION \"{version}\"\n");
    for (name, number) in ["MAJOR", "MINOR", "PATCH"].iter().zip(version.split(['.', '-'])) {
        macros.push_str(&format!("#define S3IAM_VERSION_{name} {number}\n"));
    }
    Ok(macros)
}
