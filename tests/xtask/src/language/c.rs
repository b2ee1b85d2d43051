//! C.

use super::Language;
use crate::workshop::{Report, Workshop};
use std::process::Command;

/// The binding.
pub struct C;

impl Language for C {
    fn name(&self) -> &'static str {
        "c"
    }

    fn set_up(&self, _: &Workshop) -> Result<(), String> {
        Ok(())
    }

    fn build(&self, _: &Workshop) -> Result<(), String> {
        Ok(())
    }

    fn test(&self, _: &Workshop, _: &mut Report) -> Result<(), String> {
        Ok(())
    }

    fn adapter(&self, _: &Workshop) -> Command {
        Command::new("false")
    }
}
