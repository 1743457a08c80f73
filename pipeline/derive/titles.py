"""Titles: what a tip is called, in its document's words.

Every line that could be the title is made (the tip's order or statement as a short clause, its heading, a pattern by
concept …), with and without what may lead it in, and weighed by the rules of `title_rules.py`. The best one that has
not been given before is the title; where none has enough points the tip is not printed.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from pipeline.derive import acts, clauses, grammar, phrases, title_rules_untold  # noqa: F401 - registers its rules
from pipeline.derive.about import About, is_time_alone
from pipeline.derive.breaking_off import first_words, lacks_its_article
from pipeline.derive.headings import POINTS_BACK
from pipeline.derive.key_terms import key_of, mention
from pipeline.derive.lexicon_files import groups
from pipeline.derive.naming import asks, stems_of, unprintable
from pipeline.derive.naming_evidence import MASTHEAD
from pipeline.derive.profile import Profile, is_one_of, own_titles, sentence_case
from pipeline.derive.title_lines import NOUNS, Kind, Line, small
from pipeline.derive.title_rules import (
    FLOOR,
    LAST,
    LONGEST,
    breaks_off,
    covers,
    leaves_a_phrase,
    object_tells_how,
    points,
)
from pipeline.derive.tokens import STEMS, TABLE, TOKEN, Sentence, bit, read_sentence
from pipeline.derive.topics import names_a_thing
from pipeline.derive.windows import Window
from pipeline.documents.model import Span

_LONGEST_HEADING = 70
_SHORT_ORDER = 58  # characters to which a longer order is cut, to be led in
_SHORT_CASE, _WHOLE_CASE = 28, 64  # characters to which a longer case is cut, to be led in; of one that is told whole
_BEHIND_THE_CASE = re.compile(r", (?!(?:or|and)\b)")
_TO_DO = "What to do "
_SHORTEST_WORDS = 2
_SHORTEST_TITLE, _SHORTEST_ALONE = 4, 8
_NO_FILLING = bit("vague_noun") | bit("generic_noun") | grammar.ADJECTIVE
_DENIES = re.compile(r"\b(?:don['’]t|do not|never|not|no need to|without) (?:\w+ )?$")
_IS_ASKED = re.compile(
    r"(?:what|how|when|where|which)(?: not)? to \w+|how (?:many|long|often|much)(?: \w+){1,2}$", re.IGNORECASE
)
_INTRODUCES = re.compile(r"understanding\b|introduc|getting to know", re.IGNORECASE)


def title(window: Window, background: Profile, taken: set[str], topic: str = "") -> str:
    """The tip's title, which `taken` (lower case) does not hold; '' when there is none worth printing."""
    about = About(window, background, topic)
    best, most = None, LAST
    for line, worth in weighed(about):
        if worth > most + 1e-9 and line.whole.lower() not in taken:
            best, most = line, worth
    if best and most > FLOOR:
        return best.whole
    poor = [best.whole] if best else []
    first, last = ([], poor) if best is None or _says_little(best, about) else (poor, [])
    every = chain(
        _plain(about), first, _beginning(about), _case(about), _mention(about), last, _section(about),
        _led_heading(about), _beginning(about, case_alone=True),
    )  # fmt: skip
    return next((line for line in every if line.lower() not in taken), "")


def _says_little(line: Line, about: About) -> bool:
    """Whether a poor line is one word ("Nosebleeds: frequent"), cut short, or not of the tip's first sentence."""
    return line.place > 0 or " " not in _bare(line.text) or _is_cut_short(line, about)


def _is_cut_short(line: Line, about: About) -> bool:
    return leaves_a_phrase(line, about) > 0 or object_tells_how(line, about) > 0


def _plain(about: About) -> Iterator[str]:
    """What a tip may be called where no line is good: its subject, with its section or its topic."""
    lead = about.lead
    heading = about.heading
    section = sentence_case(heading.text.partition(":")[0].rstrip("?"), about.background.names)
    asked = bool(heading.telling and _IS_ASKED.match(section)) and not POINTS_BACK.search(section)
    names = (
        section if (names_a_thing(heading) or asked) and covers(about) else "",
        key_of(about.window.opening),
        "" if about.background.is_skincare or about.topic == about.naming.name else about.topic,
    )
    for name in names:
        line = f"{lead}: {small(name)}"
        says_more = bool(lead) and " " in name and not stems_of(name) <= stems_of(lead) and _leads_in(lead, name)
        is_whole = bool(name) and not clauses.leans(name) and not breaks_off(Line(name, Kind.KEY), about)
        is_whole = is_whole and not lacks_its_article(read_sentence(name, Span(0, 0)))
        if says_more and len(line) <= LONGEST and is_whole:
            yield line


