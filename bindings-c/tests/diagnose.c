/* Which authentication a request claims, and why its signature is refused. */
#include "check.h"
#include "signed.h"

static void a_request_claims_one_form(void)
{
    static const struct {
        const char *target, *authorization, *expected;
    } cases[] = {{"/b/k", NULL, "anonymous"},
                 {"/b/k", "AWS4-HMAC-SHA256 Credential=x", "sigv4-header"},
                 {"/b/k", "AWS4-ECDSA-P256-SHA256 Credential=x", "sigv4a-header"},
                 {"/b/k", "AWS key:signature", "sigv2-header"},
                 {"/b/k", "Bearer token", "bearer"},
                 {"/b/k?X-Amz-Signature=s", NULL, "sigv4-presigned"},
                 {"/b/k?AWSAccessKeyId=a&Signature=s", NULL, "sigv2-presigned"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s3iam_pair header = {S3IAM_STR("Authorization"), s3iam_text_of(cases[i].authorization)};
        s3iam_http_request request = request_of("GET", cases[i].target, &header);
        s3iam_text found;
        request.headers_len = cases[i].authorization != NULL;
        CHECK_STATUS(s3iam_classify(&request, &found, NULL), S3IAM_OK);
        CHECK_TEXT(found, cases[i].expected);
    }
    s3iam_pair basic = {S3IAM_STR("Authorization"), S3IAM_STR("Basic dTpw")};
    s3iam_http_request request = request_of("GET", "/b/k", &basic);
    s3iam_text found = S3IAM_STR("untouched");
    s3iam_error *detail = NULL;
    request.headers_len = 1;
    CHECK_STATUS(s3iam_classify(&request, &found, &detail), S3IAM_ERROR_UNKNOWN_AUTH_SCHEME);
    CHECK_TEXT(found, "untouched");
    CHECK(s3iam_error_http_status(detail) == 400);
    s3iam_error_free(detail);
}

static void every_form_has_a_name(void)
{
    static const char *const names[] = {"anonymous",       "sigv4-header",  "sigv4-presigned", "sigv4a-header",
                                        "sigv4a-presigned", "sigv2-header", "sigv2-presigned", "post-policy",
                                        "post-policy-v2",  "other",         ""};
    for (uint32_t form = 0; form < sizeof names / sizeof *names; form++) {
        CHECK_TEXT(s3iam_form_name(form), names[form]);
    }
}

static void diagnosis_of(const s3iam_http_request *request, s3iam_text canonical_request, const char *part,
                         const char *not_for_client)
{
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_iam *iam = NULL;
    s3iam_string *json = NULL, *safe = NULL, *of_iam = NULL;
    CHECK_STATUS(s3iam_verifier_diagnose(verifier, request, canonical_request, S3IAM_STR(""), &json, &safe, NULL),
                 S3IAM_OK);
    CHECK(check_has(s3iam_string_text(json), part));
    CHECK(s3iam_string_text(safe).len > 0);
    CHECK(!check_has(s3iam_string_text(safe), not_for_client));
    CHECK(!check_has(s3iam_string_text(json), SECRET));
    s3iam_string_free(safe);
    s3iam_verifier_free(verifier);
    /* A directory with the same key says the same. */
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DIRECTORY), NULL, &iam, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_iam_diagnose(iam, request, canonical_request, S3IAM_STR(""), &of_iam, &safe, NULL), S3IAM_OK);
    const s3iam_text theirs = s3iam_string_text(of_iam), ours = s3iam_string_text(json);
    CHECK(theirs.len == ours.len && memcmp(theirs.data, ours.data, ours.len) == 0);
    CHECK(s3iam_string_text(safe).len > 0);
    s3iam_string_free(of_iam);
    s3iam_string_free(json);
    s3iam_string_free(safe);
    s3iam_iam_free(iam);
}

static void a_diagnosis_has_a_cause_and_what_differs(void)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    diagnosis_of(&request, S3IAM_STR(""), "{\"outcome\":\"verifies\",\"code\":null", "cause");
    /* The client signed the path that the request had before a proxy encoded it once more. */
    request.target = S3IAM_STR("//bucket/photos/cat.jpg");
    diagnosis_of(&request, S3IAM_STR(""), "\"code\":\"signature-does-not-match\",\"cause\":{\"code\":\"",
                 "//bucket");
    diagnosis_of(&request,
                 S3IAM_STR("GET\n/bucket/photos/cat.jpg\n\nhost:s3.example.com\nx-amz-content-sha256:" EMPTY_SHA256
                           "\nx-amz-date:20260115T120000Z\n\nhost;x-amz-content-sha256;x-amz-date\n" EMPTY_SHA256),
                 "\"element\":\"path\",\"client\":\"/bucket/photos/cat.jpg\",\"server\":\"//bucket/photos/cat.jpg\"",
                 "//bucket");
    request = get_request(headers);
    request.now_ms += 901 * 1000;
    diagnosis_of(&request, S3IAM_STR(""), "\"code\":\"request-time-too-skewed\"", KEY_ID);
    request.headers_len = 1;
    diagnosis_of(&request, S3IAM_STR(""), "{\"outcome\":\"anonymous\"", KEY_ID);
}

static void the_safe_message_may_be_left_out(void)
{
    s3iam_verifier *verifier = a_verifier(NULL);
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_string *json = NULL;
    CHECK_STATUS(s3iam_verifier_diagnose(verifier, &request, S3IAM_STR(""), S3IAM_STR(""), &json, NULL, NULL),
                 S3IAM_OK);
    CHECK(s3iam_string_text(json).len > 0);
    s3iam_string_free(json);
    s3iam_verifier_free(verifier);
}

int main(void)
{
    a_request_claims_one_form();
    every_form_has_a_name();
    a_diagnosis_has_a_cause_and_what_differs();
    the_safe_message_may_be_left_out();
    return check_result();
}
