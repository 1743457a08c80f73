"""changed_number, added_number, and numbers that were left out (lost_condition) or made exact (dropped_hedge)."""

from bisect import bisect_left
from collections.abc import Iterator

from pipeline.derive.guard_pair import Pair, finding, replace
from pipeline.derive.guard_quantity import MEASURED, ROW_SECONDS, YEAR_SECONDS, Quantity, near
from pipeline.derive.guard_reading import Reading
from pipeline.derive.guard_values import unit_size
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict

_NEAR = 6  # words of substance around a number that tell what it is said of
_SIDES = {"before": frozenset({"by", "before", "until", "till"}), "after": frozenset({"after", "from", "past"})}
_MANY = 6  # things, from which a count says more than that several follow


def check(pair: Pair) -> Iterator[Finding]:
    """Every number of the text is the source's own, and none of the source's is lost or moved."""
    ours = [q for q in pair.text.quantities if pair.is_fresh(q.start)]
    theirs = list(pair.source.quantities)
    met = _meet(ours, theirs, pair)
    for quantity in ours:
        if quantity in met:
            if not _restates(pair, quantity, ours):
                yield from _same_amount(pair, met[quantity], quantity)
        elif (
            told_by_daytimes(pair.source, quantity)
            or _told_by_doubling(pair.source, quantity)
            or _announces(pair.text, quantity)
        ):
            continue
        elif not quantity.weak or _other_unit(quantity, [q for q in theirs if q not in met.values()]):
            yield _new_number(pair, quantity, [q for q in theirs if q not in met.values()])
    told = set(met.values())
    told |= {q for q in theirs if any(_twice_told(pair.source, q, other) for other in told)}
    replaced = any(q not in met and not q.weak for q in ours)
    for quantity in theirs:
        spared = (
            quantity.weak
            or _as_often(quantity, ours, theirs)
            or pair.is_used(quantity.start)
            or told_by_daytimes(pair.text, quantity)
            or any(_is_first(other, quantity) for other in ours)
        )
        if not (quantity in told or spared or replaced):
            yield from _lost(pair, quantity)
    yield from _exchanged(pair, met)


def _meet(ours: list[Quantity], theirs: list[Quantity], pair: Pair) -> dict[Quantity, Quantity]:
    """Each number of the text with the source's number of the same amount, the nearest in words where there are two."""
    met: dict[Quantity, Quantity] = {}
    for quantity in ours:
        options = [q for q in theirs if q.meets(quantity)] or [
            q
            for q in theirs
            if _end_of(q, quantity)
            or _both_ends(q, quantity, ours)
            or counts_years(pair.text, quantity, q)
            or _leaves_unit_out(pair.text, quantity, q)
        ]
        if options:
            mine = _neighbours(pair.text, quantity)
            met[quantity] = max(options, key=lambda q: len(_neighbours(pair.source, q) & mine))
    return met


def _as_often(quantity: Quantity, ours: list[Quantity], theirs: list[Quantity]) -> bool:
    """Whether the text tells the amount as often as the source does ('half and half'), whichever stands for which."""
    told = sum(1 for q in ours if q.meets(quantity))
    return 0 < sum(1 for q in theirs if q.meets(quantity)) <= told


def counts_years(one: Reading, ours: Quantity, theirs: Quantity) -> bool:
    """'children under three' for 'under three years old'."""
    before = {one.words[place - 1].lower for place in (ours.start, ours.first) if place}
    marked = not before.isdisjoint(words("guard/grammar", "of age"))
    aged = ours.dimension == "count" and theirs.dimension == "time" and marked
    return aged and near(ours.low * YEAR_SECONDS, theirs.low, 1e-6)


def told_by_daytimes(one: Reading, quantity: Quantity) -> bool:
    """'In the morning and in the evening' is twice a day."""
    if quantity.dimension != "rate" or quantity.low != quantity.high:
        return False
    lowers = {word.lower for word in one.words}
    times = [line for line in groups("guard/grammar")["daytimes"] if not lowers.isdisjoint(line.split())]
    return len(times) >= 2 and len(times) == quantity.low


def _told_by_doubling(one: Reading, quantity: Quantity) -> bool:
    """'Twice its size' where the source says that it has doubled."""
    twice = quantity.low == quantity.high == 2 and quantity.dimension in {"count", "times"}
    return twice and any(word.lower.startswith("doubl") for word in one.words)


