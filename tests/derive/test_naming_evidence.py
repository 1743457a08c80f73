"""What a document is on: out of its own lines, its file's name and what it speaks of from end to end."""

import pytest

from pipeline.derive.breaking_off import asks_how_far, goes_on, has_its_object, may_follow, waits_for_more
from pipeline.derive.naming import Naming, naming
from pipeline.derive.naming_evidence import own_lines
from pipeline.derive.profile import profile
from pipeline.derive.tokens import read_sentence
from pipeline.documents.model import Document, Span
from tests.derive.making import document


def named(made: Document) -> Naming:
    return naming(made, profile(made))


def article(top: str, word: str, *, also: str = "", file: str = "notes.md") -> Document:
    """Three sections that speak of a thing, under a top of the document's own."""
    body = "\n\n".join(
        f"## Part {number}\n\nCheck the {word} on {day}, since the {word} wears out {also}sooner than people think."
        for number, day in enumerate(("Monday", "Friday", "Sunday"), 1)
    )
    return document(f"{top}\n\n{body}\n", file)


@pytest.mark.parametrize(
    ("top", "word", "file", "name"),
    [
        ("# Rust on a white gate: living with hinges", "hinges", "hinges.md", "Hinges"),  # the title's joke says less
        (
            "# The Harbour Letter no. 9",
            "garden gate",
            "gardengate.md",
            "Garden gate",
        ),  # a paper, and a file in one word
        ("# THE GATE HOUSE AT THE OLD FORGE\n\n# Client handout no. 4", "gate", "gates.txt", "Gates"),  # who speaks
        ("# Garden gates off, hinges whole", "garden gate", "notes.md", "Garden gates"),  # no particle behind
        ("# Ironmonger's Department", "garden gate", "garden-gate.md", "Garden gate"),
        ("# ASK THE WORKSHOP DESK\n\n# Hanging a gate", "gate", "q-and-a.md", "Hanging a gate"),  # its second line
        ("# Oiling a garden gate", "gate", "gate.md", "Oiling a garden gate"),  # its line says as much and more
        ("# Gates and hedges", "gate", "gate-hedge.md", "Gates and hedges"),
        ("# In one piece: getting a gate to a hill farm", "gate", "gate.md", "Getting a gate to a hill farm"),
        ("# OAKWELL COUNCIL\n\nHousing Team\n\n# Gate hinges that hold", "hinge", "gates.md", "Gate hinges"),
        (
            "# Hinges on a garden gate: your questions",
            "garden gate",
            "hinges-garden-gate.md",
            "Hinges on a garden gate",
        ),
        ("# OIL LAMPS AND YOUR JOB", "oil lamp", "oil-lamps-work.md", "Oil lamps"),
        ("# Spring at last", "gate", "scan-12.md", "Gate"),  # spoken of from end to end
    ],
)
def test_what_a_document_is_on_stands_in_more_than_one_place(top: str, word: str, file: str, name: str) -> None:
    assert named(article(top, word, file=file)).name == name


@pytest.mark.parametrize("file", ["lantern-oil.md", "upload.md"])
def test_a_file_s_words_that_the_document_never_says_name_nothing(file: str) -> None:
    assert named(article("# Oiling a garden gate", "gate", file=file)).name == "Oiling a garden gate"


def test_two_things_are_not_named_by_the_second_alone() -> None:
    made = article("# Rusting and a squeaky hinge", "squeaky hinge", file="hinge.md", also="from rusting ")
    assert named(made).name == "Rusting and a squeaky hinge"
    assert named(made).thing == "Rusting and a squeaky hinge"
    made = article("# Rusting and a squeaky hinge", "hinge", file="rusting-hinge.md", also="from rusting ")
    assert named(made).spare == ""  # "Hinge: …" would be half of it


def test_a_file_s_name_says_which_where_a_line_says_one_word() -> None:
    melasma = "Melasma patches fade slowly, and each patch of melasma may come back in the sun of a long summer."
    body = (
        f"## Sun\n\n{melasma}\n\n## Creams\n\nA patch may fade with a cream.\n\n## Hats\n\nA hat shades each patch.\n"
    )
    top = "# The patches that summer leaves behind"
    assert named(document(f"{top}\n\n{body}", "melasma-patches.md")).name == "Melasma patches"
    hair = "Rinse your hair within minutes, since hair that dries with chlorine in it feels rough to swimmers."
    body = (
        f"## After the pool\n\n{hair}\n\n## Caps\n\nA cap keeps hair drier.\n\n## Green\n\nPale hair may turn green.\n"
    )
    assert named(document(f"# Squeaky and stiff: hair that swims\n\n{body}", "swimmers-hair.md")).name == "Hair"


def test_a_file_s_name_decides_between_two_parts_of_a_title() -> None:
    hands = "Dry your hands well, and hold your hands still while they dry in the morning air."
    rash = "A hand rash needs a doctor, and a rash needs rest."
    body = f"## Water\n\n{hands}\n\n## Soap\n\n{hands}\n\n## Doctors\n\n{rash}\n"
    top = "# Hands that work hard: hand rash on the job"
    assert named(document(f"{top}\n\n{body}")).name == "Hands"
    assert named(document(f"{top}\n\n{body}", "handrash.md")).name == "Hand rash"


