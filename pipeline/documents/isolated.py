"""Reads a document in a child process with memory and time limits, for formats whose parsers are native code.

A parser that crashes, hangs or eats memory takes the child with it and nothing else; the person gets one clear line.
The child starts from this module alone (no Django), sees no environment (so no secrets), sets its own limits before
it touches the document (no work between fork and exec, so that threads are safe), and answers in JSON through a
temporary file whose size the kernel limits: nothing that a taken-over parser writes is run or unpickled here.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.documents.errors import DocumentError
from pipeline.documents.formats import format_named
from pipeline.documents.formats.base import Extraction, Format, Piece
from pipeline.documents.model import BlockKind

_ROOT = Path(__file__).parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from pipeline.documents.isolated import main; main()"
_START_PICTURE = _START.replace("main", "main_picture")
_PASSED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_REFUSED, _NO_MEMORY = 3, 4
_TIME_IS_UP = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}
"""The statuses of a child that the kernel stopped: first the soft limit on the processor's time, then the hard one."""
_NO_WORDS = "Check that it opens, or save its text in another format"


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take.

    The processor's time grows with the document's size; the clock's time is `patience` times as long, so that a busy
    machine refuses nothing that an idle one would read.
    """

    memory_bytes: int = 768 * 1024 * 1024
    answer_bytes: int = 256 * 1024 * 1024
    base_seconds: int = 4
    bytes_per_second: int = 512 * 1024
    patience: int = 10

    def processor_seconds(self, size_bytes: int) -> int:
        return self.base_seconds + size_bytes // self.bytes_per_second


def extract(found: Format, data: bytes, name: str, *, limits: Limits | None = None) -> Extraction:
    """What `found.extract(data, name)` gives, from a child process; raises DocumentError where it does not."""
    limits = limits or Limits()
    processor_seconds = limits.processor_seconds(len(data))
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(data)
        question.seek(0)
        status = _run(_START, (found.name, name), question, answer, limits, processor_seconds)
        answer.seek(0)
        if status not in (0, _REFUSED):
            raise _failure(status, name)
        try:
            told = json.load(answer)
            return _extraction(told, name)
        except (ValueError, KeyError, TypeError) as error:
            raise _failure(_REFUSED, name) from error


def prepare_picture(data: bytes, name: str, *, limits: Limits | None = None) -> bytes:
    """What `picture.made_fit(data)` gives, from a child process; raises DocumentError where it does not."""
    limits = limits or Limits()
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(data)
        question.seek(0)
        status = _run(_START_PICTURE, (name,), question, answer, limits, limits.processor_seconds(len(data)))
        answer.seek(0)
        said = answer.read()
    if status == _REFUSED and said:
        wrong, _, remedy = said.decode("utf-8", "replace").partition("\n")
        raise DocumentError(name, wrong, remedy)
    if status != 0:
        raise _failure(status, name)
    return said


def _run(
    start: str, task: tuple[str, ...], question: BinaryIO, answer: BinaryIO, limits: Limits, processor_seconds: int
) -> int | None:
    """The child's exit status; None where it ran out of time."""
    arguments = [str(_ROOT), *task, str(limits.memory_bytes), str(limits.answer_bytes)]
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, and the document only as a file
        [sys.executable, "-I", "-X", "utf8", "-c", start, *arguments, str(processor_seconds)],
        stdin=question,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env={key: os.environ[key] for key in _PASSED_ON if key in os.environ},
        cwd=tempfile.gettempdir(),
    )
    try:
        return child.wait(processor_seconds * limits.patience)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _failure(status: int | None, name: str) -> DocumentError:
    if status is None or status in _TIME_IS_UP:
        return DocumentError(name, "it takes too long to read", _NO_WORDS)
    if status == _NO_MEMORY:
        return DocumentError(name, "it needs too much memory to read", _NO_WORDS)
    return DocumentError(name, "it is damaged and cannot be read", _NO_WORDS)


def _extraction(told: dict[str, object], name: str) -> Extraction:
    if "wrong" in told:
        raise DocumentError(name, str(told["wrong"]), str(told["remedy"]))
    text, pieces = told["text"], told["pieces"]
    if not isinstance(text, str) or not isinstance(pieces, list):
        raise TypeError("not an extraction")
    return Extraction(text, tuple(_piece(each, len(text)) for each in pieces), str(told["title"]))


def _piece(told: list[object], length: int) -> Piece:
    start, end, kind, level = told
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(level, int) and 0 <= start < end <= length):
        raise ValueError("not a piece of the text")
    return Piece(start, end, None if kind is None else BlockKind(str(kind)), level)


def main() -> None:
    """The child: `root format name memory_bytes answer_bytes cpu_seconds`, the document on stdin."""
    found, name = format_named(sys.argv[2]), sys.argv[3]
    data = sys.stdin.buffer.read()
    _limit(*(int(each) for each in sys.argv[4:7]))
    try:
        made = found.extract(data, name)
        pieces = [[each.start, each.end, each.kind, each.level] for each in made.pieces]
        told: dict[str, object] = {"text": made.text, "pieces": pieces, "title": made.title}
        status = 0
    except DocumentError as error:
        told, status = {"wrong": error.wrong, "remedy": error.remedy}, _REFUSED
    except MemoryError:
        os._exit(_NO_MEMORY)
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    os._exit(status)  # without the parsers' own tidying up, which a damaged document can upset


def main_picture() -> None:
    """The child: `root name memory_bytes answer_bytes cpu_seconds`, the picture on stdin, the fit one on stdout."""
    from pipeline.documents import picture

    name, data = sys.argv[2], sys.stdin.buffer.read()
    _limit(*(int(each) for each in sys.argv[3:6]))
    try:
        said, status = picture.made_fit(data, name), 0
    except DocumentError as error:
        said, status = f"{error.wrong}\n{error.remedy}".encode(), _REFUSED
    except MemoryError:
        os._exit(_NO_MEMORY)
    sys.stdout.buffer.write(said)
    sys.stdout.flush()
    os._exit(status)


def _limit(memory_bytes: int, answer_bytes: int, cpu_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits: there the parent's clock alone holds
        return
    for kind, limit, grace in (
        (resource.RLIMIT_AS, memory_bytes, 0),
        (resource.RLIMIT_FSIZE, answer_bytes, 0),
        (resource.RLIMIT_CPU, cpu_seconds, 1),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, most = resource.getrlimit(kind)
        soft, hard = (each if most == resource.RLIM_INFINITY else min(each, most) for each in (limit, limit + grace))
        resource.setrlimit(kind, (soft, hard))
