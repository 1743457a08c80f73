"""Topics: the taxonomy for skincare, a document's own headings for everything else."""

import pytest

from pipeline.derive.lexicon_files import groups
from pipeline.derive.profile import profile
from pipeline.derive.tips import derive
from tests.derive.making import document, under

SKIN = "Skin needs care in every season of the year, and acne-prone skin needs it most of all."


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        (
            "Reapply sunscreen every two hours when you are outdoors, and straight after swimming in the sea.",
            "Sun protection",
        ),
        ("Wash the face with a mild cleanser and lukewarm water, then rinse it well for half a minute.", "Cleansing"),
        (
            "Put a cream or an ointment on damp skin within three minutes, because dry skin loses moisture fast.",
            "Moisture",
        ),
        (
            "Do not squeeze pimples, because the breakout can spread and blemishes can turn into marks later.",
            "Breakouts",
        ),
        (
            "Begin with retinol two evenings a week, and keep vitamin C serums for the morning hours instead.",
            "Ingredients",
        ),
        (
            "Wear a hat with a wide brim and stay in the shade at noon, since sunlight ages the face early.",
            "Sun protection",
        ),
        (
            "Raised scars and keloids should be seen before a pit or a mark is treated with subcision or needles.",
            "Scars and marks",
        ),
        (
            "Patch test a new product behind the ear for three days, because irritation and a rash may come late.",
            "Side effects and safety",
        ),
        (
            "Before treatment, cancel the appointment if a cold sore shows, and plan the recovery at home instead.",
            "Before and after treatment",
        ),
        (
            "Laser resurfacing and chemical peels are treatments for winter, when the days are short and dull.",
            "Treatments",
        ),
        (
            "People with rosacea or eczema should note their triggers, since itching and flares come in waves.",
            "Sensitive skin",
        ),
        (
            "Fine lines and wrinkles appear as elastin and collagen are lost, which smoking speeds up by years.",
            "Ageing",
        ),
        (
            "Cut fingernails short and sleep on cotton with a fresh pillowcase twice a week in the warm months.",
            "Everyday care",
        ),
    ],
)
def test_skincare_has_a_taxonomy_of_its_own(text: str, topic: str) -> None:
    tips = derive([under("More", SKIN, text, title="Skin notes")])
    assert topic in {tip.topic for tip in tips if tip.text == text}


def test_other_documents_are_a_topic_themselves_and_so_is_a_chapter_as_long_as_one() -> None:
    text = "Water tomatoes at the foot of the plant early in the day, about two litres every second day."
    assert [tip.topic for tip in derive([under("Watering tomatoes", text, title="Tomatoes")])] == ["Tomatoes"]
    more = " ".join(
        f"Shelf {number} of the greenhouse held seedlings in the spring of that year." for number in range(70)
    )
    book = document(f"# Tomatoes\n\n## Seed trays\n\n{more}\n\n## Watering tomatoes\n\n{text}.\n")
    assert {tip.topic for tip in derive([book])} == {"Tomatoes"}
    book = document(f"# Tomatoes\n\n## Watering tomatoes\n\n{text}\n\n{more}\n\n## Seed trays\n\nSow in March.\n")
    assert {tip.topic for tip in derive([book])} == {"Watering tomatoes"}


def test_a_topic_that_the_documents_own_name_speaks_for_is_taken_where_another_is_spoken_of_as_much() -> None:
    burnt = "Get out of the sun at once and cool the skin with a lukewarm shower or a damp towel for ten minutes."
    assert [tip.topic for tip in derive([under("First aid", SKIN, burnt, title="Too much sun")])][-1:] == [
        "Sun protection"
    ]


@pytest.mark.parametrize("heading", ["How do I water?", "Conclusion", "Using it", "Tips", "Myth: water at noon"])
def test_a_heading_that_names_nothing_is_no_topic(heading: str) -> None:
    text = "Water tomatoes at the foot of the plant early in the day. Tomatoes need about two litres every second day."
    made = under(heading, text, title="Growing tomatoes")
    assert {tip.topic for tip in derive([made])} <= {"Tomatoes"}


def test_a_document_without_headings_has_its_subject_for_a_topic() -> None:
    made = document(
        "Store onions in a dry, airy place, because onions rot within weeks when they are kept in plastic bags.\n\n"
        "Keep onions away from potatoes. Onions give off a gas that makes potatoes sprout within a few weeks.\n",
        name="kitchen.txt",
    )
    assert {tip.topic for tip in derive([made])} == {"Onions"}


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Growing tomatoes", "Tomatoes"),
        ("Cherry tomatoes and basil", "Cherry tomatoes and basil"),
        ("A guide to tomatoes | The Green Page", "Tomatoes"),
        ("Home > Garden > Tomatoes", "Tomatoes"),
    ],
)
def test_a_section_without_a_name_has_what_the_document_is_on_for_a_topic(title: str, topic: str) -> None:
    text = "Water tomatoes at the foot of the plant early in the day. Tomatoes need about two litres every second day."
    assert {tip.topic for tip in derive([under("Tips", text, title=title)])} == {topic}


def test_a_document_on_bicycles_is_not_about_skin_for_one_word() -> None:
    made = under(
        "Saddles", "A saddle should not chafe the skin. " + "Set the saddle level and check the bolts each month. " * 30
    )
    assert not profile(made).is_skincare
    assert profile(under("More", SKIN)).is_skincare


def test_the_topics_are_few_and_read_well() -> None:
    names = [name for name in groups("tips/topics") if name != "skincare"]
    assert 8 <= len(names) <= 16
    assert all(name[0].isupper() and len(name) <= 30 for name in names)


WINTER = (
    "Wear a light in front and a red one behind when you go running in winter, as drivers see you late.",
    "Stuff wet running shoes with newspaper and change it after an hour, since heat hardens the glue of the sole.",
    "Start a winter run into the wind and come home with it behind you, so that you are not chilled while you sweat.",
)


def test_a_club_s_name_over_its_circular_is_no_topic() -> None:
    made = document("VALE HARRIERS - CLUB CIRCULAR\n\n" + "\n\n".join(WINTER) + "\n", name="winter-running.txt")
    topics = {tip.topic for tip in derive([made])}
    assert topics
    assert not any("harriers" in topic.lower() for topic in topics)


def test_who_speaks_in_a_round_of_answers_is_no_title() -> None:
    answers = "\n\n".join(f"FARAH: {text}" for text in WINTER)
    made = document(f"Winter running\n\nIn the end Farah has run for years.\n\n{answers}\n", name="panel.txt")
    titles = [tip.title for tip in derive([made])]
    assert titles
    assert not any("farah" in title.lower() for title in titles)
