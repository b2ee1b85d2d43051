/* Bucket policies, and callers with all their policies. */
#include "check.h"

#define STATEMENT(effect, action, more)                                                                      \
    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"" effect "\", \"Effect\": \"" effect          \
    "\", \"Action\": \"" action "\", \"Resource\": \"arn:aws:s3:::b/*\"" more "}]}"
#define EVERYONE ", \"Principal\": \"*\""

static s3iam_policy *parsed(const char *text, uint32_t kind)
{
    s3iam_policy_options options = {.size = sizeof options, .kind = kind};
    s3iam_policy *policy = NULL;
    CHECK_STATUS(s3iam_policy_parse(s3iam_text_of(text), &options, &policy, NULL), S3IAM_OK);
    return policy;
}

static s3iam_account *made(s3iam_account_options options, const s3iam_policy *policy)
{
    s3iam_account *account = NULL;
    options.size = sizeof options;
    CHECK_STATUS(s3iam_account_new(&options, &policy, policy != NULL, &account, NULL), S3IAM_OK);
    return account;
}

static s3iam_layered_decision asked(const s3iam_account *account, const char *action, bool deny_only,
                                    const s3iam_policy *bucket_policy)
{
    s3iam_query query = {.size = sizeof query, .resource = S3IAM_STR("b/k"), .is_owner = true};
    s3iam_layered_decision decision = {.layer = S3IAM_LAYER_OWNER};
    query.action = s3iam_text_of(action);
    query.deny_only = deny_only;
    CHECK_STATUS(s3iam_account_decide(account, &query, bucket_policy, &decision), S3IAM_OK);
    return decision;
}

static void a_bucket_policy_names_whom_it_is_about(void)
{
    s3iam_policy *policy = parsed(
        STATEMENT("Allow", "s3:GetObject", ", \"Principal\": {\"AWS\": [\"alice\", \"ci-*\"]}"), S3IAM_KIND_BUCKET);
    const struct {
        const char *account;
        s3iam_outcome outcome;
    } cases[] = {{"alice", S3IAM_OUTCOME_ALLOW},
                 {"ci-7", S3IAM_OUTCOME_ALLOW},
                 {"bob", S3IAM_OUTCOME_IMPLICIT_DENY},
                 {"", S3IAM_OUTCOME_IMPLICIT_DENY}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s3iam_query query = {.size = sizeof query, .resource = S3IAM_STR("b/k")};
        s3iam_decision decision;
        query.action = S3IAM_STR("s3:GetObject");
        query.account = s3iam_text_of(cases[i].account);
        CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
        CHECK(decision.outcome == cases[i].outcome);
    }
    s3iam_policy_free(policy);
}

static void a_bucket_policy_is_of_its_bucket(void)
{
    s3iam_text text = S3IAM_STR(STATEMENT("Allow", "s3:GetObject", EVERYONE));
    s3iam_policy_options options = {.size = sizeof options, .kind = S3IAM_KIND_BUCKET};
    s3iam_policy *policy = NULL;
    s3iam_error *detail = NULL;
    s3iam_findings *findings = NULL;
    s3iam_finding finding;
    options.bucket = S3IAM_STR("b");
    CHECK_STATUS(s3iam_policy_parse(text, &options, &policy, NULL), S3IAM_OK);
    s3iam_policy_free(policy);
    policy = NULL;
    options.bucket = S3IAM_STR("other");
    CHECK_STATUS(s3iam_policy_parse(text, &options, &policy, &detail), S3IAM_ERROR_POLICY_UNREADABLE);
    CHECK(policy == NULL);
    CHECK_STATUS(s3iam_findings_get(s3iam_error_findings(detail), 0, &finding), S3IAM_OK);
    CHECK_TEXT(finding.code, "E317");
    s3iam_error_free(detail);
    CHECK_STATUS(s3iam_validate(text, &options, &findings), S3IAM_OK);
    CHECK(s3iam_findings_status(findings) == S3IAM_DOCUMENT_UNREADABLE);
    s3iam_findings_free(findings);
    options.kind = S3IAM_KIND_IDENTITY;
    CHECK_STATUS(s3iam_validate(text, &options, &findings), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_policy_parse(text, &options, &policy, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
}

static void both_the_parent_and_the_session_must_allow(void)
{
    s3iam_policy *all = parsed(STATEMENT("Allow", "s3:*", ""), S3IAM_KIND_IDENTITY);
    s3iam_account_options options = {.credential = S3IAM_CREDENTIAL_TEMPORARY, .has_session_policy = true};
    options.session_policy = S3IAM_STR(STATEMENT("Allow", "s3:GetObject", ""));
    s3iam_account *account = made(options, all);
    s3iam_policy_free(all);
    s3iam_layered_decision decision = asked(account, "s3:GetObject", false, NULL);
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_ALLOW && decision.layer == S3IAM_LAYER_IDENTITY);
    CHECK_TEXT(s3iam_account_sid(account, decision.layer, decision.decision.policy,
                                 decision.decision.statement),
               "Allow");
    CHECK_TEXT(s3iam_account_sid(account, S3IAM_LAYER_SESSION, 0, 0), "Allow");
    CHECK_TEXT(s3iam_account_sid(account, S3IAM_LAYER_SESSION, 0, 1), "");
    decision = asked(account, "s3:PutObject", false, NULL);
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY && decision.layer == S3IAM_LAYER_SESSION);
    CHECK_TEXT(s3iam_layer_name(decision.layer), "session");
    /* CVE-2025-62506: a session policy must really allow, whatever is asked. */
    CHECK(asked(account, "s3:PutObject", true, NULL).decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    s3iam_account_free(account);
}

static void a_session_policy_that_cannot_be_used_denies(void)
{
    const char *texts[] = {"", "{", "[]", "\xff", "{\"Statement\": []}"};
    s3iam_policy *all = parsed(STATEMENT("Allow", "s3:*", ""), S3IAM_KIND_IDENTITY);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        s3iam_account_options options = {.credential = S3IAM_CREDENTIAL_TEMPORARY, .has_session_policy = true};
        options.session_policy = s3iam_text_of(texts[i]);
        s3iam_account *account = made(options, all);
        s3iam_layered_decision decision = asked(account, "s3:GetObject", false, NULL);
        CHECK(decision.decision.outcome == S3IAM_OUTCOME_EXPLICIT_DENY);
        CHECK(decision.decision.reason == S3IAM_REASON_POLICY_BROKEN);
        CHECK(decision.layer == S3IAM_LAYER_SESSION);
        s3iam_account_free(account);
    }
    s3iam_policy_free(all);
}

