"""Opposites that tell one thing: a state that is over, awaited, or kept out of (*out of the sun*: *in the shade*)."""

from pipeline.derive.guard_pair import Pair
from pipeline.derive.guard_reading import Reading

_WAITS = frozenset({"before", "until", "till", "once", "after", "first", "then", "wait"})


def still_to_come(one: Reading, index: int) -> bool:
    """'While it is wet' and 'before it dries' are one time."""
    before = {word.lower for word in one.words[max(0, index - 4) : index]}
    return not before.isdisjoint({"before", "until"}) and one.words[index].lower not in {"before", "until"}


def is_kept_out(one: Reading, index: int) -> bool:
    """'Out of the sun' and 'in the shade' are one place."""
    before = [word.lower for word in one.words[max(0, index - 3) : index] if word.lower != "the"]
    return before[-2:] == ["out", "of"]


def has_none(one: Reading, index: int) -> bool:
    """'with no pillow' is 'without a pillow'."""
    after = one.words[index + 1].lower if index + 1 < len(one.words) else ""
    return one.words[index].lower == "with" and after in {"no", "zero", "neither", "not"}


def waited_out(pair: Pair, source_index: int, text_index: int) -> bool:
    """'Do not open it while it is hot' and 'let it cool before you open it': the one state is over in the other."""
    return _while_denied(pair.source, source_index) != _while_denied(pair.text, text_index) and (
        _awaited(pair.text, text_index) or _awaited(pair.source, source_index)
    )


def _while_denied(one: Reading, index: int) -> bool:
    """Whether the word stands in a 'while …' of a sentence that forbids."""
    sentence = one.words[index].sentence
    opens = next((i for i in one.in_clause(index) if one.words[i].is_word), index)
    forbids = any(one.words[n.start].sentence == sentence and n.start < opens for n in one.negators)
    return forbids and one.words[opens].lower in {"while", "when", "if", "whilst"}


def _awaited(one: Reading, index: int) -> bool:
    """'let it cool before …', 'once it is cool', 'first cool it'."""
    return any(word.sentence == one.words[index].sentence and word.lower in _WAITS for word in one.words)
