"""swapped_relation: two steps that have changed places, whatever word sets their order.

'Prime the wall before you fill it' and 'fill the wall, then prime it': each text is read as pairs of what comes
first and what comes second, from *before*, *after*, *once*, *then*, *followed by* and *first … later*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from pipeline.derive.guard_condition_clauses import conditions
from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import words
from pipeline.derive.model import Finding, FindingKind, Verdict

_DONE = frozenset({"finished", "done", "over", "ready", "complete", "enough"})
_ENDS, _BEGINS = frozenset({"until", "till"}), frozenset({"once", "when", "after", "as soon as", "if"})
_AFTER_ONCE = frozenset({"you", "it", "they", "the", "your", "its", "their", "he", "she", "everything", "all"})


@dataclass(frozen=True, slots=True)
class Steps:
    """The concepts of what comes first and of what comes second, and the word that says so.

    Of 'before' and 'after', `under` is what stands under them, and `main` what they are told of.
    """

    first: frozenset[str]
    second: frozenset[str]
    anchor: int
    main: frozenset[str] = frozenset()
    under: frozenset[str] = frozenset()


def check(pair: Pair) -> Iterator[Finding]:
    """Each pair of steps that stands the other way about in the source."""
    yield from _until_for_once(pair)
    theirs = list(_steps(pair.source))
    told = list(_steps(pair.text))
    for ours in told:
        if any((each.first, each.second) == (ours.first, ours.second) for each in theirs):
            continue
        against = next((each for each in theirs if _turned(each, ours)), None)
        if against is not None and not _exchanged(against, ours) and any(_agree(each, ours) for each in theirs):
            continue
        against = against or _traded(theirs, told, ours)
        if against is None or not pair.is_fresh(ours.anchor):
            continue
        yield finding(
            FindingKind.SWAPPED_RELATION,
            Verdict.BLOCK,
            f"What comes first and what comes second, by '{pair.text.words[ours.anchor].text}', have changed places.",
            pair.source.sentence_text(against.anchor),
            pair.text.sentence_text(ours.anchor),
            pair.source.sentence_text(against.anchor),
        )


def _until_for_once(pair: Pair) -> Iterator[Finding]:
    """'Turn the oven down until the loaf has browned' for 'once it has': what ends an act does not begin it."""
    if pair.source.negators or pair.text.negators:
        return
    for ours in conditions(pair.text):
        for theirs in conditions(pair.source):
            if (ours.opener in _ENDS) == (theirs.opener in _ENDS) or not {
                ours.opener,
                theirs.opener,
            } <= _ENDS | _BEGINS:
                continue
            held = [pair.links.get(j) for j in ours.held]
            same = bool(held) and set(held) == set(theirs.held)
            main = [pair.links.get(j) for j in ours.main]
            said = {word.lower for one in (pair.text, pair.source) for word in one.words}
            waits = not said.isdisjoint(
                {"wait", "leave", "keep", "stay", "hold", "let", "rest", "only", "allow", *_DONE}
            )
            if same and main[:1] == [theirs.main[0]] and not waits and pair.is_fresh(ours.start):
                yield finding(
                    FindingKind.SWAPPED_RELATION,
                    Verdict.BLOCK,
                    f"The source says '{theirs.opener}', the text '{ours.opener}'.",
                    pair.source.sentence_text(theirs.start),
                    pair.text.sentence_text(ours.start),
                    pair.source.sentence_text(theirs.start),
                )


def _turned(theirs: Steps, ours: Steps) -> bool:
    """Whether more words went over to the other step than stayed in their own, or all of what comes second did."""
    over = (ours.first & theirs.second, ours.second & theirs.first)
    if theirs.second <= ours.first and ours.second <= theirs.first:
        return True  # 'shake it and breathe out, then press it' and 'breathe out, press it, then shake it'
    stayed = len(ours.first & theirs.first) + len(ours.second & theirs.second)
    return _exchanged(theirs, ours) or (all(over) and len(over[0]) + len(over[1]) >= 2 * stayed)


def _exchanged(theirs: Steps, ours: Steps) -> bool:
    """'The arm, before it goes on the face' and 'the face, before it goes on the arm': nothing else was changed."""
    over = (ours.first & theirs.second, ours.second & theirs.first)
    return all(over) and ours.first ^ theirs.first == ours.second ^ theirs.second == over[0] | over[1]


def _traded(theirs: list[Steps], told: list[Steps], ours: Steps) -> Steps | None:
    """'A before B, and C after D' told as 'C before B, and A after D'."""
    for one, other in permutations(theirs, 2):
        moved = _joins(ours, main=other, under=one)
        if moved and any(_joins(each, main=one, under=other) for each in told if each is not ours):
            return one
    return None


def _joins(ours: Steps, *, main: Steps, under: Steps) -> bool:
    """Whether the text tells the one's main part of the other's subordinate one."""
    mixed = bool(ours.main & main.main) and bool(ours.under & under.under)
    return mixed and not (ours.main & under.main) and not (ours.under & main.under)


def _agree(theirs: Steps, ours: Steps) -> bool:
    return bool(ours.first & theirs.first) and bool(ours.second & theirs.second)


def _steps(one: Reading) -> Iterator[Steps]:
    asked = _asked(one)
    for index, word in enumerate(one.words):
        sides = _sides(one, index, word.lower) if word.sentence not in asked else None
        if sides is None:
            continue
        first, second = (_concepts(one, side) for side in sides)
        if first - second and second - first:
            two = (first, second) if word.lower == "before" else (second, first)
            main, under = two if word.lower in {"before", "after"} else (frozenset[str](), frozenset[str]())
            yield Steps(first - second, second - first, index, main, under)


def _asked(one: Reading) -> frozenset[int]:
    """The sentences that ask: 'Vacuum before you dust? Do it the other way round.'"""
    return frozenset(word.sentence for word in one.words if word.text == "?")


def _sides(one: Reading, index: int, lower: str) -> tuple[list[int], list[int]] | None:
    """The words of the first step and of the second, by the word at `index`; None where it sets no order."""
    after = one.words[index + 1] if index + 1 < len(one.words) else None
    following = after.lower if after is not None else ""
    if lower in {"when", "once"} and _is_done(one, index):
        return _stretch(one, index, -1, commas=False), _stretch(one, index + 3, 1, commas=False)
    if lower == "then" or (lower == "after" and following in {"which", "that"}):
        parted = lower == "then" and index > 0 and one.words[index - 1].text in {":", ";"}  # "comes first: then finish"
        return _stretch(one, index - parted, -1, commas=False), _stretch(one, index, 1, commas=False)
    if lower in {"once", "when", "after"} and _is_over(one, index):
        return _done_first(one, index)
    if lower == "after" and any(q.dimension == "time" and 0 < q.first - index <= 1 for q in one.quantities):
        return None  # 'after about two years' is a time, and no step
    earlier = lower == "before" or (lower, following) in {("ahead", "of"), ("prior", "to")}
    if earlier or lower == "after" or (lower == "once" and _opens_a_time(one, index, following)):
        main, under = _main_and_under(one, index)
        if not under or _is_refused(one, index):
            return None
        return (main, under) if earlier else (under, main)
    return _sides_named(one, index, lower, following)


def _sides_named(one: Reading, index: int, lower: str, following: str) -> tuple[list[int], list[int]] | None:
    """The same by 'followed by', 'first', 'afterwards' and 'start with'."""
    after = one.words[index + 1] if index + 1 < len(one.words) else None
    if lower == "followed" and following == "by":
        return _stretch(one, index, -1), _stretch(one, index, 1)
    if lower == "first" and not (after is not None and after.is_content):
        return _first_and_later(one, index)
    if lower in words("guard/directions", "afterwards") and (after is None or not after.is_word):
        return _told_afterwards(one, index)
    if lower in words("guard/directions", "starts") and following in {"with", "by", "on"}:
        return _started_and_finished(one, index)
    return None


def _main_and_under(one: Reading, index: int) -> tuple[list[int], list[int]]:
    """What 'before' holds to, and what stands under it; it may open the sentence, and end with a comma then."""
    under = _stretch(one, index, 1)
    main = _stretch(one, index, -1)
    if not any(one.words[i].is_content for i in main):
        comma = (under or [index])[-1] + 1
        main = _stretch(one, comma, 1) if comma < len(one.words) and one.words[comma].text == "," else []
    return main, under


def _first_and_later(one: Reading, index: int) -> tuple[list[int], list[int]] | None:
    """'The cream first and the powder later'."""
    later = words("guard/grammar", "later")
    sentence = one.words[index].sentence
    last = next((i for i in range(index + 1, len(one.words)) if one.words[i].lower in later), None)
    if last is not None and one.words[last].sentence == sentence + 1 and _closes_its_sentence(one, index):
        return _stretch(one, index, -1), _stretch(one, last, 1)  # 'The primer goes on first. A day later, paint it.'
    if last is None or one.words[last].sentence != sentence:
        joint = one.words[index + 1].lower if index + 1 < len(one.words) else ""
        if joint == ";":
            return _stretch(one, index, -1), _stretch(one, index + 1, 1, commas=False)
        joined = joint == "," or (joint == "and" and _orders(one, index + 2))
        return (_stretch(one, index, -1), _stretch(one, index + 1, 1)) if joined else None
    between = list(range(index + 1, last))
    opening = _stretch(one, index, -1, commas=False)  # 'thin, watery products go on first'
    if opening:
        return opening, between
    return between, _stretch(one, last, 1)  # 'first the serum, afterwards the cream'


def _closes_its_sentence(one: Reading, index: int) -> bool:
    return index + 1 < len(one.words) and one.words[index + 1].text in ".!"


def _told_afterwards(one: Reading, index: int) -> tuple[list[int], list[int]] | None:
    """'Change the bulb and unplug the lamp afterwards'."""
    sentence = one.words[index].sentence
    back = range(index - 1, 0, -1)
    joint = next((i for i in back if one.words[i].lower in {"and", ",", ";", ":"}), None)
    if joint is None or one.words[joint].sentence != sentence:
        return None
    return _stretch(one, joint, -1), list(range(joint + 1, index))


def _opens_a_time(one: Reading, index: int, following: str) -> bool:
    """'once you …', 'once new growth has started'; not 'once a day'."""
    rest = {word.lower for word in one.words[index + 2 : index + 6] if word.sentence == one.words[index].sentence}
    counts = any(q.start <= index < q.end for q in one.quantities)
    return following in _AFTER_ONCE or (not counts and not rest.isdisjoint({"has", "have", "is", "are"}))


def _is_done(one: Reading, index: int) -> bool:
    """'…, and when that's done sharpen it'."""
    rest = [word.lower for word in one.words[index + 1 : index + 4]]
    return rest in (["that", "is", "done"], ["this", "is", "done"], ["it", "is", "done"])


