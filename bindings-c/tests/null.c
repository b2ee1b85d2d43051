/*
 * NULL for every pointer of every function: a status or the answer that grants nothing. Those about bodies,
 * forms and signing are in null_signed.c.
 */
#include "null.h"
#include "requests.h"

static const s3iam_text GOOD = {"{}", 2};

static void errors_and_strings(void)
{
    IS_NULL_POINTER(s3iam_error_status(NULL));
    CHECK_TEXT(s3iam_error_message(NULL), "");
    CHECK_TEXT(s3iam_error_s3_code(NULL), "");
    CHECK(s3iam_error_http_status(NULL) == 500);
    CHECK(s3iam_error_findings(NULL) == NULL);
    s3iam_error_free(NULL);
    CHECK_TEXT(s3iam_string_text(NULL), "");
    s3iam_string_free(NULL);
    CHECK(s3iam_text_of(NULL).len == 0);
}

static void numbers_that_are_no_status(void)
{
    CHECK_TEXT(s3iam_status_name(S3IAM_OK), "ok");
    CHECK_TEXT(s3iam_status_name(S3IAM_ERROR_WRONG_REGION), "wrong-region");
    CHECK_TEXT(s3iam_status_name(UINT32_MAX), "");
    CHECK_TEXT(s3iam_outcome_name(UINT32_MAX), "");
    CHECK_TEXT(s3iam_reason_name(UINT32_MAX), "");
    CHECK_TEXT(s3iam_layer_name(UINT32_MAX), "");
    CHECK_TEXT(s3iam_kind_name(UINT32_MAX), "");
    CHECK_TEXT(s3iam_form_name(UINT32_MAX), "");
    CHECK_TEXT(s3iam_document_status_name(UINT32_MAX), "");
    CHECK(strcmp(s3iam_version(), S3IAM_VERSION) == 0);
}

static void findings(void)
{
    s3iam_findings *out = NULL;
    s3iam_string *json = NULL;
    s3iam_finding finding;
    IS_NULL_POINTER(s3iam_validate(GOOD, NULL, NULL));
    IS_NULL_POINTER(s3iam_validate(HOLLOW, NULL, &out));
    CHECK(out == NULL);
    CHECK(s3iam_findings_status(NULL) == S3IAM_DOCUMENT_UNREADABLE);
    CHECK(s3iam_findings_len(NULL) == 0);
    IS_NULL_POINTER(s3iam_findings_get(NULL, 0, &finding));
    IS_NULL_POINTER(s3iam_findings_json(NULL, &json));
    CHECK(json == NULL);
    s3iam_findings_free(NULL);

    CHECK_STATUS(s3iam_validate(S3IAM_STR("{"), NULL, &out), S3IAM_OK);
    IS_NULL_POINTER(s3iam_findings_get(out, 0, NULL));
    IS_NULL_POINTER(s3iam_findings_json(out, NULL));
    s3iam_findings_free(out);
}

static s3iam_policy *a_policy(void)
{
    s3iam_policy *policy = NULL;
    s3iam_text text = S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                                "\"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\"}]}");
    CHECK_STATUS(s3iam_policy_parse(text, NULL, &policy, NULL), S3IAM_OK);
    return policy;
}

