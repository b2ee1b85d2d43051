//! Condition values from a Python mapping.

use crate::options::word;
use crate::{error, time};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDateTime, PyDict, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple,
};
use s3iam::facade::ContextMap;
use smallvec::SmallVec;

/// The Python objects of a context, held while the core borrows their text.
#[derive(Default)]
pub struct ContextValues<'py> {
    entries: SmallVec<[(Bound<'py, PyString>, ValueText<'py>); 8]>,
}

enum ValueText<'py> {
    Text(Bound<'py, PyString>),
    Bytes(Bound<'py, PyBytes>),
    Flag(bool),
    Written(String),
}

impl<'py> ContextValues<'py> {
    /// Takes a mapping from condition keys to values. Filled in place, as is the map: moving them would
    /// take longer than a decision.
    pub fn fill(&mut self, context: Option<&Bound<'py, PyAny>>) -> PyResult<()> {
        let Some(context) = context else { return Ok(()) };
        if let Ok(dict) = context.cast::<PyDict>() {
            return dict.iter().try_for_each(|(name, value)| self.add(name, &value));
        }
        let Some(items) = context.getattr_opt("items")? else {
            return Err(error::wrong_type("context", "a mapping", context));
        };
        for item in items.call0()?.try_iter()? {
            let (name, value): (Bound<'py, PyAny>, Bound<'py, PyAny>) = item?.extract()?;
            self.add(name, &value)?;
        }
        Ok(())
    }

    /// Gives the core's context the values.
    pub fn fill_map<'a>(&'a self, map: &mut ContextMap<'a>) {
        for (name, value) in &self.entries {
            // Its text was read when it was taken, so reading it again cannot fail.
            map.add(name.to_str().unwrap_or_default(), value.as_bytes());
        }
    }

    fn add(&mut self, name: Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let name = word("a context key", name)?;
        if let Some(text) = ValueText::take(value)? {
            self.entries.push((name, text));
            return Ok(());
        }
        let is_collection = value.is_instance_of::<PyList>()
            || value.is_instance_of::<PyTuple>()
            || value.is_instance_of::<PySet>()
            || value.is_instance_of::<PyFrozenSet>();
        if !is_collection {
            return Err(wrong_value(&name, value));
        }
        for item in value.try_iter()? {
            let item = item?;
            let text = ValueText::take(&item)?.ok_or_else(|| wrong_value(&name, &item))?;
            self.entries.push((name.clone(), text));
        }
        Ok(())
    }
}

fn wrong_value(name: &Bound<'_, PyString>, value: &Bound<'_, PyAny>) -> PyErr {
    let name = format!("context[{:?}]", name.to_str().unwrap_or_default());
    error::wrong_type(name, "str, bytes, bool, int, datetime, or a list of them", value)
}

impl<'py> ValueText<'py> {
    /// The text form of a single value, or `None` if it is not one.
    fn take(value: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        if let Ok(text) = value.cast::<PyString>() {
            return match text.to_str() {
                Ok(_) => Ok(Some(Self::Text(text.clone()))),
                Err(_) => Err(error::not_utf8(text.py(), "a context value")),
            };
        }
        if let Ok(bytes) = value.cast::<PyBytes>() {
            return Ok(Some(Self::Bytes(bytes.clone())));
        }
        if let Ok(flag) = value.cast::<PyBool>() {
            return Ok(Some(Self::Flag(flag.is_true())));
        }
        if value.is_instance_of::<PyInt>() {
            return Ok(Some(Self::Written(value.str()?.to_str()?.to_owned())));
        }
        if let Ok(value) = value.cast::<PyDateTime>() {
            let text = time::from_datetime(value, "a context value")?.rfc3339();
            return Ok(Some(Self::Written(String::from_utf8_lossy(&text).into_owned())));
        }
        Ok(None)
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.to_str().unwrap_or_default().as_bytes(),
            Self::Bytes(bytes) => bytes.as_bytes(),
            Self::Flag(true) => b"true",
            Self::Flag(false) => b"false",
            Self::Written(text) => text.as_bytes(),
        }
    }
}
