/* Signing: what is signed is verified, and what cannot be signed is refused. */
#include "check.h"
#include "signed.h"

static const s3iam_pair HOST[] = {{{"Host", 4}, {"s3.example.com", 14}}};

static s3iam_http_request get_unsigned(void)
{
    s3iam_http_request request = request_of("GET", "/bucket/photos/cat.jpg", HOST);
    request.headers_len = 1;
    return request;
}

static s3iam_form form_of(const s3iam_http_request *request, const s3iam_options *options)
{
    s3iam_verifier *verifier = a_verifier(options);
    s3iam_identity *identity = NULL;
    CHECK_STATUS(s3iam_verifier_verify(verifier, request, &identity, NULL), S3IAM_OK);
    s3iam_form form = s3iam_identity_form(identity);
    s3iam_identity_free(identity);
    s3iam_verifier_free(verifier);
    return form;
}

/* The signature is the one that the other programs have, which another implementation made. */
static void a_request_is_signed_in_the_header(void)
{
    s3iam_signer *signer = a_signer(S3IAM_ALGORITHM_SIGV4);
    s3iam_http_request request = get_unsigned();
    s3iam_pairs *added = NULL;
    CHECK_STATUS(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_BODY, NULL, &added, NULL), S3IAM_OK);
    CHECK(s3iam_pairs_len(added) == 3);
    CHECK_TEXT(s3iam_pairs_at(added, 0).name, "x-amz-date");
    CHECK_TEXT(s3iam_pairs_at(added, 0).value, "20260115T120000Z");
    CHECK_TEXT(s3iam_pairs_at(added, 1).value, EMPTY_SHA256);
    CHECK_TEXT(s3iam_pairs_at(added, 2).name, "authorization");
    CHECK_TEXT(s3iam_pairs_at(added, 2).value, AUTHORIZATION(SIGNATURE_OF_GET));
    s3iam_pairs_free(added);

    const uint8_t hash[32] = {1, 2, 3};
    CHECK_STATUS(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_SHA256, hash, &added, NULL), S3IAM_OK);
    CHECK_TEXT(s3iam_pairs_at(added, 1).value, "0102030000000000000000000000000000000000000000000000000000000000");
    s3iam_pairs_free(added);
    CHECK_STATUS(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_NOTHING, NULL, &added, NULL), S3IAM_OK);
    CHECK_TEXT(s3iam_pairs_at(added, 1).value, "UNSIGNED-PAYLOAD");
    s3iam_pairs_free(added);
    s3iam_signer_free(signer);
}

static void what_both_algorithms_sign_is_verified(void)
{
    const struct {
        s3iam_algorithm algorithm;
        s3iam_form header, presigned;
    } cases[] = {{S3IAM_ALGORITHM_SIGV4, S3IAM_FORM_SIGV4_HEADER, S3IAM_FORM_SIGV4_PRESIGNED},
                 {S3IAM_ALGORITHM_SIGV4A, S3IAM_FORM_SIGV4A_HEADER, S3IAM_FORM_SIGV4A_PRESIGNED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s3iam_signer *signer = a_signer(cases[i].algorithm);
        s3iam_http_request request = get_unsigned();
        s3iam_string *target = NULL;
        CHECK_STATUS(s3iam_signer_presign(signer, &request, 60, &target, NULL), S3IAM_OK);
        request.target = s3iam_string_text(target);
        CHECK(form_of(&request, NULL) == cases[i].presigned);
        s3iam_string_free(target);

        s3iam_pair headers[MOST_HEADERS];
        s3iam_pairs *added = NULL;
        request = get_unsigned();
        CHECK_STATUS(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_BODY, NULL, &added, NULL), S3IAM_OK);
        headers[0] = HOST[0];
        request.headers = headers;
        add_headers(&request, headers, added);
        CHECK(form_of(&request, NULL) == cases[i].header);
        if (cases[i].algorithm == S3IAM_ALGORITHM_SIGV4A) {
            s3iam_options options = {.size = sizeof options, .refuse_sigv4a = true};
            s3iam_verifier *verifier = a_verifier(&options);
            s3iam_identity *identity = NULL;
            CHECK_STATUS(s3iam_verifier_verify(verifier, &request, &identity, NULL),
                         S3IAM_ERROR_AUTH_FORM_UNSUPPORTED);
            CHECK(identity == NULL);
            s3iam_verifier_free(verifier);
        }
        s3iam_pairs_free(added);
        s3iam_signer_free(signer);
    }
}

