"""A denial and a plain statement that say the same, and those that do not."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind
from tests.derive.guard_findings import clean, shown


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Failure to oil the hinge can shorten its life.", "Not oiling the hinge can shorten its life."),
        ("A hinge does not need to be oiled as often as a lock.", "Oil a hinge less often than a lock."),
        ("Do not go to bed with wet socks on.", "Take wet socks off before you go to bed."),
        ("Sponges are best avoided for a day after gluing.", "Avoid sponges for a day after gluing."),
        ("Kites ought not to fly next to a mast.", "Keep kites away from a mast."),
        (
            "Prop the hatch on a block or the hinge will slam shut.",
            "Prop the hatch on a block so the hinge does not slam shut.",
        ),
        (
            "Gluing with a brush roughens the cork. Use a roller instead.",
            "Use a roller instead of gluing with a brush, which roughens the cork.",
        ),
        ("Tenants must get written leave before drilling the walls.", "Do not drill the walls without written leave."),
        ("Few ferns will tolerate standing in a puddle.", "Most ferns cannot stand in a puddle."),
        ("Let the stew stand off the heat for five minutes.", "Let the stew stand for five minutes off the heat."),
        ("It is a myth that moss makes a roof leak.", "Moss does not make a roof leak."),
        ("Never leave a kiln alight, not even for an hour.", "Never leave a kiln alight, even for an hour."),
        ("The lamp cannot be used without a battery.", "You need a battery to use the lamp."),
    ],
)
def test_a_denial_and_a_plain_statement_may_agree(source: str, text: str) -> None:
    assert clean(source, text)


@pytest.mark.parametrize(
    ("source", "text", "kind"),
    [
        ("There is no need to stop the pump at night.", "Stop the pump at night.", FindingKind.DROPPED_NEGATION),
        ("Do not skip the second rinse.", "Skip the second rinse.", FindingKind.DROPPED_NEGATION),
        ("Skip the second rinse.", "Do not skip the second rinse.", FindingKind.ADDED_NEGATION),
        (
            "Keep stirring the glaze after the bubbles have stopped.",
            "Stop stirring the glaze after the bubbles have stopped.",
            FindingKind.ADDED_NEGATION,
        ),
        (
            "Sow beans after the rain rather than during it.",
            "Do not sow beans after the rain.",
            FindingKind.ADDED_NEGATION,
        ),
        (
            "Wash the jars before filling them.",
            "There is no need to wash the jars before filling them.",
            FindingKind.ADDED_NEGATION,
        ),
        ("A third coat improves the shine.", "A third coat does nothing for the shine.", FindingKind.ADDED_NEGATION),
        (
            "Pots without a saucer do not let rain drain.",
            "Pots without a saucer let rain drain.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "It is not safe to drink rain from a zinc roof.",
            "Rain from a zinc roof can be drunk.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "Sand the oak; do not, however, wet the grain first.",
            "Sand the oak and wet the grain first.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "Cork is not a stone and does not need wax.",
            "Cork is not a stone but needs wax.",
            FindingKind.DROPPED_NEGATION,
        ),
        ("Nothing you hum makes ferns grow.", "What you hum makes ferns grow.", FindingKind.DROPPED_NEGATION),
        ("Don't bother sieving the bran before baking.", "Sieve the bran before baking.", FindingKind.DROPPED_NEGATION),
        (
            "Ask whether the varnish that you bought is safe.",
            "Ask whether the varnish that you bought is not safe.",
            FindingKind.ADDED_NEGATION,
        ),
        ("Only a sailor with a badge may row.", "Only a sailor with a badge may not row.", FindingKind.ADDED_NEGATION),
        (
            "For sheds without a lamp, a torch is enough.",
            "For sheds without a lamp, a torch is not enough.",
            FindingKind.ADDED_NEGATION,
        ),
        (
            "The shed is dry, and the roof does not leak as it stands.",
            "The shed is dry, and the roof does leak as it stands.",
            FindingKind.DROPPED_NEGATION,
        ),
        ("Rafts are not permitted on the lake.", "Rafts are allowed on the lake.", FindingKind.DROPPED_NEGATION),
        ("The glaze is not suitable for damp oak.", "The glaze can be used on damp oak.", FindingKind.DROPPED_NEGATION),
        (
            "Crows cannot sweat, so a bath is unnecessary.",
            "Because crows can sweat, there's no need for a bath.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "Tin lamps are not waterproof, even if the box says so.",
            "Even if the box says so, tin lamps are waterproof.",
            FindingKind.DROPPED_NEGATION,
        ),
        ("Too much lime can burn the roots.", "Too much lime does not burn the roots.", FindingKind.ADDED_NEGATION),
        ("A lack of rest can make you tired.", "A lack of rest cannot make you tired.", FindingKind.ADDED_NEGATION),
        ("Sponge cake isn't a treatment for a cough.", "Sponge cake treats a cough.", FindingKind.DROPPED_NEGATION),
    ],
)
def test_a_statement_turned_round_is_named(source: str, text: str, kind: FindingKind) -> None:
    shown(source, text, kind)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("People on anticoagulants bruise easily.", "People on blood thinners bruise easily."),
        ("Postpone the outing if the child is feverish.", "Put off the outing if the child has a high temperature."),
        ("Myopia is usual among readers.", "Short-sightedness is usual among readers."),
        ("Whether a lesion is malignant is told by a biopsy.", "Whether a growth is cancerous is told by a biopsy."),
    ],
)
def test_the_clinics_word_and_the_kitchen_tables_are_one(source: str, text: str) -> None:
    found = [one for one in _kinds(source, text) if one is not FindingKind.MISSING_NOTE]
    assert found == []


def _kinds(source: str, text: str) -> list[FindingKind]:
    return [one.kind for one in check(source, text).findings]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Turn the cheese once a week.", "Turn the cheese once a week. Flip the pickles too."),
        ("Bend your knees before a lift.", "Bend your knees before a lift, as trainers advise."),
        ("Bend your knees before a lift.", "Bend your knees before a lift, which osteopaths recommend."),
    ],
)
def test_what_a_sentence_of_its_own_or_an_expert_brings_in_is_named(source: str, text: str) -> None:
    shown(source, text, FindingKind.ADDED_CONTENT)


def test_an_amount_after_up_to_leaves_the_verb_alone() -> None:
    assert clean("You can save up to half of the gas.", "You can save as much as half of the gas.")
