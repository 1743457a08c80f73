"""Headings of one document look alike: a lone line of a weaker style among them is taken back.

A line that only could be a heading (short, a capital, no stop) is weak. It stays where the document has no style of
its own; where its other headings are marked, numbered, asked, in capitals or in title case, it needs company: a second
such line in the same section makes both of them sub-headings.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import groupby, pairwise

from pipeline.documents import heading_lines
from pipeline.documents.boilerplate import is_boilerplate_heading
from pipeline.documents.drafts import Draft, Mark
from pipeline.documents.model import BlockKind

FEWEST_ALIKE = 3
"""Headings that make a style."""
OUTNUMBER = 2
"""How many times as many headings as weak lines a style must have to be the document's own."""
SHARE = 0.75
"""More than this of the headings that are more than plain: in a document of several styles none is its own."""
FEWEST_STATING = 2
"""Other headings that are sentences too, where one is believed."""


class Style(IntEnum):
    PLAIN = 0
    TITLE = 1
    CAPITALS = 2
    ASKED = 3
    NUMBERED = 4
    MARKED = 5


_SERIES = (Style.NUMBERED, Style.ASKED)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A heading of the document and what stands around it."""

    draft: Draft
    style: Style
    before: Draft | None
    following: Draft
    is_subtitle: bool

    @property
    def blanks(self) -> tuple[bool, bool]:
        return self.draft.after_blank, self.following.after_blank


@dataclass(slots=True)
class _Headings:
    """All headings of a document below its title, and what they have in common, counted once."""

    places: list[_Place]
    own: Style | None = None
    sentences: int = 0
    pronouns: int = 0
    blanks: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    plain_blanks: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    in_company: set[_Place] = field(default_factory=set)
    series: tuple[int, int] = (0, 0)
    """Where the headings of the document's own style begin and end, by their offsets in the text."""

    def __post_init__(self) -> None:
        self.own = _own_style(self.places)
        self.sentences = sum(heading_lines.is_sentence(place.draft.words) for place in self.places)
        self.pronouns = sum(heading_lines.opens_with_pronoun(place.draft.words) for place in self.places)
        self.blanks.update(place.blanks for place in self.places)
        self.plain_blanks.update(place.blanks for place in self.places if place.style is Style.PLAIN)
        for _, siblings in groupby(self.places, key=lambda place: (place.style, place.following.after_blank)):
            self.in_company.update(_company(list(siblings)))
        own = [place.draft.start for place in self.places if place.style is self.own]
        self.series = (own[0], own[-1]) if own else (0, 0)


def undo_strangers(drafts: list[Draft]) -> None:
    """Makes paragraphs again of the headings that their document speaks against."""
    _undo_openings_of_sentences(drafts)
    places = _places(drafts)
    below = [place for place in places if place.before is not None or place.style in _SERIES]  # else it is the title
    headings = _Headings(below)
    strangers = [place for place in below if _is_odd(place, headings) or _is_stranger(place, headings)]
    for place in strangers:
        place.draft.kind = BlockKind.PARAGRAPH


def _undo_openings_of_sentences(drafts: list[Draft]) -> None:
    """'Salt water, twice a day', over 'is all that most ears need': the text goes on where the line ends."""
    if sum(draft.words[0].islower() for draft in drafts if draft.kind is BlockKind.PARAGRAPH) * 3 > len(drafts):
        return
    for draft, following in pairwise(drafts[1:]):
        is_bare = draft.kind is None and draft.mark is None and not draft.underline and not draft.is_numbered
        if is_bare and following.kind is BlockKind.PARAGRAPH and _goes_on(following.words):
            draft.kind = BlockKind.PARAGRAPH


def _goes_on(line: str) -> bool:
    """Small letters, but for names like eBay."""
    return line[0].islower() and not line[1:2].isupper()


def _places(drafts: list[Draft]) -> list[_Place]:
    return [
        _Place(draft, _style(draft), before, following, _is_subtitle(draft, before, drafts[0]))
        for before, draft, following in zip([None, *drafts], drafts, drafts[1:], strict=False)
        if draft.kind is None
    ]


def _is_subtitle(draft: Draft, before: Draft | None, title: Draft) -> bool:
    return before is title and title.kind is None and draft.after_blank


