// s3iam for C++17: the C library with owners, views and exceptions.
//
// Every function that can fail comes twice: `parse` throws s3iam::Error, `try_parse` returns a
// Result. Without exceptions (-fno-exceptions) only the second exists. Handles are move-only, free
// themselves, and may be used by any number of threads at once. Views that an object returns are
// valid as long as the object.
#ifndef S3IAM_HPP
#define S3IAM_HPP

#include "s3iam.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define S3IAM_EXCEPTIONS 1
#else
#define S3IAM_EXCEPTIONS 0
#endif

namespace s3iam {

class Error;
template <typename T>
class Result;

namespace detail {

inline s3iam_text text(std::string_view view) noexcept { return {view.data(), view.size()}; }

inline std::string_view view(s3iam_text text) noexcept { return {text.data, text.len}; }

inline std::string string(s3iam_text text) { return {text.data, text.len}; }

template <typename T, void (*Free)(T *)>
struct Deleter {
    void operator()(T *handle) const noexcept { Free(handle); }
};

/// A handle of the C library with its owner.
template <typename T, void (*Free)(T *)>
using Handle = std::unique_ptr<T, Deleter<T, Free>>;

inline std::string take(s3iam_string *owned) {
    Handle<s3iam_string, s3iam_string_free> owner(owned);
    return string(s3iam_string_text(owned));
}

/// Options as C takes them, alive for one call.
template <typename T>
T sized() noexcept {
    T value{};
    value.size = sizeof(T);
    return value;
}

}  // namespace detail

/// The version of the library that is loaded.
inline std::string_view version() noexcept { return s3iam_version(); }

/// Something found about a policy document.
struct Finding {
    std::string code;
    std::string name;
    std::string message;
    std::string help;
    std::string pointer;
    s3iam_severity severity;
    s3iam_stage stage;
    s3iam_position start;
    s3iam_position end;
};

/// The findings about a policy document, and how far it can be used.
struct Findings {
    s3iam_document_status status = S3IAM_DOCUMENT_UNREADABLE;
    std::vector<Finding> list;

    static Findings copy(const s3iam_findings *findings) {
        Findings copy;
        copy.status = s3iam_findings_status(findings);
        for (std::size_t i = 0; i < s3iam_findings_len(findings); ++i) {
            s3iam_finding found;
            if (s3iam_findings_get(findings, i, &found) != S3IAM_OK) break;
            copy.list.push_back({detail::string(found.code), detail::string(found.name),
                                 detail::string(found.message), detail::string(found.help),
                                 detail::string(found.pointer), found.severity, found.stage,
                                 found.start, found.end});
        }
        return copy;
    }
};

/// A failed call: its status, what is wrong, and what an S3 client is told.
class Error : public std::exception {
public:
    explicit Error(s3iam_status status, s3iam_error *detail = nullptr) : status_(status) {
        detail::Handle<s3iam_error, s3iam_error_free> owner(detail);
        message_ = detail::string(s3iam_error_message(detail));
        s3_code_ = detail::string(s3iam_error_s3_code(detail));
        http_status_ = s3iam_error_http_status(detail);
        if (const s3iam_findings *found = s3iam_error_findings(detail)) findings_ = Findings::copy(found);
        what_ = std::string(name()) + (message_.empty() ? "" : ": " + message_);
    }

