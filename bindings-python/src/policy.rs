//! `Policy` and `PolicySet`: documents, compiled, and asked.

use crate::access::Access;
use crate::asked::Asked;
use crate::batch::Batch;
use crate::decision::Decision;
use crate::error::{self, guard, raise, raise_refused};
use crate::principal::Principal;
use crate::question::{Keywords, Question, target};
use crate::text::{Document, Text};
use crate::{finding, options};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use s3iam::facade::{self, ErrorProfile, Limits, PolicyOptions, Target, built_in, built_in_names};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The keyword arguments of a question to policies, besides those that say what it is about.
const KEYWORDS: [&str; 4] = ["account", "is_owner", "deny_only", "principal"];
/// Those of `access`, which does not ask for one decision.
const ACCESS_KEYWORDS: [&str; 2] = ["account", "principal"];

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
    /// A document that is larger than `max_bytes`, and unless `lenient` also one that cannot be read or
    /// would be refused where policies are created, raises `PolicyError`, whose `.findings` has all of
    /// what is wrong, each with its place. With `lenient` a document is taken as stored policies are:
    /// what is not valid in it denies as written and allows nothing, and one that cannot be read denies
    /// everything.
    ///
    /// `dialect` is `"minio"` or `"aws"`; `kind` is what the policy is attached to: `"identity"` (a user,
    /// group or role), `"bucket"`, `"session"`, and in the AWS dialect `"trust"` (of a role),
    /// `"boundary"`, `"scp"`, `"rcp"` or `"endpoint"`. MinIO's dialect knows bucket policies alone from
    /// others, and reads every other kind as `"identity"`. With `bucket`, the bucket that a bucket policy
    /// is put on, a resource that cannot be of this bucket is an error.
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
    /// `bool`, `int`, `datetime` with a time zone, or a list of them. In the AWS dialect they are full
    /// names (`aws:SourceIp`), in any case.
    ///
    /// `account` is the caller as bucket policies of MinIO match it, `principal` the caller as policies of
    /// the AWS dialect do; with `is_owner` all is allowed that nothing denies; with `deny_only` only an
    /// explicit Deny matters.
    ///
    /// >>> policy = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    /// ...     "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}''')
    /// >>> policy.decide("s3:GetObject", bucket="home", object="eve/a", context={"aws:username": "eve"}).allowed
    /// True
    /// >>> policy.decide("s3:GetObject", "home/eve/a", {"aws:username": "mallory"}).outcome
    /// 'implicit_deny'
    #[pyo3(signature = (action, resource = None, context = None, *, bucket = None, object = None,
                        account = Text(""), is_owner = false, deny_only = false, principal = None),
           text_signature = "($self, action, resource='', context=None, *, bucket=None, object=None, account='', is_owner=False, deny_only=False, principal=None)")]
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
        principal: Option<&Bound<'py, Principal>>,
    ) -> PyResult<Decision> {
        let target = target(slf.py(), resource, bucket, object)?;
        let question =
            Question { account: account.0, is_owner, deny_only, principal, ..Question::new(target, context) };
        Asked::from(slf).decide(slf.py(), action.0, &question)
    }

    /// Answers as `decide` does, and says why: an `Explanation`. The arguments are the same.
    ///
    /// It has the decision, a sentence, and for every statement whether it applies and which of its
    /// elements match, which do not, and which condition keys had no value.
    ///
    /// >>> explanation = Policy.built_in("readonly").explain("s3:PutObject", "photos/cat.jpg")
    /// >>> explanation.decision.outcome
    /// 'implicit_deny'
    /// >>> [element.element for element in explanation.statements[0].elements if element.holds is False]
    /// ['Action']
    #[pyo3(signature = (action, resource = None, context = None, *, bucket = None, object = None, **keywords),
           text_signature = "($self, action, resource='', context=None, *, bucket=None, object=None, account='', is_owner=False, deny_only=False, principal=None)")]
    fn explain<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let target = target(slf.py(), resource, bucket, object)?;
        Asked::from(slf).explain(slf.py(), action.0, &keywords.question(target, context)?)
    }

    /// Answers many questions: every action on every resource in every context. The other arguments are
    /// those of `decide`.
    ///
    /// The list has the decisions in the order of `itertools.product(actions, resources, contexts)`. A
    /// resource is a `str`, or a pair of bucket and object. Without `contexts` there is one, which is empty.
    /// More than 100,000 questions are refused: ask them in parts.
    ///
    /// >>> decisions = Policy.built_in("readonly").decide_many(
    /// ...     ["s3:GetObject", "s3:PutObject"], ["photos/cat.jpg", ("photos", "dog.jpg")])
    /// >>> [decision.allowed for decision in decisions]
    /// [True, True, False, False]
    #[pyo3(signature = (actions, resources, contexts = None, **keywords),
           text_signature = "($self, actions, resources, contexts=None, *, account='', is_owner=False, deny_only=False, principal=None)")]
    fn decide_many<'py>(
        slf: &Bound<'py, Self>,
        actions: &Bound<'py, PyAny>,
        resources: &Bound<'py, PyAny>,
        contexts: Option<&Bound<'py, PyAny>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Vec<Decision>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let batch = Batch::read(actions, resources, contexts)?;
        Asked::from(slf).decide_many(slf.py(), &batch, &keywords.question(Target::Resource(""), None)?)
    }

    /// The names of the actions that are allowed on a resource, sorted; the arguments are those of
    /// `decide`.
    ///
    /// They are those of the catalogue that are about such a resource (an object, a bucket, the service),
    /// and those that the policy names in full. An action outside the catalogue that only a wildcard
    /// matches is not found.
    ///
    /// >>> Policy.built_in("readonly").allowed_actions("photos/cat.jpg")
    /// ['s3:GetObject']
    #[pyo3(signature = (resource = None, context = None, *, bucket = None, object = None, **keywords),
           text_signature = "($self, resource='', context=None, *, bucket=None, object=None, account='', is_owner=False, deny_only=False, principal=None)")]
    fn allowed_actions<'py>(
        slf: &Bound<'py, Self>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Vec<String>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let target = target(slf.py(), resource, bucket, object)?;
        Asked::from(slf).allowed_actions(slf.py(), &keywords.question(target, context)?)
    }

    /// What may be done with an action, and where: an `Access`.
    ///
    /// `context` has what is known. What it does not have may still be given, and stays open; with
    /// `complete` there is no more to come. `account` and `principal` are as in `decide`.
    ///
    /// >>> policy = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    /// ...     "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}''')
    /// >>> access = policy.access("s3:GetObject", {"aws:username": "eve"})
    /// >>> access.layers[0].allow[0].resources
    /// ('arn:aws:s3:::home/eve/*',)
    /// >>> access.allows("home/mallory/a")
    /// False
    #[pyo3(signature = (action, context = None, *, complete = false, **keywords),
           text_signature = "($self, action, context=None, *, complete=False, account='', principal=None)")]
    fn access<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        context: Option<&Bound<'py, PyAny>>,
        complete: bool,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Access> {
        let keywords = Keywords::read(keywords, &ACCESS_KEYWORDS)?;
        let question = keywords.question(Target::Resource(""), context)?;
        Asked::from(slf).access(slf.py(), action.0, complete, &question)
    }

    /// The document, as it was given.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        PyString::from_bytes(py, &self.text)
    }

    /// `"minio"` or `"aws"`.
    #[getter]
    fn dialect(&self) -> &'static str {
        self.options.dialect.name()
    }

    /// What it is attached to: `"identity"`, `"bucket"`, `"session"`, `"trust"`, `"boundary"`, `"scp"`,
    /// `"rcp"` or `"endpoint"`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.options.kind.name()
    }

    /// The bucket that it was parsed for, or `None`.
    #[getter]
    fn bucket(&self) -> Option<&str> {
        self.bucket.as_deref()
    }

    /// How far it can be used: `"good"`, or if it was parsed leniently also `"refused"`, `"invalid"` or
    /// `"unreadable"`.
    #[getter]
    fn status(&self) -> &'static str {
        self.core.document().status().name()
    }

    /// Everything found about the document: a tuple of `Finding`, in the order of the text.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        finding::tuple(py, self.core.findings())
    }

    /// Whether it is a public policy, as Block Public Access of S3 has it: to be put on no bucket where
    /// `block_public_policy` is set. Only bucket policies of the AWS dialect can be.
    #[getter]
    fn is_public(&self) -> bool {
        self.core.is_public()
    }

    /// The positions of the statements that make it public: a tuple.
    #[getter]
    fn public_statements<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, guard(py, || self.core.public_statements())?)
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
        let policies = self::policies("policies", policies)?;
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
                        account = Text(""), is_owner = false, deny_only = false, principal = None),
           text_signature = "($self, action, resource='', context=None, *, bucket=None, object=None, account='', is_owner=False, deny_only=False, principal=None)")]
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
        principal: Option<&Bound<'py, Principal>>,
    ) -> PyResult<Decision> {
        let target = target(slf.py(), resource, bucket, object)?;
        let question =
            Question { account: account.0, is_owner, deny_only, principal, ..Question::new(target, context) };
        Asked::from(slf).decide(slf.py(), action.0, &question)
    }

    /// Answers as `decide` does, and says why: an `Explanation`. The arguments are the same.
    ///
    /// >>> both = PolicySet([Policy.built_in("readonly"), Policy.built_in("writeonly")])
    /// >>> explanation = both.explain("s3:PutObject", "photos/cat.jpg")
    /// >>> [trace.policy_index for trace in explanation.statements if trace.applies]
    /// [1]
    #[pyo3(signature = (action, resource = None, context = None, *, bucket = None, object = None, **keywords),
           text_signature = "($self, action, resource='', context=None, *, bucket=None, object=None, account='', is_owner=False, deny_only=False, principal=None)")]
    fn explain<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let target = target(slf.py(), resource, bucket, object)?;
        Asked::from(slf).explain(slf.py(), action.0, &keywords.question(target, context)?)
    }

    /// Answers many questions, as `Policy.decide_many` does.
    ///
    /// >>> both = PolicySet([Policy.built_in("readonly"), Policy.built_in("writeonly")])
    /// >>> [decision.allowed for decision in both.decide_many(["s3:PutObject", "s3:DeleteObject"], ["photos/cat.jpg"])]
    /// [True, False]
    #[pyo3(signature = (actions, resources, contexts = None, **keywords),
           text_signature = "($self, actions, resources, contexts=None, *, account='', is_owner=False, deny_only=False, principal=None)")]
    fn decide_many<'py>(
        slf: &Bound<'py, Self>,
        actions: &Bound<'py, PyAny>,
        resources: &Bound<'py, PyAny>,
        contexts: Option<&Bound<'py, PyAny>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Vec<Decision>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let batch = Batch::read(actions, resources, contexts)?;
        Asked::from(slf).decide_many(slf.py(), &batch, &keywords.question(Target::Resource(""), None)?)
    }

    /// The names of the actions that are allowed on a resource, sorted, as of `Policy.allowed_actions`.
    ///
    /// >>> both = PolicySet([Policy.built_in("readonly"), Policy.built_in("writeonly")])
    /// >>> both.allowed_actions("photos/cat.jpg")
    /// ['s3:GetObject', 's3:PutObject']
    #[pyo3(signature = (resource = None, context = None, *, bucket = None, object = None, **keywords),
           text_signature = "($self, resource='', context=None, *, bucket=None, object=None, account='', is_owner=False, deny_only=False, principal=None)")]
    fn allowed_actions<'py>(
        slf: &Bound<'py, Self>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Vec<String>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let target = target(slf.py(), resource, bucket, object)?;
        Asked::from(slf).allowed_actions(slf.py(), &keywords.question(target, context)?)
    }

    /// What may be done with an action, and where, as of `Policy.access`: an `Access`.
    ///
    /// >>> both = PolicySet([Policy.built_in("readonly"), Policy.built_in("writeonly")])
    /// >>> both.access("s3:PutObject").layers[0].allow[0].policy_index
    /// 1
    #[pyo3(signature = (action, context = None, *, complete = false, **keywords),
           text_signature = "($self, action, context=None, *, complete=False, account='', principal=None)")]
    fn access<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        context: Option<&Bound<'py, PyAny>>,
        complete: bool,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Access> {
        let keywords = Keywords::read(keywords, &ACCESS_KEYWORDS)?;
        let question = keywords.question(Target::Resource(""), context)?;
        Asked::from(slf).access(slf.py(), action.0, complete, &question)
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
pub fn policies(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<Py<Policy>>> {
    let wrong = |value: &Bound<'_, PyAny>| error::wrong_type(name, "an iterable of Policy", value);
    let policies = value.try_iter().map_err(|_| wrong(value))?;
    policies
        .map(|item| item?.cast_into::<Policy>().map(Bound::unbind).map_err(|e| wrong(&e.into_inner())))
        .collect()
}
