"""Throws damaged documents of every format at the readers: `python -m tests.documents.fuzz --inputs 100000`.

Workers read without the child process that shields the product (a hundred times faster, and what the parsers do is
seen); where one dies, hangs or runs out of memory, the same input is read the product's way, and only what harms
that, or takes it more than five seconds of processor time, is a failure. Input number and seed make the input, so that
a run can be repeated.
"""

import argparse
import io
import os
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.documents import DocumentError, read
from pipeline.documents.assembly import assemble
from pipeline.documents.reading import format_of
from tests.documents.checking import check_document
from tests.documents.making import ARTICLE, MAKERS, STYLES, W, docx_of

LONGEST_SECONDS = 5.0
MOST_MEMORY_BYTES = 1024**3
IN_PROCESS_BYTES = 64 * 1024

SEEDS = {key: (name, make(ARTICLE)) for key, (name, make) in MAKERS.items()}
_DOCX_XML = zipfile.ZipFile(io.BytesIO(SEEDS["docx"][1])).read("word/document.xml")

TOKENS: dict[str, list[bytes]] = {
    "text": [b"\n", b"\r\n", b"\n\n", b"Q: ", b"A: ", b"- ", b"1. ", b"====\n", b"** ", b"e.g. ", b"...",
             b"\xef\xbb\xbf", b"\xe2\x80\xa9", b"\t",
             b"Dr. ", b"|", b"[1] ", b"\x0c", b"\xf0\x9f\x98\x80", b"\xc2\xa0", b":\n", b"> "],
    "markdown": [b"#", b"\n---\n", b"```\n", b"[", b"](", b"![", b"**", b"_", b"> ", b"- ", b"1. ", b"|", b"<div>",
                 b"<!--", b"&#xD800;", b"[^1]: ", b"    ", b"~~", b"\\", b"&amp;", b"\n\n", b"<b>", b"<p>x</p>\n"],
    "html": [b"<div>", b"</div>", b"<p>", b"<b>", b"</b>", b"<table>", b"<tr>", b"<td>", b"</table>", b"<ul><li>",
             b"<!--", b"-->", b"<script>", b"</script>", b"<![CDATA[", b"&#0;", b"&#xD800;", b"<br>", b"<h1>", b"<nav>",
             b' class="ad"', b"<svg>", b"<template>", b"<select>", b"<form>", b"<sup>1</sup>", b"\0", b"<a href=x>"],
    "docx": [b"<w:p>", b"</w:p>", b"<w:tbl>", b"<w:tr>", b"<w:tc>", b"</w:tr>", b"<!DOCTYPE a>", b"&a;", b"<w:t>",
             b"<w:del>", b"<!--", b"<w:tab/>", b"<w:br/>", b"]]>", b"&#0;", b'<w:outlineLvl w:val="99"/>'],
    "pdf": [b"(", b")", b"<<", b">>", b"[", b"]", b"endobj", b"stream\n", b"1 0 R", b"/Kids", b"/Type",
            b" Tf ", b" Td ", b"0 0 0 0 0 0 Tm", b"-1", b"99999999999", b"1e38", b"\\777", b"/Contents 2 0 R",
            b"TJ", b"BT", b"ET", b"q "],
}  # fmt: skip


def made(seed: int, number: int) -> tuple[str, str, bytes]:
    """The format, the file name and the bytes of an input."""
    chance = random.Random(f"{seed}/{number}")
    key = chance.choice(sorted(SEEDS))
    name, data = SEEDS[key]
    tokens = TOKENS.get(key, TOKENS["text"])
    if key == "docx" and chance.random() < 0.8:
        xml = well_formed(chance) if chance.random() < 0.5 else mutated(_DOCX_XML, chance, tokens)
        return key, name, docx_of(xml, STYLES)
    return key, name, mutated(data, chance, tokens)


TAGS = ("p", "tbl", "tr", "tc", "r", "t", "del", "ins", "txbxContent", "pPr", "rPr", "hyperlink", "sdt", "b")
LEAVES = [
    '<w:pStyle w:val="Kop1"/>',
    '<w:pStyle w:val="x"/>',
    '<w:outlineLvl w:val="1"/>',
    '<w:outlineLvl w:val=""/>',
    '<w:numPr><w:ilvl w:val="9"/></w:numPr>',
    "<w:numPr/>",
    "<w:br/>",
    "<w:tab/>",
    "<w:b/>",
    "Words. More?",
    "é ",
]


