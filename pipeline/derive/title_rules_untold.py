"""Title rules on what the line leaves unsaid: of what it is, in which case, of which thing."""

from pipeline.derive.about import About
from pipeline.derive.naming import SUBJECTS
from pipeline.derive.title_lines import ACTS, QUESTIONS, Kind, Line
from pipeline.derive.title_rules import title_rule
from pipeline.derive.tokens import bit, content_stems

_TIME = bit("time")
_SPARED_OF_CASE, _LOST_OF_CASE = 0.3, 0.8
"""Of a case that goes on: "… is brown | or black", "… is hot | at the bottom"."""
_OPENS_A_CASE = frozenset(["with", "without", "for", "under", "on", "in", "at"])
_TIED = frozenset(["if", "when", "once", "unless"])
_TELLS_WHICH = frozenset(["of", "that", "you", "for", "to", "in", "between", "from", "on", "with", "who"])
_READER = frozenset(["you", "your", "you're", "you've", "yourself", "somebody", "someone", "anyone"])
_PART_OF_ONE = ("A ", "An ", "Half ", "Some ", "Most ", "Many ", "Anyone ", "About ", "Around ")


@title_rule(-2.4)
def subject_untold(line: Line, about: About) -> float:
    """Neither text nor title says what it is about, or they do so only in part."""
    return about.untold(line.whole)


@title_rule(-0.7)
def occasion_untold(line: Line, about: About) -> float:
    """Its section says at what time or in which case it holds, and neither text nor title does."""
    return float(not about.tells_occasion(line.whole))


@title_rule(0.5)
def names_subject(line: Line, about: About) -> float:
    """The title says by itself what it is about."""
    return float(about.names_subject(line.whole))


@title_rule(-0.5)
def which_one(line: Line, about: About) -> float:
    """It speaks of 'the heap' or 'the game' as if the reader knew which; of a further sentence, whatever leads it."""
    if not line.place and (line.lead or about.names_subject(line.text)):
        return 0.0
    read = line.read()
    named = zip(read.words, [*read.masks[1:], 0], strict=True)  # each word with the bits of the next
    return float(
        any(
            word == "the" and not bits & _TIME and _TELLS_WHICH.isdisjoint(read.words[at + 2 : at + 4])
            for at, (word, bits) in enumerate(named)
        )
    )


@title_rule(-1.2)
def case_untold(line: Line, about: About) -> float:
    """Its sentence opens with the case in which it holds, which the title leaves out: 'With underfloor heating, …'."""
    sentence = about.sentence(line.place)
    if line.kind is Kind.WHAT_TO_DO:  # "… if your skin is brown | or black"
        _, _, rest = sentence.text.lower().partition(line.text.lower().removeprefix("what to do "))
        if not rest or rest[0] in ",.;:–":
            return 0.0
        return _SPARED_OF_CASE if rest.split()[0] in ("or", "and") else _LOST_OF_CASE
    if line.kind in QUESTIONS and sentence.words[0] in _TIED:
        return _LOST_OF_CASE * (sentence.words[0] not in line.read().words)
    if line.kind not in ACTS or sentence.words[0] not in _OPENS_A_CASE or "," not in sentence.words[:9]:
        return 0.0
    comma = sentence.words.index(",")
    if any(bits & _TIME for bits in sentence.masks[:comma]):
        return 0.0  # "On race day, …" may be left to the text
    named = set(content_stems(" ".join(sentence.words[1:comma])))
    return float(bool(named) and named.isdisjoint(content_stems(line.whole)))


@title_rule(-0.7)
def case_of_what(line: Line, about: About) -> float:
    """'What to do if you have diabetes': its case alone does not say what the tip is on."""
    return float(line.kind is Kind.WHAT_TO_DO and not line.lead and not about.names_subject(line.text))


@title_rule(-0.6)
def case_of_a_thing_untold(line: Line, about: About) -> float:
    """'Once a packet is open': of what, the order behind it says, and the title does not."""
    if line.kind is not Kind.WHAT_TO_DO or not _READER.isdisjoint(line.read().words):
        return 0.0
    known = about.background.stems(SUBJECTS) | about.heading.telling
    return float(known.isdisjoint(content_stems(line.text)))


@title_rule(-0.8)
def one_of_many(line: Line, _about: About) -> float:
    """'A cup of flour', 'half of people': what is said of it is the tip, and not the thing."""
    return float(line.kind is Kind.SUBJECT and line.text.startswith(_PART_OF_ONE))


@title_rule(-1.5)
def label_untold(line: Line, about: About) -> float:
    """Its own label was taken off, and neither text nor title says it: 'Ponds. Lean a plank against one side.'."""
    label = about.window.passage.pieces[about.window.first].label_taken_off
    own = tuple(content_stems(label))
    said = {*about.said, *content_stems(line.whole)}
    return float(bool(own) and said.isdisjoint(own))
