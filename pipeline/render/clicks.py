"""Counting the clicks on a mail's links, without person: only for a newsletter that switched it on.

A counted link leads through this installation, which adds one to the link's count and passes the reader on. Its
address is the same in every reader's mail, so that nothing can tell who followed it. Counted are the links that carry
UTM parameters (see `utm.py`), in the HTML and in the text part. Never counted: a tip's sources, a reader's own links,
mail addresses, and links whose words are an address themselves: those lead where they say.
"""

import html
import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.render.model import CountedLink, RenderedEmail
from pipeline.render.targets import split, target_or_nothing

AddressOf = Callable[[int], str]  # the counted address of the link with that number

_AN_ADDRESS = re.compile(r"\s*(\w+://|www\.|[\w-]+(\.[\w-]+)+(/|\s*$))", re.IGNORECASE)


class ClickCounter:
    """Numbers the links of one mail in the order in which they come; the same link in the same tip is one."""

    def __init__(self, address_of: AddressOf | None) -> None:
        self._address_of = address_of
        self._links: dict[tuple[str, str], CountedLink] = {}

    @property
    def counts(self) -> bool:
        return self._address_of is not None

    @property
    def links(self) -> tuple[CountedLink, ...]:
        return tuple(self._links.values())

    def link(self, url: str, anchor: str, words: str = "", *, target: str = "") -> str:
        """The address to put into the mail: `url` as it is, or a counted one that leads to `target` (`url` when '').

        `words` are the link's own, as a reader sees them.
        """
        target = (target or url).strip()
        parts = split(target)
        if self._address_of is None or parts is None or parts.scheme not in {"http", "https"}:
            return url
        if not target_or_nothing(target) or _AN_ADDRESS.match(words):
            return url
        number = len(self._links) + 1
        fresh = CountedLink(number, anchor, target, self._address_of(number))
        return self._links.setdefault((anchor, target), fresh).counted_url


def uncounted(rendered: RenderedEmail) -> RenderedEmail:
    """The mail with every link as it was written: to look at and to check, so that nobody's own look is counted."""
    if not rendered.links:
        return rendered
    targets = {link.counted_url: link.url for link in rendered.links}
    known = re.compile("|".join(map(re.escape, sorted(targets, key=len, reverse=True))))
    return replace(
        rendered,
        html=known.sub(lambda found: html.escape(targets[found[0]]), rendered.html),
        text=known.sub(lambda found: targets[found[0]], rendered.text),
        links=(),
    )
