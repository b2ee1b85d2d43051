/* Questions that have many answers. */
#ifndef C_MANY_H
#define C_MANY_H

#include "c_ask.h"

/* ---- Many questions ---- */

static void many(void)
{
    asked who = {0};
    s3iam_error *detail = NULL;
    s3iam_status status = next_set(next_policy_options(), &who, &detail);
    size_t actions_len, resources_len;
    s3iam_text *actions = next_texts(&actions_len), *resources = next_texts(&resources_len);
    size_t contexts_len = next_count(), len = actions_len * resources_len * contexts_len, at = 0;
    s3iam_pair **contexts = grown(NULL, (contexts_len + 1) * sizeof *contexts);
    s3iam_query *of_context = grown(NULL, (contexts_len + 1) * sizeof *of_context);
    for (size_t i = 0; i < contexts_len; i++) {
        of_context[i] = (s3iam_query){.size = sizeof *of_context};
        contexts[i] = next_context(&of_context[i]);
    }
    s3iam_query *queries = grown(NULL, (len + 1) * sizeof *queries);
    s3iam_decision *decisions = grown(NULL, (len + 1) * sizeof *decisions);
    for (size_t a = 0; a < actions_len; a++) {
        for (size_t r = 0; r < resources_len; r++) {
            for (size_t c = 0; c < contexts_len; c++) {
                queries[at] = of_context[c];
                queries[at].action = actions[a];
                queries[at++].resource = resources[r];
            }
        }
    }
    if (status == S3IAM_OK) {
        status = s3iam_policy_set_decide_many(who.set, queries, len, decisions, &detail);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        for (size_t i = 0; i < len; i++) {
            field_add_comma();
            field_add_text(s3iam_outcome_name(decisions[i].outcome));
        }
        put_field();
    }
    for (size_t i = 0; i < contexts_len; i++) {
        free(contexts[i]);
    }
    free(decisions);
    free(queries);
    free(of_context);
    free(contexts);
    free(resources);
    free(actions);
    free_asked(&who);
}

static void actions(void)
{
    asked who = {0};
    s3iam_error *detail = NULL;
    s3iam_query query = {.size = sizeof query};
    s3iam_names *names = NULL;
    s3iam_status status = next_set(next_policy_options(), &who, &detail);
    query.resource = next();
    s3iam_pair *context = next_context(&query);
    if (status == S3IAM_OK) {
        status = s3iam_policy_set_allowed_actions(who.set, &query, &names, &detail);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        for (size_t i = 0; i < s3iam_names_len(names); i++) {
            field_add_comma();
            field_add_text(s3iam_names_at(names, i));
        }
        put_field();
    }
    s3iam_names_free(names);
    free(context);
    free_asked(&who);
}

/* ---- Access ---- */

/* Adds what `add` does of each region of each layer. */
static void add_regions(const char *access, const char *kind, void (*add)(const char *region))
{
    const char *layer = json_first(json_member(access, "layers"));
    for (; layer != NULL; layer = json_next(layer)) {
        const char *region = json_first(json_member(layer, kind));
        for (; region != NULL; region = json_next(region)) {
            add(region);
        }
    }
}

static void add_patterns(const char *region)
{
    const char *pattern = json_first(json_member(region, "resources"));
    for (; pattern != NULL; pattern = json_next(pattern)) {
        field_add_comma();
        field_add_json(pattern);
    }
}

static void add_conditions(const char *region)
{
    const char *condition = json_first(json_member(region, "conditions"));
    for (; condition != NULL; condition = json_next(condition)) {
        field_add_comma();
        field_add_json(json_member(condition, "operator"));
        field_add(' ');
        field_add_json(json_member(condition, "key"));
    }
}

static void put_access(const s3iam_access *access, const s3iam_text *resources, size_t len)
{
    s3iam_string *text = NULL;
    for (size_t i = 0; i < len; i++) {
        s3iam_query query = {.size = sizeof query, .resource = resources[i]};
        s3iam_truth truth = S3IAM_TRUTH_UNKNOWN;
        if (s3iam_access_allows(access, &query, &truth, NULL) != S3IAM_OK) {
            broken("a resource that cannot be asked about");
        }
        field_add_comma();
        field_add(truth == S3IAM_TRUTH_TRUE ? '1' : truth == S3IAM_TRUTH_FALSE ? '0' : '?');
    }
    put_field();
    if (s3iam_access_json(access, &text) != S3IAM_OK) {
        broken("an access that is no data");
    }
    const char *data = s3iam_string_text(text).data;
    add_regions(data, "allow", add_patterns);
    put_field();
    add_regions(data, "deny", add_patterns);
    put_field();
    add_regions(data, "allow", add_conditions);
    add_regions(data, "deny", add_conditions);
    put_field();
    s3iam_string_free(text);
}

static void access_of_policies(void)
{
    asked who = {0};
    s3iam_error *detail = NULL;
    s3iam_query query = {.size = sizeof query};
    s3iam_access *access = NULL;
    s3iam_status status = next_set(next_policy_options(), &who, &detail);
    query.action = next();
    bool complete = next_bool();
    s3iam_pair *context = next_context(&query);
    size_t len;
    s3iam_text *resources = next_texts(&len);
    if (status == S3IAM_OK) {
        status = s3iam_policy_set_access(who.set, &query, complete, &access, &detail);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        put_access(access, resources, len);
    }
    s3iam_access_free(access);
    free(resources);
    free(context);
    free_asked(&who);
}

#endif
