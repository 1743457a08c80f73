"""One typed configuration: defaults < `tipsheet.toml` in the workspace < environment (`PIPELINE_…`).

Every field has a description with its unit; `docs/configuration.md` is generated from them. What marketing decides
(schedule, sender, brand) is rows in the database, not configuration. Secrets come from the environment alone, or
from a file that the environment names.
"""

import os
import re
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipeline.errors import TipsheetError
from pipeline.mail_config import MailConfig

CHECKOUT = Path(__file__).resolve().parent.parent
CONFIG_FILE = "tipsheet.toml"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
ENV_PREFIX = "PIPELINE_"
_USERINFO = re.compile(r"(://[^/?#:]*):[^/?#]+@")  # a name and a password before a host
REFERENCE_OPENING = f"""# Configuration

Made from `pipeline/config.py` by `python docs/generate.py`; change it there.

Each setting has a default. A line in `{CONFIG_FILE}` in the workspace replaces it
(`public_url = "https://newsletter.example"`), and an environment variable replaces both (`{ENV_PREFIX}PUBLIC_URL=…`).
Secrets are read from the environment or from a file that it names. What marketing decides (schedule, sender, brand)
is not configuration: it is in the database.

| setting | environment | default | what it is |
|---|---|---|---|
"""


class ConfigError(TipsheetError):
    """The configuration cannot be read, or says something impossible."""


class _FileWithoutSecrets(TomlConfigSettingsSource):
    """`tipsheet.toml`, which is backed up and mailed around, and so may hold no secret."""

    def __call__(self) -> dict[str, Any]:
        values = super().__call__()
        for name in values:
            field = self.settings_cls.model_fields.get(name)
            if field is not None and field.annotation is SecretStr:
                raise _secret_in_file(f"the secret {name}", name, or_file=True)
        if _USERINFO.search(str(values.get("database_url", ""))):
            raise _secret_in_file("a password, in database_url", "database_url", or_file=False)
        return values


def _secret_in_file(what: str, name: str, *, or_file: bool) -> ConfigError:
    variable = f"{ENV_PREFIX}{name.upper()}"
    other = f" or, for a file of its own, {variable}_FILE" if or_file else ""
    return ConfigError(f"{CONFIG_FILE} holds {what}. Take it out, and set the environment variable {variable}{other}.")


