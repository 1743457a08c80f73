"""The lines that a sentence lends for a title, and what a document's own name lends to lead them in."""

import pytest

from pipeline.derive import acts, clauses, phrases
from pipeline.derive.breaking_off import goes_on, goes_on_to_do, has_its_object, waits_for_more
from pipeline.derive.key_terms import key_of
from pipeline.derive.naming import naming
from pipeline.derive.profile import profile
from pipeline.derive.title_lines import small
from tests.derive.making import document, sentence


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "In hot weather, put the dough in the fridge, because it rises fast.",
            "In hot weather, put the dough in the fridge",
        ),
        ("If a bulb feels soft, throw it on the heap.", "If a bulb feels soft, throw it on the heap"),
        ("Put the dough in the fridge.", ""),
    ],
)
def test_what_stands_before_an_order_stays_with_it(text: str, line: str) -> None:
    assert clauses.order_with_opener(sentence(text)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("To find out whether a melon is ripe, press the end of it.", "How to find out whether a melon is ripe"),
        ("To help, press the end.", ""),
        ("Press the end to find out whether a melon is ripe.", ""),
    ],
)
def test_an_aim_in_front_becomes_how_to(text: str, line: str) -> None:
    assert clauses.how_to(sentence(text)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("If the soil smells sour, it needs air, which a fork gives.", "If the soil smells sour, it needs air"),
        ("Every two years for lime, every three for bone meal.", ""),
        ("If the soil smells sour, dig it over.", ""),
    ],
)
def test_a_statement_keeps_the_clause_that_opens_it(text: str, line: str) -> None:
    assert clauses.whole_statement(sentence(text)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Don't bury bulbs that have gone soft, unless you want slugs.", "bulbs that have gone soft"),
        ("Turn the heap every two weeks in summer.", ""),
        ("Wash it until the water runs clear.", ""),
    ],
)
def test_what_an_order_is_on_can_name_it_where_it_cannot_be_cut(text: str, line: str) -> None:
    assert phrases.object_of_order(sentence(text)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "Don't prune, tie or feed for two weeks after the frost, since shoots break.",
            "Don't prune, tie or feed for two weeks after the frost",
        ),
        ("Keep the frames closed so that no slug gets in.", "Keep the frames closed so that no slug gets in"),
        ("Press the soil: it should give a little.", "Press the soil: it should give a little"),
        ("Sow beans at once, because it is June.", "Sow beans at once"),
        ("Add lime or ash, unless the soil is chalk.", ""),
    ],
)
def test_an_order_is_whole_or_is_none(text: str, line: str) -> None:
    assert clauses.order(sentence(text)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "Leaves may curl and drop early during a dry spell, most often in May.",
            "Leaves may curl and drop early during a dry spell",
        ),
        (
            "People with clay soil have a shorter season, and wet beds can hold it up further.",
            "People with clay soil have a shorter season",
        ),
        ("Lime works best on heavy, sour soil.", "Lime works best on heavy, sour soil"),
        ("You should be able to fit a hand, upright, in the gap.", ""),
        (
            "Slugs have been known since the first gardens.",
            "Slugs have been known since the first gardens",
        ),
    ],
)
def test_a_statement_ends_where_its_own_part_ends(text: str, line: str) -> None:
    assert clauses.statement(sentence(text)) == line


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("In some years, the glaze of a pot may crack in frost.", "glaze of a pot"),
        ("About 85 percent of the mix should be sand or grit.", ""),
        ("Towels, sheets and cloths used by a guest should be washed hot.", "Towels, sheets and cloths"),
        ("Wet leaves, warm nights and still air are what blight needs most.", "Wet leaves, warm nights and still air"),
        ("Repeated soaking and drying is what splits the boards at the ends.", "Repeated soaking and drying"),
    ],
)
def test_what_a_sentence_is_about_is_told_whole(text: str, about: str) -> None:
    assert phrases.about(sentence(text)) == about


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("If a pipe drips in the night, turn the water off at the main.", "What to do if a pipe drips in the night"),
        ("When a shrub is too big to move, layer a branch of it.", "What to do when a shrub is too big to move"),
        ("If a pipe drips in the night, the joint is worn.", ""),
        ("Once the paint has dried hard, sand the edges.", ""),
    ],
)
def test_a_condition_with_an_order_becomes_what_to_do(text: str, line: str) -> None:
    assert clauses.what_to_do(sentence(text)) == line


