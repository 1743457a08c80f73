"""A text as the guard reads it, once: its words, what is negated, what is hedged, and its numbers.

`Reading` is one text; `Pair` holds a text to its source, word by word. The checks (`guard_*.py`) take a `Pair`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property

from pipeline.derive.guard_numbers import quantities
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.normalise import Word, read

_STRONG_MARKS = frozenset(".;:!?()[]—–")


class Polarity(IntEnum):
    """Whether a word stands under a negator; MAYBE where the sentence could be read either way."""

    POSITIVE = 0
    MAYBE = 1
    NEGATIVE = 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words `start` up to `end` of a reading that match an entry of a word list; `group` is the entry's group."""

    start: int
    end: int
    group: str
    entry: str


@dataclass(frozen=True, slots=True)
class Negator:
    """A negator at words `start` up to `end`, and the words it turns round for certain."""

    start: int
    end: int
    scope: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """`matter` are the words of substance: no function words, no numbers, no units, no hedges."""

    text: str
    words: tuple[Word, ...]
    clause: tuple[int, ...]
    polarity: tuple[Polarity, ...]
    negators: tuple[Negator, ...]
    hedges: tuple[Phrase, ...]
    quantities: tuple[Quantity, ...]
    matter: tuple[int, ...]

    @cached_property
    def _by_sentence(self) -> dict[int, tuple[int, ...]]:
        table: dict[int, list[int]] = {}
        for index in self.matter:
            table.setdefault(self.words[index].sentence, []).append(index)
        return {number: tuple(members) for number, members in table.items()}

    @cached_property
    def _by_clause(self) -> dict[int, tuple[int, ...]]:
        table: dict[int, list[int]] = {}
        for index, number in enumerate(self.clause):
            table.setdefault(number, []).append(index)
        return {number: tuple(members) for number, members in table.items()}

    def in_sentence(self, sentence: int) -> tuple[int, ...]:
        """The words of substance of a sentence."""
        return self._by_sentence.get(sentence, ())

    def in_clause(self, index: int) -> tuple[int, ...]:
        """All words of the clause that holds the word."""
        return self._by_clause[self.clause[index]]

    def span(self, start: int, end: int) -> str:
        """The text's own letters from word `start` up to word `end`."""
        if start >= end or start >= len(self.words):
            return ""
        return self.text[self.words[start].start : self.words[min(end, len(self.words)) - 1].end]

    def clause_text(self, index: int) -> str:
        """The clause that holds the word."""
        members = self.in_clause(index)
        return self.span(members[0], members[-1] + 1).strip(" ,;:.")

    def sentence_text(self, index: int) -> str:
        """The sentence that holds the word."""
        number = self.words[index].sentence
        members = [i for i, word in enumerate(self.words) if word.sentence == number]
        return self.span(members[0], members[-1] + 1)


def reading(text: str) -> Reading:
    """The text, read."""
    found = read(text)
    negators, polarity = _negation(found)
    hedges, numbers = _hedges(found), quantities(found)
    taken = {i for hedge in hedges for i in range(hedge.start, hedge.end)}
    taken |= {i for number in numbers for i in range(number.first, number.last)}
    matter = tuple(i for i, word in enumerate(found) if word.is_content and i not in taken)
    return Reading(text, found, _clauses(found), polarity, negators, hedges, numbers, matter)


# ── phrases ──────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _index(lexicon: str, only: tuple[str, ...]) -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """First word → entries that open with it, longest first."""
    table: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for group, entries in groups(lexicon).items():
        if only and group not in only:
            continue
        for entry in entries:
            parts = tuple(word.lower for word in read(entry))
            table.setdefault(parts[0], []).append((parts, group, entry))
    for options in table.values():
        options.sort(key=lambda option: -len(option[0]))
    return table


def phrases(found: Sequence[Word], lexicon: str, *only: str) -> list[Phrase]:
    """Where entries of the word list stand, the longest first, none inside another."""
    table = _index(lexicon, only)
    lowers = tuple(word.lower for word in found)
    result, position = [], 0
    while position < len(lowers):
        for parts, group, entry in table.get(lowers[position], ()):
            if lowers[position : position + len(parts)] == parts:
                result.append(Phrase(position, position + len(parts), group, entry))
                position += len(parts) - 1
                break
        position += 1
    return result


# ── clauses ──────────────────────────────────────────────────────────────────────────────────────────────────


def _clauses(found: Sequence[Word]) -> tuple[int, ...]:
    """A number for each word: a clause ends at a strong mark and before a word that opens another."""
    numbers, current, pending = [], 0, False
    for position, word in enumerate(found):
        sentence_opens = position > 0 and word.sentence != found[position - 1].sentence
        if (
            (pending and word.is_word)
            or sentence_opens
            or (word.lower in words("guard/grammar", "clause openers") and position > 0)
        ):
            current += 1
        pending = word.text in _STRONG_MARKS or (pending and not word.is_word)
        numbers.append(current)
    return tuple(numbers)


# ── negation ─────────────────────────────────────────────────────────────────────────────────────────────────

_FARTHEST = 5  # content words that a negator surely reaches


