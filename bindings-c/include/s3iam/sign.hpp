// Signing: requests, bodies in chunks, and policies of browser forms.
#ifndef S3IAM_SIGN_HPP
#define S3IAM_SIGN_HPP

#include "result.hpp"
#include "signature.hpp"
#include "text.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace s3iam {

/// Names and values that own their text: headers to add, fields of a form.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Who signs, and for what; see s3iam_signer_options.
struct SignerOptions {
    std::string_view access_key;
    std::string_view secret_key;
    std::optional<std::string_view> session_token;
    std::string_view region;
    std::string_view service;
    std::string_view region_set;
    s3iam_algorithm algorithm = S3IAM_ALGORITHM_SIGV4;

    s3iam_signer_options c() const noexcept {
        auto options = detail::sized<s3iam_signer_options>();
        options.access_key = detail::text(access_key);
        options.secret_key = detail::text(secret_key);
        if (session_token) {
            options.has_session_token = true;
            options.session_token = detail::text(*session_token);
        }
        options.region = detail::text(region);
        options.service = detail::text(service);
        options.region_set = detail::text(region_set);
        options.algorithm = algorithm;
        return options;
    }
};

/// What a signature says of the body.
class SignedPayload {
public:
    /// The hash of the body that is given with the request.
    static SignedPayload body() noexcept { return SignedPayload(S3IAM_SIGNED_BODY); }
    /// This SHA-256.
    static SignedPayload sha256(const std::array<std::uint8_t, 32> &hash) noexcept {
        SignedPayload payload(S3IAM_SIGNED_SHA256);
        payload.hash_ = hash;
        return payload;
    }
    /// Nothing. Only S3 takes that.
    static SignedPayload nothing() noexcept { return SignedPayload(S3IAM_SIGNED_NOTHING); }

private:
    friend class Signer;
    explicit SignedPayload(s3iam_signed_payload kind) noexcept : kind_(kind) {}
    s3iam_signed_payload kind_;
    std::array<std::uint8_t, 32> hash_{};
};

/// A condition of a policy.
struct PolicyCondition : s3iam_policy_condition {
    /// The field has this value, and becomes a field of the form.
    static PolicyCondition equals(std::string_view field, std::string_view value) noexcept {
        return {S3IAM_CONDITION_EQUALS, field, value, 0, 0};
    }
    /// The value of the field begins like this. The form has to set it.
    static PolicyCondition starts_with(std::string_view field, std::string_view prefix) noexcept {
        return {S3IAM_CONDITION_STARTS_WITH, field, prefix, 0, 0};
    }
    /// The file has a length from the least to the greatest, both included.
    static PolicyCondition content_length(std::uint64_t least, std::uint64_t greatest) noexcept {
        return {S3IAM_CONDITION_CONTENT_LENGTH, {}, {}, least, greatest};
    }

private:
    PolicyCondition(s3iam_condition_kind its_kind, std::string_view its_field, std::string_view its_value,
                    std::uint64_t its_least, std::uint64_t its_greatest) noexcept
        : s3iam_policy_condition{its_kind, detail::text(its_field), detail::text(its_value), its_least,
                                 its_greatest} {}
};
static_assert(sizeof(PolicyCondition) == sizeof(s3iam_policy_condition),
              "a list of PolicyCondition is a list of s3iam_policy_condition");

/// What a form may upload, and until when; see s3iam_policy_draft.
struct PolicyDraft {
    std::string_view bucket;
    std::string_view key;
    bool key_is_prefix = false;
    std::vector<PolicyCondition> conditions;
    std::chrono::system_clock::time_point expires;

    s3iam_policy_draft c() const noexcept {
        auto draft = detail::sized<s3iam_policy_draft>();
        draft.bucket = detail::text(bucket);
        draft.key = detail::text(key);
        draft.key_is_prefix = key_is_prefix;
        draft.conditions = conditions.data();
        draft.conditions_len = conditions.size();
        draft.expires_ms = detail::milliseconds(expires);
        return draft;
    }
};

/// Writes a body in chunks; see s3iam_chunk_signer. For one thread at a time.
class ChunkSigner {
public:
    /// Takes over a handle of the C library.
    explicit ChunkSigner(s3iam_chunk_signer *handle) noexcept : handle_(handle) {}

