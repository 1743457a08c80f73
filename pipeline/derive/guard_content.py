"""added_content: words of substance that neither the source nor its document holds.

A single new word in the place of one of the source's is taken for a synonym. Several together, or one more where
the source has none, are an addition. New names, medicines, diseases and ingredients are never synonyms.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.derive.duplicates_related import related
from pipeline.derive.guard_numbers_check import told_by_daytimes
from pipeline.derive.guard_pair import Pair, akin, finding
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import Word, concept_of, is_plain

_WHOLE = frozenset({"full", "whole", "good", "solid", "entire"})
_ROOM = 3  # words on either side among which a new word may stand for one of the source's
_ENDINGS = re.compile(
    r"(?:itis|osis|emia|algia|opathy|cillin|mycin|azole|statin|prazole|olol|pril|sartan|profen|cycline|oxacin|vir|mab|"
    r"tinoin|retinol|peptides?|ceramides?|glycol|paraben|sulfate|oxide|onium|ethyl|benzoyl|hydroxy|oic)$"
)


def check(pair: Pair) -> Iterator[Finding]:
    """Runs of new words, the gravest first."""
    fresh = [i for i in pair.text.matter if pair.is_fresh(i)]
    new = [i for i in fresh if is_new(pair, i)]
    grave = [i for i in new if _is_grave(pair, i)]
    for index in grave:
        yield _added(pair, [index], Verdict.BLOCK, "The source does not name")
    for said in _vouched(pair):
        yield _added(pair, said, Verdict.WARN, "The source does not say so:")
    for run in _runs(pair, fresh, [i for i in new if i not in grave]):
        if not any(pair.text.clause[i] == pair.text.clause[g] and abs(i - g) <= 3 for g in grave for i in run):
            yield _added(pair, run, Verdict.WARN, "The source says nothing of")


def is_new(pair: Pair, index: int) -> bool:
    word = pair.text.words[index]
    if index in pair.links or word.concept in pair.source_concepts or word.concept in pair.context:
        return False
    if word.lower in _WHOLE and any(q.start == index + 1 for q in pair.text.quantities):
        return False  # 'a full 24 hours'
    if word.lower in _daytimes() and any(told_by_daytimes(pair.text, q) for q in pair.source.quantities):
        return False  # 'morning and evening' for 'twice a day'
    if _is_portion(pair, index):
        return False
    return not (
        _adds_nothing(word) or _part_of(pair, word) or _told_otherwise(pair, word) or _narrows_alike(pair, word)
    )


def _is_portion(pair: Pair, index: int) -> bool:
    """'a layer of mulch' for the source's 'mulch'."""
    if pair.text.words[index].lower not in words("guard/grammar", "portions"):
        return False
    of = index + 1 < len(pair.text.words) and pair.text.words[index + 1].lower == "of"
    return of and any(j in pair.links for j in range(index + 2, index + 5))


def _vouched(pair: Pair) -> Iterator[list[int]]:
    """'…, as dermatologists recommend': somebody is said to say so, and nobody says anything in the source."""
    says = words("guard/grammar", "vouches")
    if any(word.lower in says or word.lower == "according" for word in pair.source.words):
        return
    for index, word in enumerate(pair.text.words):
        if word.lower in says and index >= 2 and pair.is_fresh(index):
            who, opener = pair.text.words[index - 1], pair.text.words[index - 2].lower
            if (
                opener in {"as", "which", "that", "many", "most", "all"}
                and who.is_content
                and index - 1 not in pair.links
            ):
                yield [index - 1, index]


def _narrows_alike(pair: Pair, word: Word) -> bool:
    """'alone' for 'on its own': the source has another phrase of the same line."""
    lines = [line.split(" | ") for line in groups("guard/conditions")["same"]]
    source = f" {' '.join(each.lower for each in pair.source.words)} "
    return any(word.lower in line and any(f" {other} " in source for other in line) for line in lines)


@cache
def _daytimes() -> frozenset[str]:
    return frozenset(word for line in groups("guard/grammar")["daytimes"] for word in line.split())


def _told_otherwise(pair: Pair, word: Word) -> bool:
    """Whether the source says it in another word ('air the room' for 'open the window'); no name for a substance."""
    if word.lower in words("guard/substances") or word.stem in words("guard/substances"):
        return False
    return any(related(word.lower, other.lower) for other in pair.source.words if other.is_content)


def _adds_nothing(word: Word) -> bool:
    """Words of small matter, and adverbs of manner (those that promise are the strong claims' business)."""
    return is_plain(word) or (word.lower.endswith("ly") and len(word.lower) > 5)


def _part_of(pair: Pair, word: Word) -> bool:
    """Whether the word shares its first letters with a word of the source: hydration and hydrated, scarred and scar."""
    stems = {other.stem for other in pair.source.words if other.is_content}
    bare = next((word.lower[len(p) :] for p in ("over", "re", "pre", "un", "out") if word.lower.startswith(p)), "")
    if len(bare) > 2 and concept_of(bare) in pair.source_concepts | pair.context:
        return True
    return any(akin(other, word.stem) for other in stems)


