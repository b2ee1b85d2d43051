//! What a verified form allows: who uploads, under which key, how much, and with what beside it.

use super::{PostForm, refusal};
use crate::error::ErrorProfile;
use crate::signature::Identity;
use crate::{Error, ErrorCode};
use std::fmt;

/// How many bytes the file of a form may have. Only verification makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LengthRange {
    pub(super) min: u64,
    pub(super) max: u64,
    pub(super) profile: ErrorProfile,
}

impl LengthRange {
    /// The least, in bytes.
    pub fn min(&self) -> u64 {
        self.min
    }

    /// The most, in bytes; `u64::MAX` if the policy says nothing of it.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Checks how much of the file has arrived: the most at any time, the least once it is `done`. A
    /// gateway asks with every piece before it stores it, and at the end before it commits.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FormFileTooLarge`] and [`ErrorCode::FormFileTooSmall`].
    pub fn check_length(&self, received: u64, done: bool) -> Result<(), Error> {
        if received > self.max {
            return Err(refusal::length(ErrorCode::FormFileTooLarge, received, self));
        }
        if done && received < self.min {
            return Err(refusal::length(ErrorCode::FormFileTooSmall, received, self));
        }
        Ok(())
    }
}

/// A form that was verified. Nothing outside this module can make one.
///
/// It says who signed, not what they may do: a decision on `s3:PutObject` is still needed
/// ([`Iam::authorize_post`](crate::authorize::Iam::authorize_post) makes it).
#[derive(Clone)]
pub struct PostUpload<'a, 'd> {
    pub(super) identity: Option<Identity<'d>>,
    pub(super) key: Vec<u8>,
    pub(super) length_range: LengthRange,
    pub(super) form: PostForm<'a>,
}

impl<'a, 'd> PostUpload<'a, 'd> {
    /// Who signed, or `None` for a form without any authentication.
    pub fn identity(&self) -> Option<&Identity<'d>> {
        self.identity.as_ref()
    }

    /// The object key: `${filename}` is replaced and leading slashes are gone. The conditions were
    /// held against this very text.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// How large the file may be: what all ranges of the policy have in common.
    pub fn length_range(&self) -> LengthRange {
        self.length_range
    }

    /// [`LengthRange::check_length`] of the range.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::FormFileTooLarge`] and [`ErrorCode::FormFileTooSmall`].
    pub fn check_length(&self, received: u64, done: bool) -> Result<(), Error> {
        self.length_range.check_length(received, done)
    }

    /// [`PostForm::success_status`] of the form.
    pub fn success_status(&self) -> u16 {
        self.form.success_status()
    }

    /// [`PostForm::success_redirect`] of the form.
    pub fn success_redirect(&self) -> Option<&'a [u8]> {
        self.form.success_redirect()
    }

    /// [`PostForm::headers`] of the form.
    pub fn headers(&self) -> impl Iterator<Item = (String, &'a [u8])> + use<'a> {
        self.form.headers()
    }
}

/// What a form asks for beside the upload. It means nothing before the form was verified.
impl<'a> PostForm<'a> {
    /// The status of a successful answer without a redirect: what `success_action_status` says if that
    /// is 200 or 201, else 204.
    pub fn success_status(&self) -> u16 {
        match self.field("success_action_status") {
            Some(b"200") => 200,
            Some(b"201") => 201,
            _ => 204,
        }
    }

    /// Where a successful answer redirects to (with status 303): `success_action_redirect`, else its old
    /// name `redirect`. A value that is no absolute `http` or `https` URL is as good as none, as with S3.
    pub fn success_redirect(&self) -> Option<&'a [u8]> {
        let url = self.field("success_action_redirect").or_else(|| self.field("redirect"))?;
        let starts_with =
            |scheme: &str| url.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme.as_bytes()));
        let is_url =
            (starts_with("http://") || starts_with("https://")) && url.iter().all(u8::is_ascii_graphic);
        is_url.then_some(url)
    }

    /// The fields that act as headers of the upload, in the order of the form: name in lower case, and
    /// value. `acl` is called `x-amz-acl` here; `tagging` keeps its name, because its value is a `Tagging`
    /// document. The fields of the signature and a copy source are not among them.
    ///
    /// They stand for the headers of an upload: a gateway acts on no `x-amz-` header of the request itself.
    /// Checksums are compared with the file by the gateway.
    pub fn headers(&self) -> impl Iterator<Item = (String, &'a [u8])> + use<'a> {
        self.fields.iter().filter_map(|(name, value)| Some((header(name)?, *value)))
    }

    fn field(&self, name: &str) -> Option<&'a [u8]> {
        self.fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| *value)
    }
}

/// Without the fields: a session token is among them.
impl fmt::Debug for PostUpload<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostUpload")
            .field("identity", &self.identity)
            .field("key", &String::from_utf8_lossy(&self.key))
            .field("length_range", &self.length_range)
            .finish_non_exhaustive()
    }
}

/// The header that a field stands for.
fn header(field: &[u8]) -> Option<String> {
    const PLAIN: [&str; 7] = [
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-md5",
        "content-type",
        "expires",
        "tagging",
    ];
    const OTHERS: [&str; 6] = [
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-s3session-token",
        "x-amz-security-token",
        "x-amz-signature",
    ];
    let name = std::str::from_utf8(field).ok()?.to_ascii_lowercase();
    match &*name {
        "acl" => Some("x-amz-acl".to_owned()),
        plain if PLAIN.contains(&plain) => Some(name),
        amz if amz.starts_with("x-amz-") => {
            let is_header = !OTHERS.contains(&amz) && !amz.starts_with("x-amz-copy-source");
            is_header.then_some(name)
        }
        _ => None,
    }
}
