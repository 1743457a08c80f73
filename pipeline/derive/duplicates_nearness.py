"""Words that stand near each other in a dictionary of senses, by `lexicons/wordnet/words.txt`.

Weaker than related words: most words have several senses, and only one of them is meant.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from pipeline.derive.guard_opposites import opposites_of
from pipeline.derive.lexicon_files import words_in_order
from pipeline.derive.normalise import stem

_SHARES = (0.8, 0.6, 0.3)
"""What a word of the same sense counts beside the same word; one derived from it or similar; one more general."""
_KEPT = 4096
_NONE: Mapping[str, float] = MappingProxyType({})


def nearness(word: str) -> Mapping[str, float]:
    """The stems near a word, each with what it counts beside the word itself. An opposite counts nothing."""
    return _nearness(stem(word))


@lru_cache(maxsize=_KEPT)
def _nearness(base: str) -> Mapping[str, float]:
    told = _table().get(base)
    if told is None:
        return _NONE
    turned = opposites_of(base)
    parts = zip(told.split("|"), _SHARES, strict=True)
    return {other: share for part, share in parts for other in part.split() if other not in turned}


@cache
def _table() -> dict[str, str]:
    """Stem → its line, which is only read when it is asked for."""
    lines = (line.partition(":") for line in words_in_order("wordnet/words"))
    return {word: rest for word, _, rest in lines}
