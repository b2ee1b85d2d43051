//! Many questions in one call: every action on every resource in every context.

use crate::context::ContextValues;
use crate::error::wrong_type;
use crate::options::word;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use s3iam::facade::{self, Context, ContextMap, Dialect, MAX_ANSWERS, Query, Target};

/// What is asked, held while the core borrows its text.
pub struct Batch<'py> {
    actions: Vec<Bound<'py, PyString>>,
    resources: Vec<Resource<'py>>,
    contexts: Vec<ContextValues<'py>>,
}

/// A resource, or a bucket and an object.
struct Resource<'py> {
    name: Bound<'py, PyString>,
    object: Option<Bound<'py, PyString>>,
}

impl<'py> Batch<'py> {
    /// Reads the lists; without contexts there is one, which is empty.
    pub fn read(
        actions: &Bound<'py, PyAny>,
        resources: &Bound<'py, PyAny>,
        contexts: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let context = |value: Bound<'py, PyAny>| {
            let mut values = ContextValues::default();
            values.fill(Some(&value))?;
            Ok(values)
        };
        Ok(Self {
            actions: list("actions", "an iterable of str", actions, |value| word("an action", value))?,
            resources: list("resources", RESOURCES, resources, Resource::read)?,
            contexts: match contexts {
                Some(contexts) => list("contexts", "an iterable of mappings", contexts, context)?,
                None => vec![ContextValues::default()],
            },
        })
    }

    /// Calls `ask` with the batch as the core takes it; what its questions have in common is `query`.
    pub fn put<R>(
        &self,
        dialect: Dialect,
        query: &Query<'_>,
        ask: impl FnOnce(&facade::Batch<'_>) -> R,
    ) -> R {
        let mut maps: Vec<ContextMap<'_>> = Vec::with_capacity(self.contexts.len());
        for values in &self.contexts {
            let mut map = ContextMap::of(dialect);
            values.fill_map(&mut map);
            maps.push(map);
        }
        let actions: Vec<&str> = self.actions.iter().map(text).collect();
        let targets: Vec<Target<'_>> = self.resources.iter().map(Resource::target).collect();
        let contexts: Vec<&dyn Context> = maps.iter().map(|map| map as &dyn Context).collect();
        ask(&facade::Batch { query: *query, actions: &actions, targets: &targets, contexts: &contexts })
    }
}

const RESOURCES: &str = "an iterable of str, or of pairs of bucket and object";

impl<'py> Resource<'py> {
    fn read(value: Bound<'py, PyAny>) -> PyResult<Self> {
        let Ok(pair) = value.cast::<PyTuple>() else {
            return Ok(Self { name: word("a resource", value)?, object: None });
        };
        let (bucket, object) = pair.extract().map_err(|_| wrong_type("resources", RESOURCES, &value))?;
        Ok(Self { name: word("a bucket", bucket)?, object: Some(word("an object", object)?) })
    }

    fn target(&self) -> Target<'_> {
        match &self.object {
            None => Target::Resource(text(&self.name)),
            Some(object) => Target::Object { bucket: text(&self.name), object: text(object) },
        }
    }
}

/// The text of a `str` that was read when it was taken, so that reading it again cannot fail.
fn text<'a>(word: &'a Bound<'_, PyString>) -> &'a str {
    word.to_str().unwrap_or_default()
}

/// The items of an iterable, but no more than can be answered and one, so that even an endless one ends.
fn list<'py, T>(
    name: &str,
    expected: &str,
    value: &Bound<'py, PyAny>,
    item: impl Fn(Bound<'py, PyAny>) -> PyResult<T>,
) -> PyResult<Vec<T>> {
    let wrong = || wrong_type(name, expected, value);
    // It would be taken for a list of its characters.
    if value.is_instance_of::<PyString>() {
        return Err(wrong());
    }
    value.try_iter().map_err(|_| wrong())?.take(MAX_ANSWERS + 1).map(|value| item(value?)).collect()
}
