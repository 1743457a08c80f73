"""Django's template engine, made by hand: no settings, no libraries, no ambient language or zone, and only the
files of one folder and of the parts beside it. A design that asks for a value that it is not given is refused, not
rendered with a hole.
"""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError

from pipeline.errors import TipsheetError

PARTS = "_parts"  # beside the design's folder: what several designs include; a file of the design's own goes before

_MISSING = re.compile(r"TIPSHEETMISSING\[(.*?)\]")


_State = tuple[tuple[str, int, int], ...]


class TemplateError(TipsheetError):
    """A design's template cannot be rendered."""


class _Engine(Engine):
    default_builtins = ["django.template.defaultfilters", "pipeline.render.template_tags"]


@lru_cache(maxsize=16)
def _engine(dirs: tuple[Path, ...], *, autoescape: bool, state: tuple[_State, ...]) -> Engine:  # noqa: ARG001 - see below
    """An engine that parses each file once. `state` is that of the files: after a change of one, a new engine reads."""
    return _Engine(
        dirs=list(map(str, dirs)),
        loaders=[("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
        autoescape=autoescape,
        string_if_invalid="TIPSHEETMISSING[%s]",
    )


def _state(folder: Path) -> _State:
    """What tells whether a file of the folder changed."""
    try:
        with os.scandir(folder) as entries:
            return tuple(sorted((entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in entries))
    except FileNotFoundError:
        return ()


def render_template(folder: Path, name: str, values: Mapping[str, object], *, autoescape: bool) -> str:
    """The template's text with `values`, all of whose leaves are text: numbers and dates would ask for a language."""
    dirs = (folder, folder.parent / PARTS)
    engine = _engine(dirs, autoescape=autoescape, state=tuple(map(_state, dirs)))
    context = Context(dict(values), autoescape=autoescape, use_l10n=False, use_tz=False)
    try:
        text = str(engine.get_template(name).render(context))
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        raise TemplateError(f"{folder / name} is no template that a design may have: {error}") from error
    missing = sorted(set(_MISSING.findall(text)))
    if missing:
        raise TemplateError(f"{folder / name} asks for {', '.join(missing)}, which no design is given")
    return text
