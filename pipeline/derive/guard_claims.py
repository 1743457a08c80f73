"""regulated_claim and missing_note: what advertising rules ask of a tip, whatever its source says.

Word lists in `lexicons/claims/`, one file for all regions; a group named `eu:` `uk:` or `us:` holds in that region
alone. Sources: FTC Health Products Compliance Guidance (us); EU 655/2013, common criteria for cosmetic claims, and
Directive 2001/83/EC art. 87 to 90 on advertising medicines (eu); CAP code sections 3, 12 (uk).
"""

from collections.abc import Iterator
from functools import cache

from pipeline.derive.guard_pair import finding
from pipeline.derive.guard_phrases import Phrase, phrases
from pipeline.derive.guard_polarity import Polarity
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.errors import TipsheetError

REGIONS = ("eu", "uk", "us")
DEFAULT_REGION = "eu"
_REACH = 6  # words between a verb of treatment and its condition, or its product
_CALL_REACH, _PRAISE_REACH = 3, 4  # words between a medicine and the call to get it, or the good that it does


class UnknownRegionError(TipsheetError):
    """There are no claims rules for a region of that name."""


def check(one: Reading, region: str) -> Iterator[Finding]:
    """What the text claims that the region's rules forbid or watch, and the note that it needs."""
    if region not in REGIONS:
        raise UnknownRegionError(f"There are no claims rules for '{region}'. Use one of: {', '.join(REGIONS)}.")
    yield from _named_medicine(one, region)
    yield from _medicinal(one)
    yield from _listed(one, region)
    yield from _missing_note(one)


@cache
def _in_force(name: str, region: str) -> tuple[str, ...]:
    """The groups of a list that hold in a region."""
    return tuple(group for group in groups(name) if ":" not in group or group.startswith(f"{region}:"))


def _named_medicine(one: Reading, region: str) -> Iterator[Finding]:
    """A prescription-only medicine may not be advertised to the public, by its name, class or nickname.

    Promotion blocks in the eu and the uk; a bare mention is pointed out, and a warning about the medicine is neither.
    """
    for phrase in phrases(one.words, "claims/medicines", *_in_force("claims/medicines", region)):
        if one.polarity[phrase.start] is Polarity.NEGATIVE:
            continue
        promoted = _is_promoted(one, phrase)
        if not promoted and _about_caution(one, phrase):
            continue
        said = one.span(phrase.start, phrase.end)
        message = (
            f"'{said}' is, or stands for, a prescription-only medicine, which may not be promoted to the public."
            if promoted
            else f"'{said}' is, or stands for, a prescription-only medicine; see that this does not promote it."
        )
        verdict = Verdict.BLOCK if promoted and region in {"eu", "uk"} else Verdict.WARN
        advice = "Speak of the concern, and point to a consultation."
        yield finding(FindingKind.REGULATED_CLAIM, verdict, message, "", said, advice)


def _is_promoted(one: Reading, medicine: Phrase) -> bool:
    """Whether a reader is told to get it, or it is said to do good."""
    for call in phrases(one.words, "claims/promotion", "calls"):
        near = 0 <= medicine.start - call.end <= _CALL_REACH and _same_sentence(one, call.start, medicine.start)
        if near and _opens_clause(one, call.start) and one.polarity[call.start] is not Polarity.NEGATIVE:
            return True
    return any(
        0 <= praise.start - medicine.end <= _PRAISE_REACH
        and one.clause[praise.start] == one.clause[medicine.start]
        and one.polarity[praise.start] is not Polarity.NEGATIVE
        for praise in phrases(one.words, "claims/promotion", "benefits")
    )


def _opens_clause(one: Reading, index: int) -> bool:
    """At the head of a sentence or after a mark, 'and', 'then' or 'please'."""
    before = one.words[index - 1] if index else None
    return (
        before is None
        or before.sentence != one.words[index].sentence
        or not before.is_word
        or before.lower in {"and", "or", "then", "please", "now", "just", "can", "should"}
    )


def _same_sentence(one: Reading, first: int, second: int) -> bool:
    return one.words[first].sentence == one.words[second].sentence


def _about_caution(one: Reading, phrase: Phrase) -> bool:
    """A warning about a medicine does not promote it ('tell your doctor if you take isotretinoin')."""
    caution = words("claims/notes", "cautions")
    return any(word.lower in caution for word in one.words if word.sentence == one.words[phrase.start].sentence)


def _medicinal(one: Reading) -> Iterator[Finding]:
    """A verb of treatment and a condition that is its object make a medicine of a cosmetic or a food."""
    names = phrases(one.words, "claims/conditions")
    for start, end in (*_treating(one, names), *_treated(one, names)):
        said = one.span(start, end)
        yield finding(
            FindingKind.REGULATED_CLAIM,
            Verdict.BLOCK,
            f"'{said}' claims to treat a condition, which only a medicine may do.",
            "",
            said,
            "Speak of how skin looks or feels, or of what people do, not of treating the condition.",
        )


