"""swapped_relation: opposites, and what stands on either side.

Each row: the source, the text, the verdict, the source's words and the text's words that are shown, and the wording
that is proposed."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind, Verdict
from tests.derive.guard_findings import clean, shown

# An opposite, or two things exchanged.
SWAPPED_RELATION = [
    (
        "Prime the wall before painting it.",
        "Prime the wall after painting it.",
        Verdict.BLOCK,
        "Prime the wall before painting it",
        "Prime the wall after painting it",
        "Prime the wall before painting it.",
    ),
    (
        "Copper conducts better than steel.",
        "Steel conducts better than copper.",
        Verdict.BLOCK,
        "Copper conducts better than steel.",
        "Steel conducts better than copper.",
        "Copper conducts better than steel.",
    ),
    (
        "Damp causes mould.",
        "Mould causes damp.",
        Verdict.BLOCK,
        "Damp causes mould.",
        "Mould causes damp.",
        "Damp causes mould.",
    ),
    (
        "Use a wet cloth first and a dry cloth last.",
        "Use a dry cloth first and a wet cloth last.",
        Verdict.BLOCK,
        "Use a wet cloth first and a dry cloth last.",
        "Use a dry cloth first and a wet cloth last.",
        "Use a wet cloth first and a dry cloth last.",
    ),
    (
        "Lower the flame.",
        "Raise the flame.",
        Verdict.BLOCK,
        "Lower the flame",
        "Raise the flame",
        "Lower the flame.",
    ),
    (
        "Choose butter rather than lard.",
        "Choose lard rather than butter.",
        Verdict.BLOCK,
        "Choose butter rather than lard.",
        "Choose lard rather than butter.",
        "Choose butter rather than lard.",
    ),
    (
        "A shallow bowl dries faster.",
        "A deep bowl dries faster.",
        Verdict.BLOCK,
        "A shallow bowl dries faster",
        "A deep bowl dries faster",
        "A shallow bowl dries faster.",
    ),
    (
        "Salt speeds rust.",
        "Salt slows rust.",
        Verdict.BLOCK,
        "Salt speeds rust",
        "Salt slows rust",
        "Salt speeds rust.",
    ),
    (
        "Ask for cash, not a voucher.",
        "Ask for a voucher, not cash.",
        Verdict.BLOCK,
        "Ask for cash, not a voucher.",
        "Ask for a voucher, not cash.",
        "Ask for cash, not a voucher.",
    ),
    (
        "Check the left shoe.",
        "Check the right shoe.",
        Verdict.BLOCK,
        "Check the left shoe",
        "Check the right shoe",
        "Check the left shoe.",
    ),
    (
        "Wax the board before sanding it.",
        "Wax the board after sanding it.",
        Verdict.BLOCK,
        "Wax the board before sanding it",
        "Wax the board after sanding it",
        "Wax the board before sanding it.",
    ),
    (
        "Glue the hinge, then paint it.",
        "Paint the hinge, then glue the hinge.",
        Verdict.BLOCK,
        "Glue the hinge, then paint it.",
        "Paint the hinge, then glue the hinge.",
        "Glue the hinge, then paint it.",
    ),
    (
        "Wool is warmer than cotton.",
        "Cotton is warmer than wool.",
        Verdict.BLOCK,
        "Wool is warmer than cotton.",
        "Cotton is warmer than wool.",
        "Wool is warmer than cotton.",
    ),
    (
        "Noise raises stress.",
        "Noise lowers stress.",
        Verdict.BLOCK,
        "Noise raises stress",
        "Noise lowers stress",
        "Noise raises stress.",
    ),
    (
        "Soak it in hot oil.",
        "Soak it in cold oil.",
        Verdict.BLOCK,
        "Soak it in hot oil",
        "Soak it in cold oil",
        "Soak it in hot oil.",
    ),
    (
        "Heat widens the gap.",
        "Heat narrows the gap.",
        Verdict.BLOCK,
        "Heat widens the gap",
        "Heat narrows the gap",
        "Heat widens the gap.",
    ),
    (
        "Use the left valve in the morning.",
        "Use the left valve in the evening.",
        Verdict.BLOCK,
        "Use the left valve in the morning",
        "Use the left valve in the evening",
        "Use the left valve in the morning.",
    ),
    (
        "Thirst causes headaches.",
        "Headaches cause thirst.",
        Verdict.BLOCK,
        "Thirst causes headaches.",
        "Headaches cause thirst.",
        "Thirst causes headaches.",
    ),
    (
        "More light means fewer slugs.",
        "Less light means fewer slugs.",
        Verdict.BLOCK,
        "More light means fewer slugs",
        "Less light means fewer slugs",
        "More light means fewer slugs.",
    ),
    (
        "Sow the peas outdoors.",
        "Sow the peas indoors.",
        Verdict.BLOCK,
        "Sow the peas outdoors",
        "Sow the peas indoors",
        "Sow the peas outdoors.",
    ),
    (
        "Open the vent.",
        "Close the vent.",
        Verdict.BLOCK,
        "Open the vent",
        "Close the vent",
        "Open the vent.",
    ),
    (
        "Tighten the upper bolt.",
        "Loosen the upper bolt.",
        Verdict.BLOCK,
        "Tighten the upper bolt",
        "Loosen the upper bolt",
        "Tighten the upper bolt.",
    ),
    (
        "Slow breathing calms the heart.",
        "Fast breathing calms the heart.",
        Verdict.BLOCK,
        "Slow breathing calms the heart",
        "Fast breathing calms the heart",
        "Slow breathing calms the heart.",
    ),
    (
        "Put the heavy bag at the bottom.",
        "Put the heavy bag at the top.",
        Verdict.BLOCK,
        "Put the heavy bag at the bottom",
        "Put the heavy bag at the top",
        "Put the heavy bag at the bottom.",
    ),
    (
        "Eat the pasta with the sauce above it.",
        "Eat the pasta with the sauce below it.",
        Verdict.BLOCK,
        "Eat the pasta with the sauce above it",
        "Eat the pasta with the sauce below it",
        "Eat the pasta with the sauce above it.",
    ),
    (
        "The paint is water-soluble.",
        "The paint is water-insoluble.",
        Verdict.BLOCK,
        "The paint is water-soluble",
        "The paint is water-insoluble",
        "The paint is water-soluble.",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), SWAPPED_RELATION)
def test_sides_that_changed_are_flagged_and_the_source_is_proposed(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.SWAPPED_RELATION)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Prime the wall before painting it.", "Paint the wall after priming it."),
        ("Choose butter rather than lard.", "Rather than lard, choose butter."),
        ("Damp causes mould.", "Mould is caused by damp."),
        ("Lower the flame.", "Turn the flame down."),
        ("Wax the board before sanding it.", "Sand the board after waxing it."),
        ("Glue the hinge, then paint it.", "Paint the hinge after gluing it."),
        ("Noise raises stress.", "Stress is raised by noise."),
        ("Thirst causes headaches.", "Headaches are caused by thirst."),
        ("Carry salt and pepper.", "Carry pepper and salt."),
    ],
)
def test_the_same_relation_from_the_other_side_passes(source: str, text: str) -> None:
    assert clean(source, text)


def test_no_check_of_relations_fires_on_an_untouched_text() -> None:
    for source, *_ in [*SWAPPED_RELATION]:
        assert not check(source, source).findings, source
