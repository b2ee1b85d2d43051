//! The fields of a form: each once, found by its name without regard to case.

use super::{PostForm, refusal};
use crate::operation::check_form_key;
use crate::signature::Options;
use crate::signature::limits::{MAX_FORM_BYTES, MAX_FORM_PARTS, MAX_FORM_POLICY_BYTES, MAX_TOKEN_BYTES};
use crate::{Error, ErrorCode};

/// The longest object key, in bytes, that is put together; a longer one is refused all the same.
const MAX_KEY: usize = 1024;
/// The field of the session token.
const TOKEN: &str = "x-amz-security-token";
/// The field of the token of a session of S3 Express.
const SESSION_TOKEN: &str = "x-amz-s3session-token";
/// What stands for the name of the file.
const FILE_NAME: &[u8] = b"${filename}";

/// The fields of a form, read once.
pub(super) struct Fields<'a> {
    /// In the order of the names, which are in lower case.
    sorted: Vec<(Vec<u8>, usize)>,
    all: &'a [(&'a [u8], &'a [u8])],
    /// The object key that the form names.
    pub key: Vec<u8>,
}

impl<'a> Fields<'a> {
    /// Reads the fields. They are bounded, and no name may stand twice: a reader that took the other
    /// value would act on what no condition has seen.
    pub(super) fn read(form: &PostForm<'a>, options: &Options) -> Result<Self, Error> {
        let bytes = |total: usize, (name, value): &(&[u8], &[u8])| {
            total.saturating_add(name.len()).saturating_add(value.len())
        };
        // The file is a part as well.
        if form.fields.len() >= MAX_FORM_PARTS || form.fields.iter().fold(0, bytes) > MAX_FORM_BYTES {
            return Err(ErrorCode::FormTooLarge.into());
        }
        let lower_case = |(at, (name, _)): (usize, &(&[u8], &[u8]))| (name.to_ascii_lowercase(), at);
        let mut sorted: Vec<_> = form.fields.iter().enumerate().map(lower_case).collect();
        sorted.sort_unstable();
        let repeated = sorted.windows(2).find_map(|pair| match pair {
            [(one, _), (other, _)] if one == other => Some(one),
            _ => None,
        });
        if let Some(name) = repeated {
            return Err(refusal::argument(ErrorCode::FormFieldRepeated, name, b"", options));
        }
        let mut fields = Self { sorted, all: form.fields, key: Vec::new() };
        if fields.get("file").is_some() {
            return Err(ErrorCode::FormFileMissing.into());
        }
        if fields.get("x-amz-trailer").is_some() {
            return Err(ErrorCode::FormTrailer.into());
        }
        if fields.get("policy").is_some_and(|text| text.len() > MAX_FORM_POLICY_BYTES) {
            return Err(ErrorCode::FormTooLarge.into());
        }
        if [TOKEN, SESSION_TOKEN]
            .iter()
            .any(|name| fields.get(name).is_some_and(|text| text.len() > MAX_TOKEN_BYTES))
        {
            return Err(ErrorCode::TokenTooLarge.into());
        }
        fields.key = fields.read_key(form.file_name.unwrap_or_default(), options)?;
        Ok(fields)
    }

    /// The value of a field, by its name in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.at(name.as_bytes()).and_then(|at| self.all.get(at)).map(|(_, value)| *value)
    }

    /// Where a field stands, by its name in lower case.
    pub(super) fn at(&self, name: &[u8]) -> Option<usize> {
        let found = self.sorted.binary_search_by(|(other, _)| other.as_slice().cmp(name)).ok()?;
        self.sorted.get(found).map(|(_, at)| *at)
    }

    /// The value of a field that the form must have.
    pub(super) fn required(&self, name: &'static str, options: &Options) -> Result<&'a [u8], Error> {
        self.get(&name.to_ascii_lowercase()).ok_or_else(|| refusal::field_missing(name, options))
    }

    /// All fields, in the order of the form.
    pub(super) fn all(&self) -> &'a [(&'a [u8], &'a [u8])] {
        self.all
    }

    /// The session token, or empty. Sessions of S3 Express have theirs in a field of its own; with both it is
    /// ambiguous and refused.
    pub(super) fn token(&self, is_express: bool) -> Result<&'a [u8], Error> {
        match (self.get(TOKEN), self.get(SESSION_TOKEN).filter(|_| is_express)) {
            (Some(_), Some(_)) => Err(ErrorCode::TokenInvalid.into()),
            (one, other) => Ok(one.or(other).unwrap_or_default()),
        }
    }

    /// The key with the name of the file in its place, as it addresses an object.
    fn read_key(&self, file_name: &[u8], options: &Options) -> Result<Vec<u8>, Error> {
        let missing = || refusal::argument(ErrorCode::FormKeyMissing, b"key", b"", options);
        let template = self.get("key").ok_or_else(missing)?;
        let file_name = base_name(file_name);
        let (mut key, mut rest) = (Vec::new(), template);
        while let Some(at) = rest.windows(FILE_NAME.len()).position(|window| window == FILE_NAME) {
            key.extend_from_slice(rest.get(..at).unwrap_or_default());
            key.extend_from_slice(file_name);
            rest = rest.get(at + FILE_NAME.len()..).unwrap_or_default();
            // Many names of a long file would be a long key.
            if key.len() > 2 * MAX_KEY {
                return Err(ErrorCode::KeyTooLong.into());
            }
        }
        key.extend_from_slice(rest);
        if key.iter().all(|&b| b == b'/') {
            return Err(missing());
        }
        check_form_key(&key).map(<[u8]>::to_vec)
    }
}

/// What follows the last separator of a path, of either kind.
fn base_name(path: &[u8]) -> &[u8] {
    let start = path.iter().rposition(|b| matches!(b, b'/' | b'\\')).map_or(0, |at| at + 1);
    path.get(start..).unwrap_or_default()
}
