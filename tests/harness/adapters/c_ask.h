/* A question: to policies, and what is answered by whoever it is put to. */
#ifndef C_ASK_H
#define C_ASK_H

#include "c_json.h"

/* Whoever is asked: a set of policies, an account and its bucket policy, or layers. */
typedef struct {
    s3iam_policy_set *set;
    s3iam_account *account;
    s3iam_policy *bucket_policy;
    s3iam_layers *layers;
} asked;

static void free_asked(asked *who)
{
    s3iam_policy_set_free(who->set);
    s3iam_account_free(who->account);
    s3iam_policy_free(who->bucket_policy);
    s3iam_layers_free(who->layers);
}

/* ---- Policies ---- */

static s3iam_policy_options next_policy_options(void)
{
    s3iam_policy_options options = {.size = sizeof options};
    options.dialect = is(next(), "aws") ? S3IAM_DIALECT_AWS : S3IAM_DIALECT_MINIO;
    options.kind = next_named(s3iam_kind_name);
    return options;
}

/* `count` policies, until one cannot be parsed; the others are NULL. To be freed. */
static s3iam_policy **next_policies(size_t count, const s3iam_policy_options *options, s3iam_status *status,
                                    s3iam_error **detail)
{
    s3iam_policy **policies = grown(NULL, (count + 1) * sizeof *policies);
    for (size_t i = 0; i < count; i++) {
        s3iam_text text = next();
        policies[i] = NULL;
        if (*status == S3IAM_OK) {
            *status = s3iam_policy_parse(text, options, &policies[i], detail);
        }
    }
    return policies;
}

static void free_policies(s3iam_policy **policies, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        s3iam_policy_free(policies[i]);
    }
    free(policies);
}

/* The policies of a job as a set. */
static s3iam_status next_set(s3iam_policy_options options, asked *who, s3iam_error **detail)
{
    s3iam_status status = S3IAM_OK;
    options.lenient = true;
    size_t count = next_count();
    s3iam_policy **policies = next_policies(count, &options, &status, detail);
    if (status == S3IAM_OK) {
        status = s3iam_policy_set_new((const s3iam_policy *const *)policies, count, &who->set, detail);
    }
    free_policies(policies, count);
    return status;
}

/* The condition values of a question; to be freed. */
static s3iam_pair *next_context(s3iam_query *query)
{
    query->context_len = next_count();
    s3iam_pair *context = next_pairs(query->context_len);
    query->context = context;
    return context;
}

/* ---- Decisions ---- */

static void put_decision(const s3iam_decision *decision)
{
    char statement[32] = "";
    if (decision->has_statement) {
        snprintf(statement, sizeof statement, "%" PRIu32 ":%" PRIu32, decision->policy, decision->statement);
    }
    put(s3iam_outcome_name(decision->outcome));
    put(s3iam_reason_name(decision->reason));
    put_word(statement);
}

/* Answers a question with the decision. */
static void put_answer(const asked *who, const s3iam_query *query)
{
    s3iam_error *detail = NULL;
    s3iam_layered_decision answer;
    s3iam_status status;
    if (who->set != NULL) {
        status = s3iam_policy_set_decide(who->set, query, &answer.decision);
    } else if (who->account != NULL) {
        status = s3iam_account_decide(who->account, query, who->bucket_policy, &answer);
    } else {
        status = s3iam_layers_decide(who->layers, query, &answer, &detail);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
        return;
    }
    put_decision(&answer.decision);
    if (who->set == NULL) {
        put(s3iam_layer_name(answer.layer));
    }
    if (who->layers != NULL) {
        put_number(answer.level);
    }
}

/* ---- Explanations ---- */

/* A statement's layer, level, policy, index, whether it applies, and its elements. */
static void field_add_trace(const char *statement)
{
    const char *level = json_member(statement, "level");
    field_add_comma();
    field_add_json(json_member(statement, "layer"));
    field_add(':');
    field_add_json(level == NULL ? "0" : level);
    field_add(':');
    field_add_json(json_member(statement, "policyIndex"));
    field_add(':');
    field_add_json(json_member(statement, "index"));
    field_add(':');
    field_add_truth(json_member(statement, "applies"));
    field_add(':');
    const char *first = json_first(json_member(statement, "elements"));
    for (const char *element = first; element != NULL; element = json_next(element)) {
        if (element != first) {
            field_add('+');
        }
        field_add_json(json_member(element, "element"));
        field_add('=');
        field_add_truth(json_member(element, "holds"));
    }
}

static void put_explanation(const char *explanation)
{
    const char *decision = json_member(explanation, "decision"), *statement = json_member(decision, "statement");
    const char *layer = json_member(decision, "layer"), *level = json_member(decision, "level");
    put_json(json_member(decision, "outcome"));
    put_json(json_member(decision, "reason"));
    if (!json_is(statement, "null")) {
        field_add_json(json_member(statement, "policyIndex"));
        field_add(':');
        field_add_json(json_member(statement, "index"));
    }
    put_field();
    put_json(layer);
    put_json(layer != NULL && level == NULL ? "0" : level);
    statement = json_first(json_member(explanation, "statements"));
    for (; statement != NULL; statement = json_next(statement)) {
        field_add_trace(statement);
    }
    put_field();
    put_json(json_member(explanation, "sentence"));
}

/* Answers a question with the decision and its reasons. */
static void put_reasons(const asked *who, const s3iam_query *query)
{
    s3iam_error *detail = NULL;
    s3iam_string *explanation = NULL;
    s3iam_status status;
    if (who->set != NULL) {
        status = s3iam_policy_set_explain(who->set, query, &explanation, &detail);
    } else if (who->account != NULL) {
        status = s3iam_account_explain(who->account, query, who->bucket_policy, &explanation, &detail);
    } else {
        status = s3iam_layers_explain(who->layers, query, &explanation, &detail);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
        return;
    }
    put_explanation(s3iam_string_text(explanation).data);
    s3iam_string_free(explanation);
}

/* What is done with a question. */
typedef void reply(const asked *who, const s3iam_query *query);

static void decide(reply *put_reply)
{
    s3iam_policy_options options = next_policy_options();
    s3iam_query query = {.size = sizeof query};
    s3iam_error *detail = NULL;
    asked who = {0};
    query.account = next();
    query.is_owner = next_bool();
    query.deny_only = next_bool();
    query.action = next();
    query.bucket = next();
    query.object = next();
    s3iam_status status = next_set(options, &who, &detail);
    s3iam_pair *context = next_context(&query);
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        put_reply(&who, &query);
    }
    free_asked(&who);
    free(context);
}

#endif
