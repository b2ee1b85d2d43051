// What every class that answers questions does with them. Each hands in `call`, which is the function of
// the C library with the handle to ask.
#ifndef S3IAM_ASK_HPP
#define S3IAM_ASK_HPP

#include "access.hpp"
#include "query.hpp"
#include "result.hpp"
#include "text.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace s3iam {
namespace detail {

/// The answers to many questions.
template <typename Decision, typename Call>
Result<std::vector<Decision>> decide_many(const std::vector<Query> &queries, Call call) {
    std::vector<s3iam_query> c;
    for (const Query &query : queries) c.push_back(query.c());
    std::vector<Decision> decisions(c.size());
    s3iam_error *detail = nullptr;
    const s3iam_status status = call(c.data(), c.size(), decisions.data(), &detail);
    if (status != S3IAM_OK) return Error(status, detail);
    return decisions;
}

/// An answer with its reasons.
template <typename Call>
Result<std::string> explain(const Query &query, Call call) {
    const s3iam_query c = query.c();
    s3iam_string *out = nullptr;
    s3iam_error *detail = nullptr;
    const s3iam_status status = call(&c, &out, &detail);
    if (status != S3IAM_OK) return Error(status, detail);
    return take(out);
}

/// The names of the actions that are allowed.
template <typename Call>
Result<std::vector<std::string>> allowed_actions(const Query &query, Call call) {
    const s3iam_query c = query.c();
    s3iam_names *out = nullptr;
    s3iam_error *detail = nullptr;
    const s3iam_status status = call(&c, &out, &detail);
    if (status != S3IAM_OK) return Error(status, detail);
    Handle<s3iam_names, s3iam_names_free> owner(out);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < s3iam_names_len(out); ++i) names.push_back(string(s3iam_names_at(out, i)));
    return names;
}

/// What may be done with an action.
template <typename Call>
Result<Access> access(const Query &query, bool complete, Call call) {
    const s3iam_query c = query.c();
    s3iam_access *out = nullptr;
    s3iam_error *detail = nullptr;
    const s3iam_status status = call(&c, complete, &out, &detail);
    if (status != S3IAM_OK) return Error(status, detail);
    return Access(out);
}

}  // namespace detail
}  // namespace s3iam

#endif  // S3IAM_ASK_HPP