    /// The status, for example S3IAM_ERROR_WRONG_REGION.
    s3iam_status code() const noexcept { return status_; }
    /// Its stable name, the same in every language, for example `wrong-region`.
    std::string_view name() const noexcept {
        return detail::view(s3iam_status_name(static_cast<std::uint32_t>(status_)));
    }
    /// What is wrong, where, and what to do.
    const std::string &message() const noexcept { return message_; }
    /// The `Code` of the S3 error body.
    const std::string &s3_code() const noexcept { return s3_code_; }
    /// The HTTP status to answer with.
    int http_status() const noexcept { return http_status_; }
    /// Everything found about a refused policy.
    const std::vector<Finding> &findings() const noexcept { return findings_.list; }
    /// Name and message.
    const char *what() const noexcept override { return what_.c_str(); }

private:
    s3iam_status status_;
    std::string message_;
    std::string s3_code_;
    int http_status_ = 500;
    Findings findings_;
    std::string what_;
};

/// What a call that can fail returns: a value or an Error.
template <typename T>
class Result {
public:
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    /// Whether there is a value.
    explicit operator bool() const noexcept { return std::holds_alternative<T>(state_); }
    /// The value; only if there is one.
    T &operator*() & noexcept { return *std::get_if<T>(&state_); }
    T &&operator*() && noexcept { return std::move(*std::get_if<T>(&state_)); }
    T *operator->() noexcept { return std::get_if<T>(&state_); }
    /// The error; only if there is no value.
    const Error &error() const noexcept { return *std::get_if<Error>(&state_); }

#if S3IAM_EXCEPTIONS
    /// The value; throws the Error if there is none.
    T value() && {
        if (!*this) throw error();
        return std::move(**this);
    }
#endif

private:
    std::variant<T, Error> state_;
};

/// A name and a value: a header line, a condition value, the tag of an object.
struct Pair : s3iam_pair {
    Pair(std::string_view its_name, std::string_view its_value) noexcept
        : s3iam_pair{detail::text(its_name), detail::text(its_value)} {}
};
static_assert(sizeof(Pair) == sizeof(s3iam_pair), "a list of Pair is a list of s3iam_pair");

/// A text in a list.
struct Text : s3iam_text {
    Text(std::string_view view) noexcept : s3iam_text(detail::text(view)) {}
    Text(const char *string) noexcept : Text(std::string_view(string)) {}
};
static_assert(sizeof(Text) == sizeof(s3iam_text), "a list of Text is a list of s3iam_text");

/// How a policy is read; see s3iam_policy_options.
struct PolicyOptions {
    s3iam_dialect dialect = S3IAM_DIALECT_MINIO;
    s3iam_kind kind = S3IAM_KIND_IDENTITY;
    std::string_view bucket;
    bool lenient = false;
    std::size_t max_bytes = 0;
    std::size_t max_depth = 0;

    s3iam_policy_options c() const noexcept {
        auto options = detail::sized<s3iam_policy_options>();
        options.dialect = dialect;
        options.kind = kind;
        options.bucket = detail::text(bucket);
        options.lenient = lenient;
        options.max_bytes = max_bytes;
        options.max_depth = max_depth;
        return options;
    }
};

/// How signatures are verified and where buckets are looked for; see s3iam_options.
struct Options {
    s3iam_error_profile error_profile = S3IAM_ERROR_PROFILE_AWS;
    std::chrono::seconds max_skew{0};
    std::string_view region;
    std::vector<Text> services;
    std::vector<Text> domains;
    std::size_t cached_keys = 0;
    bool allow_missing_content_sha256 = false;
    bool allow_unsigned_amz_headers = false;
    bool allow_scope_date_mismatch = false;
    bool allow_expires_zero = false;

    s3iam_options c() const noexcept {
        auto options = detail::sized<s3iam_options>();
        options.error_profile = error_profile;
        options.max_skew_seconds = static_cast<std::uint32_t>(max_skew.count());
        options.region = detail::text(region);
        options.services = services.data();
        options.services_len = services.size();
        options.domains = domains.data();
        options.domains_len = domains.size();
        options.cached_keys = cached_keys;
        options.allow_missing_content_sha256 = allow_missing_content_sha256;
        options.allow_unsigned_amz_headers = allow_unsigned_amz_headers;
        options.allow_scope_date_mismatch = allow_scope_date_mismatch;
        options.allow_expires_zero = allow_expires_zero;
        return options;
    }
};

/// A question to a policy; see s3iam_query.
struct Query {
    std::string_view action;
    std::string_view resource;
    std::string_view bucket;
    std::string_view object;
    std::string_view account;
    std::vector<Pair> context;
    bool is_owner = false;
    bool deny_only = false;

