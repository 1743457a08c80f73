"""Each provider's limits and guarantees, as people read them: for the studio, the commands and docs/providers.md."""

from datetime import timedelta

from pipeline.delivery import providers
from pipeline.delivery.providers.base import ProviderTraits, Settling

_SETTLING = {
    Settling.PRESENCE: "what is in doubt is looked at: each mail is there, or it is not",
    Settling.NONE: "what is in doubt waits for a person",
}


def every() -> list[ProviderTraits]:
    """All that `provider` in the configuration can be, by name."""
    return [providers.traits(name) for name in providers.available()]


def facts(traits: ProviderTraits) -> list[str]:
    """A line for each."""
    said = [_batch(traits), settling(traits)]
    if traits.calls_per_second:
        said.append(f"at most {traits.calls_per_second:g} calls a second")
    if traits.call_bytes_max:
        said.append(f"a call holds at most {traits.call_bytes_max // 1_000_000} MB")
    said += [f"only the account can do this: {note}" for note in traits.account_notes]
    return said


def _batch(traits: ProviderTraits) -> str:
    if traits.keeps_list:
        return "keeps the list itself: one call for an issue"
    if traits.call_bytes_max:
        return f"up to {traits.window:,} recipients a call"
    return f"one mail after the other; results are on the disk after {traits.window}"


def settling(traits: ProviderTraits) -> str:
    """How doubt ends."""
    if traits.settling is Settling.KEY:
        life = _span(traits.key_life_seconds)
        return f"what is in doubt is called again under its key for {life}; then a person decides"
    if traits.settling is Settling.SEARCH:
        window, end = _span(traits.settle_window_seconds), _span(traits.retention_seconds)
        return f"its log is asked; absence counts after {window}, and after {end} a person decides"
    return _SETTLING[traits.settling]


def _span(seconds: int) -> str:
    span = timedelta(seconds=seconds)
    if span >= timedelta(days=2):
        return f"{span.days} days"
    hours, minutes = seconds // 3600, seconds // 60
    return f"{hours} hour{'s' if hours > 1 else ''}" if hours else f"{minutes} minutes"
