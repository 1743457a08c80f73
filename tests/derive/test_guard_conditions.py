"""lost_condition: what holds for some cases must not be said of all.

Each row: the source, the text, the verdict, the source's words and the text's words that are shown, and the wording
that is proposed."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind, Verdict
from tests.derive.guard_findings import clean, shown

# What the source says of some cases alone.
LOST_CONDITION = [
    (
        "If you have a latex allergy, wear nitrile gloves.",
        "Wear nitrile gloves.",
        Verdict.WARN,
        "If you have a latex allergy",
        "Wear nitrile gloves",
        "If you have a latex allergy, wear nitrile gloves.",
    ),
    (
        "Wash it at 60 degrees unless the label says otherwise.",
        "Wash it at 60 degrees.",
        Verdict.WARN,
        "unless the label says otherwise",
        "Wash it at 60 degrees",
        "Wash it at 60 degrees unless the label says otherwise.",
    ),
    (
        "When the light turns red, change the filter.",
        "Change the filter.",
        Verdict.WARN,
        "When the light turns red",
        "Change the filter",
        "When the light turns red, change the filter.",
    ),
    (
        "While the glue is wet, wipe the rim.",
        "Wipe the rim.",
        Verdict.WARN,
        "While the glue is wet",
        "Wipe the rim",
        "While the glue is wet, wipe the rim.",
    ),
    (
        "Unsalted butter suits shortbread.",
        "Butter suits shortbread.",
        Verdict.WARN,
        "Unsalted",
        "Butter suits shortbread",
        "Unsalted butter suits shortbread.",
    ),
    (
        "Riders under 12 should wear a vest.",
        "Riders should wear a vest.",
        Verdict.WARN,
        "Riders under 12 should wear a vest",
        "Riders should wear a vest",
        "Riders under 12 should wear a vest.",
    ),
    (
        "Only trained staff may open the case.",
        "Staff may open the case.",
        Verdict.WARN,
        "Only",
        "Staff may open the case",
        "Only trained staff may open the case.",
    ),
    (
        "Mulch keeps roots cool. But it can hide slugs.",
        "Mulch keeps roots cool.",
        Verdict.WARN,
        "But it can hide slugs.",
        "Mulch keeps roots cool.",
        "Mulch keeps roots cool. But it can hide slugs.",
    ),
    (
        "After the last frost, plant out the beans.",
        "Plant out the beans.",
        Verdict.WARN,
        "After the last frost",
        "Plant out the beans",
        "After the last frost, plant out the beans.",
    ),
    (
        "If frost threatens, cover the figs.",
        "Cover the figs.",
        Verdict.WARN,
        "If frost threatens",
        "Cover the figs",
        "If frost threatens, cover the figs.",
    ),
    (
        "Unless it is raining, air the tent.",
        "Air the tent.",
        Verdict.WARN,
        "Unless it is raining",
        "Air the tent",
        "Unless it is raining, air the tent.",
    ),
    (
        "Water the moss until it is soaked.",
        "Water the moss.",
        Verdict.WARN,
        "until it is soaked",
        "Water the moss",
        "Water the moss until it is soaked.",
    ),
    (
        "As long as the seal holds, the jar keeps for years.",
        "The jar keeps for years.",
        Verdict.WARN,
        "As long as the seal holds",
        "The jar keeps for years",
        "As long as the seal holds, the jar keeps for years.",
    ),
    (
        "For people with gout, cherries are a good snack.",
        "Cherries are a good snack.",
        Verdict.WARN,
        "For people with gout",
        "Cherries are a good snack",
        "For people with gout, cherries are a good snack.",
    ),
    (
        "Diluted vinegar cleans glass.",
        "Vinegar cleans glass.",
        Verdict.WARN,
        "Diluted",
        "Vinegar cleans glass",
        "Diluted vinegar cleans glass.",
    ),
    (
        "Use the sander only outdoors.",
        "Use the sander.",
        Verdict.WARN,
        "only outdoors",
        "Use the sander",
        "Use the sander only outdoors.",
    ),
    (
        "Puppies under six months should not run far.",
        "Puppies should not run far.",
        Verdict.WARN,
        "Puppies under six months should not run far",
        "Puppies should not run far",
        "Puppies under six months should not run far.",
    ),
    (
        "Low-dose aspirin thins the blood.",
        "Aspirin thins the blood.",
        Verdict.WARN,
        "Low-dose",
        "Aspirin thins the blood",
        "Low-dose aspirin thins the blood.",
    ),
    (
        "Call the bank if the card is lost.",
        "Call the bank.",
        Verdict.WARN,
        "if the card is lost",
        "Call the bank",
        "Call the bank if the card is lost.",
    ),
    (
        "Drink it once it has cooled.",
        "Drink it.",
        Verdict.WARN,
        "once it has cooled",
        "Drink it",
        "Drink it once it has cooled.",
    ),
    (
        "Swap the filter provided that it is dry.",
        "Swap the filter.",
        Verdict.WARN,
        "provided that it is dry",
        "Swap the filter",
        "Swap the filter provided that it is dry.",
    ),
    (
        "Those who are allergic should avoid retinol.",
        "Avoid retinol.",
        Verdict.WARN,
        "Those who are allergic",
        "Avoid retinol",
        "Those who are allergic should avoid retinol.",
    ),
    (
        "Except in winter, feed the carp daily.",
        "Feed the carp daily.",
        Verdict.WARN,
        "Except in winter",
        "Feed the carp daily",
        "Except in winter, feed the carp daily.",
    ),
    (
        "Cedar repels moths. However, it fades within a year.",
        "Cedar repels moths.",
        Verdict.WARN,
        "However, it fades within a year.",
        "Cedar repels moths.",
        "Cedar repels moths. However, it fades within a year.",
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


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "Wash it at 60 degrees unless the label says otherwise.",
            "Unless the label says otherwise, wash it at 60 degrees.",
        ),
        ("When the light turns red, change the filter.", "Change the filter once the light turns red."),
        (
            "If you have a latex allergy, wear nitrile gloves.",
            "People with a latex allergy should wear nitrile gloves.",
        ),
        ("In heavy soils, add grit to the hole.", "Add grit to the hole in heavy soils."),
        ("If frost threatens, cover the figs.", "Cover the figs if frost threatens."),
        ("If frost threatens, cover the figs.", "When frost threatens, cover the figs."),
        ("Unless it is raining, air the tent.", "Air the tent if it is not raining."),
        ("For people with gout, cherries are a good snack.", "If you have gout, cherries are a good snack."),
        ("Drink it once it has cooled.", "Let it cool before you drink it."),
        ("Use the sander only outdoors.", "The sander is for outdoors only."),
    ],
)
def test_a_condition_told_in_another_place_or_in_other_words_passes(source: str, text: str) -> None:
    assert clean(source, text)


def test_no_check_of_conditions_fires_on_an_untouched_text() -> None:
    for source, *_ in [*LOST_CONDITION]:
        assert not check(source, source).findings, source


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Anyone who keeps terrapins should wash their hands.", "If you keep turtles, wash your hands."),
        ("Plant beans out once the danger of frost has passed.", "Plant beans out after the last frost."),
        ("Stake it for two years, after which the stake is taken out.", "Stake it for two years, then take it out."),
        ("Only switch it on once the glue is dry.", "Wait until the glue is dry before you switch it on."),
        ("Notify them 48 hours in advance.", "Notify them two days ahead."),
        ("Only use the short wash for shirts.", "Keep the short wash for shirts."),
        ("Label the jars in shared kitchens.", "Label the jars in a shared kitchen."),
    ],
)
def test_a_condition_in_another_form_is_kept(source: str, text: str) -> None:
    assert [f for f in check(source, text).findings if f.kind is FindingKind.LOST_CONDITION] == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "If the leaves of your fern turn yellow, water it less until the soil is dry.",
            "Water your fern less until the soil is dry.",
        ),
        ("If the peg is sticking out, pull it with pliers at an angle.", "Pull a peg with pliers at an angle."),
        ("Clean suede with a brush unless it's oily, in which case chalk works better.", "Clean suede with a brush."),
        ("Rye flour is worth buying if you bake bread; for cakes, wheat will do.", "Rye flour is worth buying."),
        ("Sealed and kept cool, the paste lasts for months.", "The paste lasts for months."),
        ("Should the fern wilt, water it from below.", "Water the fern from below."),
        ("On condition that it is potted, the fig may stay out.", "The fig may stay out."),
        ("Between May and July, the upper path is closed.", "The upper path is closed."),
        ("You may drive the next day, provided you feel well.", "You may drive the next day."),
        ("Use vinegar on limescale, but never on marble.", "Use vinegar on limescale."),
    ],
)
def test_a_condition_whose_subject_alone_went_over_is_named(source: str, text: str) -> None:
    assert shown(source, text, FindingKind.LOST_CONDITION)
