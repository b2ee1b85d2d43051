//! `cargo xtask setup`: installs what a package client can install, and says what is missing otherwise.

use crate::language;
use crate::stage::stage;
use crate::workshop::Workshop;

/// Sets everything up.
pub fn run(workshop: &Workshop) -> Result<(), String> {
    stage("set up the virtual environment", || python_environment(workshop))?;
    for language in language::all() {
        stage(&format!("set up {}", language.name()), || language.set_up(workshop))?;
    }
    Ok(())
}

/// Makes `.venv/` and installs the pinned packages of `tests/requirements.txt` into it.
pub fn python_environment(workshop: &Workshop) -> Result<(), String> {
    let python = find_python(workshop)?;
    let product = if cfg!(windows) { ".venv/Scripts/python.exe" } else { ".venv/bin/python" };
    workshop.once_making("venv", &["tests/requirements.txt"], product, || {
        if !workshop.python().exists() {
            make_environment(workshop, &python)?;
        }
        let mut install = workshop.command(workshop.python());
        install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        workshop.run(install.args(["--requirement", "tests/requirements.txt"]))
    })
}

fn make_environment(workshop: &Workshop, python: &str) -> Result<(), String> {
    let venv = workshop.path(".venv");
    // What was installed into an earlier one is gone.
    workshop.forget("build-python");
    workshop.run(workshop.command(python).args(["-m", "venv"]).arg(&venv)).map_err(|error| {
        // A half-made environment would be taken for a whole one next time.
        let _ = std::fs::remove_dir_all(&venv);
        format!("{error}\nOn Debian, the package python3-venv is needed.")
    })
}

/// A Python that is new enough; the environment variable `PYTHON` names one first.
fn find_python(workshop: &Workshop) -> Result<String, String> {
    let named = std::env::var("PYTHON").ok();
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
    let test = "import sys; sys.exit(sys.version_info < (3, 11))";
    named
        .into_iter()
        .chain(names.map(str::to_owned))
        .find(|name| workshop.output(workshop.command(name).args(["-c", test])).is_ok())
        .ok_or_else(|| "Python 3.11 or newer is needed: https://www.python.org/downloads/".to_owned())
}
