// Layers: the policies of the AWS dialect that bear on a request, decided together.
#ifndef S3IAM_LAYERS_HPP
#define S3IAM_LAYERS_HPP

#include "policy.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace s3iam {

/// The policies that bear on a request, by where they are attached; what is empty is a layer that is not
/// there. See s3iam_layer_policies.
struct LayerPolicies {
    std::vector<const Policy *> identity;
    const Policy *boundary = nullptr;
    std::vector<const Policy *> session;
    /// A list for each level, from the root of the organisation to the account.
    std::vector<std::vector<const Policy *>> scp;
    /// Likewise.
    std::vector<std::vector<const Policy *>> rcp;
    const Policy *resource = nullptr;
    const Policy *endpoint = nullptr;
    bool block_public_acls = false;
    bool ignore_public_acls = false;
    bool block_public_policy = false;
    bool restrict_public_buckets = false;
};

namespace detail {

/// The levels of an organisation as C takes them.
class Levels {
public:
    explicit Levels(const std::vector<std::vector<const Policy *>> &levels) {
        for (const auto &level : levels) handles_.push_back(handles(level));
        for (const auto &level : handles_) levels_.push_back({level.data(), level.size()});
    }
    const s3iam_level *data() const noexcept { return levels_.data(); }
    std::size_t size() const noexcept { return levels_.size(); }

private:
    std::vector<std::vector<const s3iam_policy *>> handles_;
    std::vector<s3iam_level> levels_;
};

}  // namespace detail

/// Policies of the AWS dialect by where they are attached, decided together as AWS does.
class Layers {
public:
    /// Compiles the policies of each layer; nothing of them is kept.
    static Result<Layers> try_of(const LayerPolicies &policies) {
        const auto identity = detail::handles(policies.identity), session = detail::handles(policies.session);
        const detail::Levels scp(policies.scp), rcp(policies.rcp);
        auto c = detail::sized<s3iam_layer_policies>();
        c.identity = identity.data();
        c.identity_len = identity.size();
        c.session = session.data();
        c.session_len = session.size();
        c.scp = scp.data();
        c.scp_len = scp.size();
        c.rcp = rcp.data();
        c.rcp_len = rcp.size();
        c.boundary = detail::handle(policies.boundary);
        c.resource = detail::handle(policies.resource);
        c.endpoint = detail::handle(policies.endpoint);
        c.block_public_acls = policies.block_public_acls;
        c.ignore_public_acls = policies.ignore_public_acls;
        c.block_public_policy = policies.block_public_policy;
        c.restrict_public_buckets = policies.restrict_public_buckets;
        s3iam_layers *out = nullptr;
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_layers_new(&c, &out, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return Layers(out);
    }

    /// The answer to a question, which names the principal.
    Result<LayeredDecision> try_decide(const Query &query) const {
        const s3iam_query c = query.c();
        LayeredDecision decision{};
        s3iam_error *detail = nullptr;
        const s3iam_status status = s3iam_layers_decide(handle_.get(), &c, &decision, &detail);
        if (status != S3IAM_OK) return Error(status, detail);
        return decision;
    }

    /// The answers to many questions, in their order; the Error names the first that fails.
    Result<std::vector<LayeredDecision>> try_decide_many(const std::vector<Query> &queries) const {
        return detail::decide_many<LayeredDecision>(queries, [this](auto... more) {
            return s3iam_layers_decide_many(handle_.get(), more...);
        });
    }

    /// The answer to a question with its reasons, as JSON text; see s3iam_policy_explain.
    Result<std::string> try_explain(const Query &query) const {
        return detail::explain(query, [this](auto... more) {
            return s3iam_layers_explain(handle_.get(), more...);
        });
    }

    /// The names of the actions that are allowed on the resource of a query, sorted.
    Result<std::vector<std::string>> try_allowed_actions(const Query &query) const {
        return detail::allowed_actions(query, [this](auto... more) {
            return s3iam_layers_allowed_actions(handle_.get(), more...);
        });
    }

    /// The `Sid` of the statement that a decision names; empty if it has none.
    std::string_view sid(const LayeredDecision &decision) const & noexcept {
        if (!decision.decision.has_statement) return {};
        return detail::view(s3iam_layers_sid(handle_.get(), decision.layer, decision.level,
                                             decision.decision.policy, decision.decision.statement));
    }
    std::string_view sid(const LayeredDecision &decision) const && = delete;

#if S3IAM_EXCEPTIONS
    static Layers of(const LayerPolicies &policies) { return try_of(policies).value(); }
    LayeredDecision decide(const Query &query) const { return try_decide(query).value(); }
    std::vector<LayeredDecision> decide_many(const std::vector<Query> &queries) const {
        return try_decide_many(queries).value();
    }
    std::string explain(const Query &query) const { return try_explain(query).value(); }
    std::vector<std::string> allowed_actions(const Query &query) const {
        return try_allowed_actions(query).value();
    }
#endif

private:
    explicit Layers(s3iam_layers *handle) noexcept : handle_(handle) {}
    detail::Handle<s3iam_layers, s3iam_layers_free> handle_;
};

}  // namespace s3iam

#endif  // S3IAM_LAYERS_HPP
