"""One pass over a sentence's words: each word is looked up once, in one table, for every group it belongs to.

A group of the lexicons (`lexicons/tips/*.txt`) is one bit. `TABLE[word]` is the sum of a word's bits, found once and
kept, so that a sentence costs one regular expression, one dictionary look-up a word, and a look for the phrases that
may begin at a word. Every rule after that asks for bits, and nothing reads the text again.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, reduce
from itertools import chain, compress, count, pairwise
from operator import or_
from typing import TypeVar

import Stemmer

from pipeline.derive.lexicon_files import groups
from pipeline.documents.model import Span

TOKEN = re.compile(r"[^\W\d_]+(?:['’\-‑][^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[^\w\s]|_")

_RUN_OF_DIGITS = re.compile(r"\d{3}")
_LEXICONS = ("starts", "refusals", "signals")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‑": "-"})
_MOST_KEPT = 50_000

Made = TypeVar("Made")

_numbers = count()
_bits: dict[str, int] = {}


def bit(group: str) -> int:
    """The bit of a group; the first use of a name makes it."""
    if group not in _bits:
        _bits[group] = 1 << next(_numbers)
    return _bits[group]


# Bits that no list gives: what a word is by its form.
VERB, EITHER, VERB_FORM, EITHER_FORM, GERUND, ADJECTIVE_VERB = (
    bit(name) for name in ("verb", "either", "verb_form", "either_form", "gerund", "adjective_verb")
)
ORDERS_BARE, PAST_FORM = bit("orders_bare"), bit("past_form")
DIGIT, WORD, MARK, PHRASE, ENDS_SENTENCE = (bit(name) for name in ("digit", "word", "mark", "phrase", "ends"))
THREE_DIGITS, PLUS = bit("three_digits"), bit("plus")  # what a year has at least, and a telephone number
COMMA, QUESTION, EXCLAMATION, PERCENT, MONEY, QUOTE_MARK, BRACKET, COLON = (
    bit(name) for name in ("comma", "?", "!", "percent", "money", "quote", "bracket", "colon")
)
NOT_ASCII, SHOUTING = bit("not_ascii"), bit("shouting")  # what a sentence is as a whole
NUMBER_WORD, UNIT, AUXILIARY, FUNCTION = bit("number_word"), bit("unit"), bit("auxiliary"), bit("function")

_WORD_OR_FUNCTION = WORD | FUNCTION
_NUMBER = DIGIT | NUMBER_WORD
_WORD_OR_HOLLOW = WORD | FUNCTION | bit("abstract") | bit("generic_noun") | bit("marketing") | bit("adverb")

_MARKS = {",": COMMA, "?": QUESTION, "!": EXCLAMATION, "%": PERCENT, ":": COLON, ";": COMMA, ".": ENDS_SENTENCE}
_MARKS |= dict.fromkeys("$€£¥₹", MONEY) | dict.fromkeys('"“”„«»', QUOTE_MARK) | dict.fromkeys("()[]", BRACKET)
_MARKS |= dict.fromkeys("–—-", COMMA) | {"…": ENDS_SENTENCE}
_MARKS |= dict.fromkeys("@/", bit("address_word")) | {"+": PLUS}
_MARKS |= dict.fromkeys("™®©", bit("company_mark"))
_MARKS["?"] |= ENDS_SENTENCE
_MARKS["!"] |= ENDS_SENTENCE


def entries(lexicon: str, group: str) -> Iterator[str]:
    """A group's entries; a line may hold several, parted by commas or semicolons."""
    for line in groups(f"tips/{lexicon}")[group]:
        yield from (entry.strip() for entry in re.split("[,;]", line) if entry.strip())


def forms(base: str) -> tuple[list[str], str]:
    """A regular verb's forms in -s and -ed, and the one in -ing."""
    if base.endswith("e"):
        return [base + "s", base + "d"], base[:-1] + "ing"
    if base.endswith("y") and base[-2] not in "aeiou":
        return [base[:-1] + "ies", base[:-1] + "ied"], base + "ing"
    ending = "es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"
    return [base + ending, base + "ed"], base + "ing"


