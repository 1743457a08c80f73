"""What is worth a look: the freer a text is reworded, the less a word that is missing or new tells by itself."""

import pytest

from pipeline.derive import guard_weighing
from pipeline.derive.guard import check
from pipeline.derive.guard_pair import pair
from pipeline.derive.lexicon_files import groups
from pipeline.derive.model import Finding, FindingKind, Verdict
from tests.derive.fit_guard import Edit, edits, examples, first_look, told

SOURCE = "Put the parcel in the shed when nobody is at home to take it in."
CLOSE = guard_weighing.measures(pair(SOURCE, "Put the parcel in the shed when nobody is at home."))
FREE = guard_weighing.measures(pair(SOURCE, "Nobody in? Then the hut is where deliveries should go."))
HELD = pair(SOURCE, SOURCE)


def of_kind(kind: FindingKind, verdict: Verdict = Verdict.WARN) -> Finding:
    return Finding(kind, verdict, "A message.", "source", "text")


def test_every_measure_has_a_weight_and_every_weight_a_measure() -> None:
    named = [line.rsplit(" ", 1)[0] for line in groups("guard/weights")["weights"]]
    measured = guard_weighing.evidence(of_kind(FindingKind.LOST_CONDITION), 1, FREE)
    assert named == ["start", *measured]


@pytest.mark.parametrize("kind", [kind for kind in FindingKind if guard_weighing.is_weighed(HELD, of_kind(kind))])
def test_a_finding_counts_less_the_freer_the_rewording(kind: FindingKind) -> None:
    found = of_kind(kind)
    assert guard_weighing.likelihood(found, 1, FREE) < guard_weighing.likelihood(found, 1, CLOSE)
    assert guard_weighing.likelihood(found, 1, CLOSE) > guard_weighing.WORTH_A_LOOK


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (FindingKind.CHANGED_NUMBER, Verdict.BLOCK),
        (FindingKind.ADDED_NUMBER, Verdict.BLOCK),
        (FindingKind.STRONG_CLAIM, Verdict.BLOCK),
        (FindingKind.ADDED_CONTENT, Verdict.BLOCK),
    ],
)
def test_numbers_outright_promises_and_new_medicines_are_never_weighed(kind: FindingKind, verdict: Verdict) -> None:
    assert not guard_weighing.is_weighed(HELD, of_kind(kind, verdict))
    held = pair(SOURCE, "Nobody in? Then the hut is where deliveries should go.")
    assert guard_weighing.worth_a_look(held, [of_kind(kind, verdict)])


def test_a_new_word_is_named_in_the_sources_own_sentence_and_no_longer_where_all_is_reworded() -> None:
    source = "Where a bench stands in full sun, its paint flakes sooner than that of one in the shade."
    close = "Where a bench stands in full sun and in sea air, its paint flakes sooner than that of one in the shade."
    free = "Sun is hard on coated seats: keep yours under a tree, and the finish peels later."
    addition = of_kind(FindingKind.ADDED_CONTENT)
    assert guard_weighing.worth_a_look(pair(source, close), [addition])
    assert not guard_weighing.worth_a_look(pair(source, free), [addition])


def test_a_text_that_follows_its_source_word_for_word_is_not_weighed() -> None:
    source = " ".join(f"Keep plant {number} in pot {number} if it may rain." for number in range(2, 30))
    assert not guard_weighing.is_reworded(pair(source, source.replace("may ", "")))
    assert check(source, source.replace("may ", "")).findings


def test_beside_a_few_words_nothing_is_weighed() -> None:
    assert not guard_weighing.is_reworded(pair("Water it weekly.", "Every seven days, give the fern a drink."))


def test_two_checks_that_name_one_thing_make_one_finding() -> None:
    found = of_kind(FindingKind.LOST_CONDITION)
    assert guard_weighing.unique([found, found]) == [found]


def test_what_is_told_right_is_counted_by_the_faults_own_kind() -> None:
    values = {"measure": 1.0}
    fault = Edit("lost_condition", (("lost_condition", values),), frozenset())
    other = Edit("dropped_hedge", (("added_content", values),), frozenset())
    faithful = Edit("ok", (("added_content", values),), frozenset())
    assert told([fault, other, faithful], None) == (0.5, 1.0)
    assert told([fault, other, faithful], [-9.0, 0.0]) == (0.0, 0.0)
    assert [each.is_same for each in examples([fault, other, faithful])] == [True, False]


