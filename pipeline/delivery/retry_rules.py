"""When a delivery that was put off is tried again, and when it is given up. Pure."""

MAX_ATTEMPTS = 12  # with the waits below: about a day after the first
_FIRST_WAIT_SECONDS = 60
_LONGEST_WAIT_SECONDS = 8 * 60 * 60


def wait_seconds(attempts: int, asked_seconds: int = 0) -> int | None:
    """How long to wait after `attempts` tries, at least as long as the provider asked; None: give up.

    Doubles from a minute to eight hours; RFC 5321 §4.5.4.1 asks for half an hour on average and days in all, but an
    issue that comes days late is worth less than a clear word that it did not arrive.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    doubled: int = _FIRST_WAIT_SECONDS << max(attempts - 1, 0)
    return max(asked_seconds, min(doubled, _LONGEST_WAIT_SECONDS))
