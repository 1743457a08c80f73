"""The site's fixed words: complete in each language, with the same places to fill."""

import re
from dataclasses import asdict

import pytest

from pipeline.render.site_wording import ENGLISH, GERMAN, site_wording


@pytest.mark.parametrize("words", [GERMAN], ids=lambda words: words.language)
def test_a_translation_says_everything_and_fills_the_same_places(words):
    for name, english in asdict(ENGLISH).items():
        said = asdict(words)[name]
        assert said.strip()
        assert set(re.findall(r"{\w+}", said)) == set(re.findall(r"{\w+}", english)), name


def test_no_phrase_can_break_out_of_the_stylesheet_or_a_page():
    for words in (ENGLISH, GERMAN):
        assert not set('"\\<>&\n') & set("".join(asdict(words).values()))


def test_a_regional_tag_finds_its_language_and_an_unknown_one_english():
    assert site_wording("de-CH") == GERMAN
    assert site_wording("DE") == GERMAN
    assert site_wording("fr") == ENGLISH