def _section(about: About) -> Iterator[str]:
    """The subject with the time or the case that the section is on: "Laser hair removal: the week before"."""
    lead = about.lead
    section = sentence_case(about.heading.text.partition(":")[0].rstrip("?"), about.background.names)
    if lead and about.occasion and not stems_of(section) <= stems_of(lead):
        yield f"{lead}: {small(section)}"


def _led_heading(about: About) -> Iterator[str]:
    """The heading behind the subject, though it names more than the tip speaks of: better than to lose the tip."""
    section = sentence_case(about.heading.text.partition(":")[0].rstrip("?"), about.background.names)
    if names_a_thing(about.heading) and not _ASKED_BY.match(about.heading.text):
        line = f"{about.lead}: {small(section)}" if about.lead and _leads_in(about.lead, section) else section
        yield line if len(line) <= LONGEST else section


def _mention(about: About) -> Iterator[str]:
    """The subject with the first things that the tip names: what is left where it can be called nothing better."""
    lead, thing = about.lead, mention(about.window.opening)
    if lead and thing and not stems_of(thing) <= stems_of(lead):
        yield f"{lead}: {small(thing)}"


def _beginning(about: About, *, case_alone: bool = False) -> Iterator[str]:
    """The first words of the tip behind its subject: better than to lose it."""
    said = about.says_name(about.window.opening.text)
    for lead in ("",) if said else (*filter(None, about.leads()), ""):
        before = f"{lead}: " if lead else ""
        words = first_words(about.window.opening, LONGEST - len(before), case_alone=case_alone)
        if words and not (before and ":" in words) and (before or said or not about.lead):
            yield f"{before}{small(words)}" if before else words


def _case(about: About) -> Iterator[str]:
    """The case that opens the tip, as 'What to do if …'; of one without an order, what it holds of."""
    opening = about.window.opening
    before = "" if about.says_name(opening.text) or not about.lead else f"{about.lead}: "
    if grammar.imperative_at(opening) > 0 and opening.words[0] in ("if", "when", "once"):
        words = first_words(opening, LONGEST - len(before) - len(_TO_DO), case_alone=True)
        if words and "," not in words:
            line = f"{_TO_DO}{small(words)}"
            yield f"{before}{small(line)}" if before else line
    elif opening.masks[0] & (grammar.OPENER | grammar.PREPOSITION) and (main := _BEHIND_THE_CASE.search(opening.text)):
        subject = phrases.about(read_sentence(opening.text[main.end() :], Span(0, 0)), articled=True)
        if " " in subject and not breaks_off(Line(subject, Kind.SUBJECT), about):
            leads = about.lead and _leads_in(about.lead, subject)
            yield f"{about.lead}: {small(subject)}" if leads else subject[:1].upper() + subject[1:]


def weighed(about: About) -> Iterator[tuple[Line, float]]:
    """Every line that could be the title, with its points."""
    seen: set[tuple[str, Kind]] = set()
    for line in _led(about):
        key = (line.whole.lower(), line.kind)
        if key not in seen and len(line.whole) <= LONGEST:
            seen.add(key)
            yield line, sum(points(line, about).values())


def _led(about: About) -> Iterator[Line]:
    """The lines, each by itself and with each lead that does not say what the line says."""
    leads = [lead for lead in dict.fromkeys(about.leads()) if lead]
    for kind, text, place in _lines(about):
        text = _dressed(text)
        if text and kind in NOUNS and " " not in text and TABLE[text.lower()] & grammar.ADJECTIVE:
            continue  # "Frequent": the noun was taken for a verb
        if not text or (kind in NOUNS and stems_of(_bare(text)) <= stems_of(about.naming.name)):
            continue
        yield Line(text, kind, place)
        if not about.says_name(text):
            yield from (Line(text, kind, place, lead) for lead in leads if _leads_in(lead, text))


