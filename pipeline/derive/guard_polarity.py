"""What is negated: the negators of a text, and each word's polarity, by `lexicons/guard/negation.txt`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from pipeline.derive.guard_phrases import STRONG_MARKS, Phrase, phrases
from pipeline.derive.guard_values import table, value_at
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.normalise import Word
from pipeline.derive.tokens import EITHER_FORM, TABLE, VERB_FORM

_SAYS = VERB_FORM | EITHER_FORM
_HOW_OFTEN = frozenset({"always", "usually", "often", "sometimes", "generally", "tends", "tend"})
_FARTHEST = 5  # content words that a negator surely reaches


class Polarity(IntEnum):
    """Whether a word stands under a negator; MAYBE where the sentence could be read either way."""

    POSITIVE = 0
    MAYBE = 1
    NEGATIVE = 2


_POSITIVE, _MAYBE, _NEGATIVE = Polarity  # asked for word by word: a module's name is found in a twentieth of the time


@dataclass(frozen=True, slots=True)
class Negator:
    """A negator at words `start` up to `end`, and the words it turns round for certain."""

    start: int
    end: int
    scope: tuple[int, ...]


def negation(found: Sequence[Word]) -> tuple[tuple[Negator, ...], tuple[Polarity, ...]]:
    """The negators, and each word's polarity. Two negators over one word cancel out ('do not skip')."""
    sure = [0] * len(found)
    maybe = [False] * len(found)
    scopes = list(_refusals(found))
    for _, certain, possible in scopes:
        for index in certain:
            sure[index] += 1
        for index in possible:
            maybe[index] = True
    _free_suffix(found, sure)
    polarity = tuple(
        _MAYBE if doubtful else _NEGATIVE if count % 2 else _POSITIVE
        for doubtful, count in zip(maybe, sure, strict=True)
    )
    negators = tuple(
        Negator(phrase.start, phrase.end, tuple(i for i in certain if polarity[i] is Polarity.NEGATIVE))
        for phrase, certain, _ in scopes
    )
    return negators, polarity


def _refusals(found: Sequence[Word]) -> Iterator[tuple[Phrase, list[int], list[int]]]:
    """Each negator with the words it surely turns round, and those it may."""
    exempt = {i for phrase in phrases(found, "guard/negation", "exempt") for i in range(phrase.start, phrase.end)}
    plain = phrases(found, "guard/negation", "negators", "refusals")
    taken = exempt | {phrase.start for phrase in plain}
    plain = [phrase for phrase in plain if phrase.start not in exempt and not _goes_on(found, phrase)]
    plain = [phrase for phrase in plain if not (phrase.entry == "nothing" and _praises(found, phrase))]
    plain = [phrase for phrase in plain if not _bounds(found, phrase) and not _by_what(found, phrase)]
    plain = [phrase for phrase in plain if not (phrase.entry == "away from" and _at_a_distance(found, phrase.start))]
    apart = [each for each in _kept_off(found) if not {each.start, each.end} & taken]
    kept = {each.start: _from_what(found, each) for each in apart}
    # 'keep it away from heat' refuses once, and refuses the heat: its particle stands in the list by itself.
    plain = [phrase for phrase in plain if phrase.start not in {place for place, _ in kept.values()}]
    for phrase in (*plain, *apart):
        certain, possible = _scope(found, phrase.end, before_a_noun=_before_a_noun(found, phrase))
        since = _kept_from(found, phrase)
        if since is None and phrase.start in kept:
            since = kept[phrase.start][1]
        if since is not None:
            yield phrase, _scope(found, since)[0], [i for i in (*certain, *possible) if i < since]
        elif phrase.entry.endswith("ed") and _goes_with_what_is_before(found, phrase):
            yield phrase, [], [*certain, *possible]
        elif not phrase.entry.startswith("prevent"):
            yield phrase, certain, possible


def _goes_with_what_is_before(found: Sequence[Word], phrase: Phrase) -> bool:
    """'Cheese should be avoided in pregnancy' refuses the cheese, and not the pregnancy."""
    return phrase.end < len(found) and found[phrase.end].lower in groups("guard/negation")["loosens"]


def _from_what(found: Sequence[Word], phrase: Phrase) -> tuple[int, int | None]:
    """Of 'keep perfume off the skin': the particle's place, and the place from which what it refuses is told."""
    near = range(phrase.end, min(phrase.end + 8, len(found)))
    particle = next((i for i in near if found[i].lower in {"off", "away", "out"}), -1)
    if particle < 0:
        return -1, None
    start = particle + 1
    if start < len(found) and found[start].lower in {"from", "of"}:
        start += 1
    elif found[particle].lower != "off":
        return particle, None
    return particle, start if _scope(found, start)[0] else None


