"""`serve` and `tick`: the product at work."""

import signal
import socket
import subprocess
import sys
import threading
from types import FrameType

import click

from pipeline.cli.base import command, setup
from pipeline.config import CHECKOUT, LOOPBACK_HOSTS, Config, load_config
from pipeline.errors import TipsheetError
from pipeline.web.parent_process import OPTION, end_with_parent

RESTART_AFTER_SECONDS = 2.0
HOUSEKEEPING_SECONDS = 3600
BOUNCES_SECONDS = 300


class ServeError(TipsheetError):
    """The web pages cannot be served as configured."""


@command(name="tick")
@click.option("--watch", is_flag=True, help="Keep looking until you stop it; `serve` does this for you.")
@click.option(
    OPTION, "ends_with_parent", is_flag=True, hidden=True, help="End when the process that began this one has ended."
)
def tick(watch: bool, ends_with_parent: bool) -> None:
    """Look once for work that is due, do it, and end.

    Composes issues at their lead time, approves them where the newsletter says so, sends what is due, and goes on
    with what was interrupted. A scheduler of your own may call it as often as it likes.
    """
    from pipeline.clock import utc_now
    from pipeline.delivery.clock_check import refuse_skewed_clock
    from pipeline.publish.ticks import tick as tick_once

    if watch:
        _watch(ends_with_parent=ends_with_parent)
        return
    refuse_skewed_clock(now=utc_now())
    for line in tick_once(config=load_config(), clock=utc_now):
        click.echo(line)


def _watch(*, ends_with_parent: bool) -> None:
    from pipeline.clock import utc_now
    from pipeline.delivery.clock_check import ClockSkewError, refuse_skewed_clock
    from pipeline.publish.engines.embedded import Job, run_jobs
    from pipeline.publish.ticks import bounces as bounces_read
    from pipeline.publish.ticks import housekeeping
    from pipeline.publish.ticks import tick as tick_once

    config = load_config()
    refuse_skewed_clock(now=utc_now())
    stop = _until_signalled()
    if ends_with_parent:
        end_with_parent()

    def look() -> None:
        try:
            refuse_skewed_clock(now=utc_now())
            lines = tick_once(config=load_config(), clock=utc_now)
        except ClockSkewError as error:
            lines = [str(error)]
        for line in lines:
            click.echo(line)

    def read_bounces() -> None:
        for line in bounces_read(config=load_config(), clock=utc_now):
            click.echo(line)

    jobs = [
        Job("tick", config.tick_seconds, look),
        Job("bounces", BOUNCES_SECONDS, read_bounces),
        Job("housekeeping", HOUSEKEEPING_SECONDS, lambda: housekeeping(now=utc_now())),
    ]
    run_jobs(jobs, stop=stop, wall=lambda: utc_now().timestamp())


def _until_signalled() -> threading.Event:
    """An event that is set when the process is asked to end, by Ctrl-C or by SIGTERM."""
    stop = threading.Event()

    def end(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature is signal's
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop


@command(name="serve", django=False)
@click.option("--host", help="The address to listen on. Default: the configuration's.")
@click.option("--port", type=click.IntRange(1, 65535), help="The TCP port to listen on. Default: the configuration's.")
@click.option("--no-ticks", is_flag=True, help="The web pages alone; the ticks run elsewhere.")
def serve(host: str | None, port: int | None, no_ticks: bool) -> None:
    """Run it all: the web pages and the ticks, until you stop it with Ctrl-C."""
    setup()
    config = load_config()
    address, number = host or config.host, port or config.port
    _refuse_open_http(address, config)
    _refuse_taken_port(address, number)
    entry = [sys.executable, str(CHECKOUT / "run.py"), "--home", str(config.home)]
    web = [sys.executable, "-m", "pipeline.web.server", address, str(number), str(config.web_workers), OPTION]
    kept = [KeptRunning("The web", web)]
    if not no_ticks:
        kept.append(KeptRunning("The ticks", [*entry, "tick", "--watch", OPTION]))
    stop = _until_signalled()
    for process in kept:
        process.start()
    click.echo(f"Studio   http://{address}:{number}/studio/")
    click.echo(f"Readers  http://{address}:{number}/")
    click.echo("Stop it with Ctrl-C.")
    stop.wait()
    for process in kept:
        process.stop()


def _refuse_open_http(address: str, config: Config) -> None:
    if address not in LOOPBACK_HOSTS and not config.public_url.startswith("https://"):
        raise ServeError(
            f"Plain http is served on this machine alone, and {address} is open to others. Put an https proxy in front "
            "and set public_url to its https:// address in tipsheet.toml, or listen on 127.0.0.1."
        )


def _refuse_taken_port(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise ServeError(
                f"Cannot listen on {address} port {port}: {error.strerror}. "
                "Stop what uses it, or choose another with --port."
            ) from error


class KeptRunning:
    """A process of its own that is started again should it die, until it is stopped; given `OPTION`, it ends with this
    one, whose end of the pipe is closed however this one ends.
    """

    def __init__(self, name: str, arguments: list[str]) -> None:
        self._name, self._arguments = name, arguments
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Thread(target=self._keep_running, name=name, daemon=True)

    def start(self) -> None:
        self._guard.start()

    def stop(self) -> None:
        """End the process and wait for it; a batch that it is sending is finished first.

        It is asked again each second: a process that is only just starting may not hear the first time.
        """
        self._stop.set()
        while self._guard.is_alive():
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()
            self._guard.join(timeout=1.0)

    def _keep_running(self) -> None:
        while not self._stop.is_set():
            with subprocess.Popen(  # noqa: S603 - our own interpreter and entry
                self._arguments, cwd=CHECKOUT, stdin=subprocess.PIPE
            ) as self._process:
                code = self._process.wait()
            if not self._stop.is_set():
                click.echo(f"{self._name} ended with code {code}; it starts again in a moment.", err=True)
                self._stop.wait(RESTART_AFTER_SECONDS)
