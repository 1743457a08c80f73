"""Titles: what a tip is called, in its document's words.

In this order, the first that fits and is not yet taken: the item's own label; a heading that names something the tip
speaks of; the tip's order ("Keep the treated area clean"); a pattern by concept (lexicons/tips/titles.txt); what the
tip's first sentence is about; the subject with the tip's own key word. A tip that does not name its subject gets it
in the title. Never a reader's question, a myth, a heading that would do for any text, or a title given before.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.derive import clauses
from pipeline.derive.headings import POINTS_BACK, Heading, read_heading
from pipeline.derive.lexicon_files import groups
from pipeline.derive.profile import Profile, Subject, is_one_of, own_titles, sentence_case
from pipeline.derive.tokens import (
    FUNCTION,
    STEMS,
    TOKEN,
    WORD,
    Sentence,
    bit,
    read_sentence,
)
from pipeline.derive.windows import Window
from pipeline.documents.model import Span

_LONGEST_HEADING = 70
_LONGEST_LED = 84  # characters of a title with what its document is on
_AS_OFTEN = 0.6
_SHORTEST_WORDS = 2
_SHORTEST_TITLE, _SHORTEST_ALONE = 4, 8

_LONGEST_LEAD_WORDS = 3
_WHOM_TO_ASK_WORDS = 6
_CONSULT = bit("consult")
_NO_THING = FUNCTION | bit("vague_noun") | bit("abstract") | bit("adverb") | bit("preposition") | bit("pronoun")
_IS_TIME_ALONE = re.compile(
    r"(?=\S+ \S)(?:the |your |in the )?(?:(?:first|second|third|last|next|following|early|later|final|\d+) )*"
    r"(?:hours?|days?|nights?|evenings?|mornings?|weeks?|months?|sessions?)"
    r"(?: (?:and (?:days?|weeks?|months?)|before|after|between|ahead|itself|that follow|of))*$",
    re.IGNORECASE,
)
"""A heading that says when, and not of what."""
_ASKS = re.compile(r"(?:how|why|what|when|where|who|which)\b", re.IGNORECASE)
_TITLE_HEAD = re.compile(
    r"\s+(?:for|at|in|on|with|without|from|after|before|during|by|and|that|which)\s+|\s*[:–—(]\s*|\s+-\s+"
)
_INTRODUCES = re.compile(r"understanding\b|introduc|getting to know", re.IGNORECASE)


def title(window: Window, background: Profile, taken: set[str]) -> str:
    """The tip's title, which `taken` (lower case) does not hold; '' when there is none worth printing."""
    named = _Named(window, background)
    lines = [line for candidate in _candidates(named) if (line := _dressed(candidate))]
    whole = (named.whole(line) for line in lines)
    return next((line for line in (*filter(None, whole), *lines) if line.lower() not in taken), "")


