//! Why a signature does not match: a tool for operators.
//!
//! A diagnosis begins with what verification answers. A refusal that says its cause by itself, such as a clock
//! that is wrong, is the answer. For a signature that does not match, the secret is at hand: what the client
//! may have signed in place of what arrived is tried, up to 4096 signatures, until one is the client's own.
//! Then the cause is certain. If none is, the client's canonical request is compared with the server's line
//! by line, and what the request shows by itself is ranked.
//!
//! **Trying is not accepting.** A [`Diagnosis`] holds no identity and cannot be made into one; only
//! [`Verifier::verify`] mints identities, and it tries nothing. Nor does a diagnosis hold a signature that the
//! server has computed, or anything else that is made from the secret.
//!
//! **It is no oracle.** A diagnosis tells whether a signature fits *some* request near to the one that
//! arrived. That is for the operator alone. What a client may be told is [`Diagnosis::for_client`], which is
//! made without looking at the secret. A diagnosis costs as much as a thousand verifications and more, so it is
//! asked for by an operator for a request at a time, and never for every refused request that arrives; where
//! it can be asked for over a network, limit its rate.

mod candidates;
mod cause;
mod hypothesis;
mod parts;
mod reading;
mod texts;
mod visible;

pub use cause::Cause;

use super::key::SigningKey;
use super::refusal::text;
use super::{Credential, CredentialState, Credentials, Verified, Verifier};
use crate::http::{Header, HttpRequest};
use crate::{Error, ErrorCode, Timestamp};
use candidates::Candidates;
use hypothesis::{Change, Changes, Element, Search};
use parts::{Parts, value_shown};
use reading::Reading;

/// The longest canonical request for which hypotheses are tried.
const MAX_CANONICAL_BYTES: usize = 32 * 1024;

/// The longest text of the client that is looked at.
const MAX_CLIENT_BYTES: usize = 64 * 1024;

/// What the client says that it signed, from its debug log. Both are optional, and what is longer than 64 KiB is
/// left out of account.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClientSide<'a> {
    /// The client's canonical request.
    pub canonical_request: Option<&'a [u8]>,
    /// The client's string to sign.
    pub string_to_sign: Option<&'a [u8]>,
}

/// What verification answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The signature holds; there is nothing to diagnose.
    Verifies,
    /// The request is not signed at all.
    Anonymous,
    /// It was refused with this code.
    Refused(ErrorCode),
}

/// Something that the client signed and that is not what arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `method`, `path`, `query`, `query order`, `query parameter NAME`, `header NAME`, `header order`, `signed headers`,
    /// `payload`, `date`, `scope`, `algorithm`, or `canonical request`.
    pub element: String,
    /// The client's; none where it is not there or not known.
    pub client: Option<String>,
    /// The server's; none where it is not there.
    pub server: Option<String>,
}

/// What is wrong with a request, for the operator. Session tokens are left out, and there is neither a computed
/// signature nor anything else made from the secret in it.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What verification answered.
    pub checked: Checked,
    /// The cause, if there is anything to go by.
    pub cause: Option<Cause>,
    /// Whether the cause is beyond doubt: the refusal says it, or the client's signature holds once it is
    /// undone.
    pub certain: bool,
    /// Further causes, the likeliest first. Beside a cause that is certain, those that came together with it.
    pub others: Vec<Cause>,
    /// What the client signed otherwise, as far as that is known.
    pub differences: Vec<Difference>,
    /// The server's canonical request, if the request has a SigV4 signature that can be read.
    pub canonical_request: Option<String>,
    /// The server's string to sign.
    pub string_to_sign: Option<String>,
    /// How many signatures were computed.
    pub tried: u32,
    for_client: ForClient,
}

/// What the client may be told. It is made without the secret, and it holds no values of headers, some of
/// which proxies add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForClient {
    /// The stable code of the refusal.
    pub code: Option<ErrorCode>,
    /// What the S3 error says.
    pub message: String,
    /// What the refusal and the request show by themselves, the likeliest first.
    pub causes: Vec<Cause>,
    /// The elements in which the client's canonical request differs from the server's, where it was given.
    pub elements: Vec<String>,
}

