"""Pictures of every design's samples: `python -m tests.render.pictures FOLDER [DESIGN ...]`.

Each sample (the design's own, and the others of `tests/render/samples/`) at six widths in light and dark, with
images off, and in the dark that a browser makes by itself. To be looked at, after every change of a design.
"""

import argparse
from pathlib import Path

from playwright.sync_api import Browser, Route

from tests.browser import chromium
from tests.render import topic_pictures
from tests.render.issues import as_one_reader_gets_it, samples

WIDTHS = (320, 375, 480, 640, 800, 1200)


def take(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for forced in (False, True):
        with chromium(*["--blink-settings=forceDarkModeEnabled=true"] * forced) as browser:
            for name, content in samples():
                if not wanted or name in wanted or content.design in wanted:
                    _shoot(browser, folder, name, as_one_reader_gets_it(content), forced=forced)


def _shoot(browser: Browser, folder: Path, name: str, html: str, *, forced: bool) -> None:
    for look in ("forced-dark",) if forced else ("light", "dark", "images-off", "images-off-dark"):
        scheme = "dark" if look.endswith("dark") and not forced else "light"
        context = browser.new_context(color_scheme=scheme, java_script_enabled=False)  # type: ignore[arg-type]
        page = context.new_page()
        page.route("**/*", _refuse if look.startswith("images-off") else _paint)  # nothing leaves this machine
        page.set_content(html)
        for width in (375, 800) if forced else WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=folder / f"{name}-{width}-{look}.png", full_page=True)
        context.close()


def _refuse(route: Route) -> None:
    route.abort()


def _paint(route: Route) -> None:
    """The topics' own pictures, and a stand-in for any other address, tall if it is called so."""
    topic = topic_pictures.FOLDER / Path(route.request.url).name
    if "/pictures/topics/" in route.request.url and topic.is_file():
        route.fulfill(path=topic)
        return
    width, height = (600, 900) if "tall" in route.request.url else (1200, 640)
    size = 'width="128" height="128"' if "logo" in route.request.url else f'width="{width}" height="{height}"'
    shape = '<rect width="100%" height="100%" fill="#d9c7b4"/><circle cx="50%" cy="50%" r="22%" fill="#7d6a58"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{shape}</svg>'
    route.fulfill(body=svg, content_type="image/svg+xml")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.render.pictures", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go; it is made if it is not there")
    parser.add_argument("designs", nargs="*", metavar="DESIGN", help="designs or samples by name; all without one")
    told = parser.parse_args()
    take(told.folder, told.designs)


if __name__ == "__main__":
    main()
