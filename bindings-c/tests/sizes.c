/* Structs that start with their size: older ones are taken, newer and unset ones are refused. */
#include "check.h"
#include "requests.h"

static s3iam_text policy_text(void)
{
    return S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                     "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::photos/*\", "
                     "\"Conditions\": {}}]}");
}

static s3iam_status parse_with_size(size_t size)
{
    s3iam_policy_options options = {.size = size, .lenient = true};
    s3iam_policy *policy = NULL;
    s3iam_status status = s3iam_policy_parse(policy_text(), &options, &policy, NULL);
    CHECK((policy != NULL) == (status == S3IAM_OK));
    s3iam_policy_free(policy);
    return status;
}

static void an_older_struct_lacks_the_newer_members(void)
{
    CHECK_STATUS(parse_with_size(sizeof(s3iam_policy_options)), S3IAM_OK);
    /* Without the member `lenient` the policy is read strictly. */
    CHECK_STATUS(parse_with_size(offsetof(s3iam_policy_options, lenient)), S3IAM_ERROR_POLICY_INVALID);
    CHECK_STATUS(parse_with_size(sizeof(size_t)), S3IAM_ERROR_POLICY_INVALID);
}

/* The block is as long as it says, so that the sanitizers see a byte read too many. */
static void an_older_struct_is_not_read_past_its_end(void)
{
    size_t size = offsetof(s3iam_query, context);
    s3iam_query whole = {.size = size, .action = S3IAM_STR("s3:GetObject")};
    s3iam_query *older = malloc(size);
    s3iam_policy_options options = {.size = sizeof options, .lenient = true};
    s3iam_policy *policy = NULL;
    CHECK_STATUS(s3iam_policy_parse(policy_text(), &options, &policy, NULL), S3IAM_OK);
    CHECK(older != NULL);
    if (older != NULL) {
        whole.resource = S3IAM_STR("photos/cat.jpg");
        memcpy(older, &whole, size);
        s3iam_decision decision;
        CHECK_STATUS(s3iam_policy_decide(policy, older, &decision), S3IAM_OK);
        CHECK(decision.outcome == S3IAM_OUTCOME_ALLOW);
    }
    free(older);
    s3iam_policy_free(policy);
}

/* A query as it was before it had a principal. */
typedef struct {
    size_t size;
    s3iam_text action, resource, bucket, object, account;
    const s3iam_pair *context;
    size_t context_len;
    bool is_owner, deny_only;
} older_query;

/* The questions lie as close as their size says; the block ends with the last one. */
static void an_array_is_walked_by_the_size_of_its_structs(void)
{
    enum { LEN = 3 };
    const char *const resources[LEN] = {"photos/cat.jpg", "videos/cat.mp4", "photos/dog.jpg"};
    s3iam_policy_options options = {.size = sizeof options, .lenient = true};
    s3iam_policy *policy = NULL;
    s3iam_error *detail = NULL;
    older_query *queries = calloc(LEN, sizeof *queries);
    s3iam_decision decisions[LEN];
    CHECK(sizeof *queries == offsetof(s3iam_query, principal));
    CHECK_STATUS(s3iam_policy_parse(policy_text(), &options, &policy, NULL), S3IAM_OK);
    CHECK(queries != NULL);
    for (size_t i = 0; queries != NULL && i < LEN; i++) {
        queries[i].size = sizeof *queries;
        queries[i].action = S3IAM_STR("s3:GetObject");
        queries[i].resource = s3iam_text_of(resources[i]);
    }
    const s3iam_query *given = (const s3iam_query *)(const void *)queries;
    CHECK_STATUS(s3iam_policy_decide_many(policy, given, LEN, decisions, NULL), S3IAM_OK);
    for (size_t i = 0; i < LEN; i++) {
        CHECK((decisions[i].outcome == S3IAM_OUTCOME_ALLOW) == (i != 1));
    }
    if (queries != NULL) {
        queries[1].size = sizeof(size_t);
        CHECK_STATUS(s3iam_policy_decide_many(policy, given, LEN, decisions, &detail), S3IAM_ERROR_INVALID_ARGUMENT);
        CHECK(check_has(s3iam_error_message(detail), "query 1: "));
        s3iam_error_free(detail);
    }
    free(queries);
    s3iam_policy_free(policy);
}

