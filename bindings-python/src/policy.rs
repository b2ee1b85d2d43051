//! `Policy` and `PolicySet`: documents, compiled, and asked.

use crate::context::ContextValues;
use crate::decision::{Decision, Source};
use crate::error::{self, argument, guard, raise, raise_refused};
use crate::text::{Document, Text};
use crate::{finding, options};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use s3iam::facade::{
    self, ContextMap, ErrorProfile, Limits, PolicyOptions, Query, Target, built_in, built_in_names,
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// An IAM policy, read and compiled. Immutable, and shareable between threads.
///
/// Made by `Policy.parse` or `Policy.built_in`.
///
/// >>> policy = Policy.parse('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",'
/// ...                       ' "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]}')
/// >>> policy.decide("s3:GetObject", "arn:aws:s3:::photos/cat.jpg").allowed
/// True
/// >>> policy.decide("s3:PutObject", "arn:aws:s3:::photos/cat.jpg").allowed
/// False
#[pyclass(frozen, module = "s3iam")]
pub struct Policy {
    core: facade::Policy,
    text: Box<[u8]>,
    bucket: Option<Box<str>>,
    /// Without the bucket, which stands above.
    options: PolicyOptions<'static>,
}

impl Policy {
    /// The policy of the core.
    pub fn core(&self) -> &facade::Policy {
        &self.core
    }

    fn read(py: Python<'_>, text: &[u8], options: PolicyOptions<'_>) -> PyResult<Self> {
        let core = guard(py, || facade::Policy::parse(text, &options))?
            .map_err(|refused| raise_refused(py, &refused))?;
        let bucket = options.bucket.map(Into::into);
        Ok(Self { core, text: text.into(), bucket, options: PolicyOptions { bucket: None, ..options } })
    }

    /// Everything that tells one policy from another.
    fn identity(&self) -> (&[u8], &str, &str, Option<&str>, bool) {
        (&self.text, self.dialect(), self.kind(), self.bucket(), self.options.lenient)
    }
}

#[pymethods]
impl Policy {
    /// Reads and compiles a policy document.
    ///
    /// A document that cannot be read or is larger than `max_bytes`, and unless `lenient` also one
    /// that would be refused where policies are created, raises `PolicyError`, whose `.findings` has
    /// all of what is wrong, each with its place. With `lenient` a document is taken as stored
    /// policies are: what is not valid in it denies as written and allows nothing.
    ///
    /// `dialect` is `"minio"` or `"aws"`; `kind`, what the policy is attached to, is `"identity"` (a
    /// user or group), `"bucket"` or `"session"`. With `bucket`, the bucket that a bucket policy is put
    /// on, a resource that cannot be of this bucket is an error.
    ///
    /// >>> try:
    /// ...     Policy.parse('{"Version": "2012-10-17", "Statement": [{"Effect": "Permit"}]}')
    /// ... except PolicyError as error:
    /// ...     error.code, len(error.findings) > 0
    /// ('policy-invalid', True)
    #[staticmethod]
    #[pyo3(signature = (text, *, dialect = Text("minio"), kind = Text("identity"), bucket = None,
                        lenient = false, max_bytes = 20480),
           text_signature = "(text, *, dialect='minio', kind='identity', bucket=None, lenient=False, max_bytes=20480)")]
    fn parse(
        py: Python<'_>,
        text: Document<'_>,
        dialect: Text<'_>,
        kind: Text<'_>,
        bucket: Option<Text<'_>>,
        lenient: bool,
        max_bytes: usize,
    ) -> PyResult<Self> {
        let options = PolicyOptions {
            dialect: options::dialect(py, dialect)?,
            kind: options::kind(py, kind)?,
            bucket: bucket.map(|text| text.0),
            lenient,
            limits: Limits { document_bytes: max_bytes, ..Limits::default() },
        };
        Self::read(py, text.0, options)
    }

    /// A policy that every MinIO server has, by its name; `built_in_policies()` has them all.
    ///
    /// >>> Policy.built_in("writeonly").decide("s3:PutObject", "arn:aws:s3:::photos/cat.jpg").allowed
    /// True
    #[staticmethod]
    fn built_in(py: Python<'_>, name: Text<'_>) -> PyResult<Self> {
        match built_in(name.0) {
            Some(text) => Self::read(py, text.as_bytes(), PolicyOptions::default()),
            None => Err(PyKeyError::new_err(format!("there is no built-in policy {:?}", name.0))),
        }
    }

    /// Asks whether an action may be done on a resource.
    ///
    /// `resource` is an ARN such as `arn:aws:s3:::photos/cat.jpg`, its last part alone
    /// (`photos/cat.jpg`), or empty for actions on the service. Where bucket and key are at hand, give
    /// them as `bucket` and `object` instead: they are taken as they are.
    ///
    /// `context` has the values of condition keys (`aws:SourceIp` or `SourceIp`), each a `str`, `bytes`,
    /// `bool`, `int`, `datetime` with a time zone, or a list of them. `account` is the caller as bucket
    /// policies match it; with `is_owner` all is allowed that nothing denies; with `deny_only` only an
    /// explicit Deny matters.
    ///
    /// >>> policy = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    /// ...     "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}''')
    /// >>> policy.decide("s3:GetObject", bucket="home", object="eve/a", context={"aws:username": "eve"}).allowed
    /// True
    /// >>> policy.decide("s3:GetObject", "home/eve/a", {"aws:username": "mallory"}).outcome
    /// 'implicit_deny'
    #[pyo3(signature = (action, resource = None, context = None, *, bucket = None, object = None,
                        account = Text(""), is_owner = false, deny_only = false),
           text_signature = "($self, action, resource='', context=None, *, bucket=None, object=None, account='', is_owner=False, deny_only=False)")]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn decide<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        account: Text<'_>,
        is_owner: bool,
        deny_only: bool,
    ) -> PyResult<Decision> {
        let py = slf.py();
        let (mut values, mut map) = (ContextValues::default(), ContextMap::new());
        values.fill(context)?;
        values.fill_map(&mut map);
        let query = Query {
            context: &map,
            account: account.0,
            is_owner,
            deny_only,
            ..Query::new(action.0, target(py, resource, bucket, object)?)
        };
        let decision = guard(py, || slf.get().core.decide(&query))?;
        Ok(Decision::new(decision, Source::Policy(slf.clone().unbind())))
    }

    /// The document, as it was given.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        PyString::from_bytes(py, &self.text)
    }

    /// `"minio"` or `"aws"`.
    #[getter]
    fn dialect(&self) -> &'static str {
        options::dialect_name(self.options.dialect)
    }

    /// What it is attached to: `"identity"`, `"bucket"` or `"session"`.
    #[getter]
    fn kind(&self) -> &'static str {
        options::kind_name(self.options.kind)
    }

    /// The bucket that it was parsed for, or `None`.
    #[getter]
    fn bucket(&self) -> Option<&str> {
        self.bucket.as_deref()
    }

    /// How far it can be used: `"good"`, or if it was parsed leniently also `"refused"` or `"invalid"`.
    #[getter]
    fn status(&self) -> &'static str {
        self.core.document().status().name()
    }

    /// Everything found about the document: a tuple of `Finding`, in the order of the text.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        finding::tuple(py, self.core.findings())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.identity().hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let statements = self.core.document().statements.len();
        let plural = if statements == 1 { "" } else { "s" };
        format!("<s3iam.Policy {} {}, {statements} statement{plural}>", self.dialect(), self.kind())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let restore = py.import("s3iam._native")?.getattr("_restore_policy")?;
        let max_bytes = self.options.limits.document_bytes;
        let options = (self.dialect(), self.kind(), self.bucket(), self.options.lenient, max_bytes);
        let arguments = (self.text(py)?, options.0, options.1, options.2, options.3, options.4);
        Ok((restore, arguments.into_pyobject(py)?))
    }
}

