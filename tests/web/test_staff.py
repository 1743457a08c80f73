"""Staff accounts: made and reset from the command line, and let in with a pause after failures."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache

from pipeline.audit.models import AuditEntry
from pipeline.web.staff_actions import StaffError, add_staff, reset_staff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_earlier_failures():
    cache.clear()


def add(name="ada", password=None):
    return add_staff(name=name, password=password, actor="cli", now=NOW)


def test_a_password_is_made_up_when_none_is_given():
    password = add()
    assert len(password) == 23
    assert User.objects.get(username="ada").check_password(password)


def test_a_name_that_is_taken_is_refused_and_says_how_to_go_on():
    add()
    with pytest.raises(StaffError, match=r"run\.py staff reset ada"):
        add()


@pytest.mark.parametrize("password", ["password1234", "123456789012", "short", "ada-ada-ada-"])
def test_a_weak_password_is_refused(password):
    with pytest.raises(StaffError, match="will not do"):
        add(name="ada-ada-ada", password=password)


def test_a_reset_ends_the_sessions_that_were_open(client):
    password = add()
    assert client.login(username="ada", password=password)
    reset_staff(name="ada", password=None, actor="cli", now=NOW)
    response = client.get("/studio/")
    assert response.status_code == 302
    assert response.url.startswith("/studio/login/")


def test_a_reset_of_nobody_says_how_to_make_an_account():
    with pytest.raises(StaffError, match=r"run\.py staff add ada"):
        reset_staff(name="ada", password=None, actor="cli", now=NOW)


def test_making_an_account_is_in_the_audit_log_without_the_password():
    password = add()
    entry = AuditEntry.objects.get(action="staff.added")
    assert password not in str(entry.__dict__)


def test_the_right_password_opens_the_studio(client):
    password = add()
    response = client.post("/studio/login/", {"username": "ada", "password": password})
    assert response.status_code == 302
    assert response.url == "/studio/"


def test_after_five_failures_even_the_right_password_waits(client):
    password = add()
    for _ in range(5):
        client.post("/studio/login/", {"username": "ada", "password": "wrong"})
    response = client.post("/studio/login/", {"username": "ada", "password": password})
    assert response.status_code == 200
    assert b"Too many attempts" in response.content


def test_an_account_that_is_not_staff_is_not_let_in(client):
    User.objects.create_user("guest", password="a-good-long-password")
    response = client.post("/studio/login/", {"username": "guest", "password": "a-good-long-password"})
    assert response.status_code == 200


def test_login_never_leads_to_another_site(client):
    password = add()
    response = client.post("/studio/login/", {"username": "ada", "password": password, "next": "https://evil.example/"})
    assert response.url == "/studio/"
