//! A question as pieces of text, in which form it crosses from JavaScript.

#[cfg(feature = "aws")]
use super::Acl;
use super::{
    Access, Ask, Batch, Caller, Context, ContextMap, Decision, Dialect, Query, Target, allowed_actions,
    answer_json, batch_json, decide_many, explanation_json, names_json,
};
use crate::{Error, ErrorCode};

/// The bits of the flags, from the lowest: switches, how the target is given, what is given at all, and for
/// access that no more values are to come.
const OWNER: u32 = 1;
const DENY_ONLY: u32 = 2;
const OBJECT: u32 = 4;
const PRINCIPAL: u32 = 8;
const BEHIND: u32 = 16;
const RESOURCE_ACCOUNT: u32 = 32;
const COMPLETE: u32 = 64;
const ACL: u32 = 128;

/// Takes pieces of text that lie behind one another, by the length of each in bytes.
#[derive(Clone, Debug)]
pub struct Pieces<'a, L> {
    text: &'a [u8],
    lengths: L,
}

impl<'a, L: Iterator<Item = u32>> Pieces<'a, L> {
    /// The pieces of `text`, which may be longer than they are together.
    pub fn new(text: &'a [u8], lengths: impl IntoIterator<IntoIter = L>) -> Self {
        Self { text, lengths: lengths.into_iter() }
    }
}

impl<'a, L: Iterator<Item = u32>> Iterator for Pieces<'a, L> {
    type Item = Result<&'a str, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let length = self.lengths.next()? as usize;
        let Some((piece, rest)) = self.text.split_at_checked(length) else { return Some(Err(malformed())) };
        self.text = rest;
        Some(std::str::from_utf8(piece).map_err(|_| ErrorCode::InvalidUtf8.into()))
    }
}

/// Reads a question to whoever follows the rules of `dialect`, and has it asked: `ask` gets the question, and
/// its context once more. Nothing is allocated but room for more than eight condition values.
///
/// The pieces are action; resource or bucket; object; who asks; then name and value of each condition value.
/// Who asks is the account; kind and name of the principal, if there is one, and who is behind it, if somebody
/// is; the account of the resource and its access control lists, as [`Acl::parse`](super::Acl::parse) reads them, if
/// they are given.
///
/// # Errors
///
/// [`ErrorCode::InvalidArgument`] if the pieces are not these, and for a principal or lists that are none;
/// [`ErrorCode::InvalidUtf8`] for a piece that is no text; [`ErrorCode::Unsupported`] for a principal or lists in a
/// build without the AWS dialect.
#[inline]
pub fn ask_packed<'a, R>(
    mut pieces: impl Iterator<Item = Result<&'a str, Error>>,
    dialect: Dialect,
    flags: u32,
    ask: impl FnOnce(&Query<'_>, &ContextMap<'_>) -> R,
) -> Result<R, Error> {
    let (action, first, object) = (take(&mut pieces)?, take(&mut pieces)?, take(&mut pieces)?);
    let target = match flags & OBJECT {
        0 => Target::Resource(first),
        _ => Target::Object { bucket: first, object },
    };
    let query = read_asker(&mut pieces, flags, Query::new(action, target))?;
    let acl = read_acl(&mut pieces, flags)?;
    let mut context = ContextMap::of(dialect);
    while let Some(name) = pieces.next() {
        context.add(name?, take(&mut pieces)?.as_bytes());
    }
    Ok(ask(&with_acl(query, acl.as_ref()).with_context(&context), &context))
}

/// Puts a packed question to whoever answers it, and says the answer as JSON. The verb is
///
/// - `decide`: [`answer_json`](super::answer_json);
/// - `explain`: [`explanation_json`](super::explanation_json);
/// - `allowedActions`: [`names_json`](super::names_json); the action of the question is not looked at;
/// - `decideMany`: [`batch_json`](super::batch_json).
///
/// The pieces of the last are who asks, as in [`ask_packed`], and three lists: actions, targets and
/// contexts. A list is the number of its entries, in decimal digits, and the entries. A target is a list of one
/// piece, the resource, or of two, bucket and object. A context is a list of names, each with a value behind it.
///
/// # Errors
///
/// As [`ask_packed`] and the verb; [`ErrorCode::InvalidArgument`] for another verb.
pub fn answer_packed<'a>(
    asked: &dyn Ask,
    verb: &str,
    pieces: impl Iterator<Item = Result<&'a str, Error>>,
    flags: u32,
) -> Result<String, Error> {
    if verb == "decideMany" {
        return decide_packed_batch(asked, pieces, flags);
    }
    ask_packed(pieces, asked.dialect(), flags, |query, _| match verb {
        "decide" => Ok(answer_json(&asked.answer(query)?)),
        "explain" => Ok(explanation_json(&asked.explain(query)?)),
        "allowedActions" => Ok(names_json(&allowed_actions(asked, query)?)),
        _ => Err(malformed()),
    })?
}

