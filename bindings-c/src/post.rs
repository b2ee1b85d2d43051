//! Form uploads: a browser posts an object with a policy that somebody signed for it.

use crate::error::s3iam_error;
use crate::iam::s3iam_iam;
use crate::identity::s3iam_identity;
use crate::options::c_bool;
use crate::pairs::s3iam_pairs;
use crate::panic::{call, given, value};
use crate::pointer;
use crate::request::s3iam_http_request;
use crate::signature::s3iam_verifier;
use crate::status::s3iam_status;
use crate::text::{s3iam_pair, s3iam_text};
use crate::verdict::s3iam_verdict;
use s3iam::facade::{ErrorProfile, LengthRange, PostForm};
use smallvec::SmallVec;
use std::mem::MaybeUninit;

/// A form upload as the gateway read it from the body, up to the file. Members that are zero are not given.
///
/// Reading `multipart/form-data` is the gateway's: it refuses a broken body with
/// `S3IAM_ERROR_FORM_MALFORMED` and one without a file with `S3IAM_ERROR_FORM_FILE_MISSING`. The file is the
/// part named `file`; whatever follows it is ignored.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct s3iam_post_form {
    /// `sizeof(s3iam_post_form)`.
    pub size: usize,
    /// The fields before the file in the order of the form: name and value as sent.
    pub fields: *const s3iam_pair,
    /// The number of fields.
    pub fields_len: usize,
    /// The `filename` of the file, if `has_file_name`.
    pub file_name: s3iam_text,
    /// The length of the file in bytes, if `has_file_length`. It is then checked at once; else
    /// `s3iam_upload_check_length` is to be asked while the file arrives.
    pub file_length: u64,
    /// Whether `file_name` is given; an empty one may be.
    pub has_file_name: c_bool,
    /// Whether `file_length` is given.
    pub has_file_length: c_bool,
}

/// What a verified form uploads, and what it asks for. Immutable; the texts that accessors give belong to it.
/// Free with `s3iam_upload_free`.
#[derive(Clone)]
pub struct s3iam_upload {
    key: Vec<u8>,
    length_range: LengthRange,
    profile: ErrorProfile,
    success_status: u16,
    success_redirect: Vec<u8>,
    headers: s3iam_pairs,
}

/// Verifies a form upload to `bucket`, which is the one that the URL addresses, decoded; no field can name
/// another. `request` comes without its body. Gives who signed, and what is uploaded; both are the caller's to
/// free.
///
/// A form without any field of a signature is anonymous: nothing but its key was checked. A signature proves
/// who signed, not what they may do: a decision on `s3:PutObject` is still needed. The key of the object is
/// `s3iam_upload_key`, and no other; the length of the file is checked with `s3iam_upload_check_length`.
/// `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_verifier_verify_post(
    verifier: Option<&s3iam_verifier>,
    request: *const s3iam_http_request,
    bucket: s3iam_text,
    form: *const s3iam_post_form,
    identity: Option<&mut MaybeUninit<Box<s3iam_identity>>>,
    upload: Option<&mut MaybeUninit<Box<s3iam_upload>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (verifier, identity, upload) = (given(verifier)?, given(identity)?, given(upload)?);
        let profile = verifier.profile();
        let (signer, verified) = s3iam_post_form::read(form, |form| {
            let bucket = bucket.bytes()?;
            verifier.with(request, |verifier, keys, http, now| {
                let verified = verifier.verify_post(http, bucket, form, keys, now)?;
                let upload = s3iam_upload::new(form, verified.key(), verified.length_range(), profile);
                Ok((s3iam_identity::new(verified.identity(), profile), upload))
            })
        })?;
        identity.write(signer);
        upload.write(Box::new(verified));
        Ok(())
    })
}

/// Authorizes a form upload: as `s3iam_authorize`, with a form whose fields the gateway has read up to the
/// file. `request` comes without its body. The bucket is that of the URL, the key that of the form: a gateway
/// takes both from the verdict, and the rest from `s3iam_verdict_upload`. The upload needs `s3:PutObject`;
/// with tags also `s3:PutObjectTagging`, with a lock what a locked write needs, and with an ACL or grants
/// `s3:PutObjectAcl`. The verdict is the caller's to free and may outlive `iam`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_authorize_post(
    iam: Option<&s3iam_iam>,
    request: *const s3iam_http_request,
    form: *const s3iam_post_form,
    out: Option<&mut MaybeUninit<Box<s3iam_verdict>>>,
) -> s3iam_status {
    call(None, || {
        let (iam, out) = (given(iam)?.core(), given(out)?);
        let verdict = s3iam_post_form::read(form, |form| {
            s3iam_http_request::read(request, |http, facts, now| {
                s3iam_verdict::of_form(iam.authorize_post(http, form, facts, now), form)
            })
        })?;
        out.write(Box::new(verdict));
        Ok(())
    })
}