def test_a_list_is_cut_to_its_first_thing_only_where_nothing_else_hangs_on_it() -> None:
    hung = "Do not put moss, bark or grit on freshly cut roots of any kind at all in the first two weeks of a season."
    assert clauses.order(sentence(hung), 40) == ""
    bare = "Do not feed orchids with horn meal, bone meal or guano."
    assert clauses.order(sentence(bare), 40) == "Do not feed orchids with horn meal"


def test_a_letter_of_its_own_keeps_its_capital_behind_a_lead() -> None:
    assert small("L-shaped beds warm sooner") == "L-shaped beds warm sooner"
    assert small("Raised beds warm sooner") == "raised beds warm sooner"


def named(title: str, text: str) -> tuple[str, str]:
    made = document(f"# {title}\n\n{text}\n\n## Care\n\n{text}\n")
    found = naming(made, profile(made))
    return found.name, found.thing


IRON = "Cast iron lasts. Cast iron needs oil, cast iron hates soap, and a pan of cast iron is heavy. Heat the pan."


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Cast iron isn't hard to keep", IRON, ("Cast iron", "Cast iron")),
        (
            "When (and how) to repot a fern",
            "Ferns like shade. A fern needs room; repotting a fern takes an hour, and ferns recover fast.",
            ("Repotting a fern", "Fern"),
        ),
        (
            "Growing beans",
            "Beans climb. Beans need poles. Beans freeze well.",
            ("Growing beans", "Beans"),
        ),
        (
            "The Garden Post: growing beans",
            "Beans climb. Beans need poles. Beans freeze well.",
            ("Growing beans", "Beans"),
        ),
        ("Into the ground", "Beans climb. Beans need poles. Beans freeze well.", ("Beans", "Beans")),
        ("Bean troubles, solved", "Beans climb. Beans need poles. Beans freeze well.", ("Bean", "Bean")),
        (
            "How to freeze beans well",
            "Beans climb. Beans freeze well. Beans last.",
            ("Freezing beans", "Beans"),
        ),
        ("Notes for May", "Beans climb. Beans need poles. Beans freeze well.", ("Beans", "Beans")),
    ],
)
def test_a_document_s_own_name_says_what_all_of_it_is_on(title: str, text: str, name: tuple[str, str]) -> None:
    assert named(title, text) == name


@pytest.mark.parametrize(
    ("file", "lead"),
    [
        ("beans-and-poles.md", "Beans and poles"),
        ("final-draft-2.md", "Beans"),
    ],
)
def test_a_file_s_name_says_what_a_document_is_on_where_its_title_does_not(file: str, lead: str) -> None:
    made = document("# Into the ground\n\nBeans climb. Beans need poles. Beans freeze, and beans last.\n", file)
    assert naming(made, profile(made)).lead == lead


def test_a_file_s_name_is_read_no_less_closely_where_it_has_become_the_title() -> None:
    text = "Beans climb, says our pharmacist. Beans need poles. Beans freeze, and beans last."
    made = document(f"{text}\n", "beans-pharmacist.txt")
    assert made.title == "beans pharmacist".capitalize()
    assert naming(made, profile(made)).lead == "Beans"


@pytest.mark.parametrize(
    "text",
    [
        "Leave bleach, vinegar spirit and caustic soda in the cupboard: they burn the hands of children.",
        "Keep woollen jumpers and scarves in a box of cedar wood with a lid, as moths dislike the smell of it.",
        "Mix one part of moist peelings, such as those of carrots, with about two parts of dry leaves or straw.",
    ],
)
def test_an_act_that_needs_a_place_or_a_second_thing_is_not_cut_before_it(text: str) -> None:
    read = sentence(text)
    for line in (clauses.order(read), clauses.order(read, 50)):
        assert not line or {"in", "with"} & set(line.split())


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("A night light should be plugged", " in near the bed and left on."),
        ("Light and air break retinol", " down: choose a tube."),
        ("Glue that has been open for longer than the label", " allows, often a year, goes in the bin."),
        ("People with tightly", " curled hair can wash it once a week."),
        ("Pack books in small boxes and bedding", " in large ones."),
        ("A razor or a trimmer set", " to leave a millimetre causes fewer bumps."),
        ("Use short", ", light strokes."),
        ("Don't oil the chain on the same day", " as you wash the frame."),
        ("A second coat makes little", " or no difference."),
        ("Cracks that show two or three weeks", " after the paint has dried."),
    ],
)
def test_a_line_does_not_end_before_what_its_last_word_needs(line: str, rest: str) -> None:
    assert goes_on(sentence(line), rest)


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("A night light should be plugged into the wall", " in every room."),
        ("Keep the glue longer than the tape", ", which dries."),
    ],
)
def test_a_line_may_end_where_nothing_is_asked_for(line: str, rest: str) -> None:
    assert not goes_on(sentence(line), rest)


