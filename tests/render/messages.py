"""All fixed wording, as gettext sees it: `python -m tests.render.messages` writes `tipsheet.pot` and brings every
catalogue up to date with it. What is new in a catalogue then waits for its translation, and a test says so.
"""

import os
from datetime import UTC, datetime
from typing import Any

import django
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from pipeline.config import CHECKOUT
from pipeline.render import catalogue, site_wording, topic_pictures, wording
from pipeline.render.catalogue import LOCALE

HEADER = "# Tipsheet's fixed wording."
TEMPLATE = LOCALE / "tipsheet.pot"
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)  # a date that moved with each run would be all that differs


def rooms() -> dict[str, Any]:
    """The English words of every room, by its name."""
    from pipeline.publish import confirmation_mail, consent_wording  # their models want Django set up first
    from pipeline.web import trouble
    from pipeline.web.public import wording as public_wording

    tables = (wording, site_wording, confirmation_mail, consent_wording, public_wording, trouble)
    return {table.ROOM: table.ENGLISH for table in tables}


def template() -> Catalog:
    """Every message of the code, none translated."""
    messages = Catalog(project="Tipsheet", version="1", creation_date=MADE_AT, charset="utf-8", header_comment=HEADER)
    for room, words in rooms().items():
        for _, text, context in catalogue.messages_of(words, room):
            messages.add(text, context=context)
    for picture in topic_pictures.topic_pictures(CHECKOUT / "templates"):
        messages.add(picture.alt, context=f"{topic_pictures.CONTEXT}.{picture.slug}")
    messages.add(wording.TIPS_FOLLOW, context=f"{wording.ROOM}.tips_follow")
    return messages


def main() -> None:
    found = template()
    with TEMPLATE.open("wb") as file:
        write_po(file, found, width=120)
    for language in catalogue.languages():
        path = LOCALE / f"{language}.po"
        known = catalogue.read(path)
        known.header_comment, known.creation_date, known.revision_date = HEADER, MADE_AT, MADE_AT
        known.update(found, no_fuzzy_matching=True)
        with path.open("wb") as file:
            write_po(file, known, width=120, ignore_obsolete=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main()
