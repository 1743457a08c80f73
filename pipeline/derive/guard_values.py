"""Bare values in digits and words: 1,200 · 0.5 · 1/2 · ½ · twenty five · two and a half · a dozen."""

from collections.abc import Sequence
from functools import cache

from pipeline.derive.lexicon_files import groups
from pipeline.derive.normalise import Word

LARGEST = 1e12  # nothing in a tip is larger; a longer run of digits is no amount
_AFTER_ARTICLE = frozenset({"half", "third", "quarter", "dozen", "couple", "hundred"})


@cache
def table(group: str) -> dict[str, str]:
    """An entry of units.txt is 'word value' or 'word value dimension'; the value stays text."""
    return {entry.split()[0]: " ".join(entry.split()[1:]) for entry in groups("guard/units")[group]}


@cache
def _unit_sizes() -> dict[str, float]:
    parts = (size.split() for size in table("units").values())
    return {name: float(factor) for factor, _, name in parts}


def unit_size(name: str) -> float:
    """How much of the base unit the unit of that name ('month') comes to."""
    return _unit_sizes().get(name, 0.0)


def lower(found: Sequence[Word], position: int) -> str:
    """The word at `position`; '' beyond either end."""
    return found[position].lower if 0 <= position < len(found) else ""


def value_at(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    """The number that opens at `position`, and the position after it."""
    word = lower(found, position)
    if word[:1].isdigit():
        return _digits(found, position)
    if word in table("fractions"):
        return float(table("fractions")[word]), position + 1
    part = _part(found, position)
    if part is not None:
        return part
    if word in {"once", "twice", "thrice"} or (word == "quarter" and _is_cut(found, position)):
        return None
    if word in {"a", "one"} and lower(found, position + 1) in _AFTER_ARTICLE:
        return _value_word(found, position + 1)
    return _value_word(found, position)


def _part(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    """'a fifth of', 'two thirds', 'three-quarters'; 'the fifth day' is no part."""
    word, after = lower(found, position), position + 1
    times = 1.0 if word in {"a", "one"} else float(table("numbers").get(word, 0))
    after += 1 if lower(found, after) == "-" else 0
    name = lower(found, after)
    below = table("parts").get(name.removesuffix("s"))
    if below is None or not 1 <= times <= 9 or (times == 1) == name.endswith("s"):
        return None
    follows = lower(found, after + 1)
    whole = times > 1 or follows in {"of", "or", "to", "the", "more", "less"} or not follows.isalpha()
    return (times / float(below), after + 1) if whole else None


def _is_cut(found: Sequence[Word], position: int) -> bool:
    """'quarter the grapes' cuts; 'a quarter', 'quarter of an hour' counts."""
    before, after = lower(found, position - 1), lower(found, position + 1)
    counted = before in {"a", "one", "the", "first", "last", "and"}
    return not counted and after not in {"of", "to", "past", "an", "-", "full"}


def _digits(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    raw = found[position].lower
    try:
        value = float(raw.replace(",", "") if _groups_thousands(raw) else raw.replace(",", "."))
    except ValueError:
        return None
    if value > LARGEST:
        return None
    position += 1
    if lower(found, position) == "/" and lower(found, position + 1).isdigit() and value < 10:
        below = float(found[position + 1].lower)
        return (value / below, position + 2) if 0 < below <= (16 if value > 1 else 8000) else (value, position)
    if lower(found, position) in table("fractions"):
        return value + float(table("fractions")[lower(found, position)]), position + 1
    if lower(found, position) in {"million", "billion", "thousand", "hundred"}:
        return value * float(table("numbers")[lower(found, position)]), position + 1
    return value, position


def _groups_thousands(raw: str) -> bool:
    head, *rest = raw.split(",")
    return bool(rest) and all(len(part.split(".")[0]) == 3 for part in rest) and head != "0"


def _value_word(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    """twenty five · two and a half · one hundred and twenty · a dozen."""
    known = table("numbers")
    if lower(found, position) not in known:
        return None
    total, position = float(known[lower(found, position)]), position + 1
    while position < len(found):
        skip = 1 if lower(found, position) in {"-", "and"} else 0
        word = lower(found, position + skip)
        if word in {"hundred", "thousand", "million"} and skip == 0:
            total *= float(known[word])
        elif word in known and _adds(total, float(known[word])) and (skip or total >= 20):
            total += float(known[word])
        elif skip and word == "a" and lower(found, position + 2) in {"half", "quarter"}:
            total += float(known[lower(found, position + 2)])
            skip += 1
        else:
            break
        position += skip + 1
    return total, position


def _adds(total: float, more: float) -> bool:
    """Whether 'total more' is one number: twenty five, a hundred and twenty; not 'two three'."""
    return (total % 100 >= 20 and total % 10 == 0 and 0 < more < 10) or (
        total >= 100 and total % 100 == 0 and more < 100
    )
