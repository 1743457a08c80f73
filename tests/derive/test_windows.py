"""Windows: which sentences go together, and what that is worth."""

import itertools

import pytest

from pipeline.derive import gates, scores  # noqa: F401 - importing them registers their rules
from pipeline.derive.rules import SCORES, WINDOW_SCORES, Setting, points
from pipeline.derive.tips import derive
from pipeline.derive.windows import FLOOR, Window, windows
from tests.derive.making import document, passages_of, sentence, under

WASH = "Wash the brushes once a week with a mild soap and warm water, so that no mould can grow in them."
STORE = "Store them flat or hang them up by the handle, away from heaters and from the sun in summer."
HANG = "Hang dry brushes up by the handle, because brushes that stand on their hairs bend within a few days."


def of(*sentences: str) -> list[Window]:
    made = under("Brushes", " ".join(sentences))
    return [window for passage in passages_of(made) for window in windows(made, passage)]


def test_two_tips_that_can_stand_alone_stay_two() -> None:
    assert [window.text for window in of(WASH, HANG)] == [WASH, HANG]


def test_a_sentence_that_leans_on_another_comes_with_it() -> None:
    assert [window.text for window in of("Brushes with long hairs need some care after painting.", STORE)] == [
        f"Brushes with long hairs need some care after painting. {STORE}"
    ]


def test_an_aside_that_leans_on_a_sentence_does_not_make_it_a_tip() -> None:
    short = "Some colour and soap in the water of the brushes on the first day is normal."
    [aside] = of(f"{short} It looks worse than it is.")
    [telling] = of(f"{short} It stops after two or three washes with warm water.")
    assert (aside.last, telling.last) == (1, 1)
    assert aside.score < FLOOR < telling.score


def test_advice_too_short_to_stand_alone_goes_with_its_neighbour() -> None:
    short = "Comb the hairs of the brush before it dries."
    assert any(short in window.text for window in of(WASH, short))


def test_a_cause_stays_with_its_advice() -> None:
    cause = "Damp brushes grow mould within days because soap and paint feed it."
    assert [window.text for window in of("Dry the brushes in a warm room for two days.", cause)] == [
        f"Dry the brushes in a warm room for two days. {cause}"
    ]


SHORT = "Wash the brushes once a week with a mild soap and warm water."


@pytest.mark.parametrize(
    ("tip", "little"),
    [
        (SHORT, "Parrots are purple and hardly ever sleep through."),  # on another thing, and no advice
        (WASH, "They cost next to nothing in nearly every shop of any size nowadays."),  # leans, and says nothing
        (WASH, "Then open the curtains of the other bedroom."),  # the next step, on another thing
    ],
)
def test_a_tip_that_stands_by_itself_takes_no_sentence_along_that_adds_little(tip: str, little: str) -> None:
    assert [window.text for window in of(tip, little)][:1] == [tip]


def test_what_follows_a_few_words_on_another_thing_stands_without_them() -> None:
    fact = "Brushes with a head of five centimetres or more hold their paint better than small ones and last longer."
    assert [window.text for window in of("Leave room for a ladder.", fact)] == [fact]


def test_what_may_not_be_in_a_tip_ends_the_window() -> None:
    short = "Comb the hairs of the brush before it dries."
    for window in of(short, "Buy our combs in the shop!", HANG):
        assert "shop" not in window.text


def test_no_window_is_longer_than_three_sentences_or_320_characters() -> None:
    brief = "Comb the brush before it dries."
    found = of(*[brief] * 12)
    assert found
    assert all(window.last - window.first < 3 and len(window.text) <= 320 for window in found)


def test_windows_do_not_overlap() -> None:
    found = of(WASH, STORE, HANG, "It keeps the hairs straight.", WASH)
    assert all(one.last < other.first for one, other in itertools.pairwise(found))


def test_the_points_of_a_window_add_up_to_its_score() -> None:
    for window in of(WASH, STORE, HANG):
        assert abs(sum(window.points().values()) - window.score) < 1e-9


def test_an_empty_paragraph_gives_none() -> None:
    made = document("# Brushes\n\n...\n")
    assert [window for passage in passages_of(made) for window in windows(made, passage)] == []


def scored(text: str, setting: Setting | None = None) -> dict[str, float]:
    return points(sentence(text), setting or Setting())


