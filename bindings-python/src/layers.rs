//! `Layers`: policies of the AWS dialect by where they are attached, asked together.

use crate::acl::Acl;
use crate::asked::Asked;
use crate::batch::Batch;
use crate::classes;
use crate::decision::Decision;
use crate::error::{guard, raise, wrong_type};
use crate::options::flag;
use crate::policy::{Policy, policies};
use crate::principal::Principal;
use crate::question::{Keywords, Question, target};
use crate::text::Text;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use s3iam::facade::{self, ErrorProfile, LayerPolicies, Target};

/// The keyword arguments of a question to layers, besides the principal and what it is about.
const KEYWORDS: [&str; 2] = ["resource_account", "acl"];

/// All policies that bear on a request in the AWS dialect, by where they are attached. Immutable, and
/// shareable between threads.
///
/// `identity` are those of the user and its groups, or of the role; `boundary` is its permissions
/// boundary; `session` are those passed when the session was made. `scp` are the service control
/// policies of the caller's account: a list for each level, from the root of the organisation to the
/// account; `rcp` the resource control policies of the resource's account, likewise. `resource` is the
/// bucket policy or the trust policy of a role, `endpoint` that of the VPC endpoint through which the
/// request came. A layer that is left out does not limit. `public_access_block` are the settings of Block
/// Public Access of S3, of account and bucket together.
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
    public_access_block: Option<Py<PyAny>>,
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
                        resource = None, endpoint = None, public_access_block = None),
           text_signature = "(*, identity=(), boundary=None, session=(), scp=(), rcp=(), resource=None, endpoint=None, public_access_block=None)")]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python class")]
    fn new(
        py: Python<'_>,
        identity: Option<&Bound<'_, PyAny>>,
        boundary: Option<Py<Policy>>,
        session: Option<&Bound<'_, PyAny>>,
        scp: Option<&Bound<'_, PyAny>>,
        rcp: Option<&Bound<'_, PyAny>>,
        resource: Option<Py<Policy>>,
        endpoint: Option<Py<Policy>>,
        public_access_block: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let settings = self::public_access_block(public_access_block)?;
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
                public_access_block: settings,
            })
        })?
        .map_err(|error| raise(py, &error, ErrorProfile::Aws))?;
        let public_access_block = public_access_block.map(|settings| settings.clone().unbind());
        Ok(Self { core, identity, boundary, session, scp, rcp, resource, endpoint, public_access_block })
    }

    /// Asks whether a principal may do an action on a resource; the other arguments are those of
    /// `Policy.decide`, and condition keys have their full names, as in `aws:SourceIp`.
    ///
    /// `resource_account` is the account that owns the resource, where it is another than the
    /// principal's; `acl` has the access control lists of bucket and object. The decision says which `layer` decided and, of `scp` and `rcp`, at which `level`.
    ///
    /// >>> public = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
    /// ...     "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]}''', dialect="aws", kind="bucket")
    /// >>> decision = Layers(resource=public).decide("s3:GetObject", bucket="photos", object="cat.jpg",
    /// ...     principal=Principal.anonymous(), resource_account="111122223333")
    /// >>> decision.outcome, decision.layer
    /// ('allow', 'resource')
    #[pyo3(signature = (action, resource = None, context = None, *, principal, bucket = None, object = None,
                        resource_account = None, acl = None),
           text_signature = "($self, action, resource='', context=None, *, principal, bucket=None, object=None, resource_account=None, acl=None)")]
    #[expect(clippy::too_many_arguments, reason = "they are the keyword arguments of a Python method")]
    fn decide<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        principal: &Bound<'py, Principal>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        resource_account: Option<Text<'_>>,
        acl: Option<&Bound<'py, Acl>>,
    ) -> PyResult<Decision> {
        let resource_account = resource_account.map(|text| text.0);
        let target = target(slf.py(), resource, bucket, object)?;
        let question =
            Question { principal: Some(principal), resource_account, acl, ..Question::new(target, context) };
        Asked::from(slf).decide(slf.py(), action.0, &question)
    }

    /// Answers as `decide` does, and says why; the arguments are the same.
    ///
    /// >>> nobody = Principal.anonymous()
    /// >>> Layers().explain("s3:GetObject", "arn:aws:s3:::photos/cat.jpg", principal=nobody).decision.allowed
    /// False
    #[pyo3(signature = (action, resource = None, context = None, *, principal, bucket = None, object = None,
                        **keywords),
           text_signature = "($self, action, resource='', context=None, *, principal, bucket=None, object=None, resource_account=None, acl=None)")]
    fn explain<'py>(
        slf: &Bound<'py, Self>,
        action: Text<'_>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        principal: &Bound<'py, Principal>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let target = target(slf.py(), resource, bucket, object)?;
        let question = Question { principal: Some(principal), ..keywords.question(target, context)? };
        Asked::from(slf).explain(slf.py(), action.0, &question)
    }

    /// Answers many questions of one principal, as `Policy.decide_many` does.
    ///
    /// >>> nobody = Principal.anonymous()
    /// >>> decisions = Layers().decide_many(["s3:GetObject", "s3:PutObject"], ["photos/cat.jpg"], principal=nobody)
    /// >>> [decision.allowed for decision in decisions]
    /// [False, False]
    #[pyo3(signature = (actions, resources, contexts = None, *, principal, **keywords),
           text_signature = "($self, actions, resources, contexts=None, *, principal, resource_account=None, acl=None)")]
    fn decide_many<'py>(
        slf: &Bound<'py, Self>,
        actions: &Bound<'py, PyAny>,
        resources: &Bound<'py, PyAny>,
        contexts: Option<&Bound<'py, PyAny>>,
        principal: &Bound<'py, Principal>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Vec<Decision>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let batch = Batch::read(actions, resources, contexts)?;
        let question =
            Question { principal: Some(principal), ..keywords.question(Target::Resource(""), None)? };
        Asked::from(slf).decide_many(slf.py(), &batch, &question)
    }

    /// The names of the actions that a principal may do on a resource, sorted, as of
    /// `Policy.allowed_actions`.
    ///
    /// >>> Layers().allowed_actions("arn:aws:s3:::photos/cat.jpg", principal=Principal.anonymous())
    /// []
    #[pyo3(signature = (resource = None, context = None, *, principal, bucket = None, object = None,
                        **keywords),
           text_signature = "($self, resource='', context=None, *, principal, bucket=None, object=None, resource_account=None, acl=None)")]
    fn allowed_actions<'py>(
        slf: &Bound<'py, Self>,
        resource: Option<Text<'_>>,
        context: Option<&Bound<'py, PyAny>>,
        principal: &Bound<'py, Principal>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Vec<String>> {
        let keywords = Keywords::read(keywords, &KEYWORDS)?;
        let target = target(slf.py(), resource, bucket, object)?;
        let question = Question { principal: Some(principal), ..keywords.question(target, context)? };
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

    /// The settings of Block Public Access, or `None`.
    #[getter]
    fn public_access_block(&self) -> Option<&Py<PyAny>> {
        self.public_access_block.as_ref()
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
            ("public_access_block", self.public_access_block.is_some()),
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
        keywords.set_item("public_access_block", self.public_access_block())?;
        Ok((PyTuple::empty(py), keywords))
    }
}

/// The settings of a `PublicAccessBlock`; without one, none is on.
fn public_access_block(value: Option<&Bound<'_, PyAny>>) -> PyResult<facade::PublicAccessBlock> {
    let Some(value) = value else { return Ok(facade::PublicAccessBlock::default()) };
    if !value.is_instance(classes::PUBLIC_ACCESS_BLOCK.get(value.py())?)? {
        return Err(wrong_type("public_access_block", "PublicAccessBlock or None", value));
    }
    let setting = |name: &str| flag(name, &value.getattr(name)?);
    Ok(facade::PublicAccessBlock {
        block_public_acls: setting("block_public_acls")?,
        ignore_public_acls: setting("ignore_public_acls")?,
        block_public_policy: setting("block_public_policy")?,
        restrict_public_buckets: setting("restrict_public_buckets")?,
    })
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
