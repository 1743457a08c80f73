"""Several connections to one account: lanes for the sender (lanes.py), each with a Session of its own."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.delivery.providers.base import BatchAnswer, BatchProvider, MayBegin, ProviderTraits, Submission, always


class Several:
    """The provider, and its like on further connections. All of them compose the same bytes."""

    def __init__(self, *lanes: BatchProvider) -> None:
        self.lanes: Sequence[BatchProvider] = lanes

    @property
    def traits(self) -> ProviderTraits:
        return self.lanes[0].traits

    def compose(self, submission: Submission) -> bytes:
        return self.lanes[0].compose(submission)

    def submit(
        self, submission: Submission, body: bytes, *, now: datetime, may_begin: MayBegin = always
    ) -> BatchAnswer:
        return self.lanes[0].submit(submission, body, now=now, may_begin=may_begin)

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> frozenset[int] | None:
        return self.lanes[0].find(submission, since=since, until=until)

    def close(self) -> None:
        for lane in self.lanes:
            lane.close()
