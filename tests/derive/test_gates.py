"""What can never be a tip, gate by gate, and what each gate must let through."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.derive import gates, scores  # noqa: F401 - importing them registers their rules
from pipeline.derive.rules import GATES, Refusal, Scope, Setting, refusal
from pipeline.derive.tips import derive
from tests.derive.making import sentence, under


def refused(text: str, setting: Setting | None = None) -> Refusal | None:
    """The first gate that refuses the sentence as a tip's beginning."""
    setting = setting or Setting()
    return refusal(sentence(text), setting, Scope.FIRST) or refusal(sentence(text), setting, Scope.EVERY)


REFUSED = [
    ("dangling start", "As a result, the dough rises more slowly and needs about two hours longer in the bowl."),
    ("dangling start", "Such products can irritate the skin and should be kept away from the eyes."),
    ("dangling start", "In such cases, a combination of treatments may be needed for a good outcome."),
    ("dangling start", "As with any new routine, patience matters more than the price of the products."),
    ("dangling start", "Therefore the chain should be cleaned after each ride in the rain."),
    ("dangling start", "Both work well on dry skin, but the first should be used at night only."),
    ("dangling start", "Instead, rinse the brush under the tap and let it dry on its side."),
    ("dangling start", "Otherwise the seedlings grow tall and weak and fall over in the first wind."),
    ("dangling start", "Below, the right amount is listed for each kind of pan and of rice."),
    ("before what", "Don't put steroid cream on your back in the week before, as it may hide a reaction."),
    ("besides what", "Ask also about tetanus if the wound is dirty and your last injection was ten years ago."),
    ("besides what", "Ask as well when the piano was last tuned, and by whom, before you offer a price for it."),
    ("one of what", "If your eczema has lasted more than three months, ask your doctor to be referred for one."),
    (
        "pronoun without noun",
        "Go through it twice a year, for example when the clocks change, and replace what is old.",
    ),
    ("pronoun without noun", "If it is dry down to the second knuckle, water; if not, wait for another day or two."),
    ("pronoun without noun", "They should be washed once a week with a mild soap and dried in the open air."),
    ("pronoun without noun", "Smooth it on dry skin about twenty minutes after washing the face."),
    ("pronoun without noun", "Snow and sand throw it back, so the chin needs cream as well."),
    ("pronoun without noun", "Sunscreen is not usually recommended for them, because babies burn easily."),
    ("riddle", "Runners with sore knees should think twice about this procedure in spring."),
    ("dangling start", "That early swelling comes from the needle, so keep the arm up for the first evening."),
    ("riddle", "The process takes about an hour and is repeated every four weeks."),
    ("riddle", "This helps to keep the skin from drying out on a long day in the office."),
    ("one of what", "A sale in the shops around the corner is not one."),
    ("someone says", "For decades sailors have warned that whistling on deck brings a storm before the night is over."),
    (
        "someone says",
        "Cycling forums are full of people who insist that a waxed chain lasts as long as its bike.",
    ),
    ("someone says", "A cold nose is the sign of a healthy dog, grandmothers say, but a warm one means nothing."),
    (
        "someone says",
        "In many kitchens the rumour lives on that salted water boils far sooner than plain water.",
    ),
    ("one of what", "Run the easy ones slowly enough to talk in whole sentences on the way."),
    ("one of what", "The main one is heat, which dries the glue and loosens the hairs of a brush."),
    ("one of what", "The plank is a good one: lie on the elbows and hold the back straight for a minute."),
    ("either of what", "People with numb feet should ask a nurse at the surgery before using either."),
    ("who is he", "Turn by moving the feet, and let him climb up to the seat by himself."),
    ("part of what", "Set the height so that the elbows are level with the top of the desk."),
    ("part of what", "Wipe the inside with a dry cloth and leave the lid open overnight."),
    ("part of what", "Spread a thick cream over the top twice a day and after each bath."),
    ("call to action", "Members of the choir get fifteen per cent off at the bakery on Thursdays."),
    ("boilerplate", "EDIT: somebody pointed out that the cells need three full charges first."),
    ("someone says", "An uncle of the baker holds that a loaf keeps for a month in a bag."),
    ("says yes", "Yep, the brush has to be rinsed again every single day of the week."),
    ("price", "Members get two for 39 euros until the end of June, in every shop of the town."),
    ("some hold", "Some tenants feel that opening a window in winter is throwing money into the street."),
    ("advertising", "Today's letter is supported by a maker of drops that nobody here has tried."),
    ("such a what", "After such an operation, rest with the foot raised for the first day or two."),
    ("stop what", "Stop at once, and bring the dog into the shade of a tree or a porch."),
    ("the same way", "Press the other knee in the same way, but for a shorter time."),
    ("in which case", "Make an appointment the same week, in the morning."),
    ("in which case", "Call an ambulance, lay the swimmer flat and take off wet clothes."),
    ("at what time", "Walk to the lake that afternoon, since the water is warmest late."),
    ("at what time", "Wet rope at the end of a winch then slips with every turn."),
    ("instead of what", "Chew a dry crust after lunch instead, because chewing brings the flow back."),
    ("pronoun without noun", "See a doctor if it lasts longer than two weeks without a break."),
    ("hangs on", "Many people with tight curls should stop there and live with a little frizz."),
    ("hangs on", "Most people need about that long before they notice any change."),
    ("hangs on", "Nearly everybody else finds out by accident in the first week."),
    ("riddle", "Keep children and dogs out of such water, since the toxins can make people ill."),
    ("pronoun without noun", "Wear loose, soft clothing over it for the first few nights."),
    ("announcement", "The guide explains how to get in and, more to the point, how to get out."),
    ("chat", "Write the date on the jar, and you will thank yourself."),
    ("person", "Norman's cousin lost nine hundred pounds to a very polite caller."),
    ("person", "Peggy's used to need a chisel and a strong man."),
    ("someone says", "It costs next to nothing, whatever your uncle says about it."),
    ("someone says", "A nail needs to breathe, every aunt will tell you."),
    ("advertising", "Frames come at two for one until the end of the month."),
    ("person", "Hilde Moen, who guides swimmers on the lakes, goes in slowly up to the waist."),
    ("someone says", "For most homes coal costs more, and half the valley will tell you so."),
    ("boilerplate", "If you read only one paragraph, read the last on hips and thighs."),
    ("one of what", "The older sorts, such as those in blue boxes, often do and can make drivers drowsy."),
    ("riddle", "Trials have not borne this out, and the sugar in sweets does rot teeth."),
    ("fragment", "Something with protein, such as beans or egg, to keep children going until four."),
    (
        "pronoun without noun",
        "Wear leather gloves, lift it into a high box with a hot water bottle, and close the lid.",
    ),
    ("hangs on", "Add what is missing, and do not sign the list until both of you have agreed on it."),
    ("how much of what", "Two tablespoons in a litre of water are enough for a kettle that is white with scale."),
    ("how much of what", "Three or four drops are enough for a short beard, and a long one may need eight."),
    ("says yes", "You can, if nothing that grew in the soil was diseased or had gone to seed."),
    ("fragment", "Drying wool on a radiator, which bakes in creases and may shrink the cuffs."),
    ("fragment", "Stress, sore throats, smoking and some pills, among them those for malaria."),
    ("what happened", "The mayor's shed left the garden on the ninth of March and has not been seen since."),
    ("what happened", "A housing association fitted sensors in two hundred flats and counted every moth."),
    ("what happened", "Two pilots from Hull wrote a long letter while waiting for the fog to lift."),
    ("what happened", "A museum in Norway has released tiny wasps in its stores to deal with beetles."),
    ("reported speech", "You will read everywhere that cold water closes the scales of the hair."),
    ("most of what", "Most were caused by two things: fat in the sink and wipes that had been flushed."),
    ("notice", "The first aid hut on the beach is open from 10 to 6 on every day of the summer."),
    ("boilerplate", "Thank you to nurse Ingrid Holm for checking the advice on burnt skin in the sun."),
    ("most of what", "None is needed while the weather is dry and the ground is firm."),
    ("notice", "The mending table is every Thursday from ten until noon, in the room behind the library."),
    ("notice", "Doors for the talk on lawns on Saturday are at 7.30 pm, with tea in the hall before it."),
    ("which of them", "If one refuses to open, tap the lid on the edge of the table and try again."),
    ("which of them", "Leave at least two weeks between the two, since the gums need time to settle."),
    ("which of them", "Put one in the drawer and keep the other by the door for rainy days."),
    ("hangs on", "Look for cuts in the rubber while you're at it, and for nails in the tread."),
    ("hangs on", "Kerbs are the main culprit, so drive over them slowly and straight on."),
    ("on top of what", "Vinegar won't lift the stain either, however long it is left on the cloth."),
    ("story", "You brought home a small fern in spring, and by June the leaves were brown and dry."),
    ("broken character", "Keep the dough at 24 \ufffdC for about four hours, until it has doubled."),
    ("pronoun without noun", "Rub a thin coat of wax all over it before the frost comes."),
    ("pronoun without noun", "Check every half hour and take it out as soon as the edges brown."),
    ("pronoun without noun", "Once it has gone dark orange it has turned, and can stain cloth."),
    ("dangling start", "If you can't, sit in the same room as the heater and close the door."),
    ("reported speech", "One website recommends wrapping the bulbs in foil over winter."),
    ("dated", "Felt boots have been worn since the 1950s, first by shepherds in the north."),
    ("question", "Should cats be brushed more often in spring when the winter coat comes off?"),
    ("exclamation", "Wash the brushes once a week with a mild soap and warm water!"),
    ("fragment", "A good night's sleep and the secret of a clear mind on every day"),
    ("fragment", "healthy skin needs sleep, water and a little cream on cold days."),
    ("lead in", "Before the first ride of the season, check three parts of the bicycle:"),
    ("half a pair", "Wash the brushes (with a mild soap and warm water once a week."),
    ("wholly quoted", "“Wash the brushes once a week with a mild soap and warm water.”"),
    ("reported speech", "Some people believe that toothpaste dries out pimples overnight."),
    ("reported speech", "You may have heard that cold water closes the pores of the skin."),
    ("reported speech", "The company makes its creams in a small workshop near the harbour."),
    ("reported speech", "Myth: shaving makes hair grow back thicker and darker than before."),
    ("someone says", "The whole internet is sure that butter on a burn takes the heat out of it within minutes."),
    ("someone says", "Dermatologist Anna Berg says that sunscreen belongs to every day."),
    ("someone says", "Customers who use the balm every day report softer hands in a week."),
    ("person", "For acne scars, Dr. Patel has used needling for more than ten years."),
    ("pronoun without noun", "He recommends to stay out of the sun for two weeks after a peel."),
    ("note mark", "Table 3 shows the amount of water that cats of each weight need."),
    ("dated", "Last summer, two hundred tulips were planted along the church path."),
    ("strong claim", "With the serum, dry skin is something to never have to worry about."),
    ("study method", "Participants were asked to apply the gel twice a day for eight weeks."),
    ("pointer", "The right length of the needle for each area is listed below in full."),
    ("note mark", "Zinc oxide helps small wounds to close within about a week [3, 7]."),
    ("note mark", "Zinc oxide helps small wounds to close within a week (Meyer, 2019)."),
    ("call to action", "Subscribe to get a tip of the kind in your inbox every Tuesday."),
    ("call to action", "Book a free appointment with one of the skin advisers in town."),
    ("advertising", "The balm is available at selected pharmacies in tubes of 50 ml."),
    ("address", "A list of plants for dry soil can be found at www.plants.example today."),
    ("address", "A list of advisers can be had on 020 7946 0018 in office hours."),
    ("call to action", "Please take a moment to fill in the card beside the door."),
    ("price", "Wool insoles are sold beside the till at £24 for two of them."),
    ("reported speech", "You may also hear that the heel has to be rested for a month."),
    ("price", "A session with the needle roller usually costs between $200 and $700."),
    ("percentage off", "Members who order on a Sunday get 10% off their second jar."),
    ("boilerplate", "What stands here is not a substitute for medical advice from a doctor."),
    ("boilerplate", "All rights reserved, and no part of the leaflet may be copied."),
    ("first person", "Our advisers recommend a weekly mask for skin that feels rough."),
    ("first person", "I use a weekly mask in winter, when my skin feels rough and dry."),
    ("announcement", "There are several ways to keep slugs away from young lettuce."),
    ("dated", "Sales of sunscreen rose by a fifth across Europe in 2021 alone."),
    ("drug dose", "Take 400 mg of ibuprofen every six hours until the swelling is gone."),
    ("strong claim", "The cream cures eczema within days and leaves no redness behind."),
    ("strong claim", "Retinol permanently removes fine lines when it is used for weeks."),
    ("strong claim", "A weekly peel is completely safe for every kind of skin there is."),
    ("shouting", "WASH THE BRUSHES ONCE A WEEK WITH A MILD SOAP AND WARM WATER."),
]

