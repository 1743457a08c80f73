"""Short clauses and phrases out of a sentence, for titles: its order, its statement, what it is about, its things.

A clause is cut only where nothing that it hangs on is lost: a condition, a restriction or a negation stays, or the
clause is no title. The words that decide: lexicons/tips/clauses.txt.
"""

import re
from collections.abc import Iterator

from pipeline.derive import grammar
from pipeline.derive.tokens import (
    ADJECTIVE_VERB,
    AUXILIARY,
    EITHER,
    EITHER_FORM,
    FUNCTION,
    GERUND,
    MARK,
    NUMBER_WORD,
    TOKEN,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
    entries,
    read_sentence,
)
from pipeline.documents.model import Span

LONGEST_TITLE = 60
"""Characters of a title that is cut short; a whole clause may have a few more."""
LONGEST_CLAUSE = 70
_SHORTEST_STATEMENT_WORDS = 4
_LONGEST_PHRASE_WORDS = 7


def _group(name: str) -> frozenset[str]:
    return frozenset(entries("clauses", name))


_STRONG_ENDS, _WEAK_ENDS, _TIES = _group("strong_ends"), _group("weak_ends"), _group("ties")
_SUBCLAUSES, _NEGATIVE_ORDERS = _group("subclauses"), _group("negative_orders")
_TIMES, _ADDITIONS = _group("times"), _group("additions")
_TIED_OPENERS, _POOR_SUBJECTS = _group("tied_openers"), _group("poor_subjects")
_GENERIC = bit("generic_noun") | bit("abstract")
_BEFORE_A_NOUN = bit("determiner") | bit("preposition") | bit("adjective")
_PARTICLES = frozenset(["away", "back", "up", "down", "out", "off", "over", "on", "in", "again"])
_NO_START = grammar.OPENER | grammar.NEGATION
_ENDS_BADLY = FUNCTION | AUXILIARY
for _name in ("preposition", "determiner", "conjunction", "adverb"):
    _ENDS_BADLY |= bit(_name)
_NO_KEY_WORD = FUNCTION | VERB | VERB_FORM | NUMBER_WORD
for _name in (
    "abstract",
    "hedge",
    "time",
    "adverb",
    "opener",
    "preposition",
    "marketing",
    "consult",
    "unit",
    "vague_noun",
):
    _NO_KEY_WORD |= bit(_name)


def order(sentence: Sentence) -> str:
    """The order as a short clause ("Keep the treated area clean"); '' when it cannot be cut without saying more."""
    at = grammar.imperative_at(sentence)
    places = list(TOKEN.finditer(sentence.text)) if at >= 0 else []
    if at < 0 or len(places) != len(sentence.words):
        return ""
    begin = _clause_begin(sentence, at)
    if begin and sentence.words[0] in _TIED_OPENERS:
        end = _cut(sentence, places, begin, may_be_weak=False)
        return sentence.text[:end] if 0 < end <= LONGEST_CLAUSE else ""
    negative = any(word in _NEGATIVE_ORDERS for word in sentence.words[begin : at + 1])
    end = _cut(sentence, places, begin, may_be_weak=not negative)
    line = _without_commas(sentence.text[places[begin].start() : end]) if end else ""
    return line[:1].upper() + line[1:]


def order_at(sentence: Sentence) -> int:
    """The index of the order's verb, or -1."""
    return grammar.imperative_at(sentence)


def is_order(heading: str) -> bool:
    """Whether a heading is an order ("Look after the skin")."""
    return grammar.imperative_at(read_sentence(heading, Span(0, 0))) >= 0


def leans(line: str) -> bool:
    """Whether a title would point back to something that is not in it."""
    read = read_sentence(line, Span(0, 0))
    return bool(grammar.dangling_pronoun(read)) or bool(read.mask & grammar.DEMONSTRATIVE)


def _without_commas(line: str) -> str:
    return line.replace(" –", ",").strip(" ,")


