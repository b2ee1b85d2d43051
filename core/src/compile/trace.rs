//! A statement taken apart into its elements, each answered by itself with the very parts that a program
//! decides with. For explaining; deciding does not come here.

use super::action_set::ActionSet;
use super::rule::Rule;
use super::{Compiler, Program};
use crate::evaluate::{Request, Truth};
use crate::policy::{Kind, Statement, Version};

/// A compiled statement.
#[derive(Debug)]
pub(crate) struct Trace {
    is_deny: bool,
    action_set: ActionSet,
    rule: Rule,
    /// The statement for any action, without principals and conditions; with `NotResource` and without.
    resources: [Program; 2],
}

/// What each element of a statement answers to a request.
#[derive(Debug)]
pub(crate) struct Elements {
    pub(crate) action: Truth,
    pub(crate) principal: Truth,
    /// `Resource`, or its absence.
    pub(crate) resource: Truth,
    /// `NotResource`.
    pub(crate) not_resource: Truth,
    /// The conditions, in order.
    pub(crate) tests: Vec<Truth>,
}

impl Trace {
    /// Compiles a statement; `None` for one that cannot be evaluated.
    pub(crate) fn of(statement: &Statement, kind: Kind, rules: Version) -> Option<Self> {
        let is_of_bucket = kind == Kind::Bucket && !rules.dialect.is_aws();
        let mut compiler = Compiler {
            dialect: rules.dialect,
            is_of_bucket,
            #[cfg(feature = "accounts")]
            is_traced: true,
            ..Compiler::default()
        };
        compiler.add_statement(statement, kind, rules);
        if compiler.is_broken {
            return None;
        }
        let mut program = compiler.finish(Box::default());
        let rule = std::mem::take(program.rules.first_mut()?);
        let set = program.action_sets.first_mut()?;
        let action_set = std::mem::replace(set, ActionSet::everything());
        let without = program.clone();
        program.rules.first_mut()?.not_resources = rule.not_resources.clone();
        Some(Self { is_deny: statement.is_deny(), action_set, rule, resources: [program, without] })
    }

    /// Whether the statement is about everything, whatever resources it names.
    pub(crate) fn ignores_resources(&self) -> bool {
        let [_, without] = &self.resources;
        let side = if self.is_deny { &without.denies } else { &without.allows };
        side.is_unlimited()
    }

    /// The answers to a request.
    pub(crate) fn elements(&self, request: &Request<'_>) -> Elements {
        let [whole, without] = self.resources.each_ref().map(|program| self.resource(program, request));
        let principals = self.rule.principals.as_ref();
        Elements {
            action: self.action_set.contains(request.action).into(),
            principal: match principals {
                Some(principals) => principals.matches(request.caller, request.has_boundary).0,
                None => self.rule.covers(request.account).into(),
            },
            resource: without,
            not_resource: if without == Truth::False { Truth::True } else { whole },
            tests: self.rule.tests.iter().map(|test| test.evaluate(request.context)).collect(),
        }
    }

    fn resource(&self, program: &Program, request: &Request<'_>) -> Truth {
        let side = if self.is_deny { &program.denies } else { &program.allows };
        match side.first(program, request, &program.text(request)) {
            Some(found) if found.is_certain => Truth::True,
            Some(_) => Truth::Unknown,
            None => Truth::False,
        }
    }
}

impl Elements {
    /// Whether the statement applies.
    pub(crate) fn applies(&self) -> Truth {
        let parts = [self.action, self.principal, self.resource, self.not_resource];
        parts.iter().chain(&self.tests).fold(Truth::True, |truth, part| truth.and(|| *part))
    }
}
