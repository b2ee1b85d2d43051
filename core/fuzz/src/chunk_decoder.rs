//! Chunked bodies. The first byte chooses the mode, signed or not, with or without a trailer; the second the length
//! that is announced: that of the data, or another one; the third is where random splits come from. The rest is the
//! body, in which `@` behind `chunk-signature=`, `x-amz-trailer-signature:` and `x-amz-checksum-crc32:` stands for the
//! right value.
//!
//! What is read must be the same in all splits, and must be what a plain reader takes that has the whole body.

use hmac::{Hmac, KeyInit, Mac};
use s3iam::http::{Header, HttpRequest};
use s3iam::signature::{
    BodyReader, CredentialState, KeyRing, NewKey, Options, SecretKey, Verified, Verifier,
};
use s3iam::{ErrorCode, Timestamp};
use sha2::{Digest, Sha256};

const DATE: &str = "20260115T120000Z";
const SCOPE: &str = "20260115/us-east-1/s3/aws4_request";
const MODES: [&str; 4] = [
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];
/// What the reader is to keep at most.
const MAX_CHUNK: u32 = 300;

/// Checks a body.
pub fn check(data: &[u8]) {
    let [mode, length, splits, text @ ..] = data else { return };
    // All splits take the square of the length.
    if text.len() > 1500 {
        return;
    }
    let mode = Mode { signed: mode & 2 != 0, trailer: mode & 1 != 0, name: MODES[usize::from(mode & 3)] };
    let length = if *length == 0 { data_length(text) } else { usize::from(*length) };
    let request = Request::new(&mode, length);
    let verified = request.verify();
    let reader = || verified.body_reader().expect("it was signed");
    let body = complete(&mode, text, &request.seed);
    let whole = read(reader(), [&body[..]].into_iter());
    let plain = plainly(&mode, &body, length, &request.seed);
    match &whole.error {
        None => assert_eq!(Ok(&whole.released), plain.as_ref()),
        Some(_) => assert!(plain.is_err(), "{:?} was refused: {:?}", plain, whole.error),
    }
    if let (true, Err(released)) = (mode.signed, &plain) {
        assert!(released.starts_with(&whole.released), "no byte of a chunk that is not verified");
    }
    assert_eq!(read(reader(), body.chunks(1)), whole, "byte by byte");
    for at in 0..body.len() {
        let (first, second) = body.split_at(at);
        assert_eq!(read(reader(), [first, second].into_iter()), whole, "split at {at}");
    }
    let mut state = u32::from(*splits) + 1;
    let (mut pieces, mut rest) = (Vec::new(), &body[..]);
    while !rest.is_empty() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (piece, later) = rest.split_at((state >> 26) as usize % rest.len() + 1);
        pieces.push(piece);
        rest = later;
    }
    assert_eq!(read(reader(), pieces.into_iter()), whole, "random splits");
}

struct Mode {
    signed: bool,
    trailer: bool,
    name: &'static str,
}

/// What became of a body.
#[derive(Debug, PartialEq)]
struct Outcome {
    released: Vec<u8>,
    error: Option<ErrorCode>,
}

fn read<'a>(mut reader: BodyReader, pieces: impl Iterator<Item = &'a [u8]>) -> Outcome {
    let mut released = Vec::new();
    for mut piece in pieces {
        while !piece.is_empty() {
            match reader.push(piece) {
                Ok(pushed) => {
                    assert!(pushed.taken > 0, "progress");
                    released.extend_from_slice(pushed.released);
                    piece = &piece[pushed.taken..];
                }
                Err(error) => return Outcome { released, error: Some(error.code()) },
            }
        }
    }
    let error = reader.finish().err().map(|error| error.code());
    Outcome { released, error }
}

