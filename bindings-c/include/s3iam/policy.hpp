// Policies: read, compiled, asked.
#ifndef S3IAM_POLICY_HPP
#define S3IAM_POLICY_HPP

#include "ask.hpp"
#include "decision.hpp"
#include "query.hpp"
#include "result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace s3iam {

/// How a policy is read; see s3iam_policy_options.
struct PolicyOptions {
    s3iam_dialect dialect = S3IAM_DIALECT_MINIO;
    s3iam_kind kind = S3IAM_KIND_IDENTITY;
    std::string_view bucket;
    bool lenient = false;
    std::size_t max_bytes = 0;
    std::size_t max_depth = 0;

    s3iam_policy_options c() const noexcept {
        auto options = detail::sized<s3iam_policy_options>();
        options.dialect = dialect;
        options.kind = kind;
        options.bucket = detail::text(bucket);
        options.lenient = lenient;
        options.max_bytes = max_bytes;
        options.max_depth = max_depth;
        return options;
    }
};

/// Everything found about a policy document.
inline Result<Findings> try_validate(std::string_view policy, const PolicyOptions &options = {}) {
    const s3iam_policy_options c = options.c();
    s3iam_findings *findings = nullptr;
    const s3iam_status status = s3iam_validate(detail::text(policy), &c, &findings);
    if (status != S3IAM_OK) return Error(status);
    detail::Handle<s3iam_findings, s3iam_findings_free> owner(findings);
    return Findings::copy(findings);
}

#if S3IAM_EXCEPTIONS
/// Everything found about a policy document.
inline Findings validate(std::string_view policy, const PolicyOptions &options = {}) {
    return try_validate(policy, options).value();
}
#endif

