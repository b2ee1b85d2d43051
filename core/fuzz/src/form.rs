//! Policies and a request as lines, so that what changes at random is a policy all the same:
//!
//! ```text
//! aws boundary                                        the dialect and what is special about the caller
//! s3:GetObject⇥b⇥a⇥arn:aws:s3:::b/a⇥111122223333      action, bucket, object, ARN, account
//! user arn:aws:iam::111122223333:user/u               the caller
//! aws:username=bob,eve⇥aws:SourceIp=!10.0.0.1         values, as `Known` reads them
//!
//! identity 2012-10-17                                 a policy: kind and version
//! Allow⇥Action s3:Get*⇥Resource *⇥StringLike aws:username b*
//!
//! bucket                                              another one
//! Deny⇥AWS 111122223333⇥Service s3⇥Action *⇥Resource *
//! ```
//!
//! A statement has its effect and then entries, in any order; `NotAWS` and the like belong to
//! `NotPrincipal`, and what is no element is a condition.

use super::context::Known;
use super::{json_string, read};
use s3iam::evaluate::{Action, Caller, Request};
use s3iam::policy::{Dialect, Document, Kind};
use std::collections::BTreeMap;

/// The most statements of all policies together.
const MOST_STATEMENTS: usize = 24;

/// What the lines say.
#[derive(Debug)]
pub struct Form<'a> {
    pub dialect: Dialect,
    pub policies: Vec<Written<'a>>,
    pub action: &'a str,
    pub bucket: &'a [u8],
    pub object: &'a [u8],
    pub resource: &'a str,
    pub account: &'a str,
    pub caller: Option<Caller<'a>>,
    pub context: Known<'a>,
    words: Vec<&'a str>,
}

/// A policy.
#[derive(Debug, Default)]
pub struct Written<'a> {
    pub kind: Kind,
    version: Option<&'a str>,
    statements: Vec<Vec<&'a str>>,
}

impl<'a> Form<'a> {
    /// Reads the lines; none of them has to be there. Only buckets, objects and values may be no UTF-8.
    pub fn parse(data: &'a [u8], dialect: Option<Dialect>) -> Option<Self> {
        let mut lines = data.split(|&b| b == b'\n');
        let words: Vec<&str> = text(lines.next())?.split(' ').collect();
        let is_aws = words.contains(&"aws");
        let dialect = dialect.unwrap_or(if is_aws { Dialect::Aws } else { Dialect::Minio });
        let mut asked = lines.next().unwrap_or_default().split(|&b| b == b'\t');
        let action = text(asked.next())?;
        let [bucket, object] = [(); 2].map(|()| asked.next().unwrap_or_default());
        let (resource, account) = (text(asked.next())?, text(asked.next())?);
        let caller = caller(text(lines.next())?);
        let mut context = Known::of(dialect);
        for value in lines.next().unwrap_or_default().split(|&b| b == b'\t') {
            let Some(at) = value.iter().position(|&b| b == b'=') else { continue };
            context.add(text(value.get(..at))?, &value[at + 1..]);
        }
        let mut form = Self {
            dialect,
            policies: Vec::new(),
            action,
            bucket,
            object,
            resource,
            account,
            caller,
            context,
            words,
        };
        form.read_policies(lines)?;
        Some(form)
    }

    fn read_policies(&mut self, lines: impl Iterator<Item = &'a [u8]>) -> Option<()> {
        let (mut begins, mut statements) = (true, 0);
        for line in lines {
            let line = text(Some(line))?;
            if line.is_empty() {
                begins = true;
            } else if begins {
                begins = false;
                let (kind, version) = line.split_once(' ').map_or((line, None), |(k, v)| (k, Some(v)));
                self.policies.push(Written { kind: kind_of(kind), version, statements: Vec::new() });
            } else if let Some(policy) = self.policies.last_mut().filter(|_| statements < MOST_STATEMENTS) {
                statements += 1;
                policy.statements.push(line.split('\t').collect());
            }
        }
        Some(())
    }

    /// Whether the first line has a word.
    pub fn says(&self, word: &str) -> bool {
        self.words.contains(&word)
    }