/// A policy from its pickled form, which is read like any other.
#[pyfunction]
pub fn _restore_policy(
    py: Python<'_>,
    text: Document<'_>,
    dialect: Text<'_>,
    kind: Text<'_>,
    bucket: Option<Text<'_>>,
    lenient: bool,
    max_bytes: usize,
) -> PyResult<Policy> {
    Policy::parse(py, text, dialect, kind, bucket, lenient, max_bytes)
}

/// The names of the built-in policies.
#[pyfunction]
pub fn _built_in_names() -> Vec<&'static str> {
    built_in_names().collect()
}

/// Several policies that decide together, as those of a user and its groups do: a Deny of any wins,
/// else an Allow of any.
///
/// >>> both = PolicySet([Policy.built_in("readonly"), Policy.built_in("writeonly")])
/// >>> both.decide("s3:PutObject", "arn:aws:s3:::photos/cat.jpg").statement.policy_index
/// 1
#[pyclass(frozen, module = "s3iam")]
pub struct PolicySet {
    core: facade::PolicySet,
    policies: Vec<Py<Policy>>,
}

impl PolicySet {
    /// The set of the core.
    pub fn core(&self) -> &facade::PolicySet {
        &self.core
    }
}

#[pymethods]
impl PolicySet {
    #[new]
    fn new(py: Python<'_>, policies: &Bound<'_, PyAny>) -> PyResult<Self> {
        let policies = self::policies(policies)?;
        let cores: Vec<&facade::Policy> = policies.iter().map(|policy| policy.get().core()).collect();
        let core = guard(py, || facade::PolicySet::of(&cores))?
            .map_err(|error| raise(py, &error, ErrorProfile::Aws))?;
        Ok(Self { core, policies })
    }