PASSES = [
    "Both the face and the neck need cream when the air in the house is dry.",
    "Most people need about eight hours of sleep, and some need nine of them.",
    "A jar that is open keeps for two weeks in the fridge if the spoon is clean.",
    "Shops are quietest on Tuesday mornings, which suits a dog that is shy of crowds.",
    "Ring the surgery on Monday between 8 and 9, when the most appointments are given out.",
    "It is best to water tomatoes in the morning, at the foot of the plant.",
    "If the paint is dry, sand it lightly before the second coat goes on.",
    "People who cycle in the dark should wear something that reflects light.",
    "Well rotted manure can be dug in during the autumn, before the frost.",
    "Below 5 °C most seeds do not sprout, so keep the trays in the house.",
    "Use the cream only for as long as your doctor says, and then stop.",
    "No cream can cure eczema, but an ointment may keep the skin supple.",
    "A laser does not remove all scars permanently, and some may come back.",
    "Transfer $50 to a savings account on the day after the wages arrive.",
    "Do not leave moistened food out for more than an hour in summer.",
    "Type I diabetes is treated with insulin and a steady daily rhythm.",
    "Sanding can level the surface of a table and make it ready for oil.",
    "Give each plant a stake, and tie one to the fence where the wind is strong.",
    "Use two pans, one for the sauce and the other for the onions and the herbs.",
    "Either oil or butter can be used, but neither should smoke in the pan.",
    "Take a lid with a hole in it, so that the steam can leave the pot slowly.",
    "Check for exit fees and guaranteed rates before you move the money to another fund.",
    "A light peel needs little or no downtime and leaves the skin a little pink.",
    "A message that says the card is blocked and asks for its number may be a fraud.",
    "Wipe the inside of the kettle with vinegar and rinse it twice with cold water.",
    "Blue algae look like spilt paint along the edge of a lake in late summer.",
    "Ask the vet about tablets, and tell her what the dog has eaten that day.",
    "Wash the lens before you put it in, and dry your hands on something without fluff.",
    "Take off the old varnish first and use a plain oil instead of another coat.",
    "Don't rub the stain; dab it with a dry cloth instead, from the rim to the middle.",
    "Clothes treated with cedar oil repel moths for a few weeks at the most.",
    "A soft brush is kinder to the gums than a hard one, and it cleans as well.",
    "Call the vet if the dog has not eaten for a day and is listless.",
    "Ask the vet about worms once a year, and weigh the dog at home.",
    "Bottled bacteria may help, but test the water all the same before you buy fish.",
    "Compare the hours with the same quarter of last year rather than the pounds.",
    "Rice salad must be cooled within an hour and eaten the next day at the latest.",
    "Keep the wound dry for 48 hours unless you were told otherwise on the ward.",
    "Anyone who knocks and says that a grant runs out tonight should be turned away.",
    "Creams with menthol, such as those for sore muscles, sting on broken skin.",
    "Nasal sprays need several days to reach their full effect, so use one early.",
    "Psoriasis causes raised patches with scales that often reach beyond the hairline.",
    "Write the contents, the date and the number of portions on every label.",
    "Bites from people, cats and dogs often become infected, so wash them well with soap.",
    "The skin needs another three months or so to recover, so keep up the cream until then.",
    "Play every single key, white and black, from the bottom to the top, once softly.",
    "In France the bread is salted less than it is in most other countries.",
]


