"""What a tip is called."""

import pytest

from pipeline.derive import clauses, phrases
from pipeline.derive.headings import read_heading
from pipeline.derive.profile import sentence_case
from pipeline.derive.tips import derive
from pipeline.derive.title_rules import LONGEST
from pipeline.documents import read
from pipeline.documents.model import Document
from tests.derive.making import document, sentence, under
from tests.derive.score import cases


def titles(made: Document) -> list[str]:
    return [tip.title for tip in derive([made])]


MOULD = "Wash the brushes once a week with a mild soap and warm water, so that no mould can grow in them."
HOG = (
    "Hog hair, stiff and cheap, spreads thick paint well, badger hair, soft and dear, thin paint on a smooth ground, "
    "which makes two brushes of the two kinds enough for most of what beginners paint at home in a year."
)
STIFF = "If a brush has gone stiff, soak it in warm vinegar for about half an hour and comb the hairs afterwards."


def test_a_heading_that_names_what_the_tip_speaks_of_is_its_title_where_no_short_clause_is_one() -> None:
    assert titles(under("Two kinds of hair", HOG)) == ["Two kinds of hair"]


def test_the_case_in_which_an_order_holds_is_a_better_title_than_its_heading() -> None:
    assert titles(under("Stiff brushes", STIFF)) == ["What to do if a brush has gone stiff"]


def test_a_heading_in_capitals_or_title_case_is_made_a_plain_line() -> None:
    assert titles(under("TWO KINDS OF HAIR", HOG)) == ["Two kinds of hair"]
    assert titles(under("Two Kinds Of Hair", HOG)) == ["Two kinds of hair"]


@pytest.mark.parametrize(
    "heading",
    ["Conclusion", "Introduction", "Tips", "How do I wash brushes?", "Myth: brushes need no washing", "Overview"],
)
def test_a_question_a_myth_and_a_heading_for_any_text_are_no_titles(heading: str) -> None:
    assert all(heading.lower() not in title.lower() for title in titles(under(heading, MOULD, STIFF)))


def test_a_heading_that_points_back_is_no_title() -> None:
    assert "Using them" not in titles(under("Using them", MOULD))


def test_a_heading_that_asks_how_of_no_one_in_particular_is_no_title() -> None:
    text = "Wool and dust are common triggers of itching, and sweat makes it worse on warm days in summer."
    assert "How triggers work" not in titles(under("How triggers work", text, title="Eczema at home"))


def test_no_title_is_longer_than_a_card_has_room_for_and_none_stops_where_something_must_follow() -> None:
    found = [tip.title for made, _ in cases("dev") for tip in derive([made], limit=15)]
    assert max(map(len, found)) <= LONGEST
    assert not [title for title in found if title.split()[-1] in {"and", "or", "a", "the", "of", "just", "than"}]


def test_a_heading_on_more_is_better_than_to_lose_the_tip() -> None:
    cut = (
        "Subcision, for example, can be used to break up the bands beneath the skin, which lifts it from below. "
        "A needle is moved to and fro under it."
    )
    other = "Scars of this kind need patience, because scars change slowly and scars never vanish as a whole."
    made = document(f"# Deep scars\n\n{other}\n\n## Combining treatments\n\n{cut}\n")
    assert [tip.title for tip in derive([made]) if "Subcision" in tip.text] == ["Deep scars: combining treatments"]


def test_whose_leaflet_it_is_is_no_title() -> None:
    clock = "You cannot turn the clock round at will, but a few habits help you to get more sleep and better sleep."
    made = document(f"# Sleep and shifts\n\n## A leaflet from the Elm Clinic\n\n{clock}\n\n## Light\n\n{clock}\n")
    assert not [title for title in titles(made) if "leaflet" in title]


def test_what_a_further_sentence_orders_is_no_title() -> None:
    sore = (
        "Hold a cool, damp cloth against a sore lip for a few minutes to ease it. "
        "Avoid salty, spicy or acidic food if it makes the sore lip sting."
    )
    (title,) = titles(under("Comfort", sore))
    assert "acidic" not in title
    assert "cool, damp cloth" in title


