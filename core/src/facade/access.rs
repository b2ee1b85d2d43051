//! What a caller may reach with an action, as data (partial evaluation).

use super::answer::Object;
use super::{Caller, ContextMap, Query, Target, Truth};
use crate::Error;
use crate::analyze::partial::{self, Open, OpenCondition, Pattern, Region};
use crate::compile::Named;
use crate::evaluate::{Context, Request};
use crate::policy::Dialect;

/// What may be done with an action: in every layer, what some region of an Allow holds and no region of a
/// Deny. Without layers nothing is forbidden: the caller owns the storage.
#[derive(Debug)]
pub struct Access {
    layers: Vec<(Option<&'static str>, partial::Access)>,
    asked: Asked,
}

/// The question without its target, kept.
#[derive(Debug)]
struct Asked {
    dialect: Dialect,
    action: String,
    account: String,
    caller: Option<(&'static str, String, Option<String>)>,
    context: Vec<(String, Vec<u8>)>,
    is_complete: bool,
}

impl Access {
    /// What policies allow of the query's action. Its target does not matter, nor does its context: what is
    /// known is `known`, and with `is_complete` there is no more to come. Each layer is asked on its own.
    ///
    /// # Errors
    ///
    /// As [`partial::Access::of`].
    pub(super) fn of(
        dialect: Dialect,
        layers: &[(Option<&'static str>, &[Named<'_>])],
        query: &Query<'_>,
        known: &ContextMap<'_>,
        is_complete: bool,
    ) -> Result<Self, Error> {
        let caller = query.caller.map(|caller| {
            let (name, behind) = (caller.name().unwrap_or_default(), caller.behind());
            (caller.kind(), name.to_owned(), behind.map(str::to_owned))
        });
        let asked = Asked {
            dialect,
            action: query.action.to_owned(),
            account: query.account.to_owned(),
            caller,
            context: known.entries().map(|(name, value)| (name.to_owned(), value.to_vec())).collect(),
            is_complete,
        };
        let mut found = Vec::new();
        for (layer, policies) in layers {
            let access = asked.ask(Target::Resource(""), |request| partial::Access::of(policies, request))?;
            found.push((*layer, access));
        }
        Ok(Self { layers: found, asked })
    }

    /// What each layer allows, with the layer's name; policies that stand alone have none.
    pub fn layers(&self) -> &[(Option<&'static str>, partial::Access)] {
        &self.layers
    }

    /// Whether the action is allowed on a resource: [`Truth::Unknown`] where that depends on values that
    /// were not given.
    pub fn allows(&self, target: Target<'_>) -> Truth {
        let layers = || self.layers.iter().map(|(_, access)| access);
        self.asked.ask(target, |request| {
            layers().fold(Truth::True, |truth, access| truth.and(|| access.allows(request)))
        })
    }
}

impl Asked {
    /// Puts the question, with a target.
    fn ask<R>(&self, target: Target<'_>, ask: impl FnOnce(&Request<'_>) -> R) -> R {
        let mut known = ContextMap::of(self.dialect);
        self.context.iter().for_each(|(name, value)| known.add(name, value));
        let open = Open(&known);
        let context: &dyn Context = if self.is_complete { &known } else { &open };
        let caller = self.caller.as_ref();
        let caller = caller.and_then(|(kind, name, behind)| Caller::named(kind, name, behind.as_deref()));
        let query = Query { account: &self.account, caller, context, ..Query::new(&self.action, target) };
        query.request(ask)
    }
}

/// `{"layers": [{"layer", "isBroken", "allow", "deny"}]}`; each region is `{"policyIndex", "index",
/// "resources", "except", "conditions": [{"operator", "key", "values", "start", "end"}]}`.
pub fn access_json(access: &Access) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    object.list("layers", &access.layers, |object, (layer, access)| {
        object.optional("layer", *layer);
        object.boolean("isBroken", access.is_broken);
        object.list("allow", &access.allows, write_region);
        object.list("deny", &access.denies, write_region);
    });
    object.end();
    out
}

fn write_region(object: &mut Object<'_>, region: &Region) {
    object.number("policyIndex", i64::from(region.statement.policy));
    object.number("index", i64::from(region.statement.statement));
    let texts = |patterns: &[Pattern]| patterns.iter().map(Pattern::to_string).collect::<Vec<_>>();
    object.texts("resources", &texts(&region.resources));
    object.texts("except", &texts(&region.except));
    object.list("conditions", &region.conditions, |object, condition: &OpenCondition| {
        object.text("operator", &condition.operator);
        object.text("key", &condition.key);
        object.texts("values", &condition.values);
        object.span(condition.span);
    });
}
