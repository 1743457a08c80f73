"""The pool keeps what a selection can come to, and no more."""

from dataclasses import replace

import pytest

from pipeline.derive.pool import Pool
from pipeline.derive.profile import Profile, profile
from pipeline.derive.tips import derive, document_windows
from pipeline.derive.windows import Window
from pipeline.documents.model import Document
from tests.derive.making import document

BACKGROUND = Profile(frozenset(), (), is_skincare=False)


def article(number: int, advice: int) -> Document:
    """Advice that is never twice the same: each sentence has numbers of its own."""
    lines = [
        f"Soak brush {number * 1000 + at} for {at + 5} minutes in {number * 7 + at + 20} ml of warm vinegar, "
        "because dried paint comes off more easily afterwards."
        for at in range(advice)
    ]
    return document("# Brushes\n\n## Soaking\n\n" + "\n\n".join(lines) + "\n", name=f"{number}.md")


def windows_of(made: Document) -> list[Window]:
    return list(document_windows(made, profile(made)))


def filled(limit: int | None, *documents: Document, times: int = 1) -> Pool:
    pool = Pool(limit)
    for number, made in enumerate(documents * times):
        for window in windows_of(made):
            pool.add(window, BACKGROUND, number)
    return pool


def test_without_a_limit_every_window_stays() -> None:
    made = article(1, 40)
    assert [each.window.text for each in filled(None, made, times=60).found()] == [
        window.text for window in windows_of(made)
    ] * 60


def test_with_a_limit_a_small_corpus_stays_whole() -> None:
    made = article(1, 40)
    assert len(filled(5, made, times=3).found()) == 120


def test_with_a_limit_a_large_corpus_does_not_grow_the_pool() -> None:
    documents = [article(number, 30) for number in range(5)]
    assert len(filled(5, *documents, times=60).found()) < 2000


def test_what_is_left_out_first_is_what_scores_least() -> None:
    pool = Pool(2)
    made = article(1, 4)
    best, *others = windows_of(made)
    best.score = 9.0
    for number in range(2500):
        for window in others:
            pool.add(window, BACKGROUND, number)
    pool.add(best, BACKGROUND, 3000)
    for number in range(2500):
        for window in others:
            pool.add(window, BACKGROUND, number)
    assert best in [each.window for each in pool.found()]


def test_of_windows_with_the_same_words_the_first_stays() -> None:
    made = article(1, 1)
    pool = filled(5, made, times=2000)
    assert pool.found()[0].order == 0
    assert len(pool.found()) == 1


def test_the_windows_that_stay_are_in_reading_order() -> None:
    pool = filled(5, *[article(number, 30) for number in range(5)], times=60)
    orders = [each.order for each in pool.found()]
    assert orders == sorted(orders)


def test_how_rare_a_word_is_hangs_on_all_windows_kept_or_not() -> None:
    documents = [article(number, 30) for number in range(3)]
    assert filled(5, *documents, times=40).rarity() == filled(None, *documents, times=40).rarity()


def test_a_section_keeps_two_windows_for_each_tip_asked_for() -> None:
    pool = Pool(2)
    made = article(1, 60)
    for _ in range(40):
        for window in windows_of(made):
            pool.add(window, BACKGROUND, 1)
    kept = [each for each in pool.found() if each.order < 2000]
    assert len(kept) <= 4


@pytest.mark.parametrize("limit", [1, 3, 8])
def test_a_limit_gives_the_first_of_the_tips_that_no_limit_gives(limit: int) -> None:
    documents = [article(number, 6) for number in range(3)]
    every = [(tip.title, tip.text, tip.score) for tip in derive(documents)]
    assert [(tip.title, tip.text, tip.score) for tip in derive(documents, limit=limit)] == every[:limit]


def test_a_limit_of_none_at_all_gives_none() -> None:
    assert derive([article(1, 3)], limit=0) == []


def test_a_full_pool_takes_what_is_better_than_its_least_and_nothing_else() -> None:
    pool = Pool(1)
    windows = windows_of(article(1, 2300))[:2000]
    for number, window in enumerate(windows):
        pool.add(window, BACKGROUND, number)  # each as if it stood in a section of its own
    assert len(pool.found()) == 1000
    least = min(each.window.score for each in pool.found())
    pool.add(replace(windows[0], score=least), BACKGROUND, 5000)
    assert len(pool.found()) == 1000
    pool.add(replace(windows[0], score=least + 0.1), BACKGROUND, 5001)
    assert pool.found()[-1].document == 5001
