//! The bodies that say what a request touches.

use super::address::{check_key, check_text};
use super::xml::{Reader, malformed};
use crate::Error;

/// The most keys that one `DeleteObjects` request may name.
pub const MAX_DELETE_KEYS: usize = 1000;
/// The largest body of a `DeleteObjects` request, in bytes.
pub const MAX_DELETE_BODY: usize = 2 * 1024 * 1024;
/// The largest body of `CreateBucket`, in bytes.
const MAX_LOCATION_BODY: usize = 64 * 1024;

/// One object that a `DeleteObjects` request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteKey {
    /// The key, without leading slashes.
    pub key: String,
    /// The version, if one was named.
    pub version_id: Option<String>,
}

/// Reads the body of a `DeleteObjects` request: its keys in the order of the document.
///
/// # Errors
///
/// `malformed-xml` for anything but a `Delete` document with 1 to [`MAX_DELETE_KEYS`] objects in at
/// most [`MAX_DELETE_BODY`] bytes; `unsafe-path`, `key-too-long` or `invalid-uri` for a key that no
/// request could address. One bad key refuses the request: it cannot be carried out as asked.
pub fn read_delete_keys(body: &[u8]) -> Result<Vec<DeleteKey>, Error> {
    if body.len() > MAX_DELETE_BODY {
        return Err(malformed());
    }
    let mut reader = Reader::new(body, "Delete")?;
    let mut keys = Vec::new();
    while let Some(name) = reader.child()? {
        match name {
            "Object" if keys.len() == MAX_DELETE_KEYS => return Err(malformed()),
            "Object" => keys.push(read_object(&mut reader)?),
            _ => reader.skip()?,
        }
    }
    reader.finish()?;
    if keys.is_empty() {
        return Err(malformed());
    }
    Ok(keys)
}

fn read_object(reader: &mut Reader<'_>) -> Result<DeleteKey, Error> {
    let (mut key, mut version_id) = (None, None);
    while let Some(name) = reader.child()? {
        match name {
            "Key" => set_once(&mut key, reader.text()?)?,
            "VersionId" => set_once(&mut version_id, reader.text()?)?,
            _ => reader.skip()?,
        }
    }
    let key = key.filter(|key| !key.is_empty()).ok_or_else(malformed)?;
    check_text(key.as_bytes())?;
    // What is cut off is slashes only, so the rest is text.
    let length = check_key(key.as_bytes())?.len();
    let key = key.get(key.len() - length..).unwrap_or_default().to_owned();
    Ok(DeleteKey { key, version_id: version_id.filter(|version| !version.is_empty()) })
}

fn set_once(slot: &mut Option<String>, text: String) -> Result<(), Error> {
    if slot.replace(text).is_some() { Err(malformed()) } else { Ok(()) }
}

/// The location that the body of a `CreateBucket` request asks for, or `None`.
pub(super) fn read_location(body: &[u8]) -> Result<Option<String>, Error> {
    if body.trim_ascii().is_empty() {
        return Ok(None);
    }
    if body.len() > MAX_LOCATION_BODY {
        return Err(malformed());
    }
    let mut reader = Reader::new(body, "CreateBucketConfiguration")?;
    let mut location = None;
    while let Some(name) = reader.child()? {
        match name {
            "LocationConstraint" => set_once(&mut location, reader.text()?)?,
            _ => reader.skip()?,
        }
    }
    reader.finish()?;
    Ok(location.map(|text| text.trim_ascii().to_owned()).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    fn keys(body: &str) -> Result<Vec<(String, Option<String>)>, ErrorCode> {
        let keys = read_delete_keys(body.as_bytes()).map_err(|e| e.code())?;
        Ok(keys.into_iter().map(|k| (k.key, k.version_id)).collect())
    }

    #[test]
    fn keys_come_in_order_with_their_versions() {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>\n\
            <Object><Key>a&amp;b</Key></Object>\n\
            <Object><VersionId>v1</VersionId><Key>/c d</Key><ETag>x</ETag></Object>\n\
            <Object><Key>e</Key><VersionId/></Object></Delete>";
        assert_eq!(
            keys(body),
            Ok(vec![
                ("a&b".to_owned(), None),
                ("c d".to_owned(), Some("v1".to_owned())),
                ("e".to_owned(), None)
            ])
        );
    }

    #[test]
    fn a_document_that_is_not_one_delete_list_is_refused() {
        for body in [
            "",
            "<Delete/>",
            "<delete><Object><Key>a</Key></Object></delete>",
            "<Delete><Object/></Delete>",
            "<Delete><Object><Key/></Object></Delete>",
            "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
            "<Delete><Object><Key>a<b/></Key></Object></Delete>",
            "<Delete><Object><Key>a</Key></Object></Delete><Delete/>",
            "<Delete>text<Object><Key>a</Key></Object></Delete>",
        ] {
            assert_eq!(keys(body), Err(ErrorCode::MalformedXml), "{body}");
        }
        assert_eq!(keys("<Delete><Object><Key>a/../b</Key></Object></Delete>"), Err(ErrorCode::UnsafePath));
    }

    #[test]
    fn limits_are_exact() {
        let many = |n: usize| format!("<Delete>{}</Delete>", "<Object><Key>a</Key></Object>".repeat(n));
        assert_eq!(keys(&many(1000)).unwrap().len(), 1000);
        assert_eq!(keys(&many(1001)), Err(ErrorCode::MalformedXml));
        let padded = |n: usize| {
            let body = many(1);
            format!("{body}{}", " ".repeat(n - body.len()))
        };
        assert!(keys(&padded(MAX_DELETE_BODY)).is_ok());
        assert_eq!(keys(&padded(MAX_DELETE_BODY + 1)), Err(ErrorCode::MalformedXml));
    }

    #[test]
    fn a_location_is_read_or_absent() {
        let location = |body: &str| read_location(body.as_bytes()).map_err(|e| e.code());
        let document = |inner| format!("<CreateBucketConfiguration>{inner}</CreateBucketConfiguration>");
        let eu = document("<LocationConstraint>eu-west-1</LocationConstraint><Tags><Tag/></Tags>");
        assert_eq!(location(&eu), Ok(Some("eu-west-1".to_owned())));
        assert_eq!(location(""), Ok(None));
        assert_eq!(location(&document("")), Ok(None));
        assert_eq!(location(&document("<LocationConstraint/>")), Ok(None));
        assert_eq!(location("<x/>"), Err(ErrorCode::MalformedXml));
    }
}
