from datetime import UTC, datetime

import pytest

from pipeline.config import Config
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.editorial.actions.newsletters import create_newsletter

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def workspace(settings, tmp_path):
    """A workspace of this test's own, which the pages and the mail both use."""
    config = Config(home=tmp_path, public_url="https://newsletter.example")
    settings.CONFIG = config
    settings.ALLOWED_HOSTS = ["newsletter.example", "testserver"]
    return config


@pytest.fixture
def letter(db, workspace):
    """The demo newsletter, in a database that may mail from the workspace."""
    adopt_if_new(var=workspace.var, now=NOW)
    return create_newsletter(
        slug="skin-letter",
        name="The Skin Letter",
        tagline="Small steps for calm skin",
        sender_name="The Skin Letter",
        sender_address="letter@newsletter.example",
        list_id="skin-letter.newsletter.example",
        reason="You get this because you subscribed.",
        postal_address="1 Long Road\nSometown",
        time_zone="UTC",
        now=NOW,
        actor="cli",
    )
