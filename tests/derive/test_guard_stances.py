"""What a sentence asks for, forbids, allows or spares the reader, and the contrary on the same things."""

import pytest

from pipeline.derive import guard_stances
from pipeline.derive.guard import check
from pipeline.derive.guard_pair import pair
from pipeline.derive.model import FindingKind, Verdict


@pytest.mark.parametrize(
    ("source", "text", "kind"),
    [
        (
            "There is no need to peel new potatoes before boiling them.",
            "Before boiling new potatoes, make sure to peel them.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "Avoid leaving wooden spoons in the sink overnight.",
            "You can leave your wooden spoons in the sink overnight.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "Wipe the fridge seals with warm soapy water every month.",
            "Don't bother to wipe the seals of your fridge with warm soapy water each month.",
            FindingKind.ADDED_NEGATION,
        ),
        (
            "Let the glue dry overnight in a warm room.",
            "You should never let the glue dry overnight in a warm room.",
            FindingKind.ADDED_NEGATION,
        ),
    ],
)
def test_the_contrary_on_the_same_things_is_flagged(source: str, text: str, kind: FindingKind) -> None:
    assert [found.kind for found in guard_stances.check(pair(source, text))] == [kind]
    report = check(source, text)
    assert report.verdict is Verdict.BLOCK
    assert kind in {found.kind for found in report.findings}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Do not wax the boards before sanding them.", "Sand the boards before you wax them."),
        ("Do not store apples next to carrots.", "Store apples and carrots apart."),
        ("A travel adapter does not change the voltage.", "Check the voltage of your travel adapter."),
        ("Never leave the iron on while you are out.", "Switch the iron off whenever you go out."),
        ("Don't forget to water the ferns in winter.", "Water your ferns in winter."),
        ("It is not necessary to peel carrots, but wash them well.", "Wash your carrots well."),
        ("Avoid hot water on wool; use lukewarm water.", "Use lukewarm water on wool."),
    ],
)
def test_what_asks_for_the_same_in_other_words_is_not(source: str, text: str) -> None:
    assert not list(guard_stances.check(pair(source, text)))
