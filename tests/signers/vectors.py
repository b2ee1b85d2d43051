"""Writes core/tests/data/botocore-vectors.json: requests and forms as botocore signs them.

The core's tests compare its own signer with them, byte for byte. They are written again only when botocore or a
case here changes; run it from the repository's root with the packages of tests/requirements.txt:

    python tests/signers/vectors.py
"""

import datetime
import json
import pathlib
from unittest import mock
from urllib.parse import quote, urlsplit

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

OUT = pathlib.Path(__file__).parents[2] / "core/tests/data/botocore-vectors.json"
KEY = "AKIDEXAMPLEUSER00001"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx+/=="
HOST = "s3.example.com"

# Object keys, most of them with something that has to be encoded.
KEYS = [
    "photos/2026/01/cat.jpg",
    "a b",
    "a+b=c&d",
    "100%",
    "über/€/😀.txt",
    "~tilde-._",
    "(paren)!*'",
    ";semi:colon@at,comma$",
    "//double//slash/",
    "./dot/../dots",
    "quote\"<>\\^`{|}",
    "tab\tand\x7f",
]
QUERIES = [
    "",
    "uploads=",
    "list-type=2&prefix=a%2Fb&delimiter=%2F",
    "versionId=3sL4kqtJlcpXroDTDmJ-rmSpXd3dIbrHY&partNumber=2",
    "response-content-disposition=attachment%3B%20filename%3D%22a%20b.txt%22",
    "z=1&Z=2&a-b=3&a=4&%C3%A4=5",
]
HEADERS = [
    [],
    [["Range", "bytes=0-1048575"], ["User-Agent", "not signed"], ["Expect", "100-continue"]],
    [["Content-Type", "application/octet-stream"], ["Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="]],
    [["x-amz-meta-note", "  two  spaces \t and a tab "], ["X-Amz-Meta-Empty", ""], ["x-amz-acl", "private"]],
    [["x-amz-meta-twice", "one"], ["X-Amz-Meta-Twice", " two "], ["traceparent", "00-0-0-01"], ["Connection", "close"]],
]


def path(key):
    return "/bucket/" + quote(key, safe="/~")


def cases():
    """Every key, query and list of headers, each with changing others."""
    for at in range(max(len(KEYS), len(QUERIES), len(HEADERS)) * 2):
        method = ["GET", "PUT", "HEAD", "DELETE", "POST"][at % 5]
        yield {
            "method": method,
            "path": path(KEYS[at % len(KEYS)]),
            "query": QUERIES[at % len(QUERIES)],
            "headers": HEADERS[at % len(HEADERS)],
            "body": "payload %d" % at if method in ("PUT", "POST") else "",
            "token": TOKEN if at % 3 == 0 else None,
            "region": ["us-east-1", "eu-west-1"][at % 2],
            "time": ["2026-01-15T12:00:00Z", "2015-08-30T12:36:00Z", "2032-02-29T23:59:59Z"][at % 3],
            "expires": [1, 3600, 604800][at % 3],
        }


def at(time):
    instant = datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ")
    return mock.patch.object(botocore.auth, "get_current_datetime", lambda **_: instant)


def request(case):
    url = f"https://{HOST}{case['path']}" + ("?" + case["query"] if case["query"] else "")
    made = AWSRequest(method=case["method"], url=url, data=case["body"].encode())
    for name, value in [["Host", HOST], *case["headers"]]:
        made.headers.add_header(name, value)
    return made


def signers(service, region, credentials, expires):
    """Botocore's two signers of a service: for the header and for the query."""
    auth = botocore.auth
    if service == "s3express":
        cache = {"identity_cache": None}
        return (
            auth.S3ExpressAuth(credentials, service, region, **cache),
            auth.S3ExpressQueryAuth(credentials, service, region, expires=expires, **cache),
        )
    header, query = (
        (auth.S3SigV4Auth, auth.S3SigV4QueryAuth)
        if service == "s3"
        else (auth.SigV4Auth, auth.SigV4QueryAuth)
    )
    return header(credentials, service, region), query(credentials, service, region, expires=expires)


def signed(case, service):
    credentials = Credentials(KEY, SECRET, case["token"])
    header, query = signers(service, case["region"], credentials, case["expires"])
    with at(case["time"]):
        # Botocore moves a body into the query where it presigns.
        in_header, in_query = request(case), request({**case, "body": ""})
        before = [name.lower() for name, _ in in_header.headers.items()]
        header.add_auth(in_header)
        query.add_auth(in_query)
    added = {n.lower(): v for n, v in in_header.headers.items() if n.lower() not in before}
    case = {"service": service, "access_key": KEY, "secret_key": SECRET, "host": HOST, **case}
    return {**case, "added": added, "url": in_query.url}


