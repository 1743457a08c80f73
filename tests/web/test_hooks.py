"""Providers' calls: believed when they prove who calls, stored before they are answered, and never backwards."""

import itertools
import json
from base64 import b64encode
from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from pipeline.audience.models import Suppression
from pipeline.delivery import ledger
from pipeline.delivery.actions import events
from pipeline.delivery.complaints import bounce_policy
from pipeline.delivery.event_rules import RANK, EventKind
from pipeline.delivery.fake.telling import SPEAKS, Order, Telling, calls
from pipeline.delivery.fake.told import KINDS, HookCall, Mailed
from pipeline.delivery.models import Batch, Delivery, HookToken, ProviderEvent
from pipeline.delivery.providers.base import SendOutcome, SendState
from pipeline.web.hooks import sns
from tests.delivery.scene import planned_message
from tests.web.hook_scene import (
    CERTIFICATE_URL,
    NOW,
    OWN,
    SVIX,
    amazon_on_loopback,
    call,
    certificate,
    secrets,
    sign_for_sendgrid,
)

PROVIDERS = ["brevo", "mailgun", "postmark", "resend", "sendgrid", "ses"]
_NUMBERS = itertools.count(1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def hooks(settings, workspace, monkeypatch):
    """The secrets are set, the clock stands at NOW, and Amazon's certificate lies on loopback."""
    settings.CONFIG = workspace.model_copy(update={"webhook_secrets": SecretStr(secrets())})
    monkeypatch.setattr("pipeline.web.hooks.views.utc_now", lambda: NOW)
    sns.certificates.forget()
    with amazon_on_loopback(monkeypatch, {"/SimpleNotificationService-0123456789.pem": (200, certificate())}) as asked:
        yield asked
    sns.certificates.forget()


def post(name: str, sent: HookCall, path: str = "") -> int:
    headers = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in sent.headers.items()}
    kind = headers.pop("HTTP_CONTENT_TYPE")
    answer = Client().post(path or f"/hooks/{name}/", sent.body, content_type=kind, **headers)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code


def mailed(provider: str, *, accepted: bool = True) -> tuple[Delivery, Mailed, ledger.Claim]:
    """A delivery that is on its way, and accepted if wanted; and as its provider knows it."""
    message = planned_message(1, key=f"issue:{next(_NUMBERS)}")
    claim = ledger.claim(
        message_id=message.pk, limit=1, worker="w", provider=provider, now=NOW, lease=timedelta(hours=1)
    )
    ledger.mark_submitting(claim, payload_hash="", now=NOW)
    if accepted:
        accept(claim)
    delivery = Delivery.objects.select_related("subscriber").get(message=message)
    return delivery, Mailed(str(delivery.pk), claim.batch_key.hex, delivery.subscriber.address, "<id@x>"), claim


def accept(claim: ledger.Claim) -> None:
    ledger.record(claim, [SendOutcome(row.delivery_id, SendState.ACCEPTED) for row in claim.rows], now=NOW)


