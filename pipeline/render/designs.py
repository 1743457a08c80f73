"""Email designs, found by themselves: each folder under `templates/email/` with a manifest is one.

A design is four files: `manifest.toml` (name, description), `email.mjml`, `email.txt` (Django's template language,
with the tags of `template_tags` alone; what they are given is written in `email.py`), and `sample.json`, an issue's
content that shows it.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pipeline.editorial.content import IssueContent
from pipeline.errors import TipsheetError

MANIFEST = "manifest.toml"
MJML_FILE = "email.mjml"
TEXT_FILE = "email.txt"
SAMPLE_FILE = "sample.json"


class DesignError(TipsheetError):
    """A design is missing, or its folder is incomplete."""


@dataclass(frozen=True, slots=True)
class Design:
    """A folder under `templates/email/`: `slug` is its name, `name` what people call it."""

    slug: str
    name: str
    description: str
    folder: Path

    def sample(self) -> IssueContent:
        """The issue that shows the design."""
        path = self.folder / SAMPLE_FILE
        try:
            return IssueContent.from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DesignError(f"{path} is no issue's content in JSON: {error}") from error


def find_designs(templates: Path) -> dict[str, Design]:
    """Every design, by slug, in the order of their slugs."""
    manifests = sorted((templates / "email").glob(f"*/{MANIFEST}"))
    return {manifest.parent.name: _read(manifest) for manifest in manifests}


def find_design(templates: Path, slug: str) -> Design:
    designs = find_designs(templates)
    if slug not in designs:
        known = ", ".join(designs) or "none"
        raise DesignError(f"there is no email design {slug!r} in {templates / 'email'} (there are: {known})")
    return designs[slug]


def _read(manifest: Path) -> Design:
    try:
        data = tomllib.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DesignError(f"{manifest} cannot be read: {error}") from error
    wanted = {"name", "description"}
    if set(data) != wanted or not all(isinstance(value, str) and value.strip() for value in data.values()):
        raise DesignError(
            f"{manifest} holds exactly a name and a description, both of them text; it has {sorted(data)}"
        )
    missing = [name for name in (MJML_FILE, TEXT_FILE, SAMPLE_FILE) if not (manifest.parent / name).is_file()]
    if missing:
        raise DesignError(f"{manifest.parent} lacks {', '.join(missing)}; a design has all of its files")
    return Design(manifest.parent.name, data["name"], data["description"], manifest.parent)
