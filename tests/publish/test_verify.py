"""`verify` parses what the world got: every way in which feeds, archive and mail can disagree is found."""

import pytest

from pipeline.delivery.models import CountedLink, Delivery
from pipeline.editorial.actions.newsletters import update_newsletter
from pipeline.editorial.models import Issue
from pipeline.publish.erasure import erase_address
from pipeline.publish.publishing import publish_now
from pipeline.publish.verify import verify
from tests.publish.conftest import EDITOR, SUNDAY, mails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("readers")]


@pytest.fixture
def published(newsletter, queue, config, clock):
    queue(2)
    publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    return config.output / "skin-letter"


def problems(config):
    return [check.problem for check in verify(config=config) if not check.holds]


def test_after_publishing_everything_agrees(published, config):
    checks = list(verify(config=config))
    assert len(checks) == 8
    assert problems(config) == []


@pytest.mark.parametrize("changes", [{"utm_source": "letter"}, {"counts_clicks": True, "utm_source": "letter"}])
def test_counted_links_and_utm_parameters_lead_to_the_same_tips(newsletter, queue, config, clock, changes):
    update_newsletter(newsletter=newsletter, changes=changes, now=SUNDAY, actor=EDITOR)
    queue(2)
    publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    assert problems(config) == []
    CountedLink.objects.filter(anchor__gt="").update(url="https://elsewhere.example/#tip-1")
    path = mails(config)[0]
    path.write_bytes(path.read_bytes().replace(b"#tip-", b"#pit-"))
    assert problems(config)


def test_a_tip_that_is_gone_from_its_page_is_found(published, config):
    page = published / "archive" / "1.html"
    page.write_text(page.read_text().replace('id="tip-', 'id="was-', 1))
    assert any("the page lacks tip-" in problem for problem in problems(config))


def test_a_missing_page_is_found(published, config):
    (published / "archive" / "1.html").unlink()
    assert any("is missing" in problem for problem in problems(config))


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml", "feed.json"])
def test_a_missing_feed_is_found(published, config, name):
    (published / name).unlink()
    assert any(name in problem for problem in problems(config))


def test_an_entry_that_was_never_published_is_found(published, config):
    feed = published / "feed.json"
    entry_id = f"urn:uuid:{Issue.objects.get().issue_tips.first().tip.entry_id}"
    feed.write_text(feed.read_text().replace(entry_id, "urn:uuid:00000000-0000-4000-8000-000000000000"))
    assert any("which was not published" in problem for problem in problems(config))
    assert any("lacks" in problem for problem in problems(config))


def test_a_mail_that_links_elsewhere_is_found(published, config):
    path = mails(config)[0]
    path.write_bytes(path.read_bytes().replace(b"#tip-", b"#tip-x"))
    assert any("which was not published" in problem for problem in problems(config))


def test_an_accepted_mail_that_is_not_in_the_outbox_is_found(published, config):
    mails(config)[0].unlink()
    assert any("though it was accepted" in problem for problem in problems(config))


def test_the_copies_of_an_erased_reader_s_mail_are_not_missed(published, config):
    delivery = Delivery.objects.select_related("subscriber").first()
    erase_address(address=delivery.subscriber.address, config=config, now=SUNDAY, actor=EDITOR)
    assert len(mails(config)) == 4
    assert problems(config) == []


def test_altered_frozen_content_is_found(published, config):
    Issue.objects.update(html="something else")
    assert any("differs from what was approved" in problem for problem in problems(config))


def test_a_delivery_row_that_vanished_is_found(published, config):
    Delivery.objects.first().delete()
    assert any("5 planned ≠ 4 accepted" in problem for problem in problems(config))
