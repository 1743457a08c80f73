"""The rules by which titles are weighed: what speaks for a line as a tip's title, and what against it.

Every line that could be the title starts with the points of its kind; each rule that applies adds or takes some. The
best line is the title, unless it has fewer points than the floor: then the tip has no title worth printing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.derive import grammar
from pipeline.derive.about import About
from pipeline.derive.breaking_off import (
    asks_how_far,
    goes_on,
    goes_on_to_do,
    has_its_object,
    lacks_its_article,
    may_follow,
    waits_for_more,
)
from pipeline.derive.clauses import PARTICLES
from pipeline.derive.title_lines import ACTS, CLAUSES, DOINGS, NOUNS, QUESTIONS, Kind, Line
from pipeline.derive.tokens import (
    FUNCTION,
    GERUND,
    STEMS,
    TABLE,
    TOKEN,
    VERB,
    VERB_FORM,
    WORD,
    bit,
    content_stems,
    read_sentence,
)
from pipeline.documents.model import Span

LONGEST = 84
"""Characters of a title, with what leads it in."""
FLOOR, LAST = 0.6, -2.0
"""Points below which a line is no good title, and below which none is printed at all."""
_COMFORTABLE = 60  # characters from which each further one costs
_UNCOMFORTABLE = 72
_CURT = 15
_MOST_OF_TEXT = 0.75
_WHOM_TO_ASK_WORDS = 6

_NO_THING = FUNCTION | bit("vague_noun") | bit("abstract") | bit("adverb") | bit("preposition") | bit("pronoun")
_NO_THING |= bit("time") | bit("number_word") | bit("unit") | grammar.ADJECTIVE | bit("opener") | GERUND | VERB_FORM
_CLOSE, _WAIT, _HALF = 1.5, 2.0, 0.5
_LONG_OBJECT = 4  # words
_VAGUEACTS = frozenset(
    ["wait", "leave", "keep", "stay", "go", "carry", "stop", "hold", "use", "do", "repeat", "continue"]
)
_PUT_TOGETHER = frozenset(["mix", "combin", "pair", "compar", "swap", "replac"])
_PART_ENDS = re.compile(r"[.;:(]|, (?:so|because|since|which|and then)\b")
ADVERB_OR_ADJECTIVE, _VERB_AND_WORD = grammar.ADVERB | grammar.ADJECTIVE, 2
_CONSULT, _TIME, _HELPER, _HARM = bit("consult"), bit("time"), bit("helper"), bit("safety")
_CARRY = frozenset(["take", "bring", "carri", "move", "send", "transfer", "return", "hand", "post", "switch"])
_TAKES_BACK = re.compile(
    r"^\W*(?:and )?(?:but|although|though|however|unless|except|yet|whereas|while|if|until|only|provided)\b"
    r"|[,;:–] (?:but|although|though|however|unless|except|yet|whereas|only if)\b"
)
_SEVERAL = re.compile(r",| and | or | & ")
_POINTING = grammar.PRONOUN | bit("hangs_on")
_PERSONS = frozenset(["her", "him", "his"])
_THESE = frozenset(["this", "these", "those"])
_TO_THAT = re.compile(r"\b(?:to|of|in|on|with|from|at|before|after) that \w+$")  # "that lead to that sentence"
_THAN_WHAT = frozenset(["longer", "more", "less", "better", "worse", "sooner", "later", "earlier", "faster", "slower"])
_AS_WHAT = frozenset(["alike", "exception", "exceptions", "different", "similar", "opposite"])
_ON_TOP = frozenset(["too", "either", "also", "well"])
_OPENS_A_CLAUSE = frozenset(["before", "after", "since", "until", "as"])


Measure = Callable[[Line, About], float]


@dataclass(frozen=True, slots=True)
class TitleRule:
    """`measure` returns how strongly the rule applies (0 when it does not), to be multiplied by `weight`."""

    name: str
    why: str
    weight: float
    measure: Measure


TITLE_RULES: list[TitleRule] = []


def title_rule(weight: float) -> Callable[[Measure], Measure]:
    """Register a rule under its function's name; the docstring's first line is its reason."""

    def register(measure: Measure) -> Measure:
        why = (measure.__doc__ or "").strip().splitlines()[0]
        TITLE_RULES.append(TitleRule(measure.__name__.replace("_", " "), why, weight, measure))
        return measure

    return register


def points(line: Line, about: About) -> dict[str, float]:
    """What the line starts with, and each rule's points for it, those that are not 0."""
    found = {line.kind.value: line.kind.points}
    for rule in TITLE_RULES:
        if measured := rule.measure(line, about):
            found[rule.name] = measured * rule.weight
    return found