class _Named:
    """What the tip is about, and whether its text says so."""

    def __init__(self, window: Window, background: Profile) -> None:
        self.window, self.background = window, background
        self.heading = window.passage.heading
        self.subject = self._subject()
        # A heading that names one of the document's subjects sets what the text must name: "skin" in a text on
        # retinol does not say that it is about retinol. One that names nothing leaves that to the document's title.
        subjects = background.stems(8)
        if _unprintable(self.heading):
            known = read_heading(window.document.title).stems & subjects or background.stems(3)
        else:
            known = (self.heading.telling & subjects) or (self.heading.telling | background.stems(3))
        self._known = known | (background.stems(4) if _unprintable(self.heading) else frozenset())
        self.says_so = not known or not known.isdisjoint(window.stems)

    def _subject(self) -> Subject | None:
        """The subject that the text names first, else the heading, else the paragraph; else the document's first."""
        subjects = self.background.subjects
        around = frozenset().union(*(piece.sentence.stems() for piece in self.window.passage.pieces))
        for stems in (frozenset(self.window.stems), self.heading.telling, around):
            for each in subjects:
                if each.stems <= stems:
                    return each
        return subjects[0] if subjects else None

    def own_heading(self) -> str:
        """The heading as a title, where it fits; one that ends on 'before' or 'after' says before or after what."""
        if not _heading_fits(self.window, self.background):
            return ""
        line = sentence_case(self.heading.text, self.background.names)
        if not _IS_TIME_ALONE.match(line):
            return line
        return self._of_when(line)

    def _of_when(self, line: str) -> str:
        """'The weeks before' → 'The weeks before microneedling', where the text says so; '' where it does not."""
        activity = self.activity()
        ending = line.lower().rsplit(" ", 1)[-1]
        relation = ending if ending in ("before", "after") else "after"
        if activity is None or f"{relation} {activity.name}" not in self.window.text.lower():
            return ""
        return f"{line.removesuffix(f' {relation}')} {relation} {activity.name}"

    def names_something(self, line: str) -> bool:
        """Whether the line says by itself what the text is about."""
        return self.says_so or any(STEMS[word] in self._known for word in TOKEN.findall(line.lower()))

    def inside(self, thing: str) -> str:
        """A thing of the first sentence as it is written in the middle of one: 'St John's wort' keeps its capitals."""
        return _small(thing) if self.window.opening.text.startswith(thing) else thing

    def activity(self) -> Subject | None:
        """The first subject in -ing that the text, its heading or its paragraph names."""
        pieces = self.window.passage.pieces
        around = self.heading.stems.union(*(piece.sentence.stems() for piece in pieces))
        return next((s for s in self.background.subjects if s.name.endswith("ing") and s.stems <= around), None)

    def thing(self) -> str:
        """What the first sentence is about."""
        about = clauses.about(self.window.opening)
        return _small(about) if about else (self.subject.name if self.subject else "")

    def whole(self, line: str) -> str:
        """The line as it tells what the tip is about where it stands alone, among tips of other documents.

        Led in by what its document is on, where neither the line nor the text names that; '' where that is too long.
        """
        lead = self._document_lead()
        said = frozenset(self.window.stems) | {STEMS[word] for word in TOKEN.findall(line.lower())}
        if not lead or any(subject.stems <= said for subject in self._main_subjects()):
            return line
        before, _, rest = line.rpartition(": ")
        whole = f"{lead}: {rest if before else _small(rest)}"
        return whole if len(whole) <= _LONGEST_LED else ""

    def _main_subjects(self) -> tuple[Subject, ...]:
        """The document's first subject, and those that it speaks of nearly as often."""
        subjects = self.background.subjects
        return tuple(each for each in subjects[:3] if each.count >= _AS_OFTEN * subjects[0].count)

    def _document_lead(self) -> str:
        """What the document's own title says that all of it is on, where its first subject is in it; else ''.

        A subject alone does not do: a text on bicycle chains has a word on brakes as well.
        """
        name = self.whole_name()
        return name if self.background.stems(1) & {STEMS[word] for word in TOKEN.findall(name.lower())} else ""

    def with_subject(self, line: str) -> Iterator[str]:
        """The line, led in by the heading or the subject where neither it nor the text says what it is about."""
        if self.names_something(line):
            yield line
            return
        led = [f"{lead}: {_small(line)}" for lead in self.leads()]
        yield from led
        if self._names_some_subject() and all(len(each) > _LONGEST_HEADING for each in led):
            yield line

    def leads(self) -> Iterator[str]:
        """What may lead a title in: a short heading that is a name, else the document's subject."""
        heading = self.heading
        stands = not _unprintable(heading) and not _IS_TIME_ALONE.match(heading.text)
        fits = heading.telling and stands and len(heading.text.split()) <= _LONGEST_LEAD_WORDS
        if fits and not _ASKS.match(heading.text) and not clauses.is_order(heading.text):
            yield sentence_case(heading.text, self.background.names)
        elif self.background.subjects and (not stands or not self._names_some_subject()):
            yield self.whole_name() or _capital(self.background.subjects[0].name)

    def whole_name(self) -> str:
        """What the document's own title says that it is on, up to its first 'for', 'at' or colon: 'Dental care'."""
        line = sentence_case(read_heading(self.window.document.title).text, self.background.names)
        head = _TITLE_HEAD.split(line, maxsplit=1)[0]
        heading = read_heading(head)
        is_name = heading.telling and not (_unprintable(heading) or _ASKS.match(head) or _INTRODUCES.match(head))
        fits = is_name and len(head.split()) <= _LONGEST_LEAD_WORDS and not head[0].isdigit()
        return head if fits and not clauses.is_order(head) and heading.telling & self._own_stems() else ""

    def _own_stems(self) -> frozenset[str]:
        """The stems that the document itself uses, as far as its subjects and sections tell: no file's name is one."""
        headings = (read_heading(section.heading).stems for section in self.window.document.sections)
        return self.background.stems(8).union(*headings)

    def _names_some_subject(self) -> bool:
        """Whether the text names one of the subjects; the first of all, where its heading is about that one."""
        first = self.background.stems(1)
        asked = first if first & self.heading.telling else self.background.stems(8)
        return not asked.isdisjoint(self.window.stems)