def _negation(found: Sequence[Word]) -> tuple[tuple[Negator, ...], tuple[Polarity, ...]]:
    """The negators, and each word's polarity. Two negators over one word cancel out ('do not skip')."""
    exempt = {i for phrase in phrases(found, "guard/negation", "exempt") for i in range(phrase.start, phrase.end)}
    sure = [0] * len(found)
    maybe = [False] * len(found)
    scopes = []
    plain = phrases(found, "guard/negation", "negators", "refusals")
    taken = {phrase.start for phrase in plain}
    for phrase in (*plain, *(apart for apart in _kept_off(found) if apart.start not in taken)):
        if phrase.start in exempt:
            continue
        certain, possible = _scope(found, phrase.end)
        since = _kept_from(found, phrase)
        if since is not None:
            certain, possible = _scope(found, since)[0], [i for i in (*certain, *possible) if i < since]
        elif phrase.entry.startswith("prevent"):
            continue
        scopes.append((phrase, certain))
        for index in certain:
            sure[index] += 1
        for index in possible:
            maybe[index] = True
    _free_suffix(found, sure)
    polarity = tuple(
        Polarity.MAYBE if maybe[i] else Polarity.NEGATIVE if sure[i] % 2 else Polarity.POSITIVE
        for i in range(len(found))
    )
    negators = tuple(
        Negator(phrase.start, phrase.end, tuple(i for i in scope if polarity[i] is Polarity.NEGATIVE))
        for phrase, scope in scopes
    )
    return negators, polarity


def _scope(found: Sequence[Word], position: int) -> tuple[list[int], list[int]]:
    """The words a negator that ends before `position` turns round: surely, and maybe."""
    lexicon = groups("guard/negation")
    certain: list[int] = []
    possible: list[int] = []
    loose, reached = False, 0
    for index in range(position, len(found)):
        word = found[index]
        if word.text in _STRONG_MARKS or word.lower in lexicon["ends"] or word.sentence != found[position - 1].sentence:
            break
        if word.text == "," or (word.lower in lexicon["loosens"] and reached > 0 and not _carries_on(found, index)):
            loose = True
        if word.is_content:
            reached += 1
            loose = loose or reached > _FARTHEST
            (possible if loose else certain).append(index)
    return certain, possible


def _kept_off(found: Sequence[Word]) -> list[Phrase]:
    """'keep perfume off the skin', 'leave the sugar out': the particle stands apart from its verb."""
    result = []
    for index, word in enumerate(found):
        near = range(index + 1, min(index + 9, len(found)))
        apart = [i for i in near if found[i].lower in {"off", "away", "out"} or _from_doing(found, i)]
        between = found[index + 1 : apart[0]] if apart else ()
        if (
            word.lower in words("guard/grammar", "keeps off")
            and apart
            and all(one.is_word or one.text in {",", "-"} for one in between)
        ):
            result.append(Phrase(index, index + 1, "refusals", word.lower))
    return result


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
    return found[index].lower == "to" and found[index - 1].stem in words("guard/grammar", "carries a negation on")


def _free_suffix(found: Sequence[Word], sure: list[int]) -> None:
    """'fragrance-free' turns the word before round."""
    for index in range(2, len(found)):
        if found[index].lower == "free" and found[index - 1].text == "-" and found[index - 2].is_content:
            sure[index - 2] += 1


# ── hedges ───────────────────────────────────────────────────────────────────────────────────────────────────


def _hedges(found: Sequence[Word]) -> tuple[Phrase, ...]:
    """The hedges, without the words that only look like one (a can of beans, in May, add some salt)."""
    return tuple(phrase for phrase in hedge_words(found) if _is_hedge(found, phrase))


def hedge_words(found: Sequence[Word]) -> list[Phrase]:
    """Every word of the list of hedges, those that only look like one among them."""
    kinds = tuple(group for group in groups("guard/hedges") if "." in group and group != "approximate.1")
    return phrases(found, "guard/hedges", *kinds)


def _is_hedge(found: Sequence[Word], phrase: Phrase) -> bool:
    before = found[phrase.start - 1].lower if phrase.start else ""
    after = found[phrase.end].lower if phrase.end < len(found) else ""
    entry = phrase.entry
    if before in _rule("not after").get(entry, ()) or after in _rule("not before").get(entry, ()):
        return False
    if entry in _rule("only after") and before not in _rule("only after")[entry]:
        return False
    return entry not in words("guard/hedges", "openers") or _opens_clause(found, phrase, before)


@cache
def _rule(group: str) -> dict[str, tuple[str, ...]]:
    """'entry | word word' → the words by entry."""
    split = (entry.split("|") for entry in groups("guard/hedges")[group])
    return {entry.strip(): tuple(others.split()) for entry, others in split}


def _opens_clause(found: Sequence[Word], phrase: Phrase, before: str) -> bool:
    """At the head of a clause, after a preposition, or before a noun that can be counted."""
    noun = found[phrase.end].stem if phrase.end < len(found) else ""
    at_head = phrase.start == 0 or not found[phrase.start - 1].is_word
    return at_head or before in words("guard/grammar", "prepositions") or noun in words("guard/grammar", "countable")


def answers(found: Sequence[Word]) -> list[Phrase]:
    """Words that carry doubt without being hedges in their own right."""
    return phrases(found, "guard/hedges", "answers")
