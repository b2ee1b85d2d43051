//! `Access`: what may be done with an action, as sets of resources.

use crate::classes;
use crate::error::{guard, no_truth};
use crate::explanation::truth;
use crate::question::target;
use crate::text::Text;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use s3iam::facade::{self, Region};

/// What may be done with an action, and where: the answer of `access`.
///
/// The action may be done on a resource if in every layer a region of an Allow holds it and no region of
/// a Deny does. Policies that stand alone are one layer; the owner of the storage has none, so that
/// nothing limits it.
///
/// >>> policy = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
/// ...     "Action": "s3:ListBucket", "Resource": ["arn:aws:s3:::photos", "arn:aws:s3:::team-*"]}]}''')
/// >>> access = policy.access("s3:ListBucket")
/// >>> access.layers[0].allow[0].resources
/// ('arn:aws:s3:::photos', 'arn:aws:s3:::team-*')
/// >>> [bucket for bucket in ("photos", "music", "team-a") if access.allows(bucket=bucket)]
/// ['photos', 'team-a']
#[pyclass(frozen, module = "s3iam")]
pub struct Access {
    core: facade::Access,
}

impl Access {
    /// That of the core.
    pub fn new(core: facade::Access) -> Self {
        Self { core }
    }
}

#[pymethods]
impl Access {
    /// Whether the action is allowed on a resource: `True`, `False`, or `None` where that depends on
    /// values that were not given. The resource is given as to `Policy.decide`.
    ///
    /// >>> policy = Policy.parse('''{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    /// ...     "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}''')
    /// >>> policy.access("s3:GetObject").allows("home/eve/a") is None
    /// True
    /// >>> policy.access("s3:GetObject", {"aws:username": "eve"}).allows("home/eve/a")
    /// True
    #[pyo3(signature = (resource = None, *, bucket = None, object = None),
           text_signature = "($self, resource='', *, bucket=None, object=None)")]
    fn allows(
        &self,
        py: Python<'_>,
        resource: Option<Text<'_>>,
        bucket: Option<Text<'_>>,
        object: Option<Text<'_>>,
    ) -> PyResult<Option<bool>> {
        let target = target(py, resource, bucket, object)?;
        guard(py, || truth(self.core.allows(target)))
    }

    /// What each layer allows and denies: a tuple of `LayerAccess`.
    #[getter]
    fn layers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = classes::LAYER_ACCESS.get(py)?;
        let layers: Vec<_> = self
            .core
            .layers()
            .iter()
            .map(|(layer, access)| {
                let (allow, deny) = (regions(py, &access.allows)?, regions(py, &access.denies)?);
                class.call1((layer, access.is_broken, allow, deny))
            })
            .collect::<PyResult<_>>()?;
        PyTuple::new(py, layers)
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(no_truth("Access", ".allows()"))
    }

    fn __repr__(&self) -> String {
        let layers = self.core.layers().len();
        let plural = if layers == 1 { "" } else { "s" };
        format!("<s3iam.Access of {layers} layer{plural}>")
    }
}

fn regions<'py>(py: Python<'py>, regions: &[Region]) -> PyResult<Bound<'py, PyTuple>> {
    let regions: Vec<_> = regions.iter().map(|region| object(py, region)).collect::<PyResult<_>>()?;
    PyTuple::new(py, regions)
}

fn object<'py>(py: Python<'py>, region: &Region) -> PyResult<Bound<'py, PyAny>> {
    let open = classes::OPEN_CONDITION.get(py)?;
    let conditions: Vec<_> = region
        .conditions
        .iter()
        .map(|condition| {
            let values = PyTuple::new(py, &condition.values)?;
            let span = condition.span;
            open.call1((&condition.operator, &condition.key, values, span.start, span.end))
        })
        .collect::<PyResult<_>>()?;
    classes::REGION.get(py)?.call1((
        region.statement.policy,
        region.statement.statement,
        texts(py, &region.resources)?,
        texts(py, &region.except)?,
        PyTuple::new(py, conditions)?,
    ))
}

fn texts<'py>(py: Python<'py>, items: &[impl ToString]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, items.iter().map(ToString::to_string).collect::<Vec<_>>())
}
