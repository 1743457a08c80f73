"""Any accent that a person picks is legible, in light, in dark, and in the dark that a mail program makes."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.colours import HOUSE_ACCENT, LEAST_CONTRAST, Scheme, contrast, palette, turned_over

colours = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_every_text_is_legible_on_every_ground_whatever_the_accent(accent: str) -> None:
    chosen = palette(accent)
    for scheme in (chosen.light, chosen.dark):
        for text, ground in _pairs(scheme):
            assert contrast(text, ground) >= LEAST_CONTRAST
            assert contrast(turned_over(text), turned_over(ground)) >= LEAST_CONTRAST


@given(colours)
def test_a_correction_is_said_exactly_when_the_accent_was_changed(accent: str) -> None:
    chosen = palette(accent)
    assert bool(chosen.correction) == (chosen.light.accent != accent)
    assert not chosen.correction or (accent in chosen.correction and chosen.light.accent in chosen.correction)


@given(colours)
def test_a_corrected_accent_needs_no_second_correction(accent: str) -> None:
    once = palette(accent).light.accent
    assert palette(once).light.accent == once


def test_the_house_accent_stands_as_it_is() -> None:
    chosen = palette(HOUSE_ACCENT)
    assert (chosen.light.accent, chosen.correction) == (HOUSE_ACCENT, "")


def test_a_pale_yellow_is_darkened_and_stays_a_yellow() -> None:
    used = palette("#ffe14d").light.accent
    red, green, blue = (int(used[index : index + 2], 16) for index in (1, 3, 5))
    assert red > 90 < green
    assert blue < 40


def test_the_accent_is_bright_on_dark() -> None:
    assert contrast(palette("#20104a").dark.accent, "#26221f") > 7


@given(st.text(max_size=10))
def test_what_is_no_colour_is_replaced_and_said(text: str) -> None:
    chosen = palette(text)
    assert contrast(chosen.light.accent, chosen.light.card) >= LEAST_CONTRAST
    assert chosen.correction


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert contrast("#123456", "#123456") == 1.0


@given(colours)
def test_turning_a_grey_over_twice_gives_it_back(colour: str) -> None:
    grey = "#" + colour[1:3] * 3
    there_and_back = turned_over(turned_over(grey))
    assert abs(int(there_and_back[1:3], 16) - int(grey[1:3], 16)) <= 1


def _pairs(scheme: Scheme) -> list[tuple[str, str]]:
    return [(text, ground) for text in scheme.texts for ground in scheme.grounds]
