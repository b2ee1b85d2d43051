/* Form uploads: policies that the library signed, and forms that it verifies and authorizes. */
#include "check.h"
#include "signed.h"

enum { MOST_FIELDS = 16 };

/* A user that may upload under photos/ and set access control lists there. */
#define UPLOADERS                                                                             \
    "{\"version\": 1,"                                                                        \
    " \"users\": {\"alice\": {\"secret_key\": \"alice-and-her-secret\","                      \
    "   \"access_keys\": [{\"access_key\": \"" KEY_ID "\", \"secret_key\": \"" SECRET "\"}]," \
    "   \"policies\": [\"uploader\"]}},"                                                      \
    " \"policies\": {\"uploader\": {\"Version\": \"2012-10-17\", \"Statement\": ["            \
    "   {\"Effect\": \"Allow\", \"Action\": \"s3:Put*\","                                     \
    "    \"Resource\": \"arn:aws:s3:::bucket/photos/*\"}]}}}"

static const s3iam_pair CONTENT_TYPE[] = {
    {{"Content-Type", 12}, {"multipart/form-data; boundary=b", 31}},
};

static s3iam_http_request post_request(void)
{
    s3iam_http_request request = request_of("POST", "/bucket", CONTENT_TYPE);
    request.headers_len = 1;
    return request;
}

/* The fields of a form for `bucket`, under `prefix`. */
static s3iam_pairs *signed_fields(const char *bucket, const char *prefix)
{
    const s3iam_policy_condition conditions[] = {
        {.kind = S3IAM_CONDITION_EQUALS, .field = S3IAM_STR("acl"), .value = S3IAM_STR("private")},
        {.kind = S3IAM_CONDITION_EQUALS,
         .field = S3IAM_STR("success_action_status"),
         .value = S3IAM_STR("201")},
        {.kind = S3IAM_CONDITION_EQUALS,
         .field = S3IAM_STR("success_action_redirect"),
         .value = S3IAM_STR("https://example.com/done")},
        {.kind = S3IAM_CONDITION_STARTS_WITH, .field = S3IAM_STR("Content-Type"), .value = S3IAM_STR("image/")},
        {.kind = S3IAM_CONDITION_CONTENT_LENGTH, .least = 2, .greatest = 10},
    };
    s3iam_policy_draft draft = {.size = sizeof draft, .key_is_prefix = true, .conditions = conditions};
    draft.bucket = s3iam_text_of(bucket);
    draft.key = s3iam_text_of(prefix);
    draft.conditions_len = sizeof conditions / sizeof *conditions;
    draft.expires_ms = NOW_MS + 60 * 1000;
    s3iam_signer *signer = a_signer(S3IAM_ALGORITHM_SIGV4);
    s3iam_pairs *fields = NULL;
    CHECK_STATUS(s3iam_signer_post_policy(signer, &draft, NOW_MS, &fields, NULL), S3IAM_OK);
    s3iam_signer_free(signer);
    return fields;
}

/* A form of these fields and a content type, for a file cat.jpg. */
static s3iam_post_form form_of(const s3iam_pairs *signed_ones, const char *content_type, s3iam_pair *fields)
{
    s3iam_post_form form = {.size = sizeof form, .has_file_name = true, .file_name = S3IAM_STR("cat.jpg")};
    for (size_t i = 0; i < s3iam_pairs_len(signed_ones); i++) {
        CHECK(form.fields_len < MOST_FIELDS - 1);
        fields[form.fields_len++] = s3iam_pairs_at(signed_ones, i);
    }
    fields[form.fields_len].name = S3IAM_STR("Content-Type");
    fields[form.fields_len++].value = s3iam_text_of(content_type);
    form.fields = fields;
    return form;
}

