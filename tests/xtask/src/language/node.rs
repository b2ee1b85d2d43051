//! Node.

use super::Language;
use crate::workshop::{Report, Workshop};
use std::process::Command;

/// The binding.
pub struct Node;

impl Language for Node {
    fn name(&self) -> &'static str {
        "node"
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
