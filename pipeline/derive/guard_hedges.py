"""dropped_hedge: the source holds a claim back ('may', 'some', 'often', 'about'), the text does not.

A hedge hangs on its head: the words it holds back. Where the head is told in the text, a hedge that holds back at
least as much must stand by it. Two hedges side by side ('may sometimes') count as one, as strong as the stronger.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.derive.guard_condition_clauses import conditions
from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_phrases import Phrase
from pipeline.derive.guard_reading import Reading, answers, denies_all, hedge_words
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict

_REACH = 9  # words between a hedge and its head
_ASIDE = 7  # words of an aside between commas
_SCOPE = 5  # words of substance that a hedge holds back
# Which kinds of the text's hedges may stand in for a kind of the source's.
_STANDS_IN = {
    "modality": {"modality", "frequency", "quantity", "rare", "answers"},
    "frequency": {"frequency", "modality", "quantity", "rare", "answers"},
    "quantity": {"quantity", "modality", "frequency", "rare", "answers"},
    "rare": {"rare"},
    "degree": {"degree", "approximate"},
}


@dataclass(frozen=True, slots=True)
class Hedge:
    """One hedge, or several side by side."""

    kind: str
    level: int
    start: int
    end: int
    words: tuple[str, ...]


def check(pair: Pair) -> Iterator[Finding]:
    """Each hedge of the source whose head the text tells without it."""
    available = [*clusters(pair.text.hedges), *_new_answers(pair)]
    alike = clusters(tuple(hedge_words(pair.text.words)))  # 'expect some redness' keeps the 'some' of 'some redness'
    supposed, assumed = _supposed(pair.text), _supposed(pair.source)
    taken: Counter[int] = Counter()
    open_hedges = []
    for hedge in clusters(pair.source.hedges):
        anchors = _anchors(pair, hedge)
        if not anchors or pair.is_used(hedge.start) or _became_advice(pair, hedge, anchors):
            continue
        if hedge.start not in assumed and supposed.issuperset(anchors):
            continue
        if _some_can(pair, hedge) or _of_a_number(pair, hedge) or _denied(pair.source, hedge):
            continue
        if hedge.words[0].startswith("not ") and any(
            denies_all(pair.text, pair.text.words[j].sentence) for j in anchors
        ):
            continue
        same = _find(pair, hedge, available, anchors, exact=True, taken=Counter())
        if same is not None:
            taken[same] += 1
        elif _find(pair, hedge, alike, anchors, exact=True, taken=Counter()) is None:
            open_hedges.append((hedge, anchors))
    for hedge, anchors in open_hedges:
        other = _find(pair, hedge, available, anchors, exact=False, taken=taken)
        if other is None:
            yield _dropped(pair, hedge, anchors, available)
        elif available[other].kind != "answers":
            taken[other] += 1
    yield from _made_rare(pair)


def _supposed(one: Reading) -> set[int]:
    """'… while it is still soft', '… before you cross it': what a clause after the main one supposes is not told."""
    found: set[int] = set()
    for case in conditions(one):
        inside = case.start > 0 and one.words[case.start - 1].is_word and not _heads(one, case.start)
        subject = one.words[case.start + 1].lower if case.start + 1 < len(one.words) else ""
        if inside and subject in {"you", "it", "they"}:
            found.update(range(case.start, case.end))
    return found


def _denied(one: Reading, hedge: Hedge) -> bool:
    """'Can neither be washed nor ironed' is 'cannot', and so is 'no crack can be seen'."""
    after = {word.lower for word in one.words[hedge.end : hedge.end + 4]}
    before = {one.words[i].lower for i in one.in_clause(hedge.start) if i < hedge.start}
    denies = "neither" in after or not before.isdisjoint({"no", "neither", "nor", "nothing", "nobody", "none"})
    return hedge.words in {("can",), ("may",), ("could",)} and denies


def _became_advice(pair: Pair, hedge: Hedge, anchors: list[int]) -> bool:
    """'Sugar can be softened with bread', 'Soften sugar with bread', 'To soften sugar, add bread': one way to do it."""
    after = pair.source.words[hedge.end].lower if hedge.end < len(pair.source.words) else ""
    if hedge.words not in {("can",), ("may",)}:
        return False
    if hedge.words == ("can",) and any(_asks_whom(pair.text, j) for j in anchors):
        return True
    if after != "be":
        return False
    done = pair.back.get(hedge.end + 1, ())
    ordered = any(j in done and _ordered(pair.text, j) for j in anchors)
    return ordered or _tells_how(pair, hedge) or _possible(pair)


def _ordered(one: Reading, index: int) -> bool:
    """At the head of a clause, or after 'to', 'then' or 'and': an order, or what one is for."""
    before = one.words[index - 1] if index else None
    return before is None or not before.is_word or before.lower in {"to", "then", "and", "or", "first", "only", "just"}


def _tells_how(pair: Pair, hedge: Hedge) -> bool:
    """'The swelling may be reduced by keeping it up' and 'to ease the swelling, keep it up'."""
    clause = [pair.source.words[i].lower for i in pair.source.in_clause(hedge.start) if i >= hedge.end]
    way = "by" in clause[:5] and any(word.endswith("ing") for word in clause[2:7])
    return way and any(word.lower == "to" and _heads(pair.text, i) for i, word in enumerate(pair.text.words))


def _heads(one: Reading, index: int) -> bool:
    return index == 0 or one.words[index - 1].sentence != one.words[index].sentence


def _possible(pair: Pair) -> bool:
    """'The path can be walked', 'the path is walkable'."""
    return any(pair.text.words[j].lower.endswith(("able", "ible")) for j in pair.fresh if j not in pair.links)


def _asks_whom(one: Reading, index: int) -> bool:
    """'Your midwife can advise you' and 'ask your midwife'."""
    asks = one.words[one.in_clause(index)[0]].lower in words("claims/medicinal", "asks")
    return asks and any(one.words[i].lower in words("claims/notes", "professionals") for i in one.in_clause(index))


def _some_can(pair: Pair, hedge: Hedge) -> bool:
    """'It can make some people drowsy' and 'it makes some people drowsy' are one claim."""
    if hedge.words != ("can",):
        return False
    told = {phrase.entry for phrase in pair.text.hedges}
    return any(
        phrase.entry in told and phrase.group.startswith(("quantity", "frequency"))
        for phrase in pair.source.hedges
        if pair.source.clause[phrase.start] == pair.source.clause[hedge.start] and phrase.start >= hedge.end
    )


def _made_rare(pair: Pair) -> Iterator[Finding]:
    """'Masks rarely sting' where the source says that they sting: all but denied."""
    for hedge in clusters(pair.text.hedges):
        heads = [j for j in scope(pair.text, hedge)[:2] if j in pair.links]
        if hedge.kind != "rare" or not heads or not pair.is_fresh(hedge.start):
            continue
        sentence = pair.source.words[pair.links[heads[0]]].sentence
        denied = any(pair.source.words[n.start].sentence == sentence for n in pair.source.negators)
        held = any(pair.source.words[h.start].sentence == sentence for h in pair.source.hedges)
        if not (denied or held or _counts_few(pair, sentence)):
            yield finding(
                FindingKind.ADDED_NEGATION,
                Verdict.WARN,
                f"The text says '{pair.text.span(hedge.start, hedge.end)}' where the source states it outright.",
                pair.source.clause_text(pair.links[heads[0]]),
                pair.text.clause_text(hedge.start),
                pair.source.sentence_text(pair.links[heads[0]]),
            )


def _counts_few(pair: Pair, sentence: int) -> bool:
    few = {"few", "little", "less", "least", "hard", "difficult", "minority", "exception", "exceptional"}
    return any(word.sentence == sentence and word.lower in few for word in pair.source.words)


def _of_a_number(pair: Pair, hedge: Hedge) -> bool:
    """'Usually about a year' holds back the number alone: whether the text that has it has a hedge beside it."""
    one, clause = pair.source, pair.source.clause[hedge.start]
    numbers = [q for q in one.quantities if one.clause[q.start] == clause]
    if not numbers or any(one.clause[i] == clause for i in one.matter):
        return False
    told = [q for q in pair.text.quantities if q.meets(numbers[0])]
    sentences = {pair.text.words[q.start].sentence for q in told}
    return not told or any(pair.text.words[other.start].sentence in sentences for other in pair.text.hedges)


def clusters(hedges: tuple[Phrase, ...]) -> list[Hedge]:
    """Hedges, those side by side as one."""
    result: list[Hedge] = []
    for phrase in hedges:
        kind, level = phrase.group.split(".")
        if result and phrase.start - result[-1].end == 0 and kind != "degree" and result[-1].kind != "degree":
            last = result[-1]
            strongest = last if last.level <= int(level) else Hedge(kind, int(level), 0, 0, ())
            if (
                last.words == ("can",) and kind == "frequency" and int(level) > 1
            ):  # 'it can often be mended', 'it is often mended'
                strongest = Hedge(kind, int(level), 0, 0, ())
            result[-1] = Hedge(strongest.kind, strongest.level, last.start, phrase.end, (*last.words, phrase.entry))
        else:
            result.append(Hedge(kind, int(level), phrase.start, phrase.end, (phrase.entry,)))
    return result


def _new_answers(pair: Pair) -> list[Hedge]:
    """Words of doubt that the text brings in for a hedge; those that the source has as well answer for nothing."""
    hedges = {entry for group, entries in groups("guard/hedges").items() if "." in group for entry in entries}
    there = {phrase.entry[:4] for phrase in answers(pair.source.words) if phrase.entry not in hedges}
    counted = {i for hedge in pair.text.hedges for i in range(hedge.start, hedge.end)}
    counted |= {i for number in pair.text.quantities for i in range(number.first, number.last)}
    fresh = [p for p in answers(pair.text.words) if p.entry[:4] not in there and p.start not in counted]
    conditional = any(word.lower in words("guard/conditions", "asks when") for word in pair.source.words)
    conditional = conditional or _inverted(pair.source)
    fresh = [p for p in fresh if not (conditional and p.entry == "if")]
    return [Hedge("answers", 1, phrase.start, phrase.end, (phrase.entry,)) for phrase in fresh]


def _inverted(one: Reading) -> bool:
    """'Should the pump fail, …' is a condition."""
    heads = [w for i, w in enumerate(one.words) if i == 0 or one.words[i - 1].sentence != w.sentence]
    return any(word.lower in {"should", "had"} for word in heads) and all(word.text != "?" for word in one.words)


def scope(one: Reading, hedge: Hedge) -> list[int]:
    """The words of substance that a hedge holds back, the head first."""
    if hedge.kind == "quantity" and _trails(one, hedge):
        return [i for i in one.matter if i < hedge.start and one.words[i].sentence == one.words[hedge.start].sentence][
            : -_SCOPE - 1 : -1
        ]
    start = _past_aside(one, hedge)
    after = [i for i in one.matter if i >= start and one.clause[i] == one.clause[hedge.end - 1]]
    if not after:  # 'It works, sometimes.'
        before = [i for i in one.matter if i < hedge.start and one.clause[i] == one.clause[hedge.start]]
        after = before[::-1]
    if not after and hedge.kind in {"frequency", "modality"}:
        after = [i for i in one.matter if i >= hedge.end and one.words[i].sentence == one.words[hedge.start].sentence]
    limit = 1 if hedge.kind == "degree" else _SCOPE
    return after[:limit]


def _past_aside(one: Reading, hedge: Hedge) -> int:
    """Where the words go on that a hedge holds back: 'may, in certain people, stain' holds back the staining."""
    near = range(hedge.end + 1, min(hedge.end + _ASIDE, len(one.words)))
    opens = hedge.end < len(one.words) and one.words[hedge.end].text == "," and hedge.kind == "modality"
    closing = [i for i in near if one.words[i].text == ","]
    return closing[0] + 1 if opens and closing else hedge.end


def _trails(one: Reading, hedge: Hedge) -> bool:
    """'… in some people.': the phrase closes its clause and holds back what stands before it."""
    rest = [i for i in one.matter if i >= hedge.end and one.clause[i] == one.clause[hedge.end - 1]]
    before = one.words[hedge.start - 1].lower if hedge.start else ""
    preposition = before in words("guard/grammar", "prepositions") - words("guard/grammar", "joins")
    return preposition and len(rest) <= 2 and any(i < hedge.start for i in one.matter)


def _anchors(pair: Pair, hedge: Hedge) -> list[int]:
    """The text's words that tell what the hedge holds back; none where the text does not tell it."""
    held = scope(pair.source, hedge)
    light = words("guard/grammar", "passed over")
    heads = [i for i in held if pair.source.words[i].concept not in light][:1] or held[:1]
    before = [i for i in held if i < heads[0]] if heads else []
    if heads and heads[0] in pair.back and (hedge.kind != "quantity" or pair.kept(held) > 0.4):
        return [j for i in (*before, heads[0]) for j in pair.back.get(i, ())]
    share = pair.kept(held)
    if len(held) > 1 and (share > 0.5 or (share == 0.5 and len(held) < 4)):
        return [j for i in held for j in pair.back.get(i, ())]
    return _subject_told(pair, hedge, held)