/// The object key, decoded: any bytes. `${filename}` is replaced and leading slashes are gone; the conditions
/// of the policy were held against this very text. Empty for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_upload_key(upload: Option<&s3iam_upload>) -> s3iam_text {
    value(s3iam_text::EMPTY, || upload.map_or(s3iam_text::EMPTY, |upload| s3iam_text::of(&upload.key)))
}

/// The least length of the file, in bytes. NULL gives `UINT64_MAX`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_upload_least_length(upload: Option<&s3iam_upload>) -> u64 {
    value(u64::MAX, || upload.map_or(u64::MAX, |upload| upload.length_range.min()))
}

/// The greatest length of the file, in bytes: `UINT64_MAX` if the policy says nothing of it. NULL gives 0.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_upload_greatest_length(upload: Option<&s3iam_upload>) -> u64 {
    value(0, || upload.map_or(0, |upload| upload.length_range.max()))
}

/// Checks how much of the file has arrived: the greatest length at any time, the least once it is `done`. A
/// gateway asks with every piece before it stores it, and at the end before it commits. Answers
/// `S3IAM_ERROR_FORM_FILE_TOO_LARGE` or `S3IAM_ERROR_FORM_FILE_TOO_SMALL`. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_upload_check_length(
    upload: Option<&s3iam_upload>,
    received: u64,
    done: bool,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let upload = given(upload)?;
        let checked = upload.length_range.check_length(received, done);
        checked.map_err(|error| s3iam_error::from(error).told_as(upload.profile))
    })
}

/// The status of a successful answer without a redirect: 200 or 201 if the form asks for it, else 204. NULL
/// gives 500.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_upload_success_status(upload: Option<&s3iam_upload>) -> u16 {
    value(500, || upload.map_or(500, |upload| upload.success_status))
}

/// Where a successful answer redirects to, with status 303: an absolute `http` or `https` URL. Empty if
/// nowhere, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_upload_success_redirect(upload: Option<&s3iam_upload>) -> s3iam_text {
    value(s3iam_text::EMPTY, || {
        upload.map_or(s3iam_text::EMPTY, |upload| s3iam_text::of(&upload.success_redirect))
    })
}

/// The fields that act as headers of the upload, in the order of the form: name in lower case, and value.
/// `acl` is called `x-amz-acl` here; `tagging` keeps its name, because its value is a `Tagging` document. They
/// stand for the headers of an upload: a gateway acts on no `x-amz-` header of the request itself. Checksums
/// are compared with the file by the gateway. The list belongs to the upload. NULL gives NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_upload_headers(upload: Option<&s3iam_upload>) -> Option<&s3iam_pairs> {
    value(None, || Some(&upload?.headers))
}

/// Frees an upload. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_upload_free(upload: Option<Box<s3iam_upload>>) {
    value((), || drop(upload));
}

impl s3iam_post_form {
    /// Calls `work` with the form that the caller filled in.
    fn read<R>(
        form: *const Self,
        work: impl FnOnce(&PostForm<'_>) -> Result<R, s3iam_error>,
    ) -> Result<R, s3iam_error> {
        let form: Self = pointer::sized(form)?;
        let mut fields: SmallVec<[(&[u8], &[u8]); 16]> = SmallVec::new();
        for field in pointer::slice(&form.fields, form.fields_len)? {
            fields.push((field.name.bytes()?, field.value.bytes()?));
        }
        let (has_name, has_length) = (form.has_file_name.is_set(), form.has_file_length.is_set());
        if !has_name && form.file_name.len > 0 || !has_length && form.file_length > 0 {
            return Err(s3iam_error::argument(
                "the file's name or length is given without has_file_name or has_file_length",
            ));
        }
        let file_name = if has_name { Some(form.file_name.bytes()?) } else { None };
        let file_length = has_length.then_some(form.file_length);
        work(&PostForm { fields: &fields, file_name, file_length })
    }
}

impl s3iam_upload {
    /// What a verified form uploads under `key`.
    pub(crate) fn new(
        form: &PostForm<'_>,
        key: &[u8],
        length_range: LengthRange,
        profile: ErrorProfile,
    ) -> Self {
        Self {
            key: key.to_vec(),
            length_range,
            profile,
            success_status: form.success_status(),
            success_redirect: form.success_redirect().unwrap_or_default().to_vec(),
            headers: form.headers().collect(),
        }
    }
}
