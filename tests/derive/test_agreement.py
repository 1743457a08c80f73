"""Several documents on one subject give one set of tips, each with its sources, and flags where they disagree."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive import agreement
from pipeline.derive.agreement import Agreement, denies
from pipeline.derive.chosen import Chosen, Said
from pipeline.derive.duplicates import compare
from pipeline.derive.model import Comparison, Likeness
from pipeline.derive.tips import derive
from pipeline.derive.tokens import content_stems
from pipeline.derive.windows import windows
from pipeline.documents.model import Document
from tests.derive.making import document, passages_of, sentence, under
from tests.derive.score import cases

SHOWER = (
    "Keep showers short, five to ten minutes at most, and use lukewarm water, because hot water dries out the skin."
)
SHOWER_AGAIN = "Short, lukewarm showers of five to ten minutes at most are best, because hot water dries out the skin."
CREAM = "Put an ointment on damp skin within three minutes of the shower, so that the skin keeps more of its moisture."


def test_the_same_document_twice_gives_each_tip_once_with_both_sources() -> None:
    one, two = document(f"# Showers\n\n{SHOWER}\n", name="one.md"), document(f"# Baths\n\n{SHOWER}\n", name="two.md")
    tips = derive([one, two])
    assert [tip.text for tip in tips] == [SHOWER]
    assert [source.document for source in tips[0].also] == ["two.md"]
    assert tips[0].also[0].quote == SHOWER


def test_the_same_advice_in_other_words_is_one_tip() -> None:
    tips = derive([under("Showers", SHOWER), document(f"# Baths\n\n{SHOWER_AGAIN}\n", name="two.md")])
    assert len(tips) == 1
    assert {tips[0].source.document, *(source.document for source in tips[0].also)} == {"notes.md", "two.md"}


def test_two_articles_in_one_file_support_each_other() -> None:
    made = document(f"# Dry skin\n\n{SHOWER}\n\n# Itchy skin\n\n{SHOWER_AGAIN}\n")
    tips = derive([made])
    assert len(tips) == 1
    assert len(tips[0].also) == 1
    assert tips[0].also[0].heading_path != tips[0].source.heading_path


def test_a_repeat_that_ranks_behind_the_limit_is_named_all_the_same() -> None:
    starter = "Feed a starter kept at kitchen heat once a day with equal weights of flour and water, and in the fridge "
    dough = "Feed a sourdough kept at summer heat once a day with equal parts of meal and water, and in the fridge "
    rest = "it needs feeding only once a week, because the cold slows the yeast down."
    made = [under("Starters", f"{starter}{rest}"), document(f"# Bread\n\n{dough}{rest}\n", name="two.md")]
    (every,), (one,) = derive(made), derive(made, limit=1)
    assert one == every
    assert [source.document for source in one.also] == ["two.md"]


def test_a_limit_changes_nothing_about_the_tips_that_it_leaves() -> None:
    documents = [made for made, _ in cases("dev")][:12]
    assert derive(documents, limit=4) == derive(documents)[:4]


def test_a_sentence_too_short_for_a_tip_can_still_be_a_source() -> None:
    short = "Put ointment on damp skin within three minutes of the shower."
    tips = derive([under("Creams", CREAM), document(f"# Baths\n\n{short}\n", name="two.md")])
    assert [source.quote for source in tips[0].also] == [short]


def test_an_advertisement_is_no_source() -> None:
    advert = (
        "Put our ointment on damp skin within three minutes of the shower, so that the skin keeps more of its moisture."
    )
    tips = derive([under("Creams", CREAM), document(f"# Shop\n\n{advert}\n", name="two.md")])
    assert tips[0].also == ()


def test_different_advice_on_one_subject_stays_two_tips() -> None:
    tips = derive([under("Care", SHOWER, CREAM)])
    assert {tip.text for tip in tips} == {SHOWER, CREAM}
    assert all(tip.also == () for tip in tips)


def test_other_numbers_are_other_advice_and_are_flagged() -> None:
    day = "Make-up may be worn again after 24 hours if the skin is not broken and does not weep any more."
    later = "Make-up may be worn again after 72 hours if the skin is not broken and does not weep any more."
    tips = derive([under("After a peel", day), document(f"# Peels\n\n{later}\n", name="two.md")])
    assert len(tips) == 2
    assert all(tip.also == () for tip in tips)
    flag = next(flag for flag in tips[0].flags if flag.startswith("sources disagree"))
    assert "24 hours" in flag
    assert "72 hours" in flag
    assert "two.md, 7–" in flag


def test_a_flat_denial_is_flagged_with_both_places() -> None:
    wool = "Wool next to the skin triggers itching in people with eczema, so wear cotton or silk under a jumper."
    denial = "Wool next to the skin does not trigger itching in people with eczema."
    tips = derive([under("Clothes", wool), document(f"# Wool\n\n{denial}\n", name="two.md")])
    assert [tip.text for tip in tips] == [wool]
    assert "notes.md" in tips[0].flags[0]
    assert "two.md" in tips[0].flags[0]
    assert tips[0].also == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wool triggers itching.", "Wool does not trigger itching."),
        ("Honey never spoils in a jar.", "Honey spoils in a jar within a year."),
    ],
)
def test_a_denial_is_seen_from_either_side(one: str, other: str) -> None:
    assert denies(sentence(one), sentence(other))
    assert denies(sentence(other), sentence(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rinse the rice well.", "Do not rinse the rice until it has soaked."),
        ("Use warm water.", "Use warm rather than hot water."),
        ("Wool triggers itching.", "Silk does not feel warm."),
        ("Wool triggers itching.", "Wool triggers itching."),
    ],
)
def test_a_condition_or_another_matter_denies_nothing(one: str, other: str) -> None:
    assert not denies(sentence(one), sentence(other))


def test_the_order_of_the_documents_changes_no_set_of_advice() -> None:
    one, two = (
        document(f"# Showers\n\n{SHOWER}\n\n{CREAM}\n", name="one.md"),
        document(f"# Baths\n\n{SHOWER}\n", name="two.md"),
    )
    assert {tip.text for tip in derive([one, two])} == {tip.text for tip in derive([two, one])}


def test_a_place_that_is_named_as_a_source_is_not_flagged_as_possibly_the_same() -> None:
    made = under("Showers", SHOWER, CREAM)
    first, second = (window for passage in passages_of(made) for window in windows(made, passage))
    tip = Chosen(first, 0, 3.0, "Showers")
    said = Said(0, made, second.passage.section, second.span)
    tip.possible.append(said.place())
    assert [flag for flag in tip.all_flags() if flag.startswith("possibly said again") and CREAM in flag]
    tip.support(said)
    assert tip.all_flags() == ()


def test_the_same_words_in_another_document_are_another_place() -> None:
    made, other = under("Showers", SHOWER), document(f"# Baths\n\n{SHOWER}\n", name="two.md")
    (window,) = (window for passage in passages_of(made) for window in windows(made, passage))
    tip = Chosen(window, 0, 3.0, "Showers")
    tip.possible.append(Said(0, made, window.passage.section, window.span).place())
    tip.support(Said(1, other, other.sections[0], window.span))
    assert len(tip.all_flags()) == 1


def test_documents_that_are_read_anew_the_second_time_give_the_same_tips() -> None:
    texts = [f"# Showers\n\n{SHOWER}\n\n{CREAM}\n", f"# Baths\n\n{SHOWER_AGAIN}\n", f"# Creams\n\n{CREAM}\n"]

    class Anew:
        def __iter__(self) -> Iterator[Document]:
            return (document(text, name=f"{number}.md") for number, text in enumerate(texts))

    assert derive(Anew()) == derive(list(Anew()))
    assert any(tip.also for tip in derive(Anew()))


@given(st.lists(st.sampled_from(CREAM.rstrip(".").replace(",", "").split()), unique=True, max_size=9), st.text("ab "))
def test_a_passage_that_shares_four_stems_with_a_tip_is_read_and_none_that_shares_fewer(
    words: list[str], others: str
) -> None:
    made = under("Creams", CREAM, SHOWER)
    agreement = Agreement({})
    for passage in passages_of(made):
        for window in windows(made, passage):
            agreement.add(Chosen(window, 0, 1.0, "Creams"))
    said = set(content_stems(" ".join([*words, others])))
    shared = max(len(said.intersection(tip.window.stems)) for tip in agreement.chosen)
    assert agreement._may_speak_of_one(content_stems(" ".join([*words, others, *words]))) is (shared >= 4)


def test_what_is_only_perhaps_the_same_stays_within_one_document_and_is_flagged_between_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = "Choose a window seat on a long flight so that nobody climbs over you while you sleep."
    aisle = "Book an aisle seat on a long flight, because you can stretch and walk while others sleep."
    assert compare(window, aisle).verdict is Likeness.POSSIBLE
    assert {tip.text for tip in derive([under("Flights", window, aisle)])} == {window, aisle}
    (tip,) = derive([under("Flights", window), document(f"# Seats\n\n{aisle}\n", name="two.md")])
    assert any("possibly said again" in flag for flag in tip.flags)
    for score, kept in ((0.31, 1), (0.29, 2)):
        alike = Comparison(score, Likeness.POSSIBLE, "Much is alike.")
        monkeypatch.setattr(agreement, "compare", lambda *_, alike=alike: alike)
        assert len(derive([under("Flights", window, aisle)])) == kept


def test_two_statements_that_one_author_begins_alike_are_one() -> None:
    first = "Pitted scars are a kind of mark that reaches deep into the skin, with edges that are sharp and steep."
    again = "Pitted scars are a kind of mark that looks small from above, and it is one of the hardest to treat."
    assert len(derive([under("Pitted scars", first, again)])) == 1
    rinse = sentence("If the skin stings after the peel, rinse it with cool water for ten minutes.")
    cover = sentence("If the skin stings after the peel, cover it with a cool cloth at night.")
    assert not agreement._begin_alike(rinse, cover)


def test_care_before_and_care_after_are_two_tips_of_one_document() -> None:
    before = (
        "Pre-peel care may include avoiding the sun, using plain skincare products and stopping creams that can "
        "irritate the skin."
    )
    after = (
        "Proper post-peel care includes keeping the skin clean, avoiding harsh skincare products and plain creams "
        "against the sun."
    )
    assert {tip.text for tip in derive([under("Peels", before, after)])} == {before, after}
