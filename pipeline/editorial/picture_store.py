"""Pictures that staff hand in with tips: made fit in a child process, kept under `var/`, hosted when an issue is.

A picture is kept by its content, so that handing it in again changes nothing, and a changed one is a new wording.
"""

import hashlib
from pathlib import Path
from tempfile import NamedTemporaryFile

from pipeline.documents import DocumentError
from pipeline.documents.isolated import prepare_picture
from pipeline.documents.picture import LARGEST_BYTES, suffix_of
from pipeline.editorial.wording_rules import STORED_PICTURE

_REMEDY = "Put the picture beside the tip's file, and write its name alone, such as cream.jpg"


class PictureError(DocumentError):
    """A tip's picture cannot be taken in."""


def take_picture(tip_file: Path, name: str, *, var: Path) -> str:
    """Keep the picture that lies beside a tip's file; its address within a newsletter's folder.

    Raises PictureError for one that is not there, leads elsewhere, or is no picture.
    """
    place = tip_file.parent / name
    try:
        if place.resolve().parent != tip_file.parent.resolve() or not place.is_file():
            raise PictureError(name, f"it is not in {tip_file.parent.name}/", _REMEDY)
        if place.stat().st_size > LARGEST_BYTES:
            raise PictureError(name, "it has more than 20 MB", "Save it smaller, and hand it in again")
        data = place.read_bytes()
    except (OSError, ValueError) as error:
        raise PictureError(name, "it cannot be opened", _REMEDY) from error
    return keep_picture(data, name, var=var)


def keep_picture(data: bytes, name: str, *, var: Path) -> str:
    """Keep a picture that was handed in, made fit; its address within a newsletter's folder. Raises PictureError."""
    try:
        fit = prepare_picture(data, name)
    except DocumentError as error:
        raise PictureError(name, error.wrong, error.remedy) from error
    address = f"pictures/tips/{hashlib.sha256(fit).hexdigest()[:32]}.{suffix_of(fit)}"
    _keep(var / address, fit)
    return address


def kept_picture(address: str, *, var: Path) -> bytes | None:
    """The picture's bytes; None for an address that is another site's, or was never kept here."""
    if not STORED_PICTURE.fullmatch(address):
        return None
    try:
        return (var / address).read_bytes()
    except FileNotFoundError:
        return None


def _keep(place: Path, fit: bytes) -> None:
    """Whole or not at all: written beside its place, then renamed."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", suffix=".part", delete=False) as file:
        file.write(fit)
    Path(file.name).replace(place)
