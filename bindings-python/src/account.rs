//! `Account`: a caller with its policies, asked as a whole.

use crate::access::Access;
use crate::asked::Asked;
use crate::batch::Batch;
use crate::context::ContextValues;
use crate::decision::{Decision, Source};
use crate::error::{self, guard, raise};
use crate::policy::{Policy, policies};
use crate::question::{Keywords, Question, target};
use crate::text::{Document, Text};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};
use s3iam::facade::{self, ContextMap, Credential, ErrorProfile, OperationQuery, Target};

/// The keyword arguments of a question to an account, besides those that say what it is about.
const KEYWORDS: [&str; 3] = ["account", "deny_only", "bucket_policy"];
/// Those of `access`, which does not ask for one decision.
const ACCESS_KEYWORDS: [&str; 2] = ["account", "bucket_policy"];

/// A caller and all its policies, decided as MinIO does. Immutable, and shareable between threads.
///
/// `credential` is `"root"`, `"user"`, `"service-account"`, `"temporary"` or `"anonymous"`; of a service
/// account and a temporary credential, `parent_is_root` says whether it acts for the owner. `policies`
/// are those of the user, or of the parent, and of its groups. `session_policy` is the text of the
/// session policy of a temporary credential, or of the embedded policy of a service account: one that
/// cannot be used denies everything.
///
/// >>> account = Account("temporary", [Policy.built_in("readwrite")], session_policy=Policy.built_in("readonly").text)
/// >>> account.decide("s3:GetObject", "photos/cat.jpg").allowed
/// True
/// >>> account.decide("s3:PutObject", "photos/cat.jpg").layer
/// 'session'
#[pyclass(frozen, module = "s3iam")]
pub struct Account {
    core: facade::Account,
    policies: Vec<Py<Policy>>,
    session_policy: Option<Box<[u8]>>,
}

impl Account {
    /// The account of the core.
    pub fn core(&self) -> &facade::Account {
        &self.core
    }
}

