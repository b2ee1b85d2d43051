//! The plain interpreter: policies evaluated straight from their documents, statement by statement,
//! word for word as `policy-language` sections 3 to 6 put it. Slow and obvious; property tests hold
//! the compiled program equal to it. The AWS dialect has its own, [`super::reference_aws`].

use super::{Context, ContextKey, Decision, Outcome, Reason, Request, StatementRef, Truth, Value, Values};
use crate::catalog::{self, Level, Namespace};
use crate::condition::operator::{Base, Family, Operator, Qualifier};
use crate::condition::value;
use crate::policy::{ConditionEntry, Document, Element, Kind, ScalarKind, Statement};
use crate::validate::Status;

/// What policies answer together: any Deny wins, else any Allow.
pub fn decide(documents: &[&Document], request: &Request<'_>) -> Decision {
    #[cfg(feature = "aws")]
    if documents.first().is_some_and(|document| document.dialect.is_aws()) {
        return super::reference_aws::decide(documents, request);
    }
    if documents.iter().any(|document| document.status() == Status::Unreadable) {
        return Decision { outcome: Outcome::ExplicitDeny, reason: Reason::PolicyBroken, statement: None };
    }
    let deny = first(documents, request, true);
    if let Some((statement, truth)) = deny {
        let reason = if truth == Truth::True { Reason::Statement } else { Reason::FactsMissing };
        return Decision { outcome: Outcome::ExplicitDeny, reason, statement: Some(statement) };
    }
    let allow = |reason, statement| Decision { outcome: Outcome::Allow, reason, statement };
    let of_bucket = documents.iter().any(|document| document.kind == Kind::Bucket);
    if request.deny_only && !of_bucket {
        return allow(Reason::DenyOnly, None);
    }
    if request.is_owner {
        return allow(Reason::Owner, None);
    }
    match first(documents, request, false) {
        Some((statement, Truth::True)) => allow(Reason::Statement, Some(statement)),
        _ => Decision { outcome: Outcome::ImplicitDeny, reason: Reason::NoStatement, statement: None },
    }
}

/// The first statement of one effect that applies, else the first that may apply.
fn first(documents: &[&Document], request: &Request<'_>, deny: bool) -> Option<(StatementRef, Truth)> {
    let mut possible = None;
    for (policy, document) in documents.iter().enumerate() {
        for (index, statement) in document.statements.iter().enumerate() {
            let is_deny = statement.effect.as_ref().map(|e| e.text.as_str()) != Some("Allow");
            if is_deny != deny {
                continue;
            }
            let reference = StatementRef { policy: policy as u32, statement: index as u32 };
            let of_bucket = document.kind == Kind::Bucket;
            match applies(statement, is_deny, of_bucket, request) {
                Truth::True => return Some((reference, Truth::True)),
                Truth::Unknown => possible = possible.or(Some((reference, Truth::Unknown))),
                Truth::False => {}
            }
        }
    }
    possible
}

fn applies(statement: &Statement, is_deny: bool, of_bucket: bool, request: &Request<'_>) -> Truth {
    if of_bucket && !names_account(statement, is_deny, request.account) {
        return Truth::False;
    }
    let actions = entries(statement.action.as_ref());
    let not_actions = entries(statement.not_action.as_ref());
    let name = request.action.name();
    let is_named = actions.is_empty() || actions.iter().any(|entry| covers(entry, name));
    if !is_named || not_actions.iter().any(|entry| covers(entry, name)) {
        return Truth::False;
    }
    let resource = match of_bucket {
        false => resource_matches(statement, &actions, is_deny, request),
        true => bucket_resource_matches(statement, is_deny, request),
    };
    resource.and(|| conditions_hold(statement, request.context))
}

