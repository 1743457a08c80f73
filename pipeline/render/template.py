"""Django's template engine, made by hand: no settings, no libraries, no ambient language or zone, and only the
files of one folder and of the parts beside it. A design that asks for a value that it is not given is refused, not
rendered with a hole.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError

from pipeline.errors import TipsheetError

PARTS = "_parts"  # beside the design's folder: what several designs include; a file of the design's own goes before

_MISSING = re.compile(r"TIPSHEETMISSING\[(.*?)\]")


class TemplateError(TipsheetError):
    """A design's template cannot be rendered."""


class _Engine(Engine):
    default_builtins = ["django.template.defaultfilters", "pipeline.render.template_tags"]


def render_template(folder: Path, name: str, values: Mapping[str, object], *, autoescape: bool) -> str:
    """The template's text with `values`, all of whose leaves are text: numbers and dates would ask for a language."""
    engine = _Engine(
        dirs=[str(folder), str(folder.parent / PARTS)],
        loaders=["django.template.loaders.filesystem.Loader"],
        autoescape=autoescape,
        string_if_invalid="TIPSHEETMISSING[%s]",
    )
    context = Context(dict(values), autoescape=autoescape, use_l10n=False, use_tz=False)
    try:
        text = str(engine.get_template(name).render(context))
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        raise TemplateError(f"{folder / name} is no template that a design may have: {error}") from error
    missing = sorted(set(_MISSING.findall(text)))
    if missing:
        raise TemplateError(f"{folder / name} asks for {', '.join(missing)}, which no design is given")
    return text
