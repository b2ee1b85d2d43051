//! What a question says, whoever is asked: the arguments that the verbs have in common.

use crate::acl::Acl;
use crate::error::{self, argument};
use crate::options::{flag, unknown, word};
use crate::policy::Policy;
use crate::principal::Principal;
use crate::text::Text;
use pyo3::prelude::*;
use pyo3::type_object::PyTypeCheck;
use pyo3::types::{PyDict, PyString};
use s3iam::facade::{ContextMap, Query, Target};

/// A question without its action.
#[derive(Clone, Copy)]
pub struct Question<'a, 'py> {
    /// What it is about.
    pub target: Target<'a>,
    /// The values of condition keys.
    pub context: Option<&'a Bound<'py, PyAny>>,
    /// The caller as bucket policies of MinIO match it.
    pub account: &'a str,
    /// Whether the caller owns the storage.
    pub is_owner: bool,
    /// Whether only an explicit Deny matters.
    pub deny_only: bool,
    /// The caller, in the AWS dialect.
    pub principal: Option<&'a Bound<'py, Principal>>,
    /// The account that owns the resource, in the AWS dialect.
    pub resource_account: Option<&'a str>,
    /// The lists of bucket and object, in the AWS dialect.
    pub acl: Option<&'a Bound<'py, Acl>>,
}

impl<'a, 'py> Question<'a, 'py> {
    /// A plain question.
    pub fn new(target: Target<'a>, context: Option<&'a Bound<'py, PyAny>>) -> Self {
        Self {
            target,
            context,
            account: "",
            is_owner: false,
            deny_only: false,
            principal: None,
            resource_account: None,
            acl: None,
        }
    }

    /// The question as the core takes it.
    pub fn query<'q>(&'q self, action: &'q str, context: &'q ContextMap<'_>) -> Query<'q> {
        Query {
            context,
            account: self.account,
            is_owner: self.is_owner,
            deny_only: self.deny_only,
            caller: self.principal.and_then(|principal| principal.get().caller()),
            resource_account: self.resource_account,
            acl: self.acl.map(|acl| acl.get().core()),
            ..Query::new(action, self.target)
        }
    }
}

/// What is asked about: a resource, or bucket and object.
pub fn target<'a>(
    py: Python<'_>,
    resource: Option<Text<'a>>,
    bucket: Option<Text<'a>>,
    object: Option<Text<'a>>,
) -> PyResult<Target<'a>> {
    match (resource, bucket, object) {
        (resource, None, None) => Ok(Target::Resource(resource.map_or("", |text| text.0))),
        (None | Some(Text("")), Some(bucket), object) => {
            Ok(Target::Object { bucket: bucket.0, object: object.map_or("", |text| text.0) })
        }
        (None | Some(Text("")), None, Some(_)) => Err(argument(py, "object needs bucket as well".to_owned())),
        _ => Err(argument(py, "give either resource or bucket and object, not both".to_owned())),
    }
}

/// The keyword arguments of the verbs besides `decide`, held while the core borrows their text. `decide`
/// itself is called often enough to have each of them as a parameter, which takes less time.
#[derive(Default)]
pub struct Keywords<'py> {
    account: Option<Bound<'py, PyString>>,
    is_owner: bool,
    deny_only: bool,
    principal: Option<Bound<'py, Principal>>,
    bucket_policy: Option<Bound<'py, Policy>>,
    resource_account: Option<Bound<'py, PyString>>,
    acl: Option<Bound<'py, Acl>>,
}

impl<'py> Keywords<'py> {
    /// Reads the arguments; no others than `taken` are.
    pub fn read(given: Option<&Bound<'py, PyDict>>, taken: &[&str]) -> PyResult<Self> {
        let mut keywords = Self::default();
        for (name, value) in given.into_iter().flatten() {
            let name: String = name.extract()?;
            match name.as_str() {
                other if !taken.contains(&other) => return Err(unknown(other)),
                "account" => keywords.account = Some(word("account", value)?),
                "is_owner" => keywords.is_owner = flag("is_owner", &value)?,
                "deny_only" => keywords.deny_only = flag("deny_only", &value)?,
                "principal" => keywords.principal = instance("principal", "Principal or None", value)?,
                "bucket_policy" => {
                    keywords.bucket_policy = instance("bucket_policy", "Policy or None", value)?
                }
                "resource_account" if value.is_none() => {}
                "resource_account" => {
                    keywords.resource_account = Some(word("resource_account", value)?);
                }
                "acl" => keywords.acl = instance("acl", "Acl or None", value)?,
                other => return Err(unknown(other)),
            }
        }
        Ok(keywords)
    }

    /// The question with these arguments.
    pub fn question<'a>(
        &'a self,
        target: Target<'a>,
        context: Option<&'a Bound<'py, PyAny>>,
    ) -> PyResult<Question<'a, 'py>> {
        let text =
            |word: &'a Option<Bound<'py, PyString>>| word.as_ref().map(|word| word.to_str()).transpose();
        Ok(Question {
            account: text(&self.account)?.unwrap_or_default(),
            is_owner: self.is_owner,
            deny_only: self.deny_only,
            principal: self.principal.as_ref(),
            resource_account: text(&self.resource_account)?,
            acl: self.acl.as_ref(),
            ..Question::new(target, context)
        })
    }

    /// The policy of the bucket asked about.
    pub fn bucket_policy(&self) -> Option<&Bound<'py, Policy>> {
        self.bucket_policy.as_ref()
    }
}

/// An argument that is of a class of this package, or `None`.
fn instance<'py, T: PyTypeCheck>(
    name: &str,
    expected: &str,
    value: Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, T>>> {
    if value.is_none() {
        return Ok(None);
    }
    value.cast_into().map(Some).map_err(|other| error::wrong_type(name, expected, &other.into_inner()))
}
