"""A list of steps: a window over several of its items holds each of them whole."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive import gates, scores  # noqa: F401 - importing them registers their rules
from pipeline.derive.passages import passages
from pipeline.derive.profile import profile
from pipeline.derive.windows import windows
from tests.derive.making import document

STEPS = [
    "Press the jumper under until it stops bubbling, and leave it for twenty minutes.",
    "Lift it out with both hands.",
    "A wet jumper that is held by its shoulders can stretch by several centimetres.",
    "Roll it in a towel and kneel on the roll; do not wring.",
    "Lay it flat on foam mats and ease it to the measurements of the pattern.",
    "Leave it until it is bone dry, which takes one to three days in a cool room.",
    "Wool felts in hot water.",
    "Never hang a jumper up while it is wet, because its weight pulls the stitches open.",
]
ITEMS = st.lists(st.lists(st.sampled_from(STEPS), min_size=1, max_size=3), min_size=2, max_size=5)


@given(items=ITEMS)
def test_no_window_over_several_items_holds_a_part_of_one(items: list[list[str]]) -> None:
    made = document("# Washing a jumper\n\n" + "\n".join(f"- {' '.join(item)}" for item in items) + "\n")
    for passage in passages(made, profile(made)):
        pieces = passage.pieces
        for window in windows(made, passage):
            held = pieces[window.first : window.last + 1]
            if len({piece.item for piece in held}) > 1:
                whole = [piece for piece in pieces if piece.item in {each.item for each in held}]
                assert [piece.span for piece in held] == [piece.span for piece in whole]
