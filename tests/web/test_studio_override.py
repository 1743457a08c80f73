"""Approving an issue that preflight blocks, in the studio: by name, with a reason, for what may be answered for."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import issues, revise, tips
from pipeline.editorial.models import Issue
from pipeline.editorial.wording_rules import Wording
from pipeline.publish.issues import coming_slot
from tests.web.conftest import NOW

CLAIM = "Our serum cures acne."


@pytest.fixture
def staff(letter):
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    return client


@pytest.fixture
def issue(letter):
    wording = Wording(title="A towel apart", text="Use a towel of its own.", topic="Care", author="Ida")
    tip = revise.write_tip(newsletter=letter, wording=wording, now=NOW, actor="cli")
    tips.approve(tip_id=tip.pk, now=NOW, actor="cli")
    made = issues.compose(newsletter=letter, slot=coming_slot(letter, now=NOW), now=NOW, actor="cli")
    return issues.edit(issue_id=made.pk, intro=CLAIM, now=NOW, actor="cli")


def form(client):
    page = LexborHTMLParser(client.get("/studio/issues/1/").content)
    return page, page.css_first("form[action$=approve\\/]")


def test_a_claim_asks_for_a_reason_and_the_page_then_says_who_answered(staff, issue):
    _, asked = form(staff)
    assert "required" in asked.css_first("input[name=override]").attributes
    seen = asked.css_first("input[name=content_hash]").attributes["value"]
    staff.post("/studio/issues/1/approve/", {"content_hash": seen, "override": "Legal has seen it."})
    assert Issue.objects.get().state == "approved"
    entry = AuditEntry.objects.get(action="issue.preflight_overridden")
    assert (entry.actor, entry.detail["reason"]) == ("ada", "Legal has seen it.")
    page, asked = form(staff)
    assert "ada answered for what preflight blocks: Legal has seen it." in page.text()
    assert asked is None


def test_without_a_reason_it_stays_as_it_is(staff, issue):
    _, asked = form(staff)
    seen = asked.css_first("input[name=content_hash]").attributes["value"]
    answer = staff.post("/studio/issues/1/approve/", {"content_hash": seen, "override": " "}, follow=True)
    assert Issue.objects.get().state == "composed"
    assert "reason" in LexborHTMLParser(answer.content).css_first(".messages").text()


def test_what_nobody_may_answer_for_shows_no_way_round(staff, issue):
    issues.edit(issue_id=issue.pk, subject="Hello {{ first_name }}", now=NOW, actor="cli")
    page, asked = form(staff)
    assert asked is None
    assert "cannot be approved before what blocks is mended" in page.text()


def test_an_issue_without_findings_asks_for_no_reason(staff, issue):
    issues.edit(issue_id=issue.pk, intro="", now=NOW, actor="cli")
    _, asked = form(staff)
    assert asked.css_first("input[name=override]") is None


def test_what_was_changed_since_the_page_was_opened_is_not_approved(staff, issue):
    _, asked = form(staff)
    seen = asked.css_first("input[name=content_hash]").attributes["value"]
    issues.edit(issue_id=issue.pk, intro=f"{CLAIM} Guaranteed.", now=NOW, actor="grace")
    answer = staff.post("/studio/issues/1/approve/", {"content_hash": seen, "override": "Seen."}, follow=True)
    assert "changed since you opened it" in answer.content.decode()
    assert Issue.objects.get().state == "composed"