def _at_a_distance(found: Sequence[Word], index: int) -> bool:
    """'hold it 20 cm away from the hair' places a thing, and refuses nothing."""
    return index > 0 and "length" in table("units").get(found[index - 1].lower, "")


def _goes_on(found: Sequence[Word], phrase: Phrase) -> bool:
    """'neither … nor' denies once."""
    if phrase.entry != "nor":
        return False
    return any(w.lower == "neither" and w.sentence == found[phrase.start].sentence for w in found[: phrase.start])


def _bounds(found: Sequence[Word], phrase: Phrase) -> bool:
    """'No thicker than 1 cm' sets a limit, and denies nothing."""
    first = phrase.end
    compares = first + 2 < len(found) and found[first].lower.endswith("er") and found[first + 1].lower == "than"
    return phrase.entry in {"no", "not"} and compares and value_at(found, first + 2) is not None


def _by_what(found: Sequence[Word], phrase: Phrase) -> bool:
    """'Fees can be avoided by paying early' asks for early payment."""
    return phrase.entry.endswith("ed") and phrase.end < len(found) and found[phrase.end].lower == "by"


def _praises(found: Sequence[Word], phrase: Phrase) -> bool:
    """'Nothing works like it', 'nothing is better than it': it does work."""
    rest = {word.lower for word in found[phrase.end : phrase.end + 8] if word.sentence == found[phrase.start].sentence}
    return not rest.isdisjoint({"like", "as", "than", "beats", "beat"})


def _before_a_noun(found: Sequence[Word], phrase: Phrase) -> bool:
    """'without roots', 'with no roots': a part of a phrase, past which the verb is not denied."""
    before = found[phrase.start - 1].lower if phrase.start else ""
    lacks = phrase.entry == "lack" and phrase.end < len(found) and found[phrase.end].lower == "of"
    return (
        phrase.entry == "without"
        or lacks
        or (phrase.entry == "no" and before in {"with", "having", "of", "at", "in", "by"})
    )


def _scope(found: Sequence[Word], position: int, *, before_a_noun: bool = False) -> tuple[list[int], list[int]]:
    """The words a negator that ends before `position` turns round: surely, and maybe.

    One that stands before a noun, and one that compares, end at the verb: 'a plant without roots cannot drink'.
    """
    lexicon = groups("guard/negation")
    certain: list[int] = []
    possible: list[int] = []
    loose, reached = False, 0
    opened = _opens_with_a_clause(found, position)
    relative = _in_a_relative_clause(found, position)
    compares = found[position - 2].lower in {"rather", "instead"}  # 'tea instead of coffee | can help'
    for index in range(_past_aside(found, position), len(found)):
        word = found[index]
        before = found[index - 1]
        proves = word.lower == "that" and not {before.stem, before.lower}.isdisjoint(lexicon["proofs"])
        ends = word.lower in lexicon["ends"] and not proves
        ends = ends and (index > position or word.lower not in {"while", "when"})  # 'rather than while you train'
        if word.text in STRONG_MARKS or ends or word.sentence != found[position - 1].sentence:
            break
        if loose and word.lower in {"not", "never", "no"}:
            break  # 'it is not a wood and does not need oil': the second denial is its own
        loose = loose or proves
        if relative and word.lower in {"should", "must", "may", "can", "will", "is", "are"}:
            break  # 'a stripe that was not there before | should be shown'
        passed_over = compares and index > position + 1 and (word.lower in _HOW_OFTEN or _says_of_it(before, word))
        if passed_over or ((before_a_noun or compares) and word.lower in words("guard/conditions", "main")):
            break  # 'rolling clothes rather than folding them | always frees up room'
        if before_a_noun and _past_the_noun(found, certain, word):
            break
        if word.text == "," and opened:
            break  # 'if you do not ride, | store it somewhere dry'
        if word.text == "," or (word.lower in lexicon["loosens"] and reached > 0 and not _carries_on(found, index)):
            loose = True
        if word.is_content:
            reached += 1
            loose = loose or reached > _FARTHEST
            (possible if loose else certain).append(index)
    return certain, possible


def _says_of_it(before: Word, word: Word) -> bool:
    """Whether a verb follows the object of what is passed over: 'rather than folding them | frees up room'."""
    return before.lower in {"it", "them"} and word.lower.endswith("s") and bool(TABLE[word.lower] & _SAYS)


def _opens_with_a_clause(found: Sequence[Word], position: int) -> bool:
    """Whether the denial stands in a clause that opens its sentence, and ends with a comma: 'if you do not …, '."""
    start = position - 1
    while start > 0 and found[start - 1].sentence == found[position - 1].sentence and found[start - 1].is_word:
        start -= 1
    at_head = start == 0 or found[start - 1].sentence != found[start].sentence
    return at_head and found[start].lower in {
        "if",
        "when",
        "whenever",
        "unless",
        "because",
        "since",
        "as",
        "while",
        "to",
    }


