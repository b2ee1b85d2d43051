// The C++ header: bodies, forms, signing and diagnosis.
#include <s3iam.hpp>

#include "check.h"
#include "requests.h"

#include <string>
#include <type_traits>

namespace {

static_assert(!std::is_copy_constructible_v<s3iam::BodyReader> && std::is_move_assignable_v<s3iam::BodyReader>);
static_assert(!std::is_copy_constructible_v<s3iam::Upload> && std::is_move_constructible_v<s3iam::Upload>);
static_assert(!std::is_copy_constructible_v<s3iam::Signer> && std::is_move_constructible_v<s3iam::Signer>);

constexpr std::chrono::system_clock::time_point NOW{std::chrono::milliseconds(NOW_MS)};

// The status of the error that `work` throws.
template <typename Work>
s3iam_status thrown(Work work) {
    try {
        work();
    } catch (const s3iam::Error &error) {
        return error.code();
    }
    return S3IAM_OK;
}

s3iam::SignerOptions alice() {
    s3iam::SignerOptions options;
    options.access_key = KEY_ID;
    options.secret_key = SECRET;
    return options;
}

s3iam::Verifier a_verifier(const s3iam::Options &options = {}) {
    s3iam::Verifier verifier(options);
    s3iam::Key key;
    key.access_key = KEY_ID;
    key.secret_key = SECRET;
    verifier.add_key(key);
    return verifier;
}

s3iam::HttpRequest request_to(std::string_view method, std::string_view target) {
    s3iam::HttpRequest request;
    request.method = method;
    request.target = target;
    request.headers = {{"Host", "s3.example.com"}};
    request.now = NOW;
    return request;
}

void add(s3iam::HttpRequest &request, const s3iam::Fields &headers) {
    for (const auto &[name, value] : headers) request.headers.emplace_back(name, value);
}

void a_body_in_chunks_is_signed_and_read() {
    s3iam::HttpRequest request = request_to("PUT", "/bucket/photos/cat.jpg");
    request.headers.emplace_back("x-amz-decoded-content-length", "9");
    request.headers.emplace_back("x-amz-trailer", "x-amz-checksum-crc32");
    s3iam::Signer signer(alice());
    auto [headers, chunks] = signer.sign_chunks(request, S3IAM_CHUNK_SIGNED_TRAILER);
    add(request, headers);
    std::string body(chunks.encode("12345"));
    body += chunks.encode("6789");
    body += chunks.finish({{"x-amz-checksum-crc32", "y/Q5Jg=="}});
    CHECK(signer.encoded_length(S3IAM_CHUNK_SIGNED_TRAILER, 9, 5, {{"x-amz-checksum-crc32", 8}}) == body.size());
    CHECK_STATUS(thrown([&chunks = chunks] { chunks.encode("x"); }), S3IAM_ERROR_INVALID_ARGUMENT);

    s3iam::Identity identity = a_verifier().verify(request);
    CHECK(identity.payload() == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
    s3iam::BodyReader reader = identity.body_reader();
    CHECK(reader.decoded_length() == 9);
    std::string object;
    auto keep = [&object](std::string_view released) { object += released; };
    for (char byte : body) reader.push({&byte, 1}, keep);
    s3iam::BodySummary summary = reader.finish();
    CHECK(object == "123456789" && summary.decoded_length == 9 && !summary.content_md5);
    CHECK(summary.checksum && summary.checksum->algorithm == "CRC32" && summary.checksum->value == "y/Q5Jg==");
    CHECK(summary.checksum->trailer == "x-amz-checksum-crc32");
    CHECK_STATUS(thrown([&] { reader.push("x", keep); }), S3IAM_ERROR_INVALID_ARGUMENT);

    body[body.find("6789")] = 'X';
    object.clear();
    s3iam::BodyReader wrong = identity.body_reader();
    auto refused = wrong.try_push(body, keep);
    CHECK(refused && refused->code() == S3IAM_ERROR_CHUNK_SIGNATURE_DOES_NOT_MATCH);
    CHECK(refused->s3_code() == "SignatureDoesNotMatch" && object == "12345");
    CHECK_STATUS(thrown([&] { wrong.finish(); }), S3IAM_ERROR_CHUNK_SIGNATURE_DOES_NOT_MATCH);
}

void anonymous_bodies_are_checked() {
    s3iam::HttpRequest request = request_to("PUT", "/bucket/key");
    request.headers.emplace_back("x-amz-checksum-crc32", "y/Q5Jg==");
    s3iam::BodyReader reader = a_verifier().anonymous_body(request);
    CHECK(!reader.decoded_length());
    reader.push("123456780", [](std::string_view) {});
    CHECK_STATUS(thrown([&] { reader.finish(); }), S3IAM_ERROR_CHECKSUM_MISMATCH);
    CHECK(s3iam::stored_content_encoding("gzip, aws-chunked") == "gzip");
    CHECK_STATUS(thrown([] { s3iam::stored_content_encoding("\xff"); }), S3IAM_ERROR_INVALID_UTF8);
}

void both_algorithms_sign() {
    for (auto [algorithm, form] : {std::pair{S3IAM_ALGORITHM_SIGV4, S3IAM_FORM_SIGV4_PRESIGNED},
                                   std::pair{S3IAM_ALGORITHM_SIGV4A, S3IAM_FORM_SIGV4A_PRESIGNED}}) {
        s3iam::SignerOptions options = alice();
        options.algorithm = algorithm;
        s3iam::Signer signer(options);
        s3iam::HttpRequest request = request_to("GET", "/bucket/photos/cat.jpg");
        std::string target = signer.presign(request, std::chrono::seconds(60));
        CHECK_STATUS(thrown([&] { signer.presign(request, std::chrono::seconds(-1)); }),
                     S3IAM_ERROR_INVALID_ARGUMENT);
        request.target = target;
        CHECK(a_verifier().verify(request).form() == form);
        CHECK(s3iam::classify(request) == (form == S3IAM_FORM_SIGV4_PRESIGNED ? "sigv4-presigned" : "sigv4a-presigned"));
        s3iam::Options no_v4a;
        no_v4a.refuse_sigv4a = true;
        CHECK_STATUS(thrown([&] { a_verifier(no_v4a).verify(request); }),
                     form == S3IAM_FORM_SIGV4_PRESIGNED ? S3IAM_OK : S3IAM_ERROR_AUTH_FORM_UNSUPPORTED);
    }
    s3iam::Signer signer(alice());
    s3iam::HttpRequest request = request_to("GET", "/bucket/photos/cat.jpg");
    s3iam::Fields body = signer.sign(request);
    CHECK(body.size() == 3 && body[2].second == AUTHORIZATION(SIGNATURE_OF_GET));
    CHECK(signer.sign(request, s3iam::SignedPayload::nothing())[1].second == "UNSIGNED-PAYLOAD");
    CHECK(signer.sign(request, s3iam::SignedPayload::sha256({{0xab}}))[1].second.substr(0, 4) == "ab00");
    s3iam::SignerOptions nobody;
    CHECK_STATUS(thrown([&] { s3iam::Signer none(nobody); }), S3IAM_ERROR_INVALID_ARGUMENT);
    request.headers = {{"Authorization", "Basic dTpw"}};
    CHECK_STATUS(thrown([&] { s3iam::classify(request); }), S3IAM_ERROR_UNKNOWN_AUTH_SCHEME);
}

s3iam::Fields policy_for(std::string_view prefix) {
    s3iam::PolicyDraft draft;
    draft.bucket = "bucket";
    draft.key = prefix;
    draft.key_is_prefix = true;
    draft.conditions = {s3iam::PolicyCondition::equals("x-amz-meta-tag", "new"),
                        s3iam::PolicyCondition::starts_with("Content-Type", "image/"),
                        s3iam::PolicyCondition::content_length(1, 10)};
    draft.expires = NOW + std::chrono::hours(1);
    return s3iam::Signer(alice()).post_policy(draft, NOW);
}

void what_it_uploads(const s3iam::Upload &upload) {
    CHECK(upload.key() == "photos/cat.jpg" && upload.least_length() == 1 && upload.greatest_length() == 10);
    CHECK(upload.success_status() == 204 && upload.success_redirect().empty());
    auto headers = upload.headers();
    CHECK(headers.size() == 2 && headers[0].first == "x-amz-meta-tag" && headers[0].second == "new");
    upload.check_length(10, true);
    CHECK_STATUS(thrown([&] { upload.check_length(11, false); }), S3IAM_ERROR_FORM_FILE_TOO_LARGE);
}

void forms_are_verified_and_authorized() {
    s3iam::Fields fields = policy_for("photos/");
    s3iam::PostForm form;
    form.file_name = "cat.jpg";
    for (const auto &[name, value] : fields) form.fields.emplace_back(name, value);
    form.fields.emplace_back("Content-Type", "image/jpeg");
    s3iam::HttpRequest request = request_to("POST", "/bucket");
    request.headers.emplace_back("Content-Type", "multipart/form-data; boundary=b");

    auto [identity, upload] = a_verifier().verify_post(request, "bucket", form);
    CHECK(identity.access_key() == KEY_ID && identity.form() == S3IAM_FORM_POST_V4);
    what_it_uploads(upload);
    CHECK_STATUS(thrown([&] { a_verifier().verify_post(request, "other", form); }),
                 S3IAM_ERROR_FORM_CONDITION_FAILED);
    form.file_length = 11;
    CHECK_STATUS(thrown([&] { a_verifier().verify_post(request, "bucket", form); }),
                 S3IAM_ERROR_FORM_FILE_TOO_LARGE);
    form.file_length = 10;

    s3iam::Iam iam = s3iam::Iam::load(
        R"({"version": 1, "users": {"alice": {"secret_key": "alice-and-her-secret",
            "access_keys": [{"access_key": ")" KEY_ID R"(", "secret_key": ")" SECRET R"("}],
            "policies": ["readwrite"]}}})");
    s3iam::Verdict verdict = iam.authorize_post(request, form);
    CHECK(verdict.allowed() && verdict.key() == "photos/cat.jpg" && verdict.payload() == "unsigned");
    what_it_uploads(verdict.upload());
    CHECK_STATUS(thrown([&] { verdict.body_reader(); }), S3IAM_ERROR_INVALID_ARGUMENT);
    form.fields.pop_back();
    form.fields.emplace_back("Content-Type", "text/html");
    s3iam::Verdict refused = iam.authorize_post(request, form);
    CHECK(!refused.allowed() && refused.error_code() == S3IAM_ERROR_FORM_CONDITION_FAILED);
    CHECK_STATUS(thrown([&] { refused.upload(); }), S3IAM_ERROR_INVALID_ARGUMENT);
}

