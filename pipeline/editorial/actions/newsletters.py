"""Founding a newsletter, with the list that it publishes to and its schedule; pausing the schedule."""

import re
from datetime import datetime, time

from django.db import transaction

from pipeline.audience import addresses
from pipeline.audience.models import MailingList
from pipeline.audit import actions as audit
from pipeline.editorial.models import ApprovalPolicy, Newsletter, Schedule
from pipeline.editorial.slots import WEEKDAYS, WeeklyRule
from pipeline.errors import TipsheetError

# A newsletter's pages stand at /<slug>/: these first parts of an address are the installation's own.
RESERVED_SLUGS = frozenset(
    {
        "admin", "api", "archive", "confirm", "feed", "feeds", "health", "healthz", "hooks", "login", "logout", "media",
        "preferences", "preview", "public", "robots", "static", "studio", "subscribe", "unsubscribe", "well-known",
    }
)  # fmt: skip
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # RFC 5646, as far as a form needs it
_LIST_ID = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)+")  # RFC 2919 §2


class NewsletterError(TipsheetError):
    """A newsletter cannot be what was asked for; `field` is the one that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


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
    weekdays: str = "TU",
    local_time: time | str = time(9, 0),
    starts_at: datetime | None = None,
    tagline: str = "",
    reply_to: str = "",
    language: str = "en",
    postal_address: str = "",
    advice_note: str = "",
    accent_colour: str = "#b4533c",
    logo_url: str = "",
    design: str = "digest",
    tips_per_issue: int = 3,
    approval: str = ApprovalPolicy.AUTOMATIC,
    lead_time_minutes: int = 1440,
) -> Newsletter:
    """A newsletter with a list of its own and its schedule; slots are counted from `starts_at` (default: `now`).

    Raises NewsletterError, AddressError or ScheduleError, each naming what is wrong.
    """
    rule = WeeklyRule.parse(weekdays=weekdays, local_time=local_time, zone=time_zone)
    newsletter = Newsletter(
        slug=_slug(slug),
        name=_line("name", name),
        tagline=_line("tagline", tagline, required=False),
        sender_name=_line("sender_name", sender_name),
        sender_address=addresses.parse(sender_address).address,
        reply_to=addresses.parse(reply_to).address if reply_to.strip() else "",
        list_id=_list_id(list_id),
        language=_matching("language", language, _LANGUAGE, "Use a language tag, such as en or de-AT."),
        postal_address=postal_address.strip(),
        reason=_line("reason", reason),
        advice_note=advice_note.strip(),
        accent_colour=_matching("accent_colour", accent_colour, _COLOUR, "Write it as #b4533c."),
        logo_url=_logo(logo_url),
        design=_matching("design", design, _SLUG, "Name a folder under templates/email/, such as digest."),
        tips_per_issue=_between("tips_per_issue", tips_per_issue, 1, 50),
        approval=_policy(approval),
        lead_time_minutes=_between("lead_time_minutes", lead_time_minutes, 0, 60 * 24 * 28),
        created_at=now,
    )
    with transaction.atomic():
        _refuse_taken(newsletter)
        newsletter.mailing_list = MailingList.objects.create(name=newsletter.name, slug=newsletter.slug, created_at=now)
        newsletter.save()
        _create_schedule(newsletter, rule, starts_at=starts_at or now)
        audit.record(
            now=now, actor=actor, action="newsletter.created", subject_kind="newsletter", subject_id=newsletter.pk,
            slug=newsletter.slug, schedule=rule.describe(),
        )  # fmt: skip
    return newsletter


def pause_schedule(*, newsletter: Newsletter, paused: bool, now: datetime, actor: str) -> None:
    """Let no further slots come, or let them come again. Issues that are composed already are not touched."""
    with transaction.atomic():
        changed = Schedule.objects.filter(newsletter=newsletter).exclude(paused=paused).update(paused=paused)
        if changed:
            audit.record(
                now=now, actor=actor, action="schedule.paused" if paused else "schedule.resumed",
                subject_kind="newsletter", subject_id=newsletter.pk,
            )  # fmt: skip


def _create_schedule(newsletter: Newsletter, rule: WeeklyRule, *, starts_at: datetime) -> None:
    Schedule.objects.create(
        newsletter=newsletter,
        weekdays=",".join(WEEKDAYS[day] for day in sorted(rule.weekdays)),
        local_time=rule.local_time,
        time_zone=rule.zone,
        starts_at=starts_at,
    )


def _refuse_taken(newsletter: Newsletter) -> None:
    slug_taken = Newsletter.objects.filter(slug=newsletter.slug).exists()
    if slug_taken or MailingList.objects.filter(slug=newsletter.slug).exists():
        raise NewsletterError("slug", f"There is a newsletter '{newsletter.slug}' already. Choose another slug.")
    if Newsletter.objects.filter(list_id=newsletter.list_id).exists():
        raise NewsletterError("list_id", f"The list id {newsletter.list_id} belongs to another newsletter. Change it.")


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


def _matching(field: str, value: str, pattern: re.Pattern[str], remedy: str) -> str:
    if not pattern.fullmatch(value.strip()):
        raise NewsletterError(field, f"'{value}' cannot be the newsletter's {field.replace('_', ' ')}. {remedy}")
    return value.strip()


def _logo(value: str) -> str:
    if value.strip() and not value.strip().startswith("https://"):
        raise NewsletterError("logo_url", f"The logo's address '{value}' does not start with https://.")
    return value.strip()


def _between(field: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise NewsletterError(field, f"{field.replace('_', ' ')} is {value}; it can be from {low} to {high}.")
    return value


def _policy(value: str) -> str:
    if value not in ApprovalPolicy.values:
        raise NewsletterError("approval", f"'{value}' is no way of approval; use {' or '.join(ApprovalPolicy.values)}.")
    return value