static void the_credential_says_who_the_owner_is(void)
{
    s3iam_policy *deny = parsed(STATEMENT("Deny", "s3:*", ""), S3IAM_KIND_IDENTITY);
    const s3iam_account_options owners[] = {
        {.credential = S3IAM_CREDENTIAL_ROOT},
        {.credential = S3IAM_CREDENTIAL_TEMPORARY, .parent_is_root = true},
        {.credential = S3IAM_CREDENTIAL_SERVICE_ACCOUNT, .parent_is_root = true}};
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        s3iam_account *account = made(owners[i], deny);
        s3iam_layered_decision decision = asked(account, "s3:GetObject", false, NULL);
        CHECK(decision.decision.outcome == S3IAM_OUTCOME_ALLOW && decision.layer == S3IAM_LAYER_OWNER);
        s3iam_account_free(account);
    }
    s3iam_account *user = made((s3iam_account_options){.credential = S3IAM_CREDENTIAL_USER}, deny);
    CHECK(asked(user, "s3:GetObject", false, NULL).decision.outcome == S3IAM_OUTCOME_EXPLICIT_DENY);
    s3iam_account_free(user);
    s3iam_policy_free(deny);
}

static void a_bucket_policy_is_for_anonymous_callers(void)
{
    s3iam_policy *open = parsed(STATEMENT("Allow", "s3:GetObject", EVERYONE), S3IAM_KIND_BUCKET);
    s3iam_policy *put = parsed(STATEMENT("Allow", "s3:PutObject", ""), S3IAM_KIND_IDENTITY);
    /* What is not filled in is an anonymous caller. */
    s3iam_account *anonymous = made((s3iam_account_options){0}, NULL);
    s3iam_layered_decision decision = asked(anonymous, "s3:GetObject", false, open);
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_ALLOW && decision.layer == S3IAM_LAYER_BUCKET);
    CHECK(decision.decision.has_statement && decision.decision.end > decision.decision.start);
    CHECK_TEXT(s3iam_policy_sid(open, decision.decision.statement), "Allow");
    CHECK_TEXT(s3iam_account_sid(anonymous, decision.layer, 0, 0), "");
    CHECK(asked(anonymous, "s3:GetObject", false, NULL).decision.reason == S3IAM_REASON_NO_POLICY);
    s3iam_account *alice = made((s3iam_account_options){.credential = S3IAM_CREDENTIAL_USER}, put);
    CHECK(asked(alice, "s3:PutObject", false, open).decision.outcome == S3IAM_OUTCOME_ALLOW);
    CHECK(asked(alice, "s3:GetObject", false, open).decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    s3iam_account_free(alice);
    s3iam_account_free(anonymous);
    s3iam_policy_free(put);
    s3iam_policy_free(open);
}

static s3iam_outcome called(const s3iam_account *account, s3iam_operation_query query)
{
    s3iam_layered_decision decision = {.layer = S3IAM_LAYER_OWNER};
    query.size = sizeof query;
    CHECK_STATUS(s3iam_account_decide_operation(account, &query, NULL, &decision), S3IAM_OK);
    return decision.decision.outcome;
}

