"""The secrets of providers' calls, as the configuration has them, and what a person is to set at the provider."""

from functools import lru_cache

from pipeline.config import Config
from pipeline.delivery.hook_rules import HOOKS, Proof, hook_url, parsed_secrets
from pipeline.errors import TipsheetError


class HookSettingsError(TipsheetError):
    """The secrets of providers' calls cannot be read."""


def secrets_of(config: Config) -> dict[str, str]:
    """Provider → secret. Raises HookSettingsError."""
    return _secrets(config.webhook_secrets_value)


@lru_cache(maxsize=8)
def _secrets(text: str) -> dict[str, str]:
    try:
        return parsed_secrets(text)
    except ValueError as error:
        raise HookSettingsError(f"webhook_secrets cannot be used: {error}; see docs/webhooks.md") from error


def advice(config: Config, name: str) -> str:
    """What to set at the provider, once its secret is configured."""
    traits = HOOKS[name]
    url = hook_url(config.public_url, name)
    if traits.proof is Proof.SIGNATURE:
        return f"at {traits.title}, under {traits.where}: {url}"
    scheme, _, rest = url.partition("://")
    return f"at {traits.title}, under {traits.where}: {scheme}://hooks:SECRET@{rest}"