@title_rule(-0.9)
def names_no_thing(line: Line, _about: About) -> float:
    """It names no thing besides its verb: 'Look at other places', 'Start after 45 minutes'."""
    if line.kind in (Kind.HEADING, Kind.LABEL, Kind.CONCEPT):
        return 0.0
    read = line.read()
    verb = grammar.imperative_at(read)
    ends_on_no_thing = read.masks[-1] & (VERB | ADVERB_OR_ADJECTIVE) or read.words[-1] in PARTICLES
    if line.kind in ACTS and len(read.words) == _VERB_AND_WORD and ends_on_no_thing:
        return _CLOSE  # "Standing close"
    no_thing = _NO_THING | VERB if line.kind in QUESTIONS else _NO_THING
    named = any(bits & WORD and not bits & no_thing for at, bits in enumerate(read.masks) if at != verb)
    if not named and line.kind in QUESTIONS and _VAGUEACTS.intersection(read.words):
        return _WAIT  # "How long to wait": for what?
    return 0.0 if named else 0.5 if line.lead and line.kind is not Kind.SUBJECT else 1.0


@title_rule(-1.2)
def only_whom_to_ask(line: Line, _about: About) -> float:
    """'See a doctor the same day': of which case it does not say."""
    read = line.read()
    is_short = len(read.words) <= _WHOM_TO_ASK_WORDS and line.kind in ACTS
    return float(is_short and bool(read.mask & _CONSULT or (line.kind in DOINGS and _HELPER & read.mask)))


@title_rule(-1.8)
def opens_later(line: Line, _about: About) -> float:
    """It is taken from a further sentence; what a further one states is seldom what the tip is about."""
    return float(min(line.place, 2)) * (2 if line.kind in (Kind.STATEMENT, Kind.SHORT_STATEMENT, Kind.NARROWED) else 1)


@title_rule(-1.5)
def pronoun_of_a_later_sentence(line: Line, _about: About) -> float:
    """Its 'it', or its 'the higher one', may mean what an earlier sentence named."""
    read = line.read()
    ones = (bits for word, bits in zip(read.words, read.masks[1:], strict=False) if word == "one")
    points_back = bool(read.mask & _POINTING) or not _PERSONS.isdisjoint(read.words)
    return float(line.place > 0 and (points_back or any(bits & grammar.PREPOSITION for bits in ones)))


@title_rule(0.7)
def long_subject(line: Line, about: About) -> float:
    """What the sentence is about is told in four words or more: 'Dull ache along the inner shin'."""
    if line.kind is not Kind.SUBJECT or len(line.text.split()) < 4:
        return 0.0
    _, _, rest = about.window.opening.text.lower().partition(line.text.lower())
    following = rest.split()
    return 0.0 if following and TABLE[following[0]] & grammar.PREPOSITION else 1.0  # it was cut, and tells less


@title_rule(-0.02)
def long(line: Line, _about: About) -> float:
    """Each character over 60 costs."""
    return float(max(0, len(line.whole) - _COMFORTABLE))


@title_rule(-0.04)
def too_long(line: Line, _about: About) -> float:
    """Each character over 72 costs more."""
    return float(max(0, len(line.whole) - _UNCOMFORTABLE))


@title_rule(-0.5)
def says_the_first_words_again(line: Line, about: About) -> float:
    """It is the text's beginning, word for word."""
    return float(line.kind in CLAUSES and about.window.text.lower().startswith(line.text.lower()))


@title_rule(-1.5)
def told_by_half(line: Line, about: About) -> float:
    """A statement without what takes some of it back: "…, but in people who eat well that is rare"."""
    if line.kind not in (Kind.STATEMENT, Kind.SHORT_STATEMENT):
        return 0.0
    _, _, rest = about.sentence(line.place).text.partition(line.text)
    back = _TAKES_BACK.search(rest)
    goes_on = read_sentence(rest[back.end() :].strip(), Span(0, 0)) if back else None
    return float(goes_on is not None and bool(goes_on.words) and grammar.imperative_at(goes_on) < 0)