@pytest.mark.parametrize(("gate", "text"), REFUSED)
def test_a_gate_refuses_what_it_is_there_for(gate: str, text: str) -> None:
    found = refused(text)
    assert found is not None, text
    assert found.gate == gate
    assert found.words


@pytest.mark.parametrize("text", PASSES)
def test_a_gate_lets_a_sound_sentence_through(text: str) -> None:
    assert refused(text) is None


@pytest.mark.parametrize("text", [text for _, text in REFUSED])
def test_nothing_refused_becomes_a_tip(text: str) -> None:
    assert not [tip for tip in derive([under("Care", text)]) if text in tip.text]


def test_every_gate_has_a_reason_that_a_person_can_read() -> None:
    assert len(GATES) >= 28
    for gate in GATES:
        assert gate.why.endswith("."), gate.name
        assert len(gate.why.split()) >= 3, gate.name


def test_every_gate_refuses_something_in_these_tests() -> None:
    shown = {gate for gate, _ in REFUSED} | {"myth", "brand", "too long"}
    assert shown == {gate.name for gate in GATES}


def test_a_claim_under_a_heading_of_myths_is_refused_and_its_denial_is_not() -> None:
    myths = Setting(is_myth=True)
    assert refused("Everyone needs eight hours of sleep on each night of the week.", myths)
    assert refused("Cold water does not close the pores, since pores have no muscles.", myths) is None


