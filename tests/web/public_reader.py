"""A reader without script and without cookies: what they press, what they get, and the mail that reaches them."""

import email
import email.policy
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

from django.test import Client

from pipeline.audience import tokens
from pipeline.audience.keys import keyring
from pipeline.audience.tokens import Purpose
from pipeline.publish import confirmations, mailing
from tests.web.conftest import NOW

PAGES_WITH_UTC_NOW = ("subscribe", "links")


class Reader:
    """Each request is one of its own; CSRF checks are on, and every answer must leave no cookie."""

    def __init__(self, config, monkeypatch) -> None:
        self.config = config
        self.now = NOW
        self._client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        for module in PAGES_WITH_UTC_NOW:
            monkeypatch.setattr(f"pipeline.web.public.{module}.utc_now", lambda: self.now)

    def get(self, path, **headers):
        return self._checked(self._client.get(_path(path), headers=headers))

    def head(self, path):
        return self._checked(self._client.head(_path(path)))

    def post(self, path, data=None, **options):
        return self._checked(self._client.post(_path(path), data or {}, **options))

    def press(self, response, data=None):
        """Press the first button of the page that `response` is."""
        form = _first_form(response.content.decode())
        return self.post(form["action"] or response.request["PATH_INFO"], form["fields"] | (data or {}))

    def wait(self, **duration) -> datetime:
        self.now += timedelta(**duration)
        return self.now

    def mails(self):
        """Let a tick pass; every mail in the outbox, the oldest first."""
        confirmations.send_due(config=self.config, now=self.now)
        mailing.send(config=self.config, clock=lambda: self.now)
        files = sorted((self.config.var / "outbox").glob("*.eml"), key=lambda path: int(path.stem))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]

    def _checked(self, response):
        assert not response.cookies
        assert "Set-Cookie" not in response.headers
        self._client.cookies.clear()
        return response


def link_in(mail, page) -> str:
    """The link to `page` in the text part."""
    text = mail.get_body(("plain",)).get_content()
    return re.search(rf"https://newsletter\.example/{page}/[\w-]+/", text)[0]


def link(purpose: Purpose, subscription, **options) -> str:
    token = tokens.make(
        purpose,
        list_id=subscription.mailing_list_id,
        subscriber_id=subscription.subscriber_id,
        keys=keyring(),
        **options,
    )
    return f"/{purpose}/{token}/"


def _path(url) -> str:
    return url.removeprefix("https://newsletter.example")


def _first_form(html):
    parser = _Forms()
    parser.feed(html)
    return parser.forms[0]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            assert values["method"] == "post"
            self.forms.append({"action": values.get("action", ""), "fields": {}})
        elif tag == "input" and self.forms:
            self.forms[-1]["fields"][values["name"]] = values.get("value") or ""
