/* The packed request: the same answer as the struct, and nothing but an error for a damaged one. */
#include "check.h"
#include "requests.h"

enum { CAPACITY = 4096, HEAD = 24 };

static uint8_t *put_little_endian(uint8_t *at, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        *at++ = (uint8_t)(number >> (8 * i));
    }
    return at;
}

static uint8_t *put_piece(uint8_t *at, s3iam_text piece)
{
    if (piece.len > 0) {
        memcpy(at, piece.data, piece.len);
        at += piece.len;
    }
    *at++ = '\n';
    return at;
}

/* Packs a request as core/src/facade/packed.rs documents it; returns the length. */
static size_t pack(uint8_t *buffer, const s3iam_http_request *request)
{
    uint8_t *text = buffer + HEAD, *at = text;
    at = put_piece(at, request->method);
    at = put_piece(at, request->target);
    at = put_piece(at, request->peer);
    at = put_piece(at, S3IAM_STR("R1"));
    for (size_t i = 0; i < request->headers_len; i++) {
        at = put_piece(at, request->headers[i].name);
        at = put_piece(at, request->headers[i].value);
    }
    at--; /* no line feed after the last piece */
    uint8_t *head = buffer;
    *head++ = 1;
    *head++ = (uint8_t)((request->secure ? 1 : 0) | (request->has_body ? 2 : 0));
    head = put_little_endian(head, request->headers_len, 2);
    head = put_little_endian(head, 0, 2);
    head = put_little_endian(head, 0, 2);
    head = put_little_endian(head, (uint64_t)request->now_ms, 8);
    head = put_little_endian(head, (uint64_t)(at - text), 4);
    put_little_endian(head, request->body.len, 4);
    if (request->body.len > 0) {
        memcpy(at, request->body.data, request->body.len);
        at += request->body.len;
    }
    return (size_t)(at - buffer);
}

static void packed_and_plain_agree(const s3iam_iam *iam, const s3iam_http_request *request)
{
    uint8_t buffer[CAPACITY];
    size_t len = pack(buffer, request);
    s3iam_verdict *plain = NULL, *packed = NULL;
    CHECK_STATUS(s3iam_authorize(iam, request, &plain), S3IAM_OK);
    CHECK_STATUS(s3iam_authorize_packed(iam, buffer, len, &packed), S3IAM_OK);
    s3iam_string *one = NULL, *other = NULL;
    CHECK_STATUS(s3iam_verdict_json(plain, S3IAM_STR("R1"), &one), S3IAM_OK);
    CHECK_STATUS(s3iam_verdict_json(packed, S3IAM_STR("R1"), &other), S3IAM_OK);
    CHECK_TEXT(s3iam_string_text(one), s3iam_string_text(other).data);
    CHECK(s3iam_verdict_allowed(plain) == s3iam_verdict_allowed(packed));
    s3iam_string_free(one);
    s3iam_string_free(other);
    s3iam_verdict_free(plain);
    s3iam_verdict_free(packed);
}

/* Each length is a block of its own, so that a byte read past the end is seen by the sanitizers. */
static void every_truncation_is_refused(const s3iam_iam *iam, const s3iam_http_request *request)
{
    uint8_t buffer[CAPACITY];
    size_t len = pack(buffer, request);
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *copy = malloc(cut + 1);
        CHECK(copy != NULL);
        if (copy == NULL) {
            return;
        }
        copy = realloc(copy, cut == 0 ? 1 : cut);
        memcpy(copy, buffer, cut);
        s3iam_verdict *verdict = NULL;
        CHECK_STATUS(s3iam_authorize_packed(iam, copy, cut, &verdict),
                     S3IAM_ERROR_MALFORMED_PACKED_REQUEST);
        CHECK(verdict == NULL);
        free(copy);
    }
    s3iam_verdict *verdict = NULL;
    CHECK_STATUS(s3iam_authorize_packed(iam, NULL, 0, &verdict), S3IAM_ERROR_MALFORMED_PACKED_REQUEST);
    CHECK_STATUS(s3iam_authorize_packed(iam, NULL, 24, &verdict), S3IAM_ERROR_NULL_POINTER);
    CHECK(verdict == NULL);
}

/* One changed byte never makes more allowed than the signature covers. */
static void a_changed_byte_is_never_another_answer(const s3iam_iam *iam,
                                                   const s3iam_http_request *request)
{
    uint8_t buffer[CAPACITY];
    size_t len = pack(buffer, request);
    size_t target = HEAD + strlen("GET\n");
    for (size_t at = target; at < target + request->target.len; at++) {
        buffer[at] ^= 1;
        s3iam_verdict *verdict = NULL;
        if (s3iam_authorize_packed(iam, buffer, len, &verdict) == S3IAM_OK) {
            CHECK(!s3iam_verdict_allowed(verdict));
            s3iam_verdict_free(verdict);
        }
        buffer[at] ^= 1;
    }
}

int main(void)
{
    s3iam_options options = {.size = sizeof options, .region = S3IAM_STR("us-east-1")};
    s3iam_iam *iam = NULL;
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DIRECTORY), &options, &iam, NULL), S3IAM_OK);
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    packed_and_plain_agree(iam, &request);
    every_truncation_is_refused(iam, &request);
    a_changed_byte_is_never_another_answer(iam, &request);
    request = delete_request(headers);
    packed_and_plain_agree(iam, &request);
    every_truncation_is_refused(iam, &request);
    s3iam_iam_free(iam);
    return check_result();
}
