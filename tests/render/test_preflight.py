"""Preflight finds what would go wrong at the readers, and says where and what to do."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.editorial.content import IssueContent, SourceContent
from pipeline.render.model import Place, PreflightFinding, Severity
from pipeline.render.preflight import MOST_HTML_BYTES, check
from tests.render.issues import of_first_tip, of_newsletter, rendered, sample

TIP = "tip 1, “Two fingers of sunscreen for the face and neck”"
Change = Callable[[IssueContent], IssueContent]


def needs_note(content: IssueContent) -> IssueContent:
    return of_first_tip(content, text="Ask first if you are pregnant.")


def findings(content: IssueContent) -> list[PreflightFinding]:
    return check(content, rendered(content))


def test_a_good_issue_has_no_findings() -> None:
    assert findings(sample()) == []


BLOCKING: list[tuple[Change, str, str]] = [
    (lambda c: of_newsletter(c, postal_address=" \n"), "newsletter: postal address", "postal address"),
    (lambda c: of_newsletter(c, reason=""), "newsletter: reason", "why the reader gets this"),
    (lambda c: of_newsletter(c, sender_address="nobody"), "newsletter: sender", "no address"),
    (lambda c: of_newsletter(c, sender_name="A\r\nBcc: x@y.example"), "newsletter: sender name", "line end"),
    (lambda c: of_newsletter(c, reply_to="a@b.example\u2028"), "newsletter: reply to", "line end"),
    (lambda c: of_newsletter(c, logo_url="http://a.example/logo.png"), "newsletter: logo", "not https"),
    (lambda c: of_newsletter(c, advice_note="[x](http://a.example)"), "newsletter: advice note", "not https"),
    (lambda c: replace(c, subject=""), "subject", "empty"),
    (lambda c: replace(c, subject="\u200f \x00"), "subject", "control character"),
    (lambda c: replace(c, subject="\u200f \u00ad\u2060"), "subject", "empty"),
    (lambda c: replace(c, subject="one\ntwo"), "subject", "line end"),
    (lambda c: replace(c, subject="one\x0btwo"), "subject", "line end"),
    (lambda c: replace(c, subject="Hello {{ first_name }}"), "subject", "nothing fills it"),
    (lambda c: replace(c, intro="Dear *|FNAME|*"), "intro", "nothing fills it"),
    (lambda c: replace(c, intro="Dear %recipient.name%"), "intro", "nothing fills it"),
    (lambda c: replace(c, subject="This cream cures acne"), "subject", "treat a condition"),
    (lambda c: replace(c, intro="Our serum cures acne."), "intro", "treat a condition"),
    (lambda c: needs_note(of_newsletter(c, advice_note="")), "newsletter: advice note", "pregnant"),
    (lambda c: replace(c, tips=()), "tips", "no tips"),
    (lambda c: replace(c, tips=(*c.tips, c.tips[0])), TIP, "more than once"),
    (lambda c: replace(c, permalink="http://newsletter.example/12/"), "issue", "not https"),
    (lambda c: of_first_tip(c, title=" "), "tip 1", "no title"),
    (lambda c: of_first_tip(c, title="\u200b"), "tip 1", "no title"),
    (lambda c: of_first_tip(c, text="\n"), TIP, "no text"),
    (lambda c: of_first_tip(c, text=f"leave {Place.UNSUBSCRIBE_URL.marker}"), TIP, "unsubscribe_url"),
    (lambda c: of_first_tip(c, link_url="http://a.example", link_text="A"), TIP, "not https"),
    (lambda c: of_first_tip(c, link_url="javascript:alert(1)", link_text="A"), TIP, "no address that"),
    (lambda c: of_first_tip(c, link_url="javascript://a.example/%0Aalert(1)", link_text="A"), TIP, "no address that"),
    (lambda c: of_first_tip(c, link_url="/guide", link_text="A"), TIP, "no address that a reader can open"),
    (lambda c: of_first_tip(c, link_url="https://a.example:port/", link_text="A"), TIP, "no address"),
    (lambda c: of_first_tip(c, link_url="", link_text="A guide"), TIP, "leads nowhere"),
    (lambda c: of_first_tip(c, text="See [it all](http://a.example/?x=1&y=2)."), TIP, "http://a.example/?x=1&y=2"),
    (lambda c: of_first_tip(c, text="See [](https://a.example/)."), "email", "has no words"),
    (lambda c: of_first_tip(c, picture_url="https://a.example/p.png"), TIP, "no description"),
    (lambda c: of_first_tip(c, sources=(SourceContent("S", "q", "file:///etc/passwd"),)), TIP, "no address"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "message"), BLOCKING, ids=[f"{p}-{m}" for _, p, m in BLOCKING])
def test_what_law_or_standards_forbid_blocks(change: Change, place: str, message: str) -> None:
    found = [finding for finding in findings(change(sample())) if finding.place == place and message in finding.message]
    assert found
    assert found[0].severity is Severity.BLOCKING
    assert found[0].remedy


WARNINGS: list[tuple[Change, str, str]] = [
    (lambda c: replace(c, subject="x" * 61), "subject", "61 characters"),
    (lambda c: replace(c, preheader=""), "preheader", "no preheader"),
    (lambda c: replace(c, preheader=c.subject), "preheader", "repeats the subject"),
    (lambda c: replace(c, preheader="x" * 151), "preheader", "151 characters"),
    (lambda c: of_newsletter(c, advice_note=""), "newsletter: advice note", "professional"),
    (lambda c: of_first_tip(c, text="This cream cures acne."), TIP, "treat a condition"),
    (lambda c: of_newsletter(c, accent_colour="#ffff00"), "newsletter: accent colour", "too pale"),
    (lambda c: of_newsletter(c, accent_colour="red"), "newsletter: accent colour", "no colour"),
    (lambda c: of_newsletter(c, language="english!"), "newsletter: language", "no language tag"),
    (lambda c: of_first_tip(c, link_url="https://a.example", link_text=""), TIP, "no words"),
    (lambda c: of_first_tip(c, text="Read [here](https://a.example/)."), "email", "do not say where"),
    (lambda c: of_first_tip(c, text="Read [the guide](/guide)."), TIP, "shown as typed"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "message"), WARNINGS, ids=[f"{p}-{m}" for _, p, m in WARNINGS])
def test_what_a_person_should_weigh_is_a_warning(change: Change, place: str, message: str) -> None:
    found = findings(change(sample()))
    assert [finding.severity for finding in found] == [Severity.WARNING]
    assert found[0].place == place
    assert message in found[0].message
    assert found[0].remedy


def test_the_newsletter_s_region_says_whose_rules_on_claims_hold() -> None:
    eu, us = (
        replace(of_newsletter(sample(), claims_region=region), intro="All are paraben-free.") for region in ("eu", "us")
    )
    assert [finding.place for finding in findings(eu)] == ["intro"]
    assert findings(us) == []


def test_a_tip_that_needs_a_note_is_fine_where_the_mail_has_one() -> None:
    assert findings(needs_note(sample())) == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/x", "http://localhost/x", "http://[::1]:8000/x"])
def test_http_is_fine_on_this_machine_alone(url: str) -> None:
    assert findings(of_first_tip(sample(), link_url=url, link_text="The guide")) == []


@pytest.mark.parametrize("url", ["http://127.0.0.1.example.com/", "http://localhost.example/", "http://10.0.0.1/"])
def test_http_to_a_name_that_only_looks_local_blocks(url: str) -> None:
    (finding,) = findings(of_first_tip(sample(), link_url=url, link_text="The guide"))
    assert finding.severity is Severity.BLOCKING


def test_a_mail_that_gmail_would_cut_off_names_the_tip_to_move() -> None:
    long = of_first_tip(sample(), text="A long word. " * (MOST_HTML_BYTES // 13))
    (finding,) = findings(long)
    assert finding.severity is Severity.BLOCKING
    assert finding.remedy.startswith(f"move “{sample().tips[0].title}” (")
    assert "move" not in finding.remedy[5:]
    assert "shorten" not in finding.remedy


def test_the_size_counts_the_links_that_each_reader_s_own_addresses_will_make_longer() -> None:
    email = rendered(sample())
    full = replace(email, html=email.html + " " * (MOST_HTML_BYTES - email.html_bytes))
    assert full.html_bytes == MOST_HTML_BYTES
    assert [finding.place for finding in check(sample(), full)] == ["email"]


def test_a_mail_whose_only_tip_is_too_long_is_to_be_shortened() -> None:
    only = replace(sample(), tips=sample().tips[:1])
    (finding,) = findings(of_first_tip(only, text="A long word. " * (MOST_HTML_BYTES // 13)))
    assert finding.remedy == "shorten the texts"


def test_taking_the_named_tips_out_mends_the_size() -> None:
    big = sample()
    texts = ["a " * 30_000, "b " * 25_000, "c " * 1_000]
    big = replace(big, tips=tuple(replace(tip, text=text) for tip, text in zip(big.tips, texts, strict=True)))
    (finding,) = findings(big)
    left = tuple(tip for tip in big.tips if f"move “{tip.title}”" not in finding.remedy)
    assert left
    assert findings(replace(big, tips=left)) == []


def test_a_design_without_a_way_out_blocks() -> None:
    email = rendered(sample())
    for part in ({"html": email.html.replace(Place.UNSUBSCRIBE_URL.marker, "#")}, {"text": "words alone"}):
        found = check(sample(), replace(email, **part))
        assert any("unsubscribe url" in finding.message and finding.severity is Severity.BLOCKING for finding in found)


def test_a_design_that_drops_a_tip_s_page_or_a_picture_s_alt_blocks() -> None:
    email = rendered(sample())
    damaged = email.html.replace(sample().tips[0].permalink, "https://elsewhere.example").replace(
        "</h1>", '</h1><img src="https://a.example/p.png">'
    )
    messages = [finding.message for finding in check(sample(), replace(email, html=damaged))]
    assert "the HTML part does not link to the tip's page on the web" in messages
    assert "the picture https://a.example/p.png has no alt text" in messages


def test_a_slot_that_is_past_is_said_when_the_time_is_given() -> None:
    content = replace(sample(), issued_at=datetime(2026, 3, 3, 7, tzinfo=UTC))
    email = rendered(content)
    (finding,) = check(content, email, now=content.issued_at)
    assert (finding.place, finding.severity) == ("slot", Severity.WARNING)
    assert "2026-03-03 07:00 UTC" in finding.message
    assert check(content, email, now=content.issued_at - timedelta(seconds=1)) == []


def test_blocking_findings_come_first_and_none_twice() -> None:
    content = of_first_tip(replace(sample(), preheader=""), text="[here](https://a.example/) " * 3, title="")
    found = findings(content)
    assert len(found) == len(set(found))
    assert [finding.severity for finding in found] == sorted(finding.severity for finding in found)


@pytest.mark.parametrize("piece", ["{{ ", "{% ", "*|", "%%a", "[", "[x](", "A long word may help. "])
def test_a_hundred_kilobytes_are_looked_through_in_seconds(piece: str) -> None:
    content = of_first_tip(sample(), text=piece * (100_000 // len(piece)))
    email = rendered(content)
    started = time.process_time()
    check(content, email)
    assert time.process_time() - started < 5


@given(
    st.sampled_from(["subject", "preheader", "intro"]),
    st.sampled_from(["title", "text", "link_url", "link_text", "picture_url", "picture_alt", "topic"]),
    st.text(max_size=30) | st.sampled_from(["http://[", "https://a:b", "//x", "[x](http://[)", "<http://a b>", "{{"]),
)
@settings(max_examples=60)
def test_preflight_never_fails_whatever_was_typed(field: str, tip_field: str, text: str) -> None:
    findings(of_first_tip(replace(sample(), **{field: text}), **{tip_field: text}))  # type: ignore[arg-type]
