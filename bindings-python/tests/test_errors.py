"""Exceptions: classes, codes, pickling, and the boundary that panics cannot cross."""

import pickle
import subprocess
import sys
from typing import get_args

import pytest

import s3iam
from s3iam import _native


def test_classes_stand_below_the_closest_standard_ones() -> None:
    assert issubclass(s3iam.PolicyError, ValueError)
    assert issubclass(s3iam.DirectoryError, ValueError)
    assert issubclass(s3iam.ArgumentError, ValueError)
    assert issubclass(s3iam.AccessDenied, PermissionError)
    for name in s3iam.__all__:
        value = getattr(s3iam, name)
        if isinstance(value, type) and issubclass(value, BaseException):
            assert issubclass(value, s3iam.S3IamError)


def test_an_error_tells_everything() -> None:
    with pytest.raises(s3iam.PolicyError) as raised:
        s3iam.Policy.parse("{")
    error = raised.value
    assert error.code == "policy-unreadable" and error.code in get_args(s3iam.ErrorCode)
    assert (error.s3_code, error.http_status, error.details) == ("MalformedPolicy", 400, {})
    assert str(error) == f"{error.code}: {error.message}"


def test_errors_can_be_pickled() -> None:
    with pytest.raises(s3iam.PolicyError) as raised:
        s3iam.Policy.parse("{")
    error = raised.value
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is s3iam.PolicyError
    assert vars(again) == vars(error) and str(again) == str(error) and again.findings


def test_a_panic_is_an_ordinary_exception() -> None:
    """In a process of its own: Rust writes the panic to standard error, which no test should."""
    program = (
        "from s3iam import _native, S3IamError\n"
        "try:\n    _native._raise_panic()\n"
        "except S3IamError as error:\n    print(error.code, error.http_status)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "internal 500\n"
    assert "a panic on purpose" in done.stderr


def test_the_package_knows_its_version() -> None:
    from importlib.metadata import version

    assert s3iam.__version__ == version("s3iam") == _native.__version__
