"""The confirmation mail: its words, its look as bytes, and what happens when one cannot be made."""

from datetime import UTC, datetime

import lxml.html
import pytest

from pipeline.audience.models import SubscriptionRequest
from pipeline.config import Config
from pipeline.delivery.models import Message
from pipeline.editorial.actions.newsletters import create_newsletter
from pipeline.publish import confirmation_mail, confirmations
from pipeline.publish.confirmation_mail import render_confirmation
from pipeline.render.colours import palette
from pipeline.render.mjml import MjmlError

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
URL = "https://newsletter.example/confirm/abcDEF-_123/"


@pytest.fixture
def config(tmp_path):
    return Config(home=tmp_path, public_url="https://newsletter.example", confirmation_days=5)


@pytest.fixture
def letter(db):
    return create_newsletter(
        slug="skin-letter", name="Skin & <Letter>", sender_name="Letters", sender_address="l@newsletter.example",
        list_id="skin-letter.newsletter.example", reason="You subscribed.", postal_address="1 Long Road\nA & B Town",
        accent_colour="#ffee00", time_zone="UTC", now=NOW, actor="cli",
    )  # fmt: skip


def ask(letter, config, address="zoe@example.com"):
    confirmations.request(newsletter=letter, address=address, ip=None, config=config, now=NOW)


def test_the_link_is_in_both_parts_as_it_is(letter, config):
    mail = render_confirmation(letter, confirm_url=URL, config=config)
    assert mail.html.count(f'href="{URL}"') == 2
    assert URL in mail.text
    assert "5 days" in mail.html
    assert "5 days" in mail.text


def test_text_of_the_newsletter_is_data_in_html_and_plain_in_text(letter, config):
    mail = render_confirmation(letter, confirm_url=URL, config=config)
    assert mail.subject == "Please confirm: Skin & <Letter>"
    assert "Skin &amp; &lt;Letter&gt;" in mail.html
    assert lxml.html.fromstring(mail.html).xpath("//letter") == []
    assert "Skin & <Letter>" in mail.text
    assert "1 Long Road\nA & B Town" in mail.text
    assert "TIPSHEETMISSING" not in mail.html + mail.text


def test_the_newsletters_colour_is_used_where_it_can_be_read(letter, config):
    mail = render_confirmation(letter, confirm_url=URL, config=config)
    colours = palette("#ffee00")
    assert colours.light.accent != "#ffee00"
    assert f"background:{colours.light.accent}" in mail.html
    assert f"background-color: {colours.dark.accent} !important" in mail.html


def test_a_language_without_words_here_gets_english_marked_as_such(letter, config):
    letter.language = "fr"
    mail = render_confirmation(letter, confirm_url=URL, config=config)
    assert 'lang="en"' in mail.html
    assert "Confirm my subscription" in mail.html


def test_every_link_and_colour_keeps_its_promise_in_german_too(letter, config):
    letter.language = "de"
    mail = render_confirmation(letter, confirm_url=URL, config=config)
    assert 'lang="de"' in mail.html
    assert "Der Link gilt 5 Tage." in mail.text


def test_a_mail_that_cannot_be_made_waits_and_loses_nobody(letter, config, monkeypatch):
    ask(letter, config)

    def broken(*arguments, **options):
        raise MjmlError("the confirmation: line 3 is broken")

    with monkeypatch.context() as patched:
        patched.setattr(confirmation_mail, "compile_mjml", broken)
        assert confirmations.send_due(config=config, now=NOW) == 0
    request = SubscriptionRequest.objects.get()
    assert (request.handled_at, request.address) == (None, "zoe@example.com")
    assert confirmations.send_due(config=config, now=NOW) == 1


def test_one_that_cannot_be_made_does_not_stop_the_others(letter, config, monkeypatch):
    ask(letter, config, "zoe@example.com")
    ask(letter, config, "bob@example.com")
    render = confirmations.render_confirmation
    calls = []

    def broken_once(*arguments, **options):
        calls.append(1)
        if len(calls) == 1:
            raise MjmlError("the confirmation: line 3 is broken")
        return render(*arguments, **options)

    monkeypatch.setattr(confirmations, "render_confirmation", broken_once)
    assert confirmations.send_due(config=config, now=NOW) == 1
    assert Message.objects.count() == 1


def test_the_mail_is_to_one_reader_and_has_no_list_header(letter, config):
    ask(letter, config)
    confirmations.send_due(config=config, now=NOW)
    message = Message.objects.get()
    assert message.kind == "confirmation"
    assert message.mailing_list == letter.mailing_list
    head = bytes(message.compiled).split(b"\r\n\r\n")[0]
    assert b"Auto-Submitted: auto-generated" in head
    assert b"List-" not in head


def test_the_message_key_names_a_request_and_no_address(letter, config):
    ask(letter, config)
    confirmations.send_due(config=config, now=NOW)
    assert Message.objects.get().key == f"confirmation:{SubscriptionRequest.objects.get().pk}"
