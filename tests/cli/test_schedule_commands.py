"""`schedule` and `plan` as a person at a terminal, or a program that reads JSON, meets them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.editorial.actions import revise, tips
from pipeline.editorial.models import Schedule
from tests.editorial.conftest import ANNA, NOW, make_newsletter, wording

NEXT = "Tuesday 2026-11-24 09:00 CET, which is 2026-11-24 08:00 UTC"


@pytest.fixture
def workspace(db, tmp_path, monkeypatch):
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    monkeypatch.setattr("pipeline.clock.utc_now", lambda: NOW)
    return make_newsletter(tips_per_issue=1)


def run(*arguments, code=0):
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_the_schedule_is_shown_in_words_by_rfc_5545_and_with_both_times(workspace):
    said = run("schedule", "show")
    assert "Schedule    The Skin Letter: every Tuesday at 09:00 (Europe/Berlin)" in said
    assert "RRULE:FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0" in said
    assert f"Slot        {NEXT}" in said
    assert said.count("Slot  ") == 5


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("last Friday of the month at 17:00", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("0 9 * * 2,5", "FREQ=WEEKLY;BYDAY=TU,FR"),
        ("RRULE:FREQ=DAILY;BYHOUR=9", "FREQ=DAILY"),
    ],
)
def test_the_schedule_is_set_in_any_notation(workspace, said, days):
    run("schedule", "set", said)
    assert Schedule.objects.get().days == days


def test_a_schedule_that_ends_says_so_while_it_runs_and_afterwards_wherever_it_is_shown(workspace, monkeypatch):
    last = "Tuesday 2026-12-01 09:00 CET, which is 2026-12-01 08:00 UTC"
    assert f"Ends        The last issue is due {last}; then this schedule ends." in run(
        "schedule", "set", "every Tuesday at 9, 2 times"
    )
    assert f"The last issue is due {last}; then this schedule ends." in run("plan")
    monkeypatch.setattr("pipeline.clock.utc_now", lambda: NOW + timedelta(days=30))
    ended = f"The last issue was due {last}; this schedule has ended."
    for command in (["schedule", "show"], ["plan"], ["status"], ["doctor"]):
        assert ended in CliRunner().invoke(main, command).output, command
    assert json.loads(run("plan", "--json"))["end_note"] == ended
    assert "No slot is coming." in run("plan")


def test_what_is_not_understood_is_said_on_one_line_and_changes_nothing(workspace):
    said = run("schedule", "set", "now and then", code=1)
    assert said.startswith("Error: The schedule 'now and then' was not understood. Write it as 'every Tuesday")
    assert len(said.splitlines()) == 1
    assert Schedule.objects.get().days == "FREQ=WEEKLY;BYDAY=TU"


def test_the_zone_alone_can_change_and_the_same_again_changes_nothing(workspace):
    assert "2026-11-24 09:00 JST, which is 2026-11-24 00:00 UTC" in run("schedule", "set", "--zone", "Asia/Tokyo")
    assert "Nothing to change." in run("schedule", "set", "--zone", "Asia/Tokyo")
    assert "Say when" in run("schedule", "set", code=2)


def test_days_off_are_set_shown_and_taken_back(workspace):
    said = run("schedule", "off", "2026-11-23", "2026-11-29", "--reason", "Trade fair")
    assert "Day off     2026-11-23 to 2026-11-29: Trade fair" in said
    assert NEXT not in said
    assert "skipped: Trade fair" in run("plan", "--days", 7)
    assert NEXT in run("schedule", "off", "23 November 2026", "--remove")
    assert "no day of the calendar" in run("schedule", "off", "2026-02-30", code=1)


def test_holidays_are_days_off(workspace):
    said = run("schedule", "set", "Fridays at 9", "--holidays", "de-by", "--day-off", "next-day")
    assert "public holidays of DE-BY" in said
    assert "moves to the next free day" in said
    assert "Moved from 2026-12-25: Christmas Day." in run("plan", "--days", 45)
    assert "public holidays" not in run("schedule", "set", "--holidays", "")


def test_a_pause_ends_on_the_day_that_is_said(workspace):
    said = run("schedule", "pause", "--until", "2026-12-01")
    assert "Paused      until 2026-12-01 00:00 CET, which is 2026-11-30 23:00 UTC" in said
    assert "Slot        Tuesday 2026-12-01 09:00" in said
    assert "without an end" in run("schedule", "pause")
    assert NEXT in run("schedule", "resume")


def test_an_issue_at_a_moment_of_its_own(workspace):
    said = run("schedule", "once", "2026-12-24 18:00")
    assert "An issue goes out on Thursday 2026-12-24 18:00 CET, which is 2026-12-24 17:00 UTC." in said
    assert "Beside the schedule." in run("plan", "--days", 40)
    run("schedule", "once", "2026-12-24 18:00", "--remove")
    assert "Beside the schedule." not in run("plan", "--days", 40)
    assert "clocks skip 02:30" in run("schedule", "once", "2027-03-28 02:30")


@pytest.fixture
def queued(workspace):
    made = []
    for number, topic in enumerate(["Preparation", "Preparation", "Sun"]):
        words = wording(topic, title=f"Tip {number}", text=f"Advice number {number}, like no other.")
        tip = revise.write_tip(newsletter=workspace, wording=words, now=NOW, actor=ANNA)
        tips.approve(tip_id=tip.pk, now=NOW, actor=ANNA)
        made.append(tip.pk)
    return made


def test_the_plan_says_what_goes_out_why_and_when_topics_run_dry(queued):
    said = run("plan", "--days", 30)
    assert "Tue 2026-11-24 09:00 CET (2026-11-24 08:00 UTC)  to be composed" in said
    assert f"tip {queued[0]}, Tip 0 (Preparation): first in the queue" in said
    assert "nothing: too few tips are free by then" in said
    assert "Preparation: dry after 1 December 2026" in said
    assert "Sun: dry after 8 December 2026" in said


def test_the_plan_in_json_holds_every_instant_in_utc(queued):
    plan = json.loads(run("plan", "--days", 25, "--json"))
    assert [slot["standing"] for slot in plan["slots"]] == ["planned", "planned", "planned", "empty"]
    assert datetime.fromisoformat(plan["slots"][0]["at_utc"]) == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert plan["topics"][0] == {
        "topic": "Preparation", "coming": 2, "left": 0, "dry_after": "2026-12-01", "is_dry_now": False,
    }  # fmt: skip


def test_a_plan_looks_no_further_than_it_can(workspace):
    assert "--days" in run("plan", "--days", 0, code=2)
    assert "--days" in run("plan", "--days", 731, code=2)
