"""`status` says how many wait because the sending domain is new."""

import pytest

from pipeline.publish.publishing import publish_now
from pipeline.publish.status import newsletter_status
from tests.publish.conftest import EDITOR, subscribe

pytestmark = pytest.mark.django_db


def test_the_status_counts_who_waits_because_the_sending_domain_is_new(newsletter, queue, config, clock):
    queue(4)
    for number in range(5):
        subscribe(newsletter, f"reader{number}@big.example")
    config = config.model_copy(update={"warm_up_from": clock().date(), "warm_up_caps": [2]})
    publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    (issue,) = newsletter_status(newsletter, now=clock()).issues
    assert issue.sums.describe().endswith("+ 3 waiting")
    assert issue.warming_up == 3
