"""How likely two tips give the same advice, and that the weights are what the labelled pairs teach."""

import pytest
from hypothesis import given, settings

from pipeline.derive.duplicates_evidence import evidence, speaking_against, speaking_for
from pipeline.derive.duplicates_profile import profile
from pipeline.derive.lexicon_files import groups
from tests.derive.fit_duplicates import Example, fit, measures, passages_of_one, told_right
from tests.derive.guard_sentences import tips


def test_every_measure_has_a_weight_and_every_weight_a_measure() -> None:
    names = [line.rsplit(" ", 1)[0] for line in groups("duplicates/weights")["weights"]]
    assert names == ["start", *measures(profile("Rinse the rice."), profile("Boil the rice."))]


def test_what_speaks_against_can_only_lower_the_likelihood() -> None:
    weights = dict(line.rsplit(" ", 1) for line in groups("duplicates/weights")["weights"])
    assert all(float(weights[name]) < 0 for name in speaking_against(profile("Rinse rice."), profile("Boil rice."), ""))


def test_tips_that_share_no_word_have_no_likelihood() -> None:
    assert evidence(profile("Prune the roses."), profile("Descale the kettle.")).likelihood == 0.0
    assert evidence(profile(""), profile("Descale the kettle.")).likelihood == 0.0


@pytest.mark.parametrize(
    ("alike", "less_alike"),
    [
        ("Once the soil is dry, give the fern water.", "Once the soil is dry, give the fern a feed."),
        ("A fern wants water when its soil is dry.", "A fern wants shade when its leaves are dry."),
    ],
)
def test_more_in_common_is_likelier_the_same(alike: str, less_alike: str) -> None:
    one = profile("Water the fern when its soil is dry.")
    assert evidence(one, profile(alike)).likelihood > evidence(one, profile(less_alike)).likelihood


def test_the_same_number_speaks_for_the_same_advice_and_another_counts_once_there_is_none_in_common() -> None:
    timed = profile("Rest the dough for 45 minutes.")
    shared = speaking_for(timed, profile("Give the dough 45 minutes of rest."))
    alone = speaking_for(timed, profile("Let the dough rest."))
    assert (shared["shared numbers"], shared["other numbers"]) == (1, 0)
    assert (alone["shared numbers"], alone["other numbers"]) == (0, 1)


@given(tips, tips)
@settings(deadline=None, max_examples=30)
def test_the_evidence_is_the_same_whichever_tip_comes_first(a: str, b: str) -> None:
    one, other = profile(a), profile(b)
    assert evidence(one, other) == evidence(other, one)
    assert 0 <= evidence(one, other).likelihood < 1


def test_the_fit_finds_what_tells_two_kinds_apart_and_leaves_out_what_a_veto_settles() -> None:
    kinds = [Example((x / 10, 0.5), x > 5) for x in range(11)] * 50
    vetoed = [Example((0.0, 0.5), is_same=True, is_vetoed=True)] * 2500
    start, telling, idle = fit([*kinds, *vetoed])
    assert telling > 0
    assert idle == pytest.approx(0.0)
    assert start < 0
    assert told_right(kinds, [start, telling, idle])["F1"] == pytest.approx(1.0, abs=0.1)


def test_what_chance_drew_is_told_by_how_much_of_it_is_found_and_likely_enough() -> None:
    drawn = [Example((share,), is_same=False, drawn="passages") for share in (0.0, 0.0, 0.5, 1.0)]
    told = told_right([*drawn, Example((1.0,), is_same=True), Example((1.0,), is_same=True)], [-4.0, 8.0])
    assert told["passages found"] == 0.5
    assert told["passages sure"] == 0.25
    assert told["F1"] == told["precision of same"] == told["recall of same"] == 1.0
    assert "F1" not in told_right(drawn, [-4.0, 8.0])


def test_the_passages_of_the_documents_are_pairs_that_nobody_wrote() -> None:
    found = passages_of_one("once")
    assert len(found) > 100
    assert {each.drawn for each in found} == {"passages"}
    assert not any(each.is_same for each in found)
