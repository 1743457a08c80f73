"""MJML to HTML: the one place that knows the compiler (mjml-python, which wraps mrml) and its traps.

- CRLF in the head, a doctype, CDATA, a comment in mj-attributes: it refuses them, and names a position at most. A
  double quote within a single-quoted attribute breaks the HTML. So the source is parsed as XML and written anew.
- CSS is no XML, and must not be escaped on that way: "a > b".
- It drops white space between two tags if that begins with a line end, so that words run together: made a space.
- It does not inline `mj-style inline="inline"`: that CSS is taken out, and css-inline puts it in at the end.
- Unknown tags and attributes, bad lengths, wrong nesting, a missing alt: not a word. `mjml_rules` refuses them.
- Thousands of nested tags end the process: refused by depth.
- A default font adds a remote link: `fonts={}`.
- It makes the whole body an article and no more; assistive programs find their way by a main landmark, so that one
  is put around it (WAI-ARIA landmark roles), with the same language and direction.
- It aligns a column's content to the left, whatever its direction, gives a picture a height that is no number, and
  names the charset after the title, where a browser may miss it: mended afterwards.
"""

import re
from dataclasses import dataclass

import css_inline
from lxml import etree
from mjml import mjml2html

from pipeline.errors import TipsheetError
from pipeline.render import mjml_rules

_PROLOGUE = re.compile(r"\A\s*(<\?xml[^>]*\?>\s*)?(<!doctype[^>\[]*>)?", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\s*\[if [^\]]*\]>")
_CHARSET = '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">'
_BODY = re.compile(r"(<body\b[^>]*>)(<div\b[^>]*>)(.*)(</body>)", re.DOTALL)
_TONGUE = re.compile(r' (?:lang|dir)="[^"]*"')
_STYLE = re.compile(r"<(mj-style|style)\b.*?</\1>", re.DOTALL)


class MjmlError(TipsheetError):
    """A design's MJML is not what the compiler turns into the HTML that was meant."""


@dataclass(frozen=True, slots=True)
class CompiledMjml:
    """The HTML, and the CSS that `inline` is to put into its style attributes."""

    html: str
    inline_css: str


def compile_mjml(source: str, *, name: str = "the design") -> CompiledMjml:
    """Raises MjmlError with every complaint, each with its line in `source`."""
    root = _parse(source, name)
    complaints = list(mjml_rules.complaints(root))
    if complaints:
        raise MjmlError(f"{name}: " + "; ".join(complaints))
    inline_css = _take_inline_css(root)
    try:
        html = str(mjml2html(_write(root), fonts={}))
    except ValueError as error:
        raise MjmlError(f"{name}: the MJML compiler refuses it: {error}") from error
    return CompiledMjml(_mend(html), inline_css)


def inline(html: str, css: str) -> str:
    """The HTML with `css` in its style attributes; style elements and Outlook's comments stay as they are."""
    if not css.strip():
        return html
    inliner = css_inline.CSSInliner(
        inline_style_tags=False, keep_style_tags=True, keep_link_tags=True, load_remote_stylesheets=False, extra_css=css
    )
    return str(inliner.inline(html))


def _parse(source: str, name: str) -> etree._Element:
    text = source.removeprefix("\ufeff")
    text = _PROLOGUE.sub(lambda match: "\n" * match[0].count("\n"), text)  # the lines keep their numbers
    try:
        parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True)
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise MjmlError(f"{name}: {error.msg}; MJML is written as XML: close every tag, &#160; for &nbsp;") from error
    if next(root.iter(etree.Entity), None) is not None:
        raise MjmlError(f"{name}: a design declares no entities of its own; write the characters themselves")
    for comment in list(root.iter(etree.Comment)):
        if not _CONDITIONAL.match(comment.text or ""):
            _drop(comment)
    return root


def _drop(node: etree._Element) -> None:
    """Take a node out, but not the text behind it, which lxml counts as its own."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def _take_inline_css(root: etree._Element) -> str:
    styles = [style for style in root.iter("mj-style") if style.get("inline") == "inline"]
    css = "\n".join(style.text or "" for style in styles)
    for style in styles:
        _drop(style)
    return css


def _write(root: etree._Element) -> str:
    for element in root.iter(etree.Element):
        if element.tail and not element.tail.strip() and _holds_words(element.getparent()):
            element.tail = " "
    xml = etree.tostring(root, encoding="unicode")
    return _STYLE.sub(lambda match: match[0].replace("&gt;", ">"), xml)  # CSS is no XML: "a > b"


def _holds_words(element: etree._Element | None) -> bool:
    return element is not None and (element.tag in {"mj-text", "mj-button"} or not str(element.tag).startswith("mj"))


def _mend(html: str) -> str:
    html = html.replace("text-align:left;direction:rtl;", "text-align:right;direction:rtl;")
    html = html.replace(' height="auto"', "")
    html = _BODY.sub(_with_landmark, html)
    return html.replace(_CHARSET, "", 1).replace("<head>", f"<head>{_CHARSET}", 1)


def _with_landmark(body: re.Match[str]) -> str:
    tongue = "".join(_TONGUE.findall(body[2]))
    return f'{body[1]}<div role="main"{tongue}>{body[2]}{body[3]}</div>{body[4]}'
