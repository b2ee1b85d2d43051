//! The denies or the allows of a program: their indexes, one for each kind of resource text, and the
//! rules that no resource limits.

use super::builder::{Builder, Pattern};
use super::index::{Comparison, Index, Visitor, Walk};
use super::principal::Grant;
use super::rule::{NotResource, Rule, Shape};
use super::text::Text;
use super::{Program, texts};
use crate::evaluate::{Request, Truth};
use crate::pattern::Template;
use crate::pattern::arn::{self, ArnPattern};
use crate::policy::Statement;

/// The rules of one effect.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    plain: Index,
    table: Option<Box<Index>>,
    memory: Option<Box<Index>>,
    /// Rules of bucket policies about few named accounts, each behind the number of the account.
    #[cfg(feature = "accounts")]
    named: Option<Box<Index>>,
    /// Rules without resource patterns, and KMS rules for requests that name no key.
    unlimited: Box<[Unlimited]>,
    /// Patterns of the AWS dialect with a wildcard before their last part, which no index can serve.
    parts: Box<[Parts]>,
}

#[derive(Clone, Debug)]
struct Parts {
    action_set: u32,
    rule: u32,
    pattern: ArnPattern,
}

#[derive(Clone, Copy, Debug)]
struct Unlimited {
    action_set: u32,
    rule: u32,
    /// Only where the request names neither bucket nor object.
    only_service: bool,
}

/// A rule that applies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) rule: u32,
    /// Whether it applies whatever the values are that were not given.
    pub(super) is_certain: bool,
}

impl Side {
    /// Whether a rule applies to every resource.
    pub(super) fn is_unlimited(&self) -> bool {
        self.unlimited.iter().any(|unlimited| !unlimited.only_service)
    }

    /// The most direct grant among the rules that certainly apply, and the first of them.
    pub(super) fn grant(
        &self,
        program: &Program,
        request: &Request<'_>,
        text: &Text,
    ) -> Option<(Grant, u32)> {
        let mut search = Search { program, request, grants: Some(None), certain: None, possible: None };
        self.search(&mut search, text);
        search.grants.flatten()
    }

    /// The first rule that certainly applies, else the first that may.
    pub(super) fn first(&self, program: &Program, request: &Request<'_>, text: &Text) -> Option<Found> {
        let mut search = Search { program, request, grants: None, certain: None, possible: None };
        self.search(&mut search, text);
        let found = |rule, is_certain| Found { rule, is_certain };
        search.certain.map(|rule| found(rule, true)).or(search.possible.map(|rule| found(rule, false)))
    }

    fn search(&self, search: &mut Search<'_>, text: &Text) {
        let (program, request) = (search.program, search.request);
        for unlimited in &self.unlimited {
            let is_service = request.bucket.is_empty() && request.object.is_empty();
            let contains = program.action_sets.get(unlimited.action_set as usize);
            if search.wants(unlimited.rule)
                && (is_service || !unlimited.only_service)
                && contains.is_some_and(|set| set.contains(request.action))
            {
                search.consider(unlimited.rule, Truth::True, (!unlimited.only_service).then_some(text));
            }
        }
        let parts = if cfg!(feature = "aws") { &self.parts[..] } else { &[] };
        for Parts { action_set, rule, pattern } in parts {
            let contains = program.action_sets.get(*action_set as usize);
            if search.wants(*rule) && contains.is_some_and(|set| set.contains(request.action)) {
                let found = pattern.matches(&text.raw, request.context);
                if found != Truth::False {
                    search.consider(*rule, found, Some(text));
                }
            }
        }
        search.walk(&self.plain, text);
        if let Some(index) = &self.table {
            let is_s3 = request.action.name().starts_with("s3:");
            let table = if is_s3 { Text::table(request) } else { Some(Text::plain(request)) };
            if let Some(text) = table {
                search.walk(index, &text);
            }
        }
        if let Some(index) = &self.memory {
            search.walk_one(index, text.clean(), text, Comparison::Pattern);
        }
        #[cfg(feature = "accounts")]
        if let Some(index) = &self.named
            && let Some(prefix) = program.accounts.prefix(request.account)
        {
            let behind = text.behind(prefix);
            search.walk_one(index, &behind.raw, text, Comparison::Pattern);
            if let Some(cleaned) = &behind.cleaned {
                search.walk_one(index, cleaned, text, Comparison::AsWritten);
            }
        }
    }
}

