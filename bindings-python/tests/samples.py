"""A directory of identities, and requests signed by botocore."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import s3iam

HOST = "s3.example.com"
REGION = "eu-central-1"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

DIRECTORY = json.dumps(
    {
        "version": 1,
        "policies": {
            "photos": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "Photos",
                        "Effect": "Allow",
                        "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                        "Resource": "arn:aws:s3:::photos/*",
                    },
                    {
                        "Sid": "KeepOriginals",
                        "Effect": "Deny",
                        "Action": "s3:DeleteObject",
                        "Resource": "arn:aws:s3:::photos/original/*",
                    },
                ],
            }
        },
        "groups": {"staff": {"members": ["bob"], "policies": ["photos"]}},
        "users": {
            "alice": {
                "secret_key": "alice-secret-key",
                "policies": ["readonly"],
                "access_keys": [{"access_key": "AKIDALICE", "secret_key": SECRET}],
            },
            "bob": {"secret_key": "bob-secret-key"},
        },
    }
)


@dataclass
class Sent:
    """A request as it was on the wire."""

    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None

    def authorize(self, iam: s3iam.Iam) -> s3iam.Verdict:
        return iam.authorize(self.method, self.target, self.headers, body=self.body)


def sign(
    method: str,
    path: str,
    *,
    access_key: str = "AKIDALICE",
    secret_key: str = SECRET,
    host: str = HOST,
    body: bytes = b"",
    token: str | None = None,
    presigned: bool = False,
    expires: int = 300,
) -> Sent:
    """A request that botocore signs now."""
    request = AWSRequest(method=method, url=f"http://{host}{path}", data=body)
    credentials = Credentials(access_key, secret_key, token)
    if presigned:
        S3SigV4QueryAuth(credentials, "s3", REGION, expires=expires).add_auth(request)
    else:
        S3SigV4Auth(credentials, "s3", REGION).add_auth(request)
    url = urlsplit(request.url)
    target = url.path + ("?" + url.query if url.query else "")
    return Sent(method, target, [("Host", host), *request.headers.items()], body)
