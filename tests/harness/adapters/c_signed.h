/* Who signed: requests with their bodies, browser forms, and what is wrong with a signature. */
#ifndef C_SIGNED_H
#define C_SIGNED_H

#include "c_json.h"

/* ---- What a request is verified with ---- */

/* A verifier with its keys, and the request; what the request points to lies in the last two. */
typedef struct {
    s3iam_verifier *verifier;
    s3iam_http_request request;
    size_t piece;
    s3iam_pair *headers;
    s3iam_text *domains;
    size_t domains_len;
} verification;

static uint32_t next_error_profile(void)
{
    return is(next(), "minio") ? S3IAM_ERROR_PROFILE_MINIO : S3IAM_ERROR_PROFILE_AWS;
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

static int64_t number_of(s3iam_text text)
{
    char digits[24] = "";
    memcpy(digits, text.data, text.len < 23 ? text.len : 23);
    return strtoll(digits, NULL, 10);
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
        key.expires_ms = key.has_expiry ? number_of(expires) : 0;
        key.disabled = !next_bool();
        if (status == S3IAM_OK) {
            status = s3iam_verifier_add_key(verifier, &key, detail);
        }
    }
    return status;
}

static void next_verifier_flags(s3iam_options *options)
{
    size_t len;
    s3iam_text *flags = next_list(&len);
    for (size_t i = 0; i < len; i++) {
        options->allow_sigv2 |= is(flags[i], "allow_sigv2");
        options->refuse_sigv4a |= is(flags[i], "refuse_sigv4a");
        options->allow_unsigned_amz_headers |= is(flags[i], "unsigned_amz_headers");
        options->require_min_chunk |= is(flags[i], "min_chunk");
    }
    free(flags);
}

/* Reads a verification. If it fails that is answered. */
static bool next_verification(verification *with)
{
    s3iam_options options = {.size = sizeof options};
    s3iam_error *detail = NULL;
    *with = (verification){.request = {.size = sizeof with->request}};
    options.error_profile = next_error_profile();
    options.region = next();
    s3iam_text *services = next_list(&options.services_len);
    options.services = services;
    options.max_skew_seconds = (uint32_t)next_number();
    options.allow_missing_content_sha256 = !next_bool();
    next_verifier_flags(&options);
    options.max_chunk_bytes = (uint32_t)next_number();
    options.domains = with->domains = next_list(&with->domains_len);
    options.domains_len = with->domains_len;
    with->piece = (size_t)next_number();
    with->request.now_ms = next_number();
    s3iam_status status = s3iam_verifier_new(&options, &with->verifier, &detail);
    free(services);
    if (status == S3IAM_OK) {
        status = next_keys(with->verifier, &detail);
    }
    if (status != S3IAM_OK) {
        put_failure(status, detail);
        return false;
    }
    with->headers = next_http(&with->request);
    return true;
}

static void free_verification(verification *with)
{
    s3iam_verifier_free(with->verifier);
    free(with->headers);
    free(with->domains);
}

static void put_rejection(s3iam_status status, s3iam_error *detail)
{
    put_word("reject");
    put(s3iam_status_name(status));
    put(s3iam_error_s3_code(detail));
    put_number(s3iam_error_http_status(detail));
    s3iam_error_free(detail);
}

static bool is_header(s3iam_text name, const char *lower_case)
{
    if (name.len != strlen(lower_case)) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char letter = name.data[i];
        if ((letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter) != lower_case[i]) {
            return false;
        }
    }
    return true;
}

/* ---- Bodies ---- */

/* Whether the body is cut into chunks, which a reader puts together again. */
static bool is_chunked(const s3iam_http_request *request)
{
    static const char start[] = "STREAMING-";
    for (size_t i = 0; i < request->headers_len; i++) {
        s3iam_text value = request->headers[i].value;
        while (value.len > 0 && (value.data[0] == ' ' || value.data[0] == '\t')) {
            value.data++;
            value.len--;
        }
        if (is_header(request->headers[i].name, "x-amz-content-sha256") && value.len >= sizeof start - 1 &&
            memcmp(value.data, start, sizeof start - 1) == 0) {
            return true;
        }
    }
    return false;
}

