"""A small HTTP/1.1 server on a real socket, which can misbehave in every way that matters.

A service's fake gives it a function from :class:`Exchange` to :class:`Answer`; a test may put
answers before that with :meth:`WireServer.say`. Nothing here knows a service.
"""

import contextlib
import json
import re
import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import parse_qs, unquote, urlsplit

POLL = 0.01
REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(eq=False)
class Exchange:
    """One request as it came, and what became of it.

    ``headers`` have names in lower case. ``path`` is unquoted and without ``query``; ``target`` is
    both as they were sent. ``closed_by_client`` is set when the client hung up before the answer
    was complete, ``finished`` when the server is done with it either way.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    closed_by_client: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> "tuple[Part, ...]":
        """The parts of a ``multipart/form-data`` body; raise ValueError for anything else."""
        return parts_of(self.headers.get("content-type", ""), self.body)


@dataclass(frozen=True)
class Part:
    """One part of a multipart form; ``file_name`` is None for a plain field."""

    name: str
    data: bytes
    file_name: str | None = None
    content_type: str = ""

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server says, and how badly.

    ``delay`` seconds pass before the first byte. ``hang_before`` and ``hang_after`` (that many
    bytes of the body) hold the answer back until :meth:`WireServer.release`, or until the client
    closes the connection. ``drip`` sends the body in pieces of so many bytes with so many seconds
    between. ``truncate_after`` closes the connection after that many bytes of the body, though more
    are announced. ``close`` says nothing at all. ``reset`` with it closes with a TCP reset.
    ``raw`` is sent instead of an HTTP answer.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hang_before: bool = False
    hang_after: int | None = None
    drip: tuple[int, float] | None = None
    truncate_after: int | None = None
    close: bool = False
    reset: bool = False
    raw: bytes | None = None

    @classmethod
    def of_json(cls, content: object, status: int = 200, **more: Any) -> Self:
        return cls(status=status, body=json.dumps(content).encode(), **more)


class WireServer:
    """Serves on 127.0.0.1 while it is entered; all its threads have ended when it is left.

    With ``tls`` it speaks HTTPS with a certificate for ``localhost`` and ``127.0.0.1`` that is
    made on the spot; ``ca_pem`` is what a client must trust.
    """

    def __init__(self, answer: Callable[[Exchange], Answer], *, tls: bool = False) -> None:
        self._answer = answer
        self._tls, self.ca_pem = _certified() if tls else (None, b"")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._released = threading.Event()
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._sockets: set[socket.socket] = set()
        self._said: deque[Answer] = deque()
        self.exchanges: list[Exchange] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def say(self, *answers: Answer) -> None:
        """Answer the next requests with these, in order, whatever they ask."""
        with self._changed:
            self._said.extend(answers)

    def release(self) -> None:
        """Let every answer that hangs go on."""
        self._released.set()

    def wait_for(self, count: int, seconds: float = 10.0) -> list[Exchange]:
        """The exchanges once so many requests have arrived; fails the test when they do not."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.exchanges) >= count, seconds)
            assert arrived, f"{len(self.exchanges)} of {count} requests arrived"
            return list(self.exchanges)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._released.set()
        # A listener that is only closed would leave accept() waiting.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with self._changed:
            open_now = list(self._sockets)
        for each in open_now:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name="wire-server")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        self._listener.settimeout(0.2)  # where shutting a listener down does not wake it
        while not self._stopping.is_set():
            try:
                connection, _address = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            connection.settimeout(None)
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with self._changed:
            self._sockets.add(connection)
        talking = connection
        try:
            if self._tls:
                talking = self._tls.wrap_socket(connection, server_side=True)
                with self._changed:
                    self._sockets.add(talking)
            with talking.makefile("rb") as reader:
                while self._one(talking, reader):
                    pass
        except (OSError, ValueError):  # the client hung up, refused the certificate or was cut off
            pass
        finally:
            with self._changed:
                self._sockets -= {connection, talking}
            talking.close()
            connection.close()

    def _one(self, connection: socket.socket, reader: BinaryIO) -> bool:
        """Serve one request; whether another may follow on this connection."""
        exchange = _read(connection, reader)
        if exchange is None:
            return False
        with self._changed:
            self.exchanges.append(exchange)
            said = self._said.popleft() if self._said else None
            self._changed.notify_all()
        try:
            answer = said or self._answer(exchange)
            return self._send(connection, exchange, answer)
        except OSError:
            exchange.closed_by_client.set()
            raise
        finally:
            exchange.finished.set()

    def _send(self, connection: socket.socket, exchange: Exchange, answer: Answer) -> bool:
        if answer.delay and not self._wait(connection, exchange, answer.delay):
            return False
        if answer.hang_before and not self._wait(connection, exchange, None):
            return False
        if answer.close:
            if answer.reset:
                linger = b"\x01\0\0\0\0\0\0\0"  # on, for 0 seconds: a reset instead of a farewell
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return False
        if answer.raw is not None:
            connection.sendall(answer.raw)
            return False
        connection.sendall(_head(answer))
        if exchange.method == "HEAD":
            return True
        return self._send_body(connection, exchange, answer)

    def _send_body(self, connection: socket.socket, exchange: Exchange, answer: Answer) -> bool:
        body = answer.body
        if answer.truncate_after is not None:
            connection.sendall(body[: answer.truncate_after])
            return False
        if answer.hang_after is not None:
            connection.sendall(body[: answer.hang_after])
            body = body[answer.hang_after :]
            if not self._wait(connection, exchange, None):
                return False
        size, pause = answer.drip or (len(body) or 1, 0.0)
        for start in range(0, len(body), size):
            connection.sendall(body[start : start + size])
            if pause and not self._wait(connection, exchange, pause):
                return False
        return True

    def _wait(self, connection: socket.socket, exchange: Exchange, seconds: float | None) -> bool:
        """Wait for the time, or for :meth:`release` where there is none; false once the client has
        closed the connection or the server stops.
        """
        end = None if seconds is None else monotonic() + seconds
        while not self._stopping.is_set():
            left = POLL if end is None else min(POLL, end - monotonic())
            if left <= 0 or (end is None and self._released.is_set()):
                return True
            if select.select([connection], [], [], left)[0] and _hung_up(connection):
                exchange.closed_by_client.set()
                return False
        return False


