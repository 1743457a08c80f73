"""What is kept of a document between the two times through is enough to find its windows again, and little else."""

from pipeline.derive.outline import Outline
from pipeline.derive.passages import passages
from pipeline.derive.profile import profile
from pipeline.derive.tips import document_windows
from pipeline.derive.windows import Window, windows_at
from tests.derive.score import cases


def _told(windows: list[Window]) -> list[tuple[object, ...]]:
    return [
        (window.span, window.text, set(window.stems), [sentence.text for sentence in window.advising()])
        for window in windows
    ]


def test_every_window_of_a_document_is_found_again_without_judging_it() -> None:
    for document, _ in cases("dev"):
        background = profile(document)
        first = list(document_windows(document, background))
        outline = Outline(background)
        for window in first:
            outline.note(window.span)
        again = [window for passage in passages(document, outline) for window in windows_at(passage, outline.windows())]
        assert _told(again) == _told(first)
        assert first, document.name


def test_an_outline_judges_as_the_profile_does() -> None:
    for document, _ in cases("dev"):
        background = profile(document)
        assert Outline(background).names == background.names
        assert Outline(background).stems() == background.stems()


def test_a_document_without_names_and_subjects_has_none_in_its_outline() -> None:
    background = profile(next(cases("dev"))[0])
    bare = Outline(type(background)(frozenset(), (), is_skincare=False))
    assert (bare.names, bare.stems()) == (frozenset(), frozenset())


def test_a_passage_keeps_of_its_document_the_text_and_the_headings_alone() -> None:
    document, _ = next(cases("dev"))
    kept = next(passages(document, profile(document))).document
    assert kept.text == document.text
    assert [section.heading for section in kept.sections] == [section.heading for section in document.sections]
    assert not any(section.blocks for section in kept.sections)
