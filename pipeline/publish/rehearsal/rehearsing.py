"""Running a rehearsal: the copy, the fake provider and the stage, started and cleared away."""

import json
import subprocess
import sys
from base64 import b64encode
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.config import CHECKOUT, ENV_PREFIX, Config
from pipeline.delivery.fake import server
from pipeline.delivery.fake.protocols import ses
from pipeline.delivery.fake.running import Fake, running_fake
from pipeline.delivery.fake.smtp import NAME as SMTP
from pipeline.delivery.providers import traits
from pipeline.errors import TipsheetError
from pipeline.publish.rehearsal.copying import clean_environment, copied

OUTBOX = "outbox"
_STARTING_SECONDS = 60
_SECRETS = {
    "brevo": "rehearsal-secret-of-brevo",
    "mailgun": "rehearsal-key-of-mailgun",
    "postmark": "rehearsal-secret-of-postmark",
    "resend": f"whsec_{b64encode(b'rehearsal' * 3).decode('ascii')}",
}
"""Of the calls that the fake provider makes; SendGrid's and Amazon's are signed with keys that only they have."""


class RehearsalError(TipsheetError):
    """The rehearsal cannot be held, or broke off."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is rehearsed. `readers` is how many at most; `seconds` how long kills and faults go on at most."""

    newsletter: str
    provider: str
    readers: int
    kills: int
    faults: int
    seconds: float
    seed: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of it. `faults` are by kind; times are in seconds; `hooks` are the calls that told of deliveries, and
    `told` the deliveries that they moved. `problems` says what does not add up, one line each.
    """

    issue: str
    provider: str
    readers: int
    of_readers: int
    planned: int
    accepted: int
    rejected: int
    suppressed: int
    excluded: int
    cancelled: int
    in_doubt: int
    waiting: int
    mailed: int
    twice: int
    lost: int
    untold: int
    kills: int
    faults: dict[str, int]
    was_in_doubt: int
    hooks: int
    told: int
    recovery_seconds: float
    seconds: float
    problems: list[str] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        return not self.problems


def playable() -> list[str]:
    """The providers that can be played here; one that keeps the list itself mails nobody by itself."""
    played = [name for name in server.available() if not traits(name).keeps_list]
    return sorted([*played, SMTP, OUTBOX])


def rehearse(plan: Plan, *, config: Config) -> Rehearsed:
    """Hold the rehearsal. Raises RehearsalError where the provider cannot be played, or with what the stage says."""
    if plan.provider not in playable():
        raise RehearsalError(
            f"{plan.provider} cannot be played on this machine: rehearse with --provider and one of "
            f"{', '.join(playable())}"
        )
    with copied(config) as home, running_fake(home / "truth.jsonl", seconds=plan.seconds + 600) as fake:
        told = {"plan": asdict(plan), "fake": {"url": fake.url, "pid": fake.pid, "smtp_port": fake.smtp_port}}
        said = _staged(_environment(config, plan, home, fake), told, plan.seconds + 300)
    return Rehearsed(**said)


def _environment(config: Config, plan: Plan, home: Path, fake: Fake) -> dict[str, str]:
    """What the stage may know: nothing of the workspace's own configuration but its public address and its patience."""
    is_http = plan.provider in server.available()
    settings: dict[str, object] = {
        "home": home,
        "public_url": config.public_url,
        "lease_seconds": config.lease_seconds,
        "in_doubt": config.in_doubt,
        "provider": plan.provider,
        "provider_key": ses.KEY if plan.provider == "ses" else "rehearsal",
        "provider_secret": ses.SECRET,
        "provider_url": fake.url_for(plan.provider) if is_http else "",
        "provider_options": json.dumps({"region": ses.REGION, "calls_per_second": "1000"}),
        "smtp_host": "127.0.0.1",
        "smtp_port": fake.smtp_port,
        "smtp_security": "none",
        "webhook_secrets": " ".join(f"{name}={secret}" for name, secret in _SECRETS.items()),
    }
    return clean_environment() | {f"{ENV_PREFIX}{name.upper()}": str(value) for name, value in settings.items()}


def _staged(environment: dict[str, str], told: dict[str, Any], timeout_seconds: float) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli.rehearsal_stage"], cwd=CHECKOUT, env=environment,
            input=json.dumps(told), capture_output=True, text=True, timeout=timeout_seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise RehearsalError("The rehearsal did not come to an end in time, and was broken off.") from error
    line = done.stdout.splitlines()[-1] if done.stdout.strip() else ""
    if not line.startswith("{"):
        raise RehearsalError(
            f"The rehearsal broke off: {(done.stderr.strip().splitlines() or ['it said nothing'])[-1]}"
        )
    said: dict[str, Any] = json.loads(line)
    if "error" in said:
        raise RehearsalError(str(said["error"]))
    return said
