//! Signatures of requests. Each case is run under both error profiles.

use crate::expect::Expect;
use crate::job::{Diagnose, Http, Job, Key, Post, Verify};
use s3iam::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

/// An access key of the file.
#[derive(Deserialize)]
pub struct Credential {
    access_key: String,
    secret_key: String,
    enabled: bool,
    session_token: Option<String>,
    expires: Option<String>,
}

#[derive(Deserialize)]
struct SignatureCase {
    request: Request,
    server: Server,
    expect: Expectation,
    /// Of a browser form: the fields and the file.
    fields: Option<Vec<(String, String)>>,
    file_name: Option<String>,
    file_length: Option<u64>,
}

#[derive(Deserialize)]
struct DiagnosisCase {
    request: Request,
    server: Server,
    expect: DiagnosisExpectation,
    signed: Option<Signed>,
}

/// What the client signed.
#[derive(Deserialize)]
struct Signed {
    canonical_request: Option<String>,
    string_to_sign: Option<String>,
}

#[derive(Deserialize)]
struct DiagnosisExpectation {
    code: Option<String>,
    cause: Option<String>,
    certain: bool,
    elements: Option<Vec<String>>,
    others: Option<Vec<String>>,
    with_client: Option<Box<DiagnosisExpectation>>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<BodyPart>,
}

/// A part of a body: the parts are joined.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum BodyPart {
    Text { text: String },
    Base64 { base64: String },
    Repeat { repeat: String, count: usize },
}

#[derive(Deserialize)]
struct Server {
    now: String,
    region: String,
    service: String,
    max_skew_seconds: u32,
    require_content_sha256: bool,
    #[serde(default)]
    allow_sigv2: bool,
    allow_sigv4a: Option<bool>,
    require_signed_amz_headers: Option<bool>,
    #[serde(default)]
    require_min_chunk: bool,
    #[serde(default)]
    max_chunk_bytes: u32,
    #[serde(default)]
    domains: Vec<String>,
}

impl Server {
    /// What is asked for otherwise than usual.
    fn flags(&self) -> Vec<String> {
        let flags = [
            (self.allow_sigv2, "allow_sigv2"),
            (self.allow_sigv4a == Some(false), "refuse_sigv4a"),
            (self.require_signed_amz_headers == Some(false), "unsigned_amz_headers"),
            (self.require_min_chunk, "min_chunk"),
        ];
        flags.into_iter().filter(|(is, _)| *is).map(|(_, name)| name.to_owned()).collect()
    }
}

#[derive(Deserialize)]
struct Expectation {
    outcome: String,
    access_key: Option<String>,
    auth: Option<String>,
    payload: Option<String>,
    decoded_length: Option<u64>,
    decoded_sha256: Option<String>,
    key: Option<String>,
    content_length_range: Option<(u64, u64)>,
    code: Option<String>,
    aws: Option<ProfileAnswer>,
    minio: Option<ProfileAnswer>,
}

/// What an S3 client is told, or `{"outcome": "accept"}` where upstream MinIO is laxer than we are.
#[derive(Deserialize)]
struct ProfileAnswer {
    code: Option<String>,
    status: Option<u16>,
    outcome: Option<String>,
}

pub fn jobs(raw: &RawValue, credentials: &[Credential]) -> Result<Vec<(Job, Expect)>, String> {
    let case: SignatureCase = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    let keys = credentials.iter().map(Credential::key).collect::<Result<Vec<_>, _>>()?;
    let job = |profile: &str, piece: usize| -> Result<Job, String> {
        let mut verify = case.server.verify(profile, &keys, case.request.http()?)?;
        verify.piece = piece;
        let Some(fields) = &case.fields else { return Ok(Job::Verify(Box::new(verify))) };
        verify.http.body = None;
        let bytes = |text: &String| text.clone().into_bytes();
        Ok(Job::Post(Box::new(Post {
            verify,
            fields: fields.iter().map(|(name, value)| (bytes(name), bytes(value))).collect(),
            file_name: case.file_name.as_ref().map(bytes),
            file_length: case.file_length,
        })))
    };
    // A body is read alike whatever the pieces are that it arrives in.
    Ok(vec![
        (job("aws", 0)?, case.expect.under(case.expect.aws.as_ref())?),
        (job("minio", 7)?, case.expect.under(case.expect.minio.as_ref())?),
    ])
}

