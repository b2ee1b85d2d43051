//! Conditions: operators, their values, and what they answer for a request.
//!
//! A condition holds if all its tests hold. A test reads the values of one key and compares them as
//! its operator says (`policy-language` 3). A test on a value that the gateway did not give is
//! [`Truth::Unknown`], and whoever combines it decides towards refusal.

mod address;
mod key;
pub mod operator;
mod scalar;
mod string;
mod test;
pub mod value;

pub use key::Key;
pub use test::Test;

/// What a test answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It depends on a value that was not given.
    Unknown,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Truth::True } else { Truth::False }
    }
}

impl Truth {
    /// Both hold.
    pub fn and(self, other: impl FnOnce() -> Truth) -> Truth {
        match self {
            Truth::False => Truth::False,
            Truth::True => other(),
            Truth::Unknown => match other() {
                Truth::False => Truth::False,
                _ => Truth::Unknown,
            },
        }
    }
}