static void what_it_uploads(const s3iam_upload *upload)
{
    CHECK_TEXT(s3iam_upload_key(upload), "photos/cat.jpg");
    CHECK(s3iam_upload_least_length(upload) == 2 && s3iam_upload_greatest_length(upload) == 10);
    CHECK_STATUS(s3iam_upload_check_length(upload, 1, false, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_upload_check_length(upload, 10, true, NULL), S3IAM_OK);
    s3iam_error *detail = NULL;
    CHECK_STATUS(s3iam_upload_check_length(upload, 1, true, &detail), S3IAM_ERROR_FORM_FILE_TOO_SMALL);
    CHECK_TEXT(s3iam_error_s3_code(detail), "EntityTooSmall");
    s3iam_error_free(detail);
    CHECK_STATUS(s3iam_upload_check_length(upload, 11, false, NULL), S3IAM_ERROR_FORM_FILE_TOO_LARGE);
    CHECK(s3iam_upload_success_status(upload) == 201);
    CHECK_TEXT(s3iam_upload_success_redirect(upload), "https://example.com/done");
    const s3iam_pairs *headers = s3iam_upload_headers(upload);
    CHECK(s3iam_pairs_len(headers) == 2);
    CHECK_TEXT(s3iam_pairs_at(headers, 0).name, "x-amz-acl");
    CHECK_TEXT(s3iam_pairs_at(headers, 0).value, "private");
    CHECK_TEXT(s3iam_pairs_at(headers, 1).name, "content-type");
    CHECK_TEXT(s3iam_pairs_at(headers, 1).value, "image/jpeg");
    CHECK_TEXT(s3iam_pairs_at(headers, 2).name, "");
}

static void a_form_has_its_signer_and_its_upload(void)
{
    s3iam_pairs *signed_ones = signed_fields("bucket", "photos/");
    s3iam_pair fields[MOST_FIELDS];
    s3iam_post_form form = form_of(signed_ones, "image/jpeg", fields);
    s3iam_http_request request = post_request();
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_identity *identity = NULL;
    s3iam_upload *upload = NULL;
    CHECK_STATUS(s3iam_verifier_verify_post(verifier, &request, S3IAM_STR("bucket"), &form, &identity, &upload, NULL),
                 S3IAM_OK);
    /* Both outlive what they were made of. */
    s3iam_verifier_free(verifier);
    s3iam_pairs_free(signed_ones);
    CHECK_TEXT(s3iam_identity_access_key(identity), KEY_ID);
    CHECK(s3iam_identity_form(identity) == S3IAM_FORM_POST_V4);
    CHECK_TEXT(s3iam_form_name(S3IAM_FORM_POST_V4), "post-policy");
    CHECK_TEXT(s3iam_identity_payload(identity), "unsigned");
    what_it_uploads(upload);
    s3iam_identity_free(identity);
    s3iam_upload_free(upload);
}

static void a_form_without_fields_of_a_signature_is_anonymous(void)
{
    const s3iam_pair fields[] = {{S3IAM_STR("key"), S3IAM_STR("a")}};
    s3iam_post_form form = {.size = sizeof form, .fields = fields, .fields_len = 1};
    s3iam_http_request request = post_request();
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_identity *identity = NULL;
    s3iam_upload *upload = NULL;
    CHECK_STATUS(s3iam_verifier_verify_post(verifier, &request, S3IAM_STR("bucket"), &form, &identity, &upload, NULL),
                 S3IAM_OK);
    CHECK(s3iam_identity_anonymous(identity));
    CHECK_TEXT(s3iam_upload_key(upload), "a");
    CHECK(s3iam_upload_greatest_length(upload) == UINT64_MAX && s3iam_upload_success_status(upload) == 204);
    CHECK_TEXT(s3iam_upload_success_redirect(upload), "");
    CHECK(s3iam_pairs_len(s3iam_upload_headers(upload)) == 0);
    s3iam_identity_free(identity);
    s3iam_upload_free(upload);
    s3iam_verifier_free(verifier);
}

static void a_form_that_breaks_its_policy_is_refused(void)
{
    s3iam_pairs *signed_ones = signed_fields("bucket", "photos/");
    s3iam_pair fields[MOST_FIELDS];
    s3iam_http_request request = post_request();
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_post_form good = form_of(signed_ones, "image/jpeg", fields);
    s3iam_post_form too_large = good, nameless = good, unsized = good;
    too_large.has_file_length = true;
    too_large.file_length = 11;
    nameless.has_file_name = false;
    unsized.file_length = 5;
    const struct {
        const s3iam_post_form *form;
        const char *bucket;
        int64_t later_ms;
        s3iam_status expected;
    } cases[] = {{&good, "bucket", 0, S3IAM_OK},
                 {&good, "other", 0, S3IAM_ERROR_FORM_CONDITION_FAILED},
                 {&good, "bucket", 60 * 1000, S3IAM_ERROR_FORM_POLICY_EXPIRED},
                 {&too_large, "bucket", 0, S3IAM_ERROR_FORM_FILE_TOO_LARGE},
                 {&nameless, "bucket", 0, S3IAM_ERROR_INVALID_ARGUMENT},
                 {&unsized, "bucket", 0, S3IAM_ERROR_INVALID_ARGUMENT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s3iam_identity *identity = NULL;
        s3iam_upload *upload = NULL;
        request.now_ms = NOW_MS + cases[i].later_ms;
        CHECK_STATUS(s3iam_verifier_verify_post(verifier, &request, s3iam_text_of(cases[i].bucket), cases[i].form,
                                                &identity, &upload, NULL),
                     cases[i].expected);
        CHECK((identity != NULL) == (cases[i].expected == S3IAM_OK));
        CHECK((upload != NULL) == (cases[i].expected == S3IAM_OK));
        s3iam_identity_free(identity);
        s3iam_upload_free(upload);
    }
    s3iam_pair others[MOST_FIELDS];
    s3iam_post_form html = form_of(signed_ones, "text/html", others);
    s3iam_identity *identity = NULL;
    s3iam_upload *upload = NULL;
    s3iam_error *detail = NULL;
    request.now_ms = NOW_MS;
    CHECK_STATUS(s3iam_verifier_verify_post(verifier, &request, S3IAM_STR("bucket"), &html, &identity, &upload, &detail),
                 S3IAM_ERROR_FORM_CONDITION_FAILED);
    CHECK_TEXT(s3iam_error_s3_code(detail), "AccessDenied");
    s3iam_error_free(detail);
    /* A form is not verified without its fields. */
    CHECK_STATUS(s3iam_verifier_verify(verifier, &request, &identity, NULL), S3IAM_ERROR_FORM_FIELDS_NEEDED);
    s3iam_verifier_free(verifier);
    s3iam_pairs_free(signed_ones);
}

static void a_form_is_authorized(void)
{
    s3iam_iam *iam = NULL;
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(UPLOADERS), NULL, &iam, NULL), S3IAM_OK);
    s3iam_http_request request = post_request();
    s3iam_pair fields[MOST_FIELDS];
    s3iam_pairs *signed_ones = signed_fields("bucket", "photos/");
    s3iam_post_form form = form_of(signed_ones, "image/jpeg", fields);
    s3iam_verdict *verdict = NULL;
    s3iam_upload *upload = NULL;
    s3iam_body_reader *reader = NULL;
    CHECK_STATUS(s3iam_authorize_post(iam, &request, &form, &verdict), S3IAM_OK);
    CHECK(s3iam_verdict_allowed(verdict));
    CHECK_TEXT(s3iam_verdict_user(verdict), "alice");
    CHECK_TEXT(s3iam_verdict_operation(verdict), "PostObject");
    CHECK_TEXT(s3iam_verdict_key(verdict), "photos/cat.jpg");
    CHECK_STATUS(s3iam_verdict_body_reader(verdict, &reader, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_verdict_upload(verdict, &upload, NULL), S3IAM_OK);
    s3iam_verdict_free(verdict);
    s3iam_pairs_free(signed_ones);
    what_it_uploads(upload);
    s3iam_upload_free(upload);

    /* The policy of the form holds, and that of the user does not allow it. */
    signed_ones = signed_fields("bucket", "secret/");
    form = form_of(signed_ones, "image/jpeg", fields);
    upload = NULL;
    CHECK_STATUS(s3iam_authorize_post(iam, &request, &form, &verdict), S3IAM_OK);
    CHECK(!s3iam_verdict_allowed(verdict));
    CHECK_STATUS(s3iam_verdict_error_code(verdict), S3IAM_ERROR_ACCESS_DENIED);
    CHECK_STATUS(s3iam_verdict_upload(verdict, &upload, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(upload == NULL);
    s3iam_verdict_free(verdict);
    s3iam_pairs_free(signed_ones);

    /* Other requests upload no form, and a form is not authorized without its fields. */
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request get = get_request(headers);
    CHECK_STATUS(s3iam_authorize(iam, &get, &verdict), S3IAM_OK);
    CHECK_STATUS(s3iam_verdict_upload(verdict, &upload, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_verdict_free(verdict);
    CHECK_STATUS(s3iam_authorize(iam, &request, &verdict), S3IAM_OK);
    CHECK_STATUS(s3iam_verdict_error_code(verdict), S3IAM_ERROR_FORM_FIELDS_NEEDED);
    s3iam_verdict_free(verdict);
    s3iam_iam_free(iam);
}

int main(void)
{
    a_form_has_its_signer_and_its_upload();
    a_form_without_fields_of_a_signature_is_anonymous();
    a_form_that_breaks_its_policy_is_refused();
    a_form_is_authorized();
    return check_result();
}