/// A policy, read and compiled.
class Policy {
public:
    /// Reads and compiles a policy document.
    static Result<Policy> try_parse(std::string_view policy, const PolicyOptions &options = {}) {
        const s3iam_policy_options c = options.c();
        s3iam_policy *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_policy_parse(detail::text(policy), &c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Policy(out);
    }

    /// A policy that every directory has, for example `readonly`.
    static Result<Policy> try_built_in(std::string_view name) {
        s3iam_policy *out = nullptr;
        const s3iam_status status = s3iam_policy_built_in(detail::text(name), &out);
        if (status != S3IAM_OK) return Error(status);
        return Policy(out);
    }

    /// The answer to a question.
    Result<Decision> try_decide(const Query &query) const {
        const s3iam_query c = query.c();
        Decision decision{};
        const s3iam_status status = s3iam_policy_decide(handle_.get(), &c, &decision);
        if (status != S3IAM_OK) return Error(status);
        return decision;
    }

    /// The answers to many questions, in their order; the Error names the first that fails.
    Result<std::vector<Decision>> try_decide_many(const std::vector<Query> &queries) const {
        return detail::decide_many<Decision>(queries, [this](auto... more) {
            return s3iam_policy_decide_many(handle_.get(), more...);
        });
    }

    /// The answer to a question with its reasons, as JSON text; see s3iam_policy_explain.
    Result<std::string> try_explain(const Query &query) const {
        return detail::explain(query, [this](auto... more) {
            return s3iam_policy_explain(handle_.get(), more...);
        });
    }

    /// The names of the actions that are allowed on the resource of a query, sorted.
    Result<std::vector<std::string>> try_allowed_actions(const Query &query) const {
        return detail::allowed_actions(query, [this](auto... more) {
            return s3iam_policy_allowed_actions(handle_.get(), more...);
        });
    }

    /// The resources on which the action of a query is allowed; `complete` says that its context is all
    /// there is.
    Result<Access> try_access(const Query &query, bool complete = false) const {
        return detail::access(query, complete, [this](auto... more) {
            return s3iam_policy_access(handle_.get(), more...);
        });
    }

    /// The `Sid` of a statement; empty if it has none.
    std::string_view sid(std::uint32_t statement) const & noexcept {
        return detail::view(s3iam_policy_sid(handle_.get(), statement));
    }
    std::string_view sid(std::uint32_t statement) const && = delete;

    /// Whether it is a public policy, as Block Public Access has it.
    bool is_public() const noexcept { return s3iam_policy_is_public(handle_.get()); }

    /// Whether the statement at a place is one of those that make it public.
    bool is_public_statement(std::uint32_t statement) const noexcept {
        return s3iam_policy_is_public_statement(handle_.get(), statement);
    }

#if S3IAM_EXCEPTIONS
    static Policy parse(std::string_view policy, const PolicyOptions &options = {}) {
        return try_parse(policy, options).value();
    }
    static Policy built_in(std::string_view name) { return try_built_in(name).value(); }
    Decision decide(const Query &query) const { return try_decide(query).value(); }
    std::vector<Decision> decide_many(const std::vector<Query> &queries) const {
        return try_decide_many(queries).value();
    }
    std::string explain(const Query &query) const { return try_explain(query).value(); }
    std::vector<std::string> allowed_actions(const Query &query) const {
        return try_allowed_actions(query).value();
    }
    Access access(const Query &query, bool complete = false) const {
        return try_access(query, complete).value();
    }
#endif

    /// The handle; this object keeps owning it.
    const s3iam_policy *get() const noexcept { return handle_.get(); }

private:
    explicit Policy(s3iam_policy *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_policy, s3iam_policy_free> handle_;
};

namespace detail {

inline const s3iam_policy *handle(const Policy *policy) noexcept {
    return policy == nullptr ? nullptr : policy->get();
}

inline std::vector<const s3iam_policy *> handles(const std::vector<const Policy *> &policies) {
    std::vector<const s3iam_policy *> handles;
    for (const Policy *policy : policies) handles.push_back(handle(policy));
    return handles;
}

}  // namespace detail

/// Several policies that decide together.
class PolicySet {
public:
    /// Compiles the union of policies; nothing of them is kept.
    static Result<PolicySet> try_of(const std::vector<const Policy *> &policies) {
        const std::vector<const s3iam_policy *> handles = detail::handles(policies);
        s3iam_policy_set *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_policy_set_new(handles.data(), handles.size(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return PolicySet(out);
    }

    /// The answer to a question: any Deny wins, else any Allow.
    Result<Decision> try_decide(const Query &query) const {
        const s3iam_query c = query.c();
        Decision decision{};
        const s3iam_status status = s3iam_policy_set_decide(handle_.get(), &c, &decision);
        if (status != S3IAM_OK) return Error(status);
        return decision;
    }

    /// The answers to many questions, in their order; the Error names the first that fails.
    Result<std::vector<Decision>> try_decide_many(const std::vector<Query> &queries) const {
        return detail::decide_many<Decision>(queries, [this](auto... more) {
            return s3iam_policy_set_decide_many(handle_.get(), more...);
        });
    }

    /// The answer to a question with its reasons, as JSON text; see s3iam_policy_explain.
    Result<std::string> try_explain(const Query &query) const {
        return detail::explain(query, [this](auto... more) {
            return s3iam_policy_set_explain(handle_.get(), more...);
        });
    }

    /// The names of the actions that are allowed on the resource of a query, sorted.
    Result<std::vector<std::string>> try_allowed_actions(const Query &query) const {
        return detail::allowed_actions(query, [this](auto... more) {
            return s3iam_policy_set_allowed_actions(handle_.get(), more...);
        });
    }

    /// The resources on which the action of a query is allowed; `complete` says that its context is all
    /// there is.
    Result<Access> try_access(const Query &query, bool complete = false) const {
        return detail::access(query, complete, [this](auto... more) {
            return s3iam_policy_set_access(handle_.get(), more...);
        });
    }

    /// The `Sid` of a statement, as a decision names it; empty if it has none.
    std::string_view sid(std::uint32_t policy, std::uint32_t statement) const & noexcept {
        return detail::view(s3iam_policy_set_sid(handle_.get(), policy, statement));
    }
    std::string_view sid(std::uint32_t policy, std::uint32_t statement) const && = delete;

#if S3IAM_EXCEPTIONS
    static PolicySet of(const std::vector<const Policy *> &policies) { return try_of(policies).value(); }
    Decision decide(const Query &query) const { return try_decide(query).value(); }
    std::vector<Decision> decide_many(const std::vector<Query> &queries) const {
        return try_decide_many(queries).value();
    }
    std::string explain(const Query &query) const { return try_explain(query).value(); }
    std::vector<std::string> allowed_actions(const Query &query) const {
        return try_allowed_actions(query).value();
    }
    Access access(const Query &query, bool complete = false) const {
        return try_access(query, complete).value();
    }
#endif

private:
    explicit PolicySet(s3iam_policy_set *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_policy_set, s3iam_policy_set_free> handle_;
};

}  // namespace s3iam

#endif  // S3IAM_POLICY_HPP