def test_days_on_which_you_walk_are_no_condition_of_the_order() -> None:
    assert clauses.when_to(sentence("Wear a closed heel on the days when you walk a lot.")) == ""
    assert clauses.when_to(sentence("Wear a closed heel when you walk a lot.")) == "When to wear a closed heel"
    assert clauses.when_to(sentence("Lift a chair when you move it, even by a little.")) == ""
    assert clauses.when_to(sentence("Expect a longer wait if the clinic is full.")) == ""


def test_what_holds_in_a_case_is_not_named_by_half_of_the_case() -> None:
    gurgle = "A gurgle from the bath when the sink is emptied often means that the drain outside is partly blocked."
    assert phrases.about(sentence(gurgle), articled=True) == ""
    assert phrases.about(sentence("A gurgle from the bath often means that the drain is partly blocked.")) != ""


@pytest.mark.parametrize(
    "text",
    [
        "Two people at home can put around ten litres of water into the air in a day.",
        "Most people with tight curls do well with a shampoo every week.",
        "Set cordons 45 cm apart and bush plants at least 60 cm apart.",
    ],
)
def test_a_subject_is_not_named_by_less_than_it_is(text: str) -> None:
    assert phrases.about(sentence(text), articled=True) == ""


def test_a_line_does_not_end_on_what_was_done_to_the_thing_behind_it() -> None:
    assert goes_on(sentence("Clean soiled"), " spots with an enzyme cleaner.")
    assert not goes_on(sentence("Clean the garden shed"), " doors with an enzyme cleaner.")
    assert not goes_on(sentence("What is soiled"), " should be cleaned.")


def test_the_one_of_several_keeps_its_article() -> None:
    itch = "The itch of the second week comes mostly from short, sharp ends, and it fades as the hair grows."
    assert phrases.about(sentence(itch), articled=True) == "The itch of the second week"
    assert key_of(sentence("The smell of old paint can linger for a week.")) == "The smell of old paint"


def test_what_comes_hours_after_its_cause_does_not_last_for_hours() -> None:
    assert acts.how_long_it_lasts(sentence("A flare can come several hours after its cause.")) == ""
    assert acts.how_long_it_lasts(sentence("A flare can last several hours.")) != ""


def test_a_noun_that_may_be_a_verb_is_one_before_a_modal() -> None:
    drops = "Antihistamine eye drops often work within an hour, while others need a week or two."
    assert phrases.about(sentence(drops), articled=True) == "Antihistamine eye drops"
    peel = "A heap of citrus peel can put off compost worms, so add it to the open heap."
    assert phrases.about(sentence(peel), articled=True) == "A heap of citrus peel"


def test_a_line_does_not_end_on_what_is_done_by_the_way() -> None:
    assert waits_for_more(sentence("Make any change of food gradually over ten days, mixing"))
    assert not waits_for_more(sentence("Start winter running"))
    assert goes_on_to_do(", sits in one spot or makes you limp")
    assert not goes_on_to_do(", which is rare")


def test_two_words_on_how_a_thing_is_do_not_part_a_clause() -> None:
    assert clauses.order(sentence("Hold a cool, damp cloth against a sore lip.")) == (
        "Hold a cool, damp cloth against a sore lip"
    )
    assert clauses.order(sentence("Wash the cloth in cool water, dry it in the sun.")) == "Wash the cloth in cool water"


def test_a_key_term_does_not_lose_an_article_of_two() -> None:
    assert key_of(sentence("Carry a paper map and a compass, because a cold battery goes flat.")) == ""
    assert key_of(sentence("Check a mountain forecast rather than a town forecast.")) == "mountain forecast"
    assert key_of(sentence("Carry paper maps and spare batteries, because a cold battery goes flat."))


