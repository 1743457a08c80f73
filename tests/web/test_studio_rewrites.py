"""A smoother wording in the studio: offered only where there is a rewriter, shown beside the tip, taken by a person."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pipeline.editorial.actions import revise, tips
from pipeline.editorial.models import Tip
from pipeline.editorial.wording_rules import Wording
from tests.rewriter_server import send, serving
from tests.web.conftest import NOW

pytestmark = pytest.mark.django_db
TEXT = "Use a towel of its own for the face, and wash it about twice a week, because damp cloth may hold germs."
SHORTER = TEXT.replace("the face", "your face").replace("Use a towel of its own", "Use its own towel")
BUTTON = "Propose a smoother wording"


@pytest.fixture
def service():
    with serving(SHORTER) as running:
        yield running


@pytest.fixture
def configured(service, monkeypatch):
    monkeypatch.setenv("PIPELINE_REWRITER_URL", service.url)
    monkeypatch.setenv("PIPELINE_REWRITER_MODEL", "small-1")
    return service


@pytest.fixture
def staff(letter):
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    return client


@pytest.fixture
def tip(letter):
    words = Wording(title="Keep the towel apart", text=TEXT, topic="Routine", author="Dr Ida Berg")
    return revise.write_tip(newsletter=letter, wording=words, now=NOW, actor="ada")


def test_without_a_rewriter_there_is_no_button_and_asking_says_what_to_set(staff, tip):
    assert BUTTON not in staff.get(f"/studio/tips/{tip.pk}/").content.decode()
    answer = staff.post(f"/studio/tips/{tip.pk}/rewrite/ask/", follow=True)
    assert b"No rewriter is set up" in answer.content


def test_the_proposal_stands_beside_the_tip_and_is_taken_by_a_person(staff, tip, configured):
    assert BUTTON in staff.get(f"/studio/tips/{tip.pk}/").content.decode()
    shown = staff.post(f"/studio/tips/{tip.pk}/rewrite/ask/", follow=True).content.decode()
    assert TEXT in shown
    assert SHORTER in shown
    assert "Take this wording" in shown
    assert Tip.objects.get().revision.text == TEXT
    staff.post(f"/studio/tips/{tip.pk}/rewrite/take/")
    taken = Tip.objects.select_related("revision").get()
    assert (taken.state, taken.revision.text) == ("in_review", SHORTER)
    assert taken.revision.edits == ["rewritten by small-1, taken over by ada"]
    assert len(configured.requests) == 1


def test_a_proposal_with_faults_is_shown_with_them_and_cannot_be_taken(staff, tip, configured):
    configured.text = TEXT.replace("may hold", "holds")
    shown = staff.post(f"/studio/tips/{tip.pk}/rewrite/ask/", follow=True).content.decode()
    assert "The tip keeps its own words" in shown
    assert "Take this wording" not in shown
    answer = staff.post(f"/studio/tips/{tip.pk}/rewrite/take/", follow=True)
    assert b"stay" in answer.content
    assert Tip.objects.get().revision.text == TEXT


def test_markup_that_a_rewriter_answers_is_shown_as_text(staff, tip, configured):
    configured.text = "<script>alert(1)</script> Use a towel."
    shown = staff.post(f"/studio/tips/{tip.pk}/rewrite/ask/", follow=True).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_rewriter_that_fails_is_said_on_the_tip_s_page(staff, tip, configured):
    configured.behave = lambda handler: send(handler, b"oops", status=503)
    answer = staff.post(f"/studio/tips/{tip.pk}/rewrite/ask/", follow=True)
    assert b"The rewriter answered 503" in answer.content


def test_words_that_changed_since_the_proposal_are_not_replaced(staff, tip, configured):
    staff.post(f"/studio/tips/{tip.pk}/rewrite/ask/")
    words = Wording(title="Keep the towel apart", text="Other words.", topic="Routine", author="Dr Ida Berg")
    revise.revise(tip_id=tip.pk, wording=words, now=NOW, actor="bob")
    answer = staff.post(f"/studio/tips/{tip.pk}/rewrite/take/", follow=True)
    assert b"Ask again" in answer.content
    assert Tip.objects.get().revision.text == "Other words."
    assert staff.get(f"/studio/tips/{tip.pk}/rewrite/", follow=True).redirect_chain


def test_what_readers_have_shows_no_button(staff, tip, configured):
    tips.withdraw(tip_id=tip.pk, reason="Out of date", now=NOW, actor="ada")
    assert BUTTON not in staff.get(f"/studio/tips/{tip.pk}/").content.decode()
