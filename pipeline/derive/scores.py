"""The scores: what makes a sentence worth printing, and what makes it fluff. Their words: lexicons/tips/signals.txt.

A point is about what an order is worth half: "Rinse with cool water" earns two, and two abstract words cost one half.
"""

from itertools import pairwise

from pipeline.derive import grammar
from pipeline.derive.rules import (
    HAS_HEADING,
    HAS_SUBJECT,
    IN_CONCLUSION,
    IN_OPENING,
    Draft,
    Joint,
    Setting,
    score,
    window_score,
    word_score,
)
from pipeline.derive.tokens import (
    COMMA,
    DIGIT,
    ENDS_SENTENCE,
    MARK,
    NUMBER_WORD,
    PERCENT,
    UNIT,
    VERB_FORM,
    Sentence,
    bit,
)

_CONSULT, _CONDITION, _TIME, _SAFETY, _ABSTRACT = (
    bit(name) for name in ("consult", "condition", "time", "safety", "abstract")
)
_MARKETING, _EFFECT, _ADVICE, _REASON = (bit(name) for name in ("marketing", "effect", "advice", "reason"))


def _count(sentence: Sentence, bits: int) -> int:
    return len([mask for mask in sentence.masks if mask & bits])


@score(2.0)
def order(sentence: Sentence, _setting: Setting) -> float:
    """It tells the reader what to do."""
    return 1.0 if grammar.gives_order(sentence) else 0.0


@score(1.0)
def prohibition(sentence: Sentence, _setting: Setting) -> float:
    """It says what not to do."""
    return float(grammar.is_prohibition(sentence))


word_score("advice", 1.2, "It recommends: should, need to, it is best to.")
word_score("condition", 0.6, "It says for whom or when.")
word_score("time", 0.6, "It names a time, a frequency or a duration.")
word_score("safety", 0.8, "It warns of what can go wrong.")
word_score("reason", 0.6, "It gives the why with the what.")
word_score("balance", 0.4, "It says the other side too: although, whereas, unless.")
word_score("such_as", 0.4, "It names examples.")
word_score("effect", 0.6, "It says what something does.")


@score(0.5, needs=DIGIT | NUMBER_WORD)
def number(sentence: Sentence, _setting: Setting) -> float:
    """It is exact: a number with its unit, or a number alone for half."""
    if sentence.mask & (UNIT | _TIME) or (sentence.mask & PERCENT and sentence.mask & DIGIT):
        return 1.0
    return 0.5 if sentence.mask & DIGIT else 0.25


@score(0.6, needs=HAS_SUBJECT)
def fact(sentence: Sentence, setting: Setting) -> float:
    """It states what its subject is or does, in plain words: 'Larvae feed on wool, silk and fur'."""
    if (
        sentence.mask & _NO_FACT
        or grammar.imperative_at(sentence) >= 0
        or setting.subject.isdisjoint(sentence.stems())
        or sentence.masks[0] & _NO_SUBJECT
    ):
        return 0.0
    verb = 0 if sentence.words[0].startswith("there") else grammar.subject_end(sentence)
    if not verb or sentence.masks[verb - 1] & _VAGUE or len(sentence.stems()) < _LEAST_OF_A_FACT:
        return 0.0
    return float(not (sentence.masks[verb] & VERB_FORM and sentence.words[verb].endswith("ed")))


@score(0.8, needs=_CONDITION)
def tells_when_done(sentence: Sentence, _setting: Setting) -> float:
    """It says by what a thing is known to be done: 'A loaf is baked through when a thermometer shows 93 °C'."""
    words = sentence.words
    ready = next((at for at, word in enumerate(words[1:9], start=1) if word in _DONE and words[at - 1] in _IS), 0)
    return float(ready > 0 and not _WHEN.isdisjoint(words[ready + 1 : ready + 4]))


@score(0.3, needs=COMMA)
def series(sentence: Sentence, _setting: Setting) -> float:
    """It lists three things or more."""
    words = sentence.words
    if "and" not in words and "or" not in words:
        return 0.0
    return float(len([mask for mask in sentence.masks if mask & COMMA]) >= 2)


@score(0.8, needs=HAS_SUBJECT)
def on_subject(sentence: Sentence, setting: Setting) -> float:
    """It speaks of what its section and document are about."""
    return min(len(sentence.stems() & setting.subject), 2) / 2


@score(0.4, needs=HAS_HEADING)
def on_heading(sentence: Sentence, setting: Setting) -> float:
    """It takes up a word of its heading."""
    return float(not setting.heading.isdisjoint(sentence.stems()))


@score(-0.7, needs=_MARKETING)
def selling_words(sentence: Sentence, _setting: Setting) -> float:
    """Selling words say little."""
    return float(min(_count(sentence, _MARKETING), 4))


@score(-1.1, needs=_CONSULT)
def ask_a_professional(sentence: Sentence, _setting: Setting) -> float:
    """'See a professional' alone is true of everything; with its case or its signs it is advice."""
    if sentence.mask & _CONDITION and sentence.mask & (_SAFETY | _TIME):
        return 0.3
    return 0.5 if not sentence.mask & (_ABSTRACT | _MARKETING) and len(sentence.core()) >= _TELLS_ITS_CASE else 1.0