/// Whether a statement of a bucket policy is about an account.
fn names_account(statement: &Statement, is_deny: bool, account: &str) -> bool {
    let Some(principal) = &statement.principal else { return is_deny };
    let covers =
        |name: &str| name == "*" || !account.is_empty() && wildcard(name.as_bytes(), account.as_bytes());
    let names_nobody = !principal.everyone && principal.aws.is_empty();
    let named = principal.everyone || principal.aws.iter().any(|name| covers(&name.text));
    (named || names_nobody && is_deny) && (is_deny || statement.not_principal.is_none())
}

/// A bucket policy compares with `bucket` or `bucket/object` and knows no kinds of statements.
fn bucket_resource_matches(statement: &Statement, is_deny: bool, request: &Request<'_>) -> Truth {
    let resources = entries(statement.resource.as_ref());
    let not_resources = entries(statement.not_resource.as_ref());
    if !is_deny && resources.is_empty() && not_resources.is_empty() {
        return Truth::False;
    }
    let separator = if matches!(request.object.first(), None | Some(b'/')) { &b""[..] } else { b"/" };
    let raw = [request.bucket, separator, request.object].concat();
    let cleaned = clean(&raw);
    let matches = |resource: &&str| {
        let sees_clean = cleaned != b"." && resource.starts_with("arn:minio:memory:::");
        one_matches(resource, if sees_clean { &cleaned } else { &raw }, &cleaned, request.context)
    };
    let named = if resources.is_empty() { Truth::True } else { any_of(resources.iter().map(matches)) };
    named.and(|| !(any_of(not_resources.iter().map(matches))))
}

fn entries(element: Option<&Element>) -> Vec<&str> {
    element.map(|e| e.values.iter().map(|v| v.text.as_str()).collect()).unwrap_or_default()
}

/// By name, by pattern, or because the name implies it.
fn covers(entry: &str, action: &str) -> bool {
    let implied = catalog::find_action(entry)
        .is_some_and(|id| catalog::implied(id).any(|implied| catalog::action(implied).name == action));
    implied || wildcard(entry.as_bytes(), action.as_bytes())
}

/// The definition of a wildcard match, by a table over prefixes.
fn wildcard(pattern: &[u8], text: &[u8]) -> bool {
    let mut reachable = vec![false; text.len() + 1];
    if let Some(start) = reachable.first_mut() {
        *start = true;
    }
    for &p in pattern {
        let mut next = vec![false; text.len() + 1];
        let mut run = false;
        for (at, slot) in next.iter_mut().enumerate() {
            let before = at.checked_sub(1);
            let consumes = |wanted: &dyn Fn(u8) -> bool| {
                before.is_some_and(|b| {
                    reachable.get(b).copied().unwrap_or(false) && text.get(b).copied().is_some_and(wanted)
                })
            };
            *slot = match p {
                b'*' => {
                    run |= reachable.get(at).copied().unwrap_or(false);
                    run
                }
                b'?' => consumes(&|_| true),
                literal => consumes(&|b| b == literal),
            };
        }
        reachable = next;
    }
    reachable.last().copied().unwrap_or(false)
}

fn resource_matches(statement: &Statement, actions: &[&str], is_deny: bool, request: &Request<'_>) -> Truth {
    let resources = entries(statement.resource.as_ref());
    let not_resources = entries(statement.not_resource.as_ref());
    let all = |is: fn(&str) -> bool| !actions.is_empty() && actions.iter().all(|a| is(a));
    let any = |is: fn(&str) -> bool| actions.iter().any(|a| is(a));
    let (admin, sts, kms) = (all(is_admin), all(is_sts), all(is_kms));
    let mixed_deny = is_deny && !admin && !sts && any(|a| is_admin(a) || is_sts(a));
    if admin && !any(is_bucket_scoped) || sts || mixed_deny {
        return Truth::True;
    }
    let is_service = request.bucket.is_empty() && request.object.is_empty();
    if kms && (is_service || resources.is_empty()) {
        return Truth::True;
    }
    let needs_resource = !is_deny && !admin && !kms;
    if needs_resource && resources.is_empty() && not_resources.is_empty() {
        return Truth::False;
    }
    let Some((raw, cleaned)) = texts(actions, request) else { return Truth::False };
    let is_table = !actions.is_empty() && actions.iter().all(|a| is_in(a, Namespace::Tables));
    let matches = |resource: &&str| {
        // Memory resources see the cleaned text only.
        let sees_clean = !is_table && cleaned != b"." && resource.starts_with("arn:minio:memory:::");
        one_matches(resource, if sees_clean { &cleaned } else { &raw }, &cleaned, request.context)
    };
    let named = if resources.is_empty() { Truth::True } else { any_of(resources.iter().map(matches)) };
    named.and(|| !(any_of(not_resources.iter().map(matches))))
}

