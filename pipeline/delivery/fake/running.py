"""Starting the fake provider as a process of its own, and speaking to it."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from pipeline.delivery.fake.truth import mails_taken
from pipeline.errors import TipsheetError

_CONTROL_TIMEOUT_SECONDS = 60
_END_TIMEOUT_SECONDS = 5


class FakeNotStartedError(TipsheetError):
    """The fake provider did not come up."""


@dataclass(frozen=True, slots=True)
class Fake:
    """A running fake provider. `url_for(name)` is what `provider_url` is set to; over SMTP it listens at 127.0.0.1."""

    url: str
    truth: Path
    pid: int
    smtp_port: int

    def url_for(self, provider: str) -> str:
        return f"{self.url}/{provider}"

    def fail(self, fault: str, **how: Any) -> None:
        """Let the next calls fail (faults.py has the kinds)."""
        self._control("POST", "faults", {"fault": fault, **how})

    def mend(self) -> list[dict[str, Any]]:
        """No more faults; those that had not come to pass."""
        left: list[dict[str, Any]] = self._control("DELETE", "faults")["left"]
        return left

    def lag(self, *, on: bool) -> None:
        """Whether what is taken shows in the provider's log only later."""
        self._control("POST", "lag", {"on": on})

    def quiet(self) -> bool:
        """Once what dead senders have sent was taken or refused; False where somebody stays connected. Whoever lets
        time pass that is none (by moving a clock) asks for it first.
        """
        return bool(self._control("POST", "quiet", {})["is_quiet"])

    def begin_anew(self) -> None:
        """As it was when it started, the truth log too."""
        self._control("POST", "anew", {})

    def forget_keys(self) -> None:
        """The idempotency keys run out."""
        self._control("POST", "forget", {})

    def tell(self, provider: str, *, url: str, secret: str, now: datetime, **how: Any) -> Counter[str]:
        """Let it tell of all that it took, to `url` on this machine (telling.py says how); status → how often."""
        told = self._control(
            "POST", "tell", {"provider": provider, "url": url, "secret": secret, **how, "now": now.isoformat()}
        )
        return Counter(told)

    def mails(self) -> list[dict[str, Any]]:
        """Every mail that was taken, from the truth log."""
        return mails_taken(self.truth)

    def _control(self, method: str, what: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = requests.request(method, f"{self.url}/_fake/{what}", json=data, timeout=_CONTROL_TIMEOUT_SECONDS)
        if answer.status_code != 200:
            raise FakeNotStartedError(f"The fake provider refuses: {answer.text[:200]}")
        said: dict[str, Any] = answer.json()
        return said


@contextmanager
def running_fake(truth: Path, *, with_bodies: bool = False, seconds: float = 3600) -> Iterator[Fake]:
    """A fake provider that lives as long as the block, and no longer than this process or `seconds`."""
    command = [sys.executable, "-m", "pipeline.delivery.fake", "--truth", str(truth), "--seconds", str(seconds)]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*command, *(["--bodies"] if with_bodies else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            raise FakeNotStartedError("The fake provider did not start; see what it wrote above")
        said = json.loads(line)
        yield Fake(said["url"], truth, process.pid, said["smtp_port"])
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(_END_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
