"""Everything fixed that a reader is shown stands in a catalogue: no template says a word of its own, no module holds
a second table, and each language is complete.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import CHECKOUT
from pipeline.render import catalogue
from tests.render.messages import rooms, template

READERS = ("email", "archive", "public")
TEMPLATES = [
    path
    for folder in READERS
    for path in sorted((CHECKOUT / "templates" / folder).rglob("*"))
    if path.suffix in {".html", ".mjml", ".txt"}
]
NO_WORDS = re.compile(
    r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(mj-style|style)\b.*?</\1>|<!--.*?-->|&lt;.*?&gt;|&\w+;", re.DOTALL
)
SAID_ALOUD = re.compile(r'\b(?:alt|title|aria-label|placeholder|label)="([^"]*)"')
TAG = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


def words_of(path: Path) -> set[str]:
    """What a reader would see or hear of a template that came from the template itself."""
    text = NO_WORDS.sub(" ", path.read_text(encoding="utf-8"))
    heard = " ".join(SAID_ALOUD.findall(text))
    return set(WORD.findall(f"{TAG.sub(' ', text)} {heard}"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(CHECKOUT / "templates")))
def test_no_template_for_readers_says_a_word_of_its_own(path: Path) -> None:
    assert words_of(path) == set()


def test_that_check_would_see_a_word(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('{% if x %}<p title="{{ y }}">{{ z }}</p>{% endif %}<img alt="Logo"><b>Hi</b>')
    assert words_of(page) == {"Logo", "Hi"}


@pytest.mark.parametrize("folder", ["pipeline/web/public", "pipeline/web", "pipeline/publish", "pipeline/render"])
def test_every_table_of_words_in_the_code_is_in_the_template_for_translators(folder: str) -> None:
    """A dataclass `…Wording` is a room, and has its place in `tests/render/messages.py`."""
    known = {f"{type(words).__module__}.{type(words).__qualname__}" for words in rooms().values()}
    assert {name for path in (CHECKOUT / folder).glob("*.py") for name in _tables(path)} - known == set()


def _tables(path: Path) -> Iterator[str]:
    module = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name.endswith("Wording"):
            yield f"{module}.{node.name}"


@pytest.mark.parametrize("room", rooms())
@pytest.mark.parametrize("language", catalogue.languages())
def test_each_room_is_complete_in_each_language(room: str, language: str) -> None:
    english = rooms()[room]
    assert catalogue.translated(english, room, language).language == language


def test_the_rooms_are_those_of_everything_that_readers_get() -> None:
    assert {"email", "site", "public", "confirmation", "consent", "trouble"} == set(rooms())
    assert {message.context.partition(".")[0] for message in template() if message.id} == {*rooms(), "topic-picture"}