static void policies(void)
{
    s3iam_policy *out = NULL, *policy = a_policy();
    s3iam_findings *found = NULL;
    s3iam_query query = {.size = sizeof query};
    s3iam_decision decision;
    IS_NULL_POINTER(s3iam_policy_parse(GOOD, NULL, NULL, NULL));
    IS_NULL_POINTER(s3iam_policy_parse(HOLLOW, NULL, &out, NULL));
    IS_NULL_POINTER(s3iam_policy_built_in(S3IAM_STR("readonly"), NULL));
    IS_NULL_POINTER(s3iam_policy_built_in(HOLLOW, &out));
    CHECK(out == NULL);
    CHECK_TEXT(s3iam_policy_built_in_name(SIZE_MAX), "");
    IS_NULL_POINTER(s3iam_policy_decide(NULL, &query, &decision));
    IS_NULL_POINTER(s3iam_policy_decide(policy, NULL, &decision));
    IS_NULL_POINTER(s3iam_policy_decide(policy, &query, NULL));
    s3iam_text *texts[] = {&query.action,         &query.resource,         &query.bucket,
                           &query.object,         &query.account,          &query.principal.name,
                           &query.principal.behind, &query.resource_account};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = HOLLOW;
        IS_NULL_POINTER(s3iam_policy_decide(policy, &query, &decision));
        *texts[i] = S3IAM_STR("");
    }
    query.context_len = 1;
    IS_NULL_POINTER(s3iam_policy_decide(policy, &query, &decision));
    s3iam_pair hollow_name = {HOLLOW, GOOD}, hollow_value = {GOOD, HOLLOW};
    query.context = &hollow_name;
    IS_NULL_POINTER(s3iam_policy_decide(policy, &query, &decision));
    query.context = &hollow_value;
    IS_NULL_POINTER(s3iam_policy_decide(policy, &query, &decision));
    CHECK_TEXT(s3iam_policy_sid(NULL, 0), "");
    IS_NULL_POINTER(s3iam_policy_findings(NULL, &found));
    IS_NULL_POINTER(s3iam_policy_findings(policy, NULL));
    s3iam_policy_free(policy);
    s3iam_policy_free(NULL);
}

/* A call with each of its pointers `handle`, `query` and `out` left out in turn. */
#define VERB(asked, place, call)                                    \
    do {                                                            \
        s3iam_query given = by_a_service(), *query = &given;        \
        const void *handle = NULL;                                  \
        void *out = place;                                          \
        IS_NULL_POINTER(call);                                      \
        handle = asked;                                             \
        query = NULL;                                               \
        IS_NULL_POINTER(call);                                      \
        query = &given;                                             \
        out = NULL;                                                 \
        IS_NULL_POINTER(call);                                      \
        out = place;                                                \
        given.action = HOLLOW;                                      \
        IS_NULL_POINTER(call);                                      \
    } while (0)

static s3iam_query by_a_service(void)
{
    s3iam_query query = {.size = sizeof query, .action = S3IAM_STR("s3:GetObject")};
    query.principal = (s3iam_principal){S3IAM_PRINCIPAL_SERVICE, S3IAM_STR("s.amazonaws.com"), S3IAM_STR("")};
    return query;
}