@title_rule(-1.8)
def asks_for_the_text(line: Line, _about: About) -> float:
    """It ends on 'it' or 'before', or speaks of 'the main one', 'too', 'need longer': of what, only the page says."""
    read = line.read()
    words, masks = read.words, read.masks
    ends_on = words[-1:] in (["it"], ["them"]) and len(words) > 1 and bool(masks[-2] & grammar.PREPOSITION)
    ends_on = ends_on or words[-1:] in (["afterwards"], ["afterward"])
    ends_on = ends_on or (words[-1:] in (["before"], ["after"]) and len(words) > 1 and not masks[-2] & _TIME)
    ends_on = ends_on or (words[-1:] in (["one"], ["ones"]) and "than" not in words)
    ends_on = ends_on or (words[-1:] in (["it"], ["them"]) and grammar.imperative_at(read) == len(words) - 2)
    which = any(word in ("one", "ones") and "the" in words[max(0, at - 2) : at] for at, word in enumerate(words))
    is_clause = line.kind in CLAUSES and len(words) > 1
    which = which or (bool(_THESE.intersection(words)) and not line.text.startswith(("Those who", "Those with")))
    more = (
        bool(_ON_TOP.intersection(words[-2:]))
        or (" as well" in line.text and " as well as" not in line.text)
        or bool(_TO_THAT.search(line.text))
        or "also" in words
        or (is_clause and words[-1:] and words[-1] in _THAN_WHAT | _AS_WHAT)
    )
    return float(ends_on or which or bool(more))


@title_rule(-1.6)
def one_word(line: Line, _about: About) -> float:
    """One word of the text, whatever leads it, is seldom all that the tip is on."""
    bare = line.text.lower().removeprefix("a ").removeprefix("an ")
    return float(line.kind in (Kind.KEY, Kind.SUBJECT) and " " not in bare)


@title_rule(-0.8)
def curt(line: Line, _about: About) -> float:
    """Under 15 characters say little."""
    return float(len(line.whole) < _CURT)


@title_rule(-0.3)
def led_in(line: Line, _about: About) -> float:
    """A lead asks for more of the reader's time, but before the name of a thing."""
    return float(bool(line.lead) and line.kind not in (Kind.KEY, Kind.SUBJECT, Kind.OBJECT))


@title_rule(-1.5)
def label_alone(line: Line, _about: About) -> float:
    """A label of one word, or a key term, without a lead."""
    return float(line.kind in (Kind.SHORT_LABEL, Kind.KEY) and not line.lead)


@title_rule(-0.9)
def two_colons(line: Line, _about: About) -> float:
    """Led in and parted once more."""
    return float(bool(line.lead) and ": " in line.text)


@title_rule(-8.0)
def breaks_off(line: Line, about: About) -> float:
    """It stops where something must follow: after 'and', 'a', 'an open', 'just', in the midst of a list, behind ';'."""
    rest = _left_of_sentence(line, about)
    read = line.read()
    waits = waits_for_more(read) or (line.kind in QUESTIONS and asks_how_far(read))
    waits = waits or goes_on(read, rest) or (line.kind in CLAUSES and not may_follow(rest))
    waits = waits or (line.kind in CLAUSES and _is_case_alone(read.words, rest))
    waits = waits or (line.kind is Kind.NARROWED and goes_on_to_do(rest))
    lacks = line.kind in (*NOUNS, Kind.THING_WHEN) and lacks_its_article(read)
    return float(waits or lacks or (line.kind in NOUNS and has_its_object(read, rest)))


def _is_case_alone(words: list[str], rest: str) -> bool:
    """'If you live in a flat, or expect to move | , a digital one …': the case without what holds in it."""
    commas = [at for at, word in enumerate(words) if word == "," and words[at + 1 : at + 2] not in (["or"], ["and"])]
    return words[:1] in (["if"], ["when"], ["unless"], ["once"], ["even"]) and rest[:1] == "," and not commas


def _left_of_sentence(line: Line, about: About) -> str:
    """What stands behind the line in its sentence; '' where the sentence does not have the line's words.

    An act has its verb in another form ("Packing …"), and is found by the words behind it, where it has any.
    """
    first, _, words = line.text.partition(" ")
    said = (words if line.kind in DOINGS else line.text) or first
    return about.sentence(line.place).text.partition(said)[2]


@title_rule(-1.4)
def leaves_a_phrase(line: Line, about: About) -> float:
    """What follows in its own clause is left to the text: 'Take a dead phone … to a recycling centre'."""
    if line.kind not in ACTS and line.kind not in CLAUSES:
        return 0.0
    rest = _left_of_sentence(line, about)
    following = TOKEN.findall(rest.lower())[:1]
    is_phrase = bool(following) and rest[:1] == " " and bool(TABLE[following[0]] & grammar.PREPOSITION)
    if not is_phrase or following[0] in _OPENS_A_CLAUSE:
        return 0.0
    return _HALF if line.kind is Kind.SHORT_DOING else 1.0  # "Choosing a body lotion" may say no more


