"""regulated_claim and missing_note: what advertising rules ask of a tip, source or no source."""

import pytest

from pipeline.derive.guard import check, check_authored
from pipeline.derive.guard_claims import REGIONS
from pipeline.derive.model import Finding, FindingKind, Verdict


def claims(text: str, region: str = "eu", kind: FindingKind = FindingKind.REGULATED_CLAIM) -> list[Finding]:
    """The findings of a kind on a text that somebody vouches for."""
    return [finding for finding in check_authored(text, region=region).findings if finding.kind is kind]


# ── a cosmetic that treats ───────────────────────────────────────────────────────────────────────────────────

# What is said, and the words that are shown.
MEDICINAL = [
    ("This cream cures acne for good.", "cures acne"),
    ("Our serum treats rosacea.", "treats rosacea"),
    ("Oats relieve eczema.", "relieve eczema"),
    ("The mask gets rid of acne.", "gets rid of acne"),
    ("This balm is a cure for eczema.", "cure for eczema"),
    ("A treatment for psoriasis from your kitchen.", "treatment for psoriasis"),
    ("Vitamin C prevents colds.", "prevents colds"),
    ("The oil prevents hair loss.", "prevents hair loss"),
    ("The gel heals stubborn cold sores.", "heals stubborn cold sores"),
    ("Tea tree oil kills the bacteria that cause acne.", "kills the bacteria that cause acne"),
    ("The tea reverses diabetes.", "reverses diabetes"),
    ("The pillow banishes migraines.", "banishes migraines"),
    ("Nothing cures acne like this cream.", "cures acne"),
    ("Acne is treated by this balm.", "Acne is treated by this balm"),
    ("Eczema disappears with this lotion.", "Eczema disappears with this lotion"),
    ("Rashes clear up with our ointment.", "Rashes clear up with our ointment"),
]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(("text", "words"), MEDICINAL)
def test_a_product_that_is_said_to_treat_a_condition_blocks_in_every_region(text: str, words: str, region: str) -> None:
    (finding,) = claims(text, region)
    assert finding.verdict is Verdict.BLOCK
    assert finding.text_words == words
    assert words in finding.message
    assert "how skin looks or feels" in finding.suggestion
    assert check_authored(text, region=region).verdict is Verdict.BLOCK


@pytest.mark.parametrize(
    "text",
    [
        "A dermatologist says this cream cures acne.",
        "See a doctor, but this cream heals psoriasis.",
        "Between laser sessions, our balm heals eczema.",
    ],
)
def test_a_professional_in_the_sentence_does_not_excuse_what_a_product_is_said_to_do(text: str) -> None:
    assert [finding.verdict for finding in claims(text)] == [Verdict.BLOCK]


@pytest.mark.parametrize(
    "text",
    [
        "This cream does not cure acne.",
        "No cream cures acne.",
        "Ask a pharmacist for a cream that treats athlete's foot.",
        "A dermatologist can treat acne with light.",
        "Laser sessions treat scars.",
        "A surgeon can repair scars.",
        "Acne often starts in the teens.",
        "Acne can come back after a break.",
        "The cream suits skin that is prone to acne.",
        "Eczema does not disappear with this lotion.",
        "Ask a doctor whether eczema is treated with a lotion.",
        "The fever may go away. Keep the cream in the fridge.",
        "Treat the wood with oil.",
        "Frost kills basil.",
        "Clear the table before dinner.",
    ],
)
def test_care_by_a_professional_denials_and_other_matter_are_no_medicinal_claim(text: str) -> None:
    assert claims(text) == []


def test_the_condition_must_follow_within_a_few_words_of_the_same_sentence() -> None:
    assert claims("The gel heals red and sore and itchy acne.")
    assert claims("The gel heals small cuts, and the shop around the corner sells books on acne.") == []
    assert claims("The gel heals cuts. Acne is another matter.") == []


def test_every_medicinal_claim_of_a_text_is_shown() -> None:
    words = [finding.text_words for finding in claims("The balm cures acne. The tea prevents colds.")]
    assert words == ["cures acne", "prevents colds"]


def test_a_medicinal_claim_blocks_even_where_the_source_makes_it() -> None:
    text = "The balm heals eczema."
    assert check(text, text).verdict is Verdict.BLOCK


# ── prescription-only medicines ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "medicine"),
    [
        ("Buy isotretinoin from us without a prescription.", "isotretinoin"),
        ("Use tretinoin at night.", "tretinoin"),
        ("Wash your face and apply adapalene.", "adapalene"),
        ("Try skinny jabs this spring.", "skinny jabs"),
        ("Ask for Ozempic at our clinic.", "Ozempic"),
        ("Botox smooths the forehead.", "Botox"),
        ("Wegovy is effective.", "Wegovy"),
        ("Finasteride regrows hair.", "Finasteride"),
        ("Stop worrying and get Botox.", "Botox"),
    ],
)
def test_promoting_a_medicine_blocks_in_europe_and_warns_in_the_united_states(text: str, medicine: str) -> None:
    for region, verdict in (("eu", Verdict.BLOCK), ("uk", Verdict.BLOCK), ("us", Verdict.WARN)):
        (finding,) = claims(text, region)
        assert finding.verdict is verdict
        assert finding.text_words == medicine
        assert "may not be promoted" in finding.message
        assert "consultation" in finding.suggestion


