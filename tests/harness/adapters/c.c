/*
 * Does the case runner's jobs with the C library, as PROTOCOL.md in the folder above says.
 *
 * Plain C11. Lines come on standard input, answers go to standard output.
 */
#include "c_account.h"
#include "c_layers.h"
#include "c_many.h"
#include "c_signed.h"

#include <time.h>

/* ---- Jobs ---- */

static void explain(void)
{
    s3iam_text verb = next();
    if (is(verb, "decide")) {
        decide(put_reasons);
    } else if (is(verb, "account")) {
        account(put_reasons);
    } else if (is(verb, "layers")) {
        layers(put_reasons);
    } else {
        broken("that cannot be explained");
    }
}

static void validate(void)
{
    s3iam_policy_options options = next_policy_options();
    s3iam_findings *findings = NULL;
    next_optional(&options.bucket);
    s3iam_status status = s3iam_validate(next(), &options, &findings);
    if (status != S3IAM_OK) {
        put_failure(status, NULL);
        return;
    }
    put(s3iam_document_status_name(s3iam_findings_status(findings)));
    putchar('\t');
    for (size_t i = 0; i < s3iam_findings_len(findings); i++) {
        s3iam_finding finding;
        if (s3iam_findings_get(findings, i, &finding) == S3IAM_OK) {
            printf("%s%.*s", i > 0 ? "," : "", (int)finding.code.len, finding.code.data);
        }
    }
    s3iam_findings_free(findings);
}

static void put_verdict(const s3iam_verdict *verdict, s3iam_text request_id)
{
    s3iam_decision decision;
    bool decided = s3iam_verdict_decision(verdict, &decision);
    size_t allowed_keys = 0;
    for (size_t i = 0; i < s3iam_verdict_keys_len(verdict); i++) {
        s3iam_key_verdict key;
        if (s3iam_verdict_keys_get(verdict, i, &key) == S3IAM_OK) {
            allowed_keys += key.outcome == S3IAM_OUTCOME_ALLOW;
        }
    }
    s3iam_string *body = NULL;
    if (s3iam_verdict_error_xml(verdict, request_id, &body) != S3IAM_OK) {
        broken("a verdict without an error body");
    }
    put_word(s3iam_verdict_allowed(verdict) ? "allowed" : "refused");
    put(s3iam_verdict_user(verdict));
    put(s3iam_verdict_operation(verdict));
    put(s3iam_verdict_bucket(verdict));
    put(s3iam_verdict_key(verdict));
    put(s3iam_verdict_s3_code(verdict));
    put_number(s3iam_verdict_http_status(verdict));
    put(decided ? s3iam_outcome_name(decision.outcome) : S3IAM_STR(""));
    put(s3iam_verdict_policy(verdict));
    if (decided && decision.has_statement) {
        put_number(decision.statement);
    } else {
        put_word("");
    }
    put_number((int64_t)allowed_keys);
    put(s3iam_string_text(body));
    s3iam_string_free(body);
}

static int64_t nanoseconds(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int in_order(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The median of several batches, in nanoseconds a call. */
static int64_t time_of(const s3iam_iam *iam, const s3iam_http_request *request, int64_t repetitions)
{
    enum { BATCHES = 7 };
    int64_t times[BATCHES], batch = repetitions / BATCHES > 0 ? repetitions / BATCHES : 1;
    for (size_t i = 0; i < BATCHES; i++) {
        int64_t start = nanoseconds();
        for (int64_t call = 0; call < batch; call++) {
            s3iam_verdict *verdict = NULL;
            s3iam_authorize(iam, request, &verdict);
            s3iam_verdict_free(verdict);
        }
        times[i] = (nanoseconds() - start) / batch;
    }
    qsort(times, BATCHES, sizeof *times, in_order);
    return times[BATCHES / 2];
}

static void authorize_with(const s3iam_iam *iam, const s3iam_http_request *request,
                           s3iam_text request_id, int64_t repetitions)
{
    s3iam_verdict *verdict = NULL;
    s3iam_status status = s3iam_authorize(iam, request, &verdict);
    if (status != S3IAM_OK) {
        put_failure(status, NULL);
        return;
    }
    put_verdict(verdict, request_id);
    s3iam_verdict_free(verdict);
    if (repetitions > 1) {
        put_number(time_of(iam, request, repetitions));
    } else {
        put_word("");
    }
}

static void authorize(void)
{
    s3iam_options options = {.size = sizeof options};
    s3iam_http_request request = {.size = sizeof request};
    s3iam_iam *iam = NULL;
    s3iam_error *detail = NULL;
    int64_t repetitions = next_number();
    s3iam_text directory = next();
    options.error_profile = next_error_profile();
    options.region = next();
    s3iam_text *domains = next_list(&options.domains_len);
    options.domains = domains;
    request.now_ms = next_number();
    request.peer = next();
    request.secure = next_bool();
    s3iam_text request_id = next();
    s3iam_pair *headers = next_http(&request), *tags = NULL;
    if (fields_next < fields_len && is(fields[fields_next], "-")) {
        next();
    } else {
        request.has_object_tags = true;
        request.object_tags_len = next_count();
        request.object_tags = tags = next_pairs(request.object_tags_len);
    }
    s3iam_status status = s3iam_iam_load(directory, &options, &iam, &detail);
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        authorize_with(iam, &request, request_id, repetitions);
    }
    s3iam_iam_free(iam);
    free(domains);
    free(headers);
    free(tags);
}

int main(void)
{
    size_t len;
    while (read_line(&len)) {
        split_line(len);
        s3iam_text verb = next();
        first_field = true;
        if (is(verb, "validate")) {
            validate();
        } else if (is(verb, "decide")) {
            decide(put_answer);
        } else if (is(verb, "account")) {
            account(put_answer);
        } else if (is(verb, "operation")) {
            operation();
        } else if (is(verb, "layers")) {
            layers(put_answer);
        } else if (is(verb, "explain")) {
            explain();
        } else if (is(verb, "many")) {
            many();
        } else if (is(verb, "actions")) {
            actions();
        } else if (is(verb, "access")) {
            access_of_policies();
        } else if (is(verb, "verify")) {
            verify();
        } else if (is(verb, "post")) {
            post();
        } else if (is(verb, "diagnose")) {
            diagnose();
        } else if (is(verb, "authorize")) {
            authorize();
        } else {
            broken("an unknown verb");
        }
        putchar('\n');
    }
    free(line);
    free(field);
    free(fields);
    return 0;
}
