//! Files that are made from tables: written by `generate`, compared by `generate --check`.

mod c_header;
mod c_status;
mod catalog;
mod errors_page;
mod node_codes;
mod python_codes;
mod wasm_js;

use std::path::{Path, PathBuf};

/// A generated file: its path from the repository's root, and its text.
pub type Generated = (PathBuf, String);

/// Makes some of the files, given the repository's root.
type Step = fn(&Path) -> Result<Vec<Generated>, String>;

/// What makes the files, in this order: the C header is read off files that were made before it.
const STEPS: [Step; 4] = [
    catalog::files,
    |_| {
        let [node, wasm] = node_codes::files();
        Ok(vec![errors_page::file(), c_status::file(), node, wasm, python_codes::file()])
    },
    |root| Ok(vec![c_header::file(root)?]),
    wasm_js::files,
];

/// Writes every generated file, or with `check` fails if one differs from what is committed.
pub fn run(check: bool) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut stale = Vec::new();
    for make in STEPS {
        for (path, text) in make(&root)? {
            let full = root.join(&path);
            if std::fs::read_to_string(&full).ok().as_deref() == Some(&text) {
                continue;
            }
            if check {
                stale.push(path.display().to_string());
            } else {
                std::fs::write(&full, &text).map_err(|e| format!("{}: {e}", full.display()))?;
                println!("wrote {}", path.display());
            }
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!("stale, run `cargo xtask generate`: {}", stale.join(", ")))
    }
}
