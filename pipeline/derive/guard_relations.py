"""swapped_relation: an opposite put in a word's place, or two things that changed sides.

'Before' for 'after', 'hot' for 'cold'; 'A than B', 'A before B', 'A, not B' told the other way about; cause and
effect exchanged; and what the source says of the morning said of the evening.
"""

from collections.abc import Iterator

from pipeline.derive.guard_opposites import opposites, opposites_of, other_states
from pipeline.derive.guard_pair import Pair, finding, swapped
from pipeline.derive.guard_polarity import Polarity
from pipeline.derive.guard_reading import Reading
from pipeline.derive.guard_states import has_none, is_kept_out, still_to_come, waited_out
from pipeline.derive.guard_transpositions import LONGEST, transposed
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import Word, sentences

_NEAR = 5  # words
_MORE_OR_LESS = frozenset({"more", "less", "fewer"})


def check(pair: Pair) -> Iterator[Finding]:
    """Each opposite, and each exchange of sides, once."""
    seen = set()
    for one in (*_transpositions(pair), *_opposites(pair), *_sides(pair), *_assignments(pair)):
        if one.text_words not in seen:
            seen.add(one.text_words)
            yield one


def _transpositions(pair: Pair) -> Iterator[Finding]:
    """A sentence of the source with two of its parts exchanged."""
    theirs = [(_stems(part), part) for part in sentences(pair.source.words)]
    for ours in sentences(pair.text.words):
        if ours[0].sentence in pair.settled:
            continue
        several = any(word.text in ";:—–" for word in ours)
        for stems, part in theirs:  # whole clauses may stand in any order, single words in them may not
            places = transposed(stems, _stems(ours), 1 if several else LONGEST)
            if places is not None and not _mutual(ours) and _opens_alike(part, ours):
                telling = [word for word in ours if word.is_word]
                first, second = telling[places[0]].text, telling[places[1]].text
                said = pair.source.text[part[0].start : part[-1].end]
                told = pair.text.text[ours[0].start : ours[-1].end]
                message = f"'{first.lower()}' and '{second.lower()}' have changed places."
                yield finding(FindingKind.SWAPPED_RELATION, Verdict.BLOCK, message, said, told, said)


def _opens_alike(theirs: tuple[Word, ...], ours: tuple[Word, ...]) -> bool:
    """'Sand it before you wax it' and 'before you wax it, sand it' say the same of the same."""
    openers = words("guard/grammar", "times") | words("guard/grammar", "clause openers")
    first, second = theirs[0].lower, ours[0].lower
    return first == second or not {first, second} & openers


def _mutual(part: tuple[Word, ...]) -> bool:
    """'A is linked to B' and 'B is linked to A' are one."""
    return any(word.lower in {"linked", "associated", "connected", "related", "correlated"} for word in part)


def _stems(part: tuple[Word, ...]) -> list[str]:
    return [word.stem for word in part if word.is_word]


# ── one opposite for the other ───────────────────────────────────────────────────────────────────────────────


def _opposites(pair: Pair) -> Iterator[Finding]:
    """A word of the text whose opposite stands in the same place of the source."""
    for index, word in enumerate(pair.text.words):
        turned = (opposites_of(word.stem) | other_states(word.stem)) & pair.source.stems
        if not turned or not pair.is_fresh(index) or _balanced(pair, word.stem, turned) or _counts(pair.text, index):
            continue
        if (
            _bounds_a_number(pair.text, index)
            or has_none(pair.text, index)
            or _sides_exchanged(pair, word.lower)
            or _turned_twice(pair, index)
            or (word.lower in {"if", "unless"} and _only_if(pair))
            or _only_until(pair)
        ):
            continue
        for source_index, other in enumerate(pair.source.words):
            if (
                other.stem not in turned
                or _counts(pair.source, source_index)
                or _bounds_a_number(pair.source, source_index)
                or not (_is_free(pair.text, index) and _is_free(pair.source, source_index))
                or still_to_come(pair.text, index) != still_to_come(pair.source, source_index)
                or is_kept_out(pair.text, index) != is_kept_out(pair.source, source_index)
                or (word.lower in {"always", "never"} and not _of_one_deed(pair, source_index, index))
                or waited_out(pair, source_index, index)
            ):
                continue
            if _same_place(pair, source_index, index) and _plain(pair, source_index, index):
                yield swapped(pair, source_index, index)
                break


