"""What a machine must hold for derivation alone: the libraries that reading and deriving bring in, and no model."""

import json
import subprocess
import sys

LIMIT_BYTES = 60_000_000

_LIST = """
import json, sys
before = set(sys.modules)
import pipeline.derive.tips, pipeline.derive.guard, pipeline.derive.duplicates, pipeline.documents
from importlib import import_module, metadata
from pathlib import Path
for kind in Path(pipeline.documents.__path__[0], "formats").glob("[a-z]*.py"):
    import_module("pipeline.documents.formats." + kind.stem)
tops = {name.partition(".")[0] for name in set(sys.modules) - before}
by_module = metadata.packages_distributions()
used = sorted({by_module[top][0] for top in tops if top in by_module and top != "pipeline"})
def installed_bytes(name):
    paths = (file.locate() for file in metadata.files(name) or [] if file.suffix != ".pyc")
    return sum(path.stat().st_size for path in paths if path.is_file())
print(json.dumps({name: installed_bytes(name) for name in used}))
"""


def _libraries() -> dict[str, int]:
    printed = subprocess.run([sys.executable, "-c", _LIST], check=True, capture_output=True, text=True).stdout
    sizes: dict[str, int] = json.loads(printed)
    return sizes


def test_what_derivation_needs_is_small() -> None:
    sizes = _libraries()
    assert {"lxml", "selectolax", "pypdfium2", "markdown-it-py", "RapidFuzz", "PyStemmer"} <= set(sizes)
    assert sum(sizes.values()) <= LIMIT_BYTES, sizes


if __name__ == "__main__":
    libraries = _libraries()
    for name, size_bytes in sorted(libraries.items(), key=lambda item: -item[1]):
        print(f"{name:<16}{size_bytes / 1e6:6.1f} MB")
    print(f"{'together':<16}{sum(libraries.values()) / 1e6:6.1f} MB")
