// s3iam for C++17: the C library with owners, views and exceptions.
//
// Every function that can fail comes twice: `parse` throws s3iam::Error, `try_parse` returns a
// Result. Without exceptions (-fno-exceptions) only the second exists. Handles are move-only, free
// themselves, and may be used by any number of threads at once, but for BodyReader and ChunkSigner: those go
// forward with every call. Views that an object returns are valid as long as the object.
#ifndef S3IAM_HPP
#define S3IAM_HPP

#include "s3iam/access.hpp"
#include "s3iam/account.hpp"
#include "s3iam/acl.hpp"
#include "s3iam/body.hpp"
#include "s3iam/iam.hpp"
#include "s3iam/layers.hpp"
#include "s3iam/policy.hpp"
#include "s3iam/post.hpp"
#include "s3iam/sign.hpp"
#include "s3iam/signature.hpp"

#include <string_view>

namespace s3iam {

/// The version of the library that is loaded.
inline std::string_view version() noexcept { return s3iam_version(); }

}  // namespace s3iam

#endif  // S3IAM_HPP
