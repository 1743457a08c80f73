"""Tips as files for somebody else: everything for a program, rows for a spreadsheet, a page to read."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline.editorial.actions import revise, tips
from pipeline.editorial.actions.revise import Derivation, Passage, create_tip
from pipeline.editorial.models import Document, Tip, TipOrigin
from pipeline.editorial.tip_export import as_csv, as_data, as_json, as_markdown
from pipeline.editorial.tip_files import parse
from tests.editorial.conftest import ANNA, NOW, wording

WORDS = "Spread the cream on damp skin.\nSome of the water stays in it."


@pytest.fixture
def document(db):
    return Document.objects.create(
        name="skin.txt", location="/docs/skin.txt", media_type="text/plain", title="On dry skin", sha256="a" * 64,
        canonical_sha256="b" * 64, extractor="text/1", text=WORDS, ingested_at=NOW,
    )  # fmt: skip


@pytest.fixture
def derived(newsletter, document):
    """derived() → a tip that rests on the document's words."""

    def _derived(**changes):
        passage = Passage(document, ("Dry skin", "Creams"), 0, len(WORDS), WORDS)
        return create_tip(
            newsletter=newsletter, origin=TipOrigin.DERIVED, now=NOW, actor=ANNA, passages=[passage],
            wording=wording("Moisturiser", author="", text="Spread the cream on damp skin.", **changes),
            derivation=Derivation(0.75, ("short",), ("cut the ending",)),
        )  # fmt: skip

    return _derived


def rows_of(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_program_is_told_everything_of_a_tip(derived, document):
    tip = derived(link_url="https://x.example/a", link_text="More")
    tips.approve(tip_id=tip.pk, now=NOW, actor=ANNA)
    tip.refresh_from_db()
    [told] = json.loads(as_json([tip]))
    assert (told["id"], told["entry_id"], told["state"], told["origin"]) == (
        tip.pk, str(tip.entry_id), "queued", "derived",
    )  # fmt: skip
    assert (told["title"], told["topic"], told["link"], told["link_text"]) == (
        "A word on moisturiser", "Moisturiser", "https://x.example/a", "More",
    )  # fmt: skip
    assert (told["score"], told["flags"], told["edits"]) == (0.75, ["short"], ["cut the ending"])
    assert told["content_hash"] == tip.revision.content_hash
    assert told["sources"] == [
        {
            "document": "skin.txt", "location": "/docs/skin.txt", "sha256": "a" * 64, "start": 0, "end": len(WORDS),
            "heading_path": ["Dry skin", "Creams"], "quote": WORDS, "corroborates": False,
        }
    ]  # fmt: skip
    assert (told["review"]["decision"], told["review"]["by"]) == ("approved", ANNA)
    assert told["review"]["at"] == NOW.isoformat()


def test_the_latest_decision_is_the_one_that_is_told(write):
    tip = write()
    tips.approve(tip_id=tip.pk, now=NOW, actor=ANNA)
    tips.reject(tip_id=tip.pk, reason="Too long", now=NOW, actor="Ben")
    told = as_data(Tip.objects.get())["review"]
    assert (told["decision"], told["by"], told["reason"]) == ("rejected", "Ben", "Too long")


def test_a_tip_that_nobody_decided_on_says_so(write):
    write()
    assert as_data(Tip.objects.get())["review"] is None


@pytest.mark.parametrize("writer", [as_json, as_csv, as_markdown])
def test_thousands_of_tips_are_read_by_as_many_statements_as_two(derived, writer):
    taken = []
    for _ in range(2):
        for number in range(2):
            tip = derived(title=f"Tip {Tip.objects.count()} {number}")
            tips.submit(tip_id=tip.pk, now=NOW, actor=ANNA)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            writer(list(Tip.objects.select_related("revision").order_by("pk")))
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 4


def test_a_row_has_a_cell_for_each_column_and_no_cell_is_run_as_a_formula(write):
    write(title="=HYPERLINK(1)", text="-2 degrees is too cold for a cream.")
    header, row = rows_of(as_csv(list(Tip.objects.all())))
    cells = dict(zip(header, row, strict=True))
    assert (cells["id"], cells["state"]) == (str(Tip.objects.get().pk), "draft")
    assert (cells["title"], cells["text"]) == ("'=HYPERLINK(1)", "'-2 degrees is too cold for a cream.")
    assert (cells["link"], cells["not_before"]) == ("", "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'=", "''＝"])
def test_a_cell_that_a_spreadsheet_would_run_comes_back_as_it_was(write, sign):
    write(title=f"{sign}SUM(1)")
    [tip] = parse("tips.csv", as_csv(list(Tip.objects.all())).encode()).tips
    assert tip.wording.title == f"{sign}SUM(1)"
    assert rows_of(as_csv(list(Tip.objects.all())))[1][2] == f"'{sign}SUM(1)"


def test_a_page_shows_the_words_with_what_they_rest_on(derived):
    derived(link_url="https://x.example/a", source_note="A dermatologist's leaflet")
    page = as_markdown(list(Tip.objects.all()))
    assert page.startswith(f"## A word on moisturiser\n\n*Moisturiser · tip {Tip.objects.get().pk}, draft*\n")
    assert "[https://x.example/a](<https://x.example/a>)" in page
    assert "Source: A dermatologist's leaflet" in page
    assert "> Spread the cream on damp skin.\n> Some of the water stays in it.\n>\n> On dry skin, 0–61" in page
    assert "By " not in page


def test_a_page_names_the_author_who_vouches_and_the_state_in_words(write):
    tip = write(link_url="https://x.example/a", link_text="More on sun")
    tips.submit(tip_id=tip.pk, now=NOW, actor=ANNA)
    page = as_markdown(list(Tip.objects.all()))
    assert "By Dr Ida Berg" in page
    assert ", in review*" in page
    assert "[More on sun](<https://x.example/a>)" in page


def test_a_further_source_is_told_as_one_that_corroborates(derived, document, newsletter):
    tip = derived()
    other = Document.objects.create(
        name="more.txt", location="/docs/more.txt", media_type="text/plain", sha256="c" * 64,
        canonical_sha256="d" * 64, extractor="text/1", text="Cream on damp skin.", ingested_at=NOW,
    )  # fmt: skip
    passage = Passage(other, (), 0, 19, other.text)
    assert revise.add_corroboration(tip=tip, passage=passage, now=NOW, actor=ANNA)
    told = as_data(Tip.objects.get())["sources"]
    assert [(source["document"], source["corroborates"]) for source in told] == [
        ("skin.txt", False), ("more.txt", True),
    ]  # fmt: skip
    assert "> more.txt, 0–19" in as_markdown(list(Tip.objects.all()))
