"""Boilerplate: headings that open it, and calls that are no advice."""

import pytest

from pipeline.documents import words
from pipeline.documents.boilerplate import LONGEST_CALL, is_boilerplate_heading, is_call_to_action


@pytest.mark.parametrize(
    "heading", ["About us", "ABOUT US", "References:", "7. Sources", "Terms & Conditions", "— Share —", "Our fees"]
)
def test_a_boilerplate_heading_is_told_in_any_dress(heading: str) -> None:
    assert is_boilerplate_heading(heading)


@pytest.mark.parametrize(
    "heading", ["About the Barrier", "Sources of Vitamin C", "Conclusion", "Contact Dermatitis", "Fees", ""]
)
def test_an_articles_own_heading_is_not(heading: str) -> None:
    assert not is_boilerplate_heading(heading)


@pytest.mark.parametrize(
    "text",
    [
        "Sign up for our newsletter",
        "Get updated with all that is new in beauty",
        "Don’t miss our sale: 20% off everything",
        "© The Skin Shop",
        "Follow us for more.",
        "Book your visit today!",
    ],
)
def test_a_call_to_action_is_told(text: str) -> None:
    assert is_call_to_action(text)


@pytest.mark.parametrize(
    "text",
    [
        "Rinse with lukewarm water.",
        "At a workshop there are many products to try.",
        "Call the clinic if the pain grows.",
        "Ask your doctor before you start. " * 9 + "Our newsletter says more.",
    ],
)
def test_advice_is_no_call(text: str) -> None:
    assert not is_call_to_action(text)


def test_a_call_is_told_up_to_its_longest_and_a_longer_paragraph_is_the_articles_own() -> None:
    call = "Sign up for our newsletter"
    assert is_call_to_action(call.ljust(LONGEST_CALL, "."))
    assert not is_call_to_action(call.ljust(LONGEST_CALL + 1, "."))


LISTS = words.phrases("boilerplate")


def test_every_call_of_the_list_is_told_in_any_case() -> None:
    assert LISTS["calls_to_action"]
    assert [call for call in LISTS["calls_to_action"] if not is_call_to_action(f"Now: {call.upper()}")] == []


@pytest.mark.parametrize("dress", ["{}", "  {}:", "3.2. {}", "iv) {}", "**{}**", "— {} —"])
def test_every_heading_of_the_list_is_told_with_its_number_and_its_marks(dress: str) -> None:
    assert LISTS["headings"]
    assert [each for each in LISTS["headings"] if not is_boilerplate_heading(dress.format(each.title()))] == []


def test_a_heading_that_only_begins_like_boilerplate_is_the_articles_own() -> None:
    assert [each for each in LISTS["headings"] if is_boilerplate_heading(f"{each} of dry skin")] == []