def test_an_order_that_fits_is_not_cut_before_a_phrase_of_its_clause() -> None:
    battery = (
        "Take a phone with a swollen battery to a recycling centre, because a post van or a bin lorry can catch fire."
    )
    assert titles(under("Old phones", battery)) == ["Take a phone with a swollen battery to a recycling centre"]


def test_a_heading_that_names_what_the_tip_does_not_speak_of_is_no_last_resort() -> None:
    """Where no line is good, the tip's first words are better than a heading on other things."""
    hats = (
        "Hats, cushions and coats need no special cleaning, because a louse away from the scalp dies within two days."
    )
    lice = "Check the hair for lice once a week with a fine comb, because lice are small and quick on a dry head."
    made = document(f"# Head lice\n\n## Looking for lice\n\n{lice}\n\n## Combs and brushes\n\n{hats}\n")
    (title,) = [title for title in titles(made) if "ats, cushions" in title]
    assert "ombs" not in title


def test_no_title_is_given_twice() -> None:
    found = titles(under("Brushes", MOULD, STIFF))
    assert len(found) == len(set(found)) == 2


def test_a_tip_that_does_not_name_its_subject_gets_it_in_the_title() -> None:
    made = document(
        "# Sunscreen\n\nSunscreen works only where it is. Sunscreen is cheap, and sunscreen keeps for a year.\n\n"
        "## How much?\n\nUse one fingertip unit for the face and neck, and about six of them "
        "for each of the legs and the back.\n"
    )
    assert [title for title in titles(made) if "fingertip" in title] == [
        "Sunscreen: use one fingertip unit for the face and neck"
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Keep the treated area clean, because it heals better so.", "Keep the treated area clean"),
        (
            "Make the dough on Sunday and freeze it, since it keeps well.",
            "Make the dough on Sunday and freeze it",
        ),
        ("Wipe disc rotors with alcohol only: a trace of oil makes them howl.", "Wipe disc rotors with alcohol only"),
        ("Dim the lights in the last hour before bed.", "Dim the lights in the last hour before bed"),
        ("Measure the chain with a gauge, because the eye cannot see the wear.", "Measure the chain with a gauge"),
        ("If it stings, rinse the skin with cool water.", "If it stings, rinse the skin with cool water"),
        ("Before a wet ride, let some air out of the tyres.", "Let some air out of the tyres"),
        (
            "Check the pressure in both of the tyres once a week with a gauge rather than with your thumb or by eye.",
            "Check the pressure in both of the tyres once a week with a gauge",
        ),
    ],
)
def test_an_order_is_cut_at_the_end_of_its_clause(text: str, title: str) -> None:
    assert clauses.order(sentence(text)) == title


@pytest.mark.parametrize(
    "text",
    [
        "Do not use the cream on the skin of the face or of the neck during the last months of a pregnancy at all.",
        "Stop the treatment of the skin with the cream at the end of the week unless the doctor has told you not to.",
        "Wash the brushes in the sink of the kitchen after supper only if the paint in them is made with water alone.",
    ],
)
def test_an_order_is_not_cut_where_a_condition_or_a_limit_would_be_lost(text: str) -> None:
    assert clauses.order(sentence(text)) == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Heavier riders need more pressure; stay within the range.", "Heavier riders need more pressure"),
        ("Clouds do not stop ultraviolet light: much of it passes.", "Clouds do not stop ultraviolet light"),
        ("Retinol may irritate thin skin, so begin slowly.", "Retinol may irritate thin skin"),
        ("Oil on the outside does nothing but collect grit.", "Oil on the outside does nothing but collect grit"),
    ],
)
def test_a_short_statement_keeps_its_hedge_and_its_negation(text: str, title: str) -> None:
    assert clauses.statement(sentence(text)) == title


