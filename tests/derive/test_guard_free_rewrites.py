"""Freer rewrites than in `test_guard_rewrites`: each rule by what it lets pass, and by what it still names."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind

HEDGE, STRONG, LOST = FindingKind.DROPPED_HEDGE, FindingKind.STRONG_CLAIM, FindingKind.LOST_CONDITION
DROPPED, ADDED = FindingKind.DROPPED_NEGATION, FindingKind.ADDED_NEGATION
CHANGED, SWAPPED = FindingKind.CHANGED_NUMBER, FindingKind.SWAPPED_RELATION

FAITHFUL = {
    "can and some are one claim": (
        "Cough syrups can make some adults sleepy.",
        "Some adults get sleepy from cough syrups.",
    ),
    "can turns to its subject": (
        "A marble in the pot can make jam thicken.",
        "Jam can thicken with a marble in the pot.",
    ),
    "somebody who can advise is asked": (
        "Your dentist can advise you on a night guard.",
        "Ask your dentist for advice on a night guard.",
    ),
    "leave may be put otherwise": ("You may bring a dog on board.", "Dogs are allowed on board."),
    "what should be done is no guess": (
        "Kites should never be flown near pylons, as they may touch a cable.",
        "Never fly kites near pylons, where they may touch a cable.",
    ),
    "who says so need not be counted": (
        "Cork soles last longer than foam ones, according to several cobblers.",
        "Cork soles last longer than foam ones.",
    ),
    "a hedge may stand beside the number alone": (
        "How long does a saddle last? Usually about six years.",
        "A saddle usually lasts about six years.",
    ),
    "to advise against is to advise not to": (
        "Coaches advise against racing twice in a week.",
        "Coaches advise you not to race twice in a week.",
    ),
    "less easily is not as easily": (
        "Bamboo hooks let yarn slip less easily.",
        "Bamboo hooks do not let yarn slip as easily.",
    ),
    "what spoils if it is not done is to be done": (
        "Putty cracks if it is not kneaded first.",
        "Knead putty first, as it cracks otherwise.",
    ),
    "whether or not is even if": (
        "Whether or not the tent looks wet, air it for an hour.",
        "Air the tent for an hour even when it does not look wet.",
    ),
    "not off the rope is on the rope": (
        "Do not let a climber off the rope near the edge.",
        "Keep climbers on the rope near the edge.",
    ),
    "a week off is a week without": (
        "Take a week without rowing after a regatta.",
        "Take a week off rowing after a regatta.",
    ),
    "so don't": (
        "Avoid stepping on frozen moss, as this can kill it.",
        "Stepping on frozen moss can kill it, so don't.",
    ),
    "a supposition asks for nothing": (
        "Flatbreads do not need proving, but proving them makes them fluffier.",
        "Flatbreads get fluffier if you prove them. They do not need it.",
    ),
    "what is forbidden is not allowed": (
        "Drones may be flown in the park, but at the lake they are prohibited.",
        "Drones are allowed in the park, though not at the lake.",
    ),
    "no check, no throwing away": (
        "Check the pockets of a coat before you give it away.",
        "Don't give a coat away before you have checked its pockets.",
    ),
    "no proof is not by itself a proof": (
        "A seal alone is no proof that the honey is pure.",
        "A seal on the honey does not by itself prove that it is pure.",
    ),
    "neither is wet, both are dry": (
        "Neither the fuse nor the lamp may get wet.",
        "Keep both the fuse and the lamp dry.",
    ),
    "must never is should never": (
        "Lenses should never be rinsed with tap water.",
        "Tap water must never touch the lenses.",
    ),
    "not every is not all": ("Not all pans suit the oven.", "Not every pan suits the oven."),
    "all the way is no promise": (
        "Reheat rice until it is hot throughout.",
        "Reheat rice until it is hot all the way through.",
    ),
    "an order to remove promises nothing": (
        "Rinse barley and pick out any husks.",
        "Rinse barley and remove any husks.",
    ),
    "so that nobody is to prevent": (
        "Tape the edge of the mat so that nobody trips.",
        "Tape the edge of the mat to prevent anyone from tripping.",
    ),
    "especially limits nothing": (
        "A pinch of salt can lift a soup, especially when the stock is thin.",
        "A pinch of salt can lift a soup.",
    ),
    "if you can is if possible": ("If possible, thaw fish in the fridge.", "Thaw fish in the fridge if you can."),
    "hot weather is when it is hot": (
        "Babies drink more often in hot weather; ask your midwife.",
        "Babies drink more often when it is hot; ask your midwife.",
    ),
    "alone is on its own": ("Parrots kept on their own get bored.", "Kept alone, parrots get bored."),
    "a fifth is 20 percent": (
        "A pack should not weigh more than a fifth of the walker.",
        "A pack should weigh no more than 20% of the walker.",
    ),
    "the second day is day two": ("Soreness peaks on the second day.", "Soreness peaks on day two."),
    "a bound may stand behind": (
        "Pellets should make up no more than five percent of the diet.",
        "Keep pellets to 5% of their diet at most.",
    ),
    "no later than so long before is at least": (
        "Cancel no later than 24 hours before the class.",
        "Cancel at least 24 hours before the class.",
    ),
    "every second day is every other day": (
        "Change the water every second day.",
        "Change the water every other day.",
    ),
    "years of age": (
        "See a dentist if no tooth is loose by eight.",
        "See a dentist if no tooth is loose by the age of eight.",
    ),
    "or less is no more than": (
        "Many old lofts have 90 mm of wool or less.",
        "Many old lofts have no more than 90 mm of wool.",
    ),
    "a bound tablespoon is one tablespoon": (
        "About a tablespoon of vinegar is enough.",
        "About 1 tablespoon of vinegar is enough.",
    ),
    "limit it to two is no more than two": (
        "Beginners should limit themselves to one or two lifts.",
        "As a beginner, do no more than one or two lifts.",
    ),
    "the best one is": ("The best guard against frost is fleece.", "Fleece is the best guard against frost."),
    "linked goes both ways": (
        "Hoof cracks in ponies are often linked to dry straw.",
        "Dry straw is often linked to hoof cracks in ponies.",
    ),
    "wear a glove": (
        "A stiff brush can help, as can padded gloves.",
        "A stiff brush or wearing padded gloves can help.",
    ),
    "can often be mended is often mended": (
        "A creaking board can often be silenced with talcum.",
        "Talcum often silences a creaking board.",
    ),
    "but some of them": (
        "On average, adults need eight hours of sleep, but some feel rested after six.",
        "Adults need eight hours of sleep on average. Some feel rested after six.",
    ),
    "three rinses are three times": (
        "Rinse the rice until it is clear; this takes three rinses.",
        "Rinse the rice three times, until it is clear.",
    ),
    "once or twice": ("A filter can be reused once or twice.", "A filter can be reused one or two times."),
    "in half": ("Cut the dough in half if the tin is small.", "If the tin is small, halve the dough."),
    "kept apart is not next to": (
        "Do not store onions next to potatoes; both spoil.",
        "Store onions and potatoes apart; both spoil.",
    ),
    "not using it harms": (
        "Not using a lid can spoil the broth.",
        "Use a lid, as the broth can be spoilt otherwise.",
    ),
    "may only is only": (
        "Chains may only be used on roads that are deep in snow.",
        "Use chains only on roads that are deep in snow.",
    ),
    "at a distance": (
        "Hold the dryer about 20 cm away from the hair and finish with cold air.",
        "Finish with cold air, holding the dryer about 20 cm from your hair.",
    ),
    "will not promises nothing": (
        "Sit-ups alone do not reduce belly fat.",
        "You will not reduce belly fat through sit-ups alone.",
    ),
    "if anyone is if someone": (
        "Vacuum the rug weekly if someone has asthma; ask your doctor.",
        "Vacuum the rug weekly if anyone has asthma; ask your doctor.",
    ),
    "suffering is not doing well": ("Ferns suffer in draughts.", "Ferns do not do well in draughts."),
    "for good light": ("Put the desk by a window with good light.", "For good light, put the desk by a window."),
    "drink the alcohol": ("Avoid saunas and alcohol for a day.", "For a day, don't use saunas or drink alcohol."),
}

FAULTY = {
    "can and some, without the some": (
        "Cough syrups can make some adults sleepy.",
        "Cough syrups make adults sleepy.",
        HEDGE,
    ),
    "may may not stand for can": (
        "Cough syrups may make some adults sleepy.",
        "Cough syrups make adults sleepy.",
        HEDGE,
    ),
    "if for when takes no hedge": (
        "When the pump stops, the fuse may be blown.",
        "If the pump stops, the fuse is blown.",
        HEDGE,
    ),
    "should for if takes no hedge": (
        "Should the pump stop, the fuse may be blown.",
        "If the pump stops, the fuse is blown.",
        HEDGE,
    ),
    "a possible cause": (
        "Dry straw is a possible cause of hoof cracks.",
        "Dry straw is the cause of hoof cracks.",
        HEDGE,
    ),
    "a rule of thumb": (
        "As a rule of thumb, a rug covers half of the floor.",
        "A rug covers half of the floor.",
        HEDGE,
    ),
    "rarely": ("Squeaks in a bed are rarely dangerous.", "Squeaks in a bed are dangerous.", DROPPED),
    "made rare": ("Damp towels smell.", "Damp towels rarely smell.", ADDED),
    "to advise against, turned": ("Coaches advise against racing twice.", "Coaches advise racing twice.", DROPPED),
    "not advisable, though fine": (
        "A short walk after the massage is fine.",
        "A short walk after the massage is not advisable.",
        ADDED,
    ),
    "with no, and hardly": (
        "A card with no fee can be worth keeping.",
        "A card with no fee is hardly worth keeping.",
        ADDED,
    ),
    "too, at the end of a clause": ("The map works offline too.", "The map does not work offline.", ADDED),
    "an -ing word explains nothing": (
        "Never mix bleach with vinegar.",
        "Mixing bleach with vinegar cleans well.",
        DROPPED,
    ),
    "the fresh of another clause": (
        "Bread should not be kept in the fridge, where it goes stale.",
        "Bread should be kept in the fridge, where it stays fresh.",
        DROPPED,
    ),
    "two words of one kind, each with its own place": (
        "There is no need to wash eggs before storing them; washing strips the shell.",
        "Eggs need to be washed before storing; washing strips the shell.",
        DROPPED,
    ),
    "best is not only": (
        "Balm works best when it is rubbed in warm.",
        "Balm only works when it is rubbed in warm.",
        STRONG,
    ),
    "rules out": ("A patch test lowers the risk of a rash.", "A patch test rules out a rash.", STRONG),
    "doubles": ("Recutting helps stems to last longer.", "Recutting doubles the life of stems.", STRONG),
    "half of a condition": (
        "Paint keeps for years if the tin is sealed and kept free from frost.",
        "Paint keeps for years if the tin is sealed.",
        LOST,
    ),
    "newly planted": ("Newly planted hedges need water weekly.", "Hedges need water weekly.", LOST),
    "one kind of a subject": (
        "Shavers with sensitive cheeks may do better with one blade.",
        "Shavers may do better with one blade.",
        LOST,
    ),
    "a place before a comma": (
        "Keep a dog on the lead near livestock, however calm it is.",
        "Keep a dog on the lead.",
        LOST,
    ),
    "this does not hold for": (
        "Ripe melons give at one end. This does not hold for watermelons.",
        "Ripe melons give at one end.",
        LOST,
    ),
    "but not for": (
        "Wood ash feeds plum trees, but not for plants that like acid soil.",
        "Wood ash feeds plum trees.",
        LOST,
    ),
    "do so safely": (
        "Take the battery outside if you can do so safely.",
        "Take the battery outside.",
        LOST,
    ),
    "otherwise is no part of it": (
        "Prune figs while they are dormant, otherwise they bleed.",
        "Prune figs.",
        LOST,
    ),
    "babies born early": (
        "Babies born at term can feed on demand; ask your midwife.",
        "Babies can feed on demand; ask your midwife.",
        LOST,
    ),
    "which day": ("Soreness peaks on the second or third day.", "Soreness peaks on the fifth or sixth day.", CHANGED),
    "daily and monthly": ("Interest is charged daily.", "Interest is charged monthly.", CHANGED),
    "two fifths": (
        "Two fifths of the heat leaves by the roof.",
        "Three fifths of the heat leaves by the roof.",
        CHANGED,
    ),
    "larger and smaller": ("Pick boots a size smaller than shoes.", "Pick boots a size larger than shoes.", SWAPPED),
    "another thing of its kind": ("Wash wool at a low heat.", "Wash cotton at a low heat.", SWAPPED),
    "two words across a semicolon": (
        "Wool keeps you warm when wet; cotton does not.",
        "Cotton keeps you warm when wet; wool does not.",
        SWAPPED,
    ),
    "two subjects": (
        "Robins feed on the ground in winter, while tits like a hanging feeder.",
        "Tits feed on the ground in winter. Robins like a hanging feeder.",
        SWAPPED,
    ),
    "less than a day": (
        "Turn the heating down when you leave for less than a day.",
        "Turn the heating down when you leave.",
        LOST,
    ),
    "diseased branches": (
        "Disinfect the shears when you have cut diseased branches.",
        "Disinfect the shears when you have cut branches.",
        LOST,
    ),
    "may only": (
        "Chains may only be used on roads that are deep in snow.",
        "Chains may be used on roads.",
        LOST,
    ),
    "kept away from": (
        "Hearing aids must be kept away from hairspray.",
        "Hearing aids can be used with hairspray.",
        DROPPED,
    ),
    "impossible": ("Such locks are harder to pick.", "Such locks are impossible to pick.", STRONG),
    "lets water in": (
        "A cracked pane can cut your fingers.",
        "A cracked pane can cut your fingers and let water in.",
        FindingKind.ADDED_CONTENT,
    ),
    "a new verb with a new thing": (
        "A clogged filter lengthens drying and is a fire hazard.",
        "A clogged filter lengthens drying, wears out the motor and is a fire hazard.",
        FindingKind.ADDED_CONTENT,
    ),
}


@pytest.mark.parametrize("what", FAITHFUL)
def test_a_free_rewrite_that_says_no_more_passes(what: str) -> None:
    source, text = FAITHFUL[what]
    assert check(source, text).findings == (), what


@pytest.mark.parametrize("what", FAULTY)
def test_a_rewrite_that_looks_like_one_and_is_none_is_named(what: str) -> None:
    source, text, kind = FAULTY[what]
    assert kind in {finding.kind for finding in check(source, text).findings}, what


@pytest.mark.parametrize("what", FAULTY)
def test_the_source_of_a_fault_passes_as_it_is(what: str) -> None:
    source, _, _ = FAULTY[what]
    assert check(source, source).findings == (), what
