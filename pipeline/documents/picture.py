"""A picture as somebody hands it in, made fit for mail and the web: small, upright, and saying nothing
but what it shows.

JPEG, PNG and WebP, told by their content. Every copy is drawn anew, pixel by pixel: place, camera, thumbnails, colour
profiles, comments and whatever else lay in the file stay behind. `isolated.prepare_picture` runs this in a child.
"""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.documents.errors import DocumentError

LARGEST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
WIDEST, TALLEST = 1200, 1600  # twice the column of a mail; what is taller would be a page of its own
LEAST_SIDE = 40

_FORMATS = ("JPEG", "PNG", "WEBP")
_SAVE_AGAIN = "Save it as JPEG or PNG, and hand it in again"


def made_fit(data: bytes, name: str) -> bytes:
    """The picture as PNG where it is see-through, else as JPEG; equal bytes give equal bytes. Raises DocumentError."""
    if len(data) > LARGEST_BYTES:
        raise DocumentError(name, "it has more than 20 MB", "Save it smaller, 1200 pixels wide, and hand it in again")
    Image.MAX_IMAGE_PIXELS = None  # this module's own limit holds, and is an error and not a warning
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            _check_size(picture, name)
            upright = ImageOps.exif_transpose(picture)
            see_through = upright.has_transparency_data
            drawn = upright.convert("RGBA" if see_through else "RGB")
    except UnidentifiedImageError as error:
        raise DocumentError(name, "it is no JPEG, PNG or WebP picture", _SAVE_AGAIN) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise DocumentError(name, "it is damaged and cannot be read", _SAVE_AGAIN) from error
    drawn.thumbnail((WIDEST, TALLEST), Image.Resampling.LANCZOS)
    drawing, file = Image.new(drawn.mode, drawn.size), io.BytesIO()
    drawing.paste(drawn)
    if see_through:
        drawing.save(file, "PNG", optimize=True)
    else:
        drawing.save(file, "JPEG", quality=82, optimize=True, progressive=True)
    return file.getvalue()


def suffix_of(fit: bytes) -> str:
    """`jpg` or `png`, of bytes that `made_fit` made."""
    return "png" if fit.startswith(b"\x89PNG") else "jpg"


def _check_size(picture: Image.Image, name: str) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise DocumentError(
            name, f"it has {width} × {height} pixels, more than 50 million", "Save it smaller, and hand it in again"
        )
    if min(width, height) < LEAST_SIDE:
        raise DocumentError(
            name, f"it has only {width} × {height} pixels", f"Take one of at least {LEAST_SIDE} pixels on each side"
        )
