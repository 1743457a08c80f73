"""X-Forwarded-For is believed only as far as our own proxies wrote it."""

import pytest
from django.test import RequestFactory

from pipeline.web.client_address import client_address


@pytest.fixture
def proxies(settings):
    settings.CONFIG = settings.CONFIG.model_copy(update={"trusted_proxies": ["10.0.0.1", "10.0.0.2"]})


def asked(remote, forwarded=None):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


def test_without_a_trusted_proxy_the_header_is_ignored():
    assert asked("203.0.113.9", "198.51.100.1") == "203.0.113.9"


def test_a_trusted_proxy_names_the_client(proxies):
    assert asked("10.0.0.1", "198.51.100.1") == "198.51.100.1"


def test_what_a_client_put_in_front_is_not_believed(proxies):
    assert asked("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2") == "198.51.100.1"


def test_a_header_that_is_no_address_gives_nothing(proxies):
    assert asked("10.0.0.1", "<script>") == ""
