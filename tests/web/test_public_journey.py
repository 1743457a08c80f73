"""Subscribe, confirm, leave and come back, as a reader does it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline.audience import actions
from pipeline.audience.actions.requests import REQUESTS_PER_IP_PER_HOUR
from pipeline.audience.addresses import parse
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Consent, Subscriber, Subscription, SubscriptionRequest
from pipeline.audience.tokens import Purpose
from pipeline.delivery.models import Message
from pipeline.editorial.models import Schedule
from pipeline.publish import confirmations
from pipeline.web.public.subscribe import HONEYPOT
from tests.web.conftest import NOW
from tests.web.public_reader import Reader, link, link_in

PAGES = (Purpose.CONFIRM, Purpose.UNSUBSCRIBE, Purpose.PREFERENCES)  # a private feed is no page
FORM = "/subscribe/skin-letter/"


@pytest.fixture
def reader(letter, workspace, monkeypatch):
    return Reader(workspace, monkeypatch)


@pytest.fixture
def subscription(letter):
    made, _ = actions.add_subscriber(
        mailing_list=letter.mailing_list, address=parse("ada@example.com"), source="shop", wording="Yes", now=NOW,
        actor="editor", name="Ada",
    )  # fmt: skip
    return made


def state_of(subscription):
    subscription.refresh_from_db()
    return subscription.state


def test_a_reader_subscribes_confirms_leaves_and_comes_back(reader):
    form = reader.get(FORM)
    sent = reader.press(form, {"address": "zoe@example.com"})
    assert sent.status_code == 200
    assert not Subscription.objects.exists()

    (mail,) = reader.mails()
    assert mail["To"] == "zoe@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    button = reader.get(link_in(mail, "confirm"))
    subscription = Subscription.objects.get()
    assert state_of(subscription) == "pending"

    reader.wait(hours=1)
    confirmed = reader.press(button)
    assert (confirmed.status_code, state_of(subscription)) == (200, "confirmed")
    consent = Consent.objects.get()
    assert (consent.ip, consent.confirmed_ip) == ("127.0.0.1", "127.0.0.1")
    assert consent.wording == "Send me The Skin Letter by email. I can leave at any time, with one click."
    assert consent.wording in form.content.decode()

    leave = reader.get(link(Purpose.UNSUBSCRIBE, subscription))
    assert state_of(subscription) == "confirmed"
    left = reader.press(leave)
    assert (left.status_code, state_of(subscription)) == (200, "unsubscribed")

    back = reader.press(left)
    assert (back.status_code, state_of(subscription)) == (200, "confirmed")


def test_repeating_the_confirmation_shows_success(reader):
    reader.post(FORM, {"address": "zoe@example.com"})
    path = link_in(reader.mails()[0], "confirm")
    first, again = reader.post(path), reader.post(path)
    assert first.status_code == again.status_code == 200
    assert body_of(first) == body_of(again)


@pytest.mark.parametrize("purpose", ["confirm", "unsubscribe", "preferences"])
def test_no_get_and_no_head_changes_anything(reader, letter, subscription, purpose):
    pending = actions.request_subscription(
        mailing_list=letter.mailing_list, address=parse("bob@example.com"), wording="Yes", ip=None,
        requested_at=NOW, now=NOW,
    )  # fmt: skip
    for one in (pending, subscription):
        before = list(Subscription.objects.values()), list(Consent.objects.values())
        assert reader.get(link(Purpose(purpose), one)).status_code == 200
        assert reader.head(link(Purpose(purpose), one)).status_code == 200
        assert (list(Subscription.objects.values()), list(Consent.objects.values())) == before


def test_a_get_of_undo_is_refused(reader, subscription):
    assert reader.get(link(Purpose.UNSUBSCRIBE, subscription) + "undo/").status_code == 405


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
     (b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
      "multipart/form-data; boundary=b"),
     (b"--broken", "multipart/form-data; boundary=b"), (b"", "application/octet-stream")],
)  # fmt: skip
def test_one_click_unsubscribes_with_200_and_no_redirect_whatever_the_body(reader, subscription, body, content_type):
    response = reader.post(link(Purpose.UNSUBSCRIBE, subscription), body, content_type=content_type)
    assert (response.status_code, state_of(subscription)) == (200, "unsubscribed")
    assert "Location" not in response.headers


def test_one_click_twice_is_no_error(reader, subscription):
    path = link(Purpose.UNSUBSCRIBE, subscription)
    assert reader.post(path).status_code == reader.post(path).status_code == 200


def test_the_unsubscribe_page_has_one_button_and_asks_nothing(reader, subscription):
    page = reader.get(link(Purpose.UNSUBSCRIBE, subscription)).content.decode()
    assert page.count("<button") == 1
    assert page.count("<input") == page.count('type="hidden"')
    assert "/preferences/" in page
    assert "ada@example.com" not in page


def test_undoing_is_offered_for_a_day_and_then_the_form_is(reader, subscription):
    left = reader.post(link(Purpose.UNSUBSCRIBE, subscription))
    reader.wait(hours=25)
    late = reader.press(left)
    assert late.status_code == 410
    assert FORM in late.content.decode()
    assert state_of(subscription) == "unsubscribed"


def test_a_confirmation_is_too_old_after_its_days_and_the_page_leads_to_a_new_one(reader, workspace):
    reader.post(FORM, {"address": "zoe@example.com"})
    path = link_in(reader.mails()[0], "confirm")
    reader.wait(days=workspace.confirmation_days)
    for response in (reader.get(path), reader.post(path)):
        assert response.status_code == 410
        assert FORM in response.content.decode()
    assert state_of(Subscription.objects.get()) == "pending"


def test_an_old_confirmation_does_not_undo_leaving(reader):
    reader.post(FORM, {"address": "zoe@example.com"})
    path = link_in(reader.mails()[0], "confirm")
    reader.post(path)
    subscription = Subscription.objects.get()
    reader.post(link(Purpose.UNSUBSCRIBE, subscription))
    assert reader.post(path).status_code == 410
    assert state_of(subscription) == "unsubscribed"


@pytest.mark.parametrize("page", ["confirm", "unsubscribe", "preferences"])
@pytest.mark.parametrize("token", ["x", "A" * 48, "Zo\u00eb", "A" * 5000])
def test_a_link_that_is_not_ours_changes_nothing_and_says_what_to_do(reader, subscription, page, token):
    for response in (reader.get(f"/{page}/{token}/"), reader.post(f"/{page}/{token}/")):
        assert response.status_code == 404
        assert "open it from the mail again" in response.content.decode().lower()
    assert state_of(subscription) == "confirmed"


def test_nobody_unsubscribes_another_by_guessing_or_by_a_link_for_something_else(reader, subscription):
    mine = link(Purpose.PREFERENCES, subscription).split("/")[2]
    assert reader.post(f"/unsubscribe/{mine}/").status_code == 404
    unsubscribe = link(Purpose.UNSUBSCRIBE, subscription)
    for place in (15, 30, 60):
        altered = unsubscribe[:place] + ("A" if unsubscribe[place] != "A" else "B") + unsubscribe[place + 1 :]
        assert reader.post(altered).status_code in (404, 405)
    assert state_of(subscription) == "confirmed"


def test_links_of_an_erased_reader_answer_and_do_nothing(reader, subscription):
    paths = [link(purpose, subscription) for purpose in PAGES]
    actions.erase(subscriber_id=subscription.subscriber_id, now=NOW, actor="editor")
    assert [reader.post(path).status_code for path in paths] == [410, 200, 200]
    assert not Subscription.objects.exists()


def standing_of_all_kinds(letter):
    """One address for each standing that the form must not give away."""

    def add(address):
        return actions.add_subscriber(
            mailing_list=letter.mailing_list, address=parse(address), source="s", wording="w", now=NOW, actor="e"
        )[0]

    add("subscribed@example.com")
    left = add("left@example.com")
    actions.unsubscribe(list_id=left.mailing_list_id, subscriber_id=left.subscriber_id, now=NOW)
    actions.request_subscription(
        mailing_list=letter.mailing_list, address=parse("pending@example.com"), wording="w", ip=None,
        requested_at=NOW, now=NOW,
    )  # fmt: skip
    actions.suppress(address_hash=address_hash("suppressed@example.com"), reason="complaint", now=NOW, actor="p")
    return [f"{name}@example.com" for name in ("new", "pending", "subscribed", "left", "suppressed")]


def body_of(response):
    """The page but for its nonce, which differs each time."""
    return response.content.replace(response.wsgi_request.csp_nonce.encode(), b"")


def headers_of(response):
    return {name: value.replace(response.wsgi_request.csp_nonce, "") for name, value in response.headers.items()}


def test_the_answer_is_the_same_whoever_asks(reader, letter):
    answers, statements = [], []
    for address in standing_of_all_kinds(letter):
        with CaptureQueriesContext(connection) as queries:
            answers.append(reader.post(FORM, {"address": address}))
        statements.append([query["sql"].split(" ")[:3] for query in queries if "SAVEPOINT" not in query["sql"]])
    assert {answer.status_code for answer in answers} == {200}
    assert len({body_of(answer) for answer in answers}) == 1
    assert all(headers_of(answer) == headers_of(answers[0]) for answer in answers)
    assert all(work == statements[0] for work in statements)


def test_who_is_subscribed_or_suppressed_gets_no_mail(reader, letter):
    for address in standing_of_all_kinds(letter):
        reader.post(FORM, {"address": address})
    assert {mail["To"] for mail in reader.mails()} == {"new@example.com", "pending@example.com", "left@example.com"}


def test_an_address_gets_one_confirmation_in_a_day_whoever_asks(reader):
    for _ in range(3):
        reader.post(FORM, {"address": "zoe@example.com"})
    assert len(reader.mails()) == 1
    reader.wait(hours=23, minutes=59)
    reader.post(FORM, {"address": "ZOE@example.com"}, REMOTE_ADDR="198.51.100.7")
    assert len(reader.mails()) == 1
    reader.wait(minutes=1)
    reader.post(FORM, {"address": "zoe@example.com"})
    assert len(reader.mails()) == 2


def test_a_network_that_asks_too_often_is_told_to_wait_and_may_ask_again_an_hour_later(reader):
    for number in range(REQUESTS_PER_IP_PER_HOUR):
        assert reader.post(FORM, {"address": f"reader{number}@example.com"}).status_code == 200
    refused = reader.post(FORM, {"address": "one-more@example.com"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert 'value="one-more@example.com"' in refused.content.decode()
    assert reader.post(FORM, {"address": "x@example.com"}, REMOTE_ADDR="198.51.100.7").status_code == 200
    reader.wait(hours=1)
    assert reader.post(FORM, {"address": "one-more@example.com"}).status_code == 200


def test_a_forged_forwarding_header_does_not_open_another_account_of_requests(reader):
    for number in range(REQUESTS_PER_IP_PER_HOUR):
        reader.post(FORM, {"address": f"r{number}@example.com"}, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    refused = reader.post(FORM, {"address": "x@example.com"}, headers={"X-Forwarded-For": "203.0.113.99"})
    assert refused.status_code == 429


def test_a_program_that_fills_in_every_field_gets_the_same_page_and_nothing_else(reader):
    honest = reader.post(FORM, {"address": "zoe@example.com"})
    trapped = reader.post(FORM, {"address": "bot@example.com", HONEYPOT: "Cheap watches"})
    assert body_of(trapped) == body_of(honest)
    assert SubscriptionRequest.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    ["", "zoe", "zoe@example.com\r\nBcc: eve@example.com", "zoe@example.com\nSubject: hello", "zoe@exa\u2028mple.com",
     "zoe@example.com\x0b", "Zoe <zoe@example.com>", "zoe@example.com, eve@example.com", "<script>@example.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused_by_its_field_and_reaches_no_header(reader, typed):
    response = reader.post(FORM, {"address": typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert 'aria-invalid="true"' in page
    assert "<script>" not in page
    assert not SubscriptionRequest.objects.exists()
    assert reader.mails() == []


def test_the_confirmation_carries_nothing_that_a_stranger_typed(reader):
    reader.post(FORM, {"address": "zoe@example.com", "name": "Win a prize at evil.example"})
    (mail,) = reader.mails()
    assert "evil.example" not in mail.as_string()
    assert mail["List-Unsubscribe"] is None


def test_no_link_of_ours_carries_an_address_and_no_log_a_token(reader, caplog):
    caplog.set_level("DEBUG")
    reader.post(FORM, {"address": "zoe@example.com"})
    path = link_in(reader.mails()[0], "confirm")
    reader.post(path)
    assert "zoe" not in path
    assert path.split("/")[-2] not in caplog.text
    assert "zoe@example.com" not in caplog.text


def test_a_name_is_changed_on_the_preferences_page(reader, subscription):
    path = link(Purpose.PREFERENCES, subscription)
    page = reader.get(path)
    assert 'value="Ada"' in page.content.decode()
    saved = reader.press(page, {"name": "Ada  King"})
    assert "Saved." in saved.content.decode()
    assert Subscriber.objects.get().name == "Ada King"


def test_a_name_that_breaks_headers_is_refused_by_its_field(reader, subscription):
    response = reader.post(link(Purpose.PREFERENCES, subscription), {"name": "Ada\r\nBcc: eve@example.com"})
    assert response.status_code == 422
    assert 'id="name-error"' in response.content.decode()
    assert Subscriber.objects.get().name == "Ada"


def test_a_name_with_markup_is_shown_as_it_was_typed(reader, subscription):
    reader.post(link(Purpose.PREFERENCES, subscription), {"name": '"><script>alert(1)</script>'})
    page = reader.get(link(Purpose.PREFERENCES, subscription)).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_own_time_zone_is_asked_for_where_the_newsletter_goes_by_it(reader, subscription):
    path = link(Purpose.PREFERENCES, subscription)
    assert 'name="time_zone"' not in reader.get(path).content.decode()
    Schedule.objects.update(at_subscribers_time=True)
    page = reader.get(path)
    saved = reader.press(page, {"name": "Ada", "time_zone": "Asia/Kathmandu"})
    assert '<option value="Asia/Kathmandu" selected>' in saved.content.decode()
    assert Subscriber.objects.get().time_zone == "Asia/Kathmandu"
    reader.press(saved, {"name": "Ada King"})
    assert Subscriber.objects.get().time_zone == "Asia/Kathmandu"
    refused = reader.post(path, {"name": "Eve", "time_zone": "Mars/Olympus"})
    assert refused.status_code == 422
    assert 'id="zone-error"' in refused.content.decode()
    assert Subscriber.objects.values_list("name", "time_zone").get() == ("Ada King", "Asia/Kathmandu")


def test_preferences_show_enough_of_the_address_for_its_owner_alone(reader, subscription):
    page = reader.get(link(Purpose.PREFERENCES, subscription)).content.decode()
    assert "a•••@example.com" in page
    assert "ada@example.com" not in page


def test_leaving_from_the_preferences_page_takes_one_press(reader, subscription):
    page = reader.get(link(Purpose.PREFERENCES, subscription)).content.decode()
    forms = [part.split('"')[0] for part in page.split('action="')[1:]]
    (path,) = [form for form in forms if form.startswith("/unsubscribe/")]
    reader.post(path)
    assert state_of(subscription) == "unsubscribed"
    assert FORM in reader.get(link(Purpose.PREFERENCES, subscription)).content.decode()


def test_pages_with_a_token_are_kept_by_no_cache_and_listed_by_no_search_engine(reader, subscription):
    for purpose in PAGES:
        response = reader.get(link(purpose, subscription))
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_no_page_runs_a_script_or_can_be_framed_elsewhere(reader, subscription):
    for path in ("/", FORM, f"{FORM}embed/", *(link(purpose, subscription) for purpose in PAGES)):
        response = reader.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "<script" not in response.content.decode()
        assert "frame-ancestors 'self'" in policy
        assert "'unsafe-inline'" not in policy
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_form_alone_can_be_framed_anywhere_and_works_there(reader):
    page = reader.get(f"{FORM}frame/")
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in page.headers
    answer = reader.press(page, {"address": "zoe@example.com"})
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert len(reader.mails()) == 1


def test_the_snippets_name_the_public_address_and_never_the_host_that_was_asked(reader):
    page = reader._client.get(f"{FORM}embed/", headers={"Host": "testserver"}).content.decode()
    assert "https://newsletter.example/subscribe/skin-letter/frame/" in page
    assert "testserver" not in page


def test_a_foreign_host_is_refused(reader):
    reader._client.raise_request_exception = False
    assert reader._client.get(FORM, headers={"Host": "evil.example"}).status_code == 400


def test_no_answer_leads_a_reader_to_another_site(reader, subscription):
    aims = ("next", "redirect", "return", "url", "to")
    query = "?" + "&".join(f"{aim}=https://evil.example/" for aim in aims)
    data = dict.fromkeys(aims, "https://evil.example/") | {"address": "zoe@example.com"}
    for path in (FORM, *(link(purpose, subscription) for purpose in PAGES)):
        for response in (reader.get(path + query), reader.post(path + query, data)):
            assert "Location" not in response.headers
            assert "evil.example" not in response.content.decode()


def test_a_german_newsletter_speaks_german_on_its_pages_and_in_its_mail(reader, letter):
    letter.language = "de-AT"
    letter.save(update_fields=["language"])
    page = reader.get(FORM).content.decode()
    assert '<html lang="de"' in page
    assert "Abonnieren" in page
    reader.post(FORM, {"address": "zoe@example.com"})
    (mail,) = reader.mails()
    assert mail["Subject"] == "Bitte bestätigen: The Skin Letter"
    assert "Anmeldung bestätigen" in mail.get_body(("html",)).get_content()
    assert reader.post(FORM, {"address": "zoe"}).content.decode().count("keine Mailadresse") == 1


def test_a_confirmation_is_planned_once_however_often_the_ticks_look(reader):
    reader.post(FORM, {"address": "zoe@example.com"})
    for _ in range(3):
        reader.mails()
    assert Message.objects.filter(kind="confirmation").count() == 1
    assert len(reader.mails()) == 1


def test_a_reader_who_left_before_the_mail_went_out_gets_none(reader):
    reader.post(FORM, {"address": "zoe@example.com"})
    confirmations.send_due(config=reader.config, now=reader.now)
    subscription = Subscription.objects.get()
    actions.unsubscribe(list_id=subscription.mailing_list_id, subscriber_id=subscription.subscriber_id, now=reader.now)
    assert reader.mails() == []


def test_the_link_works_for_as_long_as_the_configuration_says(reader, workspace):
    reader.post(FORM, {"address": "zoe@example.com"})
    path = link_in(reader.mails()[0], "confirm")
    reader.now += timedelta(days=workspace.confirmation_days) - timedelta(seconds=1)
    assert reader.post(path).status_code == 200
