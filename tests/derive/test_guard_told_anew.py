"""What a reader would call the same told in other words, each beside a fault that looks like it."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind

FAITHFUL = {
    "not until the case in which alone it may be": (
        "Kittens may go out in the garden only after their vaccinations are complete.",
        "Hold off on garden outings until your kitten has had all its vaccinations.",
    ),
    "a comparison of two acts": (
        "Baking pears tends to keep more of their taste than poaching them.",
        "Pears usually keep more of their taste when you bake them than when you poach them.",
    ),
    "not left soaking": (
        "Wooden boards should not be left to soak in water, because they warp.",
        "Don't leave your wooden board soaking in water; it warps.",
    ),
    "kept out of where it is not to be stored": (
        "Avoid storing tomatoes in the fridge, as the cold dulls their taste.",
        "Keep tomatoes out of the fridge: cold dulls their taste.",
    ),
    "asked for in the very case": (
        "Apply balm while the skin is still warm from the bath.",
        "Fresh from the bath? Put your balm on while your skin is still warm.",
    ),
    "two units make one range": ("Leave the seeds for seven to ten days.", "Leave the seeds for a week to ten days."),
    "each end of a range by itself": (
        "The leather takes three weeks to two months to soften.",
        "The leather can be soft in three weeks, and it can take two months.",
    ),
    "once an hour has passed": (
        "Take the sponge out of the tin one hour after baking.",
        "Once an hour has passed after baking, take the sponge out of the tin.",
    ),
    "a birthday is an age": (
        "Let kittens outdoors when they are over one year old.",
        "Let kittens outdoors past their first birthday.",
    ),
    "the other amount in the same unit": (
        "Filling the drum to 80 percent instead of 100 keeps towels soft.",
        "Filling the drum to 80%, not 100%, keeps towels soft.",
    ),
    "at a minimum": ("Rest the dough for at least 2 hours.", "Rest the dough for 2 hours at a minimum."),
    "or earlier": (
        "Switch the oven on at least 15 minutes before baking.",
        "Baking? Switch the oven on a quarter of an hour ahead, or earlier.",
    ),
    "with no": (
        "Lay the rug on a dry, flat floor without underlay.",
        "Lay the rug on a dry, flat floor with no underlay.",
    ),
    "cool before opening": (
        "Do not open the kiln while it is hot, because the glaze could crack.",
        "Let the kiln cool before you open it. Otherwise the glaze could crack.",
    ),
    "able to do it in a case": (
        "Move the foal to a paddock when it can stand and walk.",
        "Move the foal to a paddock once it stands and walks.",
    ),
    "never for do not, beside what is done": (
        "A chilled bottle keeps the wine fresh, but do not put it in the freezer.",
        "A chilled bottle (never frozen) keeps the wine fresh.",
    ),
    "a question is the case": (
        "Rub a little wax on the drawer runners if the wood feels sticky.",
        "Sticky wood? Rub a little wax on the drawer runners.",
    ),
    "a question tells nothing new": (
        "A thicker curtain may lower the noise from the street.",
        "Bothered by busy traffic? A thicker curtain may lower the noise from the street.",
    ),
    "what comes after a comparison is not denied": (
        "Riding at 15 km/h rather than 20 can save a third of the battery.",
        "Slow down from 20 to 15 km/h and you can save a third of the battery.",
    ),
    "beats for rather than": (
        "Use cold water rather than hot water to rinse the jug, since heat can cloud it.",
        "Cold beats hot for rinsing the jug: heat can cloud it.",
    ),
    "nobody in a purpose": (
        "Fold the cable away after use, so that people do not trip over it.",
        "Fold the cable away after use, so nobody trips over it.",
    ),
    "stick to for only": ("Only use the oil that the maker names.", "Stick to the oil that the maker names."),
    "over for rather than": (
        "Use cold water rather than hot water for the jug.",
        "Choose cold over hot water for the jug.",
    ),
    "deters and keeps away": ("Old socks may deter moths.", "Old socks can help keep moths away."),
    "keeps away and wards off": ("Cedar chips might keep some moths away.", "Cedar chips may ward off some moths."),
    "so much of a thing": (
        "Gravel can help the path to hold its shape in winter.",
        "In winter, a layer of gravel can help the path to hold its shape.",
    ),
    "over, in other words": (
        "Move the shrub after it has finished flowering.",
        "Wait until the shrub has stopped flowering, then move it.",
    ),
    "ahead of for before": (
        "Prune the vine in late winter, before new growth starts.",
        "Cut back your vine late in winter, ahead of the new growth.",
    ),
    "whether somebody recommended it": (
        "Wear the brace on long walks if your doctor recommends it.",
        "Has your doctor recommended the brace? Wear it on long walks.",
    ),
    "so many portions of a thing in a time": (
        "Two portions of boiled oats a week are enough for a hen.",
        "For a hen, boiled oats twice a week are enough.",
    ),
    "in case for may": (
        "Old varnish may contain lead, so test it before sanding.",
        "Test old varnish before you sand, in case it contains lead.",
    ),
    "find that for may in some": (
        "Lavender oil may settle a restless dog in some homes.",
        "Some homes find that lavender oil settles a restless dog.",
    ),
    "fresh from for when they come from": (
        "Cold packs sting less when they come straight from the fridge.",
        "Fresh from the fridge, cold packs sting less.",
    ),
    "one thing refused twice over": (
        "Feed the hens after dawn, not on a wet lawn.",
        "Don't feed the hens on a wet lawn. Feed them after dawn.",
    ),
    "gets worse with": ("Damp can make rust worse.", "Rust can get worse with damp."),
    "not the other for over": (
        "Choose a lease with a fixed rent over one with a variable rent.",
        "A fixed-rent lease is the better choice, not a variable one.",
    ),
    "so much a day or more": ("Give at least 25 g of hay a day.", "Give 25 g of hay a day or more."),
    "stop for cancel": (
        "Cancel the lease at least a month before it renews.",
        "To stop a lease, cancel it a month or more before it renews.",
    ),
    "leave to for only": ("Only trained staff should handle the kiln.", "Leave the kiln to the trained staff."),
    "who was there before you": (
        "Ask the tenant before you for the average monthly costs.",
        "Find out from the previous tenant what it costs in an average month.",
    ),
    "left clear for free of": (
        "A crib should stay free of pillows and loose sheets.",
        "A crib is best left clear of pillows and loose sheets.",
    ),
    "all round": ("Splashes can spread grease around the sink.", "Splashes can carry grease all round your sink."),
    "a little mild soap": (
        "Oak lids can be washed with a little mild soap, as long as you dry them.",
        "You can wash oak lids with a drop of mild soap, provided you dry them.",
    ),
    "a small turn": ("Turn the pot a little each week.", "Give the pot a small turn each week."),
    "the go-ahead": (
        "Do not sleep in the brace unless your nurse has told you that you may.",
        "Take the brace off before you sleep, unless your nurse has given you the go-ahead.",
    ),
    "less likely": (
        "Dry the lid after a wash to make rust less likely.",
        "After a wash, dry the lid. It lowers the chances of rust.",
    ),
    "where medicines are kept": (
        "Keep medicines in their original packaging.",
        "Keep your medicines in the packaging they came in.",
    ),
}

ADDED, LOST = FindingKind.ADDED_CONTENT, FindingKind.LOST_CONDITION
CHANGED, STRONG = FindingKind.CHANGED_NUMBER, FindingKind.STRONG_CLAIM
FAULTY = {
    "always, behind what is passed over": (
        "Rolling towels instead of folding them can save space in a small chest.",
        "Packing a small chest? Rolling your towels rather than folding them always frees up room.",
        FindingKind.STRONG_CLAIM,
    ),
    "go ahead, whatever the case": (
        "You can use a dental rinse once a week unless you have sore gums.",
        "A weekly tooth rinse is fine: go ahead and use one.",
        FindingKind.LOST_CONDITION,
    ),
    "once the frost has passed": (
        "Ferns can go outdoors once the last frost has passed.",
        "Ferns can move outside: find them a spot in the garden.",
        FindingKind.LOST_CONDITION,
    ),
    "one comes first: then the other": (
        "Put on primer before you apply varnish, and let it dry in first.",
        "Varnish comes first: then finish with your primer and let it dry in.",
        FindingKind.SWAPPED_RELATION,
    ),
    "a comparison of two acts turned round": (
        "Baking pears tends to keep more of their taste than poaching them.",
        "Pears usually keep more of their taste when you poach them than when you bake them.",
        FindingKind.SWAPPED_RELATION,
    ),
    "may help only in a case, and helps": (
        "A balm may help only if it is used every evening.",
        "A balm helps if it is used every evening.",
        FindingKind.DROPPED_HEDGE,
    ),
    "may help only later, and helps": (
        "A balm may help only after a week.",
        "A balm helps, though not before a week.",
        FindingKind.DROPPED_HEDGE,
    ),
    "two units, another end": (
        "Leave the seeds for seven to ten days.",
        "Leave the seeds for a week to twelve days.",
        CHANGED,
    ),
    "one end as both": (
        "The leather takes three weeks to two months to soften.",
        "The leather takes three weeks to soften.",
        CHANGED,
    ),
    "another birthday": (
        "Let kittens outdoors when they are over one year old.",
        "Let kittens outdoors past their second birthday.",
        CHANGED,
    ),
    "at a minimum is no maximum": (
        "Rest the dough for at most 2 hours.",
        "Rest the dough for 2 hours at a minimum.",
        CHANGED,
    ),
    "sooner in another case": (
        "Change the filter every two months, or sooner if it smells.",
        "Change the filter every two months.",
        LOST,
    ),
    "will never again": (
        "Write the list before bed. It may stop your mind from going over it.",
        "Write the list before bed and your mind will never go over it again.",
        STRONG,
    ),
    "a use forbidden": (
        "Rinse the tray with vinegar.",
        "Don't put vinegar on the tray.",
        FindingKind.ADDED_NEGATION,
    ),
    "sooner for more slowly": (
        "Cotton dries more slowly than nylon.",
        "Cotton will be dry sooner than nylon.",
        FindingKind.SWAPPED_RELATION,
    ),
    "nobody as a promise": (
        "Freeze raw fish first, as cold kills worms.",
        "Freeze raw fish first. Nobody can fall ill from it then.",
        STRONG,
    ),
    "one of two hedges gone": (
        "Foam might reduce the noise from the stairs in some flats.",
        "In some flats, foam reduces the noise from the stairs.",
        FindingKind.DROPPED_HEDGE,
    ),
    "if you can holds nothing back": (
        "Book the ferry on a weekday if you can, as cabins are sometimes cheaper.",
        "Book the ferry on a weekday if you can: cabins are cheaper.",
        FindingKind.DROPPED_HEDGE,
    ),
    "a flip that two checks name": (
        "Add a spoon of oil if your bread dough feels too stiff.",
        "Bread dough a bit too stiff? Don't add oil, not even a spoon.",
        FindingKind.ADDED_NEGATION,
    ),
    "a thing that may not be there": (
        "Carry spare keys in your coat pocket.",
        "Your spare keys shouldn't travel in your coat pocket.",
        FindingKind.ADDED_NEGATION,
    ),
    "more for lower": (
        "Rinse tinned beans to lower the amount of salt.",
        "Give tinned beans a rinse: there'll be more salt in them.",
        FindingKind.SWAPPED_RELATION,
    ),
    "it leaves nothing": (
        "Use a soft cloth to dust your screens.",
        "For dusty screens, reach for a soft cloth: it leaves no scratches.",
        ADDED,
    ),
    "once finished for before": (
        "Turn off the gas at the meter before you change the hob.",
        "Changing the hob? Turn off the gas at the meter once you've finished.",
        FindingKind.SWAPPED_RELATION,
    ),
    "once it has started for before": (
        "Prune the vine in late winter, before new growth starts.",
        "Cut back your vine in late winter, once new growth has started.",
        FindingKind.SWAPPED_RELATION,
    ),
    "in for out of": (
        "Butter spreads best if it is taken out of the cellar an hour before.",
        "Put butter in the cellar an hour before, and it spreads best.",
        FindingKind.SWAPPED_RELATION,
    ),
    "a few days and several weeks exchanged": (
        "Leeks keep for several weeks in a cool cellar but only a few days in the kitchen.",
        "Leeks last several weeks in the kitchen, and just a few days in a cool cellar.",
        CHANGED,
    ),
    "until for once": (
        "Turn the kiln down once the glaze has melted.",
        "Turn the kiln down until the glaze has melted.",
        FindingKind.SWAPPED_RELATION,
    ),
    "first, and a minute later": (
        "Brush the primer on and wait an hour before the varnish goes on.",
        "Varnish goes on first. An hour later, brush the primer on.",
        FindingKind.SWAPPED_RELATION,
    ),
    "when that is done": (
        "Sand the board first, then oil it.",
        "Oil the board, and when that's done sand it.",
        FindingKind.SWAPPED_RELATION,
    ),
    "the other one chosen": (
        "Choose a lease with a fixed rent over one with a variable rent.",
        "Go for a variable-rent lease rather than a fixed one.",
        FindingKind.SWAPPED_RELATION,
    ),
    "lower for increase": (
        "Increase the feed slowly over several days.",
        "Lower the feed bit by bit over several days.",
        FindingKind.SWAPPED_RELATION,
    ),
    "keeps them away after all": (
        "Garlic does not keep moths away.",
        "Garlic will keep moths away.",
        FindingKind.DROPPED_NEGATION,
    ),
    "the wrong thing for it": (
        "Rinse the cloth with boiling water.",
        "Boiling water is the wrong thing for rinsing your cloth.",
        FindingKind.ADDED_NEGATION,
    ),
    "every Sunday for every second one": (
        "Every second Sunday, turn the mattress.",
        "Turn your mattress every Sunday.",
        CHANGED,
    ),
    "needs it at once": (
        "A plant from the shop does not need potting at once; let it get used to your home first.",
        "New plant? It needs potting at once, and then some time to get used to your home.",
        FindingKind.DROPPED_NEGATION,
    ),
    "suits those who cannot": (
        "Heavy quilts are not suitable for babies or for people who cannot move the quilt.",
        "Heavy quilts suit babies and people who can't lift the quilt.",
        FindingKind.DROPPED_NEGATION,
    ),
    "often made, and come from": (
        "Shop brands are often made by the same firms as the well-known names.",
        "Shop brands come from the same firms as the big names.",
        FindingKind.DROPPED_HEDGE,
    ),
    "left to soak after all": (
        "Wooden boards should not be left to soak in water, because they warp.",
        "Leave your wooden board to soak in water, as it warps.",
        FindingKind.DROPPED_NEGATION,
    ),
    "popped where it is not to be stored": (
        "Avoid storing tomatoes in the fridge, as the cold dulls their taste.",
        "Pop your tomatoes in the fridge, where the cold dulls their taste.",
        FindingKind.DROPPED_NEGATION,
    ),
    "forbidden in the very case": (
        "Apply balm while the skin is still warm from the bath.",
        "Fresh from the bath? Don't put your balm on while your skin is still warm.",
        FindingKind.ADDED_NEGATION,
    ),
    "extra for less": (
        "Feed the ferns less in autumn, when most of them rest.",
        "Give your ferns extra feed in autumn, as most rest then.",
        FindingKind.SWAPPED_RELATION,
    ),
    "medicines that are taken": (
        "Take medicines with a glass of water.",
        "Take medicines with a glass of water.",
        FindingKind.MISSING_NOTE,
    ),
}


@pytest.mark.parametrize("what", FAITHFUL)
def test_what_is_told_anew_and_says_no_more_passes(what: str) -> None:
    assert check(*FAITHFUL[what]).findings == (), what


@pytest.mark.parametrize("what", FAULTY)
def test_what_looks_like_it_and_says_something_else_is_named(what: str) -> None:
    source, text, kind = FAULTY[what]
    assert kind in {finding.kind for finding in check(source, text).findings}, what