FAITHFUL = {
    "the question is no statement": (
        "Batteries of this kind usually last between two and three years in a garden lamp.",
        "How long do batteries of this kind last in a garden lamp? Usually 2 to 3 years.",
    ),
    "a limit behind its number": (
        "Store the wine lying down, at 12 degrees or below.",
        "Store the wine lying down, at 12 degrees or cooler.",
    ),
    "inside an hour": (
        "The glue sets within half an hour.",
        "The glue sets inside 30 minutes.",
    ),
    "one superlative for another": (
        "It is the hardest part of the climb.",
        "It is the toughest part of the climb.",
    ),
    "a goal is no limit": (
        "Boil the syrup until it reaches 110 °C.",
        "Bring the syrup up to 110 °C.",
    ),
    "every spring": ("Check the gutters in spring.", "Check the gutters every spring."),
    "nowhere near": ("Keep the candle away from curtains.", "Keep the candle nowhere near curtains."),
    "almost every": (
        "The test is right in nearly all cases.",
        "The test is right in almost every case.",
    ),
}


@pytest.mark.parametrize("what", FAITHFUL)
def test_the_same_in_another_frame_is_not_named(what: str) -> None:
    assert check(*FAITHFUL[what]).findings == (), what


@pytest.mark.parametrize(
    ("source", "text", "kind"),
    [
        ("Airing may ease the smell.", "A bad smell? Airing eases the smell.", FindingKind.DROPPED_HEDGE),
        ("Serve it at 12 degrees or below.", "Serve it at 12 degrees or warmer.", FindingKind.CHANGED_NUMBER),
        ("It works well for dry hair.", "It works perfectly for dry hair.", FindingKind.STRONG_CLAIM),
        ("It is a hard part of the climb.", "It is the toughest part of the climb.", FindingKind.STRONG_CLAIM),
        ("Check the gutters.", "Every gutter leaks, so check yours.", FindingKind.STRONG_CLAIM),
    ],
)
def test_what_only_looks_like_such_a_frame_is_named(source: str, text: str, kind: FindingKind) -> None:
    assert kind in {finding.kind for finding in check(source, text).findings}


def test_what_a_sure_check_names_is_told_however_free_the_text_is() -> None:
    held = pair(SOURCE, "Nobody in? Then the hut is where deliveries should go.")
    loose = of_kind(FindingKind.ADDED_CONTENT)
    assert not guard_weighing.worth_a_look(held, [loose])
    assert guard_weighing.worth_a_look(held, [loose], sure=[loose]) == [loose]


def test_a_condition_that_no_word_of_the_text_takes_up_is_told_however_free_the_text_is() -> None:
    source = "Avoid saunas on travel days if you have had heart trouble in the past."
    found = check(source, "Steer clear of saunas and travel!").findings
    assert FindingKind.LOST_CONDITION in {each.kind for each in found}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "With the heating cold, the gauge should read between 1 and 1.5 bar.",
            "Cold pipes? Anywhere from 1 to 1.5 bar will do.",
        ),
        (
            "Have a roof of straw looked over once a year by a thatcher who knows it.",
            "Straw above your head? For its yearly check, an expert is the one to ask.",
        ),
        (
            "Burn only wood of which the water is less than 20 percent in an open stove.",
            "A stove wants dry logs: under a fifth of water, and nothing wetter.",
        ),
    ],
)
def test_a_promise_in_everyday_words_is_none_in_a_text_that_is_told_anew(source: str, text: str) -> None:
    assert FindingKind.STRONG_CLAIM not in {finding.kind for finding in check(source, text).findings}


def test_a_promise_in_everyday_words_is_one_where_the_hedge_went_as_it_came() -> None:
    source = "Soaking the pan overnight with soda removes a little more of the burnt layer than plain water does."
    text = "Burnt pan? No trouble at all: with soda, all of the layer goes."
    hedged = source.replace("removes", "may often remove")
    assert FindingKind.STRONG_CLAIM in {finding.kind for finding in check(hedged, text).findings}


def test_each_kept_first_look_has_the_measures_that_findings_are_weighed_by() -> None:
    measured = guard_weighing.evidence(of_kind(FindingKind.LOST_CONDITION), 1, FREE)
    kept = [known for given in edits().values() for edit in given for _, known in edit.weighed]
    assert {tuple(known) for known in kept} == {tuple(measured)}


def test_a_first_look_tells_findings_that_are_weighed_from_others() -> None:
    looks = [edit for _, edit in first_look("second_once")]
    assert {edit.kind for edit in looks} >= {"ok", "lost_condition"}
    assert any(edit.others for edit in looks)
    assert all(guard_weighing.FindingKind(kind) for edit in looks for kind, _ in edit.weighed)
