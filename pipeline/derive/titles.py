"""Titles: what a tip is called, in its document's words.

In this order, the first that fits and is not yet taken: the item's own label; a heading that names something the tip
speaks of; the tip's order ("Keep the treated area clean"); a pattern by concept (lexicons/tips/titles.txt); what the
tip's first sentence is about; the subject with the tip's own key word. A tip that does not name its subject gets it
in the title. Never a reader's question, a myth, a heading that would do for any text, or a title given before.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.derive import grammar
from pipeline.derive.headings import POINTS_BACK, Heading
from pipeline.derive.lexicon_files import groups
from pipeline.derive.profile import Profile, Subject, sentence_case
from pipeline.derive.tokens import (
    AUXILIARY,
    EITHER,
    EITHER_FORM,
    FUNCTION,
    GERUND,
    MARK,
    NUMBER_WORD,
    STEMS,
    TABLE,
    TOKEN,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
)
from pipeline.derive.windows import Window

LONGEST_TITLE = 60
_LONGEST_HEADING = 70
_SHORTEST_WORDS = 2

_LONGEST_LEAD_WORDS = 3
_ASKS = re.compile(r"(?:how|why|what|when|where|who|which)\b", re.IGNORECASE)
_INTRODUCES = re.compile(r"understanding\b|introduc|getting to know", re.IGNORECASE)

_STRONG_ENDS = frozenset(["because", "so", "since", "which", "otherwise", "although", "though"])
_WEAK_ENDS = frozenset(
    [
        "for",
        "with",
        "to",
        "in",
        "at",
        "on",
        "by",
        "before",
        "after",
        "during",
        "from",
        "into",
        "every",
        "over",
        "around",
    ]
)
_SUBCLAUSES = frozenset(["that", "which", "who", "what", "how", "whether", "where", "why"])
_TIES = frozenset(
    [
        "if",
        "unless",
        "except",
        "only",
        "than",
        "without",
        "rather",
        "instead",
        "not",
        "until",
        "when",
        "while",
        "whenever",
        "once",
    ]
)
"""What begins with one of these may not be cut off an order: it would say more, or the opposite."""
_NEGATIVE_ORDERS = frozenset(
    ["avoid", "stop", "skip", "do", "don't", "never", "pause", "refrain", "limit", "wait", "delay"]
)
_TIED_OPENERS = frozenset(
    ["if", "unless", "until", "without", "instead", "rather", "except", "only", "although", "though"]
)
_NO_KEY_WORD = FUNCTION | VERB | VERB_FORM | NUMBER_WORD
for _group in (
    "abstract",
    "hedge",
    "time",
    "adverb",
    "opener",
    "preposition",
    "marketing",
    "consult",
    "generic_noun",
    "unit",
):
    _NO_KEY_WORD |= bit(_group)
_POOR_SUBJECTS = frozenset(["it", "it's", "there", "not", "no", "one", "what", "each", "these", "this"])
_SHORTEST_STATEMENT_WORDS = 4
_ENDS_BADLY = FUNCTION | bit("preposition") | bit("determiner") | bit("conjunction") | AUXILIARY | bit("adverb")


def title(window: Window, background: Profile, taken: set[str]) -> str:
    """The tip's title, which `taken` (lower case) does not hold; '' when there is none worth printing."""
    named = _Named(window, background)
    for candidate in _candidates(named):
        line = _dressed(candidate)
        if line and line.lower() not in taken:
            return line
    return ""


class _Named:
    """What the tip is about, and whether its text says so."""

    def __init__(self, window: Window, background: Profile) -> None:
        self.window, self.background = window, background
        self.heading = window.passage.heading
        self.subject = self._subject()
        known = self.heading.telling | background.stems(3)
        self._known = known | background.stems(8)
        self.says_so = bool(window.stems & known) or not known

    def _subject(self) -> Subject | None:
        """The subject that the text names first, else the heading, else the paragraph; else the document's first."""
        subjects = self.background.subjects
        around = frozenset().union(*(piece.sentence.stems() for piece in self.window.passage.pieces))
        for stems in (self.window.stems, self.heading.telling, around):
            for each in subjects:
                if each.stems <= stems:
                    return each
        return subjects[0] if subjects else None

    def activity(self) -> Subject | None:
        """The first subject in -ing that the text, its heading or its paragraph names."""
        pieces = self.window.passage.pieces
        around = self.heading.stems.union(*(piece.sentence.stems() for piece in pieces))
        return next((s for s in self.background.subjects if s.name.endswith("ing") and s.stems <= around), None)

    def thing(self) -> str:
        """What the first sentence is about."""
        about = _about(self.window.opening)
        return _small(about) if about else (self.subject.name if self.subject else "")

    def with_subject(self, line: str) -> str:
        """The line, led in by the subject where neither it nor the text says what it is about."""
        if self.says_so or any(STEMS[word] in self._known for word in TOKEN.findall(line.lower())):
            return line
        lead = self._lead()
        return f"{lead}: {_small(line)}" if lead else line

    def _lead(self) -> str:
        text = self.heading.text
        fits = (
            bool(self.heading.telling) and not _unprintable(self.heading) and len(text.split()) <= _LONGEST_LEAD_WORDS
        )
        if fits and not _ASKS.match(text):
            return sentence_case(text, self.background.names)
        subjects = self.background.subjects
        return _capital(subjects[0].name) if subjects else ""


