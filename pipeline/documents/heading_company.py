"""Headings told, and untold, by the lines around them: a title's second line, a signature, the end of a list."""

import re
from itertools import pairwise

from pipeline.documents import heading_lines
from pipeline.documents.drafts import Draft, Mark
from pipeline.documents.model import BlockKind

LONGEST_SECOND_LINE_WORDS = 8
LONGEST_SIGNATURE = 3
"""Lines: a name, what somebody is, a place."""
LONGEST_NAME_WORDS = 5
MOST_INSET = 0.5
"""The share of indented blocks up to which an indent says something."""
LONGEST_SHOUT_WORDS = 4

_WORD = re.compile(r"[^\W\d_]{4,}")
_POSTSCRIPT = re.compile(r"p\.?\s?s\b", re.IGNORECASE)


def tell_second_line_of_title(drafts: list[Draft]) -> None:
    """'CAVALLO 200', 'Instruction Manual', a blank line: set like a title, of words that the text uses as words.

    Words that the text never writes in small letters are as good as a name: 'Moira Pettifer' wrote it.
    """
    if len(drafts) < 3:
        return
    title, second, after = drafts[:3]
    is_bare = second.mark in (None, Mark.BARE) and second.line_count == 1 and not second.underline
    if title.kind is not None or not is_bare or second.after_blank or not after.after_blank:
        return
    line = second.words
    bracketed = line[0] == "(" and line[-1] == ")"
    if line[-1] in ".!;,:…" or len(line.split()) > LONGEST_SECOND_LINE_WORDS or heading_lines.is_no_title(line):
        return
    in_brackets = bracketed and heading_lines.title_case_share(line) >= heading_lines.TITLE_CASE_SHARE
    if in_brackets or (heading_lines.is_title_case(line) and _is_of_common_words(line, drafts[2:])):
        second.kind = None


def _is_of_common_words(line: str, drafts: list[Draft]) -> bool:
    words = {word.lower() for word in _WORD.findall(line)}
    text = " ".join(draft.words for draft in drafts)
    return any(re.search(rf"\b{word}s?\b", text) for word in words)


def undo_by_neighbours(drafts: list[Draft]) -> None:
    """Makes paragraphs and items again of what neighbours show to be no heading."""
    _undo_inset(drafts)
    _undo_ends_of_lists(drafts)
    _undo_signatures(drafts)
    _undo_repeated_title(drafts)
    _undo_shouts(drafts)


def _is_bare(draft: Draft) -> bool:
    return draft.kind is None and draft.mark is None and not draft.underline


def _undo_inset(drafts: list[Draft]) -> None:
    """An address or a table set in from the left, among paragraphs that are not; a title may be centred."""
    if sum(draft.is_inset for draft in drafts) > MOST_INSET * len(drafts):
        return
    for before, draft in pairwise(drafts[1:]):
        beside = before.is_inset and not draft.after_blank
        if draft.is_inset and _is_bare(draft) and (beside or before.last_words[-1] in ".!?:"):
            draft.kind = BlockKind.PARAGRAPH


def _undo_ends_of_lists(drafts: list[Draft]) -> None:
    """The fifth of five numbered lines is an item as the four above it; 'Salt and pepper' ends the ingredients."""
    for before, draft, following in zip(drafts, drafts[1:], drafts[2:], strict=False):
        if draft.kind is not None or draft.underline:
            continue
        is_last = draft.is_numbered and not draft.after_blank and before.mark is Mark.NUMBER and before.is_item
        ends_counts = heading_lines.is_counted(before.words) and following.kind is None and not draft.words.isupper()
        if is_last or (_is_bare(draft) and not draft.is_numbered and ends_counts and draft.words[-1] != ":"):
            draft.kind = BlockKind.LIST_ITEM


def _undo_signatures(drafts: list[Draft]) -> None:
    """'Yours in Scouting,', 'Pete Hallam', 'Group Scout Leader'; 'Dave' over a postscript."""
    left = 0
    for draft, following in zip(drafts, [*drafts[1:], None], strict=False):
        if draft.line_count == 1 and heading_lines.ends_letter(draft.words):
            left = LONGEST_SIGNATURE
            continue
        is_short = _is_bare(draft) and not draft.is_numbered and len(draft.words.split()) <= LONGEST_NAME_WORDS
        over_postscript = following is not None and bool(_POSTSCRIPT.match(following.words))
        if is_short and (over_postscript or (left and not (draft.after_blank and left < LONGEST_SIGNATURE))):
            draft.kind = BlockKind.PARAGRAPH
            left = max(0, left - 1)
        else:
            left = 0


def _undo_repeated_title(drafts: list[Draft]) -> None:
    """The name of the house once more, over its address; and what stands right under it."""
    title = drafts[0].words.lower() if drafts else ""
    is_address = False
    for draft in drafts[3:]:
        is_address = _is_bare(draft) and (
            draft.words.lower() == title or (is_address and not draft.after_blank and not draft.is_numbered)
        )
        if is_address:
            draft.kind = BlockKind.PARAGRAPH


def _undo_shouts(drafts: list[Draft]) -> None:
    """'LAST ENTRY ONE HOUR BEFORE CLOSING', over the next heading in capitals: said of what stands above it."""
    for draft, following in pairwise(drafts[2:]):
        is_shout = _is_bare(draft) and draft.words.isupper() and len(draft.words.split()) > LONGEST_SHOUT_WORDS
        if is_shout and draft.after_blank and _is_bare(following) and following.words.isupper():
            draft.kind = BlockKind.PARAGRAPH
