/* NULL for every pointer of the functions about bodies, forms, signing and diagnosis. */
#include "null.h"
#include "signed.h"

static const s3iam_pair HOST[] = {{{"Host", 4}, {"s3.example.com", 14}}};

static s3iam_http_request put_unsigned(void)
{
    s3iam_http_request request = request_of("PUT", "/bucket/key", HOST);
    request.headers_len = 1;
    return request;
}

static void readers(void)
{
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_http_request request = put_unsigned();
    s3iam_body_reader *reader = NULL, *none = NULL;
    s3iam_body_summary summary;
    s3iam_error *detail = NULL;
    uint64_t length;
    const uint8_t input[] = {'a'}, *released = NULL;
    size_t taken, len;
    IS_NULL_POINTER(s3iam_verifier_anonymous_body(NULL, &request, &reader, NULL));
    IS_NULL_POINTER(s3iam_verifier_anonymous_body(verifier, NULL, &reader, NULL));
    IS_NULL_POINTER(s3iam_verifier_anonymous_body(verifier, &request, NULL, NULL));
    CHECK(reader == NULL);
    CHECK_STATUS(s3iam_verifier_anonymous_body(verifier, &request, &reader, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_body_push(NULL, input, 1, &taken, &released, &len, &detail));
    IS_NULL_POINTER(s3iam_error_status(detail));
    s3iam_error_free(detail);
    IS_NULL_POINTER(s3iam_body_push(reader, NULL, 1, &taken, &released, &len, NULL));
    IS_NULL_POINTER(s3iam_body_push(reader, input, 1, NULL, &released, &len, NULL));
    IS_NULL_POINTER(s3iam_body_push(reader, input, 1, &taken, NULL, &len, NULL));
    IS_NULL_POINTER(s3iam_body_push(reader, input, 1, &taken, &released, NULL, NULL));
    CHECK(released == NULL);
    CHECK_STATUS(s3iam_body_push(reader, NULL, 0, &taken, &released, &len, NULL), S3IAM_OK);
    CHECK(released != NULL && taken == 0 && len == 0);
    CHECK_STATUS(s3iam_body_push(reader, input, SIZE_MAX, &taken, &released, &len, NULL),
                 S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(!s3iam_body_decoded_length(NULL, &length));
    CHECK(!s3iam_body_decoded_length(reader, NULL));
    IS_NULL_POINTER(s3iam_body_finish(NULL, &summary, NULL));
    /* What failed for want of a pointer did nothing: the body can still be finished, and is empty. */
    IS_NULL_POINTER(s3iam_body_finish(reader, NULL, NULL));
    CHECK_STATUS(s3iam_body_finish(reader, &summary, NULL), S3IAM_OK);
    CHECK(summary.decoded_length == 0);
    s3iam_body_reader_free(reader);
    s3iam_body_reader_free(NULL);

    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request get = get_request(headers);
    s3iam_identity *identity = NULL;
    CHECK_STATUS(s3iam_verifier_verify(verifier, &get, &identity, NULL), S3IAM_OK);
    CHECK_TEXT(s3iam_identity_payload(NULL), "");
    CHECK_TEXT(s3iam_verdict_payload(NULL), "");
    IS_NULL_POINTER(s3iam_identity_body_reader(NULL, &none, NULL));
    IS_NULL_POINTER(s3iam_identity_body_reader(identity, NULL, NULL));
    IS_NULL_POINTER(s3iam_verdict_body_reader(NULL, &none, NULL));
    CHECK(none == NULL);
    s3iam_identity_free(identity);
    s3iam_verifier_free(verifier);
}

static void texts(void)
{
    s3iam_string *string = NULL;
    s3iam_http_request request = put_unsigned();
    s3iam_text found;
    IS_NULL_POINTER(s3iam_stored_content_encoding(HOLLOW, &string));
    IS_NULL_POINTER(s3iam_stored_content_encoding(S3IAM_STR("gzip"), NULL));
    CHECK(string == NULL);
    IS_NULL_POINTER(s3iam_classify(NULL, &found, NULL));
    IS_NULL_POINTER(s3iam_classify(&request, NULL, NULL));
    CHECK(s3iam_pairs_len(NULL) == 0);
    CHECK_TEXT(s3iam_pairs_at(NULL, 0).name, "");
    CHECK_TEXT(s3iam_pairs_at(NULL, 0).value, "");
    s3iam_pairs_free(NULL);
}

static void diagnoses(void)
{
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_http_request request = put_unsigned();
    s3iam_string *json = NULL, *safe = NULL;
    const s3iam_text none = {NULL, 0};
    IS_NULL_POINTER(s3iam_verifier_diagnose(NULL, &request, none, none, &json, &safe, NULL));
    IS_NULL_POINTER(s3iam_verifier_diagnose(verifier, NULL, none, none, &json, &safe, NULL));
    IS_NULL_POINTER(s3iam_verifier_diagnose(verifier, &request, HOLLOW, none, &json, &safe, NULL));
    IS_NULL_POINTER(s3iam_verifier_diagnose(verifier, &request, none, HOLLOW, &json, &safe, NULL));
    IS_NULL_POINTER(s3iam_verifier_diagnose(verifier, &request, none, none, NULL, &safe, NULL));
    s3iam_iam *iam = NULL;
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DIRECTORY), NULL, &iam, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_iam_diagnose(NULL, &request, none, none, &json, &safe, NULL));
    IS_NULL_POINTER(s3iam_iam_diagnose(iam, NULL, none, none, &json, &safe, NULL));
    IS_NULL_POINTER(s3iam_iam_diagnose(iam, &request, HOLLOW, none, &json, &safe, NULL));
    IS_NULL_POINTER(s3iam_iam_diagnose(iam, &request, none, HOLLOW, &json, &safe, NULL));
    IS_NULL_POINTER(s3iam_iam_diagnose(iam, &request, none, none, NULL, &safe, NULL));
    CHECK(json == NULL && safe == NULL);
    s3iam_iam_free(iam);
    s3iam_verifier_free(verifier);
}

