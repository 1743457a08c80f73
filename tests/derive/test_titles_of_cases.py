"""What a tip is called that opens with a case, and one that no line of its own fits."""

import pytest

from pipeline.derive import acts, clauses, grammar, phrases
from pipeline.derive.breaking_off import first_words
from pipeline.derive.tips import derive
from pipeline.derive.title_lines import small
from tests.derive.making import document, sentence, under

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


def test_how_long_something_has_lasted_is_not_how_long_to_do_it() -> None:
    assert acts.how_long(sentence("Stop feeding when the dish has been full for a week, usually in November.")) == ""
    assert acts.how_long(sentence("Keep the dish in the shade for a week.")) == "How long to keep the dish in the shade"


def test_a_place_behind_a_noun_belongs_to_it() -> None:
    found = sentence("Dark plastic pots on a hot balcony may cook the roots on the sunny side.")
    assert phrases.about(found) == "Dark plastic pots on a hot balcony"
    assert phrases.about(sentence("Longer naps at work may leave you groggy for up to half an hour.")) == ""


def test_use_behind_a_place_is_an_order() -> None:
    found = sentence("In a cold kitchen use lukewarm water, at roughly 35 degrees.")
    assert found.words[grammar.imperative_at(found)] == "use"


HEDGEHOGS = (
    "# Make room for hedgehogs\n\nA hedgehog walks two kilometres a night. Hedgehogs need gaps in fences.\n\n"
    "## {heading}\n\nPut out a shallow dish of water, especially in dry spells, and wash out the dish with hot water. "
    "Never give milk as food. A dish of meaty food is best put out at dusk, as slugs eat the food by day.\n\n"
    "## The winter\n\nLeave a heap of leaves where a hedgehog can sleep from November to March.\n"
)


@pytest.mark.parametrize("heading", ["Food and water", "The food"])
def test_a_part_of_the_subject_is_not_named_instead_of_it(heading: str) -> None:
    tips = derive([document(HEDGEHOGS.format(heading=heading), "hedgehogs.md")])
    named = [tip for tip in tips if "hedgehog" in f"{tip.title} {tip.text}".lower()]
    assert tips
    assert named == tips
