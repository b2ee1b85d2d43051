/* Questions to layers of the AWS dialect. */
#ifndef C_LAYERS_H
#define C_LAYERS_H

#include "c_ask.h"

static void next_principal(s3iam_principal *principal)
{
    static const char *const names[] = {"",        "anonymous", "root", "user", "role-session", "federated-user",
                                        "service", "federated"};
    s3iam_text kind = next();
    for (uint32_t i = 1; i < sizeof names / sizeof *names; i++) {
        if (is(kind, names[i])) {
            principal->kind = i;
        }
    }
    principal->name = next();
    next_optional(&principal->behind);
}

/* A policy and where it is attached. */
typedef struct {
    s3iam_text layer;
    int64_t level;
    s3iam_policy *policy;
} attached;

/* Those of a level of a layer, one after the other from `list` on, which moves behind them. */
static s3iam_level level_of(const attached *all, size_t count, const char *layer, int64_t level,
                            const s3iam_policy ***list)
{
    s3iam_level found = {.policies = *list};
    for (size_t i = 0; i < count; i++) {
        if (is(all[i].layer, layer) && all[i].level == level) {
            *(*list)++ = all[i].policy;
            found.policies_len++;
        }
    }
    return found;
}

static s3iam_status make_layers(const attached *all, size_t count, size_t scp_len, size_t rcp_len,
                                s3iam_layers **layers, s3iam_error **detail)
{
    const s3iam_policy **list = grown(NULL, (count + 1) * sizeof *list), **end = list;
    s3iam_level *levels = grown(NULL, (scp_len + rcp_len + 1) * sizeof *levels), *rcp = levels + scp_len;
    s3iam_layer_policies policies = {.size = sizeof policies, .scp = levels, .rcp = rcp};
    policies.scp_len = scp_len;
    policies.rcp_len = rcp_len;
    for (size_t i = 0; i < scp_len; i++) {
        levels[i] = level_of(all, count, "scp", (int64_t)i, &end);
    }
    for (size_t i = 0; i < rcp_len; i++) {
        rcp[i] = level_of(all, count, "rcp", (int64_t)i, &end);
    }
    s3iam_level identity = level_of(all, count, "identity", 0, &end);
    s3iam_level session = level_of(all, count, "session", 0, &end);
    policies.identity = identity.policies;
    policies.identity_len = identity.policies_len;
    policies.session = session.policies;
    policies.session_len = session.policies_len;
    for (size_t i = 0; i < count; i++) {
        policies.boundary = is(all[i].layer, "boundary") ? all[i].policy : policies.boundary;
        policies.resource = is(all[i].layer, "resource") ? all[i].policy : policies.resource;
        policies.endpoint = is(all[i].layer, "endpoint") ? all[i].policy : policies.endpoint;
    }
    s3iam_status status = s3iam_layers_new(&policies, layers, detail);
    free(levels);
    free(list);
    return status;
}

static s3iam_status next_layers(s3iam_layers **layers, s3iam_error **detail)
{
    s3iam_policy_options options = {.size = sizeof options, .dialect = S3IAM_DIALECT_AWS, .lenient = true};
    size_t scp_len = next_count(), rcp_len = next_count(), count = next_count();
    attached *all = grown(NULL, (count + 1) * sizeof *all);
    s3iam_status status = S3IAM_OK;
    for (size_t i = 0; i < count; i++) {
        all[i] = (attached){.layer = next()};
        all[i].level = next_number();
        options.kind = next_named(s3iam_kind_name);
        s3iam_text text = next();
        if (status == S3IAM_OK) {
            status = s3iam_policy_parse(text, &options, &all[i].policy, detail);
        }
    }
    if (status == S3IAM_OK) {
        status = make_layers(all, count, scp_len, rcp_len, layers, detail);
    }
    for (size_t i = 0; i < count; i++) {
        s3iam_policy_free(all[i].policy);
    }
    free(all);
    return status;
}

static void layers(reply *put_reply)
{
    asked who = {0};
    s3iam_error *detail = NULL;
    s3iam_query query = {.size = sizeof query};
    next_principal(&query.principal);
    query.action = next();
    query.resource = next();
    next_optional(&query.resource_account);
    s3iam_pair *context = next_context(&query);
    s3iam_status status = next_layers(&who.layers, &detail);
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        put_reply(&who, &query);
    }
    free_asked(&who);
    free(context);
}

#endif
