"""The few changes that a tip's text may have against its quote, each in words, each replayable.

`replay(quote, edits)` makes the text again from the quote, so that nothing can be changed without being said:

    joined lines                      white space made single
    joined list items                 bullets taken off, each item ended with a full stop, set one after the other
    joined the list to its intro      bullets taken off, the items set after the intro's colon
    removed 'Additionally, '          those characters, at the beginning of the text
    removed 'also ' within            those characters, where they first stand ("also", "as well", "too")
    began with a capital              the first letter
    added a full stop                 at the end
"""

import re
from collections.abc import Iterable

JOINED_LINES = "joined lines"
JOINED_ITEMS = "joined list items"
JOINED_INTRO = "joined the list to its intro"
CAPITAL = "began with a capital"
FULL_STOP = "added a full stop"

_REMOVED = re.compile(r"removed '(.*)'( within)?(?: \(.*\))?", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[-*•·▪◦‣●○■–—+✓✔➤→]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")
_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*$")


def removed(words: str, *, within: bool = False, note: str = "") -> str:
    """The edit that takes `words` off the beginning, or from where they first stand."""
    return f"removed '{words}'" + (" within" if within else "") + (f" ({note})" if note else "")


def replay(quote: str, edits: Iterable[str]) -> str:
    """The text that the edits make of the quote."""
    text = quote
    for edit in edits:
        text = _apply(text, edit)
    return text


def _apply(text: str, edit: str) -> str:
    if edit == JOINED_LINES:
        return single_spaced(text)
    if edit == JOINED_ITEMS:
        return " ".join(ended(item) for item in items(text))
    if edit == JOINED_INTRO:
        intro, *rest = items(text)
        return join_to_intro(intro, rest)
    if edit == CAPITAL:
        return capital(text)
    if edit == FULL_STOP:
        return ended(text)
    found = _REMOVED.fullmatch(edit)
    if found is None:
        raise ValueError(f"no such edit: {edit}")
    return text.replace(found[1], "", 1) if found[2] else text.removeprefix(found[1])


def needs_joining(text: str) -> bool:
    """Whether there is white space in it other than single spaces."""
    return "  " in text or (not text.isprintable() and text != single_spaced(text))


def single_spaced(text: str) -> str:
    return " ".join(text.split())


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def ended(text: str) -> str:
    """With a full stop, unless it ends in a mark; a comma or semicolon there gives way to it."""
    return text if _ENDED.search(text) else text.rstrip(" ,;") + "."


def items(text: str) -> list[str]:
    """A list's lines without their bullets; a line that has none and follows an item goes on with it.

    So does one that is not set in, where the items have bullets; where none has, each line is an item.
    """
    found: list[str] = []
    lines = text.splitlines()
    are_marked = any(_BULLET.match(line) for line in lines[1:])
    for line in lines:
        bare = _BULLET.sub("", line, count=1).strip()
        if not bare:
            continue
        goes_on = bare == line.strip() and (are_marked or line[:1].isspace())
        if found and goes_on and not found[-1].endswith(":"):
            found[-1] += " " + bare
        else:
            found.append(bare)
    return found


def join_to_intro(intro: str, parts: list[str]) -> str:
    """'Before the session, avoid: sun, scrubs and saunas.'"""
    bare = [part.rstrip(" .,;") for part in parts]
    bare = [part.removesuffix(" and").removesuffix(" or").rstrip(" ,;") for part in bare]
    separator = "; " if any("," in part for part in bare) else ", "
    last = " and " if separator == ", " else "; and "
    listed = separator.join(bare[:-1]) + last + bare[-1] if len(bare) > 1 else "".join(bare)
    return f"{intro.rstrip(' :')}: {listed}."
