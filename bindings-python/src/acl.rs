//! `Acl`: access control lists of S3, for the layers of the AWS dialect.

use crate::error::{guard, raise};
use crate::text::Document;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use s3iam::facade::{self, ErrorProfile};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The access control lists of a bucket and an object, and whose the object is. Immutable, and shareable
/// between threads.
///
/// >>> acl = Acl.parse('''{"ownership": "ObjectWriter", "objectOwner": "111122223333", "object": [
/// ...     {"grantee": {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}, "permission": "READ"}]}''')
/// >>> decision = Layers().decide("s3:GetObject", "arn:aws:s3:::photos/cat.jpg", principal=Principal.anonymous(),
/// ...     resource_account="111122223333", acl=acl)
/// >>> decision.outcome, decision.layer
/// ('allow', 'acl')
#[pyclass(frozen, module = "s3iam")]
pub struct Acl {
    core: facade::Acl,
    text: Box<[u8]>,
}

impl Acl {
    /// The lists of the core.
    pub fn core(&self) -> &facade::Acl {
        &self.core
    }
}

#[pymethods]
impl Acl {
    /// Reads lists from JSON; `ArgumentError` for anything else.
    ///
    /// The object has `ownership`: `BucketOwnerEnforced` (the default, under which lists grant nothing),
    /// `BucketOwnerPreferred` or `ObjectWriter`; `bucket` and `object`, each a list of grants; `objectOwner`,
    /// the account that owns the object, if there is one; and `callerCanonicalId`, the canonical id of the
    /// principal's account, if it is known. A grant has a `grantee`, which is one of `{"account": number}`,
    /// `{"id": canonical id}` and `{"uri": address of a group}`, and a `permission`: `READ`, `WRITE`,
    /// `READ_ACP`, `WRITE_ACP` or `FULL_CONTROL`.
    ///
    /// >>> Acl.parse('{"bucket": [{"grantee": {"account": "111122223333"}, "permission": "READ"}]}').is_public
    /// False
    #[staticmethod]
    fn parse(py: Python<'_>, text: Document<'_>) -> PyResult<Self> {
        let core = guard(py, || facade::Acl::parse(text.0))?
            .map_err(|error| raise(py, &error, ErrorProfile::Aws))?;
        Ok(Self { core, text: text.0.into() })
    }

    /// Whether one of the lists grants something to everyone, or to everyone who has an account. Such a
    /// list is to be refused where `block_public_acls` is set.
    #[getter]
    fn is_public(&self) -> bool {
        self.core.is_public()
    }

    /// The lists, as they were given.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        PyString::from_bytes(py, &self.text)
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.text == other.text
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.text.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        format!("<s3iam.Acl{}>", if self.is_public() { ", public" } else { "" })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let parse = py.get_type::<Self>().getattr("parse")?;
        Ok((parse, (self.text(py)?,).into_pyobject(py)?))
    }
}