/// A signed request for such a body.
struct Request {
    verifier: Verifier,
    ring: KeyRing,
    headers: Vec<(&'static str, String)>,
    seed: String,
}

impl Request {
    fn new(mode: &Mode, length: usize) -> Self {
        let mut headers = vec![
            ("host", "h".to_owned()),
            ("x-amz-content-sha256", mode.name.to_owned()),
            ("x-amz-date", DATE.to_owned()),
            ("x-amz-decoded-content-length", length.to_string()),
        ];
        if mode.trailer {
            headers.push(("x-amz-trailer", "x-amz-checksum-crc32".to_owned()));
        }
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let canonical = format!("PUT\n/b/k\n\n{lines}\n{names}\n{}", mode.name);
        let seed = sign(&format!("AWS4-HMAC-SHA256\n{DATE}\n{SCOPE}\n{}", hash(canonical.as_bytes())));
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential=AK/{SCOPE}, SignedHeaders={names}, Signature={seed}");
        headers.push(("authorization", authorization));
        let mut ring = KeyRing::new();
        let key = NewKey {
            access_key: "AK".to_owned(),
            secret_key: SecretKey::new("secret"),
            session_token: None,
            expires: None,
            state: CredentialState::Enabled,
        };
        assert!(ring.add(key).is_ok());
        let verifier = Verifier::new(Options { max_chunk_bytes: MAX_CHUNK, ..Options::default() });
        Self { verifier, ring, headers, seed }
    }

    fn verify(&self) -> Verified<'_> {
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let request = HttpRequest {
            method: b"PUT",
            target: b"/b/k",
            headers: &headers,
            peer: None,
            secure: true,
            body: None,
        };
        let now = Timestamp::parse_basic(DATE.as_bytes()).expect("a date");
        self.verifier.verify(&request, &self.ring, now).expect("it was signed")
    }
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn sign(text: &str) -> String {
    let mac = |key: &[u8], text: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
        mac.update(text);
        mac.finalize().into_bytes().to_vec()
    };
    let key = SCOPE.split('/').fold(b"AWS4secret".to_vec(), |key, part| mac(&key, part.as_bytes()));
    hex(&mac(&key, text.as_bytes()))
}

fn chunk_signature(previous: &str, data: &[u8]) -> String {
    let (nothing, data) = (hash(b""), hash(data));
    sign(&format!("AWS4-HMAC-SHA256-PAYLOAD\n{DATE}\n{SCOPE}\n{previous}\n{nothing}\n{data}"))
}

fn trailer_signature(previous: &str, block: &[u8]) -> String {
    sign(&format!("AWS4-HMAC-SHA256-TRAILER\n{DATE}\n{SCOPE}\n{previous}\n{}", hash(block)))
}

fn crc32(bytes: &[u8]) -> String {
    let step = |crc: u32, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
    let crc = !bytes.iter().fold(u32::MAX, |crc, &b| (0..8).fold(crc ^ u32::from(b), step));
    s3iam::condition::value::to_base64(&crc.to_be_bytes())
}

/// A line with its line feed, and what follows it.
fn line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|&b| b == b'\n')?;
    Some(text.split_at(end + 1))
}

/// The size at the beginning of a line, and how many digits it has.
fn size(line: &[u8]) -> Option<(usize, usize)> {
    let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let text = std::str::from_utf8(&line[..digits]).ok()?;
    (1..=16).contains(&digits).then(|| Some((usize::from_str_radix(text, 16).ok()?, digits)))?
}

/// How much data the chunks of a body have.
fn data_length(mut text: &[u8]) -> usize {
    let mut length = 0;
    while let Some((head, after)) = line(text) {
        let Some((size, _)) = size(head) else { break };
        let Some(rest) = after.get(size.saturating_add(2)..).filter(|_| size > 0) else { break };
        length += size;
        text = rest;
    }
    length
}