def _counts(one: Reading, index: int) -> bool:
    """Whether 'day' is a unit ('twice a day'), and no opposite of the night."""
    return one.words[index].stem == "day" and any(q.start <= index < q.end for q in one.quantities)


def _of_one_deed(pair: Pair, source_index: int, text_index: int) -> bool:
    """'Never leave it alone' and 'always stay with it': 'always' is told of another deed than 'never' is."""
    deed = next((i for i in pair.source.matter if i > source_index), None)
    told = next((j for j in pair.text.matter if j > text_index), None)
    return told in pair.links and pair.links[told] == deed


def _is_free(one: Reading, index: int) -> bool:
    """Whether 'on' or 'off' tells of a state ('leave the lid on'), and of no place ('on the path')."""
    if one.words[index].lower not in {"on", "off"} or index + 1 == len(one.words):
        return True
    after = one.words[index + 1]
    return not after.is_word or after.lower in words("guard/grammar", "clause openers") | {"for", "after", "before"}


def _bounds_a_number(one: Reading, index: int) -> bool:
    """'100 mm or less' and 'no more than 100 mm': the numbers' business."""
    return any(q.first <= index < q.last and not q.start <= index < q.end for q in one.quantities)


def _balanced(pair: Pair, word: str, turned: frozenset[str]) -> bool:
    """Whether the source uses the word as often as the text does (then nothing was exchanged for it)."""
    there = sum(1 for other in pair.source.words if other.stem == word)
    here = sum(1 for other in pair.text.words if other.stem == word)
    gone = any(
        sum(1 for other in pair.text.words if other.stem == one)
        < sum(1 for other in pair.source.words if other.stem == one)
        for one in turned
    )
    return there >= here or not gone


def _same_place(pair: Pair, source_index: int, text_index: int) -> bool:
    """Whether the words beside both are the same."""
    beside_source = _beside(pair.source, source_index)
    beside_text = _beside(pair.text, text_index)
    shared = {pair.links.get(j) for j in beside_text} & set(beside_source)
    wanted = 2 if pair.source.words[source_index].lower in words("guard/grammar", "grammar opposites") else 1
    return len(shared) >= min(wanted, len(beside_source), max(1, len(beside_text)))


def _beside(one: Reading, index: int) -> list[int]:
    """The words of substance near a word in its sentence, and the two on either side of it in its clause."""
    inside = [i for i in one.in_sentence(one.words[index].sentence) if i != index]
    clause = [i for i in inside if one.clause[i] == one.clause[index]]
    nearest = {*[i for i in clause if i < index][-2:], *[i for i in clause if i > index][:2]}
    return [i for i in inside if abs(i - index) <= _NEAR or i in nearest]


def _plain(pair: Pair, source_index: int, text_index: int) -> bool:
    """Opposites under opposite negation agree ('not dry', 'moist')."""
    return _stance(pair.text, text_index) == _stance(pair.source, source_index)


def _stance(one: Reading, index: int) -> Polarity:
    """The word's polarity; a small word ('the same') takes that of the negator before it in its clause."""
    clause = one.clause[index]
    denied = any(n.start < index and one.clause[n.start] == clause for n in one.negators)
    return Polarity.NEGATIVE if denied and not one.words[index].is_content else one.polarity[index]


def _only_if(pair: Pair) -> bool:
    """'Do not, unless' and 'only if' say the same, and so do 'if not' and 'unless'."""
    ours, theirs = ({word.lower for word in one.words} for one in (pair.text, pair.source))
    return ("only" in ours) != ("only" in theirs) or len(pair.text.negators) % 2 != len(pair.source.negators) % 2


def _only_until(pair: Pair) -> bool:
    """'Only open it when the bell rings' and 'leave it shut until the bell rings'."""
    ours, theirs = ({word.lower for word in one.words} for one in (pair.text, pair.source))
    return any("only" in one - other and "until" in other - one for one, other in ((ours, theirs), (theirs, ours)))


