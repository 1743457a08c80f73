"""Whatever staff write, the mail is whole, their words are intact, and nothing they wrote acts as code."""

import time
from dataclasses import replace
from html.parser import HTMLParser
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.html import HtmlElement

from pipeline.editorial.content import IssueContent
from pipeline.render import mjml, plain, template
from pipeline.render.model import Place
from pipeline.render.slots import SlotError, Slots
from tests.render.issues import of_first_tip, of_newsletter, rendered, sample

PIECES = [
    "{{", "}}", "{% now 'Y' %}", "{{ newsletter.name }}", "{% include 'email.txt' %}", "{#", "<mj-raw>",
    "</mj-text>", "<mj-include path='/etc/passwd'/>", "]]>", "<![CDATA[", "<!--", "-->", "<!--[if mso]>",
    "<![endif]-->", '"', "'", "`", "</title>", "</style>", "</td></table>", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "&amp;", "&lt;", "&#0;", "&nbsp;", "&unknown;", "TIPSHEETSLOT0ENDSLOT",
    "TIPSHEETSLOT", "TIPSHEETMISSING[x]", "\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\udfff",
    "\ufffe", "\u2028", "\u202e", "\u200f", "\u200d", "\ufeff", "\U0001f469\U0001f3fd\u200d\U0001f52c", "é",
    "é", "日本語", "عربي", "\r\n", "\t", "\\", "%recipient.x%", "*|FNAME|*", "$1", "\\1", "\\g<0>", " ",
]  # fmt: skip
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def page(html: str) -> HtmlElement:
    return lxml_html.document_fromstring(html.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


class Tags(HTMLParser):
    """Notes every tag that is not closed where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len({name for name, _ in attrs}) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.faults.append(f"<{tag}/> stays open in HTML")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def assert_well_formed(html: str) -> None:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.faults + tags.open == []


@given(hostile)
@settings(max_examples=60)
def test_any_title_is_read_as_it_was_written(title: str) -> None:
    content = replace(of_first_tip(sample(), title=f"x{title}"), preheader="p")
    email = rendered(content)
    assert_well_formed(email.html)
    wanted = plain.one_line(f"x{title}")
    assert plain.one_line(page(email.html).xpath("//h2")[0].text_content()) == wanted
    assert wanted.replace(" ", "") in "".join(email.text.split())


@given(hostile)
@settings(max_examples=60)
def test_any_subject_is_title_heading_and_label_as_it_was_written(subject: str) -> None:
    email = rendered(replace(sample(), subject=f"x{subject}"))
    wanted = plain.one_line(f"x{subject}")
    tree = page(email.html)
    assert_well_formed(email.html)
    assert email.subject == wanted
    assert plain.one_line(tree.xpath("//title")[0].text_content()) == wanted
    assert plain.one_line(tree.xpath("//h1")[0].text_content()) == wanted
    assert plain.one_line(tree.xpath("//*[@role='article']/@aria-label")[0]) == wanted


@given(hostile)
@settings(max_examples=60)
def test_any_text_adds_no_element_that_the_dialect_has_not(text: str) -> None:
    plainly = page(rendered(of_first_tip(sample(), text="words")).html)
    written = page(rendered(of_first_tip(sample(), text=f"words {text}")).html)
    more = {element.tag for element in written.iter() if isinstance(element.tag, str)}
    less = {element.tag for element in plainly.iter() if isinstance(element.tag, str)}
    assert more - less <= {"p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "br"}
    assert not [name for element in written.iter() for name in element.attrib if str(name).startswith("on")]


@given(st.sampled_from(["name", "tagline", "postal_address", "reason", "advice_note", "logo_url"]), hostile)
@settings(max_examples=60)
def test_any_detail_of_the_newsletter_leaves_the_mail_whole(field: str, value: str) -> None:
    assert_well_formed(rendered(of_newsletter(sample(), **{field: value})).html)


@given(st.sampled_from(["topic", "link_url", "link_text", "picture_url", "picture_alt", "permalink"]), hostile)
@settings(max_examples=60)
def test_any_detail_of_a_tip_leaves_the_mail_whole(field: str, value: str) -> None:
    urls = {"link_url": "https://a.example/", "picture_url": "https://a.example/p.png"}
    content = of_first_tip(sample(), **(urls | {field: urls.get(field, "") + value}))
    html = rendered(content).html
    assert_well_formed(html)
    assert "<script" not in html


@given(hostile)
@settings(max_examples=30)
def test_no_word_of_the_content_reaches_the_template_engine_or_the_compiler(text: str) -> None:
    secret = "Zx9Qk"
    content = everywhere(sample(), f"{secret}{text}")
    with (
        mock.patch.object(mjml, "mjml2html", wraps=mjml.mjml2html) as compiler,
        mock.patch.object(template, "render_template", wraps=template.render_template) as engine,
    ):
        email = rendered(content)
    (source,) = compiler.call_args.args
    assert secret not in source
    assert engine.call_count == 2  # HTML and text
    assert all(secret not in repr(call) for call in engine.call_args_list)
    assert secret in email.html
    assert secret in email.text


@given(hostile)
@settings(max_examples=30)
def test_the_places_are_as_many_whatever_is_written(text: str) -> None:
    wanted, got = rendered(sample()), rendered(everywhere(sample(), f"x{text}"))
    for place in Place:
        assert got.html.count(place.marker) == wanted.html.count(place.marker)
        assert got.text.count(place.marker) == wanted.text.count(place.marker)


def test_a_hundred_kilobytes_of_text_arrive_whole() -> None:
    words = " ".join(f"word{number}" for number in range(12_000))
    started = time.process_time()
    email = rendered(of_first_tip(sample(), text=words))
    assert plain.one_line(page(email.html).xpath("//h2/following::p")[0].text_content()) == words
    assert words in plain.one_line(email.text)
    assert time.process_time() - started < 20


def test_a_design_that_loses_words_is_refused() -> None:
    slots = Slots("seed")
    template = f"<p>{slots.text('kept')}</p><p>{slots.text('lost words')}</p>"
    with pytest.raises(SlotError, match="lost words"):
        slots.check_kept(template, template.split("</p>")[0])


def test_a_design_that_changes_a_slot_s_letters_is_refused() -> None:
    slots = Slots("seed")
    template = slots.text("words").lower()
    with pytest.raises(SlotError, match="letters were changed"):
        slots.check_kept(template, template)


def test_a_text_that_looks_like_a_slot_is_only_text() -> None:
    token = Slots("other content").text("secret")
    email = rendered(of_first_tip(sample(), title=token, text=f"See {token}."))
    tree = page(email.html)
    assert tree.xpath("//h2")[0].text_content() == token
    assert tree.xpath("//h2/following::p")[0].text_content() == f"See {token}."
    assert f"{token}\n\nSee {token}." in email.text


def test_filling_is_done_once_so_that_contents_are_never_filled_in_turn() -> None:
    slots = Slots("seed")
    first = slots.put("one")
    assert slots.fill(slots.put(f"two {first}")) == f"two {first}"


def everywhere(content: IssueContent, text: str) -> IssueContent:
    changed = of_newsletter(content, name=text, tagline=text, postal_address=text, reason=text, advice_note=text)
    changed = of_first_tip(changed, title=text, text=text, topic=text, link_text=text, picture_alt=text)
    return replace(changed, subject=text, preheader=text, intro=text)
