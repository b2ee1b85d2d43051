// The C++ header: owners, views and exceptions.
#include <s3iam.hpp>

#include "check.h"
#include "requests.h"

#include <type_traits>

namespace {

constexpr const char *POLICY =
    R"({"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow",
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]})";

static_assert(!std::is_copy_constructible_v<s3iam::Iam> && std::is_move_constructible_v<s3iam::Iam>);
static_assert(!std::is_copy_constructible_v<s3iam::Policy> && std::is_move_assignable_v<s3iam::Policy>);
static_assert(!std::is_copy_constructible_v<s3iam::Verdict> && std::is_move_assignable_v<s3iam::Verdict>);

s3iam::HttpRequest get() {
    s3iam::HttpRequest request;
    request.method = "GET";
    request.target = "/bucket/photos/cat.jpg";
    request.headers = {{"Host", "s3.example.com"},
                       {"X-Amz-Date", "20260115T120000Z"},
                       {"X-Amz-Content-SHA256", EMPTY_SHA256},
                       {"Authorization", AUTHORIZATION(SIGNATURE_OF_GET)}};
    request.now = std::chrono::system_clock::time_point(std::chrono::milliseconds(NOW_MS));
    return request;
}

s3iam::Options us_east() {
    s3iam::Options options;
    options.region = "us-east-1";
    return options;
}

// The status of the error that `work` throws.
template <typename Work>
s3iam_status thrown(Work work) {
    try {
        work();
    } catch (const s3iam::Error &error) {
        CHECK(std::string(error.what()).find(error.name()) == 0);
        return error.code();
    }
    return S3IAM_OK;
}

void policies_decide() {
    s3iam::Policy policy = s3iam::Policy::parse(POLICY);
    s3iam::Query query;
    query.action = "s3:GetObject";
    query.resource = "arn:aws:s3:::photos/cat.jpg";
    s3iam::Decision decision = policy.decide(query);
    CHECK(decision.allowed() && decision.has_statement);
    CHECK(policy.sid(decision.statement) == "Read");

    s3iam::PolicySet set = s3iam::PolicySet::of({&policy});
    query.action = "s3:PutObject";
    CHECK(!set.decide(query).allowed());
    CHECK_STATUS(thrown([&] { s3iam::PolicySet::of({&policy, nullptr}); }), S3IAM_ERROR_NULL_POINTER);

    query.action = "s3:GetObject";
    CHECK(s3iam::Policy::built_in("readonly").decide(query).allowed());
    CHECK_STATUS(thrown([&] { s3iam::Policy::built_in("none"); }), S3IAM_ERROR_INVALID_ARGUMENT);

    // A moved handle belongs to the new owner alone.
    s3iam::Policy moved = std::move(policy);
    CHECK(moved.decide(query).allowed());
    CHECK_STATUS(thrown([&] { policy.decide(query); }), S3IAM_ERROR_NULL_POINTER);
}