def _turned_twice(pair: Pair, index: int) -> bool:
    """'Steaming keeps more' and 'it loses less': more and less are exchanged, and so is the verb before them."""
    beside = range(max(0, index - _NEAR), min(index + _NEAR, len(pair.text.words)))
    here = [j for j in beside if j != index and pair.text.clause[j] == pair.text.clause[index]]
    if pair.text.words[index].lower not in _MORE_OR_LESS:
        here = [j for j in here if j > index and pair.text.words[j].lower in _MORE_OR_LESS]
    else:
        here = [j for j in here if j < index]
    new = (pair.text.words[j].stem for j in here if pair.text.words[j].stem not in pair.source.stems)
    return any(opposites_of(each) & pair.source.stems for each in new)


def _sides_exchanged(pair: Pair, word: str) -> bool:
    """'A is less stable than B' and 'B is more stable than A' agree, and so do 'A before B' and 'B after A'."""
    fulcrums = {"before", "after"} if word in {"before", "after"} else {"than"}
    for i, there in enumerate(pair.source.words):
        for j, here in enumerate(pair.text.words):
            if there.lower in fulcrums and here.lower in fulcrums and _other_side(pair, i, j):
                return True
    return False


# ── two sides of a fulcrum ───────────────────────────────────────────────────────────────────────────────────


def _sides(pair: Pair) -> Iterator[Finding]:
    """'A than B' in the source, 'B than A' in the text."""
    for source_index, word in enumerate(pair.source.words):
        if not _is_fulcrum(word.lower, word.stem) or (
            word.lower == "not" and not _sets_against(pair.source, source_index)
        ):
            continue
        for text_index, other in enumerate(pair.text.words):
            if other.stem == word.stem and pair.is_fresh(text_index) and _exchanged(pair, source_index, text_index):
                yield finding(
                    FindingKind.SWAPPED_RELATION,
                    Verdict.BLOCK,
                    f"What stands before and after '{other.text}' has changed places.",
                    pair.source.sentence_text(source_index),
                    pair.text.sentence_text(text_index),
                    pair.source.sentence_text(source_index),
                )


def _is_fulcrum(lower: str, base: str) -> bool:
    if lower == "then":  # 'glue it, then paint it'
        return True
    return lower in words("guard/grammar", "fulcrums") or base in words("guard/grammar", "acts on")


def _sets_against(one: Reading, index: int) -> bool:
    """'A, not B' and 'A and not B' weigh two things; 'is not always caused' denies one."""
    return index > 0 and (not one.words[index - 1].is_word or one.words[index - 1].lower in {"and", "but"})


def _exchanged(pair: Pair, source_index: int, text_index: int) -> bool:
    if _passive(pair.source, source_index) != _passive(pair.text, text_index):
        return False
    if _fronted(pair.text, text_index) or _fronted(pair.source, source_index):
        return False
    if _turned_down(pair.source, source_index) != _turned_down(pair.text, text_index):
        return False
    if _denied(pair.source, source_index) != _denied(pair.text, text_index):
        return False
    return crossed_over(pair, source_index, text_index) and not _compensated(pair)


def _denied(one: Reading, index: int) -> bool:
    """'Do not A before B' asks for B before A."""
    sentence = one.words[index].sentence
    waits = one.words[index].lower in {"before", "until"}
    return waits and any(n.start < index and one.words[n.start].sentence == sentence for n in one.negators)


def _turned_down(one: Reading, index: int) -> bool:
    """'A is less warm than B' sets B above A, as 'B is warmer than A' does."""
    before = [one.words[i].lower for i in range(max(0, index - 5), index) if one.clause[i] == one.clause[index]]
    return one.words[index].lower == "than" and not {"less", "fewer"}.isdisjoint(before)


def crossed_over(pair: Pair, source_index: int, text_index: int) -> bool:
    """What stands right of the fulcrum in the one stands left of it in the other."""
    left, right, theirs = _halves(pair.source, source_index)
    ours_left, ours_right, ours = _halves(pair.text, text_index)
    return bool(ours_left & right) and bool(ours_right & left) and not (ours & theirs)


def _other_side(pair: Pair, source_index: int, text_index: int) -> bool:
    """Whether the text compares from the other side: something went over, and nothing is still compared with."""
    if pair.source.words[source_index].lower != "than":
        return crossed_over(pair, source_index, text_index)
    left, right, theirs = _halves(pair.source, source_index)
    ours_left, ours_right, ours = _halves(pair.text, text_index)
    return bool(ours_left & right or ours_right & left) and not (ours & theirs)


