"""Plain text: which lines are headings, what is joined, and that the canonical text is the file's own."""

import textwrap

import pytest

from pipeline.documents import read
from pipeline.documents.model import BlockKind, Document

BODY = "Wash the face with lukewarm water in the evening, and pat it dry with a soft towel that is only yours."


def of(text: str) -> Document:
    return read(text.encode(), name="notes.txt")


def headings(text: str) -> list[str]:
    return [section.heading for section in of(text).sections if section.heading]


def blocks(text: str) -> list[tuple[str, str]]:
    document = of(text)
    return [(block.kind.value, " ".join(block.span.of(document.text).split())) for _, block in document.blocks()]


@pytest.mark.parametrize(
    "text",
    [f"\ufeffCare\n\n{BODY}\n", f"Care\r\n\r\n{BODY}\r\n", f"  Care \n\n\t{BODY}", f"Care\x0c\n{BODY}\u2028More."],
)
def test_the_canonical_text_is_the_files_own_to_the_character(text: str) -> None:
    assert of(text).text == text.removeprefix("\ufeff")
    assert headings(text) == ["Care"]


@pytest.mark.parametrize(
    "line",
    [
        "Aftercare",
        "How It Works",
        "AFTERCARE AT HOME",
        "Does it hurt?",
        "1. Cleanse gently",
        "2.1 Cleanse gently",
        "IV. Results",
        "Step 3: Moisturise",
        "Aftercare:",
        "What to do in the first days",
        "The Many Ways in Which the Sun Can Undo a Good Clinic's Work",
        "== Aftercare ==",
        "**Aftercare**",
        "*** Aftercare ***",
        "## Aftercare",
        "### Aftercare ###",
        "— Aftercare —",
        "- Aftercare -",
        "Aftercare\n=========",
        "aftercare at home\n- - - - -",
        "Q: Does it hurt, or is it only the thought of it that does?",
        "“Natural” acids",
        "Why you should not skip sunscreen even when the sky is grey",
        "7 quiet mistakes that most people make when they wash their face",
        "By the Numbers",
        "Note the Ingredients",
        "From Cleanser to Cream",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["close", "apart"])
def test_a_heading_in_any_dress_is_told(line: str, gap: str) -> None:
    text = f"{BODY}\n\n{line}{gap}{BODY}\n\n{BODY}\n"
    assert len(headings(text)) == 1, blocks(text)
    document = of(text)
    span = next(section.heading_span for section in document.sections if section.heading_span)
    assert span.of(document.text).strip("=*# ") == headings(text)[0]


@pytest.mark.parametrize(
    "line",
    [
        "Rinse well.",
        "Stop now!",
        "8:30 Fold the dough",
        "Card      19%    900",
        "By Jane Doe",
        "Written by the team",
        "Updated 5 May 2024",
        "12 March 2024",
        "5 min read",
        "Photo: the clinic",
        "Related: Ten ways to dry the washing indoors",
        "Read next: Which gloves for which winter?",
        "Home | About | Contact",
        "www.skin.example",
        "care@skin.example",
        "Dear reader,",
        "Tip: keep a clean towel by the sink",
        "Note: this is not for everyone",
        "“I never looked back at it”",
        "and then some",
        "- Rinse well",
        "> Rinse well",
        "Subscribe to our newsletter",
        "It works, though the first weeks ask for far more patience than most people who try it expect",
    ],
)
def test_a_line_that_only_looks_short_is_no_heading(line: str) -> None:
    assert headings(f"{BODY}\n\n{line}\n\n{BODY}\n") == []


def test_a_sentence_without_its_stop_before_a_heading_is_none() -> None:
    text = f"Evening\n{BODY}\nOnce a day is enough\nMorning\n{BODY}\n"
    assert headings(text) == ["Evening", "Morning"]
    assert headings(f"What is enough\nMorning\n{BODY}\n") == ["What is enough", "Morning"]


def test_the_last_of_a_few_short_lines_stands_over_text_only_where_it_stands_by_it() -> None:
    apart = f"The Bedroom\n\nDark\nCool\nQuiet\n\n{BODY}\n"
    assert headings(apart) == ["The Bedroom"]
    close = f"The Bedroom\n\nDark\nCool\n\nNight\n{BODY}\n"
    assert headings(close) == ["The Bedroom", "Night"]


def test_columns_are_a_table_and_two_blanks_behind_a_stop_are_none() -> None:
    assert blocks(f"{BODY}\n\nDebt      Rate   Owed\n\n{BODY}")[1][0] == "table"
    assert blocks(f"{BODY}  It dries.  Then cream it.")[0][0] == "paragraph"


def test_headings_without_capitals_are_told_where_there_are_several_and_no_others() -> None:
    small = f"the evening\n{BODY}\n\nthe morning\n{BODY}\n\nat noon\n{BODY}\n"
    assert headings(small) == ["the evening", "the morning", "at noon"]
    assert headings(f"The Evening\n{BODY}\n\nand then some\n{BODY}\n\nat noon\n{BODY}\n") == ["The Evening"]
    assert headings(f"{BODY}\n\nand then some\n{BODY}\n\nat noon\n{BODY}\n") == []


def test_a_boilerplate_heading_stands_over_whatever_follows() -> None:
    document = of(f"Evening\n{BODY}\n\nSources\n\nDermatology Today, issue 4\nTwo clinics\n")
    assert [(section.heading, section.is_boilerplate) for section in document.sections] == [
        ("Evening", False),
        ("Sources", True),
    ]


def test_the_last_line_is_never_a_heading() -> None:
    assert headings(f"{BODY}\n\nThe Skin Shop\n") == []


def test_hard_wrapped_text_is_joined_at_any_width() -> None:
    paragraphs = [BODY, "Sleep on the back. Change the pillow case often, since oil and dust gather in it over days."]
    for width in (32, 48, 64, 72, 100):
        text = "Evening\n\n" + "\n\n".join(textwrap.fill(each, width) for each in paragraphs)
        assert blocks(text) == [("paragraph", each) for each in paragraphs]
        assert headings(text) == ["Evening"]


def test_one_paragraph_to_a_line_needs_no_blank_lines() -> None:
    text = f"Evening\n{BODY}\n{BODY}\nMorning\n{BODY}\n"
    assert headings(text) == ["Evening", "Morning"]
    assert len(blocks(text)) == 3


def test_short_sentences_on_lines_of_their_own_stay_apart() -> None:
    lines = ["Wash your hands before you start.", "Use a clean towel every time.", "Never share it with others."]
    assert [words for _, words in blocks("\n".join(lines))] == lines


def test_questions_open_sections_and_answers_lose_their_mark() -> None:
    text = (
        "Q: Does it hurt?\nA: A little, for a day.\n\nQ. How long?\nA. About a week, often less.\nQ: Sun? A: Not yet.\n"
    )
    assert headings(text) == ["Does it hurt?", "How long?", "Sun?"]
    assert [words for _, words in blocks(text)] == ["A little, for a day.", "About a week, often less.", "Not yet."]


def test_a_sentence_that_opens_with_the_letter_a_keeps_it() -> None:
    assert blocks("A. Smith found that rest helps.")[0][1] == "A. Smith found that rest helps."


def test_a_list_is_told_with_or_without_bullets() -> None:
    for text in ("You need:\n- a hat\n- a shirt\n", "You need:\na hat\na shirt\n", "You need:\n\n• a hat\n• a shirt\n"):
        document = of(text)
        items = [block for _, block in document.blocks() if block.kind is BlockKind.LIST_ITEM]
        assert [item.span.of(document.text) for item in items] == ["a hat", "a shirt"]
        assert all(item.intro and item.intro.of(document.text) == "You need:" for item in items)


def test_numbered_lines_beside_each_other_are_a_list() -> None:
    assert blocks("Steps\n\n1. Cleanse\n2. Wait\n3. Moisturise\n") == [
        ("list_item", "Cleanse"),
        ("list_item", "Wait"),
        ("list_item", "Moisturise"),
    ]


def test_quotes_notes_and_tables_are_told() -> None:
    text = f"{BODY}\n\n> It was fine.\n\n[1] Lee, 2019.\n\nDay | What | Why\n\n{BODY}"
    assert [kind for kind, _ in blocks(text)] == ["paragraph", "quote", "footnote", "table", "paragraph"]


def test_rank_shows_in_the_path() -> None:
    text = f"Skin\n====\n\nEvening\n-------\n{BODY}\n\nMorning\n-------\n{BODY}\n"
    assert [section.heading_path for section in of(text).sections] == [
        ("Skin",),
        ("Skin", "Evening"),
        ("Skin", "Morning"),
    ]


@pytest.mark.parametrize("heading", ["About Us", "REFERENCES", "Media contact:", "Pricing", "About the Author"])
def test_boilerplate_is_set_apart_until_the_next_heading(heading: str) -> None:
    text = f"Evening\n{BODY}\n{heading}\n{BODY}\nMorning\n{BODY}\n"
    assert [section.is_boilerplate for section in of(text).sections] == [False, True, False]


def test_a_closing_call_is_boilerplate_even_between_articles() -> None:
    text = f"Evening\n{BODY}\nSign up for our newsletter and never miss a tip\nMorning\n{BODY}\nShop now and save\n"
    document = of(text)
    calls = [section for section in document.sections if section.is_boilerplate]
    assert [section.blocks[0].span.of(document.text)[:8] for section in calls] == ["Sign up ", "Shop now"]
    assert [section.heading for section in document.sections] == ["Evening", "", "Morning", ""]


def test_the_title_is_the_first_heading_or_comes_from_the_name() -> None:
    assert of(f"Evening\n{BODY}").title == "Evening"
    assert read(BODY.encode(), name="ice-pick_scars.txt").title == "Ice pick scars"
