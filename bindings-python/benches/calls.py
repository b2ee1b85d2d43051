"""What a call costs, in nanoseconds: the least and the median of many batches.

    python benches/calls.py
"""

import json
import time
from collections.abc import Callable
from datetime import datetime, timezone
from statistics import median

import s3iam

BATCHES = 200
BATCH = 1000

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc).timestamp()
DIRECTORY = json.dumps(
    {
        "version": 1,
        "users": {
            "alice": {
                "secret_key": "alice-secret-key",
                "policies": ["readonly"],
                "access_keys": [
                    {
                        "access_key": "AKIDEXAMPLEUSER00001",
                        "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                    }
                ],
            }
        },
    }
)
HEADERS = [
    ("Host", "s3.example.com"),
    ("User-Agent", "benchmark/1.0"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "identity"),
    ("X-Amz-Date", "20260115T120000Z"),
    ("X-Amz-Content-SHA256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEUSER00001/20260115/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
        "Signature=9b5ff4bea9cab22b49f5102afd14b3b771d53a0a3dddb7184dd4c385fbe14f64",
    ),
]
TARGET = "/bucket/photos/cat.jpg"


def measure(name: str, call: Callable[[], object], calls: int = BATCH) -> None:
    times = []
    for _ in range(BATCHES):
        start = time.perf_counter_ns()
        for _ in range(calls):
            call()
        times.append((time.perf_counter_ns() - start) / calls)
    print(f"{name:44} {min(times):8.0f} {median(times):8.0f}")


def main() -> None:
    iam = s3iam.Iam.load(DIRECTORY)
    verifier = s3iam.Verifier()
    verifier.add_key("AKIDEXAMPLEUSER00001", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    wire = [(name.lower().encode(), value.encode()) for name, value in HEADERS]
    assert iam.authorize("GET", TARGET, HEADERS, now=NOW).allowed
    assert iam.authorize("GET", TARGET, wire, now=NOW).allowed
    policy = s3iam.Policy.built_in("readonly")
    context: s3iam.Context = {"aws:SourceIp": "10.0.0.1", "aws:username": "alice", "aws:SecureTransport": True}

    print(f"{'nanoseconds a call':44} {'least':>8} {'median':>8}")
    measure("nothing", lambda: None)
    measure("authorize, 7 headers of str", lambda: iam.authorize("GET", TARGET, HEADERS, now=NOW))
    measure("authorize, 7 headers of bytes", lambda: iam.authorize("GET", TARGET, wire, now=NOW))
    measure("authorize, with the peer", lambda: iam.authorize("GET", TARGET, wire, now=NOW, peer="10.0.0.1"))
    measure("authorize, 7 headers, refused", lambda: iam.authorize("PUT", TARGET, wire, now=NOW))
    measure("verify, 7 headers of bytes", lambda: verifier.verify("GET", TARGET, wire, now=NOW))
    measure("decide", lambda: policy.decide("s3:GetObject", "arn:aws:s3:::bucket/photos/cat.jpg"))
    measure(
        "decide, context of 3", lambda: policy.decide("s3:GetObject", "arn:aws:s3:::b/k", context)
    )
    keys = [f"bucket/photos/{n}.jpg" for n in range(100)]
    measure("decide_many, 100 questions", lambda: policy.decide_many(["s3:GetObject"], keys), calls=50)
    measure("explain", lambda: policy.explain("s3:GetObject", "arn:aws:s3:::b/k", context), calls=50)
    measure(".allowed", (lambda d: lambda: d.allowed)(policy.decide("s3:GetObject", "b/k")))


if __name__ == "__main__":
    main()
