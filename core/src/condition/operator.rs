//! Names of condition operators: `[ForAllValues:|ForAnyValue:]` base `[IfExists]`.
//!
//! Names are exact, letter case included (`policy-language` 1.6). Which of them a dialect takes is
//! [`Operator::is_in`].

use crate::policy::Dialect;

/// A condition operator, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operator {
    /// What is compared, and how.
    pub base: Base,
    /// How several request values count.
    pub qualifier: Option<Qualifier>,
    /// Whether a missing key satisfies the operator (the `IfExists` suffix).
    pub if_exists: bool,
}

/// How the values of a multivalued key count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// `ForAllValues:`
    ForAllValues,
    /// `ForAnyValue:`
    ForAnyValue,
}

/// The comparison that an operator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// `StringEquals`
    StringEquals,
    /// `StringNotEquals`
    StringNotEquals,
    /// `StringEqualsIgnoreCase`
    StringEqualsIgnoreCase,
    /// `StringNotEqualsIgnoreCase`
    StringNotEqualsIgnoreCase,
    /// `StringLike`
    StringLike,
    /// `StringNotLike`
    StringNotLike,
    /// `NumericEquals`
    NumericEquals,
    /// `NumericNotEquals`
    NumericNotEquals,
    /// `NumericLessThan`
    NumericLessThan,
    /// `NumericLessThanEquals`
    NumericLessThanEquals,
    /// `NumericGreaterThan`
    NumericGreaterThan,
    /// `NumericGreaterThanEquals`
    NumericGreaterThanEquals,
    /// `DateEquals`
    DateEquals,
    /// `DateNotEquals`
    DateNotEquals,
    /// `DateLessThan`
    DateLessThan,
    /// `DateLessThanEquals`
    DateLessThanEquals,
    /// `DateGreaterThan`
    DateGreaterThan,
    /// `DateGreaterThanEquals`
    DateGreaterThanEquals,
    /// `Bool`
    Bool,
    /// `BinaryEquals`
    BinaryEquals,
    /// `IpAddress`
    IpAddress,
    /// `NotIpAddress`
    NotIpAddress,
    /// `ArnEquals`
    ArnEquals,
    /// `ArnLike`
    ArnLike,
    /// `ArnNotEquals`
    ArnNotEquals,
    /// `ArnNotLike`
    ArnNotLike,
    /// `Null`
    Null,
}

/// The type of value that an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Text.
    String,
    /// Integers (AWS: also decimals).
    Numeric,
    /// Instants.
    Date,
    /// `true` or `false`.
    Bool,
    /// Bytes, written as base64.
    Binary,
    /// Addresses and networks.
    Address,
    /// Amazon resource names.
    Arn,
    /// Whether the key is there.
    Null,
}

/// Every base with its name and family.
const BASES: [(Base, &str, Family); 27] = [
    (Base::StringEquals, "StringEquals", Family::String),
    (Base::StringNotEquals, "StringNotEquals", Family::String),
    (Base::StringEqualsIgnoreCase, "StringEqualsIgnoreCase", Family::String),
    (Base::StringNotEqualsIgnoreCase, "StringNotEqualsIgnoreCase", Family::String),
    (Base::StringLike, "StringLike", Family::String),
    (Base::StringNotLike, "StringNotLike", Family::String),
    (Base::NumericEquals, "NumericEquals", Family::Numeric),
    (Base::NumericNotEquals, "NumericNotEquals", Family::Numeric),
    (Base::NumericLessThan, "NumericLessThan", Family::Numeric),
    (Base::NumericLessThanEquals, "NumericLessThanEquals", Family::Numeric),
    (Base::NumericGreaterThan, "NumericGreaterThan", Family::Numeric),
    (Base::NumericGreaterThanEquals, "NumericGreaterThanEquals", Family::Numeric),
    (Base::DateEquals, "DateEquals", Family::Date),
    (Base::DateNotEquals, "DateNotEquals", Family::Date),
    (Base::DateLessThan, "DateLessThan", Family::Date),
    (Base::DateLessThanEquals, "DateLessThanEquals", Family::Date),
    (Base::DateGreaterThan, "DateGreaterThan", Family::Date),
    (Base::DateGreaterThanEquals, "DateGreaterThanEquals", Family::Date),
    (Base::Bool, "Bool", Family::Bool),
    (Base::BinaryEquals, "BinaryEquals", Family::Binary),
    (Base::IpAddress, "IpAddress", Family::Address),
    (Base::NotIpAddress, "NotIpAddress", Family::Address),
    (Base::ArnEquals, "ArnEquals", Family::Arn),
    (Base::ArnLike, "ArnLike", Family::Arn),
    (Base::ArnNotEquals, "ArnNotEquals", Family::Arn),
    (Base::ArnNotLike, "ArnNotLike", Family::Arn),
    (Base::Null, "Null", Family::Null),
];

