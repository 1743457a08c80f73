"""A published tip in the studio: corrected and withdrawn after a second look, by name, and shown to readers at once."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pipeline.delivery.models import Message
from pipeline.editorial.models import PublicTip
from pipeline.publish.site import write_site
from tests.publish.story import Story
from tests.web.conftest import NOW


@pytest.fixture
def staff(letter):
    client = Client(enforce_csrf_checks=False, headers={"host": "newsletter.example"})
    client.force_login(User.objects.create_user("ada", is_staff=True))
    return client


@pytest.fixture
def tip(letter, workspace):
    story = Story(letter)
    story.issue("Sun")
    write_site(letter, config=workspace, now=NOW)
    return story.published()[0]


def words(tip, **changes):
    revision = tip.revision
    return {
        "title": revision.title, "text": revision.text, "topic": revision.topic, "author": revision.author,
        "note": "The hour was wrong.", "content_hash": revision.content_hash, **changes,
    }  # fmt: skip


def archive(workspace):
    return (workspace.output / "skin-letter" / "archive" / "1.html").read_text()


def test_a_published_tip_offers_both_and_its_place(staff, tip):
    page = staff.get(f"/studio/tips/{tip.pk}/").content.decode()
    assert tip.permalink in page
    assert f"/studio/tips/{tip.pk}/correct/" in page
    assert f"/studio/tips/{tip.pk}/withdraw/" in page


def test_a_tip_that_readers_do_not_have_offers_neither(staff, letter):
    draft = Story(letter)._write("Sun")
    page = staff.get(f"/studio/tips/{draft.pk}/").content.decode()
    for what in ("correct", "withdraw"):
        assert f"/{what}/" not in page
        assert staff.get(f"/studio/tips/{draft.pk}/{what}/").status_code == 404
        assert staff.post(f"/studio/tips/{draft.pk}/{what}/", {"reason": "No."}).status_code == 404


def test_a_correction_is_looked_at_once_more_before_readers_see_it(staff, tip, workspace):
    form = staff.get(f"/studio/tips/{tip.pk}/correct/").content.decode()
    assert tip.revision.title in unescape(form)
    assert "not_before" not in form
    look = staff.post(f"/studio/tips/{tip.pk}/correct/", words(tip, title="Cover up at noon")).content.decode()
    assert "Cover up at noon" in look
    assert "The hour was wrong." in look
    assert PublicTip.objects.get().corrected_at is None
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', look))
    assert unescape(hidden["title"]) == "Cover up at noon"
    answer = staff.post(f"/studio/tips/{tip.pk}/correct/", words(tip, title="Cover up at noon", confirmed="yes"))
    assert answer.url == f"/studio/tips/{tip.pk}/"
    assert "Cover up at noon" in archive(workspace)
    assert "The hour was wrong." in archive(workspace)
    assert not Message.objects.exists()
    assert "Corrected on" in staff.get(answer.url).content.decode()


def test_a_correction_can_be_changed_again_before_it_is_made(staff, tip):
    page = staff.post(f"/studio/tips/{tip.pk}/correct/", words(tip, title="Another", again="yes")).content.decode()
    assert 'value="Another"' in page
    assert "Look at it once more" in page
    assert PublicTip.objects.get().corrected_at is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"note": ""}, "This field is required"),
        ({"title": ""}, "This field is required"),
        ({"title": "New", "content_hash": "0" * 64}, "was changed since you looked at it"),
        ({}, "has these words already"),
    ],
)
def test_a_correction_that_cannot_be_made_says_why_and_changes_nothing(staff, tip, changes, said):
    page = staff.post(f"/studio/tips/{tip.pk}/correct/", words(tip, **changes, confirmed="yes"))
    assert said in unescape(page.content.decode())
    assert PublicTip.objects.get().corrected_at is None


def test_what_staff_type_is_no_markup_on_the_page_that_is_looked_at(staff, tip):
    look = staff.post(f"/studio/tips/{tip.pk}/correct/", words(tip, text="<script>alert(1)</script>", note="<b>x</b>"))
    assert b"<script>alert" not in look.content
    assert b"<b>x</b>" not in look.content


def test_a_withdrawal_asks_for_the_reason_and_says_what_happens(staff, tip, workspace):
    page = staff.get(f"/studio/tips/{tip.pk}/withdraw/").content.decode()
    assert "This cannot be taken back" in page
    assert PublicTip.objects.get().withdrawn_at is None
    refused = staff.post(f"/studio/tips/{tip.pk}/withdraw/", {"reason": " "}).content.decode()
    assert 'role="alert"' in refused
    assert PublicTip.objects.get().withdrawn_at is None
    answer = staff.post(f"/studio/tips/{tip.pk}/withdraw/", {"reason": "It was disproved."})
    assert answer.url == f"/studio/tips/{tip.pk}/"
    assert "It was disproved." in archive(workspace)
    after = staff.get(answer.url).content.decode()
    assert "Withdrawn on" in after
    assert "/correct/" not in after
    assert staff.post(f"/studio/tips/{tip.pk}/withdraw/", {"reason": "Again."}).status_code == 404
