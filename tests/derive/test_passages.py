"""Blocks made ready for the rules: which hold tips, and what is taken off a sentence's beginning."""

import pytest

from pipeline.derive import edits
from pipeline.derive.passages import Piece
from tests.derive.making import document, passages_of, under


def opening(text: str) -> Piece:
    """The only sentence of a paragraph."""
    return passages_of(under("Brushes", text))[0].pieces[0]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Additionally, oil the hinge.", "Oil the hinge."),
        ("In summary, oil keeps a hinge quiet.", "Oil keeps a hinge quiet."),
        ("It's important to note that oil ages.", "Oil ages."),
        ("It is also worth noting that oil ages.", "Oil ages."),
        ("However, it is important to note that oil ages.", "Oil ages."),
        ("Finally, and remember, oil ages.", "Oil ages."),
        ("Fact: oil ages.", "Oil ages."),
        ("It's also important to oil the hinge.", "It's important to oil the hinge."),
        ("Oil can also be warmed.", "Oil can be warmed."),
        ("Remember that oil ages.", "Oil ages."),
    ],
)
def test_a_prefix_that_says_nothing_comes_off(text: str, kept: str) -> None:
    assert opening(text).opening.text == kept


@pytest.mark.parametrize(
    "text",
    [
        "Therefore, oil the hinge.",
        "As a result, the hinge squeaks.",
        "In such cases, oil the hinge.",
        "As with any hinge, oil helps.",
        "For example, oil the hinge.",
        "In some cases, oil ages.",
        "Generally, oil ages.",
        "However you oil it, a hinge wears.",
        "Second coats need a day to dry.",
        "Still water grows algae.",
        "In addition to oil, a hinge needs care.",
    ],
)
def test_what_carries_meaning_stays(text: str) -> None:
    piece = opening(text)
    assert piece.opening.text == text
    assert piece.opening_edits == ()


@pytest.mark.parametrize(
    "text", ["However, oil ages.", "Also, oil ages.", "It can also be oiled, and also waxed.", "Note that oil ages."]
)
def test_the_edits_make_the_opening_from_the_sentence(text: str) -> None:
    piece = opening(text)
    assert edits.replay(piece.sentence.text, piece.opening_edits) == piece.opening.text


def test_hard_wrapped_lines_are_one_sentence() -> None:
    made = document(
        "Brushes\n\nWash the brushes once a week with a mild soap\nand warm water, and let them dry.\n", name="a.txt"
    )
    piece = passages_of(made)[-1].pieces[0]
    assert "\n" not in piece.sentence.text
    assert piece.edits == (edits.JOINED_LINES,)


def test_quotes_tables_and_boilerplate_hold_no_tips() -> None:
    made = document(
        "# Brushes\n\n> Wash the brushes once a week.\n\n| Brush | Care |\n|---|---|\n| flat | wash |\n\n"
        "## Privacy policy\n\nWash the brushes once a week.\n"
    )
    assert passages_of(made) == []


def test_items_that_are_sentences_stay_apart() -> None:
    passage = passages_of(under("Brushes", "- Wash the brushes weekly\n- Hang them up to dry"))[0]
    assert [piece.sentence.text for piece in passage.pieces] == ["Wash the brushes weekly.", "Hang them up to dry."]
    assert all(edits.FULL_STOP in piece.edits for piece in passage.pieces)


def test_fragments_without_an_intro_are_left_out() -> None:
    assert passages_of(under("What to buy", "- a flat brush\n- a round brush"))[0].pieces == []


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ("Patch test: put a little cream behind the ear and wait.", "Patch test: "),
        ("Place – put the bowl far from the food and the litter.", "Place – "),
        ("If it stings: rinse the skin with plenty of cool water.", ""),
        ("For dry skin: use an ointment and not a light lotion.", ""),
        ("After 20 minutes: take the lid off and lower the heat.", ""),
        ("Put the bowl far from the food, and far from the litter.", ""),
    ],
)
def test_an_item_may_have_a_label_that_is_no_condition(item: str, label: str) -> None:
    passage = passages_of(under("Care", f"- {item}\n- Wash the brushes weekly with soap."))[0]
    assert passage.pieces[0].label == label


