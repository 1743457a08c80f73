"""Each score: what raises it, and what looks alike and does not."""

import pytest

from pipeline.derive import gates, scores  # noqa: F401 - importing them registers their rules
from pipeline.derive.rules import SCORES, Draft, Joint, Scope, Setting, points, refusal, window_points
from tests.derive.making import sentence


def scored(text: str, setting: Setting | None = None) -> dict[str, float]:
    return points(sentence(text), setting or Setting())


RAISES = [
    ("order", "Rinse the brush under the tap."),
    ("order", "If the hairs stick, rinse the brush again."),
    ("order", "Gently comb the hairs."),
    ("order", "The hairs bend easily, so hang the brush up."),
    ("order", "One rule helps: dry the brush flat."),
    ("order", "Do not soak the handle."),
    ("prohibition", "Never soak the handle."),
    ("prohibition", "Avoid hot water."),
    ("prohibition", "Don't stand a brush on its hairs."),
    ("advice", "You should dry brushes flat."),
    ("advice", "It is best to dry brushes flat."),
    ("advice", "Brushes need to be dried flat."),
    ("condition", "Rinse the brush if the hairs stick."),
    ("condition", "Brushes last unless the glue dissolves."),
    ("time", "Brushes dry overnight."),
    ("time", "Wash brushes every week."),
    ("time", "Soak the hairs for half an hour."),
    ("safety", "Thinner may irritate the eyes."),
    ("reason", "Dry brushes flat because the glue softens."),
    ("reason", "Dry brushes flat so that the glue holds."),
    ("balance", "Water is enough, whereas oil paint needs soap."),
    ("such as", "Stiff hairs, such as hog, wear well."),
    ("effect", "Vinegar softens dried paint."),
    ("effect", "Oil protects the wood."),
    ("number", "Use 5 ml of soap."),
    ("number", "Use two bowls of water."),
    ("series", "Soap, water, and a comb are enough."),
    ("selling words", "A luxurious brush feels radiant."),
    ("ask a professional", "Talk to your doctor about solvents."),
    ("big promise", "Good soap ensures long life."),
    ("study", "Tests by two painters show that hog hair wears well."),
    ("on top", "Soap can be used too."),
    ("on top", "Badger hair can be used as well."),
    ("on top", "Give the brush two weeks of rest instead."),
]

RAISES_NOT = [
    ("order", "Brushes are rinsed under the tap."),
    ("order", "Water use in summer is high."),
    ("order", "Sleep needs change with age."),
    ("prohibition", "Rinse the brush under the tap."),
    ("prohibition", "The handle never needs soap."),
    ("advice", "Brushes dry flat."),
    ("time", "Brushes dry flat on a shelf."),
    ("safety", "Thinner smells of pine."),
    ("reason", "Brushes dry flat on a shelf."),
    ("such as", "A brush such people like is soft."),
    ("number", "Use soap and a bowl."),
    ("series", "Soap and water are enough."),
    ("series", "Soap, water are enough, they say."),
    ("ask a professional", "Ask for a soft brush."),
    ("big promise", "Good soap lasts long."),
    ("abstract words", "One approach is soap."),
    ("on top", "Water that is too hot softens the glue."),
    ("on top", "Brushes hang well on hooks."),
    ("on top", "Use soap instead of spirit."),
    ("condition", "Rinse the brush under the tap."),
    ("effect", "A brush stands in the jar."),
    ("balance", "Water is enough for gouache."),
]


@pytest.mark.parametrize(("name", "text"), RAISES)
def test_it_fires(name: str, text: str) -> None:
    assert name in scored(text)


@pytest.mark.parametrize(("name", "text"), RAISES_NOT)
def test_it_does_not_fire(name: str, text: str) -> None:
    assert name not in scored(text)


def test_faults_cost_and_merits_earn() -> None:
    faults = {
        "selling words",
        "ask a professional",
        "abstract words",
        "big promise",
        "conclusion",
        "introduction",
        "study",
        "on top",
    }
    assert {rule.name for rule in SCORES if rule.weight < 0} == faults


