"""The claims guard: each way in which copy says more than its source, and what it says then."""

import json

import pytest

from pipeline.derive.guard import check, check_authored, conflicts
from pipeline.derive.guard_claims import UnknownRegionError
from pipeline.derive.model import Finding, FindingKind, Verdict
from tests.derive.score_guard import CASES, score_duplicates, score_guard


def found(source: str, text: str, kind: FindingKind, context: str = "") -> Finding:
    findings = [finding for finding in check(source, text, context).findings if finding.kind is kind]
    assert findings, f"no {kind}: {check(source, text, context)}"
    return findings[0]


def clean(source: str, text: str, context: str = "") -> bool:
    report = check(source, text, context)
    assert report.findings == (), report.findings
    return report.verdict is Verdict.PASS


# ── hedges ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hedge_must_stand_by_what_it_held_back() -> None:
    source = "Silicone gel may flatten raised scars. It also softens them."
    finding = found(source, "Silicone gel flattens raised scars, and may soften them.", FindingKind.DROPPED_HEDGE)
    assert "may" in finding.message
    assert finding.suggestion == "Silicone gel may flatten raised scars."


def test_a_hedge_may_give_way_to_one_that_holds_back_as_much() -> None:
    assert clean("Acids may irritate dry skin.", "Acids can irritate dry skin.")
    assert clean("Acids may irritate dry skin.", "Acids might irritate dry skin.")
    assert clean("Acids often irritate dry skin.", "Acids frequently irritate dry skin.")


def test_a_hedge_that_promises_more_is_no_substitute() -> None:
    finding = found("Acids sometimes sting.", "Acids often sting.", FindingKind.DROPPED_HEDGE)
    assert "often" in finding.message
    found("Some cats fear water.", "Most cats fear water.", FindingKind.DROPPED_HEDGE)


def test_of_two_hedges_side_by_side_the_stronger_is_enough() -> None:
    assert clean("Frost can sometimes split the bark.", "Frost can split the bark.")


def test_a_hedge_goes_with_its_clause() -> None:
    source = "Peels brighten dull skin, though they may sting at first."
    assert clean(source, "Peels brighten dull skin.")


def test_words_that_only_look_like_hedges_are_let_go() -> None:
    assert clean("Fill the watering can in May.", "In May, fill the can you water with.")
    assert clean("Add some salt to the dough.", "Add salt to the dough.")


# ── negation ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Do not skip sunscreen.", "Wear sunscreen."),
        ("Avoid scrubbing the skin.", "Don't scrub the skin."),
        ("Never mix bleach and vinegar.", "Do not mix bleach and vinegar."),
        ("Use a cloth rather than a brush.", "Use a cloth, not a brush."),
        ("Retinol is not recommended in the sun.", "Avoid retinol in the sun."),
        ("Overwatering kills cacti.", "Don't overwater cacti, as it kills them."),
        ("Do not rinse until an hour has passed.", "Do not rinse for an hour."),
    ],
)
def test_the_same_refusal_in_other_words_passes(source: str, text: str) -> None:
    kinds = {finding.kind for finding in check(source, text).findings}
    assert not kinds & {FindingKind.ADDED_NEGATION, FindingKind.DROPPED_NEGATION}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Balms are not enough for frost.", "Balms are enough for frost."),
        ("Avoid picking at scabs.", "Pick at scabs."),
        ("Cacti thrive without feeding.", "Cacti thrive with feeding."),
        ("You don't need to peel them.", "You need to peel them."),
        ("Keep soap away from the eyes.", "Keep soap near the eyes."),
    ],
)
def test_a_refusal_that_is_gone_is_flagged(source: str, text: str) -> None:
    assert found(source, text, FindingKind.DROPPED_NEGATION).verdict is Verdict.BLOCK