impl Operator {
    /// Reads a name of either dialect; `None` if there is no such operator. `NullIfExists` reads,
    /// though no dialect takes it.
    pub fn parse(name: &str) -> Option<Self> {
        let (qualifier, rest) = if let Some(rest) = name.strip_prefix("ForAllValues:") {
            (Some(Qualifier::ForAllValues), rest)
        } else if let Some(rest) = name.strip_prefix("ForAnyValue:") {
            (Some(Qualifier::ForAnyValue), rest)
        } else {
            (None, name)
        };
        let (stem, if_exists) = match rest.strip_suffix("IfExists") {
            Some(stem) => (stem, true),
            None => (rest, false),
        };
        Some(Self { base: Base::parse(stem)?, qualifier, if_exists })
    }

    /// Whether policies of that dialect may use the operator. MinIO has no ARN operators and one
    /// operator with `IfExists`; AWS has all but `NullIfExists` (`policy-language` 3.3).
    pub fn is_in(self, dialect: Dialect) -> bool {
        match dialect {
            Dialect::Minio => {
                self.base.family() != Family::Arn
                    && (!self.if_exists || self.base == Base::NumericGreaterThan)
            }
            Dialect::Aws => !(self.if_exists && self.base == Base::Null),
        }
    }
}

impl Base {
    /// Every base.
    pub fn all() -> impl Iterator<Item = Base> {
        BASES.iter().map(|&(base, _, _)| base)
    }

    /// The base with exactly that name.
    pub fn parse(name: &str) -> Option<Self> {
        BASES.iter().find(|(_, n, _)| *n == name).map(|&(base, _, _)| base)
    }

    /// The name, for example `StringLike`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The type of value that it compares.
    pub fn family(self) -> Family {
        self.row().2
    }

    /// Whether it is the negation of another base (`Not…`).
    pub fn is_negated(self) -> bool {
        self.positive() != self
    }

    /// The base that it negates, or itself if it negates none.
    pub fn positive(self) -> Self {
        match self {
            Base::StringNotEquals => Base::StringEquals,
            Base::StringNotEqualsIgnoreCase => Base::StringEqualsIgnoreCase,
            Base::StringNotLike => Base::StringLike,
            Base::NumericNotEquals => Base::NumericEquals,
            Base::DateNotEquals => Base::DateEquals,
            Base::NotIpAddress => Base::IpAddress,
            Base::ArnNotEquals => Base::ArnEquals,
            Base::ArnNotLike => Base::ArnLike,
            other => other,
        }
    }

    fn row(self) -> &'static (Base, &'static str, Family) {
        // The table lists the bases in the order of the enumeration; the fallback is unreachable.
        BASES.get(self as usize).unwrap_or(&BASES[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_base_finds_its_own_row() {
        for (index, (base, name, _)) in BASES.iter().enumerate() {
            assert_eq!(*base as usize, index);
            assert_eq!(base.name(), *name);
            assert_eq!(Base::parse(name), Some(*base));
            assert_eq!(base.is_negated(), name.contains("Not"), "{name}");
        }
    }

    #[test]
    fn a_name_comes_apart_into_qualifier_base_and_suffix() {
        let operator = Operator::parse("ForAnyValue:StringLikeIfExists").unwrap();
        assert_eq!(operator.base, Base::StringLike);
        assert_eq!(operator.qualifier, Some(Qualifier::ForAnyValue));
        assert!(operator.if_exists);
        assert_eq!(Operator::parse("Bool").map(|o| (o.qualifier, o.if_exists)), Some((None, false)));
    }

    #[test]
    fn names_are_exact() {
        for name in [
            "",
            "stringEquals",
            "StringEquals ",
            "IfExists",
            "ForAnyValue:",
            "ForAnyValue: StringEquals",
            "foranyvalue:StringEquals",
            "ForAnyValue:ForAllValues:StringEquals",
            ":StringEquals",
            "StringEqualsIfExistsIfExists",
            "BinaryLike",
        ] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }

    #[test]
    fn minio_has_no_arn_operators_and_one_if_exists() {
        let taken = |name: &str| Operator::parse(name).unwrap().is_in(Dialect::Minio);
        assert!(taken("ForAllValues:NumericEquals"));
        assert!(taken("NumericGreaterThanIfExists"));
        assert!(taken("BinaryEquals"));
        assert!(!taken("NumericGreaterThanEqualsIfExists"));
        assert!(!taken("StringEqualsIfExists"));
        assert!(!taken("ArnLike"));
        assert!(!taken("NullIfExists"));
    }

    #[test]
    fn aws_has_everything_but_null_if_exists() {
        let taken = |name: &str| Operator::parse(name).unwrap().is_in(Dialect::Aws);
        assert!(taken("ArnLikeIfExists"));
        assert!(taken("ForAnyValue:Null"));
        assert!(!taken("NullIfExists"));
    }
}
