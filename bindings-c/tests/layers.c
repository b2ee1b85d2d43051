/* Policies of the AWS dialect, alone and in layers. */
#include "check.h"

#define DOCUMENT(statements) "{\"Version\": \"2012-10-17\", \"Statement\": [" statements "]}"
#define STATEMENT(sid, effect, action, more)                                                             \
    "{\"Sid\": \"" sid "\", \"Effect\": \"" effect "\", \"Action\": \"" action "\", \"Resource\": \"*\"" more "}"
#define ALL DOCUMENT(STATEMENT("All", "Allow", "*", ""))
#define ALICE "arn:aws:iam::111122223333:user/alice"

static s3iam_policy *parsed(const char *text, uint32_t kind)
{
    s3iam_policy_options options = {.size = sizeof options, .dialect = S3IAM_DIALECT_AWS, .kind = kind};
    s3iam_policy *policy = NULL;
    CHECK_STATUS(s3iam_policy_parse(s3iam_text_of(text), &options, &policy, NULL), S3IAM_OK);
    return policy;
}

static s3iam_query by_alice(const char *action)
{
    s3iam_query query = {.size = sizeof query, .resource = S3IAM_STR("arn:aws:s3:::photos/cat.jpg")};
    query.action = s3iam_text_of(action);
    query.principal = (s3iam_principal){S3IAM_PRINCIPAL_USER, S3IAM_STR(ALICE), S3IAM_STR("")};
    return query;
}

static s3iam_layers *made(s3iam_layer_policies policies)
{
    s3iam_layers *layers = NULL;
    s3iam_error *detail = NULL;
    policies.size = sizeof policies;
    CHECK_STATUS(s3iam_layers_new(&policies, &layers, &detail), S3IAM_OK);
    CHECK(detail == NULL);
    return layers;
}

static s3iam_layered_decision decided(const s3iam_layers *layers, s3iam_query query)
{
    s3iam_layered_decision decision = {.layer = S3IAM_LAYER_OWNER};
    CHECK_STATUS(s3iam_layers_decide(layers, &query, &decision, NULL), S3IAM_OK);
    return decision;
}

static void a_policy_of_a_resource_names_principals(void)
{
    static const char TEXT[] =
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", "
        "\"Resource\": \"arn:aws:s3:::photos/*\", \"Principal\": {\"AWS\": [\"" ALICE "\", "
        "\"arn:aws:iam::111122223333:role/reader\"], \"Service\": \"logging.s3.amazonaws.com\"}}]}";
    const s3iam_principal principals[] = {
        {S3IAM_PRINCIPAL_USER, S3IAM_STR(ALICE), S3IAM_STR("")},
        {S3IAM_PRINCIPAL_ROLE_SESSION, S3IAM_STR("arn:aws:sts::111122223333:assumed-role/reader/s"),
         S3IAM_STR("arn:aws:iam::111122223333:role/reader")},
        {S3IAM_PRINCIPAL_SERVICE, S3IAM_STR("logging.s3.amazonaws.com"), S3IAM_STR("")},
        {S3IAM_PRINCIPAL_USER, S3IAM_STR("arn:aws:iam::111122223333:user/bob"), S3IAM_STR("")},
        {S3IAM_PRINCIPAL_ROOT, S3IAM_STR("arn:aws:iam::111122223333:root"), S3IAM_STR("")},
        {S3IAM_PRINCIPAL_FEDERATED_USER, S3IAM_STR("arn:aws:sts::111122223333:federated-user/f"), S3IAM_STR("")},
        {S3IAM_PRINCIPAL_FEDERATED, S3IAM_STR("accounts.google.com"), S3IAM_STR("")},
        {S3IAM_PRINCIPAL_ANONYMOUS, S3IAM_STR(""), S3IAM_STR("")},
        {S3IAM_PRINCIPAL_NONE, S3IAM_STR(""), S3IAM_STR("")},
    };
    s3iam_policy *policy = parsed(TEXT, S3IAM_KIND_BUCKET);
    for (size_t i = 0; i < sizeof principals / sizeof *principals; i++) {
        s3iam_query query = by_alice("s3:GetObject");
        s3iam_decision decision;
        query.principal = principals[i];
        CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
        CHECK((decision.outcome == S3IAM_OUTCOME_ALLOW) == (i < 3));
    }
    s3iam_policy_free(policy);
}

