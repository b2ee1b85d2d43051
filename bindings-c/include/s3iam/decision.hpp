// Answers: whether, why, and by whom.
#ifndef S3IAM_DECISION_HPP
#define S3IAM_DECISION_HPP

#include "../s3iam.h"

namespace s3iam {

/// A decision: whether, and why.
struct Decision : s3iam_decision {
    /// Whether it is allowed.
    bool allowed() const noexcept { return outcome == S3IAM_OUTCOME_ALLOW; }
};
static_assert(sizeof(Decision) == sizeof(s3iam_decision), "a list of Decision is a list of s3iam_decision");

/// What an account or layers answer: whether, why, and who decided.
struct LayeredDecision : s3iam_layered_decision {
    /// Whether it is allowed.
    bool allowed() const noexcept { return decision.outcome == S3IAM_OUTCOME_ALLOW; }
};
static_assert(sizeof(LayeredDecision) == sizeof(s3iam_layered_decision),
              "a list of LayeredDecision is a list of s3iam_layered_decision");

}  // namespace s3iam

#endif  // S3IAM_DECISION_HPP