static void a_call_may_need_several_actions(void)
{
    s3iam_policy *put = parsed(STATEMENT("Allow", "s3:PutObject", ""), S3IAM_KIND_IDENTITY);
    s3iam_account *account = made((s3iam_account_options){.credential = S3IAM_CREDENTIAL_USER}, put);
    s3iam_operation_query query = {.operation = S3IAM_STR("PutObject")};
    query.bucket = S3IAM_STR("b");
    query.object = S3IAM_STR("k");
    CHECK(called(account, query) == S3IAM_OUTCOME_ALLOW);
    query.retention = true;
    CHECK(called(account, query) == S3IAM_OUTCOME_IMPLICIT_DENY);
    query.retention = false;
    query.operation = S3IAM_STR("CopyObject");
    CHECK(called(account, query) == S3IAM_OUTCOME_IMPLICIT_DENY);
    query.source_bucket = S3IAM_STR("b");
    query.source_object = S3IAM_STR("s");
    query.source_version_id = S3IAM_STR("v");
    CHECK(called(account, query) == S3IAM_OUTCOME_IMPLICIT_DENY);
    s3iam_account_free(account);
    s3iam_policy_free(put);
}

static void a_list_of_buckets_shows_those_that_may_be_listed(void)
{
    s3iam_policy *own = parsed("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                               "\"Action\": \"s3:ListBucket\", \"Resource\": \"arn:aws:s3:::mine\"}]}",
                               S3IAM_KIND_IDENTITY);
    s3iam_account *account = made((s3iam_account_options){.credential = S3IAM_CREDENTIAL_USER}, own);
    s3iam_text buckets[] = {S3IAM_STR("other"), S3IAM_STR("mine")};
    s3iam_operation_query query = {.operation = S3IAM_STR("ListBuckets"), .buckets = buckets};
    CHECK(called(account, query) == S3IAM_OUTCOME_IMPLICIT_DENY);
    query.buckets_len = 1;
    CHECK(called(account, query) == S3IAM_OUTCOME_IMPLICIT_DENY);
    query.buckets_len = 2;
    CHECK(called(account, query) == S3IAM_OUTCOME_ALLOW);
    s3iam_account_free(account);
    s3iam_policy_free(own);
}

static void refused(s3iam_account_options options, const s3iam_policy *policy)
{
    s3iam_account *account = NULL;
    s3iam_error *detail = NULL;
    options.size = sizeof options;
    CHECK_STATUS(s3iam_account_new(&options, &policy, policy != NULL, &account, &detail),
                 S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(account == NULL && s3iam_error_message(detail).len > 0);
    s3iam_error_free(detail);
}

static void what_makes_no_sense_is_refused(void)
{
    s3iam_policy *all = parsed(STATEMENT("Allow", "s3:*", ""), S3IAM_KIND_IDENTITY);
    s3iam_policy *open = parsed(STATEMENT("Allow", "s3:GetObject", EVERYONE), S3IAM_KIND_BUCKET);
    const s3iam_policy *mixed[] = {all, open};
    s3iam_policy_set *set = NULL;
    refused((s3iam_account_options){.credential = 5}, NULL);
    refused((s3iam_account_options){.credential = UINT32_MAX}, NULL);
    refused((s3iam_account_options){.credential = S3IAM_CREDENTIAL_USER}, open);
    refused((s3iam_account_options){.credential = S3IAM_CREDENTIAL_USER, .parent_is_root = true}, all);
    refused((s3iam_account_options){.credential = S3IAM_CREDENTIAL_USER, .has_session_policy = true}, all);
    CHECK_STATUS(s3iam_policy_set_new(mixed, 2, &set, NULL), S3IAM_ERROR_INVALID_ARGUMENT);

    s3iam_account *account = made((s3iam_account_options){.credential = S3IAM_CREDENTIAL_USER}, all);
    s3iam_query query = {.size = sizeof query, .resource = S3IAM_STR("b/k")};
    s3iam_operation_query call = {.size = sizeof call, .operation = S3IAM_STR("Frob")};
    s3iam_layered_decision decision;
    CHECK_STATUS(s3iam_account_decide(account, &query, all, &decision), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_account_decide_operation(account, &call, NULL, &decision), S3IAM_ERROR_INVALID_ARGUMENT);
    call.operation = S3IAM_STR("GetObject");
    call.bucket = S3IAM_STR("\xff");
    CHECK_STATUS(s3iam_account_decide_operation(account, &call, NULL, &decision), S3IAM_ERROR_INVALID_UTF8);
    call.size = 0;
    CHECK_STATUS(s3iam_account_decide_operation(account, &call, NULL, &decision), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_account_free(account);
    s3iam_policy_free(open);
    s3iam_policy_free(all);
}

int main(void)
{
    a_bucket_policy_names_whom_it_is_about();
    a_bucket_policy_is_of_its_bucket();
    both_the_parent_and_the_session_must_allow();
    a_session_policy_that_cannot_be_used_denies();
    the_credential_says_who_the_owner_is();
    a_bucket_policy_is_for_anonymous_callers();
    a_call_may_need_several_actions();
    a_list_of_buckets_shows_those_that_may_be_listed();
    what_makes_no_sense_is_refused();
    return check_result();
}
