/* What the programs about signing share: a signer, a verifier that knows it, and bodies that pass through both. */
#ifndef SIGNED_H
#define SIGNED_H

#include "check.h"
#include "requests.h"

enum { UPLOAD_LEN = 1500, UPLOAD_CHUNK = 1000 };

/* A verifier that knows the key of requests.h. `options` may be NULL. */
static inline s3iam_verifier *a_verifier(const s3iam_options *options)
{
    s3iam_key key = {.size = sizeof key, .access_key = S3IAM_STR(KEY_ID), .secret_key = S3IAM_STR(SECRET)};
    s3iam_verifier *verifier = NULL;
    CHECK_STATUS(s3iam_verifier_new(options, &verifier, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_verifier_add_key(verifier, &key, NULL), S3IAM_OK);
    return verifier;
}

/* A signer with that key. */
static inline s3iam_signer *a_signer(s3iam_algorithm algorithm)
{
    s3iam_signer_options options = {.size = sizeof options, .algorithm = (uint32_t)algorithm};
    options.access_key = S3IAM_STR(KEY_ID);
    options.secret_key = S3IAM_STR(SECRET);
    s3iam_signer *signer = NULL;
    CHECK_STATUS(s3iam_signer_new(&options, &signer, NULL), S3IAM_OK);
    return signer;
}

/* Pushes an input, `piece` bytes at a time, and appends what is released to `object`. */
static inline s3iam_status push_all(s3iam_body_reader *reader, const char *input, size_t len, size_t piece,
                                    char *object, size_t *object_len, s3iam_error **detail)
{
    const uint8_t *bytes = (const uint8_t *)input;
    while (len > 0) {
        size_t now = piece < len ? piece : len, taken = 0, released_len = 0;
        const uint8_t *released = NULL;
        s3iam_status status = s3iam_body_push(reader, bytes, now, &taken, &released, &released_len, detail);
        if (status != S3IAM_OK) {
            return status;
        }
        CHECK(taken > 0 && taken <= now && released != NULL);
        memcpy(object + *object_len, released, released_len);
        *object_len += released_len;
        bytes += taken;
        len -= taken;
    }
    return S3IAM_OK;
}

enum { MOST_HEADERS = 16, MOST_BODY = 4096 };

/* An upload in chunks, as it goes over the wire. */
typedef struct {
    char data[UPLOAD_LEN];
    char body[MOST_BODY];
    size_t body_len;
    s3iam_pair headers[MOST_HEADERS];
    s3iam_pairs *added;
    s3iam_http_request request;
} signed_upload;

static inline void free_upload(signed_upload *upload)
{
    s3iam_pairs_free(upload->added);
}

static inline void append(signed_upload *upload, const uint8_t *bytes, size_t len)
{
    CHECK(len <= MOST_BODY - upload->body_len);
    memcpy(upload->body + upload->body_len, bytes, len);
    upload->body_len += len;
}

/* Appends the headers that signing adds. */
static inline void add_headers(s3iam_http_request *request, s3iam_pair *headers, const s3iam_pairs *added)
{
    for (size_t i = 0; i < s3iam_pairs_len(added); i++) {
        CHECK(request->headers_len < MOST_HEADERS);
        headers[request->headers_len++] = s3iam_pairs_at(added, i);
    }
}

/* Signs and writes an upload of two chunks; kinds with trailers end with a CRC-32 that is wrong. */
static inline void write_upload(signed_upload *upload, s3iam_chunk_kind kind, s3iam_algorithm algorithm)
{
    const bool has_trailer = kind != S3IAM_CHUNK_SIGNED;
    const s3iam_pair trailer[] = {{S3IAM_STR("x-amz-checksum-crc32"), S3IAM_STR("AAAAAA==")}};
    const s3iam_pair own[] = {{S3IAM_STR("Host"), S3IAM_STR("s3.example.com")},
                              {S3IAM_STR("Content-Encoding"), S3IAM_STR("aws-chunked")},
                              {S3IAM_STR("x-amz-decoded-content-length"), S3IAM_STR("1500")},
                              {S3IAM_STR("x-amz-trailer"), S3IAM_STR("x-amz-checksum-crc32")}};
    memcpy(upload->headers, own, sizeof own);
    upload->request = request_of("PUT", "/bucket/photos/cat.jpg", upload->headers);
    upload->request.headers_len = has_trailer ? 4 : 3;
    for (size_t i = 0; i < UPLOAD_LEN; i++) {
        upload->data[i] = (char)(i % 251);
    }

    s3iam_signer *signer = a_signer(algorithm);
    s3iam_chunk_signer *chunks = NULL;
    uint64_t length = 0;
    CHECK_STATUS(s3iam_signer_sign_chunks(signer, &upload->request, (uint32_t)kind, &upload->added, &chunks, NULL),
                 S3IAM_OK);
    CHECK_STATUS(s3iam_signer_encoded_length(signer, (uint32_t)kind, UPLOAD_LEN, UPLOAD_CHUNK, trailer,
                                             has_trailer ? 1 : 0, &length, NULL),
                 S3IAM_OK);
    s3iam_signer_free(signer);
    add_headers(&upload->request, upload->headers, upload->added);

    const uint8_t *out = NULL, *data = (const uint8_t *)upload->data;
    size_t len = 0;
    for (size_t at = 0; at < UPLOAD_LEN; at += UPLOAD_CHUNK) {
        size_t chunk = UPLOAD_LEN - at < UPLOAD_CHUNK ? UPLOAD_LEN - at : UPLOAD_CHUNK;
        CHECK_STATUS(s3iam_chunk_signer_encode(chunks, data + at, chunk, &out, &len, NULL), S3IAM_OK);
        append(upload, out, len);
    }
    CHECK_STATUS(s3iam_chunk_signer_finish(chunks, trailer, has_trailer ? 1 : 0, &out, &len, NULL), S3IAM_OK);
    append(upload, out, len);
    CHECK(upload->body_len == length);
    CHECK_STATUS(s3iam_chunk_signer_encode(chunks, data, 1, &out, &len, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_chunk_signer_free(chunks);
}

#endif
