"""changed_number and added_number: amounts, units, limits and ranges.

Each row: the source, the text, the verdict, the source's words and the text's words that are shown, and the wording
that is proposed."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind, Verdict
from tests.derive.guard_findings import clean, shown

# Another value, unit, limit or range.
CHANGED_NUMBER = [
    (
        "Feed it 3 times a day.",
        "Feed it 4 times a day.",
        Verdict.BLOCK,
        "3 times a day",
        "4 times a day",
        "Feed it 3 times a day.",
    ),
    (
        "Cut the loaf into 12 slices.",
        "Cut the loaf into 20 slices.",
        Verdict.BLOCK,
        "12",
        "20",
        "Cut the loaf into 12 slices.",
    ),
    (
        "Charge it to 80%.",
        "Charge it to 60%.",
        Verdict.BLOCK,
        "80%",
        "60%",
        "Charge it to 80%.",
    ),
    (
        "Use SPF 30.",
        "Use SPF 15.",
        Verdict.BLOCK,
        "30",
        "15",
        "Use SPF 30.",
    ),
    (
        "The plank is 2 metres long.",
        "The plank is 2 feet long.",
        Verdict.BLOCK,
        "2 metres",
        "2 feet",
        "The plank is 2 metres long.",
    ),
    (
        "Water every 10 days.",
        "Water every 4 days.",
        Verdict.BLOCK,
        "every 10 days",
        "every 4 days",
        "Water every 10 days.",
    ),
    (
        "Hold the stretch for 20 to 30 seconds.",
        "Hold the stretch for 20 seconds.",
        Verdict.BLOCK,
        "20 to 30 seconds",
        "20 seconds",
        "Hold the stretch for 20 to 30 seconds.",
    ),
    (
        "Keep under 3 tabs open.",
        "Keep over 3 tabs open.",
        Verdict.BLOCK,
        "under 3",
        "over 3",
        "Keep under 3 tabs open.",
    ),
    (
        "Roast for an hour.",
        "Roast for two hours.",
        Verdict.BLOCK,
        "an hour",
        "two hours",
        "Roast for an hour.",
    ),
    (
        "A dozen eggs will do.",
        "Ten eggs will do.",
        Verdict.BLOCK,
        "A dozen",
        "Ten",
        "A dozen eggs will do.",
    ),
    (
        "Soak the chickpeas for 12 hours.",
        "Soak the chickpeas for 2 hours.",
        Verdict.BLOCK,
        "12 hours",
        "2 hours",
        "Soak the chickpeas for 12 hours.",
    ),
    (
        "Plant the bulbs 10 cm deep.",
        "Plant the bulbs 10 mm deep.",
        Verdict.BLOCK,
        "10 cm",
        "10 mm",
        "Plant the bulbs 10 cm deep.",
    ),
    (
        "Bake it at 200 °C.",
        "Bake it at 220 °C.",
        Verdict.BLOCK,
        "200 °C",
        "220 °C",
        "Bake it at 200 °C.",
    ),
    (
        "Brush the cat twice a week.",
        "Brush the cat twice a month.",
        Verdict.BLOCK,
        "twice a week",
        "twice a month",
        "Brush the cat twice a week.",
    ),
    (
        "Leave at least 3 days between runs.",
        "Leave at most 3 days between runs.",
        Verdict.BLOCK,
        "at least 3 days",
        "at most 3 days",
        "Leave at least 3 days between runs.",
    ),
    (
        "It uses up to 9 litres.",
        "It uses over 9 litres.",
        Verdict.BLOCK,
        "up to 9 litres",
        "over 9 litres",
        "It uses up to 9 litres.",
    ),
    (
        "Keep between 10 and 15 percent aside.",
        "Keep between 10 and 50 percent aside.",
        Verdict.BLOCK,
        "10 and 15 percent",
        "10 and 50 percent",
        "Keep between 10 and 15 percent aside.",
    ),
    (
        "The filter lasts three months.",
        "The filter lasts three years.",
        Verdict.BLOCK,
        "three months",
        "three years",
        "The filter lasts three months.",
    ),
    (
        "Take 1 tablet a day.",
        "Take 2 tablets a day.",
        Verdict.BLOCK,
        "1 tablet a day",
        "2 tablets a day",
        "Take 1 tablet a day.",
    ),
    (
        "The lamp costs £40.",
        "The lamp costs £14.",
        Verdict.BLOCK,
        "£40",
        "£14",
        "The lamp costs £40.",
    ),
    (
        "Store it below 5 °C.",
        "Store it above 5 °C.",
        Verdict.BLOCK,
        "below 5 °C",
        "above 5 °C",
        "Store it below 5 °C.",
    ),
    (
        "One in four readers forgets it.",
        "One in three readers forgets it.",
        Verdict.BLOCK,
        "One in four",
        "One in three",
        "One in four readers forgets it.",
    ),
    (
        "Half the sugar is enough.",
        "A third of the sugar is enough.",
        Verdict.BLOCK,
        "Half",
        "A third",
        "Half of the sugar is enough.",
    ),
    (
        "Change the oil every 5,000 km.",
        "Change the oil every 15,000 km.",
        Verdict.BLOCK,
        "5,000 km",
        "15,000 km",
        "Change the oil every 5,000 km.",
    ),
    (
        "Run two nights a week.",
        "Run three nights a week.",
        Verdict.BLOCK,
        "two nights a week",
        "three nights a week",
        "Run two nights a week.",
    ),
    (
        "Check it once an hour.",
        "Check it once a day.",
        Verdict.BLOCK,
        "once an hour",
        "once a day",
        "Check it once an hour.",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), CHANGED_NUMBER)
def test_another_number_is_flagged_with_both_amounts(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.CHANGED_NUMBER)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


# A number that the source does not have.
ADDED_NUMBER = [
    (
        "Hang the coat to dry.",
        "Hang the coat to dry for 3 hours.",
        Verdict.BLOCK,
        "",
        "3 hours",
        "",
    ),
    (
        "Mist the leaves.",
        "Mist the leaves 3 times a day.",
        Verdict.BLOCK,
        "",
        "3 times a day",
        "",
    ),
    (
        "Use sunscreen.",
        "Use SPF 50 sunscreen.",
        Verdict.BLOCK,
        "",
        "50",
        "",
    ),
    (
        "Salt the water.",
        "Add 10 g of salt to the water.",
        Verdict.BLOCK,
        "",
        "10 g",
        "",
    ),
    (
        "Most of the heat is lost upward.",
        "70% of the heat is lost upward.",
        Verdict.BLOCK,
        "",
        "70%",
        "",
    ),
    (
        "Rinse the lentils before cooking.",
        "Rinse the lentils twice before cooking.",
        Verdict.BLOCK,
        "",
        "twice",
        "",
    ),
    (
        "Walk the dog after lunch.",
        "Walk the dog for 40 minutes after lunch.",
        Verdict.BLOCK,
        "",
        "40 minutes",
        "",
    ),
    (
        "Knead the dough well.",
        "Knead the dough for 10 minutes.",
        Verdict.BLOCK,
        "",
        "10 minutes",
        "",
    ),
    (
        "The soap is mild.",
        "The soap is 30 percent milder.",
        Verdict.BLOCK,
        "",
        "30 percent",
        "",
    ),
    (
        "Screens off by nightfall.",
        "Screens off 2 hours before nightfall.",
        Verdict.BLOCK,
        "",
        "2 hours",
        "",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), ADDED_NUMBER)
def test_a_number_from_nowhere_is_flagged_and_has_no_other_wording(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.ADDED_NUMBER)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


# What the source says of some cases alone.
LOST_CONDITION = [
    (
        "Soak the chickpeas for 12 hours.",
        "Soak the chickpeas.",
        Verdict.WARN,
        "Soak the chickpeas for 12 hours",
        "Soak the chickpeas",
        "Soak the chickpeas for 12 hours.",
    ),
    (
        "Rest the dough for 20 minutes in the fridge.",
        "Rest the dough in the fridge.",
        Verdict.WARN,
        "Rest the dough for 20 minutes in the fridge",
        "Rest the dough in the fridge",
        "Rest the dough for 20 minutes in the fridge.",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), LOST_CONDITION)
def test_a_condition_that_is_gone_is_flagged_with_its_words(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.LOST_CONDITION)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


# An opposite, or two things exchanged.
SWAPPED_RELATION = [
    (
        "Set the alarm 15 minutes earlier and the kettle 5 minutes earlier.",
        "Set the alarm 5 minutes earlier and the kettle 15 minutes earlier.",
        Verdict.BLOCK,
        "Set the alarm 15 minutes earlier and the kettle 5 minutes earlier.",
        "Set the alarm 5 minutes earlier and the kettle 15 minutes earlier.",
        "Set the alarm 15 minutes earlier and the kettle 5 minutes earlier.",
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
        ("Charge it to 80%.", "Charge it to 80 per cent."),
        ("Feed it 3 times a day.", "Feed it three times daily."),
        ("Water every 10 days.", "Every ten days, water it."),
        ("Roast for an hour.", "Roast for 60 minutes."),
        ("A dozen eggs will do.", "12 eggs will do."),
        ("Hold the stretch for 20 to 30 seconds.", "Hold the stretch for 20–30 seconds."),
        ("Use a 5 mm gap.", "Use a 0.5 cm gap."),
        ("The plank is 2 metres long.", "The plank is 200 cm long."),
        ("Soak the chickpeas for 12 hours.", "Soak the chickpeas for twelve hours."),
        ("Plant the bulbs 10 cm deep.", "Plant the bulbs 100 mm deep."),
        ("Brush the cat twice a week.", "Brush the cat two times a week."),
        ("It takes 90 minutes.", "It takes an hour and a half."),
        ("Keep between 10 and 15 percent aside.", "Keep 10–15% aside."),
        ("The filter lasts three months.", "The filter lasts 12 weeks."),
        ("Add 500 g of flour.", "Add half a kilo of flour."),
        ("Store it below 5 °C.", "Store it under 41 °F."),
        ("The lamp costs £40.", "The lamp costs 40 pounds."),
        ("Half the sugar is enough.", "50% of the sugar is enough."),
        ("Wash your face morning and night.", "Wash your face twice a day."),
        ("Run two nights a week.", "Run twice a week."),
        ("Check it once an hour.", "Check it every hour."),
        ("Leave at least 3 days between runs.", "Leave 3 or more days between runs."),
        ("Change it every fortnight.", "Change it every two weeks."),
    ],
)
def test_the_same_amount_in_another_form_passes(source: str, text: str) -> None:
    assert clean(source, text)


def test_no_check_of_numbers_fires_on_an_untouched_text() -> None:
    for source, *_ in [*CHANGED_NUMBER, *ADDED_NUMBER, *LOST_CONDITION, *SWAPPED_RELATION]:
        assert not check(source, source).findings, source