/// The search for the first rule that applies.
struct Search<'a> {
    program: &'a Program,
    request: &'a Request<'a>,
    /// Where every rule that applies is wanted: the best grant so far.
    grants: Option<Option<(Grant, u32)>>,
    certain: Option<u32>,
    possible: Option<u32>,
}

impl Search<'_> {
    /// Whether a rule would be better than what was found.
    fn wants(&self, rule: u32) -> bool {
        self.certain.is_none_or(|certain| rule < certain)
    }

    fn walk(&mut self, index: &Index, text: &Text) {
        self.walk_one(index, &text.raw, text, Comparison::Pattern);
        if let Some(cleaned) = &text.cleaned {
            self.walk_one(index, cleaned, text, Comparison::AsWritten);
        }
    }

    fn walk_one(&mut self, index: &Index, along: &[u8], text: &Text, comparison: Comparison) {
        let walk = Walk {
            action: self.request.action,
            sets: &self.program.action_sets,
            context: self.request.context,
            comparison,
        };
        index.walk(along, walk, &mut Candidates { search: self, text });
    }

    /// Weighs a rule whose action and resource match. `text` is what `NotResource` is compared with.
    fn consider(&mut self, rule: u32, found: Truth, text: Option<&Text>) {
        let Some(record) = self.program.rules.get(rule as usize) else { return };
        match record.holds(text, self.request) {
            Truth::False => {}
            Truth::True if found == Truth::True => match &mut self.grants {
                Some(best) if cfg!(feature = "aws") => {
                    let grant = record.grant(self.request);
                    let is_better =
                        best.is_none_or(|(other, at)| grant > other || grant == other && rule < at);
                    if is_better {
                        *best = Some((grant, rule));
                    }
                }
                _ => self.certain = Some(rule),
            },
            _ => self.possible = Some(self.possible.map_or(rule, |best| best.min(rule))),
        }
    }
}

/// The search while it walks an index along a text.
struct Candidates<'s, 'a> {
    search: &'s mut Search<'a>,
    text: &'s Text,
}

impl Visitor for Candidates<'_, '_> {
    fn wants(&self, rule: u32) -> bool {
        self.search.wants(rule)
    }

    fn visit(&mut self, rule: u32, found: Truth) {
        self.search.consider(rule, found, Some(self.text));
    }
}

/// A side under construction.
#[derive(Default)]
pub(super) struct SideBuilder {
    plain: Builder,
    table: Builder,
    memory: Builder,
    #[cfg(feature = "accounts")]
    named: Builder,
    unlimited: Vec<Unlimited>,
    parts: Vec<Parts>,
}

/// A statement on its way into a side.
pub(super) struct Draft<'s> {
    pub(super) statement: &'s Statement,
    pub(super) shape: Shape,
    /// It applies also where it names no resource.
    pub(super) needs_no_resource: bool,
    pub(super) action_set: u32,
    pub(super) rule: u32,
    /// The prefixes of its accounts, if it is indexed by them.
    #[cfg(feature = "accounts")]
    pub(super) prefixes: Vec<[u8; 4]>,
}

