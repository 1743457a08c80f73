"""Any brand colour gives a legible mail: measured where it is seen, in the colours that a browser computes for each
text of the finished HTML and for the ground below it, in light, in dark, and in the dark that some mail programs make
by themselves (each colour turned over).
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from pipeline.render.colours import LEAST_CONTRAST, contrast, turned_over
from tests.browser import chromium
from tests.render.issues import as_one_reader_gets_it, of_newsletter, sample, samples
from tests.render.test_email_browser import TEXTS

pytestmark = pytest.mark.browser
DESIGNS = {name: content for name, content in samples() if name.endswith("-sample")}
colours = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        opened = browser.new_page(java_script_enabled=True)
        opened.route("**/*", lambda route: route.abort())
        yield opened


def shown(page: Page, html: str, scheme: str) -> list[tuple[str, str, str]]:
    """(words, colour, ground) of every text; colours as `#rrggbb`."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_content(html, wait_until="commit")
    return [(words, text, ground) for words, text, ground, _ in page.evaluate(TEXTS)]


def faint(texts: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(words, text, ground) for words, text, ground in texts if contrast(text, ground) < LEAST_CONTRAST]


@pytest.mark.parametrize("name", DESIGNS)
@given(accent=colours)
@example(accent="#ffff00")
@example(accent="#ffffff")
@example(accent="#000000")
@example(accent="#808080")
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_of_the_finished_mail_is_legible_in_light_and_in_dark(page: Page, name: str, accent: str) -> None:
    html = as_one_reader_gets_it(of_newsletter(DESIGNS[name], accent_colour=accent))
    light, dark = shown(page, html, "light"), shown(page, html, "dark")
    assert [words for words, *_ in light] == [words for words, *_ in dark]
    assert len(light) > 15
    assert faint(light) == []
    assert faint(dark) == []
    assert faint([(words, turned_over(text), turned_over(ground)) for words, text, ground in light]) == []


def test_what_is_measured_is_each_text_on_its_own_ground(page: Page) -> None:
    html = as_one_reader_gets_it(of_newsletter(sample(), accent_colour="#0a7d4f"))
    title = sample().tips[0].title
    light = {words: (text, ground) for words, text, ground in shown(page, html, "light")}
    dark = {words: (text, ground) for words, text, ground in shown(page, html, "dark")}
    assert light[title] == ("#2b2622", "#ffffff")
    assert light["Read on the web"] == ("#0a7d4f", "#ffffff")
    assert dark[title] == ("#ede8e1", "#26221f")


def test_a_faint_text_would_be_seen(page: Page) -> None:
    html = '<body style="background:#ffffff"><p style="color:#ffff00">pale</p><p style="color:#000000">dark</p></body>'
    assert [words for words, *_ in faint(shown(page, html, "light"))] == ["pale"]
