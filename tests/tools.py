"""The checkers that are programs of their own. Without one, its tests are skipped with a line that says what to
install; under `CI=true` they fail.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

NPM = Path(__file__).parent / "npm"


def needs(program: str, package: str) -> str:
    """The program's path."""
    found = shutil.which(program)
    return found or missing(f"needs {program}: install the Debian package {package}")


def missing(why: str) -> str:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def node_checkers() -> str:
    """Node's path, once what `tests/npm/package-lock.json` names is installed."""
    node = needs("node", "nodejs")
    if not (NPM / "node_modules" / "html-validate").is_dir():
        npm = needs("npm", "npm")
        made = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=NPM, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        if made.returncode:
            missing(f"needs the checkers of tests/npm, and `npm ci` there failed: {made.stderr.strip()[-300:]}")
    return node


def check_html(mails: Iterable[tuple[str, str]], *arguments: str) -> dict[str, Any]:
    """What html-validate and Can I email find, by the mail's name (see `npm/check.mjs`)."""
    told = json.dumps([{"name": name, "html": html} for name, html in mails])
    done = subprocess.run(
        [node_checkers(), str(NPM / "check.mjs"), *arguments],
        input=told, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def check_pages(pages: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What html-validate finds by all of its recommended rules, by the page's name; pages without a finding are not
    in it.
    """
    answer = check_html(pages, "pages")
    return {name: found["html"] for name, found in answer.items() if found["html"]}
