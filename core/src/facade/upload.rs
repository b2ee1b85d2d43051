//! Form uploads in JavaScript: the form as it crosses, in one buffer, and what is answered, as JSON.

use super::answer::{Object, reopen, verdict_json};
use super::{LengthRange, PostForm, PostUpload, Verdict};
use crate::{Error, ErrorCode};

/// The head of a packed form.
const HEAD: usize = 16;

/// A form read from a packed buffer, which it borrows. All numbers are little-endian.
///
/// | offset | size | content |
/// |---|---|---|
/// | 0 | 4 | number of fields |
/// | 4 | 8 | length of the file; all bits set if it is not known |
/// | 12 | 4 | length of the file's name; all bits set if it has none |
/// | 16 | 8 each | lengths of name and value of each field |
/// | | | the file's name, and name and value of each field |
#[derive(Clone, Debug)]
pub struct PackedForm<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
    file_name: Option<&'a [u8]>,
    file_length: Option<u64>,
}

impl<'a> PackedForm<'a> {
    /// Reads a packed form.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::MalformedPackedRequest`] for anything but exactly the announced content.
    pub fn read(buffer: &'a [u8]) -> Result<Self, Error> {
        let malformed = || Error::with_message(ErrorCode::MalformedPackedRequest, "the form is cut short");
        let (head, rest) = buffer.split_first_chunk::<HEAD>().ok_or_else(malformed)?;
        let [n0, n1, n2, n3, l0, l1, l2, l3, l4, l5, l6, l7, name @ ..] = *head;
        let fields = u32::from_le_bytes([n0, n1, n2, n3]) as usize;
        let file_length = u64::from_le_bytes([l0, l1, l2, l3, l4, l5, l6, l7]);
        let name_length = u32::from_le_bytes(name);
        let all = fields.checked_mul(8).and_then(|all| rest.split_at_checked(all));
        let (lengths, mut rest) = all.ok_or_else(malformed)?;
        let mut take = |length: u32| {
            let (piece, behind) = rest.split_at_checked(length as usize).ok_or_else(malformed)?;
            rest = behind;
            Ok::<_, Error>(piece)
        };
        let file_name = match name_length {
            u32::MAX => None,
            length => Some(take(length)?),
        };
        let mut packed = Self {
            fields: Vec::with_capacity(fields),
            file_name,
            file_length: Some(file_length).filter(|length| *length != u64::MAX),
        };
        for [a, b, c, d, e, f, g, h] in lengths.as_chunks().0 {
            let name = take(u32::from_le_bytes([*a, *b, *c, *d]))?;
            packed.fields.push((name, take(u32::from_le_bytes([*e, *f, *g, *h]))?));
        }
        if rest.is_empty() { Ok(packed) } else { Err(malformed()) }
    }

    /// The form.
    pub fn form(&self) -> PostForm<'_> {
        PostForm { fields: &self.fields, file_name: self.file_name, file_length: self.file_length }
    }
}

/// `{"anonymous", "key", "upload"}`, and `accessKey`, `form` and `signedAt`, milliseconds since 1970, if somebody signed.
/// `upload` is `{"leastLength", "mostLength", "successStatus", "successRedirect", "headers": [[name, value]]}`, with null
/// for `mostLength` where the policy says nothing of it.
pub fn upload_json(upload: &PostUpload<'_, '_>, form: &PostForm<'_>) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    object.boolean("anonymous", upload.identity().is_none());
    if let Some(identity) = upload.identity() {
        object.text("accessKey", identity.access_key());
        object.text("form", identity.form().name());
        object.number("signedAt", identity.signed_at().unix_millis());
    }
    object.text("key", &String::from_utf8_lossy(upload.key()));
    write_upload(&mut object, upload.length_range(), form);
    object.end();
    out
}

/// As [`verdict_json`], of an allowed upload with `upload` as in [`upload_json`].
pub fn post_verdict_json(verdict: &Verdict, form: &PostForm<'_>, request_id: &str) -> String {
    let mut out = verdict_json(verdict, request_id);
    if let Some(range) = verdict.length_range().filter(|_| verdict.allowed()) {
        reopen(&mut out, |object| write_upload(object, range, form));
    }
    out
}

fn write_upload(object: &mut Object<'_>, range: LengthRange, form: &PostForm<'_>) {
    object.raw("upload");
    let mut upload = Object::new(object.out);
    upload.large("leastLength", range.min());
    match range.max() {
        u64::MAX => upload.optional("mostLength", None),
        most => upload.large("mostLength", most),
    }
    upload.number("successStatus", i64::from(form.success_status()));
    upload.optional("successRedirect", form.success_redirect().map(String::from_utf8_lossy).as_deref());
    let headers = form.headers().map(|(name, value)| (name, String::from_utf8_lossy(value).into_owned()));
    upload.pairs("headers", &headers.collect::<Vec<_>>());
    upload.end();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(file_length: u64, name: Option<&str>, fields: &[(&str, &str)]) -> Vec<u8> {
        let mut out = (fields.len() as u32).to_le_bytes().to_vec();
        out.extend(file_length.to_le_bytes());
        out.extend(name.map_or(u32::MAX, |name| name.len() as u32).to_le_bytes());
        for text in fields.iter().flat_map(|(name, value)| [name, value]) {
            out.extend((text.len() as u32).to_le_bytes());
        }
        out.extend(name.unwrap_or_default().bytes());
        out.extend(fields.iter().flat_map(|(name, value)| [name, value]).flat_map(|text| text.bytes()));
        out
    }

    #[test]
    fn a_form_arrives_whole() -> Result<(), Error> {
        let buffer = packed(7, Some("cat.jpg"), &[("key", "${filename}"), ("acl", "")]);
        let read = PackedForm::read(&buffer)?;
        let form = read.form();
        assert_eq!(form.fields, [(&b"key"[..], &b"${filename}"[..]), (b"acl", b"")]);
        assert_eq!((form.file_name, form.file_length), (Some(&b"cat.jpg"[..]), Some(7)));
        let buffer = packed(u64::MAX, None, &[]);
        let read = PackedForm::read(&buffer)?;
        assert_eq!((read.form().file_name, read.form().file_length), (None, None));
        Ok(())
    }

    #[test]
    fn what_is_cut_short_or_too_long_is_refused() {
        let buffer = packed(7, Some("cat.jpg"), &[("key", "k"), ("acl", "private")]);
        for end in 0..buffer.len() {
            assert!(PackedForm::read(buffer.get(..end).unwrap()).is_err(), "{end}");
        }
        assert!(PackedForm::read(&[&buffer[..], b"x"].concat()).is_err());
        assert!(PackedForm::read(&[0xff; 16]).is_err());
        assert!(PackedForm::read(&[0xff; 4096]).is_err());
    }
}
