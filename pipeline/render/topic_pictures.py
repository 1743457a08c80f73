"""The topics' pictures: small drawings of the house's own, for mail beside the topic's name.

They lie under `templates/email/_topics/`: an SVG as the source, a PNG made from it, and `topics.toml`, which says what
each shows and which topics take it. A newsletter's folder under `output/` gets all of them, and mail links there. They
say nothing that the words beside them do not say.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import TipsheetError

FOLDER = Path("email", "_topics")
LIST = "topics.toml"
GENERAL = "general"
CONTEXT = "topic-picture"


class TopicPictureError(TipsheetError):
    """The list of the topics' pictures cannot be read, or names one that is not there."""


@dataclass(frozen=True, slots=True)
class TopicPicture:
    """One drawing. `alt` is English (see `catalogue.phrase`); `topics` are the slugs that take it."""

    slug: str
    alt: str
    topics: tuple[str, ...]
    data: bytes

    @property
    def path(self) -> str:
        """Its place in a newsletter's folder, and so below the newsletter's address."""
        return f"pictures/topics/{self.slug}.png"


def topic_pictures(templates: Path) -> tuple[TopicPicture, ...]:
    """Every picture; none where the templates bring no list. Raises TopicPictureError."""
    listed = templates / FOLDER / LIST
    try:
        return _read(listed, listed.stat().st_mtime_ns)
    except FileNotFoundError:
        return ()


def picture_of(topic_slug: str, *, templates: Path) -> TopicPicture | None:
    """The topic's picture, else the general one; None where there is neither."""
    pictures = topic_pictures(templates)
    by_topic = {topic: picture for picture in pictures for topic in picture.topics}
    return by_topic.get(topic_slug.lower()) or by_topic.get(GENERAL)


@lru_cache(maxsize=8)
def _read(listed: Path, changed_ns: int) -> tuple[TopicPicture, ...]:  # noqa: ARG001 - a change of it forgets the rest
    try:
        tables = tomllib.loads(listed.read_text(encoding="utf-8"))
        return tuple(
            TopicPicture(
                slug=slug,
                alt=str(table["alt"]),
                topics=(slug, *map(str, table.get("also", ()))),
                data=listed.with_name(f"{slug}.png").read_bytes(),
            )
            for slug, table in tables.items()
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TopicPictureError(f"{listed} is no list of the topics' pictures: {error}") from error
