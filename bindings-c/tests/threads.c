/* One directory, one verifier, one policy and one signer, shared by threads while they are being changed. */
#include "check.h"
#include "requests.h"

#include <pthread.h>

enum { THREADS = 4, ROUNDS = 500 };

static s3iam_iam *iam;
static s3iam_verifier *verifier;
static s3iam_policy *policy;
static s3iam_signer *signer;

/* Whether what the thread signs is what all sign; its body is read by a reader of its own. */
static bool signs(const s3iam_http_request *get, const s3iam_identity *identity)
{
    s3iam_http_request request = *get;
    s3iam_pairs *added = NULL;
    s3iam_body_reader *reader = NULL;
    s3iam_body_summary summary;
    request.headers_len = 1;
    bool right = s3iam_signer_sign(signer, &request, S3IAM_SIGNED_BODY, NULL, &added, NULL) == S3IAM_OK;
    s3iam_text value = s3iam_pairs_at(added, 2).value;
    right = right && value.len == get->headers[3].value.len &&
            memcmp(value.data, get->headers[3].value.data, value.len) == 0;
    right = right && s3iam_identity_body_reader(identity, &reader, NULL) == S3IAM_OK &&
            s3iam_body_finish(reader, &summary, NULL) == S3IAM_OK;
    s3iam_body_reader_free(reader);
    s3iam_pairs_free(added);
    return right;
}

/* Counts what goes wrong; nobody else writes to the count of a thread. */
static void *ask(void *argument)
{
    int *wrong = argument;
    for (int round = 0; round < ROUNDS; round++) {
        s3iam_pair headers[HEADERS_LEN];
        s3iam_http_request get = get_request(headers);
        s3iam_verdict *verdict = NULL;
        *wrong += s3iam_authorize(iam, &get, &verdict) != S3IAM_OK || !s3iam_verdict_allowed(verdict);
        s3iam_verdict_free(verdict);

        s3iam_identity *identity = NULL;
        *wrong += s3iam_verifier_verify(verifier, &get, &identity, NULL) != S3IAM_OK;
        *wrong += s3iam_identity_anonymous(identity) || !signs(&get, identity);
        s3iam_identity_free(identity);

        s3iam_http_request put = put_request(headers);
        verdict = NULL;
        *wrong += s3iam_authorize(iam, &put, &verdict) != S3IAM_OK || s3iam_verdict_allowed(verdict);
        s3iam_verdict_free(verdict);

        s3iam_query query = {.size = sizeof query, .action = S3IAM_STR("s3:GetObject")};
        query.resource = S3IAM_STR("photos/cat.jpg");
        s3iam_decision decision = {.outcome = S3IAM_OUTCOME_EXPLICIT_DENY};
        *wrong += s3iam_policy_decide(policy, &query, &decision) != S3IAM_OK;
        *wrong += decision.outcome != S3IAM_OUTCOME_ALLOW;
    }
    return NULL;
}

static void change(int round)
{
    s3iam_key key = {.size = sizeof key, .secret_key = S3IAM_STR("a secret of somebody else")};
    char name[32];
    snprintf(name, sizeof name, "KEY%d", round);
    key.access_key = s3iam_text_of(name);
    CHECK_STATUS(s3iam_verifier_add_key(verifier, &key, NULL), S3IAM_OK);
    /* Every other one is removed again, while the others ask. */
    CHECK(round % 2 == 0 || s3iam_verifier_remove_key(verifier, key.access_key, NULL, NULL) == S3IAM_OK);
    CHECK_STATUS(s3iam_iam_replace(iam, S3IAM_STR(DIRECTORY), NULL), S3IAM_OK);
}

int main(void)
{
    s3iam_options options = {.size = sizeof options, .region = S3IAM_STR("us-east-1")};
    s3iam_key key = {.size = sizeof key, .access_key = S3IAM_STR(KEY_ID), .secret_key = S3IAM_STR(SECRET)};
    s3iam_text text = S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                                "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::photos/*\"}]}");
    CHECK_STATUS(s3iam_iam_load(S3IAM_STR(DIRECTORY), &options, &iam, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_verifier_new(&options, &verifier, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_verifier_add_key(verifier, &key, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_policy_parse(text, NULL, &policy, NULL), S3IAM_OK);
    s3iam_signer_options signer_options = {.size = sizeof signer_options};
    signer_options.access_key = key.access_key;
    signer_options.secret_key = key.secret_key;
    CHECK_STATUS(s3iam_signer_new(&signer_options, &signer, NULL), S3IAM_OK);

    pthread_t threads[THREADS];
    int wrong[THREADS] = {0};
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, ask, &wrong[i]) == 0);
    }
    for (int round = 0; round < ROUNDS / 5; round++) {
        change(round);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        CHECK(wrong[i] == 0);
    }
    s3iam_iam_free(iam);
    s3iam_verifier_free(verifier);
    s3iam_policy_free(policy);
    s3iam_signer_free(signer);
    return check_result();
}
