"""A picture that somebody hands in comes out small, upright and silent, or is refused in a line."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.documents import DocumentError
from pipeline.documents.isolated import Limits, prepare_picture
from pipeline.documents.picture import LEAST_SIDE, MOST_PIXELS, TALLEST, WIDEST, made_fit, suffix_of

SECRET = b"48.8584 N, 2.2945 E"


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, "#cc9977" if mode == "RGB" else (200, 150, 120, 90)).save(file, kind, **options)
    return file.getvalue()


def with_secrets(kind: str) -> bytes:
    """Place and comment in every pocket that the format has; turned a quarter by its EXIF."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET.decode()
    return picture(kind, exif=exif, xmp=SECRET, icc_profile=SECRET, comment=SECRET)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_pixels_stands_upright_and_loses_all_else(kind: str) -> None:
    data = with_secrets(kind)
    assert SECRET in data
    fit = prepare_picture(data, "cream")
    assert SECRET not in fit
    assert opened(fit).size == (200, 300)
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(opened(fit).info)


@pytest.mark.parametrize(("size", "becomes"), [((4000, 1000), (WIDEST, 300)), ((1000, 3200), (500, TALLEST))])
def test_a_large_picture_is_made_to_fit_and_a_small_one_left(size: tuple[int, int], becomes: tuple[int, int]) -> None:
    assert opened(made_fit(picture(size=size), "x")).size == becomes
    assert opened(made_fit(picture(size=(60, 50)), "x")).size == (60, 50)


def test_what_is_see_through_stays_so_and_the_rest_is_jpeg() -> None:
    clear, opaque = made_fit(picture("PNG", mode="RGBA"), "x"), made_fit(picture("PNG"), "x")
    assert (suffix_of(clear), opened(clear).format) == ("png", "PNG")
    assert (suffix_of(opaque), opened(opaque).format) == ("jpg", "JPEG")


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert made_fit(picture(), "x") == made_fit(picture(), "y")


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says how large it would be."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG, PNG or WebP"),
        (picture("GIF"), "no JPEG, PNG or WebP"),
        (picture("TIFF"), "no JPEG, PNG or WebP"),
        (picture()[:400], "damaged"),
        (claiming(300, 300), "damaged"),
        (claiming(40_000, 40_000), "40000 × 40000 pixels"),
        (picture(size=(300, LEAST_SIDE - 1)), "only 300 × 39"),
        (picture("PNG", (1, 1)), "only 1 × 1"),
    ],
    ids=["empty", "svg", "gif", "tiff", "cut off", "no pixels", "bomb", "thin", "pixel"],
)
def test_what_is_no_fit_picture_is_refused_with_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        prepare_picture(data, "cream.jpg")
    assert str(caught.value).startswith("cream.jpg: it ")
    assert caught.value.remedy


def test_a_picture_that_needs_more_than_its_share_takes_the_child_alone() -> None:
    large = picture("PNG", (7000, 7000))
    assert MOST_PIXELS > 7000 * 7000
    with pytest.raises(DocumentError, match="memory"):
        prepare_picture(large, "large.png", limits=Limits(memory_bytes=150 * 1024 * 1024))


@given(st.binary(max_size=200) | st.integers(0, 300).map(lambda cut: picture()[:cut] + b"\xff" * 50))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_a_picture_or_refused(data: bytes) -> None:
    with suppress(DocumentError):  # said in a line: any other error fails the test
        assert suffix_of(made_fit(data, "x")) in {"jpg", "png"}
