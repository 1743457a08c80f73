"""Which lines of plain text are headings: told from their form and from what follows them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.documents import heading_lines
from pipeline.documents.boilerplate import is_boilerplate_heading, is_call_to_action
from pipeline.documents.drafts import Draft, Mark
from pipeline.documents.heading_company import tell_second_line_of_title, undo_by_neighbours
from pipeline.documents.heading_lines import is_about_the_article, states, title_case_share
from pipeline.documents.heading_styles import undo_strangers
from pipeline.documents.model import BlockKind

LONGEST_HEADING = 90
LONGEST_HEADING_WORDS = 14
LONGEST_TITLE, LONGEST_TITLE_WORDS = 120, 20
"""Of the first line, which may be a whole line of thought; of a line in capitals or underlined the words."""
PLAIN_HEADING_WORDS = 9
SHORTEST_PROSE = 60
"""Characters; a shorter line without a stop is a name, an address, a signature."""
LOWEST_LEVEL = 9
FEWEST_SMALL, SMALL_HEADING_WORDS = 3, 7
"""Headings without a capital: how many make one believe in them, and how long they are."""
SHORTEST_BLOCK = 3
"""Lines that make a list without bullets, or an address."""
LONGEST_RUN = 3
"""Headings that follow each other without a word between: a title, a part, a section. More of them are a list."""


_DECORATED = re.compile(r"(?P<left>[=*~_+#-]{2,}|[*_~=–—-])\s*(?P<words>[^\s=*~_+#–—-].*?)\s*(?P<right>[=*~_+#–—-]+)")
_COUNTS = re.compile(r"\d")
_DECORATION = "=*~_+#–—-"
_HASHES_AFTER = re.compile(r"\s*#+$")
_PROSE_ENDS = '.!?:…"”’)'


def settle(drafts: list[Draft]) -> list[Draft]:
    """The drafts with their headings told apart: `kind` None and a `level`, the span without decoration."""
    _tell(drafts)
    _undo_byline(drafts)
    _undo_end_of_address(drafts)
    _tell_small(drafts)
    _tell_subtitle(drafts)
    undo_by_neighbours(drafts)
    _undo_entries(drafts)
    _undo_long_runs(drafts)
    _undo_in_blocks(drafts)
    undo_strangers(drafts)
    tell_second_line_of_title(drafts)
    _set_levels(drafts)
    return drafts


def _tell(drafts: list[Draft]) -> None:
    """From the last to the first, because what follows a heading decides on it; lines about the article (its author,
    its date) may stand between a title and what follows."""
    following: Draft | None = None
    for draft in reversed(drafts):
        if draft.mark is Mark.QUESTION:
            draft.kind = None
        elif following is not None and (_is_heading(draft, following) or _is_title(draft, following, drafts)):
            draft.kind = None
            draft.is_numbered = draft.mark is Mark.NUMBER
            draft.mark = Mark.HASH if draft.mark is Mark.HASH else None
        if following is None or draft.length > LONGEST_HEADING or not _is_passed_over(draft.words):
            following = draft


def _is_passed_over(line: str) -> bool:
    return is_about_the_article(line) or (line[-1] not in _PROSE_ENDS and is_call_to_action(line))


def _undo_byline(drafts: list[Draft]) -> None:
    """'Martin Vogel, gardener', squeezed in between the title and its date."""
    if len(drafts) < 3:
        return
    title, line, after = drafts[:3]
    if title.kind is None and line.kind is None and heading_lines.is_name_with_role(line.words):
        line.kind = BlockKind.PARAGRAPH
    is_close = not after.after_blank and line.mark is None and not line.underline
    if title.kind is None and line.kind is None and is_close and is_about_the_article(after.words):
        over = title if _is_over_title(title, line) else line
        over.kind = BlockKind.PARAGRAPH  # a section of the paper over the title, or an author under it


def _is_over_title(section: Draft, title: Draft) -> bool:
    """Whether the second line is the title, as one that asks is under the name of a paper's section."""
    return heading_lines.asks(title.words) and not heading_lines.asks(section.words)


def _undo_end_of_address(drafts: list[Draft]) -> None:
    """'Norbury', right under '4 Canal Street'."""
    for before, draft in pairwise(drafts):
        is_bare = draft.kind is None and draft.mark is None and not draft.underline and not draft.after_blank
        if is_bare and before.kind is not None and heading_lines.is_address(before.words):
            draft.kind = BlockKind.PARAGRAPH


