"""Founding a newsletter, with the list that it publishes to and its schedule; changing it."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import partial
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from pipeline.audience import addresses
from pipeline.audience.models import MailingList
from pipeline.audit import actions as audit
from pipeline.derive.guard_claims import REGIONS
from pipeline.editorial.actions import schedules
from pipeline.editorial.actions.schedules import create_schedule, first_rule
from pipeline.editorial.content import FONTS
from pipeline.editorial.models import ApprovalPolicy, Newsletter
from pipeline.editorial.recurrence_rules import Recurrence
from pipeline.editorial.recurrence_words import describe
from pipeline.errors import TipsheetError

# A newsletter's pages stand at /<slug>/: these first parts of an address are the installation's own.
RESERVED_SLUGS = frozenset(
    {
        "admin", "api", "archive", "click", "confirm", "feed", "feeds", "health", "healthz", "hooks", "login", "logout",
        "media", "preferences", "preview", "private", "public", "robots", "search", "static", "studio", "subscribe",
        "unsubscribe", "well-known",
    }
)  # fmt: skip
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UTM_SOURCE = re.compile(r"[A-Za-z0-9._-]{1,60}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # RFC 5646, as far as a form needs it
_LIST_ID = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)+")  # RFC 2919 §2


class NewsletterError(TipsheetError):
    """A newsletter cannot be what was asked for; `field` is the one that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NewsletterOptions(TypedDict, total=False):
    """What a newsletter may be given beyond what it needs; the model holds the defaults."""

    tagline: str
    reply_to: str
    language: str
    postal_address: str
    advice_note: str
    accent_colour: str
    logo_url: str
    utm_source: str
    counts_clicks: bool
    fonts: str
    claims_region: str
    design: str
    tips_per_issue: int
    approval: str
    lead_time_minutes: int


def create_newsletter(
    *,
    slug: str,
    name: str,
    sender_name: str,
    sender_address: str,
    list_id: str,
    reason: str,
    time_zone: str,
    now: datetime,
    actor: str,
    schedule: str = "",
    weekdays: str = "TU",
    local_time: time | str = time(9, 0),
    starts_at: datetime | None = None,
    **options: Unpack[NewsletterOptions],
) -> Newsletter:
    """A newsletter with a list of its own and its schedule; slots are counted from `starts_at` (default: `now`).

    `schedule` is a rule in any notation (recurrence_notations.py); without it, `weekdays` and `local_time` hold.

    Raises NewsletterError, AddressError or ScheduleError, each naming what is wrong.
    """
    rule = first_rule(schedule=schedule, weekdays=weekdays, local_time=local_time, time_zone=time_zone, now=now)
    given = {
        "slug": slug, "name": name, "sender_name": sender_name, "sender_address": sender_address, "list_id": list_id,
        "reason": reason, **options,
    }  # fmt: skip
    newsletter = Newsletter(created_at=now, **{field: _CHECKS[field](value) for field, value in given.items()})
    try:
        with transaction.atomic():
            _refuse_taken(newsletter)
            _found(newsletter, rule, starts_at=starts_at or now, now=now, actor=actor)
    except IntegrityError:  # somebody founded it between looking and writing
        _refuse_taken(newsletter)
        raise
    return newsletter


def _found(newsletter: Newsletter, rule: Recurrence, *, starts_at: datetime, now: datetime, actor: str) -> None:
    newsletter.mailing_list = MailingList.objects.create(name=newsletter.name, slug=newsletter.slug, created_at=now)
    newsletter.save()
    create_schedule(newsletter=newsletter, rule=rule, starts_at=starts_at)
    audit.record(
        now=now, actor=actor, action="newsletter.created", subject_kind="newsletter", subject_id=newsletter.pk,
        slug=newsletter.slug, schedule=describe(rule),
    )  # fmt: skip


def update_newsletter(*, newsletter: Newsletter, changes: Mapping[str, Any], now: datetime, actor: str) -> list[str]:
    """Change what `changes` names: fields of the newsletter, and those of its schedule (schedules.FIELDS).

    Gives the names of those that really changed. The slug stays as it is: what was published stands under it. Issues
    that are approved keep what they were made with. Raises as `create_newsletter` does.
    """
    unknown = sorted(set(changes) - set(_CHECKS) - set(schedules.FIELDS))
    if unknown:
        raise NewsletterError(unknown[0], f"A newsletter has no '{unknown[0]}'.")
    checked = {field: _CHECKS[field](value) for field, value in changes.items() if field in _CHECKS}
    if checked.get("slug", newsletter.slug) != newsletter.slug:
        raise NewsletterError("slug", "The slug cannot change: the issues that were published stand under it.")
    with transaction.atomic():
        newsletter.refresh_from_db(from_queryset=Newsletter.objects.select_for_update())
        changed = [field for field, value in checked.items() if getattr(newsletter, field) != value]
        if "list_id" in changed:
            _refuse_taken_list_id(checked["list_id"], besides=newsletter)
        for field in changed:
            setattr(newsletter, field, checked[field])
        newsletter.save(update_fields=changed)
        if changed:
            audit.record(
                now=now, actor=actor, action="newsletter.changed", subject_kind="newsletter",
                subject_id=newsletter.pk, fields=changed,
            )  # fmt: skip
        of_schedule = {name: changes[name] for name in schedules.FIELDS if name in changes}
        if of_schedule:
            changed += schedules.change_schedule(
                newsletter=newsletter, changes=of_schedule, now=now, actor=actor
            ).changed
    return changed


