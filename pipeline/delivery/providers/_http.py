"""What the HTTP adapters share: one call, what its answer means, and where it must not go.

| what happened | what it means |
|---|---|
| no connection was made, or the lease was nearly over | retry: nothing was sent |
| 429 | retry, not before Retry-After |
| 400, 413, 422 and other 4xx | the call is refused: it is split, and one recipient alone is rejected |
| 401, 402, 403, 404, 405, 3xx | held: the account, or the address of the API, is wrong |
| 408, 5xx, a time-out or a lost connection after bytes left, an answer that cannot be read | in doubt |

Nothing is ever sent twice by itself: urllib3's retries are off, redirects are not followed, and no proxy or password
is taken from the environment (RFC 9110 §9.2.2: a POST may only be repeated by who knows that it did nothing).
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError
from urllib3.util.retry import Retry

from pipeline.config import LOOPBACK_HOSTS, Config
from pipeline.delivery.leases import TOO_LATE
from pipeline.delivery.providers._connection import AskingAdapter, NotBegunError
from pipeline.delivery.providers.base import BatchAnswer, MayBegin, SendState, always
from pipeline.errors import TipsheetError

CONNECT_TIMEOUT_SECONDS = 15
ANSWER_TIMEOUT_SECONDS = 120
LONGEST_CALL_SECONDS = CONNECT_TIMEOUT_SECONDS + ANSWER_TIMEOUT_SECONDS + 60  # and the pause that a rate asks for
_ANSWER_BYTES_MAX = 8_000_000
_REPLY_MAX = 250
_ADDRESS = re.compile(r"<?[^\s<>\"'\[\](),;:]+@[^\s<>\"'\[\](),;:]+>?")
_HOLDS = frozenset({401, 402, 403, 404, 405})
_LONGEST_ASKED_SECONDS = 24 * 60 * 60


class HttpSettingsError(TipsheetError):
    """A provider lacks a setting, or would be sent secrets in the clear."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` is 0 where nothing did; then `may_have_arrived` tells whether bytes had left."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] | None = None
    problem: str = ""
    may_have_arrived: bool = True

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """None where it is no JSON."""
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError:
            return None

    def header(self, name: str) -> str:
        return (self.headers or {}).get(name, "")