def _tell_subtitle(drafts: list[Draft]) -> None:
    """'How to descale a kettle', 'and why you should bother', a blank line: a title in two lines."""
    if len(drafts) < 3:
        return
    title, second, text = drafts[:3]
    are_short = all(each.length <= LONGEST_HEADING and each.words[-1] not in ".!;,:…" for each in (title, second))
    are_plain = all(each.mark is None and each.line_count == 1 for each in (title, second))
    goes_on = title.words[0].isupper() and second.words[0].islower() and not second.after_blank and text.after_blank
    if heading_lines.is_no_title(second.words):
        return
    if are_short and are_plain and goes_on and text.kind is BlockKind.PARAGRAPH and _is_prose(second, text):
        title.kind = second.kind = None


def _tell_small(drafts: list[Draft]) -> None:
    """Headings without a capital, in a text that has several of them and no others but its title."""
    if any(draft.kind is None and draft.mark is not Mark.QUESTION for draft in drafts[1:]):
        return
    small = [draft for draft, following in pairwise(drafts) if _is_small_heading(draft, following)]
    for draft in small if len(small) >= FEWEST_SMALL else ():
        draft.kind = None


def _is_small_heading(draft: Draft, following: Draft) -> bool:
    if draft.mark is not None or draft.kind is not BlockKind.PARAGRAPH or draft.line_count > 1 or not draft.after_blank:
        return False
    line = draft.words
    is_short = line[0].islower() and line[-1] not in ".!;,:…" and len(line.split()) <= SMALL_HEADING_WORDS
    over_prose = following.kind is BlockKind.PARAGRAPH and _is_prose(draft, following)
    return is_short and over_prose and not states(line) and not is_call_to_action(line)


def _is_heading(draft: Draft, following: Draft) -> bool:
    if draft.mark not in (None, Mark.HASH, Mark.NUMBER) or draft.kind is BlockKind.TABLE or draft.line_count > 2:
        return False
    most_words = LONGEST_TITLE_WORDS if draft.words.isupper() or draft.underline else LONGEST_HEADING_WORDS
    if draft.length > LONGEST_HEADING or len(draft.words.split()) > most_words:
        return False
    if _strip_decoration(draft):
        return not heading_lines.is_advertisement(draft.words)
    if draft.underline:
        return draft.words[-1] not in ".!;,"
    if draft.line_count > 1 and not draft.words.isupper():
        return False
    if draft.mark is Mark.NUMBER and (following.mark is Mark.NUMBER or following.kind is None):
        return following.kind is None and following.depth > draft.depth
    if heading_lines.is_part_of_recipe(draft.words) and heading_lines.is_counted(following.words):
        return not following.after_blank
    is_like_one = _leads(draft, following) and _looks_like_heading(draft, following)
    return is_like_one and not heading_lines.is_no_title(draft.words) and not _calls(draft.words)


def _is_title(draft: Draft, following: Draft, drafts: list[Draft]) -> bool:
    """The first line, in one line and set apart, over a sentence or a heading: it may be longer than what follows."""
    is_first = draft is drafts[0] and draft.mark is None and draft.kind is BlockKind.PARAGRAPH
    if not is_first or draft.line_count > 1 or not (drafts[1].after_blank or drafts[1] is not following):
        return False
    line = draft.words
    if draft.length > LONGEST_TITLE or not 2 <= len(line.split()) <= LONGEST_TITLE_WORDS:
        return False
    if line[-1] in ".!;,:…" or not (line[0].isupper() or line[0].isdigit()) or heading_lines.is_sentence(line):
        return False
    leads = following.kind is None or (following.kind is BlockKind.PARAGRAPH and following.last_words[-1] in ".!?")
    return leads and not heading_lines.is_no_title(line) and not _calls(line)


def _calls(line: str) -> bool:
    """A call to action, and not a newsletter's own name: 'Millfield Allotments: March Newsletter'."""
    return is_call_to_action(line) and not heading_lines.is_masthead(line)


