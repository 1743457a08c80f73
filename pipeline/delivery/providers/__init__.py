"""The only door to mail. A provider is one module in this folder with a class `Provider` (its seams: base.py) that a
classmethod `from_config` makes; it is found by itself and goes by its module's name. Modules whose name begins with
an underscore are what several providers share. What django-anymail knows beyond these goes through `_anymail.py`.
"""

import importlib
import pkgutil
from types import ModuleType

from pipeline.config import Config
from pipeline.delivery.providers import _anymail_cases
from pipeline.delivery.providers._several import Several
from pipeline.delivery.providers.base import BatchProvider, DeliveryProvider, ProviderTraits
from pipeline.errors import TipsheetError

_NO_PROVIDERS = {"base"}


class ProviderError(TipsheetError):
    """The configured provider does not exist, or cannot work as it is configured."""


def available() -> list[str]:
    """The names that `provider` in the configuration can take."""
    return sorted({*own(), *_anymail_cases.CASES})


def own() -> list[str]:
    """Those that have an adapter of their own."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if name not in _NO_PROVIDERS and not name.startswith("_"))


def _module(name: str) -> ModuleType:
    names = available()
    if name not in names:
        raise ProviderError(f"There is no provider '{name}': set provider to one of {', '.join(names)}")
    return importlib.import_module(f"{__name__}.{name}")


def load(config: Config) -> DeliveryProvider | BatchProvider:
    """The provider that the configuration names, ready to send. Raises ProviderError."""
    if config.provider in _anymail_cases.CASES:
        made: DeliveryProvider = importlib.import_module(f"{__name__}._anymail").Provider.named(config.provider, config)
        return made
    module = _module(config.provider)
    provider: DeliveryProvider | BatchProvider = module.Provider.from_config(config)
    if not isinstance(provider, BatchProvider):
        return provider
    is_paced = provider.traits.calls_per_second or provider.traits.keeps_list
    wanted = 1 if is_paced else config.provider_connections
    if wanted == 1:
        return provider
    return Several(provider, *(module.Provider.from_config(config) for _ in range(wanted - 1)))


def traits(name: str) -> ProviderTraits:
    """What the provider promises, and its limits, whether or not there is an account. Raises ProviderError."""
    if name in _anymail_cases.CASES:
        return _anymail_cases.traits(name)
    module = _module(name)
    found: ProviderTraits = getattr(module, "TRAITS", None) or module.Provider.traits
    return found
