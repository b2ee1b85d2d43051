/* Policies: parsed, asked, asked together. */
#include "check.h"

static const char TEXT[] =
    "{\"Version\": \"2012-10-17\", \"Statement\": [\n"
    "  {\"Sid\": \"ReadPhotos\", \"Effect\": \"Allow\", \"Action\": \"s3:GetObject\",\n"
    "   \"Resource\": \"arn:aws:s3:::photos/*\"},\n"
    "  {\"Sid\": \"NotFromOutside\", \"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\",\n"
    "   \"Condition\": {\"NotIpAddress\": {\"aws:SourceIp\": \"10.0.0.0/8\"}}}]}";

static const char LOCKED[] =
    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"s3:DeleteObject\", "
    "\"Resource\": \"arn:aws:s3:::photos/*\"}]}";

static s3iam_policy *parsed(const char *text)
{
    s3iam_policy *policy = NULL;
    CHECK_STATUS(s3iam_policy_parse(s3iam_text_of(text), NULL, &policy, NULL), S3IAM_OK);
    return policy;
}

static void an_allow_names_its_statement(const s3iam_policy *policy)
{
    s3iam_pair context[] = {{S3IAM_STR("aws:SourceIp"), S3IAM_STR("10.1.2.3")}};
    s3iam_query query = {.size = sizeof query, .context = context, .context_len = 1};
    query.action = S3IAM_STR("s3:GetObject");
    query.resource = S3IAM_STR("arn:aws:s3:::photos/2026/cat.jpg");
    s3iam_decision decision;
    CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_ALLOW);
    CHECK(decision.reason == S3IAM_REASON_STATEMENT);
    CHECK(decision.has_statement && decision.policy == 0 && decision.statement == 0);
    CHECK(TEXT[decision.start] == '{' && TEXT[decision.end - 1] == '}');
    CHECK_TEXT(s3iam_policy_sid(policy, decision.statement), "ReadPhotos");
    CHECK_TEXT(s3iam_outcome_name(decision.outcome), "allow");
    CHECK_TEXT(s3iam_reason_name(decision.reason), "statement");
}

static void bucket_and_object_are_a_resource_too(const s3iam_policy *policy)
{
    s3iam_pair context[] = {{S3IAM_STR("SourceIp"), S3IAM_STR("10.1.2.3")}};
    s3iam_query query = {.size = sizeof query, .context = context, .context_len = 1};
    query.action = S3IAM_STR("s3:GetObject");
    query.bucket = S3IAM_STR("photos");
    query.object = S3IAM_STR("cat.jpg");
    s3iam_decision decision;
    CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_ALLOW);

    query.bucket = S3IAM_STR("videos");
    CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY && !decision.has_statement);

    query.resource = S3IAM_STR("arn:aws:s3:::photos/cat.jpg");
    CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_ERROR_INVALID_ARGUMENT);
}

static void a_deny_wins(const s3iam_policy *policy)
{
    s3iam_pair context[] = {{S3IAM_STR("aws:SourceIp"), S3IAM_STR("203.0.113.9")}};
    s3iam_query query = {.size = sizeof query, .context = context, .context_len = 1};
    query.action = S3IAM_STR("s3:GetObject");
    query.resource = S3IAM_STR("photos/cat.jpg");
    s3iam_decision decision;
    CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_EXPLICIT_DENY && decision.statement == 1);
    CHECK_TEXT(s3iam_policy_sid(policy, 1), "NotFromOutside");
    CHECK_TEXT(s3iam_policy_sid(policy, 2), "");
}

static void a_set_decides_as_one(const s3iam_policy *policy)
{
    s3iam_policy *readwrite =
        parsed("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"All\", \"Effect\": \"Allow\", "
               "\"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\"}]}");
    s3iam_policy *locked = parsed(LOCKED);
    const s3iam_policy *list[] = {readwrite, policy, locked};
    s3iam_policy_set *set = NULL;
    CHECK_STATUS(s3iam_policy_set_new(list, 3, &set, NULL), S3IAM_OK);
    /* The set keeps nothing of its policies. */
    s3iam_policy_free(readwrite);
    s3iam_policy_free(locked);

    s3iam_pair context[] = {{S3IAM_STR("aws:SourceIp"), S3IAM_STR("10.1.2.3")}};
    s3iam_query query = {.size = sizeof query, .context = context, .context_len = 1};
    query.resource = S3IAM_STR("photos/cat.jpg");
    query.action = S3IAM_STR("s3:DeleteObject");
    s3iam_decision decision;
    CHECK_STATUS(s3iam_policy_set_decide(set, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_EXPLICIT_DENY && decision.policy == 2);

    query.action = S3IAM_STR("s3:PutObject");
    CHECK_STATUS(s3iam_policy_set_decide(set, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_ALLOW && decision.policy == 0);
    CHECK_TEXT(s3iam_policy_set_sid(set, decision.policy, decision.statement), "All");
    s3iam_policy_set_free(set);
}

static void an_empty_set_allows_nothing(void)
{
    s3iam_policy_set *set = NULL;
    CHECK_STATUS(s3iam_policy_set_new(NULL, 0, &set, NULL), S3IAM_OK);
    s3iam_query query = {.size = sizeof query, .action = S3IAM_STR("s3:GetObject")};
    s3iam_decision decision;
    CHECK_STATUS(s3iam_policy_set_decide(set, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    s3iam_policy_set_free(set);
}

static void every_built_in_policy_is_there(void)
{
    size_t count = 0;
    for (s3iam_text name; (name = s3iam_policy_built_in_name(count)).len > 0; count++) {
        s3iam_policy *policy = NULL;
        CHECK_STATUS(s3iam_policy_built_in(name, &policy), S3IAM_OK);
        s3iam_policy_free(policy);
    }
    CHECK(count == 13);
    s3iam_policy *readonly = NULL;
    CHECK_STATUS(s3iam_policy_built_in(S3IAM_STR("readonly"), &readonly), S3IAM_OK);
    s3iam_query query = {.size = sizeof query, .action = S3IAM_STR("s3:GetObject")};
    query.resource = S3IAM_STR("photos/cat.jpg");
    s3iam_decision decision;
    CHECK_STATUS(s3iam_policy_decide(readonly, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_ALLOW);
    s3iam_policy_free(readonly);
    s3iam_policy *none = NULL;
    CHECK_STATUS(s3iam_policy_built_in(S3IAM_STR("ReadOnly"), &none), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(none == NULL);
}

static void the_owner_needs_no_allow(const s3iam_policy *policy)
{
    s3iam_pair context[] = {{S3IAM_STR("aws:SourceIp"), S3IAM_STR("10.1.2.3")}};
    s3iam_query query = {.size = sizeof query, .context = context, .context_len = 1, .is_owner = true};
    query.action = S3IAM_STR("s3:PutObject");
    query.resource = S3IAM_STR("videos/cat.mp4");
    s3iam_decision decision;
    CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_ALLOW && decision.reason == S3IAM_REASON_OWNER);
}

int main(void)
{
    s3iam_policy *policy = parsed(TEXT);
    an_allow_names_its_statement(policy);
    bucket_and_object_are_a_resource_too(policy);
    a_deny_wins(policy);
    a_set_decides_as_one(policy);
    an_empty_set_allows_nothing();
    every_built_in_policy_is_there();
    the_owner_needs_no_allow(policy);
    s3iam_policy_free(policy);
    return check_result();
}