/// The body with the right values where an `@` asks for them.
fn complete(mode: &Mode, mut text: &[u8], seed: &str) -> Vec<u8> {
    let (mut out, mut data, mut block, mut previous) = (Vec::new(), Vec::new(), Vec::new(), seed.to_owned());
    let mut trailers = false;
    while let Some((head, after)) = line(text) {
        let fill = |mark: &[u8], value: &str| {
            let asks = head.windows(mark.len()).position(|at| at == mark).map(|at| at + mark.len());
            let asks = asks.filter(|&at| head.get(at) == Some(&b'@'));
            asks.map(|at| [&head[..at], value.as_bytes(), &head[at + 1..]].concat())
        };
        text = after;
        if trailers {
            let filled = fill(b"x-amz-checksum-crc32:", &crc32(&data));
            let filled =
                filled.or_else(|| fill(b"x-amz-trailer-signature:", &trailer_signature(&previous, &block)));
            let filled = filled.unwrap_or_else(|| head.to_vec());
            if !filled.starts_with(b"x-amz-trailer-signature:") && !filled.trim_ascii().is_empty() {
                let line = filled.strip_suffix(b"\n").unwrap_or_default();
                block.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                block.push(b'\n');
            }
            out.extend(filled);
            continue;
        }
        let size = size(head).map_or(0, |(size, _)| size).min(after.len());
        let chunk = &after[..size];
        if mode.signed {
            previous = chunk_signature(&previous, chunk);
        }
        out.extend(fill(b";chunk-signature=", &previous).unwrap_or_else(|| head.to_vec()));
        out.extend_from_slice(chunk);
        data.extend_from_slice(chunk);
        text = &after[size..];
        trailers = size == 0;
        if let Some(rest) = text.strip_prefix(b"\r\n").filter(|_| !trailers) {
            out.extend_from_slice(b"\r\n");
            text = rest;
        }
    }
    out.extend_from_slice(text);
    out
}

/// Reads a body as the grammar has it: the object, or the chunks that were right before something was wrong.
fn plainly(mode: &Mode, body: &[u8], length: usize, seed: &str) -> Result<Vec<u8>, Vec<u8>> {
    let (mut data, mut text, mut previous) = (Vec::new(), body, seed.to_owned());
    loop {
        let Some((head, after)) = line(text) else { return Err(data) };
        let Some((size, digits)) = size(head) else { return Err(data) };
        let extension = if mode.signed {
            previous = chunk_signature(&previous, after.get(..size).unwrap_or_default());
            format!(";chunk-signature={previous}\r\n")
        } else {
            "\r\n".to_owned()
        };
        let fits = size <= length - data.len() && !(mode.signed && size > MAX_CHUNK as usize);
        if head[digits..] != *extension.as_bytes() || !fits || size > after.len() {
            return Err(data);
        }
        data.extend_from_slice(&after[..size]);
        text = &after[size..];
        if size == 0 {
            break;
        }
        let Some(rest) = text.strip_prefix(b"\r\n") else { return Err(data) };
        text = rest;
    }
    if ends_well(mode, text, &data, &previous) && data.len() == length { Ok(data) } else { Err(data) }
}

/// Whether this is what may follow the last chunk.
fn ends_well(mode: &Mode, text: &[u8], data: &[u8], previous: &str) -> bool {
    let is = |line: &[u8], name: &str, value: &str| {
        let at = line.iter().position(|&b| b == b':').unwrap_or(line.len());
        line[..at].eq_ignore_ascii_case(name.as_bytes()) && line.get(at + 1..) == Some(value.as_bytes())
    };
    let mut lines = Vec::new();
    for line in text.split_inclusive(|&b| b == b'\n') {
        let Some(line) = line.strip_suffix(b"\n") else { return false };
        match line.strip_suffix(b"\r") {
            Some(line) => lines.push(line),
            None if mode.signed && mode.trailer => lines.push(line),
            None => return false,
        }
    }
    let is_checksum = |line: &[u8]| is(line, "x-amz-checksum-crc32", &crc32(data));
    match (mode.trailer, mode.signed, &lines[..]) {
        (false, _, [b""]) => true,
        (true, false, [checksum, b""]) => is_checksum(checksum),
        (true, true, [checksum, signature, b""] | [checksum, b"", signature, b""]) => {
            let signed = trailer_signature(previous, &[*checksum, b"\n"].concat());
            is_checksum(checksum) && is(signature, "x-amz-trailer-signature", &signed)
        }
        _ => false,
    }
}