def test_pieces_are_the_same_after_they_were_forgotten() -> None:
    passage = passages_of(under("Brushes", "Wash the brushes weekly. Hang them up to dry."))[0]
    before = [piece.sentence.text for piece in passage.pieces]
    passage.forget()
    assert [piece.sentence.text for piece in passage.pieces] == before


def test_a_paragraph_that_calls_itself_an_advertisement_is_none() -> None:
    told = passages_of(under("Brushes", "**Advertisement.** Wash less with *Brushly*.\n\nHang them up to dry."))
    assert [piece.sentence.text for passage in told for piece in passage.pieces] == ["Hang them up to dry."]


def test_a_word_of_warning_may_be_taken_off() -> None:
    text = "And one word of warning: do not eat raw dough, or let children nibble at any of it."
    piece = passages_of(under("Dough", text))[0].pieces[0]
    assert piece.opening.text.startswith("Do not eat raw dough")


NAMED_FIRST = [
    ("Robot mowers. Run the mower by day only, as young hedgehogs curl up before it.", "Robot mowers. "),
    (
        "Skipping the swatch. Knit a small square first and wash it before you count the stitches.",
        "Skipping the swatch. ",
    ),
]
NO_NAMES = [
    "Lavender smells nice. Hang a bag of it in the wardrobe and renew the flowers each year.",
    "Be patient. Wait until the glue has set before you take the clamps off the joint.",
    "Usually not. Ask the maker before you put the board into the dishwasher again.",
    "Yes. Wash it by hand in lukewarm water with a mild soap once a month.",
    "It works. Rub the stain with a cut lemon and rinse the board after ten minutes.",
]


@pytest.mark.parametrize("form", ["{}\n", "- {}\n- Another item that says a good deal about it by itself.\n"])
@pytest.mark.parametrize(("text", "label"), NAMED_FIRST)
def test_a_name_that_stands_first_is_a_label(form: str, text: str, label: str) -> None:
    piece = next(iter(passages_of(document(f"# Notes\n\n## Care\n\n{form.format(text)}")))).pieces[0]
    assert piece.label == label
    assert piece.opening.text == text.removeprefix(label)


@pytest.mark.parametrize("text", NO_NAMES)
def test_a_short_sentence_that_says_or_answers_something_is_no_label(text: str) -> None:
    pieces = next(iter(passages_of(document(f"# Notes\n\n## Care\n\n{text}\n")))).pieces
    assert [piece.label for piece in pieces] == ["", ""]


@pytest.mark.parametrize("lead", ["Top tip.", "Good news.", "Step one.", "The fix.", "Rule number two.", "Top tip:"])
def test_a_label_that_only_announces_comes_off_and_names_nothing(lead: str) -> None:
    text = "Rub wooden spoons with a cut lemon, and leave them in the sun for an hour."
    piece = passages_of(document(f"# Notes\n\n## Care\n\n- {lead} {text}\n- Oil them twice a year.\n"))[0].pieces[0]
    assert piece.opening.text.endswith(text)
    assert piece.label_taken_off == ""


@pytest.mark.parametrize(
    "lead", ["Myth.", "Myth one.", "Common claim.", "Old wives' tale.", "False belief.", "Fiction."]
)
@pytest.mark.parametrize("form", ["{}\n", "- {}\n- Cool a burn under running water for twenty minutes at least.\n"])
def test_a_myth_is_not_parted_from_what_it_says(lead: str, form: str) -> None:
    text = f"{lead} Butter takes the heat out of a burn within a few minutes and keeps the skin from blistering at all."
    made = document(f"# Burns\n\n## Care\n\n{form.format(text)}")
    assert passages_of(made)[0].pieces[0].label == ""
