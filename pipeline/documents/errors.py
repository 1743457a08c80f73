"""What a person is told when a document cannot be read."""

from pipeline.errors import TipsheetError


class DocumentError(TipsheetError):
    """A document that cannot be read: the message names the file, what is wrong with it, and what to do."""

    def __init__(self, name: str, wrong: str, remedy: str) -> None:
        super().__init__(f"{name}: {wrong}. {remedy}")
        self.name = name
        self.wrong = wrong
        self.remedy = remedy

    def __reduce__(self) -> tuple[type["DocumentError"], tuple[str, str, str]]:
        return type(self), (self.name, self.wrong, self.remedy)
