//! The core as an adapter, in this process: the reference implementation of the protocol.

mod ask;
mod signed;

use crate::Adapter;
use crate::job::{AskOperation, Authorize, Http, Job, Key, Validate};
use crate::protocol::encode;
use s3iam::facade::{
    ContextMap, CredentialState, Decision, Dialect, Error, ErrorProfile, Facts, Hosting, HttpRequest, Iam,
    Kind, NewKey, OperationQuery, Options, PolicyOptions, SecretKey, SignatureOptions, StatementRef,
    Timestamp, Verdict,
};
use std::time::Instant;

/// The core.
#[derive(Debug, Default)]
pub struct Core;

impl Adapter for Core {
    fn name(&self) -> &str {
        "core"
    }

    fn answers(&mut self, lines: &[String]) -> Vec<Result<String, String>> {
        lines.iter().map(|line| Ok(answer_line(line))).collect()
    }
}

/// Answers one line with a line.
pub fn answer_line(line: &str) -> String {
    let answer = Job::read(line).map_err(Failure::adapter).and_then(|job| answer(&job));
    encode(&answer.unwrap_or_else(|failure| vec!["error".to_owned(), failure.code, failure.message]))
}

fn answer(job: &Job) -> Result<Vec<String>, Failure> {
    match job {
        Job::Validate(job) => validate(job),
        Job::Decide(_) | Job::Layers(_) => ask::answer(job),
        Job::Account(_) => ask::answer(job).map(without_level),
        Job::Explain(job) => ask::explain(job),
        Job::Many(job) => ask::many(job),
        Job::Actions(job) => ask::actions(job),
        Job::Access(job) => ask::access(job),
        Job::Operation(job) => operation(job),
        Job::Verify(job) => signed::verify(job),
        Job::Time(job) => signed::time(job),
        Job::Post(job) => signed::post(job),
        Job::Diagnose(job) => signed::diagnose(job),
        Job::Authorize(job) => authorize(job),
    }
}

/// A call that failed: a stable code and a message.
struct Failure {
    code: String,
    message: String,
}

impl Failure {
    /// A job that the adapter itself cannot make sense of.
    fn adapter(message: String) -> Self {
        Self { code: "adapter".to_owned(), message }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.message(ErrorProfile::Aws).to_owned();
        Self { code: error.code().name().to_owned(), message }
    }
}

fn validate(job: &Validate) -> Result<Vec<String>, Failure> {
    let options = PolicyOptions { bucket: job.bucket.as_deref(), ..policy_options(&job.dialect, &job.kind)? };
    let (status, findings) = s3iam::facade::validate(&job.policy, &options)?;
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    Ok(vec![status.name().to_owned(), codes.join(",")])
}

/// Accounts have no levels.
fn without_level(mut fields: Vec<String>) -> Vec<String> {
    fields.truncate(4);
    fields
}

fn fill<'a>(context: &mut ContextMap<'a>, values: &'a [(String, Vec<u8>)]) {
    values.iter().for_each(|(name, value)| context.add(name, value));
}

fn decision_fields(decision: &Decision) -> Vec<String> {
    let statement =
        decision.statement.map(|StatementRef { policy, statement }| format!("{policy}:{statement}"));
    vec![decision.outcome.name().to_owned(), decision.reason.name().to_owned(), statement.unwrap_or_default()]
}

fn operation(job: &AskOperation) -> Result<Vec<String>, Failure> {
    let has = |flag: &str| job.flags.iter().any(|given| given == flag);
    let buckets: Vec<&str> = job.buckets.iter().map(String::as_str).collect();
    let source = job.copy_source.as_ref();
    let mut context = ContextMap::new();
    fill(&mut context, &job.context);
    ask::on_account(&job.caller, |account, bucket_policy| {
        let query = OperationQuery {
            version_id: job.version_id.as_deref(),
            copy_source: source.map(|s| (s.bucket.as_str(), s.object.as_str(), s.version_id.as_deref())),
            buckets: &buckets,
            context: &context,
            account: &job.caller.account,
            retention: has("retention"),
            legal_hold: has("legal_hold"),
            bypass_governance: has("bypass_governance"),
            replica: has("replica"),
            object_lock: has("object_lock"),
            force_delete: has("force_delete"),
            ..OperationQuery::new(&job.operation, &job.bucket, &job.object)
        };
        let decision = account.decide_operation(&query, bucket_policy)?;
        let mut fields = decision_fields(&decision.decision);
        fields.push(decision.layer.name().to_owned());
        Ok(fields)
    })
}