def _leaves_unit_out(one: Reading, ours: Quantity, theirs: Quantity) -> bool:
    """'Six may be wiser' for 'six months may be wiser': the number alone, with no noun behind it."""
    if ours.dimension != "count" or theirs.dimension not in MEASURED or theirs.weak:
        return False
    after = one.words[ours.end] if ours.end < len(one.words) else None
    counted = after is not None and after.is_content and after.lower not in words("guard/conditions", "main")
    factor = 1.0 if theirs.dimension in {"celsius", "percent"} else unit_size(theirs.unit)
    same = near(ours.low * factor, theirs.low, 1e-6) and near(ours.high * factor, theirs.high, 1e-6)
    return same and not counted


def _announces(one: Reading, quantity: Quantity) -> bool:
    """'It does two jobs: …' counts what the text itself names."""
    after = one.words[quantity.end].lower if quantity.end < len(one.words) else ""
    return quantity.dimension == "count" and 1 < quantity.high < _MANY and after in groups("guard/units")["announced"]


def _is_first(ours: Quantity, theirs: Quantity) -> bool:
    """'For the first day' is as long as '24 hours'."""
    first = ours.unit_kind == "ordinal" and ours.high == 1
    return first and theirs.dimension == "time" and theirs.low == ROW_SECONDS.get(ours.unit)


def _other_unit(weak: Quantity, untold: list[Quantity]) -> bool:
    """'a few hours' where the source has 'a few days', 'every day' where it has 'once a week'."""
    alike = [q for q in untold if q.dimension == weak.dimension]
    return any(q.unit != weak.unit or not q.weak or weak.dimension == "rate" for q in alike)


def _restates(pair: Pair, quantity: Quantity, ours: list[Quantity]) -> bool:
    """'63 °C (145 °F)': the number in brackets says the one before it again."""
    bracket = quantity.start > 0 and pair.text.words[quantity.start - 1].text in "([/"
    return bracket and any(other is not quantity and other.meets(quantity) for other in ours)


def _twice_told(one: Reading, quantity: Quantity, told: Quantity) -> bool:
    """'Two tablespoons (30 ml)': one amount in two units, of which the text may leave out either."""
    first, second = (quantity, told) if quantity.start < told.start else (told, quantity)
    if not first.last < second.first <= first.last + 2 or quantity.dimension == "count":
        return False
    return [word.text for word in one.words[first.last : second.first]] in (["("], ["["], ["/"], [",", "or"])


def _end_of(theirs: Quantity, ours: Quantity) -> bool:
    """Never: one end of a range is another number. 'up to 6 weeks' for '4 to 6 weeks' is the one exception."""
    return (
        theirs.dimension == ours.dimension
        and theirs.low < theirs.high == ours.high == ours.low
        and ours.bound == "most"
    )


def _both_ends(theirs: Quantity, ours: Quantity, others: list[Quantity]) -> bool:
    """'It can take six months, and it can take two years' for 'six months to two years': each end by itself."""
    ends = {theirs.low, theirs.high} if theirs.low < theirs.high else set()
    told = {q.low for q in others if q.dimension == theirs.dimension and q.low == q.high}
    return bool(ends) and ends <= told and ours.dimension == theirs.dimension and ours.low in ends


def _neighbours(one: Reading, quantity: Quantity) -> frozenset[str]:
    sentence = one.words[quantity.start].sentence
    near = sorted(
        one.in_sentence(sentence),
        key=lambda i: min(abs(i - quantity.start), abs(i - quantity.end)),
    )
    return frozenset(one.words[i].concept for i in near[:_NEAR])


def _same_amount(pair: Pair, source: Quantity, text: Quantity) -> Iterator[Finding]:
    """The amount agrees; do 'at least', 'up to' and 'about'?"""
    said, told = pair.source.span(source.first, source.last), pair.text.span(text.first, text.last)
    agree = _bounds_agree(pair, source, text) or _refused(pair, source, text) or _at_the_outside(pair, source, text)
    if (source.bound != text.bound and not agree) or _turned_round(pair, source, text):
        yield finding(
            FindingKind.CHANGED_NUMBER,
            Verdict.BLOCK,
            f"The number's limit differs: the source says '{said}', the text '{told}'.",
            said,
            told,
            replace(pair.text.text, told, said),
        )
    elif source.approximate and not (text.approximate or text.bound):
        yield finding(
            FindingKind.DROPPED_HEDGE,
            Verdict.WARN,
            f"The source gives a rough number ('{said}'), the text an exact one ('{told}').",
            said,
            told,
            replace(pair.text.text, told, said),
        )


