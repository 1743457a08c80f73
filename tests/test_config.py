"""One typed configuration: defaults < tipsheet.toml < environment, and errors that a person can act on."""

import os
import subprocess
import sys

import pytest

from pipeline.config import Config, ConfigError, load_config, reference_page
from pipeline.settings import _secret_keys
from tests.rules import ROOT


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    return tmp_path


def test_without_a_file_the_defaults_hold(home):
    config = load_config()
    assert config.home == home
    assert config.provider == "outbox"
    assert config.var == home / "var"


def test_the_file_replaces_a_default(home):
    (home / "tipsheet.toml").write_text('public_url = "https://newsletter.example/"\n')
    assert load_config().public_url == "https://newsletter.example"


def test_the_environment_replaces_the_file(home, monkeypatch):
    (home / "tipsheet.toml").write_text("tick_seconds = 10\n")
    monkeypatch.setenv("PIPELINE_TICK_SECONDS", "20")
    assert load_config().tick_seconds == 20


def test_a_setting_that_does_not_exist_is_refused_by_name_and_place(home):
    (home / "tipsheet.toml").write_text("tick_second = 10\n")
    with pytest.raises(ConfigError, match=r"tipsheet\.toml: there is no setting 'tick_second'"):
        load_config()


def test_a_wrong_value_in_the_environment_names_the_variable(home, monkeypatch):
    monkeypatch.setenv("PIPELINE_PORT", "eighty")
    with pytest.raises(ConfigError, match="PIPELINE_PORT: port = 'eighty'"):
        load_config()


def test_a_file_that_is_not_toml_is_refused_with_its_path(home):
    (home / "tipsheet.toml").write_text("public_url = \n")
    with pytest.raises(ConfigError, match=r"tipsheet\.toml cannot be read"):
        load_config()


def test_a_file_that_is_not_utf8_is_refused_with_its_path(home):
    (home / "tipsheet.toml").write_bytes(b'public_url = "\xff\xfe"\n')
    with pytest.raises(ConfigError, match=r"tipsheet\.toml cannot be read"):
        load_config()


@pytest.mark.parametrize(
    "url",
    [
        "http://newsletter.example",
        "newsletter.example",
        "ftp://127.0.0.1",
        "",
        "https://",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
    ],
)
def test_links_go_over_https_except_on_this_machine(home, monkeypatch, url):
    monkeypatch.setenv("PIPELINE_PUBLIC_URL", url)
    with pytest.raises(ConfigError, match="public_url"):
        load_config()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", "https://newsletter.example/tips"]
)
def test_loopback_and_https_addresses_are_taken(home, monkeypatch, url):
    monkeypatch.setenv("PIPELINE_PUBLIC_URL", url)
    assert load_config().public_url == url


def test_a_password_in_the_file_is_refused(home):
    (home / "tipsheet.toml").write_text('smtp_password = "hunter2"\n')
    with pytest.raises(ConfigError, match="PIPELINE_SMTP_PASSWORD") as caught:
        load_config()
    assert "hunter2" not in str(caught.value)


def test_a_password_never_shows_in_an_error_or_a_print(home, monkeypatch):
    monkeypatch.setenv("PIPELINE_SMTP_PASSWORD", "hunter2")
    assert "hunter2" not in repr(load_config())


def test_every_setting_has_a_description():
    assert [name for name, field in Config.model_fields.items() if not field.description] == []


def test_the_reference_page_is_the_one_that_the_code_makes():
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == reference_page()


def test_the_password_may_stand_in_a_file_of_its_own(home, monkeypatch):
    secret = home / "smtp"
    secret.write_text("hunter2\n")
    monkeypatch.setenv("PIPELINE_SMTP_PASSWORD_FILE", str(secret))
    assert load_config().smtp_secret == "hunter2"


def test_a_password_file_that_is_missing_is_named(home, monkeypatch):
    monkeypatch.setenv("PIPELINE_SMTP_PASSWORD_FILE", str(home / "nowhere"))
    with pytest.raises(ConfigError, match="nowhere cannot be read"):
        _ = load_config().smtp_secret


def test_there_is_no_rewriter_unless_it_is_set(home):
    assert load_config().rewriter_url == ""


@pytest.mark.parametrize("url", ["http://rewriter.example/v1", "rewriter.example", "https://user@rewriter.example/v1"])
def test_a_rewriter_is_reached_over_https_except_on_this_machine(home, monkeypatch, url):
    monkeypatch.setenv("PIPELINE_REWRITER_URL", url)
    monkeypatch.setenv("PIPELINE_REWRITER_MODEL", "small-1")
    with pytest.raises(ConfigError, match="rewriter_url"):
        load_config()