def test_a_refusal_that_the_source_lacks_is_flagged() -> None:
    finding = found("Soak the peas.", "Do not soak the peas.", FindingKind.ADDED_NEGATION)
    assert finding.suggestion == "Soak the peas."


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Wait twelve weeks for a result.", "Wait 3 months for a result."),
        ("Wait half an hour.", "Wait 30 minutes."),
        ("Use 2 tablespoons of oil.", "Use 30 ml of oil."),
        ("Bake at 180 °C.", "Bake at 356 °F."),
        ("Brush twice a day.", "Brush two times daily."),
        ("Use at least SPF 30.", "Use SPF 30 or higher."),
        ("It takes between four and six weeks.", "It takes 4–6 weeks."),
        ("A quarter of the water is lost.", "25% of the water is lost."),
        ("Thin to 2.5 cm.", "Thin to one inch."),
        ("It costs $5.", "It costs five dollars."),
    ],
)
def test_the_same_amount_in_another_form_passes(source: str, text: str) -> None:
    assert clean(source, text)


@pytest.mark.parametrize(
    ("source", "text", "suggestion"),
    [
        ("Wait 20 minutes.", "Wait 20 hours.", "Wait 20 minutes."),
        ("It takes 4 to 6 weeks.", "It takes 6 weeks.", "It takes 4 to 6 weeks."),
        ("Use 1.5 ml a day.", "Use 15 ml a day.", "Use 1.5 ml a day."),
        ("Wash it twice a week.", "Wash it twice a day.", "Wash it twice a week."),
    ],
)
def test_another_amount_is_flagged_with_the_right_one(source: str, text: str, suggestion: str) -> None:
    assert found(source, text, FindingKind.CHANGED_NUMBER).suggestion == suggestion


def test_a_limit_is_part_of_its_number() -> None:
    found("Leave at least 8 hours between doses.", "Leave up to 8 hours between doses.", FindingKind.CHANGED_NUMBER)
    found("It saves up to 40% of heat.", "It saves 40% of heat.", FindingKind.CHANGED_NUMBER)


def test_a_rough_number_made_exact_is_a_dropped_hedge() -> None:
    finding = found("Simmer it for about 20 minutes.", "Simmer it for 20 minutes.", FindingKind.DROPPED_HEDGE)
    assert finding.suggestion == "Simmer it for about 20 minutes."


def test_a_number_from_nowhere_is_flagged() -> None:
    assert found("Walk after meals.", "Walk 900 steps after meals.", FindingKind.ADDED_NUMBER).text_words == "900"


def test_a_number_left_out_is_a_lost_condition() -> None:
    found("Soak the beans for 8 hours.", "Soak the beans.", FindingKind.LOST_CONDITION)


def test_numbers_that_changed_places_are_flagged() -> None:
    source = "Soak the beans for 8 hours and the lentils for 2 hours."
    found(source, "Soak the beans for 2 hours and the lentils for 8 hours.", FindingKind.CHANGED_NUMBER)


# ── strong claims ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Oat cream cures dry skin.", "cures"),
        ("Oat cream always soothes dry skin.", "always"),
        ("Only oat cream soothes dry skin.", "Only"),
        ("Oat cream is the best for dry skin.", "best"),
        ("Oat cream is guaranteed to soothe dry skin.", "guaranteed"),
        ("Oat cream is safe for dry skin.", "safe"),
        ("Oat cream soothes dry skin 100 %.", "100 %"),
        ("Oat cream soothes dry skin with no side effects.", "no side effects"),
        ("Everyone can soothe dry skin with oat cream.", "Everyone"),
        ("Oat cream instantly soothes dry skin.", "instantly"),
    ],
)
def test_a_promise_that_the_source_does_not_make_is_flagged(text: str, word: str) -> None:
    assert found("Oat cream soothes dry skin.", text, FindingKind.STRONG_CLAIM).text_words == word


def test_a_promise_that_is_denied_is_none() -> None:
    kinds = {f.kind for f in check("Results vary.", "Results vary and are not guaranteed.").findings}
    assert FindingKind.STRONG_CLAIM not in kinds


