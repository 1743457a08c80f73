"""From what a person hands in (files, folders, addresses) to drafts, file by file.

Everything is read first, so that documents on one subject are derived from together; then each file is stored in a
transaction of its own. A file that cannot be taken gets its line, and the others go on.

What a file is: under `tips/documents/` a document; elsewhere in the in-tray, Markdown and CSV are tips written by
hand; outside it, a file's own words say (see `tip_files.is_written_tip`). A README is left to its human readers.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.derive.language import LanguageError, require_english
from pipeline.derive.model import Candidate
from pipeline.derive.tips import derive
from pipeline.documents import DocumentError, read
from pipeline.documents.fetch import Fetched, fetch
from pipeline.documents.files import find, read_path
from pipeline.documents.model import Document
from pipeline.editorial import tip_files
from pipeline.editorial.actions.ingest import IngestReport, ingest_candidates, ingest_handwritten, is_taken_in
from pipeline.editorial.actions.sources import follow_moves, note_gone
from pipeline.editorial.library import Library
from pipeline.editorial.models import Newsletter, Provenance
from pipeline.editorial.picture_store import PictureError, take_picture
from pipeline.editorial.tip_files import WrittenTip
from pipeline.errors import TipsheetError

Progress = Callable[[str, int, int], None]
Fetch = Callable[[str], Fetched]
URL_STARTS = ("https://", "http://")
LONGEST_LOCATION = 1000  # what a stored document's location holds


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace, by which a file is told: what it is called, and whether it stands in the in-tray."""

    home: Path

    @property
    def tips(self) -> Path:
        """The in-tray."""
        return self.home / "tips"

    @property
    def var(self) -> Path:
        """What is private."""
        return self.home / "var"

    def location_of(self, path: Path) -> str:
        """What the file is called from now on: its path below the workspace, or its whole path."""
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links, and rename the file
        inside = whole.is_relative_to(self.home)
        named = whole.relative_to(self.home) if inside else whole
        return os.fsencode(named.as_posix()).decode("utf-8", "replace")

    def has(self, location: str) -> bool:
        """Whether something stands at a location; addresses, and what cannot be looked at, are taken to be there."""
        if location.lower().startswith(URL_STARTS):
            return True
        try:
            (self.home / location).stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except (OSError, ValueError):
            return True
        return True

    def may_be_picture(self, path: Path) -> bool:
        """Whether a file lies where tips do, and is called like a picture."""
        whole, tips = path.parent.resolve() / path.name, self.tips.resolve()
        lies_there = whole.is_relative_to(tips) and not whole.is_relative_to(tips / "documents")
        return lies_there and tip_files.is_file_name(path.name)

    def is_written_tip(self, path: Path) -> bool:
        whole = path.resolve()
        if whole.is_relative_to(self.tips.resolve() / "documents"):
            return False
        if whole.is_relative_to(self.tips.resolve()):
            return path.name.lower().endswith(tip_files.SUFFIXES)
        return path.name.lower().endswith(tip_files.SUFFIXES) and tip_files.is_written_tip(path.name, _start_of(path))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file or address. With `problems` nothing of it was stored; `is_gone`: its file is not there
    any more.
    """

    location: str
    is_document: bool
    report: IngestReport = field(default_factory=lambda: IngestReport(""))
    problems: tuple[str, ...] = ()
    is_known: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: its tips, or the document that it is."""

    location: str
    tips: tuple[WrittenTip, ...] = ()
    document: Document | None = None


def take_in(
    sources: Sequence[str | Path],
    *,
    workspace: Workspace,
    newsletter: Newsletter,
    now: datetime,
    actor: str,
    limit: int | None = None,
    again: bool = False,
    fetch: Fetch = fetch,
    progress: Progress = lambda stage, done, total: None,  # noqa: ARG005
) -> Iterator[Taken]:
    """Take in files, folders and addresses; without any, the whole in-tray. Yields what became of each, in order.

    `limit` is how many tips to derive at most, from all documents together. A document that gave tips before is not
    derived from anew, unless `again`.
    """
    read_files: list[_Read] = []
    entries = list(_entries([str(source) for source in sources] or [str(workspace.tips)], workspace))
    for number, entry in enumerate(entries, start=1):
        progress("Reading", number, len(entries))
        taken = entry if isinstance(entry, Taken) else _read(entry, workspace, fetch)
        if isinstance(taken, Taken):
            yield taken
        else:
            read_files.append(taken)
    read_files.sort(key=lambda each: each.document is not None)  # tips first: what is derived may repeat them
    for file in read_files:
        if file.document is not None:
            follow_moves(location=file.location, document=file.document, is_there=workspace.has, now=now, actor=actor)
    yield from _store(read_files, newsletter, now=now, actor=actor, limit=limit, again=again, progress=progress)
    if not sources:
        seen = {_named(entry, workspace) for entry in entries}
        yield from _gone(seen, workspace, newsletter, now=now, actor=actor)


