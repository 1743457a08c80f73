"""Which findings are worth a person's look: each is weighed against how freely the whole text was reworded.

Where a text is word for word its source, a word that is missing was taken out on purpose, and one that is new was put
in. Where everything is told in other words, most such findings are the rewording itself. A few measures tell the two
apart; what each counts was fitted on labelled edits (`lexicons/guard/weights.txt`). Numbers, outright promises and new
medicines, diseases, ingredients and names are never weighed: they are named however free the text is. Nor is anything
weighed in a text that follows its source nearly word for word, or beside a source of a few words.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from math import exp

from pipeline.derive.guard_pair import Pair
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import Word

WORTH_A_LOOK = 0.2
_WORD_FOR_WORD = 0.8  # the share of the text's words that stand in the source's order
_TOO_SHORT = 10  # words of the source, by which nothing can be told
_MOST_OTHERS, _MOST_MORE = 3, 4  # beyond these, another one tells nothing new
_NEVER_WHEN_GRAVE = {FindingKind.ADDED_CONTENT, FindingKind.STRONG_CLAIM}
_OF_THE_TEXT = ("new words", "shared words", "longest run", "hedges gone", "one sentence")
_OF_A_KIND = (
    (FindingKind.ADDED_CONTENT, "more words"),
    (FindingKind.LOST_CONDITION, "more words"),
    (FindingKind.DROPPED_HEDGE, "hedges gone"),
    (FindingKind.LOST_CONDITION, "limits gone"),
    (FindingKind.LOST_CONDITION, "no limit"),
    (FindingKind.LOST_CONDITION, "numbers gone"),
)
_ASKS = frozenset({"if", "unless", "only", "until"})
_MOST_HEDGES, _MOST_LIMITS = 2, 3
_WEIGHED = (
    FindingKind.ADDED_CONTENT,
    FindingKind.ADDED_NEGATION,
    FindingKind.DROPPED_HEDGE,
    FindingKind.DROPPED_NEGATION,
    FindingKind.LOST_CONDITION,
    FindingKind.STRONG_CLAIM,
    FindingKind.SWAPPED_RELATION,
)


def worth_a_look(pair: Pair, findings: Iterable[Finding], sure: Sequence[Finding] = ()) -> list[Finding]:
    """The findings that are likelier a fault than another wording of the same, and those that are `sure`."""
    found = unique((*findings, *sure))
    certain = {_named(each) for each in sure}  # though another check named the same
    weighed = [each for each in found if is_weighed(pair, each) and _named(each) not in certain]
    if weighed and is_reworded(pair):
        rewording = measures(pair)
        unlikely = {each for each in weighed if likelihood(each, len(found), rewording) < WORTH_A_LOOK}
        found = [each for each in found if each not in unlikely]
    return [each for each in found if each not in sure or not _named_more_closely(each, found)]


def _named_more_closely(finding: Finding, found: Sequence[Finding]) -> bool:
    """Whether another finding of the kind names fewer of the same words: 'vinegar' of 'with a dash of vinegar'."""
    said = finding.text_words
    others = (each for each in found if each.kind is finding.kind and each != finding)
    return any(each.text_words and each.text_words != said and each.text_words in said for each in others)


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, though two checks named it."""
    table: dict[tuple[FindingKind, str, str], Finding] = {}
    for finding in findings:
        table.setdefault(_named(finding), finding)
    return list(table.values())


def _named(finding: Finding) -> tuple[FindingKind, str, str]:
    """What tells one finding from another: two checks may name the same."""
    return finding.kind, finding.source_words, finding.text_words


def is_weighed(pair: Pair, finding: Finding) -> bool:
    """Whether the kind is one that a free rewording brings about by itself."""
    grave = finding.kind in _NEVER_WHEN_GRAVE and finding.verdict is Verdict.BLOCK
    return finding.kind in _WEIGHED and not (grave and not _is_everyday(pair, finding))


