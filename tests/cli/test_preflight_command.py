"""`preflight` and `issues approve --override` as a person at a terminal meets them."""

import json

import pytest
from click.testing import CliRunner

from pipeline.audit.models import AuditEntry
from pipeline.cli import main
from pipeline.clock import utc_now
from pipeline.editorial.actions import issues as actions
from pipeline.editorial.models import Issue
from pipeline.publish.issues import coming_slot
from tests.publish.conftest import EDITOR, make_newsletter, queue  # noqa: F401 - a fixture


@pytest.fixture
def newsletter(db, tmp_path, monkeypatch):
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    monkeypatch.setenv("PIPELINE_PUBLIC_URL", "https://newsletter.example")
    return make_newsletter(advice_note="Ask a doctor.")


@pytest.fixture
def claiming(newsletter, queue):  # noqa: F811 - the fixture
    queue(2)
    now = utc_now()
    issue = actions.compose(newsletter=newsletter, slot=coming_slot(newsletter, now=now), now=now, actor=EDITOR)
    return actions.edit(issue_id=issue.pk, intro="Our serum cures acne.", now=now, actor=EDITOR)


def run(*arguments, code=0):
    result = CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_the_next_issue_is_checked_before_it_is_composed_and_nothing_is_stored(newsletter, queue):  # noqa: F811
    queue(2)
    assert "Nothing to mend." in run("preflight").stdout
    assert not Issue.objects.exists()


def test_what_blocks_is_shown_with_place_and_remedy_and_the_command_fails(claiming):
    result = run("preflight", code=1)
    assert "Blocking  intro" in result.stdout
    assert "→" in result.stdout
    assert "run.py issues approve 1 --override REASON" in result.stdout
    assert "Issue 1 cannot go out yet: 1 finding above." in result.stderr


def test_a_program_reads_the_same_as_json(claiming):
    told = json.loads(run("preflight", 1, "--json", code=1).stdout)
    assert told["blocked"] is True
    finding = told["findings"][0]  # blocking ones come first
    assert (finding["severity"], finding["place"], finding["may_override"]) == ("blocking", "intro", True)
    assert finding["remedy"]
    assert told["links"] == []


def test_links_are_followed_when_asked(newsletter, queue, monkeypatch):  # noqa: F811
    queue(1)
    monkeypatch.setattr("pipeline.publish.link_check.links_of", lambda *_: {"https://a.example/": "A guide"})
    monkeypatch.setattr("pipeline.publish.link_check.fetch", lambda *_, **__: None)
    assert "Link      https://a.example/" in run("preflight", "--links").stdout


def test_an_issue_that_is_not_there_is_named(newsletter):
    assert "has no issue 7" in run("preflight", 7, code=1).stderr


def test_an_override_by_name_and_reason_approves_and_is_kept(claiming):
    assert "--override REASON" in run("issues", "approve", 1, code=1).stderr
    result = run("issues", "approve", 1, "--override", "Legal has seen it.", "--as", "Ida Berg")
    assert "approved by Ida Berg" in result.stdout
    entry = AuditEntry.objects.get(action="issue.preflight_overridden")
    assert (entry.actor, entry.detail["reason"]) == ("Ida Berg", "Legal has seen it.")