static void condition_keys_are_whole_names_in_any_letter_case(void)
{
    s3iam_policy *policy = parsed(
        DOCUMENT(STATEMENT("Own", "Allow", "s3:GetObject",
                           ", \"Condition\": {\"StringEquals\": {\"aws:PrincipalTag/team\": \"red\"}}")),
        S3IAM_KIND_IDENTITY);
    s3iam_pair context[] = {{S3IAM_STR("AWS:principaltag/Team"), S3IAM_STR("red")}};
    s3iam_query query = by_alice("s3:GetObject");
    s3iam_decision decision;
    CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    query.context = context;
    query.context_len = 1;
    CHECK_STATUS(s3iam_policy_decide(policy, &query, &decision), S3IAM_OK);
    CHECK(decision.outcome == S3IAM_OUTCOME_ALLOW);
    s3iam_policy_free(policy);
}

static void every_kind_is_read(void)
{
    static const char *const names[] = {"identity", "bucket", "session", "trust",
                                        "boundary", "scp",    "rcp",     "endpoint"};
    for (uint32_t kind = 0; kind < sizeof names / sizeof *names; kind++) {
        s3iam_policy_options options = {.size = sizeof options, .dialect = S3IAM_DIALECT_AWS, .kind = kind};
        s3iam_findings *findings = NULL;
        CHECK_TEXT(s3iam_kind_name(kind), names[kind]);
        CHECK_STATUS(s3iam_validate(S3IAM_STR(ALL), &options, &findings), S3IAM_OK);
        s3iam_findings_free(findings);
        /* To MinIO's dialect all but bucket policies are identity policies. */
        options.dialect = S3IAM_DIALECT_MINIO;
        CHECK_STATUS(s3iam_validate(S3IAM_STR(ALL), &options, &findings), S3IAM_OK);
        CHECK((s3iam_findings_status(findings) == S3IAM_DOCUMENT_UNREADABLE) == (kind == S3IAM_KIND_BUCKET));
        s3iam_findings_free(findings);
    }
}

static void every_layer_that_is_there_must_allow(void)
{
    s3iam_policy *identity = parsed(ALL, S3IAM_KIND_IDENTITY);
    s3iam_policy *boundary =
        parsed(DOCUMENT(STATEMENT("Read", "Allow", "s3:Get*", "")), S3IAM_KIND_BOUNDARY);
    const s3iam_policy *identities[] = {identity};
    s3iam_layers *layers = made((s3iam_layer_policies){
        .identity = identities, .identity_len = 1, .boundary = boundary});
    /* The layers keep nothing of the policies. */
    s3iam_policy_free(identity);
    s3iam_policy_free(boundary);
    s3iam_layered_decision decision = decided(layers, by_alice("s3:GetObject"));
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_ALLOW && decision.layer == S3IAM_LAYER_IDENTITY);
    CHECK_TEXT(s3iam_layers_sid(layers, decision.layer, decision.level, decision.decision.policy,
                                decision.decision.statement),
               "All");
    decision = decided(layers, by_alice("s3:PutObject"));
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY && decision.layer == S3IAM_LAYER_BOUNDARY);
    CHECK_TEXT(s3iam_layer_name(decision.layer), "boundary");
    CHECK_TEXT(s3iam_layers_sid(layers, S3IAM_LAYER_BOUNDARY, 0, 0, 0), "Read");
    CHECK_TEXT(s3iam_layers_sid(layers, S3IAM_LAYER_BOUNDARY, 0, 0, 1), "");
    CHECK_TEXT(s3iam_layers_sid(layers, S3IAM_LAYER_SCP, 0, 0, 0), "");
    CHECK_TEXT(s3iam_layers_sid(layers, S3IAM_LAYER_OWNER, 0, 0, 0), "");
    s3iam_layers_free(layers);
}