class Caller:
    """One Session to one API; not to be shared between threads. `calls_per_second` of 0 is no limit."""

    def __init__(self, base_url: str, *, headers: Mapping[str, str], calls_per_second: float = 0) -> None:
        url = urlsplit(base_url)
        if url.scheme != "https" and url.hostname not in LOOPBACK_HOSTS:
            raise HttpSettingsError(f"provider_url must begin with https://, for a key goes there: {base_url}")
        self._base_url, self._pause = base_url.rstrip("/"), 1 / calls_per_second if calls_per_second else 0.0
        self._headers, self._next_call = dict(headers), 0.0
        self._session: requests.Session | None = None
        self._may_begin: MayBegin = always

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        may_begin: MayBegin = always,
    ) -> Answer:
        """Never raises for what the network does; see the table above for what each answer means. `may_begin` is asked
        once the connection stands, before any byte leaves.
        """
        self._wait_for_turn()
        self._may_begin = may_begin
        try:
            response = self._connected().request(
                method,
                f"{self._base_url}{path}",
                params=dict(query) if query else None,
                data=body,
                headers={**self._headers, **(headers or {})},
                timeout=(CONNECT_TIMEOUT_SECONDS, ANSWER_TIMEOUT_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            with response:
                content = response.raw.read(_ANSWER_BYTES_MAX, decode_content=True)
        except NotBegunError:
            return Answer(0, problem=TOO_LATE, may_have_arrived=False)
        except (requests.RequestException, OSError, MaxRetryError) as error:
            return lost(error)
        return Answer(response.status_code, content, response.headers)

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _connected(self) -> requests.Session:
        if self._session is None:
            self._session = requests.Session()
            self._session.trust_env = False
            adapter = AskingAdapter(
                self._asked,
                unacknowledged_seconds=ANSWER_TIMEOUT_SECONDS,
                max_retries=Retry(0, read=False, redirect=False),
                pool_maxsize=1,
            )
            self._session.mount("https://", adapter)
            self._session.mount("http://", adapter)
        return self._session

    def _asked(self) -> bool:
        return self._may_begin()

    def _wait_for_turn(self) -> None:
        if self._pause:
            time.sleep(max(0.0, self._next_call - time.monotonic()))
            self._next_call = time.monotonic() + self._pause


def lost(error: BaseException) -> Answer:
    """No answer, for this reason."""
    return Answer(0, problem=_said(error), may_have_arrived=not _never_connected(error))


def refusal(answer: Answer, *, now: datetime | None = None) -> BatchAnswer:
    """What an answer means that does not say that the call was taken."""
    if answer.status == 0:
        state = SendState.IN_DOUBT if answer.may_have_arrived else SendState.RETRY
        return BatchAnswer(state, answer.problem)
    reply = said(answer)
    if answer.status == 429:
        return BatchAnswer(SendState.RETRY, reply, retry_after_seconds=retry_after(answer, now=now))
    if answer.status in _HOLDS or 300 <= answer.status < 400:
        return BatchAnswer(SendState.HELD, reply)
    if 400 <= answer.status < 500 and answer.status != 408:
        return BatchAnswer(SendState.SPLIT, reply)
    return BatchAnswer(SendState.IN_DOUBT, reply)


def unreadable(answer: Answer) -> BatchAnswer:
    """The call was taken, it seems, and the answer does not say for whom."""
    return BatchAnswer(SendState.IN_DOUBT, f"the answer cannot be read: {said(answer)}")


def retry_after(answer: Answer, *, now: datetime | None = None) -> int:
    """Seconds that the provider asks to wait (RFC 9110 §10.2.3), 0 where it asks for none: a number, or a date that
    is read against the answer's own Date.
    """
    asked = answer.header("Retry-After").strip()
    if asked.isdigit():
        return min(int(asked), _LONGEST_ASKED_SECONDS)
    try:
        at = parsedate_to_datetime(asked)
        base = now or parsedate_to_datetime(answer.header("Date"))
    except (TypeError, ValueError):
        return 0
    seconds = (_aware(at) - _aware(base)).total_seconds()
    return min(max(0, round(seconds)), _LONGEST_ASKED_SECONDS)


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def said(answer: Answer) -> str:
    """The provider's words on one line, without the addresses that it may repeat."""
    return scrubbed(f"{answer.status} {answer.content[:4000].decode('utf-8', 'replace')}")


def scrubbed(words: str) -> str:
    return _ADDRESS.sub("…", " ".join(words.split()))[:_REPLY_MAX]


def _never_connected(error: BaseException) -> bool:
    """Whether it failed before a byte of the request could leave."""
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
        return True
    return isinstance(reason, NewConnectionError | ConnectTimeoutError | SSLError)


def _said(error: BaseException) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "the API's certificate is not trusted"
    if _never_connected(error):
        return "the API was not reached"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return "the connection to the API was lost"


@dataclass(frozen=True, slots=True)
class Account:
    """What the configuration says of an account; `options` are the provider's own (docs/providers.md)."""

    key: str
    secret: str
    url: str
    options: Mapping[str, str]


def account(config: Config, *, name: str, url: str, needs: tuple[str, ...] = ()) -> Account:
    """Raises HttpSettingsError, saying what to set, where the key or a needed option is missing."""
    if not config.provider_key_value:
        raise HttpSettingsError(
            f"provider is '{name}', which needs its key: set PIPELINE_PROVIDER_KEY, or PIPELINE_PROVIDER_KEY_FILE"
        )
    for option in needs:
        if option == "secret" and not config.provider_secret_value:
            raise HttpSettingsError(
                f"provider is '{name}', which needs a second secret: set PIPELINE_PROVIDER_SECRET, or "
                "PIPELINE_PROVIDER_SECRET_FILE"
            )
        if option != "secret" and not config.provider_options.get(option):
            raise HttpSettingsError(
                f"provider is '{name}', which needs its {option}: in tipsheet.toml, under [provider_options], "
                f'{option} = "…"'
            )
    return Account(
        config.provider_key_value,
        config.provider_secret_value,
        config.provider_url or url,
        config.provider_options,
    )
