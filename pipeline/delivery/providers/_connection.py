"""Connections that ask before each piece of a request leaves, and that the kernel does not keep trying for.

Asked is on the open connection: who stands still between the question and the bytes for longer than a provider keeps
a silent connection finds it closed, and nothing arrives. A request is only complete with its last piece.
"""

import socket
from collections.abc import Callable
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", None)


class NotBegunError(Exception):
    """The request must not leave (any more)."""


class AskingAdapter(HTTPAdapter):
    """`may_send` is asked before each piece. `unacknowledged_seconds` is how long the kernel tries to bring over what
    it has been given, whatever has become of the process since (RFC 5482; Linux alone).
    """

    def __init__(self, may_send: Callable[[], bool], *, unacknowledged_seconds: float, **more: Any) -> None:
        super().__init__(**more)
        options = [] if _USER_TIMEOUT is None else [_option(_USER_TIMEOUT, unacknowledged_seconds)]
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, may_send, options),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, may_send, options),
        }


def _option(name: int, seconds: float) -> tuple[int, int, int]:
    return (socket.IPPROTO_TCP, name, int(seconds * 1000))


def _pool(
    pool: type[HTTPConnectionPool],
    connection: type[HTTPConnection],
    may_send: Callable[[], bool],
    options: list[tuple[int, int, int]],
) -> type[HTTPConnectionPool]:
    def send(self: HTTPConnection, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not may_send():
            raise NotBegunError
        connection.send(self, data)

    given = {"send": send, "default_socket_options": [*connection.default_socket_options, *options]}
    asking = type(f"Asking{connection.__name__}", (connection,), given)
    return type(f"Asking{pool.__name__}", (pool,), {"ConnectionCls": asking})
