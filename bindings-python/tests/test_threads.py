"""One object, many threads."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

from samples import DIRECTORY, REGION, SECRET, sign

import s3iam

THREADS = 8


def test_a_directory_is_replaced_under_traffic(iam: s3iam.Iam) -> None:
    without_alice = json.loads(DIRECTORY)
    del without_alice["users"]["alice"]
    documents = [DIRECTORY, json.dumps(without_alice)]
    sent = sign("GET", "/photos/cat.jpg")
    stop = threading.Event()

    def ask() -> set[bool]:
        seen = set()
        while not stop.is_set():
            verdict = sent.authorize(iam)
            assert verdict.allowed is (verdict.user == "alice")
            seen.add(verdict.allowed)
        return seen

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [pool.submit(ask) for _ in range(THREADS)]
        for turn in range(200):
            iam.replace(documents[turn % 2])
        stop.set()
        assert set().union(*(answer.result() for answer in answers)) <= {True, False}


def test_keys_are_added_while_others_verify() -> None:
    verifier = s3iam.Verifier(region=REGION)
    verifier.add_key("AKIDALICE", SECRET)
    sent = sign("GET", "/b/k")

    def work(number: int) -> None:
        for turn in range(200):
            verifier.add_key(f"KEY{number}-{turn}", "secret-key")
            assert verifier.verify(sent.method, sent.target, sent.headers).access_key == "AKIDALICE"

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, number) for number in range(THREADS)]:
            done.result()


def test_a_policy_is_shared(photos: s3iam.Policy) -> None:
    def work(_: int) -> bool:
        return all(photos.decide("s3:GetObject", f"photos/{n}").allowed for n in range(1000))

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(work, range(THREADS)))
