"""What an issue's subject and preheader could be: words of its tips, never invented ones, that the guard has no word
against. A person chooses among them, or writes their own.
"""

from collections.abc import Iterable, Sequence

from pipeline.derive.guard import check
from pipeline.derive.model import Verdict
from pipeline.documents.sentences import split
from pipeline.editorial.issue_rules import (
    PREHEADER_MAX,
    SUBJECT_MAX,
    plain_text,
    suggest_preheader,
    suggest_subject,
)

MOST = 6


def subjects(titles: Sequence[str], texts: Sequence[str], *, region: str) -> list[str]:
    """The subject that an issue is given by itself, then its other titles, and two of them together where both fit."""
    pairs = (f"{a} · {b}" for a in titles for b in titles if a != b)
    return _kept([suggest_subject(titles), *titles, *pairs], titles, texts, limit=SUBJECT_MAX, region=region)


def preheaders(titles: Sequence[str], texts: Sequence[str], *, subject: str, region: str) -> list[str]:
    """The preheader that an issue is given by itself, then whole first sentences of its tips, and the other titles."""
    plain = [plain_text(text) for text in texts]
    openings = [text[spans[0].start : spans[0].end] for text in plain if (spans := split(text, 0, len(text)))]
    others = [title for title in titles if title not in subject]
    found = [suggest_preheader(titles, texts), *openings, *others]
    kept = _kept(found, titles, texts, limit=PREHEADER_MAX, region=region)
    return [each for each in kept if each != subject]


def _kept(found: Iterable[str], titles: Sequence[str], texts: Sequence[str], *, limit: int, region: str) -> list[str]:
    """Those that fit as a whole and claim nothing that the tips do not, without repetition."""
    source = ". ".join([*titles, *map(plain_text, texts)])
    kept: list[str] = []
    for text in dict.fromkeys(" ".join(each.split()) for each in found):
        if len(kept) < MOST and text and len(text) <= limit and _says_no_more(source, text, region):
            kept.append(text)
    return kept


def _says_no_more(source: str, text: str, region: str) -> bool:
    return check(source, text, region=region).verdict is not Verdict.BLOCK