static void forms(void)
{
    static const s3iam_pair content_type[] = {{{"Content-Type", 12}, {"multipart/form-data; boundary=b", 31}}};
    const s3iam_pair key[] = {{S3IAM_STR("key"), S3IAM_STR("a")}};
    const s3iam_pair hollow_name[] = {{HOLLOW, S3IAM_STR("a")}}, hollow_value[] = {{S3IAM_STR("key"), HOLLOW}};
    s3iam_post_form form = {.size = sizeof form, .fields = key, .fields_len = 1};
    s3iam_http_request request = request_of("POST", "/bucket", content_type);
    request.headers_len = 1;
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_iam *iam = NULL;
    s3iam_identity *identity = NULL;
    s3iam_upload *upload = NULL;
    s3iam_verdict *verdict = NULL;
    const s3iam_text bucket = S3IAM_STR("bucket");
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DIRECTORY), NULL, &iam, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_verifier_verify_post(NULL, &request, bucket, &form, &identity, &upload, NULL));
    IS_NULL_POINTER(s3iam_verifier_verify_post(verifier, NULL, bucket, &form, &identity, &upload, NULL));
    IS_NULL_POINTER(s3iam_verifier_verify_post(verifier, &request, HOLLOW, &form, &identity, &upload, NULL));
    IS_NULL_POINTER(s3iam_verifier_verify_post(verifier, &request, bucket, NULL, &identity, &upload, NULL));
    IS_NULL_POINTER(s3iam_verifier_verify_post(verifier, &request, bucket, &form, NULL, &upload, NULL));
    IS_NULL_POINTER(s3iam_verifier_verify_post(verifier, &request, bucket, &form, &identity, NULL, NULL));
    IS_NULL_POINTER(s3iam_authorize_post(NULL, &request, &form, &verdict));
    IS_NULL_POINTER(s3iam_authorize_post(iam, NULL, &form, &verdict));
    IS_NULL_POINTER(s3iam_authorize_post(iam, &request, NULL, &verdict));
    IS_NULL_POINTER(s3iam_authorize_post(iam, &request, &form, NULL));
    const s3iam_post_form hollow[] = {{.fields_len = 1},
                                      {.fields = hollow_name, .fields_len = 1},
                                      {.fields = hollow_value, .fields_len = 1},
                                      {.file_name = HOLLOW, .has_file_name = true}};
    for (size_t i = 0; i < sizeof hollow / sizeof *hollow; i++) {
        form = hollow[i];
        form.size = sizeof form;
        IS_NULL_POINTER(s3iam_verifier_verify_post(verifier, &request, bucket, &form, &identity, &upload, NULL));
        IS_NULL_POINTER(s3iam_authorize_post(iam, &request, &form, &verdict));
    }
    IS_NULL_POINTER(s3iam_verdict_upload(NULL, &upload, NULL));
    CHECK(identity == NULL && upload == NULL && verdict == NULL);
    s3iam_iam_free(iam);
    s3iam_verifier_free(verifier);
}