def _candidates(named: _Named) -> Iterator[str]:
    window, names = named.window, named.background.names
    label = window.passage.pieces[window.first].label
    if label:
        yield sentence_case(label.rstrip(" :–—"), names)
        yield named.with_subject(sentence_case(label.rstrip(" :–—"), names))
    if _heading_fits(window, named.background):
        yield sentence_case(named.heading.text, names)
    order = _order(window.opening)
    if order:
        yield named.with_subject(order)
    yield from _patterns(named)
    statement = _statement(window.opening)
    if statement:
        yield named.with_subject(statement)
    about = _about(window.opening)
    if about and not (named.subject and about.lower() == named.subject.name):
        yield named.with_subject(sentence_case(about, names))
    yield from _last_resorts(named)


def _unprintable(heading: Heading) -> bool:
    return (
        heading.is_generic
        or heading.is_question
        or heading.is_conclusion
        or heading.is_myth
        or heading.states_a_myth
        or heading.text.endswith((".", "!"))
        or bool(POINTS_BACK.search(heading.text))
    )


def _heading_fits(window: Window, background: Profile) -> bool:
    """Whether the heading names something the tip speaks of, and is a name, not a question or a myth."""
    heading = window.passage.heading
    if not heading.text or _unprintable(heading) or len(heading.text) > _LONGEST_HEADING:
        return False
    if _ASKS.match(heading.text) and not heading.telling & background.stems():
        return False  # "How triggers work": of what?
    return bool(heading.telling & window.stems) and not _INTRODUCES.match(heading.text)


def _dressed(line: str) -> str:
    line = " ".join(line.split()).strip(" .,;:–—")
    words = line.split()
    if (len(words) < _SHORTEST_WORDS and len(line) < 8) or len(line) > _LONGEST_HEADING or "?" in line:
        return ""
    return _capital(line)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """With a small first letter, unless the first word is an acronym."""
    first = text.split(" ", 1)[0]
    return (
        text
        if len(first) > 1 and not first[1:].islower() and not first[1:].replace("'", "").replace("-", "").islower()
        else text[:1].lower() + text[1:]
    )


def _order(sentence: Sentence) -> str:
    """The order as a short clause ("Keep the treated area clean"); '' when it cannot be cut without saying more."""
    at = grammar.imperative_at(sentence)
    places = list(TOKEN.finditer(sentence.text)) if at >= 0 else []
    if at < 0 or len(places) != len(sentence.words):
        return ""
    begin = _clause_begin(sentence, at)
    if begin and sentence.words[0] in _TIED_OPENERS:
        whole = sentence.text.rstrip(".")
        return whole if len(whole) <= LONGEST_TITLE else ""
    negative = any(word in _NEGATIVE_ORDERS for word in sentence.words[begin : at + 1])
    end = _cut(sentence, places, begin, may_be_weak=not negative)
    return _without_commas(sentence.text[places[begin].start() : end]) if end else ""


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
        return 0
    if words[clause : clause + 1] and words[clause] in _TIES:
        return 0
    if places[clause - 1].end() - start <= _LONGEST_HEADING:
        return places[clause - 1].end()
    if not may_be_weak:
        return 0
    if any(words[at] in _TIES or words[at] in _SUBCLAUSES for at in range(begin + 1, clause)):
        return 0
    for at in range(clause - 1, begin + 2, -1):
        spared = words[at] in _WEAK_ENDS or (words[at] == "," and bool(sentence.masks[at + 1] & grammar.ADJECTIVE))
        if spared and places[at - 1].end() - start <= LONGEST_TITLE and not sentence.masks[at - 1] & _ENDS_BADLY:
            return places[at - 1].end()
    return 0


