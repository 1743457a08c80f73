"""Each provider's limits and guarantees, as people read them: for the studio, the commands and docs/providers.md."""

from datetime import timedelta

from pipeline.delivery import providers
from pipeline.delivery.providers.base import ProviderTraits, Settling
from pipeline.delivery.settle_rules import CLOCK_TOLERANCE

_OPENING = """# Providers

Made from the adapters in `pipeline/delivery/providers/` by `python docs/generate.py`; change it there. `run.py
providers` prints it, and the studio shows it under Delivery.

| `provider` | how it is called | what it promises | when an answer is lost |
|---|---|---|---|
"""
_AFTER_TABLE = """

## Setting one up

`provider = "mailgun"` in `tipsheet.toml`, and its key in the environment: `PIPELINE_PROVIDER_KEY`, or in a file that
`PIPELINE_PROVIDER_KEY_FILE` names. `provider_url` is set for a region of its own (Mailgun in Europe:
`https://api.eu.mailgun.net`). What one provider alone wants to know stands under `[provider_options]`:

| provider | option | what it is |
|---|---|---|
| `buttondown` | `template` | the template there that wraps the mail; `naked` without it |
| `mailgun` | `domain` | the sending domain, where it is not the sender's own |
| `postmark` | `stream` | the message stream; `broadcast` without it |
| `resend` | `calls_per_second` | what the account is allowed; 2 without it |
| `scaleway` | `project_id` | the project |
| `ses` | `region` | the region, such as `eu-central-1` (the key is the access key's id) |
| `ses` | `configuration_set` | the configuration set whose events are wanted |

The secret access key of SES and the secret key of Mailjet are `PIPELINE_PROVIDER_SECRET`.
`postal` and `unisender_go` need `provider_url`.

## What every call does

The frozen message is taken apart and filled per recipient; what a reader gets is, to the letter, what was approved.
Each mail carries List-Unsubscribe with its one-click companion and a link of its reader's own. Tracking, footers and
unsubscribe handling of the provider are switched off in each call, and whatever looks like its template syntax, in
staff text or in a name, stays text. Each call names the issue (as a tag), the batch and the delivery, so that it can
be found again and its events are tied to the reader. An answer means:

| answer | what follows |
|---|---|
| no connection | tried again |
| 429 | tried again, not before `Retry-After` |
| 400, 413, 422 | the call is taken apart by halves, until the recipient who is refused stands alone and is rejected |
| 401, 402, 403, 404, 405, a redirect | the issue is held: the key or an address is wrong |
| 408, 5xx, silence, a lost connection | in doubt |

## In doubt

The provider may have the mail, and nobody knows. Every tick settles what can be settled, as the table says;
`run.py deliveries list` and the studio show the rest with what it waits for. A call is made again to the byte, with
the recipients as they were, and not at all where one of them has left since. `in_doubt = "send_again"` sends what
nobody can tell of once more, at most three times: then a reader may get a mail twice. Without it, nobody does.

## What only the account can switch

"""
_CLOSING = """

## Providers that keep the list

Buttondown has the subscribers; an issue is made there as one email and mailed by it. The issue's sum is then
`1 planned = 1 accepted`: the list as a whole. Who of it got the mail, bounced or left is known there alone, the
greeting names nobody, and the links to leave and to choose are Buttondown's. Confirmations, tests and staff mail cannot
go this way, and the pages to subscribe here reach nobody. What was to be mailed is looked for there before anything is
made, so that an issue is one email however often it is tried.

A further one of this kind is a BatchProvider whose traits say `keeps_list`: its `submit` gets one recipient who stands
for the list, has to look for the issue's own key before it makes anything, and may be called again at any time.

## A further provider

One with a native batch is one file in `pipeline/delivery/providers/` with a class `Provider` (`base.py` has the seam:
`compose` makes the bytes, `submit` makes the call and reads the answer, `find` looks a call up), and its other side in
`pipeline/delivery/fake/protocols/`; the contract tests then run against it. One that django-anymail knows is a line in
`_anymail_cases.py`.
"""
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
    if traits.keeps_list:
        return (
            f"it is looked for and, if need be, made again for {_span(traits.key_life_seconds)}; then a person decides"
        )
    if traits.settling is Settling.KEY:
        life = _span(traits.key_life_seconds)
        return f"what is in doubt is called again under its key for {life}; then a person decides"
    if traits.settling is Settling.SEARCH:
        seconds = traits.settle_window_seconds + 2 * int(CLOCK_TOLERANCE.total_seconds())
        window, end = _span(seconds), _span(traits.retention_seconds)
        return f"its log is asked; absence counts after {window}, and after {end} a person decides"
    return _SETTLING[traits.settling]


def _span(seconds: int) -> str:
    span = timedelta(seconds=seconds)
    if span >= timedelta(days=2):
        return f"{span.days} days"
    hours, minutes = seconds // 3600, seconds // 60
    if seconds % 3600:
        return f"{minutes} minutes"
    return f"{hours} hour{'s' if hours > 1 else ''}"


def providers_page() -> str:
    """`docs/providers.md`, made of the same data; a test holds the committed page to it."""
    rows = [
        f"| [`{traits.name}`]({traits.source}) | {_batch(traits)} | {traits.guarantee} | {settling(traits)} |"
        if traits.source
        else f"| `{traits.name}` | {_batch(traits)} | {traits.guarantee} | {settling(traits)} |"
        for traits in every()
    ]
    notes = [f"- **{traits.title}**: {note}" for traits in every() for note in traits.account_notes]
    return _OPENING + "\n".join(rows) + _AFTER_TABLE + "\n".join(notes) + _CLOSING
