"""What speaks for the same advice, what against it: related words, reasons, containment, vetoes."""

import pytest

from pipeline.derive.duplicates import POSSIBLE, SAME, compare
from pipeline.derive.duplicates_balance import contains, is_unsure, score
from pipeline.derive.duplicates_evidence import evidence
from pipeline.derive.duplicates_profile import profile
from pipeline.derive.duplicates_reasons import reasons
from pipeline.derive.duplicates_related import groups_of, related
from pipeline.derive.guard_reading import reading
from pipeline.derive.lexicon_files import words_in_order
from pipeline.derive.model import Likeness

# ── related words ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("monitor", "screen"),
        ("monitors", "screen"),
        ("lubricate", "oiled"),
        ("mileage", "distance"),
        ("labelled", "date"),
        ("autumn", "fall"),
        ("brewing", "brewed"),
    ],
)
def test_words_of_one_group_are_related_whatever_their_ending(a: str, b: str) -> None:
    assert related(a, b)
    assert related(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("morning", "evening"),
        ("fridge", "freezer"),
        ("dog", "cat"),
        ("hot", "cold"),
        ("before", "after"),
        ("monitor", "radish"),
        ("zebra", "quartz"),
    ],
)
def test_alternatives_opposites_and_strangers_are_not_related(a: str, b: str) -> None:
    assert not related(a, b)


def test_being_related_is_not_passed_on_from_group_to_group() -> None:
    assert related("swim", "pool")
    assert related("swim", "bathe")
    assert groups_of("pool") & groups_of("swim")
    assert related("bathe", "wash")
    assert not related("pool", "laundry")


def test_a_word_that_stands_in_no_group_is_related_to_its_own_forms_alone() -> None:
    assert groups_of("wombat") == frozenset()
    assert related("wombat", "wombats")
    assert not related("wombat", "numbat")


def test_every_group_of_the_list_holds_two_words_or_more_each_once() -> None:
    lines = words_in_order("duplicates/related")
    assert len(lines) > 200
    for line in lines:
        told = line.split()
        assert len(told) >= 2, line
        assert len(told) == len(set(told)), line
        assert line == line.lower()


def test_no_group_of_the_list_stands_within_another() -> None:
    sets = [frozenset(line.split()) for line in words_in_order("duplicates/related")]
    for index, one in enumerate(sets):
        assert not any(one < other for place, other in enumerate(sets) if place != index), sorted(one)


def test_a_related_word_speaks_for_the_same_advice_though_less_than_the_same_word() -> None:
    cloth = profile("Clean the monitor with a dry cloth.")
    same, akin, other = (profile(f"With a dry cloth, clean the {word}.") for word in ("monitor", "screen", "trumpet"))
    assert score(cloth, same) > score(cloth, akin) > score(cloth, other)
    assert evidence(cloth, akin).likelihood > evidence(cloth, other).likelihood


# ── reasons ──────────────────────────────────────────────────────────────────────────────────────────────────


def why(text: str) -> str:
    """The words of a text that are taken for its reason."""
    one = reading(text)
    return " ".join(one.words[index].lower for index in sorted(reasons(one)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Dry the pan because water rusts it.", "because water rusts it"),
        ("Dry the pan, since water rusts it.", "since water rusts it"),
        ("Dry the pan, as water rusts it.", "as water rusts it"),
        ("Dry the pan, so it does not rust.", "so it does not rust"),
        ("Dry the pan so that it does not rust.", "so that it does not rust"),
        ("Dry the pan, otherwise it rusts.", "otherwise it rusts"),
        ("Dry the pan, or it will rust.", "or it will rust"),
        ("Dry the pan to prevent rust.", "to prevent rust"),
        ("To prevent rust, dry the pan.", "to prevent rust"),
        ("Because water rusts it, dry the pan.", "because water rusts it"),
        ("Dry the pan to prevent rust if it is iron.", "to prevent rust"),
        ("Dry the pan to prevent rust. Oil it.", "to prevent rust"),
        ("Dry the pan, which keeps it from rust.", "which keeps it from rust"),
        ("To prevent rust, dry the pan. Then oil it.", "to prevent rust"),
        ("Oil it. To prevent rust, dry the pan.", "to prevent rust"),
        ("Dry the pan, and oil it to prevent rust", "to prevent rust"),
        ("Oil it: as rust eats iron, dry the pan.", "as rust eats iron"),
    ],
)
def test_the_reason_of_a_tip_is_found(text: str, reason: str) -> None:
    assert why(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Oil the pan as often as you can.",
        "The shop has been shut since March.",
        "Pack a hat or a cap.",
        "Wear a hat, or a cap.",
        "Try to keep naps short.",
        "You need to prevent rust.",
        "Walk to the shop.",
        "The pan is so hot.",
        "Use the pan which is dry.",
    ],
)
def test_what_only_looks_like_a_reason_is_none(text: str) -> None:
    assert why(text) == ""