class _Lexicon:
    """What the files say, in the shape in which the table asks for it."""

    def __init__(self) -> None:
        self.single: dict[str, int] = {}
        self.beginnings: dict[str, int] = {}
        self.pairs: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]] = {}
        self.starts: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self.long_starts: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]] = {}
        for name in _LEXICONS:
            for group in groups(f"tips/{name}"):
                for entry in entries(name, group):
                    self._add(entry, bit(group), at_start=name == "starts")
        self._add_verbs()
        for table in (*self.pairs.values(), *self.starts.values(), *self.long_starts.values()):
            table.sort(key=lambda found: (-len(found[0]), found))

    def _add(self, entry: str, group: int, *, at_start: bool) -> None:
        words = tuple(TOKEN.findall(entry.removesuffix("*")))
        if at_start and len(words) > 1:
            self.long_starts.setdefault((words[0], words[1]), []).append((words, group))
        elif at_start:
            self.starts.setdefault(words[0], []).append((words, group))
        elif entry.endswith("*"):
            self.beginnings[entry[:-1]] = self.beginnings.get(entry[:-1], 0) | group
        elif len(words) == 1:
            self._mark(entry, group)
        else:
            self._mark(words[0], PHRASE)
            self.pairs.setdefault((words[0], words[1]), []).append((words, group))

    def _mark(self, word: str, bits: int) -> None:
        self.single[word] = self.single.get(word, 0) | bits

    def _add_verbs(self) -> None:
        adjectives = set(entries("verbs", "adjective"))
        bare = set(entries("verbs", "orders_bare"))
        either = set(entries("verbs", "either")) | adjectives
        irregular = {line.split()[0]: line.split()[1:] for line in entries("verbs", "irregular") if " " in line}
        for base in dict.fromkeys((*entries("verbs", "verb"), *sorted(either), *irregular)):
            regular, gerund = forms(base)
            self._mark(base, EITHER if base in either else VERB)
            if base in adjectives:
                self._mark(base, ADJECTIVE_VERB | (ORDERS_BARE if base in bare else 0))
            self._mark(gerund, GERUND)
            for form in irregular.get(base, regular):
                ambiguous = base in either and form.endswith("s")
                told = VERB_FORM if form.endswith("s") else VERB_FORM | PAST_FORM
                self._mark(form, GERUND if form.endswith("ing") else EITHER_FORM if ambiguous else told)

    def look_up(self, word: str) -> int:
        if word in _MARKS or not word[0].isalnum():
            return MARK | _MARKS.get(word, 0) | self.single.get(word, 0)
        if word[0].isdigit():
            return DIGIT | (THREE_DIGITS if _RUN_OF_DIGITS.search(word) else 0) | self.single.get(word, 0)
        bits = WORD | self.single.get(word, 0)
        for length in range(3, len(word) + 1):
            bits |= self.beginnings.get(word[:length], 0)
        return bits


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon()


