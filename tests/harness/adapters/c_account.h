/* Questions to accounts. */
#ifndef C_ACCOUNT_H
#define C_ACCOUNT_H

#include "c_ask.h"

/* A caller as jobs about accounts begin with it, and its name. */
static s3iam_status next_caller(asked *who, s3iam_text *name, s3iam_error **detail)
{
    static const char *const names[] = {"anonymous", "user", "service-account", "temporary", "root"};
    s3iam_policy_options options = {.size = sizeof options, .lenient = true};
    s3iam_account_options account = {.size = sizeof account, .credential = UINT32_MAX};
    s3iam_text credential = next(), bucket_policy;
    s3iam_status status = S3IAM_OK;
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is(credential, names[i])) {
            account.credential = i;
        }
    }
    account.parent_is_root = next_bool();
    size_t count = next_count();
    s3iam_policy **policies = next_policies(count, &options, &status, detail);
    account.has_session_policy = next_optional(&account.session_policy);
    if (next_optional(&bucket_policy) && status == S3IAM_OK) {
        options.kind = S3IAM_KIND_BUCKET;
        status = s3iam_policy_parse(bucket_policy, &options, &who->bucket_policy, detail);
    }
    if (status == S3IAM_OK) {
        status = s3iam_account_new(&account, (const s3iam_policy *const *)policies, count, &who->account,
                                   detail);
    }
    free_policies(policies, count);
    *name = next();
    return status;
}

static void account(reply *put_reply)
{
    asked who = {0};
    s3iam_error *detail = NULL;
    s3iam_query query = {.size = sizeof query};
    s3iam_status status = next_caller(&who, &query.account, &detail);
    query.deny_only = next_bool();
    query.action = next();
    query.bucket = next();
    query.object = next();
    s3iam_pair *context = next_context(&query);
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        put_reply(&who, &query);
    }
    free_asked(&who);
    free(context);
}

static void next_flags(s3iam_operation_query *query)
{
    size_t len;
    s3iam_text *flags = next_list(&len);
    for (size_t i = 0; i < len; i++) {
        query->retention |= is(flags[i], "retention");
        query->legal_hold |= is(flags[i], "legal_hold");
        query->bypass_governance |= is(flags[i], "bypass_governance");
        query->replica |= is(flags[i], "replica");
        query->object_lock |= is(flags[i], "object_lock");
        query->force_delete |= is(flags[i], "force_delete");
    }
    free(flags);
}

static void operation(void)
{
    asked who = {0};
    s3iam_error *detail = NULL;
    s3iam_layered_decision decision;
    s3iam_operation_query query = {.size = sizeof query};
    s3iam_status status = next_caller(&who, &query.account, &detail);
    query.operation = next();
    query.bucket = next();
    query.object = next();
    next_optional(&query.version_id);
    if (next_bool()) {
        query.source_bucket = next();
        query.source_object = next();
        next_optional(&query.source_version_id);
    }
    next_flags(&query);
    s3iam_text *buckets = next_texts(&query.buckets_len);
    query.buckets = buckets;
    query.context_len = next_count();
    s3iam_pair *context = next_pairs(query.context_len);
    query.context = context;
    if (status == S3IAM_OK) {
        status = s3iam_account_decide_operation(who.account, &query, who.bucket_policy, &decision);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        put_decision(&decision.decision);
        put(s3iam_layer_name(decision.layer));
    }
    free_asked(&who);
    free(context);
    free(buckets);
}

#endif