def _turned_round(pair: Pair, source: Quantity, text: Quantity) -> bool:
    """'The last cup by two in the afternoon' and 'after two'; 'no cup after two' agrees."""
    sides = [
        next((side for side, words in _SIDES.items() if one.words[q.first - 1].lower in words), "") if q.first else ""
        for one, q in ((pair.source, source), (pair.text, text))
    ]
    is_clock = source.dimension == text.dimension == "clock"
    return is_clock and all(sides) and sides[0] != sides[1] and not _refused(pair, source, text)


def _refused(pair: Pair, source: Quantity, text: Quantity) -> bool:
    """'It takes 28 days' and 'not in under four weeks' set the same limit: one of the two stands under a negator."""

    def under(one: Reading, quantity: Quantity) -> bool:
        clause = one.clause[quantity.start]
        return any(one.clause[n.start] == clause and n.start < quantity.first for n in one.negators)

    return under(pair.source, source) != under(pair.text, text)


def _at_the_outside(pair: Pair, source: Quantity, text: Quantity) -> bool:
    """'It may take a minute' and 'it takes up to a minute' are one."""
    clause = pair.source.clause[source.start]
    held = any(h.group.startswith("modality") and pair.source.clause[h.start] == clause for h in pair.source.hedges)
    if (source.bound, text.bound) == ("", "most"):
        return held or _capped(pair.source, source)
    return (source.bound, text.bound) == ("most", "") and _capped(pair.text, text)


def _capped(one: Reading, quantity: Quantity) -> bool:
    """'keep it to 5%', 'limit it to two', 'until an hour before', 'two drops are enough'."""
    before = [word.lower for word in one.words[max(0, quantity.first - 6) : quantity.first]]
    after = {word.lower for word in one.words[quantity.last : quantity.last + 4]}
    if before[-1:] in (["until"], ["till"]) or after & {"enough", "plenty", "suffice", "suffices", "sufficient"}:
        return True
    return before[-1:] == ["to"] and not {"keep", "limit", "restrict", "stick", "cap", "limited"}.isdisjoint(before)


def _bounds_agree(pair: Pair, source: Quantity, text: Quantity) -> bool:
    """'at least' and 'more than' are one limit to a reader, and so are 'up to' and 'under'; 'over three months' may
    mean during them."""
    bounds = {source.bound, text.bound}
    if bounds == {"most", ""} and source.dimension == text.dimension == "time":
        return all(_reaches_to(one, q) for one, q in ((pair.source, source), (pair.text, text)))
    short = _falls_short(pair.source, source) or _falls_short(pair.text, text)
    if short and bounds in ({"under", ""}, {"over", ""}):
        return "under" in bounds
    if "" in bounds and not bounds.isdisjoint({"least", "over"}):
        bare = (pair.source, source) if not source.bound else (pair.text, text)
        if _from_then_on(*bare):
            return True
    return bounds in ({"least", "over"}, {"most", "under"}) or (bounds == {"over", ""} and source.dimension == "time")


def _falls_short(one: Reading, quantity: Quantity) -> bool:
    """'almost three days' are just under three days."""
    return not {"nearly", "almost"}.isdisjoint(word.lower for word in one.words[quantity.first : quantity.start])


def _from_then_on(one: Reading, quantity: Quantity) -> bool:
    """'once you are 70', 'from the age of 70', 'past 70': at least."""
    before = {word.lower for word in one.words[max(0, quantity.start - 5) : quantity.start]}
    return not before.isdisjoint({"once", "from", "past", "turned", "turn", "reached"})


def _reaches_to(one: Reading, quantity: Quantity) -> bool:
    """'within the past five days', 'in the last five days', 'in five days': by then at the latest."""
    before = [word.lower for word in one.words[max(0, quantity.start - 3) : quantity.start]]
    while before and before[-1] in {"the", "last", "past", "first", "next", "about", "around"}:
        before.pop()
    return before[-1:] in (["within"], ["in"])


def _new_number(pair: Pair, quantity: Quantity, left_over: list[Quantity]) -> Finding:
    """A number that the source does not hold: another value for one of its own, or a new one."""
    told = pair.text.span(quantity.start, quantity.end)
    mine = _neighbours(pair.text, quantity)
    options = [q for q in left_over if q.dimension == quantity.dimension] or [
        q for q in left_over if len(_neighbours(pair.source, q) & mine) >= 2
    ]
    if not options:
        return finding(
            FindingKind.ADDED_NUMBER, Verdict.BLOCK, f"The source gives no such number as '{told}'.", "", told, ""
        )
    best = max(options, key=lambda q: len(_neighbours(pair.source, q) & mine))
    said = pair.source.span(best.start, best.end)
    return finding(
        FindingKind.CHANGED_NUMBER,
        Verdict.BLOCK,
        f"The source says '{said}', the text '{told}'.",
        said,
        told,
        replace(pair.text.text, told, said),
    )


