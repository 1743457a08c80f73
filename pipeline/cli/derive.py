"""`derive`: the tips that documents hold, shown and stored nowhere."""

import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import command, json_option, visible
from pipeline.collecting import fewer_collections
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.derive.model import Candidate
    from pipeline.documents.model import Document

Refuse = Callable[[TipsheetError], None]
Readable = tuple["Document", Callable[[], "Document"]]

_WIDTH = 88


class SeveralDocumentsError(TipsheetError):
    """Several documents where the text of one was asked for."""


@command(django=False, name="derive")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@json_option
@click.option("--limit", type=click.IntRange(min=1), help="The best so many tips. Default: all that are good.")
@click.option("--canonical", is_flag=True, help="Print the text that spans point into, instead of tips.")
@click.option("--explain", is_flag=True, help="Show, sentence by sentence, which rules fired and why one was refused.")
def derive(paths: tuple[str, ...], as_json: bool, limit: int | None, canonical: bool, explain: bool) -> None:
    """Show the tips that documents hold; nothing is stored.

    PATH is a file, a folder or a URL. Several documents on one subject give one set of tips without repeats. A
    document that cannot be read is named, and the others go on.
    """
    if canonical + explain + as_json > 1:
        raise click.UsageError("Choose one of --json, --canonical and --explain.")
    refused: list[TipsheetError] = []
    found = _documents(paths, refused.append)
    if canonical:
        _canonical([document for document, _ in found])
    elif explain:
        _explain(document for document, _ in _english(found, refused.append))
    else:
        _derive(_english(found, refused.append), as_json, limit)
    for error in refused:
        click.echo(f"Error: {' '.join(str(error).split())}", err=True)
    if refused:
        sys.exit(1)


def _canonical(documents: Sequence["Document"]) -> None:
    """The text to the last byte, so that spans hold; on a terminal without what a terminal would obey."""
    if len(documents) > 1:
        raise SeveralDocumentsError("Spans point into one document's text: name one document with --canonical.")
    for document in documents:
        click.echo(visible(document.text) if sys.stdout.isatty() else document.text.encode(), nl=False)


def _derive(found: Iterator[Readable], as_json: bool, limit: int | None) -> None:
    from pipeline.derive.tips import derive as derive_tips
    from pipeline.documents.shelf import Shelf

    documents = Shelf(found)
    with fewer_collections():
        candidates = derive_tips(documents, limit=limit)
    if as_json:
        for candidate in candidates:
            click.echo(json.dumps(asdict(candidate), ensure_ascii=False))
    elif len(documents):
        _show(len(documents), candidates)


def _documents(paths: tuple[str, ...], refuse: Refuse) -> Iterator[Readable]:
    """The documents at the paths, in their order, each once, with the way to read one again.

    What cannot be read is refused, and the rest goes on.
    """
    from pipeline.documents.files import find, read_path

    seen: set[str] = set()
    for path in paths:
        is_address = "://" in path
        try:
            found = [path] if is_address else [str(file) for file in find(Path(path), report=refuse)]
        except TipsheetError as error:
            refuse(error)
            continue
        for each in found:
            known_as = each if is_address else os.path.realpath(each)
            if known_as in seen:
                continue  # named twice, it would agree with itself
            seen.add(known_as)
            try:
                if is_address:
                    fetched = _fetched(each)
                    yield fetched, partial(_itself, fetched)
                else:
                    yield read_path(Path(each)), partial(read_path, Path(each))
            except TipsheetError as error:
                refuse(error)


def _fetched(address: str) -> "Document":
    from pipeline.documents import read
    from pipeline.documents.fetch import fetch

    found = fetch(address)
    return read(found.data, name=found.name)


def _itself(document: "Document") -> "Document":
    """What came from the net is held: asked again, the net may answer otherwise."""
    return document


def _english(found: Iterator[Readable], refuse: Refuse) -> Iterator[Readable]:
    """Those in English: tips are derived from no other language."""
    from pipeline.derive.language import require_english

    for document, again in found:
        try:
            require_english(document.text, document.name)
        except TipsheetError as error:
            refuse(error)
        else:
            yield document, again


def _show(documents: int, candidates: Sequence["Candidate"]) -> None:
    """The tips as a list to read."""
    for number, candidate in enumerate(candidates, start=1):
        click.secho(f"{number:3}  {visible(candidate.title)}", bold=True)
        click.echo(_indented(candidate.text))
        source = candidate.source
        under = " › ".join(source.heading_path)
        place = f"{source.document}, {source.start}–{source.end}" + (f", under {under}" if under else "")
        click.secho(f"     {visible(f'{candidate.topic} · {place}')}", dim=True)
        for other in candidate.also:
            click.secho(f"     also: {visible(other.document)}, {other.start}–{other.end}", dim=True)
        for note in (*candidate.edits, *candidate.flags):
            click.secho(_indented(f"· {note}", further="  "), dim=True)
        click.echo()
    tips = "1 tip" if len(candidates) == 1 else f"{len(candidates)} tips"
    from_ = "1 document" if documents == 1 else f"{documents} documents"
    click.echo(f"{tips} from {from_}. Nothing was stored; to keep them as drafts: run.py ingest PATH")


def _indented(text: str, further: str = "") -> str:
    margin = " " * 5
    return textwrap.fill(visible(text), _WIDTH, initial_indent=margin, subsequent_indent=margin + further)


def _explain(documents: Iterable["Document"]) -> None:
    from pipeline.derive.explain import explain

    for document in documents:
        for line in explain(document):
            click.echo(visible(line))
