"""Selection takes the best, spreads over topics, and never depends on luck."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive.selection import Choice, rarity_of, select

WORDS = ["oil", "chain", "rag", "tyre", "pump", "brake", "pad", "light", "lock", "bell"]


Row = tuple[Choice, str]


def choice(order: int, score: float, stems: str, topic: str = "a", section: int = 0) -> Row:
    return Choice(score, tuple(sorted(stems.split())), (section, str(section)), order), topic


def rarity(choices: list[Choice]) -> dict[str, float]:
    return rarity_of(Counter(stem for each in choices for stem in each.stems), len(choices))


def taken(*rows: Row) -> list[int]:
    choices = [each for each, _ in rows]
    return [index for index, _ in select(choices, rarity(choices), lambda index: rows[index][1])]


def test_the_best_comes_first() -> None:
    assert taken(choice(0, 2.0, "oil chain"), choice(1, 4.0, "tyre pump", "b", 1))[0] == 1


def test_what_lies_under_the_floor_is_not_taken() -> None:
    assert taken(choice(0, 1.2, "oil chain"), choice(1, 1.4, "tyre pump")) == [1]


def test_what_resembles_a_tip_already_taken_comes_later() -> None:
    alike, other = choice(1, 3.9, "oil chain rag", "b", 1), choice(2, 3.0, "tyre pump", "c", 2)
    assert taken(choice(0, 4.0, "oil chain rag"), alike, other) == [0, 2, 1]


def test_topics_take_turns() -> None:
    first = [choice(n, 3.0 - n / 100, word, "a", n) for n, word in enumerate(WORDS[:4])]
    other = choice(9, 2.9, "bell", "b", 9)
    assert taken(*first, other)[1] == 4


def test_no_topic_is_asked_of_a_choice_that_falls_behind_without_it() -> None:
    alike = [choice(n, 4.0 - n / 10, "oil chain rag", "b", n) for n in range(5)]
    choices = [each for each, _ in (*alike, choice(9, 3.5, "tyre pump", "c", 9))]
    asked: list[int] = []
    found = select(choices, rarity(choices), lambda index: asked.append(index) or "b")
    assert [next(found)[0], next(found)[0]] == [0, 5]
    assert set(asked) == {0, 5}


def test_sections_take_turns() -> None:
    same = [choice(n, 3.0 - n / 100, word, str(n), 0) for n, word in enumerate(WORDS[:3])]
    assert taken(*same, choice(9, 2.8, "bell", "b", 9))[1] == 3


def test_equals_come_in_the_order_of_the_documents() -> None:
    assert taken(*(choice(n, 3.0, word, str(n), n) for n, word in enumerate(WORDS))) == list(range(len(WORDS)))


choices = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=6),
        st.sets(st.sampled_from(WORDS), min_size=1, max_size=5),
        st.sampled_from("abc"),
        st.integers(0, 3),
    ),
    max_size=25,
).map(lambda rows: [(Choice(s, tuple(sorted(w)), (n, ""), at), t) for at, (s, w, t, n) in enumerate(rows)])


@given(choices)
def test_everything_good_enough_is_taken_once(made: list[Row]) -> None:
    found = taken(*made)
    assert sorted(found) == [index for index, (each, _) in enumerate(made) if each.score >= 1.3]


@given(choices)
def test_the_lazy_heap_gives_the_order_of_weighing_all_of_them_each_time(made: list[Row]) -> None:
    from pipeline.derive.selection import _SHARED, _Taken

    chosen = _Taken(rarity([each for each, _ in made]))

    def worth(index: int) -> float:
        choice, topic = made[index]
        return choice.score - _SHARED * chosen.shared(choice, 0) - chosen.again(choice, topic)

    left = [index for index, (each, _) in enumerate(made) if each.score >= 1.3]
    expected = []
    while left:
        best = min(left, key=lambda index: (-worth(index), made[index][0].order))
        left.remove(best)
        chosen.add(*made[best])
        expected.append(best)
    assert taken(*made) == expected
