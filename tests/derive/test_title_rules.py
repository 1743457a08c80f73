"""What speaks for a line as a title and what against it, rule by rule."""

from pathlib import Path

import pytest

from pipeline.derive.about import About
from pipeline.derive.profile import profile
from pipeline.derive.tips import derive, document_windows
from pipeline.derive.title_lines import Kind, Line
from pipeline.derive.title_rules import TITLE_RULES, points
from tests.derive.making import document

POT = (
    "# Repotting orchids\n\nOrchids live for decades. Orchids need light, and orchids dislike wet feet.\n\n"
    "## The clear pot\n\n{text}\n\n## Light\n\n"
    "Give orchids a bright window without the midday sun, which burns their leaves within an afternoon.\n"
)
CLEAR = "Choose a pot of clear plastic, so that the roots get light and you can see when they are dry."
SHARED = "Wait until the flowers have dropped. Cut the spike above the second node, so that it may flower again."


def about(text: str = CLEAR, topic: str = "") -> About:
    made = document(POT.format(text=text))
    background = profile(made)
    (window,) = [w for w in document_windows(made, background) if w.passage.heading.text == "The clear pot"]
    return About(window, background, topic)


APPLIES = [
    ("case of what", Line("What to do if you have diabetes", Kind.WHAT_TO_DO)),
    ("case of a thing untold", Line("What to do once a packet is open", Kind.WHAT_TO_DO)),
    ("one of many", Line("A cup of bark", Kind.SUBJECT)),
    ("object tells how", Line("Pot of plastic with one side no higher", Kind.OBJECT)),
    ("subject untold", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("names subject", Line("Choose a pot of clear plastic", Kind.ORDER, lead="Repotting orchids")),
    ("which one", Line("Water the moss at once", Kind.ORDER)),
    ("names no thing", Line("Start doing it slowly", Kind.ORDER)),
    ("only whom to ask", Line("See a doctor the same day", Kind.ORDER)),
    ("only whom to ask", Line("Speaking to a doctor or pharmacist", Kind.SHORT_DOING)),
    ("asks for the text", Line("Water the moss later", Kind.SHORT_ORDER)),
    ("asks for the text", Line("Ask also if the roots are grey", Kind.ORDER)),
    ("breaks off", Line("Clear pot and a small saucer", Kind.OBJECT)),
    ("breaks off", Line("Little clear bark", Kind.KEY)),
    ("breaks off", Line("Water them on the same", Kind.ORDER)),
    ("opens later", Line("Cut the spike above a node", Kind.ORDER, 1)),
    ("pronoun of a later sentence", Line("Cut the spike before it fades", Kind.ORDER, 1)),
    ("long subject", Line("Dull leaves along the lower spike", Kind.SUBJECT)),
    ("long", Line("Choose a pot of clear plastic that is only a little wider than the roots are", Kind.ORDER)),
    ("says the first words again", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("asks for the text", Line("Put a saucer under it", Kind.ORDER)),
    ("asks for the text", Line("Clear pots help too", Kind.STATEMENT)),
    ("asks for the text", Line("The main one is light", Kind.STATEMENT)),
    (
        "too long",
        Line("Choose a pot of clear plastic that is wider than the roots by no more than a finger", Kind.ORDER),
    ),
    ("curt", Line("A clear pot", Kind.SUBJECT)),
    ("one word", Line("Roots", Kind.KEY, lead="Repotting orchids")),
    ("breaks off", Line("Choose a clear pot and", Kind.ORDER)),
    ("breaks off", Line("Orchids with a clear", Kind.SUBJECT)),
    ("breaks off", Line("Choose a clear pot; water it", Kind.ORDER)),
    ("breaks off", Line("Water the orchids on day 5, 10", Kind.ORDER)),
    ("led in", Line("Choose a clear pot", Kind.ORDER, lead="Repotting orchids")),
    ("label alone", Line("Potting", Kind.SHORT_LABEL)),
    ("two colons", Line("The clear pot: clear", Kind.HEADING, lead="Repotting orchids")),
    ("says the topic again", Line("The clear pot", Kind.HEADING)),
    ("says most of the text", Line(CLEAR[:-1], Kind.ORDER)),
    ("heading is of this tip", Line("The clear pot", Kind.HEADING)),
    ("leaves a phrase", Line("Choose a pot", Kind.SHORT_ORDER)),
    ("leaves a phrase", Line("Choosing a pot", Kind.SHORT_DOING)),
    ("heading of one word", Line("Pots", Kind.HEADING)),
    ("heading in two parts", Line("Pots: clear or not", Kind.HEADING)),
    ("heading of other things", Line("Pots, peat and clear bark", Kind.HEADING)),
    ("breaks off", Line("Orchids in pots with small", Kind.SUBJECT)),
]

DOES_NOT = [
    ("case of what", Line("What to do when repotting orchids", Kind.WHAT_TO_DO)),
    ("case of a thing untold", Line("What to do if the pot cracks", Kind.WHAT_TO_DO)),
    ("case of a thing untold", Line("What to do if you have diabetes", Kind.WHAT_TO_DO)),
    ("one of many", Line("Clear pots", Kind.SUBJECT)),
    ("subject untold", Line("Choose a pot of clear plastic", Kind.ORDER, lead="Repotting orchids")),
    ("names subject", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("which one", Line("Water the moss at once", Kind.ORDER, lead="Repotting orchids")),
    ("which one", Line("Water in the morning", Kind.ORDER)),
    ("which one", Line("Cut the tips of dry roots", Kind.ORDER)),
    ("names no thing", Line("Start with moss", Kind.ORDER)),
    ("only whom to ask", Line("See a doctor if a leaf has cut your eye", Kind.ORDER)),
    ("opens later", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("long subject", Line("Clear pots", Kind.SUBJECT)),
    ("long", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("says the first words again", Line("Choosing a pot of clear plastic", Kind.DOING)),
    ("asks for the text", Line("Clear pots need less light than clay ones", Kind.STATEMENT)),
    ("curt", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("one word", Line("Clear roots", Kind.KEY, lead="Repotting orchids")),
    ("led in", Line("Clear roots", Kind.KEY, lead="Repotting orchids")),
    ("label alone", Line("Potting", Kind.SHORT_LABEL, lead="Repotting orchids")),
    ("two colons", Line("The clear pot: clear", Kind.HEADING)),
    ("says the topic again", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("says most of the text", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("leaves a phrase", Line("Choose a pot of clear plastic", Kind.ORDER)),
    ("leaves a phrase", Line("A pot", Kind.KEY)),
    ("object tells how", Line("A pot of clear plastic", Kind.KEY)),
    ("object tells how", Line("Pot of plastic", Kind.OBJECT)),
    ("heading is of more", Line("The clear pot", Kind.HEADING)),
    ("heading of one word", Line("The clear pot", Kind.HEADING)),
    ("heading of several", Line("The clear pot", Kind.HEADING)),
    ("heading of other things", Line("The clear pot", Kind.HEADING)),
]


@pytest.mark.parametrize(("rule", "line"), APPLIES)
def test_a_rule_applies_to_what_it_is_there_for(rule: str, line: Line) -> None:
    assert rule in points(line, about(topic="The clear pot"))


@pytest.mark.parametrize(("rule", "line"), DOES_NOT)
def test_a_rule_leaves_alone_what_it_is_not_for(rule: str, line: Line) -> None:
    assert rule not in points(line, about(topic="The clear pot"))


def test_a_heading_over_several_paragraphs_is_less_of_this_tip() -> None:
    made = document(POT.format(text=f"{CLEAR}\n\nWash old pots with hot water and a brush before a plant goes in."))
    background = profile(made)
    window = next(w for w in document_windows(made, background) if w.text == CLEAR)
    assert "heading of several" in points(Line("The clear pot", Kind.HEADING), About(window, background))


def test_a_heading_that_names_more_than_the_tip_s_first_sentence_is_of_more() -> None:
    untold = about("Wash what has held a plant before with hot water, because old bark can carry a rot of the roots.")
    assert "heading is of more" in points(Line("The clear pot", Kind.HEADING), untold)


def test_what_is_taken_somewhere_goes_nowhere_without_the_place() -> None:
    found = about("Take a pot with cracked sides to the potting bench or a shop that takes old plastic back.")
    assert "goes nowhere" in points(Line("Take a pot with cracked sides", Kind.ORDER), found)
    assert "goes nowhere" not in points(Line("Take a pot with cracked sides to the potting bench", Kind.ORDER), found)
    assert "goes nowhere" not in points(Line("A pot with cracked sides", Kind.OBJECT), found)


def test_what_is_mixed_goes_nowhere_without_what_it_is_mixed_with() -> None:
    found = about(
        "Mix two parts of coarse bark, such as pine or larch, with one part of moss. It drains well, and stays."
    )
    line = "Mix two parts of coarse bark"
    assert "goes nowhere" in points(Line(line, Kind.ORDER), found)
    assert "goes nowhere" not in points(Line(f"{line} with one part of moss", Kind.ORDER), found)


def test_a_doing_that_its_sentence_warns_of_is_no_title_by_itself() -> None:
    found = about("Standing the pot in a full saucer can rot the roots within a few days, so tip the water out.")
    assert "thing that harms" in points(Line("Standing the pot in a full saucer", Kind.SUBJECT), found)
    assert "thing that harms" not in points(Line("Standing the pot in a full saucer can rot it", Kind.STATEMENT), found)
    harmless = about("Standing the pot in a warm corner can bring out the next flowers within a few weeks.")
    assert "thing that harms" not in points(Line("Standing the pot in a warm corner", Kind.SUBJECT), harmless)


def test_a_label_that_was_taken_off_is_owed_to_the_reader() -> None:
    text = "Ponds. Lean a plank against one side, so that whatever falls in between the lilies can climb out by itself."
    found = about(text)
    assert found.window.text.startswith("Lean a plank")
    assert "label untold" in points(Line("Lean a plank against one side", Kind.ORDER), found)
    assert "label untold" not in points(Line("Ponds", Kind.SHORT_LABEL), found)


HALVES = [
    ("Roots of orchids take up light, but only where the pot is clear and the bark is loose.", True),
    ("Roots of orchids take up light, although not many people know that they do.", True),
    ("Roots of orchids take up light, but do not leave them in the midday sun.", False),
    ("Roots of orchids take up light, because they are green as leaves are under the bark.", False),
]


@pytest.mark.parametrize(("text", "by_half"), HALVES)
def test_a_statement_without_what_takes_it_back_is_told_by_half(text: str, *, by_half: bool) -> None:
    made = document(POT.format(text=f"{text} Water them once a week in winter, because roots rot in wet bark."))
    background = profile(made)
    window = next(w for w in document_windows(made, background) if w.text.startswith(text))
    found = About(window, background)
    assert ("told by half" in points(Line("Roots of orchids take up light", Kind.STATEMENT), found)) is by_half
    assert "told by half" not in points(Line("Roots of orchids", Kind.SUBJECT), found)


AFTERWARDS = (
    "# Dyeing wool at home\n\nDyeing wool is slow. Dyeing wool needs a large pot, and dyeing is best done outdoors.\n\n"
    "## {heading}\n\nKeep skeins out of the sun for three days, because light takes away the colour while it sets."
    "\n\n## Rinsing\n\nRinse dyed wool in water of its own warmth, since a sudden change makes the fibres felt.\n"
)


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Afterwards", "After dyeing wool: how long to keep skeins out of the sun"),
        ("The first week", "Dyeing wool, the first week: how long to keep skeins out of the sun"),
        ("Colour and light", "Dyeing wool: how long to keep skeins out of the sun"),
    ],
)
def test_what_holds_at_one_time_only_says_so_in_the_title(heading: str, title: str) -> None:
    assert title in [tip.title for tip in derive([document(AFTERWARDS.format(heading=heading))])]


def test_an_occasion_that_neither_text_nor_title_tells_costs() -> None:
    made = document(AFTERWARDS.format(heading="Afterwards"))
    background = profile(made)
    window = next(w for w in document_windows(made, background) if "skeins" in w.text)
    line = Line("Keep skeins out of the sun", Kind.ORDER)
    assert "occasion untold" in points(line, About(window, background))
    assert "occasion untold" not in points(
        Line(line.text, Kind.ORDER, lead="After dyeing wool"), About(window, background)
    )


def test_every_rule_is_shown_here_and_has_a_reason() -> None:
    assert {rule.name for rule in TITLE_RULES} == {name for name, _ in APPLIES} | {
        "case untold",
        "goes nowhere",
        "heading is of more",
        "heading of several",
        "label untold",
        "occasion untold",
        "thing that harms",
        "told by half",
    }
    assert all(rule.why.endswith(".") for rule in TITLE_RULES)


def test_the_page_on_derivation_names_every_rule_and_kind_with_its_points() -> None:
    page = (Path(__file__).parents[2] / "docs" / "derivation.md").read_text(encoding="utf-8")
    for rule in TITLE_RULES:
        assert f"| {rule.name} | {rule.weight:+.2f} | {rule.why} |" in page, rule.name
    for kind in Kind:
        assert f"| {kind.value} | {kind.points:.1f} | {kind.why} |" in page, kind.value


def test_the_best_line_is_the_title_and_says_what_the_text_leaves_out() -> None:
    (tip,) = [tip for tip in derive([document(POT.format(text=CLEAR))]) if tip.text == CLEAR]
    assert tip.title == "Repotting orchids: choosing a pot of clear plastic"


def test_a_tip_that_no_line_can_name_is_not_printed() -> None:
    riddle = "Yellow, soft and flat is how they come out after a week in there, while brown ones were too close to it."
    assert all("Yellow, soft" not in tip.text for tip in derive([document(POT.format(text=riddle))]))


def test_a_line_of_one_word_leaves_all_behind_it_to_the_text() -> None:
    """An order can be one word; it once stopped the derivation of a whole document."""
    assert points(Line("Choose", Kind.SHORT_ORDER), about())["curt"] < 0
    assert points(Line("Choosing", Kind.SHORT_DOING), about())["curt"] < 0


@pytest.mark.parametrize(
    ("line", "untold"),
    [
        ("Keep a saucer of water under it", True),
        ("For orchids on a sill, keep a saucer of water under it", False),
    ],
)
def test_the_case_that_opens_an_order_stays_in_its_title(line: str, *, untold: bool) -> None:
    text = "For orchids on a sill, keep a saucer of water under each pot and fill it up on every second day."
    assert ("case untold" in points(Line(line, Kind.ORDER), about(text))) is untold


def test_a_case_is_told_whole_in_a_title() -> None:
    text = "If a clear pot tips over in the wind, put a stone in it before you water the orchids again."
    half, whole = "What to do if a clear pot tips over", "What to do if a clear pot tips over in the wind"
    assert "case untold" in points(Line(half, Kind.WHAT_TO_DO), about(text))
    assert "case untold" not in points(Line(whole, Kind.WHAT_TO_DO), about(text))


@pytest.mark.parametrize(
    ("top", "when", "lead"),
    [("Marathon", "Afterwards", "After the marathon"), ("Flood", "After the flood", "After the flood")],
)
def test_an_occasion_is_told_in_the_document_s_own_words(top: str, when: str, lead: str) -> None:
    body = f"{top} news: rest well after the {top.lower()}. A {top.lower()} is hard on all who live through it."
    text = (
        f"# {top}\n\n{body}\n\n## {when}\n\nKeep dry socks and a warm coat at hand, because the nights can be cold.\n"
    )
    made = document(text, f"{top.lower()}.md")
    background = profile(made)
    window = next(w for w in document_windows(made, background) if w.text.startswith("Keep dry"))
    assert lead in set(About(window, background).leads())
