// Bodies that are read while they arrive.
#ifndef S3IAM_BODY_HPP
#define S3IAM_BODY_HPP

#include "result.hpp"
#include "text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace s3iam {

/// What is known of a body that was read to its end; see s3iam_body_summary.
struct BodySummary {
    /// A checksum that is right.
    struct Checksum {
        /// The algorithm, for example `CRC32`.
        std::string algorithm;
        /// The value in base64.
        std::string value;
        /// The name of the trailer that it came as; empty if it came as a header or parameter.
        std::string trailer;
    };

    /// The length of the object.
    std::uint64_t decoded_length = 0;
    /// The checksum that came, if one did.
    std::optional<Checksum> checksum;
    /// The value of `Content-MD5`, which is right, if it came.
    std::optional<std::string> content_md5;
};

/// Reads a request body piece by piece; see s3iam_body_reader. For one thread at a time.
class BodyReader {
public:
    /// Takes over a handle of the C library.
    explicit BodyReader(s3iam_body_reader *handle) noexcept : handle_(handle) {}

    /// Takes the next piece of a body, and calls `release` with each view of bytes that are the object's;
    /// a view is valid during the call. They are an object only once `finish` has succeeded. The Error if the
    /// body is refused.
    template <typename Release>
    std::optional<Error> try_push(std::string_view input, Release release) {
        const auto *bytes = reinterpret_cast<const std::uint8_t *>(input.data());
        std::size_t left = input.size();
        while (left > 0) {
            std::size_t taken = 0, released_len = 0;
            const std::uint8_t *released = nullptr;
            s3iam_error *detail = nullptr;
            const s3iam_status status =
                s3iam_body_push(handle_.get(), bytes, left, &taken, &released, &released_len, &detail);
            if (status != S3IAM_OK) return Error(status, detail);
            if (released_len > 0) {
                release(std::string_view(reinterpret_cast<const char *>(released), released_len));
            }
            bytes += taken;
            left -= taken;
        }
        return std::nullopt;
    }

    /// Says that the body has ended, and checks what can be checked then alone.
    Result<BodySummary> try_finish() {
        s3iam_body_summary out;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_body_finish(handle_.get(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        BodySummary summary;
        summary.decoded_length = out.decoded_length;
        if (out.checksum_algorithm.len > 0) {
            summary.checksum = BodySummary::Checksum{detail::string(out.checksum_algorithm),
                                                     detail::string(out.checksum),
                                                     detail::string(out.trailer.name)};
        }
        if (out.content_md5.len > 0) summary.content_md5 = detail::string(out.content_md5);
        return summary;
    }

    /// The length of the object that a body in chunks announces.
    std::optional<std::uint64_t> decoded_length() const noexcept {
        std::uint64_t length = 0;
        if (!s3iam_body_decoded_length(handle_.get(), &length)) return std::nullopt;
        return length;
    }

#if S3IAM_EXCEPTIONS
    template <typename Release>
    void push(std::string_view input, Release release) {
        if (auto error = try_push(input, release)) throw *error;
    }
    BodySummary finish() { return try_finish().value(); }
#endif

private:
    detail::Handle<s3iam_body_reader, s3iam_body_reader_free> handle_;
};

/// A `Content-Encoding` as it is stored with the object: without `aws-chunked`. Empty if nothing is left.
inline Result<std::string> try_stored_content_encoding(std::string_view content_encoding) {
    s3iam_string *out = nullptr;
    const s3iam_status status = s3iam_stored_content_encoding(detail::text(content_encoding), &out);
    if (status != S3IAM_OK) return Error(status);
    return detail::take(out);
}

#if S3IAM_EXCEPTIONS
inline std::string stored_content_encoding(std::string_view content_encoding) {
    return try_stored_content_encoding(content_encoding).value();
}
#endif

}  // namespace s3iam

#endif  // S3IAM_BODY_HPP
