"""How much of a full window is claimed, where calls were refused as a whole. Pure."""

from collections import Counter

from pipeline.delivery.providers.base import SendState


class Share:
    """How much of a full window is claimed. A call that is refused as a whole is taken apart by halves, until whoever
    it is refused for stands alone; what is taken lets it grow again.
    """

    def __init__(self) -> None:
        self._size: int | None = None
        self.refused_in_a_row = 0

    def of(self, full: int) -> int:
        if self._size is not None and self._size >= full:
            self._size = None
        return self._size or full

    def learn(self, states: Counter[SendState], *, taken: int) -> None:
        """What a window came to, and how many of it were taken."""
        if states[SendState.SPLIT]:
            self._size = max(1, states[SendState.SPLIT] // 2)
        elif taken:
            self._size = self._size * 2 if self._size else None
            self.refused_in_a_row = 0
        elif states[SendState.REJECTED] and self._size is not None:
            self.refused_in_a_row += states[SendState.REJECTED]
