"""The readers' pages in a real browser: axe finds nothing, they fit a phone, and work by keyboard without script."""

import re
from contextvars import copy_context
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from pipeline.audience import actions
from pipeline.audience.addresses import parse
from pipeline.audience.models import Subscription
from pipeline.audience.tokens import Purpose
from pipeline.config import CHECKOUT
from pipeline.publish.site import write_site
from pipeline.render.feeds import formats
from tests.accessibility import axe_findings
from tests.browser import chromium
from tests.layout import layout_shift, watch_layout
from tests.publish.story import Story
from tests.tools import check_pages
from tests.web.conftest import NOW
from tests.web.public_reader import link

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SITE = "https://newsletter.example"
STATIC = CHECKOUT / "pipeline" / "web" / "static"
# Links and buttons that stand alone: their words and size in px.
TARGETS = """() => [...document.querySelectorAll('button, .actions a, .masthead a, input:not([type=hidden])')]
  .filter(element => element.tabIndex >= 0).map(element => {
    const box = (element.closest('label') ?? element).getBoundingClientRect();  // a label is pressed as its box is
    return [element.innerText || element.name, box.width, box.height];
  })"""


@pytest.fixture(scope="module")
def browser():
    with pytest.MonkeyPatch.context() as patched, chromium() as browser:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
        yield browser


@pytest.fixture
def open_page(browser, letter):
    """A page whose every request is answered by the project itself, in this process; nothing leaves the machine."""
    client, contexts = Client(enforce_csrf_checks=True), []
    here = copy_context()  # Playwright calls back in a context of its own, which would open another database

    def answer(route):
        request, url = route.request, urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            route.fulfill(path=STATIC / url.path.removeprefix("/static/"))
            return
        sent = dict(parse_qsl(request.post_data or ""))
        ask = client.post if request.method == "POST" else client.get
        response = here.run(ask, url.path, sent or dict(parse_qsl(url.query)))
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)

    def open_page(path, *, width=375, scheme="light", script=True, before=None):
        context = browser.new_context(
            viewport={"width": width, "height": 760}, color_scheme=scheme, java_script_enabled=script, bypass_csp=script
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        if before:
            before(page)
        page.goto(SITE + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def subscription(letter):
    made, _ = actions.add_subscriber(
        mailing_list=letter.mailing_list, address=parse("ada@example.com"), source="shop", wording="Yes", now=NOW,
        actor="editor", name="Ada",
    )  # fmt: skip
    return made


def paths(subscription):
    form = "/subscribe/skin-letter/"
    return ["/", form, f"{form}frame/", f"{form}embed/", "/unsubscribe/cut-short/", "/nowhere/",
            "/search/skin-letter/", "/search/skin-letter/?q=sun", "/search/skin-letter/?q=nothing",
            *(link(purpose, subscription) for purpose in Purpose if purpose is not Purpose.CLICK)]  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (375, "dark"), (1200, "light")])
def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_the_screen(open_page, subscription, width, scheme):
    for path in paths(subscription):
        page = open_page(path, width=width, scheme=scheme)
        assert axe_findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("accent", ["#ffff00", "#000000"])
def test_axe_finds_nothing_whatever_colour_the_newsletter_has(open_page, letter, subscription, accent):
    letter.accent_colour = accent
    letter.save(update_fields=["accent_colour"])
    for scheme in ("light", "dark"):
        assert axe_findings(open_page(link(Purpose.PREFERENCES, subscription), scheme=scheme)) == []


def test_axe_finds_nothing_where_something_is_wrong_with_what_was_typed(open_page):
    page = open_page("/subscribe/skin-letter/")
    page.fill("#address", "zoe")
    page.click("button")
    page.get_by_role("alert").wait_for()
    assert axe_findings(page) == []