static void an_organisation_has_levels(void)
{
    s3iam_policy *identity = parsed(ALL, S3IAM_KIND_IDENTITY);
    s3iam_policy *all = parsed(ALL, S3IAM_KIND_SCP);
    s3iam_policy *no_delete = parsed(
        DOCUMENT(STATEMENT("All", "Allow", "*", "") ", " STATEMENT("NoDelete", "Deny", "s3:Delete*", "")),
        S3IAM_KIND_SCP);
    const s3iam_policy *identities[] = {identity}, *root[] = {all}, *unit[] = {all, no_delete};
    const s3iam_level levels[] = {{root, 1}, {unit, 2}, {root, 1}};
    s3iam_layer_policies policies = {.identity = identities, .identity_len = 1, .scp = levels, .scp_len = 3};
    s3iam_layers *layers = made(policies);
    CHECK(decided(layers, by_alice("s3:GetObject")).decision.outcome == S3IAM_OUTCOME_ALLOW);
    s3iam_layered_decision decision = decided(layers, by_alice("s3:DeleteObject"));
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_EXPLICIT_DENY);
    CHECK(decision.layer == S3IAM_LAYER_SCP && decision.level == 1 && decision.decision.policy == 1);
    CHECK_TEXT(s3iam_layers_sid(layers, decision.layer, decision.level, decision.decision.policy,
                                decision.decision.statement),
               "NoDelete");
    CHECK_TEXT(s3iam_layers_sid(layers, S3IAM_LAYER_SCP, UINT32_MAX, 0, 0), "");
    s3iam_layers_free(layers);

    /* A level without a policy allows nothing. */
    const s3iam_level with_a_gap[] = {{root, 1}, {NULL, 0}};
    policies.scp = with_a_gap;
    policies.scp_len = 2;
    layers = made(policies);
    decision = decided(layers, by_alice("s3:GetObject"));
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY && decision.level == 1);
    s3iam_layers_free(layers);
    s3iam_policy_free(no_delete);
    s3iam_policy_free(all);
    s3iam_policy_free(identity);
}

static void the_account_of_the_resource_matters(void)
{
    s3iam_policy *identity = parsed(ALL, S3IAM_KIND_IDENTITY);
    const s3iam_policy *identities[] = {identity};
    s3iam_layers *layers = made((s3iam_layer_policies){.identity = identities, .identity_len = 1});
    s3iam_query query = by_alice("s3:GetObject");
    CHECK(decided(layers, query).decision.outcome == S3IAM_OUTCOME_ALLOW);
    query.resource_account = S3IAM_STR("111122223333");
    CHECK(decided(layers, query).decision.outcome == S3IAM_OUTCOME_ALLOW);
    query.resource_account = S3IAM_STR("444455556666");
    s3iam_layered_decision decision = decided(layers, query);
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY && decision.layer == S3IAM_LAYER_RESOURCE);
    s3iam_layers_free(layers);
    s3iam_policy_free(identity);
}

static void public_policies_are_told(void)
{
    s3iam_policy *open = parsed("{\"Version\": \"2012-10-17\", \"Statement\": ["
                                "{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"*\"},"
                                "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\","
                                " \"Resource\": \"arn:aws:s3:::b/*\"}]}",
                                S3IAM_KIND_BUCKET);
    CHECK(s3iam_policy_is_public(open));
    CHECK(!s3iam_policy_is_public_statement(open, 0) && s3iam_policy_is_public_statement(open, 1));
    CHECK(!s3iam_policy_is_public_statement(open, UINT32_MAX));
    s3iam_policy_free(open);
    s3iam_policy *closed = parsed("{\"Version\": \"2012-10-17\", \"Statement\": ["
                                  "{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"111122223333\"},"
                                  " \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b/*\"}]}",
                                  S3IAM_KIND_BUCKET);
    CHECK(!s3iam_policy_is_public(closed) && !s3iam_policy_is_public_statement(closed, 0));
    s3iam_policy_free(closed);
}

