"""lost_condition: half of what limits a statement is gone or is turned round.

'for travel to countries outside Europe' → 'for travel'; 'when four weeks have passed without peeling' → 'after four
weeks'; 'replace it, even when no damage can be seen' → 'replace it if you can see damage'.
"""

from collections.abc import Iterator

from pipeline.derive.guard_condition_clauses import conditions, missing_part
from pipeline.derive.guard_pair import Pair
from pipeline.derive.lexicon_files import words
from pipeline.derive.model import Finding
from pipeline.derive.normalise import is_plain

_MAIN_TOLD = 0.6
_ASKS_WHEN = frozenset({"if", "when", "once", "where", "as long as"})
_LACKS = frozenset({"without", "no", "not", "free", "never", "nothing", "none", "unless", "un"})


def check(pair: Pair) -> Iterator[Finding]:
    """Places and absences that the source names and the text leaves out."""
    yield from _amounts(pair)
    yield from _places(pair)
    yield from _absences(pair)
    yield from _even_so(pair)
    yield from _only_where(pair)


def _amounts(pair: Pair) -> Iterator[Finding]:
    """'If your train is more than an hour late, …': an amount that a condition asks for, of which nothing is told."""
    if pair.text.quantities:
        return
    for condition in conditions(pair.source):
        asks = condition.opener in _ASKS_WHEN or condition.opener.startswith(("unless", "provid", "only"))
        inside = [q for q in pair.source.quantities if condition.start < q.start < condition.end]
        told = [i for i in condition.main if not is_plain(pair.source.words[i])] or list(condition.main)
        if asks and inside and not pair.is_used(condition.start) and pair.kept(told) >= _MAIN_TOLD:
            yield missing_part(pair, inside[0].first, inside[0].last, condition.main)


def _places(pair: Pair) -> Iterator[Finding]:
    """'in Scotland', 'outside Europe': a name behind a preposition of place, of which the text has nothing."""
    one = pair.source
    for index in range(1, len(one.words)):
        word, before = one.words[index], index - 1
        if one.words[before].lower in {"the", "most", "all"}:
            before -= 1
        if not (word.text[:1].isupper() and word.text[1:2].islower() and one.words[before].lower in _in_a_place()):
            continue
        if pair.is_used(index) or pair.survives(index) or index not in one.matter or one.words[before].text.istitle():
            continue
        main = [i for i in one.in_sentence(word.sentence) if i != index and not is_plain(one.words[i])]
        named = any(each.text[:1].isupper() for i, each in enumerate(pair.text.words) if i and each.is_word)
        if len(main) >= 3 and pair.kept(main) >= _MAIN_TOLD and not named:
            yield missing_part(pair, before, index + 1, main)


def _in_a_place() -> frozenset[str]:
    return words("guard/directions", "in a place")


def _absences(pair: Pair) -> Iterator[Finding]:
    """'when … without peeling': in a condition, what must not have happened."""
    if any(word.lower in _LACKS for word in pair.text.words):
        return
    for condition in conditions(pair.source):
        inside = range(condition.start + 1, condition.end)
        place = next((i for i in inside if pair.source.words[i].lower == "without"), None)
        lacking = [i for i in condition.held if place is not None and i > place]
        if place is None or not lacking or pair.is_used(place) or pair.kept(condition.main) < _MAIN_TOLD:
            continue
        new = [j for j in pair.fresh if j not in pair.links and not is_plain(pair.text.words[j])]
        if not new and not any(pair.survives(i) for i in lacking):
            yield missing_part(pair, place, condition.end, list(condition.main))


def _even_so(pair: Pair) -> Iterator[Finding]:
    """What the source says *even when* it is so, the text says *if* it is so, and of those cases alone."""
    one = pair.source
    for index in range(len(one.words) - 1):
        if one.words[index].lower != "even" or one.words[index + 1].lower not in _ASKS_WHEN:
            continue
        held = {i for i in one.in_clause(index + 1) if i > index and i in one.matter}
        for condition in conditions(pair.text):
            before = pair.text.words[condition.start - 1].lower if condition.start else ""
            only = condition.opener in _ASKS_WHEN and before not in {"even", "or"} and pair.is_fresh(condition.start)
            if only and held and all(pair.links.get(j) in held for j in condition.held):
                yield missing_part(pair, index, max(held) + 1, [pair.links[j] for j in condition.held])


def _only_where(pair: Pair) -> Iterator[Finding]:
    """'Use it only on dry hair' → 'use it on dry hair': an 'only' in the middle of its sentence."""
    one = pair.source
    if any(word.lower in words("guard/directions", "limits it") for word in pair.text.words):
        return
    for index in range(1, len(one.words) - 1):
        limits = one.words[index].lower == "only" and one.words[index + 1].lower in words("guard/directions", "where")
        if not limits or pair.is_used(index) or not one.words[index - 1].is_word:
            continue
        main = [i for i in one.in_sentence(one.words[index].sentence) if not is_plain(one.words[i])]
        if len(main) >= 2 and pair.kept(main) >= _MAIN_TOLD:
            yield missing_part(pair, index, index + 2, main)
