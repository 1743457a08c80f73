"""Feeds: the same entries in every format.

`model.py` holds the channel and the entry that all formats share, `entries.py` makes them from published content, and
each format is one module with a `FORMAT` that is found by itself. What the feedgen library gets wrong is put right in
`feedgen_adapter.py` and nowhere else.
"""

import importlib
import pkgutil
from functools import cache

from pipeline.render.feeds.model import FeedFormat


@cache
def formats() -> tuple[FeedFormat, ...]:
    """Every feed format in this folder, in the order of their places."""
    modules = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = (getattr(module, "FORMAT", None) for module in modules)
    return tuple(sorted((item for item in found if isinstance(item, FeedFormat)), key=lambda item: item.place))
