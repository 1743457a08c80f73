"""What the protocols share: reading addresses and JSON."""

from email.headerregistry import Address
from email.policy import default
from typing import Any

import orjson


def mailbox(field: str) -> tuple[str, str]:
    """(address, name) of one mailbox as a header field spells it; ('', '') for none."""
    found: tuple[Address, ...] = default.header_factory("to", field).addresses
    return (found[0].addr_spec, found[0].display_name) if found else ("", "")


def parsed(data: bytes | str) -> Any:
    """None for what is no JSON."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