/// What a packed question without target can reach; see [`Ask::access`].
///
/// # Errors
///
/// As [`ask_packed`] and [`Ask::access`].
pub fn access_packed<'a>(
    asked: &dyn Ask,
    pieces: impl Iterator<Item = Result<&'a str, Error>>,
    flags: u32,
) -> Result<Access, Error> {
    let is_complete = flags & COMPLETE != 0;
    ask_packed(pieces, asked.dialect(), flags, |query, known| asked.access(query, known, is_complete))?
}

/// A number that is the same for equal decisions of one policy or set, and different for different ones, so
/// that JavaScript fetches what a decision says only once.
pub fn fingerprint(decision: &Decision) -> f64 {
    let kind = decision.outcome as u32 | (decision.reason as u32) << 2;
    let (policy, statement) = decision.statement.map_or((0, 0), |s| (s.policy, s.statement + 1));
    // 2^6 kinds and 2^21 statements in each policy keep a number below 2^53 for 2^26 policies.
    f64::from(policy) * 134_217_728.0 + f64::from(statement) * 64.0 + f64::from(kind)
}

fn decide_packed_batch<'a>(
    asked: &dyn Ask,
    mut pieces: impl Iterator<Item = Result<&'a str, Error>>,
    flags: u32,
) -> Result<String, Error> {
    let query = read_asker(&mut pieces, flags, Query::new("", Target::Resource("")))?;
    let acl = read_acl(&mut pieces, flags)?;
    let actions = read_list(&mut pieces, take)?;
    let targets = read_list(&mut pieces, |pieces| match count(pieces)? {
        1 => Ok(Target::Resource(take(pieces)?)),
        2 => Ok(Target::Object { bucket: take(pieces)?, object: take(pieces)? }),
        _ => Err(malformed()),
    })?;
    let contexts = read_list(&mut pieces, |pieces| {
        let mut context = ContextMap::of(asked.dialect());
        for _ in 0..count(pieces)? {
            context.add(take(pieces)?, take(pieces)?.as_bytes());
        }
        Ok(context)
    })?;
    if pieces.next().is_some() {
        return Err(malformed());
    }
    let contexts: Vec<&dyn Context> = contexts.iter().map(|context| context as &dyn Context).collect();
    let query = with_acl(query, acl.as_ref());
    let batch = Batch { query, actions: &actions, targets: &targets, contexts: &contexts };
    Ok(batch_json(&decide_many(asked, &batch)?))
}

/// Reads who asks.
#[inline]
fn read_asker<'a>(
    pieces: &mut impl Iterator<Item = Result<&'a str, Error>>,
    flags: u32,
    query: Query<'a>,
) -> Result<Query<'a>, Error> {
    let has = |flag| flags & flag != 0;
    let account = take(pieces)?;
    let caller = if has(PRINCIPAL) { Some(read_caller(pieces, has(BEHIND))?) } else { None };
    let resource_account = if has(RESOURCE_ACCOUNT) { Some(take(pieces)?) } else { None };
    let (is_owner, deny_only) = (has(OWNER), has(DENY_ONLY));
    Ok(Query { account, caller, resource_account, is_owner, deny_only, ..query })
}

#[cfg(feature = "aws")]
fn read_caller<'a>(
    pieces: &mut impl Iterator<Item = Result<&'a str, Error>>,
    has_behind: bool,
) -> Result<Caller<'a>, Error> {
    let (kind, name) = (take(pieces)?, take(pieces)?);
    let behind = if has_behind { Some(take(pieces)?) } else { None };
    Caller::named(kind, name, behind).ok_or_else(|| {
        let message = format!("there is no principal of the kind `{kind}` with these names");
        Error::with_message(ErrorCode::InvalidArgument, message)
    })
}

/// Principals are of the AWS dialect; a build without it is spared their names.
#[cfg(not(feature = "aws"))]
fn read_caller<'a, P>(_: &mut P, _: bool) -> Result<Caller<'a>, Error> {
    Err(ErrorCode::Unsupported.into())
}

/// Reads the access control lists.
#[inline]
fn read_acl<'a>(
    pieces: &mut impl Iterator<Item = Result<&'a str, Error>>,
    flags: u32,
) -> Result<Option<Acl>, Error> {
    if flags & ACL == 0 {
        return Ok(None);
    }
    #[cfg(feature = "aws")]
    return Acl::parse(take(pieces)?.as_bytes()).map(Some);
    #[cfg(not(feature = "aws"))]
    take(pieces).and(Err(ErrorCode::Unsupported.into()))
}

