"""The MJML compiler's traps: what it would get wrong is worked around or refused, and never passes unseen."""

import mjml as compiler
import pytest
from lxml import html as lxml_html

from pipeline.render.mjml import MjmlError, compile_mjml, inline
from pipeline.render.mjml_rules import DEEPEST

TEXT = "<mj-text>words</mj-text>"


def page(content: str = TEXT, *, head: str = "", section: str = "", column: str = "") -> str:
    return (
        f'<mjml lang="en" dir="ltr"><mj-head><mj-attributes><mj-all font-family="Arial" /></mj-attributes>{head}'
        f"</mj-head><mj-body><mj-section {section}><mj-column {column}>{content}</mj-column></mj-section></mj-body>"
        "</mjml>"
    )


def test_the_compiler_refuses_windows_line_ends_and_we_do_not() -> None:
    source = page(head="<mj-title>T</mj-title>\r\n<mj-style>a { color: red }</mj-style>\r\n")
    with pytest.raises(ValueError, match="unexpected"):
        compiler.mjml2html(source)
    assert "words" in compile_mjml(source).html


def test_the_compiler_refuses_comments_among_attributes_and_we_drop_them() -> None:
    source = page().replace("<mj-attributes>", "<mj-attributes><!-- fonts -->")
    with pytest.raises(ValueError, match="unexpected"):
        compiler.mjml2html(source)
    assert "fonts" not in compile_mjml(source).html


def test_a_dropped_comment_takes_no_words_with_it() -> None:
    html = compile_mjml(page("<mj-text>before<b>x</b><!-- gone --> after <!-- gone --> all</mj-text>")).html
    assert "before<b>x</b> after  all" in html
    assert ">kept all</div>" in compile_mjml(page("<mj-text><!-- gone -->kept<!-- gone --> all</mj-text>")).html


def test_a_comment_for_outlook_stays() -> None:
    html = compile_mjml(page("<mj-raw><!--[if mso]><b>Outlook</b><![endif]--></mj-raw>")).html
    assert "<!--[if mso]><b>Outlook</b><![endif]-->" in html


def test_a_doctype_a_byte_order_mark_and_cdata_are_taken() -> None:
    source = "\ufeff<?xml version='1.0'?>\n<!DOCTYPE mjml>\n" + page("<mj-text><![CDATA[a < b & c]]></mj-text>")
    assert "a &lt; b &amp; c" in compile_mjml(source).html


def test_a_double_quote_in_a_single_quoted_attribute_keeps_the_html_whole() -> None:
    source = page("""<mj-image src="https://a.example/p.png" alt='say "hello"' width="60px" />""")
    assert 'alt="say "' in compiler.mjml2html(source) or 'alt="say \\"' in compiler.mjml2html(source)
    picture = lxml_html.document_fromstring(compile_mjml(source).html).find(".//img")
    assert picture is not None
    assert picture.get("alt") == 'say "hello"'


def test_css_keeps_its_angle_brackets() -> None:
    assert ".a > .b { color: red }" in compile_mjml(page(head="<mj-style>.a > .b { color: red }</mj-style>")).html


def test_an_empty_html_element_is_closed_as_html_wants_it() -> None:
    assert "<td></td>" in compile_mjml(page("<mj-raw><table><tr><td></td></tr></table></mj-raw>")).html


def test_inline_css_reaches_the_style_attributes_and_leaves_no_style_element() -> None:
    source = page(
        '<mj-text><b class="x">words</b></mj-text>', head='<mj-style inline="inline">.x { color: #123456 }</mj-style>'
    )
    compiled = compile_mjml(source)
    assert "#123456" not in compiled.html
    html = inline(compiled.html, compiled.inline_css)
    assert lxml_html.document_fromstring(html).find(".//b").get("style", "").replace(" ", "") == "color:#123456;"  # type: ignore[union-attr]


def test_inlining_keeps_style_elements_and_outlook_s_comments() -> None:
    compiled = compile_mjml(page(head="<mj-style>@media print { b { color: red } }</mj-style>"))
    html = inline(compiled.html, "p { margin: 0 }")
    assert "@media print { b { color: red } }" in html
    assert html.count("<!--[if mso") == compiled.html.count("<!--[if mso")


def test_nothing_is_inlined_from_the_style_elements_that_stay() -> None:
    compiled = compile_mjml(page("<mj-text><b>x</b></mj-text>", head="<mj-style>b { color: #abcdef }</mj-style>"))
    assert inline(compiled.html, "p { margin: 0 }").count("#abcdef") == 1


