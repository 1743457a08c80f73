"""Hand-written files: what is right goes in, and everything that is wrong has its file, its line and what to do."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.csv_files import quoted
from pipeline.editorial.tip_files import COLUMNS, KEYS, is_written_tip, parse
from pipeline.editorial.wording_rules import Wording

IN_TRAY = Path(__file__).resolve().parents[2] / "tips"
HEADER = "---\ntitle: Cold spoons\ntopic: Eyes\nauthor: Ida Berg\n"


def md(front=HEADER, body="Cool a spoon.\n"):
    return f"{front}---\n{body}".encode()


def found(data, file="tip.md"):
    parsed = parse(file, data)
    assert parsed.tips == () or parsed.findings == ()
    return [str(finding) for finding in parsed.findings]


def only(data, file="tip.md"):
    parsed = parse(file, data)
    assert parsed.findings == ()
    (tip,) = parsed.tips
    return tip.wording


def test_a_markdown_file_is_one_tip_with_all_that_it_says():
    front = HEADER + (
        "link: https://x.example/eyes\nlink_text: More\npicture: https://x.example/s.png\npicture_alt: A spoon\n"
        "source: Grandmother\nnot-before: 2026-05-01\nnot_after: 2026-06-01\n"
    )
    assert only(md(front, "Cool a *spoon*.\n\n---\n\nThen rest.\n")) == Wording(
        title="Cold spoons",
        text="Cool a *spoon*.\n\n---\n\nThen rest.",
        topic="Eyes",
        author="Ida Berg",
        link_url="https://x.example/eyes",
        link_text="More",
        picture_url="https://x.example/s.png",
        picture_alt="A spoon",
        source_note="Grandmother",
        not_before=date(2026, 5, 1),
        not_after=date(2026, 6, 1),
    )


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("no", "no"), ("007", "007"), ("1:30", "1:30"), ("'It''s true'", "It's true"),
        ('"a: b"', "a: b"), (">\n  a\n  b", "a b"),
    ],
)  # fmt: skip
def test_values_are_text_as_they_are_written(written, title):
    assert only(md(f"---\ntitle: {written}\ntopic: Eyes\nauthor: Ida\n")).title == title


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(ending, mark):
    assert only(mark + md().replace(b"\n", ending.encode())) == only(md())


def test_keys_are_taken_with_hyphens_spaces_and_capitals():
    front = "---\nTitle: A\nTOPIC: B\nauthor: C\nNot before: 2026-05-01\nlink-text:\n"
    assert only(md(front)).not_before == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", ["tip.md: it is empty. Check that it was saved, and hand it in again."]),
        (b" \n\n", ["tip.md: it is empty. Check that it was saved, and hand it in again."]),
        (b"Cool a spoon.", ["tip.md, line 1: it does not start with front matter."]),
        (HEADER.encode(), ["tip.md, line 1: its front matter has no end."]),
        (md("---\ntopic: Eyes\nauthor: Ida\n"), ["tip.md, line 1: title: is missing"]),
        (md("---\ntitle: A\ntopic: ''\nauthor: ~\n"), ["line 3: topic: is missing", "line 4: author: is missing"]),
        (md(body=" \n"), ["tip.md, line 5: text: is empty"]),
        (md(HEADER + "autor: Ida\n"), ["tip.md, line 5: 'autor' is not known. Did you mean 'author'?"]),
        (md(HEADER + "colour: red\n"), ["tip.md, line 5: 'colour' is not known. These are known: title, topic"]),
        (md(HEADER + "title: B\n"), ["tip.md, line 5: 'title' is there twice."]),
        (md(HEADER + "not-before: soon\n"), ["tip.md, line 5: not_before: 'soon' is no date. Write year, month"]),
        (md(HEADER + "not-after: 2026-02-30\n"), ["tip.md, line 5: not_after: '2026-02-30' is no date."]),
        (md(HEADER + "not-after: 20260501\n"), ["tip.md, line 5: not_after: '20260501' is no date."]),
        (
            md(HEADER + "not-before: 2026-05-02\nnot-after: 2026-05-01\n"),
            ["tip.md, line 6: not_after: 2026-05-01 lies before not_before, 2026-05-02; swap them."],
        ),
        (md(HEADER + "link: www.x.example\n"), ["tip.md, line 5: link: 'www.x.example' is no web address"]),
        (md(HEADER + "link: javascript:alert(1)\n"), ["line 5: link: 'javascript:alert(1)' is no web"]),
        (md(HEADER + "link: https://me:secret@x.example\n"), ["line 5: link: 'https://…@x.example' holds a name"]),
        (md(HEADER + "link: 'https://[x'\n"), ["tip.md, line 5: link: 'https://[x' is no web address"]),
        (md(HEADER + "picture: http://x.example/a.png\n"), ["tip.md, line 5: picture: 'http://x.example/a.png' is no"]),
        (md(HEADER + "link_text: More\n"), ["tip.md, line 5: link_text: is there without a link"]),
        (md(HEADER + "picture_alt: A spoon\n"), ["tip.md, line 5: picture_alt: is there without a picture"]),
        (md(body="x" * 4001), ["tip.md, line 6: text: has 4001 characters; shorten it to 4000 or fewer."]),
        (md("---\ntitle: " + "x" * 201 + "\ntopic: A\nauthor: B\n"), ["tip.md, line 2: title: has 201 characters"]),
        (md(HEADER.replace("Ida Berg", "Ida\x07Berg")), ["tip.md, line 4: it holds a control character (U+0007)."]),
        (md(HEADER.replace("Ida Berg", '"Ida\\nBcc: x"')), ["line 4: author: holds a line break or an invisible"]),
        (md(HEADER.replace("Ida Berg", '"a\\u202Eb"')), ["line 4: author: holds a line break or an invisible"]),
        (md(HEADER.replace("Cold spoons", "Cold: spoons")), ["tip.md, line 2: it cannot be read. Write name: value"]),
        (md().replace(b"spoons", b"sp\xf6\xf6ns"), ["tip.md, line 2: it is not UTF-8. Save it as UTF-8"]),
        (md("---\n- title\n"), ["tip.md, line 2: this is not a line such as title: Sunscreen."]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said_with_its_place_and_what_to_do(data, lines):
    said = found(data)
    assert len(said) == len(lines)
    assert all(line in each for line, each in zip(lines, said, strict=True))


@pytest.mark.parametrize(
    "front",
    [
        "---\na: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n",
        "---\ntitle: &t Cold\ntopic: *t\nauthor: Ida\n",
        "---\ntitle: &t Cold\ntopic: Eyes\nauthor: Ida\n",
        "---\ntitle: !!python/object/apply:os.system [echo]\n",
        "---\ntitle: !!str Cold\n",
        "---\ntitle: {a: {b: c}}\n",
        "---\ntitle: [a, b]\n",
        "---\n? [a]\n: b\n",
        "---\n" + "[" * 200_000 + "\n",
        "---\n" + "{a: " * 200_000 + "\n",
    ],
    ids=["laughs", "alias", "anchor", "object", "tag", "mapping", "list", "key", "deep list", "deep mapping"],
)
def test_front_matter_is_a_flat_list_and_never_a_bomb(front):
    (said,) = found(md(front))
    assert "this is not a line such as title: Sunscreen" in said or "it cannot be read" in said


def test_every_fault_of_a_file_is_said_at_once_in_the_order_of_its_lines():
    data = md("---\nautor: Ida\nlink: nowhere\nnot-after: never\ntitle: A\n", body="")
    places = [line.split(":")[0] for line in found(data)]
    assert places == ["tip.md, line 1"] * 2 + ["tip.md, line 2", "tip.md, line 3", "tip.md, line 4", "tip.md, line 6"]


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(data):
    for file in ("tip.md", "tips.csv"):
        parsed = parse(file, data)
        assert not parsed.tips or not parsed.findings


@given(st.text(max_size=300))
def test_no_front_matter_and_no_cell_breaks_the_reader(text):
    for data in (f"---\n{text}\n---\nBody", f"---\ntitle: {text}\n---\nBody", f"title,topic,author,text\n{text}"):
        for file in ("tip.md", "tips.csv"):
            parse(file, data.encode("utf-8", "surrogatepass"))


CSV = "title,topic,author,text\nSpoons,Eyes,Ida,Cool a spoon.\nSleep,Night,Jon,Sleep more.\n"


def test_a_csv_has_a_tip_in_each_row_known_by_its_title():
    parsed = parse("tips.csv", CSV.encode())
    assert [(tip.name, tip.line, tip.wording.topic) for tip in parsed.tips] == [
        ("spoons", 2, "Eyes"),
        ("sleep", 3, "Night"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_may_be_split_by_comma_semicolon_or_tab(delimiter):
    assert parse("tips.csv", CSV.replace(",", delimiter).encode()).tips == parse("tips.csv", CSV.encode()).tips


def test_empty_rows_are_passed_over_and_cells_may_hold_lines():
    data = '\ntitle,topic,author,text\n\n,,,\nA,B,C,"One\n\ntwo, three"\nD,E,F,G\n'
    parsed = parse("tips.csv", data.encode())
    assert [(tip.line, tip.wording.text) for tip in parsed.tips] == [(5, "One\n\ntwo, three"), (8, "G")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("title,topic,author,text\n", ["line 1: it has a header and no tips."]),
        ("title,topic,author,text,title\nA,B,C,D,E\n", ["line 1: the column 'title' is there twice."]),
        ("title,topic,text\nA,B,C\n", ["line 1: the column 'author' is missing."]),
        (
            "titel,topic,author,text\nA,B,C,D\n",
            ["'titel' is not known. Did you mean 'title'?", "'title' is missing"],
        ),
        ("title,topic,author,text,\nA,B,C,D,E\n", ["line 1: a column has no name."]),
        (CSV + "Sleep,A,B,C,D\n", ["line 4: it has 5 cells under 4 columns. Put a text with commas in double quotes."]),
        (CSV + "SLEEP,A,B,C\n", ["line 4: title: 'SLEEP' stands in line 3 too."]),
        (CSV + "Short,A\n", ["line 4: text: is empty", "line 4: author: is missing"]),
        (CSV + 'Quote,A,B,"C\n', ["it cannot be read as CSV"]),
    ],
)
def test_what_is_wrong_with_a_csv_is_said_with_its_line_and_what_to_do(text, lines):
    said = found(text.encode(), "tips.csv")
    assert len(said) == len(lines)
    assert all(line in each for line, each in zip(lines, said, strict=True))


def test_one_bad_row_keeps_the_whole_file_out_so_that_nothing_is_half_taken():
    assert parse("tips.csv", (CSV + "A,B,,C\n").encode()).tips == ()


def test_an_excel_file_that_is_no_utf8_is_told_how_to_be_saved():
    assert "in Excel: CSV UTF-8" in found(CSV.encode("utf-16"), "tips.csv")[0]


def test_a_row_that_an_export_wrote_comes_back_as_it_was():
    for text in ("=1+1", "- a list\n- of two", "@home", "'quoted'", "'- odd", "plain"):
        data = f'id,state,title,topic,author,text\n7,draft,A,B,C,"{quoted(text)}"\n'
        (tip,) = parse("tips.csv", data.encode()).tips
        assert tip.wording.text == text


def test_markdown_outside_the_in_tray_is_a_tip_only_if_its_front_matter_names_a_topic():
    assert is_written_tip("tip.md", md())
    assert not is_written_tip("post.md", b"---\ntitle: A post\nlayout: page\n---\nLong text about a topic: skin.\n")
    assert not is_written_tip("notes.md", b"# Notes\n\ntopic: none\n")
    assert not is_written_tip("notes.txt", md())
    assert is_written_tip("tips.csv", b"")


def test_the_in_trays_own_samples_are_right_and_explained_by_their_readme():
    files = [path for path in IN_TRAY.iterdir() if path.suffix in {".md", ".csv"} and path.stem != "README"]
    assert {path.suffix for path in files} == {".md", ".csv"}
    for path in files:
        assert parse(path.name, path.read_bytes()).findings == ()
    readme = (IN_TRAY / "README.md").read_text(encoding="utf-8")
    assert all(key.replace("_before", "-before").replace("_after", "-after") in readme for key in KEYS)
    assert set(COLUMNS) == {*KEYS, "text"}
