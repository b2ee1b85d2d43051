//! One compiled test: a key, an operator and its values.

use super::address::AddressTest;
#[cfg(feature = "aws")]
use super::aws::AwsTest;
use super::key::Key;
use super::operator::{Base, Family, Operator, Qualifier};
use super::scalar::{DateTest, NumericTest, Order};
use super::string::TextTest;
use super::value;
use crate::evaluate::{Context, Truth, Values};
use crate::policy::{ConditionEntry, Scalar, Version};

/// A compiled test of one key, by the rules of its dialect.
#[derive(Clone, Debug)]
pub struct Test(Rules);

#[derive(Clone, Debug)]
enum Rules {
    Minio(MinioTest),
    #[cfg(feature = "aws")]
    Aws(AwsTest),
}

impl Test {
    /// Compiles one key of one operator. `None` if the operator, key or values are none that the dialect
    /// reads; the document's findings say why.
    pub fn compile(entry: &ConditionEntry, version: Version) -> Option<Self> {
        #[cfg(feature = "aws")]
        if version.dialect.is_aws() {
            return Some(Self(Rules::Aws(AwsTest::compile(entry, version.variables)?)));
        }
        let _ = version;
        Some(Self(Rules::Minio(MinioTest::compile(entry)?)))
    }

    /// Whether the test holds for the request's values.
    #[inline]
    pub fn evaluate(&self, context: &dyn Context) -> Truth {
        match &self.0 {
            Rules::Minio(test) => test.evaluate(context),
            #[cfg(feature = "aws")]
            Rules::Aws(test) => test.evaluate(context),
        }
    }
}

/// A test by the rules of MinIO.
#[derive(Clone, Debug)]
struct MinioTest {
    key: Key,
    comparison: Comparison,
}

#[derive(Clone, Debug)]
enum Comparison {
    Text(TextTest),
    Numeric(NumericTest),
    Date(DateTest),
    /// `Bool`: the request's text must be this text.
    Flag(Box<str>),
    Address(AddressTest),
    /// `Null`: whether the key must be missing.
    Null(bool),
}

impl MinioTest {
    fn compile(entry: &ConditionEntry) -> Option<Self> {
        let operator = Operator::parse(&entry.operator.text)?;
        let only = || single(&entry.values);
        let comparison = match operator.base.family() {
            Family::String | Family::Binary => Comparison::Text(text_test(operator, &entry.values)?),
            Family::Numeric => Comparison::Numeric(NumericTest {
                order: order(operator.base)?,
                value: value::integer(&only()?.text)?,
                if_missing: operator.if_exists,
            }),
            Family::Date => Comparison::Date(DateTest {
                order: order(operator.base)?,
                value: value::date(&only()?.text)?,
            }),
            Family::Bool => {
                value::boolean(&only()?.text)?;
                Comparison::Flag(only()?.text.as_str().into())
            }
            Family::Address => Comparison::Address(AddressTest {
                networks: entry
                    .values
                    .iter()
                    .map(|v| value::Network::parse(&v.text))
                    .collect::<Option<_>>()?,
                negated: operator.base.is_negated(),
            }),
            Family::Null => Comparison::Null(null_value(only()?)?),
            Family::Arn => return None,
        };
        Some(Self { key: Key::parse(&entry.key.text)?, comparison })
    }

    fn evaluate(&self, context: &dyn Context) -> Truth {
        let values = match context.values(self.key.lookup()) {
            Values::Unknown => return Truth::Unknown,
            Values::Texts([]) => Values::Missing,
            values => values,
        };
        match &self.comparison {
            Comparison::Text(test) => test.evaluate(values, context),
            Comparison::Numeric(test) => test.evaluate(values).into(),
            Comparison::Date(test) => test.evaluate(values).into(),
            Comparison::Flag(text) => {
                values.first().is_some_and(|v| v.with_text(|t| t == text.as_bytes())).into()
            }
            Comparison::Address(test) => test.evaluate(values).into(),
            Comparison::Null(missing) => (matches!(values, Values::Missing) == *missing).into(),
        }
    }
}

/// A typed operator takes exactly one value.
fn single(values: &[Scalar]) -> Option<&Scalar> {
    match values {
        [value] => Some(value),
        _ => None,
    }
}

/// A JSON `null` means false here.
fn null_value(scalar: &Scalar) -> Option<bool> {
    match scalar.kind {
        crate::policy::ScalarKind::Null => Some(false),
        _ => value::boolean(&scalar.text),
    }
}

fn text_test(operator: Operator, values: &[Scalar]) -> Option<TextTest> {
    let all = operator.qualifier == Some(Qualifier::ForAllValues);
    let negated = operator.base.is_negated();
    let texts = values.iter().map(|v| v.text.as_str());
    Some(match operator.base {
        Base::BinaryEquals => {
            let decoded: Option<Vec<Vec<u8>>> = texts.map(value::base64).collect();
            TextTest::equal(decoded?.iter().map(Vec::as_slice), all, negated)
        }
        Base::StringLike | Base::StringNotLike => TextTest::like(texts, all, negated),
        Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase => {
            TextTest::equal_ignoring_case(texts, all, negated)
        }
        _ => TextTest::equal(texts.map(str::as_bytes), all, negated),
    })
}

fn order(base: Base) -> Option<Order> {
    Some(match base {
        Base::NumericEquals | Base::DateEquals => Order::Equal,
        Base::NumericNotEquals | Base::DateNotEquals => Order::NotEqual,
        Base::NumericLessThan | Base::DateLessThan => Order::Less,
        Base::NumericLessThanEquals | Base::DateLessThanEquals => Order::LessOrEqual,
        Base::NumericGreaterThan | Base::DateGreaterThan => Order::Greater,
        Base::NumericGreaterThanEquals | Base::DateGreaterThanEquals => Order::GreaterOrEqual,
        _ => return None,
    })
}
