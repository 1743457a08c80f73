"""One layout for all pages and feeds, and addresses that any reader takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render import links

SITE = "https://newsletter.example/skin-letter/"


def test_pages_link_to_each_other_relatively():
    assert links.relative("style.css", page="archive/1.html") == "../style.css"
    assert links.relative("archive/2.html", page="archive/1.html") == "2.html"
    assert links.relative("archive/2.html", page="index.html") == "archive/2.html"
    assert links.relative("topics/eye care/feed.xml", page="index.html") == "topics/eye%20care/feed.xml"


def test_the_home_page_is_the_folder_itself():
    assert links.absolute(SITE, links.HOME) == SITE
    assert links.absolute(SITE, links.ARCHIVE) == SITE + "archive/index.html"


def test_a_tips_address_is_its_place_on_its_issues_page():
    assert links.tip_url(SITE, 3, "tip-1") == SITE + "archive/3.html#tip-1"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://skin.example/a?b=1&c=%20#d", "https://skin.example/a?b=1&c=%20#d"),
        (" https://skin.example/ ", "https://skin.example/"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("https://skin.example/crème brûlée", "https://skin.example/cr%C3%A8me%20br%C3%BBl%C3%A9e"),
        ("https://Bücher.example:8443/ä", "https://xn--bcher-kva.example:8443/%C3%A4"),
        ("https://Ada:Secret@Skin.Example/A", "https://Ada:Secret@skin.example/A"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//host.example/x", ""),
        ("/relative", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_an_address_is_absolute_and_ascii_or_nothing(url, wanted):
    assert links.web_url(url) == wanted


@given(st.text(max_size=60) | st.text(max_size=40).map("https://skin.example/".__add__))
def test_no_text_makes_an_address_that_a_reader_would_refuse(text):
    made = links.web_url(text)
    assert made == "" or (
        made.isascii() and made.startswith(("http://", "https://")) and not set(made) & set(' "<>\\^`{|}')
    )
    assert links.web_url(made) == made