static void access_control_lists_grant_where_they_are_in_force(void)
{
    static const char LISTS[] =
        "{\"ownership\": \"ObjectWriter\", \"objectOwner\": \"444455556666\", \"object\": "
        "[{\"grantee\": {\"uri\": \"http://acs.amazonaws.com/groups/global/AllUsers\"}, \"permission\": \"READ\"}]}";
    s3iam_layers *open = made((s3iam_layer_policies){0});
    s3iam_layers *blocked = made((s3iam_layer_policies){.ignore_public_acls = true});
    s3iam_acl *acl = NULL;
    s3iam_query query = by_alice("s3:GetObject");
    query.principal = (s3iam_principal){S3IAM_PRINCIPAL_ANONYMOUS, S3IAM_STR(""), S3IAM_STR("")};
    query.resource_account = S3IAM_STR("444455556666");
    CHECK(decided(open, query).decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    CHECK_STATUS(s3iam_acl_parse(s3iam_text_of(LISTS), &acl, NULL), S3IAM_OK);
    CHECK(s3iam_acl_is_public(acl));
    query.acl = acl;
    s3iam_layered_decision decision = decided(open, query);
    CHECK(decision.decision.outcome == S3IAM_OUTCOME_ALLOW && decision.layer == S3IAM_LAYER_ACL);
    CHECK_TEXT(s3iam_reason_name(decision.decision.reason), "acl-grant");
    CHECK_TEXT(s3iam_layers_sid(open, decision.layer, 0, 0, 0), "");
    CHECK(decided(blocked, query).decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    s3iam_acl_free(acl);
    s3iam_layers_free(open);
    s3iam_layers_free(blocked);

    const char *const bad[] = {"", "{", "[]", "{\"ownership\": \"Nobody\"}", "{\"owner\": 1}", "{\"bucket\": {}}", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        s3iam_error *detail = NULL;
        acl = NULL;
        CHECK_STATUS(s3iam_acl_parse(s3iam_text_of(bad[i]), &acl, &detail), S3IAM_ERROR_INVALID_ARGUMENT);
        CHECK(acl == NULL && s3iam_error_message(detail).len > 0);
        s3iam_error_free(detail);
    }
    CHECK_STATUS(s3iam_acl_parse(S3IAM_STR("{}"), &acl, NULL), S3IAM_OK);
    CHECK(!s3iam_acl_is_public(acl));
    s3iam_acl_free(acl);
}

static void a_public_bucket_may_be_restricted(void)
{
    s3iam_policy *open = parsed("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": "
                                "\"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::photos/*\"}]}",
                                S3IAM_KIND_BUCKET);
    s3iam_query query = by_alice("s3:GetObject");
    query.resource_account = S3IAM_STR("444455556666");
    query.principal = (s3iam_principal){S3IAM_PRINCIPAL_ANONYMOUS, S3IAM_STR(""), S3IAM_STR("")};
    s3iam_layer_policies policies = {.resource = open};
    for (int restricted = 0; restricted < 2; restricted++) {
        policies.restrict_public_buckets = restricted;
        s3iam_layers *layers = made(policies);
        s3iam_layered_decision decision = decided(layers, query);
        CHECK((decision.decision.outcome == S3IAM_OUTCOME_ALLOW) == !restricted);
        CHECK(decision.layer == (restricted ? S3IAM_LAYER_PUBLIC_ACCESS_BLOCK : S3IAM_LAYER_RESOURCE));
        s3iam_layers_free(layers);
    }
    s3iam_policy_free(open);
}

static void refused(s3iam_layer_policies policies)
{
    s3iam_layers *layers = NULL;
    s3iam_error *detail = NULL;
    policies.size = sizeof policies;
    CHECK_STATUS(s3iam_layers_new(&policies, &layers, &detail), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(layers == NULL && s3iam_error_message(detail).len > 0);
    s3iam_error_free(detail);
}

static void policies_belong_into_their_layers(void)
{
    s3iam_policy *minio = NULL, *aws = parsed(ALL, S3IAM_KIND_IDENTITY);
    CHECK_STATUS(s3iam_policy_built_in(S3IAM_STR("readonly"), &minio), S3IAM_OK);
    const s3iam_policy *of_minio[] = {minio}, *of_aws[] = {aws};
    const s3iam_level level = {of_aws, 1}, impossible = {of_aws, SIZE_MAX};
    refused((s3iam_layer_policies){.identity = of_minio, .identity_len = 1});
    refused((s3iam_layer_policies){.resource = aws});
    refused((s3iam_layer_policies){.endpoint = aws});
    refused((s3iam_layer_policies){.rcp = &level, .rcp_len = 1});
    refused((s3iam_layer_policies){.scp = &impossible, .scp_len = 1});
    refused((s3iam_layer_policies){.identity = of_aws, .identity_len = SIZE_MAX});
    refused((s3iam_layer_policies){.scp = &level, .scp_len = SIZE_MAX});
    s3iam_policy_free(minio);
    s3iam_policy_free(aws);
}

static void layers_are_asked_by_somebody(void)
{
    const struct {
        s3iam_principal principal;
        s3iam_status status;
    } cases[] = {
        {{S3IAM_PRINCIPAL_NONE, S3IAM_STR(""), S3IAM_STR("")}, S3IAM_ERROR_INVALID_ARGUMENT},
        {{S3IAM_PRINCIPAL_NONE, S3IAM_STR(ALICE), S3IAM_STR("")}, S3IAM_ERROR_INVALID_ARGUMENT},
        {{S3IAM_PRINCIPAL_USER, S3IAM_STR(""), S3IAM_STR("")}, S3IAM_ERROR_INVALID_ARGUMENT},
        {{S3IAM_PRINCIPAL_USER, S3IAM_STR(ALICE), S3IAM_STR(ALICE)}, S3IAM_ERROR_INVALID_ARGUMENT},
        {{S3IAM_PRINCIPAL_ROLE_SESSION, S3IAM_STR(ALICE), S3IAM_STR("")}, S3IAM_ERROR_INVALID_ARGUMENT},
        {{S3IAM_PRINCIPAL_ANONYMOUS, S3IAM_STR(ALICE), S3IAM_STR("")}, S3IAM_ERROR_INVALID_ARGUMENT},
        {{UINT32_MAX, S3IAM_STR(ALICE), S3IAM_STR("")}, S3IAM_ERROR_INVALID_ARGUMENT},
        {{8, S3IAM_STR(ALICE), S3IAM_STR("")}, S3IAM_ERROR_INVALID_ARGUMENT},
        {{S3IAM_PRINCIPAL_USER, S3IAM_STR("\xff"), S3IAM_STR("")}, S3IAM_ERROR_INVALID_UTF8},
        {{S3IAM_PRINCIPAL_ROLE_SESSION, S3IAM_STR(ALICE), S3IAM_STR("\xff")}, S3IAM_ERROR_INVALID_UTF8},
        {{S3IAM_PRINCIPAL_USER, {"", SIZE_MAX}, S3IAM_STR("")}, S3IAM_ERROR_INVALID_ARGUMENT},
    };
    s3iam_layers *layers = made((s3iam_layer_policies){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s3iam_query query = by_alice("s3:GetObject");
        s3iam_layered_decision decision;
        s3iam_error *detail = NULL;
        query.principal = cases[i].principal;
        CHECK_STATUS(s3iam_layers_decide(layers, &query, &decision, &detail), cases[i].status);
        CHECK(s3iam_error_message(detail).len > 0);
        s3iam_error_free(detail);
    }
    /* Nobody has a policy, so nobody may do anything. */
    CHECK(decided(layers, by_alice("s3:GetObject")).decision.outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
    s3iam_layers_free(layers);
}

int main(void)
{
    a_policy_of_a_resource_names_principals();
    condition_keys_are_whole_names_in_any_letter_case();
    every_kind_is_read();
    every_layer_that_is_there_must_allow();
    an_organisation_has_levels();
    the_account_of_the_resource_matters();
    public_policies_are_told();
    access_control_lists_grant_where_they_are_in_force();
    a_public_bucket_may_be_restricted();
    policies_belong_into_their_layers();
    layers_are_asked_by_somebody();
    return check_result();
}