def outcome(delivery: Delivery) -> tuple[str, str | None]:
    delivery.refresh_from_db()
    return delivery.state, delivery.outcome


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PROVIDERS)
def test_what_a_provider_tells_of_a_mail_moves_its_delivery_and_suppresses_whom_it_must(hooks, name, kind):
    delivery, mail, _ = mailed(name)
    assert post(name, call(name, mail, kind)) == 200
    assert outcome(delivery) == ("accepted", kind)
    reasons = list(Suppression.objects.values_list("reason", flat=True))
    assert reasons == ([kind] if kind in ("hard_bounce", "complaint") else [])
    stored = ProviderEvent.objects.get()
    assert (stored.provider, stored.delivery_id, stored.occurred_at) == (name, delivery.pk, NOW)
    assert "example" not in f"{stored.said} {stored.key} {stored.address_hash}"


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_same_call_again_is_answered_with_200_and_changes_nothing(hooks, name):
    _, mail, _ = mailed(name)
    assert [post(name, call(name, mail, "complaint")) for _ in range(3)] == [200, 200, 200]
    assert ProviderEvent.objects.count() == 1
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize("name", ["mailgun", "sendgrid", "resend"])
def test_an_event_that_is_told_anew_with_a_signature_of_its_own_is_still_the_same_event(hooks, name, monkeypatch):
    _, mail, _ = mailed(name)
    first = call(name, mail, "hard_bounce", now=NOW - timedelta(minutes=4))
    second = call(name, mail, "hard_bounce", now=NOW - timedelta(minutes=4))
    if name == "mailgun":
        again = json.loads(second.body)
        again["signature"] = json.loads(call(name, mail, "hard_bounce").body)["signature"]
        second = HookCall(json.dumps(again).encode(), second.headers)
    assert (post(name, first), post(name, second)) == (200, 200)
    assert ProviderEvent.objects.count() == 1


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_forged_call_is_refused_and_nothing_is_stored(hooks, name):
    _, mail, _ = mailed(name)
    sent = call(name, mail, "complaint")
    wrong = call(name, mail, "complaint", secret={"resend": "whsec_" + "b" * 32}.get(name, "a-secret-of-others"))
    bare = HookCall(sent.body, {"Content-Type": "application/json"})
    forged = [wrong] if name != "sendgrid" else []
    if name not in ("brevo", "postmark"):
        other = sent.body.replace(b"f00d", b"beef") if name == "mailgun" else sent.body.replace(b"@x", b"@y")
        forged.append(HookCall(other.replace(b'"signature": "', b'"signature": "0'), sent.headers))
    if name != "mailgun":  # whose proof is in the body
        forged.append(bare)
    assert {post(name, one) for one in forged} <= {401, 403}
    assert not ProviderEvent.objects.exists()
    assert not HookToken.objects.exists()


