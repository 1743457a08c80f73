"""The words of a text that may limit what it says, whatever they stand for: 'if', 'only', 'until', 'in', a colon."""

from collections.abc import Iterable, Iterator

from pipeline.derive.duplicates_related import related
from pipeline.derive.guard_pair import Pair
from pipeline.derive.lexicon_files import words
from pipeline.derive.normalise import Word

_BEHIND = 3  # words after a preposition in which its noun stands


def limits(found: Iterable[Word]) -> Iterator[str]:
    """The words that may limit what is said; 'go ahead' limits nothing."""
    known = words("guard/conditions", "limits")
    before = ""
    for word in found:
        if (word.lower in known or word.text in "?:–—") and (before, word.lower) != ("go", "ahead"):
            yield word.lower
        before = word.lower


def firm_limits(found: Iterable[Word]) -> Iterator[str]:
    """The same but for words that mostly say where, for what or with what."""
    weak = words("guard/conditions", "fronted") | {"as", "still", "that", ":", "–", "—"}
    return (each for each in limits(found) if each not in weak)


def limits_of_text(pair: Pair, own: list[int]) -> Iterator[str]:
    """The limits of the text; of 'for your curls', where the source's words are 'if your hair is fine', it is none.

    A preposition limits by the word behind it, which tells no more here than the condition's subject.
    """
    subject = [pair.source.words[i].lower for i in own]
    found = pair.text.words

    def leads_to_subject(index: int) -> bool:
        near = [j for j in pair.text.matter if index < j <= index + _BEHIND]
        return bool(near) and all(any(related(each, found[j].lower) for each in subject) for j in near)

    fronted = words("guard/conditions", "fronted")
    return limits(word for i, word in enumerate(found) if word.lower not in fronted or not leads_to_subject(i))
