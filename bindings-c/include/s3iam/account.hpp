// Accounts: a caller with its policies, asked as a whole.
#ifndef S3IAM_ACCOUNT_HPP
#define S3IAM_ACCOUNT_HPP

#include "policy.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace s3iam {

/// A caller; see s3iam_account_options.
struct AccountOptions {
    s3iam_credential credential = S3IAM_CREDENTIAL_ANONYMOUS;
    bool parent_is_root = false;
    std::optional<std::string_view> session_policy;

    s3iam_account_options c() const noexcept {
        auto options = detail::sized<s3iam_account_options>();
        options.credential = credential;
        options.parent_is_root = parent_is_root;
        if (session_policy) {
            options.has_session_policy = true;
            options.session_policy = detail::text(*session_policy);
        }
        return options;
    }
};

/// A caller and all its policies, decided as MinIO does.
class Account {
public:
    /// A caller with the policies of the user, or of the parent, and of its groups; nothing of them is kept.
    static Result<Account> try_of(const AccountOptions &options,
                                  const std::vector<const Policy *> &policies = {}) {
        const s3iam_account_options c = options.c();
        const std::vector<const s3iam_policy *> handles = detail::handles(policies);
        s3iam_account *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_account_new(&c, handles.data(), handles.size(), &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Account(out);
    }

    /// The answer to a question about one action; the bucket policy matters for anonymous callers alone.
    Result<LayeredDecision> try_decide(const Query &query, const Policy *bucket_policy = nullptr) const {
        const s3iam_query c = query.c();
        LayeredDecision decision{};
        const s3iam_status status =
            s3iam_account_decide(handle_.get(), &c, detail::handle(bucket_policy), &decision);
        if (status != S3IAM_OK) return Error(status);
        return decision;
    }

    /// The answers to many questions, in their order; the Error names the first that fails.
    Result<std::vector<LayeredDecision>> try_decide_many(const std::vector<Query> &queries,
                                                         const Policy *bucket_policy = nullptr) const {
        const s3iam_policy *bucket = detail::handle(bucket_policy);
        return detail::decide_many<LayeredDecision>(queries, [&](auto questions, auto len, auto... more) {
            return s3iam_account_decide_many(handle_.get(), questions, len, bucket, more...);
        });
    }

    /// The answer to a question with its reasons, as JSON text; see s3iam_policy_explain.
    Result<std::string> try_explain(const Query &query, const Policy *bucket_policy = nullptr) const {
        const s3iam_policy *bucket = detail::handle(bucket_policy);
        return detail::explain(query, [&](auto question, auto... more) {
            return s3iam_account_explain(handle_.get(), question, bucket, more...);
        });
    }

    /// The names of the actions that are allowed on the resource of a query, sorted.
    Result<std::vector<std::string>> try_allowed_actions(const Query &query,
                                                         const Policy *bucket_policy = nullptr) const {
        const s3iam_policy *bucket = detail::handle(bucket_policy);
        return detail::allowed_actions(query, [&](auto question, auto... more) {
            return s3iam_account_allowed_actions(handle_.get(), question, bucket, more...);
        });
    }

    /// The resources on which the action of a query is allowed; `complete` says that its context is all
    /// there is.
    Result<Access> try_access(const Query &query, bool complete = false,
                              const Policy *bucket_policy = nullptr) const {
        const s3iam_policy *bucket = detail::handle(bucket_policy);
        return detail::access(query, complete, [&](auto question, auto is_complete, auto... more) {
            return s3iam_account_access(handle_.get(), question, is_complete, bucket, more...);
        });
    }

    // A policy in the place of `complete` would be taken for true.
    Result<Access> try_access(const Query &query, const Policy *bucket_policy) const = delete;

    /// The answer to a question about a whole API call.
    Result<LayeredDecision> try_decide_operation(const OperationQuery &query,
                                                 const Policy *bucket_policy = nullptr) const {
        const s3iam_operation_query c = query.c();
        LayeredDecision decision{};
        const s3iam_status status =
            s3iam_account_decide_operation(handle_.get(), &c, detail::handle(bucket_policy), &decision);
        if (status != S3IAM_OK) return Error(status);
        return decision;
    }

    /// The `Sid` of the statement that a decision names, unless a bucket policy decided.
    std::string_view sid(const LayeredDecision &decision) const & noexcept {
        if (!decision.decision.has_statement) return {};
        return detail::view(s3iam_account_sid(handle_.get(), decision.layer, decision.decision.policy,
                                              decision.decision.statement));
    }
    std::string_view sid(const LayeredDecision &decision) const && = delete;

#if S3IAM_EXCEPTIONS
    static Account of(const AccountOptions &options, const std::vector<const Policy *> &policies = {}) {
        return try_of(options, policies).value();
    }
    LayeredDecision decide(const Query &query, const Policy *bucket_policy = nullptr) const {
        return try_decide(query, bucket_policy).value();
    }
    std::vector<LayeredDecision> decide_many(const std::vector<Query> &queries,
                                             const Policy *bucket_policy = nullptr) const {
        return try_decide_many(queries, bucket_policy).value();
    }
    std::string explain(const Query &query, const Policy *bucket_policy = nullptr) const {
        return try_explain(query, bucket_policy).value();
    }
    std::vector<std::string> allowed_actions(const Query &query,
                                             const Policy *bucket_policy = nullptr) const {
        return try_allowed_actions(query, bucket_policy).value();
    }
    Access access(const Query &query, bool complete = false, const Policy *bucket_policy = nullptr) const {
        return try_access(query, complete, bucket_policy).value();
    }
    Access access(const Query &query, const Policy *bucket_policy) const = delete;
    LayeredDecision decide_operation(const OperationQuery &query,
                                     const Policy *bucket_policy = nullptr) const {
        return try_decide_operation(query, bucket_policy).value();
    }
#endif

private:
    explicit Account(s3iam_account *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_account, s3iam_account_free> handle_;
};

}  // namespace s3iam

#endif  // S3IAM_ACCOUNT_HPP
