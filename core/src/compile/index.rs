//! The index over resource patterns: a byte trie of their literal prefixes.
//!
//! A pattern hangs at the node of its bytes before the first wildcard or variable. Walking the trie
//! along a resource text meets exactly the patterns whose literal prefix the text begins with, so the
//! cost of a decision depends on the text and on what could match it, not on the number of patterns.

use super::action_set::ActionSet;
use super::needs::{Needs, Offers, are_many};
use crate::evaluate::{Action, Context, Truth};
use crate::pattern::{self, Symbol, Template};

/// What of a pattern is left after its literal prefix.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tail {
    /// Nothing.
    End,
    /// One `*`.
    AnyRun,
    /// More, by its number.
    More(u32),
}

/// What is left of a pattern that is more than a prefix.
#[derive(Clone, Copy, Debug)]
pub(super) struct More {
    pub(super) needs: Needs,
    pub(super) rest: Rest,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Rest {
    /// Wildcards and bytes: a range of the symbol pool.
    Symbols { start: u32, end: u32 },
    /// Variables as well: a template, from a symbol on.
    Template { number: u32, start: u32 },
}

impl Rest {
    /// Its symbols, in the pools of its index.
    pub(super) fn symbols<'p>(self, symbols: &'p [Symbol], templates: &'p [Template]) -> &'p [Symbol] {
        match self {
            Self::Symbols { start, end } => slice(symbols, start, end),
            Self::Template { number, start } => {
                let symbols = templates.get(number as usize).map(Template::symbols);
                symbols.and_then(|symbols| symbols.get(start as usize..)).unwrap_or_default()
            }
        }
    }
}

/// A pattern of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) rule: u32,
    pub(super) tail: Tail,
}

/// Entries of one node that share an action set, in the order of their rules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) action_set: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Node {
    pub(super) label_start: u32,
    pub(super) label_end: u32,
    pub(super) children_start: u32,
    pub(super) children_end: u32,
    pub(super) groups_start: u32,
    pub(super) groups_end: u32,
}

/// An immutable index.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Breadth first, so that the children of a node lie together, sorted by their first byte.
    pub(super) nodes: Box<[Node]>,
    /// The first byte of each node's label.
    pub(super) first_bytes: Box<[u8]>,
    pub(super) labels: Box<[u8]>,
    pub(super) groups: Box<[Group]>,
    pub(super) entries: Box<[Entry]>,
    pub(super) more: Box<[More]>,
    pub(super) symbols: Box<[Symbol]>,
    pub(super) templates: Box<[Template]>,
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
    /// Hands `visitor` the rule of every pattern that matches `text` and is about the action. It is
    /// asked first whether it wants the rule, before the pattern is compared.
    pub(super) fn walk(&self, text: &[u8], walk: Walk<'_>, visitor: &mut impl Visitor) {
        let mut rest = text;
        let mut node = self.nodes.first();
        // Gathered where it is first worth it, for that node and those below.
        let mut offers = None;
        while let Some(current) = node {
            for group in slice(&self.groups, current.groups_start, current.groups_end) {
                if walk.sets.get(group.action_set as usize).is_some_and(|set| set.contains(walk.action)) {
                    let entries = slice(&self.entries, group.start, group.end);
                    if are_many(entries.len()) {
                        offers.get_or_insert_with(|| Offers::of(rest));
                    }
                    for entry in entries {
                        if visitor.wants(entry.rule) {
                            match self.compare(entry.tail, rest, offers.as_ref(), walk) {
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

    fn compare(&self, tail: Tail, rest: &[u8], offers: Option<&Offers>, walk: Walk<'_>) -> Truth {
        match tail {
            Tail::End => rest.is_empty().into(),
            Tail::AnyRun => (walk.comparison == Comparison::Pattern || rest == b"*").into(),
            Tail::More(number) => match self.more.get(number as usize) {
                Some(more) if offers.is_some_and(|offers| !more.needs.are_met(offers)) => Truth::False,
                Some(more) => self.compare_more(more.rest, rest, walk),
                None => Truth::Unknown,
            },
        }
    }

    fn compare_more(&self, pattern: Rest, rest: &[u8], walk: Walk<'_>) -> Truth {
        let is_pattern = walk.comparison == Comparison::Pattern;
        match pattern {
            Rest::Symbols { .. } => {
                let matches = if is_pattern { pattern::matches_symbols } else { pattern::equals_as_written };
                matches(pattern.symbols(&self.symbols, &self.templates), rest).into()
            }
            Rest::Template { number, start } => {
                let Some(template) = self.templates.get(number as usize) else { return Truth::Unknown };
                let expanded = template.expand(start as usize, walk.context);
                if is_pattern { expanded.matches(rest) } else { expanded.equals_as_written(rest) }
            }
        }
    }
}

pub(super) fn slice<T>(items: &[T], start: u32, end: u32) -> &[T] {
    items.get(start as usize..end as usize).unwrap_or_default()
}