    /// Asks all policies together; the arguments are those of `Policy.decide`.
    ///
    /// >>> both = PolicySet([Policy.built_in("readonly"), Policy.built_in("writeonly")])
    /// >>> both.decide("s3:DeleteObject", "arn:aws:s3:::photos/cat.jpg").allowed
    /// False
    #[pyo3(signature = (action, resource = None, context = None, *, bucket = None, object = None,
                        account = Text(""), is_owner = false, deny_only = false),
           text_signature = "($self, action, resource='', context=None, *, bucket=None, object=None, account='', is_owner=False, deny_only=False)")]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn decide<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        account: Text<'_>,
        is_owner: bool,
        deny_only: bool,
    ) -> PyResult<Decision> {
        let py = slf.py();
        let (mut values, mut map) = (ContextValues::default(), ContextMap::new());
        values.fill(context)?;
        values.fill_map(&mut map);
        let query = Query {
            context: &map,
            account: account.0,
            is_owner,
            deny_only,
            ..Query::new(action.0, target(py, resource, bucket, object)?)
        };
        let decision = guard(py, || slf.get().core.decide(&query))?;
        Ok(Decision::new(decision, Source::Set(slf.clone().unbind())))
    }

    /// The policies, in the order in which decisions count them.
    #[getter]
    fn policies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.policies.iter().map(|policy| policy.bind(py)))
    }

    fn __repr__(&self) -> String {
        let plural = if self.policies.len() == 1 { "policy" } else { "policies" };
        format!("<s3iam.PolicySet of {} {plural}>", self.policies.len())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let restore = py.import("s3iam._native")?.getattr("_restore_policy_set")?;
        Ok((restore, (self.policies(py)?,).into_pyobject(py)?))
    }
}

/// A set of policies from its pickled form.
#[pyfunction]
pub fn _restore_policy_set(py: Python<'_>, policies: &Bound<'_, PyAny>) -> PyResult<PolicySet> {
    PolicySet::new(py, policies)
}

/// An argument that is an iterable of policies.
pub fn policies(value: &Bound<'_, PyAny>) -> PyResult<Vec<Py<Policy>>> {
    let wrong = |value: &Bound<'_, PyAny>| error::wrong_type("policies", "an iterable of Policy", value);
    let policies = value.try_iter().map_err(|_| wrong(value))?;
    policies
        .map(|item| item?.cast_into::<Policy>().map(Bound::unbind).map_err(|e| wrong(&e.into_inner())))
        .collect()
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