static void uploads_that_are_not_there(void)
{
    CHECK_TEXT(s3iam_upload_key(NULL), "");
    CHECK(s3iam_upload_least_length(NULL) == UINT64_MAX && s3iam_upload_greatest_length(NULL) == 0);
    IS_NULL_POINTER(s3iam_upload_check_length(NULL, 0, false, NULL));
    CHECK(s3iam_upload_success_status(NULL) == 500);
    CHECK_TEXT(s3iam_upload_success_redirect(NULL), "");
    CHECK(s3iam_upload_headers(NULL) == NULL);
    s3iam_upload_free(NULL);
}

static void signers(void)
{
    s3iam_signer_options options = {.size = sizeof options};
    s3iam_signer *none = NULL, *signer = a_signer(S3IAM_ALGORITHM_SIGV4);
    s3iam_http_request request = put_unsigned();
    s3iam_pairs *added = NULL;
    s3iam_string *target = NULL;
    options.access_key = options.secret_key = S3IAM_STR("any");
    IS_NULL_POINTER(s3iam_signer_new(NULL, &none, NULL));
    IS_NULL_POINTER(s3iam_signer_new(&options, NULL, NULL));
    s3iam_text *members[] = {&options.access_key, &options.secret_key, &options.session_token,
                             &options.region,     &options.service,    &options.region_set};
    options.has_session_token = true;
    options.session_token = S3IAM_STR("token");
    options.algorithm = S3IAM_ALGORITHM_SIGV4A;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        s3iam_text good = *members[i];
        *members[i] = HOLLOW;
        IS_NULL_POINTER(s3iam_signer_new(&options, &none, NULL));
        *members[i] = good;
    }
    CHECK(none == NULL);
    IS_NULL_POINTER(s3iam_signer_sign(NULL, &request, S3IAM_SIGNED_BODY, NULL, &added, NULL));
    IS_NULL_POINTER(s3iam_signer_sign(signer, NULL, S3IAM_SIGNED_BODY, NULL, &added, NULL));
    IS_NULL_POINTER(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_SHA256, NULL, &added, NULL));
    IS_NULL_POINTER(s3iam_signer_sign(signer, &request, S3IAM_SIGNED_BODY, NULL, NULL, NULL));
    IS_NULL_POINTER(s3iam_signer_presign(NULL, &request, 60, &target, NULL));
    IS_NULL_POINTER(s3iam_signer_presign(signer, NULL, 60, &target, NULL));
    IS_NULL_POINTER(s3iam_signer_presign(signer, &request, 60, NULL, NULL));
    CHECK(added == NULL && target == NULL);
    s3iam_signer_free(signer);
    s3iam_signer_free(NULL);
}

