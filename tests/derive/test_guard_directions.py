"""swapped_relation across other syntax: what is weighed, what causes what, what comes first, what is done which way."""

import pytest

from pipeline.derive.model import FindingKind
from tests.derive.guard_findings import clean, shown


@pytest.mark.parametrize(
    ("source", "text"),
    [
        # two things compared, in sentences of another build
        ("Rye bread stays moist longer than white bread.", "Buy white bread if it has to stay moist longer than rye."),
        (
            "Heavy riders need a firmer mattress than people who weigh little.",
            "If you weigh little, you need a firmer mattress than somebody who is a heavy rider.",
        ),
        # cause and effect
        ("Hard water can cause dry skin.", "Dry skin can lead to hard water."),
        ("A blocked gutter often results in damp walls.", "A blocked gutter often comes from damp walls."),
        # steps, by whatever word sets their order
        ("The gel goes on first and the oil goes on last.", "Start with the oil and finish with the gel."),
        (
            "Ice the cake before you slice it? It is better the other way round: slice first, ice last.",
            "Ice first and slice the cake last.",
        ),
        ("Trim the edges before you cut out the lining.", "Cut out the lining before you trim the edges."),
        ("Pay the deposit ahead of the viewing.", "Pay the deposit after the viewing."),
        ("Sow the peas first and plant the leeks when the soil is warm.", "Get the leeks planted, then sow the peas."),
        ("Varnish goes on after the stain.", "Varnish first, stain on top."),
        ("Turn off the tap, then open the trap.", "Open the trap and turn off the tap afterwards."),
        # a comparison that leaves out what it compares with
        ("Silk frays more than jersey does.", "If you hate fraying, wear silk: jersey frays more."),
        ("White grout shows mould sooner than grey grout.", "Grey grout is the kind that shows mould sooner."),
        # one taken in the other's place
        (
            "Swap sugar for honey when you bake for a toddler's party.",
            "When you bake for a toddler's party, take sugar in place of honey.",
        ),
        # two opposites and what belongs to each
        (
            "A west-facing wall suits figs, an east-facing one pears.",
            "Give pears the west-facing wall and figs the east-facing one.",
        ),
        ("Wool rugs hold more dust than jute rugs.", "Want a rug that holds more dust? Jute beats wool."),
        ("Yellow peppers contain more sugar than green peppers.", "More sugar? Pick a green pepper over a yellow one."),
        (
            "It is cheaper to repair a kettle than to buy a new one.",
            "Buying a new kettle costs you less than repairing.",
        ),
        ("Poor light can be the reason for pale leaves.", "Pale leaves can be the reason your light is poor."),
        (
            "Check the fuse with a tester before you ring the electrician.",
            "Ring the electrician first; if he can't come, check the fuse with a tester.",
        ),
        # a reason and what it explains
        (
            "Check the screws again after a week, because fresh wood shrinks.",
            "Fresh wood shrinks because the screws have been checked again after a week.",
        ),
        # what is done with it and what against it
        (
            "Brush the coat with the lie of the fur; brushing against it pulls.",
            "Brush the coat against the lie of the fur; brushing with it pulls.",
        ),
        (
            "Plane in the direction of the grain, and sand against it.",
            "Plane against the direction of the grain, and sand with it.",
        ),
    ],
)
def test_two_sides_exchanged_are_named_whatever_sentence_tells_them(source: str, text: str) -> None:
    shown(source, text, FindingKind.SWAPPED_RELATION)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "Rye bread stays moist longer than white bread.",
            "Choose rye bread if it should stay moist longer than white.",
        ),
        ("Clay pots dry out faster than plastic pots.", "Plastic pots dry out more slowly than clay pots."),
        ("Hard water can cause dry skin.", "Dry skin can come from hard water."),
        (
            "Many cooks dislike frozen herbs because they can cause mush.",
            "Frozen herbs can cause mush, so many cooks dislike them.",
        ),
        ("The gel goes on first and the oil goes on last.", "Start with the gel and finish with the oil."),
        ("Plane in the direction of the grain, and sand against it.", "Sand against the grain and plane with it."),
        (
            "Naps longer than thirty minutes can leave you dazed.",
            "Keep naps to 30 minutes: longer ones can leave you dazed.",
        ),
        (
            "White grout shows mould sooner than grey grout.",
            "Choose grey grout if you fear mould: white shows it sooner.",
        ),
        ("Swap sugar for honey.", "Use honey instead of sugar."),
        (
            "A west-facing wall suits figs, an east-facing one pears.",
            "Give figs the west-facing wall and pears the east-facing one.",
        ),
        (
            "Large parrots eat more but need fewer toys than small ones.",
            "Small parrots eat less than large ones but need more toys.",
        ),
        ("Scratches are often the result of a worn cloth.", "A worn cloth is often the reason for scratches."),
        ("Sign in first, and then take a seat.", "Sign in before you take a seat."),
    ],
)
def test_the_same_sides_in_another_sentence_agree(source: str, text: str) -> None:
    assert clean(source, text)


def test_a_hedge_of_the_next_clause_does_not_stand_in_for_one_that_is_gone() -> None:
    shown(
        "A steam bath can loosen a cold, and it usually helps within the hour.",
        "A steam bath loosens a cold, and it usually helps within the hour.",
        FindingKind.DROPPED_HEDGE,
    )
    shown(
        "A roof box can raise fuel use by a few per cent.",
        "A roof box raises fuel use by a few per cent.",
        FindingKind.DROPPED_HEDGE,
    )


def test_a_promise_that_the_source_takes_back_stands_behind_none() -> None:
    shown(
        "Tea has been linked with fewer colds, but this does not prove that it prevents them.",
        "Tea prevents colds.",
        FindingKind.STRONG_CLAIM,
    )
    shown("The cream suits most people.", "The cream suits everyone.", FindingKind.STRONG_CLAIM)
