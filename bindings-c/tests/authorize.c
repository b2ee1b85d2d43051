/* The whole path: a directory, a raw request, a verdict. */
#include "check.h"
#include "requests.h"

static s3iam_iam *loaded(void)
{
    s3iam_options options = {.size = sizeof options, .region = S3IAM_STR("us-east-1")};
    s3iam_iam *iam = NULL;
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DIRECTORY), &options, &iam, NULL), S3IAM_OK);
    return iam;
}

static s3iam_verdict *verdict_on(const s3iam_iam *iam, const s3iam_http_request *request)
{
    s3iam_verdict *verdict = NULL;
    CHECK_STATUS(s3iam_authorize(iam, request, &verdict), S3IAM_OK);
    return verdict;
}

static void the_directory_has_no_problems(const s3iam_iam *iam)
{
    s3iam_problems *problems = NULL;
    CHECK_STATUS(s3iam_iam_problems(iam, &problems), S3IAM_OK);
    CHECK(s3iam_problems_len(problems) == 0);
    s3iam_problem problem;
    CHECK_STATUS(s3iam_problems_get(problems, 0, &problem), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_problems_free(problems);
}

static void an_allowed_request_says_who_and_what(const s3iam_iam *iam)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_verdict *verdict = verdict_on(iam, &request);
    CHECK(s3iam_verdict_allowed(verdict));
    CHECK(s3iam_verdict_http_status(verdict) == 200);
    CHECK_STATUS(s3iam_verdict_error_code(verdict), S3IAM_OK);
    CHECK_TEXT(s3iam_verdict_s3_code(verdict), "");
    CHECK_TEXT(s3iam_verdict_user(verdict), "alice");
    CHECK_TEXT(s3iam_verdict_access_key(verdict), KEY_ID);
    CHECK_TEXT(s3iam_verdict_operation(verdict), "GetObject");
    CHECK_TEXT(s3iam_verdict_bucket(verdict), "bucket");
    CHECK_TEXT(s3iam_verdict_key(verdict), "photos/cat.jpg");
    CHECK_TEXT(s3iam_verdict_policy(verdict), "readonly");
    s3iam_decision decision;
    CHECK(s3iam_verdict_decision(verdict, &decision));
    CHECK(decision.outcome == S3IAM_OUTCOME_ALLOW && decision.has_statement);
    uint8_t hash[32];
    CHECK(s3iam_verdict_payload_sha256(verdict, &hash) && hash[0] == 0xe3);
    s3iam_string *xml = NULL;
    CHECK_STATUS(s3iam_verdict_error_xml(verdict, S3IAM_STR("R1"), &xml), S3IAM_OK);
    CHECK_TEXT(s3iam_string_text(xml), "");
    s3iam_string_free(xml);
    s3iam_verdict_free(verdict);
}

static void a_refused_request_has_an_error_body(const s3iam_iam *iam)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = put_request(headers);
    s3iam_verdict *verdict = verdict_on(iam, &request);
    CHECK(!s3iam_verdict_allowed(verdict));
    CHECK(s3iam_verdict_http_status(verdict) == 403);
    CHECK_STATUS(s3iam_verdict_error_code(verdict), S3IAM_ERROR_ACCESS_DENIED);
    CHECK_TEXT(s3iam_verdict_s3_code(verdict), "AccessDenied");
    CHECK_TEXT(s3iam_verdict_message(verdict), "Access Denied");
    CHECK_TEXT(s3iam_verdict_user(verdict), "alice");
    s3iam_decision decision;
    CHECK(s3iam_verdict_decision(verdict, &decision));
    CHECK(decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    s3iam_string *xml = NULL;
    CHECK_STATUS(s3iam_verdict_error_xml(verdict, S3IAM_STR("R1"), &xml), S3IAM_OK);
    CHECK_TEXT(s3iam_string_text(xml),
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code>"
               "<Message>Access Denied</Message><Resource>/bucket/photos/cat.jpg</Resource>"
               "<RequestId>R1</RequestId></Error>");
    s3iam_string_free(xml);
    s3iam_string *json = NULL;
    CHECK_STATUS(s3iam_verdict_json(verdict, S3IAM_STR("R1"), &json), S3IAM_OK);
    CHECK(strstr(s3iam_string_text(json).data, "\"allowed\":false") != NULL);
    s3iam_string_free(json);
    s3iam_verdict_free(verdict);
}

static void a_tampered_request_is_nobodys(const s3iam_iam *iam)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    request.target = S3IAM_STR("/bucket/photos/dog.jpg");
    s3iam_verdict *verdict = verdict_on(iam, &request);
    CHECK(!s3iam_verdict_allowed(verdict));
    CHECK_STATUS(s3iam_verdict_error_code(verdict), S3IAM_ERROR_SIGNATURE_DOES_NOT_MATCH);
    CHECK_TEXT(s3iam_verdict_user(verdict), "");
    s3iam_decision decision;
    CHECK(!s3iam_verdict_decision(verdict, &decision));
    s3iam_verdict_free(verdict);
}

static void every_deleted_key_has_its_answer(const s3iam_iam *iam)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = delete_request(headers);
    s3iam_verdict *verdict = verdict_on(iam, &request);
    CHECK(s3iam_verdict_allowed(verdict));
    CHECK(s3iam_verdict_keys_len(verdict) == 2);
    s3iam_key_verdict first, second;
    CHECK_STATUS(s3iam_verdict_keys_get(verdict, 0, &first), S3IAM_OK);
    CHECK_STATUS(s3iam_verdict_keys_get(verdict, 1, &second), S3IAM_OK);
    CHECK_TEXT(first.key, "photos/a");
    CHECK_TEXT(first.version_id, "");
    CHECK(first.outcome == S3IAM_OUTCOME_ALLOW);
    CHECK_TEXT(second.key, "secret/b");
    CHECK(second.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    CHECK_STATUS(s3iam_verdict_keys_get(verdict, 2, &first), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_verdict_free(verdict);
}

static void a_replaced_directory_counts_from_then_on(s3iam_iam *iam)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_error *detail = NULL;
    CHECK_STATUS(s3iam_iam_replace(iam, S3IAM_STR("{"), &detail), S3IAM_ERROR_DIRECTORY_UNREADABLE);
    CHECK(s3iam_error_message(detail).len > 0);
    s3iam_error_free(detail);
    s3iam_verdict *before = verdict_on(iam, &request);
    CHECK(s3iam_verdict_allowed(before));

    CHECK_STATUS(s3iam_iam_replace(iam, S3IAM_STR("{\"version\": 1}"), NULL), S3IAM_OK);
    s3iam_verdict *after = verdict_on(iam, &request);
    CHECK(!s3iam_verdict_allowed(after));
    CHECK_STATUS(s3iam_verdict_error_code(after), S3IAM_ERROR_UNKNOWN_ACCESS_KEY);
    /* A verdict outlives the directory that it came from, and the handle too. */
    s3iam_iam_free(iam);
    CHECK_TEXT(s3iam_verdict_user(before), "alice");
    CHECK_TEXT(s3iam_verdict_policy(before), "readonly");
    s3iam_verdict_free(before);
    s3iam_verdict_free(after);
}

int main(void)
{
    s3iam_iam *iam = loaded();
    the_directory_has_no_problems(iam);
    an_allowed_request_says_who_and_what(iam);
    a_refused_request_has_an_error_body(iam);
    a_tampered_request_is_nobodys(iam);
    every_deleted_key_has_its_answer(iam);
    a_replaced_directory_counts_from_then_on(iam);
    return check_result();
}
