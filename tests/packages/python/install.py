"""Installs the built wheel into a throw-away environment and uses it there, then checks that the
source distribution builds.

    python install.py WHEEL SDIST
"""

import os
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path


def run(*command: str | Path, cwd: Path) -> None:
    """Runs a command that sees nothing of the environment it was started from."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([str(part) for part in command], cwd=cwd, env=environment, check=True)


def use_wheel(wheel: Path, folder: Path) -> None:
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "install", "--no-index", wheel, cwd=folder)
    run(*pip, "check", cwd=folder)
    program = folder / "program.py"
    program.write_bytes((Path(__file__).parent / "program.py").read_bytes())
    run(python, "-I", "-W", "error", program, cwd=folder)


def check_sdist(sdist: Path, folder: Path) -> None:
    """Compiles what is in the source distribution, with nothing beside it."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "PKG-INFO", "Cargo.lock"):
        assert (source / name).is_file(), f"{name} is missing from the source distribution"
    # The target folder is kept from run to run: only what changed is compiled again. The lock file names
    # what the rest of the repository needs as well, so it may shrink; nothing is fetched for that.
    target = sdist.parent.parent / "sdist"
    os.environ["CARGO_TARGET_DIR"] = str(target)
    run("cargo", "check", "--quiet", "--offline", "--manifest-path", "bindings-python/Cargo.toml", cwd=source)


def main() -> None:
    wheel, sdist = (Path(argument).resolve() for argument in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        use_wheel(wheel, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        check_sdist(sdist, Path(folder))


if __name__ == "__main__":
    main()