class Config(MailConfig):
    """The configuration of one workspace; frozen once read."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default=CHECKOUT, description="The workspace: the folder that holds tips/, output/ and var/.")
    database_url: str = Field(
        default="",
        description="Where the database is, as a URL (postgres://user:password@host/name; one with a password from the "
        "environment only). Empty: SQLite in var/tipsheet.sqlite3.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="The address that readers reach this installation at; links in mails and feeds start with it.",
    )
    host: str = Field(default="127.0.0.1", description="The address that `serve` listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="The TCP port that `serve` listens on.")
    web_workers: int = Field(default=1, ge=1, le=64, description="Processes that answer web requests under `serve`.")
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="IP addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas.",
    )
    provider: str = Field(
        default="outbox",
        description="Who takes the mail: `outbox` writes .eml files to var/outbox/, `smtp` hands over to a server, and "
        "the others are named in docs/providers.md.",
    )
    provider_key: SecretStr = Field(
        default=SecretStr(""),
        description="The key of the provider's API (SES: the access key's id). From the environment only.",
    )
    provider_key_file: Path | None = Field(
        default=None, description="A file that holds the provider's key, in place of the environment variable."
    )
    provider_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The second secret of a provider that has two (SES, Mailjet). From the environment only.",
    )
    provider_secret_file: Path | None = Field(
        default=None, description="A file that holds the provider's second secret."
    )
    provider_url: str = Field(
        default="",
        description="The base URL of the provider's API where it is not the usual one (a region's). Empty: the usual.",
    )
    provider_options: dict[str, str] = Field(
        default_factory=dict,
        description="What one provider alone wants to know (docs/providers.md): a table in tipsheet.toml, or JSON in "
        "the environment.",
    )
    provider_connections: int = Field(
        default=4,
        ge=1,
        le=32,
        description="How many calls to a provider with a native batch may be on their way at once; one that limits the "
        "calls a second is called one after the other.",
    )
    in_doubt: Literal["hold", "send_again"] = Field(
        default="hold",
        description="What becomes of mail in doubt that the provider cannot tell of: `hold` waits for a person; "
        "`send_again` sends it once more, and a reader may get it twice.",
    )
    webhook_secrets: SecretStr = Field(
        default=SecretStr(""),
        description="What the calls of providers are believed by, as `name=secret` pairs apart by white space "
        "(`mailgun=… postmark=…`; docs/webhooks.md). A provider without one is not heard. From the environment only.",
    )
    webhook_secrets_file: Path | None = Field(
        default=None, description="A file that holds these pairs, one a line, in place of the environment variable."
    )
    websub_hub: str = Field(
        default="",
        description="The WebSub hub that feeds name and that is told of changes, as a URL. Empty: none.",
    )
    rewriter_url: str = Field(
        default="",
        description="The base URL of a chat service that speaks the OpenAI protocol and may propose smoother wording "
        "for a tip (`https://host/v1`); called directly, without a proxy. Empty: there is no rewriter.",
    )
    rewriter_model: str = Field(default="", description="The model that the rewriter is asked for.")
    rewriter_key: SecretStr = Field(
        default=SecretStr(""),
        description="The rewriter's API key; empty for a service without. From the environment only.",
    )
    rewriter_key_file: Path | None = Field(
        default=None, description="A file that holds the rewriter's key, in place of the environment variable."
    )
    rewriter_timeout_seconds: int = Field(
        default=20, ge=1, le=120, description="How long the rewriter may take for its whole answer, in seconds."
    )
    alert_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The secret that calls of alert webhooks are signed with; without one none is called. From the "
        "environment only.",
    )
    alert_secret_file: Path | None = Field(
        default=None, description="A file that holds the alerts' secret, in place of the environment variable."
    )
    alert_webhook_loopback: bool = Field(
        default=False, description="Whether an alert webhook may be on this very machine (127.0.0.1, ::1, localhost)."
    )
    catch_up_hours: int = Field(
        default=6, ge=0, le=168, description="How late, in hours, a missed slot is still sent; later it is held."
    )
    lease_seconds: int = Field(
        default=900, ge=60, le=86400, description="How long, in seconds, a claimed batch belongs to its worker."
    )
    tick_seconds: int = Field(default=5, ge=1, le=300, description="How often, in seconds, the ticks look for work.")
    confirmation_days: int = Field(default=7, ge=1, le=60, description="How long, in days, a confirmation link works.")
    secret_key_file: Path | None = Field(
        default=None,
        description="The file with the secret key that signs links. Empty: var/secret_key, made on first use.",
    )

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        if value and not value.startswith(("postgres://", "postgresql://")):
            raise ValueError("must start with postgres://, or be empty for SQLite in var/")
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _trusted_proxies(cls, value: object) -> object:
        listed = value.split(",") if isinstance(value, str) else value
        if not isinstance(listed, list):
            return value  # pydantic says what is wrong with it
        return [str(ip_address(str(each).strip())) for each in listed if str(each).strip()]

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        return _safe_url(value)

    @field_validator("provider_url")
    @classmethod
    def _provider_url(cls, value: str) -> str:
        return _safe_url(value) if value else ""

    @field_validator("rewriter_url")
    @classmethod
    def _rewriter_url(cls, value: str) -> str:
        return _safe_url(value) if value else ""

    @model_validator(mode="after")
    def _rewriter_has_a_model(self) -> "Config":
        if self.rewriter_url and not self.rewriter_model.strip():
            raise ValueError("rewriter_url is set, and rewriter_model is not: name the model to ask for")
        return self

    @field_validator("websub_hub")
    @classmethod
    def _websub_hub(cls, value: str) -> str:
        url = urlsplit(value)
        is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK_HOSTS)
        if not value or (is_safe and url.hostname and value.isascii() and not (url.username or url.fragment)):
            return value
        raise ValueError("must be an https:// address (http:// only for 127.0.0.1 and localhost), or empty")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = Path(os.environ.get(f"{ENV_PREFIX}HOME") or CHECKOUT)
        return init_settings, env_settings, _FileWithoutSecrets(settings_cls, toml_file=home / CONFIG_FILE)

    @cached_property
    def smtp_secret(self) -> str:
        """The SMTP password, from the environment or from the file that is named there."""
        return _secret("smtp_password_file", self.smtp_password_file, self.smtp_password)

    @cached_property
    def webhook_secrets_value(self) -> str:
        """The secrets of providers' calls, from the environment or from the file that is named there."""
        return _secret("webhook_secrets_file", self.webhook_secrets_file, self.webhook_secrets)

    @cached_property
    def provider_key_value(self) -> str:
        """The provider's key, from the environment or from the file that is named there."""
        return _secret("provider_key_file", self.provider_key_file, self.provider_key)

    @cached_property
    def provider_secret_value(self) -> str:
        """The provider's second secret, from the environment or from the file that is named there."""
        return _secret("provider_secret_file", self.provider_secret_file, self.provider_secret)

    @cached_property
    def alerts_key(self) -> str:
        """The secret that alert webhooks are signed with, from the environment or from the file that is named there."""
        return _secret("alert_secret_file", self.alert_secret_file, self.alert_secret)

    @cached_property
    def bounce_mailbox_secret(self) -> str:
        """The bounce mailbox's password, from the environment or from the file that is named there."""
        return _secret("bounce_mailbox_password_file", self.bounce_mailbox_password_file, self.bounce_mailbox_password)

    @cached_property
    def rewriter_secret(self) -> str:
        """The rewriter's key, from the environment or from the file that is named there."""
        return _secret("rewriter_key_file", self.rewriter_key_file, self.rewriter_key)

    @cached_property
    def var(self) -> Path:
        """Everything private: the database, the secret key, the outbox."""
        return self.home / "var"

    @cached_property
    def tips(self) -> Path:
        """The in-tray: read, never written, by the pipeline."""
        return self.home / "tips"

    @cached_property
    def output(self) -> Path:
        """What the world reads."""
        return self.home / "output"

    @cached_property
    def templates(self) -> Path:
        """Designs and pages; a workspace has its own only if it wants to."""
        own = self.home / "templates"
        return own if own.is_dir() else CHECKOUT / "templates"


