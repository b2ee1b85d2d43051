/* Bodies that are read while they arrive: in chunks, hashed, with checksums. */
#include "check.h"
#include "signed.h"

/* An anonymous upload whose checksum follows as a trailer. */
#define CHUNKS "5\r\n12345\r\n4\r\n6789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"

static const s3iam_pair TRAILER_HEADERS[] = {
    {{"x-amz-content-sha256", 20}, {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", 34}},
    {{"x-amz-decoded-content-length", 28}, {"9", 1}},
    {{"x-amz-trailer", 13}, {"x-amz-checksum-crc32", 20}},
};

static s3iam_body_reader *reader_of_anonymous(const s3iam_pair *headers, size_t headers_len)
{
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_http_request request = request_of("PUT", "/bucket/key", headers);
    s3iam_body_reader *reader = NULL;
    request.headers_len = headers_len;
    CHECK_STATUS(s3iam_verifier_anonymous_body(verifier, &request, &reader, NULL), S3IAM_OK);
    s3iam_verifier_free(verifier);
    return reader;
}

static void a_body_may_come_in_any_pieces(void)
{
    for (size_t piece = 1; piece <= strlen(CHUNKS); piece++) {
        s3iam_body_reader *reader = reader_of_anonymous(TRAILER_HEADERS, 3);
        s3iam_body_summary summary;
        uint64_t announced = 0;
        char object[16] = "";
        size_t len = 0;
        CHECK(s3iam_body_decoded_length(reader, &announced) && announced == 9);
        CHECK_STATUS(push_all(reader, CHUNKS, strlen(CHUNKS), piece, object, &len, NULL), S3IAM_OK);
        CHECK(len == 9 && memcmp(object, "123456789", 9) == 0);
        CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL), S3IAM_OK);
        CHECK(summary.decoded_length == 9);
        CHECK_TEXT(summary.checksum_algorithm, "CRC32");
        CHECK_TEXT(summary.checksum, "y/Q5Jg==");
        CHECK_TEXT(summary.trailer.name, "x-amz-checksum-crc32");
        CHECK_TEXT(summary.trailer.value, "y/Q5Jg==");
        CHECK_TEXT(summary.content_md5, "");
        /* It is used up. */
        CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(push_all(reader, "x", 1, 1, object, &len, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
        CHECK_TEXT(summary.checksum, "y/Q5Jg==");
        s3iam_body_reader_free(reader);
    }
}

static void a_wrong_body_is_refused_and_stays_refused(void)
{
    s3iam_body_reader *reader = reader_of_anonymous(TRAILER_HEADERS, 3);
    s3iam_body_summary summary;
    s3iam_error *detail = NULL;
    char object[16];
    size_t len = 0;
    CHECK_STATUS(push_all(reader, "5\r\n12345X", 9, 9, object, &len, &detail), S3IAM_ERROR_MALFORMED_CHUNK);
    CHECK_TEXT(s3iam_error_s3_code(detail), "IncompleteBody");
    CHECK(s3iam_error_http_status(detail) == 400);
    s3iam_error_free(detail);
    CHECK_STATUS(push_all(reader, "\r\n", 2, 2, object, &len, NULL), S3IAM_ERROR_MALFORMED_CHUNK);
    CHECK_STATUS(s3iam_body_finish(reader, &summary, &detail), S3IAM_ERROR_MALFORMED_CHUNK);
    s3iam_error_free(detail);
    s3iam_body_reader_free(reader);

    reader = reader_of_anonymous(TRAILER_HEADERS, 3);
    CHECK_STATUS(push_all(reader, "5\r\n12345\r\n", 10, 10, object, &len, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL), S3IAM_ERROR_BODY_TRUNCATED);
    s3iam_body_reader_free(reader);
}

static void checksum_headers_are_compared(void)
{
    const s3iam_pair headers[] = {{S3IAM_STR("x-amz-checksum-crc32"), S3IAM_STR("y/Q5Jg==")},
                                  {S3IAM_STR("content-md5"), S3IAM_STR("JfnnlDI7RTiF9RgfG2JNCw==")}};
    s3iam_body_reader *reader = reader_of_anonymous(headers, 2);
    s3iam_body_summary summary;
    char object[16];
    size_t len = 0;
    uint64_t announced;
    CHECK(!s3iam_body_decoded_length(reader, &announced));
    CHECK_STATUS(push_all(reader, "123456789", 9, 4, object, &len, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL), S3IAM_OK);
    CHECK(summary.decoded_length == 9);
    CHECK_TEXT(summary.checksum, "y/Q5Jg==");
    CHECK_TEXT(summary.content_md5, "JfnnlDI7RTiF9RgfG2JNCw==");
    CHECK_TEXT(summary.trailer.name, "");
    s3iam_body_reader_free(reader);

    reader = reader_of_anonymous(headers, 2);
    len = 0;
    CHECK_STATUS(push_all(reader, "123456780", 9, 9, object, &len, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL), S3IAM_ERROR_CHECKSUM_MISMATCH);
    s3iam_body_reader_free(reader);
}

/* The released bytes lie in the input where they can, and elsewhere where a signed chunk had to be gathered. */
static void a_signed_chunk_is_released_once_it_is_verified(void)
{
    signed_upload upload = {0};
    write_upload(&upload, S3IAM_CHUNK_SIGNED, S3IAM_ALGORITHM_SIGV4);
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_identity *identity = NULL;
    s3iam_body_reader *reader = NULL;
    s3iam_body_summary summary;
    char object[UPLOAD_LEN];
    size_t len = 0;
    CHECK_STATUS(s3iam_verifier_verify(verifier, &upload.request, &identity, NULL), S3IAM_OK);
    CHECK_TEXT(s3iam_identity_payload(identity), "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    uint8_t hash[32];
    CHECK(!s3iam_identity_payload_sha256(identity, &hash));
    for (size_t piece = 1; piece < upload.body_len; piece += 97) {
        CHECK_STATUS(s3iam_identity_body_reader(identity, &reader, NULL), S3IAM_OK);
        len = 0;
        CHECK_STATUS(push_all(reader, upload.body, upload.body_len, piece, object, &len, NULL), S3IAM_OK);
        CHECK(len == UPLOAD_LEN && memcmp(object, upload.data, UPLOAD_LEN) == 0);
        CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL), S3IAM_OK);
        CHECK(summary.decoded_length == UPLOAD_LEN);
        s3iam_body_reader_free(reader);
    }

    /* Of a chunk that was tampered with nothing is released. */
    upload.body[100] ^= 1;
    s3iam_error *detail = NULL;
    CHECK_STATUS(s3iam_identity_body_reader(identity, &reader, NULL), S3IAM_OK);
    /* The reader outlives who it came from. */
    s3iam_identity_free(identity);
    s3iam_verifier_free(verifier);
    len = 0;
    CHECK_STATUS(push_all(reader, upload.body, upload.body_len, upload.body_len, object, &len, &detail),
                 S3IAM_ERROR_CHUNK_SIGNATURE_DOES_NOT_MATCH);
    CHECK(len == 0);
    CHECK_TEXT(s3iam_error_s3_code(detail), "SignatureDoesNotMatch");
    s3iam_error_free(detail);
    s3iam_body_reader_free(reader);
    free_upload(&upload);
}

static void options_bound_the_chunks(void)
{
    signed_upload upload = {0};
    write_upload(&upload, S3IAM_CHUNK_SIGNED, S3IAM_ALGORITHM_SIGV4);
    s3iam_options small = {.size = sizeof small, .max_chunk_bytes = UPLOAD_CHUNK - 1};
    s3iam_options strict = {.size = sizeof strict, .require_min_chunk = true};
    const struct {
        const s3iam_options *options;
        s3iam_status expected;
    } cases[] = {{&small, S3IAM_ERROR_CHUNK_TOO_LARGE}, {&strict, S3IAM_ERROR_CHUNK_TOO_SMALL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s3iam_verifier *verifier = a_verifier(cases[i].options);
        s3iam_identity *identity = NULL;
        s3iam_body_reader *reader = NULL;
        char object[UPLOAD_LEN];
        size_t len = 0;
        CHECK_STATUS(s3iam_verifier_verify(verifier, &upload.request, &identity, NULL), S3IAM_OK);
        CHECK_STATUS(s3iam_identity_body_reader(identity, &reader, NULL), S3IAM_OK);
        CHECK_STATUS(push_all(reader, upload.body, upload.body_len, 64, object, &len, NULL), cases[i].expected);
        s3iam_body_reader_free(reader);
        s3iam_identity_free(identity);
        s3iam_verifier_free(verifier);
    }
    free_upload(&upload);
}

static void a_hashed_body_is_compared_at_the_end(void)
{
    s3iam_iam *iam = NULL;
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request get = get_request(headers);
    s3iam_verdict *verdict = NULL;
    s3iam_body_reader *reader = NULL;
    s3iam_body_summary summary;
    s3iam_error *detail = NULL;
    char object[4];
    size_t len = 0;
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DIRECTORY), NULL, &iam, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_authorize(iam, &get, &verdict), S3IAM_OK);
    CHECK_TEXT(s3iam_verdict_payload(verdict), "sha256");
    CHECK_STATUS(s3iam_verdict_body_reader(verdict, &reader, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL), S3IAM_OK);
    CHECK(summary.decoded_length == 0);
    CHECK_TEXT(summary.checksum_algorithm, "");
    s3iam_body_reader_free(reader);

    CHECK_STATUS(s3iam_verdict_body_reader(verdict, &reader, NULL), S3IAM_OK);
    s3iam_verdict_free(verdict);
    CHECK_STATUS(push_all(reader, "x", 1, 1, object, &len, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_body_finish(reader, &summary, &detail), S3IAM_ERROR_CONTENT_SHA256_MISMATCH);
    CHECK_TEXT(s3iam_error_s3_code(detail), "XAmzContentSHA256Mismatch");
    s3iam_error_free(detail);
    s3iam_body_reader_free(reader);

    /* Nothing is read of what was refused. */
    s3iam_http_request put = put_request(headers);
    reader = NULL;
    CHECK_STATUS(s3iam_authorize(iam, &put, &verdict), S3IAM_OK);
    CHECK(!s3iam_verdict_allowed(verdict));
    CHECK_STATUS(s3iam_verdict_body_reader(verdict, &reader, &detail), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(reader == NULL && s3iam_error_message(detail).len > 0);
    s3iam_error_free(detail);
    s3iam_verdict_free(verdict);
    s3iam_iam_free(iam);
}

static void each_reader_comes_from_its_own_place(void)
{
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request get = get_request(headers);
    s3iam_body_reader *reader = NULL;
    s3iam_identity *nobody = NULL;
    CHECK_STATUS(s3iam_verifier_anonymous_body(verifier, &get, &reader, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    get.headers_len = 1;
    CHECK_STATUS(s3iam_verifier_verify(verifier, &get, &nobody, NULL), S3IAM_OK);
    CHECK_TEXT(s3iam_identity_payload(nobody), "");
    CHECK_STATUS(s3iam_identity_body_reader(nobody, &reader, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(reader == NULL);
    s3iam_identity_free(nobody);
    s3iam_verifier_free(verifier);
}

static void encodings_are_stored_without_that_of_the_request(void)
{
    static const char *const cases[][2] = {
        {"aws-chunked", ""}, {"gzip,aws-chunked", "gzip"}, {"AWS-Chunked , gzip, br", "gzip,br"}, {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s3iam_string *stored = NULL;
        CHECK_STATUS(s3iam_stored_content_encoding(s3iam_text_of(cases[i][0]), &stored), S3IAM_OK);
        CHECK_TEXT(s3iam_string_text(stored), cases[i][1]);
        s3iam_string_free(stored);
    }
    s3iam_string *none = NULL;
    CHECK_STATUS(s3iam_stored_content_encoding(S3IAM_STR("\xff"), &none), S3IAM_ERROR_INVALID_UTF8);
    CHECK(none == NULL);
}

int main(void)
{
    a_body_may_come_in_any_pieces();
    a_wrong_body_is_refused_and_stays_refused();
    checksum_headers_are_compared();
    a_signed_chunk_is_released_once_it_is_verified();
    options_bound_the_chunks();
    a_hashed_body_is_compared_at_the_end();
    each_reader_comes_from_its_own_place();
    encodings_are_stored_without_that_of_the_request();
    return check_result();
}
