// What a call answers that can fail: a value or an Error, with findings.
#ifndef S3IAM_RESULT_HPP
#define S3IAM_RESULT_HPP

#include "text.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
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

}  // namespace s3iam

#endif  // S3IAM_RESULT_HPP