    /// The request.
    pub fn request(&self) -> Request<'_> {
        Request {
            resource: self.resource.as_bytes(),
            caller: self.caller.as_ref(),
            has_boundary: self.says("boundary"),
            account: self.account,
            is_owner: self.says("owner"),
            deny_only: self.says("deny-only"),
            ..Request::new(Action::named(self.action), self.bucket, self.object, &self.context)
        }
    }

    /// The documents of the policies.
    pub fn documents(&self) -> Vec<Document> {
        let read = |policy: &Written<'_>| read(policy.text().as_bytes(), self.dialect, policy.kind);
        self.policies.iter().map(read).collect()
    }
}

impl<'a> Written<'a> {
    /// The policy as JSON.
    pub fn text(&self) -> String {
        let version = self.version.map(|version| format!("\"Version\":{},", json_string(version)));
        let statements: Vec<String> = self.statements.iter().map(|entries| statement(entries)).collect();
        format!("{{{}\"Statement\":[{}]}}", version.unwrap_or_default(), statements.join(","))
    }

    /// Names of AWS principals.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.statements.iter().flatten().filter_map(|entry| entry.strip_prefix("AWS "))
    }
}

fn text(line: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(line.unwrap_or_default()).ok()
}

fn kind_of(name: &str) -> Kind {
    let named = |kind: &&Kind| format!("{kind:?}").eq_ignore_ascii_case(name);
    Kind::ALL.iter().find(named).copied().unwrap_or_default()
}

fn caller(line: &str) -> Option<Caller<'_>> {
    let mut words = line.splitn(3, ' ');
    let kind = words.next()?;
    let name = words.next().unwrap_or_default();
    let behind = words.next();
    Some(match kind {
        "anonymous" => Caller::Anonymous,
        "root" => Caller::Root { arn: name },
        "user" => Caller::User { arn: name },
        "role" => Caller::RoleSession { arn: name, role: behind.unwrap_or_default() },
        "federated-user" => Caller::FederatedUser { arn: name, user: behind },
        "service" => Caller::Service { name },
        "provider" => Caller::Federated { provider: name },
        _ => return None,
    })
}

/// A statement as JSON: an element's entries are a list, those of one operator and key as well.
fn statement(entries: &[&str]) -> String {
    let mut lists: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut principals: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    let mut conditions: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    let mut members = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let (name, value) = entry.split_once(' ').unwrap_or((entry, ""));
        match name {
            _ if at == 0 => members.push(format!("\"Effect\":{}", json_string(entry))),
            "Sid" => members.push(format!("\"Sid\":{}", json_string(value))),
            "Everyone" => members.push("\"Principal\":\"*\"".to_owned()),
            "NotEveryone" => members.push("\"NotPrincipal\":\"*\"".to_owned()),
            "Action" | "NotAction" | "Resource" | "NotResource" => push(lists.entry(name), value),
            "AWS" | "Service" | "Federated" | "CanonicalUser" => {
                push(principals.entry("Principal").or_default().entry(name), value);
            }
            "NotAWS" | "NotService" | "NotFederated" | "NotCanonicalUser" => {
                push(principals.entry("NotPrincipal").or_default().entry(&name[3..]), value);
            }
            operator => {
                let (key, value) = value.split_once(' ').unwrap_or((value, ""));
                push(conditions.entry(operator).or_default().entry(key), value);
            }
        }
    }
    let named = |name: &str, value: String| format!("{}:{value}", json_string(name));
    let object = |members: Vec<String>| format!("{{{}}}", members.join(","));
    let list = |values: &[String]| format!("[{}]", values.join(","));
    let map = |lists: &BTreeMap<&str, Vec<String>>| {
        object(lists.iter().map(|(name, values)| named(name, list(values))).collect())
    };
    members.extend(lists.iter().map(|(name, values)| named(name, list(values))));
    members.extend(principals.iter().map(|(name, types)| named(name, map(types))));
    if !conditions.is_empty() {
        let operators = conditions.iter().map(|(operator, keys)| named(operator, map(keys)));
        members.push(named("Condition", object(operators.collect())));
    }
    object(members)
}

/// Adds a value; after `#` it is written as it is if it is a number, a boolean or null.
fn push(entry: std::collections::btree_map::Entry<'_, &str, Vec<String>>, value: &str) {
    let plain = value.strip_prefix('#').filter(|plain| {
        matches!(*plain, "true" | "false" | "null")
            || plain.parse::<i64>().is_ok_and(|n| n.to_string() == *plain)
    });
    entry.or_default().push(plain.map_or_else(|| json_string(value), str::to_owned));
}
