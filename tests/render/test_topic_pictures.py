"""Each topic has a picture of the house's own, which says nothing that words do not say."""

import io
from pathlib import Path

import pytest
from PIL import Image

from pipeline.derive.lexicon_files import groups
from pipeline.editorial.issue_content import topic_slug
from pipeline.render.topic_pictures import TopicPictureError, picture_of, topic_pictures
from tests.render.issues import TEMPLATES, of_first_tip, of_newsletter, rendered, sample
from tests.render.topic_pictures import FOLDER, SHARPNESS, SIZE

PICTURES = topic_pictures(TEMPLATES)
TAXONOMY = [name for name in groups("tips/topics") if name != "skincare"]


@pytest.mark.parametrize("name", TAXONOMY)
def test_a_topic_that_tips_are_derived_under_has_a_picture_of_its_own(name: str) -> None:
    picture = picture_of(topic_slug(name), templates=TEMPLATES)
    assert picture is not None
    assert picture.slug == topic_slug(name)


def test_any_other_topic_and_none_take_the_general_one() -> None:
    for slug in ("winter-skin", "", "مواضيع"):
        picture = picture_of(slug, templates=TEMPLATES)
        assert picture is not None
        assert picture.slug == "general"


def test_no_two_pictures_share_a_topic_and_every_drawing_is_listed() -> None:
    topics = [topic for picture in PICTURES for topic in picture.topics]
    assert len(topics) == len(set(topics))
    assert {path.stem for path in FOLDER.glob("*.svg")} == {path.stem for path in FOLDER.glob("*.png")}
    assert {path.stem for path in FOLDER.glob("*.svg")} == {picture.slug for picture in PICTURES}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: str(picture.slug))
def test_a_picture_is_sharp_small_and_carries_nothing_but_pixels(picture: object) -> None:
    data = getattr(picture, "data", b"")
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("PNG", (SHARPNESS * SIZE, SHARPNESS * SIZE))
    assert len(data) < 4_000
    assert not {"exif", "Software", "Comment"} & set(image.info)


def test_the_mail_links_to_where_the_newsletter_s_folder_has_it() -> None:
    html = rendered(sample()).html
    assert 'src="https://newsletter.example/the-skin-letter/pictures/topics/sun-protection.png"' in html
    assert 'alt="The sun"' in html
    assert 'alt="Die Sonne"' in rendered(of_newsletter(sample(), language="de")).html


def test_a_language_without_words_hears_the_topic_s_own_name() -> None:
    japanese = of_first_tip(of_newsletter(sample(), language="ja"), topic="紫外線")
    assert 'alt="紫外線"' in rendered(japanese).html


def test_a_tip_s_own_picture_takes_the_place_of_its_topic_s() -> None:
    own = of_first_tip(sample(), picture_url="https://newsletter.example/p.png", picture_alt="Cream")
    assert "sun-protection.png" not in rendered(own).html


def put(folder: Path, text: str) -> None:
    (folder / "email" / "_topics").mkdir(parents=True)
    (folder / "email" / "_topics" / "topics.toml").write_text(text)


def test_templates_without_pictures_are_fine(tmp_path: Path) -> None:
    assert topic_pictures(tmp_path) == ()
    assert picture_of("sun", templates=tmp_path) is None


@pytest.mark.parametrize("text", ["[sun]\n", '[sun]\nalt = "The sun"\n', "sun = 1\n", "[sun"])
def test_a_list_that_is_wrong_is_refused_by_its_file(tmp_path: Path, text: str) -> None:
    put(tmp_path, text)
    with pytest.raises(TopicPictureError, match=r"topics\.toml"):
        topic_pictures(tmp_path)
