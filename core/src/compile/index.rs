//! The index over resource patterns: a byte trie of their literal prefixes.
//!
//! A pattern hangs at the node of its bytes before the first wildcard or variable. Walking the trie
//! along a resource text meets exactly the patterns whose literal prefix the text begins with, so the
//! cost of a decision depends on the text and on what could match it, not on the number of patterns.

use super::action_set::ActionSet;
use crate::evaluate::{Action, Context, Truth};
use crate::pattern::{self, Symbol, Template};

/// What of a pattern is left after its literal prefix.
#[derive(Clone, Copy, Debug)]
enum Tail {
    /// Nothing.
    End,
    /// One `*`.
    AnyRun,
    /// Wildcards and bytes: a range of the symbol pool.
    Symbols { start: u32, end: u32 },
    /// Variables as well: a template, from a symbol on.
    Template { number: u32, start: u32 },
}

/// A pattern of a rule.
#[derive(Clone, Copy, Debug)]
struct Entry {
    rule: u32,
    tail: Tail,
}

/// Entries of one node that share an action set, in the order of their rules.
#[derive(Clone, Copy, Debug)]
struct Group {
    action_set: u32,
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    label_start: u32,
    label_end: u32,
    children_start: u32,
    children_end: u32,
    groups_start: u32,
    groups_end: u32,
}

/// An immutable index.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Breadth first, so that the children of a node lie together, sorted by their first byte.
    nodes: Box<[Node]>,
    /// The first byte of each node's label.
    first_bytes: Box<[u8]>,
    labels: Box<[u8]>,
    groups: Box<[Group]>,
    entries: Box<[Entry]>,
    symbols: Box<[Symbol]>,
    templates: Box<[Template]>,
}

/// How a candidate's tail is compared with the rest of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// As a pattern.
    Pattern,
    /// As written: the cleaned text must equal the pattern byte for byte.
    AsWritten,
}

/// Who takes the rules that a walk finds.
pub(super) trait Visitor {
    /// Whether a rule is of interest.
    fn wants(&self, rule: u32) -> bool;
    /// Takes a rule whose pattern matches, or may match.
    fn visit(&mut self, rule: u32, found: Truth);
}

/// What the walk needs to know of a request.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) action: Action<'a>,
    pub(super) sets: &'a [ActionSet],
    pub(super) context: &'a dyn Context,
    pub(super) comparison: Comparison,
}

impl Index {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Hands `visitor` the rule of every pattern that matches `text` and is about the action. It is
    /// asked first whether it wants the rule, before the pattern is compared.
    pub(super) fn walk(&self, text: &[u8], walk: Walk<'_>, visitor: &mut impl Visitor) {
        let mut rest = text;
        let mut node = self.nodes.first();
        while let Some(current) = node {
            for group in slice(&self.groups, current.groups_start, current.groups_end) {
                if walk.sets.get(group.action_set as usize).is_some_and(|set| set.contains(walk.action)) {
                    for entry in slice(&self.entries, group.start, group.end) {
                        if visitor.wants(entry.rule) {
                            match self.compare(entry.tail, rest, walk) {
                                Truth::False => {}
                                found => visitor.visit(entry.rule, found),
                            }
                        }
                    }
                }
            }
            node = rest.first().and_then(|&byte| self.child(current, byte)).filter(|child| {
                let label = slice(&self.labels, child.label_start, child.label_end);
                match rest.strip_prefix(label) {
                    Some(after) => {
                        rest = after;
                        true
                    }
                    None => false,
                }
            });
        }
    }

    fn child(&self, node: &Node, byte: u8) -> Option<&Node> {
        let bytes = slice(&self.first_bytes, node.children_start, node.children_end);
        let at = if bytes.len() <= 16 {
            bytes.iter().position(|&b| b == byte)?
        } else {
            bytes.binary_search(&byte).ok()?
        };
        self.nodes.get(node.children_start as usize + at)
    }

    fn compare(&self, tail: Tail, rest: &[u8], walk: Walk<'_>) -> Truth {
        let is_pattern = walk.comparison == Comparison::Pattern;
        match tail {
            Tail::End => rest.is_empty().into(),
            Tail::AnyRun => (is_pattern || rest == b"*").into(),
            Tail::Symbols { start, end } => {
                let symbols = slice(&self.symbols, start, end);
                let matches = if is_pattern { pattern::matches_symbols } else { pattern::equals_as_written };
                matches(symbols, rest).into()
            }
            Tail::Template { number, start } => {
                let Some(template) = self.templates.get(number as usize) else { return Truth::Unknown };
                let expanded = template.expand(start as usize, walk.context);
                if is_pattern { expanded.matches(rest) } else { expanded.equals_as_written(rest) }
            }
        }
    }
}

fn slice<T>(items: &[T], start: u32, end: u32) -> &[T] {
    items.get(start as usize..end as usize).unwrap_or_default()
}

/// An index under construction.
#[derive(Default)]
pub(super) struct Builder {
    nodes: Vec<Growing>,
    symbols: Vec<Symbol>,
    templates: Vec<Template>,
}

#[derive(Default)]
struct Growing {
    label: Vec<u8>,
    children: Vec<usize>,
    /// Action set and entry.
    entries: Vec<(u32, Entry)>,
}

impl Builder {
    /// Adds a pattern of a rule. Rules must come in ascending order.
    pub(super) fn add(&mut self, template: Template, action_set: u32, rule: u32) {
        let prefix: Vec<u8> = template.literal_prefix().collect();
        let tail = self.tail(template, prefix.len());
        self.enter(&prefix, tail, action_set, rule);
    }

