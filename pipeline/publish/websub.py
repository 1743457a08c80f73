"""WebSub: tell the configured hub that a feed changed, so that its readers need not ask for it.

A ping is asked for when the new feed is in its place, kept as a row, and sent by whoever comes by next: the run that
published, or a tick. The W3C's WebSub leaves open how a publisher tells a hub; what hubs take is the form of
PubSubHubbub 0.4 §7.1: `hub.mode=publish` and `hub.url`, answered by any 2xx. Nothing else waits for a hub or fails
with one.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import requests
from urllib3.exceptions import HTTPError

from pipeline.config import Config
from pipeline.delivery.actions import pings
from pipeline.delivery.models import HubPing
from pipeline.documents.fetch import Deadline, WatchedAdapter
from pipeline.editorial.models import Newsletter

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10.0  # for one ping in all, from the first packet to the end of the answer's head
PINGS_PER_RUN = 100
MAX_RETRY_AFTER = timedelta(days=1)

_MAY_PASS = frozenset({408, 425, 429})


def ask(newsletter: Newsletter, feed_urls: Iterable[str], *, config: Config, now: datetime) -> None:
    """Keep in mind that the hub is to hear of these feeds. Does nothing where no hub is configured."""
    if config.websub_hub:
        made = pings.ask(newsletter=newsletter, hub_url=config.websub_hub, feed_urls=feed_urls, now=now)
        logger.info("websub.asked newsletter=%s count=%s", newsletter.pk, made)


def send_due(*, config: Config, clock: Callable[[], datetime]) -> int:
    """Send the pings whose time has come; how many the hub took. Never raises for what a hub does."""
    taken = 0
    for _ in range(PINGS_PER_RUN):
        ping = pings.take(now=clock())
        if ping is None:
            break
        taken += _send(ping, config=config, clock=clock)
    return taken


def _send(ping: HubPing, *, config: Config, clock: Callable[[], datetime]) -> bool:
    if ping.hub_url != config.websub_hub:
        pings.refused(ping=ping, status=None, said="This hub is not configured any more.", now=clock())
        return False
    deadline = Deadline(TIMEOUT_SECONDS)
    try:
        status, retry_after = _post(ping, deadline)
    except (requests.RequestException, HTTPError, OSError) as error:
        why = f"not within {TIMEOUT_SECONDS:g} seconds" if _was_late(error, deadline) else type(error).__name__
        logger.warning("websub.unreachable ping=%s error=%s", ping.pk, type(error).__name__)
        pings.missed(ping=ping, status=None, said=f"No answer: {why}.", now=clock())
        return False
    finally:
        deadline.release()
    return _settle(ping, status, retry_after, now=clock())


def _was_late(error: Exception, deadline: Deadline) -> bool:
    return deadline.has_passed or isinstance(error, requests.Timeout)


def _post(ping: HubPing, deadline: Deadline) -> tuple[int, str]:
    """The answer's status and its Retry-After. Its body is never read, and a redirect not followed."""
    with requests.Session() as session:
        session.trust_env = False  # a .netrc is nothing for a hub
        for scheme in ("https://", "http://"):
            session.mount(scheme, WatchedAdapter(deadline))
        answer = session.post(
            ping.hub_url,
            data={"hub.mode": "publish", "hub.url": ping.feed_url},
            headers={"User-Agent": "Tipsheet"},
            timeout=deadline.left(),
            allow_redirects=False,
            stream=True,
        )
        with answer:
            return answer.status_code, answer.headers.get("Retry-After", "")


def _settle(ping: HubPing, status: int, retry_after: str, *, now: datetime) -> bool:
    if 200 <= status < 300:
        pings.accepted(ping=ping, status=status, now=now)
        return True
    logger.warning("websub.not_taken ping=%s status=%s", ping.pk, status)
    said = f"The hub answered {status}."
    if status >= 500 or status in _MAY_PASS:
        pings.missed(ping=ping, status=status, said=said, now=now, not_before=_wanted(retry_after, now))
    else:
        pings.refused(ping=ping, status=status, said=said, now=now)
    return False


def _wanted(retry_after: str, now: datetime) -> datetime | None:
    """When the hub wants to be asked again (RFC 9110 §10.2.3, in seconds), within a day."""
    if not retry_after.isascii() or not retry_after.isdigit():
        return None
    return now + min(timedelta(seconds=min(int(retry_after[:9]), 10**8)), MAX_RETRY_AFTER)
