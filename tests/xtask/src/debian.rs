//! Programs that only the system's package manager can install: Debian's, as root.

use crate::workshop::Workshop;
use std::process::Command;

/// Installs packages by apt-get, with a fresh list of what there is. Fails where there is no apt-get, and
/// without the rights of root.
pub fn install(workshop: &Workshop, packages: &[&str]) -> Result<(), String> {
    println!("installing Debian packages: {}", packages.join(" "));
    // Stale lists name files that are gone; without a connection the packages may still be in the cache.
    let _ = workshop.output(apt_get(workshop).arg("update"));
    workshop
        .output(apt_get(workshop).args(["install", "--yes", "--no-install-recommends"]).args(packages))
        .map(|_| ())
}

fn apt_get(workshop: &Workshop) -> Command {
    let mut command = workshop.command("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
