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
    s3iam::AccountDecision decision = account.decide(query);
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
    errors_carry_code_and_findings();
    signatures_are_verified();
    requests_are_authorized();
    return check_result();
}
