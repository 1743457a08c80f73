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
        self._milliseconds = int(unacknowledged_seconds * 1000)
        super().__init__(**more)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, may_send),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, may_send),
        }

    def init_poolmanager(self, *sizes: Any, **given: Any) -> None:
        """Options go to the connections by this way alone: the class's own list is bound before one can change it."""
        options = [*HTTPConnection.default_socket_options]
        if _USER_TIMEOUT is not None:
            options.append((socket.IPPROTO_TCP, _USER_TIMEOUT, self._milliseconds))
        super().init_poolmanager(*sizes, socket_options=options, **given)


def _pool(
    pool: type[HTTPConnectionPool], connection: type[HTTPConnection], may_send: Callable[[], bool]
) -> type[HTTPConnectionPool]:
    def send(self: HTTPConnection, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not may_send():
            raise NotBegunError
        connection.send(self, data)

    asking = type(f"Asking{connection.__name__}", (connection,), {"send": send})
    return type(f"Asking{pool.__name__}", (pool,), {"ConnectionCls": asking})
