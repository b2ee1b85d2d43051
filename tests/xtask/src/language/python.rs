//! Python.

use super::Language;
use crate::workshop::{Report, Workshop};
use std::process::Command;

/// The binding.
pub struct Python;

impl Language for Python {
    fn name(&self) -> &'static str {
        "python"
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
