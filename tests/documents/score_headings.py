"""Scores headings in plain text: `python -m tests.documents.score_headings [dev|once|outside_once|…]`.

In the cases a heading's line opens with `#`, which is taken off before the text is read. `dev` is worked on; `once`
was written after the rules and scored before any of them was changed for it.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.documents import read

CASES = Path(__file__).parent / "cases" / "headings"
_AROUND = " _—=*~>0123456789.)"  # decoration and numbers, which a heading may be told without


@dataclass(slots=True)
class Score:
    """How many headings were told rightly, and those that were missed or made up."""

    right: int = 0
    extra: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.extra))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def score(part: str) -> Score:
    found = Score()
    for path in sorted((CASES / part).glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        wanted = [_plain(line[1:]) for line in lines if line.startswith("#")]
        text = "\n".join(line.removeprefix("#") for line in lines)
        document = read(text.encode(), name=path.name)
        for section in document.sections:
            if section.heading_span is None:
                continue
            heading = section.heading_span.of(document.text)
            told = _plain(heading)
            first_line = _plain(heading.split("\n")[0])  # of a heading in two lines the first may bear the mark alone
            right = next((line for line in (told, first_line) if line in wanted), None)
            if right is not None:
                wanted.remove(right)
                found.right += 1
            else:
                found.extra.append(f"{path.name}: {told}")
        found.missed.extend(f"{path.name}: {line}" for line in wanted)
    return found


def _plain(line: str) -> str:
    return " ".join(line.removeprefix("Q: ").split()).strip(_AROUND)


def main(arguments: list[str]) -> None:
    for part in arguments or ["dev", "once"]:
        found = score(part)
        print(f"{part}: precision {found.precision:.3f}, recall {found.recall:.3f}, {found.right} told rightly")
        for line in found.extra:
            print(f"  made up   {line}")
        for line in found.missed:
            print(f"  missed    {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