void accounts_decide() {
    s3iam::Policy all = s3iam::Policy::built_in("readwrite");
    s3iam::AccountOptions options;
    options.credential = S3IAM_CREDENTIAL_TEMPORARY;
    options.session_policy = POLICY;
    s3iam::Account account = s3iam::Account::of(options, {&all});
    s3iam::Query query;
    query.action = "s3:GetObject";
    query.resource = "arn:aws:s3:::photos/cat.jpg";
    s3iam::LayeredDecision decision = account.decide(query);
    CHECK(decision.allowed() && decision.layer == S3IAM_LAYER_IDENTITY && account.sid(decision).empty());
    query.action = "s3:PutObject";
    CHECK(account.decide(query).layer == S3IAM_LAYER_SESSION);

    s3iam::PolicyOptions bucket;
    bucket.kind = S3IAM_KIND_BUCKET;
    bucket.bucket = "photos";
    s3iam::Policy open = s3iam::Policy::parse(
        R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
            "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]})",
        bucket);
    s3iam::OperationQuery call;
    call.operation = "GetObject";
    call.bucket = "photos";
    call.object = "cat.jpg";
    s3iam::Account anonymous = s3iam::Account::of({});
    CHECK(anonymous.decide_operation(call, &open).allowed());
    CHECK(!anonymous.decide_operation(call).allowed());
    call.operation = "ListBuckets";
    call.buckets = {"photos"};
    CHECK(account.decide_operation(call).allowed() == false);
    call.operation = "Frob";
    CHECK_STATUS(thrown([&] { account.decide_operation(call); }), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(thrown([&] { account.decide(query, &all); }), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(thrown([&] { s3iam::Account::of({}, {nullptr}); }), S3IAM_ERROR_NULL_POINTER);
    bucket.bucket = "other";
    CHECK(s3iam::validate(POLICY, bucket).status == S3IAM_DOCUMENT_UNREADABLE);
}

constexpr const char *ALICE = "arn:aws:iam::111122223333:user/alice";

s3iam::Policy aws(const char *text, s3iam_kind kind) {
    s3iam::PolicyOptions options;
    options.dialect = S3IAM_DIALECT_AWS;
    options.kind = kind;
    return s3iam::Policy::parse(text, options);
}

s3iam::Query asked(const char *action) {
    s3iam::Query query;
    query.action = action;
    query.resource = "arn:aws:s3:::photos/cat.jpg";
    query.principal = s3iam::Principal::user(ALICE);
    return query;
}

void layers_decide() {
    s3iam::Policy identity = aws(POLICY, S3IAM_KIND_IDENTITY);
    s3iam::Policy all = aws(R"({"Version": "2012-10-17", "Statement": [{"Sid": "All", "Effect": "Allow",
        "Action": "*", "Resource": "*"}]})", S3IAM_KIND_SCP);
    s3iam::Policy none = aws(R"({"Version": "2012-10-17", "Statement": []})", S3IAM_KIND_SCP);
    s3iam::LayerPolicies policies;
    policies.identity = {&identity};
    policies.scp = {{&all}, {&all}};
    s3iam::Layers layers = s3iam::Layers::of(policies);
    s3iam::LayeredDecision decision = layers.decide(asked("s3:GetObject"));
    CHECK(decision.allowed() && decision.layer == S3IAM_LAYER_IDENTITY && layers.sid(decision) == "Read");
    CHECK(!layers.decide(asked("s3:PutObject")).allowed());
    policies.scp = {{&all}, {&none}};
    decision = s3iam::Layers::of(policies).decide(asked("s3:GetObject"));
    CHECK(!decision.allowed() && decision.layer == S3IAM_LAYER_SCP && decision.level == 1);

    s3iam::Query query = asked("s3:GetObject");
    query.resource_account = "444455556666";
    CHECK(layers.decide(query).layer == S3IAM_LAYER_RESOURCE);
    query.principal = {};
    CHECK_STATUS(thrown([&] { layers.decide(query); }), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(!layers.try_decide(query).error().message().empty());
    policies.identity = {nullptr};
    CHECK_STATUS(thrown([&] { s3iam::Layers::of(policies); }), S3IAM_ERROR_NULL_POINTER);
    policies.identity = {};
    policies.resource = &identity;
    CHECK_STATUS(thrown([&] { s3iam::Layers::of(policies); }), S3IAM_ERROR_INVALID_ARGUMENT);
}

void access_control_lists_grant() {
    s3iam::Acl acl = s3iam::Acl::parse(
        R"({"ownership": "ObjectWriter", "object": [{"permission": "READ",
            "grantee": {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}}]})");
    CHECK(acl.is_public() && !s3iam::Acl::parse("{}").is_public());
    s3iam::Query query = asked("s3:GetObject");
    query.principal = s3iam::Principal::anonymous();
    query.resource_account = "444455556666";
    s3iam::LayerPolicies policies;
    CHECK(!s3iam::Layers::of(policies).decide(query).allowed());
    query.acl = &acl;
    CHECK(s3iam::Layers::of(policies).decide(query).layer == S3IAM_LAYER_ACL);
    policies.ignore_public_acls = true;
    CHECK(!s3iam::Layers::of(policies).decide(query).allowed());
    CHECK_STATUS(thrown([] { s3iam::Acl::parse("{"); }), S3IAM_ERROR_INVALID_ARGUMENT);
}

