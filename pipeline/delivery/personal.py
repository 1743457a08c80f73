"""One recipient's values: the greeting and the links of their own. Nothing is read for them: links are signed."""

from collections.abc import Sequence

from pipeline.audience.keys import keyring
from pipeline.audience.tokens import Purpose, make_many
from pipeline.delivery.compiled import RecipientValues
from pipeline.delivery.ledger import ClaimedRow
from pipeline.delivery.providers.base import SendOutcome, SendState
from pipeline.delivery.wire import MessageError, bare_addresses
from pipeline.render.wording import greetings

NOBODY = 0  # the subscriber that a test's or a staff mail's links speak of: there is none with this id


class Personal:
    """Makes values for the rows of a claim. `public_url` has no closing slash; `unicode_mailboxes` says whether the
    provider takes mailboxes with letters outside ASCII.
    """

    def __init__(self, public_url: str, *, unicode_mailboxes: bool = False) -> None:
        self._public_url, self._unicode_mailboxes = public_url, unicode_mailboxes
        self._keys = keyring()

    def many(self, rows: Sequence[ClaimedRow], *, list_id: int, language: str) -> list[RecipientValues]:
        """The values of each row. Raises MessageError if one of the addresses cannot be mailed."""
        subscribers = [row[1] or NOBODY for row in rows]
        leave, choose = (
            [
                f"{self._public_url}/{page}/{token}/"
                for token in make_many(purpose, list_id=list_id, subscriber_ids=subscribers, keys=self._keys)
            ]
            for page, purpose in (("unsubscribe", Purpose.UNSUBSCRIBE), ("preferences", Purpose.PREFERENCES))
        )
        names = [row[3] for row in rows]
        addresses = bare_addresses([row[2] for row in rows], unicode_mailboxes=self._unicode_mailboxes)
        columns = ([row[0] for row in rows], addresses, names, greetings(names, language), leave, choose)
        return list(map(RecipientValues._make, zip(*columns, strict=True)))

    def each(
        self, rows: Sequence[ClaimedRow], *, list_id: int, language: str
    ) -> tuple[list[RecipientValues], list[SendOutcome]]:
        """The same, and who of them cannot be mailed."""
        try:
            return self.many(rows, list_id=list_id, language=language), []
        except MessageError:  # for one of them: who it is, is found one by one
            return self._one_by_one(rows, list_id, language)

    def _one_by_one(
        self, rows: Sequence[ClaimedRow], list_id: int, language: str
    ) -> tuple[list[RecipientValues], list[SendOutcome]]:
        values: list[RecipientValues] = []
        refused: list[SendOutcome] = []
        for row in rows:
            try:
                values += self.many([row], list_id=list_id, language=language)
            except MessageError as error:
                refused.append(not_made(row.delivery_id, error))
        return values, refused


def not_made(delivery_id: int, error: MessageError) -> SendOutcome:
    """What becomes of a recipient for whom no mail can be made."""
    return SendOutcome(delivery_id, SendState.REJECTED, str(error), attempted=False)
