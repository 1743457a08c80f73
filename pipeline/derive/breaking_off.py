"""Whether a line stops where something must follow: what is cut out of a sentence may not end there."""

import re

from pipeline.derive import grammar
from pipeline.derive.tokens import MARK, TABLE, WORD, Sentence, bit, read_sentence
from pipeline.documents.model import Span

_WAIT_FOR_MORE = frozenset(
    ["and", "or", "but", "nor", "a", "an", "the", "just", "only", "even", "than", "as", "because"]
)
_HOW_FAR = frozenset(["after", "before", "about", "every", "for", "until", "by", "at", "within"])
_ITS_OBJECT = frozenset(["you", "it", "them", "him", "her", "us"])
_FOLLOW_A_NOUN = frozenset(["of", "than", "which", "whom", "whose"])  # "cost a third | of what …"
_TOGETHER = (["away", "from"], ["far", "from"], ["close", "to"], ["next", "to"], ["due", "to"], ["free", "of"])
_BEGINS_ANOTHER = MARK | grammar.OPENER | grammar.PREPOSITION | grammar.CONJUNCTION | grammar.ADVERB | bit("time")
_JOINS = frozenset(["that", "which", "who", "every"])
_LONGEST_ITEM_WORDS = 3
_LIST_GOES_ON = re.compile(r"\s*,?\s*(?:and|or)\b(?! (?:do|don't|never|it|they|you)\b)")
_NUMBER_OF_A_LIST = re.compile(r", \d+$")


def _telling(read: Sentence) -> list[tuple[str, int]]:
    """The words and numbers of a line with their bits, marks left out."""
    pairs = zip(read.words, read.masks, strict=True)
    return [(word, bits) for word, bits in pairs if bits & WORD or word.isdigit()]


def waits_for_more(read: Sentence) -> bool:
    """Whether a line ends on a word that another must follow, on half a quotation, or behind a semicolon."""
    words = _telling(read)
    last, bits = words[-1] if words else ("", 0)
    waits = last in _WAIT_FOR_MORE
    waits = waits or (len(words) > 1 and words[-2][0] in ("a", "an") and bool(bits & grammar.ADJECTIVE))
    halved = read.text.count('"') % 2 == 1 or read.text.count("“") != read.text.count("”")
    return waits or halved or ";" in read.text or bool(_NUMBER_OF_A_LIST.search(read.text))


def asks_how_far(read: Sentence) -> bool:
    """Whether a question ends on what its answer began with: "How often to wash a jacket after"."""
    return bool(read.words) and read.words[-1] in _HOW_FAR


def has_its_object(rest: str) -> bool:
    """Whether what follows a noun phrase is its last verb's object: "people who have moved in to ring | you"."""
    return bool(_ITS_OBJECT.intersection(rest.split()[:1]))


def goes_on(read: Sentence, rest: str) -> bool:
    """Whether what follows belongs to the line's last word or list, as 'of what …' and 'from' behind 'away' do."""
    first, words = rest.split()[:1], _telling(read)
    joined = [words[-1][0] if words else "", *first] in _TOGETHER
    return joined or bool(_FOLLOW_A_NOUN.intersection(first)) or _parts_a_list(read.text, rest)


def may_follow(rest: str) -> bool:
    """Whether a clause may be cut before what follows it: a mark, a conjunction, a preposition, an adverb."""
    read = read_sentence(rest, Span(0, 0))
    return not read.masks or bool(read.masks[0] & _BEGINS_ANOTHER) or read.words[0] in _JOINS


def _parts_a_list(text: str, rest: str) -> bool:
    """Whether the text ends in the midst of a list: "drop hills, stairs | and speed work"."""
    before, _, last = text.rpartition(", ")
    is_item = bool(before) and len(last.split()) <= _LONGEST_ITEM_WORDS and not {"and", "or"} & set(last.split())
    before = before.split()[-1].lower() if is_item else ""
    return is_item and not TABLE[before] & grammar.ADJECTIVE and bool(_LIST_GOES_ON.match(rest))
