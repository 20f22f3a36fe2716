"""A TCP proxy that stands between a client and its server, and can swallow what the server answers."""

from __future__ import annotations

import socket
import threading
from types import TracebackType


class Proxy:
    """Hands bytes on, both ways, until it is told to drop a reply.

    Args:
        target: The port of the server, on this machine.

    Attributes:
        port: The port of the proxy.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._dropped = 0
        self._word = b""
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._listener.close()
        for each in self._sockets:
            each.close()

    def drop_reply_to(self, word: bytes) -> None:
        """Swallow the next reply to a message that has a word in it, and hang up.

        The server gets the message: it does what it is told.
        """
        self._word, self._dropped = word, 0

    @property
    def dropped(self) -> int:
        """How many replies were swallowed since."""
        return self._dropped

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets += [client, server]
            doomed = threading.Event()
            for pump in (self._requests, self._replies):
                threading.Thread(target=pump, args=(client, server, doomed), daemon=True).start()

    def _requests(
        self, client: socket.socket, server: socket.socket, doomed: threading.Event
    ) -> None:
        while data := _receive(client):
            if self._word and self._word in data:
                self._word = b""
                doomed.set()
            try:
                server.sendall(data)
            except OSError:
                break
        _hang_up(client, server)

    def _replies(
        self, client: socket.socket, server: socket.socket, doomed: threading.Event
    ) -> None:
        while data := _receive(server):
            if doomed.is_set():
                self._dropped += 1
                break
            try:
                client.sendall(data)
            except OSError:
                break
        _hang_up(client, server)


def _receive(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue
