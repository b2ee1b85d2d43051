//! `Layers`: policies of the AWS dialect by where they are attached, asked together.

use crate::asked::Asked;
use crate::batch::Batch;
use crate::decision::Decision;
use crate::error::{guard, raise, wrong_type};
use crate::policy::{Policy, policies};
use crate::principal::Principal;
use crate::question::{Question, target};
use crate::text::Text;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use s3iam::facade::{self, ErrorProfile, LayerPolicies, Target};

/// All policies that bear on a request in the AWS dialect, by where they are attached. Immutable, and
/// shareable between threads.
///
/// `identity` are those of the user and its groups, or of the role; `boundary` is its permissions
/// boundary; `session` are those passed when the session was made. `scp` are the service control
/// policies of the caller's account: a list for each level, from the root of the organisation to the
/// account; `rcp` the resource control policies of the resource's account, likewise. `resource` is the
/// bucket policy or the trust policy of a role, `endpoint` that of the VPC endpoint through which the
/// request came. A layer that is left out does not limit.
///
/// >>> def policy(action, **options):
/// ...     return Policy.parse(f'''{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
/// ...         "Action": "{action}", "Resource": "*"}}]}}''', dialect="aws", **options)
/// >>> layers = Layers(identity=[policy("s3:*")], boundary=policy("s3:Get*", kind="boundary"))
/// >>> alice = Principal.user("arn:aws:iam::111122223333:user/alice")
/// >>> layers.decide("s3:GetObject", "arn:aws:s3:::photos/cat.jpg", principal=alice).allowed
/// True
/// >>> layers.decide("s3:PutObject", "arn:aws:s3:::photos/cat.jpg", principal=alice).layer
/// 'boundary'
#[pyclass(frozen, module = "s3iam")]
pub struct Layers {
    core: facade::Layers,
    identity: Vec<Py<Policy>>,
    boundary: Option<Py<Policy>>,
    session: Vec<Py<Policy>>,
    scp: Vec<Vec<Py<Policy>>>,
    rcp: Vec<Vec<Py<Policy>>>,
    resource: Option<Py<Policy>>,
    endpoint: Option<Py<Policy>>,
}

impl Layers {
    /// The layers of the core.
    pub fn core(&self) -> &facade::Layers {
        &self.core
    }
}

