"""Where a hedge may be missing and nothing more is claimed: advice, permission, what is only supposed."""

from functools import lru_cache

from pipeline.derive.grammar import ADJECTIVE, DETERMINER, PREPOSITION
from pipeline.derive.guard_condition_clauses import conditions
from pipeline.derive.guard_hedge_places import Hedge
from pipeline.derive.guard_pair import Pair
from pipeline.derive.guard_phrases import Phrase
from pipeline.derive.guard_reading import Reading, denies_all, reading
from pipeline.derive.lexicon_files import words
from pipeline.derive.tokens import TABLE, VERB_FORM

_LOWERS = frozenset({"lower", "lowers", "less", "reduce", "reduces", "cut", "cuts", "fewer", "lowering"})
_BEFORE_A_NOUN = ADJECTIVE | DETERMINER | PREPOSITION
_SMALL = frozenset({"small", "slight", "slightly", "bit", "touch", "gentle", "quick"})
_WAITS = frozenset({"wait", "hold", "keep", "leave", "stay", "delay", "avoid", "not", "never", "postpone"})
_IN_A_CASE = frozenset({"when", "once", "if", "until", "as soon as", "unless", "where", "whenever"})


def gives_way(pair: Pair, hedge: Hedge, anchors: list[int]) -> bool:
    """Whether the text may tell what the hedge holds back, at these words, without it."""
    if _became_advice(pair, hedge, anchors) or _some_can(pair, hedge) or _of_a_number(pair, hedge):
        return True
    before = pair.source.words[hedge.start - 1].lower if hedge.start else ""
    if hedge.words == ("likely",) and before == "less" and any(word.lower in _LOWERS for word in pair.text.words):
        return True
    if hedge.kind == "degree" and any(word.lower in _SMALL for word in pair.text.words):
        return True
    if (
        _may_only_then(pair, hedge, anchors)
        or _few_is_not_many(pair, hedge, anchors)
        or _able_in_a_case(pair, hedge, anchors)
    ):
        return True
    if _denied(pair.source, hedge) or _only_supposed(pair, hedge, anchors):
        return True
    denies = hedge.words[0].startswith("not ")
    return denies and any(denies_all(pair.text, pair.text.words[j].sentence) for j in anchors)


def _may_only_then(pair: Pair, hedge: Hedge, anchors: list[int]) -> bool:
    """'Puppies may go out only after …' and 'keep them in until …': leave is given in both for one case."""
    if hedge.words not in (("may",), ("can",)):
        return False
    rest = [word.lower for word in pair.source.words[hedge.start :]]
    only = rest.index("only") if "only" in rest else -1
    given = only >= 0 and rest[only + 1 : only + 2] in (["after"], ["once"], ["when"], ["if"])
    return given and any(_waits_until(pair.text, pair.text.words[j].sentence) for j in anchors)


def _waits_until(one: Reading, sentence: int) -> bool:
    told = {word.lower for word in one.words if word.sentence == sentence}
    return "until" in told and not told.isdisjoint(_WAITS)


def _few_is_not_many(pair: Pair, hedge: Hedge, anchors: list[int]) -> bool:
    """'Few ferns like sun' and 'most ferns do not like sun'."""
    sentences = {pair.text.words[j].sentence for j in anchors}
    denied = any(pair.text.words[negator.start].sentence in sentences for negator in pair.text.negators)
    return denied and hedge.kind == "rare" and hedge.words[-1].endswith(("few", "hardly any"))


def _able_in_a_case(pair: Pair, hedge: Hedge, anchors: list[int]) -> bool:
    """'Once your baby can sit up' and 'once your baby sits up': what is able to do it has to be seen doing it."""
    if hedge.words == ("may",) and pair.source.words[hedge.start - 1].lower == "you":
        return any(case.start < hedge.start < case.end for case in conditions(pair.source))  # 'unless you may'
    if hedge.words != ("can",):
        return False
    inside = [case for case in conditions(pair.source) if case.start <= hedge.start < case.end]
    told = [case for case in conditions(pair.text) if any(case.start <= j < case.end for j in anchors)]
    return any(case.opener in _IN_A_CASE for case in inside) and any(case.opener in _IN_A_CASE for case in told)


def _only_supposed(pair: Pair, hedge: Hedge, anchors: list[int]) -> bool:
    """What the text only supposes it does not tell, unless the source supposes it as well."""
    return _supposed(pair.text.text).issuperset(anchors) and hedge.start not in _supposed(pair.source.text)


