"""What bounds a number: 'at least', 'up to', 'over', 'about', before it or after it, and the scale it counts on."""

from collections.abc import Sequence
from functools import cache

from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.guard_values import lower, table
from pipeline.derive.lexicon_files import groups
from pipeline.derive.normalise import Word

_ROUGHLY = frozenset({"about", "around", "roughly"})
_PASSED = frozenset({"the", "next", "last", "first", "past", "a", "-", "every", "each"}) | _ROUGHLY
_COUNTED_BACK: dict[tuple[str, ...], str] = {
    ("no", "later", "than"): "least",
    ("no", "earlier", "than"): "most",
}  # '… two days before'
ARTICLES = frozenset({"a", "an", "another", "last", "final"})
SCALES = frozenset({"spf", "ph", "factor", "step", "age", "aged", "number"})


def scale_before(found: Sequence[Word], start: int) -> int:
    """The place of the word before a number, past 'of', 'at least' and their like: SPF of at least 30."""
    place = start - 1
    while (
        place >= 0
        and start - place < 6
        and lower(found, place) in {"of", "at", "least", "about", "a", "around", "between", "from", "value"}
    ):
        place -= 1
    return place


_ALLOWED = 7  # words behind a time in which 'to …' tells what it is given for


def bounded(
    found: Sequence[Word], start: int, end: int, made: tuple[float, float, str, str], *, weak: bool
) -> Quantity:
    """The quantity with the bound and the 'about' that stand before or after it."""
    scale = scale_before(found, start)
    opens = scale if lower(found, scale) in SCALES else start  # 'at least SPF 30'
    bound, approximate, first, last = "", False, start, end
    said = {word.lower for word in found}
    for group in ("least", "most", "over", "under", "approximate"):
        for parts in filter(said.issuperset, parts_of(group)):  # most bounds have a word that stands nowhere
            begins = _ends_at(found, opens, parts, made[2]) if parts[0] not in {"or", "and"} else None
            follows = " ".join(parts) in groups("guard/units")["trailing"] and (
                stands_at(found, end, parts) or (parts[0] in {"at", "or", "is"} and _closes(found, end, parts))
            )
            if (begins is None and not follows) or (parts == ("up", "to") and _is_goal(found, begins)):
                continue
            first = min(first, begins if begins is not None else first)
            last = max(last, end + len(parts) if follows else last)
            approximate = approximate or group == "approximate"
            bound = bound or _turned(found, parts, begins, end) or (group if group != "approximate" else "")
    low, high, dimension, unit = made
    bound = bound or ("most" if dimension == "time" and _is_allowed(found, start, end) else "")
    return Quantity(low, high, dimension, unit, bound, approximate, weak, start, end, first, last)


def _is_allowed(found: Sequence[Word], start: int, end: int) -> bool:
    """'You have three months from the journey to ask for it': no longer than that."""
    after = [word.lower for word in found[end : end + _ALLOWED]]
    has = lower(found, start - 1) in {"have", "has", "get", "gets", "got"}
    return has and "to" in after and all(each.isalpha() for each in after[: after.index("to")])


def _is_goal(found: Sequence[Word], begins: int | None) -> bool:
    """'Bring it up to 105 °C' names the heat to reach, not a limit."""
    before = {word.lower for word in found[max(0, (begins or 0) - 4) : begins or 0]}
    return not before.isdisjoint({"bring", "brings", "heat", "heats", "heated", "raise", "raises", "raised", "brought"})


def _turned(found: Sequence[Word], parts: tuple[str, ...], begins: int | None, end: int) -> str:
    """'no later than two days before' is at least two days, 'no wider than 5 cm' at most 5 cm; else ''."""
    if lower(found, end) in {"before", "ahead", "earlier", "prior"}:
        return _COUNTED_BACK.get(parts, "")
    if begins is None or parts[-1] != "than" or lower(found, begins - 1) not in {"no", "not"}:
        return ""
    return "most" if parts in parts_of("over") else "least" if parts in parts_of("under") else ""


def _closes(found: Sequence[Word], end: int, parts: tuple[str, ...]) -> bool:
    """'5% of their diet at most': the bound stands a little after its number, with no mark between."""
    for place in range(end + 1, min(end + 5, len(found))):
        before = found[place - 1]
        pauses = before.text == "," and parts[0] == "or" and stands_at(found, place, parts)  # 'a day ahead, or earlier'
        if (
            not (before.is_word or before.text in {"/", "'", "’"} or pauses)
            or before.lower[:1].isdigit()
            or before.lower in {"and", "or", "but"}
        ):
            return False
        if stands_at(found, place, parts):
            after = place + len(parts)
            following = lower(found, after)
            if found[place - 1].text == "," and following.isalpha():
                return False  # '…, or sooner if it is worn' is another condition
            closed = parts[0] == "is" or following not in ARTICLES
            return closed and not following[:1].isdigit() and following not in table("numbers")
    return False


@cache
def parts_of(group: str) -> tuple[tuple[str, ...], ...]:
    """The group's entries, word by word."""
    return tuple(tuple(entry.split()) for entry in groups("guard/units")[group])


def stands_at(found: Sequence[Word], position: int, parts: tuple[str, ...]) -> bool:
    if lower(found, position) != parts[0]:
        return False
    return tuple([word.lower for word in found[position : position + len(parts)]]) == parts


def _ends_at(found: Sequence[Word], position: int, parts: tuple[str, ...], dimension: str) -> int | None:
    """Where the words begin that stand before `position`, articles and 'the next' passed over; None if they do not."""
    place = position
    lasts = parts == ("over",) and dimension in {"count", "times", "time"}  # 'it fades over about 8 washes'
    passed = _PASSED - _ROUGHLY if lasts else _PASSED
    for part in reversed(parts):
        place -= 1
        while place > 0 and lower(found, place) in passed - {part} and part != "a":
            place -= 1
        if lower(found, place) != part:
            return None
    return place