def test_a_rewriter_without_a_model_is_said_in_one_line(home, monkeypatch):
    monkeypatch.setenv("PIPELINE_REWRITER_URL", "http://127.0.0.1:11434/v1")
    monkeypatch.setenv("PIPELINE_REWRITER_KEY", "hunter2")
    with pytest.raises(ConfigError, match="name the model to ask for") as caught:
        load_config()
    assert "hunter2" not in str(caught.value)


def test_the_rewriter_s_key_stands_in_the_environment_or_in_a_file_of_its_own(home, monkeypatch):
    (home / "tipsheet.toml").write_text('rewriter_key = "hunter2"\n')
    with pytest.raises(ConfigError, match="PIPELINE_REWRITER_KEY_FILE"):
        load_config()
    (home / "tipsheet.toml").write_text("")
    (home / "key").write_text("hunter2\n")
    monkeypatch.setenv("PIPELINE_REWRITER_KEY_FILE", str(home / "key"))
    assert load_config().rewriter_secret == "hunter2"
    assert "hunter2" not in repr(load_config())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://anna:hunter2@newsletter.example"),
        ("REWRITER_URL", "https://anna:hunter2@rewriter.example/v1"),
        ("WEBSUB_HUB", "https://anna:hun@ter2@hub.example/"),
        ("DATABASE_URL", "mysql://anna:hunter2@db.example/tips"),
    ],
)
def test_a_password_in_an_address_never_shows_in_an_error(home, monkeypatch, name, value):
    monkeypatch.setenv(f"PIPELINE_{name}", value)
    monkeypatch.setenv("PIPELINE_REWRITER_MODEL", "small-1")
    with pytest.raises(ConfigError, match=name) as caught:
        load_config()
    assert "ter2" not in str(caught.value)
    assert "anna" in str(caught.value), "whose password it was may be said"


def test_a_database_s_password_in_the_file_is_refused(home):
    (home / "tipsheet.toml").write_text('database_url = "postgres://anna:hunter2@db.example/tips"\n')
    with pytest.raises(ConfigError, match="PIPELINE_DATABASE_URL") as caught:
        load_config()
    assert "hunter2" not in str(caught.value)
    (home / "tipsheet.toml").write_text('database_url = "postgres://anna@db.example/tips"\n')
    assert load_config().database_url == "postgres://anna@db.example/tips"


def test_the_databases_are_the_two_that_the_ledger_speaks_to(home, monkeypatch):
    monkeypatch.setenv("PIPELINE_DATABASE_URL", "sqlite:///elsewhere.sqlite3")
    with pytest.raises(ConfigError, match="must start with postgres://, or be empty for SQLite"):
        load_config()


def test_an_address_of_a_database_that_cannot_be_read_is_one_line_without_its_password(home):
    url = "postgres://anna:hun%ter2@db.example:port/tips"
    command = [sys.executable, ROOT / "run.py", "status"]
    environment = {**os.environ, "PIPELINE_DATABASE_URL": url, "PIPELINE_HOME": str(home)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("Error: database_url is no address of a database")
    assert "ter2" not in run.stderr


def test_trusted_proxies_are_addresses_with_commas_between_them(home, monkeypatch):
    monkeypatch.setenv("PIPELINE_TRUSTED_PROXIES", "10.0.0.1, 2001:DB8::0:1")
    assert load_config().trusted_proxies == ["10.0.0.1", "2001:db8::1"]


def test_a_list_of_trusted_proxies_stands_in_the_file(home):
    (home / "tipsheet.toml").write_text('trusted_proxies = ["10.0.0.1"]\n')
    assert load_config().trusted_proxies == ["10.0.0.1"]


@pytest.mark.parametrize("value", ["proxy.example", "10.0.0.0/8", "10.0.0.1 10.0.0.2"])
def test_a_trusted_proxy_that_is_no_address_is_refused_by_name(home, monkeypatch, value):
    monkeypatch.setenv("PIPELINE_TRUSTED_PROXIES", value)
    with pytest.raises(ConfigError, match="PIPELINE_TRUSTED_PROXIES: trusted_proxies"):
        load_config()


def test_the_secret_key_is_nobody_elses_to_read_even_while_it_is_made(home, monkeypatch):
    modes = []
    real_link = os.link
    monkeypatch.setattr(
        os, "link", lambda made, path: (modes.append(made.stat().st_mode & 0o777), real_link(made, path))
    )
    before = os.umask(0)
    try:
        keys = _secret_keys(home / "var" / "secret_key")
    finally:
        os.umask(before)
    assert modes == [0o600]
    assert (home / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (home / "var").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in (home / "var").iterdir()] == ["secret_key"]
    assert _secret_keys(home / "var" / "secret_key") == keys
    assert len(keys[0]) >= 64
