// Questions, and who asks them.
#ifndef S3IAM_QUERY_HPP
#define S3IAM_QUERY_HPP

#include "acl.hpp"
#include "text.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace s3iam {

/// Who asks, in the AWS dialect: names are ARNs unless said otherwise. See s3iam_principal.
struct Principal {
    s3iam_principal_kind kind = S3IAM_PRINCIPAL_NONE;
    std::string_view name;
    std::string_view behind;

    /// Nobody who is known.
    static Principal anonymous() noexcept { return {S3IAM_PRINCIPAL_ANONYMOUS, {}, {}}; }
    /// The root user of an account.
    static Principal root(std::string_view arn) noexcept { return {S3IAM_PRINCIPAL_ROOT, arn, {}}; }
    /// An IAM user.
    static Principal user(std::string_view arn) noexcept { return {S3IAM_PRINCIPAL_USER, arn, {}}; }
    /// A session of a role.
    static Principal role_session(std::string_view arn, std::string_view role) noexcept {
        return {S3IAM_PRINCIPAL_ROLE_SESSION, arn, role};
    }
    /// A session that a user made for somebody else.
    static Principal federated_user(std::string_view arn, std::string_view user = {}) noexcept {
        return {S3IAM_PRINCIPAL_FEDERATED_USER, arn, user};
    }
    /// A service of AWS, by its name.
    static Principal service(std::string_view name) noexcept { return {S3IAM_PRINCIPAL_SERVICE, name, {}}; }
    /// Somebody whom an identity provider vouches for: the provider's domain or ARN.
    static Principal federated(std::string_view provider) noexcept {
        return {S3IAM_PRINCIPAL_FEDERATED, provider, {}};
    }
};

/// A question to a policy; see s3iam_query.
struct Query {
    std::string_view action;
    std::string_view resource;
    std::string_view bucket;
    std::string_view object;
    std::string_view account;
    std::vector<Pair> context;
    bool is_owner = false;
    bool deny_only = false;
    Principal principal;
    std::string_view resource_account;
    const Acl *acl = nullptr;

    s3iam_query c() const noexcept {
        auto query = detail::sized<s3iam_query>();
        query.action = detail::text(action);
        query.resource = detail::text(resource);
        query.bucket = detail::text(bucket);
        query.object = detail::text(object);
        query.account = detail::text(account);
        query.context = context.data();
        query.context_len = context.size();
        query.is_owner = is_owner;
        query.deny_only = deny_only;
        query.principal.kind = static_cast<std::uint32_t>(principal.kind);
        query.principal.name = detail::text(principal.name);
        query.principal.behind = detail::text(principal.behind);
        query.resource_account = detail::text(resource_account);
        query.acl = acl == nullptr ? nullptr : acl->get();
        return query;
    }
};

/// A question about a whole API call; see s3iam_operation_query.
struct OperationQuery {
    std::string_view operation;
    std::string_view bucket;
    std::string_view object;
    std::string_view version_id;
    std::string_view source_bucket;
    std::string_view source_object;
    std::string_view source_version_id;
    std::string_view account;
    std::vector<Text> buckets;
    std::vector<Pair> context;
    bool retention = false;
    bool legal_hold = false;
    bool bypass_governance = false;
    bool replica = false;
    bool object_lock = false;
    bool force_delete = false;

    s3iam_operation_query c() const noexcept {
        auto query = detail::sized<s3iam_operation_query>();
        query.operation = detail::text(operation);
        query.bucket = detail::text(bucket);
        query.object = detail::text(object);
        query.version_id = detail::text(version_id);
        query.source_bucket = detail::text(source_bucket);
        query.source_object = detail::text(source_object);
        query.source_version_id = detail::text(source_version_id);
        query.account = detail::text(account);
        query.buckets = buckets.data();
        query.buckets_len = buckets.size();
        query.context = context.data();
        query.context_len = context.size();
        query.retention = retention;
        query.legal_hold = legal_hold;
        query.bypass_governance = bypass_governance;
        query.replica = replica;
        query.object_lock = object_lock;
        query.force_delete = force_delete;
        return query;
    }
};

}  // namespace s3iam

#endif  // S3IAM_QUERY_HPP