def test_axe_finds_nothing_on_what_was_found_and_on_the_page_with_a_private_feed(open_page, letter, subscription):
    told = Story(letter)
    for _ in range(8):
        told.issue("Sun", "Sleep", "Care")
    for scheme in ("light", "dark"):
        assert axe_findings(open_page("/search/skin-letter/?q=number", scheme=scheme)) == []
        page = open_page(link(Purpose.PREFERENCES, subscription), scheme=scheme)
        assert axe_findings(page) == []
        page.get_by_label("Sleep").check()
        page.locator("form.stack button.quiet").click()
        page.get_by_role("heading", name="Your private feed").wait_for()
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_reader_changes_to_a_feed_takes_a_new_address_and_goes_back_to_the_mail(open_page, letter, subscription):
    Story(letter).issue("Sun", "Sleep")
    page = open_page(link(Purpose.PREFERENCES, subscription), script=False)
    page.get_by_label("Sleep").check()
    page.get_by_label("Send me no mail while I read the feed").check()
    page.get_by_role("button", name="Make my private feed").click()
    page.get_by_text("No mail goes to you while you read the feed.").wait_for()
    old = page.locator("a.address").first.inner_text()
    assert "Sleep" in Client().get(old.removeprefix(SITE)).content.decode()
    page.get_by_role("button", name="Make new addresses").click()
    page.get_by_text("The old ones have ended.").wait_for()
    assert page.locator("a.address").first.inner_text() != old
    assert Client().get(old.removeprefix(SITE)).status_code == 410
    page.get_by_role("link", name="Preferences").click()
    page.get_by_text("no mail goes to you").wait_for()
    page.get_by_label("Send me no mail while I read the feed").uncheck()
    page.get_by_role("button", name="Save, and show the addresses").click()
    page.get_by_text("The mail comes as before.").wait_for()
    assert Subscription.objects.get().channel == "mail"


def test_html_validate_finds_nothing_and_every_page_is_light(letter, subscription):
    told = Story(letter)
    for _ in range(8):
        told.issue("Sun", "Sleep", "Care")
    client = Client()
    found = {path: client.get(path).content for path in [*paths(subscription), "/search/skin-letter/?q=number"]}
    style = (STATIC / "public.css").stat().st_size
    assert {path: len(page) for path, page in found.items() if len(page) + style > 100 * 1024} == {}
    pages = [(path, page.decode()) for path, page in found.items() if b"<html" in page]
    assert len(pages) > 10
    complaints_of = check_pages(pages)
    embed = complaints_of.pop("/subscribe/skin-letter/embed/")  # code that scrolls: a region for the keyboard
    assert {line.split(":")[0] for line in embed} == {"prefer-native-element"}
    assert complaints_of == {}


def test_a_program_finds_the_feeds_on_every_page(letter, subscription, workspace):
    Story(letter).issue("Sun")
    write_site(letter, config=workspace, now=NOW)
    for path in paths(subscription):
        page = Client().get(path).content.decode()
        found = re.findall(
            r'<link rel="alternate" type="([^"]+)" title="The Skin Letter: [^"]+" href="/skin-letter/', page
        )
        wanted = [item.media_type for item in formats()] if "<html" in page and "Skin Letter" in page else []
        assert found == wanted, path


def test_nothing_moves_while_a_page_loads(open_page, subscription):
    for path in ("/", "/subscribe/skin-letter/", "/search/skin-letter/", link(Purpose.PREFERENCES, subscription)):
        page = open_page(path, before=watch_layout)
        assert layout_shift(page) == 0, path


def test_axe_would_find_something(open_page):
    page = open_page("/")
    page.evaluate("document.querySelector('html').removeAttribute('lang')")
    assert [line.split(":")[0] for line in axe_findings(page)] == ["html-has-lang"]


def test_all_that_can_be_pressed_is_large_enough_for_a_thumb(open_page, subscription):
    for path in paths(subscription):
        targets = open_page(path).evaluate(TARGETS)
        assert [target for target in targets if min(target[1:]) < 44] == [], path


def test_a_reader_subscribes_by_keyboard_without_script(open_page):
    page = open_page("/subscribe/skin-letter/", script=False)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the text"
    while page.locator(":focus").get_attribute("name") != "address":
        page.keyboard.press("Tab")
    page.keyboard.type("zoe@example.com")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Subscribe"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Look into your mailbox").wait_for()


def test_a_reader_leaves_and_comes_back_without_script(open_page, subscription):
    page = open_page(link(Purpose.UNSUBSCRIBE, subscription), script=False)
    page.get_by_role("button", name="Unsubscribe").click()
    page.get_by_role("heading", name="You have left").wait_for()
    assert Subscription.objects.get().state == "unsubscribed"
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name="You are back on the list").wait_for()
    assert Subscription.objects.get().state == "confirmed"
