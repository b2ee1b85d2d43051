"""Forms that other projects sign for a browser's upload."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any
from unittest import mock

import botocore.auth
import hypothesis.strategies as st
import minio.datatypes
import mutations
import pytest
from botocore.awsrequest import AWSRequest
from hypothesis import assume, given
from signers import botocore_at, botocore_credentials, minio_credentials
from wishes import BUCKET, HOST, REGION, STATIC, TEMPORARY, Key, refused, verifier

import s3iam

VERIFIER = verifier(services=["s3", "s3express"], allow_sigv2=True)
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc)
UNTIL = NOW + timedelta(hours=1)
Fields = list[tuple[bytes, bytes]]


def botocore_form(key: Key, object_key: str, values: dict[str, str]) -> dict[str, str]:
    signer = botocore.auth.S3SigV4PostAuth(botocore_credentials(key), "s3", REGION)
    return _botocore_form(signer, object_key, values)


def express_form(key: Key, object_key: str, values: dict[str, str]) -> dict[str, str]:
    """In a session of S3 Express, or with a permanent key, which has none."""
    signer = botocore.auth.S3ExpressPostAuth(botocore_credentials(key), "s3express", REGION, identity_cache=None)
    return _botocore_form(signer, object_key, values)


def v2_form(key: Key, object_key: str, values: dict[str, str]) -> dict[str, str]:
    return _botocore_form(botocore.auth.HmacV1PostAuth(botocore_credentials(key)), object_key, values)


def _botocore_form(signer: Any, object_key: str, values: dict[str, str]) -> dict[str, str]:
    conditions: list[Any] = [{"bucket": BUCKET}, {"key": object_key}, ["content-length-range", 1, 1000]]
    conditions += [{name: value} for name, value in values.items()]
    made = AWSRequest(method="POST", url=f"https://{HOST}/{BUCKET}")
    fields: dict[str, str] = {"key": object_key, **values}
    made.context["s3-presign-post-fields"] = fields
    made.context["s3-presign-post-policy"] = {
        "expiration": UNTIL.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "conditions": conditions,
    }
    with botocore_at(NOW):
        signer.add_auth(made)
    return fields


class _Clock(datetime):
    """Minio reads the clock itself."""

    @classmethod
    def utcnow(cls) -> datetime:  # type: ignore[override]
        return NOW.replace(tzinfo=None)


def minio_form(key: Key, object_key: str, values: dict[str, str]) -> dict[str, str]:
    policy = minio.datatypes.PostPolicy(BUCKET, UNTIL)
    policy.add_equals_condition("key", object_key)
    policy.add_content_length_range_condition(1, 1000)
    for name, value in values.items():
        policy.add_equals_condition(name, value)
    with mock.patch.object(minio.datatypes, "datetime", _Clock):
        signed = policy.form_data(minio_credentials(key), REGION)
    return {"key": object_key, **values, **signed}


def own_form(key: Key, object_key: str, values: dict[str, str]) -> dict[str, str]:
    return _own_form(key, object_key, values, "s3")


def own_express_form(key: Key, object_key: str, values: dict[str, str]) -> dict[str, str]:
    return _own_form(key, object_key, values, "s3express")


def _own_form(key: Key, object_key: str, values: dict[str, str], service: str) -> dict[str, str]:
    signer = s3iam.Signer(
        key.access_key, key.secret_key, session_token=key.token, region=REGION, service=service
    )
    fields = signer.post_policy(
        BUCKET, object_key, expiration=UNTIL, fields=values, content_length=(1, 1000), now=NOW
    )
    return dict(fields)


def verify(fields: Fields, now: datetime = NOW) -> s3iam.PostUpload:
    headers = [("Host", HOST), ("Content-Type", "multipart/form-data; boundary=x")]
    return VERIFIER.verify_post("POST", f"/{BUCKET}", headers, fields, bucket=BUCKET, now=now)


def accepted(fields: Fields, now: datetime = NOW) -> bool:
    return not refused(lambda: verify(fields, now))


def raw(fields: dict[str, str]) -> Fields:
    return [(name.encode(), value.encode()) for name, value in fields.items()]


def storable(object_key: str) -> bool:
    """Keys with a `.` or `..` are refused whatever the signature, and slashes before a key are not of it."""
    segments = re.split(r"[/\\]", object_key)
    return not object_key.startswith("/") and not any(segment.strip() in (".", "..") for segment in segments)


def same(pair: tuple[bytes, bytes], other: tuple[bytes, bytes]) -> bool:
    """Whether two fields say the same."""
    (name, value), (other_name, other_value) = ((name.lower(), value) for name, value in (pair, other))
    if name == b"key":
        value, other_value = value.lstrip(b"/"), other_value.lstrip(b"/")
    return name == other_name and value == other_value


_TEXT = st.text(
    st.sampled_from("a/ +%\"\\<&ä€😀.$") | st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12
)
_VALUES = st.dictionaries(
    st.sampled_from(["Content-Type", "acl", "x-amz-meta-a", "x-amz-meta-b", "Cache-Control"]), _TEXT, max_size=3
)
SIGNERS = [botocore_form, minio_form, own_form, express_form, own_express_form, v2_form]


@pytest.mark.parametrize("sign", SIGNERS)
@given(key=st.sampled_from([STATIC, TEMPORARY]), object_key=_TEXT, values=_VALUES, seed=st.integers())
def test_a_form_verifies_and_no_changed_one(
    sign: Any, key: Key, object_key: str, values: dict[str, str], seed: int
) -> None:
    assume(storable(object_key) and "$" not in object_key)
    fields = raw(sign(key, object_key, values))
    upload = verify(fields)
    assert upload.identity is not None and upload.identity.access_key == key.access_key
    assert (upload.key, upload.min_length, upload.max_length) == (object_key, 1, 1000)
    assert dict(upload.headers) == {
        ("x-amz-acl" if name == "acl" else name.lower()): value for name, value in values.items()
    }
    assert not accepted(fields, UNTIL)
    random = Random(seed)
    for at, (name, value) in enumerate(fields):
        for pair in [(mutations.one_of(name, random), value), (name, mutations.one_of(value, random))]:
            assert same(pair, (name, value)) or not accepted([*fields[:at], pair, *fields[at + 1 :]]), pair
        assert not accepted([*fields[:at], *fields[at + 1 :]]), name
    for added in (b"x-amz-meta-new", b"tagging", b"redirect", b"other", fields[0][0]):
        assert not accepted([*fields, (added, b"x")]), added


@pytest.mark.parametrize("sign", SIGNERS)
def test_every_byte_of_a_form_counts(sign: Any) -> None:
    values = {"Content-Type": "text/plain", "x-amz-meta-a": "ä b"}
    fields = raw(sign(TEMPORARY, "photos/ü.jpg", values))
    assert accepted(fields)
    random = Random(1)
    for at, (name, value) in enumerate(fields):
        pairs = [(other, value) for other in mutations.all_of(name, random)]
        pairs += [(name, other) for other in mutations.all_of(value, random)]
        for pair in pairs:
            assert same(pair, (name, value)) or not accepted([*fields[:at], pair, *fields[at + 1 :]]), pair
