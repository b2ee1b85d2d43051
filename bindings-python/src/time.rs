//! Instants: `datetime` and seconds since 1970 to the core's `Timestamp`, and back.

use crate::error;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDateTime, PyFloat, PyInt, PyTzInfo};
use s3iam::facade::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// The `now` of a call: a `datetime` with a time zone, seconds since 1970, or the clock's time.
pub fn now(value: Option<&Bound<'_, PyAny>>) -> PyResult<Timestamp> {
    match value {
        Some(value) => instant(value, "now"),
        None => {
            let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Ok(Timestamp::from_unix_millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)))
        }
    }
}

/// An instant given as a `datetime` with a time zone or as seconds since 1970.
pub fn instant(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Timestamp> {
    if let Ok(seconds) = value.cast::<PyFloat>() {
        return from_seconds(value.py(), seconds.value(), name);
    }
    if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() {
        // An integer that no float can hold is no time.
        return from_seconds(value.py(), value.extract().unwrap_or(f64::INFINITY), name);
    }
    match value.cast::<PyDateTime>() {
        Ok(value) => from_datetime(value, name),
        Err(_) => Err(error::wrong_type(name, "a datetime with a time zone or seconds since 1970", value)),
    }
}

/// A `datetime` as an instant. One without a time zone is refused: it means another instant on
/// every machine.
pub fn from_datetime(value: &Bound<'_, PyDateTime>, name: &str) -> PyResult<Timestamp> {
    if value.call_method0("utcoffset")?.is_none() {
        let message = format!("{name} has no time zone; use for example datetime.now(timezone.utc)");
        return Err(error::argument(value.py(), message));
    }
    from_seconds(value.py(), value.call_method0("timestamp")?.extract()?, name)
}

fn from_seconds(py: Python<'_>, seconds: f64, name: &str) -> PyResult<Timestamp> {
    let millis = seconds * 1000.0;
    if !millis.is_finite() {
        return Err(error::argument(py, format!("{name} is not a time")));
    }
    // Saturates; the core clamps to the years 0 to 9999.
    Ok(Timestamp::from_unix_millis(millis.round() as i64))
}

/// An instant as a `datetime` in UTC.
pub fn to_datetime(py: Python<'_>, time: Timestamp) -> PyResult<Bound<'_, PyDateTime>> {
    let utc = PyTzInfo::utc(py)?;
    PyDateTime::from_timestamp(py, time.unix_millis() as f64 / 1000.0, Some(&utc))
}
