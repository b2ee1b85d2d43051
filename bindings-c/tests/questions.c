/* Explanations, many questions at once, allowed actions and access, of everybody who answers questions. */
#include "check.h"

#define STATEMENT(sid, effect, action, more)                                                             \
    "{\"Sid\": \"" sid "\", \"Effect\": \"" effect "\", \"Action\": \"" action "\", \"Resource\": "         \
    "\"arn:aws:s3:::home/*\"" more "}"
#define DOCUMENT(statements) "{\"Version\": \"2012-10-17\", \"Statement\": [" statements "]}"
#define READ DOCUMENT(STATEMENT("Read", "Allow", "s3:GetObject", ""))
#define NO_DELETE                                                                                        \
    DOCUMENT(STATEMENT("All", "Allow", "s3:*", "") ", "                                                  \
             STATEMENT("NoDelete", "Deny", "s3:DeleteObject",                                            \
                       ", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"false\"}}"))
#define ALICE "arn:aws:iam::111122223333:user/alice"

static s3iam_policy *policy;
static s3iam_policy_set *set;
static s3iam_account *account, *anonymous;
static s3iam_layers *layers;

static s3iam_policy *parsed(const char *text, uint32_t dialect, uint32_t kind)
{
    s3iam_policy_options options = {.size = sizeof options, .dialect = dialect, .kind = kind};
    s3iam_policy *made = NULL;
    CHECK_STATUS(s3iam_policy_parse(s3iam_text_of(text), &options, &made, NULL), S3IAM_OK);
    return made;
}

