"""An issue's course in the studio: its words, its tips, why each was chosen; the rules, the welcome and the alerts."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pipeline.clock import utc_now
from pipeline.delivery.models import Alert, Message, MessageState, WelcomeSequence
from pipeline.editorial.actions import issues, queue, revise, tips
from pipeline.editorial.actions.rules import update_rules
from pipeline.editorial.models import Issue, IssueState, QueueEntry, Tip, WelcomeTip
from pipeline.editorial.queries import queue_of, rules_of
from pipeline.editorial.wording_rules import Wording
from pipeline.publish import publishing
from pipeline.publish.issues import approve, coming_slot
from tests.web.conftest import NOW

pytestmark = pytest.mark.django_db
TOPICS = {
    "Sun": "Put sunscreen on as the last step of the morning, and renew it at noon when you are outside.",
    "Cleansing": "Wash with lukewarm water: hot water takes more of the skin's own oils away than cool water.",
    "Moisture": "Spread the cream on damp skin, so that some of the water stays in it.",
    "Scars": "Ask how many sessions a treatment takes before you begin the first one.",
    "Sleep": "Change the pillow case once a week; what is on it is on your face all night.",
    "Shaving": "Shave after the shower, when the hair is soft, and along the way in which it grows.",
}
BEN = {"actor": "Ben"}


@pytest.fixture
def staff(letter):
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    return client


@pytest.fixture
def queued(letter):
    return [written(letter, topic) for topic in TOPICS]


def written(letter, topic, actor="ben", approve_it=True):
    words = Wording(title=f"A word on {topic.lower()}", text=TOPICS[topic], topic=topic, author="Dr Ida Berg")
    tip = revise.write_tip(newsletter=letter, wording=words, now=NOW, actor=actor)
    if approve_it:
        tips.approve(tip_id=tip.pk, now=NOW, actor="carl")
    return tip


@pytest.fixture
def issue(letter, queued):
    queue.hold(tip_id=queued[0].pk, now=NOW, **BEN)
    slot = coming_slot(letter, now=utc_now())
    return issues.compose(newsletter=letter, slot=slot, now=utc_now(), actor="schedule")


def change(staff, issue, do, **fields):
    answer = staff.post(f"/studio/issues/{issue.number}/change/", {"do": do, **fields}, follow=True)
    issue.refresh_from_db()
    return answer.content.decode()


def inside(issue):
    return list(issue.issue_tips.order_by("position").values_list("tip_id", flat=True))


def test_the_page_says_why_each_tip_was_chosen_and_why_others_were_not(staff, issue, queued):
    page = staff.get(f"/studio/issues/{issue.number}/").content.decode()
    assert "Number 2 in the queue; none before it is free." in page
    assert "A word on sun</a>: held" in page
    assert "2 more waited behind them." in page


def test_subject_preheader_and_introduction_are_changed_and_an_approval_is_taken_back(staff, issue, workspace):
    approve(issue, config=workspace, now=utc_now(), actor="Ben")
    page = change(staff, issue, "edit", subject="A calm week", preheader="Three small steps", intro="Hello **you**.")
    assert (issue.subject, issue.preheader, issue.intro) == ("A calm week", "Three small steps", "Hello **you**.")
    assert issue.state == IssueState.COMPOSED
    assert "Kept." in page


def test_suggestions_are_made_of_the_issues_own_tips(staff, issue):
    page = staff.get(f"/studio/issues/{issue.number}/").content.decode()
    assert '<option value="A word on cleansing">' in page
    assert "Subject: A word on cleansing · A word on moisture" in page


def test_what_cannot_be_a_subject_is_said_and_nothing_is_changed(staff, issue):
    before = issue.subject
    assert "The subject is empty" in change(staff, issue, "edit", subject=" ", preheader="", intro="")
    assert issue.subject == before


def test_tips_are_swapped_added_and_taken_out(staff, issue, letter):
    first, second, third = inside(issue)
    waiting = [tip.tip_id for tip in queue_of(letter) if not tip.held]
    change(staff, issue, "swap", **{"out": first, "in": waiting[0]})
    assert inside(issue) == [waiting[0], second, third]
    change(staff, issue, "add", **{"in": first})
    assert inside(issue) == [waiting[0], second, third, first]
    change(staff, issue, "remove", out=second)
    assert inside(issue) == [waiting[0], third, first]
    assert "There is no tip 0" in change(staff, issue, "add", **{"in": "x"})


def test_an_issue_is_kept_back_opened_and_cancelled_with_a_reason(staff, issue):
    change(staff, issue, "pause")
    assert (issue.state, issue.held_reason) == (IssueState.HELD, "Paused by ada.")
    change(staff, issue, "resume")
    assert issue.state == IssueState.COMPOSED
    assert "needs a reason" in change(staff, issue, "cancel", reason=" ")
    change(staff, issue, "cancel", reason="A public holiday")
    assert issue.state == IssueState.CANCELLED
    assert QueueEntry.objects.count() == 6


def test_mail_on_its_way_is_stopped_let_go_on_and_ended(staff, issue, workspace, monkeypatch):
    approve(issue, config=workspace, now=utc_now(), actor="Ben")
    workspace.output.mkdir(exist_ok=True)
    monkeypatch.setattr(publishing.mailing, "send", lambda **_: None)
    publishing.publish_issue(issue.pk, config=workspace, clock=utc_now, actor="Ben")
    assert "Stop its mail for now" in staff.get(f"/studio/issues/{issue.number}/").content.decode()
    change(staff, issue, "pause")
    assert Message.objects.get().state == MessageState.PAUSED
    assert "Let its mail go on" in staff.get(f"/studio/issues/{issue.number}/").content.decode()
    change(staff, issue, "resume")
    assert Message.objects.get().state == MessageState.OPEN
    change(staff, issue, "cancel", reason="Wrong list")
    assert Message.objects.get().state == MessageState.CANCELLED


def test_a_queued_tip_is_withdrawn_and_its_issue_opened_again(staff, issue, workspace):
    approve(issue, config=workspace, now=utc_now(), actor="Ben")
    tip = inside(issue)[0]
    page = staff.post(f"/studio/tips/{tip}/withdraw/", {"reason": "It was disproved."}, follow=True).content.decode()
    assert "issue 1 is held: it needs approval again" in page
    issue.refresh_from_db()
    assert (issue.state, tip in inside(issue)) == (IssueState.HELD, False)


def test_an_unknown_change_is_refused(staff, issue):
    assert staff.post(f"/studio/issues/{issue.number}/change/", {"do": "explode"}).status_code == 400
    assert staff.post("/studio/issues/99/change/", {"do": "edit"}).status_code == 404


def test_an_empty_issue_that_waits_for_a_person_can_be_looked_at_and_filled(staff, letter):
    update_rules(newsletter=letter, changes={"short_queue": "ask"}, now=NOW, actor="ada")
    slot = coming_slot(letter, now=utc_now())
    empty = issues.compose(newsletter=letter, slot=slot, now=utc_now(), actor="schedule")
    assert b"a person decides what goes out" in staff.get(f"/studio/issues/{empty.number}/").content
    tip = written(letter, "Sun")
    change(staff, empty, "add", **{"in": tip.pk})
    assert inside(empty) == [tip.pk]


def test_the_queue_is_ordered_to_the_top_and_by_priority(staff, letter, queued):
    last = queued[-1].pk
    staff.post(f"/studio/queue/{last}/", {"move": "top"})
    assert queue_of(letter)[0].tip_id == last
    staff.post(f"/studio/queue/{queued[2].pk}/", {"move": "priority", "priority": "1"})
    assert queue_of(letter)[0].tip_id == queued[2].pk
    page = staff.post(
        f"/studio/queue/{queued[2].pk}/", {"move": "priority", "priority": "7"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "There is no priority" in page
    assert '<option value="1" selected>High priority</option>' in page


def test_a_tips_page_tells_its_history_with_names_and_reasons(staff, queued):
    queue.hold(tip_id=queued[0].pk, now=NOW, **BEN)
    tips.send_back(tip_id=queued[0].pk, reason="its source was changed", now=NOW, **BEN)
    page = staff.get(f"/studio/tips/{queued[0].pk}/").content.decode()
    for said in (
        "Written by ben",
        "Approved by carl",
        "Held back by Ben",
        "Sent back to review by Ben: its source was",
    ):
        assert said in page


def test_where_two_people_are_asked_for_ones_own_words_have_no_button_and_the_action_refuses(staff, letter):
    update_rules(newsletter=letter, changes={"two_people": "yes"}, now=NOW, actor="ada")
    own, other = written(letter, "Sun", actor="ada", approve_it=False), written(letter, "Scars", approve_it=False)
    page = staff.get(f"/studio/tips/{own.pk}/").content.decode()
    assert "a colleague approves it" in page
    assert "Approve, and queue it" not in page
    assert b"asks for two people" in staff.post(f"/studio/tips/{own.pk}/approve/", follow=True).content
    assert "Approve, and queue it" in staff.get(f"/studio/tips/{other.pk}/").content.decode()
    staff.post(f"/studio/tips/{other.pk}/approve/")
    assert [Tip.objects.get(pk=each.pk).state for each in (own, other)] == ["draft", "queued"]


def rules_form(staff, **changes):
    form = staff.get("/studio/rules/").context["form"]
    return {name: str(form[name].value()) for name in form.fields} | changes


def test_rules_are_kept_and_hold_at_once(staff, letter):
    answer = staff.post("/studio/rules/", rules_form(staff, short_queue="reuse", tips_per_issue="5", two_people="yes"))
    assert answer.status_code == 302
    assert (rules_of(letter).short_queue, rules_of(letter).two_people) == ("reuse", True)
    letter.refresh_from_db()
    assert letter.tips_per_issue == 5


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("alert_webhook", "http://hooks.example/", "must start with https"), ("alert_addresses", "nobody", "cannot be"),
     ("reuse_after_months", "0", "greater than or equal to 1"), ("short_queue", "panic", "valid choice"),
     ("tips_per_issue", "0", "greater than or equal to 1")],
)  # fmt: skip
def test_what_a_rule_cannot_be_is_said_by_its_field(staff, letter, field, value, said):
    answer = staff.post("/studio/rules/", rules_form(staff, **{field: value}))
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors[field])


@pytest.fixture
def published(letter, queued, workspace):
    workspace.output.mkdir(exist_ok=True)
    publishing.publish_now(letter, config=workspace, clock=utc_now, actor="Ben")
    return list(Tip.objects.filter(state="published").order_by("pk").values_list("pk", flat=True))


def test_the_welcome_is_shown_step_by_step_and_its_tips_are_chosen(staff, letter, published):
    update_rules(newsletter=letter, changes={"welcome_mails": "2"}, now=NOW, actor="ada")
    page = staff.get("/studio/welcome/").content.decode()
    assert "A new reader gets 2 mails, one tip each, 2 days apart" in page
    mail = staff.get("/studio/welcome/1/mail/")
    assert b"You are new to The Skin Letter." in mail.content
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    staff.post("/studio/welcome/", {"tips": f"{published[2]}, {published[0]}"})
    assert list(WelcomeTip.objects.values_list("tip_id", flat=True)) == [published[2], published[0]]
    assert rules_of(letter).welcome_choice == "chosen"
    assert b"is not among the published tips" in staff.post("/studio/welcome/", {"tips": "999"}, follow=True).content
    staff.post("/studio/welcome/", {"tips": ""})
    assert rules_of(letter).welcome_choice == "best"
    assert b"too few tips" in staff.get("/studio/welcome/99/mail/").content
    assert not WelcomeSequence.objects.exists()


def test_alerts_are_listed_with_what_came_of_them_and_can_be_tried_out(staff, letter):
    assert b"Nothing needed a person so far" in staff.get("/studio/alerts/").content
    assert b"Nobody is told of alerts" in staff.post("/studio/alerts/test/", follow=True).content
    update_rules(newsletter=letter, changes={"alert_addresses": "ada@example.com"}, now=NOW, actor="ada")
    page = staff.post("/studio/alerts/test/", follow=True).content.decode()
    assert "Alerts arrive" in page
    assert "mailed to 1" in page
    assert Alert.objects.count() == 1


def test_a_look_at_an_issue_made_long_ago_needs_no_choice(staff, issue):
    Issue.objects.update(choice={}, slot_at=utc_now() + timedelta(days=1))
    assert staff.get(f"/studio/issues/{issue.number}/").status_code == 200


def test_the_first_page_says_what_needs_a_person_and_for_how_many_issues_the_queue_is_enough(staff, letter, queued):
    page = staff.get("/studio/").content.decode()
    assert "enough for 2 issues" in page
    assert "Needs a person" not in page
    update_rules(newsletter=letter, changes={"alert_addresses": "a@example.com"}, now=NOW, actor="ada")
    staff.post("/studio/alerts/test/")
    assert "Alerts arrive" in staff.get("/studio/").content.decode()