static void a_size_that_cannot_be_is_refused(void)
{
    CHECK_STATUS(parse_with_size(0), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(parse_with_size(1), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(parse_with_size(sizeof(s3iam_policy_options) - 1), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(parse_with_size(sizeof(s3iam_policy_options) + sizeof(size_t)),
                 S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(parse_with_size(SIZE_MAX), S3IAM_ERROR_INVALID_ARGUMENT);
}

static void every_struct_is_checked(void)
{
    s3iam_options options = {.size = 0};
    s3iam_verifier *verifier = NULL;
    s3iam_error *detail = NULL;
    CHECK_STATUS(s3iam_verifier_new(&options, &verifier, &detail), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(check_has(s3iam_error_message(detail), "size"));
    s3iam_error_free(detail);
    CHECK_STATUS(s3iam_verifier_new(NULL, &verifier, NULL), S3IAM_OK);
    s3iam_key key = {.size = sizeof key + sizeof(size_t)};
    CHECK_STATUS(s3iam_verifier_add_key(verifier, &key, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_http_request request = {.size = 3};
    s3iam_identity *identity = NULL;
    CHECK_STATUS(s3iam_verifier_verify(verifier, &request, &identity, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_verifier_free(verifier);
    s3iam_layer_policies policies = {.size = 0};
    s3iam_layers *layers = NULL;
    CHECK_STATUS(s3iam_layers_new(&policies, &layers, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    policies.size = sizeof policies + sizeof(size_t);
    CHECK_STATUS(s3iam_layers_new(&policies, &layers, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
    policies.size = sizeof(size_t);
    CHECK_STATUS(s3iam_layers_new(&policies, &layers, NULL), S3IAM_OK);
    s3iam_layers_free(layers);
}

/* Those about forms and signing; the sizes are none, too small, and too large. */
static void every_struct_about_signing_is_checked(void)
{
    s3iam_signer_options signer_options = {.access_key = S3IAM_STR(KEY_ID), .secret_key = S3IAM_STR(SECRET)};
    s3iam_policy_draft draft = {.bucket = S3IAM_STR("b"), .key = S3IAM_STR("k"), .expires_ms = NOW_MS + 1};
    s3iam_pair key[] = {{S3IAM_STR("key"), S3IAM_STR("a")}};
    s3iam_pair headers[] = {{S3IAM_STR("Content-Type"), S3IAM_STR("multipart/form-data; boundary=b")}};
    s3iam_post_form form = {.fields = key, .fields_len = 1};
    s3iam_http_request request = request_of("POST", "/bucket", headers);
    s3iam_verifier *verifier = NULL;
    s3iam_signer *signer = NULL, *none = NULL;
    s3iam_pairs *fields = NULL;
    s3iam_identity *identity = NULL;
    s3iam_upload *upload = NULL;
    const s3iam_text bucket = S3IAM_STR("bucket");
    request.headers_len = 1;
    signer_options.size = sizeof signer_options;
    CHECK_STATUS(s3iam_verifier_new(NULL, &verifier, NULL), S3IAM_OK);
    CHECK_STATUS(s3iam_signer_new(&signer_options, &signer, NULL), S3IAM_OK);
    const size_t wrong[] = {0, 3, 64 * sizeof(size_t)};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        signer_options.size = draft.size = form.size = wrong[i];
        CHECK_STATUS(s3iam_signer_new(&signer_options, &none, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(s3iam_signer_post_policy(signer, &draft, NOW_MS, &fields, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(s3iam_verifier_verify_post(verifier, &request, bucket, &form, &identity, &upload, NULL),
                     S3IAM_ERROR_INVALID_ARGUMENT);
    }
    CHECK(none == NULL && fields == NULL && identity == NULL && upload == NULL);
    draft.size = offsetof(s3iam_policy_draft, key_is_prefix);
    CHECK_STATUS(s3iam_signer_post_policy(signer, &draft, NOW_MS, &fields, NULL), S3IAM_OK);
    form.size = offsetof(s3iam_post_form, file_name);
    CHECK_STATUS(s3iam_verifier_verify_post(verifier, &request, bucket, &form, &identity, &upload, NULL), S3IAM_OK);
    s3iam_pairs_free(fields);
    s3iam_identity_free(identity);
    s3iam_upload_free(upload);
    s3iam_signer_free(signer);
    s3iam_verifier_free(verifier);
}

static void an_enum_that_is_none_is_refused(void)
{
    s3iam_policy_options options = {.size = sizeof options, .dialect = 2};
    s3iam_findings *findings = NULL;
    CHECK_STATUS(s3iam_validate(policy_text(), &options, &findings), S3IAM_ERROR_INVALID_ARGUMENT);
    options.dialect = S3IAM_DIALECT_AWS;
    options.kind = S3IAM_KIND_ENDPOINT + 1;
    CHECK_STATUS(s3iam_validate(policy_text(), &options, &findings), S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam_options server = {.size = sizeof server, .error_profile = UINT32_MAX};
    s3iam_verifier *verifier = NULL;
    CHECK_STATUS(s3iam_verifier_new(&server, &verifier, NULL), S3IAM_ERROR_INVALID_ARGUMENT);
}

int main(void)
{
    an_older_struct_lacks_the_newer_members();
    an_older_struct_is_not_read_past_its_end();
    an_array_is_walked_by_the_size_of_its_structs();
    a_size_that_cannot_be_is_refused();
    every_struct_is_checked();
    every_struct_about_signing_is_checked();
    an_enum_that_is_none_is_refused();
    return check_result();
}
