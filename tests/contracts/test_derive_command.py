"""What `run.py derive` prints, for every format and every fault: a program must be able to rely on each line of it."""

import io
import json
import math
import zipfile

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.documents.making import ARTICLE, as_docx, as_html, as_markdown, as_pdf, as_text, encrypted_pdf

FORMATS = {"txt": as_text, "md": as_markdown, "html": as_html, "docx": as_docx, "pdf": as_pdf}
TIP = {"title", "text", "topic", "score", "edits", "flags", "source", "also"}
SOURCE = {"document", "sha256", "canonical_sha256", "heading_path", "start", "end", "quote"}
WASH = "Wash the brushes once a week with a mild soap and warm water, so that no mould can grow in them."
HANG = "Hang dry brushes up by the handle, because brushes that stand on their hairs bend within a few days."


def run(*arguments, code=0):
    result = CliRunner().invoke(main, ["derive", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def rows(*arguments, code=0):
    return [json.loads(line) for line in run(*arguments, "--json", code=code).stdout.splitlines()]


@pytest.fixture(params=FORMATS)
def article(request, tmp_path):
    path = tmp_path / f"article.{request.param}"
    path.write_bytes(FORMATS[request.param](ARTICLE))
    return path


def test_every_line_is_one_tip_of_the_shape_that_is_promised(article):
    found = rows(article)
    assert found
    for row in found:
        assert set(row) == TIP
        assert all(isinstance(row[name], str) and row[name] for name in ("title", "text", "topic"))
        assert math.isfinite(row["score"])
        assert all(isinstance(note, str) for note in row["edits"] + row["flags"])
        for source in (row["source"], *row["also"]):
            assert set(source) == SOURCE
            assert source["document"] == article.name
            assert len(source["sha256"]) == len(source["canonical_sha256"]) == 64
            assert all(isinstance(heading, str) for heading in source["heading_path"])


def test_every_span_of_every_source_is_its_quote_in_the_canonical_text(article):
    canonical = run(article, "--canonical").stdout_bytes.decode("utf-8")
    for row in rows(article):
        for source in (row["source"], *row["also"]):
            assert canonical[source["start"] : source["end"]] == source["quote"]


def test_the_same_document_gives_the_same_lines_again(article):
    assert run(article, "--json").stdout == run(article, "--json").stdout


def test_the_best_come_first_and_a_limit_takes_them_from_the_top(article):
    found = rows(article)
    assert rows(article, "--limit", "2") == found[:2]


def test_what_reads_the_same_in_five_formats_is_said_once_with_five_places(tmp_path):
    for suffix, make in FORMATS.items():
        (tmp_path / f"{suffix}.{suffix}").write_bytes(make(ARTICLE))
    found = rows(tmp_path)
    texts = [row["text"] for row in found]
    assert len(texts) == len(set(texts))
    best = max(found, key=lambda row: len(row["also"]))
    assert {source["document"] for source in (best["source"], *best["also"])} == {f"{name}.{name}" for name in FORMATS}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("oddity", ["", "\ufeff", "\x1b[2J", "naïve — 20 °C ", "\u202e", "\x0c", "\u2028"])
def test_the_canonical_text_of_plain_text_is_the_file_to_the_last_character(tmp_path, oddity, ending):
    path = tmp_path / "a.txt"
    path.write_bytes(f"Brushes{ending * 2}{oddity}{WASH}{ending * 2}{HANG} {oddity}{ending}".encode())
    canonical = run(path, "--canonical").stdout_bytes.decode("utf-8")
    assert canonical.removeprefix("\ufeff") == path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    for row in rows(path):
        source = row["source"]
        assert canonical[source["start"] : source["end"]] == source["quote"]


def test_a_file_that_is_named_twice_does_not_agree_with_itself(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"Brushes\n\n{WASH}\n", encoding="utf-8")
    assert [row["also"] for row in rows(path, path, tmp_path)] == [[]]


def test_documents_that_disagree_carry_a_flag_with_both_sides_and_places(tmp_path):
    (tmp_path / "a.txt").write_text(f"Brushes\n\n{WASH}\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"Brushes\n\n{WASH.replace('once', 'five times')}\n", encoding="utf-8")
    flags = [flag for row in rows(tmp_path) for flag in row["flags"] if flag.startswith("sources disagree")]
    assert flags
    for part in ("once a week", "five times a week", "a.txt, 9–", "b.txt, 9–"):
        assert all(part in flag for flag in flags)


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:document>" + b" " * 80_000_000)
    return packed.getvalue()


FAULTS = {
    "empty.txt": (lambda: b"", "it is empty"),
    "blank.md": (lambda: b" \n\n ", "it is empty"),
    "binary.txt": (lambda: bytes(range(256)) * 40, "it is a binary file"),
    "picture.png": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "it is a PNG picture"),
    "locked.pdf": (encrypted_pdf, "it is encrypted"),
    "cut.pdf": (lambda: as_pdf(ARTICLE)[:400], "it is a damaged PDF"),
    "cut.docx": (lambda: as_docx(ARTICLE)[:300], "it is a damaged Word document"),
    "bomb.docx": (bomb, "it unpacks to more than 64 MB"),
    "huge.txt": (lambda: b"word " * 14_000_000, "it is larger than 64 MB"),
    "wordless.html": (lambda: b"<!doctype html><html><body><nav></nav></body></html>", "there are no words in it"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_document_that_cannot_be_read_gets_one_clear_line_and_no_tip(tmp_path, name):
    make, said = FAULTS[name]
    (tmp_path / name).write_bytes(make())
    result = run(tmp_path / name, "--json", code=1)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(f"Error: {tmp_path / name}: {said}")


def test_one_bad_document_does_not_keep_the_others_from_giving_tips(tmp_path):
    (tmp_path / "good.txt").write_text(f"Brushes\n\n{WASH}\n", encoding="utf-8")
    (tmp_path / "bad.pdf").write_bytes(encrypted_pdf())
    assert [row["text"] for row in rows(tmp_path, code=1)] == [WASH]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://localhost/a", "localhost is not on the public internet"),
        ("http://127.0.0.1:8000/a", "its port 8000 is not one of the web's"),
        ("https://[::1]/a", "::1 is not on the public internet"),
        ("http://169.254.169.254/latest", "169.254.169.254 is not on the public internet"),
        ("ftp://host.example/a", "its scheme is ftp"),
        ("file:///etc/hosts", "its scheme is file"),
    ],
)
def test_an_address_that_must_not_be_fetched_gets_one_clear_line(address, said):
    result = run(address, "--json", code=1)
    assert (result.stdout, len(result.stderr.splitlines())) == ("", 1)
    assert result.stderr.startswith(f"Error: {address}: {said}")


def test_the_canonical_text_of_several_documents_is_refused(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"Brushes\n\n{WASH}\n", encoding="utf-8")
    assert "name one document with --canonical" in run(tmp_path, "--canonical", code=1).stderr


@pytest.mark.parametrize("two", [("--json", "--canonical"), ("--json", "--explain"), ("--canonical", "--explain")])
def test_only_one_kind_of_answer_is_given(article, two):
    assert "Choose one of" in run(article, *two, code=2).stderr


@pytest.mark.parametrize("how", [(), ("--explain",)])
def test_a_terminal_is_shown_nothing_that_it_would_obey(tmp_path, how):
    path = tmp_path / "a.txt"
    path.write_text(f"Brushes\n\n{WASH[:-1]} \x1b]0;owned\x07 at all.\n\n{HANG}\n", encoding="utf-8")
    shown = run(path, *how).stdout
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "Brushes" in shown
