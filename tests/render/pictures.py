"""Pictures of every design's samples: `python -m tests.render.pictures FOLDER [DESIGN ...]`.

Each sample (the design's own, and the others of `tests/render/samples/`) at six widths in light and dark, with
images off, and in the dark that a browser makes by itself. To be looked at, after every change of a design.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from pipeline.config import CHECKOUT
from pipeline.editorial.content import IssueContent
from pipeline.render.designs import find_designs
from pipeline.render.email import render_email
from pipeline.render.model import Place, RenderedEmail

WIDTHS = (320, 375, 480, 640, 800, 1200)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
SAMPLES = Path(__file__).parent / "samples"
TEMPLATES = CHECKOUT / "templates"


def samples() -> Iterator[tuple[str, IssueContent]]:
    """A name and an issue for each design × sample."""
    for design in find_designs(TEMPLATES).values():
        yield f"{design.slug}-sample", design.sample()
        for path in sorted(SAMPLES.glob("*.json")):
            content = IssueContent.from_json(path.read_text(encoding="utf-8"))
            yield f"{design.slug}-{path.stem}", replace(content, design=design.slug)


def filled(rendered: RenderedEmail) -> str:
    """The HTML as one reader gets it."""
    values = {
        Place.GREETING: "Hello Ada,",
        Place.UNSUBSCRIBE_URL: "https://newsletter.example/u/x",
        Place.PREFERENCES_URL: "https://newsletter.example/p/x",
    }
    html = rendered.html
    for place, value in values.items():
        html = html.replace(place.marker, value)
    return html


def take(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        for forced in (False, True):
            flags = [*FLAGS, "--blink-settings=forceDarkModeEnabled=true"] if forced else FLAGS
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
            for name, content in samples():
                if not wanted or name in wanted or content.design in wanted:
                    _shoot(browser, folder, name, filled(render_email(content, templates=TEMPLATES)), forced=forced)
            browser.close()


def _shoot(browser: Browser, folder: Path, name: str, html: str, *, forced: bool) -> None:
    looks = {"forced-dark": "light"} if forced else {"light": "light", "dark": "dark"}
    for look, scheme in looks.items():
        context = browser.new_context(color_scheme=scheme, java_script_enabled=False)  # type: ignore[arg-type]
        page = context.new_page()
        page.route("**/*", lambda route: route.abort())  # images off, and nothing leaves this machine
        page.set_content(html)
        for width in (375, 800) if forced else WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=folder / f"{name}-{width}-{look}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2:])
