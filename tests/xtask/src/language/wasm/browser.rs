//! Chromium, in which the package and the page are tested.

use crate::debian;
use crate::workshop::Workshop;
use std::env;

/// The names under which it is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Installs a browser if there is none: by apt-get as root.
pub fn set_up(workshop: &Workshop) -> Result<(), String> {
    if is_there() {
        return Ok(());
    }
    let _ = debian::install(workshop, &["chromium"]);
    if is_there() {
        return Ok(());
    }
    Err("no Chromium: install it, or set CHROMIUM to its path".to_owned())
}

/// Whether the tests (`wasm/tests/browser.mjs`) will find it.
fn is_there() -> bool {
    if env::var_os("CHROMIUM").is_some_and(|path| !path.is_empty()) {
        return true;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| NAMES.iter().any(|name| folder.join(name).is_file()))
}
