"""How the guard is scored: what the claims rules ask of a source is told apart from what a rewrite did."""

import pytest

from tests.derive.score_checks import worth
from tests.derive.score_guard import CASES, asked_of_source, cases, score_guard


def test_a_note_that_the_source_calls_for_is_asked_of_the_source() -> None:
    assert asked_of_source("Dress a child's skin against the sun.") == {"missing_note"}
    assert asked_of_source("Dress for the sun.") == set()


def test_what_is_left_out_of_the_second_figure_stays_in_the_first() -> None:
    figures = score_guard("outside_once")
    assert figures["of them, not of the source"] <= figures["false alarms"]


@pytest.mark.parametrize(("part", "alarms"), [("fourth_dev", 0.06), ("fifth_dev", 0.08)])
def test_the_free_rewrites_keep_their_floors(part: str, alarms: float) -> None:
    figures = score_guard(part)
    assert figures["recall"] >= 0.95
    assert figures["false alarms"] <= alarms
    assert min(figures[kind] for kind in ("changed_number", "added_number", "dropped_hedge", "strong_claim")) >= 0.95


def test_every_lot_of_free_rewrites_has_faults_and_faithful_ones() -> None:
    lots: dict[str, set[bool]] = {}
    for case in (*cases("guard_fourth_dev"), *cases("guard_fifth_dev")):
        lots.setdefault(case["lot"], set()).add(case["kind"] == "ok")
    assert all(held == {True, False} for held in lots.values())
    assert (CASES / "guard_fourth_dev.jsonl").stat().st_size < 400_000


def test_each_check_is_weighed_by_what_it_finds_and_what_it_flags_wrongly() -> None:
    table = worth(["second_once"])
    assert {"numbers_check", "negation", "relations", "hedges", "strong", "conditions", "content"} <= table.keys()
    found = sum(counts["alone"] + counts["beside others"] for counts in table.values())
    assert found >= 29 > sum(counts["wrongly"] for counts in table.values())
