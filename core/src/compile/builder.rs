//! The index under construction: patterns with their literal prefixes, which sorting brings into the order
//! of the nodes.

use super::index::{Entry, Group, Index, More, Node, Rest, Tail, slice};
use super::needs::Needs;
use crate::bytes::PLAIN;
use crate::pattern::{self, Symbol, Template};

/// An empty list with room. The wasm module is to be small first, and lets lists grow.
fn room<T>(count: usize) -> Vec<T> {
    if PLAIN { Vec::new() } else { Vec::with_capacity(count) }
}

/// A pattern on its way into an index.
#[derive(Clone, Debug)]
pub(super) enum Pattern<'t> {
    /// A text, and whether a `*` follows it.
    Prefix(&'t str, bool),
    /// Anything.
    Template(Template),
}

impl<'t> Pattern<'t> {
    /// Reads a pattern; `read` reads one that is more than a prefix.
    pub(super) fn read(text: &'t str, read: impl FnOnce(&str) -> Template) -> Self {
        let (literal, is_open) = text.strip_suffix('*').map_or((text, false), |literal| (literal, true));
        let is_special = |b| matches!(b, b'*' | b'?' | b'$');
        // Patterns of MinIO's dialect may all be templates; of AWS's one that is `*` is no ARN.
        let is_read = PLAIN && cfg!(not(feature = "aws"));
        match is_read || literal.bytes().fold(false, |any, b| any | is_special(b)) {
            false => Self::Prefix(literal, is_open),
            true => Self::Template(read(text)),
        }
    }
}

/// An index under construction.
#[derive(Default)]
pub(super) struct Builder {
    drafts: Vec<Draft>,
    /// The literal prefixes, one behind the other.
    prefixes: Vec<u8>,
    rests: Vec<Rest>,
    symbols: Vec<Symbol>,
    templates: Vec<Template>,
}

/// An entry with its place.
#[derive(Clone, Copy)]
struct Draft {
    start: u32,
    end: u32,
    action_set: u32,
    entry: Entry,
}

/// A node whose entries and children are still to be laid out.
struct Pending<'d> {
    /// The patterns of the node and of all nodes below.
    drafts: &'d [Draft],
    /// How long the prefixes are that lead to the node, without its label and with it.
    parent_depth: usize,
    depth: usize,
}

impl Builder {
    /// Adds a pattern of a rule, behind bytes that are no part of it.
    pub(super) fn add(&mut self, before: &[u8], pattern: Pattern<'_>, action_set: u32, rule: u32) {
        if self.drafts.is_empty() && !PLAIN {
            // Room for a usual policy.
            self.drafts.reserve(8);
            self.prefixes.reserve(256);
        }
        let start = self.prefixes.len() as u32;
        self.prefixes.extend_from_slice(before);
        let tail = match pattern {
            Pattern::Prefix(literal, is_open) => {
                self.prefixes.extend_from_slice(literal.as_bytes());
                if is_open { Tail::AnyRun } else { Tail::End }
            }
            Pattern::Template(template) => self.tail(template),
        };
        let end = self.prefixes.len() as u32;
        self.drafts.push(Draft { start, end, action_set, entry: Entry { rule, tail } });
    }

    fn tail(&mut self, template: Template) -> Tail {
        let before = self.prefixes.len();
        self.prefixes.extend(template.literal_prefix());
        let literal = self.prefixes.len() - before;
        let rest = match template.symbols().get(literal..).unwrap_or_default() {
            [] => return Tail::End,
            [pattern::ANY_RUN] => return Tail::AnyRun,
            symbols if !template.has_variables() => {
                let start = self.symbols.len() as u32;
                self.symbols.extend_from_slice(symbols);
                Rest::Symbols { start, end: self.symbols.len() as u32 }
            }
            _ => {
                self.templates.push(template);
                Rest::Template { number: (self.templates.len() - 1) as u32, start: literal as u32 }
            }
        };
        self.rests.push(rest);
        Tail::More((self.rests.len() - 1) as u32)
    }

    /// The index, if it has any patterns. For one that few programs have.
    pub(super) fn finish_rare(self) -> Option<Box<Index>> {
        (!self.drafts.is_empty()).then(|| Box::new(self.finish()))
    }

    /// Lays the nodes out breadth first.
    pub(super) fn finish(self) -> Index {
        if self.drafts.is_empty() {
            return Index::default();
        }
        let Self { mut drafts, prefixes, rests, symbols, templates } = self;
        let prefix = |draft: &Draft| slice(&prefixes, draft.start, draft.end);
        drafts.sort_unstable_by(|a, b| {
            let order = |draft: &Draft| (draft.action_set, draft.entry.rule);
            prefix(a).cmp(prefix(b)).then_with(|| order(a).cmp(&order(b)))
        });
        let mut pending = room(drafts.len() * 2);
        pending.push(Pending { drafts: &drafts, parent_depth: 0, depth: 0 });
        let (mut nodes, mut first_bytes) = (room(drafts.len()), room(drafts.len()));
        let (mut labels, mut groups) = (room(prefixes.len()), room(drafts.len()));
        let mut entries = room(drafts.len());
        while let Some(&Pending { drafts, parent_depth, depth }) = pending.get(nodes.len()) {
            let mut node = Node {
                label_start: labels.len() as u32,
                children_start: pending.len() as u32,
                groups_start: groups.len() as u32,
                ..Node::default()
            };
            let label = drafts.first().and_then(|draft| prefix(draft).get(parent_depth..depth));
            let label = label.unwrap_or_default();
            first_bytes.push(label.first().copied().unwrap_or_default());
            labels.extend_from_slice(label);
            let here = drafts.iter().take_while(|draft| prefix(draft).len() == depth).count();
            let (here, below) = drafts.split_at_checked(here).unwrap_or_default();
            push_groups(here, &mut groups, &mut entries);
            let next = |draft: &Draft| prefix(draft).get(depth);
            for drafts in below.chunk_by(|a, b| next(a) == next(b)) {
                // What the first and the last have in common, those between have as well.
                let end = |draft: Option<&Draft>| {
                    draft.and_then(|draft| prefix(draft).get(depth..)).unwrap_or_default()
                };
                let common = end(drafts.first()).iter().zip(end(drafts.last())).take_while(|(a, b)| a == b);
                pending.push(Pending { drafts, parent_depth: depth, depth: depth + common.count() });
            }
            node.label_end = labels.len() as u32;
            node.children_end = pending.len() as u32;
            node.groups_end = groups.len() as u32;
            nodes.push(node);
        }
        let needs = Needs::of(rests.iter().map(|rest| rest.symbols(&symbols, &templates)));
        Index {
            nodes: nodes.into(),
            first_bytes: first_bytes.into(),
            labels: labels.into(),
            groups: groups.into(),
            entries: entries.into(),
            more: needs.into_iter().zip(rests).map(|(needs, rest)| More { needs, rest }).collect(),
            symbols: symbols.into(),
            templates: templates.into(),
        }
    }
}

fn push_groups(drafts: &[Draft], groups: &mut Vec<Group>, entries: &mut Vec<Entry>) {
    for run in drafts.chunk_by(|a, b| a.action_set == b.action_set) {
        let start = entries.len() as u32;
        entries.extend(run.iter().map(|draft| draft.entry));
        let action_set = run.first().map_or(0, |draft| draft.action_set);
        groups.push(Group { action_set, start, end: entries.len() as u32 });
    }
}
