"""What is kept up to date after a correction, after a failure, and by the ticks."""

import pytest

from pipeline.delivery.models import Message
from pipeline.editorial.models import PublicTip
from pipeline.editorial.wording_rules import Wording
from pipeline.publish import feeds
from pipeline.publish.output import OutputError
from pipeline.publish.site import write_site
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR, SUNDAY
from tests.publish.story import Story

BETTER = Wording(title="Better words", text="Wash with lukewarm water.", topic="Sun", author="Dr Ida Berg")


@pytest.fixture
def story(newsletter, config):
    told = Story(newsletter)
    told.issue("Sun")
    write_site(newsletter, config=config, now=SUNDAY)
    return told


def correct(story, config):
    tip = story.published()[0]
    return feeds.correct_tip(
        tip_id=tip.pk, wording=BETTER, note="It was wrong.", actor=EDITOR, config=config, now=story.now
    )


def page(config):
    return (config.output / "skin-letter" / "archive" / "1.html").read_text()


def test_a_correction_is_shown_at_once_and_nobody_is_mailed(story, config):
    assert "archive/1.html" in correct(story, config).written
    assert "Better words" in page(config)
    assert not Message.objects.exists()


def test_a_withdrawal_is_shown_at_once(story, config):
    tip = story.published()[0]
    feeds.withdraw_tip(tip_id=tip.pk, reason="It was disproved.", actor=EDITOR, config=config, now=story.now)
    assert "It was disproved." in page(config)


def test_withdrawing_what_nobody_had_writes_no_site(newsletter, config):
    tip = Story(newsletter)._write("Sun")
    report = feeds.withdraw_tip(tip_id=tip.pk, reason="No.", actor=EDITOR, config=config, now=SUNDAY)
    assert report.written == []
    assert not (config.output / "skin-letter").exists()


def test_a_correction_that_could_not_be_written_is_kept_and_the_next_tick_writes_it(story, config, clock, monkeypatch):
    def full(*_args, **_kwargs):
        raise OutputError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(feeds, "write_site", full)
        with pytest.raises(OutputError):
            correct(story, config)
        assert "The disk is full." in tick(config=config, clock=clock)
    assert PublicTip.objects.get().corrected_at == story.now
    assert "Better words" not in page(config)
    assert any("brought up to date" in line for line in tick(config=config, clock=clock))
    assert "Better words" in page(config)


def told_of_files(lines):
    """Without what staff are told of the queue, which is empty here."""
    return [line for line in lines if "alert:" not in line]


def test_a_tick_with_nothing_to_catch_up_with_makes_nothing(story, config, clock, monkeypatch):
    monkeypatch.setattr(feeds, "write_site", None)
    assert told_of_files(tick(config=config, clock=clock)) == []


def test_a_tick_leaves_a_folder_alone_that_was_never_made(newsletter, config, clock):
    assert told_of_files(tick(config=config, clock=clock)) == []
    assert not (config.output / "skin-letter").exists()
