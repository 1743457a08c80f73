"""A tip's picture in the studio: handed in, made fit, described, shown before any reader may have it."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from pipeline.documents.picture import LARGEST_BYTES
from pipeline.editorial.models import Tip
from tests.publish.story import Story

WORDS = {
    "title": "Keep the towel apart",
    "text": "Use a towel of its own for the face, and wash it twice a week.",
    "topic": "Routine",
    "author": "Dr Ida Berg",
}
ALT = "A folded towel on a shelf"


def picture(kind="JPEG", size=(1600, 900), name="towel"):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "48.8584 N"
    Image.new("RGB", size, "#cc9977").save(file, kind, exif=exif)
    return SimpleUploadedFile(f"{name}.{kind.lower()}", file.getvalue(), content_type=f"image/{kind.lower()}")


@pytest.fixture
def staff(letter):
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    return client


def part(answer):
    return LexborHTMLParser(answer.content).css_first("#picture-part")


def address_in(answer):
    return part(answer).css_first("input[name=picture_url]").attributes.get("value") or ""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_handed_in_with_the_form_is_kept_small_and_silent(staff, workspace, kind):
    answer = staff.post("/studio/tips/new/", {**WORDS, "picture": picture(kind), "picture_alt": ALT})
    assert answer.status_code == 302
    revision = Tip.objects.get().revision
    assert revision.picture_alt == ALT
    kept = (workspace.var / revision.picture_url).read_bytes()
    assert Image.open(io.BytesIO(kept)).size == (1200, 675)
    assert b"48.8584" not in kept


def test_a_picture_without_words_is_asked_for_them_and_is_not_lost_meanwhile(staff):
    answer = staff.post("/studio/tips/new/", {**WORDS, "picture": picture()})
    assert "say in a few words what the picture shows" in answer.content.decode()
    assert not Tip.objects.exists()
    address = address_in(answer)
    assert part(answer).css_first("img").attributes["src"] == f"/studio/pictures/{address.rpartition('/')[2]}"
    staff.post("/studio/tips/new/", {**WORDS, "picture_url": address, "picture_alt": ALT})
    assert Tip.objects.get().revision.picture_url == address


def test_a_picture_goes_up_on_its_own_while_one_writes(staff):
    answer = staff.post("/studio/tips/picture/", {"title": "", "picture": picture()})
    assert answer.headers["HX-Trigger-After-Swap"] == "picture-taken"
    assert address_in(answer).startswith("pictures/tips/")
    assert not part(answer).css(".error")  # what it shows is asked for when the tip is kept
    checked = staff.post("/studio/tips/check/", {**WORDS, "picture_url": address_in(answer)}).content.decode()
    assert "What the picture shows is missing" in checked
    staff.post("/studio/tips/check/", {**WORDS, "picture_url": address_in(answer), "picture_alt": ALT})
    card = staff.get("/studio/tips/draft-card/").content.decode()
    assert f'alt="{ALT}"' in card
    assert 'src="data:image/jpeg;base64,' in card


@pytest.mark.parametrize(
    ("handed_in", "said"),
    [(SimpleUploadedFile("page.html", b"<script>alert(1)</script>"), "It is no JPEG, PNG or WebP"),
     (SimpleUploadedFile("draw.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "It is no JPEG, PNG or WebP"),
     (SimpleUploadedFile("broken.png", b"\x89PNG\r\n\x1a\n"), "picture"),
     (picture(size=(20, 20)), "20 × 20"), (SimpleUploadedFile("empty.png", b""), "empty")],
    ids=["html", "svg", "broken", "tiny", "empty"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_by_its_field_with_what_to_do(staff, workspace, handed_in, said):
    handed_in.seek(0)
    answer = staff.post("/studio/tips/new/", {**WORDS, "picture": handed_in, "picture_alt": ALT})
    assert said in part(answer).css_first(".error").text()
    assert not Tip.objects.exists()
    assert not list((workspace.var / "pictures").rglob("*.*"))


def test_a_picture_that_is_too_large_is_refused_unread(staff, monkeypatch):
    monkeypatch.setattr("pipeline.web.studio.forms.LARGEST_BYTES", 1000)
    assert LARGEST_BYTES > 1000
    answer = staff.post("/studio/tips/picture/", {"picture": picture()})
    assert "more than 20 MB" in part(answer).css_first(".error").text()


def test_a_picture_is_exchanged_and_taken_out_by_an_edit(staff, workspace):
    staff.post("/studio/tips/new/", {**WORDS, "picture": picture(), "picture_alt": ALT})
    tip = Tip.objects.get()
    form = staff.get(f"/studio/tips/{tip.pk}/edit/")
    first = address_in(form)
    assert first == tip.revision.picture_url
    seen = {"picture_url": first, "picture_alt": ALT}
    staff.post(f"/studio/tips/{tip.pk}/edit/", {**WORDS, **seen, "picture": picture(size=(400, 300))})
    tip.refresh_from_db()
    assert tip.revision.picture_url not in {"", first}
    staff.post(f"/studio/tips/{tip.pk}/edit/", {**WORDS, **seen, "no_picture": "on"})
    tip.refresh_from_db()
    assert (tip.revision.picture_url, tip.revision.picture_alt) == ("", "")


def test_a_correction_may_change_the_picture_and_keeps_it_over_the_second_look(staff, letter):
    told = Story(letter)
    told.issue("Care")
    (tip,) = told.published()
    words = {**WORDS, "topic": "Care", "note": "The picture was missing.", "picture_alt": ALT}
    looked = staff.post(f"/studio/tips/{tip.pk}/correct/", {**words, "picture": picture()})
    form = LexborHTMLParser(looked.content).css_first("form[method=post] input[name=picture_url]")
    address = form.attributes["value"]
    assert address.startswith("pictures/tips/")
    sent = {**words, "picture_url": address, "no_picture": "False", "confirmed": "yes"}
    staff.post(f"/studio/tips/{tip.pk}/correct/", sent)
    tip.refresh_from_db()
    assert (tip.revision.picture_url, tip.revision.picture_alt) == (address, ALT)


def test_a_picture_that_nobody_handed_in_cannot_be_named(staff):
    forged = {"picture_url": f"pictures/tips/{'0' * 32}.jpg", "picture_alt": ALT}
    answer = staff.post("/studio/tips/new/", {**WORDS, **forged})
    assert "not here any more" in answer.content.decode()
    assert not Tip.objects.exists()


def test_a_tip_keeps_the_picture_of_another_site_that_its_file_named(staff, letter):
    elsewhere = {"picture_url": "https://pictures.example/a.jpg", "picture_alt": ALT}
    staff.post("/studio/tips/new/", {**WORDS, **elsewhere})
    tip = Tip.objects.get()
    staff.post(f"/studio/tips/{tip.pk}/edit/", {**WORDS, **elsewhere, "title": "Keep towels apart"})
    tip.refresh_from_db()
    assert tip.revision.picture_url == "https://pictures.example/a.jpg"


def test_kept_pictures_are_shown_to_staff_alone_and_as_nothing_but_pictures(staff):
    taken = address_in(staff.post("/studio/tips/picture/", {"picture": picture()}))
    path = f"/studio/pictures/{taken.rpartition('/')[2]}"
    answer = staff.get(path)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert Client().get(path).status_code == 302
    for none in ("none.jpg", "..%2fsecret.key", f"{'0' * 32}.jpg"):
        assert staff.get(f"/studio/pictures/{none}").status_code == 404
