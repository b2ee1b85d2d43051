/* Signatures: verified with keys of the program's own, without a directory. */
#include "check.h"
#include "requests.h"

static s3iam_verifier *verifier_for(const char *region)
{
    s3iam_options options = {.size = sizeof options, .region = s3iam_text_of(region)};
    s3iam_key key = {.size = sizeof key, .access_key = S3IAM_STR(KEY_ID), .secret_key = S3IAM_STR(SECRET)};
    s3iam_verifier *verifier = NULL;
    CHECK_STATUS(s3iam_verifier_new(&options, &verifier, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_verifier_add_key(verifier, &key, NULL), S3IAM_OK);
    return verifier;
}

static void a_signed_request_has_its_signer(void)
{
    s3iam_verifier *verifier = verifier_for("us-east-1");
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_identity *identity = NULL;
    CHECK_STATUS(s3iam_verifier_verify(verifier, &request, &identity, NULL), S3IAM_OK);
    /* The identity outlives the verifier. */
    s3iam_verifier_free(verifier);
    CHECK(!s3iam_identity_anonymous(identity));
    CHECK_TEXT(s3iam_identity_access_key(identity), KEY_ID);
    CHECK(s3iam_identity_form(identity) == S3IAM_FORM_SIGV4_HEADER);
    CHECK_TEXT(s3iam_form_name(s3iam_identity_form(identity)), "sigv4-header");
    CHECK(s3iam_identity_signed_at_ms(identity) == NOW_MS);
    CHECK(!s3iam_identity_temporary(identity));
    uint8_t hash[32];
    CHECK(s3iam_identity_payload_sha256(identity, &hash) && hash[0] == 0xe3 && hash[31] == 0x55);
    s3iam_identity_free(identity);
}

static void nobody_is_anonymous(void)
{
    s3iam_verifier *verifier = verifier_for("us-east-1");
    s3iam_pair headers[] = {{S3IAM_STR("Host"), S3IAM_STR("s3.example.com")}};
    s3iam_http_request request = request_of("GET", "/bucket/photos/cat.jpg", headers);
    request.headers_len = 1;
    s3iam_identity *identity = NULL;
    CHECK_STATUS(s3iam_verifier_verify(verifier, &request, &identity, NULL), S3IAM_OK);
    CHECK(s3iam_identity_anonymous(identity));
    CHECK_TEXT(s3iam_identity_access_key(identity), "");
    s3iam_identity_free(identity);
    s3iam_verifier_free(verifier);
}

static void a_wrong_request_is_refused(const s3iam_verifier *verifier,
                                       const s3iam_http_request *request, s3iam_status expected,
                                       const char *s3_code)
{
    s3iam_identity *identity = NULL;
    s3iam_error *detail = NULL;
    CHECK_STATUS(s3iam_verifier_verify(verifier, request, &identity, &detail), expected);
    CHECK(identity == NULL);
    CHECK_STATUS(s3iam_error_status(detail), expected);
    CHECK_TEXT(s3iam_error_s3_code(detail), s3_code);
    s3iam_error_free(detail);
}

static void wrong_requests_are_refused(void)
{
    s3iam_verifier *here = verifier_for("us-east-1"), *elsewhere = verifier_for("eu-west-1");
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    a_wrong_request_is_refused(elsewhere, &request, S3IAM_ERROR_WRONG_REGION,
                               "AuthorizationHeaderMalformed");
    request.target = S3IAM_STR("/bucket/photos/dog.jpg");
    a_wrong_request_is_refused(here, &request, S3IAM_ERROR_SIGNATURE_DOES_NOT_MATCH,
                               "SignatureDoesNotMatch");
    request = get_request(headers);
    request.now_ms = NOW_MS + 901 * 1000;
    a_wrong_request_is_refused(here, &request, S3IAM_ERROR_REQUEST_TIME_TOO_SKEWED,
                               "RequestTimeTooSkewed");
    s3iam_verifier_free(here);
    s3iam_verifier_free(elsewhere);
}

static void keys_can_be_replaced(void)
{
    s3iam_verifier *verifier = verifier_for("us-east-1");
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_identity *identity = NULL;
    CHECK_STATUS(s3iam_verifier_verify(verifier, &request, &identity, NULL), S3IAM_OK);
    s3iam_identity_free(identity);

    s3iam_key key = {.size = sizeof key, .access_key = S3IAM_STR(KEY_ID)};
    key.secret_key = S3IAM_STR("another secret altogether");
    CHECK_STATUS(s3iam_verifier_add_key(verifier, &key, NULL), S3IAM_OK);
    a_wrong_request_is_refused(verifier, &request, S3IAM_ERROR_SIGNATURE_DOES_NOT_MATCH,
                               "SignatureDoesNotMatch");
    key.secret_key = S3IAM_STR(SECRET);
    key.disabled = true;
    CHECK_STATUS(s3iam_verifier_add_key(verifier, &key, NULL), S3IAM_OK);
    a_wrong_request_is_refused(verifier, &request, S3IAM_ERROR_DISABLED_ACCESS_KEY,
                               "InvalidAccessKeyId");
    s3iam_verifier_free(verifier);
}

static void keys_can_be_removed(void)
{
    s3iam_verifier *verifier = verifier_for("us-east-1");
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_identity *identity = NULL;
    CHECK_STATUS(s3iam_verifier_verify(verifier, &request, &identity, NULL), S3IAM_OK);
    s3iam_identity_free(identity);

    bool removed = false;
    CHECK_STATUS(s3iam_verifier_remove_key(verifier, S3IAM_STR(KEY_ID), &removed, NULL), S3IAM_OK);
    CHECK(removed);
    a_wrong_request_is_refused(verifier, &request, S3IAM_ERROR_UNKNOWN_ACCESS_KEY, "InvalidAccessKeyId");
    CHECK_STATUS(s3iam_verifier_remove_key(verifier, S3IAM_STR(KEY_ID), &removed, NULL), S3IAM_OK);
    CHECK(!removed);
    CHECK_STATUS(s3iam_verifier_remove_key(verifier, S3IAM_STR("\xff"), NULL, NULL), S3IAM_ERROR_INVALID_UTF8);

    s3iam_key key = {.size = sizeof key, .access_key = S3IAM_STR(KEY_ID), .secret_key = S3IAM_STR(SECRET)};
    CHECK_STATUS(s3iam_verifier_add_key(verifier, &key, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_verifier_verify(verifier, &request, &identity, NULL), S3IAM_OK);
    s3iam_identity_free(identity);
    CHECK_STATUS(s3iam_verifier_remove_key(verifier, S3IAM_STR(KEY_ID), NULL, NULL), S3IAM_OK);
    a_wrong_request_is_refused(verifier, &request, S3IAM_ERROR_UNKNOWN_ACCESS_KEY, "InvalidAccessKeyId");
    s3iam_verifier_free(verifier);
}

int main(void)
{
    a_signed_request_has_its_signer();
    nobody_is_anonymous();
    wrong_requests_are_refused();
    keys_can_be_replaced();
    keys_can_be_removed();
    return check_result();
}