static void chunks(void)
{
    const s3iam_pair headers[] = {HOST[0], {S3IAM_STR("x-amz-decoded-content-length"), S3IAM_STR("0")}};
    const s3iam_pair hollow_name[] = {{HOLLOW, S3IAM_STR("a")}}, hollow_value[] = {{S3IAM_STR("a"), HOLLOW}};
    s3iam_http_request request = request_of("PUT", "/bucket/key", headers);
    s3iam_signer *signer = a_signer(S3IAM_ALGORITHM_SIGV4);
    s3iam_chunk_signer *chunks = NULL;
    s3iam_pairs *added = NULL;
    uint64_t length = 7;
    const uint8_t *out = NULL, data[] = {'a'};
    size_t len = 0;
    request.headers_len = 2;
    const uint32_t kind = S3IAM_CHUNK_SIGNED, trailing = S3IAM_CHUNK_UNSIGNED_TRAILER;
    IS_NULL_POINTER(s3iam_signer_sign_chunks(NULL, &request, kind, &added, &chunks, NULL));
    IS_NULL_POINTER(s3iam_signer_sign_chunks(signer, NULL, kind, &added, &chunks, NULL));
    IS_NULL_POINTER(s3iam_signer_sign_chunks(signer, &request, kind, NULL, &chunks, NULL));
    IS_NULL_POINTER(s3iam_signer_sign_chunks(signer, &request, kind, &added, NULL, NULL));
    CHECK(added == NULL && chunks == NULL);
    IS_NULL_POINTER(s3iam_signer_encoded_length(NULL, kind, 1, 1, NULL, 0, &length, NULL));
    IS_NULL_POINTER(s3iam_signer_encoded_length(signer, kind, 1, 1, NULL, 0, NULL, NULL));
    IS_NULL_POINTER(s3iam_signer_encoded_length(signer, trailing, 1, 1, NULL, 1, &length, NULL));
    IS_NULL_POINTER(s3iam_signer_encoded_length(signer, trailing, 1, 1, hollow_name, 1, &length, NULL));
    CHECK(length == 7);
    CHECK_STATUS(s3iam_signer_encoded_length(signer, trailing, 1, 1, hollow_value, 1, &length, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_signer_sign_chunks(signer, &request, kind, &added, &chunks, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_chunk_signer_encode(NULL, data, 1, &out, &len, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_encode(chunks, NULL, 1, &out, &len, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_encode(chunks, data, 1, NULL, &len, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_encode(chunks, data, 1, &out, NULL, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_finish(NULL, NULL, 0, &out, &len, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_finish(chunks, NULL, 1, &out, &len, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_finish(chunks, hollow_name, 1, &out, &len, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_finish(chunks, hollow_value, 1, &out, &len, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_finish(chunks, NULL, 0, NULL, &len, NULL));
    IS_NULL_POINTER(s3iam_chunk_signer_finish(chunks, NULL, 0, &out, NULL, NULL));
    CHECK(out == NULL);
    /* What failed for want of a pointer did nothing. */
    CHECK_STATUS(s3iam_chunk_signer_finish(chunks, NULL, 0, &out, &len, NULL), S3IAM_OK);
    CHECK(len > 0 && out[0] == '0');
    s3iam_chunk_signer_free(chunks);
    s3iam_chunk_signer_free(NULL);
    s3iam_pairs_free(added);
    s3iam_signer_free(signer);
}

static void drafts(void)
{
    s3iam_signer *signer = a_signer(S3IAM_ALGORITHM_SIGV4);
    s3iam_pairs *fields = NULL;
    s3iam_policy_draft draft = {.size = sizeof draft, .expires_ms = NOW_MS + 1};
    draft.bucket = draft.key = S3IAM_STR("a");
    IS_NULL_POINTER(s3iam_signer_post_policy(NULL, &draft, NOW_MS, &fields, NULL));
    IS_NULL_POINTER(s3iam_signer_post_policy(signer, NULL, NOW_MS, &fields, NULL));
    IS_NULL_POINTER(s3iam_signer_post_policy(signer, &draft, NOW_MS, NULL, NULL));
    const s3iam_policy_condition hollow[] = {{.field = HOLLOW, .value = S3IAM_STR("a")},
                                             {.field = S3IAM_STR("acl"), .value = HOLLOW}};
    draft.conditions_len = 1;
    IS_NULL_POINTER(s3iam_signer_post_policy(signer, &draft, NOW_MS, &fields, NULL));
    for (size_t i = 0; i < 2; i++) {
        draft.conditions = &hollow[i];
        IS_NULL_POINTER(s3iam_signer_post_policy(signer, &draft, NOW_MS, &fields, NULL));
    }
    draft.conditions_len = 0;
    draft.bucket = HOLLOW;
    IS_NULL_POINTER(s3iam_signer_post_policy(signer, &draft, NOW_MS, &fields, NULL));
    draft.bucket = S3IAM_STR("a");
    draft.key = HOLLOW;
    IS_NULL_POINTER(s3iam_signer_post_policy(signer, &draft, NOW_MS, &fields, NULL));
    CHECK(fields == NULL);
    s3iam_signer_free(signer);
}

int main(void)
{
    readers();
    texts();
    diagnoses();
    forms();
    uploads_that_are_not_there();
    signers();
    chunks();
    drafts();
    return check_result();
}
