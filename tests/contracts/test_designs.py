"""What every email design must be, whoever made it: each folder under `templates/email/` × each sample."""

import json
import re
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html as lxml_html
from lxml.html import HtmlElement

from pipeline.editorial.content import IssueContent
from pipeline.render import plain
from pipeline.render.designs import DesignError, find_design, find_designs
from pipeline.render.email import render_email
from pipeline.render.mjml import MjmlError
from pipeline.render.model import Place, Severity
from pipeline.render.preflight import MOST_HTML_BYTES, check
from pipeline.render.template import PARTS, TemplateError
from pipeline.render.topic_pictures import topic_pictures
from tests.render.issues import TEMPLATES, rendered, samples

ISSUES = dict(samples())
DESIGNS = list(find_designs(TEMPLATES).values())
every_issue = pytest.mark.parametrize("content", ISSUES.values(), ids=ISSUES)
every_design = pytest.mark.parametrize("design", DESIGNS, ids=lambda design: str(design.slug))
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden|opacity:\s*0")
HTML_TEXT = ("h1", "h2", "h3", "p", "div", "span", "a", "li", "td", "strong", "em", "blockquote")
LEAST_TEXT_PX = 16
LEAST_LABEL_PX = 14


def tree(content: IssueContent) -> HtmlElement:
    html = rendered(content).html
    return lxml_html.document_fromstring(html.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


@every_design
def test_a_design_has_a_name_and_a_sample_that_passes_preflight(design: object) -> None:
    assert isinstance(design, type(DESIGNS[0]))
    assert design.name
    assert design.description
    content = design.sample()
    assert content.design == design.slug
    assert check(content, rendered(content)) == []


@every_issue
def test_no_sample_is_blocked_but_for_what_it_tries(content: IssueContent) -> None:
    blocking = [finding for finding in check(content, rendered(content)) if finding.severity is Severity.BLOCKING]
    assert [finding for finding in blocking if "nothing fills it" not in finding.message] == []


@every_issue
def test_language_and_direction_are_on_html_and_on_the_body_s_first_child(content: IssueContent) -> None:
    page = tree(content)
    body = page.find("body")
    assert body is not None
    assert page.get("lang") == body[0].get("lang") == content.newsletter.language
    assert page.get("dir") == body[0].get("dir") in {"ltr", "rtl"}


@every_issue
def test_every_table_is_for_layout_and_says_so(content: IssueContent) -> None:
    assert [table for table in tree(content).iter("table") if table.get("role") != "presentation"] == []
    outlook = re.findall(r"<table\b[^>]*>", rendered(content).html)
    assert [table for table in outlook if 'role="presentation"' not in table] == []


@every_issue
def test_there_is_one_title_and_headings_come_in_order(content: IssueContent) -> None:
    page = tree(content)
    assert [plain.one_line(title.text_content()) for title in page.iter("title")] == [plain.one_line(content.subject)]
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert len(levels) >= 1 + len(content.tips)


@every_issue
def test_every_picture_has_alt_and_every_link_a_name_and_a_target(content: IssueContent) -> None:
    page = tree(content)
    assert all(picture.get("alt") is not None for picture in page.iter("img"))
    markers = {place.marker for place in Place}
    for link in page.iter("a"):
        assert plain.one_line(str(link.get("aria-label") or link.text_content()))
        target = str(link.get("href"))
        assert target in markers or target.startswith(("https://", "mailto:"))


@every_issue
def test_the_accessible_name_of_a_link_begins_with_the_words_that_are_seen(content: IssueContent) -> None:
    for link in tree(content).iter("a"):
        for hidden in link.xpath(".//*[@aria-hidden='true']"):
            hidden.drop_tree()
        seen = plain.one_line(link.text_content())
        assert plain.one_line(link.get("aria-label", seen)).startswith(seen)


@every_issue
def test_nothing_is_hidden_but_the_preheader(content: IssueContent) -> None:
    hidden = [element for element in tree(content).iter() if HIDDEN.search(element.get("style") or "")]
    assert len([element for element in hidden if element.text_content().strip()]) == 1


@every_issue
def test_text_is_large_enough_to_read(content: IssueContent) -> None:
    worded = (element for element in tree(content).iter(*HTML_TEXT) if (element.text or "").strip())
    sizes = [_font_size(element) for element in worded]
    assert min(sizes) >= LEAST_LABEL_PX
    assert sum(size < LEAST_TEXT_PX for size in sizes) <= 1 + len(content.tips)


def _font_size(element: HtmlElement) -> int:
    """In pixels, of the element or of the nearest around it that sets one; the preheader, which sets none, has 16."""
    styles = (str(node.get("style", "")) for node in (element, *element.iterancestors()))
    found = (re.search(r"font-size:\s*(\d+)px", style) for style in styles)
    return next((int(size[1]) for size in found if size), 16)


@every_issue
def test_the_mail_loads_nothing_and_runs_nothing(content: IssueContent) -> None:
    page, html = tree(content), rendered(content).html
    assert page.xpath("//script | //link | //iframe | //object | //form | //video | //svg") == []
    assert "@import" not in html
    assert "url(" not in html
    assert "Ubuntu" not in html
    pictures = {str(picture.get("src")) for picture in page.iter("img")}
    topics = {f"{content.newsletter.site_url}{picture.path}" for picture in topic_pictures(TEMPLATES)}
    assert pictures <= {content.newsletter.logo_url, *(tip.picture_url for tip in content.tips)} | topics


@every_issue
def test_the_mail_is_ready_for_dark_and_for_outlook(content: IssueContent) -> None:
    html = rendered(content).html
    assert 'name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme" in html
    assert "[data-ogsc]" in html
    assert "<!--[if mso" in html
    assert html.count("<!--[if") == html.count("<![endif]")


@every_issue
def test_both_parts_say_who_writes_why_and_how_to_leave(content: IssueContent) -> None:
    email = rendered(content)
    for part in (str(tree(content).text_content()), email.text):
        words = "".join(part.split())  # a script without spaces is wrapped anywhere
        assert "".join(content.newsletter.reason.split()) in words
        assert "".join(content.newsletter.postal_address.split()) in words
        assert "".join(content.newsletter.advice_note.split()) in words
        assert all("".join(tip.title.split()) in words for tip in content.tips)
    for part in (email.html, email.text):
        assert content.permalink in part
        for place in Place:
            assert place.marker in part


@every_issue
def test_a_mail_is_small_and_its_lines_fit_into_a_message(content: IssueContent) -> None:
    email = rendered(content)
    assert email.html_bytes < MOST_HTML_BYTES / 2
    assert max(len(line.encode()) for line in email.text.split("\n")) <= 998


@every_issue
def test_rendering_again_gives_the_same_bytes(content: IssueContent) -> None:
    assert rendered(content) == rendered(IssueContent.from_json(content.to_json()))


@every_design
def test_a_column_of_one_tip_or_of_many_is_a_whole_mail(design: object) -> None:
    content = next(content for content in ISSUES.values() if content.design == getattr(design, "slug", ""))
    for count in (1, 12):
        tips = tuple(replace(content.tips[0], entry_id=f"urn:uuid:{number}") for number in range(count))
        assert rendered(replace(content, tips=tips)).text.count(content.tips[0].title) >= count


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A templates folder with one design of its own, a copy to damage."""
    shutil.copytree(TEMPLATES / "email" / "digest", tmp_path / "email" / "letter")
    shutil.copytree(TEMPLATES / "email" / PARTS, tmp_path / "email" / PARTS)
    sample = tmp_path / "email" / "letter" / "sample.json"
    sample.write_text(json.dumps(json.loads(sample.read_text()) | {"design": "letter"}))
    return tmp_path


def test_a_folder_with_a_manifest_is_a_design_and_nothing_else_is_needed(own: Path) -> None:
    assert list(find_designs(own)) == ["letter"]
    assert render_email(find_design(own, "letter").sample(), templates=own).html


def test_a_folder_without_a_manifest_is_no_design(own: Path) -> None:
    (own / "email" / "letter" / "manifest.toml").unlink()
    assert find_designs(own) == {}
    with pytest.raises(DesignError, match="there are: none"):
        find_design(own, "letter")


@pytest.mark.parametrize(
    ("name", "text", "error", "message"),
    [
        ("manifest.toml", "name = ", DesignError, "cannot be read"),
        ("manifest.toml", 'name = "Letter"', DesignError, "name and a description"),
        ("manifest.toml", 'name = "L"\ndescription = "d"\ncolour = "x"', DesignError, "name and a description"),
        ("sample.json", "{}", DesignError, "no issue's content"),
        ("email.mjml", "<mjml><mj-body><mj-hero /></mj-body></mjml>", MjmlError, "mj-hero"),
        ("email.mjml", "{% load static %}", TemplateError, "load"),
        ("email.mjml", "{% now 'Y' %}", TemplateError, "now"),
        ("email.mjml", "{% if %}", TemplateError, "no template"),
        ("email.txt", "{{ issue.titel }}", TemplateError, "issue.titel"),
        ("email.txt", "{% include '../../../secret' %}", TemplateError, "secret"),
    ],
)  # fmt: skip
def test_a_faulty_design_is_refused_by_its_file(
    own: Path, name: str, text: str, error: type[Exception], message: str
) -> None:
    content = find_design(own, "letter").sample()
    (own / "email" / "letter" / name).write_text(text)
    with pytest.raises(error, match=re.escape(message)) as caught:
        render_email(find_design(own, "letter").sample() if name == "sample.json" else content, templates=own)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["email.mjml", "email.txt", "sample.json"])
def test_an_incomplete_design_is_refused_with_what_it_lacks(own: Path, name: str) -> None:
    (own / "email" / "letter" / name).unlink()
    with pytest.raises(DesignError, match=re.escape(name)):
        find_designs(own)


def test_a_design_uses_the_parts_beside_it_unless_it_brings_its_own(own: Path) -> None:
    content = find_design(own, "letter").sample()
    (own / "email" / PARTS / "footer.txt").write_text("{{ places.unsubscribe_url }} of the house")
    assert render_email(content, templates=own).text.endswith("of the house\n")
    (own / "email" / "letter" / "footer.txt").write_text("{{ places.unsubscribe_url }} of its own")
    assert render_email(content, templates=own).text.endswith("of its own\n")


@pytest.mark.parametrize("slug", ["letter", "single"])
def test_a_tip_whose_title_is_the_subject_is_not_headed_twice(slug: str) -> None:
    content = next(content for content in ISSUES.values() if content.design == slug)
    same = replace(content, subject=content.tips[0].title)
    headings = [plain.one_line(heading.text_content()) for heading in tree(same).xpath("//h1 | //h2")]
    assert headings.count(content.tips[0].title) == 1


def test_a_letter_is_signed_by_its_sender() -> None:
    content = ISSUES["letter-sample"]
    assert f"With kind regards,\n\n{content.newsletter.sender_name}\n" in rendered(content).text
