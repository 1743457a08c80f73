"""Progress of long work, on the terminal of a person who waits for it; nothing where a program or a file reads."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any

import click


@contextmanager
def sending_bar() -> Iterator[Callable[[int, int], None]]:
    """What `publish` tells of its deliveries: so many of so many. A new total begins a new bar."""
    with ExitStack() as bars:
        bar: Any = None

        def show(done: int, total: int) -> None:
            nonlocal bar
            if not sys.stderr.isatty():
                return
            if bar is None or done == 0:
                bars.close()
                bar = bars.enter_context(
                    click.progressbar(length=total, label="Mailing", show_pos=True, file=sys.stderr)
                )
            bar.update(min(done, total) - bar.pos)

        yield show


_FILES_PER_LOOK = 100


@contextmanager
def counted_files() -> Iterator[Callable[[str], None]]:
    """What a rebuild tells of its files: how many there are so far."""
    numbers = count(1)

    def show(_path: str) -> None:
        number = next(numbers)
        if number % _FILES_PER_LOOK == 0 and sys.stderr.isatty():
            click.echo(f"\r{number:,} files", file=sys.stderr, nl=False)

    yield show
    if sys.stderr.isatty():
        click.echo("\r", file=sys.stderr, nl=False)
