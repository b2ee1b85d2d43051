//! Who signed: requests with their bodies, browser forms, and what is wrong with a signature.

use super::{Failure, error_profile, headers, http_request, nanoseconds_a_call, new_key};
use crate::job::{Diagnose, Http, Post, Time, Verify};
use s3iam::Timestamp;
use s3iam::facade::{
    BodyReader, Checked, ClientSide, Error, ErrorProfile, Hosting, Identity, KeyRing, Payload, PostForm,
    SignatureOptions, Verified, Verifier,
};
use sha2::{Digest, Sha256};

/// What a request is verified with.
struct Server {
    verifier: Verifier,
    ring: KeyRing,
    profile: ErrorProfile,
    now: Timestamp,
}

impl Server {
    fn of(job: &Verify) -> Result<Self, Failure> {
        let profile = error_profile(&job.profile)?;
        let has = |flag: &str| job.flags.iter().any(|f| f == flag);
        let usual = SignatureOptions::default();
        let verifier = Verifier::new(SignatureOptions {
            error_profile: profile,
            region: job.region.clone(),
            services: job.services.clone(),
            max_skew_seconds: job.max_skew_seconds,
            require_content_sha256: job.require_content_sha256,
            require_signed_amz_headers: !has("unsigned_amz_headers"),
            allow_sigv2: has("allow_sigv2"),
            allow_sigv4a: !has("refuse_sigv4a"),
            require_min_chunk: has("min_chunk"),
            max_chunk_bytes: match job.max_chunk_bytes {
                0 => usual.max_chunk_bytes,
                bytes => bytes,
            },
            hosting: Hosting { domains: job.domains.clone() },
            ..usual
        });
        let mut ring = KeyRing::new();
        for key in &job.keys {
            ring.add(new_key(key))?;
        }
        Ok(Self { verifier, ring, profile, now: Timestamp::from_unix_millis(job.now) })
    }

    fn rejection(&self, error: &Error) -> Vec<String> {
        let answer = error.code().answer(self.profile);
        ["reject", error.code().name(), answer.code, &answer.status.to_string()].map(str::to_owned).to_vec()
    }
}

/// Whether the body is cut into chunks, which a reader puts together again.
pub(super) fn is_chunked(http: &Http) -> bool {
    let is_line = |(name, value): &(Vec<u8>, Vec<u8>)| {
        name.eq_ignore_ascii_case(b"x-amz-content-sha256") && value.trim_ascii().starts_with(b"STREAMING-")
    };
    http.headers.iter().any(is_line)
}

pub(super) fn verify(job: &Verify) -> Result<Vec<String>, Failure> {
    let server = Server::of(job)?;
    let headers = headers(&job.http);
    let mut request = http_request(&job.http, &headers);
    let body = request.body;
    if is_chunked(&job.http) {
        request.body = None;
    }
    let answer = || -> Result<Vec<String>, Error> {
        let verified = server.verifier.verify(&request, &server.ring, server.now)?;
        let (mut fields, reader) = match &verified {
            Verified::Anonymous => (vec!["anonymous".to_owned()], server.verifier.anonymous_body(&request)?),
            Verified::Signed(identity) => {
                let mut fields = vec!["accept".to_owned()];
                fields.extend(signer(identity));
                fields.push(payload_text(identity.payload()));
                (fields, identity.body_reader())
            }
        };
        if let Some(body) = body {
            fields.extend(read(reader, body, job.piece)?);
        }
        Ok(fields)
    };
    Ok(answer().unwrap_or_else(|error| server.rejection(&error)))
}

/// How long the verification of a request takes that is accepted.
pub(super) fn time(job: &Time) -> Result<Vec<String>, Failure> {
    let server = Server::of(&job.verify)?;
    let headers = headers(&job.verify.http);
    let request = http_request(&job.verify.http, &headers);
    let verify = || server.verifier.verify(&request, &server.ring, server.now);
    Ok(match verify() {
        Err(error) => server.rejection(&error),
        Ok(_) => vec![
            "accept".to_owned(),
            nanoseconds_a_call(job.repetitions, || {
                let _ = std::hint::black_box(verify());
            }),
        ],
    })
}

