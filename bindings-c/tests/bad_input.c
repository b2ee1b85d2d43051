/* Bad input: a clear status, never a crash, never an allow. */
#include "check.h"
#include "requests.h"

static s3iam_iam *iam;

/* The status of a policy that cannot be read; nothing is handed over. */
static s3iam_status parse(s3iam_text text)
{
    s3iam_policy *policy = NULL;
    s3iam_error *detail = NULL;
    s3iam_status status = s3iam_policy_parse(text, NULL, &policy, &detail);
    CHECK(policy == NULL && detail != NULL);
    CHECK(s3iam_error_message(detail).len > 0);
    s3iam_error_free(detail);
    s3iam_policy_free(policy);
    return status;
}

static void malformed_policies(void)
{
    CHECK_STATUS(parse(S3IAM_STR("")), S3IAM_ERROR_POLICY_UNREADABLE);
    CHECK_STATUS(parse(S3IAM_STR("{")), S3IAM_ERROR_POLICY_UNREADABLE);
    CHECK_STATUS(parse(S3IAM_STR("[]")), S3IAM_ERROR_POLICY_UNREADABLE);
    CHECK_STATUS(parse(S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Maybe\", "
                                 "\"Action\": \"s3:*\", \"Resource\": \"*\"}]}")),
                 S3IAM_ERROR_POLICY_INVALID);
    CHECK_STATUS(parse(S3IAM_STR("{\"Version\": \"\xff\xfe\"}")), S3IAM_ERROR_POLICY_INVALID);
    CHECK_STATUS(parse((s3iam_text){NULL, 0}), S3IAM_ERROR_POLICY_UNREADABLE);
    CHECK_STATUS(parse((s3iam_text){NULL, 7}), S3IAM_ERROR_NULL_POINTER);
    CHECK_STATUS(parse((s3iam_text){"{}", SIZE_MAX}), S3IAM_ERROR_INVALID_ARGUMENT);
}

static void a_policy_of_more_than_20_kib(void)
{
    enum { SIZE = 20 * 1024 + 1 };
    char *text = malloc(SIZE);
    CHECK(text != NULL);
    if (text == NULL) {
        return;
    }
    memset(text, ' ', SIZE);
    memcpy(text, "{}", 2);
    CHECK_STATUS(parse((s3iam_text){text, SIZE}), S3IAM_ERROR_POLICY_TOO_LARGE);
    free(text);
}

static void malformed_directories(void)
{
    const s3iam_text texts[] = {S3IAM_STR(""), S3IAM_STR("{"), S3IAM_STR("[1, 2]"), S3IAM_STR("null"),
                                S3IAM_STR("{\"users\": \xff}"), {NULL, 0}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        s3iam_iam *none = NULL;
        s3iam_error *detail = NULL;
        s3iam_status status = s3iam_iam_load(texts[i], NULL, &none, &detail);
        CHECK(status == S3IAM_ERROR_DIRECTORY_UNREADABLE || status == S3IAM_ERROR_DIRECTORY_INVALID);
        CHECK(none == NULL && s3iam_error_status(detail) == status);
        s3iam_error_free(detail);
    }
}

static void questions_that_are_not_utf8(void)
{
    s3iam_policy *policy = NULL;
    CHECK_STATUS(s3iam_policy_parse(S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": "
                                              "\"Allow\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\"}]}"),
                                    NULL, &policy, NULL),
                 S3IAM_OK);
    s3iam_text bad = S3IAM_STR("\xc3");
    s3iam_pair context[] = {{bad, S3IAM_STR("10.0.0.1")}};
    s3iam_query queries[] = {{.action = bad}, {.resource = bad}, {.bucket = bad}, {.object = bad},
                             {.account = bad}, {.context = context, .context_len = 1},
                             {.principal = {S3IAM_PRINCIPAL_USER, bad, S3IAM_STR("")}},
                             {.principal = {S3IAM_PRINCIPAL_FEDERATED_USER, S3IAM_STR("f"), bad}},
                             {.resource_account = bad}};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        s3iam_decision decision;
        queries[i].size = sizeof *queries;
        CHECK_STATUS(s3iam_policy_decide(policy, &queries[i], &decision), S3IAM_ERROR_INVALID_UTF8);
    }
    s3iam_policy_free(policy);
}

