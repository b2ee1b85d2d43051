//! Whole requests against a directory of identities, signed as the case says while it is loaded.

use super::signature::{BodyPart, body, instant};
use crate::expect::Expect;
use crate::job::{Authorize, Http, Job};
use crate::sign::Signer;
use s3iam::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

/// How the server that receives the request is set up.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    now: String,
    region: String,
    domains: Vec<String>,
    error_profile: String,
    request_id: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            now: "2026-01-15T12:00:00Z".to_owned(),
            region: "us-east-1".to_owned(),
            domains: Vec::new(),
            error_profile: "aws".to_owned(),
            request_id: "REQUEST1".to_owned(),
        }
    }
}

#[derive(Deserialize)]
struct AuthorizeCase<'a> {
    #[serde(borrow)]
    directory: Option<&'a RawValue>,
    directory_text: Option<String>,
    server: Option<Server>,
    request: Request,
    sign: Option<Sign>,
    /// What is changed on the way, after signing.
    #[serde(default)]
    tamper: Tamper,
    expect: Expectation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: Option<Vec<BodyPart>>,
    #[serde(default)]
    peer: String,
    #[serde(default)]
    secure: bool,
    #[serde(default)]
    object_tags: Option<Vec<(String, String)>>,
}

/// Who signs; without it the request goes out as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    access_key: String,
    secret_key: String,
    session_token: Option<String>,
    /// The signed time; the server's if not given.
    at: Option<String>,
    /// The signed region; the server's if not given.
    region: Option<String>,
    /// Presigned for that many seconds.
    expires: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Tamper {
    method: Option<String>,
    target: Option<String>,
    /// Added to the end of the target.
    target_suffix: String,
    /// Headers that are added.
    headers: Vec<(String, String)>,
    /// Headers that are taken away.
    without: Vec<String>,
    body: Option<Vec<BodyPart>>,
}

/// The members of the verdict that matter to the case; a member that is not given is not compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    /// `allowed`, `refused` or `error` (the directory cannot be loaded).
    outcome: String,
    user: Option<String>,
    operation: Option<String>,
    bucket: Option<String>,
    key: Option<String>,
    code: Option<String>,
    status: Option<u16>,
    decision: Option<String>,
    policy: Option<String>,
    statement: Option<u32>,
    allowed_keys: Option<usize>,
    error_body: Option<String>,
}

/// The job of a case; `directory` and `server` are those of its file.
pub fn jobs(
    raw: &RawValue,
    directory: Option<&RawValue>,
    server: Option<&Server>,
) -> Result<Vec<(Job, Expect)>, String> {
    let case: AuthorizeCase<'_> = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    let expect = case.expect.expect()?;
    let server = case.server.or_else(|| server.cloned()).unwrap_or_default();
    let directory = match (case.directory_text, case.directory.or(directory)) {
        (Some(text), _) => text.into_bytes(),
        (None, Some(directory)) => directory.get().as_bytes().to_vec(),
        (None, None) => return Err("there is no directory".to_owned()),
    };
    let now = instant(&server.now)?;
    let mut http = case.request.http()?;
    if let Some(sign) = &case.sign {
        sign.signer(&server, now)?.sign(&mut http);
    }
    case.tamper.apply(&mut http)?;
    let job = Authorize {
        repetitions: 1,
        directory,
        profile: server.error_profile,
        region: server.region,
        domains: server.domains,
        now,
        peer: case.request.peer,
        secure: case.request.secure,
        request_id: server.request_id,
        http,
        object_tags: case.request.object_tags,
    };
    Ok(vec![(Job::Authorize(Box::new(job)), expect)])
}

/// What a verdict must be.
pub fn expectation(text: &str) -> Result<Expect, String> {
    serde_json::from_str::<Expectation>(text).map_err(|error| error.to_string())?.expect()
}

impl Request {
    fn http(&self) -> Result<Http, String> {
        let bytes =
            |(name, value): &(String, String)| (name.clone().into_bytes(), value.clone().into_bytes());
        Ok(Http {
            method: self.method.clone().into_bytes(),
            target: self.target.clone().into_bytes(),
            headers: self.headers.iter().map(bytes).collect(),
            body: self.body.as_deref().map(body).transpose()?,
        })
    }
}

impl Sign {
    fn signer<'a>(&'a self, server: &'a Server, now: i64) -> Result<Signer<'a>, String> {
        let at = self.at.as_deref().map_or(Ok(now), instant)?;
        Ok(Signer {
            access_key: &self.access_key,
            secret_key: &self.secret_key,
            session_token: self.session_token.as_deref(),
            region: self.region.as_deref().unwrap_or(&server.region),
            at: Timestamp::from_unix_millis(at),
            expires: self.expires,
        })
    }
}

