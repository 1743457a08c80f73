"""The pictures in README and docs: `python -m tests.render.doc_pictures DEMO`, DEMO being a folder that
`run.py demo --dir DEMO` made. Its mail at a telephone's width, light and dark, and a sample of each design.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Route

from pipeline.config import CHECKOUT
from pipeline.render.designs import find_designs
from tests.browser import chromium
from tests.render import topic_pictures
from tests.render.issues import TEMPLATES, as_one_reader_gets_it

FOLDER = CHECKOUT / "docs" / "pictures"
TELEPHONE, HEIGHT = 375, 1040
COLUMN = 640


def take(demo: Path) -> None:
    FOLDER.mkdir(exist_ok=True)
    mail = (demo / "var" / "email.html").read_text(encoding="utf-8")
    with chromium() as browser:
        for scheme, name in (("light", "email-375.png"), ("dark", "email-375-dark.png")):
            _shoot(browser, mail, FOLDER / name, width=TELEPHONE, scheme=scheme)
        for design in find_designs(TEMPLATES).values():
            html = as_one_reader_gets_it(design.sample())
            _shoot(browser, html, FOLDER / f"design-{design.slug}.png", width=COLUMN, scheme="light")


def _shoot(browser: Browser, html: str, path: Path, *, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)  # type: ignore[arg-type]
    page.route("**/*", _own_picture)
    page.set_content(html)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot()))
    page.close()
    picture.convert("RGB").quantize(colors=128).save(path, optimize=True)


def _own_picture(route: Route) -> None:
    """The topics' pictures from this folder; nothing else is fetched."""
    drawn = topic_pictures.FOLDER / Path(route.request.url).name
    if drawn.is_file():
        route.fulfill(path=drawn)
    else:
        route.abort()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
