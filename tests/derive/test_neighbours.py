"""What the sentences around one say of it: that it is wrong, or which thing it means."""

import pytest

from pipeline.derive.breaking_off import first_words
from pipeline.derive.neighbours import spoken_of_before
from pipeline.derive.rules import Setting
from pipeline.derive.tips import derive
from pipeline.derive.tokens import read_sentence
from pipeline.documents.model import Span
from tests.derive.making import document

CANDLE = (
    "A candle in the window keeps moths away from woollen clothes for as long as it burns, and for some days after."
)


@pytest.mark.parametrize(
    "denial",
    [
        "That is what the packet says, and the moths have not read it.",
        "One hears it at the market, mostly on Saturdays.",
        "So one hears from those who sell them.",
        "So they say in the north, and so say the makers of candles.",
        "This is simply not true.",
        "Wrong: moths like the dark.",
        "It is not needed in a closed wardrobe.",
    ],
)
def test_what_the_next_sentence_takes_back_is_in_no_tip(denial: str) -> None:
    text = (
        f"{CANDLE} {denial} Brush woollen clothes in the sun twice a year, because brushing crushes the eggs of moths."
    )
    tips = derive([document(f"# Moths in the wardrobe\n\n## Candles\n\n{text}\n")])
    assert not any("A candle" in tip.text for tip in tips)
    assert any("Brush woollen clothes" in tip.text for tip in tips)


@pytest.mark.parametrize(
    "goes_on", ["That is true of lavender too.", "It burns for six hours.", "They dislike the smell."]
)
def test_what_the_next_sentence_bears_out_stays(goes_on: str) -> None:
    tips = derive([document(f"# Moths in the wardrobe\n\n## Candles\n\n{CANDLE} {goes_on}\n")])
    assert any("A candle" in tip.text for tip in tips)


def test_a_tip_does_not_open_with_the_one_thing_that_was_spoken_of_before_it() -> None:
    asked = read_sentence("Ask at the shop about a hanging trap if you have found holes.", Span(0, 0))
    shows = read_sentence("The trap shows whether moths are about.", Span(0, 0))
    assert spoken_of_before(shows, [asked], Setting(subject=frozenset({"moth"})))
    assert not spoken_of_before(shows, [], Setting(subject=frozenset({"moth"})))
    assert not spoken_of_before(shows, [asked], Setting(heading=frozenset({"trap"})))  # its heading says which
    sun = read_sentence("The sun crushes no eggs.", Span(0, 0))
    assert not spoken_of_before(sun, [asked], Setting())


@pytest.mark.parametrize(
    ("text", "longest", "line"),
    [
        (
            "Eczema that gets better on holiday and returns at home points to something at work.",
            50,
            "Eczema that gets better on holiday",
        ),
        ("On a journey of more than four hours, get up and walk about.", 45, ""),  # the case alone
        ("Wash and dry your feet, above all between the toes.", 34, "Wash and dry your feet"),
        ("Cover the pot unless it boils over again.", 20, ""),  # without its condition it says more
        ("Scratching harms skin.", 12, ""),
    ],
)
def test_the_first_words_of_a_sentence_end_where_nothing_is_left_half_said(text: str, longest: int, line: str) -> None:
    assert first_words(read_sentence(text, Span(0, 0)), longest) == line


BUTTER = "Butter takes the heat out of a burn within a few minutes and keeps the skin from blistering at all."
COOLING = "Cool a burn under running water for twenty minutes at least, as heat goes on into the skin."
LABELS = [
    *("Myth.", "Myth one.", "Common claim.", "Old wives' tale.", "Fiction.", "Myth:", "Myth 1:", "Claim:", "Fiction –"),
    *("Common myth:", "Misconception:", "Many people believe:", "Wrong:", "Not true:", "False:"),
]
FORMS = ["{}\n", "- {}\n- " + COOLING + "\n", "{}\n\nFact: " + COOLING + "\n", "{} That is why it helps.\n"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("label", LABELS)
def test_what_its_own_label_calls_a_myth_is_never_a_tip(label: str, form: str) -> None:
    made = document(f"# Burns\n\nBurns hurt.\n\n## Care\n\n{form.format(f'{label} {BUTTER}')}\n")
    assert [tip.text for tip in derive([made]) if "Butter" in tip.text] == []


@pytest.mark.parametrize("label", ["Fact:", "True:", "Do this:", "First aid.", "Cooling.", "Nonsense."])
def test_another_label_takes_nothing_from_what_follows(label: str) -> None:
    made = document(f"# Burns\n\nBurns hurt.\n\n## Care\n\n{label} {COOLING}\n")
    assert any("Cool a burn" in tip.text for tip in derive([made]))


NOT_TO_DO = ["What not to do", "Things to avoid", "Common mistakes", "Don'ts", "Never do this", "Bad ideas"]
WRONG_ACT = "Put butter on a burn straight away and cover it with a cloth until the evening of the same day."
RIGHT_ACTS = [
    "Don't put butter on a burn, because it keeps the heat in and feeds germs for several days afterwards.",
    COOLING,
]


@pytest.mark.parametrize("over", [*(f"## {each}\n\n" for each in NOT_TO_DO), "## Care\n\nNever do any of these:\n\n"])
def test_what_is_not_to_be_done_is_never_told_as_an_order(over: str) -> None:
    made = document(f"# Burns\n\nBurns hurt.\n\n{over}- {WRONG_ACT}\n- {RIGHT_ACTS[0]}\n")
    assert [tip.text for tip in derive([made])] == [RIGHT_ACTS[0]]


@pytest.mark.parametrize("over", ["## What to do\n\n", "## Do this first\n\n", "## Care\n\nDo this at once:\n\n"])
def test_a_list_of_what_to_do_is_told(over: str) -> None:
    made = document(f"# Burns\n\nBurns hurt.\n\n{over}- {COOLING}\n- {RIGHT_ACTS[0]}\n")
    assert {tip.text for tip in derive([made])} == {COOLING, RIGHT_ACTS[0]}
