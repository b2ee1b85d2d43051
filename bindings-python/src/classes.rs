//! The classes that are written in Python, looked up once.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// A class of a Python module of this package.
pub struct PythonClass {
    module: &'static str,
    name: &'static str,
    class: PyOnceLock<Py<PyType>>,
}

impl PythonClass {
    const fn new(module: &'static str, name: &'static str) -> Self {
        Self { module, name, class: PyOnceLock::new() }
    }

    const fn value(name: &'static str) -> Self {
        Self::new("s3iam._values", name)
    }

    const fn error(name: &'static str) -> Self {
        Self::new("s3iam._errors", name)
    }

    /// The class.
    pub fn get<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyType>> {
        self.class.import(py, self.module, self.name)
    }
}

pub static FINDING: PythonClass = PythonClass::value("Finding");
pub static POSITION: PythonClass = PythonClass::value("Position");
pub static STATEMENT: PythonClass = PythonClass::value("Statement");
pub static PROBLEM: PythonClass = PythonClass::value("Problem");
pub static EXPLANATION: PythonClass = PythonClass::value("Explanation");
pub static LAYER_EXPLANATION: PythonClass = PythonClass::value("LayerExplanation");
pub static STATEMENT_TRACE: PythonClass = PythonClass::value("StatementTrace");
pub static ELEMENT_TRACE: PythonClass = PythonClass::value("ElementTrace");
pub static LAYER_ACCESS: PythonClass = PythonClass::value("LayerAccess");
pub static REGION: PythonClass = PythonClass::value("Region");
pub static OPEN_CONDITION: PythonClass = PythonClass::value("OpenCondition");
pub static PUBLIC_ACCESS_BLOCK: PythonClass = PythonClass::value("PublicAccessBlock");
pub static CHECKSUM: PythonClass = PythonClass::value("Checksum");
pub static BODY_SUMMARY: PythonClass = PythonClass::value("BodySummary");
pub static CAUSE: PythonClass = PythonClass::value("Cause");
pub static DIFFERENCE: PythonClass = PythonClass::value("Difference");
pub static FOR_CLIENT: PythonClass = PythonClass::value("ForClient");
pub static DIAGNOSIS: PythonClass = PythonClass::value("Diagnosis");
pub static KEY_VERDICT: PythonClass = PythonClass::value("KeyVerdict");

pub static ERROR: PythonClass = PythonClass::error("S3IamError");
pub static ARGUMENT_ERROR: PythonClass = PythonClass::error("ArgumentError");
pub static POLICY_ERROR: PythonClass = PythonClass::error("PolicyError");
pub static DIRECTORY_ERROR: PythonClass = PythonClass::error("DirectoryError");
pub static SIGNATURE_ERROR: PythonClass = PythonClass::error("SignatureError");
pub static REQUEST_ERROR: PythonClass = PythonClass::error("RequestError");
pub static ACCESS_DENIED: PythonClass = PythonClass::error("AccessDenied");
