"""Finds two parts of a sentence that have changed places, all else being left as it was.

'Apply the thinnest first and the thickest last' → 'Apply the thickest first and the thinnest last'. Parts that are
only joined by 'and', 'or' or a comma may stand in any order, and a phrase may move to the front.
"""

from collections.abc import Sequence

_JOINTS = frozenset({"and", "or", "as", "well", "with", "both", "a", "an", "the", "your"})
_COPULAS = frozenset({("is",), ("are",), ("remain",), ("be",)})
LONGEST = 7  # words in a part


def transposed(source: Sequence[str], text: Sequence[str], longest: int = LONGEST) -> tuple[int, int] | None:
    """Where the two parts begin in `text`, both given as stems; None where nothing but a swap explains the text."""
    if len(source) != len(text) or source == text or sorted(source) != sorted(text):
        return None
    first = next(i for i, (a, b) in enumerate(zip(source, text, strict=True)) if a != b)
    end = len(source)
    while source[end - 1] == text[end - 1]:
        end -= 1
    core, turned = tuple(source[first:end]), tuple(text[first:end])
    for left in range(1, min(longest, len(core) - 1) + 1):
        for right in range(1, min(longest, len(core) - left) + 1):
            middle = core[left : len(core) - right]
            if middle in _COPULAS and "the" in {core[0], core[len(core) - right]}:
                continue  # 'the best time is autumn', 'autumn is the best time'
            if core[len(core) - right :] + middle + core[:left] == turned and not set(middle) <= _JOINTS:
                return first, first + right + len(middle)
    return None