def unsigned(case):
    """A body that is not signed: botocore leaves it so where it is streamed over TLS with a checksum."""
    made = request(case)
    made.context["has_streaming_input"] = True
    made.context["payload_signing_enabled"] = False
    signer = botocore.auth.S3SigV4Auth(Credentials(KEY, SECRET, case["token"]), "s3", case["region"])
    before = [name.lower() for name, _ in made.headers.items()]
    with at(case["time"]):
        signer.add_auth(made)
    added = {n.lower(): v for n, v in made.headers.items() if n.lower() not in before}
    assert added["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD"
    return {"service": "s3", "access_key": KEY, "secret_key": SECRET, "host": HOST, **case, "added": added}


FORMS = [
    {"key": {"exact": "exact.txt"}, "conditions": [["equals", "acl", "public-read"], ["equals", "Content-Type", "text/plain"]]},
    {"key": {"prefix": "user/alice/"}, "conditions": [["content-length", 1, 1048576]]},
    {"key": {"prefix": ""}, "conditions": [["starts-with", "x-amz-meta-tag", ""], ["starts-with", "Content-Type", "image/"]]},
    {
        "key": {"exact": "ü/€/😀 \"quoted\"\\"},
        "conditions": [
            ["equals", "x-amz-meta-note", "line\nbreak\ttab\x7f and ä"],
            ["equals", "success_action_status", "201"],
            ["content-length", 0, 18446744073709551615],
        ],
    },
]


def form(case, service, token, time):
    document, fields = [{"bucket": "bucket"}], {}
    exact, prefix = case["key"].get("exact"), case["key"].get("prefix")
    document.append({"key": exact} if prefix is None else ["starts-with", "$key", prefix])
    fields["key"] = exact if prefix is None else prefix + "${filename}"
    for kind, *rest in case["conditions"]:
        if kind == "equals":
            document.append({rest[0]: rest[1]})
            fields[rest[0]] = rest[1]
        elif kind == "starts-with":
            document.append(["starts-with", "$" + rest[0], rest[1]])
        else:
            document.append(["content-length-range", *rest])
    expiration = time.replace("T12:", "T13:")
    made = AWSRequest(method="POST", url=f"https://{HOST}/bucket")
    made.context["s3-presign-post-fields"] = fields
    made.context["s3-presign-post-policy"] = {"expiration": expiration.replace("Z", ".000Z"), "conditions": document}
    credentials = Credentials(KEY, SECRET, token)
    signer = (
        botocore.auth.S3ExpressPostAuth(credentials, service, "us-east-1", identity_cache=None)
        if service == "s3express"
        else botocore.auth.S3SigV4PostAuth(credentials, service, "us-east-1")
    )
    with at(time):
        signer.add_auth(made)
    return {
        "service": service,
        "access_key": KEY,
        "secret_key": SECRET,
        "region": "us-east-1",
        "token": token,
        "time": time,
        "expiration": expiration,
        "bucket": "bucket",
        **case,
        "fields": [[name, value] for name, value in made.context["s3-presign-post-fields"].items()],
    }


def main():
    requests = [signed(case, "s3") for case in cases()]
    for case in cases():
        if case["token"]:
            requests.append(signed(case, "s3express"))
        # Botocore encodes the path of other services once where it normalises it, so plain ones are compared.
        plain = {**case, "path": "/", "headers": [h for h in case["headers"] if not h[0].lower().startswith("x-amz")]}
        if case["method"] in ("GET", "POST"):
            requests.append(signed({**plain, "body": case["body"] and "Action=GetCallerIdentity&Version=2011-06-15"}, "sts"))
    vectors = {
        "made_by": f"botocore {botocore.__version__}",
        "requests": requests,
        "unsigned": [unsigned(case) for case in cases() if ["Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="] in case["headers"]],
        "forms": [
            form(case, service, token, "2026-01-15T12:00:00Z")
            for case in FORMS
            for service, token in [("s3", None), ("s3", TOKEN), ("s3express", TOKEN)]
        ],
    }
    for case in vectors["requests"]:
        assert urlsplit(case["url"]).netloc == HOST
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(vectors['requests'])} requests, {len(vectors['unsigned'])} unsigned, {len(vectors['forms'])} forms")


main()
