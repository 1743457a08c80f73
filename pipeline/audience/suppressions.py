"""Reading who is suppressed: which reason counts when there are several, and how it is said."""

from collections.abc import Collection, Iterator

from django.db.models import Q

from pipeline.audience.models import MailingList, Suppression, SuppressionReason

# The strongest first; the words finish "not mailed: …".
WORDS = {
    SuppressionReason.COMPLAINT: "this reader reported a mail as spam",
    SuppressionReason.ERASED: "this reader asked to be erased",
    SuppressionReason.GLOBAL_UNSUBSCRIBE: "this reader left every list",
    SuppressionReason.HARD_BOUNCE: "mail to this address came back for good",
}
_STRENGTH = {str(reason): place for place, reason in enumerate(WORDS)}
_HASHES_PER_QUERY = 5000


def reasons_for(address_hashes: Collection[str], mailing_list: MailingList) -> dict[str, SuppressionReason]:
    """The strongest reason for each of the hashes that may not be mailed on this list."""
    found: dict[str, SuppressionReason] = {}
    for address_hash, reason in _rows(address_hashes, mailing_list):
        if address_hash not in found or _STRENGTH[reason] < _STRENGTH[found[address_hash]]:
            found[address_hash] = SuppressionReason(reason)
    return found


def _rows(address_hashes: Collection[str], mailing_list: MailingList) -> Iterator[tuple[str, str]]:
    hashes = list(address_hashes)
    for start in range(0, len(hashes), _HASHES_PER_QUERY):
        yield from Suppression.objects.filter(
            Q(mailing_list=None) | Q(mailing_list=mailing_list),
            address_hash__in=hashes[start : start + _HASHES_PER_QUERY],
        ).values_list("address_hash", "reason")
