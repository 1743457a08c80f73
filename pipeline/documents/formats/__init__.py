"""The document formats, found by themselves: every module here with a `FORMAT`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pipeline.documents.formats.base import Format


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, in the order in which they are asked whether they recognise a document."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    formats = (getattr(module, "FORMAT", None) for module in modules)
    return tuple(sorted((found for found in formats if found), key=lambda each: (each.precedence, each.name)))


def format_named(name: str) -> Format:
    return next(found for found in all_formats() if found.name == name)
