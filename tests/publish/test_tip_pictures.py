"""From a picture beside a tip's file to the mail: kept once, hosted, linked, and silent about where it was taken."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from pipeline.editorial.actions import tips
from pipeline.editorial.intake import Workspace, take_in
from pipeline.editorial.models import Tip
from pipeline.editorial.picture_store import keep_picture
from pipeline.editorial.revisions import wording_of
from pipeline.publish import feeds
from pipeline.publish.issues import look_at_next
from pipeline.publish.pictures import host_pictures
from pipeline.publish.site import write_site
from tests.publish.conftest import EDITOR
from tests.publish.story import Story

TIP = (
    "---\ntitle: Damp skin\ntopic: Moisture\nauthor: Ida Berg\npicture: {picture}\npicture_alt: Cream on a hand\n---\n"
    "Put the cream on damp skin.\n"
)


@pytest.fixture
def hand_in(newsletter, config, clock):
    """hand_in("cream.jpg") → what became of each file of the in-tray, whose tip names that picture."""
    folder = config.home / "tips"
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (1600, 900), "#cc9977").save(folder / "cream.jpg", exif=_place())

    def take(picture, *sources):
        (folder / "damp.md").write_text(TIP.format(picture=picture))
        workspace = Workspace(config.home)
        return list(take_in(sources, workspace=workspace, newsletter=newsletter, now=clock(), actor=EDITOR))

    return take


def _place():
    exif = Image.Exif()
    exif[0x010E] = "48.8584 N"
    return exif


def test_a_tip_s_picture_goes_with_its_mail_from_the_newsletter_s_own_folder(newsletter, hand_in, config, clock):
    assert [taken.problems for taken in hand_in("cream.jpg")] == [()]
    tips.approve(tip_id=Tip.objects.get().pk, now=clock(), actor=EDITOR)
    look = look_at_next(newsletter, config=config, now=clock())
    host_pictures(newsletter, config=config)
    address = look.content.tips[0].picture_url
    assert address.startswith("https://newsletter.example/skin-letter/pictures/tips/")
    assert f'src="{address}"' in look.rendered.html
    assert 'alt="Cream on a hand"' in look.rendered.html
    hosted = (config.output / address.removeprefix("https://newsletter.example/")).read_bytes()
    assert Image.open(io.BytesIO(hosted)).size == (1200, 675)
    assert b"48.8584" not in hosted


def test_handing_the_same_picture_in_again_changes_nothing_and_another_makes_new_words(hand_in, config):
    hand_in("cream.jpg")
    hand_in("cream.jpg")
    assert Tip.objects.get().revision.number == 1
    Image.new("RGB", (400, 300), "#336699").save(config.home / "tips" / "cream.jpg")
    hand_in("cream.jpg")
    assert Tip.objects.get().revision.number == 2
    assert len(list((config.var / "pictures" / "tips").iterdir())) == 2


@pytest.mark.parametrize(
    ("picture", "message"),
    [("none.jpg", "it is not in tips/"), ("broken.png", "no JPEG, PNG or WebP"), ("away.jpg", "it is not in tips/"),
     ("../secret.jpg", "no web address"), ("/etc/secret.png", "no web address"), ("cream.svg", "no web address")],
)  # fmt: skip
def test_a_picture_that_cannot_be_taken_is_named_with_its_tip_and_nothing_is_stored(hand_in, config, picture, message):
    (config.home / "secret.jpg").write_bytes((config.home / "tips" / "cream.jpg").read_bytes())
    (config.home / "tips" / "away.jpg").symlink_to(config.home / "secret.jpg")
    (config.home / "tips" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (taken,) = hand_in(picture)
    assert taken.location == "tips/damp.md"
    assert message in " ".join(taken.problems)
    assert not Tip.objects.exists()


def test_a_correction_s_picture_is_there_even_if_its_run_broke_off_before_it(newsletter, config, clock, monkeypatch):
    story = Story(newsletter)
    story.issue("Sun")
    write_site(newsletter, config=config, now=clock())
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "#336699").save(made, "PNG")
    address = keep_picture(made.getvalue(), "sea.png", var=config.var)
    (tip,) = story.published()
    words = replace(wording_of(tip.revision), picture_url=address, picture_alt="The sea")

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(feeds, "host_pictures", killed)
        with pytest.raises(KeyboardInterrupt):
            feeds.correct_tip(tip_id=tip.pk, wording=words, note="x", actor=EDITOR, config=config, now=clock())
    hosted = config.output / newsletter.slug / address
    assert not hosted.exists()
    list(feeds.catch_up(config=config, clock=clock))
    assert hosted.is_file()
    assert hosted.name in (config.output / newsletter.slug / "archive" / "1.html").read_text()


def test_a_lost_copy_under_output_is_put_back(newsletter, hand_in, config):
    hand_in("cream.jpg")
    host_pictures(newsletter, config=config)
    (hosted,) = (config.output / newsletter.slug / "pictures" / "tips").iterdir()
    hosted.unlink()
    assert host_pictures(newsletter, config=config).written == [f"pictures/tips/{hosted.name}"]