def _gone(
    seen: set[str], workspace: Workspace, newsletter: Newsletter, *, now: datetime, actor: str
) -> Iterator[Taken]:
    """The documents of the in-tray whose files are not there any more, with what rests on them."""
    if not (workspace.tips / "documents").is_dir():
        return  # a folder that is not mounted, say: no reason to doubt every tip
    used = Provenance.objects.filter(
        revision__tip__newsletter=newsletter,
        document__location__startswith="tips/",
        document__current_since__isnull=False,
        document__gone_at__isnull=True,
    )
    for location in sorted(set(used.values_list("document__location", flat=True)) - seen):
        if not workspace.has(location):
            unsettled = note_gone(newsletter=newsletter, location=location, now=now, actor=actor)
            yield Taken(location, is_document=True, report=IngestReport(location, (), unsettled), is_gone=True)


def _entries(sources: Sequence[str], workspace: Workspace) -> Iterator[str | Path | Taken]:
    """Each address and file once; what is none is there as `Taken`, with its problem."""
    seen: set[str] = set()
    for source in sources:
        if source.lower().startswith(URL_STARTS):
            found: list[str | Path | Taken] = [source]
        else:
            found = list(_files(Path(source).expanduser(), workspace))
        for entry in found:
            location = _named(entry, workspace)
            if location not in seen:
                seen.add(location)
                yield entry


def _named(entry: str | Path | Taken, workspace: Workspace) -> str:
    if isinstance(entry, str):
        return entry
    return entry.location if isinstance(entry, Taken) else workspace.location_of(entry)


def _files(path: Path, workspace: Workspace) -> Iterator[Path | Taken]:
    refused: list[DocumentError] = []
    try:
        found = find(path, report=refused.append)
    except DocumentError as error:
        found, refused = [], [error]
    is_folder = path.is_dir()
    yield from (each for each in found if not (is_folder and each.stem.lower() == "readme"))
    for refusal in refused:
        if is_folder and workspace.may_be_picture(Path(refusal.name)):
            continue  # a tip that names it takes it in
        yield Taken(workspace.location_of(Path(refusal.name)), is_document=True, problems=(str(refusal),))


def _read(entry: str | Path, workspace: Workspace, fetch: Fetch) -> _Read | Taken:
    location = entry if isinstance(entry, str) else workspace.location_of(entry)
    if len(location) > LONGEST_LOCATION:
        fault = f"{location[:60]}…: its name has more than {LONGEST_LOCATION} characters. Save it under a shorter one."
        return Taken(location, is_document=True, problems=(fault,))
    try:
        if isinstance(entry, str):
            fetched = fetch(entry)
            return _Read(location, document=_in_english(read(fetched.data, name=fetched.name)))
        if not workspace.is_written_tip(entry):
            return _Read(location, document=_in_english(read_path(entry)))
        parsed = tip_files.parse(location, entry.read_bytes())
        tips = tuple(_with_picture(tip, entry, workspace) for tip in parsed.tips)
    except PictureError as error:
        return Taken(location, is_document=False, problems=(f"{location}: the picture {error}",))
    except (DocumentError, LanguageError) as error:
        return Taken(location, is_document=True, problems=(str(error),))
    except OSError as error:
        return Taken(location, is_document=False, problems=(f"{location}: it cannot be opened ({error.strerror}).",))
    if parsed.findings:
        return Taken(location, is_document=False, problems=tuple(str(finding) for finding in parsed.findings))
    return _Read(location, tips=tips)


def _in_english(document: Document) -> Document:
    """The document, if tips can be derived from its language. Raises LanguageError."""
    require_english(document.text, document.name)
    return document


def _with_picture(tip: WrittenTip, tip_file: Path, workspace: Workspace) -> WrittenTip:
    """The tip with its picture kept, if it names a file. Raises DocumentError."""
    name = tip.wording.picture_url.strip()
    if not tip_files.is_file_name(name):
        return tip
    return replace(tip, wording=replace(tip.wording, picture_url=take_picture(tip_file, name, var=workspace.var)))


def _store(
    files: list[_Read],
    newsletter: Newsletter,
    *,
    now: datetime,
    actor: str,
    limit: int | None,
    again: bool,
    progress: Progress,
) -> Iterator[Taken]:
    known = set() if again else {file.location for file in files if _is_known(file, newsletter)}
    new = [file.document for file in files if file.document and file.location not in known]
    if new:
        progress("Deriving", 0, len(new))
    candidates = derive(new, limit=limit) if new else []
    library: Library | None = None
    for number, file in enumerate(files, start=1):
        progress("Storing", number, len(files))
        if file.location in known:
            yield Taken(file.location, is_document=True, is_known=True)
            continue
        library = library or Library.of(newsletter)
        try:
            report = _store_one(file, newsletter, candidates, library, now=now, actor=actor)
        except TipsheetError as error:
            library = None
            yield Taken(file.location, is_document=file.document is not None, problems=(f"{file.location}: {error}",))
        else:
            yield Taken(file.location, is_document=file.document is not None, report=report)


def _store_one(
    file: _Read, newsletter: Newsletter, candidates: list[Candidate], library: Library, *, now: datetime, actor: str
) -> IngestReport:
    if file.document is None:
        return ingest_handwritten(
            newsletter=newsletter, location=file.location, tips=file.tips, now=now, actor=actor, library=library
        )
    return ingest_candidates(
        newsletter=newsletter, document=file.document, location=file.location, candidates=candidates,
        now=now, actor=actor, library=library,
    )  # fmt: skip


def _is_known(file: _Read, newsletter: Newsletter) -> bool:
    return file.document is not None and is_taken_in(
        newsletter=newsletter, document=file.document, location=file.location
    )


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(65536)
    except OSError:
        return b""
