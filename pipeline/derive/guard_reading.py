"""A text as the guard reads it, once: its words, what is negated, what is hedged, and its numbers.

`Reading` is one text; `guard_pair.Pair` holds a text to its source. The checks take a `Pair`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from pipeline.derive.grammar import ADJECTIVE, ADVERB
from pipeline.derive.guard_numbers import quantities
from pipeline.derive.guard_phrases import STRONG_MARKS, Phrase, phrases
from pipeline.derive.guard_polarity import Negator, Polarity, negation
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.normalise import Word, read
from pipeline.derive.tokens import EITHER, TABLE, VERB

_KEPT = 1024  # readings, of texts of at most so many characters: some ten megabytes, most shared with the profiles
_KEPT_CHARACTERS = 600
_DENIED = 6  # words between 'not' and a closing 'often'
_PURPOSE = 7  # words between 'so that' and its 'can'


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
    def stems(self) -> frozenset[str]:
        """The stems of all its words."""
        return frozenset(word.stem for word in self.words)

    @cached_property
    def asked(self) -> frozenset[int]:
        """The sentences that ask."""
        return frozenset(word.sentence for word in self.words if word.text == "?")

    @cached_property
    def limited(self) -> frozenset[int]:
        """The clauses in which a limit stands: 'only', 'unless'."""
        limits = words("guard/grammar", "limits")
        return frozenset(clause for word, clause in zip(self.words, self.clause, strict=True) if word.lower in limits)

    @cached_property
    def by_concept(self) -> dict[str, list[int]]:
        """Concept → where it stands among the words of substance."""
        table: dict[str, list[int]] = {}
        for index in self.matter:
            table.setdefault(self.words[index].concept, []).append(index)
        return table

    @cached_property
    def by_opening(self) -> dict[str, list[int]]:
        """The first four letters of a stem → where such words of substance stand."""
        table: dict[str, list[int]] = {}
        for index in self.matter:
            table.setdefault(self.words[index].stem[:4], []).append(index)
        return table

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
    """The text, read. Sentences and tips are held against many others, and are read once for all of them."""
    return _kept(text) if len(text) <= _KEPT_CHARACTERS else _read(text)


def _read(text: str) -> Reading:
    found = read(text)
    negators, polarity = negation(found)
    numbers = quantities(found)
    hedges = tuple(hedge for hedge in _hedges(found) if not _rounds(hedge, numbers))
    taken = {i for hedge in hedges for i in range(hedge.start, hedge.end)}
    taken |= {i for number in numbers for i in range(number.first, number.last)}
    matter = tuple(i for i, word in enumerate(found) if word.is_content and i not in taken)
    return Reading(text, found, _clauses(found), polarity, negators, hedges, numbers, matter)


_kept = lru_cache(maxsize=_KEPT)(_read)


# ── clauses ──────────────────────────────────────────────────────────────────────────────────────────────────


def _clauses(found: Sequence[Word]) -> tuple[int, ...]:
    """A number for each word: a clause ends at a strong mark and before a word that opens another."""
    numbers, current, pending = [], 0, False
    openers = words("guard/grammar", "clause openers")
    for position, word in enumerate(found):
        sentence_opens = position > 0 and word.sentence != found[position - 1].sentence
        if (pending and word.is_word) or sentence_opens or (word.lower in openers and position > 0):
            current += 1
        pending = word.text in STRONG_MARKS or (pending and not word.is_word)
        numbers.append(current)
    return tuple(numbers)


# ── hedges ───────────────────────────────────────────────────────────────────────────────────────────────────


def _hedges(found: Sequence[Word]) -> tuple[Phrase, ...]:
    """The hedges, without the words that only look like one (a can of beans, in May, add some salt)."""
    return tuple(phrase for phrase in hedge_words(found) if _is_hedge(found, phrase))


def _rounds(hedge: Phrase, numbers: Sequence[Quantity]) -> bool:
    """'some fifteen centimetres' and 'a few weeks' are rough numbers, which are held to their like."""
    return any(
        number.first <= hedge.start < (number.end if number.unit_kind == "vague" else number.start)
        for number in numbers
    )


def hedge_words(found: Sequence[Word]) -> list[Phrase]:
    """Every word of the list of hedges, those that only look like one among them."""
    kinds = tuple(group for group in groups("guard/hedges") if "." in group and group != "approximate.1")
    return phrases(found, "guard/hedges", *kinds)


def _is_amount(before: str, word: Word) -> bool:
    """'Rub in a little olive oil' names an amount; 'a little longer' and 'had a little redness' hold back."""
    degree = TABLE[word.lower] & (ADJECTIVE | ADVERB) or word.lower.endswith("er")
    acts = bool(before and TABLE[before] & (VERB | EITHER)) or before in {"with", "in", "on"}
    return word.is_content and not degree and acts


def _thing_behind(found: Sequence[Word], start: int) -> Sequence[Word]:
    """The word behind 'a little', and the thing behind that where it is a small adjective: 'a little mild soap'."""
    near = found[start : start + 2]
    plain = len(near) == 2 and bool(TABLE[near[0].lower] & ADJECTIVE) and near[1].is_content
    return near if plain else near[:1]


def _is_hedge(found: Sequence[Word], phrase: Phrase) -> bool:
    before = found[phrase.start - 1].lower if phrase.start else ""
    after = found[phrase.end].lower if phrase.end < len(found) else ""
    entry = phrase.entry
    if before in _rule("not after").get(entry, ()) or after in _rule("not before").get(entry, ()):
        return False
    expects = entry == "should" and after in words("guard/hedges", "expects") and before != "you"
    if entry in _rule("only after") and before not in _rule("only after")[entry] and not expects:
        return False
    if entry == "a little" and any(_is_amount(before, word) for word in _thing_behind(found, phrase.end)):
        return False
    if _lets(found, phrase, before, after) or _attributes(found, phrase) or _as_a_manner(found, phrase):
        return False
    return entry not in words("guard/hedges", "openers") or _opens_clause(found, phrase, before)


def _lets(found: Sequence[Word], phrase: Phrase, before: str, after: str) -> bool:
    """A modal of purpose, duty or permission: 'so that air can pass', 'should be shut', 'members can share a card'."""
    if phrase.entry == "should":
        return _asks(found, phrase.end)
    acts = after not in words("guard/hedges", "befalls")
    lets = phrase.entry == "can" and before in words("guard/hedges", "agents") and acts
    return lets or (phrase.entry in {"can", "may"} and _intends(found, phrase.start))


def _asks(found: Sequence[Word], position: int) -> bool:
    """'they should (never) be frozen' asks for something, where 'they should be ripe' expects it."""
    following = [word.lower for word in found[position : position + 5]]
    place = following.index("be") + 1 if "be" in following else len(following)
    adverbs = all(
        word in words("guard/grammar", "before a verb") or word.endswith("ly") for word in following[: place - 1]
    )
    done = next((word for word in following[place:] if not word.endswith("ly")), "")
    return adverbs and (done.endswith("ed") or done in words("guard/grammar", "participles"))


def _intends(found: Sequence[Word], start: int) -> bool:
    """'so that the air can move' says what it is done for."""
    before = [word.lower for word in found[max(0, start - _PURPOSE) : start] if word.sentence == found[start].sentence]
    return any(pair in {("so", "that"), ("order", "that")} for pair in pairwise(before))


def _attributes(found: Sequence[Word], phrase: Phrase) -> bool:
    """'according to several reviews' counts those who say so; 'according to one small study' is doubt."""
    ahead = tuple(word.lower for word in found[max(0, phrase.start - 2) : phrase.start])
    return ahead == ("according", "to") and not phrase.group.startswith("modality")


def _as_a_manner(found: Sequence[Word], phrase: Phrase) -> bool:
    """'It need not be washed often' denies the frequency itself."""
    if phrase.entry not in {"often", "frequently"}:
        return False
    sentence = found[phrase.start].sentence
    before = {word.lower for word in found[max(0, phrase.start - _DENIED) : phrase.start] if word.sentence == sentence}
    closes = phrase.end == len(found) or not found[phrase.end].is_word
    return closes and not before.isdisjoint({"not", "no", "never", "without", "less"})


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


def denies_all(one: Reading, sentence: int) -> bool:
    """'It does not suit everyone': says of some what 'not everyone …' says of some."""
    lowers = [word.lower for word in one.words if word.sentence == sentence]
    after = lowers[lowers.index("not") :] if "not" in lowers else []
    return not {"all", "every", "everyone", "everybody", "always"}.isdisjoint(after)


def answers(found: Sequence[Word]) -> list[Phrase]:
    """Words that carry doubt without being hedges in their own right; 'cannot' and 'in May' carry none."""
    told = phrases(found, "guard/hedges", "answers")
    return [each for each in told if not _is_another(found, each)]


def _is_another(found: Sequence[Word], phrase: Phrase) -> bool:
    after = found[phrase.end] if phrase.end < len(found) else None
    before = [word.lower for word in found[max(0, phrase.start - 2) : phrase.start]]
    as_far = before[1:] == ["you"] and before[0] in {"if", "as", "when", "whenever"} and not (after and after.is_word)
    denied = phrase.entry == "can" and ((after is not None and after.lower == "not") or as_far)  # 'if you can, …'
    return denied or (phrase.entry == "may" and not _is_hedge(found, phrase))