/// The same question, with lists.
fn with_acl<'a>(query: Query<'a>, acl: Option<&'a Acl>) -> Query<'a> {
    #[cfg(feature = "aws")]
    return Query { acl, ..query };
    #[cfg(not(feature = "aws"))]
    acl.map_or(query, |never| match *never {})
}

/// Nothing has lists in builds without the AWS dialect.
#[cfg(not(feature = "aws"))]
type Acl = std::convert::Infallible;

/// Reads the number of entries, and each. Nothing is allocated for more entries than there are pieces.
fn read_list<'a, I: Iterator<Item = Result<&'a str, Error>>, T>(
    pieces: &mut I,
    mut read: impl FnMut(&mut I) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let count = count(pieces)?;
    (0..count).map(|_| read(pieces)).collect()
}

fn count<'a>(pieces: &mut impl Iterator<Item = Result<&'a str, Error>>) -> Result<usize, Error> {
    take(pieces)?.parse().map_err(|_| malformed())
}

#[inline]
fn take<'a>(pieces: &mut impl Iterator<Item = Result<&'a str, Error>>) -> Result<&'a str, Error> {
    pieces.next().unwrap_or_else(|| Err(malformed()))
}

#[cold]
fn malformed() -> Error {
    Error::with_message(ErrorCode::InvalidArgument, "the packed question is malformed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facade::{Outcome, Policy, PolicyOptions, Reason, StatementRef, Truth};

    /// Pieces as they come.
    fn given<'a>(pieces: &'a [&'a str]) -> impl Iterator<Item = Result<&'a str, Error>> {
        pieces.iter().map(|piece| Ok(*piece))
    }

    fn code<T>(result: Result<T, Error>) -> ErrorCode {
        result.err().unwrap().code()
    }

    #[cfg(feature = "aws")]
    const USER: &str = "arn:aws:iam::111122223333:user/a";

    #[test]
    fn text_falls_into_pieces() {
        let text = "s3:Get a\0ü.jpg";
        let pieces: Result<Vec<_>, _> = Pieces::new(text.as_bytes(), [6, 1, 0, 8]).collect();
        assert_eq!(pieces, Ok(vec!["s3:Get", " ", "", "a\0ü.jpg"]));
        let refused =
            |text: &[u8], lengths: [u32; 2]| code(Pieces::new(text, lengths).collect::<Result<Vec<_>, _>>());
        assert_eq!(refused(b"abc", [1, 3]), ErrorCode::InvalidArgument);
        assert_eq!(refused(b"abc", [u32::MAX, u32::MAX]), ErrorCode::InvalidArgument);
        assert_eq!(refused(b"a\xff", [1, 1]), ErrorCode::InvalidUtf8);
        assert_eq!(refused("ü".as_bytes(), [1, 1]), ErrorCode::InvalidUtf8);
    }

    #[test]
    fn every_piece_arrives() {
        let plain = ["s3:GetObject", "photos", "a", "acme", "username", "bob"];
        let asked = ask_packed(given(&plain), Dialect::Minio, OWNER | OBJECT, |query, context| {
            assert_eq!((query.action, query.account), ("s3:GetObject", "acme"));
            assert!(matches!(query.target, Target::Object { bucket: "photos", object: "a" }));
            assert!(query.is_owner && !query.deny_only);
            assert_eq!((query.caller, query.resource_account), (None, None));
            assert_eq!(context.entries().collect::<Vec<_>>(), [("username", b"bob".as_slice())]);
        });
        assert_eq!(asked, Ok(()));
    }

    #[cfg(feature = "aws")]
    #[test]
    fn who_asks_arrives() {
        let role = ["s3:GetObject", "b/k", "", "", "role-session", "arn:s", "arn:r", "444455556666"];
        let flags = DENY_ONLY | PRINCIPAL | BEHIND | RESOURCE_ACCOUNT;
        let asked = ask_packed(given(&role), Dialect::Minio, flags, |query, _| {
            assert!(matches!(query.target, Target::Resource("b/k")));
            assert!(query.deny_only && !query.is_owner);
            assert_eq!(query.caller, Some(Caller::RoleSession { arn: "arn:s", role: "arn:r" }));
            assert_eq!(query.resource_account, Some("444455556666"));
        });
        assert_eq!(asked, Ok(()));
    }

    #[cfg(feature = "aws")]
    #[test]
    fn lists_arrive() {
        let public = r#"{"bucket": [{"grantee": {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"},
            "permission": "READ"}]}"#;
        let ask = |acl| {
            let pieces = ["s3:GetObject", "b", "k", "", "anonymous", "", acl, "aws:username", "bob"];
            ask_packed(given(&pieces), Dialect::Aws, OBJECT | PRINCIPAL | ACL, |query, context| {
                (query.acl.unwrap().is_public(), context.entries().count())
            })
        };
        assert_eq!((ask(public), ask("{}")), (Ok((true, 1)), Ok((false, 1))));
        assert_eq!(code(ask("[]")), ErrorCode::InvalidArgument);
    }

    #[cfg(feature = "aws")]
    #[test]
    fn what_is_cut_short_is_refused() {
        let pieces = ["s3:GetObject", "b", "k", "", "user", USER, "111122223333", "aws:username", "a"];
        let flags = OBJECT | PRINCIPAL | RESOURCE_ACCOUNT;
        let read =
            |end: usize| ask_packed(given(pieces.get(..end).unwrap()), Dialect::Minio, flags, |_, _| ());
        for end in (0..7).chain([8]) {
            assert_eq!(code(read(end)), ErrorCode::InvalidArgument, "{end}");
        }
        assert!(read(7).is_ok() && read(9).is_ok());
    }

    #[cfg(not(feature = "aws"))]
    #[test]
    fn principals_are_of_the_aws_dialect() {
        let pieces = ["s3:GetObject", "b/k", "", "", "user", "a"];
        let read = ask_packed(given(&pieces), Dialect::Minio, PRINCIPAL, |_, _| ());
        assert_eq!(code(read), ErrorCode::Unsupported);
    }

    #[cfg(feature = "aws")]
    #[test]
    fn a_principal_that_is_none_is_refused() {
        for (kind, name) in [("User", USER), ("role-session", USER), ("user", ""), ("anonymous", USER)] {
            let pieces = ["s3:GetObject", "b/k", "", "", kind, name];
            let read = ask_packed(given(&pieces), Dialect::Minio, PRINCIPAL, |_, _| ());
            assert_eq!(code(read), ErrorCode::InvalidArgument, "{kind} {name}");
        }
    }

    fn policy() -> Policy {
        let text = br#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::home/${aws:username}/*"}]}"#;
        Policy::parse(text, &PolicyOptions::default()).unwrap()
    }

    const BATCH: [&str; 15] = [
        "acme",
        "1",
        "s3:GetObject",
        "2",
        "1",
        "home/bob/a",
        "2",
        "home",
        "eve/a",
        "2",
        "0",
        "1",
        "username",
        "bob",
        "one too many",
    ];

    #[test]
    fn each_verb_has_its_answer() {
        let policy = policy();
        let answer = |verb: &str, pieces: &[&str]| answer_packed(&policy, verb, given(pieces), 0);
        let question = ["s3:GetObject", "home/bob/a", "", "", "username", "bob"];
        assert!(answer("decide", &question).unwrap().starts_with(r#"{"outcome":"allow""#));
        assert!(answer("explain", &question).unwrap().starts_with(r#"{"decision":{"outcome":"allow""#));
        assert_eq!(answer("allowedActions", &question).unwrap(), r#"["s3:GetObject"]"#);
        let batch = answer("decideMany", BATCH.get(..14).unwrap()).unwrap();
        assert!(batch.ends_with(r#""answers":[0,1,0,0]}"#), "{batch}");
        assert_eq!(code(answer("decides", &question)), ErrorCode::InvalidArgument);
        let access = access_packed(&policy, given(&question), COMPLETE).unwrap();
        assert_eq!(access.allows(Target::Resource("home/bob/a")), Truth::True);
    }

    #[test]
    fn a_batch_that_is_cut_short_or_too_long_is_refused() {
        let policy = policy();
        let answer = |pieces: &[&str]| answer_packed(&policy, "decideMany", given(pieces), 0);
        for end in (0..14).chain([15]) {
            assert_eq!(code(answer(BATCH.get(..end).unwrap())), ErrorCode::InvalidArgument, "{end}");
        }
        for (at, wrong) in
            [(1, "-1"), (1, ""), (3, "18446744073709551615"), (4, "0"), (4, "3"), (9, "4294967296")]
        {
            let mut pieces = BATCH;
            pieces[at] = wrong;
            assert_eq!(code(answer(pieces.get(..14).unwrap())), ErrorCode::InvalidArgument, "{at} {wrong}");
        }
    }

    #[test]
    fn fingerprints_tell_decisions_apart() {
        let at = |policy, statement| {
            let statement = Some(StatementRef { policy, statement });
            fingerprint(&Decision { outcome: Outcome::Allow, reason: Reason::Statement, statement })
        };
        let none = Decision { outcome: Outcome::ImplicitDeny, reason: Reason::NoStatement, statement: None };
        let all = [at(0, 0), at(0, 1), at(1, 0), at(1_000_000, 20_000), fingerprint(&none)];
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b));
        }
    }
}