def test_a_number_with_its_unit_is_worth_more_than_one_alone_and_a_word_least() -> None:
    unit, alone, word = (
        scored(f"Use {what}.")["number"] for what in ("5 ml of soap", "5 bowls of soap", "five bowls of soap")
    )
    assert unit > alone > word > 0


def test_a_second_abstract_word_is_the_first_that_costs() -> None:
    assert "abstract words" not in scored("This approach uses soap.")
    one = scored("An effective approach uses soap.")["abstract words"]
    two = scored("An effective overall approach to various aspects uses soap.")["abstract words"]
    assert two < one < 0


def test_abstract_and_selling_words_cost_no_more_than_a_limit() -> None:
    many = "effective overall various aspects approach factors " * 3
    assert scored(f"An {many}uses soap.")["abstract words"] >= -0.3 * 5
    assert scored("luxurious radiant " * 9 + "soap is sold.")["selling words"] >= -0.7 * 4


@pytest.mark.parametrize(
    ("text", "is_fact"),
    [
        ("Hungry larvae feed on wool, silk, fur and feathers.", True),
        ("Traces of sweat in wool attract hungry larvae.", True),
        ("Larvae have a unique role in various processes.", False),
        ("They feed on wool, silk, fur and feathers.", False),
        ("There are larvae in wool, silk, fur and feathers.", False),
        ("Cotton is left alone by most insects in the house.", False),
        ("Larvae live.", False),
        ("Vacuum larvae out of the cracks between the boards.", False),
    ],
)
def test_a_fact_is_told_of_the_subject_in_plain_words(text: str, is_fact: bool) -> None:
    setting = Setting(subject=frozenset({"larva", "larvae", "wool"}))
    assert ("fact" in scored(text, setting)) == is_fact


def test_a_fact_with_its_effect_is_worth_more_in_an_introduction_than_a_scene() -> None:
    setting = Setting(subject=frozenset({"larvae", "wool"}), is_opening=True)
    fact = scored("Larvae ruin wool, silk and fur because they eat keratin.", setting)["introduction"]
    scene = scored("Larvae and wool have a long history in old houses.", setting)["introduction"]
    assert scene < fact < 0


def test_a_share_is_a_number_with_its_unit() -> None:
    assert scored("Use 5 % soap.")["number"] == scored("Use 5 ml of soap.")["number"]


def test_asking_a_professional_costs_less_where_it_says_when() -> None:
    bare = scored("Talk to your doctor about solvents.")["ask a professional"]
    when = scored("See a doctor if the rash lasts longer than a week.")["ask a professional"]
    assert bare < when < 0


def test_two_words_of_the_subject_are_worth_more_than_one_and_a_third_adds_nothing() -> None:
    setting = Setting(subject=frozenset({"brush", "hair", "soap"}))
    one, two, three = (
        scored(text, setting)["on subject"]
        for text in ("A brush dries.", "A brush has hairs.", "A brush has hairs and needs soap.")
    )
    assert one < two == three


def test_a_sentence_on_something_else_earns_nothing_for_the_subject() -> None:
    setting = Setting(subject=frozenset({"brush"}), heading=frozenset({"soap"}))
    assert not {"on subject", "on heading"} & scored("Grass grows in spring.", setting).keys()


def test_the_heading_counts_apart_from_the_subject() -> None:
    setting = Setting(subject=frozenset({"brush"}), heading=frozenset({"soap"}))
    assert "on heading" in scored("Soap is cheap.", setting)
    assert "on heading" not in scored("A brush is cheap.", setting)


def test_what_opens_an_article_costs_unless_it_advises() -> None:
    setting = Setting(is_opening=True)
    assert "introduction" in scored("Brushes have a long history.", setting)
    assert "introduction" not in scored("Brushes should be dried flat.", setting)
    assert "introduction" not in scored("Rinse the brush under the tap.", setting)
    assert "introduction" not in scored("Brushes have a long history.")


def test_a_conclusion_costs_whatever_it_says() -> None:
    assert scored("Rinse the brush.", Setting(is_conclusion=True))["conclusion"] < 0