@pytest.mark.parametrize(
    "text",
    [
        "Isotretinoin is a strong medicine for severe acne.",
        "A doctor may prescribe isotretinoin for severe acne.",
        "If you use tretinoin, wear sunscreen.",
        "Acne medicines such as isotretinoin can dry the lips.",
        "Some people who take finasteride feel tired. Sleep helps.",
    ],
)
@pytest.mark.parametrize("region", REGIONS)
def test_a_bare_mention_of_a_medicine_is_pointed_out_and_blocks_nowhere(text: str, region: str) -> None:
    assert [finding.verdict for finding in claims(text, region)] == [Verdict.WARN]
    assert check(text, text, region=region).verdict is Verdict.WARN


@pytest.mark.parametrize(
    "text",
    [
        "Tell your doctor if you take isotretinoin.",
        "Wait six months after isotretinoin before a laser session.",
        "Tell patients who recently used isotretinoin to postpone dermabrasion.",
        "Avoid waxing while you use tretinoin.",
        "Do not use tretinoin near the eyes.",
        "Never buy Botox online.",
        "Botox does not lift the brow.",
        "Isotretinoin interacts with some antibiotics; ask a pharmacist.",
    ],
)
@pytest.mark.parametrize("region", REGIONS)
def test_a_warning_about_a_medicine_is_left_alone(text: str, region: str) -> None:
    assert claims(text, region) == []
    kinds = {finding.kind for finding in check(text, text, region=region).findings}
    assert FindingKind.REGULATED_CLAIM not in kinds


def test_a_medicine_of_one_region_is_none_in_another() -> None:
    text = "Hydroquinone fades spots."
    assert [len(claims(text, region)) for region in ("eu", "uk", "us")] == [1, 1, 0]


def test_a_call_counts_only_close_before_the_name_and_praise_only_close_after_it() -> None:
    (far,) = claims("Try the new café by the river, where they talk of Botox.")
    assert far.verdict is Verdict.WARN
    (later,) = claims("Botox came up at dinner; the new lamp helps.")
    assert later.verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Try the well known Botox.", Verdict.BLOCK),
        ("Try one of the Botox.", Verdict.BLOCK),
        ("Try a bit of that Botox.", Verdict.WARN),
        ("Botox in a salon smooths lines.", Verdict.BLOCK),
        ("Botox in a local salon smooths lines.", Verdict.BLOCK),
        ("Botox in a small local salon smooths lines.", Verdict.WARN),
    ],
)
def test_the_reach_of_a_call_is_three_words_and_that_of_praise_four(text: str, verdict: Verdict) -> None:
    assert [finding.verdict for finding in claims(text)] == [verdict]


def test_the_condition_that_a_product_clears_stands_in_the_same_sentence() -> None:
    assert claims("Some have acne. It disappears with this lotion.") == []
    assert claims("It disappears with this lotion. Some have acne.") == []


# ── approval, disclaimers, denigration ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("A dermatologist-approved oil.", "dermatologist-approved", "authority or profession"),
        ("Recommended by doctors for winter.", "Recommended by doctors", "authority or profession"),
        ("Clinically proven comfort.", "Clinically proven", "authority or profession"),
        ("An NHS approved routine.", "NHS approved", "authority or profession"),
        ("The peel shows promise.", "shows promise", "evidence"),
        ("Preliminary work speaks for oats.", "Preliminary", "evidence"),
        ("Unlike other brands, it does not pill.", "Unlike other brands", "runs other products down"),
        ("Free of harsh chemicals.", "harsh chemicals", "runs other products down"),
    ],
)
def test_phrases_that_the_rules_watch_are_pointed_out_with_the_reason(text: str, words: str, why: str) -> None:
    (finding,) = claims(text)
    assert finding.verdict is Verdict.WARN
    assert finding.text_words == words
    assert why in finding.message


def test_free_from_parabens_runs_others_down_in_europe_alone() -> None:
    text = "The lotion is free from parabens."
    assert [len(claims(text, region)) for region in ("eu", "uk", "us")] == [1, 1, 0]


# ── a note to talk to a professional ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Choose plain creams while pregnant.", "pregnant"),
        ("Breastfeeding changes the skin.", "Breastfeeding"),
        ("Some medication dries the lips.", "medication"),
        ("Keep antibiotics and milk apart.", "antibiotics"),
        ("Babies need little soap.", "Babies"),
        ("A toddler needs a hat.", "toddler"),
        ("Rest if the pain persists.", "persists"),
        ("Cover a sore that does not heal.", "does not heal"),
    ],
)
def test_a_topic_that_needs_a_professional_warns_and_proposes_the_note(text: str, topic: str) -> None:
    (finding,) = claims(text, kind=FindingKind.MISSING_NOTE)
    assert finding.verdict is Verdict.WARN
    assert finding.text_words == topic
    assert finding.suggestion == f"{text} Talk to a doctor or pharmacist first."
    assert claims(finding.suggestion, kind=FindingKind.MISSING_NOTE) == []


@pytest.mark.parametrize("carer", ["doctor", "midwife", "pharmacist", "GP", "nurse", "dermatologist", "vet"])
def test_a_note_that_names_a_professional_is_enough(carer: str) -> None:
    text = f"Ask a {carer} which creams suit you while pregnant."
    assert claims(text, kind=FindingKind.MISSING_NOTE) == []


def test_one_note_is_asked_for_however_many_topics_there_are() -> None:
    text = "Pregnant or breastfeeding, babies and medication: choose plain creams."
    assert len(claims(text, kind=FindingKind.MISSING_NOTE)) == 1


def test_a_note_never_cures_a_claim() -> None:
    text = "This cream cures acne. Talk to your doctor first."
    assert check_authored(text).verdict is Verdict.BLOCK


@pytest.mark.parametrize("text", ["Grown-ups need sunscreen too.", "Rinse rice twice.", "Kidney beans need soaking."])
def test_other_topics_need_no_note(text: str) -> None:
    assert claims(text, kind=FindingKind.MISSING_NOTE) == []