fn is_in(entry: &str, namespace: Namespace) -> bool {
    catalog::find_action(entry).is_some_and(|id| catalog::action(id).namespace == namespace)
}

fn is_admin(entry: &str) -> bool {
    let literal = catalog::find_action(entry).map(|id| catalog::action(id).namespace);
    match literal {
        Some(namespace) => namespace == Namespace::Admin,
        None => catalog::all_actions().any(|(_, row)| {
            row.namespace == Namespace::Admin && wildcard(entry.as_bytes(), row.name.as_bytes())
        }),
    }
}

fn is_bucket_scoped(entry: &str) -> bool {
    catalog::all_actions().any(|(_, row)| {
        let scoped = row.namespace == Namespace::Admin && row.level == Level::Bucket;
        scoped && wildcard(entry.as_bytes(), row.name.as_bytes())
    })
}

fn is_sts(entry: &str) -> bool {
    is_in(entry, Namespace::Sts)
}

fn is_kms(entry: &str) -> bool {
    is_in(entry, Namespace::Kms)
}

/// The resource text and its cleaned form; `None` where a tables statement cannot mean the request.
fn texts(actions: &[&str], request: &Request<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    let all_in = |namespace| !actions.is_empty() && actions.iter().all(|a| is_in(a, namespace));
    let separator = if request.object.starts_with(b"/") { &b""[..] } else { b"/" };
    let mut raw = [request.bucket, separator, request.object].concat();
    if all_in(Namespace::Tables) && request.action.name().starts_with("s3:") {
        raw = table_text(request, raw)?;
    }
    let cleaned = clean(&raw);
    Some((raw, cleaned))
}

fn table_text(request: &Request<'_>, raw: Vec<u8>) -> Option<Vec<u8>> {
    if request.bucket.is_empty() || request.object.is_empty() {
        return None;
    }
    let segments: Vec<&[u8]> = request.object.split(|&b| b == b'/').collect();
    if let (b"bucket", [name, b"table" | b"view", rest @ ..]) = (request.bucket, segments.as_slice())
        && !name.is_empty()
        && rest.len() <= 1
    {
        return Some(raw);
    }
    let segment = segments.first().copied().unwrap_or_default();
    Some([b"bucket/", request.bucket, b"/table/", segment].concat())
}

fn clean(text: &[u8]) -> Vec<u8> {
    let rooted = text.starts_with(b"/");
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in text.split(|&b| b == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => match kept.last() {
                Some(&last) if last != b".." => drop(kept.pop()),
                _ if rooted => {}
                _ => kept.push(segment),
            },
            segment => kept.push(segment),
        }
    }
    let joined = kept.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

fn one_matches(resource: &str, raw: &[u8], cleaned: &[u8], context: &dyn Context) -> Truth {
    let pattern = substitute(pattern_of(resource).as_bytes(), context);
    let as_text: Vec<Mark> = pattern
        .iter()
        .map(|mark| if let Mark::Pattern(b) = mark { Mark::Literal(*b) } else { *mark })
        .collect();
    let holds = cleaned != b"." && marked_wildcard(&as_text, cleaned) || marked_wildcard(&pattern, raw);
    match holds {
        true if pattern.contains(&Mark::Unknown) => Truth::Unknown,
        holds => holds.into(),
    }
}