fn authorize(job: &Authorize) -> Result<Vec<String>, Failure> {
    let signature = SignatureOptions {
        error_profile: error_profile(&job.profile)?,
        region: job.region.clone(),
        ..SignatureOptions::default()
    };
    let hosting = Hosting { domains: job.domains.clone() };
    let iam = Iam::load(&job.directory, Options { signature, hosting })?;
    let headers = headers(&job.http);
    let mut request = http_request(&job.http, &headers);
    request.secure = job.secure;
    request.peer = match job.peer.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure::adapter(format!("{text:?} is not an address")))?),
    };
    let tags: Option<Vec<(&str, &str)>> = job
        .object_tags
        .as_ref()
        .map(|tags| tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect());
    let facts = Facts { object_tags: tags.as_deref() };
    let now = Timestamp::from_unix_millis(job.now);
    let verdict = iam.authorize(&request, &facts, now);
    let mut answer = verdict_fields(&verdict, &job.request_id);
    answer.push(match job.repetitions {
        0 | 1 => String::new(),
        repetitions => nanoseconds_a_call(repetitions, || {
            std::hint::black_box(iam.authorize(&request, &facts, now));
        }),
    });
    Ok(answer)
}

fn verdict_fields(verdict: &Verdict, request_id: &str) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let recognised = verdict.recognised();
    let profile = verdict.error_profile();
    let statement = verdict.statement();
    vec![
        if verdict.allowed() { "allowed" } else { "refused" }.to_owned(),
        verdict.user().unwrap_or_default().to_owned(),
        recognised.map_or("", |r| r.operation.name()).to_owned(),
        recognised.map_or_else(String::new, |r| text(r.bucket())),
        recognised.map_or_else(String::new, |r| text(r.key())),
        verdict.error().map_or("", |error| error.code().answer(profile).code).to_owned(),
        verdict.http_status().to_string(),
        verdict.decision().map_or("", |decision| decision.outcome.name()).to_owned(),
        statement.map_or("", |statement| statement.policy).to_owned(),
        statement.map_or_else(String::new, |statement| statement.index.to_string()),
        verdict.keys().iter().filter(|key| key.decision.allowed()).count().to_string(),
        verdict.error_xml(request_id),
    ]
}

/// The median of several batches.
fn nanoseconds_a_call(repetitions: u32, mut call: impl FnMut()) -> String {
    const BATCHES: u32 = 7;
    let batch = (repetitions / BATCHES).max(1);
    let mut times: Vec<u128> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            (0..batch).for_each(|_| call());
            start.elapsed().as_nanos() / u128::from(batch)
        })
        .collect();
    times.sort_unstable();
    times.get(times.len() / 2).map_or_else(String::new, u128::to_string)
}

fn policy_options(dialect: &str, kind: &str) -> Result<PolicyOptions<'static>, Failure> {
    let unknown = || Failure::adapter(format!("unknown dialect {dialect:?}"));
    let dialect = Dialect::named(dialect).ok_or_else(unknown)?;
    let kind = Kind::named(kind).ok_or_else(|| Failure::adapter(format!("unknown kind {kind:?}")))?;
    Ok(PolicyOptions { dialect, kind, ..PolicyOptions::default() })
}

fn error_profile(name: &str) -> Result<ErrorProfile, Failure> {
    match name {
        "aws" => Ok(ErrorProfile::Aws),
        "minio" => Ok(ErrorProfile::Minio),
        other => Err(Failure::adapter(format!("unknown error profile {other:?}"))),
    }
}

fn new_key(key: &Key) -> NewKey {
    NewKey {
        access_key: key.access_key.clone(),
        secret_key: SecretKey::new(key.secret_key.as_bytes()),
        session_token: key.session_token.clone(),
        expires: key.expires.map(Timestamp::from_unix_millis),
        state: if key.enabled { CredentialState::Enabled } else { CredentialState::Disabled },
    }
}

fn headers(http: &Http) -> Vec<(&[u8], &[u8])> {
    http.headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect()
}

fn http_request<'a>(http: &'a Http, headers: &'a [(&'a [u8], &'a [u8])]) -> HttpRequest<'a> {
    HttpRequest {
        method: &http.method,
        target: &http.target,
        headers,
        peer: None,
        secure: false,
        body: http.body.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_job_is_answered_with_an_error() {
        assert!(answer_line("paint\tred").starts_with("error\tadapter\t"));
        assert!(answer_line("validate\tklingon\tidentity\t-\t{}").contains("klingon"));
        assert!(answer_line("validate\tminio\tidentity\t-").contains("missing"));
    }

    #[test]
    fn an_unreadable_directory_is_an_error_and_no_verdict() {
        let job = Job::Authorize(Box::new(Authorize {
            directory: b"{".to_vec(),
            profile: "aws".to_owned(),
            ..Authorize::default()
        }));
        assert!(answer_line(&job.line()).starts_with("error\tdirectory-unreadable\t"));
    }
}