void principals_are_of_every_kind() {
    using s3iam::Principal;
    s3iam::Layers layers = s3iam::Layers::of({});
    const char *role = "arn:aws:iam::111122223333:role/r", *session = "arn:aws:sts::111122223333:assumed-role/r/s";
    for (const Principal &principal :
         {Principal::anonymous(), Principal::root("arn:aws:iam::111122223333:root"), Principal::user(ALICE),
          Principal::role_session(session, role), Principal::federated_user("arn:aws:sts::1:federated-user/f"),
          Principal::federated_user("arn:aws:sts::1:federated-user/f", ALICE),
          Principal::service("s.amazonaws.com"), Principal::federated("accounts.google.com")}) {
        s3iam::Query query = asked("s3:GetObject");
        query.principal = principal;
        // Without a policy only the root user may do anything in its own account.
        CHECK(layers.decide(query).allowed() == (principal.kind == S3IAM_PRINCIPAL_ROOT));
    }
}

// What `asked_of` says with each verb; `bucket` is nothing, or the bucket policy that it is asked with.
template <typename Asked, typename... Bucket>
void verbs(const Asked &asked_of, Bucket... bucket) {
    const std::vector<s3iam::Query> queries = {asked("s3:GetObject"), asked("s3:PutObject")};
    auto decisions = asked_of.decide_many(queries, bucket...);
    CHECK(decisions.size() == 2 && decisions[0].allowed() && !decisions[1].allowed());
    CHECK(asked_of.decide_many({}, bucket...).empty());
    std::string explained = asked_of.explain(queries[1], bucket...);
    CHECK(explained.find("\"allowed\":false") != std::string::npos);
    CHECK(explained.find("\"element\":\"Action\"") != std::string::npos);
    std::vector<std::string> actions = asked_of.allowed_actions(queries[0], bucket...);
    CHECK(actions == std::vector<std::string>{"s3:GetObject"});

    s3iam::Query bad = asked("\xff");
    CHECK_STATUS(thrown([&] { asked_of.explain(bad, bucket...); }), S3IAM_ERROR_INVALID_UTF8);
    CHECK_STATUS(thrown([&] { asked_of.allowed_actions(bad, bucket...); }), S3IAM_ERROR_INVALID_UTF8);
    auto failed = asked_of.try_decide_many({asked("s3:GetObject"), bad}, bucket...);
    CHECK(!failed && failed.error().message().find("query 1: ") == 0);
}

void access_is_a_set(const s3iam::Access &access) {
    s3iam::Query query;
    query.bucket = "photos";
    query.object = "cat.jpg";
    CHECK(access.allows(query) == s3iam::Truth::True);
    query.bucket = "videos";
    CHECK(access.allows(query) == s3iam::Truth::False);
    CHECK(access.json().find("arn:aws:s3:::photos/*") != std::string::npos);
    query.resource = "photos/cat.jpg";
    CHECK_STATUS(thrown([&] { access.allows(query); }), S3IAM_ERROR_INVALID_ARGUMENT);
}

void everybody_answers_every_verb() {
    s3iam::Policy policy = s3iam::Policy::parse(POLICY);
    s3iam::PolicySet set = s3iam::PolicySet::of({&policy});
    s3iam::AccountOptions options;
    options.credential = S3IAM_CREDENTIAL_USER;
    s3iam::Account account = s3iam::Account::of(options, {&policy});
    s3iam::Policy identity = aws(POLICY, S3IAM_KIND_IDENTITY);
    s3iam::LayerPolicies policies;
    policies.identity = {&identity};
    s3iam::PolicyOptions of_bucket;
    of_bucket.kind = S3IAM_KIND_BUCKET;
    s3iam::Policy open = s3iam::Policy::parse(
        R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
            "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]})",
        of_bucket);
    verbs(policy);
    verbs(set);
    verbs(account);
    verbs(s3iam::Layers::of(policies));
    verbs(s3iam::Account::of({}), &open);
    CHECK(set.sid(0, 0) == "Read" && set.sid(1, 0).empty());

    access_is_a_set(policy.access(asked("s3:GetObject")));
    access_is_a_set(set.access(asked("s3:GetObject"), true));
    access_is_a_set(account.access(asked("s3:GetObject"), true, &open));
    access_is_a_set(s3iam::Account::of({}).access(asked("s3:GetObject"), true, &open));
    options.credential = S3IAM_CREDENTIAL_TEMPORARY;
    options.session_policy = "{";
    s3iam::Account broken = s3iam::Account::of(options, {&policy});
    CHECK_STATUS(thrown([&] { broken.access(asked("s3:GetObject")); }), S3IAM_ERROR_UNSUPPORTED);
}