SHOWN = {
    "tells when done": "A glaze is dry when a finger leaves no mark.",
    "order": "Rinse the brush under the tap.",
    "prohibition": "Never stand a brush on its hairs.",
    "advice": "Brushes should be dried flat.",
    "condition": "Brushes stiffen unless the soap is mild.",
    "time": "A brush dries in two days.",
    "number": "A brush holds 30 ml of paint.",
    "safety": "Solvents may irritate the skin.",
    "reason": "Mild soap is enough because the hairs are soft.",
    "balance": "Mild soap is enough, although stiff hairs need oil.",
    "such as": "Stiff fibres such as nylon wear well.",
    "effect": "Mild soap softens old paint.",
    "series": "Soap, water, and patience do it all.",
    "selling words": "Unlock the radiant beauty of luxurious brushes.",
    "ask a professional": "Ask your dermatologist about brushes.",
    "abstract words": "A comprehensive approach plays a vital role in optimal outcomes.",
    "big promise": "Regular care ensures a long life.",
    "study": "Tests by two painters show that hog hair wears well.",
    "on top": "Soap can be used as well.",
}


def test_each_score_shows_on_a_sentence_made_for_it() -> None:
    for name, text in SHOWN.items():
        assert name in scored(text), name
        assert name not in scored("The grass is green."), name


def test_the_scores_that_ask_where_a_sentence_stands() -> None:
    setting = Setting(subject=frozenset({"brush"}), heading=frozenset({"brush"}), is_conclusion=True)
    found = scored("A brush dries slowly.", setting)
    assert {"on subject", "on heading", "conclusion"} <= found.keys()
    assert found["conclusion"] < 0 < found["on subject"]


def test_every_score_is_shown_here_and_has_a_reason() -> None:
    assert {rule.name for rule in SCORES} == {*SHOWN, "fact", "on subject", "on heading", "conclusion", "introduction"}
    assert all(rule.why.endswith(".") for rule in (*SCORES, *WINDOW_SCORES))


def test_fluff_scores_under_the_floor_and_advice_above_it() -> None:
    fluff = of(
        "Good care plays a vital role in achieving optimal outcomes for various important aspects of any brush in life."
    )
    assert all(window.score < FLOOR for window in fluff)
    assert of(WASH)[0].score > FLOOR + 2


SHORT = "Wash the brushes once a week with a mild soap and warm water."


def texts(*paragraphs: str) -> list[str]:
    made = under("Brushes", *paragraphs)
    return [window.text for passage in passages_of(made) for window in windows(made, passage)]


def test_a_short_order_with_its_time_can_be_a_tip_by_itself() -> None:
    assert texts(SHORT) == [SHORT]


@pytest.mark.parametrize(
    "text",
    [
        "Rinse the brush under the tap until the water runs clear.",  # under 60 characters
        "Wash the brushes with a mild soap and some warm, clean water.",  # no time, number or condition
        "Brushes are washed once a week with a mild soap and warm water.",  # no order
        "Additionally, wash the brushes once a week with mild soap and water.",  # it went on from something
    ],
)
def test_a_short_sentence_that_is_not_exact_or_leans_is_none(text: str) -> None:
    assert texts(text) == []


def test_a_short_order_goes_with_its_neighbour_where_it_has_one() -> None:
    cause = "Damp brushes grow mould within days because soap and paint feed it."
    assert texts(f"{SHORT} {cause}") == [f"{SHORT} {cause}"]


def test_a_short_order_fills_the_gap_where_its_neighbour_does_better_without_it() -> None:
    gloves = "Wear gloves for washing up and for cleaning, even for a single pan at noon."
    assert [window.text for window in of(WASH, gloves)] == [WASH, gloves]


def test_a_short_order_after_a_question_belongs_to_the_question() -> None:
    assert texts(f"Do your brushes smell of mould? {SHORT}") == []


def test_a_short_order_that_the_next_sentence_leans_on_is_not_torn_from_it() -> None:
    assert SHORT not in texts(f"{SHORT} This works best in our own brand of soap!")


def test_two_short_orders_that_are_all_of_a_paragraph_are_a_tip_where_one_is_exact() -> None:
    text = "Use sunscreen of SPF 30 every day. Leave retinol out until the skin feels calm."
    assert [tip.text for tip in derive([under("The first week", text)])] == [text]
    vague = "Use sunscreen again and again. Leave strong products out of the bathroom."
    assert derive([under("The first week", vague)]) == []


def test_a_long_order_stands_alone_though_it_is_not_exact() -> None:
    text = "Store the pan in a dry place with a sheet of kitchen paper in it, and leave the lid off."
    assert [tip.text for tip in derive([under("Storing", text, title="Cast iron")])] == [text]
    assert (
        derive([under("Storing", "Store the pan in a dry place, and leave the lid off it.", title="Cast iron")]) == []
    )
