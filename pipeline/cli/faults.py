"""Faults of the machine, in plain words: a full disk, a file that may not be written, a database that refuses.

They can strike any command at any line, so they are told at its edge and not where they happen. What is no fault of the
machine (a broken constraint, a wrong statement) is a fault of the program and keeps its traceback.
"""

import errno
import sys

TRY_DOCTOR = "See what is wrong: run.py doctor"
# What SQLite's messages hold → what a person reads. PostgreSQL's own are plain enough to be handed on.
_DATABASE_WORDS = (
    ("locked", "Another program has kept the database busy for too long. Nothing was changed; run the command again."),
    ("readonly", "The database may not be written by this account. Give it the right to write to var/ and all in it."),
    ("disk is full", "The disk is full. Nothing was changed; make room, and run the command again."),
    ("disk i/o error", "The disk with the database does not answer, or is full. Make room, and look after the disk."),
    ("not a database", "The database file holds something else. Put a copy of the database in its place."),
    ("malformed", "The database file is damaged. Put a copy of the database in its place."),
    ("unable to open", "The database cannot be opened. Check database_url, and that this account may write to var/."),
)
_FILE_WORDS = {
    errno.ENOSPC: "The disk is full{where}. Make room, and run the command again; what was done already stays done.",
    errno.EDQUOT: "This account's share of the disk is used up{where}. Make room, and run the command again.",
    errno.EACCES: "This account may not read or write{where}. Give it the right, or choose another place with --home.",
    errno.EPERM: "This account may not read or write{where}. Give it the right, or choose another place with --home.",
    errno.EROFS: "What holds the file can only be read{where}. Choose another place with --home.",
}


def machine_faults() -> tuple[type[Exception], ...]:
    """The exceptions that `said_plainly` may know words for; Django's only if it is loaded."""
    if "django.db" not in sys.modules:
        return (OSError,)
    from django.db import DatabaseError

    return (OSError, DatabaseError)


def said_plainly(error: Exception) -> str | None:
    """What happened and what to do, in one line; None if it is a fault of the program, or a reader that went away."""
    if isinstance(error, OSError):
        return None if isinstance(error, BrokenPipeError) else _of_files(error)
    return _of_database(error)


def _of_files(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    words = _FILE_WORDS.get(error.errno or 0)
    if words is not None:
        return words.format(where=where)
    return f"{error.strerror or error}{where}. {TRY_DOCTOR}"


def _of_database(error: Exception) -> str | None:
    from django.db import DatabaseError, OperationalError

    said = str(error).strip()
    for sign, words in _DATABASE_WORDS:
        if sign in said.lower():
            return words
    if isinstance(error, OperationalError):
        return f"The database refuses: {said.rstrip('.')}. Check database_url. {TRY_DOCTOR}"
    return f"The database refuses: {said}. {TRY_DOCTOR}" if type(error) is DatabaseError else None
