//! Bodies that are signed in chunks (aws-chunked).

use crate::error::s3iam_error;
use crate::pairs::s3iam_pairs;
use crate::panic::{call, given, value};
use crate::pointer;
use crate::request::s3iam_http_request;
use crate::sign::s3iam_signer;
use crate::status::s3iam_status;
use crate::text::{give_bytes, s3iam_pair};
use s3iam::facade::{ChunkKind, ChunkSigner};
use std::mem::MaybeUninit;

/// Writes a body in chunks, each signed together with what came before it. It goes forward with every call,
/// so only one thread may use it at a time. Free with `s3iam_chunk_signer_free`.
pub struct s3iam_chunk_signer {
    /// None once the body was finished.
    signer: Option<ChunkSigner>,
    written: Vec<u8>,
}

/// How a body is cut into chunks.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum s3iam_chunk_kind {
    /// Every chunk is signed.
    S3IAM_CHUNK_SIGNED = 0,
    /// Every chunk is signed, and so are the trailers.
    S3IAM_CHUNK_SIGNED_TRAILER = 1,
    /// No chunk is signed; a checksum follows as a trailer.
    S3IAM_CHUNK_UNSIGNED_TRAILER = 2,
}

/// Signs a request whose body is sent in chunks (aws-chunked), and gives the headers to add, as
/// `s3iam_signer_sign` does, and what makes the body. Both are the caller's to free; `chunks` outlives the
/// signer. `kind` is an `s3iam_chunk_kind`.
///
/// The request must be a `PUT` to S3 and must have `x-amz-decoded-content-length`, the length of the data;
/// `x-amz-trailer` names the trailers. It should have `content-encoding: aws-chunked`. Fails as
/// `s3iam_signer_sign` does, and where this is not so. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_signer_sign_chunks(
    signer: Option<&s3iam_signer>,
    request: *const s3iam_http_request,
    kind: u32,
    headers: Option<&mut MaybeUninit<Box<s3iam_pairs>>>,
    chunks: Option<&mut MaybeUninit<Box<s3iam_chunk_signer>>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (signer, headers, chunks) = (given(signer)?.core(), given(headers)?, given(chunks)?);
        let kind = s3iam_chunk_kind::read(kind)?;
        let signed = s3iam_http_request::read(request, |http, _, now| signer.sign_chunks(http, kind, now))?;
        let (add, signer) = signed?;
        headers.write(Box::new(add.into_iter().collect()));
        chunks.write(Box::new(s3iam_chunk_signer { signer: Some(signer), written: Vec::new() }));
        Ok(())
    })
}

/// Gives how long a body in chunks becomes, which is its `content-length`: of so many bytes of data, cut into
/// chunks of `chunk_bytes` but for the last. Of the trailers the names and the lengths of the values are looked
/// at; the values need not be there yet. Chunks of no bytes, trailers of a kind that has none, and a length
/// that is out of range are `S3IAM_ERROR_INVALID_ARGUMENT`. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_signer_encoded_length(
    signer: Option<&s3iam_signer>,
    kind: u32,
    data_bytes: u64,
    chunk_bytes: u64,
    trailers: *const s3iam_pair,
    trailers_len: usize,
    out: Option<&mut MaybeUninit<u64>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (signer, out) = (given(signer)?.core(), given(out)?);
        let kind = s3iam_chunk_kind::read(kind)?;
        let trailers: Vec<(&str, usize)> = pointer::slice(&trailers, trailers_len)?
            .iter()
            .map(|trailer| Ok((trailer.name.utf8("the name of a trailer")?, trailer.value.len)))
            .collect::<Result<_, s3iam_error>>()?;
        out.write(signer.encoded_length(kind, data_bytes, chunk_bytes, &trailers)?);
        Ok(())
    })
}

/// Gives the next chunk of the body, made of `len` bytes of data. No bytes are no chunk, since that would be
/// the end. What is given lies in the chunk signer and is valid until the next call with it.
///
/// S3 takes chunks of 8 KiB or more but for the last; 64 KiB are usual, and servers limit them (this library's
/// verifier to 16 MiB). `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_chunk_signer_encode(
    chunks: Option<&mut s3iam_chunk_signer>,
    data: *const u8,
    len: usize,
    out: Option<&mut MaybeUninit<*const u8>>,
    out_len: Option<&mut MaybeUninit<usize>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (chunks, data) = (given(chunks)?, pointer::slice(&data, len)?);
        let (out, out_len) = (given(out)?, given(out_len)?);
        let signer = chunks.signer.as_mut().ok_or_else(finished)?;
        chunks.written.clear();
        signer.encode(data, &mut chunks.written);
        give_bytes(&chunks.written, out, out_len);
        Ok(())
    })
}

/// Gives the end of the body, with the trailers in their order. What is given lies in the chunk signer and is
/// valid until it is freed. Where the server would refuse the body it is `S3IAM_ERROR_INVALID_ARGUMENT`: the
/// length of the data is not that of `x-amz-decoded-content-length`, or the trailers are not those of
/// `x-amz-trailer`, or a value cannot be one. The chunk signer is used up in either case. `detail` may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_chunk_signer_finish(
    chunks: Option<&mut s3iam_chunk_signer>,
    trailers: *const s3iam_pair,
    trailers_len: usize,
    out: Option<&mut MaybeUninit<*const u8>>,
    out_len: Option<&mut MaybeUninit<usize>>,
    detail: Option<&mut MaybeUninit<Box<s3iam_error>>>,
) -> s3iam_status {
    call(detail, || {
        let (chunks, out, out_len) = (given(chunks)?, given(out)?, given(out_len)?);
        let trailers: Vec<(&str, &str)> = pointer::slice(&trailers, trailers_len)?
            .iter()
            .map(|trailer| {
                let name = trailer.name.utf8("the name of a trailer")?;
                Ok((name, trailer.value.utf8("the value of a trailer")?))
            })
            .collect::<Result<_, s3iam_error>>()?;
        let signer = chunks.signer.take().ok_or_else(finished)?;
        chunks.written.clear();
        signer.finish(&trailers, &mut chunks.written)?;
        give_bytes(&chunks.written, out, out_len);
        Ok(())
    })
}

/// Frees a chunk signer. NULL is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn s3iam_chunk_signer_free(chunks: Option<Box<s3iam_chunk_signer>>) {
    value((), || drop(chunks));
}

fn finished() -> s3iam_error {
    s3iam_error::argument("the body was finished already")
}

impl s3iam_chunk_kind {
    fn read(number: u32) -> Result<ChunkKind, s3iam_error> {
        match number {
            n if n == Self::S3IAM_CHUNK_SIGNED as u32 => Ok(ChunkKind::Signed),
            n if n == Self::S3IAM_CHUNK_SIGNED_TRAILER as u32 => Ok(ChunkKind::SignedTrailer),
            n if n == Self::S3IAM_CHUNK_UNSIGNED_TRAILER as u32 => Ok(ChunkKind::UnsignedTrailer),
            _ => Err(s3iam_error::argument("the kind of the chunks is not an s3iam_chunk_kind")),
        }
    }
}
