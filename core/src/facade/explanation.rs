//! Explanations, whoever gives them.

use super::answer::Object;
use super::{Decision, StatementInfo};
use crate::evaluate::explain::{ElementTrace, Explanation, StatementTrace};

/// An answer with the reasons for it.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The decision.
    pub decision: Decision,
    /// The layer that decided, of accounts and layers.
    pub layer: Option<&'static str>,
    /// The level of an organisation's layer, from its root; 0 for others.
    pub level: u32,
    /// The decision and its reason in a sentence.
    pub sentence: String,
    /// What was asked, in the order in which reasons are named.
    pub layers: Vec<LayerExplained>,
}

/// What the policies of one layer answer by themselves.
#[derive(Clone, Debug)]
pub struct LayerExplained {
    /// The layer; none of policies that stand alone.
    pub layer: Option<&'static str>,
    /// The level of an organisation's layer, from its root; 0 for others.
    pub level: u32,
    /// Its answer and its statements.
    pub explanation: Explanation,
}

/// Whether the layer of that name has a level for each step of an organisation.
pub fn has_levels(layer: &str) -> bool {
    matches!(layer, "scp" | "rcp")
}

impl Explained {
    /// The explanation of policies that stand alone.
    pub(super) fn alone(explanation: Explanation) -> Self {
        Self {
            decision: explanation.decision,
            layer: None,
            level: 0,
            sentence: explanation.sentence.clone(),
            layers: vec![LayerExplained { layer: None, level: 0, explanation }],
        }
    }

    /// The statement that decided.
    fn deciding(&self) -> Option<&StatementTrace> {
        let same = |layer: &&LayerExplained| (layer.layer, layer.level) == (self.layer, self.level);
        deciding(&self.decision, &self.layers.iter().find(same)?.explanation)
    }
}

fn deciding<'a>(decision: &Decision, explanation: &'a Explanation) -> Option<&'a StatementTrace> {
    let wanted = decision.statement?;
    explanation.statements.iter().find(|s| (s.policy_index, s.index) == (wanted.policy, wanted.statement))
}

/// `{"decision", "sentence", "layers": [{"layer", "level", "decision", "sentence"}], "statements": [...]}`.
///
/// The decisions are as in [`answer_json`](super::answer_json). Policies that stand alone have no layers. A
/// statement is `{"layer", "level", "policy", "policyIndex", "index", "sid", "effect", "applies", "start",
/// "end", "elements"}`, without the first two where there are no layers; an element is `{"element", "holds",
/// "detail", "missingKeys", "start", "end"}`. `applies` and `holds` are true, false, or null where it
/// depends on a value that was not given. `effect` is `Deny` for whatever is not `Allow`. Places are bytes
/// of the policy's text.
pub fn explanation_json(explained: &Explained) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    let layer = explained.layer.map(|layer| (layer, explained.level));
    object.decision(&explained.decision, explained.deciding().map(info), layer);
    object.text("sentence", &explained.sentence);
    let named = explained.layers.iter().filter_map(|layer| Some((layer.layer?, layer)));
    object.list("layers", named, |object, (name, layer)| {
        let Explanation { decision, sentence, .. } = &layer.explanation;
        object.layer(name, layer.level);
        object.decision(decision, deciding(decision, &layer.explanation).map(info), None);
        object.text("sentence", sentence);
    });
    let statements = explained
        .layers
        .iter()
        .flat_map(|layer| layer.explanation.statements.iter().map(move |statement| (layer, statement)));
    object.list("statements", statements, |object, (layer, statement)| {
        if let Some(name) = layer.layer {
            object.layer(name, layer.level);
        }
        write_statement(object, statement);
    });
    object.end();
    out
}

fn write_statement(object: &mut Object<'_>, statement: &StatementTrace) {
    object.text("policy", &statement.policy);
    object.number("policyIndex", i64::from(statement.policy_index));
    object.number("index", i64::from(statement.index));
    object.optional("sid", statement.sid.as_deref());
    object.text("effect", if statement.is_deny { "Deny" } else { "Allow" });
    object.truth("applies", statement.applies);
    object.span(statement.span);
    object.list("elements", &statement.elements, |object, element: &ElementTrace| {
        object.text("element", element.element);
        object.truth("holds", element.holds);
        object.text("detail", &element.detail);
        object.texts("missingKeys", &element.missing_keys);
        object.span(element.span);
    });
}

fn info(statement: &StatementTrace) -> StatementInfo<'_> {
    StatementInfo {
        policy: &statement.policy,
        index: statement.index,
        sid: statement.sid.as_deref(),
        span: statement.span,
    }
}
