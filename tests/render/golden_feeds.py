"""The feeds that `golden/` keeps, byte for byte: `python -m tests.render.golden_feeds` writes them anew.

A byte that changes here changes in every reader's copy: look at the difference, and say in the commit why.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pipeline.render.published import Correction, Withdrawal
from pipeline.render.site import SiteMaker, outline, site_files
from tests.render import site_examples as examples
from tests.render.library import MemoryLibrary

FOLDER = Path(__file__).parent / "golden"
NAMES = ("feed.xml", "atom.xml", "feed.json", "issues.xml", "sitemap.xml", "sitemaps/issues-1.xml")


def golden() -> dict[str, bytes]:
    """Two issues with everything that can happen to a tip: markup in a title, a correction, a withdrawal."""
    first, second = examples.issues(2)
    odd = replace(second.tips[1], title="Never <b>pick</b> & squeeze", picture_url="https://newsletter.example/p.jpg")
    second = replace(second, tips=(second.tips[0], odd, second.tips[2]))
    new = replace(first.tips[0], text="Clouds let *most* light through.", revision_hash="f" * 64)
    library = MemoryLibrary(
        [first, second],
        corrections=[Correction(new, second.issued_at + timedelta(days=1), "It said all of it.")],
        withdrawals=[Withdrawal(first.tips[2].entry_id, second.issued_at + timedelta(days=2), "It was disproved.")],
    )
    maker = SiteMaker(examples.newsletter(), library, examples.TEMPLATES, examples.ZONE, hub_url="https://hub.example/")
    files = site_files(maker, outline(library))
    return {item.path: item.data for item in files if item.path in NAMES}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, data in golden().items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_bytes(data)
