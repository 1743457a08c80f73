"""Following a counted link: on to where it leads, counted once, and nothing noted of who it was."""

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from pipeline.audience import tokens
from pipeline.audience.keys import keyring
from pipeline.audience.tokens import Keyring
from pipeline.delivery.models import CountedLink
from pipeline.editorial.actions import newsletters, revise, tips
from pipeline.editorial.actions.issues import compose
from pipeline.editorial.wording_rules import Wording
from pipeline.publish.issues import approve, coming_slot
from tests.web.conftest import NOW

READER = Client(raise_request_exception=False)
TARGET = "https://shop.example/a?x=1&y=ü#top"


@pytest.fixture
def issue(letter, workspace):
    """An approved issue whose first tip has a link of its own."""
    newsletters.update_newsletter(newsletter=letter, changes={"counts_clicks": True}, now=NOW, actor="cli")
    wording = Wording(
        title="A towel apart", text="Use a towel of its own for the face.", topic="Care", author="Ida",
        link_url=TARGET, link_text="What to look for",
    )  # fmt: skip
    tip = revise.write_tip(newsletter=letter, wording=wording, now=NOW, actor="cli")
    tips.approve(tip_id=tip.pk, now=NOW, actor="cli")
    made = compose(newsletter=letter, slot=coming_slot(letter, now=NOW), now=NOW, actor="cli")
    approve(made, config=workspace, now=NOW, actor="cli")
    made.refresh_from_db()
    return made


@pytest.fixture
def link(issue):
    return CountedLink.objects.get(issue=issue, url=TARGET)


def path(link):
    return link.counted_url.removeprefix("https://newsletter.example")


def clicks(link):
    link.refresh_from_db()
    return link.clicks


def test_a_click_leads_on_and_is_counted_once(link):
    answer = READER.get(path(link))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "https://shop.example/a?x=1&y=%C3%BC#top"
    assert clicks(link) == 1
    READER.get(path(link))
    assert clicks(link) == 2
    assert set(CountedLink.objects.exclude(pk=link.pk).values_list("clicks", flat=True)) == {0}


def test_no_cookie_is_set_nothing_is_cached_and_the_page_does_not_learn_where_the_reader_came_from(link):
    answer = READER.get(path(link))
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "headers",
    [{"sec-purpose": "prefetch"}, {"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"},
     {"x-purpose": "preview"}, {"x-moz": "prefetch"}],
)  # fmt: skip
def test_a_page_loaded_ahead_of_time_leads_on_uncounted(link, headers):
    assert READER.get(path(link), headers=headers).status_code == 302
    assert clicks(link) == 0


def test_a_program_that_asks_for_the_head_alone_leads_on_uncounted(link):
    assert READER.head(path(link)).status_code == 302
    assert clicks(link) == 0


def test_nothing_but_looking_is_taken(link):
    assert READER.post(path(link)).status_code == 405
    assert clicks(link) == 0


def test_a_reader_gets_there_although_the_count_fails(link, monkeypatch, caplog):
    def fail(**_):
        raise DatabaseError("database is locked")

    monkeypatch.setattr("pipeline.web.public.clicks.count_click", fail)
    assert READER.get(path(link)).headers["Location"].startswith("https://shop.example/")
    assert "click.not_counted" in caplog.text
    assert clicks(link) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "token",
    ["x", "https://evil.example/", tokens.make_click(issue_id=1, link=1, keys=Keyring(["another key"])),
     tokens.make(tokens.Purpose.UNSUBSCRIBE, list_id=1, subscriber_id=1, keys=Keyring(["another key"]))],
)  # fmt: skip
def test_what_was_not_signed_here_leads_nowhere(workspace, token):
    answer = READER.get(f"/click/{token}/")
    assert answer.status_code == 404
    assert "Location" not in answer.headers
    assert "evil" not in answer.content.decode()


def test_another_purpose_and_another_issue_s_link_lead_nowhere(link, letter):
    for token in (
        tokens.make(tokens.Purpose.PREFERENCES, list_id=link.issue_id, subscriber_id=link.number, keys=keyring()),
        tokens.make_click(issue_id=link.issue_id, link=999, keys=keyring()),
        tokens.make_click(issue_id=link.issue_id + 1, link=link.number, keys=keyring()),
    ):
        assert READER.get(f"/click/{token}/").status_code == 404
    assert clicks(link) == 0


def test_the_studio_shows_each_link_with_its_count(issue, link):
    for _ in range(3):
        READER.get(path(link))
    staff = Client()
    staff.force_login(User.objects.create_user("ada", is_staff=True))
    page = staff.get(reverse("studio:issue", args=[issue.number])).content.decode()
    assert "3 in all, counted without person" in page
    assert "https://shop.example/a?x=1&amp;y=ü#top" in page
    mail = staff.get(reverse("studio:issue-mail", args=[issue.number])).content.decode()
    assert "/click/" not in mail
    assert "https://shop.example/a?x=1&amp;y=ü#top" in mail


def test_search_engines_are_told_to_stay_away(letter):
    assert "Disallow: /click/" in READER.get("/robots.txt").content.decode()
