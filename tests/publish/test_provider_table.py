"""What is said of each provider: on the page, in the doctor."""

import pytest

from pipeline.config import CHECKOUT, Config
from pipeline.delivery import providers
from pipeline.publish.doctor import _promises
from pipeline.publish.provider_table import every, facts, providers_page


def test_the_page_of_providers_is_the_one_that_the_adapters_make():
    assert (CHECKOUT / "docs" / "providers.md").read_text(encoding="utf-8") == providers_page(), "docs/generate.py"


@pytest.mark.parametrize("traits", every(), ids=lambda traits: traits.name)
def test_each_provider_says_its_limit_and_how_doubt_ends(traits):
    said = "\n".join(facts(traits))
    assert f"{traits.window:,}" in said or traits.keeps_list
    assert "in doubt" in said or "its log is asked" in said or traits.keeps_list


def test_the_numbers_are_the_providers_own():
    assert "up to 1,000 recipients a call" in facts(providers.traits("mailgun"))
    assert "up to 50 recipients a call" in facts(providers.traits("ses"))
    assert any("for 24 hours" in fact for fact in facts(providers.traits("resend")))
    assert any("for 15 minutes" in fact for fact in facts(providers.traits("brevo")))


def test_the_doctor_tells_what_only_the_account_can_switch_and_what_was_chosen(tmp_path):
    found = list(_promises(Config(home=tmp_path, provider="brevo", in_doubt="send_again")))
    assert [finding.subject for finding in found] == ["provider", "provider", "in_doubt"]
    assert "a reader may get a mail twice" in found[-1].message
    assert list(_promises(Config(home=tmp_path, provider="outbox"))) == []
