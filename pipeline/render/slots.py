"""Content never passes through a template or the MJML compiler: it waits outside, and a slot stands for it.

A slot is a token of letters and digits. The template places it, the compiler carries it, and `fill` puts the
content in its stead in one pass over the compiled HTML; so no text, whatever it holds, can act as template, as
MJML or as another slot. Each slot is made for its kind, and escaped for it: text (also in an attribute), HTML (from
`markdown.to_html` alone), or the address of a link.
"""

import html
import re
from collections import Counter

from pipeline.errors import TipsheetError
from pipeline.render import plain
from pipeline.render.targets import target_or_nothing

_TOKEN = re.compile(r"TIPSHEETSLOT([0-9]+)ENDSLOT")
_REMNANT = re.compile(r"TIPSHEETSLOT", re.IGNORECASE)


class SlotError(TipsheetError):
    """A design lost or changed a slot, so that words of the issue would be missing."""


class Slots:
    """The contents of one rendering, by slot. An empty value has an empty slot, so that a template can ask for it."""

    def __init__(self) -> None:
        self._contents: list[str] = []

    def text(self, value: str) -> str:
        """A slot for one line of plain text."""
        return self._slot(html.escape(plain.one_line(value)))

    def lines(self, value: str) -> str:
        """A slot for plain text whose line ends count; for element content, not for attributes."""
        lines = (html.escape(plain.one_line(line)) for line in plain.clean(value).strip().split("\n"))
        return self._slot("<br />".join(lines))

    def html(self, value: str) -> str:
        return self._slot(value)

    def link(self, value: str) -> str:
        """A slot for the address of a link, empty when it is none that a reader may follow."""
        return self._slot(html.escape(target_or_nothing(value)))

    def fill(self, template: str, compiled: str) -> str:
        """The compiled text with its contents. Raises SlotError if compiling lost a slot of `template`."""
        placed, kept = Counter(_TOKEN.findall(template)), Counter(_TOKEN.findall(compiled))
        # more than placed is right: MJML repeats the title as the label of the whole article
        lost = [self._contents[int(index)] for index in placed if kept[index] < placed[index]]
        if lost or len(_REMNANT.findall(compiled)) != kept.total():
            shown = ", ".join(plain.shorten(text, 60) for text in lost) or "a slot in another case"
            raise SlotError(
                f"the design lost words on the way to HTML: {shown}; let it place each value as it is, in a tag that "
                "MJML shows, without filters that change letters"
            )
        return _TOKEN.sub(lambda match: self._contents[int(match[1])], compiled)

    def _slot(self, content: str) -> str:
        if not content:
            return ""
        self._contents.append(content)
        return f"TIPSHEETSLOT{len(self._contents) - 1}ENDSLOT"