def _refuse_taken(newsletter: Newsletter) -> None:
    slug_taken = Newsletter.objects.filter(slug=newsletter.slug).exists()
    if slug_taken or MailingList.objects.filter(slug=newsletter.slug).exists():
        raise NewsletterError("slug", f"There is a newsletter '{newsletter.slug}' already. Choose another slug.")
    _refuse_taken_list_id(newsletter.list_id, besides=newsletter)


def _refuse_taken_list_id(list_id: str, *, besides: Newsletter) -> None:
    if Newsletter.objects.filter(list_id=list_id).exclude(pk=besides.pk).exists():
        raise NewsletterError("list_id", f"The list id {list_id} belongs to another newsletter. Change it.")


def _slug(value: str) -> str:
    slug = value.strip()
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise NewsletterError(
            "slug",
            f"'{value}' cannot be part of an address. Use up to 60 small letters a to z, digits and single hyphens, "
            "such as skin-letter.",
        )
    if slug in RESERVED_SLUGS:
        raise NewsletterError("slug", f"'{slug}' is an address that the installation itself needs. Choose another.")
    return slug


def _list_id(value: str) -> str:
    list_id = value.strip().removeprefix("<").removesuffix(">").lower()
    if not _LIST_ID.fullmatch(list_id) or len(list_id) > 200:
        raise NewsletterError(
            "list_id",
            f"'{value}' is no list id. Use a name under a domain of yours, such as skin-letter.newsletter.example.",
        )
    return list_id


def _line(field: str, value: str, *, required: bool = True) -> str:
    text = " ".join(value.split())
    limit = {"tagline": 200, "reason": 500}.get(field, 120)
    if any(not character.isprintable() for character in text):
        raise NewsletterError(
            field, f"The newsletter's {field.replace('_', ' ')} holds a character that cannot be seen."
        )
    if required and not text:
        raise NewsletterError(field, f"The newsletter's {field.replace('_', ' ')} is missing.")
    if len(text) > limit:
        raise NewsletterError(field, f"The newsletter's {field.replace('_', ' ')} has more than {limit} characters.")
    return text


def _block(field: str, value: str) -> str:
    text = value.replace("\r\n", "\n").strip()
    if any(not character.isprintable() and character != "\n" for character in text):
        raise NewsletterError(field, f"The {field.replace('_', ' ')} holds a character that cannot be seen.")
    return text


def _matching(field: str, value: str, *, pattern: re.Pattern[str], remedy: str) -> str:
    if not pattern.fullmatch(value.strip()):
        raise NewsletterError(field, f"'{value}' cannot be the newsletter's {field.replace('_', ' ')}. {remedy}")
    return value.strip()


def _logo(value: str) -> str:
    if value.strip() and not value.strip().startswith("https://"):
        raise NewsletterError("logo_url", f"The logo's address '{value}' does not start with https://.")
    return value.strip()


def _utm_source(value: str) -> str:
    if value.strip() and not _UTM_SOURCE.fullmatch(value.strip()):
        raise NewsletterError(
            "utm_source",
            f"'{value}' is no name for web statistics. Use up to 60 letters, digits, points, hyphens or underscores, "
            "such as skin-letter; leave it empty for links without UTM parameters.",
        )
    return value.strip()


def _fonts(value: str) -> str:
    if value not in FONTS:
        raise NewsletterError("fonts", f"There are no fonts '{value}'. Use one of: {', '.join(FONTS)}.")
    return value


def _region(value: str) -> str:
    if value not in REGIONS:
        raise NewsletterError(
            "claims_region", f"There are no claims rules for '{value}'. Use one of: {', '.join(REGIONS)}."
        )
    return value


def _between(field: str, value: int, *, low: int, high: int) -> int:
    if not low <= value <= high:
        raise NewsletterError(field, f"{field.replace('_', ' ')} is {value}; it can be from {low} to {high}.")
    return value


def _policy(value: str) -> str:
    if value not in ApprovalPolicy.values:
        raise NewsletterError("approval", f"'{value}' is no way of approval; use {' or '.join(ApprovalPolicy.values)}.")
    return value


def _optional_address(value: str) -> str:
    return addresses.parse(value).address if value.strip() else ""


def _sender(value: str) -> str:
    return addresses.parse(value).address


# field → the check that gives the value as it is stored, or raises.
_CHECKS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "slug": _slug,
        "name": partial(_line, "name"),
        "tagline": partial(_line, "tagline", required=False),
        "sender_name": partial(_line, "sender_name"),
        "sender_address": _sender,
        "reply_to": _optional_address,
        "list_id": _list_id,
        "language": partial(
            _matching, "language", pattern=_LANGUAGE, remedy="Use a language tag, such as en or de-AT."
        ),
        "postal_address": partial(_block, "postal_address"),
        "reason": partial(_line, "reason"),
        "advice_note": partial(_block, "advice_note"),
        "accent_colour": partial(_matching, "accent_colour", pattern=_COLOUR, remedy="Write it as #b4533c."),
        "logo_url": _logo,
        "utm_source": _utm_source,
        "counts_clicks": bool,
        "fonts": _fonts,
        "claims_region": _region,
        "design": partial(
            _matching, "design", pattern=_SLUG, remedy="Name a folder under templates/email/, such as digest."
        ),
        "tips_per_issue": partial(_between, "tips_per_issue", low=1, high=50),
        "approval": _policy,
        "lead_time_minutes": partial(_between, "lead_time_minutes", low=0, high=60 * 24 * 28),
    }
)
