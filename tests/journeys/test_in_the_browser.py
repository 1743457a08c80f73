"""The three people in a real browser, against `run.py serve`: a subscriber, a feed reader, a marketing person."""

import email
import email.policy
import io
import re
import time
import urllib.request
from pathlib import Path

import feedparser
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from tests.accessibility import axe_findings
from tests.browser import chromium, follow
from tests.rules import ROOT
from tests.runner import answer, done, found
from tests.served import serving

pytestmark = pytest.mark.browser
SAMPLE = ROOT / "tips" / "documents" / "what-microneedling-can-do.txt"


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = found(tmp_path_factory.mktemp("browser"))
    done(folder, "ingest", SAMPLE)
    return folder


@pytest.fixture(scope="module")
def site(home):
    with serving(home) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=request.param)
    opened = context.new_page()
    opened.faults = []
    opened.on("console", lambda message: opened.faults.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    yield opened
    context.close()


def colours(request) -> str:
    """Which of the two schemes the page is shown in."""
    return request.node.callspec.params["page"]


def looks_right(page: Page) -> None:
    """No finding by axe, nothing wider than the screen, no error in the console."""
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.faults == []


def mail_to(home: Path, address: str) -> email.message.EmailMessage:
    """The newest mail to the address, as soon as the ticks have sent it."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for path in sorted((home / "var" / "outbox").glob("*.eml"), key=lambda item: -int(item.stem)):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in str(message["To"]):
                return message
        time.sleep(0.2)
    raise AssertionError(f"no mail came to {address}")


def link_in(message: email.message.EmailMessage, part: str) -> str:
    text = message.get_body(("plain",)).get_content()
    return next(link for link in re.findall(r"https?://\S+", text) if part in link)


def published(home: Path) -> None:
    if not answer(home, "issues", "list"):
        done(home, "tips", "approve", 1, 2, 3, "--override", "Read and found right.")
        done(home, "publish", "--now")


def test_a_subscriber_joins_reads_and_leaves_with_one_click(page, site, home, request):
    address = f"{colours(request)}@newcomer.example"
    page.goto(f"{site}/subscribe/skin-letter/")
    looks_right(page)
    page.get_by_label(re.compile("address", re.IGNORECASE)).first.fill(address)
    follow(page.get_by_role("button").first)
    looks_right(page)
    confirmation = mail_to(home, address)
    assert confirmation["Auto-Submitted"] == "auto-generated"
    page.goto(link_in(confirmation, "/confirm/"))
    looks_right(page)
    rows = done(home, "subscribers", "export").splitlines()
    assert not any(address in row and "confirmed" in row.split(",")[2] for row in rows), "a GET must change nothing"
    follow(page.get_by_role("button").first)
    looks_right(page)
    assert any(
        address in row and "confirmed" in row.split(",")[2] for row in done(home, "subscribers", "export").splitlines()
    )


def test_an_issue_opens_on_the_web_and_the_reader_leaves_by_post_alone(page, site, home, request):
    reader = {"light": "reader3@reader.example", "dark": "reader4@reader.example"}[colours(request)]
    published(home)
    page.goto(f"{site}/skin-letter/archive/1.html")
    looks_right(page)
    assert page.locator("article, section").count() >= 3
    page.goto(f"{site}/skin-letter/")
    looks_right(page)
    message = mail_to(home, reader)
    link = message["List-Unsubscribe"].strip("<>").replace("http://127.0.0.1:8000", site)
    page.goto(link)
    looks_right(page)
    assert "unsubscribed" not in _standing(home, reader)
    answer_code = _one_click(link)
    assert answer_code == 200
    assert "unsubscribed" in _standing(home, reader)
    page.goto(link)
    looks_right(page)


def _one_click(link: str) -> int:
    """RFC 8058: a POST with this body, no cookie, no redirect."""
    request = urllib.request.Request(link, data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.geturl() == link
        return response.status


def _standing(home: Path, address: str) -> str:
    return next(row for row in done(home, "subscribers", "export").splitlines() if address in row)


@pytest.mark.parametrize(("name", "kind"), [
    ("feed.xml", "application/rss+xml"), ("atom.xml", "application/atom+xml"), ("feed.json", "application/feed+json"),
])  # fmt: skip
def test_a_feed_reader_fetches_the_feed_once_and_then_hears_that_nothing_changed(site, home, name, kind):
    published(home)
    with urllib.request.urlopen(f"{site}/skin-letter/{name}", timeout=10) as response:
        assert response.headers["Content-Type"].startswith(kind)
        etag, body = response.headers["ETag"], response.read()
    if kind != "application/feed+json":
        assert len(feedparser.parse(body).entries) == 3
    again = urllib.request.Request(f"{site}/skin-letter/{name}", headers={"If-None-Match": etag})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(again, timeout=10)
    assert caught.value.code == 304
    caught.value.close()


def log_in(page: Page, site: str, home: Path, name: str) -> None:
    password = answer(home, "staff", "add", name)["password"]
    page.goto(f"{site}/studio/")
    looks_right(page)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    follow(page.get_by_role("button", name="Log in"))


def test_a_marketing_person_writes_a_tip_sees_it_checked_approves_it_and_sees_when_it_goes_out(
    page, site, home, request
):
    name = f"marketing-{colours(request)}"
    log_in(page, site, home, name)
    looks_right(page)
    follow(page.get_by_role("link", name="Write a tip").first)
    title = f"Shake the bottle before you pour, says {name}"
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill(f"Shake a lotion of two layers, as {name} found: the oil is on top.")
    page.get_by_label("Topic").fill("Routine")
    page.frame_locator("iframe").get_by_role("heading", name=title).first.wait_for()
    looks_right(page)
    follow(page.get_by_role("button", name="Keep it"))
    page.get_by_role("heading", name=title).wait_for()
    looks_right(page)
    follow(page.get_by_role("button", name="Approve, and queue it"))
    follow(page.get_by_role("link", name="Queue", exact=True))
    place = page.get_by_role("listitem").filter(has_text=title)
    assert re.search(r"09:00 in Europe/Berlin\s*\d+ \w+, 0[78]:00 UTC", place.inner_text())
    looks_right(page)
    follow(page.get_by_role("link", name="Overview"))
    looks_right(page)
    page.goto(f"{site}/studio/issues/next/")
    page.frame_locator("iframe").locator("h1").first.wait_for()
    looks_right(page)


def test_a_claim_that_is_too_strong_is_said_as_one_writes(page, site, home, request):
    log_in(page, site, home, f"strong-{colours(request)}")
    page.goto(f"{site}/studio/tips/new/")
    page.get_by_label("Title").fill("A miracle in a jar")
    page.get_by_label("Text").fill("This cream cures acne for good, guaranteed, without any side effects.")
    page.get_by_label("Topic").fill("Creams")
    page.locator("#check .findings li", has_text="guaranteed").first.wait_for()
    looks_right(page)


def test_words_written_while_a_check_is_under_way_are_checked_after_it(page, site, home, request):
    log_in(page, site, home, f"hasty-{colours(request)}")
    held: list[Route] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/tips/check/" in request.url else None)
    page.route("**/tips/check/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/tips/check/"):
        page.goto(f"{site}/studio/tips/new/")
    page.get_by_label("Title").fill("A miracle in a jar")
    page.get_by_label("Text").fill("This cream cures acne for good, guaranteed.")
    page.get_by_label("Topic").fill("Creams")
    page.wait_for_timeout(900)  # longer than the page waits before it asks again
    assert len(asked) == 1
    held[0].continue_()
    page.locator("#check .findings li", has_text="guaranteed").first.wait_for()
    looks_right(page)


def test_the_queue_is_put_in_order_by_hand(page, site, home, request):
    log_in(page, site, home, f"orderer-{colours(request)}")
    queued = len(answer(home, "queue", "list"))
    for number in (4, 5)[: max(0, 2 - queued)]:
        done(home, "tips", "approve", number, "--override", "Read.")
    page.goto(f"{site}/studio/queue/")
    titles = page.locator("ol.queue h2").all_inner_texts()
    page.get_by_role("button", name=f"Move down: {titles[0]}").click()
    page.wait_for_function("first => document.querySelector('ol.queue h2').innerText !== first", arg=titles[0])
    assert page.locator("ol.queue h2").all_inner_texts()[:2] == [titles[1], titles[0]]
    looks_right(page)


def photograph():
    file = io.BytesIO()
    Image.effect_mandelbrot((1600, 900), (-2, -1, 1, 1), 60).convert("RGB").save(file, "WEBP")
    return {"name": "towel.webp", "mimeType": "image/webp", "buffer": file.getvalue()}


def is_seen(picture) -> bool:
    picture.wait_for()
    picture.evaluate("picture => picture.decode()")
    return picture.evaluate("picture => picture.naturalWidth") == 1200


def test_a_picture_is_chosen_described_seen_in_the_card_and_kept(page, site, home, request):
    log_in(page, site, home, f"painter-{colours(request)}")
    page.goto(f"{site}/studio/tips/new/")
    title = f"Keep the towel apart, {colours(request)}"
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").first.fill(f"Use a towel of its own for the face, says {colours(request)}.")
    page.get_by_label("Topic").fill("Routine")
    words = {"name": "words.png", "mimeType": "image/png", "buffer": b"not a picture"}
    page.locator("input[type=file]").set_input_files(words)
    page.locator("#picture-part").get_by_role("alert").wait_for()
    assert "no JPEG, PNG or WebP" in page.locator("#picture-part").inner_text()
    looks_right(page)
    page.locator("input[type=file]").set_input_files(photograph())
    assert is_seen(page.locator("#picture-part img"))
    page.locator("#check .findings li", has_text="What the picture shows is missing").wait_for()
    looks_right(page)
    page.get_by_label("What the picture shows").fill("A folded towel on a shelf")
    assert is_seen(page.frame_locator("#check iframe").get_by_alt_text("A folded towel on a shelf"))
    looks_right(page)
    follow(page.get_by_role("button", name="Keep it"))
    page.get_by_role("heading", name=title).first.wait_for()
    assert is_seen(page.frame_locator("iframe").get_by_alt_text("A folded towel on a shelf"))
    looks_right(page)


def test_a_picture_is_handed_in_without_script(browser, site, home):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    plain = context.new_page()
    password = answer(home, "staff", "add", "plain")["password"]
    plain.goto(f"{site}/studio/")
    plain.get_by_label("Name").fill("plain")
    plain.get_by_label("Password").fill(password)
    follow(plain.get_by_role("button", name="Log in"))
    plain.goto(f"{site}/studio/tips/new/")
    plain.get_by_label("Title").fill("Hang the towel up")
    plain.get_by_label("Text").first.fill("Hang the towel up wide, so that it dries by the evening.")
    plain.get_by_label("Topic").fill("Routine")
    plain.locator("input[type=file]").set_input_files(photograph())
    follow(plain.get_by_role("button", name="Keep it"))
    assert "say in a few words what the picture shows" in plain.locator("#picture-part").inner_text()
    assert plain.locator("#picture-part img").count() == 1
    plain.get_by_label("What the picture shows").fill("A towel on a hook")
    follow(plain.get_by_role("button", name="Keep it"))
    plain.get_by_role("heading", name="Hang the towel up").first.wait_for()
    plain.frame_locator("iframe").get_by_alt_text("A towel on a hook").wait_for()
    context.close()
