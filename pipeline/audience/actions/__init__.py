"""The only writers of this stage, one file per use case; each function owns its transaction.

Reading is anybody's; whoever changes a subscriber, a subscription, a consent or a suppression calls one of these.
"""

from pipeline.audience.actions.exporting import export_csv
from pipeline.audience.actions.importing import ConsentProof, ConsentProofError, ImportReport, import_csv
from pipeline.audience.actions.people import change_name, change_time_zone, erase
from pipeline.audience.actions.private_feeds import choose_feed, open_feed, renew_feed
from pipeline.audience.actions.requests import (
    TooManyRequestsError,
    forget_requests,
    record_request,
    request_subscription,
    take_request,
)
from pipeline.audience.actions.subscriptions import (
    Confirmation,
    LeftError,
    add_subscriber,
    confirm,
    resubscribe,
    unsubscribe,
)
from pipeline.audience.actions.suppression import SuppressedError, suppress

__all__ = [
    "Confirmation",
    "ConsentProof",
    "ConsentProofError",
    "ImportReport",
    "LeftError",
    "SuppressedError",
    "TooManyRequestsError",
    "add_subscriber",
    "change_name",
    "change_time_zone",
    "choose_feed",
    "confirm",
    "erase",
    "export_csv",
    "forget_requests",
    "import_csv",
    "open_feed",
    "record_request",
    "renew_feed",
    "request_subscription",
    "resubscribe",
    "suppress",
    "take_request",
    "unsubscribe",
]