def _subject_told(pair: Pair, hedge: Hedge, held: list[int]) -> list[int]:
    """'Swelling usually goes down by Friday', 'expect the swelling to be gone by Friday': its verb was exchanged."""
    if hedge.kind not in {"modality", "frequency"} or len(held) > 1:
        return []
    clause = [i for i in pair.source.in_sentence(pair.source.words[hedge.start].sentence) if i not in held]
    subject = [i for i in clause if i < hedge.start][-1:]
    if subject and subject[0] in pair.back and pair.kept(clause) >= 0.6:
        return pair.back[subject[0]]
    return []


def _find(
    pair: Pair, hedge: Hedge, available: list[Hedge], anchors: list[int], *, exact: bool, taken: Counter[int]
) -> int | None:
    """The text's hedge that stands in for this one, by its place in `available`."""
    for place, other in enumerate(available):
        fits = (
            bool(set(hedge.words) & set(other.words)) and other.level <= hedge.level
            if exact
            else taken[place] < len(other.words) and other.kind in _STANDS_IN[hedge.kind] and _no_stronger(hedge, other)
        )
        if not fits:
            continue
        if other.words != ("if",) and _leads(pair, hedge, other, min(anchors)):
            return place
        if any(_holds(pair.text, other, j) and not _turns_its_back(pair, other, j) for j in anchors):
            return place
    return None