def _lost(pair: Pair, quantity: Quantity) -> Iterator[Finding]:
    """A number that is gone while what it was said of is still told."""
    sentence = pair.source.words[quantity.start].sentence
    clause = pair.source.clause[quantity.start]
    beside = [i for i in pair.source.matter if pair.source.clause[i] == clause] or [
        i for i in pair.source.matter if pair.source.words[i].sentence == sentence
    ]
    near = sorted(beside, key=lambda i: min(abs(i - quantity.start), abs(i - quantity.end)))[:_NEAR]
    if near and pair.kept(near) >= 0.5:
        said = pair.source.span(quantity.first, quantity.last)
        anchor = next(j for i in near for j in pair.back.get(i, ()))
        instead = [q for q in pair.text.quantities if _told_of_the_same(pair, q, quantity)]
        if any(pair.text.clause[q.start] == pair.text.clause[anchor] for q in instead):
            yield _new_number(pair, instead[0], [quantity])
            return
        yield finding(
            FindingKind.LOST_CONDITION,
            Verdict.WARN,
            f"The source's '{said}' is missing.",
            pair.source.clause_text(quantity.start),
            pair.text.clause_text(anchor),
            pair.source.sentence_text(quantity.start),
        )


def _told_of_the_same(pair: Pair, ours: Quantity, lost: Quantity) -> bool:
    """'A full freezer holds for 24 hours' where the source says 48 of a full one, and 24 of a half-full one."""
    if ours.dimension != lost.dimension or ours.weak or ours.meets(lost):
        return False
    mine = _neighbours(pair.text, ours)
    others = [len(mine & _neighbours(pair.source, q)) for q in pair.source.quantities if q.meets(ours)]
    return len(mine & _neighbours(pair.source, lost)) > max(others, default=0)


def _exchanged(pair: Pair, met: dict[Quantity, Quantity]) -> Iterator[Finding]:
    """Two numbers that changed places: 'beans 8 hours, lentils 2' for 'beans 2 hours, lentils 8'."""
    pairs = [(text, source) for text, source in met.items() if not text.weak or text.unit_kind == "vague"]
    mine, theirs = _Nearness(pair.text), _Nearness(pair.source)
    for place, (first, first_source) in enumerate(pairs):
        for second, second_source in pairs[place + 1 :]:
            if (
                first.dimension == second.dimension
                and not first.meets(second)
                and _crossed(mine.apart(first, second), theirs.apart(first_source, second_source))
            ):
                yield finding(
                    FindingKind.CHANGED_NUMBER,
                    Verdict.BLOCK,
                    "Two numbers have changed places.",
                    pair.source.sentence_text(first_source.start),
                    pair.text.sentence_text(first.start),
                    pair.source.sentence_text(first_source.start),
                )


def _crossed(mine: tuple[frozenset[str], frozenset[str]], source: tuple[frozenset[str], frozenset[str]]) -> bool:
    straight = len(mine[0] & source[0]) + len(mine[1] & source[1])
    crossed = len(mine[0] & source[1]) + len(mine[1] & source[0])
    return crossed > straight and bool(mine[0] & source[1]) and bool(mine[1] & source[0])


class _Nearness:
    """Which words of a text stand nearer to which of two numbers."""

    def __init__(self, one: Reading) -> None:
        self._one = one
        self._joints = [i for i, word in enumerate(one.words) if word.lower in {"and", ",", ";", "but"}]

    def apart(self, first: Quantity, second: Quantity) -> tuple[frozenset[str], frozenset[str]]:
        """The words of each of two numbers that are not the other's as well."""
        mine, other = self._own(first, second), self._own(second, first)
        return mine - other, other - mine

    def _own(self, quantity: Quantity, other: Quantity) -> frozenset[str]:
        """The words of the number's sentence that are nearer to it than to the other."""
        sentence = self._one.words[quantity.start].sentence
        here = self._one.in_sentence(sentence)
        return frozenset(self._one.words[i].concept for i in here if self._away(i, quantity) < self._away(i, other))

    def _away(self, index: int, quantity: Quantity) -> int:
        """Words between a place and a number, counted from the number's nearer end; beyond a joint all is farther."""
        start, end = (quantity.end, index) if index >= quantity.end else (index + 1, quantity.start)
        joined = bisect_left(self._joints, start) < bisect_left(self._joints, end)
        return max(0, end - start) + (_NEAR if joined else 0)
