"""Calling a newsletter's webhook about an alert: signed, pinned to a checked address, and cut off in time.

The body is JSON. `Tipsheet-Signature: t=<unix seconds>,v1=<hex>` is the HMAC-SHA256, with the installation's alert
secret, of `<t>.<body>`: whoever takes the call checks it, and refuses one that is old. `id` is the same in every try
of one alert, so that a call which came through without its answer is not acted on twice. Any 2xx takes it; a redirect
is not followed, and no answer's body is read.
"""

import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_network
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from pipeline.config import Config
from pipeline.delivery.actions import alerts as actions
from pipeline.delivery.models import Alert
from pipeline.documents.errors import DocumentError
from pipeline.documents.fetch import Deadline, Guard, pinned_session
from pipeline.errors import TipsheetError

logger = logging.getLogger(__name__)

CALLS_PER_RUN = 20
TOTAL_SECONDS = 10.0  # for the whole call, from the first packet to the answer's head
PORTS = frozenset({443, 8443})
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
_MAY_PASS = frozenset({408, 425, 429})


class CallRefusedError(TipsheetError):
    """The webhook is not called at all; the message says why."""


def call_due(*, config: Config, clock: Callable[[], datetime], total_seconds: float = TOTAL_SECONDS) -> int:
    """Call the webhooks that are due; how many took it. Never raises for what a webhook does."""
    taken = 0
    for _ in range(CALLS_PER_RUN):
        alert = actions.take(now=clock())
        if alert is None:
            break
        taken += _call(alert, config=config, clock=clock, total_seconds=total_seconds)
    return taken


def _call(alert: Alert, *, config: Config, clock: Callable[[], datetime], total_seconds: float) -> bool:
    try:
        status = _post(alert, config=config, now=clock(), total_seconds=total_seconds)
    except CallRefusedError as refusal:
        logger.warning("alerts.call_refused alert=%s", alert.pk)
        actions.refused(alert=alert, status=None, said=str(refusal), now=clock())
        return False
    except (requests.RequestException, HTTPError, OSError) as error:
        logger.warning("alerts.unreachable alert=%s error=%s", alert.pk, type(error).__name__)
        actions.missed(alert=alert, status=None, said=f"No answer: {type(error).__name__}.", now=clock())
        return False
    return _settle(alert, status, now=clock())


def _settle(alert: Alert, status: int, *, now: datetime) -> bool:
    if 200 <= status < 300:
        actions.accepted(alert=alert, status=status, now=now)
        return True
    logger.warning("alerts.call_not_taken alert=%s status=%s", alert.pk, status)
    said = f"It answered {status}."
    if status >= 500 or status in _MAY_PASS:
        actions.missed(alert=alert, status=status, said=said, now=now)
    else:
        actions.refused(alert=alert, status=status, said=said, now=now)
    return False


def _post(alert: Alert, *, config: Config, now: datetime, total_seconds: float) -> int:
    if not config.alerts_key:
        raise CallRefusedError("There is no secret to sign with: set PIPELINE_ALERT_SECRET, then raise it again.")
    try:
        hop = guard_for(alert.call_url, config=config).checked(alert.call_url)
    except DocumentError as error:
        raise CallRefusedError(f"It may not be called: {error}") from error
    body = body_of(alert)
    headers = {
        "User-Agent": "Tipsheet",
        "Content-Type": "application/json",
        "Host": hop.host_header,
        "Tipsheet-Signature": signature(body, key=config.alerts_key, now=now),
    }
    deadline = Deadline(total_seconds)
    try:
        with (
            pinned_session(hop, deadline) as session,
            session.post(
                hop.url, data=body, headers=headers, stream=True, allow_redirects=False, timeout=deadline.left()
            ) as answer,
        ):
            if deadline.has_passed:  # the line was cut: what looks like an answer may be half of one
                raise TimeoutError
            return answer.status_code
    finally:
        deadline.release()


def guard_for(url: str, *, config: Config) -> Guard:
    """Where a webhook may be: on the public internet by https; on this machine too, on any port, where the
    configuration allows that.
    """
    if not config.alert_webhook_loopback:
        return Guard(schemes=frozenset({"https"}), ports=PORTS)
    port = urlsplit(url).port
    return Guard(ports=PORTS | ({port} if port else {80}), also_allowed=_LOOPBACK)


def body_of(alert: Alert) -> bytes:
    """The alert as the webhook is given it; the same bytes in every try."""
    fields = {
        "id": alert.pk,
        "kind": alert.kind,
        "newsletter": alert.newsletter.slug,
        "subject": alert.subject,
        "text": alert.text,
        "raised_at": f"{alert.created_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()


def signature(body: bytes, *, key: str, now: datetime) -> str:
    """The header's value for a body that is sent at `now`."""
    seconds = int(now.timestamp())
    digest = hmac.new(key.encode(), f"{seconds}.".encode() + body, "sha256").hexdigest()
    return f"t={seconds},v1={digest}"
