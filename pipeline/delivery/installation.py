"""Whether this database belongs to this workspace: a copy, or one restored from a backup, does not mail by itself.

The database and `var/installation` hold the same id, and a count of the runs that mailed, which grows first in the
database and then in the file. A copied database meets another id, or no file; a restored one is behind the file's
count, and has forgotten who was mailed since. The file also holds the number (inode) of the folder that it was written
in: a folder that was moved keeps it, one that was copied as a whole, database and all, has another. Each is refused
until a person adopts it (actions/installation.py). A backup of both that is put back into the folder itself cannot be
told from its past: docs/quickstart.md says to adopt it.
"""

import json
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from pipeline.delivery.models import Installation
from pipeline.errors import TipsheetError

FILE_NAME = "installation"
_ADOPT = "If it is to mail from here, and nobody else mails for it, run: run.py adopt"


class InstallationError(TipsheetError):
    """The database and the workspace do not belong together."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An installation's id, and how often it has mailed."""

    installation_id: uuid.UUID
    generation: int


def in_file(var: Path) -> Identity | None:
    """What `var/installation` says; None when there is no such file."""
    path = var / FILE_NAME
    try:
        data = json.loads(path.read_text(encoding="ascii"))
        return Identity(uuid.UUID(str(data["id"])), int(data["generation"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise InstallationError(f"Nothing is mailed: {path} cannot be read. {_ADOPT}") from error


def in_database() -> Identity | None:
    """What the database says; None before the first `init`."""
    row = Installation.objects.order_by("-pk").first()
    return Identity(row.installation_id, row.generation) if row else None


def write_file(var: Path, identity: Identity) -> None:
    """Replace `var/installation` in one step, durably."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    # a name of its own each time: several workers of one process may begin to mail at once
    with NamedTemporaryFile("w", dir=var, prefix=f".{FILE_NAME}.", encoding="ascii", delete=False) as file:
        said = {"id": str(identity.installation_id), "generation": identity.generation, "folder": _number_of(var)}
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(var / FILE_NAME)


def _number_of(folder: Path) -> int:
    return folder.stat().st_ino


def _refuse_copied_folder(var: Path) -> None:
    written_in = json.loads((var / FILE_NAME).read_text(encoding="ascii")).get("folder")
    if written_in is not None and written_in != _number_of(var):
        raise InstallationError(f"Nothing is mailed: {var} is a copy of another installation's folder. {_ADOPT}")


def last_mailed_at() -> datetime | None:
    """The latest instant at which this database mailed, as far as it knows; None if it never did."""
    row = Installation.objects.first()
    return row.seen_at if row is not None else None


def agrees(var: Path) -> bool:
    """Whether this database may mail from this workspace."""
    try:
        refuse_foreign_database(var)
    except InstallationError:
        return False
    return True


def refuse_foreign_database(var: Path) -> Identity:
    """The identity that both agree on; raises InstallationError, saying what to do, when they do not."""
    here, there = in_file(var), in_database()
    if here is None or there is None:
        missing = f"{var / FILE_NAME} is missing" if here is None else "the database has no installation id"
        raise InstallationError(f"Nothing is mailed: {missing}. {_ADOPT}")
    if here.installation_id != there.installation_id:
        raise InstallationError(f"Nothing is mailed: this database was copied from another installation. {_ADOPT}")
    _refuse_copied_folder(var)
    if there.generation < here.generation:
        raise InstallationError(
            f"Nothing is mailed: this database is older than what was last mailed from it, as after a restore. {_ADOPT}"
        )
    return there
