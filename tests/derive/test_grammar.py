"""The little grammar that the rules go by."""

import pytest

from pipeline.derive import grammar, pointing
from tests.derive.making import sentence


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Rinse the brush under the tap.", "rinse"),
        ("Do not pick at scabs.", "pick"),
        ("Never aim a jet at the hubs.", "aim"),
        ("Always wear a hat at noon.", "wear"),
        ("Gently pat the skin dry.", "pat"),
        ("If it stings, rinse the skin with water.", "rinse"),
        ("Before a wet ride, let some air out of the tyres.", "let"),
        ("Water the plants in the morning.", "water"),
        ("Water house plants in the morning.", "water"),
        ("Store potatoes in the dark.", "store"),
        ("Dry the skin with a towel.", "dry"),
        ("Use sunscreen on cloudy days.", "use"),
        ("For the face, squeeze out two lines.", "squeeze"),
        ("Declutter the loft to make room for insulation.", "declutter"),
        ("If it rains, demist your glasses with soap.", "demist"),
        ("Store woollens in zipped bags or boxes.", "store"),
        ("Cross tram rails at a right angle, because a wheel can slip.", "cross"),
        ("Dry laundry outside or in one room with the door shut.", "dry"),
        ("Empty bins every evening before the foxes come.", "empty"),
        ("Cool cooked rice quickly and put it in the fridge.", "cool"),
        ("Thin seedlings to 5 cm apart when they touch.", "thin"),
        ("Free trapped heat by opening the loft hatch.", "free"),
        ("Water newly planted trees once a week.", "water"),
    ],
)
def test_an_order_is_known_by_its_verb(text: str, verb: str) -> None:
    read = sentence(text)
    assert read.words[grammar.imperative_at(read)] == verb


@pytest.mark.parametrize(
    "text",
    [
        "Water gets past the seals.",
        "Wet food holds about 75 percent water.",
        "Dry skin needs oil in winter.",
        "Use of retinoids is common.",
        "Cold nights check their growth.",
        "Sleep needs change with age.",
        "Even a small cushion can keep a boiler going.",
        "Oil on the outside does nothing.",
        "Cats drink little.",
        "Not everyone can use it.",
        "Dry air, swollen ankles, a clock in the wrong town: eleven hours take their toll.",
        "Beneath the bark the beetles lay their eggs.",
        "Given the choice, most dogs sleep inside.",
        "Stress, sore throats and smoking set it off.",
        "Surface rust after wet nights can hide a crack.",
        "Dry skin and eczema often go together in winter.",
        "Dry patches on the elbows and shins.",
        "Open windows let the heat out.",
        "Wet leaves on a lawn cause yellow patches.",
        "Cold weather, dry air and heating can leave lips cracked.",
        "Free accounts often hold 15 GB, which a few films can fill.",
        "Rest days matter as much as training days.",
        "Discard from a healthy starter can go in pancakes.",
        "Study after study finds the same.",
        "Double glazing keeps out noise and draughts.",
    ],
)
def test_a_statement_is_no_order(text: str) -> None:
    assert grammar.imperative_at(sentence(text)) == -1


@pytest.mark.parametrize(
    "text",
    [
        "A grey liquid means hunger: stir it in and feed the starter.",
        "Retinol makes skin sensitive, so wear a hat.",
        "It may fade, so do not rely on it.",
    ],
)
def test_an_order_may_come_after_a_colon_or_after_so(text: str) -> None:
    assert grammar.imperative_at(sentence(text)) == -1
    assert grammar.gives_order(sentence(text))


@pytest.mark.parametrize(
    "text", ["Avoid hot water.", "Do not pick at scabs.", "Never give a cat milk.", "Skip it today."]
)
def test_an_order_not_to_do_something_is_a_prohibition(text: str) -> None:
    assert grammar.is_prohibition(sentence(text))


def test_an_order_to_do_something_is_none() -> None:
    assert not grammar.is_prohibition(sentence("Wash the brush with soap."))


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Ice pick scars are a type of acne scar.", "ice pick scars"),
        ("Vitamin C serums turn brown.", "vitamin c serums"),
        ("Heavier riders need more pressure.", "heavier riders"),
        ("The lid traps the steam.", "the lid"),
        ("Most adult cats cannot digest lactose.", "most adult cats"),
    ],
)
def test_the_subject_ends_before_the_verb(text: str, subject: str) -> None:
    read = sentence(text)
    assert " ".join(read.words[: grammar.subject_end(read)]) == subject


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [
        ("Apply it to damp skin.", "it"),
        ("They often occur on the face.", "they"),
        ("Shares and funds are not a place for it.", "it"),
        ("Some people dislike it.", "it"),
        ("Its lid should be closed.", "its"),
        ("Rinse them with water.", "them"),
        ("Using it with retinol may reduce dryness.", "it"),
        ("Some people notice redness when they start using it.", "it"),
    ],
)
def test_a_pronoun_without_its_noun_dangles(text: str, pronoun: str) -> None:
    assert pointing.dangling_pronoun(sentence(text)) == pronoun


