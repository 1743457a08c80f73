"""A newsletter, its issues and their tips, for the tests of feeds, archive and site: a function for each."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from pipeline.editorial.content import IssueContent, NewsletterContent, SourceContent, TipContent

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ZONE = ZoneInfo("Europe/Berlin")
FIRST_AT = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SITE_URL = "https://newsletter.example/skin-letter/"
WORDS = [
    ("Wear sunscreen on cloudy days", "Clouds let most ultraviolet light through. Put on *SPF 30* or more.", "Sun"),
    ("Add one new product at a time", "Wait two weeks.\n\n- If the skin stings, stop.\n- If not, go on.", "Routine"),
    ("Wash with lukewarm water", "Hot water dries. See [a gentle wash](https://skin.example/wash).", "Cleansing"),
]

HOSTILE = [
    "a < b & c > d",
    "AT&T; &amp; &#x41; &notanentity;",
    "<script>alert(1)</script>",
    "use <b>bold</b> </p> ]]> <!-- --> <![CDATA[ x ]]>",
    "emoji 🧴👩🏽‍⚕️ and \u202ertl\u202c שלום \u200f! עברית",
    "controls \x00\x01\x0b\x1f\x7f\x85\x9f and \ud800 alone, \ufffe\uffff",
    "line\r\nbreak\u2028and tab\t",
    "{{ places }} {% tags %} %recipient.name%",
    '\'quotes" & <a href="javascript:x">links</a>',
    "\u2060<\u2060/b> joiners",
    "word " * 20_000,
]
TEXT = st.sampled_from(HOSTILE[:-1]) | st.text(max_size=200) | st.lists(st.sampled_from(HOSTILE[:-1])).map(" ".join)


def newsletter(**changes) -> NewsletterContent:
    made = NewsletterContent(
        slug="skin-letter",
        name="The Skin Letter",
        tagline="Three calm, checked tips for your skin, each week.",
        sender_name="The Skin Letter",
        sender_address="hello@newsletter.example",
        reply_to="",
        list_id="skin-letter.newsletter.example",
        language="en",
        postal_address="The Skin Letter\n1 Linden Street\nSpringfield",
        reason="You subscribed at newsletter.example.",
        advice_note="These tips do not replace a doctor's advice. Ask one when something worries you.",
        accent_colour="#b4533c",
        logo_url="",
        site_url=SITE_URL,
        subscribe_url="https://newsletter.example/subscribe/skin-letter/",
    )
    return replace(made, **changes)


def entry_id(number: int) -> str:
    return uuid.UUID(int=number, version=4).urn


def tip(number: int, *, issue: int = 1, **changes) -> TipContent:
    title, text, topic = WORDS[number % len(WORDS)]
    made = TipContent(
        entry_id=entry_id(number),
        anchor=f"tip-{number}",
        permalink=f"{SITE_URL}archive/{issue}.html#tip-{number}",
        title=title,
        text=text,
        topic=topic,
        topic_slug=topic.lower(),
        author="Ada Berg",
        revision_hash=f"{number:064x}",
        sources=(SourceContent("Everyday skin care", "Clouds do not stop ultraviolet light."),),
    )
    return replace(made, **changes)


def issue(number: int, *, tips: tuple[TipContent, ...] | None = None, **changes) -> IssueContent:
    """Weekly from FIRST_AT; three tips each, numbered through, unless given."""
    own = tuple(tip(number * 3 + place, issue=number) for place in range(3)) if tips is None else tips
    made = IssueContent(
        newsletter=newsletter(),
        number=number,
        entry_id=entry_id(1_000_000 + number),
        permalink=f"{SITE_URL}archive/{number}.html",
        subject=f"{own[0].title if own else 'Nothing'}, and more",
        preheader="Three small habits that cost nothing.",
        intro="A short letter this week: **three habits** that ask for nothing but a minute.",
        design="digest",
        issued_at=FIRST_AT + timedelta(weeks=number - 1),
        tips=own,
    )
    return replace(made, **changes)


def issues(count: int) -> list[IssueContent]:
    return [issue(number) for number in range(1, count + 1)]