def _safe_url(value: str) -> str:
    value = value.rstrip("/")
    url = urlsplit(value)
    is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK_HOSTS)
    if is_safe and url.hostname and not (url.username or url.query or url.fragment):
        return value
    raise ValueError("must start with https:// and a host (http:// only for 127.0.0.1 and localhost)")


def _secret(name: str, file: Path | None, value: SecretStr) -> str:
    if file is None:
        return value.get_secret_value()
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name} {file} cannot be read: {error}") from error


def secret_in(name: str, file: Path | None, otherwise: str) -> str:
    """What the file holds, or `otherwise` where none is named. Raises ConfigError."""
    return _secret(name, file, SecretStr(otherwise))


def load_config() -> Config:
    """The configuration of the workspace that PIPELINE_HOME names (the checkout without it).

    Raises ConfigError with one line for each field that is wrong, naming where it was set.
    """
    home = Path(os.environ.get(f"{ENV_PREFIX}HOME") or CHECKOUT).expanduser().resolve()
    try:
        return Config(home=home)
    except ValidationError as error:
        raise ConfigError("; ".join(_explain(item, home) for item in error.errors())) from error
    except ValueError as error:  # TOML that does not parse
        raise ConfigError(f"{home / CONFIG_FILE} cannot be read: {error}") from error


def _explain(item: Any, home: Path) -> str:
    if not item["loc"]:  # two settings that do not go together; the input is the whole configuration
        return f"{item['msg'].removeprefix('Value error, ')}; see docs/configuration.md"
    name = str(item["loc"][0])
    env_name = f"{ENV_PREFIX}{name.upper()}"
    place = f"the environment variable {env_name}" if env_name in os.environ else f"{home / CONFIG_FILE}"
    if item["type"] == "extra_forbidden":
        return f"{place}: there is no setting '{name}'; docs/configuration.md lists them all"
    shown = _USERINFO.sub(r"\1:…@", repr(item["input"]))
    return f"{place}: {name} = {shown}: {item['msg'].removeprefix('Value error, ')}; see docs/configuration.md"


def reference_page() -> str:
    """`docs/configuration.md`, made from the fields above; a test holds the committed page to it."""
    rows = [
        f"| `{name}` | `{ENV_PREFIX}{name.upper()}` | {_shown_default(name, field)} | {field.description} |"
        for name, field in Config.model_fields.items()
    ]
    return REFERENCE_OPENING + "\n".join(rows) + "\n"


def _shown_default(name: str, field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if name == "home":
        return "the checkout"
    if isinstance(value, SecretStr) or value in ("", None, [], {}):
        return "(empty)"
    return f"`{value}`"
