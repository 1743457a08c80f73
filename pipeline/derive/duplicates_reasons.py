"""Which words of a tip give the reason or the purpose of its advice, by `lexicons/duplicates/reasons.txt`."""

from collections.abc import Sequence

from pipeline.derive.guard_phrases import STRONG_MARKS, phrases
from pipeline.derive.guard_polarity import governs
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import words
from pipeline.derive.normalise import Word

_LEXICON = "duplicates/reasons"


def reasons(one: Reading) -> frozenset[int]:
    """The places of the words that tell why; empty where that would leave no advice."""
    found: set[int] = set()
    for start in _openings(one.words):
        found.update(range(start, _end(one.words, start)))
    return frozenset(found) if any(index not in found for index in one.matter) else frozenset()


def _openings(found: Sequence[Word]) -> list[int]:
    """Where a reason opens: 'because', ', as', 'to prevent', 'or … will'."""
    places = []
    for phrase in phrases(found, _LEXICON, "openers"):
        guarded = phrase.entry in words(_LEXICON, "only after a comma")
        if not guarded or _after_comma(found, phrase.start) or _at_head(found, phrase.start):
            places.append(phrase.start)
    purposes = words(_LEXICON, "purposes")
    for index, word in enumerate(found[:-1]):
        if word.lower == "to" and found[index + 1].lower in purposes and not _governed(found, index):
            places.append(index)
        if word.lower == "or" and _after_comma(found, index) and _threatens(found, index):
            places.append(index)
    return places


def _end(found: Sequence[Word], start: int) -> int:
    """The end of a reason: its sentence's, a mark, a condition, or the comma after a reason told first."""
    first = _at_head(found, start)
    for index in range(start + 1, len(found)):
        word = found[index]
        over = word.sentence != found[start].sentence or word.text in STRONG_MARKS
        if over or word.lower in words(_LEXICON, "ends") or (first and word.text == ","):
            return index
    return len(found)


def _at_head(found: Sequence[Word], index: int) -> bool:
    return index == 0 or found[index - 1].sentence != found[index].sentence or found[index - 1].text in STRONG_MARKS


def _after_comma(found: Sequence[Word], index: int) -> bool:
    return index > 0 and found[index - 1].text == ","


def _governed(found: Sequence[Word], index: int) -> bool:
    """'try to keep' asks for the keeping; 'wash it to keep' says what the washing is for."""
    return index > 0 and governs(found[index - 1])


def _threatens(found: Sequence[Word], index: int) -> bool:
    """'…, or the bread will dry out'."""
    here = found[index].sentence
    return any(word.lower in {"will", "may", "can"} for word in found[index : index + 5] if word.sentence == here)
