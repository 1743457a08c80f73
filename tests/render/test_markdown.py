"""One Markdown source gives the HTML, the text and the excerpt that every output shows."""

import re
import time
import unicodedata

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render import markdown, plain

ALLOWED = {"div", "p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote"}
HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>",
            "</p>",
            "<b x=1>",
            "{{ x }}",
            "{% load %}",
            "<mj-raw>",
            "]]>",
            "<!--",
            "-->",
            "&amp;",
            "&#0;",
            '"',
            "'",
            "[a](javascript:x)",
            "[b](https://b.example)",
            "> ",
            "- ",
            "1. ",
            "**",
            "_",
            "\n",
            "\n\n",
            "\r\n",
            "\x00",
            "\x0b",
            "\ud800",
            "\u202e",
            "\u200f",
            "🏽",
            "é",
            "日本",
            "    ",
            "# ",
            "---",
            "```",
            "|",
            "![p](https://p.example)",
        ]
    )
    | st.text(max_size=8)
).map("".join)


def test_emphasis_links_lists_and_quotes_become_html() -> None:
    text = "*it* **bold** [link](https://a.example/?b=1&c=2)\n\n- one\n- two\n\n3. three\n\n> quote"
    assert markdown.to_html(text) == (
        '<p><em>it</em> <strong>bold</strong> <a href="https://a.example/?b=1&amp;c=2">link</a></p>\n'
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        '<ol start="3">\n<li>three</li>\n</ol>\n<blockquote>\n<p>quote</p>\n</blockquote>'
    )


def test_an_address_in_angle_brackets_becomes_a_link() -> None:
    assert markdown.to_html("<https://a.example>") == '<p><a href="https://a.example">https://a.example</a></p>'


@pytest.mark.parametrize("text", ["# Not a heading", "a | b", "`code`", "<b>bold</b>", "a < b", "```", "---"])
def test_what_is_no_markup_here_is_shown_as_typed(text: str) -> None:
    assert _words_of(markdown.to_html(text)) == text
    assert markdown.to_text(text) == text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "/relative", "//host.example", "http:///x"]
)
def test_a_link_that_is_not_absolute_stays_text(address: str) -> None:
    text = f"[words]({address})"
    assert "<a" not in markdown.to_html(text)
    assert _words_of(markdown.to_html(text)) == text


def test_the_sanitiser_alone_refuses_a_script_should_the_parser_ever_let_one_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(markdown, "_ABSOLUTE", re.compile(""))
    for address in ("javascript:alert(2)", "data:text/html,y", "vbscript:z", "ftp://a.example/x"):
        assert "href" not in markdown.to_html(f"[unseen before]({address})")


def test_a_picture_in_the_text_is_no_picture() -> None:
    assert "<img" not in markdown.to_html("![alt](https://a.example/p.png)")


@given(HOSTILE)
def test_the_html_never_holds_more_than_the_dialect(text: str) -> None:
    fragment = lxml.html.fragment_fromstring(markdown.to_html(text), create_parent="div")
    for element in fragment.iter():
        assert element.tag in ALLOWED
        assert set(element.attrib) <= {"href", "start"}
        assert element.get("href", "https://").lower().startswith(("https://", "http://", "mailto:"))


@given(st.text())
def test_letters_and_digits_are_never_lost(text: str) -> None:
    wanted = [character for character in plain.clean(text) if character.isalnum()]
    if "&" in text or "](" in text:  # an entity is one character, an address is not shown
        return
    assert [character for character in _words_of(markdown.to_html(text)) if character.isalnum()] == wanted


def test_nesting_deeper_than_a_reader_can_follow_loses_no_word() -> None:
    for text in ["> " * 3000 + "kept", "- " * 3000 + "kept", "*" * 9000 + "kept" + "*" * 9000]:
        assert "kept" in markdown.to_html(text)
        assert "kept" in markdown.to_text(text)


@pytest.mark.parametrize("piece", ["[", "*a **b ", "[a](", "<", "![[", "- ", "_a"])
def test_a_hundred_kilobytes_of_brackets_take_seconds_not_minutes(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    markdown.to_html(text)
    assert time.process_time() - started < 20


def test_text_keeps_the_address_behind_the_words_of_a_link() -> None:
    assert markdown.to_text("Read [our guide](https://a.example/guide).") == "Read our guide (https://a.example/guide)."


def test_text_shows_an_address_once_when_it_is_its_own_words() -> None:
    assert markdown.to_text("<https://a.example/> and <a@b.example>") == "https://a.example/ and a@b.example"


def test_text_is_laid_out_for_people() -> None:
    text = "Before\n\n1. one\n2. two\n   - inner\n\n> quoted\n>\n> again\n\nAfter  \nbreak\n\n- loose\n\n- list"
    assert markdown.to_text(text) == (
        "Before\n\n1. one\n2. two\n   - inner\n\n> quoted\n>\n> again\n\nAfter\nbreak\n\n- loose\n\n- list"
    )


def test_a_list_keeps_its_first_number_even_if_it_is_nought() -> None:
    assert markdown.to_text("0. nought\n1. one") == "0. nought\n1. one"


@given(HOSTILE, st.integers(min_value=20, max_value=100))
def test_only_an_unbreakable_word_makes_a_text_line_longer(text: str, width: int) -> None:
    for line in markdown.to_text(text, width=width).split("\n"):
        words = re.sub(r"^(> |- |\d+\. | )*", "", line)
        assert plain.columns(line) <= width or " " not in words.strip()


def test_text_in_a_script_without_spaces_is_wrapped_between_its_characters() -> None:
    for width in range(30, 60, 2):
        lines = markdown.to_text("肌を守る方法は、毎日の「習慣」から始まります。" * 9, width=width).split("\n")
        assert len(lines) > 4
        assert all(plain.columns(line) <= width for line in lines)
        assert not any(line.startswith(("、", "。", "」")) or line.endswith("「") for line in lines)


def test_an_address_is_never_wrapped() -> None:
    address = "https://a.example/" + "x" * 90
    assert address in markdown.to_text(f"some words before [it]({address}) and after").replace("(", "").split()[4]


def test_an_excerpt_ends_between_words() -> None:
    assert (
        markdown.excerpt("Use a *gentle* [cleanser](https://a.example) every evening.", 24) == "Use a gentle cleanser…"
    )


def test_an_excerpt_that_fits_is_whole() -> None:
    assert markdown.excerpt("One.\n\n- Two.", 10) == "One. Two."


@given(HOSTILE, st.integers(min_value=0, max_value=60))
def test_an_excerpt_is_one_line_and_never_too_long(text: str, size: int) -> None:
    short = markdown.excerpt(text, size)
    assert len(short) <= size
    assert "\n" not in short


def test_an_excerpt_never_parts_a_face_from_its_skin_tone() -> None:
    assert markdown.excerpt("👩🏽👩🏽👩🏽", 4) == "👩🏽…"


@given(st.text())
def test_clean_text_holds_no_character_that_xml_refuses(text: str) -> None:
    cleaned = plain.clean(text)
    lxml.html.fragment_fromstring("<p></p>").text = cleaned  # raises on what XML forbids
    assert all(unicodedata.category(character) != "Cs" for character in cleaned)
    assert plain.clean(cleaned) == cleaned


def test_direction_marks_and_joiners_survive_cleaning() -> None:
    assert plain.clean("a\u200fb\u200dc\u202ed\r\ne\u2028f") == "a\u200fb\u200dc\u202ed\ne\nf"


def _words_of(html: str) -> str:
    return str(lxml.html.fragment_fromstring(html, create_parent="div").text_content()).strip("\n")
