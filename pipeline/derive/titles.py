"""Titles: what a tip is called, in its document's words.

In this order, the first that fits and is not yet taken: the item's own label; a heading that names something the tip
speaks of; the tip's order ("Keep the treated area clean"); a pattern by concept (lexicons/tips/titles.txt); what the
tip's first sentence is about; the subject with the tip's own key word. A tip that does not name its subject gets it
in the title. Never a reader's question, a myth, a heading that would do for any text, or a title given before.
"""

import itertools
import re
from collections.abc import Iterator
from functools import cache

from pipeline.derive import grammar
from pipeline.derive.lexicon_files import groups
from pipeline.derive.profile import Profile, Subject, sentence_case
from pipeline.derive.tokens import (
    AUXILIARY,
    EITHER,
    FUNCTION,
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

_STRONG_ENDS = frozenset(["because", "so", "since", "which", "as", "otherwise", "although", "though", "but"])
_WEAK_ENDS = frozenset(
    [
        "for",
        "with",
        "to",
        "in",
        "at",
        "on",
        "and",
        "by",
        "before",
        "after",
        "when",
        "while",
        "during",
        "from",
        "into",
        "every",
        "until",
        "over",
        "under",
        "around",
        "once",
        "near",
        "between",
    ]
)
_TIES = frozenset(["if", "unless", "except", "only", "than", "without", "rather", "instead", "not"])
"""What begins with one of these may not be cut off an order: it would say more, or the opposite."""
_NEGATIVE_ORDERS = frozenset(
    ["avoid", "stop", "skip", "do", "don't", "never", "pause", "refrain", "limit", "wait", "delay"]
)
_TIED_OPENERS = frozenset(
    ["if", "unless", "until", "without", "instead", "rather", "except", "only", "although", "though"]
)
_ENDS_BADLY = FUNCTION | bit("preposition") | bit("determiner") | bit("conjunction") | AUXILIARY | bit("adverb")


def title(window: Window, background: Profile, taken: set[str]) -> str:
    """The tip's title, which `taken` (lower case) does not hold; '' when there is none worth printing."""
    subject = subject_of(window, background)
    for candidate in _candidates(window, background, subject):
        line = _dressed(candidate)
        if line and line.lower() not in taken:
            return line
    return ""


def subject_of(window: Window, background: Profile) -> Subject | None:
    """What the tip is about: the subject that its text names first, else one of its heading, else the document's."""
    named = [each for each in background.subjects if each.stems <= window.stems]
    if named:
        return named[0]
    in_heading = [each for each in background.subjects if each.stems & window.passage.heading.telling]
    return next(iter((*in_heading, *background.subjects)), None)


def _candidates(window: Window, background: Profile, subject: Subject | None) -> Iterator[str]:
    heading = window.passage.heading
    names_subject = _names_its_subject(window, background)
    label = window.passage.pieces[window.first].label
    if label:
        yield sentence_case(label.rstrip(" :–—"), background.names)
    if _heading_fits(window, background):
        yield sentence_case(heading.text, background.names)
    order = _order(window.opening)
    if order:
        yield order if names_subject or not subject else f"{_capital(subject.name)}: {_small(order)}"
    if subject:
        yield from _patterns(window, background, subject)
    about = _about(window.opening)
    if about and not (subject and about.lower() == subject.name):
        yield sentence_case(about, background.names)
    yield from _key_words(window, background, subject)


def _names_its_subject(window: Window, background: Profile) -> bool:
    telling = window.passage.heading.telling
    return bool(window.stems & telling) or bool(background.stems(2) & window.stems) or not background.subjects


def _heading_fits(window: Window, background: Profile) -> bool:
    """Whether the heading names something the tip speaks of, and is a name, not a question or a myth."""
    heading = window.passage.heading
    if heading.is_generic or heading.is_question or heading.is_conclusion or heading.is_myth or heading.states_a_myth:
        return False
    if not heading.text or len(heading.text) > _LONGEST_HEADING or heading.text.endswith((".", "!")):
        return False
    if (
        re.match(r"(?i)(?:how|why|what|when|where|who|which)\b", heading.text)
        and not heading.telling & background.stems()
    ):
        return False  # "How triggers work": of what?
    return bool(heading.telling & window.stems) and not re.match(r"(?i)understanding\b|introduc", heading.text)


def _dressed(line: str) -> str:
    line = " ".join(line.split()).strip(" .,;:–—")
    words = line.split()
    if (len(words) < _SHORTEST_WORDS and len(line) < 8) or len(line) > _LONGEST_HEADING or "?" in line:
        return ""
    return _capital(line)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _order(sentence: Sentence) -> str:
    """The order as a short clause ("Keep the treated area clean"); '' when it cannot be cut without saying more."""
    at = grammar.imperative_at(sentence)
    if at < 0:
        return ""
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return ""
    text = sentence.text
    whole = text.rstrip(".")
    if len(whole) <= LONGEST_TITLE and ":" not in whole:
        return whole
    begin = 0
    if at and sentence.words[0] not in ("do", "don't", "never", "always", "please"):
        if sentence.words[0] in _TIED_OPENERS:
            return ""
        begin = _clause_begin(sentence, at)
    end = _cut(sentence, places, begin, at)
    return text[places[begin].start() : end] if end else ""


def _clause_begin(sentence: Sentence, at: int) -> int:
    """The index of the order's first word: back from the verb over "do not", "never", "gently"."""
    begin = at
    while begin and sentence.masks[begin - 1] & WORD:
        begin -= 1
    return begin


def _cut(sentence: Sentence, places: list[re.Match[str]], begin: int, at: int) -> int:
    """Where the order may end: the last good place within the longest title."""
    words, masks = sentence.words, sentence.masks
    start = places[begin].start()
    negative = any(word in _NEGATIVE_ORDERS for word in words[begin : at + 1])
    weak = 0
    for index in range(at + 1, len(words)):
        end = places[index - 1].end()
        if end - start > LONGEST_TITLE:
            break
        word = words[index]
        if word in _TIES:
            return 0
        if masks[index - 1] & _ENDS_BADLY or index - begin < 3:
            continue
        if (
            (masks[index] & MARK and word in ".;–—")
            or word in _STRONG_ENDS
            or (word == "," and _clause_follows(sentence, index))
        ):
            return end
        if word == "and" and index + 1 < len(words) and masks[index + 1] & VERB:
            return end
        if word in _WEAK_ENDS and not negative:
            weak = end
    if weak and any(word in _TIES for word in words[at:]):
        return 0
    return weak


def _clause_follows(sentence: Sentence, comma: int) -> bool:
    """Whether a comma parts clauses rather than the things of a list."""
    following = sentence.masks[comma + 1 : comma + 3]
    words = sentence.words[comma + 1 : comma + 2]
    if words and words[0] in _TIES:
        return False
    return (bool(following) and bool(following[0] & (grammar.OPENER | grammar.PRONOUN | VERB))) or (
        (bool(words) and words[0] in ("which", "so", "but", "then"))
        or (words == ["and"] and bool(following[-1] & VERB))
    )


@cache
def _concepts() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    found = []
    for group, lines in groups("tips/titles").items():
        for line in lines:
            pattern, _, phrases = line.partition(" = ")
            words = "|".join(re.escape(phrase.strip()) for phrase in phrases.split(","))
            found.append((group, pattern, re.compile(rf"\b(?:{words})\b")))
    return tuple(found)


def _patterns(window: Window, background: Profile, subject: Subject) -> Iterator[str]:
    text = window.text.lower()
    for group, pattern, phrases in _concepts():
        found = phrases.search(text)
        if not found:
            continue
        named = subject
        if group == "activity":
            activities = [each for each in (subject, *background.subjects) if _is_activity(each, window)]
            if not activities:
                continue
            named = activities[0]
        if group == "thing":
            about = _about(window.opening) or subject.name
            yield pattern.replace("{s}", _small(about))
            continue
        yield pattern.replace("{s}", named.name).replace("{S}", _capital(named.name))


def _is_activity(subject: Subject, window: Window) -> bool:
    name = subject.name
    lowered = window.document.text.lower() if len(window.document.text) < 100_000 else window.text.lower()
    return name.endswith("ing") and (f"before {name}" in lowered or f"after {name}" in lowered or " " not in name)


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
    if (begin == 0 and sentence.masks[0] & grammar.OPENER) or sentence.words[0] in (
        "it",
        "it's",
        "there",
        "not",
        "no",
        "many",
        "most",
        "some",
        "each",
    ):
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


def _key_words(window: Window, background: Profile, subject: Subject | None) -> Iterator[str]:
    """The subject with the word that the tip says and the document says most besides: 'Sourdough: oven and steam'."""
    words = TOKEN.findall(window.text.lower())
    skipped = FUNCTION | VERB | VERB_FORM | NUMBER_WORD | bit("abstract") | bit("hedge") | bit("time") | bit("adverb")
    skipped |= bit("marketing") | bit("consult") | bit("generic_noun") | bit("advice")
    plain = [
        word
        for word in dict.fromkeys(words)
        if TABLE[word] & WORD
        and not TABLE[word] & skipped
        and len(word) > 3
        and not (subject and STEMS[word] in subject.stems)
    ]
    plain.sort(key=lambda word: (bool(TABLE[word] & EITHER), -background.counts.get(STEMS[word], 0), word))
    if not subject:
        return
    for first, second in itertools.pairwise(plain):
        yield f"{_capital(subject.name)}: {first} and {second}"