def test_a_list_whose_last_word_is_an_act_is_no_thing_to_name() -> None:
    assert key_of(sentence("After the operation, suck ice and stick to soft food for some days.")) == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "If you can swim for 30 minutes without a rest, plan on twelve weeks.",
            "If you can swim for 30 minutes without a rest",
        ),
        ("If your paint is brown or black, choose a lighter primer.", "If your paint is brown or black"),
        ("If you have to borrow to pay for food, ring the free line first.", "If you have to borrow to pay for food"),
        ("If a pipe drips in the night, put a towel under it at once.", "If a pipe drips in the night"),
    ],
)
def test_a_case_keeps_what_narrows_it_and_what_stands_beside_it(text: str, line: str) -> None:
    assert clauses.condition(sentence(text), 20) in (line, "If a pipe drips")


@pytest.mark.parametrize(
    "text",
    [
        "Pull the cord forwards at the top of the blind: it should give a little.",
        "In wet weather clay swells and cracks the path, so lay gravel under it.",
    ],
)
def test_a_thing_is_not_named_together_with_what_it_does_or_where(text: str) -> None:
    assert key_of(sentence(text)) == ""


def test_a_thing_is_not_named_together_with_what_it_does() -> None:
    assert has_its_object(sentence("Larvae feed"), " on wool and silk.")
    assert not has_its_object(sentence("Larvae food"), " of wool and silk.")


def test_a_plural_that_does_something_is_no_order_to_do_it_to_the_thing() -> None:
    assert clauses.order(sentence("Warm feet help: they draw heat away from the core.")) == ""
    assert acts.doing(sentence("Warm the plates in the oven for ten minutes.")) == "Warming the plates in the oven"


def test_whom_to_tell_of_something_is_not_asked_without_saying_of_what() -> None:
    assert phrases.who_should(sentence("Anyone with a rash should mention it to the nurse.")) == ""
    line = "Who should ask the nurse"
    assert phrases.who_should(sentence("Anyone with a rash should ask the nurse before they try it.")) == line


def test_an_act_of_a_moment_is_not_asked_how_long_it_takes() -> None:
    assert acts.how_long(sentence("Let go of the wheel for a second on an empty road.")) == ""


def test_what_is_bought_may_lead_in_without_its_buying() -> None:
    made = document("# Buying a second-hand piano\n\nPlay every key. A loose pin costs more than it seems.\n", "x.md")
    assert naming(made, profile(made)).thing == "Second-hand piano"


def test_water_above_a_heat_is_no_order_to_water() -> None:
    text = "Water above 55 degrees will kill the yeast, so let it cool."
    assert acts.doing(sentence(text)) == ""
    assert clauses.statement(sentence(text)) == "Water above 55 degrees will kill the yeast"


@pytest.mark.parametrize(
    ("name", "lead"),
    [
        ("dog_walking_summer.txt", "Dogs"),
        ("weak-nails-varnish.txt", "Weak nails"),
    ],
)
def test_a_file_s_words_are_no_name_where_nobody_says_them_so(name: str, lead: str) -> None:
    thing = "Weak nails" if lead == "Weak nails" else "Hot dogs"
    body = f"{thing} need care. Dogs pant in the heat. Dogs drink more in summer when you walk them, as dogs do."
    made = document(f"THE TAIL\n\nDear members,\n\n{body}\n", name)
    assert naming(made, profile(made)).lead == lead


def test_an_aside_is_not_what_a_sentence_is_about() -> None:
    text = "In a few people, mostly men, the skin of the nose slowly thickens."
    assert phrases.about(sentence(text), articled=True) == "the skin of the nose"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("To test it, stir a spoonful into a little warm water.", ""),
        ("To find out whether a wall is damp, tape foil over it.", "How to find out whether a wall is damp"),
    ],
)
def test_how_to_do_it_is_no_title(text: str, line: str) -> None:
    assert clauses.how_to(sentence(text)) == line


def test_a_list_s_opening_is_no_title() -> None:
    assert waits_for_more(sentence("The triggers that doctors hear about most often are"))
    assert not waits_for_more(sentence("What a peel is"))