    s3iam_query c() const noexcept {
        auto query = detail::sized<s3iam_query>();
        query.action = detail::text(action);
        query.resource = detail::text(resource);
        query.bucket = detail::text(bucket);
        query.object = detail::text(object);
        query.account = detail::text(account);
        query.context = context.data();
        query.context_len = context.size();
        query.is_owner = is_owner;
        query.deny_only = deny_only;
        return query;
    }
};

/// A caller; see s3iam_account_options.
struct AccountOptions {
    s3iam_credential credential = S3IAM_CREDENTIAL_ANONYMOUS;
    bool parent_is_root = false;
    std::optional<std::string_view> session_policy;

    s3iam_account_options c() const noexcept {
        auto options = detail::sized<s3iam_account_options>();
        options.credential = credential;
        options.parent_is_root = parent_is_root;
        if (session_policy) {
            options.has_session_policy = true;
            options.session_policy = detail::text(*session_policy);
        }
        return options;
    }
};

/// A question about a whole API call; see s3iam_operation_query.
struct OperationQuery {
    std::string_view operation;
    std::string_view bucket;
    std::string_view object;
    std::string_view version_id;
    std::string_view source_bucket;
    std::string_view source_object;
    std::string_view source_version_id;
    std::string_view account;
    std::vector<Text> buckets;
    std::vector<Pair> context;
    bool retention = false;
    bool legal_hold = false;
    bool bypass_governance = false;
    bool replica = false;
    bool object_lock = false;
    bool force_delete = false;

    s3iam_operation_query c() const noexcept {
        auto query = detail::sized<s3iam_operation_query>();
        query.operation = detail::text(operation);
        query.bucket = detail::text(bucket);
        query.object = detail::text(object);
        query.version_id = detail::text(version_id);
        query.source_bucket = detail::text(source_bucket);
        query.source_object = detail::text(source_object);
        query.source_version_id = detail::text(source_version_id);
        query.account = detail::text(account);
        query.buckets = buckets.data();
        query.buckets_len = buckets.size();
        query.context = context.data();
        query.context_len = context.size();
        query.retention = retention;
        query.legal_hold = legal_hold;
        query.bypass_governance = bypass_governance;
        query.replica = replica;
        query.object_lock = object_lock;
        query.force_delete = force_delete;
        return query;
    }
};

/// A raw HTTP request, exactly as it stood on the wire; see s3iam_http_request.
struct HttpRequest {
    std::string_view method;
    std::string_view target;
    std::vector<Pair> headers;
    std::chrono::system_clock::time_point now;
    std::string_view peer;
    bool secure = false;
    std::optional<std::string_view> body;
    std::optional<std::vector<Pair>> object_tags;