static void verbs(void)
{
    s3iam_policy *policy = a_policy();
    const s3iam_policy *list[] = {policy};
    s3iam_account_options options = {.size = sizeof options, .credential = S3IAM_CREDENTIAL_USER};
    s3iam_policy_set *set = NULL;
    s3iam_account *account = NULL;
    s3iam_decision decision;
    s3iam_layered_decision layered;
    s3iam_string *text = NULL;
    s3iam_names *names = NULL;
    s3iam_access *access = NULL;
    CHECK_STATUS(s3iam_policy_set_new(list, 1, &set, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_account_new(&options, list, 1, &account, NULL), S3IAM_OK);
    VERB(policy, &decision, s3iam_policy_decide_many(handle, query, 1, out, NULL));
    VERB(policy, &text, s3iam_policy_explain(handle, query, out, NULL));
    VERB(policy, &names, s3iam_policy_allowed_actions(handle, query, out, NULL));
    VERB(policy, &access, s3iam_policy_access(handle, query, false, out, NULL));
    VERB(set, &decision, s3iam_policy_set_decide_many(handle, query, 1, out, NULL));
    VERB(set, &text, s3iam_policy_set_explain(handle, query, out, NULL));
    VERB(set, &names, s3iam_policy_set_allowed_actions(handle, query, out, NULL));
    VERB(set, &access, s3iam_policy_set_access(handle, query, false, out, NULL));
    VERB(account, &layered, s3iam_account_decide_many(handle, query, 1, NULL, out, NULL));
    VERB(account, &text, s3iam_account_explain(handle, query, NULL, out, NULL));
    VERB(account, &names, s3iam_account_allowed_actions(handle, query, NULL, out, NULL));
    VERB(account, &access, s3iam_account_access(handle, query, false, NULL, out, NULL));
    CHECK(text == NULL && names == NULL && access == NULL);
    s3iam_account_free(account);
    s3iam_policy_set_free(set);
    s3iam_policy_free(policy);
}

static void layers(void)
{
    s3iam_policy_options options = {.size = sizeof options, .dialect = S3IAM_DIALECT_AWS};
    s3iam_policy *policy = NULL;
    s3iam_text text_of_all = S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                                       "\"Action\": \"s3:*\", \"Resource\": \"*\"}]}");
    CHECK_STATUS(s3iam_policy_parse(text_of_all, &options, &policy, NULL), S3IAM_OK);
    const s3iam_policy *with_a_gap[] = {policy, NULL};
    const s3iam_level hollow = {NULL, 1}, level_with_a_gap = {with_a_gap, 2};
    s3iam_layer_policies wrong[] = {{.identity_len = 1}, {.session_len = 1}, {.scp_len = 1}, {.rcp_len = 1},
                                    {.identity = with_a_gap, .identity_len = 2},
                                    {.session = with_a_gap, .session_len = 2},
                                    {.scp = &hollow, .scp_len = 1},
                                    {.scp = &level_with_a_gap, .scp_len = 1},
                                    {.rcp = &hollow, .rcp_len = 1}};
    s3iam_layers *made = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        wrong[i].size = sizeof *wrong;
        IS_NULL_POINTER(s3iam_layers_new(&wrong[i], &made, NULL));
    }
    s3iam_layer_policies policies = {.size = sizeof policies, .identity = with_a_gap, .identity_len = 1};
    IS_NULL_POINTER(s3iam_layers_new(NULL, &made, NULL));
    IS_NULL_POINTER(s3iam_layers_new(&policies, NULL, NULL));
    CHECK(made == NULL);
    CHECK_STATUS(s3iam_layers_new(&policies, &made, NULL), S3IAM_OK);

    s3iam_layered_decision decision;
    s3iam_string *text = NULL;
    s3iam_names *names = NULL;
    VERB(made, &decision, s3iam_layers_decide(handle, query, out, NULL));
    VERB(made, &decision, s3iam_layers_decide_many(handle, query, 1, out, NULL));
    VERB(made, &text, s3iam_layers_explain(handle, query, out, NULL));
    VERB(made, &names, s3iam_layers_allowed_actions(handle, query, out, NULL));
    CHECK(text == NULL && names == NULL);
    CHECK_TEXT(s3iam_layers_sid(NULL, S3IAM_LAYER_IDENTITY, 0, 0, 0), "");
    CHECK_TEXT(s3iam_layers_sid(made, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX), "");
    s3iam_layers_free(made);
    s3iam_layers_free(NULL);
    s3iam_policy_free(policy);
}

static void access_control_lists(void)
{
    s3iam_acl *acl = NULL;
    IS_NULL_POINTER(s3iam_acl_parse(GOOD, NULL, NULL));
    IS_NULL_POINTER(s3iam_acl_parse(HOLLOW, &acl, NULL));
    CHECK(acl == NULL);
    CHECK(s3iam_acl_is_public(NULL));
    CHECK(s3iam_policy_is_public(NULL));
    CHECK(!s3iam_policy_is_public_statement(NULL, 0));
    s3iam_acl_free(NULL);
}