#[pymethods]
impl Account {
    #[new]
    #[pyo3(signature = (credential, policies = None, *, session_policy = None, parent_is_root = false),
           text_signature = "(credential, policies=(), *, session_policy=None, parent_is_root=False)")]
    fn new(
        py: Python<'_>,
        credential: Text<'_>,
        policies: Option<&Bound<'_, PyAny>>,
        session_policy: Option<Document<'_>>,
        parent_is_root: bool,
    ) -> PyResult<Self> {
        let policies = policies.map_or(Ok(Vec::new()), |value| self::policies("policies", value))?;
        let cores: Vec<&facade::Policy> = policies.iter().map(|policy| policy.get().core()).collect();
        let text = session_policy.map(|text| text.0);
        let make = || facade::Account::new(Credential::named(credential.0, parent_is_root)?, &cores, text);
        let core = guard(py, make)?.map_err(|error| raise(py, &error, ErrorProfile::Aws))?;
        Ok(Self { core, policies, session_policy: text.map(Into::into) })
    }

    /// Asks whether the account may do an action; the arguments are those of `Policy.decide`.
    ///
    /// `bucket_policy` is the policy of the bucket asked about. It matters for anonymous callers alone,
    /// as with MinIO, and nothing else does for them.
    ///
    /// >>> public = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
    /// ...     "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]}''', kind="bucket", bucket="photos")
    /// >>> decision = Account("anonymous").decide("s3:GetObject", "photos/cat.jpg", bucket_policy=public)
    /// >>> decision.outcome, decision.layer
    /// ('allow', 'bucket')
    #[pyo3(signature = (action, resource = None, context = None, *, bucket = None, object = None,
                        account = Text(""), deny_only = false, bucket_policy = None),
           text_signature = "($self, action, resource='', context=None, *, bucket=None, object=None, account='', deny_only=False, bucket_policy=None)")]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn decide<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        account: Text<'_>,
        deny_only: bool,
        bucket_policy: Option<&Bound<'py, Policy>>,
    ) -> PyResult<Decision> {
        let target = target(slf.py(), resource, bucket, object)?;
        let question = Question { account: account.0, deny_only, ..Question::new(target, context) };
        Asked::account(slf, bucket_policy).decide(slf.py(), action.0, &question)
    }

    /// Answers as `decide` does, and says why: an `Explanation`, with what each layer that was asked
    /// answers by itself. The arguments are the same.
    ///
    /// >>> account = Account("temporary", [Policy.built_in("readwrite")], session_policy=Policy.built_in("readonly").text)
    /// >>> explanation = account.explain("s3:PutObject", "photos/cat.jpg")
    /// >>> [(layer.layer, layer.decision.allowed) for layer in explanation.layers]
    /// [('identity', True), ('session', False)]
    #[pyo3(signature = (action, resource = None, context = None, *, bucket = None, object = None, **keywords),
           text_signature = "($self, action, resource='', context=None, *, bucket=None, object=None, account='', deny_only=False, bucket_policy=None)")]
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
        let question = keywords.question(target, context)?;
        Asked::account(slf, keywords.bucket_policy()).explain(slf.py(), action.0, &question)
    }

    /// Answers many questions, as `Policy.decide_many` does.
    ///
    /// >>> account = Account("user", [Policy.built_in("readonly")])
    /// >>> [decision.allowed for decision in account.decide_many(["s3:GetObject"], ["photos/cat.jpg", "music/a"])]
    /// [True, True]
    #[pyo3(signature = (actions, resources, contexts = None, **keywords),
           text_signature = "($self, actions, resources, contexts=None, *, account='', deny_only=False, bucket_policy=None)")]
    fn decide_many<'py>(
        slf: &Bound<'py, Self>,
        actions: &Bound<'py, PyAny>,
        resources: &Bound<'py, PyAny>,
        contexts: Option<&Bound<'py, PyAny>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Vec<Decision>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let batch = Batch::read(actions, resources, contexts)?;
        let question = keywords.question(Target::Resource(""), None)?;
        Asked::account(slf, keywords.bucket_policy()).decide_many(slf.py(), &batch, &question)
    }

    /// The names of the actions that are allowed on a resource, sorted, as of `Policy.allowed_actions`.
    ///
    /// >>> Account("user", [Policy.built_in("readonly")]).allowed_actions("photos/cat.jpg")
    /// ['s3:GetObject']
    #[pyo3(signature = (resource = None, context = None, *, bucket = None, object = None, **keywords),
           text_signature = "($self, resource='', context=None, *, bucket=None, object=None, account='', deny_only=False, bucket_policy=None)")]
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
        let question = keywords.question(target, context)?;
        Asked::account(slf, keywords.bucket_policy()).allowed_actions(slf.py(), &question)
    }

    /// What the account may do with an action, and where, as of `Policy.access`: an `Access`, whose layers
    /// must all allow it.
    ///
    /// Where the session policy cannot be used, which denies everything, it raises `S3IamError` with the
    /// code `unsupported`.
    ///
    /// >>> account = Account("user", [Policy.built_in("readonly")])
    /// >>> account.access("s3:GetObject").layers[0].allow[0].resources
    /// ('arn:aws:s3:::*',)
    #[pyo3(signature = (action, context = None, *, complete = false, **keywords),
           text_signature = "($self, action, context=None, *, complete=False, account='', bucket_policy=None)")]
    fn access<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        context: Option<&Bound<'py, PyAny>>,
        complete: bool,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Access> {
        let keywords = Keywords::read(keywords, &ACCESS_KEYWORDS)?;
        let question = keywords.question(Target::Resource(""), context)?;
        Asked::account(slf, keywords.bucket_policy()).access(slf.py(), action.0, complete, &question)
    }

    /// Asks whether the account may make an API call, with all the actions that it needs.
    ///
    /// `operation` is for example `"DeleteObject"`. What a call asks for besides may need further
    /// actions: a `version_id`; `copy_source`, a pair of bucket and key, or with the version a triple;
    /// `retention` and `legal_hold` of a write; `bypass_governance`; `replica`; `object_lock` of
    /// `CreateBucket`; `force_delete` of `DeleteBucket`. `buckets` are those that `ListBuckets` may show
    /// one by one: with one of them the answer is whether the list may show that one.
    ///
    /// >>> account = Account("user", [Policy.built_in("readonly")])
    /// >>> account.decide_operation("GetObject", "photos", "cat.jpg", version_id="v1").allowed
    /// True
    /// >>> account.decide_operation("CopyObject", "photos", "cat.jpg", copy_source=("photos", "old.jpg")).allowed
    /// False
    #[pyo3(signature = (operation, bucket = Text(""), object = Text(""), context = None, *, version_id = None,
                        copy_source = None, buckets = None, account = Text(""), retention = false,
                        legal_hold = false, bypass_governance = false, replica = false, object_lock = false,
                        force_delete = false, bucket_policy = None),
           text_signature = "($self, operation, bucket='', object='', context=None, *, version_id=None, copy_source=None, buckets=(), account='', retention=False, legal_hold=False, bypass_governance=False, replica=False, object_lock=False, force_delete=False, bucket_policy=None)")]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn decide_operation<'py>(
        slf: &Bound<'py, Self>,
        operation: Text<'_>,
        bucket: Text<'_>,
        object: Text<'_>,
        context: Option<&Bound<'py, PyAny>>,
        version_id: Option<Text<'_>>,
        copy_source: Option<&Bound<'py, PyAny>>,
        buckets: Option<&Bound<'py, PyAny>>,
        account: Text<'_>,
        retention: bool,
        legal_hold: bool,
        bypass_governance: bool,
        replica: bool,
        object_lock: bool,
        force_delete: bool,
        bucket_policy: Option<&Bound<'py, Policy>>,
    ) -> PyResult<Decision> {
        let (mut values, mut map) = (ContextValues::default(), ContextMap::new());
        values.fill(context)?;
        values.fill_map(&mut map);
        let source = copy_source.map(source).transpose()?;
        let buckets = buckets.map_or(Ok(Vec::new()), |buckets| crate::options::texts("buckets", buckets))?;
        let buckets: Vec<&str> = buckets.iter().map(String::as_str).collect();
        let query = OperationQuery {
            operation: operation.0,
            bucket: bucket.0,
            object: object.0,
            version_id: version_id.map(|text| text.0),
            copy_source: source
                .as_ref()
                .map(|(bucket, key, version)| (&**bucket, &**key, version.as_deref())),
            buckets: &buckets,
            context: &map,
            account: account.0,
            retention,
            legal_hold,
            bypass_governance,
            replica,
            object_lock,
            force_delete,
        };
        let core = bucket_policy.map(|policy| policy.get().core());
        let decision = guard(slf.py(), || slf.get().core.decide_operation(&query, core))?
            .map_err(|error| raise(slf.py(), &error, ErrorProfile::Aws))?;
        Ok(Decision::new(decision.into(), Source::Asked(Asked::account(slf, bucket_policy))))
    }

    /// `"root"`, `"user"`, `"service-account"`, `"temporary"` or `"anonymous"`.
    #[getter]
    fn credential(&self) -> &'static str {
        self.core.credential().name()
    }

    /// Whether it acts for the owner.
    #[getter]
    fn parent_is_root(&self) -> bool {
        self.core.credential().parent_is_root()
    }

    /// The policies, in the order in which decisions count them.
    #[getter]
    fn policies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.policies.iter().map(|policy| policy.bind(py)))
    }

    /// The session policy, as it was given, or `None`. Bytes that are not UTF-8 become lone surrogates.
    #[getter]
    fn session_policy<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        self.session_policy.as_ref().map(|text| crate::text::from_bytes(py, text)).transpose()
    }

    fn __repr__(&self) -> String {
        let plural = if self.policies.len() == 1 { "policy" } else { "policies" };
        format!("<s3iam.Account {}, {} {plural}>", self.credential(), self.policies.len())
    }

    /// What a pickled one is made of again.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let keywords = PyDict::new(py);
        keywords
            .set_item("session_policy", self.session_policy.as_ref().map(|text| PyBytes::new(py, text)))?;
        keywords.set_item("parent_is_root", self.parent_is_root())?;
        Ok(((self.credential(), self.policies(py)?).into_pyobject(py)?, keywords))
    }
}

/// What a copy reads: bucket, key and perhaps version.
type CopySource = (String, String, Option<String>);

fn source(value: &Bound<'_, PyAny>) -> PyResult<CopySource> {
    if let Ok((bucket, key)) = value.extract::<(String, String)>() {
        return Ok((bucket, key, None));
    }
    let wrong = || error::wrong_type("copy_source", "a tuple of bucket, key and perhaps version", value);
    value.extract().map_err(|_| wrong())
}
