//! From a directory document to a snapshot.

use super::policies::{Access, MAX_APPLIED, Policies};
use super::record::{Problems, Record, text};
use super::rules::{access_key_fault, generation, is_well_known, name_fault, secret_fault};
use super::{AccessKey, Directory, MAX_DIRECTORY_BYTES, MAX_GROUPS, MAX_POLICIES, MAX_USERS, Problem, User};
use crate::json::{self, Member, Node, Path, Value};
use crate::numbers::Numbers;
use crate::signature::{CredentialState, SecretKey};
use crate::{Error, ErrorCode, Timestamp};
use std::sync::Arc;
use zeroize::Zeroize;

const DEPTH: usize = 64;
/// The number of no key: no list is so long.
const NOBODY: u32 = u32::MAX;

/// Reads a directory document.
pub(super) fn load(document: &[u8]) -> Result<(Directory, Vec<Problem>), Error> {
    if std::str::from_utf8(document).is_err() {
        return Err(unreadable("the directory is not UTF-8"));
    }
    let mut reading = json::read(document, MAX_DIRECTORY_BYTES, DEPTH);
    let loaded = check_syntax(document, &reading).and_then(|()| {
        let root = reading.root.as_ref().ok_or_else(|| unreadable("the directory is empty"))?;
        Loader::load(document, root)
    });
    if let Some(root) = &mut reading.root {
        wipe(root);
    }
    loaded
}

/// Refuses a text that is not one JSON value. The message shows the place and nothing of the text,
/// which holds secrets.
fn check_syntax(document: &[u8], reading: &json::Reading<'_>) -> Result<(), Error> {
    let fault = reading.problems.iter().find(|p| p.kind != json::ProblemKind::RepeatedName);
    if let Some(fault) = fault {
        let (line, column) = json::line_and_column(document, fault.span.start);
        let message = match fault.kind {
            json::ProblemKind::TooLarge => "the directory is larger than 256 MiB".to_owned(),
            _ => format!("the directory is not valid JSON at line {line}, column {column}"),
        };
        return Err(Error::with_message(ErrorCode::DirectoryUnreadable, message));
    }
    // A full list may have left out something graver than a repeated name.
    if reading.problems.len() >= json::MOST_PROBLEMS {
        return Err(unreadable("the directory repeats too many names"));
    }
    Ok(())
}

/// Wipes the strings that had to be decoded into memory of their own.
fn wipe(node: &mut Node<'_>) {
    match &mut node.value {
        Value::String(std::borrow::Cow::Owned(text)) => text.zeroize(),
        Value::List(entries) => entries.iter_mut().for_each(wipe),
        Value::Object(object) => object.members.iter_mut().for_each(|member| wipe(&mut member.value)),
        _ => {}
    }
}

fn unreadable(message: &'static str) -> Error {
    Error::with_message(ErrorCode::DirectoryUnreadable, message)
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::with_message(ErrorCode::DirectoryInvalid, message)
}

/// A user while the directory is read.
#[derive(Debug)]
struct Draft {
    user: User,
    enabled: bool,
    /// Something that it depends on cannot be read.
    broken: bool,
    in_disabled_group: bool,
    attached: Vec<u32>,
    groups: Vec<Arc<str>>,
}

impl Draft {
    /// A draft; `attached` is `None` if the user's own policies cannot be said.
    fn new(name: Arc<str>, is_owner: bool, enabled: bool, attached: Option<Vec<u32>>) -> Self {
        Self {
            user: User { name, groups: Box::default(), access: Access::Nothing, is_owner },
            enabled,
            broken: attached.is_none(),
            in_disabled_group: false,
            attached: attached.unwrap_or_default(),
            groups: Vec::new(),
        }
    }

    /// Makes the user a member; `attached` is `None` if the group's policies cannot be said.
    fn join(&mut self, group: &Arc<str>, enabled: bool, attached: Option<&[u32]>) {
        self.broken |= attached.is_none();
        self.in_disabled_group |= !enabled;
        if self.groups.last() != Some(group) {
            self.groups.push(group.clone());
        }
        self.attached.extend(attached.unwrap_or_default());
        // Many groups may bring the same policies again and again.
        if self.attached.len() > 4 * MAX_APPLIED {
            self.attached.sort_unstable();
            self.attached.dedup();
            self.broken |= self.attached.len() > MAX_APPLIED;
            self.attached.truncate(MAX_APPLIED);
        }
    }
}

