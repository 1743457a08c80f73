"""Keeping what readers see up to date: after a correction, after a failure, and from the ground up."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from pipeline.config import Config
from pipeline.editorial.actions import corrections
from pipeline.editorial.models import Newsletter, Tip
from pipeline.editorial.wording_rules import Wording
from pipeline.errors import TipsheetError
from pipeline.publish import websub, withdrawals
from pipeline.publish.feeds_state import latest_change, read_state
from pipeline.publish.output import OutputReport
from pipeline.publish.pictures import host_pictures
from pipeline.publish.site import write_site

logger = logging.getLogger(__name__)


def correct_tip(
    *,
    tip_id: int,
    wording: Wording,
    note: str,
    actor: str,
    override_reason: str = "",
    seen_hash: str = "",
    config: Config,
    now: datetime,
) -> OutputReport:
    """Correct a published tip, and show the correction in archive and feeds at once; nobody is mailed.

    Raises what `corrections.correct` raises, before anything is changed, and OutputError where the correction is kept
    and could not be written: the ticks go on with it.
    """
    corrections.correct(
        tip_id=tip_id,
        wording=wording,
        note=note,
        now=now,
        actor=actor,
        seen_hash=seen_hash,
        override_reason=override_reason,
    )
    return _show(tip_id, config=config, now=now)


def withdraw_tip(
    *, tip_id: int, reason: str, actor: str, config: Config, now: datetime, tell: Callable[[str], object] = str
) -> OutputReport:
    """Take a tip out for good. Where readers have it, archive and feeds say so at once; nobody is mailed. `tell` is
    given a line for each issue and mail that was stopped for it.
    """
    for line in withdrawals.withdraw(tip_id=tip_id, reason=reason, now=now, actor=actor):
        tell(line)
    return _show(tip_id, config=config, now=now)


def rebuild(
    newsletter: Newsletter, *, config: Config, now: datetime, seen: Callable[[str], object] = str
) -> OutputReport:
    """Make every page and feed again, trusting nothing that is there, and host every picture. `seen` is given the path
    of each file when it is made.
    """
    host_pictures(newsletter, config=config)
    return write_site(newsletter, config=config, now=now, rebuild=True, seen=seen)


def catch_up(*, config: Config, clock: Callable[[], datetime]) -> Iterator[str]:
    """Write what a run before could not; a line for each newsletter for which that was done or failed."""
    for newsletter in Newsletter.objects.order_by("pk"):
        if not _is_behind(newsletter, config):
            continue
        try:
            host_pictures(newsletter, config=config)
            report = write_site(newsletter, config=config, now=clock())
        except TipsheetError as error:
            logger.warning("feeds.not_written newsletter=%s error=%s", newsletter.pk, type(error).__name__)
            yield str(error)
        else:
            yield f"{newsletter.slug}: {len(report.written)} files of pages and feeds brought up to date"


def tell_hub(*, config: Config, clock: Callable[[], datetime]) -> Iterator[str]:
    """Send the pings whose turn it is; last of all, as nothing is to wait for a hub. A line if it took any."""
    if told := websub.send_due(config=config, clock=clock):
        yield f"WebSub: the hub was told of {told} feeds"


def _show(tip_id: int, *, config: Config, now: datetime) -> OutputReport:
    newsletter = Tip.objects.select_related("newsletter").get(pk=tip_id).newsletter
    if not latest_change(newsletter):
        return OutputReport()
    host_pictures(newsletter, config=config)
    return write_site(newsletter, config=config, now=now)


def _is_behind(newsletter: Newsletter, config: Config) -> bool:
    """Whether something changed since the folder was written; one that nothing was ever written to is not behind."""
    change = latest_change(newsletter)
    state = read_state(config.output / newsletter.slug) if change else None
    return state is not None and state.change != change
