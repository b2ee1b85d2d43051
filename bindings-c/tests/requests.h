/*
 * Signed requests that the test programs share. They were signed for the region us-east-1 at
 * NOW_MS with the key of KEY_ID, and a directory that knows it.
 */
#ifndef REQUESTS_H
#define REQUESTS_H

#include <s3iam.h>

/* 2026-01-15T12:00:00Z */
#define NOW_MS INT64_C(1768478400000)
#define KEY_ID "AKIDEXAMPLEUSER00001"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define DELETE_BODY \
    "<Delete><Object><Key>photos/a</Key></Object><Object><Key>secret/b</Key></Object></Delete>"
#define DELETE_SHA256 "35cb4c3f2fa099fc6b09d7413d36f16f0a27adda78a20242ff3c5b01b4a67136"

#define AUTHORIZATION(signature)                                                      \
    "AWS4-HMAC-SHA256 Credential=" KEY_ID "/20260115/us-east-1/s3/aws4_request, "     \
    "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" signature

#define SIGNATURE_OF_GET "9b5ff4bea9cab22b49f5102afd14b3b771d53a0a3dddb7184dd4c385fbe14f64"
#define SIGNATURE_OF_PUT "de9d66744e70b637766d27e622d486c2922ad06f4b729b8ad5ee636d977bfeef"
#define SIGNATURE_OF_DELETE "6e30a17c7db75a1308648f10d12274c928b64180496c891145de93109caee5f6"

/* A user that may read everything, and may delete under photos/ alone. */
#define DIRECTORY                                                                             \
    "{\"version\": 1,"                                                                        \
    " \"users\": {\"alice\": {\"secret_key\": \"alice-and-her-secret\","                      \
    "   \"access_keys\": [{\"access_key\": \"" KEY_ID "\", \"secret_key\": \"" SECRET "\"}]," \
    "   \"policies\": [\"readonly\", \"cleaner\"]}},"                                         \
    " \"policies\": {\"cleaner\": {\"Version\": \"2012-10-17\", \"Statement\": ["             \
    "   {\"Sid\": \"Clean\", \"Effect\": \"Allow\", \"Action\": \"s3:DeleteObject\","         \
    "    \"Resource\": \"arn:aws:s3:::bucket/photos/*\"}]}}}"

/* One whose user names a policy that is not there: loaded, with a problem. */
#define DAMAGED_DIRECTORY                                                        \
    "{\"version\": 1, \"users\": {\"bob\": {\"secret_key\": \"bob-and-his-secret\"," \
    " \"policies\": [\"no-such-policy\"]}}}"

enum { HEADERS_LEN = 4 };

/* The headers of a request whose payload hash and signature are given. */
static inline void request_headers(s3iam_pair *headers, const char *sha256, const char *authorization)
{
    const char *const lines[HEADERS_LEN][2] = {{"Host", "s3.example.com"},
                                               {"X-Amz-Date", "20260115T120000Z"},
                                               {"X-Amz-Content-SHA256", sha256},
                                               {"Authorization", authorization}};
    for (size_t i = 0; i < HEADERS_LEN; i++) {
        headers[i].name = s3iam_text_of(lines[i][0]);
        headers[i].value = s3iam_text_of(lines[i][1]);
    }
}

static inline s3iam_http_request request_of(const char *method, const char *target,
                                            const s3iam_pair *headers)
{
    s3iam_http_request request;
    memset(&request, 0, sizeof request);
    request.size = sizeof request;
    request.method = s3iam_text_of(method);
    request.target = s3iam_text_of(target);
    request.headers = headers;
    request.headers_len = HEADERS_LEN;
    request.now_ms = NOW_MS;
    return request;
}

/* GET /bucket/photos/cat.jpg, which the directory allows. */
static inline s3iam_http_request get_request(s3iam_pair *headers)
{
    request_headers(headers, EMPTY_SHA256, AUTHORIZATION(SIGNATURE_OF_GET));
    return request_of("GET", "/bucket/photos/cat.jpg", headers);
}

/* PUT /bucket/photos/cat.jpg, which it does not. */
static inline s3iam_http_request put_request(s3iam_pair *headers)
{
    request_headers(headers, EMPTY_SHA256, AUTHORIZATION(SIGNATURE_OF_PUT));
    return request_of("PUT", "/bucket/photos/cat.jpg", headers);
}

/* POST /bucket?delete for two keys, of which it allows one. */
static inline s3iam_http_request delete_request(s3iam_pair *headers)
{
    request_headers(headers, DELETE_SHA256, AUTHORIZATION(SIGNATURE_OF_DELETE));
    s3iam_http_request request = request_of("POST", "/bucket?delete", headers);
    request.has_body = true;
    request.body = s3iam_text_of(DELETE_BODY);
    return request;
}

#endif
