"""Lines that name what an order is on: how long, how often, when, what to tell, the act itself."""

from collections.abc import Callable

import pytest

from pipeline.derive import acts, phrases
from pipeline.derive.key_terms import key_of, mention
from pipeline.derive.tokens import Sentence
from tests.derive.making import sentence

MAKES: dict[str, Callable[[Sentence], str]] = {
    "how long": acts.how_long,
    "lasts": acts.how_long_it_lasts,
    "how often": acts.how_often,
    "when": acts.when_ahead,
    "not": acts.when_not,
    "tell": acts.what_to_tell,
    "doing": acts.doing,
    "who": phrases.who_should,
    "mention": mention,
    "key": key_of,
}

LINES = [
    (
        "how long",
        "Keep a cut out of the sea for two weeks, or until it's dry.",
        "How long to keep a cut out of the sea",
    ),
    ("how long", "Leave the mask on for five to ten minutes; rinse it.", "How long to leave the mask on"),
    (
        "how long",
        "Use zinc paste every day for at least four weeks after a burn.",
        "How long to use zinc paste after a burn",
    ),
    ("how long", "Wait 24 hours before painting the sill.", "How long to wait before painting the sill"),
    (
        "how long",
        "Boil peas, beans and corn in plenty of salted water for two minutes.",
        "How long to boil peas, beans and corn",
    ),
    ("how long", "Fill the flask with hot water for five minutes.", ""),  # filling does not last
    ("how long", "Do not wax the legs for four weeks.", ""),  # a ban
    (
        "how long",
        "Skip workouts that stretch or rub the tattooed area of skin for about a week.",
        "How long to skip workouts",
    ),
    ("how long", "Avoid products that sting or burn the part of the skin for about a week.", ""),  # which?
    ("how long", "Wash it for two minutes.", ""),  # of what?
    (
        "lasts",
        "Fading creams take two to four months to show a difference.",
        "How long fading creams take to show a difference",
    ),
    ("lasts", "As a rough guide, a kitten can hold on for one hour.", "How long a kitten can hold on"),
    ("lasts", "Cooked beans keep for three days in the fridge.", "How long cooked beans keep"),
    ("lasts", "It takes two weeks to heal.", ""),
    ("lasts", "A cat should not fast for two days.", ""),
    ("lasts", "Moss grows in two years.", ""),
    ("lasts", "Longer naps can leave you drowsy for an hour or two.", ""),
    ("key", "With salary sacrifice you pay less tax.", "salary sacrifice"),
    ("key", "On a windy day, hold a hand near the sill.", ""),
    ("key", "Get out of wet clothes within ten minutes of stopping.", ""),
    ("how often", "Turn the heap every three to four weeks if you are in a hurry.", "How often to turn the heap"),
    ("how often", "Wash the spot gently once a day, and dab it dry.", "How often to wash the spot"),
    ("how often", "Have the boiler checked at least once a year.", "How often to have the boiler checked"),
    ("how often", "Get up at the same time every morning.", ""),  # at which time, not how often
    ("how often", "Limit cheese to twice a week.", ""),
    ("when", "Schedule a fitting at least two weeks before the wedding.", "When to schedule a fitting"),
    ("when", "Give a plant six weeks before you judge it.", ""),
    ("not", "Don't use a peel on the same day as a scrub.", ""),
    ("not", "Do not wax, pluck or thread for four weeks.", "When not to wax, pluck or thread"),
    ("not", "Don't use mouthwash straight after brushing.", "When not to use mouthwash"),
    ("not", "Never scold a child for a spill.", ""),  # what it is for, not when
    ("when", "Wait until the frost is over before you sow beans, which is in May.", "When to sow beans"),
    ("key", "Lips swell most on the first day.", ""),
    ("key", "Medium peels can soften fine lines.", "Medium peels"),
    ("key", "Antihistamine tablets act within an hour.", ""),
    ("key", "Unglazed clay dries out fast.", "Unglazed clay"),
    ("not", "Never drive if you have slept badly.", "When not to drive"),
    ("not", "Never block the vents.", ""),
    ("tell", "Tell the vet if your dog drinks more than usual.", "What to tell the vet"),
    ("tell", "Ask your landlord whether the boiler is insured.", "What to ask your landlord"),
    ("tell", "Ask your GP to refer you if creams have failed.", "When to ask your GP"),
    ("tell", "Ask a pharmacist before you take tablets.", "When to ask a pharmacist"),
    ("mention", "Decongestant sprays unblock the nose.", "Decongestant sprays"),
    ("mention", "Don't cover air bricks, or vents in a room.", "air bricks"),
    ("mention", "Terracotta dries out fast.", ""),
    ("mention", "Fish give off ammonia.", ""),
    ("mention", "Use plenty of water.", ""),
    ("tell", "Tell them about the dog.", ""),
    ("tell", "See a vet if your dog drinks more.", ""),
    ("doing", "Choose a paint with 10 to 20% clay, 10% chalk or none.", "Choosing a paint"),
    ("doing", "Put on a thick coat before you leave.", "Putting on a thick coat before you leave"),
    ("doing", "Wear loose, soft clothing over it.", "Wearing loose, soft clothing"),
    ("doing", "Cut the loaf only when it's cool.", "Cutting the loaf"),
    ("doing", "Mix about two parts of sand with one part of peat, by volume, in a tub or a bucket.", ""),
    ("doing", "Throw out anything that's been above 5 °C for more than two hours.", ""),  # narrowed, and cut
    ("doing", "Wash and dry your feet.", ""),  # two acts
    ("doing", "Keep the bedroom cool at night and open a window.", ""),
    ("how long", "Sand the rail and let it dry for two days.", ""),  # the drying lasts
    ("key", "About 85 percent of the mix should be sand.", ""),
    ("lasts", "Choose a paint that can dry for two days.", ""),
    ("who", "People with old boats should ask for a two-part Ep:OX paint.", ""),
    ("how often", "Change about a fifth of the oil each week.", ""),
    ("doing", "Don't block the vents.", ""),
    ("doing", "Buy no paint without a date on the tin.", ""),  # it may well be bought, with one
    ("doing", "Half the dough can be frozen.", ""),
    ("who", "Anyone with diabetes should ask a doctor first.", "Who should ask a doctor first"),
    ("who", "People who are pregnant must not use the tub.", "Who must not use the tub"),
    ("who", "Anyone can grow beans.", ""),
    ("key", "Fading creams take two to four months to show.", "Fading creams"),
    ("key", "Take out contact lenses before a flight.", "contact lenses"),
    ("key", "It fades within a week.", ""),
    ("key", "Put them in a box.", ""),
]


@pytest.mark.parametrize(("kind", "text", "line"), LINES)
def test_what_an_order_is_on_is_named_without_giving_it(kind: str, text: str, line: str) -> None:
    assert MAKES[kind](sentence(text)) == line


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("put", "putting"),
        ("begin", "beginning"),
        ("lie", "lying"),
        ("dye", "dyeing"),
        ("see", "seeing"),
        ("change", "changing"),
        ("use", "using"),
        ("dry", "drying"),
        ("open", "opening"),
        ("repot", "repotting"),
    ],
)
def test_a_verb_has_its_form_in_ing(verb: str, form: str) -> None:
    assert acts.gerund(verb) == form
