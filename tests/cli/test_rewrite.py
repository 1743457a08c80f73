"""`run.py tips rewrite`: the proposal beside the original with what was found, and nothing taken unasked."""

import json

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.editorial.actions import revise
from pipeline.editorial.models import Tip
from tests.editorial.conftest import ANNA, NOW, make_newsletter, wording
from tests.rewriter_server import serving

TEXT = "Use a towel of its own for the face, and wash it about twice a week, because damp cloth may hold germs."
SHORTER = TEXT.replace("Use a towel of its own", "Use its own towel")


@pytest.fixture
def tip(db, tmp_path, monkeypatch):
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    return revise.write_tip(newsletter=make_newsletter(), wording=wording(text=TEXT), now=NOW, actor=ANNA)


@pytest.fixture
def service(monkeypatch):
    with serving(SHORTER) as running:
        monkeypatch.setenv("PIPELINE_REWRITER_URL", running.url)
        monkeypatch.setenv("PIPELINE_REWRITER_MODEL", "small-1")
        monkeypatch.setenv("PIPELINE_REWRITER_KEY", "s3cret")
        yield running


def run(*arguments, code=0):
    result = CliRunner().invoke(main, ["tips", "rewrite", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_without_a_rewriter_the_command_says_what_to_set(tip):
    assert run(tip.pk, code=1).stderr == (
        "Error: No rewriter is set up. Set rewriter_url and rewriter_model: see docs/configuration.md\n"
    )


def test_the_proposal_is_shown_beside_the_tip_and_nothing_changes(tip, service):
    said = run(tip.pk).stdout
    assert "Proposed by small-1" in said
    assert "Nothing found against it" in said
    assert Tip.objects.get().revision == tip.revision
    assert service.keys == ["Bearer s3cret"]


def test_accepted_it_is_a_new_revision_in_review(tip, service):
    assert f"Taken as revision 2 of tip {tip.pk}; it is in review now." in run(tip.pk, "--accept").stdout
    assert Tip.objects.select_related("revision").get().revision.text == SHORTER


def test_a_lie_is_refused_with_its_reason_even_if_accepted(tip, service):
    service.text = TEXT.replace("may hold", "holds")
    said = run(tip.pk, "--accept", code=1)
    assert "The tip's own words stay" in said.stdout
    assert "hedge" in said.stdout
    assert said.stderr.startswith(f"Error: The words of tip {tip.pk} stay: ")
    assert Tip.objects.get().revision == tip.revision


def test_a_program_gets_the_proposal_with_its_reasons(tip, service):
    service.text = TEXT.replace("twice", "nine times")
    answer = json.loads(run(tip.pk, "--json").stdout)
    assert (answer["is_acceptable"], answer["original"], answer["model"]) == (False, TEXT, "small-1")
    assert answer["reasons"]
    assert answer["findings"][0]["kind"]


def test_a_terminal_is_not_obeying_what_a_rewriter_answers(tip, service):
    service.text = "\x1b[2JUse a towel."
    assert "\x1b[2J" not in run(tip.pk).output


def test_a_tip_that_is_not_there_is_said(tip, service):
    assert "There is no tip 99" in run(99, code=1).stderr
