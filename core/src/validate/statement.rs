//! Rules for a statement (`policy-language` 1.5, 1.7).

use super::Stage;
use super::action::{self, Entry};
use super::bucket;
use super::check;
use super::report::{Place, Report, say, shown};
use super::resource::{self, Resource, Type};
use crate::catalog::{self, KeySet, Namespace};
use crate::json::{Member, Node, Path, Span, Value, repeats};
use crate::policy::Kind;
use crate::policy::member::Name;
use crate::policy::read_statement::{StatementDraft, as_text, entries, entry_path};
use crate::short::SmallVec;
use std::borrow::Cow;

/// A statement under examination.
pub(super) struct Subject<'d, 't> {
    pub(super) draft: &'d StatementDraft<'t>,
    pub(super) path: &'d Path<'d>,
    /// What a violated rule stops: validation, and for bucket policies reading.
    pub(super) invalid: Stage,
    pub(super) is_bucket_policy: bool,
}

/// An entry of `Action` or `NotAction`.
pub(super) struct ActionEntry<'t> {
    pub(super) index: Option<usize>,
    /// The text; what MinIO makes of a value that is no string.
    pub(super) text: Cow<'t, str>,
    /// What is no string is reported for that and nothing else.
    pub(super) is_string: bool,
    pub(super) span: Span,
    pub(super) entry: Entry,
}

/// Entries of `Action` or `NotAction`.
type Actions<'t> = SmallVec<[ActionEntry<'t>; 4]>;
/// Entries of `Resource` or `NotResource`, as written.
type Texts<'t> = SmallVec<[(&'t str, Option<usize>, Span); 4]>;
/// The same, read.
type Resources<'t> = SmallVec<[(Option<usize>, &'t Node<'t>, Resource<'t>); 4]>;

/// Checks a statement that could be read as an object.
pub(crate) fn check(
    report: &mut Report<'_>,
    draft: &StatementDraft<'_>,
    kind: Kind,
    bucket: Option<&str>,
    path: &Path<'_>,
) {
    let is_bucket_policy = kind == Kind::Bucket;
    let invalid = if is_bucket_policy { Stage::Read } else { Stage::Validate };
    if draft.is_null {
        report.add(
            &check::STATEMENT_NOT_OBJECT,
            invalid,
            draft.statement.span,
            path,
            format_args!("a statement is an object, not null"),
            format_args!("delete the entry"),
        );
    }
    if draft.object.is_none() {
        return;
    }
    let subject = Subject { draft, path, invalid, is_bucket_policy };
    subject.check_effect(report);
    bucket::check_principals(report, &subject);
    subject.check_action_presence(report);
    let actions = subject.actions(Name::Action);
    let not_actions = subject.actions(Name::NotAction);
    subject.check_actions(report, Name::Action, &actions);
    subject.check_actions(report, Name::NotAction, &not_actions);
    subject.check_resource_texts(report);
    if is_bucket_policy {
        subject.check_resource_presence(report, invalid, Some(invalid));
        bucket::check(report, &subject, &actions, bucket);
    } else if !subject.is_mixed(report, if actions.is_empty() { &not_actions } else { &actions }) {
        subject.check_namespace(report, &actions);
    }
}