static void names_and_access(void)
{
    s3iam_policy *policy = a_policy();
    s3iam_query query = {.size = sizeof query, .action = S3IAM_STR("s3:GetObject")};
    s3iam_access *access = NULL;
    s3iam_string *text = NULL;
    s3iam_truth truth;
    CHECK(s3iam_names_len(NULL) == 0);
    CHECK_TEXT(s3iam_names_at(NULL, 0), "");
    s3iam_names_free(NULL);
    CHECK_STATUS(s3iam_policy_access(policy, &query, true, &access, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_access_allows(NULL, &query, &truth, NULL));
    IS_NULL_POINTER(s3iam_access_allows(access, NULL, &truth, NULL));
    IS_NULL_POINTER(s3iam_access_allows(access, &query, NULL, NULL));
    query.bucket = HOLLOW;
    IS_NULL_POINTER(s3iam_access_allows(access, &query, &truth, NULL));
    IS_NULL_POINTER(s3iam_access_json(NULL, &text));
    IS_NULL_POINTER(s3iam_access_json(access, NULL));
    CHECK(text == NULL);
    s3iam_access_free(access);
    s3iam_access_free(NULL);
    s3iam_policy_free(policy);
}

static void sets_of_policies(void)
{
    s3iam_policy *policy = a_policy();
    const s3iam_policy *with_a_gap[] = {policy, NULL};
    s3iam_policy_set *set = NULL;
    s3iam_query query = {.size = sizeof query};
    s3iam_decision decision;
    IS_NULL_POINTER(s3iam_policy_set_new(NULL, 1, &set, NULL));
    IS_NULL_POINTER(s3iam_policy_set_new(with_a_gap, 2, &set, NULL));
    CHECK(set == NULL);
    IS_NULL_POINTER(s3iam_policy_set_new(with_a_gap, 1, NULL, NULL));
    IS_NULL_POINTER(s3iam_policy_set_decide(NULL, &query, &decision));
    CHECK_TEXT(s3iam_policy_set_sid(NULL, 0, 0), "");
    CHECK_STATUS(s3iam_policy_set_new(with_a_gap, 1, &set, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_policy_set_decide(set, NULL, &decision));
    IS_NULL_POINTER(s3iam_policy_set_decide(set, &query, NULL));
    s3iam_policy_set_free(set);
    s3iam_policy_set_free(NULL);
    s3iam_policy_free(policy);
}

static void accounts(void)
{
    s3iam_policy *policy = a_policy();
    const s3iam_policy *with_a_gap[] = {policy, NULL};
    s3iam_account_options options = {.size = sizeof options, .credential = S3IAM_CREDENTIAL_TEMPORARY};
    s3iam_account *account = NULL;
    s3iam_query query = {.size = sizeof query};
    s3iam_operation_query call = {.size = sizeof call};
    s3iam_layered_decision decision;
    IS_NULL_POINTER(s3iam_account_new(NULL, with_a_gap, 1, &account, NULL));
    IS_NULL_POINTER(s3iam_account_new(&options, NULL, 1, &account, NULL));
    IS_NULL_POINTER(s3iam_account_new(&options, with_a_gap, 2, &account, NULL));
    IS_NULL_POINTER(s3iam_account_new(&options, with_a_gap, 1, NULL, NULL));
    options.has_session_policy = true;
    options.session_policy = HOLLOW;
    IS_NULL_POINTER(s3iam_account_new(&options, with_a_gap, 1, &account, NULL));
    CHECK(account == NULL);
    options.has_session_policy = false;
    CHECK_STATUS(s3iam_account_new(&options, with_a_gap, 1, &account, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_account_decide(NULL, &query, NULL, &decision));
    IS_NULL_POINTER(s3iam_account_decide(account, NULL, NULL, &decision));
    IS_NULL_POINTER(s3iam_account_decide(account, &query, NULL, NULL));
    IS_NULL_POINTER(s3iam_account_decide_operation(NULL, &call, NULL, &decision));
    IS_NULL_POINTER(s3iam_account_decide_operation(account, NULL, NULL, &decision));
    call.operation = S3IAM_STR("GetObject");
    IS_NULL_POINTER(s3iam_account_decide_operation(account, &call, NULL, NULL));
    s3iam_text *texts[] = {&call.operation,     &call.bucket,        &call.object,
                           &call.version_id,    &call.source_bucket, &call.source_object,
                           &call.source_version_id, &call.account};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = HOLLOW;
        IS_NULL_POINTER(s3iam_account_decide_operation(account, &call, NULL, &decision));
        *texts[i] = S3IAM_STR("");
    }
    call.buckets_len = 1;
    IS_NULL_POINTER(s3iam_account_decide_operation(account, &call, NULL, &decision));
    call.buckets = &HOLLOW;
    IS_NULL_POINTER(s3iam_account_decide_operation(account, &call, NULL, &decision));
    call.buckets_len = 0;
    call.context_len = 1;
    IS_NULL_POINTER(s3iam_account_decide_operation(account, &call, NULL, &decision));
    CHECK_TEXT(s3iam_account_sid(NULL, S3IAM_LAYER_IDENTITY, 0, 0), "");
    CHECK_TEXT(s3iam_account_sid(account, UINT32_MAX, 0, 0), "");
    s3iam_account_free(account);
    s3iam_account_free(NULL);
    s3iam_policy_free(policy);
}

/* Every text and every array of a request, one after the other. */
static void requests(s3iam_status (*use)(const s3iam_http_request *))
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    IS_NULL_POINTER(use(NULL));
    s3iam_text *texts[] = {&request.method, &request.target, &request.peer};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        s3iam_text kept = *texts[i];
        *texts[i] = HOLLOW;
        IS_NULL_POINTER(use(&request));
        *texts[i] = kept;
    }
    request.has_body = true;
    request.body = HOLLOW;
    IS_NULL_POINTER(use(&request));
    request.has_body = false;
    request.body = S3IAM_STR("");

    request.headers = NULL;
    IS_NULL_POINTER(use(&request));
    request.headers = headers;
    headers[0].name = HOLLOW;
    IS_NULL_POINTER(use(&request));
    headers[0].name = GOOD;
    headers[0].value = HOLLOW;
    IS_NULL_POINTER(use(&request));

    request.headers_len = 0;
    request.has_object_tags = true;
    request.object_tags_len = 1;
    IS_NULL_POINTER(use(&request));
    request.object_tags = headers;
    IS_NULL_POINTER(use(&request));
}