    /// The next chunk; valid until the next call.
    Result<std::string_view> try_encode(std::string_view data) {
        const std::uint8_t *out = nullptr;
        std::size_t len = 0;
        s3iam_error *detail = nullptr;
        const auto *bytes = reinterpret_cast<const std::uint8_t *>(data.data());
        const s3iam_status status =
            s3iam_chunk_signer_encode(handle_.get(), bytes, data.size(), &out, &len, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return std::string_view(reinterpret_cast<const char *>(out), len);
    }

    /// The end of the body, with the trailers in their order; valid as long as this object.
    Result<std::string_view> try_finish(const std::vector<Pair> &trailers = {}) {
        const std::uint8_t *out = nullptr;
        std::size_t len = 0;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_chunk_signer_finish(handle_.get(), trailers.data(), trailers.size(),
                                                              &out, &len, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return std::string_view(reinterpret_cast<const char *>(out), len);
    }

#if S3IAM_EXCEPTIONS
    std::string_view encode(std::string_view data) { return try_encode(data).value(); }
    std::string_view finish(const std::vector<Pair> &trailers = {}) { return try_finish(trailers).value(); }
#endif

private:
    detail::Handle<s3iam_chunk_signer, s3iam_chunk_signer_free> handle_;
};

/// A request that is sent in chunks: the headers to add, and what makes the body.
struct SignedChunks {
    Fields headers;
    ChunkSigner chunks;
};

/// The name of a trailer, and the length of its value.
using TrailerLength = std::pair<std::string_view, std::size_t>;

/// Signs requests and policies; see s3iam_signer.
class Signer {
public:
    static Result<Signer> try_create(const SignerOptions &options) {
        const s3iam_signer_options c = options.c();
        s3iam_signer *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_signer_new(&c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Signer(out);
    }

    /// The headers to add to a request, `authorization` last.
    Result<Fields> try_sign(const HttpRequest &request,
                            const SignedPayload &payload = SignedPayload::body()) const {
        const s3iam_http_request c = request.c();
        s3iam_pairs *out = nullptr;
        s3iam_error *detail = nullptr;
        const std::uint8_t *hash = payload.kind_ == S3IAM_SIGNED_SHA256 ? payload.hash_.data() : nullptr;
        const s3iam_status status = s3iam_signer_sign(handle_.get(), &c, payload.kind_, hash, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return fields(out);
    }

    /// The target of a request with the parameters that sign it.
    Result<std::string> try_presign(const HttpRequest &request, std::chrono::seconds expires) const {
        const s3iam_http_request c = request.c();
        s3iam_string *out = nullptr;
        s3iam_error *detail = nullptr;
        const auto seconds = static_cast<std::uint32_t>(
            expires.count() < 0 || expires.count() > UINT32_MAX ? 0 : expires.count());
        const s3iam_status status = s3iam_signer_presign(handle_.get(), &c, seconds, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return detail::take(out);
    }

    /// The headers to add to a request whose body is sent in chunks, and what makes the body.
    Result<SignedChunks> try_sign_chunks(const HttpRequest &request, s3iam_chunk_kind kind) const {
        const s3iam_http_request c = request.c();
        s3iam_pairs *headers = nullptr;
        s3iam_chunk_signer *chunks = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status =
            s3iam_signer_sign_chunks(handle_.get(), &c, kind, &headers, &chunks, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        ChunkSigner signer(chunks);
        return SignedChunks{fields(headers), std::move(signer)};
    }

    /// How long a body in chunks becomes.
    Result<std::uint64_t> try_encoded_length(s3iam_chunk_kind kind, std::uint64_t data_bytes,
                                             std::uint64_t chunk_bytes,
                                             const std::vector<TrailerLength> &trailers = {}) const {
        std::vector<s3iam_pair> pairs;
        for (const auto &[name, length] : trailers) pairs.push_back({detail::text(name), {nullptr, length}});
        std::uint64_t out = 0;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_signer_encoded_length(
            handle_.get(), kind, data_bytes, chunk_bytes, pairs.data(), pairs.size(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return out;
    }

    /// The fields of a form, in their order.
    Result<Fields> try_post_policy(const PolicyDraft &draft, std::chrono::system_clock::time_point now) const {
        const s3iam_policy_draft c = draft.c();
        s3iam_pairs *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status =
            s3iam_signer_post_policy(handle_.get(), &c, detail::milliseconds(now), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return fields(out);
    }

#if S3IAM_EXCEPTIONS
    explicit Signer(const SignerOptions &options) : Signer(try_create(options).value()) {}
    Fields sign(const HttpRequest &request, const SignedPayload &payload = SignedPayload::body()) const {
        return try_sign(request, payload).value();
    }
    std::string presign(const HttpRequest &request, std::chrono::seconds expires) const {
        return try_presign(request, expires).value();
    }
    SignedChunks sign_chunks(const HttpRequest &request, s3iam_chunk_kind kind) const {
        return try_sign_chunks(request, kind).value();
    }
    std::uint64_t encoded_length(s3iam_chunk_kind kind, std::uint64_t data_bytes, std::uint64_t chunk_bytes,
                                 const std::vector<TrailerLength> &trailers = {}) const {
        return try_encoded_length(kind, data_bytes, chunk_bytes, trailers).value();
    }
    Fields post_policy(const PolicyDraft &draft, std::chrono::system_clock::time_point now) const {
        return try_post_policy(draft, now).value();
    }
#endif

private:
    explicit Signer(s3iam_signer *handle) noexcept : handle_(handle) {}

    static Fields fields(s3iam_pairs *owned) {
        detail::Handle<s3iam_pairs, s3iam_pairs_free> owner(owned);
        Fields fields;
        for (const auto &[name, value] : detail::views(owned)) fields.emplace_back(name, value);
        return fields;
    }

    detail::Handle<s3iam_signer, s3iam_signer_free> handle_;
};

}  // namespace s3iam

#endif  // S3IAM_SIGN_HPP
