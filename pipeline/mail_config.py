"""The part of the configuration that mail is sent and heard of by: SMTP servers, bounces. `config.py` adds the rest."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

_BOUNCE_LOCAL_MAX = 31  # 64 less the token that replaces its place (RFC 5321 §4.5.3.1.1)


class SmtpServerConfig(BaseModel):
    """One of several SMTP servers: `[[smtp_servers]]` in tipsheet.toml, or an object in the variable's JSON list. What
    is left out is as `smtp_…` says; `weight` is its share of the mail.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    user: str = ""
    password_file: Path | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    connections: int = Field(default=4, ge=1, le=50)
    weight: int = Field(default=1, ge=1, le=1000)
    messages_per_minute: int = Field(default=0, ge=0)


class MailConfig(BaseSettings):
    """Fields of the configuration."""

    smtp_host: str = Field(default="localhost", description="The SMTP server's name.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The SMTP server's TCP port.")
    smtp_user: str = Field(default="", description="The SMTP account's name; empty for a server without login.")
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="The SMTP account's password. From the environment only."
    )
    smtp_password_file: Path | None = Field(
        default=None, description="A file that holds the SMTP password, in place of the environment variable."
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`starttls` (port 587), `tls` (port 465), or `none` (a server on this machine alone).",
    )
    smtp_timeout_seconds: int = Field(
        default=660,
        ge=600,
        le=3600,
        description="How long to wait for an SMTP reply, in seconds: ten minutes at least, which a server may take "
        "after the end of a mail.",
    )
    smtp_connections: int = Field(
        default=4, ge=1, le=50, description="Connections to the SMTP server that send at once."
    )
    smtp_messages_per_minute: int = Field(
        default=0, ge=0, description="The most that the SMTP server is given in a minute. 0: as many as it takes."
    )
    smtp_unicode_mailboxes: bool = Field(
        default=False,
        description="Whether every SMTP server delivers to mailboxes with letters outside ASCII (SMTPUTF8), so that "
        "they may subscribe.",
    )
    smtp_servers: list[SmtpServerConfig] = Field(
        default_factory=list,
        description="Several SMTP servers in place of the one above, as `[[smtp_servers]]` tables: host, port, user, "
        "password_file, security, connections, weight (its share of the mail), messages_per_minute. A server without a "
        "password_file has `smtp_password`.",
    )
    warm_up_from: date | None = Field(
        default=None,
        description="The first day of a new sending domain (2026-12-01): from then on each receiving domain gets so "
        "many mails of issues a day, in UTC, as `warm_up_caps` says; the rest waits for the next day. Empty: no "
        "warm-up.",
    )
    warm_up_caps: list[Annotated[int, Field(ge=1)]] = Field(
        default=[50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 102_400],
        min_length=1,
        description="How many mails a day each receiving domain gets on the first, second … day of the warm-up; after "
        "the last of them as many as there are.",
    )
    bounce_address: str = Field(
        default="",
        description="Where bounces of mail over SMTP go, with `{token}` where the delivery is named: "
        "`bounces+{token}@news.example`. Empty: to the newsletter's sender, and nobody reads them here.",
    )
    bounce_mailbox: str = Field(
        default="",
        description="Where these bounces lie: a maildir's folder, or `imaps://account@host/INBOX`. It is read every "
        "five minutes. Empty: nowhere.",
    )
    bounce_mailbox_password: SecretStr = Field(
        default=SecretStr(""), description="The password of the IMAP account. From the environment only."
    )
    bounce_mailbox_password_file: Path | None = Field(
        default=None, description="A file that holds that password, in place of the environment variable."
    )
    soft_bounce_limit: int = Field(
        default=3,
        ge=1,
        le=100,
        description="After so many mails of a reader that bounced softly, as from a full mailbox, they are not mailed "
        "any more.",
    )
    soft_bounce_days: int = Field(
        default=30, ge=1, le=365, description="Within how many days these soft bounces must lie."
    )

    @field_validator("bounce_address")
    @classmethod
    def _bounce_address(cls, value: str) -> str:
        local, at, domain = value.partition("@")
        has_room = len(local) <= _BOUNCE_LOCAL_MAX and local.count("{token}") == 1
        if not value or (at and domain and has_room and value.isascii() and not set(value) & set(' <>,;"\r\n')):
            return value
        raise ValueError(
            f"must have {{token}} before the @ and at most {_BOUNCE_LOCAL_MAX} characters there, as in "
            "bounces+{token}@news.example"
        )
