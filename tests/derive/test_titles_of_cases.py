"""What a tip is called that opens with a case, and one that no line of its own fits."""

import pytest

from pipeline.derive import acts, clauses, grammar, phrases
from pipeline.derive.breaking_off import first_words
from pipeline.derive.tips import derive
from pipeline.derive.title_lines import small
from tests.derive.making import sentence, under

JUGGLING = (
    "If you are used to two balls and want to go on to three at last, a heavier ball is usually easier to catch.",
    "A heavier ball",
)
STAGE = (
    (
        "If the fear is so strong that you turn down parties or cannot sleep for days, ask your doctor about "
        "talking therapy, which works well for many people."
    ),
    "What to do if the fear is so strong that you turn down parties or cannot sleep",
)
EYES = (
    (
        "As for the eyes, pick one friendly face in each part of the room and stay with it for a whole sentence, about "
        "three to five seconds, before you go to the next."
    ),
    "Pick one friendly face in each part of the room",
)
BATTERY = (
    (
        "Take a lamp with a swollen battery to a recycling centre or a shop that accepts batteries; do not post it "
        "or put it in the bin."
    ),
    "Take a lamp with a swollen battery to a recycling centre",
)


@pytest.mark.parametrize(("text", "title"), [JUGGLING, STAGE, EYES, BATTERY])
def test_a_title_is_no_case_alone_and_leaves_nothing_half_said(text: str, title: str) -> None:
    (tip,) = derive([under("Some words on it", text)])
    assert tip.title.lower() == title.lower()


CASES_ALONE = [
    "On a journey of more than four hours, get up and walk about.",
    "If you can already jog for half an hour, ten weeks is usually enough to build up to ten kilometres.",
    "Even when the skin looks normal, its barrier needs another three months or so to recover.",
    "For tightly curled or very dry hair, a wash every second week with a mild shampoo is generally enough.",
]


@pytest.mark.parametrize("text", CASES_ALONE)
def test_the_first_words_of_a_tip_are_more_than_its_case(text: str) -> None:
    case, _, _ = text.partition(",")
    assert first_words(sentence(text), len(case) + 2) == ""
    assert case.startswith(first_words(sentence(text), len(case) + 2, case_alone=True)[:20])


def test_a_time_or_a_place_that_opens_a_whole_clause_is_a_beginning() -> None:
    text = "From the age of about eleven a cat should see the vet every six months, because illness is easier to treat."
    assert first_words(sentence(text), 60) == "From the age of about eleven a cat should see the vet"


def test_a_list_of_things_is_not_ended_in_its_midst() -> None:
    text = "Pack a head torch with fresh batteries, a whistle, a spare warm layer and more food than you expect to eat."
    (tip,) = derive([under("What to carry", text, title="First hill walks")])
    assert "whistle" not in tip.title


def test_an_e_mail_is_written_small_behind_a_lead() -> None:
    assert small("E-mail password") == "e-mail password"
    assert small("T-shirts of cotton") == "T-shirts of cotton"


def test_a_noun_before_such_as_is_no_verb() -> None:
    found = sentence("Antifungal creams such as clotrimazole work best if you start at the first itch.")
    assert phrases.about(found) == "Antifungal creams"


def test_what_counts_as_something_is_no_order() -> None:
    found = sentence("Work counts as heavy if you lift more than ten kilograms several times an hour.")
    assert grammar.imperative_at(found) == -1
    assert clauses.when_to(found) == ""
    assert acts.doing(found) == ""
    assert grammar.imperative_at(sentence("Work numbers into the story if you can.")) == 0


def test_who_asked_is_no_title() -> None:
    text = "If the dye has set for a week, little can be done, so try a patch first."
    titles = [tip.title for tip in derive([under("Asked by marta in dyeing", text)])]
    assert all("marta" not in title for title in titles)