def _clause_ends(sentence: Sentence, at: int) -> bool:
    """Whether the clause ends before this word: a mark, or a conjunction that opens another clause."""
    word, masks = sentence.words[at], sentence.masks
    if masks[at] & MARK:
        return word in ".;:–—" or (word == "," and _clause_follows(sentence, at))
    if word in _STRONG_ENDS or word in _TIES - {"not", "only", "than", "rather", "instead"}:
        return True
    return word == "and" and at + 1 < len(masks) and bool(masks[at + 1] & (VERB | EITHER)) and at > 2


def _clause_follows(sentence: Sentence, comma: int) -> bool:
    """Whether a comma parts clauses rather than the things of a list."""
    words, masks = sentence.words[comma + 1 : comma + 4], sentence.masks[comma + 1 : comma + 4]
    if not words:
        return True
    if words[0] in ("and", "or", "but", "then") and len(words) > 1:
        return words[0] in ("but", "then") or bool(masks[1] & (VERB | EITHER | AUXILIARY | grammar.NEGATION))
    return (
        words[0] in _STRONG_ENDS
        or words[0] in ("even", "ideally")
        or bool(masks[0] & (grammar.OPENER | grammar.PRONOUN))
    )


def _statement(sentence: Sentence) -> str:
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
    clean = "," not in line and not any(TABLE[word] & grammar.PRONOUN for word in TOKEN.findall(line.lower()))
    return line if clean and len(line.split()) >= _SHORTEST_STATEMENT_WORDS else ""


@cache
def _concepts() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    found = []
    for group, lines in groups("tips/titles").items():
        for line in lines:
            pattern, _, phrases = line.partition(" = ")
            words = "|".join(re.escape(phrase.strip()) for phrase in phrases.split(","))
            found.append((group, pattern, re.compile(rf"\b(?:{words})\b")))
    return tuple(found)


def _patterns(named: _Named) -> Iterator[str]:
    text = named.window.text.lower()
    for group, pattern, phrases in _concepts():
        if not phrases.search(text):
            continue
        activity = named.activity()
        if group == "thing":
            filling = named.thing()
        elif activity:
            filling = activity.name
        else:
            filling = named.subject.name if named.subject and group == "any" else ""
        if filling:
            yield named.with_subject(pattern.replace("{s}", filling).replace("{S}", _capital(filling)))


def _about(sentence: Sentence) -> str:
    """What the first sentence is about: its subject's noun phrase, up to six words; '' when it is no plain one."""
    end = grammar.subject_end(sentence)
    if not end:
        return ""
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return ""
    begin = 0
    while begin < end and sentence.masks[begin] & (bit("determiner") | FUNCTION):
        begin += 1
    if (begin == 0 and sentence.masks[0] & grammar.OPENER) or sentence.words[0] in _POOR_SUBJECTS:
        return ""
    for index in range(begin, end):
        if sentence.masks[index] & MARK or sentence.words[index] in ("that", "which", "who", "can", "with", "also"):
            end = index
            break
    while end > begin and sentence.masks[end - 1] & (_ENDS_BADLY | VERB_FORM):
        end -= 1
    if not 0 < end - begin <= 7:
        return ""
    return sentence.text[places[begin].start() : places[end - 1].end()]


def _last_resorts(named: _Named) -> Iterator[str]:
    """The heading or the subject with a thing that the tip speaks of: 'Cleaning: pressure washer'."""
    leads = [sentence_case(named.heading.text, named.background.names)] if not _unprintable(named.heading) else []
    leads += [_capital(subject.name) for subject in named.background.subjects[:1]]
    things = list(_things(named.window.opening))
    for lead in leads:
        taken = {STEMS[word] for word in TOKEN.findall(lead.lower())}
        for thing in things:
            if not all(STEMS[word] in taken for word in thing.lower().split()):
                yield f"{lead}: {_small(thing)}"


def _things(sentence: Sentence) -> Iterator[str]:
    """The sentence's short noun phrases, in order, as far as bits tell: adjectives and nouns side by side."""
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return
    order = grammar.imperative_at(sentence)
    run: list[int] = []
    for at, (word, bits) in enumerate(zip(sentence.words, sentence.masks, strict=True)):
        if bits & WORD and at != order and not bits & _NO_KEY_WORD and len(word) > 2:
            run.append(at)
            continue
        yield from _phrase_of(sentence, places, run)
        run = []
    yield from _phrase_of(sentence, places, run)


def _phrase_of(sentence: Sentence, places: list[re.Match[str]], run: list[int]) -> Iterator[str]:
    while run and sentence.masks[run[-1]] & (grammar.ADJECTIVE | GERUND | EITHER_FORM):
        run = run[:-1]
    if run and len(run) <= 3:
        yield sentence.text[places[run[0]].start() : places[run[-1]].end()]