def _clause_begin(sentence: Sentence, at: int) -> int:
    """The index of the order's first word: back from the verb over "do not", "never", "gently"."""
    begin = at
    while begin and sentence.masks[begin - 1] & WORD:
        begin -= 1
    return begin


def _cut(sentence: Sentence, places: list[re.Match[str]], begin: int, *, may_be_weak: bool) -> int:
    """Where the clause may end as a title, in characters; 0 when no end is good.

    The end of the clause, when that is near enough. Else, for an order that forbids nothing, the last place before
    a phrase that can be spared; never one that a condition or a restriction hangs on.
    """
    words = sentence.words
    start = places[begin].start()
    clause = next((at for at in range(begin + 2, len(words)) if _clause_ends(sentence, at)), len(words))
    if words[clause : clause + 1] == [","] and words[clause + 1 : clause + 2] and words[clause + 1] in _TIES:
        return _end_at(places, start, clause) if may_be_weak and words[clause + 1] in _TIMES else 0
    if words[clause : clause + 1] and words[clause] in _TIES:
        return 0
    whole = _end_at(places, start, clause)
    if whole or not may_be_weak:
        return whole
    for at in range(clause - 1, begin + 2, -1):
        if places[at - 1].end() - start <= LONGEST_TITLE and _may_be_spared(sentence, begin, at, clause):
            return places[at - 1].end()
    return 0


def _end_at(places: list[re.Match[str]], start: int, at: int) -> int:
    """The end of the word before `at`, where the clause is short enough for a title; else 0."""
    end = places[at - 1].end()
    return end if end - start <= LONGEST_CLAUSE else 0


def _may_be_spared(sentence: Sentence, begin: int, at: int, clause: int) -> bool:
    """Whether the words from `at` on can go: no condition among them, and nothing begun before them left unfinished."""
    words, masks = sentence.words, sentence.masks
    if masks[at - 1] & _ENDS_BADLY or any(
        _ties(words, later) and words[later] not in _TIMES for later in range(at, clause)
    ):
        return False
    if words[at] == ",":
        first_comma = "," not in words[begin:at]
        return first_comma and bool(masks[at + 1] & (grammar.ADJECTIVE | grammar.CONJUNCTION))
    if any(_ties(words, early) or words[early] in _SUBCLAUSES for early in range(begin + 1, at)):
        return False
    return words[at] in _WEAK_ENDS or words[at : at + 2] in (["rather", "than"], ["instead", "of"])


def _ties(words: list[str], at: int) -> bool:
    """Whether a condition or a restriction begins here; 'rather than' and 'once a week' are none."""
    if words[at] == "once" and words[at + 1 : at + 2] in (["a"], ["every"], ["in"]):
        return False
    return words[at] in _TIES and words[at - 1 : at + 1] != ["rather", "than"]


def _clause_ends(sentence: Sentence, at: int) -> bool:
    """Whether the clause ends before this word: a mark, or a conjunction that opens another clause."""
    word, masks = sentence.words[at], sentence.masks
    if masks[at] & MARK:
        return word in ".;:–—" or (word == "," and _clause_follows(sentence, at))
    if word in _STRONG_ENDS:
        return True
    if word != "and" or at + 1 >= len(masks) or at <= 2:
        return False
    if masks[at + 1] & ADJECTIVE_VERB:
        return False  # "… and wet snow"
    return bool(masks[at + 1] & (VERB | EITHER)) or sentence.words[at + 1] in ("that", "whenever")


