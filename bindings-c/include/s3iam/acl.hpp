// Access control lists of S3.
#ifndef S3IAM_ACL_HPP
#define S3IAM_ACL_HPP

#include "result.hpp"
#include "text.hpp"

#include <string_view>

namespace s3iam {

/// The access control lists of a bucket and an object, and whose the object is.
class Acl {
public:
    /// Reads access control lists from JSON text; see s3iam_acl_parse.
    static Result<Acl> try_parse(std::string_view acl) {
        s3iam_acl *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_acl_parse(detail::text(acl), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Acl(out);
    }

    /// Whether one of the lists grants something to everyone, or to everyone who has an account.
    bool is_public() const noexcept { return s3iam_acl_is_public(handle_.get()); }

#if S3IAM_EXCEPTIONS
    static Acl parse(std::string_view acl) { return try_parse(acl).value(); }
#endif

    /// The handle; this object keeps owning it.
    const s3iam_acl *get() const noexcept { return handle_.get(); }

private:
    explicit Acl(s3iam_acl *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_acl, s3iam_acl_free> handle_;
};

}  // namespace s3iam

#endif  // S3IAM_ACL_HPP