def _is_grave(pair: Pair, index: int) -> bool:
    """A medicine, a disease, an ingredient, or a name."""
    word = pair.text.words[index]
    if word.lower in words("guard/substances") or word.stem in words("guard/substances"):
        return True
    return bool(_ENDINGS.search(word.lower)) or _is_name(pair, index)


def _is_name(pair: Pair, index: int) -> bool:
    """Capitalised inside a sentence."""
    word = pair.text.words[index]
    before = pair.text.words[index - 1] if index else None
    inside = before is not None and before.sentence == word.sentence and before.text not in {":", "“", '"', "-", "("}
    return inside and word.text[:1].isupper() and not pair.text.text.isupper()


def _runs(pair: Pair, fresh: list[int], new: list[int]) -> Iterator[list[int]]:
    """New words that stand together, when they are more than synonyms in the source's own places."""
    place = {index: number for number, index in enumerate(fresh)}
    run: list[int] = []
    for index in [*new, -1]:
        if run and (index < 0 or place[index] - place[run[-1]] > 1 or _apart(pair, run[-1], index)):
            if _is_addition(pair, fresh, run):
                yield run
            run = []
        if index >= 0:
            run.append(index)


def _apart(pair: Pair, first: int, second: int) -> bool:
    return pair.text.words[first].sentence != pair.text.words[second].sentence


def _is_addition(pair: Pair, fresh: list[int], run: list[int]) -> bool:
    """Whether the source has fewer untold words in this place than the text has new ones; a question tells nothing."""
    if pair.text.words[run[0]].sentence in pair.text.asked:
        return False
    if len(run) >= 3:
        return True
    if len(run) == 1 and not _opens_phrase(pair, run[0]):
        return False  # a word that only colours a known one: tooth enamel
    room = _room(pair, fresh, run)
    return room < len(run)


def _opens_phrase(pair: Pair, index: int) -> bool:
    """Whether the word is brought in by a preposition, 'and' or a comma, or ends its clause."""
    before = index - 1
    while before >= 0 and pair.text.words[before].lower in {"a", "an", "the", "your", "some", "its", "their"}:
        before -= 1
    joined = before >= 0 and pair.text.words[before].lower in words("guard/grammar", "brings in")
    after = pair.text.words[index + 1] if index + 1 < len(pair.text.words) else None
    if pair.text.words[index].lower in words("guard/grammar", "light verbs") and (
        _has_object(pair, index) or pair.text.words[index - 1].lower in {"you", "they", "to"}
    ):
        return False  # 'avoid showers and alcohol': 'do not shower or drink alcohol'
    if before >= 0 and _new_verb(pair, before):
        return after is None or not after.is_content
    article = index > 0 and pair.text.words[index - 1].lower in {"a", "an"}
    if article and before >= 0 and not pair.text.words[before].is_content and after is not None:
        return joined or not (after.is_content or after.text == "-")
    named = before < index - 1 and not after.is_content if after is not None else False
    return joined or named or after is None or not after.is_word


def _has_object(pair: Pair, index: int) -> bool:
    """Whether a word of the source's follows, past 'more', 'plenty of', 'the'."""
    following = next((j for j in pair.text.matter if j > index), None)
    return following in pair.links and following - index <= 3


def _new_verb(pair: Pair, index: int) -> bool:
    """'and wears out the motor': a plain verb that is not the source's, with what it is done to."""
    while index > 0 and pair.text.words[index].lower in {"out", "up", "off", "down", "away"}:
        index -= 1
    word = pair.text.words[index]
    carries = (word.is_content and is_plain(word)) or word.lower in {"let", "lets", "get", "gets"}
    return carries and index not in pair.links and word.concept not in pair.source_concepts


def _room(pair: Pair, fresh: list[int], run: list[int]) -> int:
    """The source's untold words between the source words of the run's neighbours."""
    first, last = fresh.index(run[0]), fresh.index(run[-1])
    left = next((pair.links[j] for j in reversed(fresh[:first]) if j in pair.links), None)
    right = next((pair.links[j] for j in fresh[last + 1 :] if j in pair.links), None)
    if left is None and right is None:
        return 0
    if left is not None and right is not None and left < right:
        inside = [i for i in pair.source.matter if left < i < right]
    else:
        inside = [i for anchor in (left, right) if anchor is not None for i in _around(pair, anchor)]
    return sum(1 for i in inside if i not in pair.back and not pair.is_used(i))


def _around(pair: Pair, anchor: int) -> tuple[int, ...]:
    """The words of substance on either side of a word of the source, in its sentence."""
    sentence = pair.source.words[anchor].sentence
    inside = pair.source.in_sentence(sentence)
    place = inside.index(anchor)
    return inside[max(0, place - _ROOM) : place + _ROOM + 1]


def _added(pair: Pair, run: list[int], verdict: Verdict, opening: str) -> Finding:
    told = pair.text.span(run[0], run[-1] + 1)
    linked = [pair.links[j] for j in pair.text.matter if j in pair.links]
    return finding(
        FindingKind.ADDED_CONTENT,
        verdict,
        f"{opening} '{told}'.",
        pair.source.sentence_text(linked[0]) if linked else "",
        told,
        pair.source.sentence_text(linked[0]) if linked else "",
    )
