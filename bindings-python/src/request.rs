//! A raw HTTP request from Python's objects, without copying them.

use crate::error;
use crate::text::WireText;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use s3iam::facade::{Header, HttpRequest};
use smallvec::SmallVec;
use std::net::IpAddr;

/// Headers of usual requests stay on the stack up to this number.
const USUAL_HEADERS: usize = 16;

/// The Python objects of a request, held while the core borrows their bytes.
#[derive(Default)]
pub struct RawRequest<'py> {
    method: WireText<'py>,
    target: WireText<'py>,
    headers: SmallVec<[(WireText<'py>, WireText<'py>); USUAL_HEADERS]>,
    body: Option<Bound<'py, PyBytes>>,
    /// The address of the client.
    pub peer: Option<IpAddr>,
    /// Whether the client's connection is TLS.
    pub secure: bool,
}

impl<'py> RawRequest<'py> {
    /// Takes the arguments that every call with a request has. Filled in place, because it is large.
    pub fn fill(
        &mut self,
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        body: Option<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        self.method = WireText::take(method, "method")?;
        self.target = WireText::take(target, "target")?;
        self.body = body.map(take_body).transpose()?;
        self.add_headers(headers)
    }

    /// Calls `f` with the request as the core takes it.
    pub fn with<R>(&self, f: impl FnOnce(&HttpRequest<'_>) -> R) -> R {
        let headers: SmallVec<[Header<'_>; USUAL_HEADERS]> =
            self.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        f(&HttpRequest {
            method: self.method.as_bytes(),
            target: self.target.as_bytes(),
            headers: &headers,
            peer: self.peer,
            secure: self.secure,
            body: self.body.as_ref().map(|body| body.as_bytes()),
        })
    }

    /// Takes a list or tuple of pairs, a mapping, or anything with pairs in it.
    fn add_headers(&mut self, headers: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(list) = headers.cast::<PyList>() {
            return list.iter().try_for_each(|pair| self.add_header(&pair));
        }
        if let Ok(tuple) = headers.cast::<PyTuple>() {
            return tuple.iter().try_for_each(|pair| self.add_header(&pair));
        }
        if let Ok(dict) = headers.cast::<PyDict>() {
            return dict.iter().try_for_each(|(name, value)| self.add(name, value));
        }
        if headers.is_instance_of::<PyString>() || headers.is_instance_of::<PyBytes>() {
            return Err(wrong_headers(headers));
        }
        let pairs = match headers.getattr_opt("items")? {
            Some(items) => items.call0()?,
            None => headers.clone(),
        };
        let pairs = pairs.try_iter().map_err(|_| wrong_headers(headers))?;
        for pair in pairs {
            self.add_header(&pair?)?;
        }
        Ok(())
    }

    fn add_header(&mut self, pair: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(tuple) = pair.cast::<PyTuple>()
            && tuple.len() == 2
        {
            return self.add(tuple.get_item(0)?, tuple.get_item(1)?);
        }
        if let Ok(list) = pair.cast::<PyList>()
            && list.len() == 2
        {
            return self.add(list.get_item(0)?, list.get_item(1)?);
        }
        let name = format!("headers[{}]", self.headers.len());
        Err(error::wrong_type(name, "a pair of name and value", pair))
    }

    fn add(&mut self, name: Bound<'py, PyAny>, value: Bound<'py, PyAny>) -> PyResult<()> {
        let at = self.headers.len();
        let name = WireText::take(name, format_args!("the name of headers[{at}]"))?;
        let value = WireText::take(value, format_args!("the value of headers[{at}]"))?;
        self.headers.push((name, value));
        Ok(())
    }
}

fn wrong_headers(headers: &Bound<'_, PyAny>) -> PyErr {
    error::wrong_type("headers", "a sequence of pairs of name and value, or a mapping", headers)
}

fn take_body(body: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyBytes>> {
    body.cast_into::<PyBytes>().map_err(|other| error::wrong_type("body", "bytes", &other.into_inner()))
}

/// The address of the client: `str`, an object of `ipaddress`, or nothing where it is unknown. The
/// zone that sockets append to link-local addresses (`fe80::1%eth0`) is dropped.
pub fn take_peer(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<IpAddr>> {
    let Some(value) = value else { return Ok(None) };
    let text = match value.cast::<PyString>() {
        Ok(text) => text.clone(),
        Err(_) if value.hasattr("max_prefixlen")? => value.str()?,
        Err(_) => return Err(error::wrong_type("peer", "str or an IP address", value)),
    };
    let text = text.to_str().map_err(|_| error::not_utf8(value.py(), "peer"))?;
    if text.is_empty() {
        return Ok(None);
    }
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    match address.parse() {
        Ok(address) => Ok(Some(address)),
        Err(_) => Err(error::argument(value.py(), "peer is not an IP address".to_owned())),
    }
}
