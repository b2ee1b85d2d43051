//! Bodies that are read while they arrive.

use crate::error::s3iam_error;
use crate::panic::{call, give, given, value};
use crate::pointer;
use crate::status::s3iam_status;
use crate::text::{give_bytes, s3iam_pair, s3iam_string, s3iam_text};
use s3iam::facade::{BodyReader, BodySummary, ErrorProfile, stored_content_encoding};
use std::mem::MaybeUninit;

/// Reads a request body piece by piece: takes it as it arrives, releases the object's bytes, and at the end
/// says whether the body is what was announced and signed. It comes from a verified request
/// (`s3iam_identity_body_reader`, `s3iam_verdict_body_reader`) or of an anonymous one
/// (`s3iam_verifier_anonymous_body`).
///
/// | payload              | released                               | checked                              |
/// |----------------------|----------------------------------------|--------------------------------------|
/// | `unsigned`           | as it arrives                          | checksum headers                     |
/// | `sha256`             | as it arrives                          | the hash and checksums, at the end   |
/// | `STREAMING-`, signed | each chunk, its signature verified     | signatures, length, checksums        |
/// | unsigned chunks      | as it arrives, without the framing     | length, checksums                    |
///
/// A reader goes forward with every call, so only one thread may use it at a time. Free with
/// `s3iam_body_reader_free`.
pub struct s3iam_body_reader {
    reader: BodyReader,
    profile: ErrorProfile,
    /// What the summary's texts lie in.
    summary: Option<Values>,
}

/// The values of checksums in base64; empty where there is none.
struct Values {
    checksum: String,
    content_md5: String,
}

/// What is known of a body that was read to its end. The texts belong to the reader.
#[repr(C)]
pub struct s3iam_body_summary {
    /// The length of the object.
    pub decoded_length: u64,
    /// The algorithm of the checksum that came as a header, parameter or trailer, for example `CRC32`; empty
    /// if none came.
    pub checksum_algorithm: s3iam_text,
    /// Its value in base64, which is right. A gateway stores both with the object.
    pub checksum: s3iam_text,
    /// The value of `Content-MD5`, which is right; empty if there was none.
    pub content_md5: s3iam_text,
    /// The trailer of a body in chunks, if the checksum came as one: its header name and its value. There is
    /// never more than one; the name is empty if there was none.
    pub trailer: s3iam_pair,
}

/// Takes the next `len` bytes of a body, or some of them: `taken` says how many, at least one. The rest is to
/// be pushed again. The next bytes of the object, often none, are then at `released`, within the input or
/// within the reader: they are valid until the next call with the reader and as long as the input is. They
/// are an object only once `s3iam_body_finish` has answered `S3IAM_OK`; a gateway stores it under its name
/// then and not before.
///
/// An input of no bytes is nothing, and is answered with nothing. How the body is split does not matter.
/// After an error every further call answers with that error, and what was released before must not become
/// an object. A signed chunk that does not lie in one input as a whole is gathered in memory, at most
/// `max_chunk_bytes` of the options. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_body_push(
    reader: Option<&mut s3iam_body_reader>,
    input: *const u8,
    len: usize,
    taken: Option<&mut MaybeUninit<usize>>,
    released: Option<&mut MaybeUninit<*const u8>>,
    released_len: Option<&mut MaybeUninit<usize>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (reader, input) = (given(reader)?, pointer::slice(&input, len)?);
        let (taken, released, released_len) = (given(taken)?, given(released)?, given(released_len)?);
        let profile = reader.profile;
        let pushed = reader.reader.push(input);
        let pushed = pushed.map_err(|error| s3iam_error::from(error).told_as(profile))?;
        taken.write(pushed.taken);
        give_bytes(pushed.released, released, released_len);
        Ok(())
    })
}

/// Says that the body has ended, checks what can be checked then alone, and gives what is known of it. A
/// body of which this was not asked is not checked. A reader that has answered is used up:
/// `S3IAM_ERROR_INVALID_ARGUMENT` from then on. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_body_finish(
    reader: Option<&mut s3iam_body_reader>,
    out: Option<&mut MaybeUninit<s3iam_body_summary>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (reader, out) = (given(reader)?, given(out)?);
        let summary = reader.reader.finish();
        let summary = summary.map_err(|error| s3iam_error::from(error).told_as(reader.profile))?;
        out.write(reader.keep(&summary));
        Ok(())
    })
}

/// Whether the body is in chunks, and so announces the length of its object: if so it is written to `out`.
/// If not, and for NULL, nothing is written; the length is then `Content-Length`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_body_decoded_length(
    reader: Option<&s3iam_body_reader>,
    out: Option<&mut MaybeUninit<u64>>,
) -> bool {
    value(false, || {
        let length = reader.and_then(|reader| reader.reader.decoded_length());
        length.zip(out).map(|(length, out)| out.write(length)).is_some()
    })
}

/// Frees a reader. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_body_reader_free(reader: Option<Box<s3iam_body_reader>>) {
    value((), || drop(reader));
}

/// Gives a `Content-Encoding` as it is stored with the object: without `aws-chunked`, which speaks of the
/// request alone. Empty if nothing is left. The string is the caller's to free. A value that is not UTF-8 is
/// `S3IAM_ERROR_INVALID_UTF8`.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_stored_content_encoding(
    content_encoding: s3iam_text,
    out: Option<&mut MaybeUninit<Box<s3iam_string>>>,
) -> s3iam_status {
    call(None, || {
        let stored = stored_content_encoding(content_encoding.utf8("the content encoding")?);
        give(out, stored.unwrap_or_default().into())
    })
}

impl s3iam_body_reader {
    /// A reader of the core, whose errors are told in the wording of `profile`.
    pub(crate) fn new(reader: BodyReader, profile: ErrorProfile) -> Box<Self> {
        Box::new(Self { reader, profile, summary: None })
    }

    /// Keeps the texts of a summary, and gives it to C.
    fn keep(&mut self, summary: &BodySummary) -> s3iam_body_summary {
        let base64 = |checksum: Option<&s3iam::facade::Checksum>| checksum.map(|sum| sum.base64());
        let values = self.summary.insert(Values {
            checksum: base64(summary.checksum()).unwrap_or_default(),
            content_md5: base64(summary.content_md5()).unwrap_or_default(),
        });
        let checksum = s3iam_text::of(&values.checksum);
        let trailer = summary.trailers().next().map(|(name, _)| (s3iam_text::of(name), checksum));
        let (name, value) = trailer.unwrap_or((s3iam_text::EMPTY, s3iam_text::EMPTY));
        s3iam_body_summary {
            decoded_length: summary.decoded_length(),
            checksum_algorithm: summary
                .checksum()
                .map_or(s3iam_text::EMPTY, |checksum| s3iam_text::of(checksum.algorithm().name())),
            checksum,
            content_md5: s3iam_text::of(&values.content_md5),
            trailer: s3iam_pair { name, value },
        }
    }
}