impl Difference {
    fn of(element: &str, client: Option<&[u8]>, server: Option<&[u8]>) -> Self {
        Self { element: element.to_owned(), client: client.map(text), server: server.map(text) }
    }
}

impl Diagnosis {
    /// What the client may be told.
    pub fn for_client(&self) -> &ForClient {
        &self.for_client
    }

    /// The same as one text: the message, what differs, and the likely causes.
    pub fn safe_message(&self) -> String {
        let ForClient { message, causes, elements, .. } = &self.for_client;
        let mut out = message.clone();
        if !elements.is_empty() {
            out += &format!(" Your canonical request differs from the server's in: {}.", elements.join(", "));
        }
        for cause in causes.iter().take(3) {
            out += &format!(" {} ({cause})", cause.sentence());
        }
        out
    }

    fn new(checked: Checked, message: &str) -> Self {
        let code = match checked {
            Checked::Refused(code) => Some(code),
            Checked::Verifies | Checked::Anonymous => None,
        };
        let message = message.to_owned();
        Self {
            checked,
            cause: None,
            certain: false,
            others: Vec::new(),
            differences: Vec::new(),
            canonical_request: None,
            string_to_sign: None,
            tried: 0,
            for_client: ForClient { code, message, causes: Vec::new(), elements: Vec::new() },
        }
    }

    fn decide(&mut self, causes: impl IntoIterator<Item = Cause>, certain: bool) {
        let mut causes = causes.into_iter();
        self.cause = causes.next();
        self.certain = certain && self.cause.is_some();
        let first = self.cause;
        for cause in causes.filter(|cause| Some(*cause) != first) {
            if !self.others.contains(&cause) {
                self.others.push(cause);
            }
        }
    }
}

impl Verifier {
    /// Says why a request's signature is refused, and what the client did otherwise.
    ///
    /// This is a tool for operators: see the [page about it](crate::manual::signature_mismatch). It computes
    /// up to 4096 signatures over at most 32 MiB, accepts nothing, and must not be run for every refused
    /// request. Requests signed with SigV4 are diagnosed in full; of other forms only what the refusal and the
    /// request show by themselves.
    pub fn diagnose(
        &self,
        request: &HttpRequest<'_>,
        credentials: &dyn Credentials,
        now: Timestamp,
        client: ClientSide<'_>,
    ) -> Diagnosis {
        let short = |text: Option<_>| text.filter(|text: &&[u8]| text.len() <= MAX_CLIENT_BYTES);
        let client = ClientSide {
            canonical_request: short(client.canonical_request),
            string_to_sign: short(client.string_to_sign),
        };
        match self.verify(request, credentials, now) {
            Ok(Verified::Signed(_)) => Diagnosis::new(Checked::Verifies, "The signature is right."),
            Ok(Verified::Anonymous) => anonymous(request),
            Err(error) => self.examine(&error, request, credentials, now, client),
        }
    }