def test_a_text_that_is_all_reason_keeps_its_words() -> None:
    assert why("To prevent rust.") == ""
    assert profile("To prevent rust.").weights == profile("Prevent rust.").weights


def test_words_in_a_reason_weigh_half() -> None:
    bare, because = profile("Dry the pan. Water rusts iron."), profile("Dry the pan because water rusts iron.")
    iron = next(concept for concept, word in bare.shown.items() if word == "iron")
    pan = next(concept for concept, word in bare.shown.items() if word == "pan")
    assert because.weights[iron] == pytest.approx(bare.weights[iron] / 2)
    assert because.weights[pan] == bare.weights[pan]


def test_a_shared_reason_makes_two_acts_no_duplicate() -> None:
    comparison = compare("Hang the washing outside to save energy.", "Wash at a low heat to save energy.")
    assert comparison.verdict is Likeness.DIFFERENT


def test_a_reason_that_one_writer_leaves_out_keeps_the_advice_the_same() -> None:
    comparison = compare("Rinse rice before cooking.", "Rinse rice before cooking, because starch makes it sticky.")
    assert comparison.verdict is Likeness.SAME


# ── containment ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Trim the cat's claws.", "Trim the cat's claws, brush its coat daily and check both ears for mites."),
        ("Use a shopping list.", "Use a shopping list, eat before leaving and leave the children at home."),
    ],
)
def test_a_tip_that_says_all_of_another_and_much_more_is_for_a_person(short: str, long: str) -> None:
    for comparison in (compare(short, long), compare(long, short)):
        assert comparison.verdict is Likeness.POSSIBLE
        assert POSSIBLE <= comparison.score < SAME
        assert comparison.reason.startswith("One says all of the other, and more: ")


def test_a_word_or_two_more_do_not_make_a_container() -> None:
    a, b = profile("Trim the cat's claws."), profile("Trim the cat's claws by lamplight.")
    assert not contains(a, b)
    assert compare("Trim the cat's claws.", "Trim the cat's claws by lamplight.").verdict is Likeness.SAME


def test_neither_contains_the_other_where_both_say_something_of_their_own() -> None:
    a = profile("Trim the claws and polish the trumpet.")
    b = profile("Trim the claws, feed the parrot and water the radishes twice.")
    assert not contains(a, b)
    assert not contains(b, a)


def test_what_is_exchanged_beside_what_is_shared_decides_whether_a_person_is_asked() -> None:
    one = profile("Hang the lantern above the courtyard gate at dusk.")
    assert not is_unsure(one, profile("Above the courtyard gate, hang the lantern at dusk from a nail."))
    assert is_unsure(one, profile("Water the radishes in the courtyard with a hose."))
    assert not is_unsure(one, one)


def test_two_tips_that_share_a_subject_alone_are_never_suppressed_by_themselves() -> None:
    comparison = compare("Finish pasta in the sauce.", "Save some pasta water for the sauce.")
    assert comparison.verdict is not Likeness.SAME
    assert comparison.score < SAME


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Write tests for the public interface.", "Document the public interface."),
        ("Feature flags release unfinished work early on.", "Feature flags release gates to every tester early on."),
    ],
)
def test_what_was_exchanged_is_for_a_person_however_much_is_shared(a: str, b: str) -> None:
    assert compare(a, b).verdict is not Likeness.SAME


