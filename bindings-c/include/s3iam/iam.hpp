// A directory of identities, and requests authorized against it.
#ifndef S3IAM_IAM_HPP
#define S3IAM_IAM_HPP

#include "body.hpp"
#include "decision.hpp"
#include "post.hpp"
#include "result.hpp"
#include "signature.hpp"
#include "text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace s3iam {

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
    /// What the signature says of the body; see Identity::payload.
    std::string_view payload() const noexcept {
        return detail::view(s3iam_verdict_payload(handle_.get()));
    }
    /// A reader for the body of an allowed request, which is to be read through it unless the request was
    /// authorized with it.
    Result<BodyReader> try_body_reader() const {
        s3iam_body_reader *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verdict_body_reader(handle_.get(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return BodyReader(out);
    }
    /// What an allowed form upload uploads and asks for.
    Result<Upload> try_upload() const {
        s3iam_upload *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_verdict_upload(handle_.get(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Upload(out);
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

#if S3IAM_EXCEPTIONS
    BodyReader body_reader() const { return try_body_reader().value(); }
    Upload upload() const { return try_upload().value(); }
#endif

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

    /// Authorizes a form upload. The request comes without its body.
    Result<Verdict> try_authorize_post(const HttpRequest &request, const PostForm &form) const {
        const s3iam_http_request c = request.c();
        const s3iam_post_form c_form = form.c();
        s3iam_verdict *out = nullptr;
        const s3iam_status status = s3iam_authorize_post(handle_.get(), &c, &c_form, &out);
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

    /// Why the signature of a request is refused: a tool for operators.
    Result<Diagnosis> try_diagnose(const HttpRequest &request, const ClientSide &client = {}) const {
        return detail::diagnose(s3iam_iam_diagnose, handle_.get(), request, client);
    }

#if S3IAM_EXCEPTIONS
    static Iam load(std::string_view directory, const Options &options = {}) {
        return try_load(directory, options).value();
    }
    void replace(std::string_view directory) {
        if (auto error = try_replace(directory)) throw *error;
    }
    Verdict authorize(const HttpRequest &request) const { return try_authorize(request).value(); }
    Verdict authorize_post(const HttpRequest &request, const PostForm &form) const {
        return try_authorize_post(request, form).value();
    }
    Verdict authorize_packed(const std::uint8_t *packed, std::size_t len) const {
        return try_authorize_packed(packed, len).value();
    }
    Diagnosis diagnose(const HttpRequest &request, const ClientSide &client = {}) const {
        return try_diagnose(request, client).value();
    }
#endif

private:
    explicit Iam(s3iam_iam *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_iam, s3iam_iam_free> handle_;
};

}  // namespace s3iam

#endif  // S3IAM_IAM_HPP