def _in_a_relative_clause(found: Sequence[Word], position: int) -> bool:
    """'A stripe that was not there', 'people who do not smoke'."""
    before = [word.lower for word in found[max(0, position - 4) : position - 1]]
    return not {"that", "which", "who"}.isdisjoint(before)


def _past_aside(found: Sequence[Word], position: int) -> int:
    """'do not, however, lift it': the place after two commas with a word or two between them."""
    if position < len(found) and found[position].text == ",":
        close = next((i for i in range(position + 2, min(position + 5, len(found))) if found[i].text == ","), None)
        return position if close is None else close + 1
    return position


def _past_the_noun(found: Sequence[Word], denied: Sequence[int], word: Word) -> bool:
    """'pots without a hole | let the water drain': a small word that joins nothing ends the phrase, unless it does."""
    joins = word.lower in {"and", "or", "nor"}
    noun = bool(denied) and not found[denied[0]].lower.endswith("ing")  # 'without leaving you tired'
    return noun and word.is_word and not word.is_content and not joins


def _kept_off(found: Sequence[Word]) -> list[Phrase]:
    """'keep perfume off the skin', 'leave the sugar out': the particle stands apart from its verb.

    In 'keep it cool and out of the sun' the verb refuses nothing: 'out of the sun' does so by itself.
    """
    result = []
    for index, word in enumerate(found):
        after = found[index + 1].lower if index + 1 < len(found) else ""
        if (
            word.lower == "off"
            and index
            and "time" in table("units").get(found[index - 1].lower, "")
            and after.endswith("ing")  # not 'five minutes off the heat', 'a day off between two runs'
        ):
            result.append(Phrase(index, index + 1, "refusals", word.lower))  # 'a week off running'
        if word.lower not in words("guard/grammar", "keeps off"):
            continue
        near = range(index + 1, min(index + 9, len(found)))
        apart = [i for i in near if found[i].lower in {"off", "away", "out"} or _from_doing(found, i)]
        if word.lower == "leave" and apart and _is_out_there(found, apart[0]):
            continue
        between = found[index + 1 : apart[0]] if apart else ()
        by_itself = bool(between) and (
            between[-1].lower == "and" or not {"to", "then"}.isdisjoint(one.lower for one in between)
        )  # 'left to dry and then brushed off'
        if apart and _at_a_distance(found, apart[0]):
            continue
        if any(one.lower in words("guard/grammar", "clause openers") for one in between):
            continue  # 'leave a candle burning when you go out'
        if apart and not by_itself and all(one.is_word or one.text in {",", "-"} for one in between):
            result.append(Phrase(index, index + 1, "refusals", word.lower))
    return result


def _is_out_there(found: Sequence[Word], index: int) -> bool:
    """'leave food out for an hour', 'leave it out overnight': out in the open, and not left away."""
    after = found[index + 1].lower if index + 1 < len(found) else ""
    return found[index].lower == "out" and after in words("guard/grammar", "out there")


def _from_doing(found: Sequence[Word], index: int) -> bool:
    """'keep it from drying'."""
    after = found[index + 1].lower if index + 1 < len(found) else ""
    return found[index].lower == "from" and after.endswith("ing")


def _kept_from(found: Sequence[Word], phrase: Phrase) -> int | None:
    """'stop onions from making you cry' refuses the making, not the onions: the place after 'from', or None."""
    following = [word.lower for word in found[phrase.end : phrase.end + 8]]
    if not phrase.entry.startswith(("stop", "keep", "prevent")) or "from" not in following:
        return None
    if {"off", "away", "out"} & set(following):
        return None
    return phrase.end + following.index("from") + 1


def _carries_on(found: Sequence[Word], index: int) -> bool:
    """'do not need to rinse' turns 'rinse' round; 'do not rub to save time' says nothing of 'save'."""
    before, word = found[index - 1], found[index]
    after = found[index + 1].lower if index + 1 < len(found) else ""
    if word.lower == "for" and after.endswith("ing"):
        return before.lower in {"suitable", "safe", "fit", "meant", "made", "intended"}
    return word.lower == "to" and governs(before)


def governs(word: Word) -> bool:
    """Whether what follows 'to' is what the word asks for: 'try to keep', 'need to rinse'."""
    return not {word.lower, word.stem}.isdisjoint(words("guard/grammar", "carries a negation on"))


def _free_suffix(found: Sequence[Word], sure: list[int]) -> None:
    """'fragrance-free' turns the word before round."""
    for index in range(2, len(found)):
        if found[index].lower == "free" and found[index - 1].text == "-" and found[index - 2].is_content:
            sure[index - 2] += 1