# ── vetoes ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("Soak the beans for 8 hours.", "Soak the beans for 2 hours.", "The numbers differ"),
        ("Feed the carp twice a day.", "Feed the carp four times a day.", "The numbers differ"),
        ("Climb fewer than four floors.", "Climb two floors or fewer.", "The numbers differ"),
        ("Prune the vine in winter.", "Prune the vine in summer.", "One says 'summer', the other 'winter'"),
        ("Wear socks over the tights.", "Wear socks under the tights.", "'over'"),
        ("Never iron silk.", "Iron silk.", "advises against it"),
        ("Do not prune the vine.", "Cut back the vine.", "advises against it"),
        ("Eat before the swim.", "Swim before you eat.", "the other way about"),
        ("Cotton is cooler than wool.", "Wool is cooler than cotton.", "the other way about"),
    ],
)
def test_what_turns_advice_round_is_named(a: str, b: str, reason: str) -> None:
    for comparison in (compare(a, b), compare(b, a)):
        assert comparison.verdict is Likeness.DIFFERENT
        assert comparison.score <= 0.3
        assert reason in comparison.reason


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Brush the dog's teeth morning and night.", "Brush the dog's teeth twice a day."),
        ("Do not overload the washing machine.", "Leave space in the washing machine."),
        ("Do not lend the razor.", "The razor should never be shared."),
        ("Let hot soup cool before freezing it.", "Soup should be cold before it is frozen."),
        ("Put balm on the heels and pull socks over it.", "Under a pair of socks, put balm on the heels."),
        ("The soil must not be dry.", "The soil must be moist."),
        ("Never sign a lease without reading it.", "Read a lease before you sign it."),
        ("Soak the beans for 8 hours.", "Soak the beans for 480 minutes."),
        ("Run two nights a week.", "Run twice a week."),
        ("Wipe the seal once a month.", "Every four weeks, wipe the seal."),
        ("Climb fewer than four floors.", "Climb three floors or fewer."),
    ],
)
def test_what_only_looks_turned_round_is_not_vetoed(a: str, b: str) -> None:
    for comparison in (compare(a, b), compare(b, a)):
        assert "advises against" not in comparison.reason
        assert "numbers differ" not in comparison.reason
        assert "One says '" not in comparison.reason
        assert "other way about" not in comparison.reason


def test_what_is_kept_out_of_the_sun_differs_from_what_is_kept_from_a_swim() -> None:
    weights = profile("Keep the tattoo out of the sun.").weights
    assert any(concept.startswith("sun") for concept in weights)
    assert compare("Keep the tattoo out of the sun.", "Keep the tattoo clean.").verdict is not Likeness.SAME


# ── the scale ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exchanged_word_speaks_against_more_than_an_added_one() -> None:
    base = profile("Prune the vine in the courtyard with a saw.")
    added = profile("Prune the vine in the courtyard with a saw and a ladder.")
    exchanged = profile("In the courtyard, prune the vine from a ladder.")
    assert score(base, added) > score(base, exchanged)


def test_one_frame_with_another_filling_is_told_apart() -> None:
    framed = compare("Avoid make-up for a while after treatment.", "Avoid sunlight for a while after treatment.")
    assert framed.verdict is Likeness.DIFFERENT


@pytest.mark.parametrize(
    ("one", "framed", "reordered"),
    [
        (
            "Avoid make-up for a while after treatment.",
            "Avoid sunlight for a while after treatment.",
            "After treatment, sunlight is something to avoid.",
        ),
        (
            "Hang the lantern above the courtyard gate.",
            "Hang the lantern above the courtyard pond.",
            "The courtyard pond wants the lantern hung above it.",
        ),
    ],
)
def test_the_frame_tells_and_not_the_words_alone(one: str, framed: str, reordered: str) -> None:
    assert score(profile(one), profile(framed)) < 0.8 * score(profile(one), profile(reordered))


def test_a_number_that_only_one_tip_has_speaks_against_a_little() -> None:
    bare, timed = profile("Rest the dough in the bowl."), profile("Rest the dough in the bowl for 45 minutes.")
    assert 0.5 < score(bare, timed) < score(bare, profile("In the bowl, rest the dough."))


def test_two_tips_that_open_with_other_acts_lose_a_part_of_their_score() -> None:
    same_act = compare("Prune the old fig in the courtyard early.", "Prune the fig in the courtyard early in May.")
    other_act = compare("Prune the old fig in the courtyard early.", "Water the fig in the courtyard early in May.")
    assert same_act.score > other_act.score


def test_the_thresholds_leave_room_for_a_person_between_them() -> None:
    assert 0 < POSSIBLE < SAME < 1


def test_advice_beside_a_warning_on_the_same_thing_is_never_suppressed_by_itself() -> None:
    comparison = compare(
        "Bring meat to room temperature before frying it.",
        "Never leave raw meat at room temperature for more than two hours.",
    )
    assert comparison.verdict is not Likeness.SAME


def test_two_tips_of_no_common_word_name_the_words_that_are_said_otherwise() -> None:
    comparison = compare("Undo the buckle.", "Loosen clasps.")
    assert "share no words" not in comparison.reason
    assert "buckle" in comparison.reason or "clasps" in comparison.reason


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "To stop hiccups, try holding your breath for ten seconds.",
            "Hiccups sometimes go if you hold your breath for ten seconds.",
        ),
        ("Wipe large leaves, so they get more light.", "Large leaves get less light when dusty. Wipe them."),
    ],
)
def test_what_stands_in_a_reason_turns_no_advice_round(a: str, b: str) -> None:
    for comparison in (compare(a, b), compare(b, a)):
        assert "One says '" not in comparison.reason
        assert "advises against" not in comparison.reason