static s3iam_verifier *verifier;

static s3iam_status verify(const s3iam_http_request *request)
{
    s3iam_identity *identity = NULL;
    s3iam_status status = s3iam_verifier_verify(verifier, request, &identity, NULL);
    CHECK(identity == NULL);
    s3iam_identity_free(identity);
    return status;
}

static void verifiers(void)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_key key = {.size = sizeof key, .access_key = GOOD, .secret_key = HOLLOW};
    s3iam_identity *identity = NULL;
    IS_NULL_POINTER(s3iam_verifier_new(NULL, NULL, NULL));
    CHECK_STATUS(s3iam_verifier_new(NULL, &verifier, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_verifier_add_key(verifier, NULL, NULL));
    IS_NULL_POINTER(s3iam_verifier_add_key(verifier, &key, NULL));
    key = (s3iam_key){.size = sizeof key, .access_key = HOLLOW, .secret_key = GOOD};
    IS_NULL_POINTER(s3iam_verifier_add_key(verifier, &key, NULL));
    key = (s3iam_key){.size = sizeof key, .access_key = GOOD, .secret_key = GOOD};
    IS_NULL_POINTER(s3iam_verifier_add_key(NULL, &key, NULL));
    key.has_session_token = true;
    key.session_token = HOLLOW;
    IS_NULL_POINTER(s3iam_verifier_add_key(verifier, &key, NULL));
    bool removed = true;
    IS_NULL_POINTER(s3iam_verifier_remove_key(NULL, GOOD, &removed, NULL));
    IS_NULL_POINTER(s3iam_verifier_remove_key(verifier, HOLLOW, &removed, NULL));
    CHECK(removed);
    IS_NULL_POINTER(s3iam_verifier_verify(NULL, &request, &identity, NULL));
    IS_NULL_POINTER(s3iam_verifier_verify(verifier, &request, NULL, NULL));
    requests(verify);
    s3iam_verifier_free(verifier);
    s3iam_verifier_free(NULL);
}

