"""conflict: two sources that say different things of one matter."""

import pytest

from pipeline.derive.guard import conflicts
from pipeline.derive.model import FindingKind, Verdict

# The two sources, what the message names, and the words shown of each.
DISAGREE = [
    ("Feed the carp twice a day.", "Feed the carp three times a day.", "different numbers"),
    ("Store garlic at 15 °C.", "Store garlic at 4 °C.", "'15 °C' and '4 °C'"),
    ("A deposit of 10 percent is usual.", "A deposit of 25 percent is usual.", "different numbers"),
    ("Rest the dough for 2 hours.", "Rest the dough for 20 minutes.", "'2 hours' and '20 minutes'"),
    ("Prune the vine in winter.", "Prune the vine in summer.", "disagree"),
    ("Wash wool in cold water.", "Wash wool in hot water.", "disagree"),
    ("Cover the pot while the rice rests.", "Never cover the pot while the rice rests.", "disagree"),
    ("Wax the board before sanding it.", "Wax the board after sanding it.", "disagree"),
    ("Wool is warmer than cotton.", "Cotton is warmer than wool.", "disagree"),
    ("Lasers are a non-invasive way to treat veins.", "Lasers are an invasive way to treat veins.", "invasive"),
]


@pytest.mark.parametrize(("a", "b", "said"), DISAGREE)
def test_sources_that_disagree_warn_with_both_their_words(a: str, b: str, said: str) -> None:
    finding = conflicts(a, b)
    assert finding is not None
    assert finding.kind is FindingKind.CONFLICT
    assert finding.verdict is Verdict.WARN
    assert said in finding.message
    assert finding.source_words
    assert finding.text_words
    assert finding.source_words in a
    assert finding.text_words in b


@pytest.mark.parametrize(("a", "b", "said"), DISAGREE)
def test_whichever_source_is_read_first_they_disagree(a: str, b: str, said: str) -> None:
    assert said
    assert conflicts(b, a) is not None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Feed the carp twice a day.", "Feed the hens three times a day."),
        ("Store garlic at 15 °C.", "Store garlic at 59 °F."),
        ("Wait up to 10 days between dressings.", "Wait 7 days between dressings."),
        ("Wait at least 5 days between dressings.", "Wait 7 days between dressings."),
        ("Brush the dog daily.", "Brush the dog every day."),
        ("Coffee may raise blood pressure.", "Coffee may not raise blood pressure."),
        ("Prune the vine in winter.", "Feed the rose in summer."),
        ("Wear gloves.", "Gloves are optional."),
        ("A deposit of about 10 percent is usual.", "A deposit of 10.5 percent is usual."),
        ("Rest the dough for 12 weeks.", "Rest the dough for three months."),
        ("Lasers are less costly than more invasive ways.", "Lasers are a non-invasive way."),
        ("Prune the vine in winter.", "Prune the vine in winter."),
        ("", "Prune the vine in winter."),
        ("Prune the vine in winter.", ""),
    ],
)
def test_sources_that_agree_or_speak_of_other_matter_do_not_conflict(a: str, b: str) -> None:
    assert conflicts(a, b) is None
