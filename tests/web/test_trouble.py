"""What a visitor sees when something is wrong: a page like the others, which tells nothing of the program."""

import pytest
from django.db import OperationalError
from django.test import Client

PATIENT = Client(raise_request_exception=False)


def _text(response) -> str:
    return response.content.decode()


@pytest.fixture
def broken(letter, monkeypatch):
    """A start page that fails inside, with words that nobody outside may read."""

    def fail(*args, **kwargs):
        raise OperationalError("no such table: a_secret_of_ours")

    monkeypatch.setattr("pipeline.web.public.site.Newsletter.objects.order_by", fail)


def test_a_fault_of_ours_is_a_friendly_page_without_details(broken):
    response = PATIENT.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in _text(response)
    assert "a_secret_of_ours" not in _text(response)
    assert "Traceback" not in _text(response)
    assert response.headers["Cache-Control"] == "no-store"


def test_the_page_for_a_fault_needs_no_database(broken, django_assert_num_queries):
    with django_assert_num_queries(0):
        PATIENT.get("/")


def test_a_form_without_its_token_is_refused_with_what_to_do(letter):
    response = Client(enforce_csrf_checks=True).post("/studio/login/", {"username": "anna", "password": "x"})
    assert response.status_code == 403
    assert "Please send this form again" in _text(response)
    assert "CSRF" not in _text(response)


def test_a_foreign_host_is_refused_without_its_name_being_repeated(letter):
    response = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "could not be read" in _text(response)
    assert "evil" not in _text(response)


@pytest.mark.parametrize("path", ["/nowhere/", "/skin-letter/nowhere", "/studio/nowhere/"])
def test_every_page_that_is_not_there_leads_back_to_the_start(letter, path):
    response = PATIENT.get(path)
    assert response.status_code == 404
    assert 'href="/"' in _text(response)


def test_each_page_for_trouble_carries_the_headers_of_every_page(broken):
    response = PATIENT.get("/")
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
        assert name in response.headers


def test_robots_are_kept_from_the_studio_and_told_of_the_site_maps(letter, workspace, client):
    (workspace.output / "skin-letter").mkdir(parents=True)
    assert "Sitemap" not in client.get("/robots.txt").content.decode()
    (workspace.output / "skin-letter" / "sitemap.xml").write_text("<urlset/>", encoding="utf-8")
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /studio/" in lines
    assert "Sitemap: https://newsletter.example/skin-letter/sitemap.xml" in lines
    assert not [line for line in lines if line == "Disallow: /"]


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/subscribe/skin-letter/", "/studio/login/"])
def test_a_head_request_has_the_headers_of_the_page_and_no_body(letter, client, path):
    assert client.head(path).status_code == 200
    assert client.head(path).content == b""
