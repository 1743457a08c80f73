"""added_content: a part of a sentence of which the source says nothing at all.

'… before the desk, and have your laptop out', '…, which keeps woodworm away': between two joints no word is the
source's, while every part of the source is told. A part that stands first is left out: a heading ('Just been waxed?').
"""

from collections.abc import Iterator, Sequence

from pipeline.derive.duplicates_related import related
from pipeline.derive.guard_content import is_new
from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import Word, is_plain

_WITHIN = frozenset("-'’%$£€/°")  # marks inside a word or a number
_BRINGS_ONE = frozenset({"which", "where"})
_BEFORE_A_THING = frozenset({"a", "an", "the", "your", "their", "its"})


def check(pair: Pair) -> Iterator[Finding]:
    """Each such part of the text; none where the source has a part that is not told, which it may stand for."""
    theirs = [part for _, part in _parts(pair.source) if part]
    untold = [part for part in theirs if not any(pair.survives(i) for i in part)]
    if not theirs or not all(_is_asked_about(pair, part) for part in untold):
        return
    for joint, part in _parts(pair.text)[1:]:
        asks = bool(part) and _tells_nothing(pair.text, pair.text.words[part[0]].sentence)
        if not part or asks or not pair.is_fresh(part[0]) or not all(_is_strange(pair, j) for j in part):
            continue
        if _says_more(pair, joint, part) and not _goes_with_what_is_before(pair, joint):
            said = pair.text.span(joint, part[-1] + 1)
            yield finding(
                FindingKind.ADDED_CONTENT,
                Verdict.WARN,
                f"The source says nothing of '{said}'.",
                pair.source.text,
                said,
                pair.source.text,
            )


def _parts(one: Reading) -> list[tuple[int, list[int]]]:
    """The words of weight between two joints, by the place of the joint before them."""
    joints = words("guard/directions", "joints")
    parts: list[tuple[int, list[int]]] = [(0, [])]
    matter = frozenset(one.matter)
    for index, word in enumerate(one.words):
        mark = not word.is_word and word.text not in _WITHIN
        opens = index > 0 and word.sentence != one.words[index - 1].sentence
        if index and (mark or opens or word.lower in joints):
            parts.append((index, []))
        if index in matter and not is_plain(word):
            parts[-1][1].append(index)
    return [parts[0], *((joint, part) for joint, part in parts[1:] if part)]


def _is_asked_about(pair: Pair, part: Sequence[int]) -> bool:
    """'Flying abroad?' for 'before an international flight': a question that is on all of it, in other words."""
    told = [word.lower for word in pair.text.words if word.is_content and word.sentence in pair.text.asked]
    return all(any(related(pair.source.words[i].lower, each) for each in told) for i in part)


def _tells_nothing(one: Reading, sentence: int) -> bool:
    """'Bothered by flies?' tells nothing; 'Want it done faster and cheaper?' promises both."""
    first = next(word.lower for word in one.words if word.sentence == sentence)
    return sentence in one.asked and first not in words("guard/directions", "wishes")


def _is_strange(pair: Pair, index: int) -> bool:
    concept = pair.text.words[index].concept
    return index not in pair.links and concept not in pair.source_concepts and concept not in pair.context


def _says_more(pair: Pair, joint: int, part: Sequence[int]) -> bool:
    """Two words of which the source knows neither and has no like for one; or one that is plainly a thing."""
    new = [j for j in part if is_new(pair, j)]
    if len(part) >= 2 or not new:
        return bool(new)
    before, opener = pair.text.words[part[0] - 1], pair.text.words[joint].lower
    if pair.text.words[part[0]].lower.endswith(("er", "ed", "ing")):
        return False
    if opener == ":" and pair.text.words[joint + 1].lower in {"it", "they"}:
        return before.lower in {"no", *_BEFORE_A_THING}  # 'reach for a cloth: it leaves no scratches'
    if opener in _BRINGS_ONE:
        return part[0] - joint >= 2 and (before.is_content or before.lower in _BEFORE_A_THING)
    return opener == "and" and pair.text.words[joint - 1].text == "," and before.lower in _BEFORE_A_THING


def _goes_with_what_is_before(pair: Pair, joint: int) -> bool:
    """'sheets and pillowcases' for the source's 'bedding'."""
    if pair.text.words[joint].lower != "and" or not joint:
        return False
    before = pair.text.words[joint - 1]
    return joint - 1 in pair.text.matter and joint - 1 not in pair.links and not _tells_how(before)


def _tells_how(word: Word) -> bool:
    """'two hours ahead and …', 'cook faster and …': no thing that another could stand beside."""
    return is_plain(word) or word.lower.endswith(("er", "ly"))