    fn examine(
        &self,
        error: &Error,
        request: &HttpRequest<'_>,
        credentials: &dyn Credentials,
        now: Timestamp,
        client: ClientSide<'_>,
    ) -> Diagnosis {
        let message = error.message(self.options.error_profile);
        let mut diagnosis = Diagnosis::new(Checked::Refused(error.code()), message);
        if visible::is_sigv2(request) && !self.options.allow_sigv2 {
            diagnosis.decide([Cause::SigV2Client], true);
            diagnosis.for_client.causes = vec![Cause::SigV2Client];
            return diagnosis;
        }
        let reading = Reading::of(request, &self.options, now);
        let scope = reading.as_ref().and_then(Reading::scope);
        let credential = scope.and_then(|scope| credentials.find(scope.access_key));
        let credential = credential.filter(|found| found.state == CredentialState::Enabled);
        let temporary = credential.is_some_and(|found| found.session_token.is_some());
        let unsigned = reading.as_ref().map(|reading| reading.unsigned(request, &self.options));
        let unsigned = unsigned.unwrap_or_default();
        let fact = visible::of_refusal(error.code(), request, temporary, &unsigned);
        // What is said to the client is complete before the secret is looked at.
        let seen = match fact {
            Some(fact) => vec![fact],
            None if error.code() == ErrorCode::SignatureDoesNotMatch => visible::likely(request, |name| {
                reading.as_ref().is_some_and(|reading| reading.header(name.as_bytes()).is_some())
            }),
            None => Vec::new(),
        };
        diagnosis.for_client.causes.clone_from(&seen);
        let Some(reading) = reading else {
            diagnosis.decide(seen, fact.is_some());
            return diagnosis;
        };
        diagnosis.canonical_request = Some(reading.parts.shown());
        diagnosis.string_to_sign = Some(text(&reading.string_to_sign()));
        let compared = compare(&reading, client);
        diagnosis.for_client.elements = compared.iter().map(|found| found.element.clone()).collect();
        if is_worth_a_search(error.code()) {
            let candidates = Candidates { base: &reading, request, options: &self.options };
            let case = Case { reading: &reading, candidates, client, compared: &compared, fact };
            if case.search(credential, &mut diagnosis) {
                return diagnosis;
            }
        }
        diagnosis.differences.extend(compared);
        diagnosis.differences.extend(fact_differences(error.code(), request, &reading, &unsigned));
        if diagnosis.cause.is_none() {
            diagnosis.decide(seen, fact.is_some());
        }
        diagnosis
    }
}

/// A refused request that is searched for its cause.
struct Case<'a> {
    reading: &'a Reading,
    candidates: Candidates<'a>,
    client: ClientSide<'a>,
    /// How the client's side differs from the server's.
    compared: &'a [Difference],
    /// What the refusal says by itself.
    fact: Option<Cause>,
}

impl Case<'_> {
    /// Looks for the cause; answers whether nothing is left to be said.
    fn search(&self, credential: Option<Credential<'_>>, diagnosis: &mut Diagnosis) -> bool {
        let Self { reading, client, compared, fact, .. } = self;
        let known = credential.filter(|_| is_short(reading));
        let changes = self.candidates.changes(known.map(|found| found.secret));
        let by_client = || self.causes_of_difference(&changes);
        let Some((scope, found)) = reading.scope().zip(known) else {
            if !compared.is_empty() {
                diagnosis.decide(by_client(), false);
            }
            return false;
        };
        let key = SigningKey::derive(found.secret, &scope);
        let mut search = Search::new(reading, &key);
        // The refusal itself is the cause if the signature holds but for it.
        let as_it_is = search.holds(&[], &[]);
        let as_client_says = client.canonical_request.is_some_and(|canonical| search.holds_of(canonical));
        let found = if as_it_is { None } else { search.find(&changes) };
        diagnosis.tried = search.tried;
        if let Some(found) = found {
            diagnosis.decide(with_fact(found.iter().map(|change| change.cause).collect(), *fact), true);
            if compared.is_empty() {
                diagnosis.differences = differences(reading, &found);
                return true;
            }
            return false;
        }
        let same_string = client.string_to_sign == Some(&reading.string_to_sign());
        match fact {
            Some(fact) if as_it_is => diagnosis.decide([*fact], true),
            _ if as_client_says => diagnosis.decide(with_fact(by_client(), *fact), true),
            None if same_string => diagnosis.decide([Cause::WrongSecret], false),
            // What a refusal says is so, but somebody else may have broken an escape.
            Some(fact) => diagnosis.decide([*fact], *fact != Cause::PathDecoded),
            None if !compared.is_empty() => diagnosis.decide(by_client(), false),
            None if client.canonical_request.is_some() => diagnosis.decide([Cause::WrongSecret], false),
            None => {}
        }
        false
    }

    /// What the differences between client and server say of their cause.
    fn causes_of_difference(&self, changes: &Changes) -> Vec<Cause> {
        let Some(canonical) = self.client.canonical_request else {
            return self.compared.iter().map(|found| general_cause(&found.element)).collect();
        };
        let (theirs, ours) = (Parts::of(canonical), &self.reading.parts);
        let mut causes = Vec::new();
        let mut note = |element, text: &[u8], general| {
            if self.reading.text(element) != Some(text) {
                causes.push(changes.cause_of(element, text).unwrap_or(general));
            }
        };
        note(Element::Method, &theirs.method, Cause::MethodChanged);
        note(Element::Path, &theirs.path, path_cause(&theirs.path, &ours.path));
        note(Element::Query, &theirs.query, query_cause(self.compared));
        for (name, value) in &theirs.headers {
            let name = name.to_ascii_lowercase();
            if let Some(at) = self.reading.header(&name) {
                note(Element::Header(at), value, general_cause(&format!("header {}", text(&name))));
            }
        }
        note(Element::Payload, &theirs.payload, Cause::PayloadLine);
        let known = causes.len();
        causes.extend(self.compared.iter().map(|found| general_cause(&found.element)));
        // What was found element by element says more than what the elements' names say.
        if known > 0 {
            causes.truncate(known);
        }
        if causes.is_empty() {
            causes.push(Cause::CanonicalForm);
        }
        // A payload hash in its header and in its line is one thing.
        let header = causes.iter().position(|cause| *cause == Cause::HeaderChanged);
        let payload = causes.iter().position(|cause| *cause == Cause::PayloadLine);
        if let (Some(header), Some(_)) = (header, payload)
            && self.compared.iter().any(|found| found.element == "header x-amz-content-sha256")
        {
            causes.retain(|cause| *cause != Cause::PayloadLine);
            causes.get_mut(header).into_iter().for_each(|cause| *cause = Cause::PayloadHeaderChanged);
        }
        causes
    }
}