    s3iam_http_request c() const noexcept {
        auto request = detail::sized<s3iam_http_request>();
        request.method = detail::text(method);
        request.target = detail::text(target);
        request.headers = headers.data();
        request.headers_len = headers.size();
        request.now_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
        request.peer = detail::text(peer);
        request.secure = secure;
        if (body) {
            request.has_body = true;
            request.body = detail::text(*body);
        }
        if (object_tags) {
            request.has_object_tags = true;
            request.object_tags = object_tags->data();
            request.object_tags_len = object_tags->size();
        }
        return request;
    }
};

/// Everything found about a policy document.
inline Result<Findings> try_validate(std::string_view policy, const PolicyOptions &options = {}) {
    const s3iam_policy_options c = options.c();
    s3iam_findings *findings = nullptr;
    const s3iam_status status = s3iam_validate(detail::text(policy), &c, &findings);
    if (status != S3IAM_OK) return Error(status);
    detail::Handle<s3iam_findings, s3iam_findings_free> owner(findings);
    return Findings::copy(findings);
}

/// A decision: whether, and why.
struct Decision : s3iam_decision {
    /// Whether it is allowed.
    bool allowed() const noexcept { return outcome == S3IAM_OUTCOME_ALLOW; }
};

/// A policy, read and compiled.
class Policy {
public:
    /// Reads and compiles a policy document.
    static Result<Policy> try_parse(std::string_view policy, const PolicyOptions &options = {}) {
        const s3iam_policy_options c = options.c();
        s3iam_policy *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_policy_parse(detail::text(policy), &c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Policy(out);
    }

    /// A policy that every directory has, for example `readonly`.
    static Result<Policy> try_built_in(std::string_view name) {
        s3iam_policy *out = nullptr;
        const s3iam_status status = s3iam_policy_built_in(detail::text(name), &out);
        if (status != S3IAM_OK) return Error(status);
        return Policy(out);
    }

    /// The answer to a question.
    Result<Decision> try_decide(const Query &query) const {
        const s3iam_query c = query.c();
        Decision decision{};
        const s3iam_status status = s3iam_policy_decide(handle_.get(), &c, &decision);
        if (status != S3IAM_OK) return Error(status);
        return decision;
    }

    /// The `Sid` of a statement; empty if it has none.
    std::string_view sid(std::uint32_t statement) const & noexcept {
        return detail::view(s3iam_policy_sid(handle_.get(), statement));
    }
    std::string_view sid(std::uint32_t statement) const && = delete;

#if S3IAM_EXCEPTIONS
    static Policy parse(std::string_view policy, const PolicyOptions &options = {}) {
        return try_parse(policy, options).value();
    }
    static Policy built_in(std::string_view name) { return try_built_in(name).value(); }
    Decision decide(const Query &query) const { return try_decide(query).value(); }
#endif

    /// The handle; this object keeps owning it.
    const s3iam_policy *get() const noexcept { return handle_.get(); }

private:
    explicit Policy(s3iam_policy *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_policy, s3iam_policy_free> handle_;
};

/// Several policies that decide together.
class PolicySet {
public:
    /// Compiles the union of policies; nothing of them is kept.
    static Result<PolicySet> try_of(const std::vector<const Policy *> &policies) {
        std::vector<const s3iam_policy *> handles;
        for (const Policy *policy : policies) handles.push_back(policy == nullptr ? nullptr : policy->get());
        s3iam_policy_set *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_policy_set_new(handles.data(), handles.size(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return PolicySet(out);
    }

    /// The answer to a question: any Deny wins, else any Allow.
    Result<Decision> try_decide(const Query &query) const {
        const s3iam_query c = query.c();
        Decision decision{};
        const s3iam_status status = s3iam_policy_set_decide(handle_.get(), &c, &decision);
        if (status != S3IAM_OK) return Error(status);
        return decision;
    }

#if S3IAM_EXCEPTIONS
    static PolicySet of(const std::vector<const Policy *> &policies) { return try_of(policies).value(); }
    Decision decide(const Query &query) const { return try_decide(query).value(); }
#endif

private:
    explicit PolicySet(s3iam_policy_set *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_policy_set, s3iam_policy_set_free> handle_;
};

/// What an account answers: whether, why, and who decided.
struct AccountDecision : s3iam_account_decision {
    /// Whether it is allowed.
    bool allowed() const noexcept { return decision.outcome == S3IAM_OUTCOME_ALLOW; }
};

/// A caller and all its policies, decided as MinIO does.
class Account {
public:
    /// A caller with the policies of the user, or of the parent, and of its groups; nothing of them is kept.
    static Result<Account> try_of(const AccountOptions &options, const std::vector<const Policy *> &policies = {}) {
        const s3iam_account_options c = options.c();
        std::vector<const s3iam_policy *> handles;
        for (const Policy *policy : policies) handles.push_back(policy == nullptr ? nullptr : policy->get());
        s3iam_account *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_account_new(&c, handles.data(), handles.size(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Account(out);
    }

    /// The answer to a question about one action; the bucket policy matters for anonymous callers alone.
    Result<AccountDecision> try_decide(const Query &query, const Policy *bucket_policy = nullptr) const {
        const s3iam_query c = query.c();
        AccountDecision decision{};
        const s3iam_status status = s3iam_account_decide(handle_.get(), &c, handle(bucket_policy), &decision);
        if (status != S3IAM_OK) return Error(status);
        return decision;
    }

    /// The answer to a question about a whole API call.
    Result<AccountDecision> try_decide_operation(const OperationQuery &query,
                                                 const Policy *bucket_policy = nullptr) const {
        const s3iam_operation_query c = query.c();
        AccountDecision decision{};
        const s3iam_status status =
            s3iam_account_decide_operation(handle_.get(), &c, handle(bucket_policy), &decision);
        if (status != S3IAM_OK) return Error(status);
        return decision;
    }

    /// The `Sid` of the statement that a decision names, unless a bucket policy decided.
    std::string_view sid(const AccountDecision &decision) const & noexcept {
        if (!decision.decision.has_statement) return {};
        return detail::view(s3iam_account_sid(handle_.get(), decision.layer, decision.decision.policy,
                                              decision.decision.statement));
    }
    std::string_view sid(const AccountDecision &decision) const && = delete;

#if S3IAM_EXCEPTIONS
    static Account of(const AccountOptions &options, const std::vector<const Policy *> &policies = {}) {
        return try_of(options, policies).value();
    }
    AccountDecision decide(const Query &query, const Policy *bucket_policy = nullptr) const {
        return try_decide(query, bucket_policy).value();
    }
    AccountDecision decide_operation(const OperationQuery &query, const Policy *bucket_policy = nullptr) const {
        return try_decide_operation(query, bucket_policy).value();
    }
#endif

private:
    explicit Account(s3iam_account *handle) noexcept : handle_(handle) {}
    static const s3iam_policy *handle(const Policy *policy) noexcept {
        return policy == nullptr ? nullptr : policy->get();
    }
    detail::Handle<s3iam_account, s3iam_account_free> handle_;
};

/// Who signed a request.
class Identity {
public:
    /// Whether nobody did.
    bool anonymous() const noexcept { return s3iam_identity_anonymous(handle_.get()); }
    /// The access key that signed.
    std::string_view access_key() const & noexcept {
        return detail::view(s3iam_identity_access_key(handle_.get()));
    }
    std::string_view access_key() const && = delete;
    /// How the request was authenticated.
    s3iam_form form() const noexcept { return s3iam_identity_form(handle_.get()); }
    /// Whether the credentials are temporary.
    bool temporary() const noexcept { return s3iam_identity_temporary(handle_.get()); }
    /// The SHA-256 that the body must have, if the signature covers it.
    std::optional<std::array<std::uint8_t, 32>> payload_sha256() const noexcept {
        std::uint8_t hash[32];
        if (!s3iam_identity_payload_sha256(handle_.get(), &hash)) return std::nullopt;
        std::array<std::uint8_t, 32> copy;
        for (std::size_t i = 0; i < copy.size(); ++i) copy[i] = hash[i];
        return copy;
    }

private:
    friend class Verifier;
    explicit Identity(s3iam_identity *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_identity, s3iam_identity_free> handle_;
};

/// An access key to add to a verifier.
struct Key {
    std::string_view access_key;
    std::string_view secret_key;
    std::optional<std::string_view> session_token;
    std::optional<std::chrono::system_clock::time_point> expires;
    bool disabled = false;
};

/// Verifies signatures with keys of its own.
class Verifier {
public:
    static Result<Verifier> try_create(const Options &options = {}) {
        const s3iam_options c = options.c();
        s3iam_verifier *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verifier_new(&c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Verifier(out);
    }

    /// Adds an access key, or replaces the one of that name; the Error if that failed.
    std::optional<Error> try_add_key(const Key &key) {
        auto c = detail::sized<s3iam_key>();
        c.access_key = detail::text(key.access_key);
        c.secret_key = detail::text(key.secret_key);
        c.disabled = key.disabled;
        if (key.session_token) {
            c.has_session_token = true;
            c.session_token = detail::text(*key.session_token);
        }
        if (key.expires) {
            c.has_expiry = true;
            c.expires_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                               key.expires->time_since_epoch()).count();
        }
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verifier_add_key(handle_.get(), &c, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return std::nullopt;
    }

    /// Who signed a request; an anonymous identity if nobody did.
    Result<Identity> try_verify(const HttpRequest &request) const {
        const s3iam_http_request c = request.c();
        s3iam_identity *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verifier_verify(handle_.get(), &c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Identity(out);
    }

#if S3IAM_EXCEPTIONS
    explicit Verifier(const Options &options = {}) : Verifier(try_create(options).value()) {}
    void add_key(const Key &key) {
        if (auto error = try_add_key(key)) throw *error;
    }
    Identity verify(const HttpRequest &request) const { return try_verify(request).value(); }
#endif

private:
    explicit Verifier(s3iam_verifier *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_verifier, s3iam_verifier_free> handle_;
};

/// The answer to a request.
class Verdict {
public:
    /// The answer for one key of a DeleteObjects request.
    struct KeyVerdict {
        std::string_view key;
        std::string_view version_id;
        bool allowed;
    };

    /// Whether the request may proceed.
    bool allowed() const noexcept { return s3iam_verdict_allowed(handle_.get()); }
    /// The HTTP status to answer with.
    int http_status() const noexcept { return s3iam_verdict_http_status(handle_.get()); }
    /// Why it was refused; S3IAM_OK if it was not.
    s3iam_status error_code() const noexcept { return s3iam_verdict_error_code(handle_.get()); }
    /// The `Code` of the S3 error body.
    std::string_view s3_code() const & noexcept { return detail::view(s3iam_verdict_s3_code(handle_.get())); }
    /// Why it was refused, for people.
    std::string_view message() const & noexcept { return detail::view(s3iam_verdict_message(handle_.get())); }
    /// The user; empty for an anonymous or unverified request.
    std::string_view user() const & noexcept { return detail::view(s3iam_verdict_user(handle_.get())); }
    /// The access key that signed.
    std::string_view access_key() const & noexcept {
        return detail::view(s3iam_verdict_access_key(handle_.get()));
    }
    /// The operation, for example `GetObject`.
    std::string_view operation() const & noexcept {
        return detail::view(s3iam_verdict_operation(handle_.get()));
    }
    /// The bucket.
    std::string_view bucket() const & noexcept { return detail::view(s3iam_verdict_bucket(handle_.get())); }
    /// The object key, decoded.
    std::string_view key() const & noexcept { return detail::view(s3iam_verdict_key(handle_.get())); }
    /// The policy whose statement decided.
    std::string_view policy() const & noexcept { return detail::view(s3iam_verdict_policy(handle_.get())); }
    /// The `Sid` of the statement that decided.
    std::string_view sid() const & noexcept { return detail::view(s3iam_verdict_sid(handle_.get())); }

    // A view of a verdict that is about to die would dangle.
    std::string_view s3_code() const && = delete;
    std::string_view message() const && = delete;
    std::string_view user() const && = delete;
    std::string_view access_key() const && = delete;
    std::string_view operation() const && = delete;
    std::string_view bucket() const && = delete;
    std::string_view key() const && = delete;
    std::string_view policy() const && = delete;
    std::string_view sid() const && = delete;

    /// The decision of the policies, if it came to one.
    std::optional<Decision> decision() const noexcept {
        Decision decision{};
        if (!s3iam_verdict_decision(handle_.get(), &decision)) return std::nullopt;
        return decision;
    }
    /// The S3 error body to answer with; empty if allowed.
    std::string error_xml(std::string_view request_id) const {
        s3iam_string *out = nullptr;
        s3iam_verdict_error_xml(handle_.get(), detail::text(request_id), &out);
        return detail::take(out);
    }
    /// The whole verdict as one JSON object.
    std::string json(std::string_view request_id) const {
        s3iam_string *out = nullptr;
        s3iam_verdict_json(handle_.get(), detail::text(request_id), &out);
        return detail::take(out);
    }
    /// The keys of a DeleteObjects request.
    std::vector<KeyVerdict> keys() const & {
        std::vector<KeyVerdict> keys;
        for (std::size_t i = 0; i < s3iam_verdict_keys_len(handle_.get()); ++i) {
            s3iam_key_verdict key;
            if (s3iam_verdict_keys_get(handle_.get(), i, &key) != S3IAM_OK) break;
            keys.push_back({detail::view(key.key), detail::view(key.version_id),
                            key.outcome == S3IAM_OUTCOME_ALLOW});
        }
        return keys;
    }
    std::vector<KeyVerdict> keys() const && = delete;

private:
    friend class Iam;
    explicit Verdict(s3iam_verdict *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_verdict, s3iam_verdict_free> handle_;
};

/// Something wrong with one record of a directory.
struct Problem {
    std::string pointer;
    std::string message;
};

/// A directory of identities, and requests authorized against it.
class Iam {
public:
    /// Reads a directory document.
    static Result<Iam> try_load(std::string_view directory, const Options &options = {}) {
        const s3iam_options c = options.c();
        s3iam_iam *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_iam_load(detail::text(directory), &c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Iam(out);
    }

    /// Replaces the directory; the Error if that failed, and then the old one stays.
    std::optional<Error> try_replace(std::string_view directory) {
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_iam_replace(handle_.get(), detail::text(directory), &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return std::nullopt;
    }

    /// What is wrong with single records of the directory.
    std::vector<Problem> problems() const {
        s3iam_problems *out = nullptr;
        s3iam_iam_problems(handle_.get(), &out);
        detail::Handle<s3iam_problems, s3iam_problems_free> owner(out);
        std::vector<Problem> problems;
        for (std::size_t i = 0; i < s3iam_problems_len(out); ++i) {
            s3iam_problem problem;
            if (s3iam_problems_get(out, i, &problem) != S3IAM_OK) break;
            problems.push_back({detail::string(problem.pointer), detail::string(problem.message)});
        }
        return problems;
    }

    /// Authorizes a raw request. A refused one is no error: the verdict says so.
    Result<Verdict> try_authorize(const HttpRequest &request) const {
        const s3iam_http_request c = request.c();
        s3iam_verdict *out = nullptr;
        const s3iam_status status = s3iam_authorize(handle_.get(), &c, &out);
        if (status != S3IAM_OK) return Error(status);
        return Verdict(out);
    }

    /// Authorizes a packed request.
    Result<Verdict> try_authorize_packed(const std::uint8_t *packed, std::size_t len) const {
        s3iam_verdict *out = nullptr;
        const s3iam_status status = s3iam_authorize_packed(handle_.get(), packed, len, &out);
        if (status != S3IAM_OK) return Error(status);
        return Verdict(out);
    }

#if S3IAM_EXCEPTIONS
    static Iam load(std::string_view directory, const Options &options = {}) {
        return try_load(directory, options).value();
    }
    void replace(std::string_view directory) {
        if (auto error = try_replace(directory)) throw *error;
    }
    Verdict authorize(const HttpRequest &request) const { return try_authorize(request).value(); }
    Verdict authorize_packed(const std::uint8_t *packed, std::size_t len) const {
        return try_authorize_packed(packed, len).value();
    }
#endif

private:
    explicit Iam(s3iam_iam *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_iam, s3iam_iam_free> handle_;
};

#if S3IAM_EXCEPTIONS
/// Everything found about a policy document.
inline Findings validate(std::string_view policy, const PolicyOptions &options = {}) {
    return try_validate(policy, options).value();
}
#endif

}  // namespace s3iam

#endif  // S3IAM_HPP