/* Everybody has the same policy, so everybody gives the same answers. */
static void set_up(void)
{
    s3iam_policy *aws = parsed(NO_DELETE, S3IAM_DIALECT_AWS, S3IAM_KIND_IDENTITY);
    policy = parsed(NO_DELETE, S3IAM_DIALECT_MINIO, S3IAM_KIND_IDENTITY);
    const s3iam_policy *of_minio[] = {policy}, *of_aws[] = {aws};
    s3iam_account_options options = {.size = sizeof options, .credential = S3IAM_CREDENTIAL_USER};
    s3iam_layer_policies policies = {.size = sizeof policies, .identity = of_aws, .identity_len = 1};
    CHECK_STATUS(s3iam_policy_set_new(of_minio, 1, &set, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_account_new(&options, of_minio, 1, &account, NULL), S3IAM_OK);
    options.credential = S3IAM_CREDENTIAL_ANONYMOUS;
    CHECK_STATUS(s3iam_account_new(&options, NULL, 0, &anonymous, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_layers_new(&policies, &layers, NULL), S3IAM_OK);
    s3iam_policy_free(aws);
}

static void tear_down(void)
{
    s3iam_policy_free(policy);
    s3iam_policy_set_free(set);
    s3iam_account_free(account);
    s3iam_account_free(anonymous);
    s3iam_layers_free(layers);
}

static s3iam_query question(const char *action, const char *resource)
{
    s3iam_query query = {.size = sizeof query, .action = s3iam_text_of(action)};
    query.resource = s3iam_text_of(resource);
    query.principal = (s3iam_principal){S3IAM_PRINCIPAL_USER, S3IAM_STR(ALICE), S3IAM_STR("")};
    return query;
}

/* ---- Explanations ---- */

/* Checks that a JSON text has all of `parts`, and frees it. */
static void has(s3iam_string *text, const char *const *parts)
{
    for (; *parts != NULL; parts++) {
        if (!check_has(s3iam_string_text(text), *parts)) {
            fprintf(stderr, "%s\nhas no %s\n", s3iam_string_text(text).data, *parts);
            check_failures++;
        }
    }
    s3iam_string_free(text);
}

static void an_answer_is_explained(void)
{
    s3iam_pair plain[] = {{S3IAM_STR("aws:SecureTransport"), S3IAM_STR("false")}};
    s3iam_query query = question("s3:DeleteObject", "arn:aws:s3:::home/a");
    query.context = plain;
    query.context_len = 1;
    const char *const alone[] = {"{\"decision\":{\"outcome\":\"explicit_deny\"", "\"layers\":[]",
                                 "\"sid\":\"NoDelete\"", "\"element\":\"Condition\"", NULL};
    const char *const layered[] = {"\"outcome\":\"explicit_deny\"", "\"layer\":\"identity\"",
                                   "\"sid\":\"NoDelete\"", NULL};
    s3iam_string *text = NULL;
    CHECK_STATUS(s3iam_policy_explain(policy, &query, &text, NULL), S3IAM_OK);
    has(text, alone);
    CHECK_STATUS(s3iam_policy_set_explain(set, &query, &text, NULL), S3IAM_OK);
    has(text, alone);
    CHECK_STATUS(s3iam_account_explain(account, &query, NULL, &text, NULL), S3IAM_OK);
    has(text, layered);
    CHECK_STATUS(s3iam_layers_explain(layers, &query, &text, NULL), S3IAM_OK);
    has(text, layered);

    s3iam_policy *open = parsed(DOCUMENT(STATEMENT("Open", "Allow", "s3:*", ", \"Principal\": \"*\"")),
                                S3IAM_DIALECT_MINIO, S3IAM_KIND_BUCKET);
    const char *const of_bucket[] = {"\"allowed\":true", "\"layer\":\"bucket\"", "\"sid\":\"Open\"", NULL};
    CHECK_STATUS(s3iam_account_explain(anonymous, &query, open, &text, NULL), S3IAM_OK);
    has(text, of_bucket);
    s3iam_policy_free(open);
}

/* ---- Many questions ---- */

enum { MANY = 4 };

static void fill(s3iam_query *queries)
{
    const char *const actions[MANY] = {"s3:GetObject", "s3:DeleteObject", "s3:PutObject", "admin:ServerInfo"};
    for (size_t i = 0; i < MANY; i++) {
        queries[i] = question(actions[i], "arn:aws:s3:::home/a");
    }
}

static void many_answers_are_those_to_each_question(void)
{
    s3iam_query queries[MANY];
    s3iam_decision alone, decisions[MANY], of_set[MANY];
    s3iam_layered_decision layered, of_account[MANY], of_layers[MANY];
    fill(queries);
    CHECK_STATUS(s3iam_policy_decide_many(policy, queries, MANY, decisions, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_policy_set_decide_many(set, queries, MANY, of_set, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_account_decide_many(account, queries, MANY, NULL, of_account, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_layers_decide_many(layers, queries, MANY, of_layers, NULL), S3IAM_OK);
    for (size_t i = 0; i < MANY; i++) {
        CHECK_STATUS(s3iam_policy_decide(policy, &queries[i], &alone), S3IAM_OK);
        CHECK(decisions[i].outcome == alone.outcome && decisions[i].start == alone.start);
        CHECK(of_set[i].outcome == alone.outcome && of_set[i].statement == alone.statement);
        CHECK_STATUS(s3iam_account_decide(account, &queries[i], NULL, &layered), S3IAM_OK);
        CHECK(of_account[i].decision.outcome == layered.decision.outcome);
        CHECK(of_account[i].layer == layered.layer);
        CHECK_STATUS(s3iam_layers_decide(layers, &queries[i], &layered, NULL), S3IAM_OK);
        CHECK(of_layers[i].decision.outcome == layered.decision.outcome);
        CHECK(of_layers[i].layer == layered.layer && of_layers[i].level == 0);
    }
    CHECK(decisions[0].outcome == S3IAM_OUTCOME_ALLOW && decisions[3].outcome == S3IAM_OUTCOME_IMPLICIT_DENY);
}

static void no_questions_have_no_answers(void)
{
    CHECK_STATUS(s3iam_policy_decide_many(policy, NULL, 0, NULL, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_layers_decide_many(layers, NULL, 0, NULL, NULL), S3IAM_OK);
}

static void one_bad_question_is_named_and_nothing_written(void)
{
    s3iam_query queries[MANY];
    s3iam_decision decisions[MANY], before[MANY];
    s3iam_error *detail = NULL;
    fill(queries);
    queries[2].action = S3IAM_STR("s3:\xff");
    memset(decisions, 0x5a, sizeof decisions);
    memcpy(before, decisions, sizeof before);
    CHECK_STATUS(s3iam_policy_decide_many(policy, queries, MANY, decisions, &detail), S3IAM_ERROR_INVALID_UTF8);
    CHECK_TEXT(s3iam_error_message(detail), "query 2: the action is not valid UTF-8 at byte 3");
    CHECK(memcmp(decisions, before, sizeof before) == 0);
    s3iam_error_free(detail);

    s3iam_layered_decision layered[MANY];
    fill(queries);
    queries[MANY - 1].principal.kind = S3IAM_PRINCIPAL_NONE;
    queries[MANY - 1].principal.name = S3IAM_STR("");
    CHECK_STATUS(s3iam_layers_decide_many(layers, queries, MANY, layered, &detail), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(check_has(s3iam_error_message(detail), "query 3: "));
    s3iam_error_free(detail);
}

static void lengths_that_cannot_be_are_refused(void)
{
    const size_t lengths[] = {100001, SIZE_MAX / sizeof(s3iam_query), SIZE_MAX};
    s3iam_query query = question("s3:GetObject", "home/a");
    s3iam_decision decision;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        s3iam_error *detail = NULL;
        CHECK_STATUS(s3iam_policy_decide_many(policy, &query, lengths[i], &decision, &detail),
                     S3IAM_ERROR_INVALID_ARGUMENT);
        CHECK(check_has(s3iam_error_message(detail), "100000"));
        s3iam_error_free(detail);
    }
}

/* ---- Allowed actions ---- */

static bool holds(const s3iam_names *names, const char *name)
{
    for (size_t i = 0; i < s3iam_names_len(names); i++) {
        s3iam_text at = s3iam_names_at(names, i);
        if (at.len == strlen(name) && memcmp(at.data, name, at.len) == 0) {
            return true;
        }
    }
    return false;
}

/* Checks the actions on an object, and frees them. */
static void are_those_on_an_object(s3iam_names *names)
{
    CHECK(holds(names, "s3:GetObject") && holds(names, "s3:PutObject"));
    CHECK(!holds(names, "s3:DeleteObject") && !holds(names, "s3:ListBucket"));
    CHECK_TEXT(s3iam_names_at(names, s3iam_names_len(names)), "");
    CHECK_TEXT(s3iam_names_at(names, SIZE_MAX), "");
    for (size_t i = 1; i < s3iam_names_len(names); i++) {
        s3iam_text a = s3iam_names_at(names, i - 1), b = s3iam_names_at(names, i);
        int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);
        CHECK(order < 0 || (order == 0 && a.len < b.len));
    }
    s3iam_names_free(names);
}

static void allowed_actions_are_those_about_the_resource(void)
{
    s3iam_pair plain[] = {{S3IAM_STR("aws:SecureTransport"), S3IAM_STR("false")}};
    s3iam_query query = question("", "arn:aws:s3:::home/a");
    s3iam_names *names = NULL;
    query.context = plain;
    query.context_len = 1;
    CHECK_STATUS(s3iam_policy_allowed_actions(policy, &query, &names, NULL), S3IAM_OK);
    are_those_on_an_object(names);
    CHECK_STATUS(s3iam_policy_set_allowed_actions(set, &query, &names, NULL), S3IAM_OK);
    are_those_on_an_object(names);
    CHECK_STATUS(s3iam_account_allowed_actions(account, &query, NULL, &names, NULL), S3IAM_OK);
    are_those_on_an_object(names);
    CHECK_STATUS(s3iam_layers_allowed_actions(layers, &query, &names, NULL), S3IAM_OK);
    are_those_on_an_object(names);

    query.resource = S3IAM_STR("other/a");
    CHECK_STATUS(s3iam_policy_allowed_actions(policy, &query, &names, NULL), S3IAM_OK);
    CHECK(s3iam_names_len(names) == 0);
    s3iam_names_free(names);

    /* About nothing in particular: the actions of every service that need no resource. */
    s3iam_policy *admin = parsed("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                                 "\"Action\": \"admin:*\"}]}",
                                 S3IAM_DIALECT_MINIO, S3IAM_KIND_IDENTITY);
    query.resource = S3IAM_STR("");
    CHECK_STATUS(s3iam_policy_allowed_actions(admin, &query, &names, NULL), S3IAM_OK);
    CHECK(holds(names, "admin:ServerInfo"));
    s3iam_names_free(names);
    s3iam_policy_free(admin);
}

/* ---- Access ---- */

static s3iam_truth allows(const s3iam_access *access, const char *resource)
{
    s3iam_query query = question("", resource);
    s3iam_truth truth = S3IAM_TRUTH_TRUE;
    CHECK_STATUS(s3iam_access_allows(access, &query, &truth, NULL), S3IAM_OK);
    return truth;
}

/* Checks what may be deleted while it is not known whether the connection is TLS, and frees the access. */
static void depends_on_the_connection(s3iam_access *access)
{
    const char *const parts[] = {"\"allow\":[", "arn:aws:s3:::home/*", "\"key\":\"aws:SecureTransport\"", NULL};
    s3iam_query query = {.size = sizeof query, .bucket = S3IAM_STR("home"), .object = S3IAM_STR("a")};
    s3iam_truth truth = S3IAM_TRUTH_TRUE;
    s3iam_string *text = NULL;
    CHECK(allows(access, "arn:aws:s3:::home/a") == S3IAM_TRUTH_UNKNOWN);
    CHECK(allows(access, "other/a") == S3IAM_TRUTH_FALSE);
    CHECK_STATUS(s3iam_access_allows(access, &query, &truth, NULL), S3IAM_OK);
    CHECK(truth == S3IAM_TRUTH_UNKNOWN);
    CHECK_STATUS(s3iam_access_json(access, &text), S3IAM_OK);
    has(text, parts);
    s3iam_access_free(access);
}

static void access_is_a_set_of_resources(void)
{
    s3iam_query query = question("s3:DeleteObject", "");
    s3iam_access *access = NULL;
    CHECK_STATUS(s3iam_policy_access(policy, &query, false, &access, NULL), S3IAM_OK);
    depends_on_the_connection(access);
    CHECK_STATUS(s3iam_policy_set_access(set, &query, false, &access, NULL), S3IAM_OK);
    depends_on_the_connection(access);
    CHECK_STATUS(s3iam_account_access(account, &query, false, NULL, &access, NULL), S3IAM_OK);
    depends_on_the_connection(access);

    /* With all that is known it does not: a Deny that needs `false` finds no value. */
    CHECK_STATUS(s3iam_policy_access(policy, &query, true, &access, NULL), S3IAM_OK);
    CHECK(allows(access, "home/a") == S3IAM_TRUTH_TRUE);
    s3iam_access_free(access);
    s3iam_pair tls[] = {{S3IAM_STR("aws:SecureTransport"), S3IAM_STR("true")}};
    query.context = tls;
    query.context_len = 1;
    CHECK_STATUS(s3iam_policy_access(policy, &query, false, &access, NULL), S3IAM_OK);
    CHECK(allows(access, "home/a") == S3IAM_TRUTH_TRUE);
    s3iam_access_free(access);
}

static void an_access_outlives_whom_it_was_asked_of(void)
{
    s3iam_policy *short_lived = parsed(READ, S3IAM_DIALECT_MINIO, S3IAM_KIND_IDENTITY);
    s3iam_query query = question("s3:GetObject", "");
    s3iam_access *access = NULL;
    CHECK_STATUS(s3iam_policy_access(short_lived, &query, true, &access, NULL), S3IAM_OK);
    s3iam_policy_free(short_lived);
    CHECK(allows(access, "home/a") == S3IAM_TRUTH_TRUE);
    s3iam_access_free(access);
}

static void a_bucket_policy_gives_access_to_anonymous_callers(void)
{
    s3iam_policy *open = parsed(DOCUMENT(STATEMENT("Open", "Allow", "s3:GetObject", ", \"Principal\": \"*\"")),
                                S3IAM_DIALECT_MINIO, S3IAM_KIND_BUCKET);
    s3iam_query query = question("s3:GetObject", "");
    s3iam_access *access = NULL;
    CHECK_STATUS(s3iam_account_access(anonymous, &query, true, open, &access, NULL), S3IAM_OK);
    CHECK(allows(access, "home/a") == S3IAM_TRUTH_TRUE && allows(access, "other/a") == S3IAM_TRUTH_FALSE);
    s3iam_access_free(access);
    CHECK_STATUS(s3iam_account_access(anonymous, &query, true, NULL, &access, NULL), S3IAM_OK);
    CHECK(allows(access, "home/a") == S3IAM_TRUTH_FALSE);
    s3iam_access_free(access);
    s3iam_policy_free(open);
}

static void what_cannot_be_said_as_sets_is_refused(void)
{
    const s3iam_policy *policies[] = {policy};
    s3iam_account_options options = {.size = sizeof options, .credential = S3IAM_CREDENTIAL_TEMPORARY};
    s3iam_account *broken = NULL;
    s3iam_query query = question("s3:GetObject", "");
    s3iam_access *access = NULL;
    s3iam_error *detail = NULL;
    options.has_session_policy = true;
    options.session_policy = S3IAM_STR("{");
    CHECK_STATUS(s3iam_account_new(&options, policies, 1, &broken, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_account_access(broken, &query, true, NULL, &access, &detail), S3IAM_ERROR_UNSUPPORTED);
    CHECK(access == NULL && s3iam_error_message(detail).len > 0);
    s3iam_error_free(detail);
    s3iam_account_free(broken);
}

/* ---- Bad questions ---- */

static void bad_questions_are_refused_by_every_verb(void)
{
    s3iam_pair bad_value[] = {{S3IAM_STR("\xc3"), S3IAM_STR("x")}};
    s3iam_query queries[] = {question("\xff", ""), question("s3:GetObject", "\xff"), question("s3:GetObject", "a"),
                             question("s3:GetObject", ""), question("s3:GetObject", "")};
    queries[2].bucket = S3IAM_STR("a");
    queries[3].context = bad_value;
    queries[3].context_len = 1;
    queries[4].size = 1;
    s3iam_status statuses[] = {S3IAM_ERROR_INVALID_UTF8, S3IAM_ERROR_INVALID_UTF8, S3IAM_ERROR_INVALID_ARGUMENT,
                               S3IAM_ERROR_INVALID_UTF8, S3IAM_ERROR_INVALID_ARGUMENT};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        s3iam_string *text = NULL;
        s3iam_names *names = NULL;
        s3iam_access *access = NULL;
        s3iam_decision decision;
        CHECK_STATUS(s3iam_policy_explain(policy, &queries[i], &text, NULL), statuses[i]);
        CHECK_STATUS(s3iam_policy_allowed_actions(policy, &queries[i], &names, NULL), statuses[i]);
        CHECK_STATUS(s3iam_policy_access(policy, &queries[i], false, &access, NULL), statuses[i]);
        CHECK_STATUS(s3iam_policy_decide_many(policy, &queries[i], 1, &decision, NULL), statuses[i]);
        CHECK(text == NULL && names == NULL && access == NULL);
    }
    /* A bucket policy is of the kind `bucket`, whatever is asked. */
    s3iam_query query = question("s3:GetObject", "home/a");
    s3iam_string *text = NULL;
    s3iam_names *names = NULL;
    s3iam_layered_decision decision;
    CHECK_STATUS(s3iam_account_explain(account, &query, policy, &text, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_account_allowed_actions(account, &query, policy, &names, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(s3iam_account_decide_many(account, &query, 1, policy, &decision, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
}

int main(void)
{
    set_up();
    an_answer_is_explained();
    many_answers_are_those_to_each_question();
    no_questions_have_no_answers();
    one_bad_question_is_named_and_nothing_written();
    lengths_that_cannot_be_are_refused();
    allowed_actions_are_those_about_the_resource();
    access_is_a_set_of_resources();
    an_access_outlives_whom_it_was_asked_of();
    a_bucket_policy_gives_access_to_anonymous_callers();
    what_cannot_be_said_as_sets_is_refused();
    bad_questions_are_refused_by_every_verb();
    tear_down();
    return check_result();
}