def _treating(one: Reading, names: list[Phrase]) -> Iterator[tuple[int, int]]:
    """'this cream cures acne': from the verb to the condition."""
    for verb in phrases(one.words, "claims/medicinal", "verbs"):
        near = [n for n in names if 0 <= n.start - verb.end <= _REACH and _same_sentence(one, n.start, verb.start)]
        if near and one.polarity[verb.start] is not Polarity.NEGATIVE and not _professional_care(one, verb):
            yield verb.start, near[0].end


def _treated(one: Reading, names: list[Phrase]) -> Iterator[tuple[int, int]]:
    """'acne is cured by this cream', 'acne disappears with this cream': from the condition to the product."""
    products = words("claims/medicinal", "products")
    for verb in phrases(one.words, "claims/medicinal", "passive"):
        near = [n for n in names if 0 <= verb.start - n.end <= _REACH and _same_sentence(one, n.start, verb.start)]
        sold = [i for i in range(verb.end, min(verb.end + _REACH, len(one.words))) if one.words[i].lower in products]
        sold = [i for i in sold if _same_sentence(one, verb.start, i)]
        if near and sold and one.polarity[verb.start] is not Polarity.NEGATIVE and not _asked_for(one, verb.start):
            yield near[-1].start, sold[0] + 1


def _professional_care(one: Reading, verb: Phrase) -> bool:
    """What a clinician does, or a clinic's procedure, may be called treatment; what a product does may not."""
    carers = words("claims/notes", "professionals", "procedures")
    within = range(_clause_start(one, verb.start), verb.start)
    sold = any(one.words[i].lower in words("claims/medicinal", "products") for i in within)
    if sold and not _asked_for(one, verb.start):
        return False
    return any(word.lower in carers for word in one.words if word.sentence == one.words[verb.start].sentence)


def _asked_for(one: Reading, index: int) -> bool:
    """Whether the clause sends the reader to ask before it comes to the claim."""
    asks = words("claims/medicinal", "asks")
    return any(one.words[i].lower in asks for i in range(_clause_start(one, index), index))


def _clause_start(one: Reading, index: int) -> int:
    """The place after the last mark or 'but' before the word, within its sentence."""
    start = index
    while start and _same_sentence(one, start - 1, index):
        before = one.words[start - 1]
        if (not before.is_word and before.text not in {"-", "'"}) or before.lower == "but":
            break
        start -= 1
    return start


_MESSAGES = {
    "approved": "'{}' says that an authority or profession stands behind this; name the proof, or leave it out.",
    "disclaimer": "'{}' sounds like evidence, and is none: say what is known, or leave it out.",
    "denigration": "'{}' runs other products down.",
    "fear": "'{}' plays on fear, or on trust in nature.",
}


def _listed(one: Reading, region: str) -> Iterator[Finding]:
    """Approved-by claims, 'promising' as a disclaimer, denigration."""
    for phrase in phrases(one.words, "claims/phrases", *_in_force("claims/phrases", region)):
        if one.words[phrase.start].sentence in one.asked:
            continue  # 'Has your doctor recommended them?' claims nothing
        said = one.span(phrase.start, phrase.end)
        yield finding(
            FindingKind.REGULATED_CLAIM,
            Verdict.WARN,
            _MESSAGES[phrase.group.split(":")[-1]].format(said),
            "",
            said,
        )


def _missing_note(one: Reading) -> Iterator[Finding]:
    """Content on pregnancy, prescriptions, children or symptoms that persist needs a note to ask a professional."""
    lowers = {word.lower for word in one.words}
    if lowers & words("claims/notes", "professionals"):
        return
    topics = ["pregnancy"]
    if lowers.isdisjoint(words("claims/notes", "keeping")):  # 'keep medicines in their packet' needs none
        topics.append("prescriptions")
    if lowers & words("claims/notes", "body"):  # 'a child's savings account' and 'persistent weeds' need no doctor
        topics += ["children", "persistent-symptoms"]
    found = phrases(one.words, "claims/notes", *topics, "no topic")
    for phrase in [each for each in found if each.group != "no topic"][:1]:
        said = one.span(phrase.start, phrase.end)
        yield finding(
            FindingKind.MISSING_NOTE,
            Verdict.WARN,
            f"A tip that speaks of '{said}' needs a note to talk to a professional.",
            "",
            said,
            f"{one.text.rstrip()} Talk to a doctor or pharmacist first.",
        )