#[derive(Debug)]
struct Loader {
    problems: Problems,
    policies: Policies,
    drafts: Vec<Draft>,
    users_by_name: Numbers,
    keys: Vec<AccessKey>,
    /// [`NOBODY`] for an access key that is given more than once.
    index: Numbers,
    root_key: Option<Arc<str>>,
}

impl Loader {
    fn load(document: &[u8], root: &Node<'_>) -> Result<(Directory, Vec<Problem>), Error> {
        let record = Record::of(root).map_err(|why| invalid(format!("the directory {why}")))?;
        if !matches!(record.get("version").map(|node| &node.value), Some(Value::Number("1"))) {
            return Err(invalid("the directory has no `version`, or another than 1"));
        }
        only_known(record, &["version", "root", "policies", "users", "groups"])
            .map_err(|why| invalid(format!("the directory {why}")))?;
        let mut problems = Problems::default();
        let policies = entries(record, "policies", MAX_POLICIES)?;
        let policies =
            Policies::read(document, policies, &Path::Name(&Path::Root, "policies"), &mut problems);
        let mut loader = Self {
            problems,
            policies,
            drafts: Vec::new(),
            users_by_name: Numbers::new(),
            keys: Vec::new(),
            index: Numbers::new(),
            root_key: None,
        };
        if let Some(root) = record.get("root") {
            loader.root(root);
        }
        loader.users(entries(record, "users", MAX_USERS)?);
        loader.groups(entries(record, "groups", MAX_GROUPS)?)?;
        Ok(loader.finish())
    }

    fn root(&mut self, node: &Node<'_>) {
        let path = Path::Name(&Path::Root, "root");
        if let Err(why) = self.try_root(node, &path) {
            self.problems.report(&path, format!("{why}; there is no owner"));
        }
    }

    fn try_root(&mut self, node: &Node<'_>, path: &Path<'_>) -> Result<(), String> {
        let record = Record::of(node)?;
        only_known(record, &["access_key", "secret_key", "allow_insecure_defaults"])?;
        let name = record.text("access_key").ok_or("has no `access_key`")?;
        check(name, "the access key", access_key_fault)?;
        let secret = record.text("secret_key").ok_or("has no `secret_key`")?;
        check(secret, "the secret key", secret_fault)?;
        let allowed =
            record.get("allow_insecure_defaults").is_some_and(|n| matches!(n.value, Value::Boolean(true)));
        if is_well_known(name, secret) && !allowed {
            return Err("the secret key is a well-known one (`allow_insecure_defaults` takes it)".to_owned());
        }
        let name: Arc<str> = name.into();
        self.root_key = Some(name.clone());
        let key = NewKey { secret, state: CredentialState::Enabled, expires: None, is_derived: false };
        self.add_key(name.clone(), key, self.drafts.len(), path);
        self.drafts.push(Draft::new(name, true, true, Some(Vec::new())));
        Ok(())
    }