def test_no_font_is_loaded_from_anywhere() -> None:
    html = compile_mjml(page().replace('font-family="Arial"', 'font-family="Roboto, Ubuntu"')).html
    assert "fonts.googleapis" not in html
    assert "@import" not in html


def test_a_column_that_runs_from_the_right_is_aligned_to_the_right() -> None:
    html = compile_mjml(page(section='direction="rtl"', column='direction="rtl"')).html
    assert "text-align:right;direction:rtl;" in html
    assert "text-align:left;direction:rtl;" not in html


def test_the_charset_is_named_before_any_word() -> None:
    html = compile_mjml(page(head="<mj-title>Ünïcödé</mj-title>")).html
    assert html.index("charset=UTF-8") < html.index("Ünïcödé")
    assert html.count("charset=UTF-8") == 1


def test_words_on_two_lines_of_the_design_stay_two_words() -> None:
    source = page("<mj-text><b>one</b>\n  <b>two</b></mj-text>")
    assert "<b>one</b><b>two</b>" in compiler.mjml2html(source, fonts={})
    assert "<b>one</b> <b>two</b>" in compile_mjml(source).html


def test_a_picture_has_no_height_that_html_does_not_know() -> None:
    source = page('<mj-image src="https://a.example/p.png" alt="" width="60px" />')
    assert 'height="auto"' in compiler.mjml2html(source, fonts={})
    assert 'height="auto"' not in compile_mjml(source).html


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (page("<mj-txt>x</mj-txt>"), "<mj-txt>: MJML has no place for it in <mj-column>"),
        (page('<mj-text colour="red">x</mj-text>'), "no attribute 'colour'"),
        (page('<mj-image src="https://a.example/p.png" />'), "a picture needs alt"),
        (page('<mj-text><img src="https://a.example/p.png" /></mj-text>'), "a picture needs alt"),
        (page("<mj-section><mj-column /></mj-section>"), "no place for it in <mj-column>"),
        (page('<mj-text font-size="16">x</mj-text>'), "is no length"),
        (page('<mj-text padding="0 16 0 16">x</mj-text>'), "is no padding"),
        (page(column='width="half"'), "is no length"),
        (page('<mj-include path="x.mjml" />'), "no place for it"),
        (page("<mj-text><mj-text>x</mj-text></mj-text>"), "shown as it stands"),
        (page(head='<mj-font name="Lato" href="https://f.example" />'), "no place for it in <mj-head>"),
        (page(head="<mj-preview>hidden</mj-preview>"), "no place for it in <mj-head>"),
        (page("<mj-raw>" + "<div>" * DEEPEST + "x" + "</div>" * DEEPEST + "</mj-raw>"), "inside each other"),
        ("<html></html>", "no <mjml>"),
    ],
)  # fmt: skip
def test_what_the_compiler_passes_over_is_refused(source: str, complaint: str) -> None:
    with pytest.raises(MjmlError) as caught:
        compile_mjml(source, name="letter/email.mjml")
    assert complaint in str(caught.value)
    assert "letter/email.mjml" in str(caught.value)


def test_thousands_of_nested_tags_are_refused_and_do_not_end_the_process() -> None:
    with pytest.raises(MjmlError):
        compile_mjml(page("<mj-raw>" + "<b>" * 10_000 + "</b>" * 10_000 + "</mj-raw>"))


def test_an_unclosed_tag_is_refused_with_its_line() -> None:
    with pytest.raises(MjmlError, match="line 3"):
        compile_mjml("<mjml>\n<mj-body>\n</mjml>")


def test_a_complaint_names_the_line_of_the_file_below_a_doctype() -> None:
    source = "<!doctype mjml>\n<mjml><mj-body>\n<mj-nothing />\n</mj-body></mjml>"
    with pytest.raises(MjmlError, match="line 3, <mj-nothing>"):
        compile_mjml(source)


def test_entities_are_not_expanded_and_no_file_is_read() -> None:
    source = '<!DOCTYPE mjml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page("<mj-text>&x;</mj-text>")
    with pytest.raises(MjmlError, match="no entities"):
        compile_mjml(source)


def test_every_complaint_is_made_at_once() -> None:
    with pytest.raises(MjmlError) as caught:
        compile_mjml(page('<mj-text colour="red">x</mj-text><mj-txt />'))
    assert "colour" in str(caught.value)
    assert "mj-txt" in str(caught.value)
