"""Tips as a file for somebody else: JSON with everything, CSV that `ingest` takes back, Markdown to read."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from pipeline.audience.csv_files import quoted
from pipeline.editorial.models import Provenance, Tip, TipRevision
from pipeline.editorial.revisions import current_revision
from pipeline.editorial.tip_files import COLUMNS, EXPORT_COLUMNS, KEYS
from pipeline.editorial.tip_rules import TipState


def with_details(tips: Iterable[Tip]) -> list[Tip]:
    """The tips with all that an export says of them, read by the same few statements for one tip and for thousands."""
    found = list(tips)
    prefetch_related_objects(found, "revision__provenances__document", "revision__reviews")
    return found


def as_data(tip: Tip) -> dict[str, Any]:
    """Everything that there is to say of a tip, as plain data for a program. For many, see `with_details`."""
    revision = current_revision(tip)
    review = max(revision.reviews.all(), key=lambda review: review.pk, default=None)
    return {
        "id": tip.pk,
        "entry_id": str(tip.entry_id),
        "state": tip.state,
        "origin": tip.origin,
        "revision": revision.number,
        "content_hash": revision.content_hash,
        **{key: _plain(getattr(revision, field)) for key, field in KEYS.items()},
        "text": revision.text,
        "score": revision.score,
        "flags": revision.flags,
        "edits": revision.edits,
        "sources": [
            {
                "document": span.document.name,
                "location": span.document.location,
                "sha256": span.document.sha256,
                "heading_path": span.heading_path,
                "start": span.start,
                "end": span.end,
                "quote": span.quote,
                "corroborates": span.corroborates,
            }
            for span in _spans(revision)
        ],
        "review": None
        if review is None
        else {
            "decision": review.decision,
            "by": review.decided_by,
            "at": review.decided_at.isoformat(),
            "reason": review.reason,
            "override_reason": review.override_reason,
            "findings": review.findings,
        },
        "permalink": tip.permalink,
    }


def as_json(tips: Sequence[Tip]) -> str:
    return json.dumps([as_data(tip) for tip in with_details(tips)], ensure_ascii=False, indent=2) + "\n"


def as_csv(tips: Sequence[Tip]) -> str:
    """A row for each tip, with the columns of a hand-written file and the tip's number and state before them.

    Cells that a spreadsheet would take for a formula begin with an apostrophe; `ingest` takes it off again.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow([*EXPORT_COLUMNS, *COLUMNS])
    for tip in tips:
        revision = current_revision(tip)
        cells = [_plain(getattr(revision, field)) for field in (*KEYS.values(), "text")]
        rows.writerow([tip.pk, tip.state, *(quoted(cell) for cell in cells)])
    return out.getvalue()


def as_markdown(tips: Sequence[Tip]) -> str:
    """A page to read: each tip with its topic, its words, who vouches for it and the words it rests on."""
    return "\n".join(_page_part(tip) for tip in with_details(tips))


def _page_part(tip: Tip) -> str:
    revision = current_revision(tip)
    lines = [f"## {revision.title}", "", f"*{revision.topic} · tip {tip.pk}, {TipState(tip.state).label}*", ""]
    lines += [revision.text, ""]
    if revision.link_url:
        lines += [f"[{revision.link_text or revision.link_url}](<{revision.link_url}>)", ""]
    if revision.author:
        lines += [f"By {revision.author}", ""]
    if revision.source_note:
        lines += [f"Source: {revision.source_note}", ""]
    for span in _spans(revision):
        quoted = span.quote.replace("\n", "\n> ")
        lines += [f"> {quoted}", ">", f"> {span.document.title or span.document.name}, {span.start}–{span.end}", ""]
    return "\n".join(lines)


def _spans(revision: TipRevision) -> list[Provenance]:
    """In their order, sorted here: a sort in the query would read them again for each tip."""
    return sorted(revision.provenances.all(), key=lambda span: span.pk)


def _plain(value: object) -> str:
    return "" if value is None else str(value)