def well_formed(chance: random.Random) -> str:
    """A main part that XML parsers accept, with elements where no word processor would put them."""
    parts: list[str] = []
    closing: list[str] = []
    for _ in range(chance.choice((5, 50, 300))):
        roll = chance.random()
        if roll < 0.4:
            tag = chance.choice(TAGS)
            parts.append(f"<w:{tag}>")
            closing.append(f"</w:{tag}>")
        elif roll < 0.75 and closing:
            parts.append(closing.pop())
        else:
            parts.append(chance.choice(LEAVES))
    body = "".join([*parts, *reversed(closing)])
    return f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'


def mutated(data: bytes, chance: random.Random, tokens: list[bytes]) -> bytes:
    body = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 10, 30))):
        chance.choice(MUTATIONS)(body, chance, tokens)
        if len(body) > 1_000_000:
            del body[1_000_000:]
    return bytes(body)


def _flip(body: bytearray, chance: random.Random, _tokens: list[bytes]) -> None:
    if body:
        body[chance.randrange(len(body))] = chance.randrange(256)


def _cut(body: bytearray, chance: random.Random, _tokens: list[bytes]) -> None:
    start = chance.randrange(len(body) + 1)
    del body[start : start + chance.choice((1, 5, 50, 500))]


def _cut_short(body: bytearray, chance: random.Random, _tokens: list[bytes]) -> None:
    if chance.random() < 0.3:
        del body[chance.randrange(len(body) + 1) :]


def _insert(body: bytearray, chance: random.Random, tokens: list[bytes]) -> None:
    start = chance.randrange(len(body) + 1)
    times = chance.choice((1, 1, 1, 2, 10, 100)) if chance.random() < 0.98 else 5000
    body[start:start] = chance.choice(tokens) * times


def _repeat(body: bytearray, chance: random.Random, _tokens: list[bytes]) -> None:
    start = chance.randrange(len(body) + 1)
    piece = body[start : start + chance.choice((1, 4, 40, 400))]
    body[start:start] = piece * (chance.choice((1, 3, 20)) if chance.random() < 0.98 else 1000)


def _swap(body: bytearray, chance: random.Random, _tokens: list[bytes]) -> None:
    start, other = chance.randrange(len(body) + 1), chance.randrange(len(body) + 1)
    length = chance.choice((1, 8, 80))
    piece = body[start : start + length]
    body[other : other + len(piece)] = piece


def _splice(body: bytearray, chance: random.Random, _tokens: list[bytes]) -> None:
    other = SEEDS[chance.choice(sorted(SEEDS))][1]
    start = chance.randrange(len(other))
    at = chance.randrange(len(body) + 1)
    body[at:at] = other[start : start + chance.choice((10, 100, 1000))]


def _noise(body: bytearray, chance: random.Random, _tokens: list[bytes]) -> None:
    at = chance.randrange(len(body) + 1)
    body[at:at] = chance.randbytes(chance.choice((1, 4, 64)))


MUTATIONS: tuple[Callable[[bytearray, random.Random, list[bytes]], None], ...] = (
    _flip, _flip, _cut, _cut_short, _insert, _insert, _insert, _repeat, _swap, _splice, _noise,
)  # fmt: skip


def try_one(name: str, data: bytes) -> str:
    """`read` or `refused`; any other exception goes up."""
    try:
        if len(data) >= IN_PROCESS_BYTES:
            check_document(read(data, name=name))
        else:
            found = format_of(data, name=name)
            check_document(assemble(data, name=name, found=found, extraction=found.extract(data, name)))
    except DocumentError:
        return "refused"
    return "read"


def work(pipe: Connection, seed: int, numbers: range) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    for number in numbers:
        key, name, data = made(seed, number)
        pipe.send((number, key, "begun"))
        try:
            outcome = try_one(name, data)
        except Exception as error:  # noqa: BLE001 - whatever comes is the finding
            outcome = f"{type(error).__name__}: {error}"[:200]
        pipe.send((number, key, outcome))
    pipe.send((numbers.stop, "", "done"))


