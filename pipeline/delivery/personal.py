"""One recipient's values: the greeting and the links of their own. Nothing is read for them: links are signed."""

from collections.abc import Sequence

from pipeline.audience.keys import keyring
from pipeline.audience.tokens import Purpose, make, make_many
from pipeline.delivery.compiled import RecipientValues
from pipeline.delivery.ledger import ClaimedRow
from pipeline.delivery.wire import bare_address
from pipeline.render.wording import greeting, greetings

NOBODY = 0  # the subscriber that a test's or a staff mail's links speak of: there is none with this id


class Personal:
    """Makes values for the rows of a claim. `public_url` has no closing slash; `unicode_mailboxes` says whether the
    provider takes mailboxes with letters outside ASCII.
    """

    def __init__(self, public_url: str, *, unicode_mailboxes: bool = False) -> None:
        self._public_url, self._unicode_mailboxes = public_url, unicode_mailboxes
        self._keys = keyring()

    def values(self, row: ClaimedRow, *, list_id: int, language: str) -> RecipientValues:
        """Raises MessageError for an address that cannot be mailed."""
        subscriber_id = row.subscriber_id or NOBODY
        return RecipientValues(
            delivery_id=row.delivery_id,
            address=bare_address(row.address, unicode_mailboxes=self._unicode_mailboxes),
            name=row.name,
            greeting=greeting(row.name, language),
            unsubscribe_url=self._url("unsubscribe", Purpose.UNSUBSCRIBE, list_id, subscriber_id),
            preferences_url=self._url("preferences", Purpose.PREFERENCES, list_id, subscriber_id),
        )

    def many(self, rows: Sequence[ClaimedRow], *, list_id: int, language: str) -> list[RecipientValues]:
        """The same for each of the rows. Raises MessageError if one of the addresses cannot be mailed."""
        subscribers = [row[1] or NOBODY for row in rows]
        links = [
            make_many(purpose, list_id=list_id, subscriber_ids=subscribers, keys=self._keys)
            for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES)
        ]
        names = [row[3] for row in rows]
        leave, choose = f"{self._public_url}/unsubscribe/", f"{self._public_url}/preferences/"
        return [
            RecipientValues(row[0], bare_address(row[2]), row[3], greeting, f"{leave}{first}/", f"{choose}{second}/")
            for row, greeting, first, second in zip(rows, greetings(names, language), *links, strict=True)
        ]

    def _url(self, page: str, purpose: Purpose, list_id: int, subscriber_id: int) -> str:
        token = make(purpose, list_id=list_id, subscriber_id=subscriber_id, keys=self._keys)
        return f"{self._public_url}/{page}/{token}/"