def _bare(text: str) -> str:
    first, _, rest = text.partition(" ")
    return rest if first.lower() in ("a", "an", "the") else text


def _leads_in(lead: str, text: str) -> bool:
    """Whether the lead says what the line does not; 'When you cannot sleep: when to …' is no title."""
    if lead.startswith("When ") and text.startswith(("When ", "If ")):
        return False
    return STEMS[TOKEN.findall(lead.lower())[-1]] not in stems_of(text)


def _dressed(line: str) -> str:
    line = " ".join(line.split()).strip(" .,;:–—")
    too_short = len(line.split()) < _SHORTEST_WORDS and len(line) < _SHORTEST_TITLE
    return "" if too_short or "?" in line or "�" in line else line[:1].upper() + line[1:]


def _lines(about: About) -> Iterator[tuple[Kind, str, int]]:
    """Every line that could be the title, with its kind and the place of its sentence in the tip."""
    yield from _own_label(about)
    for place, sentence in enumerate(about.window.sentences()):
        for kind, text in _of_sentence(sentence):
            yield kind, text, place
    if heading := _heading(about):
        yield Kind.HEADING, heading, 0
    yield Kind.WHAT_TO_DO, _what_to_do(about), 0
    yield Kind.WHAT_TO_DO, _what_to_do(about, _SHORT_CASE), 0
    yield Kind.WHAT_TO_DO, _what_to_do(about, _WHOLE_CASE), 0
    for text in _patterns(about):
        yield Kind.CONCEPT, text, 0
    for text in _things_by_when(about):
        yield Kind.THING_WHEN, text, 0
    subject = phrases.about(about.window.opening, articled=True)
    is_plain = not (about.subject and subject.lower() == about.subject.name)
    if is_plain and (" " in subject or len(subject) >= _SHORTEST_ALONE):
        yield Kind.SUBJECT, subject, 0


def _what_to_do(about: About, longest: int = clauses.LONGEST_CASE) -> str:
    """ "What to do if the heap smells", where its first sentence says so of a case and an order follows; else ''."""
    line = clauses.condition(about.window.opening, longest)
    sentences = list(about.window.sentences())
    orders = any(grammar.imperative_at(each) >= 0 for each in sentences[1:]) or grammar.gives_order(sentences[0])
    return f"What to do {line[:1].lower()}{line[1:]}" if orders and line.startswith(("If ", "When ", "Once ")) else ""


def _own_label(about: About) -> Iterator[tuple[Kind, str, int]]:
    """The item's label, where it was taken off."""
    label = about.window.passage.pieces[about.window.first].label_taken_off
    if label and about.background.names.isdisjoint(TOKEN.findall(label.lower())):  # "FARAH:" says who, not what
        line = sentence_case(label.rstrip(" .:–—"), about.background.names)
        yield Kind.LABEL if " " in line else Kind.SHORT_LABEL, line, 0


def _of_sentence(sentence: Sentence) -> Iterator[tuple[Kind, str]]:
    """The lines that one sentence of the tip lends."""
    opened = clauses.order_with_opener(sentence)
    short = "" if opened else clauses.order(sentence, _SHORT_ORDER)
    for kind, order in ((Kind.ORDER, opened or clauses.order(sentence)), (Kind.SHORT_ORDER, short)):
        if order and (not clauses.leans(order) or f"{order}:" in sentence.text):  # "… these four things: …"
            yield kind, order
    if len(opened) > _SHORT_ORDER:
        yield Kind.SHORT_ORDER, clauses.order(sentence)  # "On a windy day, …": the day is left to the text
    plain = clauses.without_aside(sentence)
    yield Kind.ORDER, clauses.order(plain) if plain else ""
    yield Kind.OBJECT, phrases.object_of_order(sentence)
    yield Kind.HOW_TO, clauses.how_to(sentence)
    yield Kind.HOW_LONG, acts.how_long(sentence) or acts.how_long_it_lasts(sentence)
    yield Kind.HOW_OFTEN, acts.how_often(sentence)
    yield Kind.WHEN_TO, acts.when_ahead(sentence)
    yield Kind.WHEN_NOT, acts.when_not(sentence)
    yield Kind.WHAT_TO_TELL, acts.what_to_tell(sentence)
    act = acts.doing(sentence)
    yield (Kind.DOING if act and acts.is_all_of(act, sentence) else Kind.SHORT_DOING), act
    yield Kind.WHEN_TO, clauses.when_to(sentence)
    yield Kind.WHEN_TO, clauses.time_of(sentence)
    yield Kind.STATEMENT, clauses.statement(sentence)
    yield Kind.SHORT_STATEMENT, clauses.statement(sentence, _SHORT_ORDER)
    yield Kind.STATEMENT, clauses.whole_statement(sentence)
    yield Kind.WHAT_TO_DO, clauses.what_to_do(sentence)
    yield Kind.NARROWED, phrases.about_which(sentence)
    yield Kind.WHO, phrases.who_should(sentence)
    yield Kind.KEY, key_of(sentence)


