"""What a user of the installed package does first."""

from importlib.metadata import metadata, version
from pathlib import Path

import s3iam

assert s3iam.__version__ == version("s3iam")
assert metadata("s3iam")["License-Expression"] == "Apache-2.0"
package = Path(s3iam.__file__).parent
assert "site-packages" in package.parts, package
for name in ("py.typed", "_native.pyi"):
    assert (package / name).is_file(), name

policy = s3iam.Policy.parse(
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",'
    ' "Resource": "arn:aws:s3:::photos/*"}]}'
)
assert policy.decide("s3:GetObject", "arn:aws:s3:::photos/cat.jpg").allowed
assert not policy.decide("s3:PutObject", "arn:aws:s3:::photos/cat.jpg").allowed
assert not s3iam.validate("{").ok

iam = s3iam.Iam.load('{"version": 1, "users": {"alice": {"secret_key": "alice-secret-key"}}}')
verdict = iam.authorize("GET", "/photos/cat.jpg", [("Host", "s3.example.com")], peer="192.0.2.1")
assert not verdict.allowed and verdict.http_status == 403

try:
    s3iam.Verifier().verify("GET", "/", [("Host", "s3.example.com")])
except s3iam.AccessDenied as error:
    assert error.code == "access-denied"
else:
    raise AssertionError("an unsigned request was taken for a signed one")