def _is_everyday(pair: Pair, finding: Finding) -> bool:
    """'anywhere from 1 to 2 bar', 'the longest it should take': promises, and words of every day.

    Where a hedge of the source is gone as well ('reduces most of it' → 'removes all of it'), it is a promise.
    """
    said = finding.text_words.lower()
    everyday = said in words("guard/strong", "everyday") | words("guard/strong", "extents")
    promises = finding.kind is FindingKind.STRONG_CLAIM and finding.verdict is Verdict.BLOCK
    return promises and everyday and len(pair.text.hedges) >= len(pair.source.hedges)


def is_reworded(pair: Pair) -> bool:
    """Whether the text is long enough to tell, and not nearly word for word, in the same order, the source."""
    source, text = _lowers(pair.source.words), _lowers(pair.text.words)
    if len(source) <= _TOO_SHORT:
        return False
    blocks = SequenceMatcher(None, source, text, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) < _WORD_FOR_WORD * len(text)


def likelihood(finding: Finding, count: int, rewording: dict[str, float]) -> float:
    """How likely the finding, one of `count`, is a fault: between 0 and 1."""
    weights = _weights()
    told = sum(weights[name] * value for name, value in evidence(finding, count, rewording).items())
    return 1 / (1 + exp(-weights["start"] - told))


def evidence(finding: Finding, count: int, rewording: dict[str, float]) -> dict[str, float]:
    """What is known of a finding, by the names that the weights have."""
    known = {name: rewording[name] for name in _OF_THE_TEXT}
    known["other findings"] = min(count - 1, _MOST_OTHERS)
    known |= {kind.value: float(finding.kind is kind) for kind in _WEIGHED}
    known |= {f"{kind.value}, {name}": rewording[name] * (finding.kind is kind) for kind, name in _OF_A_KIND}
    return known | _of_the_words(finding)


def _of_the_words(finding: Finding) -> dict[str, float]:
    """What the words that a finding names tell of it: a lone word is seldom what the change was about."""
    lost = finding.source_words.lower().split() if finding.kind is FindingKind.LOST_CONDITION else []
    added = finding.text_words.split() if finding.kind is FindingKind.ADDED_CONTENT else []
    return {
        "lost_condition, an if": float(bool(lost) and lost[0] in _ASKS),
        "lost_condition, one word": float(len(lost) == 1),
        "added_content, one word": float(len(added) == 1),
    }


def measures(pair: Pair) -> dict[str, float]:
    """How freely the text was reworded, and how much of what holds the source back is gone from it."""
    concepts = pair.source_concepts
    new = [i for i in pair.fresh if i not in pair.links and pair.text.words[i].concept not in concepts]
    untold = [i for i in pair.source.matter if not pair.survives(i)]
    source, text = _lowers(pair.source.words), _lowers(pair.text.words)
    known = set(source)
    run = SequenceMatcher(None, source, text, autojunk=False).find_longest_match().size
    return {
        "new words": len(new) / max(len(pair.fresh), 1),
        "shared words": sum(word in known for word in text) / max(len(text), 1),
        "longest run": run / max(len(source), 1),
        "more words": _within(len(new) - len(untold), _MOST_MORE),
        "hedges gone": _within(len(pair.source.hedges) - len(pair.text.hedges), _MOST_HEDGES),
        "one sentence": float(pair.source.words[-1].sentence == 0),
        "limits gone": _within(_limits(source) - _limits(text), _MOST_LIMITS),
        "no limit": float(_limits(text) == 0),
        "numbers gone": max(0, len(pair.source.quantities) - len(pair.text.quantities)),
    }


def _within(value: int, most: int) -> int:
    return max(-most, min(most, value))


def _limits(lowers: Sequence[str]) -> int:
    """How many words may limit what is said."""
    limits = words("guard/conditions", "limits")
    return sum(lower in limits for lower in lowers)


def _lowers(given: Iterable[Word]) -> list[str]:
    return [word.lower for word in given if word.is_word]


@cache
def _weights() -> dict[str, float]:
    lines = (line.rsplit(" ", 1) for line in groups("guard/weights")["weights"])
    return {name.strip(): float(weight) for name, weight in lines}