/// A signature that does not match: asked without and with what the client signed.
pub fn diagnoses(raw: &RawValue, credentials: &[Credential]) -> Result<Vec<(Job, Expect)>, String> {
    let case: DiagnosisCase = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    let keys = credentials.iter().map(Credential::key).collect::<Result<Vec<_>, _>>()?;
    let job = |profile: &str, signed: Option<&Signed>| -> Result<Job, String> {
        let verify = case.server.verify(profile, &keys, case.request.http()?)?;
        let bytes = |text: &Option<String>| text.clone().map(String::into_bytes);
        Ok(Job::Diagnose(Box::new(Diagnose {
            verify,
            canonical_request: signed.and_then(|signed| bytes(&signed.canonical_request)),
            string_to_sign: signed.and_then(|signed| bytes(&signed.string_to_sign)),
        })))
    };
    let mut jobs = vec![(job("aws", None)?, case.expect.diagnosis())];
    if let Some(signed) = &case.signed {
        let expect = case.expect.with_client.as_deref().unwrap_or(&case.expect);
        jobs.push((job("minio", Some(signed))?, expect.diagnosis()));
    }
    Ok(jobs)
}

impl DiagnosisExpectation {
    fn diagnosis(&self) -> Expect {
        let mut expect = Expect::new().is(2, "cause", self.cause.as_deref().unwrap_or_default()).is(
            3,
            "certain",
            if self.certain { "1" } else { "0" },
        );
        if let Some(code) = &self.code {
            expect = expect.is(1, "code", code);
        }
        if let Some(elements) = &self.elements {
            expect = expect.holding(4, "elements", elements);
        }
        match &self.others {
            Some(others) => expect.is(5, "others", &others.join(",")),
            None => expect,
        }
    }
}

impl Server {
    /// How a request is verified, with its body in one piece.
    fn verify(&self, profile: &str, keys: &[Key], http: Http) -> Result<Verify, String> {
        Ok(Verify {
            profile: profile.to_owned(),
            region: self.region.clone(),
            services: vec![self.service.clone()],
            max_skew_seconds: self.max_skew_seconds,
            require_content_sha256: self.require_content_sha256,
            flags: self.flags(),
            max_chunk_bytes: self.max_chunk_bytes,
            domains: self.domains.clone(),
            piece: 0,
            now: instant(&self.now)?,
            keys: keys.to_vec(),
            http,
        })
    }
}

impl Credential {
    fn key(&self) -> Result<Key, String> {
        Ok(Key {
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
            session_token: self.session_token.clone(),
            expires: self.expires.as_deref().map(instant).transpose()?,
            enabled: self.enabled,
        })
    }
}

impl Request {
    fn http(&self) -> Result<Http, String> {
        let header =
            |(name, value): &(String, String)| (name.clone().into_bytes(), value.clone().into_bytes());
        Ok(Http {
            method: self.method.clone().into_bytes(),
            target: self.target.clone().into_bytes(),
            headers: self.headers.iter().map(header).collect(),
            body: Some(body(&self.body)?),
        })
    }
}

impl Expectation {
    fn under(&self, profile: Option<&ProfileAnswer>) -> Result<Expect, String> {
        match (self.outcome.as_str(), &self.access_key, self.code.as_deref()) {
            ("anonymous", ..) => Ok(Expect::new().is(0, "outcome", "anonymous")),
            ("accept", Some(access_key), _) => self.accepted(access_key),
            ("accept", None, _) => Err("an accepted case names no access key".to_owned()),
            ("reject", _, None | Some("any")) => Ok(rejected(profile)),
            (outcome, _, code) => Err(format!("unknown expectation {outcome:?}, code {code:?}")),
        }
    }

    fn accepted(&self, access_key: &str) -> Result<Expect, String> {
        let mut expect = Expect::new().is(0, "outcome", "accept").is(1, "access key", access_key);
        if let Some(form) = &self.auth {
            expect = expect.is(2, "form", form);
        }
        if let Some(key) = &self.key {
            expect = expect.is(3, "key", key);
        }
        if let Some((least, greatest)) = self.content_length_range {
            expect = expect.is(4, "least length", &least.to_string());
            expect = expect.is(5, "greatest length", &greatest.to_string());
        }
        if let Some(length) = self.decoded_length {
            expect = expect.is(4, "decoded length", &length.to_string());
        }
        if let Some(hash) = &self.decoded_sha256 {
            expect = expect.is(5, "decoded body", hash);
        }
        Ok(match self.payload.as_deref() {
            None => expect,
            Some("UNSIGNED-PAYLOAD") => expect.is(3, "payload", "unsigned"),
            Some("sha256") => expect.sha256(3, "payload"),
            Some(other) if other.starts_with("STREAMING-") => expect.is(3, "payload", other),
            Some(other) => return Err(format!("unknown payload {other:?}")),
        })
    }
}

fn rejected(profile: Option<&ProfileAnswer>) -> Expect {
    // Not to know what to do is no judgement of the signature.
    let mut expect = Expect::new().is(0, "outcome", "reject").is_not(1, "code", "unsupported");
    let Some(answer) = profile.filter(|answer| answer.outcome.is_none()) else { return expect };
    if let Some(code) = &answer.code {
        expect = expect.is(2, "S3 code", code);
    }
    if let Some(status) = answer.status {
        expect = expect.is(3, "status", &status.to_string());
    }
    expect
}