@score(-0.3, needs=_ABSTRACT)
def abstract_words(sentence: Sentence, _setting: Setting) -> float:
    """The more abstract words, the less is said; one is free."""
    return float(min(_count(sentence, _ABSTRACT) - 1, 5))


word_score("study", -0.8, "It tells what studies found.")
word_score("big_promise", -0.6, "It ensures and enhances.")


@score(-0.9, needs=IN_CONCLUSION)
def conclusion(_sentence: Sentence, _setting: Setting) -> float:
    """It sums up what was said before."""
    return 1.0


@score(-1.5, needs=IN_OPENING)
def introduction(sentence: Sentence, setting: Setting) -> float:
    """It sets the scene: what an article says before its sections, and neither orders nor advises."""
    if sentence.mask & _ADVICE or grammar.gives_order(sentence):
        return 0.0
    return 0.4 if sentence.mask & _MEASURED and fact(sentence, setting) else 1.0


@score(-0.5, needs=bit("on_top"))
def on_top(sentence: Sentence, _setting: Setting) -> float:
    """It ends on 'too', 'as well' or 'instead': on top of what was said before, or in its place."""
    pairs = pairwise(zip(sentence.words, sentence.masks, strict=True))
    return float(any(word in _ON_TOP and bits & (MARK & ~COMMA | ENDS_SENTENCE) for (word, _), (_, bits) in pairs))


_NO_FACT = _ABSTRACT | _MARKETING | _ADVICE | bit("study") | bit("dated") | bit("hangs_on") | bit("big_promise")
_NO_SUBJECT = grammar.PRONOUN | grammar.DEMONSTRATIVE | grammar.OPENER | NUMBER_WORD | DIGIT | bit("hedge")
_VAGUE = bit("vague_noun")
CURT_OPENING = 34  # characters
_LEAST_OF_A_FACT = 4  # words of content
_TELLS_ITS_CASE = 8  # words of substance besides
_IS = frozenset(["is", "are"])
_DONE = frozenset(["ready", "done", "baked", "cooked", "ripe", "safe", "finished", "set", "dry", "due", "full"])
_WHEN = frozenset(["when", "once", "if"])
_MEASURED = _REASON | _EFFECT | _SAFETY
_ON_TOP = frozenset(["too", "either", "well", "instead"])
_HOLDS = frozenset(["order", "advice", "time", "number", "safety", "reason", "effect", "condition", "such as", "fact"])


@window_score(-1.4)
def nothing_to_hold(draft: Draft) -> float:
    """No order, no advice, no warning, no time, no number, no effect, no reason."""
    return float(_HOLDS.isdisjoint(draft.held))


@window_score(0.4)
def good_length(draft: Draft) -> float:
    """It is neither curt nor long-winded: 90 to 240 characters."""
    return float(90 <= draft.length <= 240)


@window_score(-0.5)
def long(draft: Draft) -> float:
    """It comes near to the most that a card can hold."""
    return float(draft.length > 285)


@window_score(-0.35, of_joints=True)
def further_sentences(draft: Draft) -> float:
    """Each further sentence asks for more of the reader's time."""
    return float(len(draft.joints))


@window_score(0.5, of_joints=True)
def resolved(draft: Draft) -> float:
    """A sentence that leans on another has it in front."""
    return float(draft.joints.count(Joint.LEANS))


@window_score(-0.6, of_joints=True)
def adds_nothing(draft: Draft) -> float:
    """A short sentence leans on another and brings nothing of its own, as an aside does."""
    return float(draft.joints.count(Joint.ADDS_NOTHING))


@window_score(0.4, of_joints=True)
def reason_with_advice(draft: Draft) -> float:
    """The why follows the what."""
    return float(draft.joints.count(Joint.REASON))


@window_score(-0.3, of_joints=True)
def loosely_joined(draft: Draft) -> float:
    """Two sentences share a word at most."""
    return float(draft.joints.count(Joint.LOOSE) + draft.joints.count(Joint.OTHER_ITEM))


@window_score(-1.0, of_joints=True)
def unrelated(draft: Draft) -> float:
    """Two sentences share nothing."""
    return float(draft.joints.count(Joint.UNRELATED))


@window_score(-1.6, of_joints=True)
def another_order(draft: Draft) -> float:
    """Two orders share nothing: two tips."""
    return float(draft.joints.count(Joint.ANOTHER_ORDER))


@window_score(-0.8, of_joints=True)
def curt_opening(draft: Draft) -> float:
    """Its first sentence is a few words on another thing than the next: 'Skip one day a week. Soak pellets …'."""
    return float(draft.joints[:1] in ([Joint.UNRELATED], [Joint.ANOTHER_ORDER]) and draft.opening <= CURT_OPENING)


@window_score(-0.9, of_joints=True)
def two_tips_in_one(draft: Draft) -> float:
    """A further sentence would make a tip of its own."""
    return float(draft.own_tips - 1)


@window_score(-0.4)
def contrast_lost(draft: Draft) -> float:
    """'However' was taken off, and what it stood against is not here."""
    return float(draft.contrast_lost)


@window_score(-0.8)
def qualifier_lost(draft: Draft) -> float:
    """The next sentence qualifies this one and does not fit."""
    return float(draft.qualifier_lost)