def _leads(pair: Pair, hedge: Hedge, other: Hedge, anchor: int) -> bool:
    """'can make tulips last' and 'tulips can last': the next word is one that the source holds back."""
    own = next((j for j in pair.text.matter if j >= other.end), -1)
    near = own >= 0 and own - other.end <= 2 and pair.text.clause[own] == pair.text.clause[other.start]
    between = {word.lower for word in pair.text.words[anchor : other.start]}
    joined = not between.isdisjoint({"and", "or", "but", ",", ";", ":", "."})  # 'flattens them and may soften them'
    return near and not joined and pair.links.get(own, -1) in scope(pair.source, hedge)


def _turns_its_back(pair: Pair, hedge: Hedge, anchor: int) -> bool:
    """A modal holds back what follows it: in 'flattens scars and may soften them', not the flattening.

    Where its own verb is none of the source's ('redness can follow'), it speaks for what stands before it.
    """
    if hedge.words[-1] not in {"may", "might", "could", "can"} or anchor >= hedge.end:
        return False
    own = next((j for j in pair.text.matter if j >= hedge.end), None)
    return (
        own is not None
        and own in pair.links
        and pair.text.words[own].concept not in words("guard/grammar", "passed over")
    )


def _no_stronger(hedge: Hedge, other: Hedge) -> bool:
    level = min(other.level, 2) if hedge.kind == "frequency" else other.level  # 'often' and 'most' are near enough
    return other.kind == "answers" or level <= hedge.level


