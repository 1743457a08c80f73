"""The conditions of a text: where each opens and ends, and what it holds for, by `lexicons/guard/conditions.txt`.

A clause (if, unless, when, for people with), a relative clause (*travellers who …*), a phrase before the comma (*For
thick hair, …*) or one kind of a subject (*bikes without mudguards are …*).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_phrases import Phrase, phrases
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import Word

_FRONTED = 9  # words before the comma of a phrase that stands first


@dataclass(frozen=True, slots=True)
class Condition:
    """The words `start` up to `end`, opened by `opener`; `main` are the words of substance that it holds for."""

    start: int
    end: int
    opener: str
    held: tuple[int, ...]
    main: tuple[int, ...]


def conditions(one: Reading) -> list[Condition]:
    """The conditions of a text."""
    result = []
    opened = phrases(one.words, "guard/conditions", "openers", "groups")
    whole = {phrase.start for phrase in phrases(one.words, "guard/conditions", "phrases")}  # 'if possible'
    opened = [phrase for phrase in opened if phrase.start not in whole]
    for phrase in (*opened, *_relative(one), *_people(one), *_fronted(one, opened)):
        if any(q.first <= phrase.start < q.last for q in one.quantities):
            continue  # 'as long as six months', 'once a week'
        if _limits_nothing(one, phrase):
            continue
        end = _end(one, phrase)
        sentence = one.words[phrase.start].sentence
        held = tuple(i for i in one.matter if phrase.start <= i < end) or _numbers_in(one, phrase.start, end)
        reason = _reason(one, end)
        main = tuple(i for i in one.in_sentence(sentence) if not phrase.start <= i < end)
        main = tuple(i for i in main if i < reason) or main
        if held and main:
            result.append(Condition(phrase.start, end, phrase.entry, held, main))
    return result


def _limits_nothing(one: Reading, phrase: Phrase) -> bool:
    """'especially when …' picks one case of all, 'at noon, when …' tells more of it; 'once or twice' counts."""
    before = one.words[phrase.start - 1].lower if phrase.start else ""
    after = one.words[phrase.end].lower if phrase.end < len(one.words) else ""
    counts = phrase.entry == "once" and (after in {"or", "again", "more"} or before == "at")
    then = phrase.entry in {"after", "before", "during"} and after == "which"  # '…, after which it is cut'
    beyond = one.words[phrase.end + 1].lower if phrase.end + 1 < len(one.words) else ""
    stands = phrase.entry == "before" and after in {"you", "us"} and beyond in words("guard/grammar", "prepositions")
    if stands:
        return True  # 'ask the tenant before you for …'
    noun = one.words[phrase.start - 2] if phrase.start > 1 and before == "," else None
    describes = phrase.entry == "when" and noun is not None and noun.lower in _times()
    return counts or then or describes or before in words("guard/grammar", "singles out")


@cache
def _times() -> frozenset[str]:
    """'day', 'afternoon', 'winter': what a clause with 'when' behind a comma tells more of."""
    return frozenset(" ".join((*groups("guard/grammar")["daytimes"], *groups("guard/grammar")["time nouns"])).split())


def _relative(one: Reading) -> list[Phrase]:
    """'travellers who cross time zones', 'a plant that has been repotted': of these alone."""
    found = []
    for index in range(1, len(one.words)):
        before, word = one.words[index - 1], one.words[index]
        noun = index - 1 in one.matter and before.stem not in words("guard/grammar", "takes that")
        if word.lower in {"who", "that"} and noun:
            found.append(Phrase(index, index + 1, "relative", word.lower))
    return found


def _fronted(one: Reading, opened: list[Phrase]) -> list[Phrase]:
    """'For thick hair, …', 'In hard water, …': a phrase before the comma that says where the rest holds."""
    known = {phrase.start for phrase in opened}
    found = []
    for index, word in enumerate(one.words):
        opens = index == 0 or one.words[index - 1].sentence != word.sentence
        if not opens or index in known or not _may_front(word):
            continue
        near = [i for i in range(index + 2, min(index + _FRONTED, len(one.words))) if one.words[i].text == ","]
        inside = [i for i in one.matter if near and index < i < near[0]]
        if inside and all(one.words[i].lower not in words("guard/conditions", "no condition") for i in inside):
            found.append(Phrase(index, index + 1, "openers", _stands_for(word.lower)))
    return found


def _stands_for(lower: str) -> str:
    """The opener that the word stands for."""
    if lower in {"should", "were", "had"}:
        return "if"
    return lower if lower in words("guard/conditions", "fronted") else "with"


def _may_front(word: Word) -> bool:
    """'For …', and what was done to it: 'Sealed and kept cool, …'."""
    if word.lower in {"should", "were", "had"}:  # 'should it leak, …'
        return True
    done = word.is_content and (word.lower.endswith("ed") or word.lower in words("guard/grammar", "participles"))
    return word.lower in words("guard/conditions", "fronted") or (done and not word.lower.endswith("eed"))


def _people(one: Reading) -> list[Phrase]:
    """'adults with a licence', 'women over 50', 'dogs on medication': said of these alone."""
    table = groups("guard/conditions")
    marked = [
        Phrase(index, index + 2, "groups", f"{word.lower} {one.words[index + 1].lower}")
        for index, word in enumerate(one.words[:-1])
        if word.lower in table["people"] and one.words[index + 1].lower in table["marked by"]
    ]
    taken = {phrase.start for phrase in marked}
    return [*marked, *(each for each in _kinds(one) if each.start - 1 not in taken)]


def _kinds(one: Reading) -> list[Phrase]:
    """'Shavers with sensitive skin may …', 'Bikes without mudguards are …': a subject of which one kind is meant."""
    found = []
    for index in range(1, len(one.words) - 1):
        before, word = one.words[index - 1], one.words[index]
        opens = [w for w in one.words[max(0, index - 4) : index] if w.sentence == word.sentence]
        at_head = len(opens) < 4 and all(each.is_word for each in opens)
        plural = before.is_content and before.lower.endswith("s")
        if at_head and plural and word.lower in {"with", "without", "containing", "over", "under", "aged", "made"}:
            found.append(Phrase(index, index + 1, "groups", word.lower))
    return found


def _numbers_in(one: Reading, start: int, end: int) -> tuple[int, ...]:
    return tuple(i for q in one.quantities if start <= q.start < end for i in range(q.start, q.end))


def _end(one: Reading, phrase: Phrase) -> int:
    """Up to a comma or a strong mark; a group that is the subject ends at its verb ('people with X should …')."""
    main = words("guard/conditions", "main")
    group = phrase.group in {"groups", "relative"} and not phrase.entry.startswith(("for ", "in "))
    sentence = one.words[phrase.start].sentence
    verb = next((i for i in range(phrase.end + 1, len(one.words)) if one.words[i].lower in main), len(one.words))
    ends = {"because", "although", "but", "so", "since"}
    for index in range(phrase.end, len(one.words)):
        if group and index == verb and one.words[verb].sentence == sentence:
            return verb
        word = one.words[index]
        if word.sentence != sentence or word.text in {",", ";", ":", ".", "!", "?", "(", ")", "—", "–"}:
            return index
        if index > phrase.end + 1 and word.lower in ends and one.words[index - 1].lower != "do":
            return index
    return len(one.words)


def _reason(one: Reading, end: int) -> int:
    """Where 'otherwise …' or 'because …' opens after a condition: it need not be told for the condition to matter."""
    sentence = one.words[end - 1].sentence
    after = (i for i in range(end, len(one.words)) if one.words[i].sentence == sentence)
    opens = {"otherwise", "because", "since"}
    return next(
        (i for i in after if one.words[i].lower in opens or _in_which_case(one, i)),
        len(one.words),
    )


def _in_which_case(one: Reading, index: int) -> bool:
    """'unless it is oily, in which case chalk works better'."""
    return [word.lower for word in one.words[index : index + 3]] == ["in", "which", "case"]


def compounds(one: Reading) -> list[Phrase]:
    """'basic-rate taxpayers', 'broad-spectrum sunscreen': a joined word says which ones."""
    found = []
    for index in range(1, len(one.words) - 2):
        left, mark, right = one.words[index - 1], one.words[index], one.words[index + 1]
        joined = mark.text == "-" and left.end == mark.start and mark.end == right.start and left.is_word
        if joined and right.is_content and left.lower not in {"well", "high", "so", "one", "self", "extra", "super"}:
            found.append(Phrase(index - 1, index + 2, "restrictors", left.lower))
    return found


def missing_part(pair: Pair, start: int, end: int, main: Sequence[int]) -> Finding:
    """The finding that words of the source, which narrow what the text says, are not in it."""
    said = pair.source.span(start, end)
    anchor = next((j for i in main for j in pair.back.get(i, ())), 0)
    return finding(
        FindingKind.LOST_CONDITION,
        Verdict.WARN,
        f"The source says this only of a part: '{said}' is missing.",
        said,
        pair.text.clause_text(anchor),
        pair.source.sentence_text(start),
    )