static void identities(void)
{
    uint8_t hash[32];
    CHECK(s3iam_identity_anonymous(NULL));
    CHECK_TEXT(s3iam_identity_access_key(NULL), "");
    CHECK(s3iam_identity_form(NULL) == S3IAM_FORM_ANONYMOUS);
    CHECK(!s3iam_identity_temporary(NULL));
    CHECK(s3iam_identity_signed_at_ms(NULL) == 0);
    CHECK(!s3iam_identity_payload_sha256(NULL, &hash));
    CHECK(!s3iam_identity_payload_sha256(NULL, NULL));
    s3iam_identity_free(NULL);
}

static void options(void)
{
    s3iam_options cases[] = {{.region = HOLLOW}, {.services_len = 1}, {.domains_len = 1},
                             {.services = &HOLLOW, .services_len = 1},
                             {.domains = &HOLLOW, .domains_len = 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s3iam_verifier *none = NULL;
        s3iam_error *detail = NULL;
        cases[i].size = sizeof *cases;
        IS_NULL_POINTER(s3iam_verifier_new(&cases[i], &none, &detail));
        IS_NULL_POINTER(s3iam_error_status(detail));
        CHECK(none == NULL);
        s3iam_error_free(detail);
    }
}

static s3iam_iam *iam;

static s3iam_status authorize(const s3iam_http_request *request)
{
    s3iam_verdict *verdict = NULL;
    s3iam_status status = s3iam_authorize(iam, request, &verdict);
    CHECK(verdict == NULL);
    s3iam_verdict_free(verdict);
    return status;
}

static void directories(void)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = get_request(headers);
    s3iam_iam *out = NULL;
    s3iam_problems *problems = NULL;
    s3iam_problem problem;
    s3iam_verdict *verdict = NULL;
    uint8_t packed[24] = {1};
    s3iam_text directory = S3IAM_STR(DIRECTORY);
    IS_NULL_POINTER(s3iam_iam_load(directory, NULL, NULL, NULL));
    IS_NULL_POINTER(s3iam_iam_load(HOLLOW, NULL, &out, NULL));
    CHECK(out == NULL);
    CHECK_STATUS(s3iam_iam_load(directory, NULL, &iam, NULL), S3IAM_OK);
    IS_NULL_POINTER(s3iam_iam_replace(NULL, directory, NULL));
    IS_NULL_POINTER(s3iam_iam_replace(iam, HOLLOW, NULL));
    IS_NULL_POINTER(s3iam_iam_problems(NULL, &problems));
    IS_NULL_POINTER(s3iam_iam_problems(iam, NULL));
    CHECK(s3iam_problems_len(NULL) == 0);
    IS_NULL_POINTER(s3iam_problems_get(NULL, 0, &problem));
    s3iam_problems_free(NULL);
    IS_NULL_POINTER(s3iam_authorize(NULL, &request, &verdict));
    IS_NULL_POINTER(s3iam_authorize(iam, &request, NULL));
    IS_NULL_POINTER(s3iam_authorize_packed(NULL, packed, sizeof packed, &verdict));
    IS_NULL_POINTER(s3iam_authorize_packed(iam, NULL, sizeof packed, &verdict));
    IS_NULL_POINTER(s3iam_authorize_packed(iam, packed, sizeof packed, NULL));
    CHECK(verdict == NULL);
    requests(authorize);
}

