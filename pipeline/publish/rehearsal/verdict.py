"""The ledger held against the truth: what a provider wrote down by itself of what it took."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.delivery.models import Delivery, DeliveryState, Message
from pipeline.delivery.sums import Sums, sums

_MAY_HAVE_LEFT = frozenset({DeliveryState.ACCEPTED, DeliveryState.IN_DOUBT})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`mailed` is how many readers got the message, by the truth; `twice` how many mails were one too many; `lost`
    whom the ledger calls accepted, and the truth does not know; `untold` whom the truth knows, and the ledger calls
    neither accepted nor in doubt.
    """

    sums: Sums
    mailed: int
    twice: int
    lost: int
    untold: int

    @property
    def holds(self) -> bool:
        return self.sums.adds_up and not (self.twice or self.lost or self.untold)


def verdict(message: Message, taken: Mapping[int, int]) -> Verdict:
    """`taken`: delivery → how often the provider took it. Deliveries of other messages are left out."""
    states = dict(Delivery.objects.filter(message=message).values_list("pk", "state"))
    ours = Counter({pk: count for pk, count in taken.items() if pk in states})
    return Verdict(
        sums=sums(message),
        mailed=len(ours),
        twice=ours.total() - len(ours),
        lost=sum(state == DeliveryState.ACCEPTED and pk not in ours for pk, state in states.items()),
        untold=sum(states[pk] not in _MAY_HAVE_LEFT for pk in ours),
    )