static void every_kind_of_chunks_is_read_again(void)
{
    static const struct {
        s3iam_chunk_kind kind;
        s3iam_algorithm algorithm;
        const char *payload;
    } cases[] = {
        {S3IAM_CHUNK_SIGNED, S3IAM_ALGORITHM_SIGV4, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"},
        {S3IAM_CHUNK_SIGNED_TRAILER, S3IAM_ALGORITHM_SIGV4, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"},
        {S3IAM_CHUNK_UNSIGNED_TRAILER, S3IAM_ALGORITHM_SIGV4, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"},
        {S3IAM_CHUNK_SIGNED, S3IAM_ALGORITHM_SIGV4A, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"},
        {S3IAM_CHUNK_SIGNED_TRAILER, S3IAM_ALGORITHM_SIGV4A, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        signed_upload upload = {0};
        write_upload(&upload, cases[i].kind, cases[i].algorithm);
        s3iam_verifier *verifier = a_verifier(NULL);
        s3iam_identity *identity = NULL;
        s3iam_body_reader *reader = NULL;
        s3iam_body_summary summary;
        char object[UPLOAD_LEN];
        size_t len = 0;
        CHECK_STATUS(s3iam_verifier_verify(verifier, &upload.request, &identity, NULL), S3IAM_OK);
        CHECK_TEXT(s3iam_identity_payload(identity), cases[i].payload);
        CHECK_STATUS(s3iam_identity_body_reader(identity, &reader, NULL), S3IAM_OK);
        CHECK_STATUS(push_all(reader, upload.body, upload.body_len, 100, object, &len, NULL), S3IAM_OK);
        CHECK(len == UPLOAD_LEN && memcmp(object, upload.data, UPLOAD_LEN) == 0);
        /* The checksum that the trailer claims is not that of the data. */
        CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL),
                     cases[i].kind == S3IAM_CHUNK_SIGNED ? S3IAM_OK : S3IAM_ERROR_CHECKSUM_MISMATCH);
        s3iam_body_reader_free(reader);
        s3iam_identity_free(identity);
        s3iam_verifier_free(verifier);
        free_upload(&upload);
    }
}

static void a_body_that_is_not_as_announced_is_not_finished(void)
{
    const s3iam_pair headers[] = {HOST[0], {S3IAM_STR("x-amz-decoded-content-length"), S3IAM_STR("3")}};
    s3iam_http_request request = request_of("PUT", "/bucket/key", headers);
    s3iam_signer *signer = a_signer(S3IAM_ALGORITHM_SIGV4);
    s3iam_pairs *added = NULL;
    s3iam_chunk_signer *chunks = NULL;
    s3iam_error *detail = NULL;
    const uint8_t data[] = {'a', 'b'}, *out = data;
    size_t len = 5;
    request.headers_len = 2;
    CHECK_STATUS(s3iam_signer_sign_chunks(signer, &request, S3IAM_CHUNK_SIGNED, &added, &chunks, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_chunk_signer_encode(chunks, NULL, 0, &out, &len, NULL), S3IAM_OK);
    CHECK(out != NULL && len == 0);
    CHECK_STATUS(s3iam_chunk_signer_encode(chunks, data, 2, &out, &len, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_chunk_signer_finish(chunks, NULL, 0, &out, &len, &detail), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(check_has(s3iam_error_message(detail), "2 bytes"));
    s3iam_error_free(detail);
    CHECK_STATUS(s3iam_chunk_signer_finish(chunks, NULL, 0, &out, &len, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_chunk_signer_encode(chunks, data, 1, &out, &len, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_chunk_signer_free(chunks);
    s3iam_pairs_free(added);
    s3iam_signer_free(signer);
}

static void temporary_credentials_send_their_token(void)
{
    s3iam_signer_options options = {.size = sizeof options, .has_session_token = true};
    options.access_key = S3IAM_STR(KEY_ID);
    options.secret_key = S3IAM_STR(SECRET);
    options.session_token = S3IAM_STR("token");
    for (int express = 0; express < 2; express++) {
        s3iam_signer *signer = NULL;
        s3iam_pairs *added = NULL;
        s3iam_http_request request = get_unsigned();
        options.service = s3iam_text_of(express ? "s3express" : "");
        CHECK_STATUS(s3iam_signer_new(&options, &signer, NULL), S3IAM_OK);
        CHECK_STATUS(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_BODY, NULL, &added, NULL), S3IAM_OK);
        CHECK_TEXT(s3iam_pairs_at(added, 2).name, express ? "x-amz-s3session-token" : "x-amz-security-token");
        CHECK_TEXT(s3iam_pairs_at(added, 2).value, "token");
        s3iam_pairs_free(added);
        s3iam_signer_free(signer);
    }
}

static s3iam_status new_signer(s3iam_signer_options options)
{
    s3iam_signer *signer = NULL;
    options.size = sizeof options;
    s3iam_status status = s3iam_signer_new(&options, &signer, NULL);
    CHECK((signer != NULL) == (status == S3IAM_OK));
    s3iam_signer_free(signer);
    return status;
}

static void what_nothing_can_be_signed_with_is_refused(void)
{
    const s3iam_text id = S3IAM_STR(KEY_ID), secret = S3IAM_STR(SECRET), bad = S3IAM_STR("\xff");
    const s3iam_signer_options wrong[] = {
        {.access_key = id},
        {.secret_key = secret},
        {.access_key = id, .secret_key = secret, .algorithm = 2},
        {.access_key = id, .secret_key = secret, .region_set = S3IAM_STR("*")},
        {.access_key = id, .secret_key = secret, .session_token = S3IAM_STR("token")},
        {.access_key = id, .secret_key = secret, .has_session_token = true},
        {.access_key = id, .secret_key = secret, .region = S3IAM_STR("eu west")},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_STATUS(new_signer(wrong[i]), S3IAM_ERROR_INVALID_ARGUMENT);
    }
    const s3iam_signer_options unreadable[] = {
        {.access_key = bad, .secret_key = secret},
        {.access_key = id, .secret_key = secret, .region = bad},
        {.access_key = id, .secret_key = secret, .service = bad},
        {.access_key = id, .secret_key = secret, .has_session_token = true, .session_token = bad},
        {.access_key = id, .secret_key = secret, .algorithm = S3IAM_ALGORITHM_SIGV4A, .region_set = bad},
    };
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
        CHECK_STATUS(new_signer(unreadable[i]), S3IAM_ERROR_INVALID_UTF8);
    }
    s3iam_signer_options regions = {.access_key = id, .secret_key = secret, .algorithm = S3IAM_ALGORITHM_SIGV4A};
    regions.region_set = S3IAM_STR("eu-*,us-east-1");
    CHECK_STATUS(new_signer(regions), S3IAM_OK);
}

static void what_cannot_be_signed_is_refused(void)
{
    s3iam_signer *signer = a_signer(S3IAM_ALGORITHM_SIGV4);
    s3iam_http_request request = get_unsigned();
    s3iam_pairs *added = NULL;
    s3iam_chunk_signer *chunks = NULL;
    s3iam_string *target = NULL;
    s3iam_error *detail = NULL;
    const uint8_t hash[32] = {0};
    uint64_t length = 0;
    CHECK_STATUS(s3iam_signer_sign(signer, &request, 3, NULL, &added, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_BODY, hash, &added, NULL),
                 S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_signer_presign(signer, &request, 0, &target, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_signer_presign(signer, &request, 604801, &target, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    /* Only a PUT is sent in chunks. */
    CHECK_STATUS(s3iam_signer_sign_chunks(signer, &request, S3IAM_CHUNK_SIGNED, &added, &chunks, NULL),
                 S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_signer_sign_chunks(signer, &request, 3, &added, &chunks, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_signer_encoded_length(signer, S3IAM_CHUNK_SIGNED, 1, 0, NULL, 0, &length, NULL),
                 S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_signer_encoded_length(signer, 3, 1, 1, NULL, 0, &length, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    request.headers_len = 0;
    CHECK_STATUS(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_BODY, NULL, &added, &detail),
                 S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(check_has(s3iam_error_message(detail), "host"));
    s3iam_error_free(detail);
    CHECK(added == NULL && chunks == NULL && target == NULL && length == 0);
    s3iam_signer_free(signer);
}

static s3iam_status sign_policy(const s3iam_policy_draft *draft, const s3iam_policy_condition *condition)
{
    s3iam_policy_draft given = *draft;
    s3iam_signer *signer = a_signer(S3IAM_ALGORITHM_SIGV4);
    s3iam_pairs *fields = NULL;
    given.conditions = condition;
    given.conditions_len = 1;
    s3iam_status status = s3iam_signer_post_policy(signer, &given, NOW_MS, &fields, NULL);
    CHECK((fields != NULL) == (status == S3IAM_OK));
    s3iam_pairs_free(fields);
    s3iam_signer_free(signer);
    return status;
}

static void a_policy_that_no_form_can_fulfil_is_refused(void)
{
    s3iam_policy_draft draft = {.size = sizeof draft, .expires_ms = NOW_MS + 1};
    draft.bucket = S3IAM_STR("bucket");
    draft.key = S3IAM_STR("key");
    const s3iam_text acl = S3IAM_STR("acl"), bad = S3IAM_STR("\xff");
    const s3iam_policy_condition good = {.kind = S3IAM_CONDITION_EQUALS, .field = acl};
    CHECK_STATUS(sign_policy(&draft, &good), S3IAM_OK);
    const s3iam_policy_condition wrong[] = {
        {.kind = 3, .field = acl},
        {.kind = S3IAM_CONDITION_EQUALS, .field = S3IAM_STR("policy")},
        {.kind = S3IAM_CONDITION_EQUALS, .field = acl, .greatest = 1},
        {.kind = S3IAM_CONDITION_CONTENT_LENGTH, .field = acl},
        {.kind = S3IAM_CONDITION_CONTENT_LENGTH, .least = 2, .greatest = 1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_STATUS(sign_policy(&draft, &wrong[i]), S3IAM_ERROR_INVALID_ARGUMENT);
    }
    const s3iam_policy_condition unreadable = {.kind = S3IAM_CONDITION_STARTS_WITH, .field = acl, .value = bad};
    CHECK_STATUS(sign_policy(&draft, &unreadable), S3IAM_ERROR_INVALID_UTF8);
    draft.expires_ms = NOW_MS;
    CHECK_STATUS(sign_policy(&draft, &good), S3IAM_ERROR_INVALID_ARGUMENT);
}

int main(void)
{
    a_request_is_signed_in_the_header();
    what_both_algorithms_sign_is_verified();
    every_kind_of_chunks_is_read_again();
    a_body_that_is_not_as_announced_is_not_finished();
    temporary_credentials_send_their_token();
    what_nothing_can_be_signed_with_is_refused();
    what_cannot_be_signed_is_refused();
    a_policy_that_no_form_can_fulfil_is_refused();
    return check_result();
}