    fn users(&mut self, members: &[Member<'_>]) {
        let path = Path::Name(&Path::Root, "users");
        let repeated = repeated(members);
        self.drafts.reserve(members.len());
        self.keys.reserve(members.len());
        for (member, repeated) in members.iter().zip(repeated) {
            let path = Path::Name(&path, &member.name);
            let outcome = match repeated {
                true => Err("is given more than once".to_owned()),
                false => self.user(&member.name, &member.value, &path),
            };
            if let Err(why) = outcome {
                self.problems.report(&path, format!("{why}; the user is not loaded"));
            }
        }
    }

    fn user(&mut self, name: &str, node: &Node<'_>, path: &Path<'_>) -> Result<(), String> {
        check(name, "the name", access_key_fault)?;
        if self.root_key.as_deref() == Some(name) {
            return Err("has the access key of the root".to_owned());
        }
        let record = Record::of(node)?;
        only_known(record, &["secret_key", "status", "policies", "access_keys"])?;
        let secret = record.text("secret_key").ok_or("has no `secret_key`")?;
        check(secret, "the secret key", secret_fault)?;
        let enabled = self.status(record, path);
        let attached = self.attached(record, path);
        let name: Arc<str> = name.into();
        let number = self.drafts.len();
        self.users_by_name.insert(name.clone(), number as u32);
        self.drafts.push(Draft::new(name.clone(), false, enabled, attached));
        let key = NewKey { secret, state: state(enabled), expires: None, is_derived: false };
        self.add_key(name, key, number, path);
        self.access_keys(record, number, path);
        Ok(())
    }

    fn access_keys(&mut self, record: Record<'_, '_>, user: usize, path: &Path<'_>) {
        let path = Path::Name(path, "access_keys");
        let keys = match record.get("access_keys").map(|node| &node.value) {
            None => return,
            Some(Value::List(keys)) => keys,
            Some(other) => {
                let message = format!("is {}, not a list; none of the keys is loaded", other.kind());
                return self.problems.report(&path, message);
            }
        };
        for (at, node) in keys.iter().enumerate() {
            let path = Path::Index(&path, at);
            if let Err(why) = self.access_key(node, user, &path) {
                self.problems.report(&path, format!("{why}; the access key is not loaded"));
            }
        }
    }

    fn access_key(&mut self, node: &Node<'_>, user: usize, path: &Path<'_>) -> Result<(), String> {
        const KNOWN: &[&str] = &["access_key", "secret_key", "status", "expires", "name", "description"];
        let record = Record::of(node)?;
        only_known(record, KNOWN)?;
        let access_key = record.text("access_key").ok_or("has no `access_key`")?;
        check(access_key, "the access key", access_key_fault)?;
        if self.root_key.as_deref() == Some(access_key) {
            return Err("is the access key of the root".to_owned());
        }
        let secret = record.text("secret_key").ok_or("has no `secret_key`")?;
        check(secret, "the secret key", secret_fault)?;
        let expires = match record.get("expires") {
            None => None,
            Some(node) => {
                let time = text(node).and_then(|text| Timestamp::parse_rfc3339(text.as_bytes()));
                Some(time.ok_or("`expires` is no time in the form 2030-01-31T00:00:00Z")?)
            }
        };
        let state = state(self.status(record, path));
        self.add_key(access_key.into(), NewKey { secret, state, expires, is_derived: true }, user, path);
        Ok(())
    }

    fn add_key(&mut self, access_key: Arc<str>, key: NewKey<'_>, user: usize, path: &Path<'_>) {
        let number = self.keys.len() as u32;
        match self.index.get_mut(&access_key) {
            Some(taken) => {
                *taken = NOBODY;
                let message =
                    format!("the access key `{access_key}` is given more than once; it cannot be used");
                self.problems.report(path, message);
            }
            None => {
                let secret = SecretKey::new(key.secret.as_bytes());
                self.index.insert(access_key.clone(), number);
                self.keys.push(AccessKey {
                    access_key,
                    generation: generation(&secret),
                    secret,
                    state: key.state,
                    expires: key.expires,
                    user: user as u32,
                    is_derived: key.is_derived,
                });
            }
        }
    }

    fn groups(&mut self, members: &[Member<'_>]) -> Result<(), Error> {
        let path = Path::Name(&Path::Root, "groups");
        for (member, repeated) in members.iter().zip(repeated(members)) {
            let path = Path::Name(&path, &member.name);
            // Nobody can say whom a group concerns whose members cannot be read.
            self.group(&member.name, &member.value, repeated, &path)
                .map_err(|why| invalid(format!("{} {why}, so its members are unknown", path.pointer())))?;
        }
        Ok(())
    }

    fn group(&mut self, name: &str, node: &Node<'_>, repeated: bool, path: &Path<'_>) -> Result<(), String> {
        let record = Record::of(node)?;
        let known = only_known(record, &["status", "members", "policies"]);
        let members: &[Node<'_>] = match record.get("members").map(|node| &node.value) {
            None => {
                known.clone()?;
                &[]
            }
            Some(Value::List(members)) => members,
            Some(other) => return Err(format!("has {} for `members`", other.kind())),
        };
        let enabled = self.status(record, path);
        let attached = self.attached(record, path);
        let fault = name_fault(name).map(|fault| format!("the name of the group {fault}"));
        let fault = fault.or_else(|| repeated.then(|| "is given more than once".to_owned())).or(known.err());
        if let Some(fault) = &fault {
            self.problems.report(path, format!("{fault}; its members are denied everything"));
        }
        let name: Arc<str> = name.into();
        let members_path = Path::Name(path, "members");
        for (at, node) in members.iter().enumerate() {
            let draft = text(node).and_then(|member| self.users_by_name.get(member).copied());
            let Some(draft) = draft.and_then(|number| self.drafts.get_mut(number as usize)) else {
                self.problems.report(&Path::Index(&members_path, at), "is not the name of a loaded user");
                continue;
            };
            let attached = if fault.is_some() { None } else { attached.as_deref() };
            draft.join(&name, enabled, attached);
        }
        Ok(())
    }

    /// Whether a record is enabled. A status that says neither is taken for disabled.
    fn status(&mut self, record: Record<'_, '_>, path: &Path<'_>) -> bool {
        match record.get("status").map(text) {
            None | Some(Some("enabled" | "on")) => true,
            Some(Some("disabled" | "off")) => false,
            Some(_) => {
                let message = "is neither `enabled` nor `disabled`; it counts as disabled";
                self.problems.report(&Path::Name(path, "status"), message);
                false
            }
        }
    }

    /// The policies attached to a user or group; `None` if that cannot be said. Unknown names are
    /// reported and give nothing.
    fn attached(&mut self, record: Record<'_, '_>, path: &Path<'_>) -> Option<Vec<u32>> {
        let path = Path::Name(path, "policies");
        let Some(node) = record.get("policies") else { return Some(Vec::new()) };
        let names = match &node.value {
            Value::List(entries) => entries.iter().map(text).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        let Some(names) = names else {
            let message = "is not a list of policy names; whoever depends on it is denied everything";
            self.problems.report(&path, message);
            return None;
        };
        if names.len() > MAX_APPLIED {
            let message =
                format!("has more than {MAX_APPLIED} entries; whoever depends on it is denied everything");
            self.problems.report(&path, message);
            return None;
        }
        let mut attached = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            match self.policies.find(name) {
                Some(number) => attached.push(number),
                None => self.problems.report(&Path::Index(&path, at), format!("there is no policy `{name}`")),
            }
        }
        Some(attached)
    }

    fn finish(mut self) -> (Directory, Vec<Problem>) {
        let users_path = Path::Name(&Path::Root, "users");
        let mut users = Vec::with_capacity(self.drafts.len());
        for mut draft in self.drafts {
            let path = Path::Name(&users_path, &draft.user.name);
            // One disabled group takes everything away, also what the user has by itself.
            draft.user.access = match () {
                () if draft.broken => Access::Broken,
                () if !draft.enabled || draft.in_disabled_group => Access::Nothing,
                () => self.policies.access(draft.attached, &path, &mut self.problems),
            };
            draft.user.groups = draft.groups.into();
            users.push(draft.user);
        }
        (
            Directory { keys: self.keys, index: self.index, users, ..Directory::default() },
            self.problems.into_list(),
        )
    }
}

/// A key to be added.
#[derive(Debug)]
struct NewKey<'n> {
    secret: &'n str,
    state: CredentialState,
    expires: Option<Timestamp>,
    is_derived: bool,
}

fn state(enabled: bool) -> CredentialState {
    if enabled { CredentialState::Enabled } else { CredentialState::Disabled }
}

fn check(value: &str, what: &str, fault: impl Fn(&str) -> Option<&'static str>) -> Result<(), String> {
    fault(value).map_or(Ok(()), |fault| Err(format!("{what} {fault}")))
}

/// The members of a part of the document, which is an object if it is there.
fn entries<'n, 't>(record: Record<'n, 't>, name: &str, most: usize) -> Result<&'n [Member<'t>], Error> {
    match record.get(name).map(|node| &node.value) {
        None => Ok(&[]),
        Some(Value::Object(object)) if object.members.len() <= most => Ok(&object.members),
        Some(Value::Object(_)) => Err(invalid(format!("`{name}` has more than {most} entries"))),
        Some(other) => Err(invalid(format!("`{name}` is {}, not an object", other.kind()))),
    }
}

/// Of each member whether its name stands more than once.
fn repeated(members: &[Member<'_>]) -> Vec<bool> {
    let mut repeated = vec![false; members.len()];
    let name = |at: usize| members.get(at).map_or("", |member| &*member.name);
    for (at, first) in json::repeats(members.len(), &name) {
        for place in [at, first] {
            if let Some(repeated) = repeated.get_mut(place) {
                *repeated = true;
            }
        }
    }
    repeated
}

/// A member that is not known may be a misspelt one, such as a `status` that was to disable: the
/// record is then not what was meant, so it is not used.
fn only_known(record: Record<'_, '_>, known: &'static [&'static str]) -> Result<(), String> {
    match record.unknown(known).next() {
        None => Ok(()),
        Some(name) => Err(format!("has `{name}`, which is none of {}", known.join(", "))),
    }
}
