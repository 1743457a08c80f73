"""What tests of providers with a native batch start from: a submission, and an adapter that speaks to the fake."""

import itertools
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline.config import Config
from pipeline.delivery import providers
from pipeline.delivery.compiled import CompiledMessage, RecipientValues, compile_message
from pipeline.delivery.fake.protocols import ses
from pipeline.delivery.fake.running import Fake
from pipeline.delivery.parts import parts_of
from pipeline.delivery.providers.base import BatchProvider, Submission
from pipeline.render.model import Place, RenderedEmail

_KEYS = itertools.count(1000)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BATCH_PROVIDERS = ("brevo", "mailgun", "postmark", "resend", "sendgrid", "ses")
GREETING, LEAVE, CHOOSE = (place.marker for place in (Place.GREETING, Place.UNSUBSCRIBE_URL, Place.PREFERENCES_URL))


def make_compiled(
    *, words: str = "Wash gently.", subject: str = "Three small habits", beside: str = ""
) -> CompiledMessage:
    """`words` stand in the bodies, `beside` right before and behind each place."""
    html = (
        f"<html><head><style>@media print{{p{{color:red}}}}</style></head><body><p>{beside}{GREETING}{beside}</p>"
        f'<p>{words}</p><a href="{LEAVE}">Leave</a> <a href="{CHOOSE}">Choose</a></body></html>\n'
    )
    text = f"{beside}{GREETING}{beside}\n\n{words}\n\nLeave: {LEAVE}\nChoose: {CHOOSE}\n"
    return compile_message(
        RenderedEmail(subject, html, text, (("X-Issue-Note", "weekly"),)),
        from_name="The Skin Letter",
        from_address="hello@newsletter.example",
        reply_to="editors@newsletter.example",
        list_id="skin.newsletter.example",
        list_name="The Skin Letter",
        message_key="issue:1",
        sent_date=NOW,
    )


def recipient(number: int, *, name: str = "Ada", domain: str = "example.org") -> RecipientValues:
    return RecipientValues(
        delivery_id=number,
        address=f"reader{number}@{domain}",
        name=name,
        greeting=f"Hello {name},",
        unsubscribe_url=f"https://newsletter.example/unsubscribe/{number:048d}/",
        preferences_url=f"https://newsletter.example/preferences/{number:048d}/",
    )


def submission(
    recipients: Sequence[RecipientValues], compiled: CompiledMessage | None = None, *, key: int | None = None
) -> Submission:
    """Each has a key of its own, unless one is given."""
    number = next(_KEYS) if key is None else key
    return Submission(parts_of(compiled or make_compiled()), recipients, uuid.UUID(int=number, version=4), "issue-1")


def adapter(name: str, fake: Fake, home: Path, *, key: str = "key", connections: int = 1) -> BatchProvider:
    """The adapter, with settings that send it to the fake provider."""
    config = Config(
        home=home,
        provider=name,
        provider_key=ses.KEY if name == "ses" and key == "key" else key,
        provider_secret=ses.SECRET,
        provider_url=fake.url_for(name),
        provider_options={"region": ses.REGION, "calls_per_second": "1000"},
        provider_connections=connections,
    )
    made = providers.load(config)
    assert isinstance(made, BatchProvider)
    return made