def test_a_call_without_the_secret_is_asked_for_it_as_sns_needs(hooks):
    _, mail, _ = mailed("ses")
    sent = call("ses", mail, "delivered")
    del sent.headers["Authorization"]
    headers = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in sent.headers.items()}
    answer = Client().post("/hooks/ses/", sent.body, content_type="text/plain", **headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("how", ["path", "bearer", "basic"])
def test_a_shared_secret_may_come_in_the_address_as_a_token_or_as_a_password(hooks, how):
    delivery, mail, _ = mailed("postmark")
    sent = call("postmark", mail, "delivered")
    path = ""
    if how != "basic":
        sent.headers.pop("Authorization")
    if how == "path":
        path = f"/hooks/postmark/{OWN}/"
    if how == "bearer":
        sent.headers["Authorization"] = f"Bearer {OWN}"
    assert post("postmark", sent, path) == 200
    assert outcome(delivery) == ("accepted", "delivered")


@pytest.mark.parametrize(("name", "age"), [
    ("mailgun", timedelta(hours=9, minutes=1)), ("sendgrid", timedelta(hours=25, minutes=1)),
    ("resend", timedelta(minutes=6)), ("ses", timedelta(hours=2, minutes=1)),
    ("mailgun", -timedelta(minutes=6)), ("sendgrid", -timedelta(minutes=6)), ("ses", -timedelta(minutes=6)),
])  # fmt: skip
def test_a_call_that_is_too_old_or_from_the_future_is_refused(hooks, name, age):
    _, mail, _ = mailed(name)
    assert post(name, call(name, mail, "complaint", now=NOW - age)) == 403
    closer = age - timedelta(minutes=2) if age > timedelta(0) else age + timedelta(minutes=2)
    assert post(name, call(name, mail, "complaint", now=NOW - closer)) == 200


def test_mailguns_signature_does_not_cover_its_words_so_a_token_comes_with_one_set_of_words(hooks):
    """Who overhears one call could else put anything into it, as long as the token is fresh."""
    delivery, mail, _ = mailed("mailgun")
    heard = call("mailgun", mail, "delivered")
    assert post("mailgun", heard) == 200
    forged = heard.body.replace(b'"delivered"', b'"complained"')
    assert post("mailgun", HookCall(forged, heard.headers)) == 403
    assert outcome(delivery) == ("accepted", "delivered")
    assert post("mailgun", heard) == 200


def test_a_provider_without_a_secret_is_closed_and_an_unknown_one_does_not_exist(hooks, settings):
    _, mail, _ = mailed("brevo")
    settings.CONFIG = settings.CONFIG.model_copy(update={"webhook_secrets": SecretStr(f"postmark={OWN}")})
    settings.CONFIG.__dict__.pop("webhook_secrets_value", None)
    assert post("brevo", call("brevo", mail, "complaint")) == 404
    assert post("postman", call("postmark", mail, "complaint")) == 404
    assert not ProviderEvent.objects.exists()


def test_a_call_that_is_too_large_is_refused_before_it_is_read(hooks, settings):
    _, mail, _ = mailed("postmark")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert post("postmark", call("postmark", mail, "complaint")) == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}", b"[" * 100_000])
@pytest.mark.parametrize("name", PROVIDERS)
def test_a_call_that_cannot_be_read_is_refused_in_plain_words_and_never_breaks(hooks, name, body):
    _, mail, _ = mailed(name)
    sent = call(name, mail, "complaint")
    assert post(name, HookCall(body, sent.headers)) in {200, 400, 401, 403}
    assert not ProviderEvent.objects.exists()


def test_one_event_of_a_list_that_cannot_be_read_does_not_keep_the_others_back(hooks):
    delivery, mail, _ = mailed("sendgrid")
    sent = call("sendgrid", mail, "hard_bounce")
    body = json.dumps([{"no": "event"}, 7, *json.loads(sent.body)]).encode()
    stamp = sent.headers["X-Twilio-Email-Event-Webhook-Timestamp"]
    sent.headers["X-Twilio-Email-Event-Webhook-Signature"] = b64encode(
        sign_for_sendgrid(stamp.encode() + body)
    ).decode()
    assert post("sendgrid", HookCall(body, sent.headers)) == 200
    assert outcome(delivery) == ("accepted", "hard_bounce")


def test_a_call_is_answered_with_success_only_after_its_events_are_stored(hooks, monkeypatch, settings):
    delivery, mail, _ = mailed("postmark")

    def broken(**_):
        raise OperationalError("database is locked")

    with monkeypatch.context() as while_locked:
        while_locked.setattr("pipeline.delivery.actions.events.store", broken)
        assert post("postmark", call("postmark", mail, "complaint")) == 503
    assert not ProviderEvent.objects.exists()
    with monkeypatch.context() as while_locked:
        while_locked.setattr("pipeline.delivery.actions.events.apply_stored", broken)
        assert post("postmark", call("postmark", mail, "complaint")) == 200
    assert (ProviderEvent.objects.get().applied_at, outcome(delivery)) == (None, ("accepted", None))
    events.apply_stored(policy=bounce_policy(settings.CONFIG), now=NOW)
    assert outcome(delivery) == ("accepted", "complaint")


def test_a_token_is_not_used_up_by_a_call_that_could_not_be_stored(hooks, monkeypatch):
    _, mail, _ = mailed("mailgun")
    sent = call("mailgun", mail, "complaint")

    def broken(**_):
        raise OperationalError("disk full")

    with monkeypatch.context() as while_full:
        while_full.setattr("pipeline.delivery.actions.events.store", broken)
        assert post("mailgun", sent) == 503
    assert not HookToken.objects.exists()
    assert post("mailgun", sent) == 200


@pytest.mark.parametrize("name", PROVIDERS)
def test_an_event_that_comes_before_the_acceptance_is_recorded_ends_in_the_same_state(hooks, name):
    delivery, mail, claim = mailed(name, accepted=False)
    assert post(name, call(name, mail, "complaint")) == 200
    accept(claim)
    assert outcome(delivery) == ("accepted", "complaint")


def test_an_event_settles_a_delivery_that_was_in_doubt(hooks):
    delivery, mail, claim = mailed("ses", accepted=False)
    ledger.record(claim, [], now=NOW)
    assert outcome(delivery) == ("in_doubt", None)
    assert post("ses", call("ses", mail, "delivered")) == 200
    assert outcome(delivery) == ("accepted", "delivered")


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_delivery_of_another_installation_that_shares_the_account_is_left_alone(hooks, name):
    delivery, mail, _ = mailed(name)
    theirs = Mailed(mail.delivery, "0" * 31 + "7", mail.to, mail.id)
    nobodys = Mailed("999999", mail.batch, mail.to, mail.id)
    foreign = Mailed("9" * 30, "x", mail.to, mail.id)
    for number, one in enumerate((theirs, nobodys, foreign)):
        assert post(name, call(name, one, "complaint", number=number)) == 200
    assert outcome(delivery) == ("accepted", None)
    assert ProviderEvent.objects.exclude(delivery=None).count() == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_repeated_reordered_and_early_calls_end_in_the_state_of_the_weightiest_and_never_go_back(hooks, data):
    name = data.draw(st.sampled_from(PROVIDERS))
    told = data.draw(st.lists(st.sampled_from(list(enumerate(KINDS))), min_size=1, max_size=6))
    recorded_after = data.draw(st.integers(0, 6))
    Suppression.objects.all().delete()  # of the example before: its reader is this one's too
    delivery, mail, claim = mailed(name, accepted=False)
    ranks = [0]
    for place, (number, kind) in enumerate(told):
        if place == recorded_after:
            accept(claim)
        sent = call(name, mail, kind, number=delivery.pk * 10 + number, now=NOW - timedelta(seconds=number))
        assert post(name, sent) == 200
        reached = outcome(delivery)[1]
        ranks.append(RANK[EventKind(reached)] if reached else 0)
    accept(claim)
    assert outcome(delivery) == ("accepted", KINDS[max(number for number, _ in told)])
    assert ranks == sorted(ranks)
    assert Batch.objects.get(pk=claim.batch_id).state == "done"


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_may_look_whether_somebody_is_there(hooks, name):
    assert Client().head(f"/hooks/{name}/").status_code == 200
    assert Client().get(f"/hooks/{name}/").content == b""
    assert Client().put(f"/hooks/{name}/").status_code == 405
    assert not Client().get(f"/hooks/{name}/").cookies


def test_the_certificate_is_fetched_once_and_only_from_amazon(hooks):
    _, mail, _ = mailed("ses")
    for number in range(3):
        assert post("ses", call("ses", mail, "delivered", number=number)) == 200
    assert hooks == [CERTIFICATE_URL.removeprefix("https://")]


SHARED = sorted(SPEAKS)


@pytest.mark.parametrize("name", SHARED)
@pytest.mark.parametrize("order", list(Order))
def test_told_many_times_in_any_order_and_by_a_forger_it_ends_where_it_belongs(hooks, name, order):
    """The fake provider's own telling: each call three times, a forged complaint for each mail among them."""
    deliveries = [mailed(name) for _ in range(3)]
    mails = [vars_of(mail) for _, mail, _ in deliveries]
    telling = Telling(("delivered", "soft_bounce"), times=3, order=order, forged=True)
    secret = {"mailgun": "key-of-mailgun", "resend": SVIX}.get(name, OWN)
    answers = Counter(
        (one.is_forged, post(name, one.call)) for one in calls(name, mails, telling, now=NOW, secret=secret)
    )
    refused = {status for is_forged, status in answers if is_forged}
    assert refused <= {401, 403}
    assert refused
    assert answers[False, 200] == 3 * 2 * 3
    assert [outcome(delivery) for delivery, _, _ in deliveries] == [("accepted", "soft_bounce")] * 3
    assert ProviderEvent.objects.count() == 3 * 2
    assert not Suppression.objects.filter(reason="complaint").exists()


def vars_of(mail: Mailed) -> dict[str, str]:
    return {"delivery": mail.delivery, "batch": mail.batch, "to": mail.to, "id": mail.id}
