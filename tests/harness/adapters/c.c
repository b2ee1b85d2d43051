/*
 * Does the case runner's jobs with the C library, as PROTOCOL.md in the folder above says.
 *
 * Plain C11. Lines come on standard input, answers go to standard output.
 */
#include <s3iam.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- Lines and fields ---- */

static char *line;
static size_t line_capacity;

/* The fields of the line, decoded in place, and the next one to be read. */
static s3iam_text *fields;
static size_t fields_capacity, fields_len, fields_next;

static void *grown(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void broken(const char *what)
{
    fprintf(stderr, "broken job: %s\n", what);
    exit(1);
}

/* Reads one line, without its line feed. */
static bool read_line(size_t *len)
{
    int byte;
    *len = 0;
    while ((byte = getchar()) != EOF && byte != '\n') {
        if (*len == line_capacity) {
            line_capacity = line_capacity == 0 ? 65536 : 2 * line_capacity;
            line = grown(line, line_capacity);
        }
        line[(*len)++] = (char)byte;
    }
    return byte != EOF || *len > 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t unescape(char *text, size_t len)
{
    size_t to = 0;
    for (size_t from = 0; from < len; to++) {
        if (text[from] != '\\') {
            text[to] = text[from++];
            continue;
        }
        if (len - from < 4 || text[from + 1] != 'x' || hex_digit(text[from + 2]) < 0 ||
            hex_digit(text[from + 3]) < 0) {
            broken("a backslash without xHH");
        }
        text[to] = (char)(hex_digit(text[from + 2]) * 16 + hex_digit(text[from + 3]));
        from += 4;
    }
    return to;
}

static void split_line(size_t len)
{
    size_t start = 0;
    fields_len = fields_next = 0;
    for (size_t end = 0; end <= len; end++) {
        if (end < len && line[end] != '\t') {
            continue;
        }
        if (fields_len == fields_capacity) {
            fields_capacity = fields_capacity == 0 ? 64 : 2 * fields_capacity;
            fields = grown(fields, fields_capacity * sizeof *fields);
        }
        fields[fields_len++] = (s3iam_text){line + start, unescape(line + start, end - start)};
        start = end + 1;
    }
}

static s3iam_text next(void)
{
    if (fields_next == fields_len) {
        broken("a field is missing");
    }
    return fields[fields_next++];
}

static bool is(s3iam_text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

static int64_t next_number(void)
{
    char digits[24] = "";
    s3iam_text text = next();
    if (text.len == 0 || text.len >= sizeof digits) {
        broken("not a number");
    }
    memcpy(digits, text.data, text.len);
    return strtoll(digits, NULL, 10);
}

static size_t next_count(void)
{
    int64_t count = next_number();
    if (count < 0 || (uint64_t)count > fields_len) {
        broken("an impossible count");
    }
    return (size_t)count;
}

static bool next_bool(void)
{
    return is(next(), "1");
}

/* An optional field; false if it is absent. */
static bool next_optional(s3iam_text *value)
{
    s3iam_text text = next();
    if (is(text, "-")) {
        return false;
    }
    if (text.len == 0 || text.data[0] != '=') {
        broken("an optional field that begins with neither - nor =");
    }
    *value = (s3iam_text){text.data + 1, text.len - 1};
    return true;
}

/* `count` pairs of fields; to be freed. */
static s3iam_pair *next_pairs(size_t count)
{
    s3iam_pair *pairs = grown(NULL, (count + 1) * sizeof *pairs);
    for (size_t i = 0; i < count; i++) {
        pairs[i].name = next();
        pairs[i].value = next();
    }
    return pairs;
}

/* The parts of a list that is joined by commas; to be freed. */
static s3iam_text *next_list(size_t *len)
{
    s3iam_text text = next();
    s3iam_text *list = grown(NULL, (text.len + 1) * sizeof *list);
    size_t start = 0;
    *len = 0;
    for (size_t end = 0; end <= text.len; end++) {
        if (end == text.len || text.data[end] == ',') {
            if (end > start) {
                list[(*len)++] = (s3iam_text){text.data + start, end - start};
            }
            start = end + 1;
        }
    }
    return list;
}

/* ---- Answers ---- */

static bool first_field;

static void put(s3iam_text text)
{
    if (!first_field) {
        putchar('\t');
    }
    first_field = false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte >= 0x20 && byte <= 0x7e && byte != '\\') {
            putchar(byte);
        } else {
            printf("\\x%02x", byte);
        }
    }
}

static void put_word(const char *word)
{
    put(s3iam_text_of(word));
}

static void put_number(int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    put_word(digits);
}

/* Answers a call that failed, and frees its details. */
static void put_failure(s3iam_status status, s3iam_error *detail)
{
    put_word("error");
    put(s3iam_status_name(status));
    put(s3iam_error_message(detail));
    s3iam_error_free(detail);
}

/* ---- Jobs ---- */

static s3iam_policy_options next_policy_options(void)
{
    s3iam_policy_options options = {.size = sizeof options};
    options.dialect = is(next(), "aws") ? S3IAM_DIALECT_AWS : S3IAM_DIALECT_MINIO;
    s3iam_text kind = next();
    options.kind = is(kind, "bucket")    ? S3IAM_KIND_BUCKET
                   : is(kind, "session") ? S3IAM_KIND_SESSION
                                         : S3IAM_KIND_IDENTITY;
    return options;
}

static uint32_t next_error_profile(void)
{
    return is(next(), "minio") ? S3IAM_ERROR_PROFILE_MINIO : S3IAM_ERROR_PROFILE_AWS;
}

static void validate(void)
{
    s3iam_policy_options options = next_policy_options();
    s3iam_findings *findings = NULL;
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

/* Asks the policies as a set. */
static void decide_with(s3iam_policy *const *policies, size_t count, const s3iam_query *query)
{
    s3iam_policy_set *set = NULL;
    s3iam_error *detail = NULL;
    s3iam_decision decision;
    s3iam_status status =
        s3iam_policy_set_new((const s3iam_policy *const *)policies, count, &set, &detail);
    if (status == S3IAM_OK) {
        status = s3iam_policy_set_decide(set, query, &decision);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        char statement[32] = "";
        if (decision.has_statement) {
            snprintf(statement, sizeof statement, "%" PRIu32 ":%" PRIu32, decision.policy,
                     decision.statement);
        }
        put(s3iam_outcome_name(decision.outcome));
        put(s3iam_reason_name(decision.reason));
        put_word(statement);
    }
    s3iam_policy_set_free(set);
}

static void decide(void)
{
    s3iam_policy_options options = next_policy_options();
    s3iam_query query = {.size = sizeof query};
    options.lenient = true;
    query.account = next();
    query.is_owner = next_bool();
    query.deny_only = next_bool();
    query.action = next();
    query.bucket = next();
    query.object = next();
    size_t count = next_count(), parsed = 0;
    s3iam_policy **policies = grown(NULL, (count + 1) * sizeof *policies);
    s3iam_error *detail = NULL;
    s3iam_status status = S3IAM_OK;
    for (size_t i = 0; i < count; i++) {
        s3iam_text text = next();
        if (status == S3IAM_OK) {
            status = s3iam_policy_parse(text, &options, &policies[parsed], &detail);
            parsed += status == S3IAM_OK;
        }
    }
    query.context_len = next_count();
    s3iam_pair *context = next_pairs(query.context_len);
    query.context = context;
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        decide_with(policies, count, &query);
    }
    while (parsed > 0) {
        s3iam_policy_free(policies[--parsed]);
    }
    free(policies);
    free(context);
}

static void put_payload(const s3iam_identity *identity)
{
    uint8_t hash[32];
    char text[65] = "unsigned";
    if (s3iam_identity_payload_sha256(identity, &hash)) {
        for (size_t i = 0; i < sizeof hash; i++) {
            snprintf(text + 2 * i, 3, "%02x", hash[i]);
        }
    }
    put_word(text);
}

/* Method, target, headers and body; the headers are to be freed. */
static s3iam_pair *next_http(s3iam_http_request *request)
{
    request->method = next();
    request->target = next();
    request->headers_len = next_count();
    s3iam_pair *headers = next_pairs(request->headers_len);
    request->headers = headers;
    request->has_body = next_optional(&request->body);
    return headers;
}

/* Adds the keys of the job to the verifier. */
static s3iam_status next_keys(s3iam_verifier *verifier, s3iam_error **detail)
{
    s3iam_status status = S3IAM_OK;
    for (size_t i = 0, count = next_count(); i < count; i++) {
        s3iam_key key = {.size = sizeof key};
        s3iam_text expires;
        key.access_key = next();
        key.secret_key = next();
        key.has_session_token = next_optional(&key.session_token);
        key.has_expiry = next_optional(&expires);
        if (key.has_expiry) {
            char digits[24] = "";
            memcpy(digits, expires.data, expires.len < 23 ? expires.len : 23);
            key.expires_ms = strtoll(digits, NULL, 10);
        }
        key.disabled = !next_bool();
        if (status == S3IAM_OK) {
            status = s3iam_verifier_add_key(verifier, &key, detail);
        }
    }
    return status;
}

static void put_verified(s3iam_status status, const s3iam_identity *identity, s3iam_error *detail)
{
    if (status != S3IAM_OK) {
        put_word("reject");
        put(s3iam_status_name(status));
        put(s3iam_error_s3_code(detail));
        put_number(s3iam_error_http_status(detail));
        s3iam_error_free(detail);
    } else if (s3iam_identity_anonymous(identity)) {
        put_word("anonymous");
    } else {
        put_word("accept");
        put(s3iam_identity_access_key(identity));
        put(s3iam_form_name(s3iam_identity_form(identity)));
        put_payload(identity);
    }
}

static void verify(void)
{
    s3iam_options options = {.size = sizeof options};
    s3iam_http_request request = {.size = sizeof request};
    s3iam_verifier *verifier = NULL;
    s3iam_identity *identity = NULL;
    s3iam_error *detail = NULL;
    options.error_profile = next_error_profile();
    options.region = next();
    s3iam_text *services = next_list(&options.services_len);
    options.services = services;
    options.max_skew_seconds = (uint32_t)next_number();
    options.allow_missing_content_sha256 = !next_bool();
    request.now_ms = next_number();
    s3iam_status status = s3iam_verifier_new(&options, &verifier, &detail);
    if (status == S3IAM_OK) {
        status = next_keys(verifier, &detail);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        s3iam_pair *headers = next_http(&request);
        status = s3iam_verifier_verify(verifier, &request, &identity, &detail);
        put_verified(status, identity, detail);
        free(headers);
    }
    s3iam_identity_free(identity);
    s3iam_verifier_free(verifier);
    free(services);
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
            decide();
        } else if (is(verb, "verify")) {
            verify();
        } else if (is(verb, "authorize")) {
            authorize();
        } else {
            broken("an unknown verb");
        }
        putchar('\n');
    }
    free(line);
    free(fields);
    return 0;
}