static void a_problem_without_a_place_to_go(void)
{
    s3iam_iam *damaged = NULL;
    s3iam_problems *problems = NULL;
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DAMAGED_DIRECTORY), NULL, &damaged, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_iam_problems(damaged, &problems), S3IAM_OK);
    CHECK(s3iam_problems_len(problems) > 0);
    IS_NULL_POINTER(s3iam_problems_get(problems, 0, NULL));
    s3iam_problem problem;
    CHECK_STATUS(s3iam_problems_get(problems, 0, &problem), S3IAM_OK);
    CHECK(problem.pointer.len > 0 && problem.message.len > 0);
    s3iam_problems_free(problems);
    s3iam_iam_free(damaged);
}

static void verdicts_that_are_not_there(void)
{
    s3iam_decision decision;
    s3iam_key_verdict key;
    s3iam_string *string = NULL;
    uint8_t hash[32];
    CHECK(!s3iam_verdict_allowed(NULL));
    CHECK(s3iam_verdict_http_status(NULL) == 500);
    IS_NULL_POINTER(s3iam_verdict_error_code(NULL));
    CHECK_TEXT(s3iam_verdict_s3_code(NULL), "");
    CHECK_TEXT(s3iam_verdict_message(NULL), "");
    CHECK_TEXT(s3iam_verdict_user(NULL), "");
    CHECK_TEXT(s3iam_verdict_access_key(NULL), "");
    CHECK_TEXT(s3iam_verdict_operation(NULL), "");
    CHECK_TEXT(s3iam_verdict_bucket(NULL), "");
    CHECK_TEXT(s3iam_verdict_key(NULL), "");
    CHECK_TEXT(s3iam_verdict_policy(NULL), "");
    CHECK_TEXT(s3iam_verdict_sid(NULL), "");
    CHECK(!s3iam_verdict_decision(NULL, &decision));
    CHECK(!s3iam_verdict_payload_sha256(NULL, &hash));
    CHECK(s3iam_verdict_keys_len(NULL) == 0);
    IS_NULL_POINTER(s3iam_verdict_keys_get(NULL, 0, &key));
    IS_NULL_POINTER(s3iam_verdict_error_xml(NULL, GOOD, &string));
    IS_NULL_POINTER(s3iam_verdict_json(NULL, GOOD, &string));
    CHECK(string == NULL);
    s3iam_verdict_free(NULL);
}

static void verdicts_without_a_place_to_go(void)
{
    s3iam_pair headers[HEADERS_LEN];
    s3iam_http_request request = delete_request(headers);
    s3iam_verdict *verdict = NULL;
    s3iam_string *string = NULL;
    CHECK_STATUS(s3iam_authorize(iam, &request, &verdict), S3IAM_OK);
    CHECK(!s3iam_verdict_decision(verdict, NULL));
    CHECK(!s3iam_verdict_payload_sha256(verdict, NULL));
    CHECK(s3iam_verdict_keys_len(verdict) == 2);
    IS_NULL_POINTER(s3iam_verdict_keys_get(verdict, 0, NULL));
    IS_NULL_POINTER(s3iam_verdict_error_xml(verdict, GOOD, NULL));
    IS_NULL_POINTER(s3iam_verdict_error_xml(verdict, HOLLOW, &string));
    IS_NULL_POINTER(s3iam_verdict_json(verdict, GOOD, NULL));
    IS_NULL_POINTER(s3iam_verdict_json(verdict, HOLLOW, &string));
    CHECK(string == NULL);
    s3iam_verdict_free(verdict);
}

int main(void)
{
    errors_and_strings();
    numbers_that_are_no_status();
    findings();
    policies();
    sets_of_policies();
    accounts();
    verbs();
    layers();
    access_control_lists();
    names_and_access();
    verifiers();
    identities();
    options();
    directories();
    a_problem_without_a_place_to_go();
    verdicts_that_are_not_there();
    verdicts_without_a_place_to_go();
    s3iam_iam_free(iam);
    s3iam_iam_free(NULL);
    return check_result();
}
