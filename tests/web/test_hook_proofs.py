"""Amazon's signature, the confirmation of a subscription, and the providers that django-anymail alone knows."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import timedelta
from hashlib import md5

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from django.test import Client
from pydantic import SecretStr

from pipeline.audience.models import Suppression
from pipeline.delivery.fake import told
from pipeline.delivery.fake.told import HookCall, Mailed
from pipeline.delivery.hook_rules import HOOKS, is_fresh, parsed_secrets
from pipeline.delivery.hooks import HookSettingsError, advice, secrets_of
from pipeline.delivery.models import ProviderEvent
from pipeline.web.hooks import proofs, sns, svix
from tests.web.hook_scene import (
    CERTIFICATE_URL,
    CONFIRM_URL,
    NOW,
    OWN,
    amazon_key,
    amazon_on_loopback,
    call,
    certificate,
    public_line,
    secrets,
    sendgrid_key,
    sign_for_amazon,
)
from tests.web.test_hooks import mailed, outcome, post

MAIL = Mailed("1", "0" * 32, "reader1@example.org", "<id@x>")
PEM = "/SimpleNotificationService-0123456789.pem"
OTHERS = {
    "mailersend": "secret-of-mailersend", "mailjet": OWN, "mailtrap": "secret-of-mailtrap", "mandrill": "mandrill-key",
    "sparkpost": OWN, "unisender_go": "key-of-unisender",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_certificate_is_kept():
    sns.certificates.forget()
    yield
    sns.certificates.forget()


def message(**changed) -> dict[str, str]:
    sent = told.sns(
        "Notification", "words", number=1, now=NOW, secret=OWN, sign=sign_for_amazon, certificate=CERTIFICATE_URL
    )
    return json.loads(sent.body) | changed


@pytest.mark.parametrize("url", [
    "http://sns.eu-central-1.amazonaws.com/a.pem", "https://sns.eu-central-1.amazonaws.com.evil.example/a.pem",
    "https://evil.example/sns.eu-central-1.amazonaws.com/a.pem", "https://sns.eu-central-1.amazonaws.com:444/a.pem",
    "https://x@sns.eu-central-1.amazonaws.com/a.pem", "https://s3.eu-central-1.amazonaws.com/a.pem",
    "https://sns.eu-central-1.amazonaws.com@evil.example/a.pem", "https://sns..amazonaws.com/a.pem", "",
    "https://bucket.sns.eu-central-1.amazonaws.com/a.pem", "https://sns.eu-central-1.amazonaws.com:x/a.pem",
    "https://sns.eu-central-1.amazonaws.com/a.pem.exe", "file:///etc/passwd",
])  # fmt: skip
def test_a_certificate_is_asked_for_at_amazons_own_hosts_alone(monkeypatch, url):
    with amazon_on_loopback(monkeypatch, {}) as asked:
        assert not sns.is_signed(message(SigningCertURL=url), now=NOW)
    assert asked == []


@pytest.mark.parametrize(
    "url", ["https://sns.us-gov-west-1.amazonaws.com/a", "https://sns.cn-north-1.amazonaws.com.cn/"]
)
def test_every_partition_of_amazon_is_known(url):
    assert sns.is_amazons(url)


@pytest.mark.parametrize("changed", [
    {"Message": "other"}, {"Timestamp": "2026-11-24T09:00:01.000Z"}, {"TopicArn": "arn:aws:sns:eu-central-1:1:other"},
    {"Subject": "added"}, {"MessageId": "2"}, {"SignatureVersion": "1"}, {"SignatureVersion": "3"}, {"Type": "Other"},
    {"Signature": "no base64!"}, {"Signature": ""},
])  # fmt: skip
def test_whatever_is_altered_in_a_message_breaks_its_signature(monkeypatch, changed):
    with amazon_on_loopback(monkeypatch, {PEM: (200, certificate())}):
        assert sns.is_signed(message(), now=NOW)
        assert not sns.is_signed(message(**changed), now=NOW)


def test_the_older_signature_with_sha1_is_known_too(monkeypatch):
    old = message(SignatureVersion="1")
    names = ("Message", "MessageId", "Timestamp", "TopicArn", "Type")
    signed = "".join(f"{name}\n{old[name]}\n" for name in names).encode()
    old["Signature"] = b64encode(amazon_key().sign(signed, padding.PKCS1v15(), hashes.SHA1())).decode()
    with amazon_on_loopback(monkeypatch, {PEM: (200, certificate())}):
        assert sns.is_signed(old, now=NOW)


def test_a_certificate_that_has_run_out_proves_nothing(monkeypatch):
    with amazon_on_loopback(monkeypatch, {PEM: (200, certificate(until=-timedelta(days=1)))}):
        assert not sns.is_signed(message(), now=NOW)


@pytest.mark.parametrize("answer", [(404, b""), (302, b""), (200, b"no certificate"), (200, b"x" * 70_000)])
def test_where_amazon_cannot_be_asked_the_call_may_be_made_again(monkeypatch, answer):
    with amazon_on_loopback(monkeypatch, {PEM: answer}), pytest.raises(sns.SnsError):
        sns.is_signed(message(), now=NOW)


@pytest.fixture
def heard(settings, workspace, monkeypatch, db):
    settings.CONFIG = workspace.model_copy(
        update={"webhook_secrets": SecretStr(secrets() + "\n" + "\n".join(f"{n}={s}" for n, s in OTHERS.items())
                                             + f"\npostal={public_line(amazon_key())}")}
    )  # fmt: skip
    monkeypatch.setattr("pipeline.web.hooks.views.utc_now", lambda: NOW)


def subscription(subscribe: str = CONFIRM_URL, secret: str = OWN) -> HookCall:
    return told.sns(
        "SubscriptionConfirmation", "You have chosen to subscribe", number=7, now=NOW, secret=secret,
        sign=sign_for_amazon, certificate=CERTIFICATE_URL, subscribe=subscribe,
    )  # fmt: skip


def test_a_topic_that_was_subscribed_with_our_secret_is_confirmed_at_amazon(heard, monkeypatch):
    with amazon_on_loopback(monkeypatch, {PEM: (200, certificate()), "/": (200, b"<ok/>")}) as asked:
        assert post("ses", subscription()) == 200
    assert asked[-1] == CONFIRM_URL.removeprefix("https://")
    assert not ProviderEvent.objects.exists()


def test_a_topic_of_somebody_else_or_an_address_elsewhere_is_not_confirmed(heard, monkeypatch):
    with amazon_on_loopback(monkeypatch, {PEM: (200, certificate()), "/": (200, b"")}) as asked:
        assert post("ses", subscription(secret="a-secret-of-others")) == 401
        assert post("ses", subscription("https://evil.example/?Token=f00d")) == 503
    assert not any("Confirm" in one or "evil" in one for one in asked)


def test_a_call_of_ses_waits_while_amazon_cannot_be_asked(heard, monkeypatch):
    with amazon_on_loopback(monkeypatch, {PEM: (500, b"")}):
        assert post("ses", call("ses", MAIL, "complaint")) == 503


def _signed(name: str, mail: Mailed) -> HookCall:
    """A complaint, as each of the others tells of it."""
    data, header = mail.metadata, {"Content-Type": "application/json"}
    stamp = int(NOW.timestamp())
    if name == "mailersend":
        body = json.dumps({
            "type": "activity.spam_complaint",
            "data": {"id": "1", "type": "spam_complaint", "created_at": NOW.isoformat(), "morph": None,
                     "email": {"recipient": {"email": mail.to}, "message": {"id": "m"}, "tags": None}},
        }).encode()  # fmt: skip
        return HookCall(body, header | {"Signature": _hmac(OTHERS[name], body)})
    if name == "mailtrap":
        body = json.dumps({"events": [{"event": "spam", "message_id": "m", "email": mail.to, "timestamp": stamp,
                                       "event_id": "e", "custom_variables": data}]}).encode()  # fmt: skip
        return HookCall(body, header | {"Mailtrap-Signature": _hmac(OTHERS[name], body)})
    if name == "mailjet":
        body = json.dumps([{"event": "spam", "time": stamp, "MessageID": 1, "email": mail.to,
                            "Payload": json.dumps(data)}]).encode()  # fmt: skip
        return HookCall(body, header | {"Authorization": f"Bearer {OWN}"})
    if name == "sparkpost":
        body = json.dumps([{"msys": {"message_event": {
            "type": "spam_complaint", "event_id": "1", "timestamp": str(stamp), "rcpt_to": mail.to, "rcpt_meta": data,
            "transmission_id": "t"}}}]).encode()  # fmt: skip
        return HookCall(body, header | {"Authorization": f"Bearer {OWN}"})
    if name == "unisender_go":
        told_of = {"auth": "AUTH", "events_by_user": [{"events": [{
            "event_name": "transactional_email_status", "event_data": {
                "status": "spam", "email": mail.to, "event_time": "2026-11-24 09:00:00", "metadata": data,
                "job_id": "j"}}]}]}  # fmt: skip
        body = json.dumps(told_of)
        proof = md5(body.replace("AUTH", OTHERS[name]).encode(), usedforsecurity=False).hexdigest()
        return HookCall(body.replace("AUTH", proof).encode(), header)
    raise AssertionError(name)


def _hmac(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("name", ["mailersend", "mailjet", "mailtrap", "sparkpost", "unisender_go"])
def test_the_other_providers_that_anymail_knows_are_heard_by_the_same_way(heard, name):
    """MailerSend repeats nothing that we wrote into a mail: there the address alone counts."""
    delivery, mail, _ = mailed(name)
    sent = _signed(name, mail)
    assert post(name, sent) == 200
    assert outcome(delivery) == ("accepted", None if name == "mailersend" else "complaint")
    assert Suppression.objects.get().reason == "complaint"
    forged = HookCall(sent.body.replace(b"example.org", b"example.com"), dict.fromkeys(sent.headers, "x") | {
        "Content-Type": "application/json"})  # fmt: skip
    assert post(name, forged) in (401, 403)


def test_mandrill_is_heard_with_its_signature_over_the_address_that_readers_reach_us_at(heard):
    delivery, mail, _ = mailed("mandrill")
    event = {"event": "hard_bounce", "_id": "1", "ts": int(NOW.timestamp()), "msg": {
        "_id": "1", "email": mail.to, "metadata": mail.metadata, "tags": [], "diag": "smtp;550 5.1.1 no"}}  # fmt: skip
    fields = {"mandrill_events": json.dumps([event])}
    words = "https://newsletter.example/hooks/mandrill/" + "mandrill_events" + fields["mandrill_events"]
    proof = b64encode(hmac.new(b"mandrill-key", words.encode(), hashlib.sha1).digest()).decode()
    refused = Client().post("/hooks/mandrill/", fields, HTTP_X_MANDRILL_SIGNATURE="wrong")
    assert refused.status_code == 403
    answer = Client().post("/hooks/mandrill/", fields, HTTP_X_MANDRILL_SIGNATURE=proof)
    assert answer.status_code == 200
    assert outcome(delivery) == ("accepted", "hard_bounce")


def test_postal_is_heard_with_the_servers_own_key(heard):
    delivery, mail, _ = mailed("postal")
    told_of = {"timestamp": NOW.timestamp(), "uuid": "u", "payload": {
        "status": "Sent", "message": {"to": mail.to, "tag": "", "id": 1}, "details": ""}}  # fmt: skip
    body = json.dumps(told_of).encode()
    proof = b64encode(amazon_key().sign(body, padding.PKCS1v15(), hashes.SHA1())).decode()
    sent = HookCall(body, {"Content-Type": "application/json", "X-Postal-Signature": proof})
    assert post("postal", sent) == 200
    assert post("postal", HookCall(body.replace(b"Sent", b"Hard"), sent.headers)) == 403
    assert outcome(delivery)[0] == "accepted"


def test_every_provider_with_traits_has_a_reader_of_its_events():
    keys = {"sendgrid": public_line(sendgrid_key())}
    for name, traits in HOOKS.items():
        assert proofs.reader(traits, keys.get(name, "secret"), "https://x.example/").esp_name
        assert traits.source.startswith("https://")


def test_secrets_are_pairs_and_a_wrong_one_is_told_without_being_quoted(workspace):
    assert parsed_secrets("mailgun=a=b\n postmark=0123456789abcdef ") == {
        "mailgun": "a=b", "postmark": "0123456789abcdef"
    }  # fmt: skip
    for wrong in ("mailgun", "mailgun=", "postman=0123456789abcdef", "postmark=tooshort", "=x"):
        config = workspace.model_copy(update={"webhook_secrets": SecretStr(wrong)})
        with pytest.raises(HookSettingsError) as caught:
            secrets_of(config)
        assert "tooshort" not in str(caught.value)


def test_a_key_that_is_none_is_told_with_what_to_do():
    with pytest.raises(proofs.HookSecretError, match="copy it anew"):
        proofs.reader(HOOKS["sendgrid"], "not a key", "")
    with pytest.raises(svix.SvixKeyError):
        svix.is_signed(b"", {}, "whsec_not base64")


def test_the_advice_holds_the_address_and_never_the_secret(workspace):
    assert advice(workspace, "mailgun").endswith("https://newsletter.example/hooks/mailgun/")
    assert "hooks:SECRET@newsletter.example/hooks/postmark/" in advice(workspace, "postmark")


def test_a_signed_time_is_fresh_within_its_window():
    assert is_fresh(100, 100, 0)
    assert is_fresh(400, 100, 0)
    assert not is_fresh(401, 100, 0)
    assert is_fresh(100, 160, 60)
    assert not is_fresh(100, 161, 60)
