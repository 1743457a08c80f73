"""Writes `lexicons/wordnet/words.txt` from WordNet 3.1: `python -m tests.derive.make_wordnet_words FOLDER`.

FOLDER is the `dict` folder of WordNet's database (data.noun, index.sense, …). Taken are single words that its tagged
texts hold, by their first three senses: what stands in one synset, what is derived from the other or similar to it, and
what is one step more general.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pipeline.derive.lexicon_files import FOLDER
from pipeline.derive.normalise import stem

SENSES = 3
KINDS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
BY_NUMBER = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
DERIVED, GENERAL = frozenset(["+", "\\", "&", "$", "<", "="]), "@"
HEAD = """# Words that stand near each other in WordNet 3.1 (Princeton University; its licence stands beside this file).
# Made by `python -m tests.derive.make_wordnet_words`, not by hand: a stem, then the stems of the same sense, those
# derived from it or similar, and those one step more general.

[words]
"""


def pointers(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Synset → the kind and the synset of each of its pointers."""
    found = {}
    for name, letter in KINDS.items():
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split(" | ")[0].split()
            at = 4 + 2 * int(fields[3], 16)
            quads = [fields[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(fields[at]))]
            found[letter + fields[0]] = [(sign, ("a" if kind == "s" else kind) + to) for sign, to, kind, _ in quads]
    return found


def senses(folder: Path) -> dict[str, set[str]]:
    """Stem → the synsets of its first senses, for words that the tagged texts hold."""
    rows = [line.split() for line in (folder / "index.sense").read_text(encoding="utf-8").splitlines()]
    told: defaultdict[str, int] = defaultdict(int)
    for key, _, _, count in rows:
        told[stem(key.partition("%")[0])] += int(count)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, offset, number, _ in rows:
        word, _, rest = key.partition("%")
        if re.fullmatch("[a-z]+", word) and int(number) <= SENSES and told[stem(word)]:
            found[stem(word)].add(BY_NUMBER[rest[0]] + offset)
    return found


def near(own: set[str], pointed: dict[str, list[tuple[str, str]]]) -> dict[str, int]:
    """Synset → how many steps it is from a word's own."""
    steps = dict.fromkeys(own, 0)
    for signs, step in ((DERIVED, 1), ({GENERAL}, 2)):
        for synset in own:
            for sign, to in pointed[synset]:
                if sign in signs:
                    steps.setdefault(to, step)
    return steps


def relations(folder: Path) -> dict[str, dict[str, int]]:
    """Stem → the stems that are at most two steps away."""
    pointed, by_synset = pointers(folder), defaultdict(list)
    for word, own in sorted(senses(folder).items()):
        for synset, steps in near(own, pointed).items():
            by_synset[synset].append((word, steps))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for members in by_synset.values():
        for word, steps in members:
            for other, more in members:
                if word != other and steps + more <= 2 and steps * more == 0:
                    found[word][other] = min(found[word].get(other, 2), steps + more)
    return found


def lines(found: dict[str, dict[str, int]]) -> Iterator[str]:
    for word in sorted(found):
        parts = [" ".join(sorted(other for other, steps in found[word].items() if steps == n)) for n in range(3)]
        yield f"{word}: {' | '.join(parts)}"


if __name__ == "__main__":
    path = FOLDER / "wordnet" / "words.txt"
    path.write_text(HEAD + "\n".join(lines(relations(Path(sys.argv[1])))) + "\n", encoding="utf-8")
