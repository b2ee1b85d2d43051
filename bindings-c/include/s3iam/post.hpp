// Form uploads: a browser posts an object with a policy that somebody signed for it.
#ifndef S3IAM_POST_HPP
#define S3IAM_POST_HPP

#include "result.hpp"
#include "text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace s3iam {

/// A form upload as the gateway read it from the body, up to the file; see s3iam_post_form.
struct PostForm {
    std::vector<Pair> fields;
    std::optional<std::string_view> file_name;
    std::optional<std::uint64_t> file_length;

    s3iam_post_form c() const noexcept {
        auto form = detail::sized<s3iam_post_form>();
        form.fields = fields.data();
        form.fields_len = fields.size();
        if (file_name) {
            form.has_file_name = true;
            form.file_name = detail::text(*file_name);
        }
        if (file_length) {
            form.has_file_length = true;
            form.file_length = *file_length;
        }
        return form;
    }
};

/// What a verified form uploads, and what it asks for; see s3iam_upload.
class Upload {
public:
    /// Takes over a handle of the C library.
    explicit Upload(s3iam_upload *handle) noexcept : handle_(handle) {}

    /// The object key, decoded.
    std::string_view key() const & noexcept { return detail::view(s3iam_upload_key(handle_.get())); }
    /// The least length of the file, in bytes.
    std::uint64_t least_length() const noexcept { return s3iam_upload_least_length(handle_.get()); }
    /// The greatest length of the file, in bytes.
    std::uint64_t greatest_length() const noexcept { return s3iam_upload_greatest_length(handle_.get()); }
    /// Checks how much of the file has arrived, with every piece and once more at the end; the Error if it is
    /// too much or, at the end, too little.
    std::optional<Error> try_check_length(std::uint64_t received, bool done) const {
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_upload_check_length(handle_.get(), received, done, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return std::nullopt;
    }
    /// The status of a successful answer without a redirect.
    int success_status() const noexcept { return s3iam_upload_success_status(handle_.get()); }
    /// Where a successful answer redirects to; empty if nowhere.
    std::string_view success_redirect() const & noexcept {
        return detail::view(s3iam_upload_success_redirect(handle_.get()));
    }
    /// The fields that act as headers of the upload: name in lower case, and value.
    std::vector<std::pair<std::string_view, std::string_view>> headers() const & {
        return detail::views(s3iam_upload_headers(handle_.get()));
    }

    // A view of an upload that is about to die would dangle.
    std::string_view key() const && = delete;
    std::string_view success_redirect() const && = delete;
    std::vector<std::pair<std::string_view, std::string_view>> headers() const && = delete;

#if S3IAM_EXCEPTIONS
    void check_length(std::uint64_t received, bool done) const {
        if (auto error = try_check_length(received, done)) throw *error;
    }
#endif

private:
    detail::Handle<s3iam_upload, s3iam_upload_free> handle_;
};

}  // namespace s3iam

#endif  // S3IAM_POST_HPP
