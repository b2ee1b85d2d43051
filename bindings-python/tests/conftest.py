"""What several tests use."""

import json

import pytest
from samples import DIRECTORY, REGION

import s3iam


@pytest.fixture
def iam() -> s3iam.Iam:
    return s3iam.Iam.load(DIRECTORY, region=REGION)


@pytest.fixture
def photos() -> s3iam.Policy:
    return s3iam.Policy.parse(json.dumps(json.loads(DIRECTORY)["policies"]["photos"]))
