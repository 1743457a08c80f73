"""`tips picture`: a picture for a tip that was derived, from the terminal."""

from pathlib import Path

import pytest
from PIL import Image

from tests.rules import ROOT
from tests.runner import answer, done, found, run

DOCUMENT = ROOT / "tips" / "documents" / "what-microneedling-can-do.txt"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    home = found(tmp_path_factory.mktemp("pictures"))
    done(home, "ingest", DOCUMENT)
    Image.new("RGB", (1600, 900), "#cc9977").save(home / "cream.webp")
    (home / "words.png").write_text("no picture")
    return home


def revision(home, tip_id):
    (shown,) = answer(home, "tips", "show", tip_id)
    return shown


def test_a_tip_gets_a_picture_and_needs_approval_again_and_the_next_issue_shows_it(workspace):
    done(workspace, "tips", "approve", 1, "--override", "Read.")
    said = done(workspace, "tips", "picture", 1, workspace / "cream.webp", "--alt", "Cream on a hand", "--as", "Ben")
    assert said == "tip 1: it has the picture; it needs approval again\n"
    assert "picture alt: Cream on a hand" in done(workspace, "tips", "show", 1)
    again = done(workspace, "tips", "picture", 1, workspace / "cream.webp", "--alt", "Cream on a hand")
    assert again == "tip 1: it is so already\n"
    done(workspace, "tips", "approve", 1, "--override", "Read.")
    shown = answer(workspace, "preview")
    html = Path(shown["html"]).read_text(encoding="utf-8")
    assert 'alt="Cream on a hand"' in html
    assert 'src="data:image/jpeg;base64,' in html


def test_a_picture_is_taken_out(workspace):
    done(workspace, "tips", "picture", 2, workspace / "cream.webp", "--alt", "Cream on a hand")
    assert done(workspace, "tips", "picture", 2, "--remove") == "tip 2: the picture is out; it needs approval again\n"
    assert "picture" not in done(workspace, "tips", "show", 2)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [((3,), 2, "Name the picture's FILE"), ((3, "cream.webp"), 2, "Say what the picture shows"),
     ((3, "cream.webp", "--remove"), 2, "Name the picture's FILE"), ((99, "cream.webp", "--alt", "x"), 1, "no tip 99"),
     ((3, "words.png", "--alt", "x"), 1, "no JPEG, PNG or WebP"), ((3, "none.png", "--alt", "x"), 2, "does not exist")],
)  # fmt: skip
def test_what_is_missing_or_no_picture_is_said(workspace, words, code, said):
    words = [workspace / word if str(word).endswith((".webp", ".png")) else word for word in words]
    finished = run(workspace, "tips", "picture", *words)
    assert finished.returncode == code
    assert said in finished.stderr
