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

/* The settings of Block Public Access that are on. */
static void next_block(s3iam_layer_policies *policies)
{
    size_t len;
    s3iam_text *settings = next_list(&len);
    for (size_t i = 0; i < len; i++) {
        policies->block_public_acls |= is(settings[i], "BlockPublicAcls");
        policies->ignore_public_acls |= is(settings[i], "IgnorePublicAcls");
        policies->block_public_policy |= is(settings[i], "BlockPublicPolicy");
        policies->restrict_public_buckets |= is(settings[i], "RestrictPublicBuckets");
    }
    free(settings);
}

static s3iam_status make_layers(s3iam_layer_policies policies, const attached *all, size_t count,
                                s3iam_layers **layers, s3iam_error **detail)
{
    const s3iam_policy **list = grown(NULL, (count + 1) * sizeof *list), **end = list;
    s3iam_level *levels = grown(NULL, (policies.scp_len + policies.rcp_len + 1) * sizeof *levels);
    s3iam_level *rcp = levels + policies.scp_len;
    policies.scp = levels;
    policies.rcp = rcp;
    for (size_t i = 0; i < policies.scp_len; i++) {
        levels[i] = level_of(all, count, "scp", (int64_t)i, &end);
    }
    for (size_t i = 0; i < policies.rcp_len; i++) {
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

/* The layers, and the access control lists with which they are asked. */
static s3iam_status next_layers(s3iam_layers **layers, s3iam_acl **acl, s3iam_error **detail)
{
    s3iam_policy_options options = {.size = sizeof options, .dialect = S3IAM_DIALECT_AWS, .lenient = true};
    s3iam_layer_policies policies = {.size = sizeof policies};
    policies.scp_len = next_count();
    policies.rcp_len = next_count();
    size_t count = next_count();
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
    s3iam_text lists;
    if (next_optional(&lists) && status == S3IAM_OK) {
        status = s3iam_acl_parse(lists, acl, detail);
    }
    next_block(&policies);
    if (status == S3IAM_OK) {
        status = make_layers(policies, all, count, layers, detail);
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
    s3iam_acl *acl = NULL;
    s3iam_status status = next_layers(&who.layers, &acl, &detail);
    query.acl = acl;
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        put_reply(&who, &query);
    }
    s3iam_acl_free(acl);
    free_asked(&who);
    free(context);
}

#endif