/* Puts together in the field what a reader releases of a body, so many bytes at a time. */
static s3iam_status read_body(s3iam_body_reader *reader, s3iam_text body, size_t piece,
                              s3iam_body_summary *summary, s3iam_error **detail)
{
    const uint8_t *bytes = (const uint8_t *)body.data, *end = bytes + body.len;
    size_t most = piece == 0 ? body.len : piece;
    while (bytes < end) {
        const uint8_t *piece_end = (size_t)(end - bytes) < most ? end : bytes + most;
        while (bytes < piece_end) {
            size_t taken, released_len;
            const uint8_t *released;
            s3iam_status status = s3iam_body_push(reader, bytes, (size_t)(piece_end - bytes), &taken, &released,
                                                  &released_len, detail);
            if (status != S3IAM_OK) {
                return status;
            }
            field_add_text((s3iam_text){(const char *)released, released_len});
            bytes += taken;
        }
    }
    return s3iam_body_finish(reader, summary, detail);
}

/* The SHA-256 of the field. The library hashes nothing but what it signs, so a signer says it. */
static void put_hash_of_field(void)
{
    static const s3iam_pair host[] = {{{"host", 4}, {"h", 1}}};
    s3iam_signer_options options = {.size = sizeof options};
    s3iam_http_request request = {.size = sizeof request, .headers = host, .headers_len = 1, .has_body = true};
    s3iam_signer *signer = NULL;
    s3iam_pairs *headers = NULL;
    options.access_key = options.secret_key = S3IAM_STR("any");
    request.method = S3IAM_STR("PUT");
    request.target = S3IAM_STR("/");
    request.body = (s3iam_text){field, field_len};
    if (s3iam_signer_new(&options, &signer, NULL) != S3IAM_OK ||
        s3iam_signer_sign(signer, &request, S3IAM_SIGNED_BODY, NULL, &headers, NULL) != S3IAM_OK) {
        broken("a body that cannot be hashed");
    }
    put(s3iam_pairs_at(headers, 1).value);
    s3iam_pairs_free(headers);
    s3iam_signer_free(signer);
}

/* ---- Jobs ---- */

static void put_payload(const s3iam_identity *identity)
{
    uint8_t hash[32];
    char text[65];
    if (!s3iam_identity_payload_sha256(identity, &hash)) {
        put(s3iam_identity_payload(identity));
        return;
    }
    for (size_t i = 0; i < sizeof hash; i++) {
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    }
    put_word(text);
}

static void put_signer(const s3iam_identity *identity)
{
    bool anonymous = s3iam_identity_anonymous(identity);
    put(s3iam_identity_access_key(identity));
    put(anonymous ? S3IAM_STR("") : s3iam_form_name(s3iam_identity_form(identity)));
}

static void verify(void)
{
    verification with;
    if (!next_verification(&with)) {
        free_verification(&with);
        return;
    }
    s3iam_identity *identity = NULL;
    s3iam_body_reader *reader = NULL;
    s3iam_body_summary summary;
    s3iam_error *detail = NULL;
    s3iam_text body = with.request.body;
    bool has_body = with.request.has_body;
    if (is_chunked(&with.request)) {
        with.request.has_body = false;
        with.request.body = S3IAM_STR("");
    }
    field_len = 0;
    s3iam_status status = s3iam_verifier_verify(with.verifier, &with.request, &identity, &detail);
    bool anonymous = s3iam_identity_anonymous(identity);
    if (status == S3IAM_OK) {
        status = anonymous ? s3iam_verifier_anonymous_body(with.verifier, &with.request, &reader, &detail)
                           : s3iam_identity_body_reader(identity, &reader, &detail);
    }
    if (status == S3IAM_OK && has_body) {
        status = read_body(reader, body, with.piece, &summary, &detail);
    }
    if (status != S3IAM_OK) {
        put_rejection(status, detail);
    } else {
        put_word(anonymous ? "anonymous" : "accept");
        if (!anonymous) {
            put_signer(identity);
            put_payload(identity);
        }
        if (has_body) {
            put_number((int64_t)summary.decoded_length);
            put_hash_of_field();
        }
    }
    field_len = 0;
    s3iam_body_reader_free(reader);
    s3iam_identity_free(identity);
    free_verification(&with);
}

