"""An issue rendered: structure, text part, headers, and the same bytes wherever it happens."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone, translation
from lxml import html as lxml_html
from lxml.html import HtmlElement

from pipeline.config import CHECKOUT
from pipeline.editorial.content import IssueContent, SourceContent
from pipeline.render import plain
from pipeline.render.designs import DesignError
from pipeline.render.email import HeaderError, preheader_of, render_email
from pipeline.render.model import Place
from tests.render.issues import of_first_tip, of_newsletter, rendered, sample


def tree(content: IssueContent) -> HtmlElement:
    return lxml_html.document_fromstring(rendered(content).html)


def visible(content: IssueContent) -> str:
    body = tree(content).find("body")
    assert body is not None
    for hidden in body.xpath("//*[contains(@style, 'display:none') or contains(@style, 'display: none')]"):
        hidden.drop_tree()
    return plain.one_line(str(body.text_content()))


def test_the_mail_holds_everything_a_reader_needs() -> None:
    content = sample()
    seen = visible(content)
    newsletter = content.newsletter
    for words in (
        newsletter.name,
        newsletter.tagline,
        newsletter.reason,
        newsletter.advice_note,
        content.subject,
        content.intro,
    ):
        assert plain.one_line(words) in seen
    for tip in content.tips:
        assert tip.title in seen
        assert tip.topic in seen
    assert "12 Harbour Row" in seen
    assert Place.GREETING.marker in seen


def test_every_tip_links_to_its_page_by_a_name_of_its_own() -> None:
    content = sample()
    links = {str(link.get("href")): link for link in tree(content).iter("a")}
    for tip in content.tips:
        assert str(links[tip.permalink].get("aria-label")) == f"Read on the web: {tip.title}"
    assert links["https://newsletter.example/guides/patch-test"].text_content() == content.tips[1].link_text


def test_the_footer_leads_to_preferences_the_exit_and_the_page_on_the_web() -> None:
    targets = [link.get("href") for link in tree(sample()).iter("a")]
    assert targets[-3:] == [Place.PREFERENCES_URL.marker, Place.UNSUBSCRIBE_URL.marker, sample().permalink]


def test_a_link_without_words_is_called_by_its_site() -> None:
    content = of_first_tip(sample(), link_url="https://shop.example/a?b=1", link_text="")
    assert "Read more at shop.example" in visible(content)


def test_a_link_that_no_reader_could_open_is_left_out() -> None:
    content = of_first_tip(sample(), link_url="javascript:alert(1)", picture_url="data:image/png;base64,x")
    html = rendered(content).html
    assert "javascript" not in html
    assert "data:image" not in html


def test_a_source_is_named_once_and_linked_if_it_has_an_address() -> None:
    sources = (
        SourceContent("On sun", "a"),
        SourceContent("On sun", "b"),
        SourceContent("Notes", "c", "https://n.example"),
    )
    content = of_first_tip(sample(), sources=sources)
    assert visible(content).count("From: On sun") == 1
    assert "From: Notes" in rendered(content).text
    assert "https://n.example" in rendered(content).text
    assert [link.text_content() for link in tree(content).iter("a") if link.get("href") == "https://n.example"] == [
        "Notes"
    ]


def test_a_tip_without_topic_link_or_source_leaves_no_gap() -> None:
    content = of_first_tip(sample(), topic="", link_url="", sources=())
    text = rendered(content).text
    assert "[]" not in text
    assert "\n\n\n" not in text


def test_a_logo_and_a_picture_are_described() -> None:
    content = of_newsletter(sample(), logo_url="https://newsletter.example/logo.png")
    content = of_first_tip(content, picture_url="https://newsletter.example/p.png", picture_alt='A "pea" of cream')
    alts = [picture.get("alt") for picture in tree(content).iter("img")]
    assert alts == ["Logo", 'A "pea" of cream', "Day and night", "A furrow"]


def test_the_preheader_repeats_what_is_seen() -> None:
    content = sample()
    hidden = tree(content).xpath("//*[contains(@style, 'display:none') or contains(@style, 'display: none')]")
    assert len(hidden) == 1
    words = hidden[0].text_content().replace("\u034f", "").replace("\u00a0", "")
    assert words == content.preheader
    assert words in visible(content)


@pytest.mark.parametrize(("preheader", "intro"), [("", "An *intro*."), ("", ""), ("An intro.", "An intro. And more.")])
def test_without_a_preheader_the_inbox_shows_the_first_words(preheader: str, intro: str) -> None:
    content = replace(sample(), preheader=preheader, intro=intro)
    shown = preheader_of(content)
    assert shown
    assert visible(content).count("An intro.") <= 1
    for title in shown.split(" · "):
        assert title.rstrip("…") in visible(content)


def test_a_preheader_that_repeats_a_tip_is_seen_once() -> None:
    title = sample().tips[2].title
    content = replace(sample(), preheader=title)
    assert visible(content).count(title) == 1
    assert rendered(content).text.count(title) == 1


def test_a_mail_is_in_the_language_and_direction_of_its_newsletter() -> None:
    html = tree(sample("arabic"))
    body = html.find("body")
    assert body is not None
    assert (html.get("lang"), html.get("dir")) == ("ar", "rtl")
    assert (body[0].get("lang"), body[0].get("dir")) == ("ar", "rtl")
    assert "text-align:left" not in rendered(sample("arabic")).html.replace(" ", "")


def test_fixed_words_in_another_language_than_the_mail_s_are_marked_as_such() -> None:
    page = tree(sample("japanese"))
    words = [element for element in page.iter() if element.get("lang") == "en"]
    assert {"Unsubscribe", "Read on the web", "A note on advice"} <= {str(word.text_content()) for word in words}


def test_a_german_mail_speaks_german() -> None:
    seen = visible(sample("stress"))
    assert "Ausgabe 12" in seen
    assert "Im Web lesen" in seen
    assert "Abmelden" in seen


def test_the_text_part_is_written_for_people() -> None:
    content = sample()
    text = rendered(content).text
    assert text.startswith("The Skin Letter\nGood skin, one small habit at a time\nIssue 12\n")
    assert "- dab a little on the inside of your forearm,\n- leave it for a day," in text
    assert "> Plan in months, not in weeks." in text
    assert f"Unsubscribe:\n{Place.UNSUBSCRIBE_URL.marker}\n" in text
    assert "<" not in text
    assert "&amp;" not in text


def test_the_text_part_carries_every_heading_and_every_link_of_the_html() -> None:
    for name in ("", "arabic", "japanese", "stress"):
        content = sample(name)
        page, text = tree(content), plain.one_line(rendered(content).text)
        for heading in page.xpath("//h1 | //h2"):
            assert plain.one_line(heading.text_content()) in text
        for link in page.iter("a"):
            assert str(link.get("href")) in text


def test_no_line_of_the_text_part_is_longer_than_78_columns_but_an_address() -> None:
    for name in ("", "arabic", "japanese", "stress"):
        for line in rendered(sample(name)).text.split("\n"):
            assert plain.columns(line) <= plain.LINE_WIDTH or "://" in line


def test_html_s_special_characters_are_plain_in_the_text_part() -> None:
    content = of_first_tip(sample(), title='Oil & "water" <b>', link_url="https://a.example/?a=1&b=2")
    assert 'Oil & "water" <b>' in rendered(content).text
    assert "https://a.example/?a=1&b=2" in rendered(content).text


def test_headers_are_the_same_for_all_and_name_nobody() -> None:
    headers = dict(rendered(sample()).headers)
    assert set(headers) == {"List-Archive", "Archived-At", "Content-Language"}
    assert not any("@" in value for value in headers.values())


def test_an_address_in_a_header_is_plain_ascii() -> None:
    content = replace(sample(), permalink="https://newsletter.example/häute/12/")
    assert dict(rendered(content).headers)["Archived-At"] == "<https://newsletter.example/h%C3%A4ute/12/>"


@pytest.mark.parametrize("path", ["\r\nBcc: x@y.example", "x" * 1000])
def test_an_address_that_no_header_can_carry_is_escaped_or_refused(path: str) -> None:
    content = replace(sample(), permalink=f"https://newsletter.example/{path}")
    try:
        value = dict(rendered(content).headers)["Archived-At"]
    except HeaderError:
        return
    assert value.isascii()
    assert "\r" not in value
    assert "\n" not in value


def test_a_subject_is_one_line_whatever_was_typed() -> None:
    assert rendered(replace(sample(), subject="one\r\nBcc: two\u2028three\x0b")).subject == "one Bcc: two three"


def test_an_unknown_design_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DesignError, match="digest"):
        rendered(replace(sample(), design="../../etc"))


def test_the_html_is_small() -> None:
    assert rendered(sample()).html_bytes < 40_000


def test_the_same_issue_is_the_same_bytes_in_any_language_and_zone() -> None:
    wanted = rendered(sample())
    with translation.override("de"), timezone.override("Asia/Tokyo"):
        assert rendered(sample()) == wanted
    assert rendered(sample()).content_hash == wanted.content_hash


def test_the_same_issue_is_the_same_bytes_in_any_process() -> None:
    program = (
        "from tests.render.issues import rendered, sample; "
        "print(*(rendered(sample(name)).content_hash for name in ('', 'arabic', 'stress')))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=CHECKOUT, check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "DJANGO_SETTINGS_MODULE": ""},
        ).stdout
        for seed, zone in (("0", "UTC"), ("1", "Pacific/Apia"), ("4711", "America/St_Johns"))
    }  # fmt: skip
    assert runs == {" ".join(rendered(sample(name)).content_hash for name in ("", "arabic", "stress")) + "\n"}


GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["arabic", "japanese"])
def test_a_sample_reads_as_its_golden_file_says(name: str) -> None:
    """Lines of what is read, with tag, language, direction and alignment, so that a new compiler's whitespace is no
    news. `python -m tests.render.golden` writes the files anew; look at the difference before it is committed.
    """
    from tests.render.golden import outline

    assert outline(sample(name)) == (GOLDEN / f"digest-{name}.txt").read_text(encoding="utf-8")


def test_the_hidden_preheader_keeps_other_words_out_of_the_inbox() -> None:
    hidden = tree(sample()).xpath("//*[contains(@style, 'display:none') or contains(@style, 'display: none')]")[0]
    assert len(hidden.text_content()) >= 150
    assert not re.search(r"font-size:\s*[01]px", hidden.get("style", ""))


def test_an_issue_without_an_introduction_says_how_many_tips_follow() -> None:
    bare = replace(sample(), intro="")
    email = rendered(bare)
    assert "This issue has 3 tips, to read at your own pace." in email.html
    assert "This issue has 3 tips, to read at your own pace." in email.text
    assert "one tip" in rendered(replace(bare, tips=bare.tips[:1])).text
    assert "Diese Ausgabe bringt 3 Tipps" in rendered(of_newsletter(bare, language="de-AT")).text
    assert "at your own pace" not in rendered(sample()).text


def test_the_whole_mail_lies_in_one_main_landmark() -> None:
    body = lxml_html.document_fromstring(rendered(sample()).html).find("body")
    assert body is not None
    assert [child.get("role") for child in body] == ["main"]
    assert [child.get("role") for child in body[0]] == ["article"]


def test_a_design_that_was_changed_is_read_again(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "templates", tmp_path / "templates")
    footer = tmp_path / "templates" / "email" / "_parts" / "footer.txt"
    render_email(sample(), templates=tmp_path / "templates")
    footer.write_text(footer.read_text(encoding="utf-8") + "\nA last word.\n", encoding="utf-8")
    assert render_email(sample(), templates=tmp_path / "templates").text.endswith("A last word.\n")
