"""The only door to mail. A provider is one module in this folder with a class `Provider` (its seams: base.py) that a
classmethod `from_config` makes; it is found by itself and goes by its module's name. Modules whose name begins with
an underscore are what several providers share.
"""

import importlib
import pkgutil
from types import ModuleType

from pipeline.config import Config
from pipeline.delivery.providers.base import BatchProvider, DeliveryProvider, ProviderTraits
from pipeline.errors import TipsheetError

_NO_PROVIDERS = {"base"}


class ProviderError(TipsheetError):
    """The configured provider does not exist, or cannot work as it is configured."""


def available() -> list[str]:
    """The names that `provider` in the configuration can take."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if name not in _NO_PROVIDERS and not name.startswith("_"))


def _module(name: str) -> ModuleType:
    names = available()
    if name not in names:
        raise ProviderError(f"There is no provider '{name}': set provider to one of {', '.join(names)}")
    return importlib.import_module(f"{__name__}.{name}")


def load(config: Config) -> DeliveryProvider | BatchProvider:
    """The provider that the configuration names, ready to send. Raises ProviderError."""
    provider: DeliveryProvider | BatchProvider = _module(config.provider).Provider.from_config(config)
    return provider


def traits(name: str) -> ProviderTraits:
    """What the provider promises, and its limits, whether or not there is an account. Raises ProviderError."""
    module = _module(name)
    found: ProviderTraits = getattr(module, "TRAITS", None) or module.Provider.traits
    return found
