// What may be reached with an action.
#ifndef S3IAM_ACCESS_HPP
#define S3IAM_ACCESS_HPP

#include "query.hpp"
#include "result.hpp"
#include "text.hpp"

#include <string>

namespace s3iam {

/// Whether something is so.
enum class Truth {
    /// No.
    False = S3IAM_TRUTH_FALSE,
    /// Yes.
    True = S3IAM_TRUTH_TRUE,
    /// It depends on condition values that were not given.
    Unknown = S3IAM_TRUTH_UNKNOWN,
};

/// What may be done with one action, as sets of resources.
class Access {
public:
    /// Takes over a handle of the C library.
    explicit Access(s3iam_access *handle) noexcept : handle_(handle) {}

    /// Whether the action is allowed on the resource, or bucket and object, of a query.
    Result<Truth> try_allows(const Query &query) const {
        const s3iam_query c = query.c();
        s3iam_truth truth = S3IAM_TRUTH_FALSE;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_access_allows(handle_.get(), &c, &truth, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return static_cast<Truth>(truth);
    }

    /// The sets of resources as JSON text; see s3iam_access_json.
    std::string json() const {
        s3iam_string *out = nullptr;
        s3iam_access_json(handle_.get(), &out);
        return detail::take(out);
    }

#if S3IAM_EXCEPTIONS
    Truth allows(const Query &query) const { return try_allows(query).value(); }
#endif

private:
    detail::Handle<s3iam_access, s3iam_access_free> handle_;
};

}  // namespace s3iam

#endif  // S3IAM_ACCESS_HPP
