"""The only writers of staff accounts."""

import secrets
import unicodedata
from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pipeline.audit.actions import record
from pipeline.errors import TipsheetError

LONGEST_NAME = 150  # what Django's accounts and the audit log hold


class StaffError(TipsheetError):
    """A staff account cannot be made or changed as asked."""


def add_staff(*, name: str, password: str | None, actor: str, now: datetime) -> str:
    """Make a studio account; returns its password, which is made up when none is given."""
    name = _name(name)
    password = _accepted(password, name) if password else made_up_password()
    try:
        with transaction.atomic():
            account = User.objects.create_user(username=name, password=password, is_staff=True)
            record(now=now, actor=actor, action="staff.added", subject_kind="staff", subject_id=account.pk)
    except IntegrityError as error:
        raise StaffError(
            f"There is an account '{name}' already. For a new password: run.py staff reset {name}"
        ) from error
    return password


def reset_staff(*, name: str, password: str | None, actor: str, now: datetime) -> str:
    """Give an account a new password, which ends its sessions; returns the password."""
    name = _name(name)
    with transaction.atomic():
        account = User.objects.select_for_update().filter(username=name, is_staff=True).first()
        if account is None:
            raise StaffError(f"There is no account '{name}'. To make one: run.py staff add {name}")
        password = _accepted(password, name) if password else made_up_password()
        account.set_password(password)
        account.save()
        record(now=now, actor=actor, action="staff.password_reset", subject_kind="staff", subject_id=account.pk)
    return password


def _name(name: str) -> str:
    """The name as it is stored and typed at login: without spaces around it, in Unicode's composed form (NFKC)."""
    name = unicodedata.normalize("NFKC", name).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StaffError(f"An account needs a name of 1 to {LONGEST_NAME} characters that can be read, such as anna.")
    return name


def made_up_password() -> str:
    """Twenty letters and digits in groups of five: over 100 bits, and can be read over the telephone."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


def _accepted(password: str, name: str) -> str:
    try:
        validate_password(password, User(username=name))
    except ValidationError as error:
        raise StaffError(f"This password will not do: {' '.join(error.messages)}") from error
    return password