def _compensated(pair: Pair) -> bool:
    """Whether the text has the opposite of a comparative as well, which puts the exchange right."""
    ours, theirs = ({word.stem for word in one.words} for one in (pair.text, pair.source))
    return any(opposites_of(word) & (theirs - ours) for word in ours - theirs)


def _fronted(one: Reading, index: int) -> bool:
    """'Before B, A' and 'A before B' say the same: the fulcrum opens its sentence."""
    return index == 0 or one.words[index - 1].sentence != one.words[index].sentence


def _passive(one: Reading, index: int) -> bool:
    following = [word.lower for word in one.words[index + 1 : index + 3]]
    return "by" in following


def _halves(one: Reading, index: int) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The concepts before and after a word, in its clause, and those after it without the circumstances."""
    telling = set(one.in_sentence(one.words[index].sentence))
    clause = telling if one.words[index].lower == "then" else {*one.in_clause(index), *_meant_by_it(one, index)}
    inside = [i for i in clause if i in telling and i != index]
    end = _compared_until(one, index) if one.words[index].lower == "than" else len(one.words)
    before = frozenset(one.words[i].concept for i in inside if i < index)
    after = frozenset(one.words[i].concept for i in inside if i > index)
    near = frozenset(one.words[i].concept for i in inside if index < i < end)
    return before - after, after - before, near - before


def _compared_until(one: Reading, index: int) -> int:
    """Where the other side of a comparison ends: '… than two singles | once you come back'."""
    ends = groups("guard/grammar")["comparison ends"]
    told = False
    for place in range(index + 1, len(one.words)):
        word = one.words[place]
        if told and (not word.is_word or word.lower in ends) and word.text != "-":
            return place
        told = told or word.is_content
    return len(one.words)


def _meant_by_it(one: Reading, index: int) -> tuple[int, ...]:
    """'Choose a balm: it feels lighter than a gel' compares the balm: the clause before, where 'it' opens this one."""
    clause = one.in_clause(index)
    opener = next((i for i in clause if one.words[i].is_word), index)
    stands_for = one.words[opener].lower in {"it", "they", "this", "these"}
    return one.in_clause(clause[0] - 1) if stands_for and clause[0] else ()


def _assignments(pair: Pair) -> Iterator[Finding]:
    """What the source says of the one opposite, the text says of the other, and the other way about."""
    both = opposites().keys() & pair.source.stems & pair.text.stems
    for first in sorted(both):
        for second in sorted(opposites()[first] & both):
            if first < second and _crossed(pair, first, second):
                anchor = next(i for i, word in enumerate(pair.text.words) if word.stem == first)
                yield finding(
                    FindingKind.SWAPPED_RELATION,
                    Verdict.BLOCK,
                    f"What belongs to '{first}' and to '{second}' has changed places.",
                    pair.source.text,
                    pair.text.clause_text(anchor),
                    pair.source.text,
                )


def _crossed(pair: Pair, first: str, second: str) -> bool:
    theirs, ours = _owned(pair.source, first, second), _owned(pair.text, first, second)
    if theirs is None or ours is None or _weighs(pair.source) != _weighs(pair.text):
        return False
    if _sides_exchanged(pair, "than"):
        return False  # 'cold sets it less than hot does', 'hot sets it more than cold'
    return (
        bool(theirs[0] & ours[1])
        and bool(theirs[1] & ours[0])
        and not (theirs[0] & ours[0])
        and not (theirs[1] & ours[1])
    )


def _owned(one: Reading, first: str, second: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The words nearer to the one opposite, and those nearer to the other; None where the text lacks either."""
    places_first = [i for i, word in enumerate(one.words) if word.stem == first]
    places_second = [i for i, word in enumerate(one.words) if word.stem == second]
    if len(places_first) != 1 or len(places_second) != 1:
        return None
    a, b = places_first[0], places_second[0]
    near_a = frozenset(one.words[i].concept for i in one.matter if i not in (a, b) and abs(i - a) < abs(i - b))
    near_b = frozenset(one.words[i].concept for i in one.matter if i not in (a, b) and abs(i - b) < abs(i - a))
    return near_a - near_b, near_b - near_a


def _weighs(one: Reading) -> bool:
    """'B instead of A' turns the order of 'swap A for B' round, and says the same."""
    return any(word.lower in {"instead", "rather"} for word in one.words)