def _is_over(one: Reading, index: int) -> bool:
    """'… once you've finished', 'when you are done': no more is said of what is finished."""
    rest = [word.lower for word in one.words[index + 1 : index + 5] if word.sentence == one.words[index].sentence]
    return rest[:1] == ["you"] and not {"finished", "done", "through"}.isdisjoint(rest[1:3]) and "with" not in rest


def _done_first(one: Reading, index: int) -> tuple[list[int], list[int]] | None:
    """'Changing a bulb? Unplug the lamp once you've finished': what was asked about comes first."""
    sentence = one.words[index].sentence
    asked = [i for i, word in enumerate(one.words) if word.sentence == sentence - 1]
    is_question = bool(asked) and one.words[asked[-1]].text == "?"
    return (asked, _stretch(one, index, -1)) if is_question else None


def _orders(one: Reading, index: int) -> bool:
    """Whether a verb of its own stands there: 'sow the carrots first and | plant the onions'."""
    return index < len(one.words) and one.words[index].is_content


def _started_and_finished(one: Reading, index: int) -> tuple[list[int], list[int]] | None:
    """'Start with the serum and finish with the cream', '… then the cream'."""
    ends = words("guard/directions", "finishes") | {"then"}
    sentence = one.words[index].sentence
    rest = (i for i in range(index + 2, len(one.words)) if one.words[i].sentence == sentence)
    last = next((i for i in rest if one.words[i].lower in ends), None)
    return None if last is None else (list(range(index + 2, last)), _listed(one, last))