void what_is_not_known_stays_open() {
    s3iam::Policy home = s3iam::Policy::parse(
        R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::home/${aws:username}/*"}]})");
    s3iam::Query query;
    query.action = "s3:GetObject";
    s3iam::Access anybodys = home.access(query), nobodys = home.access(query, true);
    query.context = {{"aws:username", "alice"}};
    s3iam::Access alices = home.access(query);
    query.resource = "home/alice/a";
    CHECK(anybodys.allows(query) == s3iam::Truth::Unknown);
    CHECK(nobodys.allows(query) == s3iam::Truth::False);
    CHECK(alices.allows(query) == s3iam::Truth::True);
}

void errors_carry_code_and_findings() {
    try {
        s3iam::Policy::parse(R"({"Version": "2012-10-17", "Statement": [{"Effect": "Maybe"}]})");
        CHECK(false);
    } catch (const s3iam::Error &error) {
        CHECK_STATUS(error.code(), S3IAM_ERROR_POLICY_INVALID);
        CHECK(error.name() == "policy-invalid");
        CHECK(error.s3_code() == "MalformedPolicy" && error.http_status() == 400);
        CHECK(!error.findings().empty() && !error.findings().front().message.empty());
    }
    s3iam::Findings findings = s3iam::validate("{");
    CHECK(findings.status == S3IAM_DOCUMENT_UNREADABLE && !findings.list.empty());
}

void signatures_are_verified() {
    s3iam::Verifier verifier(us_east());
    s3iam::Key key;
    key.access_key = KEY_ID;
    key.secret_key = SECRET;
    verifier.add_key(key);
    s3iam::Identity identity = verifier.verify(get());
    CHECK(!identity.anonymous() && identity.access_key() == KEY_ID);
    CHECK(identity.form() == S3IAM_FORM_SIGV4_HEADER && !identity.temporary());
    CHECK(identity.payload_sha256().has_value());
    s3iam::HttpRequest tampered = get();
    tampered.target = "/bucket/photos/dog.jpg";
    CHECK_STATUS(thrown([&] { verifier.verify(tampered); }), S3IAM_ERROR_SIGNATURE_DOES_NOT_MATCH);
    CHECK(verifier.remove_key(KEY_ID) && !verifier.remove_key(KEY_ID));
    CHECK_STATUS(thrown([&] { verifier.verify(get()); }), S3IAM_ERROR_UNKNOWN_ACCESS_KEY);
}

void requests_are_authorized() {
    s3iam::Iam iam = s3iam::Iam::load(DIRECTORY, us_east());
    CHECK(iam.problems().empty());
    s3iam::Verdict verdict = iam.authorize(get());
    CHECK(verdict.allowed() && verdict.http_status() == 200);
    CHECK(verdict.user() == "alice" && verdict.operation() == "GetObject");
    CHECK(verdict.bucket() == "bucket" && verdict.key() == "photos/cat.jpg");
    CHECK(verdict.decision().has_value() && verdict.decision()->allowed());
    CHECK(verdict.policy() == "readonly" && verdict.keys().empty());

    s3iam::HttpRequest tampered = get();
    tampered.target = "/bucket/photos/dog.jpg";
    s3iam::Verdict refused = iam.authorize(tampered);
    CHECK(!refused.allowed() && refused.s3_code() == "SignatureDoesNotMatch");
    CHECK(refused.error_xml("R1").find("<RequestId>R1</RequestId>") != std::string::npos);
    CHECK(refused.json("R1").front() == '{');

    CHECK_STATUS(thrown([&] { iam.replace("{"); }), S3IAM_ERROR_DIRECTORY_UNREADABLE);
    CHECK_STATUS(thrown([&] { iam.authorize_packed(nullptr, 0); }), S3IAM_ERROR_MALFORMED_PACKED_REQUEST);
    s3iam::HttpRequest wrong = get();
    wrong.peer = "nowhere";
    CHECK_STATUS(thrown([&] { iam.authorize(wrong); }), S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(iam.authorize(get()).allowed());
}

}  // namespace

int main() {
    CHECK(s3iam::version() == S3IAM_VERSION);
    policies_decide();
    accounts_decide();
    layers_decide();
    access_control_lists_grant();
    principals_are_of_every_kind();
    everybody_answers_every_verb();
    what_is_not_known_stays_open();
    errors_carry_code_and_findings();
    signatures_are_verified();
    requests_are_authorized();
    return check_result();
}
