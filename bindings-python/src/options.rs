//! Keyword options of the constructors, checked one by one.

use crate::error;
use crate::text::Text;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use s3iam::facade::{Dialect, ErrorProfile, Hosting, Kind, Options, SignatureOptions};

/// Options of `Iam`: those of verification, whose `domains` are where it looks for buckets as well.
pub fn iam(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Options> {
    let mut options = Options { signature: SignatureOptions::default(), hosting: Hosting::default() };
    for (name, value) in keywords.into_iter().flatten() {
        let name: String = name.extract()?;
        if !set_signature_option(&mut options.signature, &name, &value)? {
            return Err(unknown(&name));
        }
    }
    options.hosting = options.signature.hosting.clone();
    Ok(options)
}

/// Options of `Verifier`.
pub fn signature(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<SignatureOptions> {
    let mut options = SignatureOptions::default();
    for (name, value) in keywords.into_iter().flatten() {
        let name: String = name.extract()?;
        if !set_signature_option(&mut options, &name, &value)? {
            return Err(unknown(&name));
        }
    }
    Ok(options)
}

/// Sets the option of that name; `false` if there is none.
fn set_signature_option(
    options: &mut SignatureOptions,
    name: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<bool> {
    match name {
        "region" => options.region = text(name, value)?,
        "services" => options.services = texts(name, value)?,
        "domains" => options.hosting.domains = texts(name, value)?,
        "max_skew_seconds" => options.max_skew_seconds = number(name, value)?,
        "require_content_sha256" => options.require_content_sha256 = flag(name, value)?,
        "require_signed_amz_headers" => options.require_signed_amz_headers = flag(name, value)?,
        "require_scope_date_match" => options.require_scope_date_match = flag(name, value)?,
        "accept_expires_zero" => options.accept_expires_zero = flag(name, value)?,
        "allow_sigv2" => options.allow_sigv2 = flag(name, value)?,
        "allow_sigv4a" => options.allow_sigv4a = flag(name, value)?,
        "require_min_chunk" => options.require_min_chunk = flag(name, value)?,
        "max_chunk_bytes" => options.max_chunk_bytes = number(name, value)?,
        "cached_keys" => options.cached_keys = number(name, value)?,
        "error_profile" => options.error_profile = error_profile(name, value)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// The dialect of that name.
pub fn dialect(py: Python<'_>, name: Text<'_>) -> PyResult<Dialect> {
    let unknown = || error::argument(py, "dialect must be \"minio\" or \"aws\"".to_owned());
    Dialect::named(name.0).ok_or_else(unknown)
}

/// What a policy is attached to, by name.
pub fn kind(py: Python<'_>, name: Text<'_>) -> PyResult<Kind> {
    Kind::named(name.0).ok_or_else(|| {
        let names = Kind::ALL.map(|kind| format!("{:?}", kind.name()));
        error::argument(py, format!("kind must be one of {}", names.join(", ")))
    })
}

fn error_profile(name: &str, value: &Bound<'_, PyAny>) -> PyResult<ErrorProfile> {
    match text(name, value)?.as_str() {
        "aws" => Ok(ErrorProfile::Aws),
        "minio" => Ok(ErrorProfile::Minio),
        _ => Err(error::argument(value.py(), "error_profile must be \"aws\" or \"minio\"".to_owned())),
    }
}

fn text(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(word(name, value.clone())?.to_str()?.to_owned())
}

/// A `str` that UTF-8 can hold.
#[inline]
pub fn word<'py>(name: &str, value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
    let text =
        value.cast_into::<PyString>().map_err(|other| error::wrong_type(name, "str", &other.into_inner()))?;
    match text.to_str() {
        Ok(_) => Ok(text),
        Err(_) => Err(error::not_utf8(text.py(), name)),
    }
}

/// A list of texts. A single `str` is refused: it would be taken for a list of its characters.
pub fn texts(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let wrong = || error::wrong_type(name, "a list or tuple of str", value);
    if value.is_instance_of::<PyString>() {
        return Err(wrong());
    }
    value.try_iter().map_err(|_| wrong())?.map(|item| text(name, &item?)).collect()
}

/// A `bool`.
pub fn flag(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.extract().map_err(|_| error::wrong_type(name, "bool", value))
}

/// A number that the type can hold.
pub fn number<'py, T: for<'a> FromPyObject<'a, 'py>>(name: &str, value: &Bound<'py, PyAny>) -> PyResult<T> {
    value.extract().map_err(|_| out_of_range(name, value))
}

fn out_of_range(name: &str, value: &Bound<'_, PyAny>) -> PyErr {
    match value.is_instance_of::<pyo3::types::PyInt>() {
        true => error::argument(value.py(), format!("{name} is out of range")),
        false => error::wrong_type(name, "int", value),
    }
}

/// A keyword argument that is not taken: `TypeError`.
pub fn unknown(name: &str) -> PyErr {
    PyTypeError::new_err(format!("unexpected keyword argument '{name}'"))
}
