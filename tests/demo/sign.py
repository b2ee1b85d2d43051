"""Signs the demo's botocore requests: a plan on standard input, the requests as they would be sent on standard output.

The requests are made by botocore's own S3 client; a hook takes each one just before it would be sent.
"""

import json
import sys
from urllib.parse import urlsplit

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config


class NoBody:
    def stream(self, **_):
        return iter(())


def client(plan, request):
    session = botocore.session.Session()
    session.set_credentials(request["key"], request["secret"])
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        retries={"max_attempts": 0},
    )
    return session.create_client(
        "s3", region_name=plan["region"], endpoint_url="https://" + plan["host"], config=config
    )


def wire(method, url, headers):
    parts = urlsplit(url)
    target = parts.path + ("?" + parts.query if parts.query else "")
    text = [(name, value.decode() if isinstance(value, bytes) else value) for name, value in headers]
    # One of botocore's two signers adds the host, the other leaves it to HTTP.
    if all(name.lower() != "host" for name, _ in text):
        text.insert(0, ("Host", parts.netloc))
    return {"method": method, "target": target, "headers": text}


def sign(plan, request):
    s3 = client(plan, request)
    operation, parameters = request["call"]
    if "presigned" in request:
        url = s3.generate_presigned_url(operation, Params=parameters, ExpiresIn=request["presigned"])
        return wire("GET", url, [])
    sent = []

    def take(request, **_):
        sent.append(wire(request.method, request.url, request.headers.items()))
        return AWSResponse(request.url, 204, {}, NoBody())

    s3.meta.events.register("before-send.s3", take)
    getattr(s3, operation)(**parameters)
    return sent[0]


plan = json.load(sys.stdin)
json.dump([sign(plan, request) for request in plan["requests"]], sys.stdout)
