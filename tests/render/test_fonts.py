"""A newsletter's fonts: what it chose is what every text of its mails has, and none is fetched."""

import json
import re

import pytest

from pipeline.editorial.content import FONTS, IssueContent
from pipeline.render.fonts import HOUSE, fonts
from tests.render.issues import of_newsletter, rendered, sample, samples

DESIGNS = {name: content for name, content in samples() if name.endswith("-sample")}
every_design = pytest.mark.parametrize("content", DESIGNS.values(), ids=DESIGNS)


def families(html: str) -> set[str]:
    found = re.findall(r"font-family:\s*([^;\"}]+)", html)
    return {family.replace("!important", "").split(",")[0].strip() for family in found}


def test_each_choice_has_a_pair_of_its_own() -> None:
    assert len({fonts(name) for name in FONTS}) == len(FONTS)
    assert fonts("house") == fonts("unknown") == HOUSE


@every_design
@pytest.mark.parametrize(
    ("name", "wanted"),
    [("house", {"Georgia", "system-ui", "Arial"}), ("sans", {"system-ui", "Arial"}), ("serif", {"Georgia", "Arial"})],
)
def test_every_text_of_a_design_takes_the_newsletter_s_fonts(
    content: IssueContent, name: str, wanted: set[str]
) -> None:
    """Arial is that of a picture's alt text, and of Outlook for Windows."""
    assert families(rendered(of_newsletter(content, fonts=name)).html) <= wanted
    assert families(rendered(of_newsletter(content, fonts=name)).html) >= wanted - {"Arial"}


@every_design
def test_no_font_is_fetched(content: IssueContent) -> None:
    for name in FONTS:
        html = rendered(of_newsletter(content, fonts=name)).html
        assert not re.search(r"@font-face|@import|<link", html)


def test_an_issue_that_was_frozen_before_there_was_a_choice_has_the_house_s() -> None:
    data = json.loads(sample().to_json())
    del data["newsletter"]["fonts"]
    content = IssueContent.from_json(json.dumps(data))
    assert rendered(content).html == rendered(sample()).html
