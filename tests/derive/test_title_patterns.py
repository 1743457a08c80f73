"""Each way in which a title is made stands alone: it names its subject or its action."""

import pytest

from pipeline.derive import clauses, phrases
from pipeline.derive.about import About
from pipeline.derive.profile import profile
from pipeline.derive.tips import derive, document_windows
from pipeline.derive.titles import weighed
from tests.derive.making import document, sentence

WAXING = (
    "# Waxing skis\n\n"
    "Waxing makes skis glide. Waxing takes an hour, and waxing at home is cheap. Good waxing keeps the base alive.\n\n"
)


def titles_of(heading: str, *paragraphs: str) -> list[str]:
    made = document(f"{WAXING}## {heading}\n\n" + "\n\n".join(paragraphs) + "\n")
    return [tip.title for tip in derive([made]) if tip.source.heading_path[-1:] == (heading,)]


def lines_for(heading: str, paragraph: str) -> set[str]:
    """Every line that could be the title of the section's tip."""
    made = document(f"{WAXING}## {heading}\n\n{paragraph}\n")
    background = profile(made)
    (window,) = [each for each in document_windows(made, background) if each.passage.heading.text == heading]
    return {line.whole for line, _ in weighed(About(window, background))}


@pytest.mark.parametrize(
    ("heading", "text", "title"),
    [
        (
            "The day before",
            "Bring the skis indoors on the day before waxing, because a cold base takes up hardly any wax at all.",
            "The day before waxing",
        ),
        (
            "The first day",
            "On the first day after waxing, brush the base again, since more wax works its way out of the pores.",
            "The first day after waxing",
        ),
    ],
)
def test_a_heading_of_time_says_before_or_after_what(heading: str, text: str, title: str) -> None:
    assert title in lines_for(heading, text)


@pytest.mark.parametrize("heading", ["The weeks before", "The first week", "In between", "The following days"])
def test_a_heading_of_time_alone_is_no_title_and_leads_none_in(heading: str) -> None:
    texts = (
        "Sharpen the edges with a file at 88 degrees, and wipe the metal dust off before it sticks to the base.",
        "Keep the iron moving at about 120 degrees, because a base that is held too hot for long blisters and dries.",
    )
    found = titles_of(heading, *texts)
    assert found
    assert all(not title.lower().startswith(f"{heading.lower()}:") and title != heading for title in found)


def test_a_section_that_says_when_is_led_in_by_what_its_document_is_on() -> None:
    text = "Keep the bedroom cool at 18 degrees, cut fingernails short, and consider gloves of cotton or silk."
    made = document(f"# Itching\n\nItching is worst at night. Itching wakes people up.\n\n## Night\n\n{text}\n")
    assert [tip.title for tip in derive([made]) if tip.text == text] == [
        "Itching: keeping the bedroom cool at 18 degrees"
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Throw a starter away if it shows pink streaks.", "When to throw a starter away"),
        ("Change the filter when the water runs slowly.", "When to change the filter"),
        ("Put the loaf back once the crust is pale.", "When to put the loaf back"),
        ("Call the plumber at once, day or night, if the pipe drips.", "When to call the plumber"),
    ],
)
def test_an_order_with_a_long_condition_becomes_when_to(text: str, title: str) -> None:
    assert clauses.when_to(sentence(text)) == title


@pytest.mark.parametrize(
    "text",
    [
        "Never use a scrub if the skin is broken.",  # it forbids
        "Use soap only when the hands are oily.",  # a limit goes with it
        "Wash the pan without soap when it is new.",
        "Wash it when the water runs slowly.",  # it leans
        "Wash the pan once a week with hot water.",  # 'once' counts
        "Turn the heap every three weeks if it is warm.",  # it says when already
        "Repot in spring or early summer, when roots grow.",
        "The pan is washed when it is dirty.",  # no order
        "Wash the pan well, dry it and store it when it is cool.",  # a clause between
    ],
)
def test_when_to_is_not_made_where_it_would_say_something_else(text: str) -> None:
    assert clauses.when_to(sentence(text)) == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("If keloids run in your family, say so at the first visit.", "If keloids run in your family"),
        ("When frost is forecast for the night, pick the fruit.", "When frost is forecast for the night"),
        ("Once the paint has dried hard, sand the edges.", "Once the paint has dried hard"),
    ],
)
def test_a_condition_in_front_can_name_the_tip(text: str, title: str) -> None:
    assert clauses.condition(sentence(text)) == title


@pytest.mark.parametrize(
    "text",
    [
        "If it stings badly, rinse the skin.",  # it leans
        "If so, rinse the skin with water.",
        "Rinse the skin if the spot stings.",
        "Before the paint dries, sand the edges.",
        "If the skin stings, burns, swells or weeps for more than an hour after a day in sun or in wind, rinse it.",
    ],
)
def test_a_condition_that_leans_or_runs_on_names_nothing(text: str) -> None:
    assert clauses.condition(sentence(text)) in ("", "If the skin stings, burns, swells or weeps")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A starter is ready to bake with when it doubles.", "When a starter is ready to bake with"),
        ("The chain should be replaced once the gauge drops in.", "When the chain should be replaced"),
    ],
)
def test_a_statement_with_a_long_condition_becomes_when(text: str, title: str) -> None:
    assert clauses.time_of(sentence(text)) == title


@pytest.mark.parametrize(
    "text",
    [
        "It is ready when the crust is brown.",
        "No starter is ready when the jar is cold.",
        "Bread is baked in tins.",
        "Cut the bread when it is cool.",
        "A starter, like dough, is ready when it doubles.",
    ],
)
def test_when_is_not_made_of_what_leans_denies_or_orders(text: str) -> None:
    assert clauses.time_of(sentence(text)) == ""


def test_an_order_is_cut_before_a_second_that_or_a_second_time() -> None:
    text = "Check that the bank belongs to a protection scheme and that you stay under its limit."
    assert clauses.order(sentence(text)) == "Check that the bank belongs to a protection scheme"
    text = "Work the sum out again once a year and whenever your rent changes."
    assert clauses.order(sentence(text)) == "Work the sum out again once a year"


def test_a_particle_is_no_part_of_a_thing() -> None:
    things = list(phrases.things(sentence("Throw a starter away after pink streaks.")))
    assert all("away" not in thing for thing in things)


def test_see_a_doctor_alone_does_not_name_the_case() -> None:
    text = "Yellow crusts, weeping or a sudden fever may mean that the skin is infected. See a doctor the same day."
    made = document(f"# Eczema\n\nEczema itches. Eczema comes and goes.\n\n## Tips\n\n{text}\n")
    assert "See a doctor the same day" not in [tip.title for tip in derive([made])]


def test_the_document_s_own_title_gives_way_to_what_the_tip_states() -> None:
    text = "Clouds do not stop ultraviolet light: up to 80 percent of it can pass through a thin layer of water drops."
    made = document(f"# Light and clouds\n\n{text}\n")
    assert [tip.title for tip in derive([made])] == ["Clouds do not stop ultraviolet light"]


def test_a_thing_is_told_by_before_or_after_what() -> None:
    text = (
        "Avoid rough stones, salted roads and wet snow for three days after waxing, because they scrape the base bare."
    )
    assert "Rough stones after waxing" in lines_for("The first week", text)