impl Tamper {
    fn apply(&self, http: &mut Http) -> Result<(), String> {
        if let Some(method) = &self.method {
            http.method = method.clone().into_bytes();
        }
        if let Some(target) = &self.target {
            http.target = target.clone().into_bytes();
        }
        http.target.extend_from_slice(self.target_suffix.as_bytes());
        http.headers
            .retain(|(name, _)| !self.without.iter().any(|gone| name.eq_ignore_ascii_case(gone.as_bytes())));
        for (name, value) in &self.headers {
            http.headers.push((name.clone().into_bytes(), value.clone().into_bytes()));
        }
        if let Some(parts) = &self.body {
            http.body = Some(body(parts)?);
        }
        Ok(())
    }
}

impl Expectation {
    fn expect(&self) -> Result<Expect, String> {
        let mut expect = Expect::new().is(0, "outcome", &self.outcome);
        match self.outcome.as_str() {
            "error" => {
                return Ok(match &self.code {
                    Some(code) => expect.is(1, "code", code),
                    None => expect,
                });
            }
            "allowed" | "refused" => {}
            other => return Err(format!("unknown outcome {other:?}")),
        }
        let (status, statement) = (self.status.map(|n| n.to_string()), self.statement.map(|n| n.to_string()));
        let allowed_keys = self.allowed_keys.map(|n| n.to_string());
        for (place, name, value) in [
            (1, "user", &self.user),
            (2, "operation", &self.operation),
            (3, "bucket", &self.bucket),
            (4, "key", &self.key),
            (5, "S3 code", &self.code),
            (6, "status", &status),
            (7, "decision", &self.decision),
            (8, "policy", &self.policy),
            (9, "statement", &statement),
            (10, "allowed keys", &allowed_keys),
            (11, "error body", &self.error_body),
        ] {
            if let Some(value) = value {
                expect = expect.is(place, name, value);
            }
        }
        Ok(expect)
    }
}

#[cfg(test)]
mod tests {
    use crate::format::read;
    use crate::job::{Authorize, Job};

    fn job(members: &str) -> Result<(Authorize, crate::expect::Expect), String> {
        let text = format!(
            r#"{{"directory": {{"users": [ ]}}, "server": {{"region": "r1"}}, "cases": [{{"id": "a",
            "request": {{"method": "GET", "target": "/b/k", "headers": [["Host", "h"]]}}, {members}}}]}}"#
        );
        match read(&text)?.remove(0).jobs.remove(0) {
            (Job::Authorize(job), expect) => Ok((*job, expect)),
            (other, _) => panic!("{other:?}"),
        }
    }

    const SIGN: &str = r#""sign": {"access_key": "A", "secret_key": "s"}"#;
    const ALLOWED: &str = r#""expect": {"outcome": "allowed", "user": "u", "statement": 0}"#;

    #[test]
    fn requests_are_signed_for_the_servers_time_and_region() {
        let (job, expect) = job(&format!("{SIGN}, {ALLOWED}")).unwrap();
        let authorization = String::from_utf8(job.http.headers.last().unwrap().1.clone()).unwrap();
        assert!(authorization.contains("Credential=A/20260115/r1/s3/aws4_request"), "{authorization}");
        assert_eq!(job.directory, br#"{"users": [ ]}"#);
        assert!(expect.check("allowed	u	GetObject	b	k		200	allow	p	0	0		").is_ok());
        assert!(expect.check("allowed	u	GetObject	b	k		200	allow	p	1	0		").is_err());
        assert!(expect.check("refused	u	GetObject	b	k		200	allow	p	0	0		").is_err());
    }

    #[test]
    fn without_a_signer_the_request_goes_out_as_it_is() {
        let (job, _) = job(ALLOWED).unwrap();
        assert_eq!(job.http.headers, [(b"Host".to_vec(), b"h".to_vec())]);
        assert_eq!(job.http.body, None);
    }

    #[test]
    fn tampering_comes_after_signing() {
        let tamper =
            r#""tamper": {"target": "/b/other", "without": ["host"], "headers": [["Host", "evil"]]}"#;
        let (plain, _) = job(&format!("{SIGN}, {ALLOWED}")).unwrap();
        let (job, _) = job(&format!("{SIGN}, {tamper}, {ALLOWED}")).unwrap();
        assert_eq!(job.http.target, b"/b/other");
        assert_eq!(job.http.headers.last().unwrap().1, b"evil");
        let signed = |job: &Authorize| job.http.headers.iter().find(|h| h.0 == b"Authorization").cloned();
        assert_eq!(signed(&job), signed(&plain));
    }

    #[test]
    fn a_misspelt_expectation_is_refused() {
        assert!(job(r#""expect": {"outcome": "allowed", "usr": "u"}"#).unwrap_err().contains("usr"));
        assert!(job(r#""expect": {"outcome": "allow"}"#).unwrap_err().contains("allow"));
    }
}