/// What follows the ARN prefix; of `*…` what follows the star, of `*` the star.
fn pattern_of(resource: &str) -> &str {
    match resource.strip_prefix("arn:") {
        Some(arn) => arn.splitn(5, ':').nth(4).unwrap_or_default(),
        None if resource.len() > 1 => resource.get(1..).unwrap_or_default(),
        None => resource,
    }
}

/// One place of a pattern after substitution.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    /// A byte of the policy, which may be a wildcard.
    Pattern(u8),
    /// A byte of a value: literal, whatever it is.
    Literal(u8),
    /// A value that is not known.
    Unknown,
}

/// Replaces the variables.
fn substitute(text: &[u8], context: &dyn Context) -> Vec<Mark> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((&b, after)) = rest.split_first() {
        let variable = rest.strip_prefix(b"${").and_then(|inner| {
            let end = inner.iter().position(|&b| b == b'}')?;
            let name = std::str::from_utf8(inner.get(..end)?).ok()?;
            let (_, row) = catalog::condition_key(name).filter(|(_, row)| row.variable)?;
            Some((row, inner.get(end + 1..)?))
        });
        let Some((row, tail)) = variable else {
            out.push(Mark::Pattern(b));
            rest = after;
            continue;
        };
        rest = tail;
        let values =
            context.variable(ContextKey { value: Some(row.value), suffix: None, name: row.value.name() });
        if matches!(values, Values::Unknown) {
            out.push(Mark::Unknown);
            continue;
        }
        let value = values.first().map(|v| v.with_text(<[u8]>::to_vec)).filter(|v| !v.is_empty());
        let value = value.unwrap_or_else(|| format!("${{{}}}", row.name).into_bytes());
        out.extend(value.into_iter().map(Mark::Literal));
    }
    out
}

/// [`wildcard`] for a pattern of which some bytes are literal whatever they are: they are compared
/// by writing each byte of both sides as two letters, one of `A` to `P` and one of `a` to `p`.
fn marked_wildcard(pattern: &[Mark], text: &[u8]) -> bool {
    let spread = |b: u8| [b'A' + (b >> 4), b'a' + (b & 15)];
    let mut wide = Vec::new();
    for mark in pattern {
        match *mark {
            Mark::Pattern(b'*') | Mark::Unknown => wide.push(b'*'),
            Mark::Pattern(b'?') => wide.extend(b"??"),
            Mark::Pattern(b) | Mark::Literal(b) => wide.extend(spread(b)),
        }
    }
    let text: Vec<u8> = text.iter().flat_map(|&b| spread(b)).collect();
    wildcard(&wide, &text)
}

fn conditions_hold(statement: &Statement, context: &dyn Context) -> Truth {
    statement
        .conditions
        .iter()
        .fold(Truth::True, |truth, entry| truth.and(|| condition_holds(entry, context)))
}

