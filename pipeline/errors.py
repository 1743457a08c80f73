"""The base of the project's errors.

Every error that a person can cause is a `TipsheetError`: its message names the thing, says what is wrong and
what to do. A command prints it as one line and exits 1; a page shows it by the field; a tick records it and
goes on. Each stage defines its own beside the function that raises it.
"""


class TipsheetError(Exception):
    """Something a person can put right; `str(error)` is the line to show them."""