/* The status with which a request is refused. */
static s3iam_status refused(const s3iam_http_request *request)
{
    s3iam_verdict *verdict = NULL;
    s3iam_status status = s3iam_authorize(iam, request, &verdict);
    CHECK(!s3iam_verdict_allowed(verdict));
    CHECK(s3iam_verdict_http_status(verdict) >= 400);
    if (status == S3IAM_OK) {
        status = s3iam_verdict_error_code(verdict);
    }
    s3iam_verdict_free(verdict);
    return status;
}

static void malformed_authorization(void)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_text *authorization = &headers[HEADERS_LEN - 1].value;
    *authorization = S3IAM_STR("AWS4-HMAC-SHA256 Credential");
    CHECK(refused(&request) != S3IAM_OK);
    *authorization = S3IAM_STR("Bearer x");
    CHECK_STATUS(refused(&request), S3IAM_ERROR_AUTH_FORM_UNSUPPORTED);
    *authorization = S3IAM_STR("Whatever x");
    CHECK_STATUS(refused(&request), S3IAM_ERROR_UNKNOWN_AUTH_SCHEME);
    *authorization = S3IAM_STR("\xff\xfe\x00");
    CHECK(refused(&request) != S3IAM_OK);
    *authorization = S3IAM_STR("");
    CHECK(refused(&request) != S3IAM_OK);
}

static void an_authorization_of_more_than_8_kib(void)
{
    static char text[64 * 1024];
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_text *authorization = &headers[HEADERS_LEN - 1].value;
    memset(text, 'x', sizeof text);
    memcpy(text, authorization->data, authorization->len);
    *authorization = (s3iam_text){text, 8 * 1024 + 1};
    CHECK_STATUS(refused(&request), S3IAM_ERROR_AUTHORIZATION_TOO_LARGE);
    authorization->len = sizeof text - 1;
    CHECK_STATUS(refused(&request), S3IAM_ERROR_AUTHORIZATION_TOO_LARGE);
    /* No header may be that long, whatever it is. */
    authorization->len = sizeof text;
    CHECK_STATUS(refused(&request), S3IAM_ERROR_HEADER_TOO_LONG);
}

static void repeated_headers(void)
{
    for (size_t repeated = 0; repeated < HEADERS_LEN; repeated++) {
        s3iam_pair headers[HEADERS_LEN + 1];
        s3iam_http_request request = get_request(headers);
        headers[HEADERS_LEN] = headers[repeated];
        request.headers_len = HEADERS_LEN + 1;
        CHECK(refused(&request) != S3IAM_OK);
    }
}

static void requests_that_contradict_themselves(void)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    request.peer = S3IAM_STR("10.0.0.256");
    CHECK_STATUS(refused(&request), S3IAM_ERROR_INVALID_ARGUMENT);
    request = get_request(headers);
    request.body = S3IAM_STR("a body without has_body");
    CHECK_STATUS(refused(&request), S3IAM_ERROR_INVALID_ARGUMENT);
    request = get_request(headers);
    request.object_tags = headers;
    request.object_tags_len = 1;
    CHECK_STATUS(refused(&request), S3IAM_ERROR_INVALID_ARGUMENT);
    request = get_request(headers);
    request.headers_len = SIZE_MAX;
    CHECK_STATUS(refused(&request), S3IAM_ERROR_INVALID_ARGUMENT);
    request = get_request(headers);
    request.has_body = true;
    request.body = S3IAM_STR("not the body that was signed");
    CHECK_STATUS(refused(&request), S3IAM_ERROR_CONTENT_SHA256_MISMATCH);
}

static void requests_that_are_nothing(void)
{
    s3iam_http_request request = {.size = sizeof request};
    CHECK(refused(&request) != S3IAM_OK);
    request.method = S3IAM_STR("GET");
    request.target = S3IAM_STR("\xff%zz%00/../..");
    CHECK(refused(&request) != S3IAM_OK);
    s3iam_pair nothing[] = {{{NULL, 0}, {NULL, 0}}};
    request.headers = nothing;
    request.headers_len = 1;
    CHECK(refused(&request) != S3IAM_OK);
}

int main(void)
{
    s3iam_options options = {.size = sizeof options, .region = S3IAM_STR("us-east-1")};
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DIRECTORY), &options, &iam, NULL), S3IAM_OK);
    malformed_policies();
    a_policy_of_more_than_20_kib();
    malformed_directories();
    questions_that_are_not_utf8();
    malformed_authorization();
    an_authorization_of_more_than_8_kib();
    repeated_headers();
    requests_that_contradict_themselves();
    requests_that_are_nothing();
    s3iam_iam_free(iam);
    return check_result();
}