#[pymethods]
impl Layers {
    #[new]
    #[pyo3(signature = (*, identity = None, boundary = None, session = None, scp = None, rcp = None,
                        resource = None, endpoint = None),
           text_signature = "(*, identity=(), boundary=None, session=(), scp=(), rcp=(), resource=None, endpoint=None)")]
    fn new(
        py: Python<'_>,
        identity: Option<&Bound<'_, PyAny>>,
        boundary: Option<Py<Policy>>,
        session: Option<&Bound<'_, PyAny>>,
        scp: Option<&Bound<'_, PyAny>>,
        rcp: Option<&Bound<'_, PyAny>>,
        resource: Option<Py<Policy>>,
        endpoint: Option<Py<Policy>>,
    ) -> PyResult<Self> {
        let identity = identity.map_or(Ok(Vec::new()), |value| policies("identity", value))?;
        let session = session.map_or(Ok(Vec::new()), |value| policies("session", value))?;
        let (scp, rcp) = (levels("scp", scp)?, levels("rcp", rcp)?);
        let core = guard(py, || {
            facade::Layers::of(&LayerPolicies {
                identity: &cores(&identity),
                boundary: boundary.as_ref().map(core),
                session: &cores(&session),
                scp: &scp.iter().map(|level| cores(level)).collect::<Vec<_>>(),
                rcp: &rcp.iter().map(|level| cores(level)).collect::<Vec<_>>(),
                resource: resource.as_ref().map(core),
                endpoint: endpoint.as_ref().map(core),
            })
        })?
        .map_err(|error| raise(py, &error, ErrorProfile::Aws))?;
        Ok(Self { core, identity, boundary, session, scp, rcp, resource, endpoint })
    }

    /// Asks whether a principal may do an action on a resource; the other arguments are those of
    /// `Policy.decide`, and condition keys have their full names, as in `aws:SourceIp`.
    ///
    /// `resource_account` is the account that owns the resource, where it is another than the
    /// principal's. The decision says which `layer` decided and, of `scp` and `rcp`, at which `level`.
    ///
    /// >>> public = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
    /// ...     "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]}''', dialect="aws", kind="bucket")
    /// >>> decision = Layers(resource=public).decide("s3:GetObject", bucket="photos", object="cat.jpg",
    /// ...     principal=Principal.anonymous(), resource_account="111122223333")
    /// >>> decision.outcome, decision.layer
    /// ('allow', 'resource')
    #[pyo3(signature = (action, resource = None, context = None, *, principal, bucket = None, object = None,
                        resource_account = None),
           text_signature = "($self, action, resource='', context=None, *, principal, bucket=None, object=None, resource_account=None)")]
    fn decide<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        principal: &Bound<'py, Principal>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        resource_account: Option<Text<'_>>,
    ) -> PyResult<Decision> {
        let target = target(slf.py(), resource, bucket, object)?;
        let question = question(target, context, principal, resource_account);
        Asked::from(slf).decide(slf.py(), action.0, &question)
    }

    /// Answers as `decide` does, and says why; the arguments are the same.
    ///
    /// >>> nobody = Principal.anonymous()
    /// >>> Layers().explain("s3:GetObject", "arn:aws:s3:::photos/cat.jpg", principal=nobody).decision.allowed
    /// False
    #[pyo3(signature = (action, resource = None, context = None, *, principal, bucket = None, object = None,
                        resource_account = None),
           text_signature = "($self, action, resource='', context=None, *, principal, bucket=None, object=None, resource_account=None)")]
    fn explain<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        principal: &Bound<'py, Principal>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        resource_account: Option<Text<'_>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let target = target(slf.py(), resource, bucket, object)?;
        let question = question(target, context, principal, resource_account);
        Asked::from(slf).explain(slf.py(), action.0, &question)
    }

    /// Answers many questions of one principal, as `Policy.decide_many` does.
    ///
    /// >>> nobody = Principal.anonymous()
    /// >>> decisions = Layers().decide_many(["s3:GetObject", "s3:PutObject"], ["photos/cat.jpg"], principal=nobody)
    /// >>> [decision.allowed for decision in decisions]
    /// [False, False]
    #[pyo3(signature = (actions, resources, contexts = None, *, principal, resource_account = None))]
    fn decide_many<'py>(
        slf: &Bound<'py, Self>,
        actions: &Bound<'py, PyAny>,
        resources: &Bound<'py, PyAny>,
        contexts: Option<&Bound<'py, PyAny>>,
        principal: &Bound<'py, Principal>,
        resource_account: Option<Text<'_>>,
    ) -> PyResult<Vec<Decision>> {
        let batch = Batch::read(actions, resources, contexts)?;
        let question = question(Target::Resource(""), None, principal, resource_account);
        Asked::from(slf).decide_many(slf.py(), &batch, &question)
    }

    /// The names of the actions that a principal may do on a resource, sorted, as of
    /// `Policy.allowed_actions`.
    ///
    /// >>> Layers().allowed_actions("arn:aws:s3:::photos/cat.jpg", principal=Principal.anonymous())
    /// []
    #[pyo3(signature = (resource = None, context = None, *, principal, bucket = None, object = None,
                        resource_account = None),
           text_signature = "($self, resource='', context=None, *, principal, bucket=None, object=None, resource_account=None)")]
    fn allowed_actions<'py>(
        slf: &Bound<'py, Self>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        principal: &Bound<'py, Principal>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        resource_account: Option<Text<'_>>,
    ) -> PyResult<Vec<String>> {
        let target = target(slf.py(), resource, bucket, object)?;
        let question = question(target, context, principal, resource_account);
        Asked::from(slf).allowed_actions(slf.py(), &question)
    }

    /// The policies of the user and its groups, or of the role.
    #[getter]
    fn identity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.identity)
    }

    /// The permissions boundary, or `None`.
    #[getter]
    fn boundary(&self) -> Option<&Py<Policy>> {
        self.boundary.as_ref()
    }

    /// The policies passed when the session was made.
    #[getter]
    fn session<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.session)
    }

    /// The service control policies: a tuple for each level.
    #[getter]
    fn scp<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuples(py, &self.scp)
    }

    /// The resource control policies: a tuple for each level.
    #[getter]
    fn rcp<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuples(py, &self.rcp)
    }

    /// The policy of the resource, or `None`.
    #[getter]
    fn resource(&self) -> Option<&Py<Policy>> {
        self.resource.as_ref()
    }

    /// The policy of the VPC endpoint, or `None`.
    #[getter]
    fn endpoint(&self) -> Option<&Py<Policy>> {
        self.endpoint.as_ref()
    }

    fn __repr__(&self) -> String {
        let parts = [
            ("identity", !self.identity.is_empty()),
            ("boundary", self.boundary.is_some()),
            ("session", !self.session.is_empty()),
            ("scp", !self.scp.is_empty()),
            ("rcp", !self.rcp.is_empty()),
            ("resource", self.resource.is_some()),
            ("endpoint", self.endpoint.is_some()),
        ];
        let there: Vec<&str> =
            parts.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect();
        format!(
            "<s3iam.Layers of {}>",
            if there.is_empty() { "nothing".to_owned() } else { there.join(", ") }
        )
    }

    /// What a pickled one is made of again.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let keywords = PyDict::new(py);
        keywords.set_item("identity", self.identity(py)?)?;
        keywords.set_item("boundary", self.boundary())?;
        keywords.set_item("session", self.session(py)?)?;
        keywords.set_item("scp", self.scp(py)?)?;
        keywords.set_item("rcp", self.rcp(py)?)?;
        keywords.set_item("resource", self.resource())?;
        keywords.set_item("endpoint", self.endpoint())?;
        Ok((PyTuple::empty(py), keywords))
    }
}

fn question<'a, 'py>(
    target: Target<'a>,
    context: Option<&'a Bound<'py, PyAny>>,
    principal: &'a Bound<'py, Principal>,
    resource_account: Option<Text<'a>>,
) -> Question<'a, 'py> {
    Question {
        principal: Some(principal),
        resource_account: resource_account.map(|text| text.0),
        ..Question::new(target, context)
    }
}

/// An argument that has a list of policies for each level of an organisation.
fn levels(name: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<Vec<Py<Policy>>>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let levels = value
        .try_iter()
        .map_err(|_| wrong_type(name, "an iterable of levels, each an iterable of Policy", value))?;
    levels.map(|level| policies(&format!("a level of {name}"), &level?)).collect()
}

fn tuples<'py>(py: Python<'py>, levels: &[Vec<Py<Policy>>]) -> PyResult<Bound<'py, PyTuple>> {
    let levels: Vec<_> = levels.iter().map(|level| PyTuple::new(py, level)).collect::<PyResult<_>>()?;
    PyTuple::new(py, levels)
}

fn cores(policies: &[Py<Policy>]) -> Vec<&facade::Policy> {
    policies.iter().map(core).collect()
}

fn core(policy: &Py<Policy>) -> &facade::Policy {
    policy.get().core()
}
