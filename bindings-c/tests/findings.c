/* Findings: what is wrong with a policy, and where. */
#include "check.h"

/* `Efect` is misspelt in the second line, and the statement so has no Effect. */
static const char MISSPELT[] =
    "{\"Version\": \"2012-10-17\", \"Statement\": [\n"
    "  {\"Efect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::photos/*\"}]}";

static void a_good_policy_has_no_errors(void)
{
    s3iam_findings *findings = NULL;
    s3iam_text text =
        S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                  "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::photos/*\"}]}");
    CHECK_STATUS(s3iam_validate(text, NULL, &findings), S3IAM_OK);
    CHECK(s3iam_findings_status(findings) == S3IAM_DOCUMENT_GOOD);
    CHECK_TEXT(s3iam_document_status_name(s3iam_findings_status(findings)), "good");
    s3iam_findings_free(findings);
}

static void a_finding_has_its_place(void)
{
    s3iam_findings *findings = NULL;
    CHECK_STATUS(s3iam_validate(s3iam_text_of(MISSPELT), NULL, &findings), S3IAM_OK);
    CHECK(s3iam_findings_status(findings) != S3IAM_DOCUMENT_GOOD);
    size_t len = s3iam_findings_len(findings);
    CHECK(len > 0);
    bool in_line_two = false;
    for (size_t i = 0; i < len; i++) {
        s3iam_finding finding;
        CHECK_STATUS(s3iam_findings_get(findings, i, &finding), S3IAM_OK);
        CHECK(finding.code.len > 0 && finding.message.len > 0);
        CHECK(finding.start.offset <= finding.end.offset && finding.end.offset <= strlen(MISSPELT));
        in_line_two = in_line_two || (finding.start.line == 2 && finding.severity == S3IAM_SEVERITY_ERROR);
    }
    CHECK(in_line_two);
    s3iam_finding none;
    CHECK_STATUS(s3iam_findings_get(findings, len, &none), S3IAM_ERROR_INVALID_ARGUMENT);

    s3iam_string *json = NULL;
    CHECK_STATUS(s3iam_findings_json(findings, &json), S3IAM_OK);
    s3iam_text text = s3iam_string_text(json);
    CHECK(text.len > 2 && text.data[0] == '{' && text.data[text.len] == '\0');
    s3iam_string_free(json);
    s3iam_findings_free(findings);
}

static void a_refused_policy_says_why(void)
{
    s3iam_policy *policy = NULL;
    s3iam_error *detail = NULL;
    s3iam_status status = s3iam_policy_parse(s3iam_text_of(MISSPELT), NULL, &policy, &detail);
    CHECK(status == S3IAM_ERROR_POLICY_UNREADABLE || status == S3IAM_ERROR_POLICY_INVALID);
    CHECK(policy == NULL);
    CHECK(s3iam_error_status(detail) == status);
    CHECK(strstr(s3iam_error_message(detail).data, "line 2") != NULL);
    CHECK(s3iam_findings_len(s3iam_error_findings(detail)) > 0);
    CHECK_TEXT(s3iam_error_s3_code(detail), "MalformedPolicy");
    CHECK(s3iam_error_http_status(detail) == 400);
    s3iam_error_free(detail);
}

static void a_policy_keeps_its_warnings(void)
{
    /* Misspelt members are ignored by MinIO, so a stored policy with one is taken, with findings. */
    s3iam_policy_options options = {.size = sizeof options, .lenient = true};
    s3iam_policy *policy = NULL;
    s3iam_text text =
        S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", "
                  "\"Resource\": \"arn:aws:s3:::photos/*\", \"Conditions\": {}}]}");
    CHECK_STATUS(s3iam_policy_parse(text, NULL, &policy, NULL), S3IAM_ERROR_POLICY_INVALID);
    CHECK_STATUS(s3iam_policy_parse(text, &options, &policy, NULL), S3IAM_OK);
    s3iam_findings *findings = NULL;
    CHECK_STATUS(s3iam_policy_findings(policy, &findings), S3IAM_OK);
    s3iam_policy_free(policy);
    CHECK(s3iam_findings_status(findings) == S3IAM_DOCUMENT_REFUSED);
    CHECK(s3iam_findings_len(findings) > 0);
    s3iam_findings_free(findings);
}

int main(void)
{
    a_good_policy_has_no_errors();
    a_finding_has_its_place();
    a_refused_policy_says_why();
    a_policy_keeps_its_warnings();
    return check_result();
}