@pytest.mark.parametrize(
    "text", ["It keeps for a year.", "When it rains, brakes bite late.", "What lies flat keeps its shape."]
)
def test_a_statement_that_leans_on_something_is_no_title(text: str) -> None:
    assert clauses.statement(sentence(text)) == ""


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Laser treatments, such as resurfacing, can smooth scars.", "Laser treatments"),
        ("The depth of the scar matters.", "depth of the scar"),
        ("By creating small wounds, needling prompts healing.", ""),
        ("Rinse the brush.", ""),
    ],
)
def test_what_a_sentence_is_about(text: str, about: str) -> None:
    assert phrases.about(sentence(text)) == about


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Common side effects include redness and mild irritation, which usually go away within two or three days.",
            "side effects",
        ),
        (
            "People with eczema or open wounds may need to avoid needling until the skin has healed all the way.",
            "eczema or open wounds",
        ),
        ("See a doctor the same day when a spot spreads quickly, feels hot or comes together with a fever.", "doctor"),
    ],
)
def test_a_concept_gives_a_title_where_the_heading_gives_none(text: str, title: str) -> None:
    intro = "Needling can smooth scars. Needling makes small wounds, and needling takes an hour for most people."
    assert any(title in found for found in titles(under("More", intro, text, title="Needling")))


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        ("Preparing for Microneedling", "Preparing for microneedling"),
        ("VITAMIN C AND SPF", "Vitamin C and SPF"),
        ("Post-Treatment Care", "Post-treatment care"),
        ("How Often to Use AHA Peels", "How often to use AHA peels"),
    ],
)
def test_a_heading_becomes_a_plain_line(heading: str, line: str) -> None:
    assert sentence_case(heading, frozenset()) == line


def test_a_name_keeps_its_capital() -> None:
    assert sentence_case("Olives From Tuscany", frozenset({"tuscany"})) == "Olives from Tuscany"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("3. Washing", "Washing"),
        ("Step 2: Drying", "Drying"),
        ("Tip 4 – Oiling", "Oiling"),
        ("IV. Storing", "Storing"),
        ("5  Cleaning mould", "Cleaning mould"),
        ("1 Windows", "Windows"),
        ("5 Ways to dry a wall", "5 Ways to dry a wall"),
        ("3 Minute masks", "3 Minute masks"),
    ],
)
def test_a_heading_loses_its_number(raw: str, text: str) -> None:
    assert read_heading(raw).text == text


def test_a_heading_says_what_kind_of_section_it_opens() -> None:
    assert read_heading("Final thoughts").is_conclusion
    assert read_heading("Common myths about sleep").is_myth
    assert read_heading("But my grandfather always said").is_myth
    assert read_heading("Myth 3: snoring is harmless").states_a_myth
    assert not read_heading("Myth 3: snoring is harmless").is_myth
    assert read_heading("Effectiveness and Considerations").is_generic
    assert not read_heading("Washing brushes").is_generic


@pytest.mark.parametrize(
    ("title", "noun", "lead"),
    [
        ("Dental care for adults", "Enamel", "Dental care"),
        ("BICYCLES IN WINTER: A GUIDE", "Bicycles", "Bicycles"),
        ("Home > Garden > Roses and lavender", "Roses", "Roses and lavender"),
        ("A guide to roses | The Green Page", "Roses", "Roses"),
        ("How to prune an apple tree", "Apple trees", "Pruning an apple tree"),
        ("Living with dogs", "Dogs", "Dogs"),
        ("Feeding kittens – the basics", "Kittens", "Feeding kittens"),
        ("How kittens grow", "Kittens", "Kittens"),
    ],
)
def test_the_document_s_own_title_leads_in_up_to_its_first_for_or_colon(title: str, noun: str, lead: str) -> None:
    text = "Write each date down at once, since dates slip out of most heads within a week or two."
    other = f"{noun} need care. {noun} suffer in winter. {noun} last."
    made = document(f"# {title}\n\n## {title} again\n\n{other}\n\n## What it costs\n\n{text}\n")
    (tip,) = [tip for tip in derive([made]) if "dates slip" in tip.text]
    assert tip.title.startswith(f"{lead}: ")


