//! The native module `s3iam._native` of the Python package.
//!
//! It converts types and lifetimes and decides nothing: every rule is behind `s3iam::facade`. What
//! Python users see is assembled in `python/s3iam/__init__.py`.
#![forbid(unsafe_code)]

mod access;
mod account;
mod acl;
mod asked;
mod batch;
mod body;
mod classes;
mod context;
mod decision;
mod diagnosis;
mod error;
mod explanation;
mod finding;
mod iam;
mod layers;
mod options;
mod policy;
mod post;
mod principal;
mod question;
mod request;
mod sign;
mod text;
mod time;
mod verdict;
mod verifier;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod _native {
    use super::*;
    #[pymodule_export]
    use crate::access::Access;
    #[pymodule_export]
    use crate::account::Account;
    #[pymodule_export]
    use crate::acl::Acl;
    #[pymodule_export]
    use crate::body::{BodyReader, stored_content_encoding};
    #[pymodule_export]
    use crate::decision::{_restore_decision, Decision};
    #[pymodule_export]
    use crate::error::_raise_panic;
    #[pymodule_export]
    use crate::finding::_validate;
    #[pymodule_export]
    use crate::iam::Iam;
    #[pymodule_export]
    use crate::layers::Layers;
    #[pymodule_export]
    use crate::policy::{_built_in_names, _restore_policy, _restore_policy_set, Policy, PolicySet};
    #[pymodule_export]
    use crate::post::PostUpload;
    #[pymodule_export]
    use crate::principal::Principal;
    #[pymodule_export]
    use crate::sign::{ChunkSigner, Signer};
    #[pymodule_export]
    use crate::verdict::Verdict;
    #[pymodule_export]
    use crate::verifier::{Identity, Verifier, classify};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
