"""Steps that changed places, whatever word sets their order, and words exchanged between parallel parts."""

import pytest

from pipeline.derive.model import FindingKind
from tests.derive.guard_findings import clean, shown


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Sand the boards before you wax them.", "Wax the boards before you sand them."),
        ("Sand the boards before you wax them.", "Wax the boards, then sand them."),
        ("Sand the boards before you wax them.", "Once you wax the boards, sand them."),
        ("Put the filler on first and the varnish a day later.", "Put the varnish on first, then the filler."),
        ("Fry the onions, followed by the peppers.", "Fry the peppers, followed by the onions."),
        ("Level the floor before you tile the wall, not after.", "Level the floor after you tile the wall."),
        (
            "Wax the skis before you travel to the slopes, and dry them after you get home.",
            "Dry the skis before you travel to the slopes, and wax them after you get home.",
        ),
    ],
)
def test_two_steps_that_changed_places_are_named(source: str, text: str) -> None:
    shown(source, text, FindingKind.SWAPPED_RELATION)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Sand the boards before you wax them.", "Sand the boards, then wax them."),
        ("Sand the boards before you wax them.", "Before you wax the boards, sand them."),
        ("Sand the boards before you wax them.", "Wax the boards after you sand them."),
        ("Do not wax the boards before sanding them.", "Sand the boards before waxing them."),
        ("The dough rests overnight, after which it is rolled out.", "Rest the dough overnight, then roll it out."),
        ("The filler goes on first and the varnish later.", "Put the filler on first, then the varnish."),
    ],
)
def test_one_order_may_be_told_by_another_word(source: str, text: str) -> None:
    assert clean(source, text)


def test_words_exchanged_between_parallel_parts_are_named() -> None:
    shown(
        "Paper goes into the blue crate, glass into the green crate.",
        "Put glass in the blue crate and paper in the green crate.",
        FindingKind.SWAPPED_RELATION,
    )


def test_parallel_parts_may_be_told_in_the_other_order() -> None:
    assert clean(
        "Paper goes into the blue crate, glass into the green crate.",
        "Put glass in the green crate and paper in the blue crate.",
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hot air dries the clay more than cold air does.", "Cold air dries the clay less than hot air does."),
        ("Letters sent by tram cost more than those sent by bus.", "Letters sent by bus cost less than by tram."),
        ("A canoe is quicker than a raft on calm water.", "On calm water, a raft is slower than a canoe."),
        ("Scrub the slate while it is wet.", "Scrub the slate before it dries."),
    ],
)
def test_a_comparison_may_be_told_from_its_other_side(source: str, text: str) -> None:
    assert clean(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hot air dries the clay more than cold air does.", "Hot air dries the clay less than cold air does."),
        (
            "A raft is cheaper than two canoes once you count the oars.",
            "Two canoes are cheaper than a raft once you count the oars.",
        ),
        ("Slate tiles are heavier than cork tiles and last longer.", "Choose cork: it is heavier than slate tiles."),
        (
            "Many moths fly better on a night that is slightly cool.",
            "Many moths fly better on a slightly warm evening.",
        ),
        ("To avoid knots, wind two reels of thin yarn.", "Wind two reels of thick yarn to avoid knots."),
        ("Leave the hatch on while the glue sets.", "Take the hatch off while the glue sets."),
    ],
)
def test_a_comparison_with_its_sides_exchanged_and_a_state_turned_off_are_named(source: str, text: str) -> None:
    shown(source, text, FindingKind.SWAPPED_RELATION)
