"""What has gone wrong on the way to a service, said alike for both HTTP clients."""

import socket
import ssl
from datetime import UTC, datetime
from types import ModuleType

import httpx
import httpx2
import pytest

from pickabook_desktop.net.failures import causes, kind_of, number, quoted, retry_after

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def led_by(error: Exception, *steps: Exception) -> Exception:
    """``error`` after what led to it, nearest first."""
    last: BaseException = error
    for step in steps:
        last.__cause__ = step
        last = step
    return error


@pytest.mark.parametrize("package", [httpx, httpx2])
@pytest.mark.parametrize(
    ("name", "steps", "kind"),
    [
        ("ConnectError", (), "connect"),
        ("ConnectTimeout", (TimeoutError(),), "connect"),
        ("ConnectError", (OSError("x"), ssl.SSLCertVerificationError("no")), "tls"),
        ("ConnectError", (socket.gaierror("no such name"),), "dns"),
        ("ProxyError", (), "proxy"),
        ("ReadTimeout", (TimeoutError(),), "late"),
        ("WriteTimeout", (), "late"),
        ("RemoteProtocolError", (), "broken"),
        # A connection that was trusted at first has broken off.
        ("ReadError", (ssl.SSLError("bad record"),), "broken"),
        ("TooManyRedirects", (), "garbled"),
    ],
)
def test_failures_are_told_apart(
    package: ModuleType, name: str, steps: tuple[Exception, ...], kind: str
):
    plain = led_by(getattr(package, name)("said"), *steps)
    assert kind_of(plain) == kind
    assert kind_of(led_by(RuntimeError("a package around it"), plain)) == kind


def test_a_deadline_of_ones_own_is_late_and_a_fault_is_none():
    assert kind_of(TimeoutError()) == "late"
    assert kind_of(ValueError("a fault")) is None


def test_exceptions_that_lead_to_each_other_come_to_an_end():
    one, other = ValueError(), TypeError()
    one.__context__, other.__context__ = other, one
    assert list(causes(one)) == [one, other]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Sun, 22 Nov 2026 12:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        *((nonsense, None) for nonsense in ("", "soon", "-1", "nan", "inf")),
    ],
)
def test_how_long_to_wait_is_read(text: str, seconds: float | None):
    assert retry_after({"Retry-After": text}, NOW) == seconds
    assert retry_after(httpx.Headers({"retry-after": text}), NOW) == seconds


def test_numbers_of_headers_have_units():
    assert number("1500", 0.001) == 1.5
    assert number(None) is None


def test_words_are_short_and_without_keys():
    assert quoted(" Two\n lines ") == "Two lines"
    assert "verysecret" not in quoted("It was verysecret.", ("verysecret",))
    assert len(quoted("word " * 100)) <= 240
    assert quoted("word " * 100, longest=20).endswith("…")