def _style(draft: Draft) -> Style:
    line = draft.words
    if draft.underline or draft.mark is Mark.HASH:
        return Style.MARKED
    if draft.is_numbered or heading_lines.is_numbered(line):
        return Style.NUMBERED
    if draft.mark is Mark.QUESTION:
        return Style.ASKED
    if line.isupper():
        return Style.CAPITALS
    return Style.TITLE if heading_lines.is_title_case(line) else Style.PLAIN


def _own_style(places: list[_Place]) -> Style | None:
    counts = Counter(place.style for place in places if place.style is not Style.PLAIN or _is_weak(place.draft.words))
    plain = counts.pop(Style.PLAIN, 0)
    if not counts:
        return None
    style, count = counts.most_common(1)[0]
    total = counts.total()
    is_most = count > SHARE * total or (style is Style.MARKED and count == SHARE * total)
    return style if is_most and count >= max(FEWEST_ALIKE, OUTNUMBER * plain) else None


def _is_weak(line: str) -> bool:
    """A question and a single word are as good in any style."""
    return line[-1] != "?" and len(line.split()) > 1


def _company(siblings: list[_Place]) -> list[_Place]:
    """Two weak lines or more in one section, the first of them right under its heading: they hold each other."""
    are_weak = len(siblings) > 1 and siblings[0].style is Style.PLAIN
    return siblings if are_weak and _is_under_heading(siblings[0]) else []


def _is_under_heading(place: _Place) -> bool:
    return place.before is not None and place.before.kind is None


def _is_odd(place: _Place, headings: _Headings) -> bool:
    """A plain line that says something, or an entry of a table."""
    if place.style is not Style.PLAIN or _is_excepted(place):
        return False
    line = place.draft.words
    if heading_lines.is_sentence(line):
        alike = headings.pronouns if heading_lines.opens_with_pronoun(line) else headings.sentences
        return alike <= FEWEST_STATING
    return heading_lines.is_entry_of_table(line)


def _is_stranger(place: _Place, headings: _Headings) -> bool:
    own = headings.own
    if _is_excepted(place) or place in headings.in_company:
        return False
    if place.style is Style.PLAIN and _stands_otherwise(place, headings):
        return True
    if own is None or place.style is own:
        return False
    if own in _SERIES and not headings.series[0] < place.draft.start < headings.series[1]:
        return False
    if own is Style.MARKED:
        if place.style is Style.CAPITALS and _stands_over_much(place):
            return False
        return place.style in (Style.PLAIN, Style.TITLE, Style.CAPITALS)
    return place.style is Style.PLAIN and not (own in (Style.TITLE, Style.CAPITALS) and _asks_apart(place, own))


def _stands_over_much(place: _Place) -> bool:
    """A long phrase, set apart on both sides, over a paragraph several times as long: no sign, no slogan."""
    is_phrase = place.blanks == (True, True) and len(place.draft.words.split()) > 3
    return is_phrase and place.following.kind is BlockKind.PARAGRAPH and place.following.length > 3 * place.draft.length


def _is_excepted(place: _Place) -> bool:
    """A section's name that every document has; a line over questions; the one under the title, set apart."""
    over_question = place.following.kind is None and place.following.words[-1] == "?"
    over_question = over_question or any(
        heading_lines.is_part_of_recipe(each.words) for each in (place.draft, place.following)
    )
    return over_question or place.is_subtitle or is_boilerplate_heading(place.draft.words)


def _asks_apart(place: _Place, own: Style) -> bool:
    """A question, or in title case a single word, which has nothing small in it to tell it by."""
    is_one_word = own is Style.TITLE and len(place.draft.words.split()) == 1
    return is_one_word or heading_lines.asks(place.draft.words)


def _stands_otherwise(place: _Place, headings: _Headings) -> bool:
    """Whether all others have a blank line before them and this has none, or the same behind them.

    Weak lines that are set like this one speak neither for it nor against it.
    """
    if _is_under_heading(place):
        return False  # a part and its first section
    others = headings.blanks.copy()
    others[place.blanks] -= headings.plain_blanks[place.blanks]
    count = others.total()
    if count < FEWEST_ALIKE or count * 3 < 2 * (len(headings.places) - 1):
        return False
    with_blank_before = others[True, False] + others[True, True]
    with_blank_behind = others[False, True] + others[True, True]
    before, behind = place.blanks
    is_apart = behind and not with_blank_behind and count > FEWEST_ALIKE
    lacks_room = not behind and with_blank_behind == count
    return (not before and with_blank_before == count) or (
        (is_apart or lacks_room) and place.following.kind is not None
    )