def parts_of(content_type: str, body: bytes) -> tuple[Part, ...]:
    """Split a ``multipart/form-data`` body; raise ValueError for what is none (RFC 7578)."""
    found = re.match(r'multipart/form-data;.*?boundary="?([^";]+)"?', content_type, re.IGNORECASE)
    if found is None:
        raise ValueError(f"not a form: {content_type!r}")
    mark = b"--" + found[1].encode()
    first, *middle, last = (b"\r\n" + body).split(b"\r\n" + mark)
    if first.strip() or not last.startswith(b"--"):
        raise ValueError("a form without its boundaries")
    return tuple(_part(piece) for piece in middle)


def _part(piece: bytes) -> Part:
    head, blank, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = _headers(head.decode().split("\r\n"))
    disposition = headers.get("content-disposition", "")
    name = re.search(r'(?<!file)name="([^"]*)"', disposition)
    if not blank or not disposition.startswith("form-data") or name is None:
        raise ValueError(f"a part without a name: {disposition!r}")
    file_name = re.search(r'filename="([^"]*)"', disposition)
    return Part(
        name=name[1],
        data=data,
        file_name=file_name[1] if file_name else None,
        content_type=headers.get("content-type", ""),
    )


def _headers(lines: list[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _read(connection: socket.socket, reader: BinaryIO) -> Exchange | None:
    """The next request; None where the client has closed the connection instead."""
    line = reader.readline(65536).decode("latin-1").strip()
    if not line:
        return None
    method, target, _version = line.split(" ")
    lines: list[str] = []
    while text := reader.readline(65536).decode("latin-1").rstrip("\r\n"):
        lines.append(text)
    headers = _headers(lines)
    if headers.get("expect", "").lower() == "100-continue":
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    return Exchange(method=method, target=target, headers=headers, body=_body(reader, headers))


def _body(reader: BinaryIO, headers: dict[str, str]) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", ""):
        return reader.read(int(headers.get("content-length", "0")))
    body = b""
    while size := int(reader.readline().split(b";")[0], 16):
        body += reader.read(size)
        reader.readline()
    while reader.readline().strip():
        pass
    return body


def _head(answer: Answer) -> bytes:
    headers = {
        "Content-Type": answer.content_type,
        "Content-Length": str(len(answer.body)),
        **answer.headers,
    }
    lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _hung_up(connection: socket.socket) -> bool:
    """Whether a readable connection has nothing to read but its end."""
    try:
        if not isinstance(connection, ssl.SSLSocket):
            return not connection.recv(1, socket.MSG_PEEK)
        connection.setblocking(False)
        return not connection.recv(1)
    except (ssl.SSLWantReadError, BlockingIOError):
        return False
    except OSError:
        return True
    finally:
        with contextlib.suppress(OSError):
            connection.setblocking(True)


def _certified() -> tuple[ssl.SSLContext, bytes]:
    """A TLS context with a certificate of its own, and the authority that vouches for it."""
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context, authority.cert_pem.bytes()
