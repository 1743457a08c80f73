"""What a newsletter's staff decide once, so that the ticks can act on it: the newsletter's rules, each with its check.

One table says everything that there is to say of a rule: its words for a form, what it may be, and how text becomes
it. The studio's page, `run.py rules` and the actions all read that table.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from urllib.parse import urlsplit

from pipeline.audience.addresses import AddressError, parse
from pipeline.errors import TipsheetError

Value = bool | int | str


class NewsletterRuleError(TipsheetError):
    """A rule cannot be what was asked for; `field` is its name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class NewsletterRules:
    """The rules of one newsletter; the defaults are those of a new one.

    `order` is `queue` or `oldest`; `short_queue` is `shorter`, `skip`, `reuse` or `ask`; `repeats` is `never` or
    `allowed`; `welcome_choice` is `best` or `chosen`. `alert_addresses` are separated by commas. Complaints are counted
    per 10,000 deliveries of the last 30 days. A number of 0 switches off what it counts.
    """

    two_people: bool = False
    order: str = "queue"
    spread_topics: bool = True
    same_advice_days: int = 90
    short_queue: str = "shorter"
    reuse_after_months: int = 12
    repeats: str = "never"
    welcome_mails: int = 0
    welcome_days: int = 2
    welcome_choice: str = "best"
    welcome_pauses_issues: bool = False
    alert_addresses: str = ""
    alert_webhook: str = ""
    alert_queue_issues: int = 2
    alert_slot_held: bool = True
    alert_source_changed: bool = True
    alert_tip_expired: bool = True
    alert_complaints: int = 10

    def addresses(self) -> tuple[str, ...]:
        """Who is mailed when something needs a person."""
        return tuple(address.strip() for address in self.alert_addresses.split(",") if address.strip())


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as a person meets it. `choices` is empty for a number, a text and a yes or no."""

    name: str
    group: str
    label: str
    hint: str
    parse: Callable[[str, str], Value]
    choices: tuple[tuple[str, str], ...] = ()
    low: int = 0
    high: int = 0


def _flag(name: str, text: str) -> bool:
    answer = text.strip().lower()
    if answer in {"yes", "true", "on", "1"}:
        return True
    if answer in {"no", "false", "off", "0", ""}:
        return False
    raise NewsletterRuleError(name, f"{name} is '{text}'; it can be yes or no.")


def _number(name: str, text: str) -> int:
    rule = RULES[name]
    wanted = f"it can be a whole number from {rule.low} to {rule.high}."
    try:
        number = int(text.strip())
    except ValueError as error:
        raise NewsletterRuleError(name, f"{name} is '{text}'; {wanted}") from error
    if not rule.low <= number <= rule.high:
        raise NewsletterRuleError(name, f"{name} is {number}; {wanted}")
    return number


def _choice(name: str, text: str) -> str:
    known = [value for value, _ in RULES[name].choices]
    if text.strip() not in known:
        raise NewsletterRuleError(name, f"{name} is '{text}'; it can be {', '.join(known[:-1])} or {known[-1]}.")
    return text.strip()


def _addresses(name: str, text: str) -> str:
    kept: list[str] = []
    for part in text.replace("\n", ",").replace(";", ",").split(","):
        if part.strip():
            try:
                kept.append(parse(part.strip()).address)
            except AddressError as error:
                raise NewsletterRuleError(name, f"Alerts cannot be mailed to {part.strip()!r}: {error}") from error
    joined = ", ".join(dict.fromkeys(kept))
    if len(joined) > 1000:
        raise NewsletterRuleError(name, "Alerts go to at most 1000 characters of addresses; use a shared mailbox.")
    return joined


def _webhook(name: str, text: str) -> str:
    value = text.strip()
    if not value:
        return ""
    try:
        url = urlsplit(value)
        host, port = url.hostname, url.port
    except ValueError:
        host, port = None, None
    is_plain = value.isascii() and value.isprintable() and " " not in value and len(value) <= 500
    if not host or port == 0 or not is_plain or url.username or url.password or url.fragment:
        raise NewsletterRuleError(name, f"'{value}' is no web address. Write one such as https://hooks.example/tips.")
    if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(host)):
        raise NewsletterRuleError(name, f"The webhook '{value}' must start with https://.")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_ISSUES, _WELCOME, _ALERTS = "What goes into an issue", "Welcome", "Alerts to staff"
_LISTED = (
    Rule("two_people", "Approval", "Two people for each tip",
         "Who wrote or last changed the words cannot approve them.", _flag),
    Rule("order", _ISSUES, "Which tip goes first", "A higher priority always goes first.", _choice,
         (("queue", "in the order of the queue"), ("oldest", "the one that waits longest"))),
    Rule("spread_topics", _ISSUES, "Spread over topics",
         "One tip for each topic, while tips on other topics wait.", _flag),
    Rule("same_advice_days", _ISSUES, "Not the same advice again for so many days",
         "Tips that say the same as one that went out are passed over. 0 allows it.", _number, low=0, high=3650),
    Rule("short_queue", _ISSUES, "When too few tips wait", "", _choice,
         (("shorter", "send a shorter issue"), ("skip", "skip the slot"),
          ("reuse", "reuse tips that went out long ago"), ("ask", "hold the issue and ask a person"))),
    Rule("reuse_after_months", _ISSUES, "Reuse a tip after so many months", "Counted from when it last went out.",
         _number, low=1, high=120),
    Rule("repeats", _ISSUES, "A reader who had one of the tips before", "", _choice,
         (("never", "is left out of the issue"), ("allowed", "gets it again"))),
    Rule("welcome_mails", _WELCOME, "Mails to a new reader",
         "One tip each, from those that were published. 0 sends none.", _number, low=0, high=20),
    Rule("welcome_days", _WELCOME, "Days between them", "The first leaves at once.", _number, low=1, high=60),
    Rule("welcome_choice", _WELCOME, "Which tips", "", _choice,
         (("best", "the best by score"), ("chosen", "those that staff chose, in their order"))),
    Rule("welcome_pauses_issues", _WELCOME, "No regular issue until the last of them", "", _flag),
    Rule("alert_addresses", _ALERTS, "Mail alerts to", "Addresses, separated by commas. Empty: nobody.", _addresses),
    Rule("alert_webhook", _ALERTS, "Call this address", "Signed, as JSON. Empty: none.", _webhook),
    Rule("alert_queue_issues", _ALERTS, "Warn when the queue holds fewer than so many issues", "0: never.", _number,
         low=0, high=60),
    Rule("alert_slot_held", _ALERTS, "Warn when an issue is held or skipped, or its mail stops", "", _flag),
    Rule("alert_source_changed", _ALERTS, "Warn when a tip's source changed", "", _flag),
    Rule("alert_tip_expired", _ALERTS, "Warn when a tip left the queue because its last day passed", "", _flag),
    Rule("alert_complaints", _ALERTS, "Warn at so many complaints in 10,000 mails", "0: never.", _number,
         low=0, high=10000),
)  # fmt: skip
RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _LISTED})


def parsed(changes: Mapping[str, str]) -> dict[str, Value]:
    """The rules as values, from what a person typed. Raises NewsletterRuleError, naming the first that is wrong."""
    unknown = [name for name in changes if name not in RULES]
    if unknown:
        raise NewsletterRuleError(
            unknown[0], f"A newsletter has no rule '{unknown[0]}'. These are known: {', '.join(RULES)}."
        )
    return {name: RULES[name].parse(name, text) for name, text in changes.items()}


def shown(value: Value) -> str:
    """A rule's value as it is typed."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def rule_names() -> tuple[str, ...]:
    """The names of the rules, which are also the columns that they are kept in."""
    return tuple(field.name for field in fields(NewsletterRules))
