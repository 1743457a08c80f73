"""Counted links from the approval to the mailbox: kept with what was frozen, and in no feed and on no page."""

import email
from email.policy import default
from urllib.parse import urlsplit

import pytest

from pipeline.audience.keys import keyring
from pipeline.audience.tokens import ClickToken, read_click
from pipeline.delivery.actions.clicks import count_click
from pipeline.delivery.models import CountedLink
from pipeline.editorial.actions import issues as actions
from pipeline.editorial.actions.newsletters import update_newsletter
from pipeline.publish import publishing
from pipeline.publish.clicks import LinkClicks, clicks_of
from pipeline.publish.issues import approve, coming_slot, look_at, look_at_next
from pipeline.publish.previews import send_test
from tests.publish.conftest import EDITOR, SUNDAY, TUESDAY_SLOT, mails


@pytest.fixture
def counting(newsletter):
    update_newsletter(
        newsletter=newsletter, changes={"counts_clicks": True, "utm_source": "letter"}, now=SUNDAY, actor=EDITOR
    )
    return newsletter


@pytest.fixture
def issue(counting, queue, readers, clock):
    queue(2)
    return actions.compose(newsletter=counting, slot=coming_slot(counting, now=clock()), now=clock(), actor=EDITOR)


def parts_of(path):
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    return [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]


def test_a_newsletter_counts_nothing_of_itself(newsletter, queue, readers, config, clock):
    queue(2)
    clock.move_to(TUESDAY_SLOT)
    list(publishing.publish_due(newsletter, config=config, clock=clock))
    publishing.publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    assert mails(config)
    assert not CountedLink.objects.exists()
    assert not any("/click/" in part for path in mails(config) for part in parts_of(path))


def test_every_reader_gets_the_same_counted_links_in_both_parts(issue, config, clock):
    approve(issue, config=config, now=clock(), actor=EDITOR)
    clock.move_to(TUESDAY_SLOT)
    list(publishing.publish_due(issue.newsletter, config=config, clock=clock))
    links = {link.counted_url: link for link in CountedLink.objects.filter(issue=issue)}
    assert len(mails(config)) == 5
    for path in mails(config):
        for part in parts_of(path):
            assert part.count("/click/") >= 2
            assert all(url in links for url in _counted(part))
    for url, link in links.items():
        token = urlsplit(url).path.split("/")[2]
        assert read_click(token, keys=keyring()) == ClickToken(issue.pk, link.number)
        assert "utm_source=letter" in link.url


def _counted(part):
    words = part.replace('"', " ").replace("(", " ").replace(")", " ").split()
    return [word for word in words if "/click/" in word]


def test_feeds_pages_and_pictures_know_nothing_of_it(issue, config, clock):
    approve(issue, config=config, now=clock(), actor=EDITOR)
    clock.move_to(TUESDAY_SLOT)
    list(publishing.publish_due(issue.newsletter, config=config, clock=clock))
    written = [path for path in config.output.rglob("*") if path.is_file()]
    assert any(path.name == "feed.xml" for path in written)
    assert not [path for path in written if b"/click/" in path.read_bytes() or b"utm_" in path.read_bytes()]


def test_looking_is_never_counted_and_the_size_is_that_of_what_leaves(issue, config, clock):
    before = look_at(issue, config=config)
    approve(issue, config=config, now=clock(), actor=EDITOR)
    issue.refresh_from_db()
    for look in (before, look_at(issue, config=config)):
        assert "/click/" in look.rendered.html
        assert "/click/" not in look.uncounted.html + look.uncounted.text
        assert look.rendered.html_bytes == len(issue.html.encode())


def test_a_test_send_has_links_that_work_before_the_issue_is_approved(counting, queue, config, clock):
    queue(2)
    assert "/click/" in look_at_next(counting, config=config, now=clock()).rendered.html
    send_test(counting, address="ada@reader.example", config=config, clock=clock)
    (path,) = mails(config)
    assert not any("/click/" in part for part in parts_of(path))
    assert not CountedLink.objects.exists()


def test_an_approval_after_a_change_keeps_the_links_of_the_new_words(issue, config, clock):
    approve(issue, config=config, now=clock(), actor=EDITOR)
    first = set(CountedLink.objects.values_list("url", flat=True))
    publishing.pause(issue, now=clock(), actor=EDITOR)
    issue.refresh_from_db()
    publishing.resume(issue, now=clock(), actor=EDITOR)
    actions.edit(issue_id=issue.pk, intro="See [the guide](https://a.example/).", now=clock(), actor=EDITOR)
    issue.refresh_from_db()
    approve(issue, config=config, now=clock(), actor=EDITOR)
    again = set(CountedLink.objects.values_list("url", flat=True))
    assert {url.split("?")[0] for url in again - first} == {"https://a.example/"}
    assert first <= again


def test_clicks_are_told_by_link_and_by_the_tip_that_it_stands_in(issue, config, clock):
    approve(issue, config=config, now=clock(), actor=EDITOR)
    issue.refresh_from_db()
    (link, *_) = [link for link in CountedLink.objects.filter(issue=issue) if link.anchor]
    for _ in range(2):
        count_click(issue_id=issue.pk, number=link.number)
    count_click(issue_id=issue.pk, number=999)
    told = clicks_of(issue)
    (counted,) = [row for row in told if row.clicks]
    assert counted == LinkClicks(counted.place, link.url, 2)
    assert counted.place.startswith("A word on ")


def test_nothing_is_stored_of_a_click_but_a_number():
    fields = {field.name for field in CountedLink._meta.get_fields()}
    assert fields == {"id", "issue", "number", "anchor", "url", "counted_url", "clicks"}