@title_rule(-1.5)
def goes_nowhere(line: Line, about: About) -> float:
    """It takes or mixes a thing, and leaves to the text where to or with what: 'Take a phone with a bad battery'."""
    if line.kind not in ACTS and line.kind not in CLAUSES:
        return 0.0
    following = TOKEN.findall(_left_of_sentence(line, about).lower())[:1]
    verb = STEMS[TOKEN.findall(line.text.lower())[0]]
    carried = verb in _CARRY and following[:1] in (["to"], ["into"], ["onto"], ["back"], ["over"])
    first_part = _PART_ENDS.split(_left_of_sentence(line, about))[0]
    return float(carried or (verb in _PUT_TOGETHER and " with " in first_part and " with " not in line.text))


@title_rule(-1.4)
def thing_that_harms(line: Line, about: About) -> float:
    """A doing alone reads as advice, where its sentence warns of it: 'Mixing bleach with other cleaners'."""
    if line.kind not in (Kind.SUBJECT, Kind.KEY):
        return 0.0
    opening = about.window.opening
    says_it = TABLE[line.text.split()[0].lower()] & GERUND and not line.read().mask & _HARM
    return float(bool(says_it and opening.mask & _HARM) and grammar.imperative_at(opening) < 0)


@title_rule(-0.7)
def object_tells_how(line: Line, _about: About) -> float:
    """A thing of so many words says how as well, and wants its verb: 'a litter tray with one side no higher'."""
    return float(line.kind is Kind.OBJECT and len(line.text.split()) > _LONG_OBJECT)


@title_rule(-0.8)
def says_the_topic_again(line: Line, about: About) -> float:
    """The topic stands over the title already."""
    return float(line.whole.lower() == about.topic.lower())


@title_rule(-0.5)
def says_most_of_the_text(line: Line, about: About) -> float:
    """It leaves hardly anything to the text."""
    return float(len(line.text) > _MOST_OF_TEXT * len(about.window.text))


@title_rule(0.8)
def heading_is_of_this_tip(line: Line, about: About) -> float:
    """The tip's first sentence speaks of all that the heading names: two things or more, or half for one."""
    if line.kind is not Kind.HEADING or not covers(about):
        return 0.0
    return 1.0 if len(about.heading.telling) > 1 else 0.3


@title_rule(-1.2)
def heading_is_of_more(line: Line, about: About) -> float:
    """The tip's first sentence leaves some of what the heading names unsaid."""
    return float(line.kind is Kind.HEADING and not covers(about))


def covers(about: About) -> bool:
    """Whether the tip's first sentence speaks of all that the heading names."""
    first = about.window.opening.stems()
    return all(any(_akin(stem, said) for said in first) for stem in about.heading.telling)


@title_rule(-0.6)
def heading_of_other_things(line: Line, about: About) -> float:
    """It names several things, of which the tip speaks of some: 'Screens, planes and colds' over one on screens."""
    if line.kind is not Kind.HEADING or not _SEVERAL.search(line.text):
        return 0.0
    said = about.window.stems
    return float(not all(any(_akin(stem, each) for each in said) for stem in content_stems(line.text)))


@title_rule(-0.6)
def heading_in_two_parts(line: Line, _about: About) -> float:
    """'Diet: sense and nonsense' promises more than it tells."""
    return float(line.kind is Kind.HEADING and ":" in line.text)


@title_rule(-1.0)
def heading_of_one_word(line: Line, _about: About) -> float:
    """One word names a section, not a tip."""
    return float(line.kind is Kind.HEADING and " " not in line.text)


@title_rule(-0.6)
def heading_of_several(line: Line, about: About) -> float:
    """Its section says more than the tip does."""
    if line.kind is not Kind.HEADING:
        return 0.0
    paragraphs = sum(bool(block.sentences) for block in about.window.passage.section.blocks)
    return min(1.0, 0.5 * (paragraphs - 1))


def _akin(one: str, other: str) -> bool:
    """Whether two stems are of one word: 'prepar' and 'preparation' are stemmed apart."""
    return one == other or (len(one) > 4 and len(other) > 4 and one[:5] == other[:5])