def test_never_may_stand_for_do_not_and_will_for_a_plain_statement() -> None:
    assert clean("Do not burn treated wood.", "Never burn treated wood.")
    assert clean("Wet soil rots the roots.", "Wet soil will rot the roots.")
    found("Wet soil may rot the roots.", "Wet soil will rot the roots.", FindingKind.STRONG_CLAIM)


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("If the soil is dry, water the fern.", "Water the fern."),
        ("Dogs with heart disease should rest at noon.", "Dogs should rest at noon."),
        ("Oral retinoids need a blood test.", "Retinoids need a blood test."),
        ("Reheat the rice once it has been chilled quickly.", "Reheat the rice."),
        ("Use the pass only on weekdays.", "Use the pass."),
        ("Basic-rate payers get the allowance.", "Payers get the allowance."),
        ("Travellers who cross time zones should rest.", "Travellers should rest."),
    ],
)
def test_a_claim_for_some_cases_must_not_become_one_for_all(source: str, text: str) -> None:
    assert found(source, text, FindingKind.LOST_CONDITION).suggestion == source


def test_a_condition_may_be_told_in_other_words() -> None:
    assert clean("If the soil is dry, water the fern.", "Is the soil dry? Water the fern.")
    assert clean("People with rosacea should avoid saunas.", "If you have rosacea, avoid saunas.")


def test_a_sentence_that_takes_something_back_must_come_along() -> None:
    source = "Needling smooths scars. However, deep scars seldom respond."
    found(source, "Needling smooths scars.", FindingKind.LOST_CONDITION)
    assert clean(source, source)


# ── relations ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Apply toner before serum.", "Apply toner after serum."),
        ("Apply toner before serum.", "Apply serum before toner."),
        ("Rinse with cold water.", "Rinse with hot water."),
        ("Clay holds more water than sand.", "Sand holds more water than clay."),
        ("The procedure is non-invasive.", "The procedure is invasive."),
        ("Use vitamin C in the morning and retinol at night.", "Use retinol in the morning and vitamin C at night."),
        ("Stress can worsen acne.", "Acne can worsen stress."),
        ("The thinner coat goes first.", "The thicker coat goes first."),
    ],
)
def test_sides_that_were_exchanged_are_flagged(source: str, text: str) -> None:
    kinds = {finding.kind for finding in check(source, text).findings}
    assert kinds & {FindingKind.SWAPPED_RELATION, FindingKind.DROPPED_NEGATION}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Apply toner before serum.", "Apply serum after toner."),
        ("Apply toner before serum.", "Before serum, apply toner."),
        ("Oil is less stable than wax.", "Wax is more stable than oil."),
        ("Carry a pump and a tube.", "Carry a tube and a pump."),
        ("The soil must not be dry.", "The soil must be moist."),
        ("In winter, water less.", "Water less in winter."),
    ],
)
def test_the_same_relation_told_from_the_other_side_passes(source: str, text: str) -> None:
    assert FindingKind.SWAPPED_RELATION not in {finding.kind for finding in check(source, text).findings}


# ── added content ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_ingredient_blocks_and_a_new_benefit_warns() -> None:
    source = "Press the cream into damp skin."
    grave = found(source, "Press the cream into damp skin with retinol.", FindingKind.ADDED_CONTENT)
    assert grave.verdict is Verdict.BLOCK
    benefit = found(source, "Press the cream into damp skin for a slimmer jaw.", FindingKind.ADDED_CONTENT)
    assert benefit.verdict is Verdict.WARN


def test_a_new_name_blocks() -> None:
    finding = found("Wax the chain.", "Wax the chain, as Shimano advises.", FindingKind.ADDED_CONTENT)
    assert finding.verdict is Verdict.BLOCK
    assert "Shimano" in finding.message


def test_the_heading_and_the_document_lend_words() -> None:
    text = "Leave retinol on overnight."
    found("Leave it on overnight.", text, FindingKind.ADDED_CONTENT)
    assert clean("Leave it on overnight.", text, context="How to use retinol")


def test_a_synonym_in_a_words_place_passes() -> None:
    assert clean("Position the lamp by the bed.", "Stand the lamp by the bed.")
    assert clean("Moisturise after bathing.", "Moisturize after a bath.")


# ── claims rules ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "Botox smooths the forehead.",
        "Skinny jabs curb the appetite.",
        "This balm heals eczema.",
        "A dermatologist-approved oil for winter.",
        "Shows promise against lines.",
        "Unlike other brands, it does not pill.",
    ],
)
def test_what_the_rules_watch_is_flagged_even_if_the_source_says_it(text: str) -> None:
    assert found(text, text, FindingKind.REGULATED_CLAIM).message