def _strip_decoration(draft: Draft) -> bool:
    """Takes `== Title ==`, `**Title**` or `# Title #` down to its words; whether there was anything to take."""
    if draft.mark is Mark.HASH:
        closing = _HASHES_AFTER.search(draft.words)
        if closing:
            draft.end -= len(draft.words) - closing.start()
            draft.words = draft.words[: closing.start()]
        return True
    found = _DECORATED.fullmatch(draft.words) if draft.words[0] in _DECORATION else None
    if not found or found["words"][-1] in ".!;," or found["right"][0] != found["left"][-1]:
        return False
    draft.end = draft.start + found.end("words")
    draft.start += found.start("words")
    draft.underline = draft.underline or found["left"][0]
    draft.words = found["words"]
    return True


def _leads(draft: Draft, following: Draft) -> bool:
    """Whether what follows is something to stand over: longer text, a list, a table, a heading that stands over it."""
    if following.kind is None and heading_lines.is_part_of_recipe(following.words):
        return True  # 'You will need', over 'For the dough:'
    if following.kind is None:
        asked = following.mark is Mark.QUESTION and draft.words.endswith("?")
        return not asked and not states(draft.words)
    if following.kind is not BlockKind.PARAGRAPH or is_boilerplate_heading(draft.words):
        return True
    opens_list = following.last_words[-1] == ":" or heading_lines.is_amount(following.words)
    opens_list = opens_list or (heading_lines.asks(draft.words) and heading_lines.is_entry_of_table(following.words))
    return opens_list or _is_prose(draft, following) or _is_loud(draft, following)


def _is_loud(draft: Draft, following: Draft) -> bool:
    """Set apart and in capitals or title case: it may stand over a sentence that is shorter than itself."""
    is_apart = draft.after_blank and draft.line_count == 1 and (following.after_blank or draft.words.isupper())
    over_sentence = following.last_words[-1] in ".!?" and len(following.words.split()) > 1
    over_sentence = over_sentence or (
        draft.words.isupper() and bool(_COUNTS.search(following.words))
    )  # a list of prices
    return is_apart and over_sentence and len(draft.words.split()) > 1 and _loudness(draft) > 0


def _is_prose(draft: Draft, following: Draft) -> bool:
    is_text = following.last_words[-1] in _PROSE_ENDS or following.length >= SHORTEST_PROSE
    return is_text and following.length > draft.length


def _looks_like_heading(draft: Draft, following: Draft) -> bool:
    line = draft.words
    last = line[-1]
    if last in ".!;,…" or not (line[0].isupper() or line[0].isdigit() or line[0] in "\"“‘'(¿"):
        return False
    count = len(line.split())
    if last == ":":
        if heading_lines.leads_up(line):
            return False  # 'We sing three times:'
        return (not following.is_item or line.isupper()) and count <= PLAIN_HEADING_WORDS
    if count > 3 and heading_lines.is_all_quoted(line):
        return False  # somebody's words, set apart
    if last == "?" or draft.mark is Mark.NUMBER or count <= PLAIN_HEADING_WORDS:
        return True
    return (
        line.isupper()
        or heading_lines.is_numbered(line)
        or heading_lines.asks(line)
        or title_case_share(line) >= heading_lines.TITLE_CASE_SHARE
    )


def _undo_entries(drafts: list[Draft]) -> None:
    """'Service desk: extension 4400' right over 'Out of hours: …': entries of a table, and neither is a heading.

    The first line of all is a title: 'Heel pain: what helps' may stand right over 'Reviewed: May 2024'.
    """
    for draft, following in pairwise(drafts[1:]):
        if not following.after_blank and _is_entry(draft) and _is_entry(following):
            draft.kind = draft.kind or BlockKind.PARAGRAPH
            following.kind = following.kind or BlockKind.PARAGRAPH


def _is_entry(draft: Draft) -> bool:
    return draft.mark is None and not draft.underline and heading_lines.is_labelled(draft.words)


def _undo_long_runs(drafts: list[Draft]) -> None:
    """Plain lines in a run of more than a few "headings" are a list without bullets, its first the list's heading;
    its last may stand over the text that follows."""
    run: list[Draft] = []
    for draft in [*drafts, None]:
        is_plain = draft is not None and draft.kind is None and draft.mark is None and not draft.underline
        if draft is not None and is_plain and not heading_lines.is_part_of_recipe(draft.words):
            run.append(draft)
            continue
        if len(run) > LONGEST_RUN + _has_line_under_title(run, drafts):
            stands_over_text = draft is not None and draft.kind is not None
            if stands_over_text and draft is not None and draft.after_blank and not run[-1].after_blank:
                stands_over_text = False  # the last of the lines above, with a blank line behind it
            is_led = run[0] is drafts[0] or is_boilerplate_heading(run[0].words) or _is_led(run)
            for plain in run[is_led : -1 if stands_over_text else None]:
                plain.kind = BlockKind.LIST_ITEM
        run = []


