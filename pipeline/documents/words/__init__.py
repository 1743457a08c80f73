"""The word lists of this room: text files beside this module, in groups, with a comment on each."""

from functools import cache
from importlib.resources import files


@cache
def groups(name: str) -> dict[str, tuple[str, ...]]:
    """The words of `<name>.txt` by group, in the file's order."""
    return {group: tuple(word for line in lines for word in line.split()) for group, lines in _grouped(name)}


@cache
def phrases(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of `<name>.txt` by group, for lists whose entries hold spaces."""
    return {group: tuple(lines) for group, lines in _grouped(name)}


def _grouped(name: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for raw in files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            found.append((line[1:-1], []))
        else:
            found[-1][1].append(line)
    return found