def _clause_follows(sentence: Sentence, comma: int) -> bool:
    """Whether a comma parts clauses rather than the things of a list."""
    words, masks = sentence.words[comma + 1 : comma + 4], sentence.masks[comma + 1 : comma + 4]
    if not words:
        return True
    if words[0] in ("and", "or", "but", "then") and len(words) > 1:
        return words[0] in ("but", "then") or bool(masks[1] & (VERB | EITHER | AUXILIARY | grammar.NEGATION))
    if masks[0] & VERB or (masks[0] & EITHER and words[1:2] not in ([","], ["and"], ["or"])):
        return True
    return words[0] in _STRONG_ENDS or words[0] in _ADDITIONS or bool(masks[0] & (grammar.OPENER | grammar.PRONOUN))


def statement(sentence: Sentence) -> str:
    """The first clause of a statement, verb and hedge included, where it is short enough and whole."""
    end_of_subject = grammar.subject_end(sentence)
    first = sentence.masks[0]
    if not end_of_subject or first & grammar.OPENER or sentence.words[0] in _POOR_SUBJECTS:
        return ""
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return ""
    end = _cut(sentence, places, 0, may_be_weak=False)
    if not end or end <= places[end_of_subject].end():
        return ""
    line = sentence.text[:end]
    clean = "," not in line and not leans(line)
    return line if clean and len(line.split()) >= _SHORTEST_STATEMENT_WORDS else ""


def when_to(sentence: Sentence) -> str:
    """ "When to throw a starter away", out of "Throw a starter away if it shows …"; '' where the order forbids."""
    at, words = grammar.imperative_at(sentence), sentence.words
    end = next((later for later in range(at + 2, len(words)) if words[later] in ("if", "when", "once")), 0)
    places = list(TOKEN.finditer(sentence.text))
    if at or not end or len(places) != len(words) or _is_loose_end(sentence, end):
        return ""
    line = f"When to {sentence.text[:1].lower()}{sentence.text[1 : places[end - 1].end()]}"
    limited = any(word in _TIES or word in _NEGATIVE_ORDERS or word in ",;:" for word in words[:end])
    return line if not limited and len(line) <= LONGEST_TITLE and not leans(line) else ""


def _is_loose_end(sentence: Sentence, end: int) -> bool:
    """Whether the words before `end` break off: on a conjunction, an 'even', an 'only'; or 'once' counts."""
    return bool(sentence.masks[end - 1] & _ENDS_BADLY and sentence.words[end - 1] not in _PARTICLES) or (
        sentence.words[end] == "once" and sentence.words[end + 1 : end + 2] in (["a"], ["every"], ["in"])
    )


def condition(sentence: Sentence) -> str:
    """The condition that opens the sentence ("If keloids run in your family"); '' where it is too long or leans."""
    if sentence.words[0] not in ("if", "when", "once") or "," not in sentence.words:
        return ""
    places = list(TOKEN.finditer(sentence.text))
    comma = next((at for at, word in enumerate(sentence.words) if word == "," and _clause_follows(sentence, at)), 0)
    if comma < _SHORTEST_STATEMENT_WORDS or len(places) != len(sentence.words):
        return ""
    line = sentence.text[: places[comma - 1].end()]
    return line if len(line) <= LONGEST_TITLE and not leans(line) else ""


def time_of(sentence: Sentence) -> str:
    """ "When a starter is ready to bake with", out of "A starter is ready to bake with when it doubles …"."""
    end_of_subject, words = grammar.subject_end(sentence), sentence.words
    at = next((at for at, word in enumerate(words) if word in ("when", "once")), 0)
    places = list(TOKEN.finditer(sentence.text))
    if not end_of_subject or at < end_of_subject + 2 or "," in words[:at] or len(places) != len(words):
        return ""
    if not sentence.masks[end_of_subject] & AUXILIARY or words[0] in _POOR_SUBJECTS or sentence.masks[0] & _NO_START:
        return ""
    line = f"When {sentence.text[:1].lower()}{sentence.text[1 : places[at - 1].end()]}"
    return line if len(line) <= LONGEST_TITLE and not leans(line) else ""


