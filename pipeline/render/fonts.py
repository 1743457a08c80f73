"""The fonts of a newsletter's mails: pairs for headings and for text, of what every reader's machine has.

No font is fetched: mail programs refuse most of it, and a download would tell who reads. The `*_mso` stacks are for
Outlook for Windows, which falls back to Times where it does not know the first name of a stack.
"""

from dataclasses import dataclass

GEORGIA = "Georgia, 'Times New Roman', serif"
SYSTEM = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_GEORGIA_MSO, _SYSTEM_MSO = "Georgia, serif", "Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Fonts:
    """Values of CSS `font-family`."""

    heading: str
    text: str
    heading_mso: str
    text_mso: str


HOUSE = Fonts(GEORGIA, SYSTEM, _GEORGIA_MSO, _SYSTEM_MSO)
_BY_NAME = {
    "house": HOUSE,
    "sans": Fonts(SYSTEM, SYSTEM, _SYSTEM_MSO, _SYSTEM_MSO),
    "serif": Fonts(GEORGIA, GEORGIA, _GEORGIA_MSO, _GEORGIA_MSO),
}


def fonts(name: str) -> Fonts:
    """The pair that a newsletter chose (`editorial.content.FONTS`); the house's for a name that is none."""
    return _BY_NAME.get(name, HOUSE)
