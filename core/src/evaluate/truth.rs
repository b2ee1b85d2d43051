//! Three-valued logic.

/// What a test answers. A value that the gateway did not give makes it [`Truth::Unknown`], and
/// whoever decides then decides towards refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
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

    /// Either holds.
    pub fn or(self, other: impl FnOnce() -> Truth) -> Truth {
        !(!self).and(|| !other())
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}
