"""A newsletter with any number of published tips, as the actions would have left it: rows in bulk, for benchmarks."""

import uuid
from datetime import UTC, datetime, timedelta

from django.db import transaction

from pipeline.editorial.actions.newsletters import create_newsletter
from pipeline.editorial.content import IssueContent, TipContent
from pipeline.editorial.issue_content import anchor_of, newsletter_content
from pipeline.editorial.models import Issue, IssueTip, Newsletter, PublicTip, Tip, TipRevision

TIPS_PER_ISSUE = 3
FIRST_AT = datetime(1930, 1, 1, 7, 0, tzinfo=UTC)  # daily: 100,000 tips are 91 years of a daily newsletter
TOPICS = ("Sun", "Routine", "Cleansing", "Sleep", "Moisture", "Shaving")
PUBLIC_URL = "https://newsletter.example"


def found() -> Newsletter:
    return create_newsletter(
        slug="skin-letter", name="The Skin Letter", sender_name="The Skin Letter", tips_per_issue=TIPS_PER_ISSUE,
        sender_address="letter@newsletter.example", list_id="skin-letter.newsletter.example", time_zone="UTC",
        reason="You subscribed.", postal_address="1 Orchard Road", now=FIRST_AT, actor="benchmark",
    )  # fmt: skip


@transaction.atomic
def fill(newsletter: Newsletter, tips: int) -> None:
    """So many published tips, a day for each issue of three, on six topics."""
    for first in range(0, tips // TIPS_PER_ISSUE, 500):
        rows = [_issue(newsletter, number) for number in range(first + 1, min(first + 500, tips // TIPS_PER_ISSUE) + 1)]
        for place, model in enumerate((Issue, Tip, TipRevision, IssueTip, PublicTip)):
            model.objects.bulk_create([row for made in rows for row in made[place]])


def _issue(newsletter: Newsletter, number: int) -> tuple[list, ...]:
    at = FIRST_AT + timedelta(days=number)
    letter = newsletter_content(newsletter, public_url=PUBLIC_URL)
    permalink = f"{letter.site_url}archive/{number}.html"
    issue = Issue(
        id=number, newsletter=newsletter, number=number, slot_key=f"extra {number}", slot_at=at, state="published",
        subject=f"A calm word, number {number}", design="digest", composed_at=at, published_at=at,
    )  # fmt: skip
    made = [_tip(issue, place, permalink) for place in range(TIPS_PER_ISSUE)]
    issue.content = IssueContent(
        letter, number, f"urn:uuid:{issue.entry_id}", permalink, issue.subject, "Three habits.", "A short letter.",
        "digest", at, tuple(rows[-1] for rows in made),
    ).to_json()  # fmt: skip
    return ([issue], *([rows[kind] for rows in made] for kind in range(4)))


def _tip(issue: Issue, place: int, page: str) -> tuple[Tip, TipRevision, IssueTip, PublicTip, TipContent]:
    serial, at = (issue.number - 1) * TIPS_PER_ISSUE + place + 1, issue.slot_at
    topic = TOPICS[serial % len(TOPICS)]
    tip = Tip(
        id=serial, newsletter=issue.newsletter, origin="handwritten", state="published", revision_id=serial,
        entry_id=uuid.UUID(int=serial, version=4), created_at=at, published_at=at,
    )  # fmt: skip
    tip.permalink = f"{page}#{anchor_of(tip)}"
    revision = TipRevision(
        id=serial, tip=tip, number=1, title=f"Wash with lukewarm water, part {serial}", topic=topic, author="Ada Berg",
        text=f"Hot water takes more *oil* away than cool water does. That is piece {serial} of advice.",
        content_hash=f"{serial:064x}", created_at=at, created_by="benchmark",
    )  # fmt: skip
    shown = PublicTip(
        newsletter=issue.newsletter, tip=tip, issue=issue, revision=revision, serial=serial, change=serial,
        topic_slug=topic.lower(), topic_serial=(serial - 1) // len(TOPICS) + 1, published_at=at,
        updated_at=at + timedelta(milliseconds=TIPS_PER_ISSUE - place), search_text=revision.text.casefold(),
    )  # fmt: skip
    content = TipContent(
        f"urn:uuid:{tip.entry_id}", anchor_of(tip), tip.permalink, revision.title, revision.text, topic, topic.lower(),
        revision.author, revision.content_hash,
    )  # fmt: skip
    return tip, revision, IssueTip(issue=issue, position=place + 1, tip=tip, revision=revision, why=""), shown, content
