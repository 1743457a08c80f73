"""A workspace in memory with a database of its own, the fake provider beside it, and children that die."""

import mmap
import os
import pkgutil
import shutil
import struct
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.delivery.fake.truth import read_truth

HTTP = {"resend": "key", "brevo": "key", "mailgun": "search", "postmark": "search", "sendgrid": "search", "ses": "none"}
CLASSES = {"outbox": "outbox", "smtp": "none", "blind": "none", **HTTP}
"""Provider → how a delivery in doubt is settled; `blind` is a provider in the sender's own process that can tell
nothing, and costs nothing to ask."""

SETTLED_BY_ITSELF = frozenset({"outbox", "key", "search"})
WINDOW = 3


class Clock:
    """The real time, moved ahead: for every process at once, those that were forked before among them."""

    def __init__(self) -> None:
        self._seconds = mmap.mmap(-1, 8)

    @property
    def ahead(self) -> timedelta:
        return timedelta(seconds=struct.unpack("d", self._seconds[:])[0])

    @ahead.setter
    def ahead(self, by: timedelta) -> None:
        self._seconds[:] = struct.pack("d", by.total_seconds())

    def __call__(self) -> datetime:
        from pipeline.clock import utc_now

        return utc_now() + self.ahead


class World:
    """One process, one workspace, one database; every provider."""

    def __init__(self, home: Path, fake) -> None:
        self.home, self.fake, self.clock = home, fake, Clock()
        self._read, self._own_traits = 0, {}

    @property
    def var(self) -> Path:
        return self.home / "var"

    def config(self, provider: str):
        """The configuration that sends by this provider, to the fake one."""
        from pipeline.config import Config
        from pipeline.delivery.fake.protocols import ses

        if provider in ("outbox", "blind"):
            return Config(home=self.home, provider="outbox", public_url="https://newsletter.example")
        where = {"provider_url": self.fake.url_for(provider)} if provider in HTTP else {}
        return Config(
            home=self.home, provider=provider, public_url="https://newsletter.example",
            provider_key=ses.KEY if provider == "ses" else "key", provider_secret=ses.SECRET, **where,
            provider_options={"region": ses.REGION, "calls_per_second": "100000"}, smtp_host="127.0.0.1",
            smtp_port=self.fake.smtp_port, smtp_security="none", smtp_connections=2,
        )  # fmt: skip

    def provider(self, name: str, window: int | None = WINDOW):
        """With small windows, so that there is something between two of them; None for its own."""
        from importlib import import_module

        from pipeline.delivery import providers
        from tests.delivery.matrix.blind import Blind

        if name in HTTP:  # of which there may be several lanes, each of its class
            kind = import_module(f"{providers.__name__}.{name}").Provider
            own = self._own_traits.setdefault(name, kind.traits)
            kind.traits = replace(own, window=window or own.window)
            return providers.load(self.config(name))
        made = Blind(self.fake.truth) if name == "blind" else providers.load(self.config(name))
        made.traits = replace(made.traits, window=window or made.traits.window)
        return made

    def send(self, name: str, window: int | None = WINDOW) -> None:
        from pipeline.delivery.sender import SenderSettings, send_open

        provider = self.provider(name, window)
        try:
            settings = SenderSettings("https://newsletter.example", self.var, 900)
            send_open(provider=provider, settings=settings, now=self.clock)
        finally:
            provider.close()

    def taken(self, name: str, delivery_ids) -> Counter[int]:
        """What the provider took since the last look, by its own log."""
        if name == "outbox":
            return Counter(pk for pk in delivery_ids if (self.var / "outbox" / f"{pk}.eml").exists())
        with self.fake.truth.open("rb") as log:
            log.seek(self._read)
            fresh = log.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read += len(whole)
        part = self.home / "truth-part"
        part.write_bytes(whole)
        return Counter(int(mail["delivery"]) for call in read_truth(part) for mail in call["mails"])


@contextmanager
def world(*, postgres: bool = False) -> Iterator[World]:
    """Django is set up for it: one in a process's life."""
    from tests.postgres import running_postgres

    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    # Clients are killed here, and the server is not: it need not wait for the disk.
    with running_postgres(waits_for_disk=False) if postgres else nullcontext("") as url:
        home = Path(tempfile.mkdtemp(prefix="tipsheet-matrix-", dir=memory))
        try:
            make_workspace(home, url)
            _calm()
            from pipeline.delivery.fake.running import running_fake

            with running_fake(home / "truth.jsonl", seconds=24 * 3600) as fake:
                yield World(home, fake)
            from django.db import connections

            connections.close_all()
        finally:
            shutil.rmtree(home, ignore_errors=True)


def preload() -> None:
    """Everything that a child will need, so that it does not load it itself: which would cost more than all it does."""
    import gc

    import pipeline.delivery.sender
    import pipeline.publish.ticks
    import pipeline.web.wsgi  # noqa: F401
    from pipeline.delivery import providers

    for module in pkgutil.iter_modules(providers.__path__):
        __import__(f"{providers.__name__}.{module.name}")
    gc.collect()
    gc.freeze()


def make_workspace(home: Path, database_url: str) -> None:
    """Django set up for a new workspace, its database migrated, and adopted: it may mail."""
    for name in [name for name in os.environ if name.startswith("PIPELINE_")]:
        del os.environ[name]
    os.environ["PIPELINE_HOME"] = str(home)
    os.environ["PIPELINE_DATABASE_URL"] = database_url
    os.environ["PIPELINE_PUBLIC_URL"] = "https://newsletter.example"
    os.environ["DJANGO_SETTINGS_MODULE"] = "pipeline.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from pipeline.clock import utc_now
    from pipeline.delivery.actions.installation import adopt_if_new

    (home / "output").mkdir(exist_ok=True)
    adopt_if_new(var=home / "var", now=utc_now())


def _calm() -> None:
    """Everything is loaded, and nothing is said of what goes wrong: it goes wrong on purpose."""
    import logging

    from pipeline.delivery import dialect

    preload()
    dialect.IDLE_SECONDS_MOST = 2  # real ones, while the world's clock jumps
    logging.disable(logging.CRITICAL)


def quiet_children() -> None:
    """A child that fails on purpose says nothing."""
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