def test_a_file_s_words_that_are_never_said_together_are_no_name() -> None:
    made = article("# Getting a gate to close", "gate", also="without oil, for oil keeps it ", file="gate-oil.md")
    assert named(made).name == "Getting a gate to close"


def test_what_leads_in_for_short_is_a_part_of_the_name_and_no_word_that_says_too_little() -> None:
    assert named(article("# Oiling a garden gate", "garden gate")).thing == "Garden gate"
    top = "# When the bank calls: spotting false letters"
    found = named(article(top, "bank", also="and every false letter comes ", file="false-letters.md"))
    assert (found.name, found.spare) == ("Spotting false letters", "")
    assert named(article("# Combining treatments", "treatments")).thing == "Combining treatments"


def test_a_document_on_many_things_is_named_after_none_of_them() -> None:
    parts = ("kettle", "carpet", "ladder", "radiator", "doorbell", "letterbox")
    body = "\n\n".join(f"## Part\n\nCheck the {part} once a year, and write the day down." for part in parts)
    assert named(document(f"# Spring at last\n\n{body}\n")).name == ""


def test_the_lines_of_a_document_are_its_title_and_what_stands_over_everything() -> None:
    text = "Check the gate once a year, since it wears out sooner than you think.\n\n"
    made = document(f"# Money talk\n\n## Buying a gate\n\n### Wood\n\n{text}### Iron\n\n{text}")
    assert own_lines(made) == ("Money talk", "Buying a gate")
    made = document(f"# Money talk\n\n## Wood\n\n{text}## Iron\n\n{text}")
    assert own_lines(made) == ("Money talk",)


def test_a_section_on_an_act_is_led_in_by_what_the_document_is_on() -> None:
    """ "Getting food out" of a freezer is on the freezer, though it never says so."""
    from pipeline.derive.tips import derive

    made = document(
        "# The freezer\n\n## Filling it\n\nA freezer holds food for months, and food in a freezer loses little.\n\n"
        "## Getting food out\n\nAllow about 24 hours for every two kilos of food, and put it on a plate with a rim.\n"
    )
    (tip,) = [tip for tip in derive([made]) if "24 hours" in tip.text]
    assert tip.title.startswith("Freezer: ")


@pytest.mark.parametrize(
    ("line", "rest", "breaks"),
    [
        ('A gate that "has stopped', ' closing" is bent.', True),
        ("Oil the hinges and", " the latch.", True),
        ("Keep the gate away", " from hedges.", True),
        ("Choose hinges", " of brass.", True),
        ("Drop bolts, latches", " and springs before painting.", True),
        ("Stopping the last month's", " rent", True),
        ("Gates hung askew or rubbing", " against stones", True),
        ("Oiling both sides puts you", " in the same place as buying new.", True),
        ("Cast iron holds", " on to rust for years.", True),
        ("Trials have found that plain oil", " on the hinge makes no difference.", True),
        ("Make sure that the upper bolt", " and the latch meet the post.", True),
        ("A spring halfway between the bolt", " and the post works best.", True),
        ("Trials have found that oil helps", " on the hinge.", False),
        ("Hang the gate on posts that nobody leans on", " at night.", False),
        ("Oil the hinges", " before winter.", False),
        ("Oil holds the hinges", " in place.", False),
    ],
)
def test_a_line_may_not_end_where_something_must_follow(line: str, rest: str, breaks: bool) -> None:
    read = read_sentence(line, Span(0, 0))
    assert (waits_for_more(read) or goes_on(read, rest)) == breaks


def test_a_question_or_a_noun_phrase_may_not_end_before_what_it_began() -> None:
    assert asks_how_far(read_sentence("How often to oil a gate after", Span(0, 0)))
    assert not asks_how_far(read_sentence("How often to oil a gate", Span(0, 0)))
    people = read_sentence("People who have moved in to ring", Span(0, 0))
    assert has_its_object(people, " you if it turns up there.")
    assert not has_its_object(people, " once a year.")
    saves = read_sentence("A balance transfer at zero percent saves", Span(0, 0))
    assert has_its_object(saves, " money for a year.")
    assert not has_its_object(read_sentence("Weeds with ripe seeds", Span(0, 0)), " or roots survive.")
    assert has_its_object(read_sentence("Peeling gel", Span(0, 0)), " off takes a layer of the nail with it.")
    assert may_follow(" before winter")
    assert not may_follow(" gates made of oak")


def test_a_digest_is_not_named_by_the_first_of_many_things() -> None:
    text = (
        "# BEST OF THE FORUM: WOODEN SPOONS, LIMESCALE, JAM\n\n## How do I oil them?\n\n"
        "Rub wooden spoons with linseed oil. Wipe them after an hour.\n\n## My kettle is white\n\n"
        "Heat citric acid in water and rinse twice.\n\n## Mould on jam\n\n"
        "Throw the jar away, because threads grow deep.\n"
    )
    assert named(document(text, "digest.md")).lead == ""
    assert named(document(text.replace(", LIMESCALE, JAM", ""), "digest.md")).lead == "Wooden spoons"
