// The C++ header without exceptions: results. Compiled with -fno-exceptions.
#include <s3iam.hpp>

#include "check.h"
#include "requests.h"

#if S3IAM_EXCEPTIONS
#error "compile this program with -fno-exceptions"
#endif

int main() {
    s3iam::Options options;
    options.region = "us-east-1";
    s3iam::Result<s3iam::Iam> iam = s3iam::Iam::try_load(DIRECTORY, options);
    CHECK(static_cast<bool>(iam));
    if (!iam) {
        return check_result();
    }
    s3iam::HttpRequest request;
    request.method = "GET";
    request.target = "/bucket/photos/cat.jpg";
    request.headers = {{"Host", "s3.example.com"}};
    request.now = std::chrono::system_clock::time_point(std::chrono::milliseconds(NOW_MS));
    auto verdict = iam->try_authorize(request);
    CHECK(verdict && !verdict->allowed() && verdict->http_status() == 403);

    request.peer = "nowhere";
    auto none = iam->try_authorize(request);
    CHECK(!none && none.error().code() == S3IAM_ERROR_INVALID_ARGUMENT);
    std::optional<s3iam::Error> failed = iam->try_replace("{");
    CHECK(failed && failed->name() == "directory-unreadable" && !failed->message().empty());

    auto verifier = s3iam::Verifier::try_create();
    CHECK(verifier && !verifier->try_add_key({KEY_ID, SECRET, {}, {}, false}));
    auto findings = s3iam::try_validate("{");
    CHECK(findings && findings->status == S3IAM_DOCUMENT_UNREADABLE);
    auto policy = s3iam::Policy::try_parse("{");
    CHECK(!policy && !policy.error().findings().empty());
    auto anonymous = s3iam::Account::try_of({});
    CHECK(anonymous && !(*anonymous->try_decide({})).allowed());
    auto unknown = anonymous->try_decide_operation({});
    CHECK(!unknown && unknown.error().code() == S3IAM_ERROR_INVALID_ARGUMENT);
    auto layers = s3iam::Layers::try_of({});
    CHECK(layers && !layers->try_decide({}) && !layers->try_explain({}) && layers->try_decide_many({}));
    auto readonly = s3iam::Policy::try_built_in("readonly");
    s3iam::Query query;
    query.action = "s3:GetObject";
    query.resource = "photos/cat.jpg";
    auto access = readonly->try_access(query, true);
    CHECK(access && *access->try_allows(query) == s3iam::Truth::True);
    auto actions = readonly->try_allowed_actions(query);
    CHECK(actions && !actions->empty());

    auto nobody = s3iam::Signer::try_create({});
    CHECK(!nobody && nobody.error().code() == S3IAM_ERROR_INVALID_ARGUMENT);
    s3iam::SignerOptions alice;
    alice.access_key = KEY_ID;
    alice.secret_key = SECRET;
    auto signer = s3iam::Signer::try_create(alice);
    request.peer = {};
    auto headers = signer->try_sign(request);
    CHECK(headers && headers->size() == 3);
    CHECK(!signer->try_presign(request, std::chrono::seconds(0)) && !signer->try_post_policy({}, request.now));
    CHECK(!signer->try_sign_chunks(request, S3IAM_CHUNK_SIGNED));
    auto name = s3iam::try_classify(request);
    CHECK(name && *name == "anonymous");
    auto reader = verifier->try_anonymous_body(request);
    CHECK(reader && !reader->try_push("x", [](std::string_view) {}) && reader->try_finish()->decoded_length == 1);
    CHECK(reader->try_push("x", [](std::string_view) {})->code() == S3IAM_ERROR_INVALID_ARGUMENT);
    CHECK(!verifier->try_verify_post(request, "bucket", {}) && verifier->try_diagnose(request));
    CHECK(iam->try_diagnose(request) && *verifier->try_remove_key(KEY_ID) && !*verifier->try_remove_key(KEY_ID));
    auto form = iam->try_authorize_post(request, {});
    CHECK(form && !form->allowed() && !form->try_upload() && !form->try_body_reader());
    return check_result();
}
