"""What everyday rewording leaves faithful, and what it turns round: one line for each way of saying it."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind

FAITHFUL = [
    ("Keep away from hot pans after a peel.", "Keep well clear of hot pans after a peel."),
    ("Do not use wire wool on a pan that scratches.", "A pan that scratches should be spared wire wool."),
    ("Use a brush in place of a cloth.", "Use a brush instead of a cloth."),
    ("A folded coat can stand in for a pillow.", "No pillow? A folded coat can stand in for it."),
    ("You do not need to oil it every week. Oil it if it squeaks.",
     "It needn't be oiled weekly; oil it when it squeaks."),
    ("Do not comb wet wool, as this breaks the fibres.",
     "Combing wool when it's wet breaks the fibres, so leave the comb."),
    ("Hair grows about a centimetre a month.", "Hair grows only about a centimetre a month."),
    ("A stain fades over about six washes.", "Count on around six washes before a stain has faded."),
    ("Mix one part of sand with two parts of soil.", "For every bucket of sand, take two buckets of soil."),
    ("The dial should read between 2 and 3 bar.", "Anywhere from 2 to 3 bar is what the dial should read."),
    ("Burn only wood that is drier than 20 percent.",
     "Burn only wood that is drier than 20 percent. Nothing wetter should go in."),
    ("Rabbits should not be left alone for more than six hours.",
     "Six hours is the longest rabbits should be left alone."),
    ("Pay off the loan with the highest rate first.", "Of your loans, pay off the one with the highest rate first."),
    ("For a blocked drain, ask a plumber.", "Blocked drain? A plumber is the one to ask."),
    ("A tinted cream hides redness and protects.", "A tinted cream does two jobs: it hides redness, and it protects."),
    ("Take 10 micrograms of vitamin D a day.", "Take a daily 10 µg of vitamin D."),
    ("See the nurse if you need it more than three times a week.",
     "See the nurse if you need it more than three times in a week."),
    ("Carry on with the cream for one to two weeks.", "Carry on with the cream for another week or two."),
    ("Leave the bath after 15 minutes at most.", "A quarter of an hour in the bath is the limit."),
    ("Keep it dry for 24 hours after waxing.", "Keep it dry for the first day after waxing."),
    ("Old hinges may only need a drop of oil.", "A drop of oil may be all old hinges need."),
    ("Iron tablets can stain the teeth, so rinse if you take them.",
     "On iron tablets? They can stain the teeth, so rinse."),
]  # fmt: skip

FAULTY = [
    ("Damp is one of the causes of mould on bread.", "Damp is the cause of mould on bread.", FindingKind.STRONG_CLAIM),
    ("Paying small sums into a pension may make a difference later.",
     "Start paying into a pension and you will live in comfort.", FindingKind.STRONG_CLAIM),
    ("A spot on the back that was not there in spring should be shown to a nurse.",
     "A spot on the back isn't something to show to a nurse.", FindingKind.ADDED_NEGATION),
    ("It should not weigh more than 5 kg.", "It should weigh at least 5 kg.", FindingKind.DROPPED_NEGATION),
    ("Do not use it for more than two weeks.", "Use it for at least two weeks.", FindingKind.DROPPED_NEGATION),
    ("A cream with SPF 30 lasts for two hours.", "The cream with SPF 30 offers the highest protection for two hours.",
     FindingKind.STRONG_CLAIM),
    ("Three oils suit dry hair.", "These are the only three oils for dry hair.", FindingKind.STRONG_CLAIM),
    ("Only adults may ride the big slide.", "Adults may ride the big slide, all of it.", FindingKind.LOST_CONDITION),
    ("Iron tablets stain the teeth, so rinse if you take them.", "Iron tablets stain the teeth, so rinse. Thirsty?",
     FindingKind.LOST_CONDITION),
    ("If your hair is fine, take a light mousse.", "Take a light mousse for your curls.", FindingKind.LOST_CONDITION),
    ("If your parcel is more than a week late, you can claim the postage back.",
     "Don't grumble about a late parcel: the postage is yours to claim back.", FindingKind.LOST_CONDITION),
    ("See a nurse straight away if a stiff neck comes with a rash on the legs or trouble breathing.",
     "A stiff neck is a reason to see a nurse without delay.", FindingKind.LOST_CONDITION),
    ("Put the filter in the basket before it goes on the stove.",
     "Put your filter on the stove before it goes in the basket.", FindingKind.SWAPPED_RELATION),
    ("Shake the bottle and open the lid fully before you pour.",
     "Open the lid fully, pour the bottle, then shake.", FindingKind.SWAPPED_RELATION),
]  # fmt: skip

AGAIN_FAITHFUL = [
    ("Store paint for up to two years.", "Store paint for two years at the longest."),
    ("People who take blood thinners should ask a doctor about fish oil.",
     "On blood thinners? Ask your doctor about fish oil."),
    ("Do not noticeably heat the glue.", "Don't heat the glue noticeably."),
    ("The cover lasts ten years for wood and two for paint.", "The cover lasts two years for paint and ten for wood."),
]  # fmt: skip

AGAIN_FAULTY = [
    ("Houseplants do not noticeably clean the air in a room.", "Houseplants clean the air in a room.",
     FindingKind.DROPPED_NEGATION),
    ("It is fine to reheat rice once if it was cooled quickly.",
     "Reheated rice is off the menu, however quickly it was cooled.", FindingKind.ADDED_NEGATION),
    ("A puppy may sleep beside you for some nights if that helps it to settle.",
     "A puppy should not sleep beside you for some nights, even if that helps it to settle.",
     FindingKind.ADDED_NEGATION),
    ("Most pain from sitting gets better without any treatment.",
     "Most pain from sitting gets better, but not without treatment.", FindingKind.ADDED_NEGATION),
    ("Do not skip the rinse on a grey day.", "On a grey day you can skip the rinse.", FindingKind.DROPPED_NEGATION),
    ("The warranty covers the frame for ten years and the motor for two.",
     "Your motor is covered for ten years and the frame for two.", FindingKind.CHANGED_NUMBER),
    (("A full freezer will hold its temperature for about 40 hours in a power cut if the lid stays shut, "
      "a half-full one for about 20."),
     "In a power cut, a full freezer holds its temperature for about 20 hours if the lid stays shut.",
     FindingKind.CHANGED_NUMBER),
    ("Stress can make eczema flare, so plan some quiet time.",
     "Eczema flares can cause stress, so plan some quiet time.", FindingKind.SWAPPED_RELATION),
    ("Cutting down on salt might lower your blood pressure within a few weeks.",
     "Want lower blood pressure in a few weeks? Cut down on salt.", FindingKind.DROPPED_HEDGE),
    ("Store paint for up to two years.", "Store paint for two years at the least.", FindingKind.CHANGED_NUMBER),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text"), FAITHFUL)
def test_another_everyday_wording_of_the_same_is_let_pass(source: str, text: str) -> None:
    assert check(source, text).findings == ()


@pytest.mark.parametrize(("source", "text", "kind"), FAULTY)
def test_what_everyday_words_make_of_it_is_named(source: str, text: str, kind: FindingKind) -> None:
    assert kind in {finding.kind for finding in check(source, text).findings}


@pytest.mark.parametrize(("source", "text"), AGAIN_FAITHFUL)
def test_limits_takers_and_numbers_told_in_turn_are_let_pass(source: str, text: str) -> None:
    assert check(source, text).findings == ()


@pytest.mark.parametrize(("source", "text", "kind"), AGAIN_FAULTY)
def test_a_denial_a_number_or_a_cause_that_changed_sides_is_named_by_its_kind(
    source: str, text: str, kind: FindingKind
) -> None:
    assert kind in {finding.kind for finding in check(source, text).findings}


THIRD_FAITHFUL = [
    ("Leave the dressing on for 24 hours.", "Leave the dressing on for a full day."),
    ("You can ask for the deposit up to two months after the move.",
     "You have two months from the move to ask for the deposit."),
    ("It is not clear whether cedar keeps moths away.", "Nobody knows for sure if cedar keeps moths away."),
    ("Only the tenant can end the contract.", "To end the contract you have to be the tenant."),
    ("Boil the jar for ten minutes at most.", "Never boil the jar for more than ten minutes."),
    ("One in ten walkers needed a second plaster.", "A second plaster was necessary for one walker in ten."),
    ("Rhubarb leaves are not for children under five.", "Rhubarb leaves are not for anyone under five."),
    ("A bedtime story helps some children to settle.", "For certain children a bedtime story helps them settle."),
    ("The seal wears out after about six years and must be replaced.",
     "After roughly six years the seal has worn out, and it must be replaced."),
    ("Steaming keeps more colour in beans than boiling does.",
     "Beans lose less colour when they are steamed than when they are boiled."),
    ("Three drops are enough for the whole head.", "For the whole head you need no more than three drops."),
    ("Park the bike out of the sun, because heat dries the saddle.",
     "Park your bike in the shade: heat dries the saddle."),
    ("You do not need to peel young carrots.", "Young carrots don't have to be peeled."),
    ("Only open the kiln when the bell rings.", "Leave the kiln shut until the bell rings."),
    ("Have the last cup by two in the afternoon.", "Have no cup after two in the afternoon."),
    ("Water the bed in the evening, when it is cool.", "Water the bed in the evening."),
]  # fmt: skip

THIRD_FAULTY = [
    ("Avoid cider for 48 hours after the parcel has been lifted if you feel faint.",
     "Avoid cider for 48 hours after handling the parcel.", FindingKind.LOST_CONDITION),
    ("Some people get a mild headache on the first day without tea.",
     "Expect a headache on your first day without tea.", FindingKind.DROPPED_HEDGE),
    ("The spray works best when it is used before the rain.", "The spray only works if it is used before the rain.",
     FindingKind.STRONG_CLAIM),
    ("There is little evidence that magnets ease cramps.", "There is evidence that magnets ease cramps.",
     FindingKind.DROPPED_HEDGE),
    ("Have the last cup by two in the afternoon.", "Have the last cup after two in the afternoon.",
     FindingKind.CHANGED_NUMBER),
    ("You do not need to peel young carrots.", "Do not peel young carrots.", FindingKind.STRONG_CLAIM),
    ("Rub clove oil, diluted in olive oil, on the gums.", "Rub clove oil on the gums.", FindingKind.LOST_CONDITION),
    ("Split your keys, so that a thief does not get all of them.", "Split your keys, and a thief gets none of them.",
     FindingKind.STRONG_CLAIM),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text"), THIRD_FAITHFUL)
def test_times_limits_and_doubts_in_everyday_words_are_let_pass(source: str, text: str) -> None:
    assert [f.kind for f in check(source, text).findings if f.kind is not FindingKind.MISSING_NOTE] == []


@pytest.mark.parametrize(("source", "text", "kind"), THIRD_FAULTY)
def test_a_condition_behind_another_and_a_doubt_that_is_gone_are_named(
    source: str, text: str, kind: FindingKind
) -> None:
    assert kind in {found.kind for found in check(source, text).findings}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Let the clay rest for a day before you fire it.", "Give the clay a day of rest, and only then fire it."),
        ("Hens should have grit at all times.", "Make sure the hens never run out of grit."),
        (
            "Chalk may fade a mark on slate, though it rarely removes it.",
            "Chalk may fade a mark on slate, but it seldom removes it altogether.",
        ),
        ("Keep the cuttings out of draughts for a week.", "Shelter the cuttings from draughts for a week."),
        ("Oil the saw often to prevent rust.", "Stop rust forming: oil the saw often."),
        ("Rub a little wax into the drawer runners.", "Rub some wax into the drawer runners."),
        (
            "Do not rinse the brush under the tap; wipe it twice a day.",
            "Rinsing the brush? Skip the tap and wipe it twice a day.",
        ),
        (
            "Wax the rail with a soft cloth. It can usually be done in a day.",
            "Wax the rail with a soft cloth. It can usually be done in one day.",
        ),
    ],
)
def test_the_same_in_everyday_words_is_let_through(source: str, text: str) -> None:
    assert not check(source, text).findings


@pytest.mark.parametrize(
    ("source", "text", "kind"),
    [
        ("The glue can be a little harsh on lacquer.", "The glue is harsh on lacquer.", "dropped_hedge"),
        ("Chalk may fade a mark on slate.", "Chalk may fade a mark on slate altogether.", "strong_claim"),
        ("Hens should have grit in winter.", "Hens never do without grit in winter.", "strong_claim"),
        ("Oil the saw often for a smooth cut.", "Stop oiling the saw for a smooth cut.", "added_negation"),
    ],
)
def test_what_says_more_in_words_like_those_is_flagged(source: str, text: str, kind: str) -> None:
    assert kind in {found.kind.value for found in check(source, text).findings}