@pytest.mark.parametrize(
    "text",
    [
        "It is best to water in the morning.",
        "It takes a week to see a change.",
        "If it rains, cover the saddle.",
        "Once the paint dries, sand it lightly.",
        "Put cats on a diet before they grow heavy.",
        "Sanding can level the surface of a table and make it ready for oil.",
        "Bush varieties should not be pinched out, because they fruit on those shoots.",
        "One advantage of oil is its price.",
        "A starter is ready when it doubles.",
        "Bring clothes in and fold them while the sun is on the line.",
    ],
)
def test_a_pronoun_with_its_noun_or_without_need_of_one_stands(text: str) -> None:
    assert pointing.dangling_pronoun(sentence(text)) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Runners with sore knees should avoid this procedure.", "this procedure"),
        ("These scars are deep.", "these scars"),
        ("The process takes a year.", "the process"),
        ("The results vary.", "the results"),
    ],
)
def test_a_noun_that_points_back_to_nothing_is_a_riddle(text: str, words: str) -> None:
    assert pointing.dangling_generic(sentence(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "The effect of zinc lasts a day.",
        "Scarring fades, and these scars fade fastest.",
        "Those who cycle at night need lights.",
        "Foods such as grapes are poisonous to dogs.",
        "Keep the lid on, and this keeps the steam in.",
        "Air the blankets before you fold them for the summer, even those that nobody slept under.",
    ],
)
def test_a_noun_that_is_explained_is_none(text: str) -> None:
    assert pointing.dangling_generic(sentence(text)) == ""


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("Once they are cut, tomatoes must be kept in the fridge.", ""),
        ("When it is dry, the plaster can be painted.", ""),
        ("Once they are cut, keep the rest in the fridge.", "they"),
        ("Once it is cut, tomatoes must be kept in the fridge.", "it"),
        ("Bring it just to the boil and leave the lid on.", "it"),
        ("Make it a habit to rinse the brush.", ""),
        ("You may find it hard to fall asleep.", ""),
    ],
)
def test_a_clause_in_front_may_look_ahead_and_an_object_may_not(text: str, loose: str) -> None:
    assert pointing.dangling_pronoun(sentence(text)) == loose


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("A soft brush and a paste with fluoride.", False),
        ("A quick stretch before bed.", False),
        ("A mask and earplugs cost less than a blind.", True),
        ("A slow puncture shows in the morning.", True),
    ],
)
def test_right_behind_an_article_a_word_that_may_be_a_verb_is_a_noun(text: str, whole: bool) -> None:
    assert grammar.has_verb(sentence(text)) == whole


@pytest.mark.parametrize(
    ("text", "past"),
    [
        ("A museum fitted sensors in two stores and counted moths.", True),
        ("He was on the sofa for a month.", True),
        ("Clothes treated with cedar oil repel moths.", False),
        ("Algae look like spilt paint.", False),
        ("Chargers left in the wall use next to nothing.", False),
        ("This includes keeping the shelf clean and using recommended soaps.", False),
        ("Left alone, it hardens into tartar within days.", False),
        ("Skin that was burnt needs shade.", False),
        ("Moths laid eggs if you saw any in June.", False),
        ("Rinse what was dyed.", False),
    ],
)
def test_what_was_is_told_from_what_is(text: str, past: bool) -> None:
    assert grammar.is_past(sentence(text)) == past


@pytest.mark.parametrize(
    "text",
    [
        "Press the air out of bags before you seal them.",
        "Deep phenol peels can affect the heart, so they need a doctor.",
        "Use the practice question as often as you like.",
        "Ring if the skin weeps or forms crusts, as these can be signs of infection.",
    ],
)
def test_what_may_be_a_verb_is_a_noun_where_it_stands_as_one(text: str) -> None:
    assert not pointing.dangling_pronoun(sentence(text))
    assert not pointing.dangling_generic(sentence(text))