def test_a_guide_is_no_subject() -> None:
    made = document(
        "# Cycling: a guide for the first month\n\n## Getting started\n\nThis guide is a guide for the first month, "
        "and a guide can help.\n\nChoose the day with the best forecast, and ride the way once on a Sunday, when the "
        "roads are empty.\n"
    )
    assert all(not tip.title.startswith("Guide") for tip in derive([made]))


def test_an_order_that_names_no_thing_is_no_title() -> None:
    made = under(
        "What it is not",
        "Cash loses value every year. For money that you do not need for five years, look at other places as well.",
        title="Saving",
    )
    assert [tip.title for tip in derive([made])] == ["Cash loses value every year"]


def test_a_thing_that_a_clause_narrows_keeps_it_in_the_title() -> None:
    made = under(
        "Fridge or counter?",
        "A ripe tomato that cannot be eaten in time may go into the fridge for up to three days. Let it warm up for an "
        "hour before it is eaten, because taste returns with the warmth.",
        title="Tomatoes",
    )
    assert [tip.title for tip in derive([made])] == ["A ripe tomato that cannot be eaten in time"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "A ripe tomato that cannot be eaten in time may go into the fridge.",
            "A ripe tomato that cannot be eaten in time",
        ),
        ("The parts that people miss most often are the ears.", "The parts that people miss most often"),
        ("Dogs bark.", ""),
        ("It is the sun that dries the soil and can harm the roots.", ""),
    ],
)
def test_a_subject_is_told_with_the_clause_that_narrows_it(text: str, title: str) -> None:
    assert phrases.about_which(sentence(text)) == title


def test_until_when_may_be_left_to_the_text_and_a_forbidding_until_may_not() -> None:
    assert (
        clauses.order(sentence("Dry the pan over low heat, until the last damp has gone."))
        == "Dry the pan over low heat"
    )
    assert clauses.order(sentence("Do not cover the pan, until the last damp has gone.")) == ""


HEAP = [
    "Chop tough stems to the length of a finger before you add them, because small pieces take less time.",
    "Turn compost every three weeks in summer with a fork: compost without air turns sour, and sour compost smells.",
]


def test_what_the_document_s_title_is_on_leads_in_where_neither_text_nor_title_says_it() -> None:
    made = document(f"# Compost that works\n\n## Adding to it\n\n{HEAP[0]}\n\n## Air\n\n{HEAP[1]}\n")
    assert any(title.startswith("Compost: chop tough stems") for title in titles(made))
    assert not any(title.startswith("Compost: how often to turn compost") for title in titles(made))


def test_a_subject_that_the_document_s_title_is_not_on_leads_nothing_in() -> None:
    made = document(f"# Keeping a garden alive\n\n## Adding to it\n\n{HEAP[0]}\n\n## Air\n\n{HEAP[1]}\n")
    assert not any(title.startswith("Compost:") for title in titles(made))


@pytest.mark.parametrize("opening", ["Don't", "Do not"])
def test_a_ban_is_never_titled_as_the_act_that_it_forbids(opening: str) -> None:
    text = f"{opening} block air bricks or trickle vents, even if you feel a draught. They are there to keep it dry."
    assert phrases.about(sentence(text.split(". ")[0] + ".")) == ""
    assert not any(title.lower().startswith(("block", "air bricks or")) for title in titles(under("Let it out", text)))


def test_a_file_s_two_words_that_read_as_an_order_lead_no_title_in() -> None:
    text = (
        "Going by Train with Little Ones\n\nA train is a good place for children. Most children like a train.\n\n"
        "Fill the water bottles before you leave home, as the tap water on board is normally not for drinking.\n\n"
        "Keep hot drinks out of reach and with the lid on, and never hold one while a child sits on your lap.\n"
    )
    made = read(text.encode(), name="train-children.txt")
    assert all("Train children" not in tip.title for tip in derive([made], limit=5))