class Kept(dict[str, Made]):
    """word → what `make` says of it, asked once: words come back. Emptied when full, so that memory stays flat."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> Made:
        if len(self) > _MOST_KEPT:
            self.clear()
        self[word] = made = self._make(word)
        return made


def _bits_of(word: str) -> int:
    return _lexicon().look_up(word)


def _stem_of(word: str) -> str:
    stem: str = _stemmer().stemWord(word.translate(_APOSTROPHES).removesuffix("'s").removesuffix("'"))
    return stem


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def _content_stem_of(word: str) -> str:
    """Its stem, or '' where it is no word of content: a function word, a mark, or one of two letters."""
    return STEMS[word] if TABLE[word] & _WORD_OR_FUNCTION == WORD and len(word) > 2 else ""


def _words_of(chunk: str) -> tuple[str, ...]:
    """The words, numbers and marks of what stands between two blanks: no token spans a blank."""
    return tuple(TOKEN.findall(chunk.lower().translate(_APOSTROPHES)))


def _content_stems_of(chunk: str) -> tuple[str, ...]:
    return tuple(filter(None, map(CONTENT_STEMS.__getitem__, _CHUNKS[chunk])))


TABLE = Kept(_bits_of)
STEMS = Kept(_stem_of)
CONTENT_STEMS = Kept(_content_stem_of)
_CHUNKS = Kept(_words_of)  # chunks come back as words do: most of a text is split and looked up, not matched
_CHUNK_STEMS = Kept(_content_stems_of)


@dataclass(slots=True)
class Sentence:
    """A sentence with the bits of each of its words (`masks`) and of all of them (`mask`).

    `starts` holds the bits of the longest entry of each group of starts.txt that it begins with, and
    `start_lengths` how many words that entry has.
    """

    span: Span
    text: str
    words: list[str]
    masks: list[int]
    mask: int
    starts: int
    start_lengths: dict[int, int]
    order_at: int | None = field(default=None, repr=False)  # kept by grammar.imperative_at
    verb_at: int | None = field(default=None, repr=False)  # kept by grammar.subject_end
    loose_pronoun: str | None = field(default=None, repr=False)  # kept by pointing.dangling_pronoun
    _stems: frozenset[str] | None = field(default=None, repr=False)
    _core: frozenset[str] | None = field(default=None, repr=False)

    def word_with(self, bits: int) -> str:
        """The first word, or phrase's first word, that carries one of the bits: a rule's evidence."""
        return next((word for word, mask in zip(self.words, self.masks, strict=True) if mask & bits), "")

    def stems(self) -> frozenset[str]:
        """The stems of its content words."""
        if self._stems is None:
            self._stems = frozenset(filter(None, map(CONTENT_STEMS.__getitem__, self.words)))
        return self._stems

    def core(self) -> frozenset[str]:
        """What it says of substance: its stems without abstract and generic words, and its numbers."""
        if self._core is None:
            pairs = list(zip(self.words, self.masks, strict=True))
            found = {STEMS[word] for word, mask in pairs if mask & _WORD_OR_HOLLOW == WORD and len(word) > 2}
            if self.mask & _NUMBER:
                found.update([STEMS[word] if mask & WORD else word for word, mask in pairs if mask & _NUMBER])
            self._core = frozenset(found)
        return self._core


def read_words(text: str) -> list[str]:
    """Its words, numbers and marks, in small letters."""
    return list(chain.from_iterable(map(_CHUNKS.__getitem__, text.split())))


def content_stems(text: str) -> Iterator[str]:
    """The stems of its words of content, as often as they stand: what can be asked of a text before it is read."""
    return chain.from_iterable(map(_CHUNK_STEMS.__getitem__, text.split()))


def read_sentence(text: str, span: Span) -> Sentence:
    """Look up every word of `text`, which is what stands at `span` (less what was taken off its beginning)."""
    words = read_words(text)
    masks = list(map(TABLE.__getitem__, words))
    mask = reduce(or_, masks, 0)
    if mask & PHRASE:
        mask |= _mark_phrases(words, masks)
    if not text.isascii():
        mask |= NOT_ASCII
    if text.isupper():
        mask |= SHOUTING
    starts, lengths = _starts(words)
    return Sentence(span, text, words, masks, mask, starts, lengths)


def _mark_phrases(words: list[str], masks: list[int]) -> int:
    """Give each phrase's bits to its first word; return the bits of all."""
    pairs = _lexicon().pairs
    found = 0
    for index in compress(count(), map(pairs.get, pairwise(words))):
        for phrase, group in pairs[words[index], words[index + 1]]:
            if len(phrase) == 2 or tuple(words[index : index + len(phrase)]) == phrase:
                masks[index] |= group
                found |= group
    return found


def _starts(words: list[str]) -> tuple[int, dict[int, int]]:
    if not words:
        return 0, {}
    lexicon = _lexicon()
    long = lexicon.long_starts.get((words[0], words[1])) if len(words) > 1 else None
    single = lexicon.starts.get(words[0])
    if not long and not single:
        return 0, {}
    bits, lengths = 0, {}
    for phrase, group in (*(long or ()), *(single or ())):  # longest first
        if group not in lengths and (len(phrase) == 1 or tuple(words[: len(phrase)]) == phrase):
            bits |= group
            lengths[group] = len(phrase)
    return bits, lengths