@dataclass
class Run:
    seed: int
    keep: Path
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    contained: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0
    most_memory_bytes: int = 0

    def go(self, inputs: int, workers: int) -> None:
        """Shares the inputs out; a worker that dies or hangs is replaced from the next input on."""
        share = -(-inputs // workers)
        lanes = [_Lane(self, range(at, min(at + share, inputs))) for at in range(0, inputs, share)]
        while any(lane.is_busy for lane in lanes):
            for lane in lanes:
                lane.step()
        self.most_memory_bytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024

    def suspect(self, number: int, what: str) -> None:
        """Reads an input that harmed a worker the way the product reads it, and judges that."""
        key, name, data = made(self.seed, number)
        began = _processor_seconds()
        try:
            check_document(read(data, name=name))
            verdict = ""
        except DocumentError:
            verdict = ""
        except Exception as error:  # noqa: BLE001 - whatever comes is the finding
            verdict = f"{type(error).__name__}: {error}"
        took = _processor_seconds() - began
        if took > LONGEST_SECONDS:
            verdict = verdict or f"took {took:.1f} s"
        if verdict:
            (self.keep / f"{number}-{name}").write_bytes(data)
            self.failures.append(f"input {number} ({key}): {what}; {verdict[:200]}")
        else:
            self.contained[key, what] += 1


def _processor_seconds() -> float:
    """What this process and its children have used: a busy machine is not the reader's fault."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class _Lane:
    """One worker at a time on its share of the inputs."""

    def __init__(self, run: Run, numbers: range) -> None:
        self._run, self._numbers = run, numbers
        self.is_busy = bool(numbers)
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=work, args=(theirs, self._run.seed, self._numbers), daemon=True)
        self._process.start()
        theirs.close()
        self._current: int | None = None
        self._began = time.monotonic()

    def step(self) -> None:
        if not self.is_busy:
            return
        try:
            while self._pipe.poll(0.01):
                self._take(*self._pipe.recv())
                if not self.is_busy:
                    return
        except EOFError:
            self._replace("crash")
            return
        if self._current is not None and time.monotonic() - self._began > LONGEST_SECONDS:
            self._replace("hang")

    def _take(self, number: int, key: str, outcome: str) -> None:
        now = time.monotonic()
        if outcome == "begun":
            self._current, self._began = number, now
            return
        self._run.slowest_seconds = max(self._run.slowest_seconds, now - self._began)
        if outcome == "done":
            self.is_busy = False
            self._process.join()
            return
        self._current = None
        self._run.outcomes[key, outcome if outcome in {"read", "refused"} else "harm"] += 1
        if outcome not in {"read", "refused"}:
            self._run.suspect(number, outcome)

    def _replace(self, what: str) -> None:
        self._process.kill()
        self._process.join()
        if self._current is None:
            raise RuntimeError("a worker ended without an input")
        self._run.outcomes[made(self._run.seed, self._current)[0], "harm"] += 1
        self._run.suspect(self._current, what)
        self._numbers = range(self._current + 1, self._numbers.stop)
        self.is_busy = bool(self._numbers)
        if self.is_busy:
            self._start()


def told(run: Run, inputs: int, seconds: float) -> Iterator[str]:
    yield (
        f"{inputs} inputs, seed {run.seed}, {seconds:.0f} s; slowest {run.slowest_seconds:.2f} s, "
        f"most memory {run.most_memory_bytes / 1024**2:.0f} MB"
    )
    for key in sorted(SEEDS):
        counts = {outcome: count for (of, outcome), count in sorted(run.outcomes.items()) if of == key}
        yield f"  {key:9} " + ", ".join(f"{outcome} {count}" for outcome, count in counts.items())
    for (key, what), count in run.contained.items():
        yield f"  contained by the child process or the limits: {key}: {what} ({count})"
    yield f"{len(run.failures)} failures"
    yield from (f"  {failure}" for failure in run.failures)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="where inputs that fail are kept (default: a new folder)")
    asked = parser.parse_args()
    keep = asked.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    run = Run(asked.seed, keep)
    began = time.monotonic()
    run.go(asked.inputs, asked.workers)
    print("\n".join(told(run, asked.inputs, time.monotonic() - began)))
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
