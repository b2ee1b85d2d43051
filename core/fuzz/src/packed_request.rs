//! A packed request, read as a binding hands it over, and authorized.

use s3iam::authorize::{Facts, Iam, Options};
use s3iam::facade::PackedRequest;
use s3iam::http::Header;

const DIRECTORY: &[u8] =
    br#"{"version": 1, "users": {"user": {"secret_key": "secret-of-user", "policies": ["readwrite"]}}}"#;

/// Checks that a buffer that can be read says the same when it is packed again, in either version and inside
/// of a longer one, and that what it says is answered.
pub fn check(data: &[u8]) {
    let Ok(packed) = PackedRequest::read(data) else {
        // What is cut short or too long stays so inside of a longer buffer, or has its text whole.
        let _ = PackedRequest::read_reused(data, None);
        return;
    };
    let iam = Iam::load(DIRECTORY, Options::default()).unwrap();
    let facts = Facts { object_tags: packed.object_tags() };
    let verdict = iam.authorize(&packed.http(), &facts, packed.now);
    // Nobody can guess the signature.
    assert!(!verdict.allowed());
    assert!(verdict.http_status() >= 400 && verdict.error_xml(packed.request_id).starts_with("<?xml"));
    let pieces = pieces(&packed);
    let measured = write(&packed, &pieces, true);
    same(&packed, &PackedRequest::read(&measured).unwrap());
    let more = [&measured[..], b"what an earlier request left here"].concat();
    assert!(PackedRequest::read(&more).is_err());
    if packed.http().body.is_none() {
        same(&packed, &PackedRequest::read_reused(&more, None).unwrap());
    }
    let lines = write(&packed, &pieces, false);
    match pieces.iter().any(|piece| piece.contains(&b'\n')) {
        // No line feed shifts the pieces behind it.
        true => assert!(PackedRequest::read(&lines).is_err()),
        false => same(&packed, &PackedRequest::read(&lines).unwrap()),
    }
    // A byte less is not the request.
    assert!(PackedRequest::read(&measured[..measured.len() - 1]).is_err());
}

fn pieces(packed: &PackedRequest<'_>) -> Vec<Vec<u8>> {
    let http = packed.http();
    let peer = http.peer.map(|peer| peer.to_string()).unwrap_or_default();
    let mut pieces = vec![http.method.to_vec(), http.target.to_vec(), peer.into_bytes()];
    pieces.push(packed.request_id.as_bytes().to_vec());
    for (name, value) in http.headers {
        pieces.extend([name.to_vec(), value.to_vec()]);
    }
    for (key, value) in packed.object_tags().unwrap_or_default() {
        pieces.extend([key.as_bytes().to_vec(), value.as_bytes().to_vec()]);
    }
    pieces
}

/// Packs a request, with the lengths of its pieces or with line feeds between them.
fn write(packed: &PackedRequest<'_>, pieces: &[Vec<u8>], measured: bool) -> Vec<u8> {
    let http = packed.http();
    let (tags, body) = (packed.object_tags(), http.body.unwrap_or_default());
    let flags = u8::from(http.secure) | u8::from(http.body.is_some()) << 1 | u8::from(tags.is_some()) << 2;
    let text = if measured { pieces.concat() } else { pieces.join(&b'\n') };
    let mut out = vec![if measured { 2 } else { 1 }, flags];
    out.extend((http.headers.len() as u16).to_le_bytes());
    out.extend((tags.unwrap_or_default().len() as u16).to_le_bytes());
    out.extend((if measured { pieces.len() as u16 } else { 0 }).to_le_bytes());
    out.extend(packed.now.unix_millis().to_le_bytes());
    out.extend((text.len() as u32).to_le_bytes());
    out.extend((body.len() as u32).to_le_bytes());
    if measured {
        pieces.iter().for_each(|piece| out.extend((piece.len() as u32).to_le_bytes()));
    }
    [&out[..], &text, body].concat()
}

fn same(one: &PackedRequest<'_>, other: &PackedRequest<'_>) {
    let (a, b) = (one.http(), other.http());
    let headers = |lines: &[Header<'_>]| format!("{lines:?}");
    assert_eq!(
        (a.method, a.target, a.peer, a.secure, a.body),
        (b.method, b.target, b.peer, b.secure, b.body)
    );
    assert_eq!(headers(a.headers), headers(b.headers));
    assert_eq!(
        (one.now, one.request_id, one.object_tags()),
        (other.now, other.request_id, other.object_tags())
    );
}
