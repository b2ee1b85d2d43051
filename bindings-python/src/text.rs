//! Python's text and bytes as Rust sees them, borrowed wherever that is possible.

use crate::error;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};
use smallvec::SmallVec;
use std::fmt::Display;

/// A `str` argument, as UTF-8.
#[derive(Clone, Copy)]
pub struct Text<'a>(pub &'a str);

impl<'a, 'py> FromPyObject<'a, 'py> for Text<'a> {
    type Error = PyErr;

    fn extract(value: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if !value.is_instance_of::<PyString>() {
            return Err(error::unexpected("str", &value));
        }
        value.extract::<&'a str>().map(Text).map_err(|_| error::not_utf8(value.py(), "text"))
    }
}

/// A text that is kept, and usually as short as an access key: then it needs no memory of its own.
pub struct ShortText(SmallVec<[u8; 24]>);

impl ShortText {
    /// A copy of the text.
    pub fn of(text: &str) -> Self {
        Self(SmallVec::from_slice(text.as_bytes()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A document argument: `str`, or `bytes` whose encoding the core checks.
#[derive(Clone, Copy)]
pub struct Document<'a>(pub &'a [u8]);

impl<'a, 'py> FromPyObject<'a, 'py> for Document<'a> {
    type Error = PyErr;

    fn extract(value: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if value.is_instance_of::<PyBytes>() {
            return value.extract::<&'a [u8]>().map(Document).map_err(PyErr::from);
        }
        if !value.is_instance_of::<PyString>() {
            return Err(error::unexpected("str or bytes", &value));
        }
        let text = value.extract::<&'a str>().map_err(|_| error::not_utf8(value.py(), "text"))?;
        Ok(Document(text.as_bytes()))
    }
}

/// A piece of a raw HTTP request whose bytes can be borrowed: exactly `bytes`, or exactly a `str` of ASCII
/// characters, whose UTF-8 form is the same bytes. Other pieces are left to [`wire_bytes`].
#[inline(always)]
pub fn plain<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    // Without a look at base classes, which takes a call into Python.
    match value.cast_exact::<PyBytes>() {
        Ok(bytes) => Some(bytes.as_bytes()),
        Err(_) => plain_text(value),
    }
}

// Not inlined, as the code of a call has to fit into the processor's cache beside the core's and Python's.
#[inline(never)]
fn plain_text<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    let text = value.cast_exact::<PyString>().ok()?.to_str().ok()?;
    text.is_ascii().then_some(text.as_bytes())
}

/// A piece of a raw HTTP request. `bytes` are taken as they are; a `str` has one byte for each
/// character (ISO 8859-1), which is how WSGI and `http.server` hand over what was on the wire. `name`
/// names it in errors.
pub fn wire_bytes<'py>(value: &Bound<'py, PyAny>, name: impl Display) -> PyResult<Bound<'py, PyBytes>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(PyBytes::new(value.py(), bytes.as_bytes()));
    }
    let Ok(text) = value.cast::<PyString>() else {
        return Err(error::wrong_type(name, "str or bytes", value));
    };
    let text = text.to_str().map_err(|_| error::not_utf8(value.py(), &name))?;
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    match bytes {
        Some(bytes) => Ok(PyBytes::new(value.py(), &bytes)),
        None => Err(error::argument(
            value.py(),
            format!(
                "{name} has a character past U+00FF; a str must hold the bytes of the request, one a \
                 character; pass bytes instead"
            ),
        )),
    }
}

/// Bytes of the core as `str`. Bytes that are not UTF-8 become lone surrogates (`surrogateescape`),
/// as Python does with file names, so that two different keys never become one.
pub fn from_bytes<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyString>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(PyString::new(py, text)),
        Err(_) => Ok(PyBytes::new(py, bytes)
            .call_method1("decode", ("utf-8", "surrogateescape"))?
            .cast_into::<PyString>()?),
    }
}

/// Data: `bytes` as they are, `bytearray` and `memoryview` copied. `name` names it in errors.
pub fn take_bytes<'py>(name: &str, value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let value = match value.cast_into::<PyBytes>() {
        Ok(bytes) => return Ok(bytes),
        Err(other) => other.into_inner(),
    };
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(PyBytes::new(value.py(), &bytes.to_vec()));
    }
    if value.is_instance_of::<PyMemoryView>() {
        return Ok(value.call_method0("tobytes")?.cast_into::<PyBytes>()?);
    }
    Err(error::wrong_type(name, "bytes, bytearray or memoryview", &value))
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'a' + n - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes of 64 hex digits in lower case, as they stand in `x-amz-content-sha256`.
pub fn sha256(hex: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[a, b]| Some(digit(*a)? << 4 | digit(*b)?)).collect();
    bytes.filter(|_| rest.is_empty())?.try_into().ok()
}

/// A name and a value, held while they are borrowed.
pub type Pair<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// The entries of a mapping from `str` to `str`.
pub fn entries<'py>(name: &str, mapping: &Bound<'py, PyAny>) -> PyResult<Vec<Pair<'py>>> {
    match mapping.getattr_opt("items")? {
        Some(items) => items.call0()?.try_iter()?.map(|item| item?.extract()).collect(),
        None => Err(error::wrong_type(name, "a mapping from str to str", mapping)),
    }
}

/// Their texts.
pub fn pairs<'a>(entries: &'a [Pair<'_>]) -> PyResult<Vec<(&'a str, &'a str)>> {
    let pair =
        |(name, value): &'a Pair<'_>| Ok((name.extract::<Text<'a>>()?.0, value.extract::<Text<'a>>()?.0));
    entries.iter().map(pair).collect()
}