def _undo_in_blocks(drafts: list[Draft]) -> None:
    """Short lines right under each other are a list, a table or an address: none but the first is a heading.

    Nor is the first, where a heading or a line with a colon leads up to it; the last may stand over the text below.
    """
    for start, end in _blocks(drafts):
        before = drafts[start - 1] if start else None
        is_led = before is not None and (before.kind is None or before.last_words[-1] == ":")
        opens_recipe = heading_lines.is_counted(drafts[start + 1].words) or is_boilerplate_heading(drafts[start].words)
        over_text = end < len(drafts) and not drafts[end].after_blank and _is_text(drafts[end])
        if all(draft.kind is None and not _COUNTS.search(draft.words) for draft in drafts[start:end]):
            continue  # a part, its section and its first point
        for draft in drafts[start + (not is_led or opens_recipe) : end - over_text]:
            if draft.kind is None and not draft.underline and draft.mark is None:
                draft.kind = BlockKind.PARAGRAPH


def _is_text(draft: Draft) -> bool:
    return draft.kind is BlockKind.PARAGRAPH and (draft.length >= SHORTEST_PROSE or draft.last_words[-1] in ".!?")


def _blocks(drafts: list[Draft]) -> Iterator[tuple[int, int]]:
    """Where runs of short lines without a blank line or a stop between them begin and end."""
    start = 0
    for at in range(1, len(drafts) + 1):
        goes_on = at < len(drafts) and not drafts[at].after_blank and _is_entry_of_block(drafts[at])
        if goes_on:
            continue
        if start and at - start >= SHORTEST_BLOCK and _is_entry_of_block(drafts[start]):
            yield start, at  # what stands first of all is the title, with who wrote it and when
        start = at


def _is_entry_of_block(draft: Draft) -> bool:
    is_bare = draft.mark in (None, Mark.BARE) and not draft.underline and draft.line_count == 1
    return is_bare and draft.length < SHORTEST_PROSE and draft.words[-1] not in ".!?…"


def _has_line_under_title(run: list[Draft], drafts: list[Draft]) -> bool:
    """'THE KITCHEN GARDEN', 'A monthly letter', 'SOWING': the second of them belongs to the first."""
    return len(run) > 2 and run[0] is drafts[0] and _loudness(run[0]) > _loudness(run[1]) < _loudness(run[2])


def _is_led(run: list[Draft]) -> bool:
    """Whether the first line of a list is its heading: louder than the next, or apart from it."""
    first, second = run[:2]
    return second.after_blank or not first.after_blank or _loudness(first) > _loudness(second)


def _loudness(draft: Draft) -> int:
    return draft.words.isupper() + heading_lines.is_title_case(draft.words)


def _set_levels(drafts: list[Draft]) -> None:
    """Marks of rank give the level; of the rest, capitals stand above small letters where both occur.

    Boilerplate gets the lowest of these levels, however loud: whatever heading comes next ends it.
    """
    headings = [draft for draft in drafts if draft.kind is None]
    underlines = list(dict.fromkeys(draft.underline for draft in headings if draft.underline))
    plain = [draft for draft in headings if not draft.underline and draft.mark is None]
    boilerplate = {id(draft) for draft in plain if is_boilerplate_heading(draft.words)}
    has_capitals = any(draft.words.isupper() for draft in plain if id(draft) not in boilerplate)
    base = len(underlines)
    for draft in headings:
        if draft.mark is Mark.HASH:
            draft.level = draft.depth
        elif draft.mark is Mark.QUESTION:
            draft.level = LOWEST_LEVEL
        elif draft.underline:
            draft.level = underlines.index(draft.underline) + 1
        else:
            is_lower = has_capitals and not (draft.words.isupper() and id(draft) not in boilerplate)
            draft.level = base + draft.depth + is_lower
