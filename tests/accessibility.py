"""axe-core over a page that a browser shows (the package axe-playwright-python brings the script)."""

from importlib.resources import files

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def axe_findings(page: Page) -> list[str]:
    """What axe has to say of the page, a line each; evaluated from outside, so that the page's own policy holds.

    The script and its run are one evaluation over a page that has loaded: between two the page could be another.
    """
    page.wait_for_load_state()
    found = page.evaluate(f"() => {{ {AXE}; return axe.run(document, {{iframes: false}}) }}")
    return [
        f"{violation['id']}: {violation['help']} ({node['html'][:120]})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
