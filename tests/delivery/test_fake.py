"""The fake provider as a process: bounded, gone with who started it, and its truth on the disk before its answer."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import requests

from pipeline.delivery.fake.faults import Fault, FaultError, Faults
from pipeline.delivery.fake.running import FakeNotStartedError, running_fake
from pipeline.delivery.fake.truth import mails_taken, read_truth
from pipeline.delivery.providers.base import SendState
from tests.delivery.batch_scene import NOW, adapter, recipient, submission


def is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def start(tmp_path, *more: str) -> tuple[subprocess.Popen, str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.delivery.fake", "--truth", str(tmp_path / "truth.jsonl"), *more],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    return process, json.loads(process.stdout.readline())["url"]


def test_it_ends_with_the_block_that_started_it(tmp_path):
    with running_fake(tmp_path / "truth.jsonl") as fake:
        assert is_alive(fake.pid)
    assert not is_alive(fake.pid)


def test_it_ends_when_whoever_started_it_is_gone(tmp_path):
    process, _ = start(tmp_path)
    process.stdin.close()  # as the kernel does it when the starter is killed
    assert process.wait(20) == 0
    process.stdout.close()


def test_it_ends_when_its_time_is_up(tmp_path):
    process, _ = start(tmp_path, "--seconds", "0.2")
    assert process.wait(20) == 0
    process.stdin.close(), process.stdout.close()


def test_what_it_answered_for_is_on_the_disk_when_it_is_killed(tmp_path):
    process, url = start(tmp_path)

    class Here:
        def url_for(self, name: str) -> str:
            return f"{url}/{name}"

    provider = adapter("mailgun", Here(), tmp_path)
    given = submission([recipient(1), recipient(2)])
    assert provider.submit(given, provider.compose(given), now=NOW).state is SendState.ACCEPTED
    process.kill()
    process.wait()
    process.stdin.close(), process.stdout.close(), provider.close()
    assert [mail["delivery"] for mail in mails_taken(tmp_path / "truth.jsonl")] == ["1", "2"]


def test_a_line_that_was_cut_short_is_no_call(tmp_path):
    path = tmp_path / "truth.jsonl"
    path.write_bytes(b'{"mails": [{"to": "a"}]}\n{"mails": [{"to"')
    assert [call["mails"] for call in read_truth(path)] == [[{"to": "a"}]]


def test_the_log_holds_hashes_and_no_bodies_unless_asked(tmp_path):
    with running_fake(tmp_path / "truth.jsonl") as fake:
        provider = adapter("postmark", fake, tmp_path)
        given = submission([recipient(1)])
        provider.submit(given, provider.compose(given), now=NOW)
        provider.close()
        (mail,) = fake.mails()
    assert "html" not in mail
    assert len(mail["html_sha256"]) == 64


def test_many_at_once_are_all_written_down_once(tmp_path):
    with running_fake(tmp_path / "truth.jsonl") as fake:

        def send(number: int) -> None:
            provider = adapter("sendgrid", fake, tmp_path)
            given = submission([recipient(number * 10 + one) for one in range(10)], key=90_000 + number)
            assert provider.submit(given, provider.compose(given), now=NOW).state is SendState.ACCEPTED
            provider.close()

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(send, range(16)))
        found = [mail["delivery"] for mail in fake.mails()]
    assert len(found) == len(set(found)) == 160


def test_a_slow_answer_is_the_right_one(tmp_path):
    with running_fake(tmp_path / "truth.jsonl") as fake:
        fake.fail("slow", seconds=0.3)
        provider = adapter("brevo", fake, tmp_path)
        given, began = submission([recipient(1)]), time.monotonic()
        assert provider.submit(given, provider.compose(given), now=NOW).state is SendState.ACCEPTED
        provider.close()
    assert time.monotonic() - began >= 0.3


def test_part_of_a_batch_is_refused_where_the_provider_can(tmp_path):
    with running_fake(tmp_path / "truth.jsonl") as fake:
        fake.fail("partial", every=3)
        provider = adapter("ses", fake, tmp_path)
        given = submission([recipient(number) for number in range(1, 7)])
        answer = provider.submit(given, provider.compose(given), now=NOW)
        provider.close()
        assert [one.delivery_id for one in answer.outcomes if one.state is SendState.REJECTED] == [3, 6]
        assert len(fake.mails()) == 4


def test_faults_come_in_the_order_in_which_they_were_asked_for():
    faults = Faults()
    faults.add({"fault": "reset", "times": 2, "after": True})
    faults.add({"fault": "error", "status": 500})
    given = [faults.next() for _ in range(4)]
    assert given == [Fault("reset", after=True), Fault("reset", after=True), Fault("error", status=500), None]


@pytest.mark.parametrize(
    "asked", [{"fault": "meteor"}, {"fault": "slow", "seconds": 600}, {"fault": "reset", "times": 0}]
)
def test_what_is_no_fault_is_refused(tmp_path, asked):
    with pytest.raises(FaultError):
        Faults().add(asked)
    with running_fake(tmp_path / "truth.jsonl") as fake, pytest.raises(FakeNotStartedError, match="60 seconds"):
        fake.fail(fault="meteor")


def test_it_listens_on_this_machine_alone_and_knows_no_other_path(tmp_path):
    with running_fake(tmp_path / "truth.jsonl") as fake:
        assert fake.url.startswith("http://127.0.0.1:")
        assert requests.get(f"{fake.url}/pigeon/v1", timeout=5).status_code == 404
        assert requests.get(f"{fake.url}/_fake/pigeon", timeout=5).status_code == 404


def test_it_is_quiet_once_what_a_lost_sender_sent_was_taken(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.delivery.providers._http.ANSWER_TIMEOUT_SECONDS", 0.05)
    with running_fake(tmp_path / "truth.jsonl") as fake:
        fake.fail("slow", seconds=0.5)
        provider, given = adapter("mailgun", fake, tmp_path), submission([recipient(1)])
        assert provider.submit(given, provider.compose(given), now=NOW).state is SendState.IN_DOUBT
        provider.close()
        assert fake.mails() == []  # it is still at it
        assert fake.quiet()
        assert len(fake.mails()) == 1


def test_a_fault_waits_for_a_call_of_its_kind():
    faults = Faults()
    faults.add({"fault": "reset", "on": "look_up"})
    faults.add({"fault": "garbage"})
    assert faults.next("make") is None
    assert faults.next("send") == Fault("garbage")
    assert faults.next("look_up") == Fault("reset", on="look_up")
    faults.add({"fault": "slow", "times": 2})
    assert faults.clear() == [Fault("slow")] * 2
    with pytest.raises(FaultError, match="make"):
        faults.add({"fault": "slow", "on": "tuesday"})
