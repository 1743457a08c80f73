"""The studio's pages for a blocked issue and for clicks, in a real browser: used by hand, by axe and on a phone.

Handing in a picture is in tests/journeys, against a real server: a browser does not tell its interceptor of files.
"""

from contextvars import copy_context
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.test import Client

from pipeline.delivery.actions.clicks import count_click
from pipeline.editorial.actions import issues, newsletters, revise, tips
from pipeline.editorial.models import Issue
from pipeline.editorial.wording_rules import Wording
from pipeline.publish.issues import approve, coming_slot
from tests.accessibility import axe_findings
from tests.browser import chromium
from tests.web.conftest import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SITE = "https://newsletter.example"
SMALL = """() => [...document.querySelectorAll('main button, main input:not([type=hidden], [type=checkbox]), .tick')]
  .map(element => [element.innerText || element.name, element.getBoundingClientRect().height])
  .filter(([, height]) => height < 44)"""


@pytest.fixture(scope="module")
def browser():
    with pytest.MonkeyPatch.context() as patched, chromium() as browser:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
        yield browser


@pytest.fixture(params=[(375, "light"), (375, "dark"), (1200, "light")], ids=["phone", "phone-dark", "desk"])
def page(request, browser, letter):
    """The studio with somebody logged in; every request is answered by the project itself, in this process."""
    client, here = Client(), copy_context()
    client.force_login(User.objects.create_user("ada", is_staff=True))

    def answer(route):
        asked, url = route.request, urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            route.fulfill(path=finders.find(url.path.removeprefix("/static/")))
            return
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in asked.headers.items()}
        response = here.run(
            client.generic, asked.method, url.path, asked.post_data_buffer or b"",
            content_type=asked.headers.get("content-type", ""), QUERY_STRING=url.query, **headers,
        )  # fmt: skip
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)

    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened = context.new_page()
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("console", lambda said: opened.faults.append(said.text) if said.type == "error" else None)
    opened.route("**/*", answer)
    yield opened
    context.close()


def looks_right(page):
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL) == []
    assert page.faults == []


@pytest.fixture
def issue(letter):
    wording = Wording(title="A towel apart", text="Use a towel of its own.", topic="Care", author="Ida")
    tip = revise.write_tip(newsletter=letter, wording=wording, now=NOW, actor="cli")
    tips.approve(tip_id=tip.pk, now=NOW, actor="cli")
    return issues.compose(newsletter=letter, slot=coming_slot(letter, now=NOW), now=NOW, actor="cli")


def test_a_person_answers_for_a_claim_by_name_and_with_a_reason(page, issue):
    issues.edit(issue_id=issue.pk, intro="Our serum cures acne.", now=NOW, actor="cli")
    page.goto(f"{SITE}/studio/issues/1/")
    looks_right(page)
    page.get_by_role("button", name="Approve, and freeze it").click()
    assert Issue.objects.get().state == "composed"  # the browser itself asks for the reason
    page.get_by_label("Approve in spite of what blocks").fill("Legal has seen it.")
    page.get_by_role("button", name="Approve, and freeze it").click()
    page.get_by_text("ada answered for what preflight blocks: Legal has seen it.").wait_for()
    looks_right(page)
    assert Issue.objects.get().state == "approved"


def test_the_clicks_of_an_issue_are_a_table_that_fits(page, letter, issue, workspace):
    newsletters.update_newsletter(newsletter=letter, changes={"counts_clicks": True}, now=NOW, actor="cli")
    issue.refresh_from_db()
    long = f"See [the guide](https://shop.example/{'a-very-long-path/' * 12})."
    issues.edit(issue_id=issue.pk, intro=long, now=NOW, actor="cli")
    issue.refresh_from_db()
    approve(issue, config=workspace, now=NOW, actor="cli")
    count_click(issue_id=issue.pk, number=1)
    page.goto(f"{SITE}/studio/issues/1/")
    page.get_by_text("1 in all, counted without person").wait_for()
    looks_right(page)
