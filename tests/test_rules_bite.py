"""Each rule of the house, broken on purpose: a check that cannot fail is no check."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import models

from tests import rules
from tests.test_architecture import relations_upwards

RUFF = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]

LAYER_BREACHES = [
    ("pipeline/editorial/breach.py", "import pipeline.delivery.models", "an arrow only ever points down"),
    ("pipeline/audience/breach.py", "import pipeline.derive.model", "an arrow only ever points down"),
    ("pipeline/errors.py", "import pipeline.config", "an arrow only ever points down"),
    ("pipeline/web/public/breach.py", "import pipeline.web.studio", "Studio, public and hooks"),
    ("pipeline/render/breach.py", "import pipeline.editorial.models", "Render takes editorial/content.py"),
    ("pipeline/derive/breach.py", "import django.db", "Documents and derive know nothing of Django"),
    ("pipeline/render/breach.py", "import pipeline.clock", "Render knows no clock"),
    ("pipeline/derive/breach.py", "import requests", "The network has one door"),
    ("pipeline/web/breach.py", "import schedule", "The job engine is imported in publish/engines alone"),
]


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory) -> Path:
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(rules.ROOT / "pipeline", house / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(rules.ROOT / "pyproject.toml", house)
    return house


def lint_imports(house: Path) -> subprocess.CompletedProcess:
    code = (
        "import sys; sys.path.insert(0, '.'); "
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=house, capture_output=True, text=True, check=False)


def test_the_untouched_copy_passes(copied_house):
    run = lint_imports(copied_house)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("place", "breach", "contract"), LAYER_BREACHES)
def test_an_import_against_the_layers_is_refused(copied_house, place, breach, contract):
    path = copied_house / place
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text((before or "") + f"\n{breach}\n", encoding="utf-8")
    try:
        run = lint_imports(copied_house)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
    broken = [line for line in run.stdout.splitlines() if " BROKEN" in line]
    assert run.returncode == 1
    assert any(contract in line for line in broken), run.stdout


RUFF_BREACHES = [
    ("pipeline/web/views.py", "import smtplib\n\nprint_ = smtplib\n", "TID251"),
    ("pipeline/publish/x.py", "from django.core.mail import send_mail\n\nf = send_mail\n", "TID251"),
    ("pipeline/editorial/x.py", "from datetime import datetime\n\nf = datetime.now()\n", "TID251"),
    ("pipeline/web/x.py", "import time\n\nf = time.time()\n", "TID251"),
    ("pipeline/delivery/x.py", "from django.utils import timezone\n\nf = timezone.now()\n", "TID251"),
    ("pipeline/web/x.py", "try:\n    f = 1\nexcept Exception:\n    f = 2\n", "BLE001"),
]


@pytest.mark.parametrize(("place", "source", "rule"), RUFF_BREACHES)
def test_mail_outside_the_providers_and_clocks_outside_the_shells_are_refused(place, source, rule):
    run = subprocess.run(
        [*RUFF, "--stdin-filename", place, "-"],
        cwd=rules.ROOT, input=source, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert rule in run.stdout


def test_a_provider_may_import_mail():
    run = subprocess.run(
        [*RUFF, "--stdin-filename", "pipeline/delivery/providers/x.py", "-"],
        cwd=rules.ROOT, input="import smtplib\n\nf = smtplib\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout


SYNTAX_BREACHES = [
    (rules.impurities, "pipeline.derive.x", "from django.utils import timezone"),
    (rules.impurities, "pipeline.derive.x", "def f():\n    import requests"),
    (rules.impurities, "pipeline.editorial.slots", "import datetime\nx = datetime.datetime.now()"),
    (rules.impurities, "pipeline.editorial.queue_rules", "from django.db import models"),
    (rules.impurities, "pipeline.editorial.content", "import os\nx = os.environ['TZ']"),
    (rules.impurities, "pipeline.render.x", "from django.utils.translation import gettext"),
    (rules.impurities, "pipeline.render.x", "from django.conf import settings"),
    (rules.impurities, "pipeline.render.x", "from pipeline.editorial.slots import Slot"),
    (rules.impurities, "pipeline.documents.html", "import http.client"),
    (rules.impurities, "pipeline.documents.formats.pdf", "import subprocess"),
    (rules.impurities, "pipeline.documents.formats.pdf", "import os\nos.system('convert')"),
    (rules.impurities, "pipeline.render.x", "x = issued_at.astimezone()"),
    (rules.impurities, "pipeline.audience.tokens", "'''Tokens. Pure.'''\nfrom django.conf import settings"),
    (rules.stray_writes, "pipeline.web.studio.views", "Tip.objects.create(title='x')"),
    (rules.stray_writes, "pipeline.cli.tips", "Tip.objects.filter(pk=1).update(state='x')"),
    (rules.stray_writes, "pipeline.publish.ticks", "Tip.objects.all().delete()"),
    (rules.stray_writes, "pipeline.publish.ticks", "tip.save(update_fields=['state'])"),
    (rules.stray_writes, "pipeline.publish.ticks", "issue.issue_tips.create(position=1)"),
    (rules.stray_writes, "pipeline.web.public.links", "due = tips.filter(pk=1)\ndue.update(state='x')"),
    (rules.stray_writes, "pipeline.web.public.links", "subscriber.delete()"),
    (rules.stray_writes, "pipeline.cli.status", "with connection.cursor() as cursor: cursor.execute('DELETE')"),
    (rules.stray_writes, "pipeline.delivery.sums", "from pipeline.delivery.dialect import run"),
    (rules.stray_writes, "pipeline.cli.staff", "User.objects.create_user(username='anna')"),
    (rules.audit_edits, "pipeline.audience.actions.people", "AuditEntry.objects.filter(actor='x').delete()"),
    (rules.audit_edits, "pipeline.editorial.actions.tips", "AuditEntry.objects.create(action='tip.approved')"),
    (rules.audit_edits, "pipeline.audit.actions", "AuditEntry.objects.update(actor='x')"),
    (rules.talkative_logs, "pipeline.delivery.sender", "log.info('delivery.sent to=%s', row.address)"),
    (rules.talkative_logs, "pipeline.delivery.sender", "log.info('delivery.sent to=%s', mask(row.address))"),
    (rules.talkative_logs, "pipeline.publish.ticks", "logger.warning('ticks.failed error=%s', error)"),
    (rules.talkative_logs, "pipeline.publish.ticks", "logger.warning('ticks.failed', extra={'x': reader.email})"),
    (rules.talkative_logs, "pipeline.publish.ticks", "logger.warning(f'ticks.failed {error}')"),
    (rules.talkative_logs, "pipeline.publish.ticks", "logger.warning('The tick failed')"),
    (rules.model_manners, "pipeline.editorial.models", "class T:\n    def save(self): ..."),
    (rules.model_manners, "pipeline.web.x", "from django.db.models.signals import post_save"),
    (rules.positional_actions, "pipeline.editorial.actions.tips", "def approve(tip): ..."),
    (rules.positional_actions, "pipeline.web.staff_actions", "def add_staff(name, *, now): ..."),
]


@pytest.mark.parametrize(("checker", "name", "source"), SYNTAX_BREACHES)
def test_a_breach_in_the_syntax_tree_is_found(checker, name, source):
    assert len(list(checker(name, source))) >= 1


def test_a_way_from_a_pure_module_through_others_to_an_impure_one_is_found():
    sources = {
        "pipeline.errors": "",
        "pipeline.derive.tips": "from pipeline.errors import TipsheetError\nfrom pipeline.derive.rules import RULES",
        "pipeline.derive.rules": "from pipeline.documents.model import Document\nimport pipeline.config",
        "pipeline.documents.model": "",
        "pipeline.config": "import os",
    }
    assert sorted(rules.impure_ways(sources)) == [
        "pipeline.derive.rules → pipeline.config: a pure module reaches one that is not",
        "pipeline.derive.tips → pipeline.derive.rules → pipeline.config: a pure module reaches one that is not",
    ]


def test_what_only_looks_like_a_write_or_a_secret_is_allowed():
    assert list(rules.stray_writes("pipeline.web.studio.login", "cache.delete(key)\nseen.update({1: 2})")) == []
    assert list(rules.talkative_logs("pipeline.x", "log.info('a.b count=%s', len(addresses))")) == []
    assert list(rules.talkative_logs("pipeline.x", "log.info('a.b error=%s', type(error).__name__)")) == []


def test_the_network_door_and_the_template_engine_are_allowed():
    assert list(rules.impurities("pipeline.documents.fetch", "import requests")) == []
    assert list(rules.impurities("pipeline.render.email", "from django.template import Engine")) == []
    assert list(rules.stray_writes("pipeline.editorial.actions.tips", "Tip.objects.create()")) == []


def test_a_relation_that_points_up_is_found():
    class Upwards(models.Model):
        delivery = models.ForeignKey("delivery.Delivery", models.CASCADE, related_name="upwards")

        class Meta:
            app_label = "audience"
            managed = False

    try:
        found = relations_upwards(Upwards)
    finally:
        from django.apps import apps

        del apps.all_models["audience"]["upwards"]
        apps.clear_cache()
    assert found == [
        "Upwards.delivery points up, to delivery",
        "Upwards.delivery crosses stages: it needs related_name='+'",
    ]


def test_a_function_without_types_is_refused_by_the_type_checker(tmp_path):
    breach = tmp_path / "breach.py"
    breach.write_text("def f(x):\n    return x\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), str(breach)],
        cwd=rules.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "no-untyped-def" in run.stdout


def test_a_model_that_its_migrations_do_not_know_is_found(copied_house):
    models_file = copied_house / "pipeline" / "audit" / "models.py"
    before = models_file.read_text(encoding="utf-8")
    models_file.write_text(before.replace("max_length=150", "max_length=151"), encoding="utf-8")
    try:
        run = subprocess.run(
            [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"], cwd=copied_house,
            env={"PATH": "", "PYTHONPATH": str(copied_house), "PIPELINE_HOME": str(copied_house),
                 "DJANGO_SETTINGS_MODULE": "pipeline.settings"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        models_file.write_text(before, encoding="utf-8")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "actor" in run.stdout


def test_a_warning_fails_a_test(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import warnings\n\ndef test_it():\n    warnings.warn('old', DeprecationWarning)\n"
    )
    options = [
        "-c",
        str(rules.ROOT / "pyproject.toml"),
        "--rootdir",
        str(rules.ROOT),
        "-n0",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path / "test_it.py")],
        cwd=rules.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "DeprecationWarning: old" in run.stdout