/// The causes that were found, and what the refusal says.
fn with_fact(mut causes: Vec<Cause>, fact: Option<Cause>) -> Vec<Cause> {
    // That a header is not there says more than that it is not the same.
    if fact == Some(Cause::HeaderRemoved) {
        causes
            .iter_mut()
            .filter(|cause| **cause == Cause::HeaderChanged)
            .for_each(|cause| *cause = Cause::HeaderRemoved);
    }
    causes.extend(fact);
    causes
}

/// Whether the signature is what a refusal is about, or may hold but for what it says.
fn is_worth_a_search(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::SignatureDoesNotMatch
            | ErrorCode::HeadersNotSigned
            | ErrorCode::SignedHeaderAbsent
            | ErrorCode::InvalidUri
            | ErrorCode::RepeatedHeader
    )
}

fn is_short(reading: &Reading) -> bool {
    reading.string_to_sign().len() + reading.parts.shown().len() <= MAX_CANONICAL_BYTES
}

fn anonymous(request: &HttpRequest<'_>) -> Diagnosis {
    let mut diagnosis = Diagnosis::new(Checked::Anonymous, "The request is not signed.");
    if visible::looks_signed(request) {
        diagnosis.decide([Cause::AuthorizationRemoved], false);
        diagnosis.for_client.causes = vec![Cause::AuthorizationRemoved];
    }
    diagnosis
}

/// How the client's side differs from the server's.
fn compare(reading: &Reading, client: ClientSide<'_>) -> Vec<Difference> {
    let mut out = Vec::new();
    if let Some(canonical) = client.canonical_request {
        out = Parts::differences(&Parts::of(canonical), &reading.parts);
        let mut ours = Vec::new();
        reading.parts.write(&mut ours);
        if out.is_empty() && canonical != ours {
            out.push(Difference::of("canonical request", None, None));
        }
    }
    if let Some(string) = client.string_to_sign {
        let ours = reading.string_to_sign();
        let lines = string.split(|&b| b == b'\n').zip(ours.split(|&b| b == b'\n'));
        for ((theirs, ours), element) in lines.zip(["algorithm", "date", "scope", "canonical request"]) {
            // The hash says no more than what was hashed.
            let is_known = element == "canonical request" && client.canonical_request.is_some();
            if theirs != ours && !is_known {
                out.push(Difference::of(element, Some(theirs), Some(ours)));
            }
        }
    }
    out
}