impl SideBuilder {
    /// Adds the resources of a statement and returns its rule, without tests.
    pub(super) fn add(&mut self, draft: Draft<'_>) -> Rule {
        let Draft { statement, shape, needs_no_resource, action_set, rule, .. } = draft;
        let resources = texts(statement.resource.as_ref());
        let not_resources = texts(statement.not_resource.as_ref());
        let mut unlimited = |only_service| self.unlimited.push(Unlimited { action_set, rule, only_service });
        let builder = match shape {
            Shape::Ignored => {
                unlimited(false);
                return Rule::default();
            }
            Shape::Key if resources.is_empty() => {
                unlimited(false);
                return Rule::default();
            }
            Shape::Key => {
                unlimited(true);
                &mut self.plain
            }
            Shape::Plain => &mut self.plain,
            Shape::Table => &mut self.table,
        };
        for resource in resources {
            let is_memory = shape != Shape::Table && is_memory(&resource.text);
            let pattern = Pattern::read(resource_pattern(&resource.text), Template::pattern);
            #[cfg(feature = "accounts")]
            if !is_memory && !draft.prefixes.is_empty() {
                for prefix in &draft.prefixes {
                    self.named.add(prefix, pattern.clone(), action_set, rule);
                }
                continue;
            }
            let builder = if is_memory { &mut self.memory } else { &mut *builder };
            builder.add(b"", pattern, action_set, rule);
        }
        // An Allow that names no resource where one is required allows nothing.
        if resources.is_empty() && (needs_no_resource || !not_resources.is_empty()) {
            match shape {
                Shape::Table => builder.add(b"", Pattern::Prefix("", true), action_set, rule),
                _ => unlimited(false),
            }
        }
        let not_resource = |text: &str| NotResource::Whole {
            template: Template::pattern(resource_pattern(text)),
            is_memory: shape != Shape::Table && is_memory(text),
        };
        let not_resources = not_resources.iter().map(|r| not_resource(&r.text));
        Rule { not_resources: not_resources.collect(), ..Rule::default() }
    }

    /// Adds the resources of a statement of the AWS dialect and returns its rule, without tests. A name of
    /// fewer than six parts matches nothing.
    pub(super) fn add_aws(
        &mut self,
        statement: &Statement,
        (variables, needs_no_resource): (bool, bool),
        action_set: u32,
        rule: u32,
    ) -> Rule {
        let template = |text: &str| match variables {
            true => Template::aws_pattern(text),
            false => Template::without_variables(text),
        };
        for resource in texts(statement.resource.as_ref()) {
            let pattern = match Pattern::read(&resource.text, template) {
                Pattern::Prefix(literal, is_open) => {
                    let is_everything = literal.is_empty() && is_open;
                    if !is_everything && !arn::is_pattern(literal) {
                        continue;
                    }
                    Pattern::Prefix(literal, is_open)
                }
                Pattern::Template(template) => match ArnPattern::new(template) {
                    Ok(pattern) if !pattern.is_plain() => {
                        self.parts.push(Parts { action_set, rule, pattern });
                        continue;
                    }
                    Ok(pattern) => Pattern::Template(pattern.into_template()),
                    Err(_) => continue,
                },
            };
            self.plain.add(b"", pattern, action_set, rule);
        }
        // An Allow that names no resource where one is required allows nothing.
        if statement.resource.is_none() && (needs_no_resource || statement.not_resource.is_some()) {
            self.unlimited.push(Unlimited { action_set, rule, only_service: false });
        }
        let not_resource = |text: &crate::policy::Text| match ArnPattern::new(template(&text.text)) {
            Ok(pattern) => Some(NotResource::Parts(pattern)),
            Err(template) if arn::is_everything(&template) => {
                Some(NotResource::Whole { template, is_memory: false })
            }
            Err(_) => None,
        };
        let not_resources = texts(statement.not_resource.as_ref()).iter().filter_map(not_resource);
        Rule { not_resources: not_resources.collect(), ..Rule::default() }
    }

    pub(super) fn finish(self) -> Side {
        Side {
            plain: self.plain.finish(),
            table: self.table.finish_rare(),
            memory: self.memory.finish_rare(),
            #[cfg(feature = "accounts")]
            named: self.named.finish_rare(),
            unlimited: self.unlimited.into(),
            parts: self.parts.into(),
        }
    }
}

fn is_memory(resource: &str) -> bool {
    resource.starts_with("arn:minio:memory:::")
}

/// The pattern of a resource: what follows its ARN prefix, or the `*` of an all-resources entry
/// (`policy-language` 5.2). Reading has made sure that it is one of these forms.
pub(crate) fn resource_pattern(resource: &str) -> &str {
    const PREFIXES: [&str; 4] =
        ["arn:aws:s3:::", "arn:minio:kms:::", "arn:aws:s3tables:::", "arn:minio:memory:::"];
    if let Some(rest) = PREFIXES.iter().find_map(|prefix| resource.strip_prefix(prefix)) {
        return rest;
    }
    match resource.strip_prefix('*') {
        Some(rest) if !rest.is_empty() => rest,
        _ => resource,
    }
}
