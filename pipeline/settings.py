"""The only translator from `pipeline.config` to Django's settings."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from pipeline.config import CHECKOUT, Config, ConfigError, load_config


def _secret_keys(path: Path) -> list[str]:
    """The keys that sign links and sessions, one a line: the first signs, older ones below it still verify.

    Made on first use, 0600, never committed.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(made, path)  # another process may have been first: its key stands
        except FileExistsError:
            pass
        finally:
            made.unlink()
    keys = path.read_text(encoding="ascii").split()
    if not keys:
        raise ConfigError(f"{path} is empty: put the key back that was in it, or links that were mailed stop working")
    return keys


def _database(config: Config) -> dict[str, Any]:
    if config.database_url:
        try:
            return dict(dj_database_url.parse(config.database_url, conn_max_age=60))
        except ValueError as error:  # its message may quote the URL, password and all
            raise ConfigError(
                "database_url is no address of a database: write it as postgres://user:password@host/name, with "
                "signs such as @, : and / in the password as %40, %3A and %2F; see docs/configuration.md"
            ) from error
    config.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(config.var / "tipsheet.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # The ledger's promise needs a commit to be on the disk when it returns.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
        },
    }


CONFIG = load_config()
_public = urlsplit(CONFIG.public_url)
_is_https = _public.scheme == "https"

SECRET_KEY, *SECRET_KEY_FALLBACKS = _secret_keys(CONFIG.secret_key_file or CONFIG.var / "secret_key")
DEBUG = False
# Links never come from the Host header (they come from public_url), but a foreign Host is refused all the same.
ALLOWED_HOSTS = [_public.hostname or "localhost", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "pipeline.audit",
    "pipeline.audience",
    "pipeline.editorial",
    "pipeline.delivery",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pipeline.web.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "pipeline.web.urls"
WSGI_APPLICATION = "pipeline.web.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CONFIG.templates],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {"default": _database(CONFIG)}
CACHES = {
    # On disk, so that every web process counts the same failed logins.
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(CONFIG.var / "cache")}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # a form, or a provider's call with some thousand events

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [CHECKOUT / "pipeline" / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# The cookies' prefix and Secure follow the public URL's scheme: http is for loopback only.
SESSION_COOKIE_NAME = "__Host-session" if _is_https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _is_https else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "pipeline.web.trouble.untrusted_form"
X_FRAME_OPTIONS = "SAMEORIGIN"
LOGIN_URL = "/studio/login/"
LOGIN_REDIRECT_URL = "/studio/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "pipeline": {"handlers": ["stderr"], "level": "WARNING", "propagate": True},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