def _holds(text: Reading, hedge: Hedge, anchor: int) -> bool:
    """Whether the hedge stands by the word: in its sentence, and near it or in its clause."""
    if text.words[hedge.start].sentence != text.words[anchor].sentence:
        return False
    if hedge.words == ("if",):  # 'if it leaks, it bursts' leaves the bursting no doubt
        return anchor < _end_of_supposition(text, hedge.end)
    distance = anchor - hedge.end if anchor >= hedge.end else hedge.start - anchor
    return distance <= _REACH or text.clause[hedge.start] == text.clause[anchor]


def _end_of_supposition(text: Reading, start: int) -> int:
    """Where the condition ends: at its comma, or with its sentence."""
    sentence = text.words[start - 1].sentence
    rest = (
        i for i in range(start, len(text.words)) if text.words[i].sentence != sentence or text.words[i].text in ",:"
    )
    return next(rest, len(text.words))


def _dropped(pair: Pair, hedge: Hedge, anchors: list[int], available: list[Hedge]) -> Finding:
    said = pair.source.span(hedge.start, hedge.end)
    anchor = min(anchors)
    weaker = [o for o in available if o.kind in _STANDS_IN[hedge.kind] and _holds(pair.text, o, anchor)]
    instead = next((pair.text.span(o.start, o.end) for o in weaker if o.kind != "answers"), "")
    message = (
        f"The source only says '{said}'; the text says '{instead}', which promises more."
        if instead
        else f"The source holds this back with '{said}'; the text states it outright."
    )
    denies = said.lower().startswith("not ") or (hedge.kind == "rare" and not instead)
    return finding(
        FindingKind.DROPPED_NEGATION if denies else FindingKind.DROPPED_HEDGE,
        Verdict.BLOCK if hedge.level == 1 and hedge.kind in {"modality", "quantity"} else Verdict.WARN,
        message,
        pair.source.clause_text(hedge.start),
        pair.text.clause_text(anchor),
        pair.source.sentence_text(hedge.start),
    )
