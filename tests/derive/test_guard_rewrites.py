"""Free rewrites: what an editor may do to a sentence without saying more, and what looks like it and is not."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind

FAITHFUL = {
    "a comparison may be told from its other side": (
        "Cotton is less warm than wool.",
        "Wool is warmer than cotton.",
    ),
    "nobody promises, and no one can": (
        "Nobody guarantees results after a single visit.",
        "No one can guarantee results after a single visit.",
    ),
    "a condition may be asked as a question": (
        "If you wake at night and lie awake for twenty minutes, get up.",
        "Awake at night for twenty minutes? Get up.",
    ),
    "the opposite under a negation agrees": (
        "Keep cash and cards in separate places.",
        "Do not keep cash and cards in the same place.",
    ),
    "what must not come first comes later": (
        "Ice should never be put straight on the skin; wrap it in a cloth first.",
        "Wrap ice in a cloth before putting it on the skin.",
    ),
    "a distance is kept": (
        "Leave at least a metre between the shed and the hedge.",
        "Keep the shed at least a metre away from the hedge.",
    ),
    "less of it is kept from it": (
        "Cats scratch sofas less when they have a tall post.",
        "A tall post keeps cats from scratching sofas as much.",
    ),
    "what is rather not done is second best": (
        "Rather than one long walk, give an old dog several short ones.",
        "An old dog is better off with several short walks than with one long one.",
    ),
    "what is easily breathed in is not to be breathed in": (
        "Sprays are easily breathed in, so spray them into your hands.",
        "Spray them into your hands so that you do not breathe sprays in.",
    ),
    "morning and evening are twice a day": (
        "Air the bedroom for ten minutes in the morning and in the evening.",
        "Air the bedroom for ten minutes twice a day.",
    ),
    "twice a day is morning and evening": (
        "Air the bedroom twice a day.",
        "Air the bedroom in the morning and in the evening.",
    ),
    "years may go without saying": (
        "Scooters are not for riders under nine years.",
        "Scooters are not for riders under nine.",
    ),
    "only once is not before": (
        "Plaster has to dry completely before it is painted.",
        "Paint plaster only once it is completely dry.",
    ),
    "only as emphasis promises nothing": (
        "Scratching makes the itch worse.",
        "Scratching only makes the itch worse.",
    ),
    "the harm may become the threat": (
        "Cast iron rusts if it is left wet.",
        "Dry cast iron well, or it will rust.",
    ),
    "another word for it is not new": (
        "Open the window after a shower.",
        "Air the bathroom after a shower.",
    ),
    "a condition in other words is told": (
        "Keep a copy of the key in the bag when you travel.",
        "On a trip, keep a copy of the key in the bag.",
    ),
    "what is not always so, told from the other side": (
        "An itchy scalp is not always caused by dandruff.",
        "Dandruff is not always what makes a scalp itch.",
    ),
    "what can be done so is done so": (
        "A slow puncture can be found by holding the tube under water.",
        "To find a slow puncture, hold the tube under water.",
    ),
}

FAITHFUL |= {
    "not everyone is told from the other side": (
        "Not everyone is a suitable candidate for this peel.",
        "This peel does not suit everyone.",
    ),
    "only once it has": (
        "Let the engine cool before you open the cap.",
        "Only open the cap once the engine has cooled.",
    ),
    "what may not rest is kept moving": ("Don't let the iron rest on one spot.", "Keep the iron moving."),
    "a mistake is what one should not do": (
        "It is a mistake to water cacti in winter.",
        "Do not water cacti in winter.",
    ),
    "short of it is lacking it": (
        "Seedlings that grow tall and thin are short of light.",
        "Tall, thin seedlings lack light.",
    ),
    "half and half is told once for each": ("Mix it half and half with water.", "Half and half with water, mix it."),
}

FAULTY = {
    "not everyone made everyone": (
        "Not everyone is a suitable candidate for this peel.",
        "This peel suits everyone.",
        FindingKind.DROPPED_NEGATION,
    ),
    "only before a mere act": (
        "Let the engine cool before you open the cap.",
        "Only the cap cools the engine.",
        FindingKind.STRONG_CLAIM,
    ),
    "a comparison told backwards": (
        "Cotton is less warm than wool.",
        "Wool is less warm than cotton.",
        FindingKind.SWAPPED_RELATION,
    ),
    "nobody made everybody": (
        "Nobody guarantees results after one session.",
        "Results after one session are guaranteed.",
        FindingKind.DROPPED_NEGATION,
    ),
    "a condition that went over into the order": (
        "When the dough springs back slowly, bake it.",
        "Bake the dough.",
        FindingKind.LOST_CONDITION,
    ),
    "a state that went over into the order": (
        "While the glue is still wet, wipe off the excess.",
        "Wipe off the excess glue.",
        FindingKind.LOST_CONDITION,
    ),
    "the label's directions gone": (
        "Take the capsules as directed by the label.",
        "Take the capsules.",
        FindingKind.LOST_CONDITION,
    ),
    "a limit behind a reason gone": (
        "Apply the gel, because the skin is dry, unless it is washed out.",
        "Apply the gel, because the skin is dry.",
        FindingKind.LOST_CONDITION,
    ),
    "for whom, at the sentence's head": (
        "For thick hair, choose a wide comb.",
        "Choose a wide comb.",
        FindingKind.LOST_CONDITION,
    ),
    "what has to come first gone": (
        "Unplug the mixer before you change the blades.",
        "Change the blades of the mixer.",
        FindingKind.LOST_CONDITION,
    ),
    "nothing suggests it gone": (
        "Nothing suggests that collagen drinks smooth the skin.",
        "Collagen drinks smooth the skin.",
        FindingKind.DROPPED_NEGATION,
    ),
    "the harm that stood beside the negation stays, and explains nothing": (
        "More of it does not work faster and irritates the skin.",
        "More of it does work faster and irritates the skin.",
        FindingKind.DROPPED_NEGATION,
    ),
    "without a thing, and then a negation of its own": (
        "A plant without roots cannot drink.",
        "A plant without roots can drink.",
        FindingKind.DROPPED_NEGATION,
    ),
    "left out in the open is not left away": (
        "Do not leave food out for more than an hour.",
        "Leave food out for more than an hour.",
        FindingKind.DROPPED_NEGATION,
    ),
    "cannot holds nothing back": (
        "Most cats cannot digest lactose, and it may cause diarrhoea.",
        "Most cats cannot digest lactose, and it causes diarrhoea.",
        FindingKind.DROPPED_HEDGE,
    ),
    "no longer gone": (
        "A cracked helmet no longer protects the head.",
        "A cracked helmet protects the head.",
        FindingKind.DROPPED_NEGATION,
    ),
    "always beside a long flight": (
        "Compression socks ease the legs on long flights.",
        "Compression socks always ease the legs on long flights.",
        FindingKind.STRONG_CLAIM,
    ),
    "what can be helpful told as helpful": (
        "It can be helpful to write lists.",
        "It is helpful to write lists.",
        FindingKind.DROPPED_HEDGE,
    ),
}


@pytest.mark.parametrize("what", FAITHFUL)
def test_a_faithful_rewrite_is_left_alone(what: str) -> None:
    source, text = FAITHFUL[what]
    assert check(source, text).findings == (), what


@pytest.mark.parametrize("what", FAULTY)
def test_a_rewrite_that_says_more_is_named_for_what_it_is(what: str) -> None:
    source, text, kind = FAULTY[what]
    found = {finding.kind: finding for finding in check(source, text).findings}
    assert kind in found, what
    assert found[kind].message
    assert found[kind].source_words or found[kind].text_words


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("A child's skin burns sooner.", True),
        ("Children may open a savings account.", False),
        ("See to it if the rash persists.", True),
        ("Persistent weeds want digging out.", False),
        ("Rub baby shampoo on goggles that fog up.", False),
    ],
)
def test_children_and_what_persists_need_a_note_beside_the_body_alone(text: str, flagged: bool) -> None:
    kinds = {finding.kind for finding in check(text, text).findings}
    assert (FindingKind.MISSING_NOTE in kinds) == flagged


def test_a_phrase_at_the_head_that_limits_nothing_may_go() -> None:
    assert check("In addition, rinse rice twice.", "Rinse rice twice.").findings == ()
    assert check("For this reason, rinse rice twice.", "Rinse rice twice.").findings == ()