def _candidates(named: _Named) -> Iterator[str]:
    window, names = named.window, named.background.names
    label = window.passage.pieces[window.first].label_taken_off
    if label:
        line = sentence_case(label.rstrip(" :–—"), names)
        yield line if " " in line else f"{next(named.leads(), '')}: {_small(line)}".removeprefix(": ")
        yield from named.with_subject(line)
    heading = named.own_heading()
    is_of_all = is_one_of(own_titles(window.document), window.passage.section.heading)
    if " " in heading and not is_of_all:
        yield heading
    sentences = window.sentences()
    orders = [(sentence, order) for sentence in sentences if (order := clauses.order(sentence))]
    for sentence, order in orders:
        if not clauses.leans(order) and not _says_only_whom_to_ask(sentence, order) and _says_something(order):
            yield from named.with_subject(order)
    statement = clauses.statement(window.opening)
    if heading and (is_of_all or " " not in heading) and statement and named.names_something(statement):
        yield statement
    if heading:
        yield heading
    yield from _patterns(named)
    if statement:
        yield from named.with_subject(statement)
    made = (clauses.when_to(window.opening), clauses.condition(window.opening), clauses.time_of(window.opening))
    yield from filter(None, made)
    narrowed = clauses.about_which(window.opening)
    if narrowed:
        yield from named.with_subject(narrowed)
    about = clauses.about(window.opening)
    plain = not (named.subject and about.lower() == named.subject.name)
    if plain and (" " in about or len(about) >= _SHORTEST_ALONE):
        yield from named.with_subject(sentence_case(about, names))
    plain_orders = [order for _, order in orders if order and not clauses.leans(order) and _says_something(order)]
    yield from plain_orders
    yield from _last_resorts(named)
    yield from filter(None, (*(order for _, order in orders), statement, about if " " in about else ""))


def _says_only_whom_to_ask(sentence: Sentence, order: str) -> bool:
    """ "See a doctor the same day": of which case the title would not say."""
    if not sentence.mask & _CONSULT or len(order.split()) > _WHOM_TO_ASK_WORDS:
        return False
    return bool(read_sentence(order, Span(0, 0)).mask & _CONSULT)


def _says_something(order: str) -> bool:
    """Whether a thing is named besides the verb: not "Look at other places", "Try something else"."""
    read = read_sentence(order, Span(0, 0))
    at = clauses.order_at(read)
    return any(not bits & _NO_THING and bits & WORD for place, bits in enumerate(read.masks) if place != at)


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
    return not heading.telling.isdisjoint(window.stems) and not _INTRODUCES.match(heading.text)


def _dressed(line: str) -> str:
    line = " ".join(line.split()).strip(" .,;:–—")
    words = line.split()
    if (len(words) < _SHORTEST_WORDS and len(line) < _SHORTEST_TITLE) or len(line) > _LONGEST_HEADING or "?" in line:
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
        if filling and group == "thing":
            yield pattern.replace("{s}", filling).replace("{S}", _capital(filling))
        elif filling:
            yield from named.with_subject(pattern.replace("{s}", filling).replace("{S}", _capital(filling)))


def _things_by_when(named: _Named) -> Iterator[str]:
    """'Heavy workouts after microneedling': a thing of the tip, with the words that say before or after what."""
    activity = named.activity()
    if activity is None:
        return
    found = re.search(rf"\b(before|after|during) {re.escape(activity.name)}\b", named.window.text.lower())
    if found:
        things = clauses.things(named.window.opening)
        yield from (f"{_capital(thing)} {found[0]}" for thing in things if " " in thing and activity.name not in thing)


def _last_resorts(named: _Named) -> Iterator[str]:
    """The heading or the subject with a thing that the tip speaks of: 'Cleaning: pressure washer'."""
    yield from _things_by_when(named)
    stands = not _unprintable(named.heading) and not _IS_TIME_ALONE.match(named.heading.text)
    leads = [sentence_case(named.heading.text, named.background.names)] if stands else []
    leads += [_capital(subject.name) for subject in named.background.subjects[:1]]
    found = sorted(clauses.things(named.window.opening), key=lambda thing: " " not in thing)  # two words tell more
    things = [(thing, {STEMS[word] for word in thing.lower().split()}) for thing in found]
    for known in (named.background.stems(8), frozenset()):  # best a thing that is no subject of the document
        for lead in leads:
            own = frozenset(STEMS[word] for word in TOKEN.findall(lead.lower()))
            apart = [(thing, stems) for thing, stems in things if own.isdisjoint(stems)] or things
            yield from (f"{lead}: {named.inside(thing)}" for thing, stems in apart if not stems <= known | own)