@lru_cache(maxsize=16)
def _supposed(text: str) -> frozenset[int]:
    """'… while it is still soft', '… before you cross it': what a clause after the main one supposes is not told."""
    one = reading(text)
    found: set[int] = set()
    for case in conditions(one):
        inside = case.start > 0 and one.words[case.start - 1].is_word and not _heads(one, case.start)
        subject = one.words[case.start + 1].lower if case.start + 1 < len(one.words) else ""
        if inside and subject in {"you", "it", "they"}:
            found.update(range(case.start, _own_end(one, case.start, case.end)))
    return frozenset(found)


def _own_end(one: Reading, start: int, end: int) -> int:
    """Where the clause ends that a main verb follows: 'a glass of water before you eat | makes you feel full'."""
    verbs = (i for i in range(start + 3, end) if _is_of_one(one, i))
    return next(verbs, end)


def _is_of_one(one: Reading, index: int) -> bool:
    """Whether a verb of another subject stands there: 'makes', 'is'."""
    lower, before = one.words[index].lower, one.words[index - 1].lower
    plain = bool(TABLE[lower] & VERB_FORM) and lower.endswith("s") and not TABLE[before] & _BEFORE_A_NOUN
    return before != "and" and (plain or lower in {"is", "was", "has", "does"})


def _denied(one: Reading, hedge: Hedge) -> bool:
    """'Can neither be washed nor ironed' is 'cannot', and so is 'no crack can be seen'."""
    after = {word.lower for word in one.words[hedge.end : hedge.end + 4]}
    before = {one.words[i].lower for i in one.in_clause(hedge.start) if i < hedge.start}
    denies = "neither" in after or not before.isdisjoint({"no", "neither", "nor", "nothing", "nobody", "none"})
    return hedge.words in {("can",), ("may",), ("could",)} and denies


def _became_advice(pair: Pair, hedge: Hedge, anchors: list[int]) -> bool:
    """'Sugar can be softened with bread', 'Soften sugar with bread', 'To soften sugar, add bread': one way to do it."""
    following = [word.lower for word in pair.source.words[hedge.end : hedge.end + 2]]
    if hedge.words not in {("can",), ("may",)}:
        return False
    if hedge.words == ("can",) and any(_asks_whom(pair.text, j) for j in anchors):
        return True
    before = pair.source.words[hedge.start - 1].lower if hedge.start else ""
    if hedge.words == ("may",) and before == "you":  # 'you may ask for a room at the back' lets one ask
        return any(_same_order(pair, hedge.end, j) for j in anchors)
    if hedge.words == ("can",) and any(_same_order(pair, hedge.end, j) for j in anchors):
        return True  # 'guests can cancel', 'cancel'
    if "be" not in following:
        return False
    done = pair.back.get(hedge.end + following.index("be") + 1, ())  # 'can be moved', 'can then be moved'
    ordered = any(j in done and _ordered(pair.text, j) for j in anchors)
    return ordered or _tells_how(pair, hedge) or _possible(pair)


def _ordered(one: Reading, index: int) -> bool:
    """At the head of a clause, or after 'to', 'then' or 'and': an order, or what one is for."""
    before = one.words[index - 1] if index else None
    return before is None or not before.is_word or before.lower in {"to", "then", "and", "or", "first", "only", "just"}


def _same_order(pair: Pair, source: int, index: int) -> bool:
    """Whether the source's verb became an order: in the same form, where an order stands."""
    same = pair.text.words[index].lower == pair.source.words[source].lower
    return same and pair.links[index] == source and _ordered(pair.text, index)


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
        phrase.entry in told
        and phrase.group.startswith(("quantity", "frequency"))
        and _of_one_part(pair, hedge, phrase)
        for phrase in pair.source.hedges
        if pair.source.clause[phrase.start] == pair.source.clause[hedge.start] and phrase.start >= hedge.end
    )


def _of_one_part(pair: Pair, hedge: Hedge, phrase: Phrase) -> bool:
    """Whether both speak of one thing: not 'can ease it, and usually settles', nor 'can raise it by a few per cent'."""
    between = pair.source.words[hedge.end : phrase.start]
    amount = bool(between) and between[-1].lower == "by" and phrase.group.startswith("quantity")
    return not amount and all(word.is_word or word.text == "-" for word in between)


def _of_a_number(pair: Pair, hedge: Hedge) -> bool:
    """'Usually about a year' holds back the number alone: whether the text that has it has a hedge beside it."""
    one, clause = pair.source, pair.source.clause[hedge.start]
    numbers = [q for q in one.quantities if one.clause[q.start] == clause]
    if not numbers or any(one.clause[i] == clause for i in one.matter):
        return False
    told = [q for q in pair.text.quantities if q.meets(numbers[0])]
    sentences = {pair.text.words[q.start].sentence for q in told}
    return not told or any(pair.text.words[other.start].sentence in sentences for other in pair.text.hedges)