void a_verdict_reads_its_body() {
    s3iam::Iam iam = s3iam::Iam::load(DIRECTORY);
    s3iam::HttpRequest request = request_to("GET", "/bucket/photos/cat.jpg");
    s3iam::Fields headers = s3iam::Signer(alice()).sign(request);
    add(request, headers);
    s3iam::Verdict verdict = iam.authorize(request);
    CHECK(verdict.allowed() && verdict.payload() == "sha256");
    s3iam::BodyReader reader = verdict.body_reader();
    reader.push("not what was signed", [](std::string_view) {});
    CHECK_STATUS(thrown([&] { reader.finish(); }), S3IAM_ERROR_CONTENT_SHA256_MISMATCH);
}

void mismatches_are_diagnosed() {
    s3iam::HttpRequest request = request_to("GET", "/bucket/photos/cat.jpg");
    s3iam::Fields headers = s3iam::Signer(alice()).sign(request);
    add(request, headers);
    s3iam::Verifier verifier = a_verifier();
    CHECK(verifier.diagnose(request).json.find("\"outcome\":\"verifies\"") != std::string::npos);
    request.method = "HEAD";
    s3iam::Diagnosis diagnosis = verifier.diagnose(request);
    CHECK(diagnosis.json.find("\"certain\":true") != std::string::npos);
    CHECK(diagnosis.json.find(SECRET) == std::string::npos && !diagnosis.safe_message.empty());
    request.peer = "nowhere";
    CHECK_STATUS(thrown([&] { verifier.diagnose(request); }), S3IAM_ERROR_INVALID_ARGUMENT);

    s3iam::Iam iam = s3iam::Iam::load(DIRECTORY);
    CHECK_STATUS(thrown([&] { iam.diagnose(request); }), S3IAM_ERROR_INVALID_ARGUMENT);
    request.peer = {};
    s3iam::Diagnosis of_iam = iam.diagnose(request);
    CHECK(of_iam.json == diagnosis.json && of_iam.safe_message == diagnosis.safe_message);
}

}  // namespace

int main() {
    a_body_in_chunks_is_signed_and_read();
    anonymous_bodies_are_checked();
    both_algorithms_sign();
    forms_are_verified_and_authorized();
    a_verdict_reads_its_body();
    mismatches_are_diagnosed();
    return check_result();
}