/// The differences that were found by trying.
fn differences(reading: &Reading, changes: &[&Change]) -> Vec<Difference> {
    let mut theirs = reading.parts.clone();
    let mut of_string = Vec::new();
    for (element, changed) in changes.iter().flat_map(|change| &change.replaced) {
        let changed = changed.clone();
        match element {
            Element::Method => theirs.method = changed,
            Element::Path => theirs.path = changed,
            Element::Query => theirs.query = changed,
            Element::Header(at) => {
                theirs.headers.get_mut(*at).into_iter().for_each(|(_, value)| value.clone_from(&changed))
            }
            Element::Payload => theirs.payload = changed,
            Element::Whole => theirs = Parts::of(&changed),
            Element::Date | Element::Scope => {
                let name = if *element == Element::Date { "date" } else { "scope" };
                of_string.push(Difference::of(name, Some(&changed), reading.text(*element)));
            }
        }
    }
    let mut out = Parts::differences(&theirs, &reading.parts);
    out.append(&mut of_string);
    if out.is_empty() && changes.iter().any(|change| !change.replaced.is_empty()) {
        out.push(Difference::of("canonical request", None, None));
    }
    out
}

/// Headers that were added or removed, as the refusal says.
fn fact_differences(
    code: ErrorCode,
    request: &HttpRequest<'_>,
    reading: &Reading,
    unsigned: &[Header<'_>],
) -> Vec<Difference> {
    match code {
        ErrorCode::HeadersNotSigned => unsigned
            .iter()
            .map(|(name, value)| {
                let element = format!("header {}", text(&name.to_ascii_lowercase()));
                Difference::of(&element, None, Some(value_shown(name, value)))
            })
            .collect(),
        ErrorCode::SignedHeaderAbsent => reading
            .listed()
            .filter(|name| !request.headers.iter().any(|(sent, _)| sent.eq_ignore_ascii_case(name)))
            .map(|name| Difference::of(&format!("header {}", text(name)), None, None))
            .collect(),
        _ => Vec::new(),
    }
}

/// The cause of a difference of which nothing is known but where it is.
fn general_cause(element: &str) -> Cause {
    match element {
        "method" => Cause::MethodChanged,
        "path" => Cause::PathChanged,
        "query order" => Cause::QueryOrder,
        "header host" => Cause::HostRewritten,
        "header accept-encoding" => Cause::AcceptEncodingRewritten,
        "header content-length" => Cause::ContentLengthChanged,
        "header connection"
        | "header expect"
        | "header te"
        | "header transfer-encoding"
        | "header user-agent" => Cause::HopHeaderConsumed,
        "header x-amz-date" | "date" => Cause::DateChanged,
        "header order" => Cause::SignedHeadersOrder,
        "signed headers" => Cause::SignedHeadersChanged,
        "payload" => Cause::PayloadLine,
        "scope" => Cause::WrongRegion,
        "algorithm" | "canonical request" => Cause::CanonicalForm,
        _ if element.starts_with("query parameter ") => Cause::QueryChanged,
        _ => Cause::HeaderChanged,
    }
}

/// The cause of two paths that differ otherwise than was thought of.
fn path_cause(theirs: &[u8], ours: &[u8]) -> Cause {
    let simple = |path: &[u8]| texts::normalised(&texts::collapsed(path), true);
    match () {
        () if simple(theirs) == ours => Cause::SlashesCollapsed,
        () if simple(ours) == theirs => Cause::PathNormalised,
        () if theirs.ends_with(ours) || ours.ends_with(theirs) => Cause::PathPrefixChanged,
        () => Cause::PathChanged,
    }
}

/// The cause of two queries that differ otherwise than was thought of.
fn query_cause(compared: &[Difference]) -> Cause {
    let parameters = || compared.iter().filter(|found| found.element.starts_with("query"));
    match () {
        () if parameters().all(|found| found.element == "query order") => Cause::QueryOrder,
        () if parameters().all(|found| found.client.is_none()) => Cause::ParameterAdded,
        () if parameters().all(|found| found.server.is_none()) => Cause::ParameterRemoved,
        () => Cause::QueryChanged,
    }
}
