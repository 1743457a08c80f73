"""The studio's schedule and calendar: by plain forms, every time with its UTC instant, refusals beside the field."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from pipeline.editorial.actions import issues, revise, schedules, tips
from pipeline.editorial.models import BlackoutDates, Issue, OneOff, Schedule
from pipeline.editorial.queries import free_slots
from tests.editorial.conftest import ANNA, NOW, make_newsletter, wording

pytestmark = pytest.mark.django_db
RULE = {"schedule": "every Tuesday and Friday at 9:00", "time_zone": "Europe/Berlin", "on_day_off": "skip"}


@pytest.fixture
def newsletter(monkeypatch):
    for module in ("schedule", "calendar"):
        monkeypatch.setattr(f"pipeline.web.studio.{module}.utc_now", lambda: NOW)
    return make_newsletter(tips_per_issue=1)


@pytest.fixture
def staff(newsletter):
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    return client


def text(answer, selector="main"):
    return " ".join(LexborHTMLParser(answer.content.decode()).css_first(selector).text(separator=" ").split())


def queued(newsletter, *topics):
    for number, topic in enumerate(topics):
        words = wording(topic, title=f"Tip {number}", text=f"Advice number {number}, like no other.")
        tip = revise.write_tip(newsletter=newsletter, wording=words, now=NOW, actor=ANNA)
        tips.approve(tip_id=tip.pk, now=NOW, actor=ANNA)


def test_the_schedule_is_shown_in_words_with_its_next_slots_in_both_times(staff):
    said = text(staff.get("/studio/schedule/"))
    assert "is due every Tuesday at 09:00 (Europe/Berlin)" in said
    assert "Tuesday, 24 November 2026, 09:00 24 November 2026, 08:00 UTC" in said
    assert "RRULE:FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0" in said


def test_a_schedule_that_has_ended_says_so_on_its_page_and_on_the_calendar(staff, newsletter, monkeypatch):
    rule = {"schedule": "every Tuesday at 9 until 2026-12-01"}
    schedules.change_schedule(newsletter=newsletter, changes=rule, now=NOW, actor=ANNA)
    assert "The last issue is due Tuesday 2026-12-01 09:00 CET" in text(staff.get("/studio/schedule/"))
    for module in ("schedule", "calendar", "overview"):
        monkeypatch.setattr(f"pipeline.web.studio.{module}.utc_now", lambda: NOW + timedelta(days=30))
    for address in ("/studio/schedule/", "/studio/calendar/", "/studio/"):
        assert "2026-12-01 08:00 UTC; this schedule has ended." in text(staff.get(address)), address


def test_looking_at_a_rule_shows_its_slots_and_keeps_nothing(staff):
    said = text(staff.post("/studio/schedule/", RULE | {"look": "1"}))
    assert "Not kept yet: every Tuesday and Friday at 09:00 (Europe/Berlin)" in said
    assert "Friday, 27 November 2026, 09:00 27 November 2026, 08:00 UTC" in said
    assert Schedule.objects.get().days == "FREQ=WEEKLY;BYDAY=TU"


def test_a_rule_is_kept_and_what_became_of_issues_is_said(staff, newsletter):
    queued(newsletter, "Sun")
    issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=NOW)), now=NOW, actor=ANNA)
    answer = staff.post("/studio/schedule/", RULE | {"schedule": "Thursdays at 18", "keep": "1"}, follow=True)
    assert "Kept. Issue 1 moved to Thursday 2026-11-26 18:00 (2026-11-26 17:00 UTC)." in text(answer)
    assert Schedule.objects.get().days == "FREQ=WEEKLY;BYDAY=TH"
    assert "Nothing to change." in text(
        staff.post("/studio/schedule/", RULE | {"schedule": "Thursdays at 18", "keep": "1"}, follow=True)
    )


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"schedule": "now and then"}, "schedule", "was not understood"),
        ({"schedule": ""}, "schedule", "required"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "no time zone"),
        ({"holidays": "XX"}, "holidays", "no holiday calendar"),
        ({"on_day_off": "perhaps"}, "on_day_off", "valid choice"),
    ],
)
@pytest.mark.parametrize("button", ["keep", "look"])
def test_what_cannot_be_kept_is_said_by_its_field_and_nothing_typed_is_lost(staff, changes, field, said, button):
    answer = staff.post("/studio/schedule/", RULE | changes | {button: "1"})
    assert answer.status_code == 200
    assert said in text(answer, f"#id_{field}_error")
    assert Schedule.objects.get().days == "FREQ=WEEKLY;BYDAY=TU"


def test_days_off_are_added_and_taken_back(staff):
    given = {"first_day": "2026-12-21", "last_day": "2027-01-04", "reason": "Company holidays"}
    said = text(staff.post("/studio/schedule/days-off/", given, follow=True))
    assert "21 December 2026 to 4 January 2027: Company holidays" in said
    staff.post("/studio/schedule/days-off/", {"first_day": "2026-12-21", "remove": "1"})
    assert not BlackoutDates.objects.exists()
    refused = staff.post("/studio/schedule/days-off/", {"first_day": "2026-12-21", "last_day": "2026-12-01"})
    assert "before they begin" in text(refused, "[role=alert]")
    assert "date" in text(staff.post("/studio/schedule/days-off/", {"first_day": "soon"}), "#off_first_day_error")


def test_an_issue_at_a_moment_of_its_own_is_shown_in_utc_and_taken_back(staff):
    said = text(staff.post("/studio/schedule/once/", {"moment": "2026-12-24T18:00"}, follow=True))
    assert "Thursday, 24 December 2026, 18:00 CET, which is 24 December, 17:00 UTC" in said
    staff.post("/studio/schedule/once/", {"moment": "2026-12-24T18:00", "remove": "1"})
    assert not OneOff.objects.exists()
    assert "is over" in text(staff.post("/studio/schedule/once/", {"moment": "2020-01-01T09:00"}), "[role=alert]")


def test_the_schedule_is_paused_until_a_day_and_resumed(staff):
    said = text(staff.post("/studio/schedule/pause/", {"until": "2027-02-01"}, follow=True))
    assert "is paused until 1 February 2027" in said
    assert "Tuesday, 2 February 2027, 09:00" in said
    assert "paused" not in text(staff.post("/studio/schedule/pause/", {"remove": "1"}, follow=True), ".page-head")
    assert "until you resume" in text(staff.post("/studio/schedule/pause/", {"until": ""}, follow=True))


def test_the_calendar_shows_each_slot_of_the_month_with_what_would_go_out(staff, newsletter):
    queued(newsletter, "Preparation", "Sun")
    schedules.add_blackout(
        newsletter=newsletter, first_day=date(2026, 12, 8), last_day=date(2026, 12, 8),
        reason="trade fair", now=NOW, actor=ANNA,
    )  # fmt: skip
    november, december = (text(staff.get(f"/studio/calendar/?month=2026-{month}")) for month in (11, 12))
    assert "09:00 08:00 UTC foreseen Tip 0" in november
    assert "09:00 08:00 UTC foreseen Tip 1" in december
    assert "no issue Trade fair" in december
    assert "nothing to send" in december
    assert "Preparation dry after 24 November 2026" in november


def test_the_calendar_shows_issues_that_went_out_and_those_that_are_held(staff, newsletter):
    queued(newsletter, "Sun")
    issue = issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=NOW)), now=NOW, actor=ANNA)
    issues.hold(issue_id=issue.pk, reason="Ask the doctor", now=NOW, actor=ANNA)
    Issue.objects.update(slot_at=datetime(2026, 11, 10, 8, tzinfo=NOW.tzinfo))
    page = text(staff.get("/studio/calendar/"))
    assert "held Issue 1: Tip 0 Held: Ask the doctor" in page
    assert page.startswith("November 2026")


def test_the_calendar_says_what_the_clocks_do(staff, newsletter):
    schedules.change_schedule(
        newsletter=newsletter, changes={"schedule": "Sundays at 2:30"}, now=NOW, actor=ANNA
    )  # fmt: skip
    assert "03:30 01:30 UTC" in text(staff.get("/studio/calendar/?month=2027-03"))
    assert "The clocks skip 02:30 that day" in text(staff.get("/studio/calendar/?month=2027-03"))


@pytest.mark.parametrize("asked", ["", "2026-13", "nonsense", "1999-01", "2026-11"])
def test_a_month_that_there_is_not_is_this_month(staff, asked):
    assert text(staff.get(f"/studio/calendar/?month={asked}")).startswith("November 2026")


def test_the_calendar_ends_where_the_plan_does(staff):
    page = staff.get("/studio/calendar/?month=2099-01")
    assert text(page).startswith("October 2028")
    assert 'rel="next"' not in page.content.decode()


def test_the_calendar_changes_nothing(staff, newsletter, django_assert_max_num_queries):
    queued(newsletter, "Sun")
    with django_assert_max_num_queries(60) as queries:
        staff.get("/studio/calendar/?month=2027-05")
    writes = [
        each["sql"] for each in queries.captured_queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert writes == []
