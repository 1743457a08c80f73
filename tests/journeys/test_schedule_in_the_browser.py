"""The calendar and the schedule in a real browser: phone and desk, light and dark, by keyboard, without script."""

import pytest

from tests.browser import follow
from tests.journeys.test_in_the_browser import browser, home, log_in, looks_right, page, site
from tests.runner import answer, done

__all__ = ["browser", "home", "page", "site"]

pytestmark = pytest.mark.browser
SIZES = [{"width": 375, "height": 812}, {"width": 1200, "height": 900}]


@pytest.fixture
def planned(home):
    """Tips in the queue, days off, and an issue at a moment of its own."""
    if not answer(home, "queue", "list"):
        done(home, "tips", "approve", 1, 2, 3, 4, "--override", "Read and found right.")
        done(home, "schedule", "off", "2027-03-02", "--reason", "trade fair")
        done(home, "schedule", "once", "2027-03-28 02:30")


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
def test_the_month_and_the_schedule_look_right(page, site, home, planned, size, request):
    page.set_viewport_size(size)
    log_in(page, site, home, f"planner-{request.node.callspec.id}")
    for address in ("calendar/", "calendar/?month=2027-03", "schedule/"):
        page.goto(f"{site}/studio/{address}")
        looks_right(page)
    page.goto(f"{site}/studio/calendar/?month=2027-03")
    assert page.get_by_text("trade fair", exact=False).first.is_visible()
    assert page.get_by_text("The clocks skip 02:30 that day: it goes out at 03:30.").is_visible()
    weekday = page.locator(".day", has_text="28").locator(".long").first
    assert weekday.is_visible() == (size["width"] < 600)  # days are named where no column names them


def test_the_schedule_is_changed_by_keyboard_alone(page, site, home, planned, request):
    log_in(page, site, home, f"typist-{request.node.callspec.id}")
    page.goto(f"{site}/studio/schedule/")
    page.get_by_label("When an issue is due").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("first Monday of the month at 8")
    for _ in range(6):  # past zone, day off, holidays, subscribers' time and Keep
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "look"
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Not kept yet: on the first Monday of each month at 08:00").wait_for()
    looks_right(page)
    page.get_by_label("When an issue is due").fill("now and then")
    follow(page.get_by_role("button", name="Only look"))
    page.get_by_text("was not understood").wait_for()
    looks_right(page)


def test_calendar_and_schedule_work_without_script(browser, site, home, planned, request):
    password = answer(home, "staff", "add", "no-script")["password"]
    context = browser.new_context(java_script_enabled=False, viewport=SIZES[0])
    plain = context.new_page()
    plain.goto(f"{site}/studio/login/")
    plain.get_by_label("Name").fill("no-script")
    plain.get_by_label("Password").fill(password)
    follow(plain.get_by_role("button", name="Log in"))
    follow(plain.get_by_role("link", name="Calendar"))
    month = plain.get_by_role("heading", level=1).inner_text()
    follow(plain.get_by_role("link", name="→"))
    assert plain.get_by_role("heading", level=1).inner_text() != month
    follow(plain.get_by_role("link", name="Change the schedule"))
    plain.get_by_label("Day and time").fill("2027-05-01T18:00")
    follow(plain.get_by_role("button", name="Add the issue"))
    assert "which is 1 May, 16:00 UTC" in plain.inner_text("main")
    follow(plain.get_by_role("button", name="Take back: 1 May 2027, 18:00"))
    assert "1 May 2027, 18:00" not in plain.inner_text("main")
    context.close()
