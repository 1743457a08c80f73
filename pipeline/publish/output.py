"""The files under `output/`: what the world reads, written so that nobody ever reads half a file.

Each file is written under a name that no server shows, brought to the disk, and renamed over the old one; then the
folder itself is brought to the disk. A reader, a full disk and a killed process therefore see the old file or the new
one. Files go out in the order given, and a folder's are on the disk before the next folder's begin:
pages before the feeds that link to them. A file whose bytes did not change is not touched, and keeps its date.

One process writes a newsletter's folder at a time: it holds a lock on the folder, which the system lets go of when the
process dies. So one unfinished file is all that there ever is, and one that a killed run left behind is known to be
nobody's.
"""

import contextlib
import errno
import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Protocol

from pipeline.errors import TipsheetError

_UNFINISHED = ".tipsheet.part"
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")


class OutputError(TipsheetError):
    """A file under `output/` could not be written; the one that was there is as it was."""


class OutputFile(Protocol):
    """What is written: `path` is POSIX and relative to the newsletter's folder; `data` None takes a file away."""

    @property
    def path(self) -> str: ...

    @property
    def data(self) -> bytes | None: ...


@dataclass(slots=True)
class OutputReport:
    """What a run did, by path: `written` and `removed` in order, `unchanged` as a count."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0


def write_output(folder: Path, files: Iterable[OutputFile], report: OutputReport | None = None) -> OutputReport:
    """Bring the newsletter's folder up to date with `files`, in their order; other files in it are left alone.

    `files` is first asked for one when the folder is locked. `report` is filled as it goes, for whoever makes `files`
    and wants to know what became of those before.

    Waits while another process writes the same folder. Raises OutputError at the first file that cannot be written;
    the files before it are in place, and every other is as it was.
    """
    report = OutputReport() if report is None else report
    with _locked(folder) as root:
        for name, found in groupby(files, key=lambda item: PurePosixPath(item.path).parent):
            changed = [item.path for item in found if _bring_about(root, item, report)]
            if changed:
                with _explained(root / name):
                    _settle_folder(root, root / name)
    return report


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[Path]:
    with _explained(folder):
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _sync_folder(folder.parent)
        root = folder.resolve(strict=True)
        handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with _explained(folder):
            fcntl.flock(handle, fcntl.LOCK_EX)
            (root / _UNFINISHED).unlink(missing_ok=True)
        yield root
    finally:
        os.close(handle)


def _bring_about(root: Path, item: OutputFile, report: OutputReport) -> bool:
    """Whether the file was written, or taken away: it is not when it holds these bytes, or is gone, already."""
    target = _place(root, item.path)
    with _explained(target):
        if item.data is None:
            return _remove(target, item.path, report)
        if _holds(target, item.data):
            report.unchanged += 1
            return False
        _make_folder(root, target.parent)
        _replace(target, item.data, unfinished=root / _UNFINISHED)
    report.written.append(item.path)
    return True


def _remove(target: Path, path: str, report: OutputReport) -> bool:
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    report.removed.append(path)
    return True


def _place(root: Path, path: str) -> Path:
    """Where the file goes: within the folder, whatever its name says and wherever links lead."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or _FORBIDDEN.search(path):
        raise OutputError(f"{path!r} is no place within {root}. Rename the topic or newsletter that it comes from.")
    target = root.joinpath(*parts)
    if not target.parent.resolve().is_relative_to(root):
        raise OutputError(f"{target} leads out of {root} by a symbolic link. Remove the link; nothing was written.")
    return target


def _holds(target: Path, data: bytes) -> bool:
    try:
        return target.stat().st_size == len(data) and not target.is_symlink() and target.read_bytes() == data
    except FileNotFoundError:
        return False


def _make_folder(root: Path, folder: Path) -> None:
    """Make the folder, and bring each new name to the disk."""
    if folder.is_dir():
        return
    _make_folder(root, folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _replace(target: Path, data: bytes, *, unfinished: Path) -> None:
    try:
        with unfinished.open("xb") as stream:  # the umask decides who may read it, as for any file
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def _settle_folder(root: Path, folder: Path) -> None:
    """Bring the folder's names to the disk; one that was emptied goes, and with it those that only held it."""
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _explained(place: Path) -> Iterator[None]:
    """An error of the system as one line that names the file and says what to do."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).rstrip(".")
        raise OutputError(
            f"{place} could not be written: {reason}. {_remedy(error)} The file that readers see is as it was; "
            "the next run writes whatever is missing."
        ) from error


def _remedy(error: OSError) -> str:

    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Make room on that disk."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "Let the account that runs Tipsheet write to that folder."
    if error.errno in {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY}:
        return "Something else is in its place: move it away."
    return "Check the disk and the folder."
