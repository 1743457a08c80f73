"""Rules, welcome, alerts, the queue's order and changes to an issue, as a person at a terminal meets them."""

import getpass

import pytest

from tests.rules import ROOT
from tests.runner import answer, done, found, run

SAMPLE = ROOT / "tips" / "documents" / "what-microneedling-can-do.txt"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A workspace with one published issue, three tips in the queue, and the next issue composed."""
    home = found(tmp_path_factory.mktemp("rules"))
    done(home, "ingest", SAMPLE)
    done(home, "tips", "approve", *range(1, 10), "--override", "Read.", "--as", "Anna")
    done(home, "publish", "--now", "--as", "Anna")
    return home


def test_rules_are_shown_with_what_they_may_be_and_changed_by_name(home):
    said = done(home, "rules", "show")
    assert "two_people             no" in said
    assert "(shorter, skip, reuse, ask)" in said
    assert done(home, "rules", "set", "two_people=yes", "tips_per_issue=2") == "Changed: two_people, tips_per_issue\n"
    shown = answer(home, "rules", "show")
    assert (shown["two_people"], shown["tips_per_issue"], shown["order"]) == (True, 2, "queue")
    assert done(home, "rules", "set", "two_people=no", "tips_per_issue=3")
    assert done(home, "rules", "set", "two_people=no") == "Nothing to change.\n"


@pytest.mark.parametrize(
    ("setting", "said"),
    [("two_people", "is no NAME=VALUE"), ("colour=red", "no rule 'colour'"), ("short_queue=panic", "reuse or ask"),
     ("tips_per_issue=few", "a whole number"), ("approval=maybe", "no way of approval")],
)  # fmt: skip
def test_what_a_rule_cannot_be_is_said_in_one_line(home, setting, said):
    finished = run(home, "rules", "set", setting)
    assert (finished.returncode, finished.stderr.count("\n")) == (1, 1)
    assert said in finished.stderr


def test_a_writer_s_own_words_are_refused_where_two_people_are_asked_for(home):
    done(home, "rules", "set", "two_people=yes")
    handed_in = home / "tip.md"
    handed_in.write_text("---\ntitle: Towels\ntopic: Routine\nauthor: Ida Berg\n---\nUse a towel for the face alone.\n")
    done(home, "ingest", handed_in)
    tip = answer(home, "tips", "list", "--search", "towel")[0]["id"]
    finished = run(home, "tips", "approve", tip, "--as", getpass.getuser())
    assert finished.returncode == 1
    assert "asks for two people" in finished.stderr
    assert "approved by Ben" in done(home, "tips", "approve", tip, "--as", "Ben")
    done(home, "rules", "set", "two_people=no")


def test_the_queue_is_arranged_by_words_and_by_priority(home):
    first, second, third, *_ = [row["tip"] for row in answer(home, "queue", "list")]
    assert done(home, "queue", "move", third, "top") == f"tip {third} is number 1 in the queue\n"
    assert done(home, "queue", "move", third, "down") == f"tip {third} is number 2 in the queue\n"
    assert done(home, "queue", "move", third, "up") == f"tip {third} is number 1 in the queue\n"
    assert "high priority, and is number 1" in done(home, "queue", "priority", second, "high")
    assert f"tip {second}" in done(home, "queue", "list").splitlines()[0]
    assert "high priority" in done(home, "queue", "list").splitlines()[0]
    assert run(home, "queue", "move", first, "sideways").returncode == 2


def test_a_tip_s_page_tells_its_history(home):
    said = done(home, "tips", "show", 1)
    assert "history:" in said
    assert "approved by Anna" in said
    assert "published by Anna: in issue 1" in said


def test_new_readers_are_welcomed_with_the_tips_that_were_chosen(home):
    published = [tip["id"] for tip in answer(home, "tips", "list", "--state", "published")]
    assert "not welcomed" in done(home, "welcome", "show")
    done(home, "rules", "set", "welcome_mails=2")
    assert done(home, "welcome", "choose", *published[:2]).startswith("New readers get: tip ")
    shown = answer(home, "welcome", "show")
    assert (shown["mails"], shown["tips"], shown["under_way"]) == (2, published[:2], 0)
    done(home, "subscribers", "add", "new@reader.example", "--wording", "Yes.")
    assert "1 welcome mails planned" in done(home, "tick")
    assert "As mail" in done(home, "welcome", "preview", 1)
    assert (home / "var" / "preview" / "welcome.html").read_text().count("<html") == 1
    assert run(home, "welcome", "choose", 999).returncode == 1
    assert run(home, "welcome", "preview", 99).returncode == 1


def test_alerts_are_listed_and_can_be_tried_out(home):
    assert run(home, "alerts", "test").returncode == 1
    done(home, "rules", "set", "alert_addresses=ada@example.com", "alert_queue_issues=40")
    assert done(home, "alerts", "test").startswith("Mailed to 1")
    done(home, "tick")
    listed = answer(home, "alerts", "list")
    assert {row["kind"] for row in listed} >= {"test", "queue_short"}
    assert "The queue holds" in done(home, "alerts", "list")
    done(home, "rules", "set", "alert_queue_issues=0")


@pytest.fixture(scope="module")
def issue(home):
    """The number of an issue that is composed and not yet approved."""
    done(home, "rules", "set", "lead_time_minutes=40320")
    done(home, "tick")
    return max(row["number"] for row in answer(home, "issues", "list"))


def test_an_issue_is_changed_by_words_of_its_own_and_by_other_tips(home, issue):
    assert "Subjects" in done(home, "issues", "suggest", issue)
    assert done(home, "issues", "edit", issue, "--subject", "A calm week").endswith("It needs approval.\n")
    shown = answer(home, "issues", "show", issue)
    assert shown["subject"] == "A calm week"
    queued = [row["tip"] for row in answer(home, "queue", "list")]
    inside = [row["tip"] for row in shown["chosen"]]
    done(home, "issues", "swap", issue, inside[0], queued[0])
    done(home, "issues", "add", issue, inside[0])
    done(home, "issues", "remove", issue, inside[1])
    after = [row["tip"] for row in answer(home, "issues", "show", issue)["chosen"]]
    assert after == [queued[0], *inside[2:], inside[0]]
    assert run(home, "issues", "edit", issue).returncode == 1


def test_an_issue_says_what_it_passed_over(home, issue):
    assert set(answer(home, "issues", "show", issue)["choice"]) == {"passed_over", "not_reached", "shortage"}
