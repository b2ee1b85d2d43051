"""The signers of other projects: each makes of a wish the request that it would send."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from datetime import datetime
from unittest import mock
from urllib.parse import urlsplit

import awscrt.auth
import awscrt.http
import botocore.auth
import botocore.crt.auth
import minio.signer
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from minio.credentials.credentials import Credentials as MinioCredentials
from minio.helpers import queryencode

from wishes import HOST, REGION, Key, Sent, Wish, sent

EXPIRES = 3600


def _target(url: str) -> str:
    """What stands behind the host, as it is: no empty part of it is lost."""
    return url.split(HOST, 1)[1]


@contextlib.contextmanager
def botocore_at(time: datetime) -> Iterator[None]:
    """Botocore reads the clock itself, in two places."""

    def now(remove_tzinfo: bool = True) -> datetime:
        return time.replace(tzinfo=None) if remove_tzinfo else time

    with (
        mock.patch.object(botocore.auth, "get_current_datetime", now),
        mock.patch.object(botocore.crt.auth, "get_current_datetime", now),
    ):
        yield


def botocore_credentials(key: Key) -> Credentials:
    return Credentials(key.access_key, key.secret_key, key.token)


def botocore_request(wish: Wish) -> AWSRequest:
    request = AWSRequest(method=wish.method, url=wish.url, data=wish.body)
    for name, value in (("Host", HOST), *wish.headers):
        request.headers.add_header(name, value)
    return request


def botocore_header(wish: Wish) -> Sent:
    request = botocore_request(wish)
    with botocore_at(wish.time):
        botocore.auth.S3SigV4Auth(botocore_credentials(wish.key), "s3", REGION).add_auth(request)
    return sent(wish.method, wish.target, request.headers.items(), wish.body)


def botocore_query(wish: Wish) -> Sent:
    # Botocore moves a body into the query where it presigns.
    request = botocore_request(wish.without_body())
    signer = botocore.auth.S3SigV4QueryAuth(botocore_credentials(wish.key), "s3", REGION, expires=EXPIRES)
    with botocore_at(wish.time):
        signer.add_auth(request)
    return sent(wish.method, _target(request.url), request.headers.items())


def express_header(wish: Wish) -> Sent:
    """In a session of S3 Express, whose token has a header of its own."""
    request = botocore_request(wish)
    with botocore_at(wish.time):
        botocore.auth.S3ExpressAuth(
            botocore_credentials(wish.key), "s3express", REGION, identity_cache=None
        ).add_auth(request)
    return sent(wish.method, wish.target, request.headers.items(), wish.body)


def express_query(wish: Wish) -> Sent:
    request = botocore_request(wish.without_body())
    signer = botocore.auth.S3ExpressQueryAuth(
        botocore_credentials(wish.key), "s3express", REGION, identity_cache=None, expires=EXPIRES
    )
    with botocore_at(wish.time):
        signer.add_auth(request)
    return sent(wish.method, _target(request.url), request.headers.items())


def _crt(
    wish: Wish,
    algorithm: awscrt.auth.AwsSigningAlgorithm,
    kind: awscrt.auth.AwsSignatureType,
    payload: str | None = None,
) -> Sent:
    headers = awscrt.http.HttpHeaders([("Host", HOST), *wish.headers])
    request = awscrt.http.HttpRequest(wish.method, wish.target, headers)
    in_query = kind is awscrt.auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS
    header = awscrt.auth.AwsSignedBodyHeaderType
    if payload is None:
        payload = "UNSIGNED-PAYLOAD" if in_query else hashlib.sha256(wish.body).hexdigest()
    config = awscrt.auth.AwsSigningConfig(
        algorithm=algorithm,
        signature_type=kind,
        credentials_provider=awscrt.auth.AwsCredentialsProvider.new_static(
            wish.key.access_key, wish.key.secret_key, wish.key.token
        ),
        region=REGION,
        service="s3",
        date=wish.time,
        use_double_uri_encode=False,
        should_normalize_uri_path=False,
        signed_body_value=payload,
        signed_body_header_type=header.NONE if in_query else header.X_AMZ_CONTENT_SHA_256,
        expiration_in_seconds=EXPIRES if in_query else None,
    )
    signed = awscrt.auth.aws_sign_request(request, config).result(60)
    return sent(signed.method, signed.path, list(signed.headers), None if in_query else wish.body)


_V4, _V4A = awscrt.auth.AwsSigningAlgorithm.V4, awscrt.auth.AwsSigningAlgorithm.V4_ASYMMETRIC
_HEADERS, _QUERY = awscrt.auth.AwsSignatureType


def crt_header(wish: Wish) -> Sent:
    return _crt(wish, _V4, _HEADERS)


def crt_query(wish: Wish) -> Sent:
    return _crt(wish, _V4, _QUERY)


def crt_v4a_header(wish: Wish) -> Sent:
    return _crt(wish, _V4A, _HEADERS)


def crt_v4a_query(wish: Wish) -> Sent:
    return _crt(wish, _V4A, _QUERY)


def crt_streaming(wish: Wish, payload: str) -> Sent:
    """The head of a request whose body is sent in chunks."""
    return _crt(wish, _V4A if "ECDSA" in payload else _V4, _HEADERS, payload)


def botocore_streaming(wish: Wish, payload: str) -> Sent:
    request = botocore_request(wish)
    signer = botocore.auth.S3SigV4Auth(botocore_credentials(wish.key), "s3", REGION)
    # What its client says of a body it says here, where a client that signs chunks would.
    signer.payload = lambda _: payload
    with botocore_at(wish.time):
        signer.add_auth(request)
    return sent(wish.method, wish.target, request.headers.items())


def minio_credentials(key: Key) -> MinioCredentials:
    return MinioCredentials(key.access_key, key.secret_key, key.token)


def minio_header(wish: Wish) -> Sent:
    digest = hashlib.sha256(wish.body).hexdigest()
    # Its client sends no tabs, and its signer does not take them for spaces.
    own = {name: value.replace("\t", " ") for name, value in wish.headers}
    headers: dict[str, str | list[str] | tuple[str]] = {"Host": HOST, **own}
    headers |= {"x-amz-content-sha256": digest, "x-amz-date": wish.time.strftime("%Y%m%dT%H%M%SZ")}
    if wish.key.token is not None:
        headers["X-Amz-Security-Token"] = wish.key.token
    signed = minio.signer.sign_v4_s3(
        method=wish.method,
        url=urlsplit(wish.url),
        region=REGION,
        headers=headers,
        credentials=minio_credentials(wish.key),
        content_sha256=digest,
        date=wish.time,
    )
    return sent(wish.method, wish.target, signed.items(), wish.body)


def minio_query(wish: Wish) -> Sent:
    query = wish.query
    if wish.key.token is not None:
        token = queryencode(wish.key.token)
        query += ("&" if query else "") + f"X-Amz-Security-Token={token}"
    url = minio.signer.presign_v4(
        method=wish.method,
        url=urlsplit(f"https://{HOST}{wish.path}?{query}"),
        region=REGION,
        credentials=minio_credentials(wish.key),
        date=wish.time,
        expires=EXPIRES,
    )
    return sent(wish.method, _target(url.geturl()), [("Host", HOST)])


HEADER_SIGNERS = [botocore_header, crt_header, crt_v4a_header, minio_header, express_header]
QUERY_SIGNERS = [botocore_query, crt_query, crt_v4a_query, minio_query, express_query]
# Their key has a token always.
OF_SESSIONS = [express_header, express_query]
# Their headers are a mapping; the others can send a header several times.
OF_MAPPINGS = [minio_header]
