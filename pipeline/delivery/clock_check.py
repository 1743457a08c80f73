"""Whether this machine's clock can be believed: slots, leases and retries are reckoned by it.

On PostgreSQL the server's clock is the one that all machines share, and this one must be near it. SQLite has none;
there the latest instant at which this installation mailed is kept, and a clock that is behind it has been set back.
"""

from datetime import datetime

from django.db import connection

from pipeline.delivery.dialect import fetch
from pipeline.delivery.models import Installation
from pipeline.delivery.settle_rules import CLOCK_TOLERANCE
from pipeline.errors import TipsheetError


class ClockSkewError(TipsheetError):
    """The clock is wrong by more than leases and slots can bear."""


def refuse_skewed_clock(*, now: datetime) -> None:
    """Raises ClockSkewError; called by whatever starts to send, with the machine's own time."""
    if connection.vendor == "postgresql":
        database = fetch("SELECT clock_timestamp()")[0][0]
        if abs(now - database) > CLOCK_TOLERANCE:
            raise ClockSkewError(
                f"This machine's clock says {now:%Y-%m-%d %H:%M:%S} UTC and the database's "
                f"{database:%Y-%m-%d %H:%M:%S}: nothing is sent until they agree. Set the clocks by NTP"
            )
        return
    mark = Installation.objects.order_by("-pk").values_list("seen_at", flat=True).first()
    if mark is not None and now < mark - CLOCK_TOLERANCE:
        raise ClockSkewError(
            f"This machine's clock says {now:%Y-%m-%d %H:%M:%S} UTC, and mail was sent from here at "
            f"{mark:%Y-%m-%d %H:%M:%S}: it has been set back. Set it right; if it was wrong before: run.py adopt"
        )