fn condition_holds(entry: &ConditionEntry, context: &dyn Context) -> Truth {
    let (base, suffix) = match entry.key.text.split_once('/') {
        Some((base, suffix)) => (base, Some(suffix)),
        None => (entry.key.text.as_str(), None),
    };
    let (Some(operator), Some((_, row))) =
        (Operator::parse(&entry.operator.text), catalog::condition_key(base))
    else {
        return Truth::Unknown;
    };
    let name = suffix.map_or(row.value.name().to_owned(), |s| format!("{}/{s}", row.value.name()));
    let values = match context.values(ContextKey { value: Some(row.value), suffix, name: &name }) {
        Values::Unknown => return Truth::Unknown,
        Values::Missing => Vec::new(),
        Values::One(value) => vec![text_of(value)],
        Values::Texts(texts) => texts.iter().map(|t| t.to_vec()).collect(),
    };
    let only = entry.values.first().map(|v| v.text.as_str()).unwrap_or_default();
    let first = values.first().and_then(|v| std::str::from_utf8(v).ok());
    match operator.base.family() {
        Family::String | Family::Binary => return strings_hold(operator, entry, &values, context),
        Family::Numeric if values.is_empty() => operator.if_exists,
        Family::Numeric => {
            let pair = first.and_then(value::integer).zip(value::integer(only));
            pair.is_some_and(|(request, policy)| ordered(operator.base, request.cmp(&policy)))
        }
        Family::Date => {
            let pair = first.and_then(value::date).zip(value::date(only));
            pair.is_some_and(|(request, policy)| ordered(operator.base, request.cmp(&policy)))
        }
        Family::Bool => first == Some(only),
        Family::Address => {
            let address = |v: &Vec<u8>| std::str::from_utf8(v).ok().and_then(value::address);
            let all_parse = values.iter().all(|v| address(v).is_some());
            let inside =
                |a| entry.values.iter().filter_map(|v| value::Network::parse(&v.text)).any(|n| n.contains(a));
            (all_parse && values.iter().filter_map(address).any(inside))
                != (operator.base == Base::NotIpAddress)
        }
        Family::Null => {
            let is_null = entry.values.first().is_some_and(|v| v.kind == ScalarKind::Null);
            values.is_empty() == (!is_null && value::boolean(only) == Some(true))
        }
        Family::Arn => return Truth::Unknown,
    }
    .into()
}

fn text_of(value: Value<'_>) -> Vec<u8> {
    value.with_text(<[u8]>::to_vec)
}

fn ordered(base: Base, order: std::cmp::Ordering) -> bool {
    match base {
        Base::NumericEquals | Base::DateEquals => order.is_eq(),
        Base::NumericNotEquals | Base::DateNotEquals => order.is_ne(),
        Base::NumericLessThan | Base::DateLessThan => order.is_lt(),
        Base::NumericLessThanEquals | Base::DateLessThanEquals => order.is_le(),
        Base::NumericGreaterThan | Base::DateGreaterThan => order.is_gt(),
        _ => order.is_ge(),
    }
}

fn strings_hold(
    operator: Operator,
    entry: &ConditionEntry,
    values: &[Vec<u8>],
    context: &dyn Context,
) -> Truth {
    let mut policy = Vec::new();
    for scalar in &entry.values {
        let text = match operator.base {
            Base::BinaryEquals => value::base64(&scalar.text).unwrap_or_default(),
            _ => scalar.text.as_bytes().to_vec(),
        };
        let substituted = substitute(&text, context);
        if substituted.contains(&Mark::Unknown) {
            return Truth::Unknown;
        }
        policy.push(substituted);
    }
    let lower = |text: &[u8]| {
        let text = String::from_utf8_lossy(text).into_owned();
        text.chars().filter_map(|c| c.to_lowercase().next()).collect::<String>()
    };
    let byte = |mark: &Mark| match *mark {
        Mark::Pattern(b) | Mark::Literal(b) => Some(b),
        Mark::Unknown => None,
    };
    let plain = |marks: &[Mark]| marks.iter().filter_map(byte).collect::<Vec<u8>>();
    let listed = |v: &Vec<u8>| {
        policy.iter().any(|p| match operator.base {
            Base::StringLike | Base::StringNotLike => marked_wildcard(p, v),
            Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase => lower(&plain(p)) == lower(v),
            _ => plain(p) == *v,
        })
    };
    let holds = match operator.qualifier {
        Some(Qualifier::ForAllValues) => values.iter().all(listed),
        _ => values.iter().any(listed),
    };
    (holds != operator.base.is_negated()).into()
}

fn any_of(mut truths: impl Iterator<Item = Truth>) -> Truth {
    truths
        .try_fold(Truth::False, |any, truth| match any.or(|| truth) {
            Truth::True => Err(Truth::True),
            any => Ok(any),
        })
        .unwrap_or_else(|holds| holds)
}
