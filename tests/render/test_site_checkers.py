"""The archive's pages as checkers and a browser see them: html-validate, axe, what moves while it loads, and weight."""

import io
from dataclasses import replace
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image

from pipeline.render.published import Correction, Withdrawal
from pipeline.render.site import SiteMaker, outline, site_files
from tests.accessibility import axe_findings
from tests.browser import chromium
from tests.contracts.test_published_feeds import hostile
from tests.layout import layout_shift, watch_layout
from tests.render import site_examples as examples
from tests.render.library import MemoryLibrary
from tests.render.page_rules import LARGEST_BYTES
from tests.tools import check_pages

PICTURE = "https://newsletter.example/pictures/late.png"
LOGO = "https://newsletter.example/pictures/logo.png"
PAGES = ["index.html", "archive/index.html", "archive/part-1.html", "archive/108.html", "topics/sun/index.html",
         "topics/index.html"]  # fmt: skip
LIGHT_BYTES = 100 * 1024  # with the stylesheet, without pictures


@cache
def site():
    """A hundred issues and more on many topics, the last with a picture, a correction and a withdrawal; a logo."""
    issues = examples.issues(107)
    many = tuple(examples.tip(900 + n, topic=f"Topic {n}", topic_slug=f"topic-{n}") for n in range(25))
    tips = (
        examples.tip(990, picture_url=PICTURE, picture_alt="A hand with cream", link_url="https://skin.example/more"),
        examples.tip(991, text="Wait *three* weeks.\n\n> As a doctor said.\n\n1. First\n2. Second"),
        examples.tip(992),
        *many,
    )
    last = examples.issue(108, tips=tips)
    library = MemoryLibrary(
        [*issues, last],
        corrections=[Correction(replace(tips[1], revision_hash="f" * 64), last.issued_at, "It said two weeks.")],
        withdrawals=[Withdrawal(tips[2].entry_id, last.issued_at, "A study disproved it.")],
    )
    newsletter = examples.newsletter(logo_url=LOGO)
    maker = SiteMaker(newsletter, library, examples.TEMPLATES, examples.ZONE, "", f"{examples.SITE_URL}search/")
    return {item.path: item.data for item in site_files(maker, outline(library))}


def pages(files):
    return [(path, data.decode()) for path, data in files.items() if path.endswith(".html")]


def test_html_validate_finds_nothing_on_any_page():
    assert check_pages(pages(site())) == {}


def test_html_validate_finds_nothing_whatever_staff_type():
    """But white space at the end of a line that somebody typed, and titles whose escapes it counts as characters."""
    found = [line for lines in check_pages(pages(hostile())).values() for line in lines]
    assert [line for line in found if not line.startswith(("no-trailing-whitespace", "long-title"))] == []


def test_html_validate_would_find_something():
    page = dict(pages(site()))["index.html"].replace("<h1>", "<h1><div>x</div>", 1)
    assert any("div" in line for line in check_pages([("index.html", page)])["index.html"])


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def open_page(browser):
    opened = []

    def open_page(path, *, width, scheme="light", files=None):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        opened.append(context)
        page = context.new_page()
        watch_layout(page)
        page.route("**/*", lambda route: answer(route, files or site()))
        page.goto(examples.SITE_URL + path)
        return page

    yield open_page
    for context in opened:
        context.close()


@cache
def picture():
    stream = io.BytesIO()
    Image.new("RGB", (1600, 1100), "#b4533c").save(stream, "PNG")
    return stream.getvalue()


def answer(route, files):
    """The site from memory; pictures come late, as they do on a phone."""
    url = urlsplit(route.request.url)
    if url.path.endswith(".png"):
        route.request.frame.page.wait_for_timeout(150)
        route.fulfill(body=picture(), content_type="image/png")
        return
    path = unquote(url.geturl().removeprefix(examples.SITE_URL))
    kinds = {".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml"}
    data = files.get(path)
    kind = next((kind for suffix, kind in kinds.items() if path.endswith(suffix)), "text/plain")
    route.fulfill(status=200 if data else 404, body=data or b"", content_type=f"{kind}; charset=utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [375, 1200])
def test_nothing_moves_while_a_page_loads(open_page, path, width):
    page = open_page(path, width=width)
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("() => [...document.images].every(image => image.complete)")
    assert layout_shift(page) == 0


@pytest.mark.browser
def test_what_moves_would_be_seen(open_page):
    page = open_page("index.html", width=375)
    page.evaluate("() => document.querySelector('h1').style.marginTop = '300px'")
    assert layout_shift(page) > 0


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (375, "dark"), (1200, "light"), (1200, "dark")])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(open_page, path, width, scheme):
    page = open_page(path, width=width, scheme=scheme)
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_a_page_of_hostile_words_is_as_accessible_and_as_narrow(open_page):
    for path in ("index.html", "archive/index.html", "archive/3.html", "archive/5.html"):
        page = open_page(path, width=375, files=hostile())
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_its_style_is_light(path):
    files = site()
    assert len(files[path]) <= LARGEST_BYTES
    assert len(files[path]) + len(files["style.css"]) <= LIGHT_BYTES


@pytest.mark.browser
def test_a_page_loads_its_style_its_icon_and_pictures_and_nothing_else(open_page):
    asked = []
    page = open_page("archive/108.html", width=375)
    page.on("request", lambda request: asked.append(request.url))
    page.reload(wait_until="networkidle")
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    own = {examples.SITE_URL + path for path in ("archive/108.html", "style.css", "icon.svg")}
    assert set(asked) <= own | {PICTURE, LOGO}
