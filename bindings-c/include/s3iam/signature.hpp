// Requests, and who signed them.
#ifndef S3IAM_SIGNATURE_HPP
#define S3IAM_SIGNATURE_HPP

#include "body.hpp"
#include "post.hpp"
#include "result.hpp"
#include "text.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace s3iam {

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
    bool allow_sigv2 = false;
    bool refuse_sigv4a = false;
    bool require_min_chunk = false;
    std::uint32_t max_chunk_bytes = 0;

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
        options.allow_sigv2 = allow_sigv2;
        options.refuse_sigv4a = refuse_sigv4a;
        options.require_min_chunk = require_min_chunk;
        options.max_chunk_bytes = max_chunk_bytes;
        return options;
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
        request.now_ms = detail::milliseconds(now);
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
    /// What the signature says of the body: `unsigned`, `sha256`, or a name that begins with `STREAMING-`.
    std::string_view payload() const noexcept {
        return detail::view(s3iam_identity_payload(handle_.get()));
    }
    /// A reader for the body, which is to be read through it unless the request was verified with it.
    Result<BodyReader> try_body_reader() const {
        s3iam_body_reader *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_identity_body_reader(handle_.get(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return BodyReader(out);
    }
    /// The SHA-256 that the body must have, if the signature covers it.
    std::optional<std::array<std::uint8_t, 32>> payload_sha256() const noexcept {
        std::uint8_t hash[32];
        if (!s3iam_identity_payload_sha256(handle_.get(), &hash)) return std::nullopt;
        std::array<std::uint8_t, 32> copy;
        for (std::size_t i = 0; i < copy.size(); ++i) copy[i] = hash[i];
        return copy;
    }

#if S3IAM_EXCEPTIONS
    BodyReader body_reader() const { return try_body_reader().value(); }
#endif

private:
    friend class Verifier;
    explicit Identity(s3iam_identity *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_identity, s3iam_identity_free> handle_;
};

/// A form upload that was verified: who signed it, and what it uploads.
struct VerifiedPost {
    Identity identity;
    Upload upload;
};

/// What the client says that it signed, from its debug log.
struct ClientSide {
    std::string_view canonical_request;
    std::string_view string_to_sign;
};

/// Why a signature is refused; see s3iam_verifier_diagnose.
struct Diagnosis {
    /// The whole of it as JSON text, for the operator alone.
    std::string json;
    /// What the client may be told.
    std::string safe_message;
};

namespace detail {

/// Asks a verifier or a directory, whose function is `ask`.
template <typename Ask, typename Asked>
Result<Diagnosis> diagnose(Ask ask, const Asked *asked, const HttpRequest &request, const ClientSide &client) {
    const s3iam_http_request c = request.c();
    s3iam_string *json = nullptr, *safe_message = nullptr;
    s3iam_error *detail = nullptr;
    const s3iam_status status =
        ask(asked, &c, text(client.canonical_request), text(client.string_to_sign), &json, &safe_message, &detail);
    if (status != S3IAM_OK) return Error(status, detail);
    return Diagnosis{take(json), take(safe_message)};
}

}  // namespace detail

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
            c.expires_ms = detail::milliseconds(*key.expires);
        }
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verifier_add_key(handle_.get(), &c, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return std::nullopt;
    }

    /// Removes an access key, and wipes its secret and the signing keys made from it. Whether there was one.
    Result<bool> try_remove_key(std::string_view access_key) {
        bool removed = false;
        s3iam_error *detail = nullptr;
        const s3iam_status status =
            s3iam_verifier_remove_key(handle_.get(), detail::text(access_key), &removed, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return removed;
    }

    /// Who signed a request; an anonymous identity if nobody did. A body that is not given with it is not looked
    /// at: it is to be read through Identity::body_reader or anonymous_body.
    Result<Identity> try_verify(const HttpRequest &request) const {
        const s3iam_http_request c = request.c();
        s3iam_identity *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verifier_verify(handle_.get(), &c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Identity(out);
    }

    /// A reader for the body of a request without any authentication.
    Result<BodyReader> try_anonymous_body(const HttpRequest &request) const {
        const s3iam_http_request c = request.c();
        s3iam_body_reader *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verifier_anonymous_body(handle_.get(), &c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return BodyReader(out);
    }

    /// Who signed a form upload to a bucket, and what it uploads. The request comes without its body.
    Result<VerifiedPost> try_verify_post(const HttpRequest &request, std::string_view bucket,
                                         const PostForm &form) const {
        const s3iam_http_request c = request.c();
        const s3iam_post_form c_form = form.c();
        const s3iam_text c_bucket = detail::text(bucket);
        s3iam_identity *identity = nullptr;
        s3iam_upload *upload = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verifier_verify_post(handle_.get(), &c, c_bucket, &c_form, &identity,
                                                               &upload, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return VerifiedPost{Identity(identity), Upload(upload)};
    }

    /// Why the signature of a request is refused: a tool for operators.
    Result<Diagnosis> try_diagnose(const HttpRequest &request, const ClientSide &client = {}) const {
        return detail::diagnose(s3iam_verifier_diagnose, handle_.get(), request, client);
    }

#if S3IAM_EXCEPTIONS
    explicit Verifier(const Options &options = {}) : Verifier(try_create(options).value()) {}
    void add_key(const Key &key) {
        if (auto error = try_add_key(key)) throw *error;
    }
    bool remove_key(std::string_view access_key) { return try_remove_key(access_key).value(); }
    Identity verify(const HttpRequest &request) const { return try_verify(request).value(); }
    BodyReader anonymous_body(const HttpRequest &request) const { return try_anonymous_body(request).value(); }
    VerifiedPost verify_post(const HttpRequest &request, std::string_view bucket, const PostForm &form) const {
        return try_verify_post(request, bucket, form).value();
    }
    Diagnosis diagnose(const HttpRequest &request, const ClientSide &client = {}) const {
        return try_diagnose(request, client).value();
    }
#endif

private:
    explicit Verifier(s3iam_verifier *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_verifier, s3iam_verifier_free> handle_;
};

/// The name of the authentication that a request claims to have, of which nothing is verified: `anonymous`,
/// `bearer`, or the name of a form.
inline Result<std::string_view> try_classify(const HttpRequest &request) {
    const s3iam_http_request c = request.c();
    s3iam_text out;
    s3iam_error *detail = nullptr;
    const s3iam_status status = s3iam_classify(&c, &out, &detail);
    if (status != S3IAM_OK) return Error(status, detail);
    return detail::view(out);
}

#if S3IAM_EXCEPTIONS
inline std::string_view classify(const HttpRequest &request) { return try_classify(request).value(); }
#endif

}  // namespace s3iam

#endif  // S3IAM_SIGNATURE_HPP