_ASKED_BY = re.compile(r"(?:asked|answer(?:ed)?|posted|written|question|reply) (?:by|from)\b", re.IGNORECASE)


def _heading(about: About) -> str:
    """The heading as a title, where it is a name of something that the tip speaks of; '' where it is not."""
    heading, document = about.heading, about.window.document
    if (
        not heading.text
        or unprintable(heading)
        or _ASKED_BY.match(heading.text)
        or len(heading.text) > _LONGEST_HEADING
    ):
        return ""
    if not MASTHEAD.isdisjoint(TOKEN.findall(heading.text.lower())):
        return ""  # "A leaflet from the clinic"
    if asks(heading.text) and not heading.telling & about.background.stems():
        return ""  # "How triggers work": of what?
    if about.occasion and not is_time_alone(heading.text) and not about.names_subject(heading.text):
        return ""  # "Day one": of what?
    if heading.telling.isdisjoint(about.said) or _INTRODUCES.match(heading.text):
        return ""
    if is_one_of(own_titles(document), about.window.passage.section.heading):
        return ""  # it is the title of all that the document says
    line = sentence_case(heading.text, about.background.names)
    return _of_when(about, line) if is_time_alone(line) else line


def _of_when(about: About, line: str) -> str:
    """'The weeks before' → 'The weeks before microneedling', where the text says so; '' where it does not."""
    ending = line.lower().rsplit(" ", 1)[-1]
    relation = ending if ending in ("before", "after") else "after"
    if about.activity is None or f"{relation} {about.activity.name}" not in about.window.text.lower():
        return ""
    return f"{line.removesuffix(f' {relation}')} {relation} {about.activity.name}"


@cache
def _concepts() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    found = []
    for group, lines in groups("tips/titles").items():
        for line in lines:
            pattern, _, phrases = line.partition(" = ")
            words = "|".join(re.escape(phrase.strip()) for phrase in phrases.split(","))
            found.append((group, pattern, re.compile(rf"\b(?:{words})\b")))
    return tuple(found)


def _patterns(about: About) -> Iterator[str]:
    """The patterns by concept whose phrases stand in the text, filled with what they are like to be about."""
    text = about.window.text.lower()
    for group, pattern, spoken in _concepts():
        found = spoken.search(text)
        if not found or _DENIES.search(text[: found.start()]):
            continue
        if group == "thing":
            filling = small(phrases.about(about.window.opening, articled=True))
        elif about.activity:
            filling = about.activity.name
        else:
            filling = _subject_s_name(about) if group == "any" else ""
        if filling and not TABLE[filling.split()[-1].lower()] & _NO_FILLING:
            yield pattern.replace("{s}", filling).replace("{S}", filling[:1].upper() + filling[1:])


def _subject_s_name(about: About) -> str:
    """The subject as the document names it ("chemical peels"), else as it writes it inside sentences."""
    thing = about.naming.thing
    if about.subject is None:
        return ""
    return small(thing) if about.subject.stems <= stems_of(thing) else about.subject.name


def _things_by_when(about: About) -> Iterator[str]:
    """'Heavy workouts after microneedling': a thing of the tip, with the words that say before or after what."""
    if about.activity is None:
        return
    name = about.activity.name
    found = re.search(rf"\b(before|after|during) {re.escape(name)}\b", about.window.text.lower())
    if found:
        things = phrases.things(about.window.opening)
        yield from (f"{thing} {found[0]}" for thing in things if " " in thing and name not in thing)
