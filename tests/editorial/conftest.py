"""A newsletter with its schedule, and tips in it, made through the actions as everybody else makes them."""

from datetime import UTC, datetime

import pytest

from pipeline.editorial.actions import issues, revise, tips
from pipeline.editorial.actions.newsletters import create_newsletter
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.queries import free_slots
from pipeline.editorial.wording_rules import Wording

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
ANNA = "Anna Editor"

TEXTS = {
    "Sunscreen": "Put sunscreen on as the last step of the morning, and renew it at noon when you are outside.",
    "Cleansing": "Wash with lukewarm water: hot water takes more of the skin's own oils away than cool water does.",
    "Moisturiser": "Spread the cream on damp skin, so that some of the water stays in it.",
    "Scars": "Ask how many sessions a treatment takes before you begin the first one.",
    "Sleep": "Change the pillow case once a week; what is on it is on your face all night.",
}


def wording(topic="Sunscreen", **changes):
    fields = {"title": f"A word on {topic.lower()}", "text": TEXTS.get(topic, f"Advice on {topic}."), "topic": topic}
    return Wording(**{**fields, "author": "Dr Ida Berg", **changes})


@pytest.fixture
def newsletter(db):
    return make_newsletter()


def make_newsletter(**changes):
    values = {
        "slug": "skin-letter", "name": "The Skin Letter", "sender_name": "The Skin Letter",
        "sender_address": "letter@newsletter.example", "list_id": "skin-letter.newsletter.example",
        "reason": "You subscribed to The Skin Letter.", "time_zone": "Europe/Berlin",
        "postal_address": "1 Orchard Road, Exampletown", "now": NOW, "actor": ANNA,
    }  # fmt: skip
    return create_newsletter(**{**values, **changes})


@pytest.fixture
def write(newsletter):
    """write("Sunscreen", title=…) → a tip in draft."""

    def _write(topic="Sunscreen", **changes):
        return revise.write_tip(newsletter=newsletter, wording=wording(topic, **changes), now=NOW, actor=ANNA)

    return _write


@pytest.fixture
def approved(write):
    def make(*topics, **changes):
        made = [write(topic, **changes) for topic in topics]
        for tip in made:
            tips.approve(tip_id=tip.pk, now=NOW, actor=ANNA)
        return [tip.pk for tip in made]

    return make


def composed(newsletter, now=NOW):
    return issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=now)), now=now, actor=ANNA)


def publish(issue, now=NOW):
    content = content_of(issue, public_url="https://newsletter.example")
    frozen = {"content": content, "html": "h", "text": "t", "frozen_hash": content.content_hash}
    issues.mark_approved(issue_id=issue.pk, **frozen, now=now, actor=ANNA)
    issues.mark_publishing(issue_id=issue.pk, now=now, actor=ANNA)
    return issues.mark_published(issue_id=issue.pk, now=now, actor=ANNA)
