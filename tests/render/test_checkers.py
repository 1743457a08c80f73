"""html-validate and Can I email over every design × sample × direction: nothing but what is allowed, with a reason.

axe-core has its say in test_email_browser.py. What is allowed is in tests/npm/allowed.toml, and readers of
docs/designs.md are told it.
"""

import json
import re
import tomllib
from typing import Any

import pytest

from pipeline.config import CHECKOUT
from tests.render.issues import as_one_reader_gets_it, of_newsletter, samples
from tests.tools import NPM, check_html

ALLOWED = tomllib.loads((NPM / "allowed.toml").read_text(encoding="utf-8"))
PARTLY = " (partly)"
MAILS = {name: as_one_reader_gets_it(content) for name, content in samples()} | {
    f"{name}-turned": as_one_reader_gets_it(of_newsletter(content, language="ar"))
    for name, content in samples()
    if name.endswith("-sample")
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return check_html(MAILS.items())


def without_line(finding: str) -> str:
    return re.sub(r" \(\d+\)$", "", finding)


@pytest.mark.parametrize("name", MAILS)
def test_html_validate_finds_only_what_outlook_needs(found: dict[str, Any], name: str) -> None:
    assert {without_line(finding) for finding in found[name]["html"]} <= set(ALLOWED["html"])


def test_the_features_that_are_missing_somewhere_are_the_ones_written_down(found: dict[str, Any]) -> None:
    named = {feature for mail in found.values() for feature in mail["unsupported"]}
    missing = {feature for feature in named if not feature.endswith(PARTLY)}
    assert missing == set(ALLOWED["unsupported"])
    assert {feature.removesuffix(PARTLY) for feature in named} - missing == set(ALLOWED["partly"]["features"])


def test_nothing_is_allowed_that_is_no_longer_found(found: dict[str, Any]) -> None:
    html = {without_line(finding) for mail in found.values() for finding in mail["html"]}
    assert html == set(ALLOWED["html"])


def test_the_checkers_do_find_what_is_wrong() -> None:
    bad = '<!doctype html><html><head><title>x</title></head><body><p><div style="filter:blur(1px)">a</div></p></body>'
    answer = check_html([("bad", bad)])["bad"]
    assert any("close" in finding or "p" in finding for finding in answer["html"])
    assert "filter" in " ".join(answer["unsupported"])


def test_readers_are_told_what_is_missing_where_and_nothing_else() -> None:
    page = (CHECKOUT / "docs" / "designs.md").read_text(encoding="utf-8")
    _, _, told = page.partition("## What mail programs do not support")
    table, _, partly = told.partition("Supported with a reservation")
    assert dict(re.findall(r"^\| `(.+?)` \| (.+?) \|$", table, re.MULTILINE)) == ALLOWED["unsupported"]
    assert re.findall(r"`(.+?)`", partly) == ALLOWED["partly"]["features"]


def test_the_lock_file_names_no_index_and_pins_every_version() -> None:
    locked = json.loads((NPM / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((NPM / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert "resolved" not in json.dumps(locked)
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert all(package.get("integrity") for path, package in locked["packages"].items() if path)