def test_a_name_that_sells_or_acts_is_a_brand() -> None:
    names = Setting(names=frozenset({"glowco"}))
    assert refused("GlowCo's serum smooths lines by up to 40 percent within weeks.", names)
    assert refused("GlowCo launched a line of creams for people with dry skin.", names)
    assert refused("Velo™ keeps a chain quiet on long rides in the rain.", names)


def test_a_place_in_a_sentence_is_no_brand() -> None:
    assert refused("Olive trees from Tuscany survive frost down to about ten degrees.", Setting()) is None


def test_a_sentence_longer_than_a_tip_is_refused() -> None:
    long = "Wash the brushes once a week " + "with a mild soap and warm water and a little patience " * 6 + "too."
    assert refused(long) == Refusal("too long", "It alone is longer than a tip may be.", f"{len(long)} characters")


NUMBERED = [
    "0", "7", "20", "020", "345", "1999", "2024", "5551", "+", "-", ".", "(", ")", "[", "]", "²", " in ", " since ",
    "1-8", " Table ", " Part ", " Fig. ", " page ", "Sub-Section ", " May ", "e", "/", ", ", " ", "\u00a0", "٣٤٥",
]  # fmt: skip


@given(st.lists(st.sampled_from(NUMBERED), min_size=1, max_size=9).map("".join))
@example("+1 2")
@example("020 345 345")
@example("(345) 345")
@example("1-899-")
@example("Since May 2019")
@example("Sub-Section 7")
def test_no_number_is_passed_over_that_a_gate_would_find_if_it_always_looked(text: str) -> None:
    read = sentence(f"Keep it {text} dry")
    by_name = {gate.name: gate for gate in GATES}
    for name, pattern in (("address", gates._PHONE), ("dated", gates._YEAR), ("note mark", gates._NOTE_MARK)):
        if found := pattern.search(read.text):
            assert read.mask & by_name[name].needs, name
            assert by_name[name].test(read, Setting()) == found[0]
