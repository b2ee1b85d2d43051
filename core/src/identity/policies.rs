//! Named policies, and the compiled programs of the sets in which they apply.

use super::record::Problems;
use super::rules::policy_name_fault;
use crate::compile::{Named, Program};
use crate::json::{Member, Path};
use crate::numbers::Numbers;
use crate::policy::{Dialect, Document, Kind, Limits, built_in, built_in_names};
use crate::validate::{Finding, Stage, Status};
use std::sync::Arc;

/// The most policies that may apply to one user.
pub(super) const MAX_APPLIED: usize = 500;
/// The most policies in all sets together; bounds the memory of the compiled programs.
const MAX_COMPILED: usize = 1_000_000;

/// What applies to a user.
#[derive(Clone, Debug, Default)]
pub(super) enum Access {
    /// No policy.
    #[default]
    Nothing,
    /// A policy that cannot be evaluated, so everything is denied.
    Broken,
    /// These policies.
    Program(Arc<Program>),
}

/// The policies that users and groups can be given, sorted by name.
#[derive(Debug)]
pub(super) struct Policies {
    policies: Vec<Policy>,
    /// What the sets come to, and where that is by the numbers of the set as text.
    programs: Vec<Access>,
    sets: Numbers,
    compiled: usize,
}

#[derive(Debug)]
struct Policy {
    name: String,
    /// `None` for one that cannot be evaluated.
    document: Option<Document>,
}

impl Policies {
    /// Reads the `policies` of a directory document. Built-in policies are there unless one of the
    /// same name is given.
    pub(super) fn read(
        text: &[u8],
        members: &[Member<'_>],
        path: &Path<'_>,
        problems: &mut Problems,
    ) -> Self {
        let mut policies: Vec<Policy> =
            members.iter().map(|member| Policy::read(text, member, path, problems)).collect();
        policies.sort_by(|a, b| a.name.cmp(&b.name));
        policies.dedup_by(|later, first| {
            let same = later.name == first.name;
            if same {
                first.document = None;
                let message = "is given more than once; everyone who has it is denied everything";
                problems.report(&Path::Name(path, &first.name), message);
            }
            same
        });
        for name in built_in_names() {
            if let Err(at) = policies.binary_search_by(|policy| policy.name.as_str().cmp(name)) {
                let document = built_in(name).map(|text| document(text.as_bytes()));
                policies.insert(at, Policy { name: name.to_owned(), document });
            }
        }
        Self { policies, programs: Vec::new(), sets: Numbers::new(), compiled: 0 }
    }

    /// The number of a policy.
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        let at = self.policies.binary_search_by(|policy| policy.name.as_str().cmp(name)).ok()?;
        u32::try_from(at).ok()
    }

    /// What a set of policies comes to. The same set gives the same program, shared, so a caller with
    /// many policies from many groups costs what a caller with one costs.
    pub(super) fn access(&mut self, mut set: Vec<u32>, path: &Path<'_>, problems: &mut Problems) -> Access {
        set.sort_unstable();
        set.dedup();
        if set.is_empty() {
            return Access::Nothing;
        }
        let numbers: String = set.iter().map(|number| format!("{number},")).collect();
        if let Some(access) = self.sets.get(numbers.as_str()).and_then(|at| self.programs.get(*at as usize)) {
            return access.clone();
        }
        let access = self.compile(&set).unwrap_or_else(|why| {
            problems.report(path, why);
            Access::Broken
        });
        self.sets.insert(numbers.into(), self.programs.len() as u32);
        self.programs.push(access.clone());
        access
    }

    fn compile(&mut self, set: &[u32]) -> Result<Access, String> {
        self.compiled = self.compiled.saturating_add(set.len());
        if set.len() > MAX_APPLIED || self.compiled > MAX_COMPILED {
            return Err("has more policies than can be applied; everything is denied".to_owned());
        }
        let mut named = Vec::with_capacity(set.len());
        for policy in set.iter().filter_map(|&at| self.policies.get(at as usize)) {
            match &policy.document {
                Some(document) => named.push(Named { name: &policy.name, document }),
                // Reported where the policy stands.
                None => return Ok(Access::Broken),
            }
        }
        match Program::compile(&named) {
            Ok(program) => Ok(Access::Program(Arc::new(program))),
            Err(error) => {
                Err(format!("has policies that cannot be compiled ({error}); everything is denied"))
            }
        }
    }
}

impl Policy {
    fn read(text: &[u8], member: &Member<'_>, path: &Path<'_>, problems: &mut Problems) -> Self {
        let name = member.name.as_ref();
        let path = Path::Name(path, name);
        let document = document(member.value.span.of(text));
        for finding in document.findings.iter().filter(|finding| finding.stage < Stage::Advice) {
            problems.report_at(|| format!("{}{}", path.pointer(), finding.pointer), consequence(finding));
        }
        let fault = policy_name_fault(name);
        if let Some(fault) = fault {
            problems.report(&path, format!("the name of the policy {fault}; nobody can have it"));
        }
        let usable = fault.is_none() && document.status() != Status::Unreadable;
        Self { name: name.to_owned(), document: usable.then_some(document) }
    }
}

fn document(text: &[u8]) -> Document {
    Document::read(text, Dialect::Minio, Kind::Identity, Limits::default())
}

fn consequence(finding: &Finding) -> String {
    let consequence = match finding.stage {
        Stage::Read => "everyone who has the policy is denied everything",
        Stage::Validate | Stage::Create | Stage::Advice => "what the policy says is evaluated",
    };
    format!("{} {}; {consequence}", finding.code, finding.message)
}
