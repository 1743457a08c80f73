"""A tip that goes out again: the same entry everywhere, its first page, and nobody who had it gets it twice."""

import email
import email.policy
import json
from datetime import timedelta

import pytest
from lxml import etree

from pipeline.delivery.models import Delivery
from pipeline.editorial.actions import revise, tips
from pipeline.editorial.actions.rules import update_rules
from pipeline.editorial.models import Issue, PublicTip, Tip
from pipeline.editorial.wording_rules import Wording
from pipeline.publish.publishing import publish_now
from pipeline.publish.ticks import tick
from pipeline.publish.verify import verify
from tests.publish.conftest import EDITOR, SUNDAY, TUESDAY_SLOT, mails, subscribe
from tests.publish.test_publishing import now_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("readers")]
LATER = SUNDAY + timedelta(days=400)


@pytest.fixture
def again(newsletter, queue, config, clock):
    """Two tips published, a new reader a year later, and both tips published again because the queue is empty."""
    queue(2)
    now_out(newsletter, config, clock)
    update_rules(newsletter=newsletter, changes={"short_queue": "reuse"}, now=clock(), actor=EDITOR)
    clock.move_to(LATER)
    new = subscribe(newsletter, "new@reader.example").subscriber
    return new, publish_now(newsletter, config=config, clock=clock, actor=EDITOR, another=True)


def test_only_who_never_had_the_tips_is_mailed_and_the_sum_says_who_was_left_out(again, config):
    new, outcome = again
    assert outcome.sums.describe() == "6 planned = 1 accepted + 5 excluded"
    issue = Issue.objects.get(number=2)
    reached = Delivery.objects.filter(message__issue=issue, state="accepted")
    assert [each.subscriber_id for each in reached] == [new.pk]
    left_out = Delivery.objects.filter(message__issue=issue, state="excluded")
    assert set(left_out.values_list("reason", flat=True)) == {"had one of the tips before"}
    assert len(mails(config)) == 6


def test_the_new_mail_and_the_new_page_link_to_the_first_page(again, config):
    first_pages = {tip.permalink for tip in Tip.objects.all()}
    assert all("/archive/1.html#" in page for page in first_pages)
    mail = email.message_from_bytes(mails(config)[-1].read_bytes(), policy=email.policy.default)
    html = mail.get_body(("html",)).get_content()
    page = (config.output / "skin-letter" / "archive" / "2.html").read_text()
    for link in first_pages:
        assert link in html
        assert link.removeprefix("https://newsletter.example/skin-letter/archive/") in page or link in page


def test_every_feed_keeps_one_entry_with_the_same_id_for_it(again, config):
    ids = {f"urn:uuid:{tip.entry_id}" for tip in Tip.objects.all()}
    root = config.output / "skin-letter"
    items = json.loads((root / "feed.json").read_text())["items"]
    assert sorted(item["id"] for item in items if item["id"] in ids) == sorted(ids)
    atom = etree.parse(root / "atom.xml")
    found = [node.text for node in atom.iterfind("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}id")]
    assert sorted(each for each in found if each in ids) == sorted(ids)
    assert PublicTip.objects.count() == 2
    assert {row.issue.number for row in PublicTip.objects.select_related("issue")} == {1}


def test_feeds_archive_and_mail_still_agree(again, config):
    assert [check.problem for check in verify(config=config) if not check.holds] == []


def test_a_slot_that_was_skipped_is_not_sent_after_all_when_the_queue_fills_up(newsletter, queue, config, clock):
    update_rules(newsletter=newsletter, changes={"short_queue": "skip"}, now=clock(), actor=EDITOR)
    queue(1)
    clock.move_to(TUESDAY_SLOT - timedelta(hours=1))
    tick(config=config, clock=clock)
    clock.move_to(TUESDAY_SLOT + timedelta(hours=1))
    late = revise.write_tip(
        newsletter=newsletter, wording=Wording(title="Late", text="Drink when thirsty.", topic="Day", author="B"),
        now=clock(), actor=EDITOR,
    )  # fmt: skip
    tips.approve(tip_id=late.pk, now=clock(), actor=EDITOR)
    tick(config=config, clock=clock)
    assert not Issue.objects.exists()
    clock.move_to(TUESDAY_SLOT + timedelta(days=7))
    tick(config=config, clock=clock)
    assert Issue.objects.get().issue_tips.count() == 2
