"""A workspace with a newsletter, readers and approved tips, and a clock that a test moves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings

from pipeline.audience.actions.subscriptions import add_subscriber
from pipeline.audience.addresses import parse
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.editorial.actions import revise, tips
from pipeline.editorial.actions.newsletters import create_newsletter
from pipeline.editorial.wording_rules import Wording

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TUESDAY_SLOT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
EDITOR = "Anna Editor"
ADVICE = [
    ("Sun", "Put sunscreen on as the last step of the morning, and renew it at noon when you are outside."),
    ("Cleansing", "Wash with lukewarm water: hot water takes more of the skin's own oils away than cool water."),
    ("Moisture", "Spread the cream on damp skin, so that some of the water stays in it."),
    ("Scars", "Ask how many sessions a treatment takes before you begin the first one."),
    ("Sleep", "Change the pillow case once a week; what is on it is on your face all night."),
    ("Shaving", "Shave after the shower, when the hair is soft, and along the way in which it grows."),
]


class Clock:
    """Calling it gives the present instant, which passes by a millisecond at each look and by what a test says."""

    def __init__(self, now=SUNDAY):
        self.now = now

    def __call__(self):
        self.now += timedelta(milliseconds=1)
        return self.now

    def move_to(self, instant):
        self.now = instant


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def config(tmp_path):
    made = django_settings.CONFIG.model_copy(update={"home": tmp_path, "public_url": "https://newsletter.example"})
    for name in ("var", "tips", "output", "templates"):
        made.__dict__.pop(name, None)  # cached for the home of before
    made.var.mkdir()
    made.output.mkdir()
    return made


@pytest.fixture
def newsletter(db, config):
    adopt_if_new(var=config.var, now=SUNDAY)
    return make_newsletter()


def make_newsletter(**changes):
    values = {
        "slug": "skin-letter", "name": "The Skin Letter", "sender_name": "The Skin Letter",
        "sender_address": "letter@newsletter.example", "list_id": "skin-letter.newsletter.example",
        "reason": "You subscribed to The Skin Letter.", "time_zone": "Europe/Berlin", "weekdays": "TU",
        "postal_address": "1 Orchard Road, Exampletown", "tips_per_issue": 2, "now": SUNDAY, "actor": EDITOR,
    }  # fmt: skip
    return create_newsletter(**{**values, **changes})


@pytest.fixture
def readers(newsletter):
    """Five confirmed readers."""
    for number in range(5):
        subscribe(newsletter, f"reader{number}@reader.example")


def subscribe(newsletter, address):
    return add_subscriber(
        mailing_list=newsletter.mailing_list, address=parse(address), wording="Yes, send it to me.",
        now=SUNDAY, actor=EDITOR, source="by hand",
    )[0]  # fmt: skip


@pytest.fixture
def queue(newsletter):
    """queue(4) → four approved tips at the end of the queue."""
    written = iter(ADVICE * 3)

    def fill(count):
        return [_approved(newsletter, *next(written)) for _ in range(count)]

    return fill


def _approved(newsletter, topic, text):
    wording = Wording(title=f"A word on {topic.lower()}", text=text, topic=topic, author="Dr Ida Berg")
    tip = revise.write_tip(newsletter=newsletter, wording=wording, now=SUNDAY, actor=EDITOR)
    tips.approve(tip_id=tip.pk, now=SUNDAY, actor=EDITOR)
    return tip


def mails(config):
    outbox = config.var / "outbox"
    return sorted(outbox.glob("*.eml")) if outbox.is_dir() else []