def draft(**changed: object) -> Draft:
    made: dict[str, object] = {"length": 150, "held": {"order": 2.0}, "joints": [], **changed}
    return Draft(**made)  # type: ignore[arg-type]  # the fields are named one by one in the tests


@pytest.mark.parametrize(
    ("name", "given_to", "not_to"),
    [
        ("nothing to hold", draft(held={"series": 0.3}), draft()),
        ("nothing to hold", draft(held={}), draft(held={"time": 0.6})),
        ("good length", draft(length=90), draft(length=89)),
        ("good length", draft(length=240), draft(length=241)),
        ("long", draft(length=286), draft(length=285)),
        ("further sentences", draft(joints=[Joint.CLOSE]), draft()),
        ("resolved", draft(joints=[Joint.LEANS]), draft(joints=[Joint.CLOSE])),
        ("reason with advice", draft(joints=[Joint.REASON]), draft(joints=[Joint.CLOSE])),
        ("loosely joined", draft(joints=[Joint.LOOSE]), draft(joints=[Joint.CLOSE])),
        ("loosely joined", draft(joints=[Joint.OTHER_ITEM]), draft(joints=[Joint.UNRELATED])),
        ("unrelated", draft(joints=[Joint.UNRELATED]), draft(joints=[Joint.LOOSE])),
        ("another order", draft(joints=[Joint.ANOTHER_ORDER]), draft(joints=[Joint.UNRELATED])),
        ("curt opening", draft(joints=[Joint.UNRELATED], opening=24), draft(joints=[Joint.UNRELATED], opening=70)),
        (
            "curt opening",
            draft(joints=[Joint.ANOTHER_ORDER], opening=24),
            draft(joints=[Joint.ANOTHER_ORDER], opening=70),
        ),
        ("curt opening", draft(joints=[Joint.UNRELATED], opening=24), draft(joints=[Joint.LOOSE], opening=24)),
        ("two tips in one", draft(joints=[Joint.CLOSE], own_tips=2), draft(joints=[Joint.CLOSE])),
        ("contrast lost", draft(contrast_lost=True), draft()),
        ("qualifier lost", draft(qualifier_lost=True), draft()),
    ],
)
def test_a_window_score_fires_where_it_should_alone(name: str, given_to: Draft, not_to: Draft) -> None:
    assert name in window_points(given_to)
    assert name not in window_points(not_to)


def test_each_further_sentence_costs_again() -> None:
    one, two = (window_points(draft(joints=[Joint.CLOSE] * count))["further sentences"] for count in (1, 2))
    assert two == pytest.approx(2 * one)


def test_one_sentence_is_never_asked_how_it_is_joined() -> None:
    assert not {"resolved", "unrelated", "further sentences", "two tips in one"} & window_points(draft()).keys()


def test_a_sentence_is_asked_every_rule_that_its_words_call_for_whatever_came_before() -> None:
    text = "Do not soak the handle for longer than 5 minutes, because the glue may dissolve."
    before = scored(text)
    for other, _ in RAISES:
        scored(other)
    assert scored(text) == before
    assert {"order", "prohibition", "number", "time", "reason"} <= before.keys()


@pytest.mark.parametrize(
    "text", ["Buy one brush and get one free in every shop.", "Buy two brushes today and take the third one free."]
)
def test_an_offer_is_refused_however_it_counts(text: str) -> None:
    found = refusal(sentence(text), Setting(), Scope.EVERY)
    assert found is not None
    assert found.gate == "advertising"


def test_by_what_a_thing_is_known_to_be_done_counts() -> None:
    assert "tells when done" in scored("A loaf is baked through when a thermometer in it shows 93 °C.")
    assert "tells when done" not in scored("A loaf is baked in a tin that was greased with butter.")


def test_a_month_on_trial_is_refused_and_what_a_doctor_told_you_to_do_is_not() -> None:
    trial = refusal(sentence("Try it free for 14 days, then pay by the month."), Setting(), Scope.EVERY)
    assert trial is not None
    assert trial.gate == "advertising"
    for text in ("Never put a steroid cream on it unless a doctor has told you to.",):
        assert refusal(sentence(text), Setting(), Scope.EVERY) is None
