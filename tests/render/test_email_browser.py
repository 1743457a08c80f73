"""The mail in a real browser: what a reader sees is legible, fits the screen, and can be touched."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pipeline.render.colours import LEAST_CONTRAST, contrast
from tests.accessibility import axe_findings
from tests.browser import chromium
from tests.render.issues import as_one_reader_gets_it, of_newsletter, sample, samples

pytestmark = pytest.mark.browser
MAILS = {name: as_one_reader_gets_it(content) for name, content in samples()}
MAILS["digest-blue"] = as_one_reader_gets_it(of_newsletter(sample(), accent_colour="#0000ff"))
every_mail = pytest.mark.parametrize("html", MAILS.values(), ids=MAILS)

# each piece of visible text: its words, colour, the colour behind it, its size in px
TEXTS = """() => {
  const hex = colour => {
    const [r, g, b, a] = colour.match(/[\\d.]+/g).map(Number);
    return a === 0 ? null : '#' + [r, g, b].map(n => n.toString(16).padStart(2, '0')).join('');
  };
  const ground = element => hex(getComputedStyle(element).backgroundColor) || behind(element.parentElement);
  const behind = element => element ? ground(element) : '#ffffff';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    found.push([walker.currentNode.data.trim(), hex(style.color), behind(element), parseFloat(style.fontSize)]);
  }
  for (const image of document.images) {
    const style = getComputedStyle(image);
    found.push(['alt: ' + image.alt, hex(style.color), behind(image), parseFloat(style.fontSize)]);
  }
  return found;
}"""
# links that stand alone, not within a sentence: their words, width and height in px
TARGETS = """() => [...document.querySelectorAll('a')]
  .filter(link => !link.closest('p, li, blockquote'))
  .map(link => [link.textContent.trim(), link.getBoundingClientRect().width, link.getBoundingClientRect().height])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module", params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(color_scheme=request.param, java_script_enabled=True)
    page.route("**/*", lambda route: route.abort())
    yield page
    page.close()


def show(page: Page, html: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(html)


def texts(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate(TEXTS)
    assert len(found) > 15
    return found


@every_mail
def test_every_text_stands_out_from_what_is_behind_it(page: Page, html: str) -> None:
    show(page, html, 640)
    weak = [(words, ink, ground) for words, ink, ground, _ in texts(page) if contrast(ink, ground) < LEAST_CONTRAST]
    assert weak == []


@every_mail
def test_the_dark_mail_is_dark_all_over(browser: Browser, html: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.route("**/*", lambda route: route.abort())
    show(page, html, 640)
    bright = [(words, ground) for words, _, ground, _ in texts(page) if contrast(ground, "#000000") > 4]
    buttons = page.evaluate("[...document.querySelectorAll('.button a')].map(link => link.textContent.trim())")
    page.close()
    kept = {"alt: Logo", *buttons}  # a logo keeps its light plate, and a button is meant to shine
    assert [words for words, _ in bright if words not in kept] == []


@every_mail
@pytest.mark.parametrize("width", [320, 479])
def test_on_a_telephone_there_is_one_column_and_nothing_beside_it(page: Page, html: str, width: int) -> None:
    show(page, html, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    widths = page.evaluate(
        "[...document.querySelectorAll('h1, h2')].map(h => Math.round(h.getBoundingClientRect().width))"
    )
    assert min(widths) > width * 0.7


@every_mail
def test_a_link_that_stands_alone_can_be_touched(page: Page, html: str) -> None:
    show(page, html, 320)
    targets: list[Any] = page.evaluate(TARGETS)
    assert len(targets) >= 5
    assert [target for target in targets if target[1] < 44 or target[2] < 44] == []


@every_mail
def test_reading_text_is_16_px_or_more_and_labels_14(page: Page, html: str) -> None:
    show(page, html, 320)
    sizes = [size for _, _, _, size in texts(page)]
    assert min(sizes) >= 14
    assert sum(size < 16 for size in sizes) <= 4  # the issue's number and the topics


@every_mail
def test_the_column_is_never_wider_than_600_px(page: Page, html: str) -> None:
    show(page, html, 1200)
    widths = page.evaluate(
        "[...document.querySelectorAll('h1, h2, p')].map(element => element.getBoundingClientRect().width)"
    )
    assert max(widths) <= 600


@every_mail
def test_axe_finds_nothing(page: Page, html: str) -> None:
    show(page, html, 640)
    assert axe_findings(page) == []