fn signer(identity: &Identity<'_>) -> [String; 2] {
    [identity.access_key().to_owned(), identity.form().name().to_owned()]
}

/// Gives a body to its reader: its decoded length, and the hash of what was released.
fn read(mut reader: BodyReader, body: &[u8], piece: usize) -> Result<[String; 2], Error> {
    let mut hash = Sha256::new();
    for mut piece in body.chunks(if piece == 0 { body.len().max(1) } else { piece }) {
        while !piece.is_empty() {
            let pushed = reader.push(piece)?;
            hash.update(pushed.released);
            piece = piece.get(pushed.taken..).unwrap_or_default();
        }
    }
    let summary = reader.finish()?;
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok([summary.decoded_length().to_string(), hash])
}

pub(super) fn post(job: &Post) -> Result<Vec<String>, Failure> {
    let server = Server::of(&job.verify)?;
    let headers = headers(&job.verify.http);
    let request = http_request(&job.verify.http, &headers);
    let fields: Vec<(&[u8], &[u8])> =
        job.fields.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect();
    let form =
        PostForm { fields: &fields, file_name: job.file_name.as_deref(), file_length: job.file_length };
    let bucket = bucket(&request, &job.verify.domains);
    let upload = match server.verifier.verify_post(&request, &bucket, &form, &server.ring, server.now) {
        Ok(upload) => upload,
        Err(error) => return Ok(server.rejection(&error)),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let range = upload.length_range();
    let [access_key, form] = upload.identity().map_or_else(Default::default, signer);
    let headers: Vec<String> =
        upload.headers().map(|(name, value)| format!("{name}:{}", text(value))).collect();
    Ok(vec![
        if upload.identity().is_some() { "accept" } else { "anonymous" }.to_owned(),
        access_key,
        form,
        text(upload.key()),
        range.min().to_string(),
        range.max().to_string(),
        upload.success_status().to_string(),
        upload.success_redirect().map(text).unwrap_or_default(),
        headers.join("\n"),
    ])
}

/// The bucket of a form's URL: the path, or the host below a domain.
fn bucket(request: &s3iam::facade::HttpRequest<'_>, domains: &[String]) -> Vec<u8> {
    let host = request.header("host").map(String::from_utf8_lossy).unwrap_or_default();
    let of_host = domains.iter().find_map(|domain| host.strip_suffix(domain.as_str())?.strip_suffix('.'));
    match of_host {
        Some(bucket) => bucket.as_bytes().to_vec(),
        None => {
            let path = request.path().strip_prefix(b"/").unwrap_or_default();
            path.split(|&b| b == b'/').next().unwrap_or_default().to_vec()
        }
    }
}

pub(super) fn diagnose(job: &Diagnose) -> Result<Vec<String>, Failure> {
    let server = Server::of(&job.verify)?;
    let headers = headers(&job.verify.http);
    let request = http_request(&job.verify.http, &headers);
    let client = ClientSide {
        canonical_request: job.canonical_request.as_deref(),
        string_to_sign: job.string_to_sign.as_deref(),
    };
    let diagnosis = server.verifier.diagnose(&request, &server.ring, server.now, client);
    let (outcome, code) = match &diagnosis.checked {
        Checked::Anonymous => ("anonymous", ""),
        Checked::Verifies => ("accept", ""),
        Checked::Refused(code) => ("reject", code.name()),
    };
    let elements: Vec<&str> = diagnosis.differences.iter().map(|d| d.element.as_str()).collect();
    let others: Vec<&str> = diagnosis.others.iter().map(|cause| cause.code()).collect();
    Ok(vec![
        outcome.to_owned(),
        code.to_owned(),
        diagnosis.cause.map_or("", |cause| cause.code()).to_owned(),
        u8::from(diagnosis.certain).to_string(),
        elements.join(","),
        others.join(","),
        diagnosis.safe_message(),
    ])
}

fn payload_text(payload: Payload) -> String {
    match payload {
        Payload::Sha256(hash) => hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        Payload::Chunked(chunking) => chunking.name().to_owned(),
        _ => "unsigned".to_owned(),
    }
}
