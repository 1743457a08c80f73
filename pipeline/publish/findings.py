"""What a look at the installation finds, whoever looked."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """`bad` must be mended before mail can leave; `note` is worth a look."""

    grade: Literal["good", "note", "bad"]
    subject: str
    message: str
    remedy: str = ""
