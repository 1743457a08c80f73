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
    """A prescription-only medicine may not be advertised to the public, by its name, class or nickname."""
    for phrase in phrases(one.words, "claims/medicines", *_in_force("claims/medicines", region)):
        if one.polarity[phrase.start] is Polarity.NEGATIVE or _about_caution(one, phrase):
            continue
        said = one.span(phrase.start, phrase.end)
        yield finding(
            FindingKind.REGULATED_CLAIM,
            Verdict.BLOCK if region in {"eu", "uk"} else Verdict.WARN,
            f"'{said}' is, or stands for, a prescription-only medicine, which may not be promoted to the public.",
            "",
            said,
            "Speak of the concern, and point to a consultation.",
        )


def _about_caution(one: Reading, phrase: Phrase) -> bool:
    """A warning about a medicine does not promote it ('tell your doctor if you take isotretinoin')."""
    caution = words("claims/notes", "cautions")
    clause = one.words[phrase.start].sentence
    return any(word.lower in caution for word in one.words if word.sentence == clause)


def _medicinal(one: Reading) -> Iterator[Finding]:
    """A verb of treatment with a condition as its object makes a medicine of a cosmetic or a food."""
    names = phrases(one.words, "claims/conditions")
    for verb in phrases(one.words, "claims/medicinal", "verbs"):
        if one.polarity[verb.start] is Polarity.NEGATIVE:
            continue
        near = [
            n
            for n in names
            if 0 <= n.start - verb.end <= 6 and one.words[n.start].sentence == one.words[verb.start].sentence
        ]
        if near and not _professional_care(one, verb):
            said = one.span(verb.start, near[0].end)
            yield finding(
                FindingKind.REGULATED_CLAIM,
                Verdict.BLOCK,
                f"'{said}' claims to treat a condition, which only a medicine may do.",
                "",
                said,
                "Speak of how skin looks or feels, or of what people do, not of treating the condition.",
            )


def _professional_care(one: Reading, verb: Phrase) -> bool:
    """What a clinician does, or a clinic's procedure, may be called treatment."""
    carers = words("claims/notes", "professionals", "procedures")
    sentence = one.words[verb.start].sentence
    return any(word.lower in carers for word in one.words if word.sentence == sentence)


_MESSAGES = {
    "approved": "'{}' says that an authority or profession stands behind this; name the proof, or leave it out.",
    "disclaimer": "'{}' sounds like evidence, and is none: say what is known, or leave it out.",
    "denigration": "'{}' runs other products down.",
    "fear": "'{}' plays on fear, or on trust in nature.",
}


def _listed(one: Reading, region: str) -> Iterator[Finding]:
    """Approved-by claims, 'promising' as a disclaimer, denigration."""
    for phrase in phrases(one.words, "claims/phrases", *_in_force("claims/phrases", region)):
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
    topics = tuple(
        group for group in groups("claims/notes") if group not in {"professionals", "cautions", "procedures"}
    )
    for phrase in phrases(one.words, "claims/notes", *topics)[:1]:
        said = one.span(phrase.start, phrase.end)
        yield finding(
            FindingKind.MISSING_NOTE,
            Verdict.WARN,
            f"A tip that speaks of '{said}' needs a note to talk to a professional.",
            "",
            said,
            f"{one.text.rstrip()} Talk to a doctor or pharmacist first.",
        )