def test_a_region_has_its_own_rules() -> None:
    text = "Hydroquinone fades spots."
    assert check(text, text, region="us").verdict is Verdict.PASS
    assert check(text, text, region="uk").verdict is Verdict.BLOCK
    with pytest.raises(UnknownRegionError, match="eu, uk, us"):
        check(text, text, region="mars")


def test_a_warning_about_a_medicine_does_not_promote_it() -> None:
    text = "Tell your doctor if you take isotretinoin, and avoid waxing."
    assert clean(text, text)


@pytest.mark.parametrize("topic", ["in pregnancy", "with your medication", "for babies", "if a sore does not heal"])
def test_some_topics_need_a_note_to_talk_to_a_professional(topic: str) -> None:
    text = f"Choose plain creams {topic}."
    finding = found(text, text, FindingKind.MISSING_NOTE)
    assert finding.verdict is Verdict.WARN
    assert check(text, finding.suggestion).verdict in {Verdict.PASS, Verdict.WARN}
    assert clean(f"{text} Ask your doctor.", f"{text} Ask your doctor.")


def test_a_tip_without_a_source_is_held_to_the_claims_rules_alone() -> None:
    assert check_authored("Rinse rice until the water runs clear.").verdict is Verdict.PASS
    report = check_authored("This miracle cream cures acne overnight, guaranteed.")
    kinds = {finding.kind for finding in report.findings}
    assert {FindingKind.STRONG_CLAIM, FindingKind.REGULATED_CLAIM} <= kinds
    assert report.verdict is Verdict.BLOCK


# ── conflicts ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Needling is a non-invasive treatment for scars.", "Needling is an invasive treatment for scars."),
        (
            "Needling, which many clinics now offer, is a non-invasive way to treat deep scars.",
            "Since needling is invasive, the face needs days of rest afterwards.",
        ),
        ("Leave sessions four weeks apart.", "Leave sessions eight weeks apart."),
        ("Rinse the rice before cooking.", "Do not rinse the rice before cooking."),
        ("Apply serum before cream.", "Apply serum after cream."),
    ],
)
def test_two_sources_that_disagree_are_shown_side_by_side(a: str, b: str) -> None:
    finding = conflicts(a, b)
    assert finding is not None
    assert finding.kind is FindingKind.CONFLICT
    assert finding.source_words in a
    assert finding.text_words in b


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Leave sessions four weeks apart.", "Leave sessions a month apart."),
        ("Leave sessions at least four weeks apart.", "Leave sessions six weeks apart."),
        ("Needling stimulates collagen.", "Needling may cause redness for two days."),
        ("Boil eggs for six minutes.", "Boil potatoes for twenty minutes."),
        ("Wear a hat.", "Do not water at noon."),
        ("Needling has fewer risks than more invasive treatments.", "Needling is a non-invasive treatment."),
        ("The scars are invasive in nature.", "Needling is a non-invasive way to treat the scars."),
    ],
)
def test_sources_that_agree_or_speak_of_other_things_are_no_conflict(a: str, b: str) -> None:
    assert conflicts(a, b) is None


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_verdict_is_the_gravest_and_stands_first() -> None:
    report = check("Oats may calm skin if it is dry.", "Oats always cure skin.")
    assert report.verdict is Verdict.BLOCK
    assert report.findings[0].verdict is Verdict.BLOCK


def test_an_empty_text_is_no_fault() -> None:
    assert check("", "").verdict is Verdict.PASS
    assert check("Oats calm skin.", "").verdict is Verdict.PASS


@pytest.mark.parametrize("part", ["dev", "once"])
def test_the_labelled_cases_are_well_formed(part: str) -> None:
    kinds = {"ok", *(kind.value for kind in FindingKind)}
    for line in (CASES / f"guard_{part}.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        assert case["kind"] in kinds
        assert case["source"]
        assert case["text"]


def test_the_floors_hold_on_the_cases_that_were_tuned_on() -> None:
    figures = score_guard("dev")
    assert figures["recall"] >= 0.92
    assert figures["false alarms"] <= 0.10
    assert min(figures["changed_number"], figures["dropped_hedge"], figures["strong_claim"]) >= 0.95
    assert score_duplicates("dev")["F1 (same or possible)"] >= 0.80
