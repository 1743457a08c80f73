"""An issue published through a provider that keeps the list itself: files here, one email there, one row in the sum."""

import pytest
from pydantic import SecretStr

from pipeline.delivery.fake.running import running_fake
from pipeline.publish.publishing import publish_now
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR

pytestmark = pytest.mark.django_db


def test_an_issue_is_one_email_there_and_on_the_web_here(newsletter, readers, queue, config, clock, tmp_path):
    queue(2)
    with running_fake(tmp_path / "truth.jsonl", with_bodies=True, seconds=200) as fake:
        there = config.model_copy(
            update={
                "provider": "buttondown",
                "provider_key": SecretStr("key"),
                "provider_url": fake.url_for("buttondown"),
            }
        )
        outcome = publish_now(newsletter, config=there, clock=clock, actor=EDITOR)
        tick(config=there, clock=clock)
        mails = fake.mails()
    assert outcome.state == "published"
    assert outcome.sums.describe() == "1 planned = 1 accepted"
    assert outcome.files_written
    assert [mail["subject"] for mail in mails] == [outcome.subject]
    assert "{{ unsubscribe_url }}" in mails[0]["html"]
