"""The studio's pages for an issue's course, the queue, the rules, the welcome and the alerts, in a real browser: by
axe, on a phone and at a desk, light and dark; and without a script, where a button must do.
"""

import pytest

from pipeline.clock import utc_now
from pipeline.editorial.actions import queue
from pipeline.editorial.actions.rules import update_rules
from pipeline.editorial.models import Issue
from pipeline.editorial.queries import queue_of, rules_of
from pipeline.publish import publishing
from tests.web.conftest import NOW
from tests.web.test_studio_course import issue, queued  # noqa: F401 - fixtures
from tests.web.test_studio_look import SITE, browser, looks_right, page  # noqa: F401 - fixtures, and the judge

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_an_issue_is_given_other_words_and_another_tip(page, issue):  # noqa: F811 - fixtures
    page.goto(f"{SITE}/studio/issues/1/")
    page.get_by_text("Passed over when it was composed").click()
    page.get_by_text("Suggestions from its tips").click()
    looks_right(page)
    page.get_by_label("Subject").fill("A calm week")
    page.get_by_role("button", name="Keep these words").click()
    page.get_by_role("heading", name="A calm week", exact=True).wait_for()
    page.get_by_label("Put in the place of A word on cleansing").select_option(label="A word on shaving")
    page.get_by_role("button", name="Swap A word on cleansing").click()
    page.get_by_role("heading", name="A word on shaving").wait_for()
    page.get_by_role("button", name="Keep it back").click()
    page.get_by_text("Paused by ada.").wait_for()
    looks_right(page)
    assert Issue.objects.get().state == "held"


def test_the_queue_is_ordered_by_hand_and_by_priority(page, letter, queued):  # noqa: F811 - fixtures
    page.goto(f"{SITE}/studio/queue/")
    looks_right(page)
    page.get_by_role("button", name="Move to the top: A word on shaving").click()
    page.get_by_text("Moved to the top.").wait_for()
    page.get_by_label("Priority: A word on sleep", exact=True).select_option(label="High priority")
    page.get_by_role("button", name="Set the priority: A word on sleep").click()
    page.get_by_text("It has another priority.").wait_for()
    looks_right(page)
    assert [tip.title for tip in queue_of(letter)][:2] == ["A word on sleep", "A word on shaving"]


def test_rules_are_changed_and_what_is_wrong_stands_by_its_field(page, letter):  # noqa: F811 - fixtures
    page.goto(f"{SITE}/studio/rules/")
    looks_right(page)
    page.get_by_label("Call this address").fill("http://hooks.example/")
    page.get_by_role("button", name="Keep these rules").click()
    page.get_by_text("must start with https").wait_for()
    looks_right(page)
    page.get_by_label("Call this address").fill("")
    page.get_by_label("When too few tips wait").select_option("ask")
    page.get_by_role("button", name="Keep these rules").click()
    page.get_by_text("Kept.").wait_for()
    assert rules_of(letter).short_queue == "ask"


def test_the_welcome_shows_each_mail(page, letter, queued, workspace):  # noqa: F811 - fixtures
    workspace.output.mkdir(exist_ok=True)
    publishing.publish_now(letter, config=workspace, clock=utc_now, actor="Ben")
    update_rules(newsletter=letter, changes={"welcome_mails": "2"}, now=NOW, actor="ada")
    page.goto(f"{SITE}/studio/welcome/")
    page.frame_locator("iframe").first.get_by_text("You are new to The Skin Letter").first.wait_for(state="attached")
    looks_right(page)


def test_alerts_are_shown_and_tried_out(page, letter):  # noqa: F811 - fixtures
    update_rules(newsletter=letter, changes={"alert_addresses": "ada@example.com"}, now=NOW, actor="ada")
    page.goto(f"{SITE}/studio/alerts/")
    looks_right(page)
    page.get_by_role("button", name="Send a test").click()
    page.get_by_role("heading", name="Alerts arrive").wait_for()
    looks_right(page)


def test_a_tip_tells_its_history(page, queued):  # noqa: F811 - fixtures
    queue.hold(tip_id=queued[0].pk, now=NOW, actor="Ben")
    page.goto(f"{SITE}/studio/tips/{queued[0].pk}/")
    page.get_by_text("Held back by Ben").wait_for()
    looks_right(page)
