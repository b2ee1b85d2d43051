//! A raw HTTP request from Python's objects, without copying them.

use crate::error;
use crate::post::utf8_bytes;
use crate::text::{Pair, plain, wire_bytes};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use s3iam::facade::{Header, HttpRequest};
use smallvec::SmallVec;
use std::net::IpAddr;

/// Headers of usual requests stay on the stack up to this number.
const USUAL_HEADERS: usize = 16;

/// Pairs of name and value.
type Pairs<'py> = SmallVec<[Bound<'py, PyAny>; USUAL_HEADERS]>;

/// The Python objects of a request, held while the core borrows their bytes.
pub struct RawRequest<'py> {
    method: Bound<'py, PyAny>,
    target: Bound<'py, PyAny>,
    headers: Pairs<'py>,
    body: Option<Bound<'py, PyBytes>>,
    /// The address of the client.
    pub peer: Option<IpAddr>,
    /// Whether the client's connection is TLS.
    pub secure: bool,
}

impl<'py> RawRequest<'py> {
    /// Takes the arguments that every call with a request has.
    #[inline]
    pub fn take(
        method: Bound<'py, PyAny>,
        target: Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        body: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let (headers, body) = (take_pairs("headers", headers)?, body.map(take_body).transpose()?);
        Ok(Self { method, target, headers, body, peer: None, secure: false })
    }

    /// How many bytes the body has, where it was given.
    pub fn body_bytes(&self) -> usize {
        self.body.as_ref().map_or(0, |body| body.as_bytes().len())
    }

    /// Calls `f` with the request as the core takes it.
    pub fn with<R>(&mut self, f: impl FnOnce(&HttpRequest<'_>) -> R) -> PyResult<R> {
        match self.with_plain(f) {
            Ok(result) => Ok(result),
            Err(f) => {
                self.make_plain()?;
                let py = self.method.py();
                self.with_plain(f).map_err(|_| error::internal(py))
            }
        }
    }

    /// The same if every text is plain and every header a tuple, as is usual; else hands `f` back.
    fn with_plain<R, F: FnOnce(&HttpRequest<'_>) -> R>(&self, f: F) -> Result<R, F> {
        let (Some(method), Some(target)) = (plain(&self.method), plain(&self.target)) else { return Err(f) };
        // Each loop borrows from what the one before it holds.
        let mut pieces: SmallVec<[_; USUAL_HEADERS]> = SmallVec::new();
        for pair in &self.headers {
            let Some(pair) = items(pair) else { return Err(f) };
            pieces.push(pair);
        }
        let mut headers: SmallVec<[Header<'_>; USUAL_HEADERS]> = SmallVec::new();
        for (name, value) in &pieces {
            let (Some(name), Some(value)) = (plain(name), plain(value)) else { return Err(f) };
            headers.push((name, value));
        }
        Ok(f(&HttpRequest {
            method,
            target,
            headers: &headers,
            peer: self.peer,
            secure: self.secure,
            body: self.body.as_ref().map(|body| body.as_bytes()),
        }))
    }

    /// Turns every text into `bytes` and every header into a tuple, or says which one is wrong.
    fn make_plain(&mut self) -> PyResult<()> {
        self.method = wire_bytes(&self.method, "method")?.into_any();
        self.target = wire_bytes(&self.target, "target")?.into_any();
        for (at, pair) in self.headers.iter_mut().enumerate() {
            let (name, value) = split("headers", at, pair)?;
            let name = wire_bytes(&name, format_args!("the name of headers[{at}]"))?;
            let value = wire_bytes(&value, format_args!("the value of headers[{at}]"))?;
            *pair = (name, value).into_pyobject(pair.py())?.into_any();
        }
        Ok(())
    }
}

/// The two items of what is exactly a tuple.
#[inline(always)]
fn items<'a, 'py>(
    pair: &'a Bound<'py, PyAny>,
) -> Option<(Borrowed<'a, 'py, PyAny>, Borrowed<'a, 'py, PyAny>)> {
    let pair = pair.cast_exact::<PyTuple>().ok().filter(|pair| pair.len() == 2)?;
    Some((pair.get_borrowed_item(0).ok()?, pair.get_borrowed_item(1).ok()?))
}

/// Takes a list or tuple of pairs, a mapping, or anything with pairs in it.
fn take_pairs<'py>(name: &str, given: &Bound<'py, PyAny>) -> PyResult<Pairs<'py>> {
    if let Ok(list) = given.cast::<PyList>() {
        return Ok(list.iter().collect());
    }
    if let Ok(tuple) = given.cast::<PyTuple>() {
        return Ok(tuple.iter().collect());
    }
    if let Ok(dict) = given.cast::<PyDict>() {
        return Ok(dict.items().iter().collect());
    }
    let wrong = || error::wrong_type(name, "a sequence of pairs of name and value, or a mapping", given);
    if given.is_instance_of::<PyString>() || given.is_instance_of::<PyBytes>() {
        return Err(wrong());
    }
    let pairs = match given.getattr_opt("items")? {
        Some(items) => items.call0()?,
        None => given.clone(),
    };
    pairs.try_iter().map_err(|_| wrong())?.collect()
}

/// The fields of a form, in their order.
pub fn form_pairs<'py>(
    fields: &Bound<'py, PyAny>,
) -> PyResult<Vec<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)>> {
    let pairs = take_pairs("fields", fields)?;
    let mut fields = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let (name, value) = split("fields", at, pair)?;
        let name = utf8_bytes(&name, format_args!("the name of fields[{at}]"))?;
        fields.push((name, utf8_bytes(&value, format_args!("the value of fields[{at}]"))?));
    }
    Ok(fields)
}

/// The two items of a tuple or list.
fn split<'py>(list: &str, at: usize, pair: &Bound<'py, PyAny>) -> PyResult<Pair<'py>> {
    let items = match pair.cast::<PyList>() {
        Ok(list) => list.to_tuple().extract().ok(),
        Err(_) => pair.extract().ok(),
    };
    items.ok_or_else(|| error::wrong_type(format_args!("{list}[{at}]"), "a pair of name and value", pair))
}

fn take_body(body: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyBytes>> {
    body.cast_into::<PyBytes>().map_err(|other| error::wrong_type("body", "bytes", &other.into_inner()))
}

/// The address of the client: `str`, an object of `ipaddress`, or nothing where it is unknown. The
/// zone that sockets append to link-local addresses (`fe80::1%eth0`) is dropped.
pub fn take_peer(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<IpAddr>> {
    let Some(value) = value else { return Ok(None) };
    match value.cast::<PyString>() {
        Ok(text) => read_peer(text),
        // The classes of `ipaddress`; it need not be imported to know them.
        Err(_) if value.hasattr("max_prefixlen")? => read_peer(&value.str()?),
        Err(_) => Err(error::wrong_type("peer", "str or an IP address", value)),
    }
}

fn read_peer(value: &Bound<'_, PyString>) -> PyResult<Option<IpAddr>> {
    let text = value.to_str().map_err(|_| error::not_utf8(value.py(), "peer"))?;
    if text.is_empty() {
        return Ok(None);
    }
    // Nearly no address has a zone, so it is looked for only in what is none.
    let address = text.parse().or_else(|wrong| match text.split_once('%') {
        Some((address, _)) => address.parse(),
        None => Err(wrong),
    });
    match address {
        Ok(address) => Ok(Some(address)),
        Err(_) => Err(error::argument(value.py(), "peer is not an IP address".to_owned())),
    }
}
