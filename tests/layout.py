"""What moves on a page while it loads: the browser's own measure of it."""

from playwright.sync_api import Page

WATCH = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({type: 'layout-shift', buffered: true});
"""


def watch_layout(page: Page) -> None:
    """Call before the page is opened."""
    page.add_init_script(WATCH)


def layout_shift(page: Page) -> float:
    """The sum of all layout shifts since the page was opened; call when everything has loaded."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return float(page.evaluate("() => window.shifts.reduce((sum, value) => sum + value, 0)"))