def about(sentence: Sentence) -> str:
    """What the first sentence is about: its subject's noun phrase, up to six words; '' when it is no plain one."""
    end = grammar.subject_end(sentence)
    if not end:
        return ""
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return ""
    if (
        sentence.masks[0] & grammar.OPENER
        or sentence.words[0] in _POOR_SUBJECTS
        or grammar.imperative_at(sentence) >= 0
    ):
        return ""
    begin = 0
    while begin < end and sentence.masks[begin] & (bit("determiner") | FUNCTION):
        if sentence.masks[begin] & grammar.NEGATION:
            return ""  # "Don't block the vents" is not about blocking them
        begin += 1
    for index in range(begin, end):
        if sentence.masks[index] & MARK or sentence.words[index] in ("that", "which", "who", "can", "with", "also"):
            end = index
            break
    while end > begin and sentence.masks[end - 1] & (_ENDS_BADLY | VERB_FORM):
        end -= 1
    if not 0 < end - begin <= _LONGEST_PHRASE_WORDS:
        return ""
    return sentence.text[places[begin].start() : places[end - 1].end()]


def about_which(sentence: Sentence) -> str:
    """The subject with the clause that narrows it ("A ripe tomato that cannot be eaten in time"); '' without one."""
    words, masks = sentence.words, sentence.masks
    at = next((at for at, word in enumerate(words[:7]) if word in ("that", "which", "who") and at), 0)
    places = list(TOKEN.finditer(sentence.text))
    if not at or len(places) != len(words) or masks[0] & grammar.OPENER or words[0] in _POOR_SUBJECTS:
        return ""
    for end in range(at + 3, min(at + 12, len(words))):
        if masks[end - 1] & MARK:
            return ""
        adverbs = [masks[back] & grammar.ADVERB or words[back] in ("most", "least") for back in range(at, end)]
        before = at + max((back for back, adverb in enumerate(adverbs) if not adverb), default=0)
        if masks[end] & AUXILIARY and before > at and not masks[before] & (AUXILIARY | FUNCTION):
            line = sentence.text[: places[end - 1].end()]
            return line if len(line) <= LONGEST_TITLE and not leans(line) else ""
    return ""


def things(sentence: Sentence) -> Iterator[str]:
    """The sentence's short noun phrases, in order, as far as bits tell: adjectives and nouns side by side."""
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return
    order = grammar.imperative_at(sentence)
    run: list[int] = []
    for at, (word, bits) in enumerate(zip(sentence.words, sentence.masks, strict=True)):
        if run and bits & EITHER and sentence.words[at - 1].endswith("s"):
            yield from _phrase_of(sentence, places, run)  # "studies look …": the verb ends the phrase
            run = []
        elif (
            bits & WORD
            and at != order
            and not bits & _NO_KEY_WORD
            and word not in _PARTICLES
            and len(word) > 2
            and not word.endswith("ly")
        ):
            run.append(at)
            continue
        yield from _phrase_of(sentence, places, run)
        run = []
    yield from _phrase_of(sentence, places, run)


def _is_noun(sentence: Sentence, at: int) -> bool:
    """Whether a word alone is a noun, as far as the word before it tells."""
    before = at == 0 or bool(sentence.masks[at - 1] & _BEFORE_A_NOUN)
    return before and not sentence.masks[at] & EITHER and not sentence.words[at].endswith("'s")


def _phrase_of(sentence: Sentence, places: list[re.Match[str]], run: list[int]) -> Iterator[str]:
    if run and run[0] and sentence.words[run[0] - 1] == "to":
        run = run[1:]
    if all(sentence.masks[at] & (_GENERIC | grammar.ADJECTIVE) for at in run):
        return
    while run and sentence.masks[run[-1]] & (grammar.ADJECTIVE | GERUND | EITHER_FORM):
        run = run[:-1]
    if len(run) == 1 and not _is_noun(sentence, run[0]):
        return
    if run and len(run) <= 3:
        yield sentence.text[places[run[0]].start() : places[run[-1]].end()]
