"""`doctor` finds what stands between the workspace and its readers, and says what to do."""

import pytest

from pipeline.editorial.actions import newsletters
from pipeline.publish.doctor import examine
from tests.publish.conftest import EDITOR, SUNDAY

pytestmark = pytest.mark.django_db


def found(config, grade):
    return {finding.subject: finding for finding in examine(config=config, now=SUNDAY) if finding.grade == grade}


def test_a_workspace_in_order_has_nothing_bad(newsletter, queue, config):
    queue(4)
    config.var.chmod(0o700)
    assert found(config, "bad") == {}


def test_a_missing_output_folder_is_bad(newsletter, config):
    config.output.rmdir()
    assert "run.py init" in found(config, "bad")["output/"].remedy


def test_private_files_that_others_can_read_are_bad(newsletter, config):
    config.var.chmod(0o755)
    assert "chmod" in found(config, "bad")["var/"].remedy


def test_a_newsletter_without_a_postal_address_is_bad(newsletter, config):
    newsletters.update_newsletter(newsletter=newsletter, changes={"postal_address": ""}, now=SUNDAY, actor=EDITOR)
    assert "postal address" in found(config, "bad")["skin-letter"].message


def test_a_copied_database_is_bad(newsletter, config):
    (config.var / "installation").unlink()
    assert "run.py adopt" in found(config, "bad")["installation"].message


def test_an_unknown_provider_is_bad(newsletter, config):
    config = config.model_copy(update={"provider": "pigeon"})
    assert "pigeon" in found(config, "bad")["provider"].message


def test_an_smtp_server_that_does_not_answer_is_bad(newsletter, config):
    config = config.model_copy(update={"provider": "smtp", "smtp_host": "127.0.0.1", "smtp_port": 1})
    assert "does not answer" in found(config, "bad")["provider"].message


def test_a_queue_that_runs_dry_is_worth_a_look(newsletter, queue, config):
    queue(1)
    assert "1 tips wait" in found(config, "note")["skin-letter"].message