/* The bucket of a form's URL: the path, or the host below a domain. */
static s3iam_text bucket_of(const verification *with)
{
    const s3iam_http_request *request = &with->request;
    for (size_t i = 0; i < request->headers_len; i++) {
        s3iam_text host = request->headers[i].value;
        for (size_t d = 0; d < with->domains_len && is_header(request->headers[i].name, "host"); d++) {
            s3iam_text domain = with->domains[d];
            if (host.len > domain.len && host.data[host.len - domain.len - 1] == '.' &&
                memcmp(host.data + host.len - domain.len, domain.data, domain.len) == 0) {
                return (s3iam_text){host.data, host.len - domain.len - 1};
            }
        }
    }
    s3iam_text path = request->target;
    size_t start = path.len > 0 && path.data[0] == '/' ? 1 : 0, end = start;
    while (end < path.len && path.data[end] != '/' && path.data[end] != '?') {
        end++;
    }
    return (s3iam_text){path.data + start, end - start};
}

static void put_length(uint64_t length)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, length);
    put_word(digits);
}

static void put_upload(const s3iam_identity *identity, const s3iam_upload *upload)
{
    put_word(s3iam_identity_anonymous(identity) ? "anonymous" : "accept");
    put_signer(identity);
    put(s3iam_upload_key(upload));
    put_length(s3iam_upload_least_length(upload));
    put_length(s3iam_upload_greatest_length(upload));
    put_number(s3iam_upload_success_status(upload));
    put(s3iam_upload_success_redirect(upload));
    const s3iam_pairs *headers = s3iam_upload_headers(upload);
    for (size_t i = 0; i < s3iam_pairs_len(headers); i++) {
        s3iam_pair header = s3iam_pairs_at(headers, i);
        if (i > 0) {
            field_add('\n');
        }
        field_add_text(header.name);
        field_add(':');
        field_add_text(header.value);
    }
    put_field();
}

static void post(void)
{
    verification with;
    if (!next_verification(&with)) {
        free_verification(&with);
        return;
    }
    s3iam_post_form form = {.size = sizeof form};
    s3iam_identity *identity = NULL;
    s3iam_upload *upload = NULL;
    s3iam_error *detail = NULL;
    s3iam_text length;
    form.fields_len = next_count();
    s3iam_pair *form_fields = next_pairs(form.fields_len);
    form.fields = form_fields;
    form.has_file_name = next_optional(&form.file_name);
    form.has_file_length = next_optional(&length);
    form.file_length = form.has_file_length ? (uint64_t)number_of(length) : 0;
    s3iam_status status = s3iam_verifier_verify_post(with.verifier, &with.request, bucket_of(&with), &form,
                                                     &identity, &upload, &detail);
    if (status != S3IAM_OK) {
        put_rejection(status, detail);
    } else {
        put_upload(identity, upload);
    }
    s3iam_identity_free(identity);
    s3iam_upload_free(upload);
    free(form_fields);
    free_verification(&with);
}

/* A member of each entry of a list, joined by commas. */
static void put_each(const char *list, const char *name)
{
    for (const char *entry = json_first(list); entry != NULL; entry = json_next(entry)) {
        field_add_comma();
        field_add_json(json_member(entry, name));
    }
    put_field();
}

static void put_diagnosis(const char *diagnosis, s3iam_text safe_message)
{
    const char *outcome = json_member(diagnosis, "outcome"), *code = json_member(diagnosis, "code");
    const char *cause = json_member(diagnosis, "cause");
    if (json_is(outcome, "\"anonymous\"")) {
        put_word("anonymous");
    } else {
        put_word(json_is(outcome, "\"verifies\"") ? "accept" : "reject");
    }
    put_json(json_is(code, "null") ? NULL : code);
    put_json(json_is(cause, "null") ? NULL : json_member(cause, "code"));
    put_word(json_is(json_member(diagnosis, "certain"), "true") ? "1" : "0");
    put_each(json_member(diagnosis, "differences"), "element");
    put_each(json_member(diagnosis, "others"), "code");
    put(safe_message);
}

static void diagnose(void)
{
    verification with;
    if (!next_verification(&with)) {
        free_verification(&with);
        return;
    }
    s3iam_text canonical_request = S3IAM_STR(""), string_to_sign = S3IAM_STR("");
    s3iam_string *json = NULL, *safe_message = NULL;
    s3iam_error *detail = NULL;
    next_optional(&canonical_request);
    next_optional(&string_to_sign);
    s3iam_status status = s3iam_verifier_diagnose(with.verifier, &with.request, canonical_request, string_to_sign,
                                                  &json, &safe_message, &detail);
    if (status != S3IAM_OK) {
        put_failure(status, detail);
    } else {
        put_diagnosis(s3iam_string_text(json).data, s3iam_string_text(safe_message));
    }
    s3iam_string_free(json);
    s3iam_string_free(safe_message);
    free_verification(&with);
}

#endif
