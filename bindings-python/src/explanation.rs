//! Explanations, as the Python classes of `s3iam._values`.

use crate::asked::Asked;
use crate::classes;
use crate::decision::{Answer, Decision, Source, level};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use s3iam::facade::{ElementTrace, Explained, LayerExplained, StatementTrace, Truth};

/// An explanation that `asked` gave.
pub fn object<'py>(py: Python<'py>, explained: &Explained, asked: &Asked) -> PyResult<Bound<'py, PyAny>> {
    let decision = |answer| Decision::new(answer, Source::Asked(asked.clone_ref(py)));
    let mut layers = Vec::new();
    let mut statements = Vec::new();
    for layer in &explained.layers {
        let LayerExplained { layer: name, level: at, explanation } = layer;
        if let Some(name) = name {
            let answer = Answer { decision: explanation.decision, layer: Some(name), level: *at };
            let fields = (name, level(Some(name), *at), decision(answer), &explanation.sentence);
            layers.push(classes::LAYER_EXPLANATION.get(py)?.call1(fields)?);
        }
        for trace in &explanation.statements {
            statements.push(statement(py, layer, trace)?);
        }
    }
    let answer = Answer { decision: explained.decision, layer: explained.layer, level: explained.level };
    classes::EXPLANATION.get(py)?.call1((
        decision(answer),
        &explained.sentence,
        PyTuple::new(py, layers)?,
        PyTuple::new(py, statements)?,
    ))
}

fn statement<'py>(
    py: Python<'py>,
    layer: &LayerExplained,
    trace: &StatementTrace,
) -> PyResult<Bound<'py, PyAny>> {
    let elements: Vec<_> = trace.elements.iter().map(|trace| element(py, trace)).collect::<PyResult<_>>()?;
    classes::STATEMENT_TRACE.get(py)?.call1((
        layer.layer,
        level(layer.layer, layer.level),
        &trace.policy,
        trace.policy_index,
        trace.index,
        trace.sid.as_deref(),
        if trace.is_deny { "Deny" } else { "Allow" },
        truth(trace.applies),
        trace.span.start,
        trace.span.end,
        PyTuple::new(py, elements)?,
    ))
}

fn element<'py>(py: Python<'py>, trace: &ElementTrace) -> PyResult<Bound<'py, PyAny>> {
    classes::ELEMENT_TRACE.get(py)?.call1((
        trace.element,
        truth(trace.holds),
        &trace.detail,
        PyTuple::new(py, &trace.missing_keys)?,
        trace.span.start,
        trace.span.end,
    ))
}

/// `True`, `False`, or `None` for what is not known.
pub fn truth(truth: Truth) -> Option<bool> {
    match truth {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    }
}
