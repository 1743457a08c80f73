"""Content never passes through a template or the MJML compiler: it waits outside, and a slot stands for it.

A slot is a token of letters and digits. The template places it, the compiler carries it, and `fill` puts the content
in its stead, once, in one pass; so no text, whatever it holds, can act as template, as MJML or as markup. Nor can a
text name a slot: the token holds a hash of the whole content, that text included.

Plain content is escaped for HTML, text or attribute alike, and filled in last. Rich content is HTML already, from
`markdown.to_html` alone; it is filled in before the CSS is inlined, so that it gets its styles.
"""

import hashlib
import html
import re
from collections import Counter

from pipeline.errors import TipsheetError
from pipeline.render import plain
from pipeline.render.targets import target_or_nothing


class SlotError(TipsheetError):
    """A design lost or changed a slot, so that words of the issue would be missing."""


class Slots:
    """The contents of one rendering, by slot. An empty value has an empty slot, so that a template can ask for it.

    `seed` is the content that is rendered, as text.
    """

    def __init__(self, seed: str) -> None:
        self._prefix = f"TIPSHEET{hashlib.sha256(seed.encode(errors='backslashreplace')).hexdigest()[:16].upper()}SLOT"
        self._token = re.compile(f"{self._prefix}([0-9]+)END")
        self._contents: list[str] = []
        self._rich: set[int] = set()

    def put(self, content: str) -> str:
        """A slot for content that is ready as it is, and filled in last."""
        if not content:
            return ""
        self._contents.append(content)
        return f"{self._prefix}{len(self._contents) - 1}END"

    def rich(self, content: str) -> str:
        """A slot for sanitised HTML."""
        self._rich.add(len(self._contents))
        return self.put(content)

    def text(self, value: str) -> str:
        """A slot for one line of plain text in HTML."""
        return self.put(html.escape(plain.one_line(value)))

    def lines(self, value: str) -> str:
        """A slot for plain text whose line ends count; in an element, not in an attribute."""
        return self.put("<br>".join(html.escape(line) for line in plain.lines(value)))

    def link(self, value: str) -> str:
        """A slot for the address of a link, empty when it is none that a reader may follow."""
        return self.put(html.escape(target_or_nothing(value)))

    def fill_rich(self, compiled: str) -> str:
        return self._token.sub(
            lambda match: self._contents[int(match[1])] if int(match[1]) in self._rich else match[0], compiled
        )

    def fill(self, compiled: str) -> str:
        return self._token.sub(lambda match: self._contents[int(match[1])], compiled)

    def check_kept(self, template: str, compiled: str) -> None:
        """Raises SlotError if compiling lost or changed a slot that the template placed; more of one is right, as
        MJML repeats the title as the label of the whole article.
        """
        placed, kept = Counter(self._token.findall(template)), Counter(self._token.findall(compiled))
        lost = [self._contents[int(index)] for index in placed if kept[index] < placed[index]]
        if len(re.findall(self._prefix, compiled, re.IGNORECASE)) > kept.total():
            lost.append("a value whose letters were changed")
        if lost:
            shown = ", ".join(plain.shorten(text, 60) for text in lost)
            raise SlotError(
                f"the design lost words on the way: {shown}; let it place "
                "each value as it is, in a tag that MJML shows, without filters that change letters"
            )
