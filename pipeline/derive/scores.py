"""The scores: what makes a sentence worth printing, and what makes it fluff. Their words: lexicons/tips/signals.txt.

A point is about what an order is worth half: "Rinse with cool water" earns two, and two abstract words cost one half.
"""

from pipeline.derive import grammar
from pipeline.derive.rules import Setting, score, word_score
from pipeline.derive.tokens import COMMA, DIGIT, FUNCTION, NUMBER_WORD, STEMS, UNIT, WORD, Sentence, bit

_CONSULT, _CONDITION, _TIME, _SAFETY, _ABSTRACT = (
    bit(name) for name in ("consult", "condition", "time", "safety", "abstract")
)
_MARKETING, _EFFECT, _ADVICE, _REASON, _SUCH_AS = (
    bit(name) for name in ("marketing", "effect", "advice", "reason", "such_as")
)
_PROMISES = frozenset(["ensure", "ensures", "ensuring", "seeking", "enhance", "ideal", "vital", "essential"])


def _count(sentence: Sentence, bits: int) -> int:
    return sum(1 for mask in sentence.masks if mask & bits)


@score(2.0)
def order(sentence: Sentence, _setting: Setting) -> float:
    """It tells the reader what to do."""
    return float(grammar.imperative_at(sentence) >= 0)


word_score("advice", 1.2, "It recommends: should, need to, it is best to.")
word_score("condition", 0.6, "It says for whom or when.")
word_score("time", 0.6, "It names a time, a frequency or a duration.")
word_score("safety", 0.8, "It warns of what can go wrong.")
word_score("reason", 0.6, "It gives the why with the what.")
word_score("such_as", 0.4, "It names examples.")
word_score("effect", 0.6, "It says what something does.")


@score(0.5, needs=DIGIT | NUMBER_WORD)
def number(sentence: Sentence, _setting: Setting) -> float:
    """It is exact: a number with its unit, or a number alone for half."""
    if sentence.mask & (UNIT | _TIME):
        return 1.0
    return 0.5 if sentence.mask & DIGIT else 0.25


@score(0.3, needs=COMMA)
def series(sentence: Sentence, _setting: Setting) -> float:
    """It lists three things or more."""
    return float(_count(sentence, COMMA) >= 2 and ("and" in sentence.words or "or" in sentence.words))


@score(0.8)
def on_subject(sentence: Sentence, setting: Setting) -> float:
    """It speaks of what its section and document are about."""
    if not setting.subject:
        return 0.0
    shared = sum(1 for word in set(sentence.words) if STEMS[word] in setting.subject)
    return min(shared, 2) / 2


@score(0.4)
def on_heading(sentence: Sentence, setting: Setting) -> float:
    """It takes up a word of its heading."""
    return float(bool(setting.heading) and any(STEMS[word] in setting.heading for word in sentence.words))


@score(0.4)
def good_length(sentence: Sentence, _setting: Setting) -> float:
    """It is neither curt nor long-winded: 90 to 240 characters."""
    return float(90 <= len(sentence.text) <= 240)


@score(-1.0)
def curt(sentence: Sentence, _setting: Setting) -> float:
    """It is shorter than 60 characters."""
    return float(len(sentence.text) < 60)


@score(-0.7, needs=_MARKETING)
def selling_words(sentence: Sentence, _setting: Setting) -> float:
    """Selling words say little."""
    return float(min(_count(sentence, _MARKETING), 4))


@score(-1.1, needs=_CONSULT)
def ask_a_professional(sentence: Sentence, _setting: Setting) -> float:
    """'See a professional' alone is true of everything."""
    return 0.3 if sentence.mask & _CONDITION and sentence.mask & (_SAFETY | _TIME) else 1.0


@score(-0.3, needs=_ABSTRACT)
def abstract_words(sentence: Sentence, _setting: Setting) -> float:
    """The more abstract words, the less is said; one is free."""
    return float(min(_count(sentence, _ABSTRACT) - 1, 5))


@score(-0.6)
def big_promise(sentence: Sentence, _setting: Setting) -> float:
    """It ensures and enhances."""
    return float(any(word in _PROMISES for word in sentence.words))


@score(-0.9)
def conclusion(_sentence: Sentence, setting: Setting) -> float:
    """It sums up what was said before."""
    return float(setting.is_conclusion)


@score(-1.0)
def nothing_to_hold(sentence: Sentence, _setting: Setting) -> float:
    """No advice, no warning, no time, no number, no effect, no reason."""
    held = _ADVICE | _SAFETY | _TIME | DIGIT | _EFFECT | _REASON
    return float(not sentence.mask & held and grammar.imperative_at(sentence) < 0)


@score(-0.5)
def few_content_words(sentence: Sentence, _setting: Setting) -> float:
    """Hardly a word with content of its own."""
    return float(sum(1 for mask in sentence.masks if mask & WORD and not mask & (FUNCTION | _ABSTRACT)) < 5)