def _listed(one: Reading, index: int) -> list[int]:
    """The words behind `index` up to a mark, past the comma of 'thin, watery products'."""
    found = _stretch(one, index, 1)
    comma = found[-1] + 1 if found else len(one.words)
    goes_on = comma + 1 < len(one.words) and one.words[comma].text == "," and one.words[comma + 1].is_content
    return [*found, *_stretch(one, comma, 1)] if goes_on else found


def _is_refused(one: Reading, index: int) -> bool:
    """Whether the order is denied: 'do not eat before you swim'. 'Cut out the pattern before …' refuses nothing."""
    sentence = one.words[index].sentence
    before = (n.start for n in one.negators if n.start < index and one.words[n.start].sentence == sentence)
    return any(one.words[i].lower not in words("guard/grammar", "keeps off") | {"cut"} for i in before)


def _stretch(one: Reading, index: int, step: int, *, commas: bool = True) -> list[int]:
    """The words on one side of `index`, up to a mark (or, without `commas`, up to the sentence's end)."""
    found: list[int] = []
    place = index + step
    while 0 <= place < len(one.words) and one.words[place].sentence == one.words[index].sentence:
        word = one.words[place]
        if word.text in ";:—–" or (commas and word.text == "," and found) or (step > 0 and _says_what_for(one, place)):
            break
        if word.is_word:
            found.append(place)
        place += step
    return sorted(found)


def _says_what_for(one: Reading, index: int) -> bool:
    """'Rest it before slicing | so it keeps its juice': no step."""
    lower, after = one.words[index].lower, one.words[index + 1].lower if index + 1 < len(one.words) else ""
    return lower == "because" or (lower == "so" and after in _AFTER_ONCE | {"that"})


def _concepts(one: Reading, side: list[int]) -> frozenset[str]:
    return frozenset(one.words[i].concept for i in side if i in one.matter)
