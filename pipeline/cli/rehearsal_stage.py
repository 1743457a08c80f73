"""The stage of a rehearsal as a process of its own: `python -m pipeline.cli.rehearsal_stage`, told by standard input.

It is started by `rehearse` with a workspace that is a copy; what comes of it is one line of JSON.
"""

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.base import setup
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.delivery.fake.told import HookCall


def main() -> None:
    told = json.load(sys.stdin)
    setup()
    from dataclasses import asdict

    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.delivery.fake.running import Fake
    from pipeline.publish.rehearsal.rehearsing import Plan
    from pipeline.publish.rehearsal.staging import Stage, stay_on_loopback

    stay_on_loopback()
    config = load_config()
    fake = Fake(truth=Path(config.home) / "truth.jsonl", **told["fake"])
    try:
        done = asdict(Stage(Plan(**told["plan"]), fake, config=config, clock=utc_now, tell=call).run())
    except TipsheetError as error:
        done = {"error": str(error)}
    sys.stdout.write(json.dumps(done) + "\n")


def call(provider: str, sent: "HookCall") -> int:
    """Hand a provider's call to the pages of this process, as the web server would; the status of the answer."""
    from pipeline.web.wsgi import application

    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent.headers.items()}
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": f"/hooks/{provider}/", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE"),
        "CONTENT_LENGTH": str(len(sent.body)), "wsgi.input": io.BytesIO(sent.body), "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http", **headers,
    }  # fmt: skip
    answered: list[int] = []

    def begin(status: str, headers: object, trouble: object = None) -> Any:  # noqa: ARG001 - WSGI's signature
        answered.append(int(status.split()[0]))

    application(environ, begin)
    return answered[0]


if __name__ == "__main__":
    main()