impl<'t> Subject<'_, 't> {
    pub(super) fn member(&self, name: Name) -> Option<&'t Member<'t>> {
        self.draft.members.get(name)
    }

    /// Adds a finding about the statement itself.
    fn missing(&self, report: &mut Report<'_>, check: &check::Check, message: &str, help: &str) {
        // What a damaged object seems to lack may be in the part that could not be read.
        if self.draft.object.is_none_or(|object| object.damaged) {
            return;
        }
        let span = self.draft.statement.span;
        report.add(check, self.invalid, span, self.path, format_args!("{message}"), format_args!("{help}"));
    }

    fn check_effect(&self, report: &mut Report<'_>) {
        let given = self.member(Name::Effect).filter(|m| !m.value.value.is_null());
        let Some(member) = given else {
            let help = "add `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`";
            return self.missing(report, &check::MISSING_EFFECT, "the statement has no Effect", help);
        };
        if let Value::String(effect) = &member.value.value
            && !matches!(&**effect, "Allow" | "Deny")
        {
            let path = Path::Name(self.path, &member.name);
            report.add_with(&check::INVALID_EFFECT, self.invalid, member.value.span, &path, &|| {
                let near = super::nearest::nearest(effect.trim(), &mut ["Allow", "Deny"].into_iter());
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write `Allow` or `Deny`".to_owned(),
                };
                say(format!("the Effect is {}, neither `Allow` nor `Deny`", shown(effect)), help)
            });
        }
    }

    /// How many entries a member has; `None` if it is absent or null.
    pub(super) fn count(&self, name: Name) -> Option<usize> {
        let member = self.member(name).filter(|m| !m.value.value.is_null())?;
        Some(entries(&member.value).count())
    }

    fn check_action_presence(&self, report: &mut Report<'_>) {
        let (action, not_action) = (self.count(Name::Action), self.count(Name::NotAction));
        let any = action.unwrap_or(0) + not_action.unwrap_or(0) > 0;
        for (name, count) in [(Name::Action, action), (Name::NotAction, not_action)] {
            if let Some(member) = self.member(name).filter(|_| count == Some(0)) {
                let stage = if any { Stage::Advice } else { self.invalid };
                let path = Path::Name(self.path, &member.name);
                report.add(
                    &check::EMPTY_ACTION,
                    stage,
                    member.value.span,
                    &path,
                    format_args!("`{}` is an empty list", member.name),
                    format_args!("add an action, or delete the member"),
                );
            }
        }
        if action.is_none() && not_action.is_none() {
            self.missing(report, &check::MISSING_ACTION, "the statement has no Action", "add an `Action`");
        }
        self.check_combination(report, (Name::Action, Name::NotAction), self.invalid);
    }

    /// Two members that exclude each other.
    pub(super) fn check_combination(&self, report: &mut Report<'_>, names: (Name, Name), stage: Stage) {
        let given = |name| self.member(name).filter(|_| self.count(name).unwrap_or(0) > 0);
        let (Some(one), Some(two)) = (given(names.0), given(names.1)) else { return };
        let (first, second) = if one.name_span.start < two.name_span.start { (one, two) } else { (two, one) };
        let path = Path::Name(self.path, &second.name);
        report.add(
            &check::UNSUPPORTED_ELEMENT_COMBINATION,
            stage,
            second.name_span,
            &path,
            format_args!(
                "`{}` cannot stand beside `{}`, at {}",
                second.name,
                first.name,
                report.place(first.name_span)
            ),
            format_args!("split the statement in two, or delete one of them"),
        );
    }

    /// The entries of a member, looked up.
    fn actions(&self, name: Name) -> Actions<'t> {
        let Some(member) = self.member(name) else { return Actions::new() };
        entries(&member.value)
            .filter(|(_, node)| node.value.is_readable())
            .map(|(index, node)| {
                let text = as_text(&node.value);
                let is_string = matches!(node.value, Value::String(_));
                let entry = action::look_up(&text);
                ActionEntry { index, text, is_string, span: node.span, entry }
            })
            .collect()
    }

    /// Every entry must be text and cover something. MinIO asks that of the `Action` of identity
    /// policies only.
    fn check_actions(&self, report: &mut Report<'_>, name: Name, actions: &[ActionEntry<'_>]) {
        let Some(member) = self.member(name) else { return };
        let is_checked = name == Name::Action && !self.is_bucket_policy;
        let path = Path::Name(self.path, &member.name);
        for entry in actions {
            let path = entry_path(&path, entry.index);
            if entry.is_string && !entry.entry.is_known {
                let stage = if is_checked { self.invalid } else { Stage::Advice };
                if !report.is_settled(stage) {
                    action::report_unknown(report, stage, &entry.text, entry.span, &path);
                }
            }
            action::advise(report, &entry.text, entry.span, &path);
        }
        let stage = if is_checked { self.invalid } else { Stage::Create };
        for (index, node) in entries(&member.value) {
            if matches!(node.value, Value::String(_) | Value::Unreadable) {
                continue;
            }
            report.add(
                &check::DATA_TYPE_MISMATCH,
                stage,
                node.span,
                &entry_path(&path, index),
                format_args!("`{}` is a string or a list of strings, not {}", member.name, node.value.kind()),
                format_args!("write for example `\"s3:GetObject\"`"),
            );
        }
    }

    /// One statement is about actions of one namespace; an unknown action counts as S3. Whether the
    /// rules of no single namespace apply.
    fn is_mixed(&self, report: &mut Report<'_>, actions: &[ActionEntry<'_>]) -> bool {
        let name = if self.count(Name::Action).unwrap_or(0) > 0 { Name::Action } else { Name::NotAction };
        let is_guess = |action: &ActionEntry<'_>| name == Name::Action && !action.entry.is_known;
        let namespace = |action: &ActionEntry<'_>| match action.entry {
            Entry { is_known: false, .. } if name == Name::NotAction => Namespace::S3,
            entry => entry.namespace,
        };
        let Some(first) = actions.first() else { return false };
        let Some(other) = actions.iter().find(|a| namespace(a) != namespace(first)) else { return false };
        // An unknown entry of `Action` is reported already, and what it was meant to be is a guess.
        if actions.iter().any(is_guess) {
            return true;
        }
        let path = Path::Name(self.path, self.member(name).map_or("Action", |m| &m.name));
        let path = entry_path(&path, other.index);
        report.add(
            &check::MIXED_ACTION_TYPES,
            self.invalid,
            other.span,
            &path,
            format_args!(
                "{} and {}, at {}, are actions of different types",
                shown(&other.text),
                shown(&first.text),
                report.place(first.span)
            ),
            format_args!("split the statement: one for each type"),
        );
        true
    }

    /// Resources stand in the statement at most once, and name something.
    fn check_resource_texts(&self, report: &mut Report<'_>) {
        for (path_name, member) in self.resource_members() {
            let path = Path::Name(self.path, path_name);
            let mut texts = Texts::new();
            for (index, node) in entries(&member.value) {
                let Value::String(text) = &node.value else { continue };
                resource::advise(report, text, node.span, &entry_path(&path, index));
                texts.push((text, index, node.span));
            }
            for (at, first) in repeats(texts.len(), &|at| texts.get(at).map_or("", |(text, ..)| text)) {
                let (Some(&(text, index, span)), Some(&(_, _, first))) = (texts.get(at), texts.get(first))
                else {
                    continue;
                };
                report.add(
                    &check::DUPLICATE_RESOURCE,
                    Stage::Advice,
                    span,
                    &entry_path(&path, index),
                    format_args!("the resource {} is already given at {}", shown(text), report.place(first)),
                    format_args!("delete it"),
                );
            }
        }
    }

    /// `Resource` and `NotResource`, as written.
    pub(super) fn resource_members(&self) -> impl Iterator<Item = (&'t str, &'t Member<'t>)> {
        [Name::Resource, Name::NotResource]
            .into_iter()
            .filter_map(|name| self.member(name))
            .map(|member| (&*member.name, member))
    }

    /// The resources that can be read, with their places.
    pub(super) fn resources(&self, name: Name) -> Resources<'t> {
        let mut resources = Resources::new();
        let Some(member) = self.member(name) else { return resources };
        for (index, node) in entries(&member.value) {
            if let Value::String(text) = &node.value
                && let Some(resource) = Resource::parse(text).filter(Resource::is_readable)
            {
                resources.push((index, node, resource));
            }
        }
        resources
    }

    /// `both` is what giving both members stops; `required` what giving neither stops.
    fn check_resource_presence(&self, report: &mut Report<'_>, both: Stage, required: Option<Stage>) {
        let (resource, not_resource) = (self.count(Name::Resource), self.count(Name::NotResource));
        let any = resource.unwrap_or(0) + not_resource.unwrap_or(0) > 0;
        for (name, count) in [(Name::Resource, resource), (Name::NotResource, not_resource)] {
            if let Some(member) = self.member(name).filter(|_| count == Some(0)) {
                let stage = required.filter(|_| !any).unwrap_or(Stage::Advice);
                let path = Path::Name(self.path, &member.name);
                report.add(
                    &check::EMPTY_RESOURCE,
                    stage,
                    member.value.span,
                    &path,
                    format_args!("`{}` is an empty list", member.name),
                    format_args!("add a resource, or delete the member"),
                );
            }
        }
        if resource.is_none() && not_resource.is_none() && required.is_some() {
            let help = "add a `Resource`, for example `\"arn:aws:s3:::bucket/*\"`";
            self.missing(report, &check::MISSING_RESOURCE, "the statement has no Resource", help);
        }
        self.check_combination(report, (Name::Resource, Name::NotResource), both);
    }

    /// The rules of the namespace that the actions belong to. A `NotAction` counts as S3.
    fn check_namespace(&self, report: &mut Report<'_>, actions: &[ActionEntry<'_>]) {
        let namespace = actions.first().map_or(Namespace::S3, |a| a.entry.namespace);
        let invalid = self.invalid;
        let (both, required, wanted) = match namespace {
            Namespace::S3 | Namespace::Vectors => (invalid, Some(invalid), Some((Type::S3, invalid))),
            Namespace::Tables => (invalid, Some(invalid), Some((Type::Tables, invalid))),
            Namespace::Memory => (invalid, Some(invalid), Some((Type::Memory, invalid))),
            Namespace::Kms => (Stage::Advice, None, Some((Type::Kms, invalid))),
            Namespace::Sts => (Stage::Advice, None, None),
            Namespace::Admin => {
                let is_scoped = actions.iter().any(|a| a.entry.is_bucket_scoped);
                (Stage::Create, None, is_scoped.then_some((Type::S3, Stage::Create)))
            }
        };
        self.check_resource_presence(report, both, required);
        for name in [Name::Resource, Name::NotResource] {
            self.check_resource_types(report, name, wanted);
        }
        if namespace != Namespace::Kms {
            self.check_condition_keys(report, actions, &|action| {
                action.entry.is_known.then_some(action.entry.keys)
            });
        }
    }

    fn check_resource_types(&self, report: &mut Report<'_>, name: Name, wanted: Option<(Type, Stage)>) {
        let Some(member) = self.member(name) else { return };
        let path = Path::Name(self.path, &member.name);
        for (index, node, resource) in self.resources(name) {
            let path = entry_path(&path, index);
            let Value::String(text) = &node.value else { continue };
            if resource.is_bare() && resource.kind != Type::Memory {
                resource::report_bare(report, Stage::Create, text, node.span, &path);
            }
            let Some((kind, stage)) = wanted else { continue };
            let is_of_type = resource.kind == kind || resource.kind == Type::All;
            // A bare prefix of any type is taken, but not among memory resources.
            let is_taken = is_of_type || resource.is_bare() && kind != Type::Memory;
            if !is_taken {
                report.add(
                    &check::RESOURCE_SERVICE_MISMATCH,
                    stage,
                    node.span,
                    &path,
                    format_args!("the resource {} is {}", shown(text), resource.kind.words()),
                    format_args!("the actions of this statement need {} or `*`", kind.words()),
                );
            } else if !resource.is_valid() {
                report_invalid_resource(report, stage, text, resource, node.span, &path);
            }
        }
    }

    /// Every condition key must be one that every action takes.
    pub(super) fn check_condition_keys(
        &self,
        report: &mut Report<'_>,
        actions: &[ActionEntry<'_>],
        keys: &dyn Fn(&ActionEntry<'_>) -> Option<KeySet>,
    ) {
        if self.draft.conditions.is_empty() {
            return;
        }
        let taken: Vec<(&ActionEntry<'_>, KeySet)> =
            actions.iter().filter_map(|a| Some((a, keys(a)?))).collect();
        let by_all = taken.iter().fold(KeySet::MAX, |all, (_, keys)| all & keys);
        for condition in &self.draft.conditions {
            let name = condition.key.name.split('/').next().unwrap_or_default();
            let Some((bit, _)) = catalog::condition_key(name).filter(|(bit, _)| by_all & bit == 0) else {
                continue;
            };
            let outer = Path::Name(self.path, &condition.condition.name);
            let operator = Path::Name(&outer, &condition.operator.name);
            let path = Path::Name(&operator, &condition.key.name);
            let text = report.text();
            let words = || {
                let Some((action, keys)) = taken.iter().find(|(_, keys)| keys & bit == 0) else {
                    return say(String::new(), "");
                };
                let (action, place) = (shown(&action.text), Place::of(text, action.span));
                if *keys == 0 {
                    let message = format!("the action {action}, at {place}, takes no conditions");
                    return say(message, "write `admin:*` or the names of the actions");
                }
                let key = shown(&condition.key.name);
                let message = format!("the key {key} cannot be used with the action {action}, at {place}");
                say(message, "move the action into a statement without it")
            };
            let span = condition.key.name_span;
            report.add_with(&check::CONDITION_KEY_NOT_FOR_ACTION, self.invalid, span, &path, &words);
        }
    }
}

/// Reports a pattern that breaks the rules of its type.
pub(super) fn report_invalid_resource(
    report: &mut Report<'_>,
    stage: Stage,
    text: &str,
    resource: Resource<'_>,
    span: Span,
    path: &Path<'_>,
) {
    let help = match resource.kind {
        Type::All => "a resource that begins with `*` takes no `/`, `\\` or `.`; write `arn:aws:s3:::…`",
        Type::Kms => "the name of a key has no `/`, `\\` or `.`",
        _ => "a memory resource has no `:`, backslash, blank, `.` or `..` segment",
    };
    let message = format_args!("the resource {} is not valid", shown(text));
    report.add(&check::INVALID_ARN_RESOURCE, stage, span, path, message, format_args!("{help}"));
}
