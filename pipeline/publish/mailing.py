"""The sender with the configuration's provider: what the ticks and `publish` call to get mail out."""

from collections.abc import Callable
from datetime import datetime

from pipeline.config import Config
from pipeline.delivery import installation, providers
from pipeline.delivery.sender import (
    Progress,
    SenderSettings,
    SendReport,
    send_open,
    settle_in_doubt,
    unwatched,
)
from pipeline.delivery.warm_up_rules import WarmUp


def refuse_foreign_database(config: Config) -> None:
    """Raises InstallationError for a database that may not mail from this workspace."""
    installation.refuse_foreign_database(config.var)


def refuse_unusable_provider(config: Config) -> None:
    """Raises ProviderError for one that is not there or lacks a setting, before anything is frozen or published."""
    providers.load(config).close()


def keeps_list(config: Config) -> bool:
    """Whether the provider keeps the subscribers itself, and mails an issue to them by itself."""
    return providers.traits(config.provider).keeps_list


def send(*, config: Config, clock: Callable[[], datetime], progress: Progress = unwatched) -> SendReport:
    """Send what is due of every open message. Raises ProviderError, InstallationError, LeaseTooShortError."""
    provider = providers.load(config)
    try:
        return send_open(provider=provider, settings=_settings(config), now=clock, progress=progress)
    finally:
        provider.close()


def settle(*, config: Config, clock: Callable[[], datetime]) -> int:
    """Ask the provider now what became of what is in doubt, and mail nothing else; how many deliveries that settled.
    Raises what `send` raises.
    """
    refuse_foreign_database(config)
    provider = providers.load(config)
    try:
        return settle_in_doubt(provider=provider, settings=_settings(config), now=clock)
    finally:
        provider.close()


def _settings(config: Config) -> SenderSettings:
    return SenderSettings(
        config.public_url, config.var, config.lease_seconds, config.bounce_address,
        at_least_once=config.in_doubt == "send_again", warm_up=warm_up_of(config),
    )  # fmt: skip


def warm_up_of(config: Config) -> WarmUp | None:
    """The warm-up of a new sending domain that the configuration asks for."""
    return WarmUp(config.warm_up_from, tuple(config.warm_up_caps)) if config.warm_up_from else None


def describe(report: SendReport) -> str:
    """What a run of the sender did, in one line; '' when it did nothing."""
    counts = {
        "accepted": report.accepted,
        "rejected": report.rejected,
        "to be tried again": report.retried,
        "in doubt": report.in_doubt,
        "left out": report.suppressed,
        "settled": report.settled,
    }
    said = [f"{count} {word}" for word, count in counts.items() if count]
    said += report.held + ([report.put_off] if report.put_off else [])
    return f"mail: {', '.join(said)}" if said else ""