/// The bytes of a body.
pub fn body(parts: &[BodyPart]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    for part in parts {
        match part {
            BodyPart::Text { text } => out.extend_from_slice(text.as_bytes()),
            BodyPart::Base64 { base64 } => out.extend(decode_base64(base64)?),
            BodyPart::Repeat { repeat, count } => out.extend_from_slice(repeat.repeat(*count).as_bytes()),
        }
    }
    Ok(out)
}

/// Milliseconds since 1970 of an RFC 3339 time.
pub fn instant(text: &str) -> Result<i64, String> {
    let time = Timestamp::parse_rfc3339(text.as_bytes()).ok_or_else(|| format!("{text:?} is not a time"))?;
    Ok(time.unix_millis())
}

fn decode_base64(text: &str) -> Result<Vec<u8>, String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let wrong = || format!("{text:?} is not base64");
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return Err(wrong());
    }
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::new());
    for byte in digits.bytes() {
        let digit = ALPHABET.iter().position(|&letter| letter == byte).ok_or_else(wrong)?;
        bits = bits << 6 | digit as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::read;

    fn jobs_of(expect: &str) -> Vec<(Job, Expect)> {
        let text = format!(
            r#"{{"credentials": [{{"access_key": "A", "secret_key": "s", "enabled": true, "expires": "1970-01-01T00:00:02Z"}}],
            "cases": [{{"id": "a", "form": "header", "expect": {expect},
              "request": {{"method": "PUT", "target": "/b/k?x", "headers": [["Host", "h"], ["Host", "i"]],
                "body": [{{"text": "é"}}, {{"base64": "AAEC"}}, {{"repeat": "ab", "count": 2}}]}},
              "server": {{"now": "1970-01-01T00:00:01Z", "region": "", "service": "s3", "max_skew_seconds": 900,
                "require_content_sha256": true}}}}]}}"#
        );
        read(&text).unwrap().remove(0).jobs
    }

    #[test]
    fn each_case_runs_under_both_profiles() {
        let jobs = jobs_of(r#"{"outcome": "accept", "access_key": "A", "payload": "sha256"}"#);
        let profiles = jobs.iter().map(|(job, _)| match job {
            Job::Verify(job) => job.profile.as_str(),
            other => panic!("{other:?}"),
        });
        assert_eq!(profiles.collect::<Vec<_>>(), ["aws", "minio"]);
        let Job::Verify(job) = &jobs[0].0 else { panic!() };
        assert_eq!((job.now, job.keys[0].expires), (1000, Some(2000)));
        assert_eq!(job.http.body.as_deref(), Some(&b"\xc3\xa9\x00\x01\x02abab"[..]));
        assert_eq!(job.http.headers.len(), 2);
        let hash = "0".repeat(64);
        assert!(jobs[0].1.check(&format!("accept\tA\tsigv4-header\t{hash}")).is_ok());
        assert!(jobs[0].1.check("accept\tA\tsigv4-header\tunsigned").is_err());
        assert!(jobs[0].1.check(&format!("accept\tB\tsigv4-header\t{hash}")).is_err());
    }

    #[test]
    fn a_rejection_is_compared_with_its_profile() {
        let jobs = jobs_of(
            r#"{"outcome": "reject", "aws": {"code": "AccessDenied", "status": 403}, "minio": {"outcome": "accept"}}"#,
        );
        let answer = "reject\tunsigned-header\tAccessDenied\t403";
        assert!(jobs[0].1.check(answer).is_ok());
        assert!(jobs[0].1.check("reject\tx\tAccessDenied\t400").is_err());
        assert!(jobs[1].1.check("reject\tx\tAnything\t400").is_ok());
        assert!(jobs[1].1.check("accept\tA\tsigv4-header\tunsigned").is_err(), "laxer MinIO is no excuse");
    }

    #[test]
    fn any_code_still_means_a_rejection() {
        let jobs = jobs_of(r#"{"outcome": "reject", "code": "any"}"#);
        assert!(jobs.iter().all(|(_, expect)| expect.check("reject\tx\tY\t400").is_ok()));
        assert!(jobs.iter().all(|(_, expect)| expect.check("anonymous").is_err()));
        assert!(jobs.iter().all(|(_, expect)| expect.check("reject\tunsupported\tY\t501").is_err()));
    }

    #[test]
    fn base64_is_read_strictly() {
        assert_eq!(decode_base64("").unwrap(), b"");
        assert_eq!(decode_base64("Zg==").unwrap(), b"f");
        assert_eq!(decode_base64("Zm9vYmE=").unwrap(), b"fooba");
        assert_eq!(decode_base64("/+8=").unwrap(), [0xff, 0xef]);
        assert!(
            decode_base64("Zg=").is_err() && decode_base64("Z===").is_err() && decode_base64("Zm 9").is_err()
        );
    }
}