    /// The same for a pattern that stands behind literal bytes.
    #[cfg(feature = "accounts")]
    pub(super) fn add_behind(&mut self, before: &[u8], template: Template, action_set: u32, rule: u32) {
        let literal: Vec<u8> = template.literal_prefix().collect();
        let tail = self.tail(template, literal.len());
        self.enter(&[before, &literal].concat(), tail, action_set, rule);
    }

    fn enter(&mut self, prefix: &[u8], tail: Tail, action_set: u32, rule: u32) {
        let node = self.node(prefix);
        if let Some(node) = self.nodes.get_mut(node) {
            node.entries.push((action_set, Entry { rule, tail }));
        }
    }

    fn tail(&mut self, template: Template, prefix: usize) -> Tail {
        if template.has_variables() {
            self.templates.push(template);
            return Tail::Template { number: (self.templates.len() - 1) as u32, start: prefix as u32 };
        }
        match template.symbols().get(prefix..).unwrap_or_default() {
            [] => Tail::End,
            [pattern::ANY_RUN] => Tail::AnyRun,
            symbols => {
                let start = self.symbols.len() as u32;
                self.symbols.extend_from_slice(symbols);
                Tail::Symbols { start, end: self.symbols.len() as u32 }
            }
        }
    }

    /// The node of a prefix, made if it is not there.
    fn node(&mut self, prefix: &[u8]) -> usize {
        if self.nodes.is_empty() {
            self.nodes.push(Growing::default());
        }
        let (mut current, mut rest) = (0, prefix);
        while let Some(&byte) = rest.first() {
            let Some(child) = self.child(current, byte) else {
                return self.push_child(current, rest.to_vec());
            };
            let label = self.nodes.get(child).map(|c| c.label.as_slice()).unwrap_or_default();
            let common = label.iter().zip(rest).take_while(|(a, b)| a == b).count();
            current = if common == label.len() { child } else { self.split(child, common) };
            rest = rest.get(common..).unwrap_or_default();
        }
        current
    }

    fn child(&self, node: usize, byte: u8) -> Option<usize> {
        let children = &self.nodes.get(node)?.children;
        let first = |&child: &usize| self.nodes.get(child).and_then(|c| c.label.first()).copied();
        let at = children.binary_search_by_key(&Some(byte), first).ok()?;
        children.get(at).copied()
    }

    /// Adds a child, keeping the children sorted by their first byte.
    fn push_child(&mut self, parent: usize, label: Vec<u8>) -> usize {
        let number = self.nodes.len();
        let byte = label.first().copied();
        let first = |child: &usize| self.nodes.get(*child).and_then(|c| c.label.first()).copied();
        let at = self.nodes.get(parent).map_or(0, |p| p.children.partition_point(|c| first(c) < byte));
        self.nodes.push(Growing { label, ..Growing::default() });
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.insert(at, number);
        }
        number
    }

    /// Splits a node after `length` bytes of its label and returns it; what it was moves to a child.
    fn split(&mut self, node: usize, length: usize) -> usize {
        let number = self.nodes.len();
        if let Some(upper) = self.nodes.get_mut(node) {
            let lower = Growing {
                label: upper.label.split_off(length),
                children: std::mem::replace(&mut upper.children, vec![number]),
                entries: std::mem::take(&mut upper.entries),
            };
            self.nodes.push(lower);
        }
        node
    }

    /// Lays the nodes out breadth first.
    pub(super) fn finish(mut self) -> Index {
        let mut nodes = Vec::with_capacity(self.nodes.len());
        let (mut first_bytes, mut labels) = (Vec::with_capacity(self.nodes.len()), Vec::new());
        let (mut groups, mut entries) = (Vec::new(), Vec::new());
        let mut order: Vec<usize> = if self.nodes.is_empty() { Vec::new() } else { vec![0] };
        let mut next = 0;
        while let Some(growing) = order.get(next).and_then(|&n| self.nodes.get_mut(n)).map(std::mem::take) {
            next += 1;
            let mut node = Node {
                label_start: labels.len() as u32,
                children_start: order.len() as u32,
                groups_start: groups.len() as u32,
                ..Node::default()
            };
            first_bytes.push(growing.label.first().copied().unwrap_or_default());
            labels.extend_from_slice(&growing.label);
            order.extend(growing.children);
            push_groups(growing.entries, &mut groups, &mut entries);
            node.label_end = labels.len() as u32;
            node.children_end = order.len() as u32;
            node.groups_end = groups.len() as u32;
            nodes.push(node);
        }
        Index {
            nodes: nodes.into(),
            first_bytes: first_bytes.into(),
            labels: labels.into(),
            groups: groups.into(),
            entries: entries.into(),
            symbols: self.symbols.into(),
            templates: self.templates.into(),
        }
    }
}

fn push_groups(mut from: Vec<(u32, Entry)>, groups: &mut Vec<Group>, entries: &mut Vec<Entry>) {
    from.sort_by_key(|(set, entry)| (*set, entry.rule));
    for run in from.chunk_by(|(a, _), (b, _)| a == b) {
        let start = entries.len() as u32;
        entries.extend(run.iter().map(|(_, entry)| *entry));
        let action_set = run.first().map_or(0, |(set, _)| *set);
        groups.push(Group { action_set, start, end: entries.len() as u32 });
    }
}
