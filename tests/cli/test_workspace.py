"""Setting a workspace up, changing it, and taking a database over."""

import json
import os
import re
import stat

import pytest

from pipeline.cli.workspace import slug_of
from tests.runner import FOUNDING, answer, done, run


def test_init_makes_the_folders_the_database_and_the_newsletter(tmp_path):
    said = done(tmp_path, *FOUNDING)
    assert "every Tuesday at 09:00 (Europe/Berlin)" in said
    for name in ("tips/documents", "output", "var", "tipsheet.toml"):
        assert (tmp_path / name).exists()
    status = answer(tmp_path, "status")[0]
    assert (status["name"], status["slug"]) == ("The Skin Letter", "skin-letter")


def test_what_is_private_is_private_from_the_first_moment(tmp_path):
    done(tmp_path, *FOUNDING)
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_init_again_changes_nothing_and_says_so(tmp_path):
    done(tmp_path, *FOUNDING)
    before = {path: path.read_bytes() for path in (tmp_path / "tipsheet.toml", tmp_path / "var" / "secret_key")}
    assert "set up already" in done(tmp_path, "init")
    assert {path: path.read_bytes() for path in before} == before


def test_init_says_when_the_first_issue_is_due_in_local_time_and_in_utc(tmp_path):
    said = done(tmp_path, "init", "--name", "A Letter", "--zone", "Asia/Kathmandu", "--schedule", "Mondays at 9")
    assert "Schedule    every Monday at 09:00 (Asia/Kathmandu)" in said
    assert re.search(r"First slot  Monday \d{4}-\d\d-\d\d 09:00 \+0545, which is \d{4}-\d\d-\d\d 03:15 UTC", said)


def test_init_again_with_an_option_changes_that_alone(tmp_path):
    done(tmp_path, *FOUNDING)
    said = done(tmp_path, "init", "--days", "MO,TH", "--at", "07:30")
    assert said == "Changed: days, times\n"
    slot = answer(tmp_path, "status")[0]["next_slot"]
    assert "07:30" in json.dumps(slot)


def test_without_a_postal_address_init_says_what_is_still_to_do(tmp_path):
    assert '--postal-address "…"' in done(tmp_path, "init", "--name", "A Letter")


@pytest.mark.parametrize(("option", "value", "word"), [
    ("--zone", "Berlin", "time zone"), ("--days", "TUESDAY", "weekday"), ("--at", "9 o'clock", "09:00"),
    ("--sender-address", "nobody", "nobody"), ("--colour", "red", "#b4533c"), ("--slug", "studio", "address"),
    ("--slug", "A B", "small letters"),
])  # fmt: skip
def test_a_value_that_cannot_be_is_refused_in_one_line_and_nothing_is_founded(tmp_path, option, value, word):
    finished = run(tmp_path, "init", "--name", "A Letter", option, value)
    assert finished.returncode == 1
    assert len(finished.stderr.splitlines()) == 1
    assert word in finished.stderr
    assert answer(tmp_path, "status") == []


@pytest.mark.parametrize(("name", "slug"), [
    ("The Skin Letter", "the-skin-letter"), ("Häutchen & Söhne!", "hautchen-sohne"), ("新聞", "newsletter"),
    ("-- a --", "a"), ("x" * 80, "x" * 60),
])  # fmt: skip
def test_a_name_gives_a_slug_that_can_stand_in_an_address(name, slug):
    assert slug_of(name) == slug


def test_migrate_says_that_there_is_nothing_to_do(tmp_path):
    done(tmp_path, *FOUNDING)
    assert "up to date" in done(tmp_path, "migrate")


def test_adopt_has_nothing_to_do_where_the_database_belongs(tmp_path):
    done(tmp_path, *FOUNDING)
    assert "nothing to adopt" in done(tmp_path, "adopt")


def test_adopt_asks_before_it_takes_a_database_over(tmp_path):
    done(tmp_path, *FOUNDING)
    (tmp_path / "var" / "installation").unlink()
    refused = run(tmp_path, "adopt", stdin="n\n")
    assert refused.returncode == 1
    assert "Does nothing else mail" in refused.stdout
    assert not (tmp_path / "var" / "installation").exists()
    assert "Adopted" in done(tmp_path, "adopt", "--yes")


def test_a_home_that_the_environment_names_is_the_default(tmp_path):
    done(tmp_path, *FOUNDING)
    import subprocess
    import sys

    from tests.rules import ROOT

    finished = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "status"], capture_output=True, text=True, check=True,
        env=os.environ | {"PIPELINE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "pipeline.settings"},
    )  # fmt: skip
    assert "The Skin Letter" in finished.stdout


def test_a_further_newsletter_stands_beside_the_first_and_is_changed_by_its_slug(tmp_path):
    done(tmp_path, *FOUNDING)
    done(tmp_path, "init", "--further", "--name", "Größe", "--sender-address", "b@newsletter.example")
    assert [found["slug"] for found in answer(tmp_path, "status")] == ["skin-letter", "grosse"]
    refused = run(tmp_path, "tips", "list")
    assert refused.returncode == 1
    assert "--newsletter SLUG" in refused.stderr
    assert "Changed: tagline" in done(tmp_path, "init", "--slug", "grosse", "--tagline", "Of a good size")
    assert run(tmp_path, "init", "--further").returncode == 2
