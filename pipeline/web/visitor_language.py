"""The language of a page that belongs to no newsletter: the first of the visitor's own that has a catalogue."""

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from pipeline.render.catalogue import SOURCE_LANGUAGE, languages

_STUDIO = "/studio/"


def visitor_language(request: HttpRequest) -> str:
    """A BCP 47 tag. The studio speaks English, and so do the pages that stand in for its own."""
    if request.path.startswith(_STUDIO):
        return SOURCE_LANGUAGE
    spoken = {SOURCE_LANGUAGE, *(tag.split("-")[0].lower() for tag in languages())}
    wanted = (tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")))
    return next((tag for tag in wanted if tag.split("-")[0] in spoken), SOURCE_LANGUAGE)
