"""The warm-up of a new sending domain: how many mails each receiving domain gets on a day. Pure.

Mailbox providers distrust a domain that nobody has heard of and that mails a hundred thousand at once. So for the first
days there is a cap for each receiving domain, which grows; whoever is over it waits for the next day, in UTC.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

WAITING = "warming up"


@dataclass(frozen=True, slots=True)
class WarmUp:
    """`caps` are those of the first day, the second, and so on."""

    starts_on: date
    caps: tuple[int, ...]

    def cap_at(self, now: datetime) -> int | None:
        """The cap of today for each receiving domain; None once the warm-up is over. Before it began, the first."""
        day = (now.astimezone(UTC).date() - self.starts_on).days
        return self.caps[max(day, 0)] if day < len(self.caps) else None


def asked_places(addresses: Iterable[str]) -> dict[str, int]:
    """How many places each receiving domain is asked for; in one order for all, so that no two claims wait for each
    other.
    """
    return dict(sorted(Counter(domain_of(address) for address in addresses).items()))


def why_it_waits(cap: int, domain: str) -> str:
    """For whoever looks at the issue."""
    return f"{WAITING}: {cap} a day to {domain}"


def next_day(now: datetime) -> datetime:
    """The next midnight in UTC."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def domain_of(address: str) -> str:
    """The receiving domain, in lower case."""
    return address.rpartition("@")[2].lower()
