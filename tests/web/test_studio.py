"""The studio: only staff, nothing by GET, nothing by another site's form, and no staff text as markup."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, reverse
from selectolax.lexbor import LexborHTMLParser

from pipeline.editorial.actions import revise, tips
from pipeline.editorial.actions.newsletters import create_newsletter
from pipeline.editorial.models import Issue, Tip
from pipeline.editorial.wording_rules import Wording
from pipeline.web.studio import urls

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VALUES = {"batch_id": 1, "tip_id": 1, "number": 1, "step": 1, "name": "x.jpg"}
OPEN = {"login", "logout"}
ROUTES = [route for route in urls.urlpatterns if isinstance(route, URLPattern) and route.name not in OPEN]
POST_ONLY = {"tip-check", "picture-take", "tip-approve", "tip-reject", "queue-move", "issue-approve",
             "issue-change", "alert-test", "tip-rewrite-ask", "tip-rewrite-take", "schedule-off", "schedule-once",
             "schedule-pause", "deliveries-settle"}  # fmt: skip
WORDS = {
    "title": "Keep the towel apart",
    "text": "Use a towel of its own for the face, and wash it twice a week.",
    "topic": "Routine",
    "author": "Dr Ida Berg",
}


def address(route: URLPattern) -> str:
    return reverse(f"studio:{route.name}", kwargs={name: VALUES[name] for name in route.pattern.converters})


@pytest.fixture
def newsletter():
    return create_newsletter(
        slug="skin-letter", name="The Skin Letter", sender_name="S", sender_address="letter@newsletter.example",
        list_id="skin-letter.newsletter.example", reason="You subscribed.", time_zone="Europe/Berlin",
        postal_address="1 Orchard Road", tips_per_issue=2, now=NOW, actor="cli",
    )  # fmt: skip


@pytest.fixture
def staff(newsletter):
    client = Client(enforce_csrf_checks=False)
    client.force_login(User.objects.create_user("ada", is_staff=True))
    return client


@pytest.fixture
def tip(newsletter):
    return written(newsletter)


def written(newsletter, **changes):
    return revise.write_tip(newsletter=newsletter, wording=Wording(**{**WORDS, **changes}), now=NOW, actor="ada")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_page_sends_strangers_to_the_login(client, newsletter, route):
    for answer in (client.get(address(route)), client.post(address(route))):
        assert answer.status_code == 302
        assert answer.url.startswith("/studio/login/")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_page_sends_a_user_who_is_not_staff_to_the_login(client, newsletter, route):
    client.force_login(User.objects.create_user("guest"))
    assert client.get(address(route)).url.startswith("/studio/login/")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.name in POST_ONLY], ids=lambda route: route.name)
def test_what_changes_something_is_never_done_by_get(staff, tip, route):
    assert staff.get(address(route)).status_code == 405
    tip.refresh_from_db()
    assert tip.state == "draft"


@pytest.mark.parametrize("route", [route for route in ROUTES if route.name in POST_ONLY], ids=lambda route: route.name)
def test_a_form_of_another_site_is_refused(newsletter, tip, route):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("ada", is_staff=True))
    assert client.post(address(route), {"reason": "x"}).status_code == 403


def test_without_a_newsletter_the_studio_says_how_to_begin(client):
    client.force_login(User.objects.create_user("ada", is_staff=True))
    assert b"run.py init" in client.get("/studio/").content


def test_a_tip_is_written_and_kept_as_a_draft_under_the_writer_s_name(staff):
    answer = staff.post("/studio/tips/new/", WORDS, follow=True)
    assert b"Kept. Read it once more" in answer.content
    tip = Tip.objects.get()
    assert (tip.state, tip.revision.created_by, tip.revision.title) == ("draft", "ada", WORDS["title"])


@pytest.mark.parametrize(("field", "value", "said"), [
    ("title", "", "required"), ("text", "   ", "empty"), ("link_url", "javascript:alert(1)", "https"),
    ("title", "x" * 201, "200"), ("author", "", "missing"), ("not_before", "soon", "date"),
])  # fmt: skip
def test_what_cannot_be_kept_is_said_by_its_field_and_nothing_is_lost(staff, field, value, said):
    answer = staff.post("/studio/tips/new/", WORDS | {field: value})
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors[field])
    assert WORDS["text" if field == "title" else "title"].encode() in answer.content
    assert Tip.objects.count() == 0


def test_the_check_says_what_the_guard_finds_and_shows_the_card(staff):
    answer = staff.post("/studio/tips/check/", WORDS | {"text": "This cream is guaranteed to remove every scar."})
    assert b"guaranteed" in answer.content
    card = staff.get("/studio/tips/draft-card/")
    assert b"guaranteed to remove every scar" in card.content
    assert "sandbox" in card.headers["Content-Security-Policy"]
    assert Tip.objects.count() == 0


def test_staff_text_is_shown_as_text_wherever_it_appears(staff, newsletter):
    evil = '<script>alert(1)</script>{{ 7|add:7 }}{% now "Y" %}'
    made = written(newsletter, title=evil, text=f"Some words. {evil}", topic=evil)
    pages = [
        "/studio/tips/",
        f"/studio/tips/{made.pk}/",
        f"/studio/tips/{made.pk}/edit/",
        f"/studio/tips/{made.pk}/card/",
    ]
    for page in pages:
        content = staff.get(page).content.decode()
        assert [node.text() for node in LexborHTMLParser(content).css("script") if "alert" in node.text()] == [], page
        assert "{{ 7|add:7 }}" in content, page


def test_a_tip_is_approved_by_name_and_stands_in_the_queue_with_its_date(staff, tip):
    staff.post(f"/studio/tips/{tip.pk}/approve/", {"content_hash": tip.revision.content_hash})
    tip.refresh_from_db()
    assert tip.state == "queued"
    assert tip.revision.reviews.get().decided_by == "ada"
    assert b"09:00 in Europe/Berlin" in staff.get("/studio/queue/").content


def test_what_changed_since_it_was_looked_at_is_not_approved(staff, newsletter, tip):
    seen = tip.revision.content_hash
    revise.revise(tip_id=tip.pk, wording=Wording(**WORDS | {"text": "Other words than before, by someone else."}),
                  now=NOW, actor="bob")  # fmt: skip
    answer = staff.post(f"/studio/tips/{tip.pk}/approve/", {"content_hash": seen}, follow=True)
    assert b"was changed by bob" in answer.content
    assert Tip.objects.get().state != "queued"


def test_a_rejection_needs_a_reason_and_keeps_it(staff, tip):
    answer = staff.post(f"/studio/tips/{tip.pk}/reject/", {"reason": " "}, follow=True)
    assert b"needs a reason" in answer.content
    staff.post(f"/studio/tips/{tip.pk}/reject/", {"reason": "Too general."})
    assert b"Too general." in staff.get(f"/studio/tips/{tip.pk}/").content


def test_changed_words_need_approval_again(staff, tip):
    tips.approve(tip_id=tip.pk, now=NOW, actor="ada")
    staff.post(f"/studio/tips/{tip.pk}/edit/", WORDS | {"text": "Use a towel of its own, and wash it every week."})
    tip.refresh_from_db()
    assert (tip.state, tip.revision.number) == ("in_review", 2)


@pytest.mark.parametrize("with_htmx", [True, False])
def test_the_queue_is_ordered_with_and_without_script(staff, newsletter, with_htmx):
    first, second = written(newsletter), written(newsletter, title="Another", text="Quite other advice on pillows.")
    for made in (first, second):
        tips.approve(tip_id=made.pk, now=NOW, actor="ada")
    headers = {"HTTP_HX_REQUEST": "true"} if with_htmx else {}
    answer = staff.post(f"/studio/queue/{second.pk}/", {"move": "up"}, **headers)
    assert answer.status_code == (200 if with_htmx else 302)
    assert (b"<html" in answer.content) is False
    page = staff.get("/studio/queue/").content.decode()
    assert page.index("Another") < page.index(WORDS["title"])


@pytest.mark.parametrize(("move", "said"), [("hold", "Held"), ("drop", "Look at the tips"), ("nonsense", None)])
def test_a_queued_tip_is_held_back_or_taken_out(staff, tip, move, said):
    tips.approve(tip_id=tip.pk, now=NOW, actor="ada")
    answer = staff.post(f"/studio/queue/{tip.pk}/", {"move": move})
    assert answer.status_code == (302 if said else 400)
    assert (said or WORDS["title"]) in staff.get("/studio/queue/").content.decode()


def test_the_next_issue_is_shown_as_mail_and_stores_nothing(staff, tip):
    tips.approve(tip_id=tip.pk, now=NOW, actor="ada")
    assert WORDS["title"].encode() in staff.get("/studio/issues/next/").content
    mail = staff.get("/studio/issues/next/mail/")
    assert WORDS["title"].encode() in mail.content
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert Issue.objects.count() == 0


def test_an_empty_queue_is_said_and_not_an_error(staff):
    answer = staff.get("/studio/issues/next/")
    assert answer.status_code == 200
    assert b"Approve some" in answer.content
    assert staff.get("/studio/issues/next/mail/").status_code == 200


@pytest.mark.parametrize("page", ["/studio/tips/99/", "/studio/issues/99/", "/studio/tips/99/card/"])
def test_what_is_not_there_is_a_404(staff, page):
    assert staff.get(page).status_code == 404


def test_no_studio_page_is_kept_by_a_cache(staff, tip):
    for page in ("/studio/", "/studio/tips/", f"/studio/tips/{tip.pk}/", "/studio/queue/", "/studio/issues/"):
        assert "no-store" in staff.get(page).headers["Cache-Control"]


def test_of_two_who_change_one_tip_the_second_is_told_and_loses_no_words(staff, tip):
    page = LexborHTMLParser(staff.get(f"/studio/tips/{tip.pk}/edit/").content)
    seen = page.css_first("input[name=content_hash]").attributes["value"]
    revise.revise(tip_id=tip.pk, wording=Wording(**{**WORDS, "title": "Hers"}), now=NOW, actor="grace")
    answer = staff.post(f"/studio/tips/{tip.pk}/edit/", {**WORDS, "title": "His", "content_hash": seen})
    assert "grace changed this tip while you were writing" in answer.content.decode()
    assert 'value="His"' in answer.content.decode()
    tip.refresh_from_db()
    assert tip.revision.title == "Hers"
    again = staff.post(f"/studio/tips/{tip.pk}/edit/", {**WORDS, "title": "His", "content_hash": seen})
    assert "grace changed this tip" in again.content.decode()


def test_whoever_starts_from_the_newest_words_is_not_stopped(staff, tip):
    seen = tip.revision.content_hash
    assert (
        staff.post(f"/studio/tips/{tip.pk}/edit/", {**WORDS, "title": "His", "content_hash": seen}).status_code == 302
    )
    tip.refresh_from_db()
    assert tip.revision.title == "His"


def test_nobody_rejects_words_that_were_changed_since_they_looked(staff, tip):
    seen = tip.revision.content_hash
    revise.revise(tip_id=tip.pk, wording=Wording(**{**WORDS, "title": "Hers"}), now=NOW, actor="grace")
    staff.post(f"/studio/tips/{tip.pk}/reject/", {"reason": "Too short", "content_hash": seen})
    tip.refresh_from_db()
    assert tip.state != "rejected"


def test_a_form_that_is_still_empty_is_not_called_wrong(staff, newsletter):
    said = staff.post("/studio/tips/check/", {}).content.decode()
    assert "who vouches for it" in said
    assert "block" not in said


def test_each_button_of_the_queue_has_a_name_of_its_own_so_that_the_focus_stays_on_it(staff, newsletter):
    queued = [
        written(newsletter, title=f"Tip number {number}", text=f"Do thing {number} today.") for number in (1, 2, 3)
    ]
    for each in queued:
        tips.approve(tip_id=each.pk, now=NOW, actor="ada")

    def names(html: bytes) -> set[str | None]:
        found = [button.attributes.get("id") for button in LexborHTMLParser(html).css("button[name=move]")]
        assert len(found) == len(set(found))
        return set(found)

    before = names(staff.get("/studio/queue/").content)
    moved = staff.post(f"/studio/queue/{queued[2].pk}/", {"move": "up"}, headers={"hx-request": "true"})
    assert None not in before
    assert f"up-{queued[2].pk}" in before & names(moved.content)


def test_the_mail_in_the_frame_brings_its_pictures_though_none_is_hosted_yet(staff, tip):
    tips.approve(tip_id=tip.pk, now=NOW, actor="ada")
    mail = staff.get("/studio/issues/next/mail/").content.decode()
    pictures = [node.attributes["src"] for node in LexborHTMLParser(mail).css("img")]
    assert pictures
    assert all(source.startswith("data:image/png;base64,") for source in pictures)
