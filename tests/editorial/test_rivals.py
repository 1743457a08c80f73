"""Several processes at once, on a database in a file and on PostgreSQL: one issue a slot, one place in the queue."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.postgres import refuse_missing_postgres, running_postgres
from tests.rules import ROOT

RIVALS = 2
FOUND = """
from pipeline.cli.base import setup
setup(database=False)
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.editorial.conftest import make_newsletter, wording, NOW
newsletter = make_newsletter()
from pipeline.editorial.actions import revise, tips
for number in range(%d):
    words = wording(["Sun", "Sleep"][number %% 2], title=f"Tip {number}", text=f"Advice number {number} of its own.")
    tip = revise.write_tip(newsletter=newsletter, wording=words, now=NOW, actor="Ida")
    if %r:
        tips.approve(tip_id=tip.pk, now=NOW, actor="Ida")
"""
LOOK = """
import json
from pipeline.cli.base import setup
setup()
from pipeline.editorial.models import *
print(json.dumps({
    "slots": list(Issue.objects.values_list("slot_key", flat=True)),
    "numbers": sorted(Issue.objects.values_list("number", flat=True)),
    "in_issues": list(IssueTip.objects.values_list("tip_id", flat=True)),
    "places": sorted(QueueEntry.objects.values_list("position", flat=True)),
    "queued": list(QueueEntry.objects.values_list("tip_id", flat=True)),
    "tips": Tip.objects.count(),
    "revisions": TipRevision.objects.count(),
    "approvals": list(Review.objects.values_list("revision_id", flat=True)),
}))
"""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(request):
    """The database's URL; '' for SQLite in the workspace."""
    if request.param == "sqlite":
        yield ""
        return
    refuse_missing_postgres()
    with running_postgres(waits_for_disk=False) as url:
        yield url


@pytest.fixture
def run(server, tmp_path):
    """run(code) in a process of its own, in a workspace with an empty database; gives what it printed."""
    environment = {**os.environ, "PIPELINE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "pipeline.settings"}
    environment["PIPELINE_DATABASE_URL"] = _new_database(server, tmp_path.name) if server else ""

    def _run(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    _run.environment = environment
    return _run


def _new_database(url, name):
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, tail = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")


def rivals(run, task, start):
    """What each of the rivals printed, all started at one moment."""
    command = [sys.executable, "-m", "tests.editorial.rival", task, str(start)]
    started = [
        subprocess.Popen(
            command, cwd=ROOT, env=run.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(RIVALS)
    ]
    for rival in started:
        assert rival.stdout.readline() == "ready\n"
    start.touch()
    answers = [rival.communicate(timeout=120) for rival in started]
    assert [rival.returncode for rival in started] == [0] * RIVALS, answers
    return [out.splitlines() for out, _ in answers]


def look(run):
    return json.loads(run("-c", LOOK))


def test_two_schedulers_make_one_issue_for_a_slot_and_take_each_tip_once(run, tmp_path):
    run("-c", FOUND % (16, True))
    answers = rivals(run, "compose", tmp_path / "start")
    seen = look(run)
    assert answers[0] == answers[1]
    assert (len(seen["slots"]), len(set(seen["slots"]))) == (4, 4)
    assert seen["numbers"] == [1, 2, 3, 4]
    assert len(seen["in_issues"]) == len(set(seen["in_issues"])) == 12
    assert set(seen["in_issues"]).isdisjoint(seen["queued"])


def test_two_people_who_approve_at_once_give_one_approval_and_one_place_in_the_queue(run, tmp_path):
    run("-c", FOUND % (10, False))
    answers = rivals(run, "approve", tmp_path / "start")
    seen = look(run)
    said = Counter(line for answer in answers for line in answer)
    assert said["refused TransitionRefusedError"] == (RIVALS - 1) * 10
    assert sorted(seen["approvals"]) == sorted(set(seen["approvals"]))
    assert (len(seen["approvals"]), seen["places"]) == (10, list(range(1, 11)))


def test_two_ingests_at_once_make_one_tip_of_each_file(run, tmp_path):
    run("-c", FOUND % (0, False))
    answers = rivals(run, "ingest", tmp_path / "start")
    seen = look(run)
    said = Counter(line for answer in answers for line in answer)
    assert said == {"added": 8, "unchanged": 8 * (RIVALS - 1)}
    assert (seen["tips"], seen["revisions"]) == (8, 8)


def test_two_people_who_found_the_same_newsletter_at_once_make_it_once_and_the_other_is_told(run, tmp_path):
    run("-c", FOUND % (0, False))
    answers = rivals(run, "found", tmp_path / "start")
    said = Counter(line for answer in answers for line in answer)
    assert {line: count for line, count in said.items() if line.startswith("founded")} == {
        f"founded letter-{number}": 1 for number in range(12)
    }
    assert said["refused for its slug"] + said["refused for its list_id"] == (RIVALS - 1) * 12
