//! `Principal`: who asks, as policies of the AWS dialect name principals.

use crate::error::argument;
use crate::text::Text;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use s3iam::facade::Caller;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Who asks, for policies of the AWS dialect. A value: equal ones are the same principal.
///
/// >>> alice = Principal.user("arn:aws:iam::111122223333:user/alice")
/// >>> alice.kind, alice.name
/// ('user', 'arn:aws:iam::111122223333:user/alice')
#[pyclass(frozen, module = "s3iam")]
#[derive(PartialEq, Eq, Hash)]
pub struct Principal {
    kind: &'static str,
    name: Box<str>,
    behind: Option<Box<str>>,
}

impl Principal {
    /// The caller of the core.
    pub fn caller(&self) -> Option<Caller<'_>> {
        Caller::named(self.kind, &self.name, self.behind.as_deref())
    }

    fn new(py: Python<'_>, kind: &str, name: Text<'_>, behind: Option<Text<'_>>) -> PyResult<Self> {
        let behind = behind.map(|text| text.0);
        let Some(caller) = Caller::named(kind, name.0, behind) else {
            return Err(argument(py, format!("there is no principal {kind} of this name")));
        };
        Ok(Self { kind: caller.kind(), name: name.0.into(), behind: behind.map(Into::into) })
    }
}

#[pymethods]
impl Principal {
    /// An IAM user, by its ARN.
    ///
    /// >>> Principal.user("arn:aws:iam::111122223333:user/alice")
    /// Principal.user('arn:aws:iam::111122223333:user/alice')
    #[staticmethod]
    fn user(py: Python<'_>, arn: Text<'_>) -> PyResult<Self> {
        Self::new(py, "user", arn, None)
    }

    /// The root user of an account, by its ARN.
    ///
    /// >>> Principal.root("arn:aws:iam::111122223333:root").kind
    /// 'root'
    #[staticmethod]
    fn root(py: Python<'_>, arn: Text<'_>) -> PyResult<Self> {
        Self::new(py, "root", arn, None)
    }

    /// A session of a role: the ARN of the session, and that of the role.
    ///
    /// >>> session = Principal.role_session("arn:aws:sts::111122223333:assumed-role/reader/alice",
    /// ...                                  "arn:aws:iam::111122223333:role/team/reader")
    /// >>> session.behind
    /// 'arn:aws:iam::111122223333:role/team/reader'
    #[staticmethod]
    fn role_session(py: Python<'_>, arn: Text<'_>, role: Text<'_>) -> PyResult<Self> {
        Self::new(py, "role-session", arn, Some(role))
    }

    /// A session that a user made for somebody else: its ARN, and that of the user if it is known.
    ///
    /// >>> Principal.federated_user("arn:aws:sts::111122223333:federated-user/eve").behind is None
    /// True
    #[staticmethod]
    #[pyo3(signature = (arn, user = None))]
    fn federated_user(py: Python<'_>, arn: Text<'_>, user: Option<Text<'_>>) -> PyResult<Self> {
        Self::new(py, "federated-user", arn, user)
    }

    /// A service of AWS.
    ///
    /// >>> Principal.service("cloudtrail.amazonaws.com").name
    /// 'cloudtrail.amazonaws.com'
    #[staticmethod]
    fn service(py: Python<'_>, name: Text<'_>) -> PyResult<Self> {
        Self::new(py, "service", name, None)
    }

    /// Somebody whom an identity provider vouches for, as trust policies see them: by a domain such as
    /// `accounts.google.com`, or the ARN of an OIDC or SAML provider.
    ///
    /// >>> Principal.federated("accounts.google.com").kind
    /// 'federated'
    #[staticmethod]
    fn federated(py: Python<'_>, provider: Text<'_>) -> PyResult<Self> {
        Self::new(py, "federated", provider, None)
    }

    /// Nobody who is known.
    ///
    /// >>> Principal.anonymous() == Principal.anonymous()
    /// True
    #[staticmethod]
    fn anonymous(py: Python<'_>) -> PyResult<Self> {
        Self::new(py, "anonymous", Text(""), None)
    }

    /// `"user"`, `"root"`, `"role-session"`, `"federated-user"`, `"service"`, `"federated"` or
    /// `"anonymous"`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.kind
    }

    /// Its ARN, or the name of the service or provider; empty if it is anonymous.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// Who is behind it: the ARN of the role of a role session, or of the user of a federated user;
    /// else `None`.
    #[getter]
    fn behind(&self) -> Option<&str> {
        self.behind.as_deref()
    }

    fn __eq__(&self, other: &Self) -> bool {
        self == other
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (factory, arguments) = self.made_by(py)?;
        let arguments: Vec<String> =
            arguments.iter().map(|text| text.repr().map(|text| text.to_string())).collect::<PyResult<_>>()?;
        Ok(format!("Principal.{factory}({})", arguments.join(", ")))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (factory, arguments) = self.made_by(py)?;
        Ok((py.get_type::<Self>().getattr(factory)?, arguments))
    }
}

impl Principal {
    /// The factory and the arguments that make such a principal.
    fn made_by<'py>(&self, py: Python<'py>) -> PyResult<(String, Bound<'py, PyTuple>)> {
        let name = Some(&*self.name).filter(|name| !name.is_empty());
        let arguments = name.into_iter().chain(self.behind.as_deref());
        Ok((self.kind.replace('-', "_"), PyTuple::new(py, arguments.collect::<Vec<_>>())?))
    }
}
